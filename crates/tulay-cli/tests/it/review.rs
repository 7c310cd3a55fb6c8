//! Payouts that a person looks at, and their events, through the command.

use crate::{
    payout::{CREATE, CREATE_JSON},
    support::{Ended, Folder, RunningSandbox, movements, payout},
};
use serde_json::Value;
use std::io::{BufRead, BufReader};

/// A payout whose requests are all lost.
fn in_doubt() -> (Folder, RunningSandbox) {
    let folder = Folder::initialised();
    folder.write("faults.toml", "[starpay]\nlose_requests = 1000000\n");
    let sandbox = folder.sandbox_with(&["--faults", "faults.toml"]);
    let create = [&CREATE_JSON[..], &["--wait", "300ms"]].concat();
    assert_eq!(folder.run_with(&create, &payout("R1", "100.00", "1")).exit, 3);
    (folder, sandbox)
}

fn resolve(folder: &Folder, arguments: &[&str]) -> Ended {
    folder.run(&[&["review", "resolve", "--json"], arguments].concat())
}

fn show(folder: &Folder, reference: &str) -> Value {
    folder.run(&["review", "show", reference, "--json"]).json()
}

/// Asks until a statement about a payout can be taken: a sending of it may be under way.
fn until_quiet(folder: &Folder, reference: &str) -> Value {
    for _ in 0..500 {
        let shown = show(folder, reference);
        if shown["answers"][0]["not_before"].is_null() {
            return shown;
        }
    }
    panic!("a statement about {reference} was never possible")
}

/// Who stated what: the declarations of its timeline.
fn stated(folder: &Folder, reference: &str) -> Vec<(String, String)> {
    let timeline = folder.run(&["payout", "timeline", reference, "--json"]).json();
    let events = timeline["events"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let declared = events.iter().filter(|event| event["event"] == "declared");
    declared.map(|event| (text(&event["actor"]), text(&event["what"]))).collect()
}

#[test]
fn two_persons_who_disagree_are_both_in_the_timeline() {
    let (folder, sandbox) = in_doubt();
    let ana = ["R1", "--not-executed", "--evidence", "ticket 4711", "--actor", "Ana"];
    let early = resolve(&folder, &ana);
    assert_eq!((early.exit, &early.error()["code"]), (3, &"not_now".into()), "{}", early.err);
    assert!(early.err.contains("try again after 2"), "{}", early.err);
    assert_eq!(stated(&folder, "R1"), []);

    let shown = until_quiet(&folder, "R1");
    let statuses: Vec<&str> = shown["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["succeeded", "failed", "reversed"]);
    for _ in 0..2 {
        let ended = resolve(&folder, &ana);
        assert_eq!((ended.exit, &ended.json()["status"]), (3, &"in_doubt".into()), "{}", ended.err);
    }
    let failed = folder.run(&["payout", "wait", "R1"]);
    assert_eq!(failed.exit, 5, "{}", failed.err);
    let ben = ["R1", "--paid", "--evidence", "bank letter 7", "--actor", "Ben"];
    let contradicts = resolve(&folder, &ben).json();
    assert_eq!(contradicts["status"], "failed", "{contradicts}");
    assert_eq!(contradicts["review"], serde_json::json!(["contradiction"]));
    let expected = [
        ("Ana", "not executed by a person, covers 1 sending: ticket 4711"),
        ("Ben", "paid by a person, covers 1 sending: bank letter 7"),
    ];
    assert_eq!(stated(&folder, "R1"), expected.map(|(who, what)| (who.into(), what.into())));
    let text = folder.run(&["review", "show", "R1"]).out;
    assert!(text.contains("ask starpay (mch 1015…0001) about order "), "{text}");
    assert_eq!(movements(&folder, &sandbox), 0);
}

#[test]
fn statement_that_changes_nothing_is_refused() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "100.00", "0011")).exit, 0);
    until_quiet(&folder, "R1");
    for (arguments, exit, expected) in [
        (
            &["R1", "--paid", "--evidence", "x"][..],
            1,
            "R1 is succeeded, and `paid` changes nothing of it; what can be stated: `came_back`",
        ),
        (&["R9", "--paid", "--evidence", "x"], 1, "the journal has no payout R9"),
        (&["R1", "--paid", "--evidence", " "], 2, "evidence: expected a text of 1 to 1000"),
        (
            &["R1", "--paid", "--evidence", "a\u{1b}[2J"],
            2,
            "evidence: expected a text of 1 to 1000",
        ),
        (&["R1", "--paid"], 2, "--evidence"),
        (&["R1", "--evidence", "x"], 2, "--paid"),
        (&["R1", "--paid", "--came-back", "--evidence", "x"], 2, "cannot be used with"),
        (
            &["R1", "--came-back", "--evidence", "x", "--attempt", "2"],
            2,
            "name the one that is meant: 1",
        ),
        (&["R1", "--came-back", "--evidence", "x", "--attempt", "9"], 2, "1..=8"),
    ] {
        let ended = resolve(&folder, arguments);
        assert_eq!(ended.exit, exit, "{arguments:?}: {}", ended.err);
        let message = ended.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    assert_eq!(stated(&folder, "R1"), []);
    let back = resolve(&folder, &["R1", "--came-back", "--evidence", "statement of 4 May"]);
    assert_eq!((back.exit, &back.json()["status"]), (5, &"reversed".into()), "{}", back.err);
}

#[test]
fn file_is_stated_whole_or_not_at_all() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    for (reference, account) in [("R1", "0011"), ("R2", "0012"), ("R3", "0013")] {
        assert_eq!(folder.run_with(&CREATE, &payout(reference, "100.00", account)).exit, 0);
    }
    let by_file = |rows: &str| {
        let text = format!("reference,resolution,evidence\n{rows}");
        folder.run_with(&["review", "resolve", "--json", "--file", "-"], &text)
    };
    until_quiet(&folder, "R3");
    let rows = "R1,came_back,letter 7\nR9,paid,letter 7\nR2,paid,letter 7\nR1,paid,letter 8\n\
                R3,came_back,\nR3,lost,letter 7\n";
    let refused = by_file(rows);
    let error = refused.error();
    assert_eq!((refused.exit, refused.out.as_str()), (2, ""), "{}", refused.err);
    let places: Vec<(u64, &str)> = error["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["line"].as_u64().unwrap(), line["column"].as_str().unwrap()))
        .collect();
    let expected = [
        (3, "reference"),
        (4, "resolution"),
        (5, "reference"),
        (6, "evidence"),
        (7, "reference"),
        (7, "resolution"),
    ];
    assert_eq!(places, expected, "{error}");
    assert!(["R1", "R2", "R3"].iter().all(|it| stated(&folder, it).is_empty()));

    let rows = "R1,came_back,letter 7\nR2,came_back,letter 7\n";
    for _ in 0..2 {
        let done = by_file(rows);
        assert_eq!(done.exit, 0, "{}", done.err);
        let statuses = done.json()["payments"].clone();
        assert!(statuses.as_array().unwrap().iter().all(|it| it["status"] == "reversed"));
    }
    assert_eq!(stated(&folder, "R1").len(), 1, "a statement is written once");
    let listed = folder.run(&["review", "list", "--json", "--reason", "reversed"]).json();
    assert_eq!(listed["payments"].as_array().unwrap().len(), 2);
    let none = folder.run(&["review", "list", "--json", "--older-than", "1h"]).json();
    assert_eq!(none["payments"], serde_json::json!([]));
    let grouped = folder.run(&["review", "list", "--json", "--group", "reason,provider"]).json();
    let group = &grouped["groups"][0];
    assert_eq!((&group["reason"], &group["provider"]), (&"reversed".into(), &"starpay".into()));
    assert_eq!(group["payouts"], 2);
}

#[test]
fn events_are_printed_in_order() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    assert_eq!(folder.run_with(&CREATE, &payout("R1", "100.00", "0011")).exit, 0);
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let ended = folder.run(&[&["events", "--output", "jsonl"], arguments].concat());
        assert_eq!(ended.exit, 0, "{}", ended.err);
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let all = lines(&[]);
    let (first, last) = (all.first().unwrap(), all.last().unwrap());
    assert_eq!(
        (&first["event"], &last["event"]),
        (&"payout.created".into(), &"payout.succeeded".into())
    );
    assert_eq!(
        (&first["schema"], &first["payout"]["reference"]),
        (&"tulay.event/1".into(), &"R1".into())
    );
    assert_eq!(lines(&["--after", first["id"].as_str().unwrap()]), all[1..]);
    let document = folder.run(&["events", "--json"]).json();
    assert_eq!(document["events"].as_array().unwrap().len(), all.len());

    let following =
        ["events", "--output", "jsonl", "--follow", "--after", last["id"].as_str().unwrap()];
    let mut child = folder.command(&following).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(
        folder.run_with(&[&CREATE[..], &["--no-wait"]].concat(), &payout("R2", "1.00", "1")).exit,
        6
    );
    let next: Value = serde_json::from_str(&printed.next().unwrap().unwrap()).unwrap();
    assert_eq!(
        (&next["event"], &next["payout"]["reference"]),
        (&"payout.created".into(), &"R2".into())
    );
    child.kill().unwrap();
    child.wait().unwrap();

    for (arguments, expected) in [
        (&["events", "--json", "--follow"][..], "use --output jsonl, or none"),
        (&["events", "--json", "--after", "1-5"], "the journal has no event 1-5"),
        (&["events", "--json", "--after", "x"], "the id of an event, such as 41-"),
    ] {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, 2, "{}", ended.err);
        assert!(ended.error()["message"].as_str().unwrap().contains(expected), "{}", ended.err);
    }
}

#[test]
fn every_command_of_a_status_shows_a_pause_first() {
    let folder = Folder::initialised();
    let create = [&CREATE[..], &["--no-wait"]].concat();
    assert_eq!(folder.run_with(&create, &payout("R1", "1.00", "1")).exit, 6);
    assert_eq!(folder.run(&["pause", "--all", "--reason", "drill", "--actor", "Ana"]).exit, 0);
    for command in [
        &["payout", "get", "R1"][..],
        &["payout", "list"],
        &["payout", "timeline", "R1"],
        &["payout", "wait", "R1", "--wait", "1ms"],
        &["review", "list"],
        &["review", "list", "--group", "reason"],
        &["review", "show", "R1"],
        &["events"],
    ] {
        let ended = folder.run(command);
        let second = ended.err.lines().nth(1).unwrap_or_default();
        assert!(
            second.starts_with("sending is paused by Ana: drill; "),
            "{command:?}: {}",
            ended.err
        );
    }
    let doctor = folder.run(&["doctor"]);
    assert!(doctor.out.contains("sending is paused by Ana: drill"), "{}", doctor.out);
}
