//! Balances (5.6 of payouts, 6.6 of collections).

use crate::{map, provider::Starpay};
use async_trait::async_trait;
use tulay_core::{
    AccountKind, Balance, Balances, Country, Currency, Error, ErrorKind, Money, Operation, Result,
};

#[async_trait]
impl Balances for Starpay {
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
            return Err(Error::unsupported(operation, "starpay keeps no such account"));
        }
        let settings = &self.client.settings;
        let (paths, services) = (&settings.paths, &settings.services);
        let (path, service) = match account {
            AccountKind::Collection => (&paths.collection_balance, &services.collection_balance),
            _ => (&paths.balance, &services.balance),
        };
        let reply = self.client.ask(operation, path, service, None).await?;
        let centavos = reply.member(&settings.balance_member).and_then(|text| map::balance(&text));
        let centavos = centavos.ok_or_else(|| {
            let message = "starpay's answer states no balance in centavos under this name";
            reply.error(ErrorKind::Unexpected, message).with_field("balance_member")
        })?;
        Ok(Balance::new(account, Money::from_minor(centavos, currency), reply.response))
    }
}
