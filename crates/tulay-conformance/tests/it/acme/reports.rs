//! Reports.

use super::{Acme, Wrong, wire::Query};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_core::*;

#[async_trait]
impl Reports for Acme {
    async fn report(
        &self,
        account: AccountKind,
        country: Country,
        day: Date,
    ) -> Result<ReportLink> {
        let operation = Operation::Report;
        self.allow(operation)?;
        if (account, country) != (AccountKind::Payout, Country::PH) {
            return Err(Error::unsupported(operation, "acme keeps no such account"));
        }
        let day = if self.is(Wrong::ReportsOneDay) { "2026-11-01".into() } else { day.to_string() };
        let query = Query { day: Some(day), ..Query::default() };
        let (said, answer) = self.query(operation, "/report", query).await?;
        let link = said.link.unwrap_or_default();
        let by_tls = link.strip_prefix("https://").is_some_and(|host| !host.is_empty());
        let safe = match self.settings.wrong {
            Some(Wrong::TellsAnyLink) => true,
            Some(Wrong::TellsPrivateLinks) => by_tls,
            _ => link::allows(self.account.environment, &link),
        };
        let secret = Secret::new(link).ok().filter(|_| safe).ok_or_else(|| {
            Error::new(operation, ErrorKind::Unexpected, "acme tells no safe address")
                .with_response(answer)
        })?;
        Ok(ReportLink::new(secret))
    }
}
