//! `tulay journal history`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::{Value, json};
use tulay::journal::{JournalEvent, Scope};

pub(super) async fn run(global: &Global, session: &Session) -> Result<Exit, CliError> {
    session.open_journal(global).await?;
    let history = session.tulay.history().await?;
    let scope = |event: &JournalEvent| event.change.scope().map(|scope| named(session, scope));
    let value = |event: &JournalEvent| -> Value {
        json!({
            "at": event.at,
            "event": event.change.kind(),
            "scope": scope(event),
            "reason": event.why,
            "actor": event.actor,
        })
    };
    let row = |event: &JournalEvent| {
        let at = format!("{:.0}", event.at);
        let event_name = event.change.kind().replace('_', " ");
        let scope = scope(event).unwrap_or_default();
        let by = event.actor.clone().unwrap_or_else(|| "the journal".into());
        vec![at, event_name, scope, event.why.clone(), by]
    };
    Report::new("tulay.journal-history/1", session.environment())
        .list("events", history.iter().map(value).collect())
        .table(&["at", "event", "scope", "reason", "by"], history.iter().map(row).collect())
        .print(global.format(), Exit::Done)
}

fn named(session: &Session, scope: &Scope) -> String {
    match scope {
        Scope::All => "all".into(),
        Scope::Operation(operation) => operation.to_string(),
        Scope::Account(account) => {
            let mut providers = session.tulay.providers();
            match providers.find(|provider| provider.merchant_account() == account) {
                Some(provider) => provider.id().to_string(),
                None => format!("{} (mch {})", account.adapter, account.masked()),
            }
        }
    }
}
