//! Everything that is only asked: institutions, balances, health, codes, reports.

use super::{Acme, Wrong, code::Shown, wire::Query};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_core::*;

#[async_trait]
impl Institutions for Acme {
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>> {
        let operation = Operation::Institutions;
        self.allow(operation)?;
        let served = [Country::PH, Country::ID].contains(&country);
        if !served && !self.is(Wrong::ListsAnyCountry) {
            return Err(Error::unsupported(operation, "acme does not serve this country"));
        }
        let (said, answer) = self.ask(operation, "/banks", None).await?;
        let banks = said.banks.ok_or_else(|| {
            Error::new(operation, ErrorKind::Unexpected, "no banks are listed").answered(answer)
        })?;
        let entry = |bank: String| {
            let mut entry = InstitutionEntry::new(bank.clone(), bank.clone(), Channel::Bank);
            entry.id = InstitutionId::new(bank).ok();
            entry
        };
        Ok(banks.into_iter().map(entry).collect())
    }
}

#[async_trait]
impl Balances for Acme {
    fn accounts(&self) -> &[(AccountKind, Country, Currency)] {
        &[(AccountKind::Payout, Country::PH, Currency::PHP)]
    }

    async fn balance(
        &self,
        account: AccountKind,
        country: Country,
        currency: Currency,
    ) -> Result<Balance> {
        let operation = Operation::Balance;
        self.allow(operation)?;
        let kept = self.accounts().contains(&(account, country, currency));
        if !kept && !self.is(Wrong::TellsAnyBalance) {
            return Err(Error::unsupported(operation, "acme keeps no such account"));
        }
        let (said, answer) = self.ask(operation, "/balance", None).await?;
        match said.balance {
            Some(minor) => {
                let minor = if self.is(Wrong::BalancesByFloat) { rough(minor) } else { minor };
                Ok(Balance::new(account, Money::from_minor(minor, currency), answer))
            }
            None => {
                let error =
                    Error::new(operation, ErrorKind::Unexpected, "the response has no balance");
                Err(error.answered(answer))
            }
        }
    }
}

#[async_trait]
impl Health for Acme {
    async fn check(&self) -> Result<()> {
        if self.is(Wrong::IsAlwaysWell) {
            return Ok(());
        }
        self.ask(Operation::Health, "/health", None).await.map(|_| ())
    }
}

#[allow(clippy::disallowed_types, clippy::float_arithmetic, reason = "this is what is wrong")]
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the same")]
fn rough(minor: i64) -> i64 {
    ((minor as f64 / 100.0) * 100.0) as i64
}

#[async_trait]
impl QrInspection for Acme {
    async fn inspect(&self, text: &QrText) -> Result<Inspection> {
        let operation = Operation::Inspect;
        self.allow(operation)?;
        let local = Shown::read(text.expose());
        if local.is_none() && !self.is(Wrong::ScansAnything) {
            let error = Error::new(operation, ErrorKind::Destination, "it is no code of acme's");
            return Err(error.at("qr"));
        }
        let query = Query { scanned: Some(text.expose()), ..Query::default() };
        let (said, answer) = self.query(operation, "/scan", query).await?;
        let kind = said.kind.clone().unwrap_or_default();
        let amount = said.amount.zip(said.currency).and_then(|(units, currency)| {
            let currency = Currency::new(&currency).ok()?;
            let factor = if currency == Currency::IDR { 100 } else { 1 };
            Some(Money::from_minor(units.checked_mul(factor)?, currency))
        });
        let same = local.is_some_and(|local| local.amount == amount && kind == "merchant");
        if !same && !self.is(Wrong::BelievesTheScan) && !self.is(Wrong::ScansAnything) {
            let error = Error::new(operation, ErrorKind::Mismatch, "acme reads something else");
            return Err(error.answered(answer));
        }
        let kind = if self.is(Wrong::ForgetsTheKindOfCode) { String::new() } else { kind };
        let mut inspection = Inspection::new(kind, answer);
        inspection.amount = amount;
        Ok(inspection)
    }
}

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
        let host = link.strip_prefix("https://").filter(|host| !host.is_empty());
        let safe = host.is_some() || self.is(Wrong::TellsAnyLink);
        let secret = Secret::new(link).ok().filter(|_| safe).ok_or_else(|| {
            Error::new(operation, ErrorKind::Unexpected, "acme tells no safe address")
                .answered(answer)
        })?;
        Ok(ReportLink::new(secret))
    }
}
