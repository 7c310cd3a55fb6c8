//! The log on standard error.

use crate::support::{Folder, payout};
use serde_json::Value;

#[test]
fn one_line_for_each_effect() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let called = |arguments: &[&str], input: &str| {
        let ended = folder.run_with(&[&["--log-format", "json", "-v"], arguments].concat(), input);
        let lines = ended.err.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines = lines.filter(|line| line["fields"]["message"] == "provider called");
        for personal in ["1234567890", "Maria", "Dela Cruz"] {
            assert!(!ended.err.contains(personal), "{}", ended.err);
        }
        lines.collect::<Vec<_>>()
    };
    let row = payout("R1", "100.00", "1234567890");
    let lines = called(&["payout", "create", "--file", "-"], &row);
    let operations: Vec<&str> =
        lines.iter().map(|line| line["fields"]["operation"].as_str().unwrap()).collect();
    assert_eq!(operations.iter().filter(|operation| **operation == "payout").count(), 1);
    assert!(operations.contains(&"payout_find"), "{operations:?}");
    for line in &lines {
        let fields = &line["fields"];
        assert_eq!(line["level"], "INFO");
        assert_eq!(fields["reference"], "R1");
        assert_eq!(fields["provider"], "starpay", "{line}");
        assert!(fields["order_id"].as_str().unwrap().starts_with('P'), "{line}");
        assert!(fields["milliseconds"].is_i64(), "{line}");
    }
    let row = payout("R2", "9999999.00", "1234567890");
    let lines = called(&["payout", "create", "--file", "-"], &row);
    assert!(lines.iter().all(|line| line["fields"]["reference"] == "R2"), "{lines:?}");
    let line = lines.iter().find(|line| line["fields"]["operation"] == "payout").unwrap();
    let fields = &line["fields"];
    assert_eq!((&fields["kind"], &fields["effect"]), (&"limit".into(), &"rejected".into()));
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let log = |arguments: &[&str]| {
        let ended = folder.run(&[&["--log-format", "json", "-v"], arguments].concat());
        let lines = ended.err.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["fields"]["message"] == "provider called").collect::<Vec<_>>()
    };
    for (arguments, operation) in [
        (&["collection", "create", "C1", "--amount", "10.00"][..], "collection"),
        (&["collection", "get", "C1"], "collection_find"),
        (&["collection", "cancel", "C1"], "collection_cancel"),
        (&["static-code", "create", "S1"], "static_code"),
    ] {
        let lines = log(arguments);
        assert!(lines.iter().any(|l| l["fields"]["operation"] == operation), "{lines:?}");
        let has_reference = |line: &Value| line["span"]["reference"].as_str() == Some(arguments[2]);
        assert!(lines.iter().all(has_reference), "{lines:?}");
    }
}

#[test]
fn a_failed_call_has_its_kind_and_effect() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    let row = payout("R1", "100.00", "1234567890");
    let create = ["payout", "create", "--file", "-", "--wait", "300ms"];
    let ended = folder.run_with(&[&["-v"], &create[..]].concat(), &row);
    let line = ended.err.lines().find(|line| line.contains("called")).unwrap();
    for part in ["INFO", "reference=R1", "kind=unreachable", "effect=", "provider=starpay"] {
        assert!(line.contains(part), "{line}");
    }
    let quiet = folder.run_with(&create, &row);
    assert!(!quiet.err.contains("called"), "{}", quiet.err);
}

#[test]
fn a_log_filter_that_is_none_is_refused() {
    let folder = Folder::new();
    for filter in ["tulay=loud", "verbose", "a=b=c", "tulay=debug,x=9x"] {
        let ended = folder.run(&["--log", filter, "institutions", "gcash"]);
        assert_eq!(ended.exit, 2, "{filter}");
        assert!(ended.err.contains("TULAY_LOG: expected a level"), "{}", ended.err);
    }
    for filter in ["info", "warn,tulay=debug", "off", ""] {
        assert_eq!(folder.run(&["--log", filter, "institutions", "gcash"]).exit, 0, "{filter}");
    }
    let output = folder.command(&["institutions", "gcash"]).env("TULAY_LOG", "loud").output();
    assert_eq!(output.unwrap().status.code(), Some(2));
    assert!(folder.run(&["--help"]).out.contains("TULAY_LOG"));
}

#[test]
fn a_json_log_makes_every_line_of_stderr_json() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let row = payout("R1", "100.00", "1234567890");
    for arguments in [
        &["-vv", "balance"][..],
        &["balance", "-v"],
        &["payout", "create", "--file", "-"],
        &["payout", "get", "NONE"],
        &["payout", "creat"],
        &["sandbox", "ledger"],
        &["doctor"],
    ] {
        let ended = folder.run_with(&[&["--log-format", "json"], arguments].concat(), &row);
        assert!(!ended.err.is_empty(), "{arguments:?}");
        for line in ended.err.lines() {
            let read: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            assert!(read["error"].is_object() || read["fields"]["message"].is_string(), "{line}");
        }
    }
}
