//! The platform's side, which an adapter's author writes from the platform's documents.

use crate::{
    any_status::AnyStatus,
    case::{Ask, Case},
};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tulay_core::{
    AdapterContext, Corridor, Guarantees, Handling, Lookup, Money, Operation, Provider, Request,
    WebhookRequest,
};

/// The platform's side of one adapter. It is written from the platform's documents and shares no
/// code with the adapter: the suite cannot find an error that both have in common.
///
/// It must not use randomness, the clock or the environment. Keys are test keys.
pub trait Harness: Send + Sync + 'static {
    /// The adapter under test, with an account where everything is enabled. The harness gives the
    /// secrets: the context's `secrets` has none.
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider>;

    /// The same under other guarantees; `None` if the guarantees are not a setting.
    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>>;

    /// The adapter in production with no assumption accepted, so that everything that can be disabled
    /// is. `None` if everything is always enabled.
    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>>;

    /// A request for a payout, collection, static code or refund (`operation`) that fits the
    /// corridor; `None` for an operation that the platform does not have. Names, accounts and remarks
    /// are invented, have at least six characters, and do not occur in a message by chance.
    ///
    /// [`sample`](crate::sample) has plain collections, static codes and refunds.
    fn request(&self, operation: Operation, corridor: &Corridor) -> Option<Request>;

    /// Requests that do not fit what the platform documents, each with the field at fault: lengths,
    /// alphabets, banks. Limits that [`Corridor`] or core check already need not be repeated.
    fn misfits(&self) -> Vec<Misfit>;

    /// Reads a request as the platform does: first the signature or token.
    ///
    /// # Errors
    /// Why the platform would reject it.
    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String>;

    /// Whether the platform detects a changed byte in the body of a request.
    fn requests_signed(&self) -> bool;

    /// Whether a request can make or change an order; one that only fetches a token cannot. A draft
    /// is an order even before it is confirmed, since a late copy can confirm it.
    fn orders(&self, sent: &http::Request<Bytes>) -> bool;

    /// The platform's response; `None` if it cannot give such a response to this request, as a code
    /// of the confirmation in response to a draft.
    ///
    /// A call of several requests is answered request by request. Each answer repeats what
    /// [`Repeats`](crate::Repeats) says, or is `None` if this answer never has that part: a draft
    /// that names no amount cannot name another one. An answer that has no status, as that to a
    /// draft, is the same for every status.
    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>>;

    /// How notifications prove their origin; `None` if there are none. Where two keys or tokens can
    /// be configured at once, [`provider`](Self::provider) configures two.
    fn notifications(&self) -> Option<Sealed>;

    /// The platform's notification about an order; `None` if it cannot send such a notification. If
    /// no message ever names the account, every notification is
    /// [`Repeats::NoAccount`](crate::Repeats::NoAccount).
    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest>;

    /// The acknowledgement that the platform expects, byte for byte, as its documents print it.
    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes>;

    /// The signed text in the body of a response or notification.
    fn signed_text(&self, body: &Bytes) -> Option<String>;

    /// The body with this text in place of the signed text, and the same signature.
    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes;

    /// Every code that the platform documents for this operation, and what it proves. It comes from
    /// the documents, code by code. If they are vague, a code proves nothing. A code that means
    /// something else in each request of a call has a row for each ([`Code::in_step`]).
    fn codes(&self, operation: Operation) -> Vec<Code>;

    /// Every status text that the platform documents for a payout (`Payout`), a collection
    /// (`Collection`), a static code (`StaticCode`), a payment of one (`StaticCodePayments`) or a
    /// refund (`Refund`), and its meaning. The first is the status after acceptance. Empty for what
    /// the platform does not have.
    fn statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)>;

    /// Every status text of a notification about a payout (`Payout`), a collection (`Collection`), a
    /// payment of a static code (`StaticCodePayments`) or a refund (`Refund`), and its meaning there;
    /// empty if none is notified. It is a list of its own: many platforms notify the ends alone, and
    /// a word may mean less in a notification, such as a failed attempt to pay an order that stays
    /// open. Where the event's name says it, that is the text.
    fn notified_statuses(&self, operation: Operation) -> Vec<(String, AnyStatus)>;

    /// The secrets of [`provider`](Self::provider), in all their forms: none may be printed
    /// anywhere.
    fn planted(&self) -> Vec<String>;
}

/// How notifications prove their origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "as Authenticity")]
pub enum Sealed {
    /// Their bytes are signed with a key that signs for every merchant of the platform.
    Signed,
    /// Their bytes are signed with a key that only this account has, such as the secret of its
    /// webhook. [`Seal::OtherKey`](crate::Seal::OtherKey) is then that of another account.
    OwnKey,
    /// They carry a token that is always the same.
    Token,
}

/// A request as the platform reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// Everything that was sent except time stamp and signature: method, path, members, each text
    /// without escapes.
    pub content: String,
    /// The time stamp, if requests have one.
    pub time_stamp: Option<String>,
    /// The amount to be paid out, collected or refunded, read as the platform does.
    pub pays: Option<Money>,
    /// The instant until which the collection or static code can be paid, read as the platform does.
    pub until: Option<Timestamp>,
    /// How long it can be paid from its arrival on, where the platform is sent that.
    pub open_for: Option<SignedDuration>,
    /// The text by which the platform recognises a second copy of the same order: an idempotency
    /// key, or the reference, whichever the documents name. `None` for a request of a call that has
    /// no such text, such as a draft where only the confirmation takes a key; the guarantees then
    /// must not allow an order id to be sent again.
    pub held_against: Option<String>,
}

impl Reading {
    /// A request without time stamp that moves nothing.
    #[must_use]
    pub fn new(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Sets the time stamp.
    #[must_use]
    pub fn stamped(mut self, time_stamp: impl Into<String>) -> Self {
        self.time_stamp = Some(time_stamp.into());
        self
    }

    /// Sets the amount to be paid out, collected or refunded.
    #[must_use]
    pub fn paying(mut self, money: Money) -> Self {
        self.pays = Some(money);
        self
    }

    /// Sets the instant until which the collection or static code can be paid.
    #[must_use]
    pub const fn until(mut self, instant: Timestamp) -> Self {
        self.until = Some(instant);
        self
    }

    /// Sets how long the collection or static code can be paid, where the platform counts from the
    /// arrival of the request.
    #[must_use]
    pub const fn open_for(mut self, duration: SignedDuration) -> Self {
        self.open_for = Some(duration);
        self
    }

    /// Sets the text by which the platform recognises a second copy of the same order.
    #[must_use]
    pub fn held_against(mut self, text: impl Into<String>) -> Self {
        self.held_against = Some(text.into());
        self
    }
}

/// A code of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// As the platform writes it.
    pub code: String,
    /// What it proves about the request that it answers.
    pub proves: Proves,
    /// The request that it answers, counted from 1 in its call; `None`: any.
    pub step: Option<usize>,
    /// Whether a rejection of a later request also ends what the earlier ones made.
    pub ends_draft: bool,
}

impl Code {
    /// A code, and what it proves in response to any request of a call.
    #[must_use]
    pub fn new(code: impl Into<String>, proves: Proves) -> Self {
        Self { code: code.into(), proves, step: None, ends_draft: false }
    }

    /// Of this request of a call alone, counted from 1. It goes before a row for any request. For
    /// a request that no row is for, [`Harness::answer`] has no response with this code.
    #[must_use]
    pub const fn in_step(mut self, step: usize) -> Self {
        self.step = Some(step);
        self
    }

    /// A rejection that, in response to a later request of the call, also ends what the earlier ones
    /// made, by the documents: the draft can never be confirmed. Without that word the draft is
    /// still there, so that the rejection of its confirmation proves nothing about the order.
    #[must_use]
    pub const fn ends_draft(mut self) -> Self {
        self.ends_draft = true;
        self
    }
}

/// What a code proves about the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an author must have weighed each")]
pub enum Proves {
    /// The call was carried out; the same response has the order's status.
    Success,
    /// This copy moved no money and never will.
    Rejection,
    /// The same because of its content: every copy would be rejected.
    PermanentRejection,
    /// The id was seen before; nothing else.
    Duplicate,
    /// This beneficiary was paid too recently; nothing else.
    Spacing,
    /// There is no such order. Only in response to a look-up.
    Absent,
    /// Nothing: generic codes, codes with two meanings, "busy", "in process".
    Nothing,
}

impl Proves {
    pub(crate) const fn is_rejection(self) -> bool {
        matches!(self, Self::Rejection | Self::PermanentRejection)
    }
}

/// A request that does not fit, and the field at fault.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Misfit {
    /// As the error names it.
    pub field: &'static str,
    /// The request.
    pub request: Request,
}

impl Misfit {
    /// A request that does not fit, and the field at fault.
    #[must_use]
    pub fn new(field: &'static str, request: impl Into<Request>) -> Self {
        Self { field, request: request.into() }
    }
}
