//! `tulay balance`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::json;
use tulay::{Builder, json::BalanceJson};

pub(crate) async fn run(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let (mut results, mut rows) = (Vec::new(), Vec::new());
    // The balances of the other providers are shown even if one does not answer.
    let mut failed: Vec<CliError> = Vec::new();
    for provider in session.tulay.providers() {
        let Some(balances) = provider.roles().balances else { continue };
        for (account, country, currency) in balances.accounts() {
            let balance = match balances.balance(*account, *country, *currency).await {
                Ok(balance) => balance,
                Err(error) => {
                    failed.push(CliError::call(provider.id(), Exit::CouldNotRun, &error));
                    continue;
                }
            };
            results.push(BalanceJson::new(provider.id(), *country, &balance));
            rows.push(vec![
                provider.id().to_string(),
                account.as_str().to_owned(),
                country.to_string(),
                balance.available.to_string(),
            ]);
        }
    }
    // An error that is the same for all accounts of a provider is printed once.
    failed.dedup_by(|next, previous| next.message() == previous.message());
    let mut report = Report::new("tulay.balance/1", session.environment())
        .results("balances", &results)
        .table(&["provider", "account", "country", "available"], rows.clone());
    if rows.is_empty() && failed.is_empty() {
        report = report.line("no configured provider reports balances");
    }
    if failed.is_empty() {
        return report.print(global.format(), Exit::Done);
    }
    let unanswered: Vec<&str> =
        failed.iter().filter_map(CliError::provider).map(|id| id.as_str()).collect();
    let report = report.member("failed", json!(unanswered));
    if !rows.is_empty() || global.format().is_json() {
        report.print(global.format(), Exit::CouldNotRun)?;
    }
    failed.iter().for_each(|failure| failure.print(global.format().is_json()));
    Ok(Exit::CouldNotRun)
}
