//! `tulay journal status`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::{Map, Value, json};
use tulay::journal::{ActiveProcess, Counts};

pub(super) async fn run(global: &Global, session: &Session) -> Result<Exit, CliError> {
    session.open_journal(global).await?;
    let tulay = &session.tulay;
    let journal = tulay.journal().await?;
    let (processes, counts) = (tulay.processes().await?, tulay.counts().await?);
    let payments: Map<String, Value> = counts
        .by_status
        .iter()
        .map(|(status, count)| (status.as_str().to_owned(), (*count).into()))
        .collect();
    let whole = match journal.whole_since {
        Some(since) => format!("whole since {since:.0}"),
        None => "not known to be whole".to_owned(),
    };
    let state = tulay.journal_state().map(|state| state.display().to_string());
    Report::new("tulay.journal-status/1", session.environment())
        .member("journal", tulay.journal_url())
        .member("state", state)
        .member("whole_since", journal.whole_since.map(|since| since.to_string()))
        .member("hindrances", session.hindrances(&journal).await?)
        .member("payments", payments)
        .member("in_review", counts.in_review)
        .list("processes", processes.iter().map(value).collect())
        .table(
            &["process", "version", "works since", "last seen", "in flight"],
            processes.iter().map(row).collect(),
        )
        .line(format!("{}: {whole}", tulay.journal_url()))
        .line(counted(&counts))
        .line(match processes.is_empty() {
            true => "no process works on it: `tulay serve --only worker` does".to_owned(),
            false => format!("worked on by {}", processes.len()),
        })
        .print(global.format(), Exit::Done)
}

fn value(process: &ActiveProcess) -> Value {
    json!({
        "process": process.owner,
        "version": process.version,
        "since": process.since,
        "seen_at": process.seen_at,
        "in_flight": process.in_flight,
    })
}

fn row(process: &ActiveProcess) -> Vec<String> {
    vec![
        process.owner.to_string(),
        process.version.clone(),
        format!("{:.0}", process.since),
        format!("{:.0}", process.seen_at),
        process.in_flight.to_string(),
    ]
}

/// `12 payments: 3 created, 9 succeeded; 1 in review`.
fn counted(counts: &Counts) -> String {
    let all: u64 = counts.by_status.iter().map(|(_, count)| count).sum();
    let each = counts.by_status.iter();
    let each = each.map(|(status, count)| format!("{count} {}", status.as_str().replace('_', " ")));
    let each = each.collect::<Vec<_>>().join(", ");
    let s = if all == 1 { "" } else { "s" };
    let colon = if each.is_empty() { "" } else { ": " };
    let review = match counts.in_review {
        0 => "none in review".to_owned(),
        count => format!("{count} in review (`tulay payout list --review`)"),
    };
    format!("{all} payment{s}{colon}{each}; {review}")
}
