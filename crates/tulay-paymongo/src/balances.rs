//! Balances of the configured wallet.

use crate::{provider::Paymongo, wire};
use async_trait::async_trait;
use tulay_adapter::json::whole_number;
use tulay_core::{
    AccountKind, Balance, Balances, Country, Currency, Error, ErrorKind, Money, Operation, Result,
};

#[async_trait]
impl Balances for Paymongo {
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
        let settings = &self.client.settings;
        let wallet = settings.wallet_id.as_ref();
        let wallet = wallet.filter(|_| self.balances.contains(&(account, country, currency)));
        let Some(wallet) = wallet else {
            return Err(Error::unsupported(operation, "paymongo keeps no such account"));
        };
        let path = format!("{}/{wallet}", settings.paths.wallets);
        let reply = self.client.get(operation, &path).await?;
        let read = reply.reader().read::<wire::Wallet<'_>>(wire::members(reply.text()?));
        let balance = read.map_err(|error| reply.attach(error))?.balance;
        let stated = match account {
            AccountKind::Held => balance.pending,
            _ => balance.available,
        };
        let centavos = centavos(stated.get()).ok_or_else(|| {
            let message = "paymongo's balance is no whole number of centavos";
            reply.error(ErrorKind::Unexpected, message).with_field("balance")
        })?;
        Ok(Balance::new(account, Money::from_minor(centavos, currency), reply.response))
    }
}

/// Whole centavos, negative when overdrawn.
fn centavos(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(owed) => whole_number(owed)?.checked_neg(),
        None => whole_number(text),
    }
}
