//! `tulay journal audit`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::{Value, json};
use tulay::journal::Violation;

pub(super) async fn run(global: &Global, session: &Session) -> Result<Exit, CliError> {
    session.open_journal(global).await?;
    let violations = session.tulay.audit().await?;
    let value = |it: &Violation| -> Value {
        json!({ "reference": it.reference, "rule": it.rule.as_str(), "text": it.rule.to_string() })
    };
    let report = Report::new("tulay.journal-audit/1", session.environment())
        .list("violations", violations.iter().map(value).collect());
    if violations.is_empty() {
        return report.line("every payout holds").print(global.format(), Exit::Done);
    }
    let row = |it: &Violation| {
        vec![it.reference.clone(), it.rule.as_str().to_owned(), it.rule.to_string()]
    };
    report
        .table(&["reference", "rule", "found"], violations.iter().map(row).collect())
        .print(global.format(), Exit::CouldNotRun)
}
