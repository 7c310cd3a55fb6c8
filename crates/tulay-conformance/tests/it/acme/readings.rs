//! Everything that is only asked: institutions, balances, health.

use super::{Acme, Wrong};
use async_trait::async_trait;
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
            Some(minor) => Ok(Balance::new(account, Money::from_minor(minor, currency), answer)),
            None => {
                let error = Error::new(operation, ErrorKind::Unexpected, "no balance is told");
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
