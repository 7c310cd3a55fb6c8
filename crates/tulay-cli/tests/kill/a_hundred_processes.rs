//! A hundred processes, of two machines, create one payout at once.

use crate::folder::{Folder, turn_alone};
use std::process::{Output, Stdio};
use tulay::journal::Filter;
use tulay_tests_postgres::Cluster;

const PROCESSES: usize = 100;

const PAYOUT: &str = r#"{"reference":"R1","country":"PH","amount":"10.00","currency":"PHP",
"channel":"bank","institution":"BOPIPHMM","account":"1234567890",
"given_name":"Maria","family_name":"Dela Cruz"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn create_one_payout() {
    let turn = turn_alone().await;
    let Some(cluster) = Cluster::with(&[]) else { return };
    let url = cluster.database().url();
    // A call has as long as in production: a hundred processes wait for a processor.
    let time = "[time]\nlease = \"60s\"\nlongest_call = \"30s\"\n";
    let folder = Folder::new(turn, &format!("[journal]\nurl = \"{url}\"\n{time}")).await;
    let other = folder.of_another_machine();
    let machines = [folder.path(), other.path()];
    for machine in machines {
        std::fs::write(machine.join("p.json"), PAYOUT).unwrap();
    }
    let processes: Vec<_> = (0..PROCESSES)
        .map(|number| {
            let mut command = Folder::command(machines[number % 2]);
            command.args(["payout", "create", "--file", "p.json", "--json", "--wait", "300s"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<Output> =
        processes.into_iter().map(|it| it.wait_with_output().unwrap()).collect();
    for output in &ended {
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{}\n{out}{err}", output.status);
        assert!(out.contains(r#""status": "succeeded""#), "{out}");
        assert_eq!(out, text(&ended[0].stdout));
    }
    let movements = folder.sandbox.ledger().movements().len();
    assert_eq!(movements, 1);
    let listed = folder.tulay.payouts().list(Filter::default()).await.unwrap();
    assert_eq!(listed.all().await.unwrap().len(), 1);
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
