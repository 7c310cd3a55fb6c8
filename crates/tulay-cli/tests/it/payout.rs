use crate::support::{Folder, payout};

const CREATE: [&str; 4] = ["payout", "create", "--file", "-"];
const CREATE_JSON: [&str; 5] = ["payout", "create", "--json", "--file", "-"];

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
}

#[test]
fn a_payout_is_paid_once_however_often_it_is_asked_for() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let first = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "0011")).json();
    assert_eq!(first["status"], "succeeded");
    assert_eq!(first["attempts"], 1);
    assert_eq!(first["schema"], "tulay.payout/1");
    assert_eq!(first["environment"], "sandbox");
    assert_eq!(first["amount"]["amount"], "100.00");

    let again = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "0011")).json();
    assert_eq!(
        (again["status"].as_str(), again["attempts"].as_i64()),
        (Some("succeeded"), Some(0))
    );
    assert_eq!(again["provider_reference"], first["provider_reference"]);

    let got = folder.run(&["payout", "get", "R1", "--json"]).json();
    assert_eq!(got["provider_reference"], first["provider_reference"]);

    for amount in ["100.01", "99.99", "1000.00"] {
        let other = folder.run_with(&CREATE_JSON, &payout("R1", amount, "0011"));
        assert_eq!((other.exit, other.json()["status"].as_str()), (3, Some("in_doubt")));
        assert_eq!(other.json()["amount"]["amount"], "100.00", "what the provider knows");
        assert_eq!(other.json()["asked"]["amount"], amount);
    }
    let other = folder.run_with(&CREATE, &payout("R1", "10.00", "0011"));
    let known = "starpay states succeeded, PHP 100.00; this request says PHP 10.00; nothing was \
                 sent now. ";
    assert!(other.err.contains(known), "{}", other.err);

    let ledger = folder.run(&["sandbox", "ledger", "--json", "--at", &sandbox.origin]).json();
    assert_eq!(ledger["movements"].as_array().unwrap().len(), 1, "{ledger}");
}

#[test]
fn exit_5_is_said_only_with_proof() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let refused = folder.run_with(&CREATE, &payout("R1", "100.00", "990418"));
    assert_eq!(refused.exit, 5, "{}", refused.err);
    assert!(
        refused.err.contains("this attempt paid nothing; an earlier attempt may have paid: run"),
        "{}",
        refused.err
    );

    let failed = folder.run_with(&CREATE_JSON, &payout("R2", "100.00", "991001"));
    assert_eq!(failed.exit, 5);
    let failed = failed.json();
    assert_eq!(failed["status"], "failed");
    assert!(failed["reason"].as_str().unwrap().contains("(AC01)"), "{failed}");

    // The provider says failed, but there was no time to hear it twice.
    let once = folder.run_with(
        &[&CREATE_JSON[..], &["--wait", "800ms"]].concat(),
        &payout("R3", "1.00", "99991001"),
    );
    assert_eq!((once.exit, once.json()["status"].as_str()), (6, Some("pending")), "{}", once.out);
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    for (reference, account) in [("R1", "992001"), ("R2", "992003"), ("R3", "992004")] {
        let ended = folder.run_with(&CREATE_JSON, &payout(reference, "100.00", account));
        assert_eq!(ended.exit, 0, "{account}: {}", ended.err);
        let reason = ended.json()["reason"].as_str().unwrap().to_owned();
        assert!(reason.ends_with("looked up, not sent again"), "{reason}");
    }
    // This request was lost before it arrived, which the command cannot know.
    let doubt = folder.run_with(
        &[&CREATE_JSON[..], &["--wait", "500ms"]].concat(),
        &payout("R4", "100.00", "992002"),
    );
    assert_eq!((doubt.exit, doubt.json()["status"].as_str()), (3, Some("in_doubt")));
    assert_eq!(
        doubt.json()["next"][0],
        "tulay payout get R4 --provider starpay --country PH --currency PHP --wait 61s"
    );
    let quiet = folder.run_with(
        &[&CREATE[..], &["--wait", "500ms", "--quiet"]].concat(),
        &payout("R5", "100.00", "992002"),
    );
    assert!(quiet.err.starts_with("in doubt: the payout may have been paid"), "{}", quiet.err);
    assert!(quiet.err.contains("  next: tulay payout get R5 --provider starpay"), "{}", quiet.err);
    let unknown = folder.run(&["payout", "get", "R4", "--json"]);
    assert_eq!((unknown.exit, unknown.error()["code"].as_str()), (3, Some("not_found")));

    let ledger = folder.run(&["sandbox", "ledger", "--json", "--at", &sandbox.origin]).json();
    assert_eq!(ledger["movements"].as_array().unwrap().len(), 3, "{ledger}");
}

#[test]
fn a_payout_known_twice_is_for_a_person() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let second = folder
        .read("tulay.toml")
        .replace("namespace", "# ")
        .replace("[providers.starpay]", "[providers.other]");
    let second = second.lines().skip_while(|l| !l.starts_with('['));
    let second: String =
        second.take_while(|l| *l != "[webhook]").map(|l| format!("{l}\n")).collect();
    let first = folder.read("tulay.toml");
    folder.write("twice.toml", first.clone() + &second);
    let refused = folder.run(&["payout", "get", "R1", "--config", "twice.toml", "--json"]);
    assert_eq!((refused.exit, refused.error()["code"].as_str()), (2, Some("configuration")));
    assert_eq!(refused.error()["field"], "providers.other");
    // Two names of one host are two hosts, unless same_books says that they are one.
    let second = second.replace("http://127.0.0.1", "http://localhost");
    folder.write("both.toml", first + &second);
    let create = |config: &str| {
        folder.run_with(
            &["payout", "create", "--config", config, "--file", "-"],
            &payout("R1", "100.00", "0011"),
        )
    };
    assert_eq!(create("tulay.toml").exit, 0);
    // Both tables lead to one simulator, so that both know it.
    let got = folder.run(&["payout", "get", "R1", "--config", "both.toml", "--json"]);
    assert_eq!((got.exit, got.error()["code"].as_str()), (3, Some("several")));
    let one = folder.run(&["payout", "get", "R1", "--config", "both.toml", "--provider", "other"]);
    assert_eq!(one.exit, 0, "{}", one.err);
    let again = create("both.toml");
    assert_eq!(again.exit, 3, "{}", again.err);
}

/// A folder whose configuration has both providers and rules for them.
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
    let got =
        folder.run(&["payout", "get", "R7", "--country", "ID", "--currency", "IDR", "--json"]);
    assert_eq!(got.json()["provider_reference"], paid["provider_reference"]);
    // The look-up before anything is sent finds it at the other provider too.
    folder.edit("use = [\"starpay\", \"regional\"]", "use = [\"regional\", \"starpay\"]");
    let first = folder.run_with(&CREATE_JSON, &payout("R8", "100.00", "0011"));
    assert_eq!(
        (first.exit, first.json()["provider"].as_str()),
        (0, Some("regional")),
        "{}",
        first.err
    );
    folder.edit("use = [\"regional\", \"starpay\"]", "use = [\"starpay\", \"regional\"]");
    let again = folder.run_with(&CREATE_JSON, &payout("R8", "100.00", "0011")).json();
    assert_eq!((&again["provider"], &again["attempts"]), (&"regional".into(), &0.into()));
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
fn what_is_not_final_is_accepted() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let slow = folder
        .run_with(&[&CREATE_JSON[..], &["--no-wait"]].concat(), &payout("R1", "100.00", "993001"));
    assert_eq!((slow.exit, slow.json()["status"].as_str()), (6, Some("pending")));
    assert!(slow.json()["waiting"].is_string());
}

#[test]
fn a_request_that_cannot_fit_is_refused_before_anything_is_sent() {
    let folder = Folder::initialised();
    // No sandbox runs: an attempt to send would fail with another exit code.
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
    ] {
        let good = good.replace(['\n', ' '], "").replace("DelaCruz", "Dela Cruz");
        assert!(good.contains(from), "{from}");
        let ended = folder.run_with(&CREATE_JSON, &good.replace(from, to));
        assert_eq!(ended.exit, 2, "{to}: {}", ended.err);
        assert!(ended.err.contains(column), "{to}: {}", ended.err);
        assert!(ended.out.is_empty());
    }
}

#[test]
fn an_unreachable_provider_is_no_verdict_about_money() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    let ended = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "1"));
    assert_eq!(ended.exit, 1);
    assert_eq!(ended.error()["kind"], "unreachable");
    assert_eq!(ended.error()["effect"], "unknown", "it was a look-up that failed");
    let message = ended.error()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("starpay: the provider could not be reached: connection refused. "),
        "{message}"
    );
    assert!(
        message.contains(". Nothing was sent now, because every configured provider"),
        "{message}"
    );
    assert_eq!(ended.error()["next"][0], "tulay doctor");
}

#[test]
fn a_provider_that_does_not_know_our_key_says_so() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let other = folder.run(&["keygen", "--out", "other"]);
    assert_eq!(other.exit, 0);
    folder.edit("keys/starpay.merchant.pem", "other.pem");
    let ended = folder.run_with(&CREATE_JSON, &payout("R1", "100.00", "1"));
    assert_eq!(ended.exit, 1);
    assert_eq!(ended.error()["kind"], "authentication");
}

#[test]
fn real_money_is_sent_only_when_that_is_said() {
    let folder = Folder::initialised();
    folder.goes_live();
    folder.edit("\nmerchant_id", "\naccept_unverified = [\"payout_find\"]\nmerchant_id");
    let ended = folder.run_with(&CREATE, &payout("R1", "100.00", "1"));
    assert_eq!(ended.exit, 2);
    assert!(ended.err.contains("production · starpay (mch 1015…0001)"), "{}", ended.err);
    assert!(ended.err.contains("add --production"), "{}", ended.err);
    let ended = folder
        .run_with(&["--production", "payout", "create", "--file", "-"], &payout("R1", "1.00", "1"));
    assert_eq!(ended.exit, 1, "it sends, and no server answers: {}", ended.err);
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
    // The look-up before, then the sending; now it waits for a payout that takes ten minutes.
    let exchanges = lines.by_ref().filter(|line| line.as_ref().unwrap().contains(" answered"));
    assert_eq!(exchanges.take(2).count(), 2);
    let status =
        std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(status.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let rest = rest.join("\n");
    assert!(rest.contains("the payout may have been sent"), "{rest}");
    assert!(rest.contains("next: tulay payout get R1 --provider starpay"), "{rest}");
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
fn a_reference_is_one_payout_in_whatever_country() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let in_malaysia = include_str!("../../../../examples/regional/payout-my.json");
    let reference = serde_json::from_str::<serde_json::Value>(in_malaysia).unwrap();
    let reference = reference["reference"].as_str().unwrap();
    let in_philippines = payout(reference, "50.00", "09171234567");
    let create = ["payout", "create", "--file", "-", "--json"];

    let paid = folder.run_with(&create, &in_philippines);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let refused = folder.run_with(&create, in_malaysia);
    assert_eq!((refused.exit, refused.out.as_str()), (3, ""), "{}", refused.err);
    let known = format!(
        "starpay knows {reference} as a payment in PH: succeeded, PHP 50.00; nothing was sent now"
    );
    assert!(refused.err.contains(&known), "{}", refused.err);
    let got = folder.run(&["payout", "get", reference, "--json"]).json();
    assert_eq!((&got["provider"], &got["amount"]["currency"]), (&"starpay".into(), &"PHP".into()));
    let ledger = folder.run(&["sandbox", "ledger", "--at", &sandbox.origin]);
    assert!(!ledger.out.contains("480.00"), "{}", ledger.out);
}

#[test]
fn a_payout_is_found_without_naming_its_country() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let in_malaysia = include_str!("../../../../examples/regional/payout-my.json");
    let paid = folder.run_with(&["payout", "create", "--file", "-", "--json"], in_malaysia);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let paid = paid.json();
    let reference = paid["reference"].as_str().unwrap();
    let got = folder.run(&["payout", "get", reference, "--json"]);
    assert_eq!(got.exit, 0, "{}", got.err);
    assert_eq!(got.json()["provider_reference"], paid["provider_reference"]);
    let elsewhere = folder.run(&["payout", "get", reference, "--country", "TH", "--json"]);
    assert_eq!(elsewhere.exit, 3, "{}", elsewhere.err);
    assert!(elsewhere.err.contains("regional (TH)"), "{}", elsewhere.err);
}
