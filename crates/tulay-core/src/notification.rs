//! Notifications that a provider sends, and what they prove.

use crate::{
    collected::IncomingPayment,
    error::Result,
    guarantees::Echo,
    ids::{ProviderReference, Terminal},
    observation::{Observation, Payout, Refund},
    operation::Operation,
    order_id::OrderId,
    stated::StatedAmount,
    status::CollectionStatus,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
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
        // A part of its path may be a secret.
        write!(f, "WebhookRequest({} bytes)", self.body.len())
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
        /// What it reports, with the provider's own text as status. The payment rail's own number,
        /// where the message has one, may be all that it can be matched by.
        observation: Observation<String>,
        /// The terminal that it names.
        terminal: Option<Terminal>,
    },
    /// Genuine, but it cannot be read: of a form that this version does not know, or damaged before
    /// it was signed. It names no order. [`Webhooks::read`](crate::Webhooks::read) of a later version
    /// may read the stored body.
    Unreadable,
}

/// What is common to a payout, a collection, a refund and what is unmatched.
macro_rules! part {
    ($notification:ident, $part:ident) => {
        match $notification {
            Self::Payout(o) => o.$part.as_ref(),
            Self::Collection(o) => o.$part.as_ref(),
            Self::IncomingPayment(payment) => payment.observation.$part.as_ref(),
            Self::Refund(o) => o.$part.as_ref(),
            Self::Unmatched { observation: o, .. } => o.$part.as_ref(),
            Self::Unreadable => None,
        }
    };
}

impl Notification {
    /// The semantic key: two notifications with the same key say the same. It is made of kind,
    /// order id, provider reference, status and amount, and holds no personal data.
    ///
    /// Two payments of one sum may have one key where neither has a provider reference:
    /// [`Verified::dedupe_keys`] distinguishes them.
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
            Self::Unmatched { observation: o, .. } => key("unmatched", o, &o.status),
            Self::Unreadable => "unreadable".to_owned(),
        }
    }

    fn dedupe_key(&self, authenticity: Authenticity, message: &[u8; 32], place: usize) -> [u8; 32] {
        let proof = if authenticity.is_evidence() { "evidence" } else { "hint" };
        let mut hash = Sha256::new();
        hash.update(b"tulay notification 1");
        for part in [proof, &self.key()] {
            hash.update(eight_bytes(part.len()));
            hash.update(part);
        }
        if !self.is_distinct() {
            hash.update(message);
            hash.update(eight_bytes(place));
        }
        hash.finalize().into()
    }

    /// The operation whose orders it is about; for a payment of a static code,
    /// [`StaticCode`](Operation::StaticCode). `None` for what is unmatched or unreadable.
    #[must_use]
    pub const fn about(&self) -> Option<Operation> {
        match self {
            Self::Payout(_) => Some(Operation::Payout),
            Self::Collection(_) => Some(Operation::Collection),
            Self::IncomingPayment(_) => Some(Operation::StaticCode),
            Self::Refund(_) => Some(Operation::Refund),
            Self::Unmatched { .. } | Self::Unreadable => None,
        }
    }

    /// The order that it names, to be looked up; `None` of a payment of a static code whose message
    /// repeats no order id of ours.
    #[must_use]
    pub const fn order_id(&self) -> Option<&OrderId> {
        part!(self, order_id)
    }

    /// The provider's own id of the order, as the message states it.
    #[must_use]
    pub const fn provider_reference(&self) -> Option<&ProviderReference> {
        part!(self, provider_reference)
    }

    /// The amount, as the message states it.
    #[must_use]
    pub const fn amount(&self) -> Option<&StatedAmount> {
        part!(self, amount)
    }

    /// Whether an equal key means the same event. The order id of a static code, or of what only the
    /// journal can match, may stand in the messages of several payments.
    const fn is_distinct(&self) -> bool {
        let has_order = matches!(self, Self::Payout(_) | Self::Collection(_) | Self::Refund(_))
            && self.order_id().is_some();
        has_order || self.provider_reference().is_some()
    }
}

fn eight_bytes(number: usize) -> [u8; 8] {
    u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes()
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
#[derive(Clone)]
pub struct Verified<T> {
    value: T,
    authenticity: Authenticity,
    /// SHA-256 over the bytes that were verified.
    message: [u8; 32],
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
        Ok(Self::new(parse(message)?, Authenticity::Signed, message))
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
        Ok(Self::new(parse(message)?, Authenticity::SharedToken, message))
    }

    fn new(value: T, authenticity: Authenticity, message: &[u8]) -> Self {
        Self { value, authenticity, message: Sha256::digest(message).into() }
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

    /// The same as a hint, unless the guarantees list the account among the echoes: without that,
    /// another merchant of the provider may have caused the message.
    ///
    /// ```
    /// use tulay_core::{Echo, Verified};
    /// let read = Verified::signed(b"paid", |_| Ok(()), |bytes| Ok(bytes.len()))?;
    /// assert_eq!(read.clone().bound_by(&[Echo::Account]).evidence(), Some(&4));
    /// assert_eq!(read.bound_by(&[Echo::OrderId, Echo::Amount]).evidence(), None);
    /// # Ok::<_, tulay_core::Error>(())
    /// ```
    #[must_use]
    pub fn bound_by(self, echoes: &[Echo]) -> Self {
        if echoes.contains(&Echo::Account) { self } else { self.as_hint() }
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

impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, authenticity, .. } = self;
        let mut verified = f.debug_struct("Verified");
        verified.field("value", value).field("authenticity", authenticity).finish()
    }
}

impl Verified<Vec<Notification>> {
    /// Of each notification of the message what an inbox keeps once: SHA-256 over the text `tulay
    /// notification 1`, the text `evidence` or `hint`, and its [`key`](Notification::key), each of the
    /// two after its length as 64 bits big-endian. A hint never stands in the way of the evidence that
    /// says the same.
    ///
    /// Two payers may pay the same sum. So where nothing distinguishes a notification from the next, as
    /// it has no provider reference and is no payout, collection or refund with an order id, two more
    /// parts follow: SHA-256 over the bytes that were verified, and its place in the message as 64 bits
    /// big-endian, from 0.
    ///
    /// ```
    /// use tulay_core::{Notification, Observation, Verified};
    /// let paid = Notification::Unmatched { observation: Observation::new("PAID".into()), terminal: None };
    /// let keys = |message| {
    ///     let read = Verified::signed(message, |_| Ok(()), |_| Ok(vec![paid.clone(), paid.clone()]))?;
    ///     Ok::<_, tulay_core::Error>(read.dedupe_keys())
    /// };
    /// assert_eq!(keys(b"from one")?, keys(b"from one")?);
    /// assert_ne!(keys(b"from one")?, keys(b"from another")?);
    /// assert_ne!(keys(b"from one")?[0], keys(b"from one")?[1]);
    /// # Ok::<_, tulay_core::Error>(())
    /// ```
    #[must_use]
    pub fn dedupe_keys(&self) -> Vec<[u8; 32]> {
        let all = self.value.iter().enumerate();
        all.map(|(place, it)| it.dedupe_key(self.authenticity, &self.message, place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error, ErrorKind, PayoutStatus,
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

    fn order_id() -> Option<OrderId> {
        OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").ok()
    }

    /// One of each kind, with the ids given.
    fn all(id: Option<OrderId>, reference: Option<&str>) -> [Notification; 5] {
        fn with<S>(status: S, ids: &(Option<OrderId>, Option<&str>)) -> Observation<S> {
            let mut observation = Observation::new(status);
            observation.order_id.clone_from(&ids.0);
            observation.provider_reference = ids.1.map(|r| ProviderReference::new(r).unwrap());
            observation.amount =
                Some(StatedAmount::known(Money::from_minor(10_000, Currency::PHP)));
            observation
        }
        let ids = &(id, reference);
        [
            Notification::Payout(with(PayoutStatus::Pending, ids)),
            Notification::Collection(with(CollectionStatus::Paid, ids)),
            Notification::Refund(with(crate::RefundStatus::Pending, ids)),
            Notification::IncomingPayment(IncomingPayment::new(with(CollectionStatus::Paid, ids))),
            Notification::Unmatched { observation: with("PAID".into(), ids), terminal: None },
        ]
    }

    #[test]
    fn hint_and_evidence_have_different_dedupe_keys() {
        for said in all(order_id(), Some("7001")) {
            let key = |authenticity| said.dedupe_key(authenticity, &[0; 32], 0);
            assert_ne!(key(Authenticity::Signed), key(Authenticity::SharedKey));
            assert_eq!(key(Authenticity::SharedToken), key(Authenticity::SharedKey));
        }
    }

    #[test]
    fn two_payers_of_one_sum_are_two() {
        let differ = |said: &Notification| {
            let key = |message, place| said.dedupe_key(Authenticity::Signed, &[message; 32], place);
            let (first, in_another, beside) = (key(1, 0), key(2, 0), key(1, 1));
            assert_eq!(first == in_another, first == beside);
            first != in_another
        };
        assert_eq!(all(None, None).map(|said| differ(&said)), [true; 5]);
        assert_eq!(all(None, Some("7001")).map(|said| differ(&said)), [false; 5]);
        // The id of a static code stands in the message of each of its payments.
        assert_eq!(all(order_id(), None).map(|s| differ(&s)), [false, false, false, true, true]);
        assert!(differ(&Notification::Unreadable));
    }

    #[test]
    fn dedupe_keys_are_pinned() {
        // Computed a second time, from the documentation alone.
        let [payout, .., unmatched] = all(order_id(), None);
        let hex = |key: [u8; 32]| key.map(|byte| format!("{byte:02x}")).concat();
        let keys = [
            payout.key(),
            hex(payout.dedupe_key(Authenticity::Signed, &[1; 32], 0)),
            hex(unmatched.dedupe_key(Authenticity::SharedKey, &[1; 32], 2)),
        ];
        insta::assert_snapshot!(keys.join("\n"), @r#"
        payout PCCT4DQCA7IYPBOIHLLI5GBEMB  "pending" PHP100.00
        72d944e90837c3e0f1ab7c1f4908476b75cedf4d91392ac258f5a996bf59eab1
        4f333ea3c922241613e8a893c81f7883124cee04fa8dc9d2d71d75e6882c3f22
        "#);
    }

    #[test]
    fn a_notification_says_what_it_is_about() {
        use Operation::{Collection, Payout, Refund, StaticCode};
        let said = all(order_id(), Some("7001"));
        let about = said.each_ref().map(Notification::about);
        assert_eq!(about, [Some(Payout), Some(Collection), Some(Refund), Some(StaticCode), None]);
        for said in said {
            assert_eq!(said.order_id(), order_id().as_ref());
            assert_eq!(said.provider_reference().map(ProviderReference::as_str), Some("7001"));
            let amount = said.amount().map(StatedAmount::all);
            assert_eq!(amount, Some(&[Money::from_minor(10_000, Currency::PHP)][..]));
        }
        let unreadable = Notification::Unreadable;
        assert_eq!(
            (unreadable.about(), unreadable.order_id(), unreadable.amount()),
            (None, None, None)
        );
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
