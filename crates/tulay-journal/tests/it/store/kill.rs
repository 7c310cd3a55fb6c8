//! Processes that are killed: what was acknowledged is there.

use super::*;
use rusqlite::Connection;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
use tulay_core::Reference;

const CYCLES: usize = 15;

/// In its working directory, the test is the process that is killed.
const MARK: &str = "is-child";

/// Accepts payouts, says of each that it is accepted, and claims them too.
async fn accept_for_ever() {
    let store = Sqlite::open("tulay.db", None, policy(), Hand::new()).unwrap();
    let begun = store.list(tulay_journal::store::Filter::default()).await.unwrap();
    let first = begun.first().map_or(0, |record| record.id.0);
    for number in first.. {
        let reference = format!("R{number}");
        accepted(&store, &reference).await;
        eprintln!("accepted {reference}");
        store.claim(Claim::due(1)).await.unwrap();
    }
}

#[tokio::test]
async fn acknowledged_payouts_survive_a_kill() {
    if std::path::Path::new(MARK).exists() {
        return accept_for_ever().await;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(MARK), "").unwrap();
    let mut acknowledged: Vec<Reference> = Vec::new();
    for cycle in 0..CYCLES {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::kill::acknowledged_payouts_survive_a_kill", "--nocapture"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let accepted = lines.map_while(Result::ok).filter_map(|line| {
            line.strip_prefix("accepted ").map(|text| Reference::new(text).unwrap())
        });
        acknowledged.extend(accepted.take(1 + cycle * 3 % 7));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let store = Sqlite::open(folder.path().join("tulay.db"), None, policy(), Hand::new()).unwrap();
    assert!(acknowledged.len() >= CYCLES);
    let found = store.find(Operation::Payout, acknowledged.clone()).await.unwrap();
    for (reference, record) in acknowledged.iter().zip(found) {
        let record = record.unwrap_or_else(|| panic!("{reference} is lost"));
        assert_eq!(record.lease, None, "the claims of the killed are free");
    }
    let connection = Connection::open(folder.path().join("tulay.db")).unwrap();
    let checked: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
}
