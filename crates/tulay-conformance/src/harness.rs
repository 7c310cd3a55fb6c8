//! The platform's side, which an adapter's author writes from the platform's documents.

use crate::{
    any_status::AnyStatus,
    case::{Ask, Case},
    request::sample,
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::{
    AdapterContext, Corridor, Guarantees, Handling, Lookup, Money, Operation, PayoutRequest,
    PayoutStatus, Provider, Request, WebhookRequest,
};

/// The platform's side of one adapter. It is written from the platform's documents and shares no
/// code with the adapter: the suite cannot find an error that both have in common.
///
/// It must not use randomness, the clock or the environment. Keys are test keys.
pub trait Harness: Send + Sync + 'static {
    /// The adapter under test, with an account where everything is enabled. The harness gives the
    /// secrets: the context's `secrets` has none.
    fn provider(&self, context: AdapterContext) -> Arc<dyn Provider>;

    /// The same under other guarantees; `None` where the guarantees are no setting.
    fn with_guarantees(
        &self,
        context: AdapterContext,
        guarantees: Guarantees,
    ) -> Option<Arc<dyn Provider>>;

    /// The adapter with everything disabled that can be: in production, with no assumption
    /// accepted. `None` where everything is always enabled.
    fn switched_off(&self, context: AdapterContext) -> Option<Arc<dyn Provider>>;

    /// A payout that fits the corridor. Names, accounts and remarks are made up, of at least six
    /// characters, and nothing that could stand in a message by chance.
    fn request(&self, corridor: &Corridor) -> PayoutRequest;

    /// A collection, static code or refund that fits the corridor, as [`request`](Self::request)
    /// gives payouts. The sample names no bank or wallet: a corridor that needs one wants a
    /// request of the harness's own.
    fn other_request(&self, operation: Operation, corridor: &Corridor) -> Option<Request> {
        sample(operation, corridor)
    }

    /// Requests that do not fit what the platform documents, each with the field at fault: lengths,
    /// alphabets, banks. Limits that [`Corridor`] or core check already need not be repeated.
    fn misfits(&self) -> Vec<Misfit>;

    /// Reads a request as the platform does, its seal first.
    ///
    /// # Errors
    /// Why the platform would refuse it.
    fn read(&self, sent: &http::Request<Bytes>) -> Result<Reading, String>;

    /// Whether the platform can tell that a byte of a request's body was changed.
    fn requests_signed(&self) -> bool;

    /// Whether a request can make or change an order: one that only fetches a token cannot. A
    /// draft is an order, also before it is confirmed, since it can be by a late copy.
    fn orders(&self, sent: &http::Request<Bytes>) -> bool;

    /// What the platform answers; `None` where it cannot say such a thing in answer to this, as a
    /// code of the confirmation in answer to a draft.
    fn answer(&self, ask: &Ask<'_>, case: &Case) -> Option<http::Response<Bytes>>;

    /// How notifications prove where they come from; `None` where there are none.
    fn notifications(&self) -> Option<Sealed>;

    /// What the platform sends on its own about an order; `None` where it cannot say such a thing.
    /// Where no message ever names the account, [`Repeats::NoAccount`](crate::Repeats::NoAccount) is what
    /// it always says.
    fn notification(&self, about: &Lookup, case: &Case) -> Option<WebhookRequest>;

    /// The acknowledgement that the platform expects, byte for byte, as its documents print it.
    fn acknowledgement(&self, handling: Handling) -> http::Response<Bytes>;

    /// The text that is signed in an answer's or notification's body.
    fn signed_text(&self, body: &Bytes) -> Option<String>;

    /// The body with this text in the signed one's place, the signature as it was.
    fn with_signed_text(&self, body: &Bytes, text: &str) -> Bytes;

    /// Every code that the platform documents for this operation, and what it proves. It is read
    /// off the documents, code by code; where they are vague, a code proves nothing.
    fn codes(&self, operation: Operation) -> Vec<Code>;

    /// Every word that the platform documents for the state of a payout, and what it means. The
    /// first is the one that follows acceptance.
    fn statuses(&self) -> Vec<(String, PayoutStatus)>;

    /// The same for the state of a collection (`Collection`), a static code (`StaticCode`), one of its
    /// payments (`StaticCodePayments`) or a refund (`Refund`), as far as there are any.
    fn other_statuses(&self, _: Operation) -> Vec<(String, AnyStatus)> {
        Vec::new()
    }

    /// The secrets that [`provider`](Self::provider) was made with, in every form they have: none
    /// may be printed anywhere.
    fn planted(&self) -> Vec<String>;
}

/// How notifications prove where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "as Authenticity")]
pub enum Sealed {
    /// Their bytes are signed.
    Signed,
    /// They carry a token that is always the same.
    Token,
}

/// A request as the platform reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// All that was sent but for time stamp and signature: method, path, members, each text as it
    /// means, without escapes.
    pub content: String,
    /// The time stamp, where requests have one.
    pub time_stamp: Option<String>,
    /// What would be paid out, collected or given back, read as the platform does.
    pub pays: Option<Money>,
}

impl Reading {
    /// A request without time stamp that moves nothing.
    #[must_use]
    pub fn new(content: impl Into<String>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Names the time stamp.
    #[must_use]
    pub fn stamped(mut self, time_stamp: impl Into<String>) -> Self {
        self.time_stamp = Some(time_stamp.into());
        self
    }

    /// Names what would be paid out, collected or given back.
    #[must_use]
    pub fn paying(mut self, money: Money) -> Self {
        self.pays = Some(money);
        self
    }
}

/// A code of the platform's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// As the platform writes it.
    pub code: String,
    /// What it proves.
    pub proves: Proves,
}

impl Code {
    /// A code and what it proves.
    #[must_use]
    pub fn new(code: impl Into<String>, proves: Proves) -> Self {
        Self { code: code.into(), proves }
    }
}

/// What a code proves about the call that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an author must have weighed each")]
pub enum Proves {
    /// The call was carried out; the same response has the order's status.
    Success,
    /// This copy moved nothing and never will.
    Rejection,
    /// The same, for its content alone: every copy would be refused.
    PermanentRejection,
    /// The id was seen before; nothing else.
    Duplicate,
    /// This beneficiary was paid too recently; nothing else.
    Spacing,
    /// There is no such order. Only of a look-up.
    Absent,
    /// Nothing: generic codes, codes with two meanings, "busy", "in process".
    Nothing,
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
