//! init, doctor, config, providers, institutions, balance.

use crate::support::Folder;
use insta::assert_snapshot;
use serde_json::json;

#[test]
fn init_refuses_to_overwrite() {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    let again = folder.run(&["init"]);
    assert_eq!(again.exit, 2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(folder.read("tulay.toml"), config);
    assert_eq!(folder.run(&["config", "check"]).exit, 0);
}

#[test]
fn a_healthy_set_up_has_nothing_to_fix() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let findings = |arguments: &[&str], subject: &str| {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, 0, "{}{}", ended.out, ended.err);
        let findings = ended.json()["findings"].clone();
        findings.as_array().unwrap().iter().filter(|f| f["subject"] == subject).count()
    };
    // Signatures are checked with each of the two accounts, and reported once.
    for (subject, times) in [("reachable", 1), ("signatures", 1), ("clock", 1), ("assumed", 1)] {
        let found = findings(&["doctor", "--json"], &format!("starpay: {subject}"));
        assert_eq!(found, times, "{subject}");
    }
    assert!(findings(&["doctor", "-v", "--json"], "starpay: assumed") > 10);
}

#[test]
fn doctor_names_a_problem_and_its_fix() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    let ended = folder.run(&["doctor"]);
    assert_eq!(ended.exit, 1);
    assert!(ended.out.contains("tulay sandbox"), "{}", ended.out);
    assert!(!ended.out.contains("signatures"), "without a response, signatures are not checked");
}

#[test]
fn mistakes_in_the_configuration_have_their_place() {
    let folder = Folder::initialised();
    folder.edit("merchant_id = \"101510000001\"", "merchantid = \"1\"");
    let ended = folder.run(&["config", "check"]);
    assert_eq!(ended.exit, 2);
    assert!(
        ended.err.contains("tulay.toml:9:1: providers.starpay.merchantid: unknown key"),
        "{}",
        ended.err
    );
    let ended = folder.run(&["config", "check", "--json"]);
    assert_eq!(ended.error()["line"], 9);
}

#[test]
fn a_collection_without_refunds_is_warned_of() {
    let folder = Folder::initialised().with_second_provider();
    assert_eq!(folder.run(&["config", "check", "--json"]).json()["warnings"], json!([]));
    folder.edit(
        r#"use = ["regional"]                # it asks"#,
        r#"use = ["starpay", "regional"] #"#,
    );
    let checked = folder.run(&["config", "check", "--json"]).json();
    let [warning] = &checked["warnings"].as_array().unwrap()[..] else { panic!("{checked}") };
    let warning = warning.as_str().unwrap();
    assert!(warning.starts_with("tulay.toml:"), "{warning}");
    assert!(warning.contains("this rule may choose starpay, which cannot refund"), "{warning}");
    let _sandbox = folder.sandbox();
    let ended = folder.run(&["doctor", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let findings = ended.json()["findings"].clone();
    let of_routes = findings.as_array().unwrap().iter().filter(|f| f["subject"] == "routes");
    let verdicts: Vec<_> = of_routes.map(|finding| finding["verdict"].clone()).collect();
    assert_eq!(verdicts, ["good", "note"], "{findings}");
    assert!(!ended.err.contains("cannot refund"), "it is reported once: {}", ended.err);
    let collect = |more: &[&str]| {
        folder.run(&[&["collection", "create", "--amount", "10.00"], more].concat())
    };
    let named = ["C1", "--provider", "starpay"];
    for (more, expected) in [(&named[..], 0), (&["C2", "-q"], 0), (&["C3"], 1), (&["C3"], 0)] {
        let ended = collect(more);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        let warnings =
            ended.err.matches("this rule may choose starpay, which cannot refund").count();
        assert_eq!(warnings, expected, "{}", ended.err);
    }
}

#[test]
fn keys_that_do_not_fit_are_found_before_anything_is_sent() {
    let folder = Folder::initialised();
    folder.edit("keys/merchant.pem", "keys/merchant.pub.pem");
    let ended = folder.run(&["config", "check"]);
    assert_eq!(ended.exit, 2);
    assert!(ended.err.contains("providers.starpay.private_key"), "{}", ended.err);
    assert!(ended.err.contains("it is a public key"), "{}", ended.err);

    let folder = Folder::initialised();
    folder.edit("keys/starpay.pub.pem", "keys/merchant.pub.pem");
    let ended = folder.run(&["config", "check"]);
    assert!(ended.err.contains("this is the merchant's own"), "{}", ended.err);
}

#[test]
fn what_is_in_force_is_shown_with_its_line() {
    let folder = Folder::initialised();
    folder.edit("namespace = \"", "namespace = \"x");
    let shown = folder.run(&["config", "show", "--output", "csv"]).out;
    let without_namespace: Vec<&str> =
        shown.lines().filter(|line| !line.starts_with("namespace")).collect();
    assert_snapshot!(without_namespace.join("\n"));
}

#[test]
fn the_schema_is_one_document() {
    let ended = Folder::new().run(&["config", "schema"]);
    assert_eq!(ended.exit, 0);
    let schema = ended.json();
    assert_eq!(schema["title"], "tulay.toml");
    let adapters = &schema["properties"]["providers"]["additionalProperties"]["oneOf"];
    let names = [0, 1].map(|index| adapters[index]["properties"]["adapter"]["const"].clone());
    assert_eq!(names, ["regional", "starpay"]);
    for index in [0, 1] {
        assert_eq!(adapters[index]["properties"]["same_books"]["type"], "array");
    }
    let rule = &schema["properties"]["routes"]["items"];
    assert_eq!(rule["required"], serde_json::json!(["operation", "use"]));
}

#[test]
fn providers_tell_what_they_can() {
    let folder = Folder::initialised();
    assert_snapshot!(folder.run(&["providers", "--json"]).out);
    assert_snapshot!("providers_for_people", folder.run(&["providers"]).out);
}

#[test]
fn institutions_need_no_configuration() {
    let folder = Folder::new();
    assert_snapshot!(folder.run(&["institutions", "gcash"]).out);
    let known = folder.run(&["institutions", "--country", "PH", "--json"]).json();
    assert!(known["institutions"].as_array().unwrap().len() > 80);
    folder.write("names", "G-Xchange, Inc.\nBDO Unibank\nBank of Nowhere\n");
    assert_snapshot!("matched", folder.run(&["institutions", "match", "names"]).out);
    let with_provider = folder.run(&["--sandbox", "institutions", "sun savings"]).out;
    assert!(with_provider.contains("starpay: Sun Savings Bank, Inc."), "{with_provider}");
}

#[test]
fn balances_are_shown() {
    let ended = Folder::new().run(&["--sandbox", "balance", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert_snapshot!(ended.out);
}

#[test]
fn a_sandbox_listens_to_its_own_machine_only() {
    let ended = Folder::new().run(&["sandbox", "--listen", "0.0.0.0:0"]);
    assert_ne!(ended.exit, 0);
    assert!(ended.err.contains("loopback"), "{}", ended.err);
}

#[test]
fn arguments_that_do_not_fit_exit_2_in_either_form() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["payout", "creat"]).exit, 2);
    let ended = folder.run(&["payout", "get", "R 1", "--json"]);
    assert_eq!((ended.exit, ended.error()["code"].as_str()), (2, Some("arguments")));
    assert_eq!(folder.run(&["help"]).exit, 0);
    assert_eq!(folder.run(&["--version"]).exit, 0);
}

#[test]
fn what_is_switched_off_names_what_is_missing() {
    let folder = Folder::initialised();
    folder.edit("environment = \"sandbox\" ", "environment = \"production\" ");
    folder.edit("http://127.0.0.1:8400/starpay", "https://127.0.0.1:9/starpay");
    folder.edit("\nmerchant_id", "\naccept_unverified = [\"payout\"]\nmerchant_id");
    let row = crate::support::payout("R1", "100.00", "1");
    let output = |arguments: &[&str]| {
        let ended = folder.run_with(arguments, &row);
        assert_ne!(ended.exit, 0, "{}", ended.out);
        ended.out + &ended.err
    };
    let missing = "name payout_find in accept_unverified";
    for arguments in [
        &["doctor", "--output", "jsonl"][..],
        &["--production", "payout", "create", "--file", "-"],
        &["route", "explain", "--file", "-", "--json"],
    ] {
        let output = output(arguments);
        assert!(output.contains(missing), "{arguments:?}: {output}");
        assert!(!output.contains("name payout in") && !output.contains("payout and"), "{output}");
    }
    let config = folder.read("tulay.toml");
    let rule = "[[routes]]\noperation = \"payout\"\nuse = [\"starpay\"]\n";
    folder.write("tulay.toml", format!("{config}\n{rule}"));
    let output = output(&["config", "check"]);
    assert!(output.contains(missing) && !output.contains("name payout in"), "{output}");
}

#[test]
fn doctor_reports_a_problem_once() {
    let folder = Folder::initialised().with_second_provider();
    let signatures = || {
        let ended = folder.run(&["doctor", "--json"]);
        let findings = ended.json()["findings"].as_array().unwrap().clone();
        let of = |subject: &str| {
            let found = findings.iter().filter(|f| f["subject"] == subject).collect::<Vec<_>>();
            assert_eq!(found.len(), 1, "{subject}: {findings:?}");
            (found[0]["verdict"].clone(), found[0]["fix"].to_string())
        };
        (of("starpay: signatures"), of("regional: signatures"))
    };
    {
        let _sandbox = folder.sandbox();
        let ((starpay, _), (regional, _)) = signatures();
        assert_eq!((starpay, regional), (json!("good"), json!("good")));
        folder.run(&["keygen", "--out", "other"]);
        folder.edit("keys/merchant.pem", "other.pem");
        let ((_, starpay), (_, regional)) = signatures();
        assert!(starpay.contains("check merchant_id"), "{starpay}");
        assert!(regional.contains("check app_id"), "{regional}");
    }
    let ended = folder.run(&["doctor", "--json"]).out;
    assert_eq!(ended.matches("run `tulay sandbox` in this folder").count(), 2, "{ended}");
}

#[test]
fn a_mistake_is_reported_once_with_its_argument() {
    let folder = Folder::initialised();
    let down = folder.run(&["demo", "--down", "acme"]);
    let expected = "--down acme: expected one of starpay, regional";
    assert!(down.exit == 2 && down.err.contains(expected), "{}", down.err);
    let listen = folder.run(&["sandbox", "--listen", "0.0.0.0:0"]);
    assert_eq!(listen.err.matches("expected a loopback address").count(), 1, "{}", listen.err);
    let _sandbox = folder.sandbox();
    let listed = folder.run(&["institutions", "zzz"]);
    assert!(!listed.err.contains("serves the Philippines"), "{}", listed.err);
}
