//! Payouts through the command: what is accepted, paid, refused, and how each command ends.

use crate::support::{Folder, movements, payout};

pub(crate) const CREATE: [&str; 4] = ["payout", "create", "--file", "-"];
pub(crate) const CREATE_JSON: [&str; 5] = ["payout", "create", "--json", "--file", "-"];

#[test]
fn without_a_configuration_nothing_is_sent() {
    let folder = Folder::new();
    let ended = folder.run_with(&CREATE, &payout("R1", "100.00", "1"));
    assert_eq!(ended.exit, 2);
    assert!(ended.out.is_empty());
    assert!(ended.err.contains("no tulay.toml in "), "{}", ended.err);
    assert!(ended.err.contains("--sandbox to use the simulator"), "{}", ended.err);
    let ended = folder.run_with(&["payout", "get", "R1", "--json"], "");
    assert_eq!((ended.exit, ended.error()["code"].as_str()), (2, Some("configuration")));
}

#[test]
fn the_embedded_simulator_needs_no_configuration() {
    let folder = Folder::new();
    let ended = folder
        .run_with(&["--sandbox", "payout", "create", "--file", "-"], &payout("R1", "5.00", "1"));
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let banner = ended.err.lines().next().unwrap();
    let starpay = "sandbox · starpay (mch 1015…0001), regional (mch 5a4d…6071), xendit (mch ";
    assert!(banner.starts_with(starpay), "{banner}");
    assert!(banner.ends_with(" · embedded simulator"), "{banner}");
    assert!(ended.out.contains("succeeded"), "{}", ended.out);
    assert!(folder.is_empty(), "its journal is elsewhere");
}

#[test]
fn a_reference_is_paid_once() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let first = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "0011")).json();
    assert_eq!(first["status"], "succeeded");
    assert_eq!(first["attempts"], 1);
    assert_eq!(first["schema"], "tulay.payout/1");
    assert_eq!(first["environment"], "sandbox");
    assert_eq!(first["amount"]["amount"], "100.00");
    assert_eq!(first["next"], serde_json::json!([]));

    let again = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "0011"));
    assert_eq!((again.exit, &again.json()), (0, &first), "{}", again.err);
    let again = folder.run_with(&CREATE, &payout("R1", "100.00", "0011"));
    assert!(again.err.contains("nothing was sent now: it was accepted before"), "{}", again.err);

    let got = folder.run(&["payout", "get", "R1", "--json"]).json();
    assert_eq!(got["provider_reference"], first["provider_reference"]);

    for (amount, account, field) in [("95.00", "0011", "amount"), ("100.00", "0012", "account")] {
        let other = folder.run_with(&CREATE_JSON, &payout("R1", amount, account));
        assert_eq!((other.exit, other.error()["field"].as_str()), (2, Some(field)));
        let message = other.error()["message"].as_str().unwrap().to_owned();
        let expected = format!(
            "R1 is another payout: its {field} differs; submit the first request unchanged"
        );
        assert!(message.starts_with(&expected), "{message}");
        assert!(!other.err.contains("0012"), "{}", other.err);
    }
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn exit_5_is_said_only_with_proof() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let refused = folder.run_with(&CREATE, &payout("R1", "100.00", "990418"));
    assert_eq!(refused.exit, 5, "{}", refused.err);
    assert!(refused.out.contains("(418)"), "{}", refused.out);
    assert!(refused.err.contains("failed, with proof"), "{}", refused.err);

    let failed = folder.run_with(&CREATE_JSON, &payout("R2", "100.00", "991001"));
    assert_eq!(failed.exit, 5);
    let failed = failed.json();
    assert_eq!(failed["status"], "failed");
    assert!(failed["reason"].as_str().unwrap().contains("(AC01)"), "{failed}");

    // The provider says failed, but there was no time for a second look-up.
    let once = folder.run_with(
        &[&CREATE_JSON[..], &["--wait", "800ms"]].concat(),
        &payout("R3", "1.00", "99991001"),
    );
    assert_eq!((once.exit, once.json()["status"].as_str()), (6, Some("pending")), "{}", once.out);
}

#[test]
fn a_lost_answer_is_looked_up() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    // The second request was lost before it arrived: the same order id is sent again.
    for (reference, account, sendings) in
        [("R1", "992001", 1), ("R2", "992002", 2), ("R3", "992003", 1), ("R4", "992004", 1)]
    {
        let ended = folder.run_with(&CREATE_JSON, &payout(reference, "100.00", account));
        assert_eq!(ended.exit, 0, "{account}: {}", ended.err);
        assert_eq!(ended.json()["attempts"], 1, "{account}");
        let events = folder.run(&["payout", "timeline", reference, "--json"]).json();
        let events = events["events"].as_array().unwrap();
        let sent = events.iter().filter(|event| event["event"] == "intended").count();
        assert_eq!(sent, sendings, "{account}");
    }
    assert_eq!(movements(&folder, &sandbox), 4);
}

#[test]
fn what_is_in_doubt_says_what_to_run() {
    let folder = Folder::initialised();
    folder.write("faults.toml", "[starpay]\nlose_requests = 1000000\n");
    let sandbox = folder.sandbox_with(&["--faults", "faults.toml"]);
    let create = [&CREATE_JSON[..], &["--wait", "500ms"]].concat();
    let doubt = folder.run_with(&create, &payout("R1", "100.00", "1"));
    assert_eq!((doubt.exit, doubt.json()["status"].as_str()), (3, Some("in_doubt")));
    assert_eq!(doubt.json()["effect"], "unknown");
    assert_eq!(doubt.json()["next"][0], "tulay payout get R1");
    let quiet = folder.run(&["payout", "get", "R1", "--quiet"]);
    assert_eq!(quiet.exit, 3);
    assert!(quiet.err.starts_with("in doubt: the payout may have been paid"), "{}", quiet.err);
    assert!(quiet.err.contains("  next: tulay payout wait R1"), "{}", quiet.err);
    let cancelled = folder.run(&["payout", "cancel", "R1"]);
    assert_eq!(cancelled.exit, 3, "{}", cancelled.err);
    assert!(cancelled.err.contains("a sending of it may have left"), "{}", cancelled.err);
    assert_eq!(movements(&folder, &sandbox), 0);
}

#[test]
fn what_is_not_final_is_accepted() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let accepted = folder
        .run_with(&[&CREATE_JSON[..], &["--no-wait"]].concat(), &payout("R1", "100.00", "993001"));
    assert_eq!((accepted.exit, accepted.json()["status"].as_str()), (6, Some("created")));
    assert_eq!(accepted.json()["effect"], "not_sent");
    assert!(accepted.json()["waiting"]["until"].is_string());
    let slow = folder.run(&["payout", "wait", "R1", "--wait", "1s", "--json"]);
    assert_eq!((slow.exit, slow.json()["status"].as_str()), (6, Some("pending")), "{}", slow.err);
    assert_eq!(folder.run(&["payout", "get", "R1", "--json"]).exit, 6);
}

#[test]
fn an_unreachable_provider_makes_it_wait() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    let create = [&CREATE_JSON[..], &["--wait", "300ms"]].concat();
    let ended = folder.run_with(&create, &payout("R1", "100.00", "1"));
    assert_eq!(ended.exit, 6, "{}", ended.err);
    let waits = ended.json();
    assert_eq!(
        (waits["status"].as_str(), waits["effect"].as_str()),
        (Some("sending"), Some("not_sent"))
    );
    assert_eq!(waits["waiting"]["reason"], "the provider could not be reached");
    folder.edit("http://127.0.0.1:9", "http://127.0.0.1:8400");
    let sandbox = folder.sandbox();
    // The host is a part of the account: another port is no other host.
    let paid = folder.run(&["payout", "wait", "R1", "--json"]);
    assert_eq!((paid.exit, paid.json()["status"].as_str()), (0, Some("succeeded")), "{}", paid.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_rejected_key_makes_it_wait_for_the_right_one() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    assert_eq!(folder.run(&["keygen", "--out", "other"]).exit, 0);
    folder.edit("keys/starpay.merchant.pem", "other.pem");
    let create = [&CREATE_JSON[..], &["--wait", "500ms"]].concat();
    let ended = folder.run_with(&create, &payout("R1", "100.00", "1"));
    assert!([3, 6].contains(&ended.exit), "{}", ended.err);
    assert!(ended.json()["reason"].as_str().unwrap().contains("credentials"), "{}", ended.out);
    folder.edit("other.pem", "keys/starpay.merchant.pem");
    assert_eq!(folder.run(&["payout", "wait", "R1"]).exit, 0);
    assert_eq!(movements(&folder, &sandbox), 1);
}

/// A payout that the second provider alone can carry.
const INDONESIAN: &str = r#"{"reference":"R7","country":"ID","amount":"150000","currency":"IDR",
    "institution":"gopay","account":"081255550202","name":"Siti Rahayu","mobile":"081255550202"}"#;

#[test]
fn rules_choose_the_provider() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let explain =
        |arguments: &[&str]| folder.run(&[&["route", "explain", "--json"], arguments].concat());
    let ph = explain(&["--institution", "gcash", "--amount", "100.00"]).json();
    assert_eq!(
        (&ph["candidates"][0]["provider"], &ph["candidates"][0]["rank"]),
        (&"starpay".into(), &1.into())
    );
    assert_eq!(ph["candidates"][1]["provider"], "regional");
    let reason = ph["candidates"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("the rule for payout, country PH (tulay.toml:"), "{reason}");
    let large = explain(&["--amount", "60000.00"]).json();
    assert_eq!(large["candidates"][0]["provider"], "regional");
    assert_eq!(large["excluded"][0]["reasons"][0], "amount: expected at most PHP 50,000.00");
    let without_route = explain(&["--country", "RU"]);
    assert_eq!(
        (without_route.exit, &without_route.json()["candidates"]),
        (2, &serde_json::json!([]))
    );
    assert_eq!(explain(&["--institution", "nobank"]).exit, 2);

    let paid = folder.run_with(&CREATE_JSON, INDONESIAN);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let paid = paid.json();
    assert_eq!((&paid["provider"], &paid["status"]), (&"regional".into(), &"succeeded".into()));
    let got = folder.run(&["payout", "get", "R7", "--json"]);
    assert_eq!(got.json()["provider_reference"], paid["provider_reference"]);
}

#[test]
fn the_ledger_is_a_table() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "100.00", "0011")).exit, 0);
    let at = sandbox.origin.trim_start_matches("http://");
    let shown = folder.run(&["sandbox", "ledger", "--at", at]).out;
    assert!(shown.contains("paid more than once: none"), "{shown}");
    assert!(shown.lines().any(|line| line.contains("100.00") || line.contains("10000")), "{shown}");
}

#[test]
fn a_request_that_cannot_fit_is_refused() {
    let folder = Folder::initialised();
    // No sandbox runs: an attempt to send would end with another status.
    let good = payout("R1", "100.00", "1");
    for (from, to, column) in [
        ("100.00", "50000.01", "amount"),
        ("100.00", "1.001", "amount"),
        ("100.00", "-1.00", "amount"),
        ("100.00", "0", "amount"),
        ("\"PHP\"", "\"IDR\"", "IDR"),
        ("BOPIPHMM", "Bank of Phillipine Islands", "did you mean BOPIPHMM"),
        ("\"R1\"", &format!("\"{}\"", "x".repeat(65)), "reference"),
        (",\"family_name\":\"Dela Cruz\"", "", "family_name"),
        (
            "\"given_name\":\"Maria\",\"family_name\":\"Dela Cruz\"",
            "\"name\":\"Maria\"",
            "family_name",
        ),
        ("{", r#"{"provider":"acme","#, "there is no provider acme; configured: starpay"),
    ] {
        let good = good.replace(['\n', ' '], "").replace("DelaCruz", "Dela Cruz");
        assert!(good.contains(from), "{from}");
        let ended = folder.run_with(&CREATE_JSON, &good.replacen(from, to, 1));
        assert_eq!(ended.exit, 2, "{to}: {}", ended.err);
        assert!(ended.err.contains(column), "{to}: {}", ended.err);
        assert!(ended.out.is_empty());
    }
    assert_eq!(folder.run(&["payout", "list", "--json"]).json()["payouts"], serde_json::json!([]));
}

#[test]
fn real_money_is_sent_only_when_that_is_said() {
    let folder = Folder::initialised();
    folder.goes_live();
    folder.edit("\nmerchant_id", "\naccept_unverified = [\"payout_find\"]\nmerchant_id");
    let sends = [
        &CREATE[..],
        &["payout", "wait", "R1"],
        &["payout", "refresh", "R1"],
        &["serve", "--only", "worker"],
    ];
    for arguments in sends {
        let ended = folder.run_with(arguments, &payout("R1", "100.00", "1"));
        assert_eq!(ended.exit, 2, "{arguments:?}");
        assert!(ended.err.contains("production · starpay (mch 1015…0001)"), "{}", ended.err);
        assert!(ended.err.contains("add --production"), "{}", ended.err);
    }
    let create = ["--production", "payout", "create", "--file", "-", "--wait", "300ms"];
    let ended = folder.run_with(&create, &payout("R1", "1.00", "1"));
    assert_eq!(ended.exit, 6, "it sends, and no server is there: {}", ended.err);
    assert!(ended.out.contains("could not be reached"), "{}", ended.out);
}

#[cfg(unix)]
#[test]
fn an_interrupt_says_what_to_run_next() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    folder.write("p.json", payout("R1", "100.00", "993001"));
    let mut child =
        folder.command(&["payout", "create", "--file", "p.json", "-vv"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("sandbox · "));
    // It waits for a payout that takes ten minutes. What the first two exchanges said is written down
    // before the third one.
    let exchanges = lines.by_ref().filter(|line| line.as_ref().unwrap().contains(" answered"));
    assert_eq!(exchanges.take(3).count(), 3);
    let status =
        std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(status.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let rest = rest.join("\n");
    assert!(rest.contains("the state of the payout is in the journal"), "{rest}");
    assert!(rest.contains("next: tulay payout get R1"), "{rest}");
    assert_eq!(folder.run(&["payout", "get", "R1", "--json"]).json()["status"], "pending");
}

#[cfg(unix)]
#[test]
fn an_interrupt_is_heard_while_input_is_waited_for() {
    let folder = Folder::initialised();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let child = folder.command(&["payout", "create", "--file", "pipe"]).spawn().unwrap();
    // A pipe can be opened for writing once someone has opened it for reading.
    let _input = std::fs::OpenOptions::new().write(true).open(pipe).unwrap();
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("interrupted; nothing was sent"));
}

#[test]
fn a_payout_of_any_country_is_found_by_its_reference() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let in_malaysia = include_str!("../../../../examples/regional/payout-my.json");
    let paid = folder.run_with(&CREATE_JSON, in_malaysia);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let reference = paid.json()["reference"].as_str().unwrap().to_owned();
    let got = folder.run(&["payout", "get", &reference, "--json"]).json();
    assert_eq!(got["provider_reference"], paid.json()["provider_reference"]);
    assert_eq!((&got["country"], &got["amount"]["currency"]), (&"MY".into(), &"MYR".into()));
    let refused = folder.run_with(&CREATE_JSON, &payout(&reference, "50.00", "09171234567"));
    assert_eq!((refused.exit, &refused.error()["field"]), (2, &"country".into()));
    assert_eq!(movements(&folder, &sandbox), 1);
}
