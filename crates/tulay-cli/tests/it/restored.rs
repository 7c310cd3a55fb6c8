//! A database that was restored, by the command: nothing is sent before it is looked up, every command
//! says so first, and one command ends it.

use crate::{
    payout::{CREATE, CREATE_JSON},
    support::{Folder, RunningSandbox, movements, payout},
};
use std::fs;

/// A payout that is paid by this command, or was before.
fn pay(folder: &Folder, reference: &str) {
    let account = format!("00{}", reference.trim_start_matches('R'));
    let create = [&CREATE[..], &["--wait", "60s"]].concat();
    let paid = folder.run_with(&create, &payout(reference, "10.00", &account));
    assert_eq!(paid.exit, 0, "{}{}", paid.out, paid.err);
}

/// A journal with a payout that its copy does not know.
fn set_up() -> (Folder, RunningSandbox) {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    pay(&folder, "R1");
    let copied = folder.run(&["journal", "backup", "copy.db"]);
    assert_eq!(copied.exit, 0, "{}", copied.err);
    pay(&folder, "R2");
    (folder, sandbox)
}

fn restore(folder: &Folder) {
    folder.remove_journal();
    fs::copy(folder.path().join("copy.db"), folder.path().join("tulay.db")).unwrap();
}

/// What a command says first, after the line of its journal.
fn first_line(folder: &Folder, arguments: &[&str]) -> String {
    let ended = folder.run(arguments);
    ended.err.lines().nth(1).unwrap_or_default().to_owned()
}

const DOUBTED: &str = "the database was restored or replaced, which was noticed at 20";

#[test]
fn a_restored_copy_pays_nothing_twice() {
    let (folder, sandbox) = set_up();
    for _ in 0..2 {
        restore(&folder);
        assert_eq!(folder.run(&["payout", "get", "R2"]).exit, 1, "the copy does not know it");
        pay(&folder, "R2");
        assert_eq!(movements(&folder, &sandbox), 2);
    }
    pay(&folder, "R3");
    assert_eq!(movements(&folder, &sandbox), 3);
}

#[test]
fn every_command_says_first_that_a_database_was_restored() {
    let (folder, _sandbox) = set_up();
    restore(&folder);
    for command in [
        &["payout", "get", "R1"][..],
        &["payout", "list"],
        &["payout", "timeline", "R1"],
        &["payout", "wait", "R1"],
        &["journal", "status"],
        &["journal", "history"],
    ] {
        let line = first_line(&folder, command);
        assert!(line.starts_with(DOUBTED), "{command:?}: {line}");
        for part in [
            "may not know every payment of its namespace",
            "each payout is looked up at every account before it is sent",
            "`tulay resume --whole --reason TEXT` states that nothing else was sent",
        ] {
            assert!(line.contains(part), "{command:?}: {line}");
        }
    }
    let doctor = folder.run(&["doctor"]);
    assert!(doctor.out.contains("the database was restored or replaced"), "{}", doctor.out);
    let status = folder.run(&["journal", "status", "--json"]).json();
    assert_eq!(status["whole_since"], serde_json::Value::Null);
    let history = folder.run(&["journal", "history", "--json"]).json();
    let events: Vec<&str> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["confirmed_whole", "doubted"]);
    // One command ends it.
    let resume = ["resume", "--whole", "--reason", "the last night sent nothing", "--actor", "ana"];
    assert_eq!(folder.run(&resume).out.trim(), "the journal is whole, and nothing is paused");
    assert_eq!(first_line(&folder, &["payout", "get", "R1"]), "");
    let history = folder.run(&["journal", "history", "--json"]).json();
    assert_eq!(history["events"][2]["actor"], "ana");
    assert_eq!(history["events"][2]["reason"], "the last night sent nothing");
}

#[test]
fn a_state_folder_that_is_gone_is_said_once() {
    let (folder, sandbox) = set_up();
    fs::remove_dir_all(folder.path().join(".tulay-state")).unwrap();
    let get = |folder: &Folder| folder.run(&["payout", "get", "R1"]);
    let first = get(&folder);
    assert_eq!(first.exit, 0, "{}", first.err);
    assert!(first.err.contains("this machine remembers nothing of the journal"), "{}", first.err);
    assert!(!get(&folder).err.contains("remembers nothing"));
    pay(&folder, "R3");
    assert_eq!(movements(&folder, &sandbox), 3);
}

#[test]
fn a_state_folder_that_cannot_be_used_is_refused() {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    for (state, expected) in [
        ("", "expected the path of a folder away from the database"),
        ("tulay.toml", "the folder of what this machine remembers of the journal cannot be used"),
    ] {
        folder.write("tulay.toml", format!("{config}\n[journal]\nstate = \"{state}\"\n"));
        let refused = folder.run_with(&CREATE_JSON, &payout("R1", "10.00", "1"));
        assert_eq!((refused.exit, refused.out.as_str()), (2, ""), "{}", refused.err);
        let message = refused.error()["message"].to_string();
        assert!(message.contains(expected), "{message}");
    }
    folder.write("tulay.toml", format!("{config}\n[journal]\nstate = \"elsewhere\"\n"));
    assert_eq!(folder.run(&["payout", "list"]).exit, 0);
    assert_eq!(fs::read_dir(folder.path().join("elsewhere")).unwrap().count(), 1, "the namespace");
    let shown = folder.run(&["config", "show", "--json"]).json();
    let settings = shown["settings"].as_array().unwrap();
    assert!(settings.iter().any(|it| it["key"] == "journal.state" && it["value"] == "elsewhere"));
}

#[test]
fn a_person_states_that_a_machine_was_restored() {
    let (folder, sandbox) = set_up();
    // All of it is brought back.
    restore(&folder);
    fs::remove_dir_all(folder.path().join(".tulay-state")).unwrap();
    let stated = ["journal", "restored", "--reason", "the snapshot of noon", "--actor", "ana"];
    let ended = folder.run(&stated);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(
        ended.out.starts_with("the database was restored, as ana stated at 20"),
        "{}",
        ended.out
    );
    pay(&folder, "R2");
    assert_eq!(movements(&folder, &sandbox), 2);
    assert_eq!(folder.run(&["journal", "restored"]).exit, 2, "a reason is needed");
}

#[test]
fn an_alarm_pauses_an_account_and_is_said_first() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    pay(&folder, "R1");
    folder.remove_journal();
    // A person states what is not true.
    assert_eq!(folder.run(&["resume", "--whole", "--reason", "nothing was sent"]).exit, 0);
    pay(&folder, "R1");
    assert_eq!(movements(&folder, &sandbox), 1);
    let alarm = "sending through starpay is paused by the journal: the provider knows an order id \
                 that was never sent before; `tulay resume --provider starpay --reason TEXT` ends that";
    for command in [&["payout", "get", "R1"][..], &["payout", "list"], &["journal", "status"]] {
        assert_eq!(first_line(&folder, command), alarm, "{command:?}");
    }
    let create = [&CREATE[..], &["--wait", "300ms"]].concat();
    assert_eq!(folder.run_with(&create, &payout("R2", "10.00", "2")).exit, 6);
    assert_eq!(movements(&folder, &sandbox), 1);
}

#[test]
fn a_backup_overwrites_nothing() {
    let (folder, _sandbox) = set_up();
    let copy = folder.read_bytes("copy.db");
    let refused = folder.run(&["journal", "backup", "copy.db", "--json"]);
    assert_eq!((refused.exit, &refused.error()["code"]), (1, &"backup".into()), "{}", refused.err);
    let message = refused.error()["message"].to_string();
    assert!(
        message.contains("copy.db: the file exists, and a backup overwrites nothing"),
        "{message}"
    );
    assert_eq!(folder.read_bytes("copy.db"), copy);
    let refused = folder.run(&["journal", "backup", "no/copy.db"]);
    assert_eq!(refused.exit, 1, "{}", refused.err);
    assert!(refused.err.contains("the backup cannot be written"), "{}", refused.err);
    let made = folder.run(&["journal", "backup", "second.db", "--json"]).json();
    assert_eq!(made["file"], "second.db");
    assert_eq!(made["keep_with_it"].as_array().unwrap().len(), 2);
    folder.remove_journal();
    let refused = folder.run(&["journal", "backup", "third.db"]);
    assert_eq!(refused.exit, 2, "{}", refused.err);
    assert!(!folder.path().join("third.db").exists() && !folder.path().join("tulay.db").exists());
    assert_eq!(folder.run(&["journal", "backup"]).exit, 2);
}
