//! Balances (1.1), one for each country.

use crate::{
    map,
    provider::Regional,
    wire::{BalanceInquiry, Funds},
};
use async_trait::async_trait;
use tulay_adapter::json::to_json;
use tulay_core::{
    AccountKind, Balance, Balances, Country, Currency, Error, ErrorKind, Operation, Result,
};

#[async_trait]
impl Balances for Regional {
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
        let profile = self.client.profile(operation, country)?;
        if !self.balances.contains(&(account, country, currency)) {
            return Err(Error::unsupported(operation, "regional keeps no such account"));
        }
        let path = profile.path(&self.client.settings.paths.balance);
        let inquiry = to_json(&BalanceInquiry { country_code: country.as_str() });
        let reply = self.client.exchange(operation, &path, None, &inquiry).await?;
        let available = map::balance(profile, &reply.read::<Funds<'_>>()?.balance.0);
        let available = available.ok_or_else(|| {
            let message = "regional's balance is no decimal text with a point, such as 10000.00, so that its \
                           unit is not certain";
            reply.error(ErrorKind::Unexpected, message).with_field("balance")
        })?;
        Ok(Balance::new(account, available, reply.response))
    }
}
