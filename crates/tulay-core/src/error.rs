//! The one error of all calls, and the answers it may carry.

use crate::{
    effect::{Effect, ErrorKind},
    invalid::Invalid,
    operation::Operation,
    transport::{TransportError, TransportErrorKind},
    word::ProviderReference,
};
use bytes::Bytes;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, error, fmt};

/// What most of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How far an answer can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a reader must weigh each")]
pub enum Trust {
    /// Its signature verified.
    Signed,
    /// It came over TLS, unsigned.
    Channel,
}

/// What came back, kept as evidence. The body holds personal data and is never printed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// HTTP status.
    pub status: http::StatusCode,
    /// The provider's code, as it wrote it.
    pub code: Option<String>,
    /// The provider's words. They may name anything, and are therefore not printed either.
    pub message: Option<String>,
    /// The id of the message that was answered, where it is not the order's.
    pub message_id: Option<String>,
    /// How far it can be trusted.
    pub trust: Trust,
    /// The bytes, whole.
    pub body: Bytes,
}

impl Answer {
    /// An answer without a code.
    #[must_use]
    pub fn new(status: http::StatusCode, trust: Trust, body: Bytes) -> Self {
        Self { status, code: None, message: None, message_id: None, trust, body }
    }

    /// The code as it can be printed, as [`Failure::shown_code`].
    #[must_use]
    pub fn shown_code(&self) -> &str {
        printable(self.code.as_deref())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, code) = (self.status.as_u16(), self.shown_code());
        write!(f, "Answer(http {status}, code {code}, {:?})", self.trust)
    }
}

/// Why a transaction failed, by the provider's word.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Our classification.
    pub kind: ErrorKind,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's words; not printed, as they may name anything.
    pub message: Option<String>,
}

impl Failure {
    /// A failure of a kind, without the provider's code.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, code: None, message: None }
    }

    /// The provider's code, if it can be printed as it is: what comes from outside may hold
    /// anything. `-` without one, `***` for what cannot be shown.
    #[must_use]
    pub fn shown_code(&self) -> &str {
        printable(self.code.as_deref())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({}, code {})", self.kind, self.shown_code())
    }
}

/// Why a call failed, what it may have done, and what the provider said.
///
/// ```
/// use tulay_core::{Effect, Error, ErrorKind, Operation};
/// let lost = Error::new(Operation::Payout, ErrorKind::Unavailable, "no answer");
/// assert_eq!(lost.effect(), Effect::Unknown); // until something is proven
///
/// let reading = Error::new(Operation::PayoutFind, ErrorKind::Unreachable, "refused")
///     .effect_is(Effect::NotSent);
/// assert_eq!(reading.effect(), Effect::Unknown); // a reading proves nothing
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    effect: Effect,
    operation: Operation,
    message: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    wait: Option<SignedDuration>,
    stable: bool,
    answer: Option<Answer>,
    provider_reference: Option<ProviderReference>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl Error {
    /// An error whose effect is `Unknown`, and stays so, whatever is asked, when the operation
    /// only reads. The message must hold neither personal data nor secrets.
    #[must_use]
    pub fn new(
        operation: Operation,
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            effect: Effect::Unknown,
            operation,
            message: message.into(),
            field: None,
            wait: None,
            stable: false,
            answer: None,
            provider_reference: None,
            source: None,
        }))
    }

    /// A request that was found wanting before anything was sent.
    #[must_use]
    pub fn invalid(operation: Operation, invalid: &Invalid) -> Self {
        Self::new(operation, ErrorKind::InvalidRequest, invalid.to_string())
            .at(invalid.field.clone())
            .effect_is(Effect::NotSent)
    }

    /// An operation that is not offered; nothing was sent.
    #[must_use]
    pub fn unsupported(operation: Operation, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(operation, ErrorKind::Unsupported, message).effect_is(Effect::NotSent)
    }

    /// A transport's failure: `NotSent` where the transport vouches for it, else `Unknown`.
    #[must_use]
    pub fn transport(operation: Operation, failure: TransportError) -> Self {
        let (kind, effect, message) = match failure.kind {
            TransportErrorKind::NotSent => {
                (ErrorKind::Unreachable, Effect::NotSent, "the provider could not be reached")
            }
            TransportErrorKind::Timeout => {
                (ErrorKind::Unavailable, Effect::Unknown, "no answer within the time allowed")
            }
            TransportErrorKind::Interrupted => {
                (ErrorKind::Unavailable, Effect::Unknown, "the answer was lost or cut short")
            }
        };
        let mut error = Self::new(operation, kind, message).effect_is(effect);
        error.0.source = Some(failure.source);
        error
    }

    /// States the effect; ignored where the operation only reads, and where it would deny an order
    /// that the provider has named: see [`known_as`](Self::known_as).
    #[must_use]
    pub fn effect_is(mut self, effect: Effect) -> Self {
        let denies = effect == Effect::NotSent && self.0.provider_reference.is_some();
        if self.0.operation.writes() && !denies {
            self.0.effect = effect;
        }
        self
    }

    /// Keeps the provider's name for the order that a call of several steps left behind: an
    /// earlier step was answered with it, and a later one was lost, refused or not understood. It
    /// goes into the [`Lookup`](crate::Lookup) that the order is asked for with next; where an
    /// order can be asked for by that name alone, nobody could find it otherwise.
    ///
    /// Nothing about money is proven any more: `NotSent` becomes `Unknown`, since something was
    /// sent; and so does `Refused`, stable or not, since a refused step leaves the order of the
    /// step before, and what becomes of that is not said. An adapter whose provider documents that
    /// a refusal of this step ends the order too states the effect again *afterwards*, and
    /// [`stable`](Self::stable) after it where that holds; `NotSent` can not be stated again.
    ///
    /// ```
    /// use tulay_core::{Effect, Error, Operation, ProviderReference, TransportError, TransportErrorKind};
    /// let draft = ProviderReference::new("D-7001")?; // the first step's answer
    /// let second = TransportError::new(TransportErrorKind::NotSent, "connection refused");
    /// let error = Error::transport(Operation::Payout, second).known_as(draft);
    /// assert_eq!(error.effect(), Effect::Unknown);
    /// assert_eq!(error.provider_reference().map(|draft| draft.as_str()), Some("D-7001"));
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn known_as(mut self, reference: ProviderReference) -> Self {
        self.0.provider_reference = Some(reference);
        self.0.effect = Effect::Unknown;
        self.0.stable = false;
        self
    }

    /// Marks a refusal that depends on the request's content alone: the same bytes would be
    /// refused again.
    #[must_use]
    pub fn stable(mut self) -> Self {
        self.0.stable = true;
        self
    }

    /// Attaches what the provider answered.
    #[must_use]
    pub fn answered(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Says after which time it may be tried again.
    #[must_use]
    pub fn after(mut self, wait: SignedDuration) -> Self {
        self.0.wait = Some(wait);
        self
    }

    /// Attaches the cause, which must hold neither personal data nor secrets.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Why it failed.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What this call may have done.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// What was attempted.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// The field at fault, dotted.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// After which time it may be tried again, where the provider says so.
    #[must_use]
    pub fn wait(&self) -> Option<SignedDuration> {
        self.0.wait
    }

    /// Whether the refusal depends on the request's content alone.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.0.stable
    }

    /// The provider's name for the order that the call left behind, where an earlier step was
    /// answered with one.
    #[must_use]
    pub fn provider_reference(&self) -> Option<&ProviderReference> {
        self.0.provider_reference.as_ref()
    }

    /// What the provider answered, where it did.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        // Said only as long as it is the effect: of a reading, and of the second of two calls, it
        // would be a word about a payment that nobody can give.
        match (self.0.kind, self.0.effect) {
            (ErrorKind::Unreachable, Effect::NotSent) => f.write_str("; nothing was sent"),
            _ => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}

/// A code as it may be printed: what comes from outside may hold anything, an account number
/// included.
fn printable(code: Option<&str>) -> &str {
    const MOST_DIGITS: usize = 6;
    let plain = |code: &&str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        code.len() <= 32 && digits <= MOST_DIGITS && code.bytes().all(allowed)
    };
    let code = code.filter(|code| !code.is_empty());
    code.map_or("-", |code| Some(code).filter(plain).unwrap_or("***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_was_named_can_not_be_denied() {
        let named = || ProviderReference::new("D-7001").unwrap();
        let lost = || Error::new(Operation::Payout, ErrorKind::Unavailable, "lost");
        let refused = |effect| lost().effect_is(effect).known_as(named()).effect();
        assert_eq!(refused(Effect::NotSent), Effect::Unknown);
        assert_eq!(refused(Effect::Refused), Effect::Unknown, "the draft is still there");
        let stable = lost().effect_is(Effect::Refused).stable().known_as(named());
        assert!(!stable.is_stable());
        let documented = stable.effect_is(Effect::Refused).stable();
        assert_eq!((documented.effect(), documented.is_stable()), (Effect::Refused, true));
        let later = lost().known_as(named()).effect_is(Effect::NotSent);
        assert_eq!(later.effect(), Effect::Unknown);
        assert_eq!(later.provider_reference(), Some(&named()));
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn nothing_was_sent_is_said_only_as_long_as_it_is_the_effect() {
        let failed = |operation| {
            let kind = TransportErrorKind::NotSent;
            Error::transport(operation, TransportError::new(kind, "no such host"))
        };
        assert!(failed(Operation::Payout).to_string().ends_with("; nothing was sent"));
        for silent in
            [failed(Operation::PayoutFind), failed(Operation::Payout).effect_is(Effect::Unknown)]
        {
            assert_eq!(silent.to_string(), "the provider could not be reached");
        }
    }
}
