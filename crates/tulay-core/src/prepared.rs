//! What is written down before a byte leaves, and what is needed to ask again.

use crate::{
    account::MerchantAccount,
    channel::Channel,
    error::Answer,
    money::{Country, Currency, Money},
    order_id::OrderId,
    with::with_optional,
    word::{InstitutionId, ProviderReference, Terminal},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// A payout or refund, checked and serialised before the first byte leaves. Every sending of it
/// is the same but for time stamp and signature.
///
/// It serialises in clear, for the journal alone; `Debug` shows only the order id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prepared {
    /// How to ask for it later.
    pub lookup: Lookup,
    /// The account it was prepared for; no other may send it.
    pub merchant_account: MerchantAccount,
    /// The version of the [`Contract`](crate::Contract) it was prepared under.
    pub contract: u32,
    /// The adapter's number for the layout of `body`.
    pub form: u16,
    /// The text to be sent, in the adapter's own form.
    pub body: String,
}

impl Prepared {
    /// What an adapter's `prepare` returns.
    #[must_use]
    pub fn new(
        lookup: Lookup,
        merchant_account: MerchantAccount,
        contract: u32,
        form: u16,
        body: String,
    ) -> Self {
        Self { lookup, merchant_account, contract, form, body }
    }

    /// SHA-256 over order id, account, contract, form and body: equal for every sending of one
    /// attempt, whatever restarted in between.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let account = &self.merchant_account;
        let mut hash = Sha256::new();
        for part in [
            self.lookup.order_id.as_str(),
            &account.adapter,
            &account.environment.to_string(),
            &account.account,
            &account.host,
            &self.body,
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.update(self.contract.to_be_bytes());
        hash.update(self.form.to_be_bytes());
        hash.finalize().into()
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({}, ***)", self.lookup.order_id)
    }
}

/// Enough to ask for an order again, after a restart, with nothing else in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lookup {
    /// The id the order carries.
    pub order_id: OrderId,
    /// Where the money goes or comes from.
    pub country: Country,
    /// What was asked for; `None` where the payer chooses.
    pub amount: Option<Money>,
    /// The currency, also where there is no amount.
    pub currency: Currency,
    /// How the money moves.
    pub channel: Channel,
    /// The bank or wallet at the other end.
    pub institution: Option<InstitutionId>,
    /// The till or shop window of a collection.
    pub terminal: Option<Terminal>,
    /// The provider's name for the order, once it is known.
    pub provider_reference: Option<ProviderReference>,
    /// The payment rail's own number, where someone has it.
    pub rail_reference: Option<String>,
    /// Of a refund: the paid collection's provider reference.
    pub original: Option<ProviderReference>,
}

impl Lookup {
    /// The parts every order has; the rest is added by `with_…`.
    #[must_use]
    pub fn new(order_id: OrderId, country: Country, currency: Currency, channel: Channel) -> Self {
        Self {
            order_id,
            country,
            amount: None,
            currency,
            channel,
            institution: None,
            terminal: None,
            provider_reference: None,
            rail_reference: None,
            original: None,
        }
    }

    with_optional! {
        /// Sets the requested amount.
        with_amount(amount: Money);
        /// Sets the bank or wallet at the other end.
        with_institution(institution: InstitutionId);
        /// Sets the terminal of a collection.
        with_terminal(terminal: Terminal);
        /// Sets the provider's name for the order.
        with_provider_reference(provider_reference: ProviderReference);
        /// Sets the payment rail's own number.
        with_rail_reference(rail_reference: impl Into<String>);
        /// Sets the provider reference of the collection that a refund belongs to.
        with_original(original: ProviderReference);
    }
}

/// What a look-up found. `Absent` is an answer, not a proof: only the
/// [`Contract`](crate::Contract) and time can make it one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Found<T> {
    /// The provider knows the order.
    Found(T),
    /// The provider says, genuinely, that it knows no such order.
    Absent(Answer),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Environment;

    fn prepared(body: &str) -> Prepared {
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
        let (number, host) = ("101510000001", "api.example.com");
        let account = MerchantAccount::new("starpay", Environment::Sandbox, number, host);
        Prepared::new(lookup, account, 1, 1, body.into())
    }

    #[test]
    fn the_digest_sees_every_part_and_survives_storage() {
        let one = prepared("{}");
        let restored: Prepared =
            serde_json::from_slice(&serde_json::to_vec(&one).unwrap()).unwrap();
        assert_eq!(restored.digest(), one.digest());
        assert_ne!(prepared("{ }").digest(), one.digest());
        let mut other = one.clone();
        other.form = 2;
        assert_ne!(other.digest(), one.digest());
        let mut other = one.clone();
        other.merchant_account.account = "101510000002".into();
        assert_ne!(other.digest(), one.digest());
        let mut other = one.clone();
        other.merchant_account.host = "api.example.org".into();
        assert_ne!(other.digest(), one.digest());
    }

    #[test]
    fn debug_shows_no_body() {
        assert!(!format!("{:?}", prepared("Maria")).contains("Maria"));
    }
}
