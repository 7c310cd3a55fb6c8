//! The command as a client of the journal: lists, timelines, cancellation, pauses, workers.

use crate::{
    payout::{CREATE, CREATE_JSON},
    support::{Folder, movements, payout},
};
use serde_json::{Value, json};

const ACCEPT: [&str; 5] = ["payout", "create", "--file", "-", "--no-wait"];

fn references(listed: &Value) -> Vec<&str> {
    let payouts = listed["payouts"].as_array().unwrap().iter();
    payouts.map(|payout| payout["reference"].as_str().unwrap()).collect()
}

#[test]
fn payouts_are_listed_newest_first() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    for (reference, account) in [("R1", "1"), ("R2", "990418"), ("R3", "3")] {
        folder.run_with(&ACCEPT, &payout(reference, "10.00", account));
    }
    assert_eq!(folder.run(&["payout", "wait", "R1"]).exit, 0);
    assert_eq!(folder.run(&["payout", "wait", "R2"]).exit, 5);
    let list = |more: &[&str]| folder.run(&[&["payout", "list", "--json"], more].concat()).json();
    assert_eq!(references(&list(&[])), ["R3", "R2", "R1"]);
    assert_eq!(references(&list(&["--limit", "2"])), ["R3", "R2"]);
    assert_eq!(references(&list(&["--status", "failed"])), ["R2"]);
    assert_eq!(references(&list(&["--review"])), [""; 0]);
    let lines = folder.run(&["payout", "list", "--output", "jsonl"]).out;
    assert_eq!(lines.lines().count(), 3);
    let wrong = folder.run(&["payout", "list", "--status", "lost"]);
    assert_eq!(wrong.exit, 2);
    assert!(wrong.err.contains("expected one of created, sending, in_doubt"), "{}", wrong.err);
}

#[test]
fn a_timeline_names_who_caused_what() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let create = ["--actor", "ana", "payout", "create", "--file", "-"];
    assert_eq!(folder.run_with(&create, &payout("R1", "10.00", "1234567890")).exit, 0);
    let shown = folder.run(&["payout", "timeline", "R1", "--json"]);
    let timeline = shown.json();
    let events = timeline["events"].as_array().unwrap();
    let first: Vec<&Value> = events.iter().take(3).map(|event| &event["event"]).collect();
    assert_eq!(first, ["accepted", "intended", "answered"]);
    assert_eq!((&events[0]["actor"], &events[1]["actor"]), (&json!("ana"), &json!(null)));
    assert_eq!(events[1]["provider"], "starpay");
    assert_eq!(events.last().unwrap()["what"], "found succeeded");
    for personal in ["1234567890", "Maria", "101510000001"] {
        assert!(!shown.out.contains(personal), "{}", shown.out);
    }
    let mut accept = folder.command(&["payout", "create", "--no-wait", "--file", "p.json"]);
    folder.write("p.json", payout("R2", "10.00", "1"));
    accept.env("TULAY_ACTOR", "payroll").output().unwrap();
    let timeline = folder.run(&["payout", "timeline", "R2", "--json"]).json();
    assert_eq!(timeline["events"][0]["actor"], "payroll");
    let nameless = folder.run(&["--actor", " ", "payout", "get", "R1"]);
    assert_eq!(nameless.exit, 2, "{}", nameless.err);
}

#[test]
fn what_was_not_sent_can_be_withdrawn() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&ACCEPT, &payout("R1", "10.00", "1")).exit, 6);
    for _ in 0..2 {
        let cancelled = folder.run(&["payout", "cancel", "R1", "--json"]);
        assert_eq!((cancelled.exit, &cancelled.json()["status"]), (5, &"cancelled".into()));
    }
    assert_eq!(folder.run(&["payout", "wait", "R1"]).exit, 5);
    assert_eq!(folder.run_with(&CREATE, &payout("R2", "10.00", "2")).exit, 0);
    let refused = folder.run(&["payout", "cancel", "R2"]);
    assert_eq!(refused.exit, 1, "{}", refused.err);
    assert!(refused.err.contains("it cannot be withdrawn: R2 is succeeded"), "{}", refused.err);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn refresh_asks_now() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "10.00", "994001")).exit, 0);
    let events = |folder: &Folder| {
        let timeline = folder.run(&["payout", "timeline", "R1", "--json"]).json();
        timeline["events"].as_array().unwrap().len()
    };
    let before = events(&folder);
    let asked = folder.run(&["payout", "refresh", "R1", "--json"]);
    assert_eq!((asked.exit, &asked.json()["status"]), (0, &"succeeded".into()), "{}", asked.err);
    assert!(events(&folder) > before);
}

#[test]
fn an_unknown_reference_is_not_found() {
    let folder = Folder::initialised();
    for command in ["get", "wait", "refresh", "cancel", "timeline"] {
        let ended = folder.run(&["payout", command, "R1", "--json"]);
        assert_eq!((ended.exit, &ended.error()["code"]), (1, &"not_found".into()), "{command}");
        assert_eq!(ended.error()["message"], "the journal has no payout R1", "{command}");
    }
}

#[test]
fn a_pause_stops_sendings_until_it_is_ended() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let paused = "sending through starpay is paused by ana: bank holiday; `tulay resume --provider \
                  starpay --reason TEXT` ends that";
    let pause = ["pause", "--provider", "starpay", "--reason", "bank holiday", "--actor", "ana"];
    let ended = folder.run(&pause);
    assert_eq!((ended.exit, ended.out.trim()), (0, paused), "{}", ended.err);
    let create = [&CREATE_JSON[..], &["--wait", "300ms"]].concat();
    let waits = folder.run_with(&create, &payout("R1", "10.00", "1"));
    assert_eq!((waits.exit, &waits.json()["status"]), (6, &"created".into()));
    assert_eq!(waits.json()["waiting"]["reason"], "sending is paused");
    let mut lines = waits.err.lines();
    assert!(lines.next().unwrap().ends_with(" · journal sqlite:tulay.db"), "{}", waits.err);
    assert_eq!(lines.next(), Some(paused));
    for scope in [&["--all"][..], &["--operation", "payout"]] {
        let ended = folder.run(&[&["pause", "--reason", "x", "--json"], scope].concat());
        assert_eq!(ended.json()["hindrances"].as_array().unwrap().len(), 2, "{}", ended.out);
        let ended = folder.run(&[&["resume", "--reason", "x"], scope].concat());
        assert_eq!(ended.out.trim(), paused);
    }
    assert_eq!(movements(&folder, &sandbox), 0);
    let ended = folder.run(&["resume", "--provider", "starpay", "--reason", "it is over"]);
    assert_eq!((ended.exit, ended.out.trim()), (0, "the journal is whole, and nothing is paused"));
    assert_eq!(folder.run(&["payout", "wait", "R1"]).exit, 0);
    for wrong in [
        &["pause", "--reason", "x"][..],
        &["pause", "--all"],
        &["pause", "--all", "--provider", "starpay", "--reason", "x"],
        &["pause", "--provider", "acme", "--reason", "x"],
        &["resume", "--whole", "--all", "--reason", "x"],
    ] {
        assert_eq!(folder.run(wrong).exit, 2, "{wrong:?}");
    }
}

#[test]
fn a_new_journal_sends_nothing_at_once() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "10.00", "1")).exit, 0);
    folder.remove_journal();
    let create = [&CREATE[..], &["--wait", "300ms"]].concat();
    let waits = folder.run_with(&create, &payout("R1", "10.00", "1"));
    assert_eq!(waits.exit, 6, "{}", waits.err);
    assert!(waits.err.contains("may not know every payment of its namespace"), "{}", waits.err);
    assert!(waits.err.contains("`tulay resume --whole --reason TEXT`"), "{}", waits.err);
    assert_eq!(movements(&folder, &sandbox), 1);
    // Once every account was asked, what was paid before is followed.
    let found = folder.run_with(&CREATE_JSON, &payout("R1", "10.00", "1"));
    assert_eq!((found.exit, &found.json()["status"]), (0, &json!("succeeded")), "{}", found.err);
    assert_eq!(movements(&folder, &sandbox), 1);
    let other = folder.run_with(&CREATE, &payout("R1", "20.00", "1"));
    assert_eq!(other.exit, 2, "{}", other.err);
}

#[test]
fn a_person_says_that_a_journal_is_whole() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    folder.remove_journal();
    let whole = folder.run(&["resume", "--whole", "--reason", "the first run", "--json"]);
    assert_eq!(whole.json()["hindrances"], json!([]), "{}", whole.err);
    assert!(whole.json()["whole_since"].is_string());
    assert_eq!(folder.run_with(&CREATE, &payout("R2", "10.00", "2")).exit, 0);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[cfg(unix)]
#[test]
fn a_worker_prints_what_it_ends_until_it_is_stopped() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    folder.run_with(&ACCEPT, &payout("R1", "10.00", "1"));
    folder.run_with(&ACCEPT, &payout("R2", "10.00", "990418"));
    let serve = ["serve", "--only", "worker", "--output", "jsonl"];
    for signal in ["-TERM", "-INT"] {
        let mut worker = folder.command(&serve).spawn().unwrap();
        let mut lines = BufReader::new(worker.stdout.take().unwrap()).lines();
        let mut next =
            || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
        if signal == "-TERM" {
            let mut ended: Vec<Value> = (0..2).map(|_| next()).collect();
            ended.sort_by_key(|payout| payout["reference"].to_string());
            assert_eq!(
                (&ended[0]["status"], &ended[1]["status"]),
                (&json!("succeeded"), &json!("failed"))
            );
            assert_eq!(ended[0]["schema"], "tulay.payout/1");
        }
        // Beside a running worker the command watches, and both may do a step.
        let reference = format!("R{signal}");
        let paid = folder.run_with(
            &CREATE,
            &payout(
                &reference,
                "10.00",
                &format!("7{signal}").replace('-', "").replace(char::is_alphabetic, "1"),
            ),
        );
        assert_eq!(paid.exit, 0, "{}", paid.err);
        let id = worker.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
        let output = worker.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{err}");
        assert!(err.contains("working on payouts until it is stopped"), "{err}");
    }
    assert_eq!(movements(&folder, &sandbox), 3);
    let listed = folder.run(&["serve", "--only", "worker", "--json"]);
    assert_eq!(listed.exit, 2, "{}", listed.err);
}
