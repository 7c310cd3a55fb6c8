//! Collections and static codes, paid by a simulated payer.

use crate::support::Folder;
use serde_json::Value;

const CREATE: [&str; 7] = ["collection", "create", "C1", "--amount", "100.00", "--terminal", "T1"];

#[test]
fn a_collection_is_shown_paid_and_found_paid() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let made = folder.run(&[&CREATE[..], &["--svg", "c1.svg", "--json"]].concat());
    assert_eq!(made.exit, 0, "{}", made.err);
    let made = made.json();
    assert_eq!(
        (&made["schema"], &made["status"]),
        (&"tulay.collection/1".into(), &"pending".into())
    );
    assert_eq!(made["pay_by"]["kind"], "qr");
    assert!(folder.read("c1.svg").starts_with("<svg"));
    let code = made["pay_by"]["text"].as_str().unwrap();
    assert_eq!(folder.run(&["qr", "decode", code]).exit, 0);

    let waiting = folder.run(&["collection", "get", "C1", "--json"]);
    assert_eq!((waiting.exit, waiting.json()["status"].as_str()), (6, Some("pending")));
    let again = folder.run(&[&CREATE[..], &["--json"]].concat());
    assert_eq!(again.exit, 0, "{}", again.err);
    assert_eq!(again.json()["provider_reference"], made["provider_reference"]);

    let paid = folder.run(&["sandbox", "pay", code, "--at", &sandbox.origin]);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let got = folder.run(&["collection", "get", "C1", "--json"]);
    assert_eq!((got.exit, got.json()["status"].as_str()), (0, Some("paid")), "{}", got.err);
    assert_eq!(got.json()["amount"]["amount"], "100.00");
    let late = folder.run(&["collection", "cancel", "C1", "--json"]);
    assert_eq!((late.exit, &late.error()["kind"]), (1, &Value::from("state")), "{}", late.err);
}

#[test]
fn what_is_withdrawn_cannot_be_paid() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let drawn = folder.run(&CREATE);
    assert_eq!(drawn.exit, 0, "{}", drawn.err);
    assert!(drawn.out.contains("▄▄▄▄▄") && drawn.out.contains("PHP 100.00"), "{}", drawn.out);
    let closed = folder.run(&["collection", "cancel", "C1", "--json"]);
    assert_eq!((closed.exit, closed.json()["status"].as_str()), (0, Some("closed")));
    let code = drawn.out.lines().find(|line| line.starts_with("000201")).unwrap().to_owned();
    let refused = folder.run(&["sandbox", "pay", &code]);
    assert_ne!(refused.exit, 0);
}

#[test]
fn nobody_knows_a_collection_that_was_not_made() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let ended = folder.run(&["collection", "get", "C9", "--json"]);
    assert_eq!((ended.exit, ended.error()["code"].as_str()), (3, Some("not_found")));
    let ended = folder.run(&["collection", "create", "C1", "--amount", "0", "--json"]);
    assert_eq!(ended.exit, 2, "{}", ended.err);
}

#[test]
fn a_static_code_is_made_paid_and_disabled() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let made = folder.run(&[
        "static-code",
        "create",
        "S1",
        "--terminal",
        "T1",
        "--display-name",
        "Shop",
        "--json",
    ]);
    assert_eq!(made.exit, 0, "{}", made.err);
    let made = made.json();
    assert_eq!(made["status"], "active", "{made}");
    let code = made["pay_by"]["text"].as_str().unwrap();
    for amount in ["10.00", "20.00"] {
        let paid =
            folder.run(&["sandbox", "pay", code, "--amount", amount, "--at", &sandbox.origin]);
        assert_eq!(paid.exit, 0, "{}", paid.err);
    }
    let disabled = folder.run(&["static-code", "disable", "S1", "--terminal", "T1", "--json"]);
    assert_eq!(
        (disabled.exit, disabled.json()["status"].as_str()),
        (0, Some("inactive")),
        "{}",
        disabled.err
    );
}

#[test]
fn a_picture_that_is_there_already_stops_it_before_anything_is_made() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    folder.write("c1.svg", "mine");
    let refused = folder.run(&[&CREATE[..], &["--svg", "c1.svg", "--json"]].concat());
    assert_eq!((refused.exit, refused.out.as_str()), (2, ""), "{}", refused.err);
    assert!(refused.err.contains("nothing was sent"), "{}", refused.err);
    assert_eq!(folder.read("c1.svg"), "mine");
    assert_eq!(folder.run(&["collection", "get", "C1", "--json"]).exit, 3);
}

#[test]
fn a_collection_stays_one_when_another_provider_is_preferred() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let provider = |ended: &Value| ended["provider"].as_str().unwrap().to_owned();
    let first = folder.run(&[&CREATE[..], &["--json"]].concat()).json();
    let other = if provider(&first) == "starpay" { "regional" } else { "starpay" };
    let again = folder.run(&[&CREATE[..], &["--provider", other, "--json"]].concat()).json();
    assert_eq!(provider(&again), provider(&first));
    assert_eq!(again["provider_reference"], first["provider_reference"]);

    let more = ["collection", "create", "C1", "--amount", "100.01", "--terminal", "T1", "--json"];
    let refused = folder.run(&more);
    assert_eq!(refused.exit, 2, "{}", refused.err);
    assert!(refused.err.contains("another amount"), "{}", refused.err);
}
