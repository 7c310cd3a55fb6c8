//! Balances (get balance): `CASH`, and `HOLDING`, which cannot be paid out yet.

use crate::{provider::Xendit, wire};
use async_trait::async_trait;
use tulay_core::{
    AccountKind, Balance, Balances, Country, Currency, Error, ErrorKind, Operation, Result,
};

#[async_trait]
impl Balances for Xendit {
    fn accounts(&self) -> &[(AccountKind, Country, Currency)] {
        &self.balances
    }

    async fn balance(
        &self,
        account: AccountKind,
        country: Country,
        currency: Currency,
    ) -> Result<Balance> {
        let operation = Operation::Balance;
        self.allow(&[operation], country)?;
        if !self.balances.contains(&(account, country, currency)) {
            return Err(Error::unsupported(operation, "xendit keeps no such account"));
        }
        let kind = match account {
            AccountKind::Held => "HOLDING",
            _ => "CASH",
        };
        let query = format!("?account_type={kind}&currency={currency}");
        let path = &self.client.settings.paths.balance;
        let reply = self.client.get(operation, None, path, &query).await?;
        let stated: wire::Balance<'_> = reply.read()?;
        let available = stated.balance.money(currency).ok_or_else(|| {
            let message = "xendit's balance is no amount of this currency";
            reply.error(ErrorKind::Unexpected, message).with_field("balance")
        })?;
        Ok(Balance::new(account, available, reply.response))
    }
}
