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
    assert_eq!(made["payment_instructions"]["kind"], "qr");
    assert!(folder.read("c1.svg").starts_with("<svg"));
    let code = made["payment_instructions"]["text"].as_str().unwrap();
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
fn a_payment_is_compared_with_what_was_asked() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    assert_eq!(folder.run(&CREATE).exit, 0);
    let get = |amount: &str, form: &str| {
        folder.run(&["collection", "get", "C1", "--amount", amount, "--output", form])
    };
    let unpaid = get("100.00", "json");
    assert_eq!((unpaid.exit, unpaid.json()["paid"].is_null()), (6, true), "{}", unpaid.err);
    assert_eq!(folder.run(&["sandbox", "pay", "C1", "--at", &sandbox.origin]).exit, 0);
    for (asked, exit, status, difference) in [
        ("100.00", 0, "paid", "0.00"),
        ("100.01", 6, "underpaid", "-0.01"),
        ("2000", 6, "underpaid", "-1900.00"),
        ("99.5", 0, "paid", "0.50"),
    ] {
        let got = get(asked, "json");
        let json = got.json();
        assert_eq!((got.exit, json["status"].as_str()), (exit, Some(status)), "{asked}");
        assert_eq!(json["difference"]["amount"], difference, "{asked}");
        assert_eq!(json["paid"]["amount"], "100.00", "{asked}");
    }
    assert!(get("200.00", "table").out.contains("paid PHP 100.00 of PHP 200.00"));
    assert_eq!(get("1,00", "json").exit, 2);
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
fn a_collection_that_was_not_made_is_not_found() {
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
    let code = made["payment_instructions"]["text"].as_str().unwrap();
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
    let first = folder.run(&[&CREATE[..], &["--provider", "starpay", "--json"]].concat()).json();
    let again = folder.run(&[&CREATE[..], &["--provider", "regional", "--json"]].concat()).json();
    assert_eq!((provider(&again), provider(&first)), ("starpay".into(), "starpay".into()));
    assert_eq!(again["provider_reference"], first["provider_reference"]);

    let more = ["collection", "create", "C1", "--amount", "100.01", "--terminal", "T1", "--json"];
    let refused = folder.run(&more);
    assert_eq!(refused.exit, 3, "{}", refused.err);
    let known =
        "starpay states pending, PHP 100.00; this request says PHP 100.01; nothing was sent";
    assert!(refused.json()["note"].as_str().unwrap().starts_with(known), "{}", refused.out);
    assert!(refused.json()["payment_instructions"].is_null(), "{}", refused.out);
}

const PAYER: &str = r#"{"name":"Ana Reyes","email":"ana@example.com","mobile":"09171234567"}"#;

/// What the README tells, with the second provider that `tulay init` proposes.
#[test]
fn what_was_collected_is_given_back_step_by_step() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    folder.write("payer.json", PAYER);
    let back_to = "https://example.com/thanks";
    for steps in [
        &[
            "collection",
            "create",
            "C1",
            "--amount",
            "100.00",
            "--payer",
            "payer.json",
            "--return-url",
            back_to,
        ][..],
        &["sandbox", "pay", "C1", "--at", &sandbox.origin],
        &["refund", "create", "F1", "--collection", "C1", "--amount", "40.00"],
    ] {
        let ended = folder.run(steps);
        assert_eq!(ended.exit, 0, "{steps:?}: {}{}", ended.out, ended.err);
    }
}

#[test]
fn all_missing_fields_are_named_at_once() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let ended = folder.run(&["collection", "create", "C1", "--amount", "10.00", "--json"]);
    assert_eq!((ended.exit, &ended.error()["code"]), (2, &Value::from("required")));
    assert_eq!(
        ended.error()["message"],
        "regional requires more in PH by qr: name, email, mobile (by --payer FILE); return_url (by \
         --return-url URL); nothing was sent"
    );
    for address in ["foo", "/thanks", "shop.example.com", "ftp://shop.example.com/", "https://"] {
        let ended = folder.run_with(
            &[
                "collection",
                "create",
                "C1",
                "--amount",
                "10.00",
                "--payer",
                "-",
                "--return-url",
                address,
            ],
            PAYER,
        );
        assert_eq!(ended.exit, 2, "{address}: {}", ended.err);
        assert!(ended.err.contains("expected an absolute address"), "{}", ended.err);
    }
}

#[test]
fn a_code_that_was_made_before_says_so_and_a_cancelled_one_is_not_drawn() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let run = |command: &[&str]| {
        let ended = folder.run_with(command, PAYER);
        (ended.exit, ended.out + &ended.err)
    };
    let create = ["static-code", "create", "S1", "--holder", "-"];
    let (exit, made) = run(&create);
    assert!(exit == 0 && made.contains("000201") && !made.contains("already"), "{made}");
    let (exit, again) = run(&create);
    assert!(exit == 0 && again.contains("it exists already; nothing was sent now"), "{again}");
    let (exit, refused) = run(&["static-code", "disable", "S1"]);
    let sentence = "static codes of PH can be cancelled, but not switched off or on";
    assert!(exit == 2 && refused.contains(sentence), "{exit}: {refused}");
    let (exit, refused) = run(&["static-code", "disable", "S1", "--country", "TH"]);
    let sentence = "static codes of TH can neither be cancelled nor switched off or on";
    assert!(exit == 2 && refused.contains(sentence), "{exit}: {refused}");
    assert_eq!(run(&["static-code", "cancel", "S1"]).0, 0);
    for command in [&create[..], &["static-code", "get", "S1"]] {
        let (exit, output) = run(command);
        assert_eq!(exit, 5, "{output}");
        assert!(
            output.contains("cancelled: it cannot be paid") && !output.contains("000201"),
            "{output}"
        );
    }
}
