//! Notifications that a provider sends, and what they prove.

use crate::{
    collected::IncomingPayment,
    error::Result,
    observation::{Observation, Payout, Refund},
    order_id::OrderId,
    status::CollectionStatus,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A notification as it arrived. `target` is its path and query, which no signature covers.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookRequest {
    /// Path and query.
    pub target: http::Uri,
    /// Headers.
    pub headers: http::HeaderMap,
    /// The bytes, untouched.
    pub body: Bytes,
}

impl WebhookRequest {
    /// A notification as it arrived.
    #[must_use]
    pub fn new(target: http::Uri, headers: http::HeaderMap, body: Bytes) -> Self {
        Self { target, headers, body }
    }
}

impl fmt::Debug for WebhookRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookRequest({}, {} bytes)", self.target.path(), self.body.len())
    }
}

/// The outcome of receiving a notification. It decides the acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an adapter must have an answer to each")]
pub enum Handling {
    /// It is stored durably: the provider may forget it.
    Stored,
    /// It did not verify.
    Rejected,
    /// It could not be stored now: the provider should send it again.
    Busy,
}

/// Something that happened at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notification {
    /// A payout changed.
    Payout(Payout),
    /// A collection changed.
    Collection(Observation<CollectionStatus>),
    /// A static code was paid.
    IncomingPayment(IncomingPayment),
    /// A refund changed.
    Refund(Refund),
    /// Genuine, but it does not identify an order; only the journal can match it.
    Unmatched {
        /// What it reports, with the provider's own text as status.
        observation: Observation<String>,
    },
}

impl Notification {
    /// The semantic key: two notifications with the same key say the same. It is made of kind,
    /// order id, provider reference, status and amount, and holds no personal data.
    ///
    /// Times of notifications are not checked, and a provider may send one again after days: keep the
    /// keys of those that were handled as long as the orders themselves.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Payout(o) => key("payout", o, o.status.as_str()),
            Self::Collection(o) => key("collection", o, o.status.as_str()),
            Self::IncomingPayment(incoming_payment) => key(
                "incoming_payment",
                &incoming_payment.observation,
                incoming_payment.observation.status.as_str(),
            ),
            Self::Refund(o) => key("refund", o, o.status.as_str()),
            Self::Unmatched { observation: o } => key("unmatched", o, &o.status),
        }
    }

    /// The order that it names, to be looked up; `None` of a payment of a static code whose message
    /// repeats no order id of ours.
    #[must_use]
    pub const fn order_id(&self) -> Option<&OrderId> {
        match self {
            Self::Payout(o) => o.order_id.as_ref(),
            Self::Collection(o) => o.order_id.as_ref(),
            Self::IncomingPayment(payment) => payment.observation.order_id.as_ref(),
            Self::Refund(o) => o.order_id.as_ref(),
            Self::Unmatched { observation: o } => o.order_id.as_ref(),
        }
    }
}

fn key<S>(kind: &str, said: &Observation<S>, status: &str) -> String {
    let order = said.order_id.as_ref().map_or("", |id| id.as_str());
    let reference = said.provider_reference.as_ref().map_or("", |r| r.as_str());
    let amount = said.amount.as_ref().map(ToString::to_string).unwrap_or_default();
    // A status may be any text: it is quoted, so that no two meanings share a key.
    format!("{kind} {order} {reference} {status:?} {amount}")
}

/// How much a notification proves. Evidence may end an order. A hint ends nothing, whatever status
/// it reports: it is a reason to look the order up once, and the answer to that look-up counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a reader must weigh each")]
pub enum Authenticity {
    /// Its bytes were signed, and it names this merchant account or was signed with a key that
    /// only this account has: evidence.
    Signed,
    /// Its bytes were signed with a key that signs for other merchants too, and it names no
    /// account: a hint. Order ids can be computed, so another merchant can cause one that names
    /// ours.
    SharedKey,
    /// It carried a token that is always the same: a hint.
    SharedToken,
}

impl Authenticity {
    /// Whether it is evidence. Everything else is a hint.
    #[must_use]
    pub const fn is_evidence(self) -> bool {
        matches!(self, Self::Signed)
    }
}

/// What was read from bytes that passed verification. Only [`signed`](Self::signed) and
/// [`token`](Self::token) make one: the bytes that passed are the bytes that are parsed.
///
/// ```
/// use tulay_core::{Authenticity, Verified};
/// let read = Verified::signed(b"paid", |_| Ok(()), |bytes| Ok(bytes.len()))?;
/// assert_eq!((*read.get(), read.authenticity()), (4, Authenticity::Signed));
/// # Ok::<_, tulay_core::Error>(())
/// ```
/// ```compile_fail
/// use tulay_core::{Authenticity, Verified};
/// let forged = Verified { value: 4, authenticity: Authenticity::Signed };
/// ```
#[derive(Clone, Debug)]
pub struct Verified<T> {
    value: T,
    authenticity: Authenticity,
}

impl<T> Verified<T> {
    /// Verifies a signature over the message, then parses the same message.
    ///
    /// # Errors
    /// Whatever `verify` or `parse` return; nothing is parsed that did not verify.
    pub fn signed(
        message: &[u8],
        verify: impl FnOnce(&[u8]) -> Result<()>,
        parse: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<Self> {
        verify(message)?;
        Ok(Self { value: parse(message)?, authenticity: Authenticity::Signed })
    }

    /// Checks a constant token beside the message, then parses the message: a hint.
    ///
    /// # Errors
    /// Whatever `check` or `parse` return; nothing is parsed without the token.
    pub fn token(
        message: &[u8],
        check: impl FnOnce() -> Result<()>,
        parse: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<Self> {
        check()?;
        Ok(Self { value: parse(message)?, authenticity: Authenticity::SharedToken })
    }

    /// The same as a hint: the message was signed with a key that signs for other merchants too,
    /// and names no account. What was a hint before stays the hint it was.
    ///
    /// ```
    /// use tulay_core::{Authenticity, Verified};
    /// let read = Verified::signed(b"paid", |_| Ok(()), |bytes| Ok(bytes.len()))?.as_hint();
    /// assert_eq!(read.authenticity(), Authenticity::SharedKey);
    /// assert_eq!(read.evidence(), None);
    /// # Ok::<_, tulay_core::Error>(())
    /// ```
    #[must_use]
    pub fn as_hint(mut self) -> Self {
        if self.authenticity.is_evidence() {
            self.authenticity = Authenticity::SharedKey;
        }
        self
    }

    /// What was read, whatever it proves.
    #[must_use]
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// What was read, where it is evidence; `None` for a hint.
    #[must_use]
    pub const fn evidence(&self) -> Option<&T> {
        if self.authenticity.is_evidence() { Some(&self.value) } else { None }
    }

    /// How much it proves.
    #[must_use]
    pub const fn authenticity(&self) -> Authenticity {
        self.authenticity
    }

    /// What was read, by value.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error, ErrorKind, Operation, PayoutStatus, ProviderReference, StatedAmount,
        money::{Currency, Money},
    };
    use std::cell::Cell;

    #[test]
    fn nothing_is_parsed_that_did_not_verify() {
        let parsed = Cell::new(false);
        let refused = Verified::signed(
            b"x",
            |_| Err(Error::new(Operation::Notification, ErrorKind::Signature, "no")),
            |_| {
                parsed.set(true);
                Ok(())
            },
        );
        assert!(refused.is_err() && !parsed.get());
    }

    #[test]
    fn equal_notifications_have_equal_keys() {
        let said = |status, minor| {
            let mut payout = Payout::new(status);
            payout.order_id = Some(OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap());
            payout.provider_reference = Some(ProviderReference::new("2024").unwrap());
            payout.amount = Some(StatedAmount::known(Money::from_minor(minor, Currency::PHP)));
            Notification::Payout(payout).key()
        };
        assert_eq!(said(PayoutStatus::Failed, 1), said(PayoutStatus::Failed, 1));
        assert_ne!(said(PayoutStatus::Failed, 1), said(PayoutStatus::Succeeded, 1));
        assert_ne!(said(PayoutStatus::Failed, 1), said(PayoutStatus::Failed, 2));
    }

    #[test]
    fn a_hint_stays_a_hint() {
        let signed = Verified::signed(b"x", |_| Ok(()), |_| Ok(7)).unwrap();
        assert_eq!((signed.authenticity(), signed.evidence()), (Authenticity::Signed, Some(&7)));
        let token = Verified::token(b"x", || Ok(()), |_| Ok(7)).unwrap();
        for (read, expected) in [
            (signed.clone().as_hint(), Authenticity::SharedKey),
            (signed.as_hint().as_hint(), Authenticity::SharedKey),
            (token.clone().as_hint(), Authenticity::SharedToken),
            (token, Authenticity::SharedToken),
        ] {
            assert_eq!((read.authenticity(), read.evidence()), (expected, None));
            assert_eq!(*read.get(), 7);
        }
    }
}
