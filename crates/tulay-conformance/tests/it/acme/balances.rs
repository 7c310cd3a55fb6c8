//! Balances.

use super::{Acme, Wrong};
use async_trait::async_trait;
use tulay_core::*;

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
                Err(error.with_response(answer))
            }
        }
    }
}

#[allow(clippy::disallowed_types, clippy::float_arithmetic, reason = "this is what is wrong")]
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the same")]
fn rough(minor: i64) -> i64 {
    ((minor as f64 / 100.0) * 100.0) as i64
}
