//! Orders as they are stored before the first byte is sent, and look-ups.

use crate::{
    account::MerchantAccount,
    channel::Channel,
    effect::{Effect, ErrorKind},
    error::{Error, ProviderResponse, Result},
    ids::{InstitutionId, ProviderReference, Terminal},
    money::{Country, Currency, Money},
    operation::Operation,
    order_id::OrderId,
    with::with_optional,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// An order of any kind, checked and serialised before the first byte is sent. It has everything that
/// `create` needs to send it and to read the response; the request is not needed again.
///
/// Every sending of it is the same, except for the time stamp, the signature, and a duration that
/// the provider counts from the time of sending.
///
/// It serialises in clear, for the journal alone; `Debug` shows only the order id.
///
/// # What adapters keep in it
/// * `lookup`: what the adapter chose for the order, such as a terminal.
/// * `body`: mostly the text of the request as it will be sent, without time stamp and signature.
///   What else `create` needs is in the body too, in the adapter's own form: for example an
///   instant, a blank, and the text, where the provider is sent a duration and the clock may be
///   read by `create` alone.
/// * `form`: one number for each kind of order and each layout of its body, so that `create`
///   recognises its own ([`check`](Self::check)).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Prepared {
    /// How to look it up later.
    pub lookup: Lookup,
    /// The merchant account it was prepared for; no other may send it.
    pub merchant_account: MerchantAccount,
    /// The version of the [`Guarantees`](crate::Guarantees) it was prepared under.
    pub guarantees: u32,
    /// The adapter's number for the kind of order and the layout of `body`.
    pub form: u16,
    /// The text to be sent, and what else `create` needs, in the adapter's own form.
    pub body: String,
}

impl Prepared {
    /// An order as an adapter's `prepare` returns it.
    #[must_use]
    pub fn new(
        lookup: Lookup,
        merchant_account: MerchantAccount,
        guarantees: u32,
        form: u16,
        body: String,
    ) -> Self {
        Self { lookup, merchant_account, guarantees, form, body }
    }

    /// SHA-256 over order id, account, country, channel, guarantees, form and body: equal for every sending of one
    /// attempt, also after a restart.
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
            self.lookup.country.as_str(),
            self.lookup.channel.as_str(),
            &self.body,
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.update(self.guarantees.to_be_bytes());
        hash.update(self.form.to_be_bytes());
        hash.finalize().into()
    }

    /// Every `create` begins with it: the order must be of this merchant account and of the form
    /// that this role makes, and `names_order` says whether the body names the order id of the
    /// look-up.
    ///
    /// # Errors
    /// `Configuration`, `NotSent`.
    pub fn check(
        &self,
        operation: Operation,
        account: &MerchantAccount,
        form: u16,
        names_order: bool,
    ) -> Result<()> {
        if self.merchant_account == *account && self.form == form && names_order {
            return Ok(());
        }
        let message = format!(
            "this {operation} was prepared for another account or order, or by another version"
        );
        let error = Error::new(operation, ErrorKind::Configuration, message);
        Err(error.with_effect(Effect::NotSent))
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prepared({}, ***)", self.lookup.order_id)
    }
}

/// All that is needed to look an order up, also after a restart. A request makes one with
/// [`lookup`](crate::PayoutRequest::lookup).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Lookup {
    /// The id the order carries.
    pub order_id: OrderId,
    /// The country that the money goes to or comes from.
    pub country: Country,
    /// The amount of the request; `None` where the payer chooses.
    pub amount: Option<Money>,
    /// The currency, also where there is no amount.
    pub currency: Currency,
    /// How the money moves.
    pub channel: Channel,
    /// The bank or wallet at the other end.
    pub institution: Option<InstitutionId>,
    /// The terminal of a collection or static code.
    pub terminal: Option<Terminal>,
    /// The provider's own id of the order, once it is known.
    pub provider_reference: Option<ProviderReference>,
    /// The provider's own id of the payment that was made on the order, once it is known, where
    /// that is another one; of a refund, of the payment that is refunded.
    #[serde(default)]
    pub payment: Option<ProviderReference>,
    /// The payment rail's own number, where it is known.
    pub rail_reference: Option<String>,
    /// Of a refund: the provider reference of the collection that was paid.
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
            payment: None,
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
        /// Sets the provider's name for the payment made on the order.
        with_payment(payment: ProviderReference);
        /// Sets the payment rail's own number.
        with_rail_reference(rail_reference: impl Into<String>);
        /// Sets the provider reference of the collection that a refund belongs to.
        with_original(original: ProviderReference);
    }
}

/// The result of a look-up. `Absent` is a response, not a proof that no money moved: only the
/// [`Guarantees`](crate::Guarantees) and time can make it one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Found<T> {
    /// The provider knows the order.
    Found(T),
    /// A genuine response says that the provider knows no such order.
    Absent(ProviderResponse),
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
    fn the_digest_covers_every_part_and_is_stable() {
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
    fn only_its_own_account_and_form_may_send_it() {
        let one = prepared("{}");
        let (operation, account) = (Operation::Collection, one.merchant_account.clone());
        assert!(one.check(operation, &account, 1, true).is_ok());
        let mut other = account.clone();
        other.account.push('9');
        for refused in [
            one.check(operation, &other, 1, true),
            one.check(operation, &account, 2, true),
            one.check(operation, &account, 1, false),
        ] {
            let error = refused.unwrap_err();
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
            assert!(error.to_string().starts_with("this collection was prepared for another"));
        }
    }

    #[test]
    fn debug_shows_no_body() {
        assert!(!format!("{:?}", prepared("Maria")).contains("Maria"));
    }
}
