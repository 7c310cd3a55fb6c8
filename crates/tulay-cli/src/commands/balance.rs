//! `tulay balance`

use crate::{args::Global, exit::Exit, failure::Failure, report::Report, session::Session};
use serde_json::json;
use tulay::Builder;

pub(crate) async fn run(global: &Global, builder: Builder) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for provider in session.tulay.providers() {
        let Some(balances) = provider.roles().balances else { continue };
        for (account, country, currency) in balances.accounts() {
            let balance = balances
                .balance(*account, *country, *currency)
                .await
                .map_err(|error| Failure::call(Exit::CouldNotRun, &error))?;
            values.push(json!({
                "provider": provider.id(),
                "account": account.as_str(),
                "country": country,
                "available": balance.available,
            }));
            rows.push(vec![
                provider.id().to_string(),
                account.as_str().to_owned(),
                country.to_string(),
                balance.available.to_string(),
            ]);
        }
    }
    let mut report = Report::new("tulay.balance/1", session.environment())
        .list("balances", values)
        .table(&["provider", "account", "country", "available"], rows.clone());
    if rows.is_empty() {
        report = report.line("no provider here tells a balance");
    }
    report.print(global.format(), Exit::Done)
}
