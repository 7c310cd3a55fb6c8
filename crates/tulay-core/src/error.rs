//! The error of all calls, and the responses that it may carry.

use crate::{
    effect::{Effect, ErrorKind},
    ids::ProviderReference,
    invalid::{Invalid, Problem},
    operation::Operation,
    transport::{TransportError, TransportErrorKind},
};
use bytes::Bytes;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, error, fmt};

/// What most of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How far a response can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a reader must weigh each")]
pub enum Trust {
    /// Its signature verified.
    Signed,
    /// It came over TLS, unsigned.
    Channel,
}

/// A provider's response, kept as evidence. The body has personal data and is never printed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderResponse {
    /// HTTP status.
    pub status: http::StatusCode,
    /// The provider's code, as it wrote it.
    pub code: Option<String>,
    /// The provider's message. It may have personal data and is never printed.
    pub message: Option<String>,
    /// The id of the request that it responds to, if that is not the order's.
    pub message_id: Option<String>,
    /// How far it can be trusted.
    pub trust: Trust,
    /// All bytes of the body.
    pub body: Bytes,
}

impl ProviderResponse {
    /// A response without a code.
    #[must_use]
    pub fn new(status: http::StatusCode, trust: Trust, body: Bytes) -> Self {
        Self { status, code: None, message: None, message_id: None, trust, body }
    }

    /// The printable code, as [`Failure::shown_code`].
    #[must_use]
    pub fn shown_code(&self) -> &str {
        printable(self.code.as_deref())
    }
}

impl fmt::Debug for ProviderResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, code) = (self.status.as_u16(), self.shown_code());
        write!(f, "ProviderResponse(http {status}, code {code}, {:?})", self.trust)
    }
}

/// Why a transaction failed, as the provider reports it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// Our classification.
    pub kind: ErrorKind,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's message. It may have personal data and is never printed.
    pub message: Option<String>,
}

impl Failure {
    /// A failure of a kind, without the provider's code.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind, code: None, message: None }
    }

    /// The provider's code, if it is safe to print. `-` if there is none, `***` if it could be
    /// personal data.
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

/// Why a call failed, what it may have done, and what the provider returned.
///
/// `Display` writes one sentence: `starpay answered 412: a parameter is not valid` if a provider's
/// code is the reason, `amount: expected more than zero` if a value of the request is.
///
/// ```
/// use tulay_core::{Effect, Error, ErrorKind, Operation};
/// let lost = Error::new(Operation::Payout, ErrorKind::Unavailable, "no response");
/// assert_eq!(lost.effect(), Effect::Unknown); // without proof of another effect
///
/// let reading = Error::new(Operation::PayoutFind, ErrorKind::Unreachable, "refused")
///     .with_effect(Effect::NotSent);
/// assert_eq!(reading.effect(), Effect::Unknown); // a reading proves nothing
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    effect: Effect,
    operation: Operation,
    reason: Reason,
    wait: Option<SignedDuration>,
    permanent: bool,
    responder: Option<Cow<'static, str>>,
    response: Option<ProviderResponse>,
    provider_reference: Option<ProviderReference>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// The reason, without the provider's name.
#[derive(Debug)]
enum Reason {
    Message { text: Cow<'static, str>, field: Option<Cow<'static, str>> },
    Value(Invalid),
}

impl Error {
    /// An error whose effect is `Unknown`. For an operation that only reads, the effect stays
    /// `Unknown`. The message must have neither personal data nor secrets.
    #[must_use]
    pub fn new(
        operation: Operation,
        kind: ErrorKind,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::of(operation, kind, Reason::Message { text: message.into(), field: None })
    }

    /// A request with an invalid value; nothing was sent.
    #[must_use]
    pub fn invalid(operation: Operation, invalid: &Invalid) -> Self {
        Self::invalid_as(ErrorKind::InvalidRequest, operation, invalid)
    }

    /// A request with an invalid value, whose kind is not
    /// [`InvalidRequest`](ErrorKind::InvalidRequest): another provider may serve a bank that is
    /// [`Unsupported`](ErrorKind::Unsupported) here. Nothing was sent.
    #[must_use]
    pub fn invalid_as(kind: ErrorKind, operation: Operation, invalid: &Invalid) -> Self {
        Self::of(operation, kind, Reason::Value(invalid.clone())).with_effect(Effect::NotSent)
    }

    /// An operation that is not offered; nothing was sent.
    #[must_use]
    pub fn unsupported(operation: Operation, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(operation, ErrorKind::Unsupported, message).with_effect(Effect::NotSent)
    }

    /// A failure of the transport: `NotSent` if the transport guarantees it, else `Unknown`.
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
        let mut error = Self::new(operation, kind, message).with_effect(effect);
        error.0.source = Some(failure.source);
        error
    }

    /// Sets the effect. It is ignored for an operation that only reads, and where `NotSent` would
    /// contradict an order that the provider has named: see
    /// [`with_provider_reference`](Self::with_provider_reference).
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        let denies = effect == Effect::NotSent && self.0.provider_reference.is_some();
        if self.0.operation.writes() && !denies {
            self.0.effect = effect;
        }
        self
    }

    /// Keeps the provider reference of the order that a call of several steps created: an earlier
    /// step returned it, and a later step was lost, rejected or not understood. The next
    /// [`Lookup`](crate::Lookup) must carry it; some providers look an order up by nothing else.
    ///
    /// The effect becomes `Unknown`: something was sent, and a rejected step leaves the order of the
    /// step before it. If the provider documents that a rejection of this step also ends the order,
    /// the adapter sets the effect again *afterwards*, and then calls
    /// [`with_permanent`](Self::with_permanent) if it applies. `NotSent` cannot be set again.
    ///
    /// ```
    /// use tulay_core::{Effect, Error, Operation, ProviderReference, TransportError, TransportErrorKind};
    /// let draft = ProviderReference::new("D-7001")?; // from the response to the first step
    /// let second = TransportError::new(TransportErrorKind::NotSent, "connection refused");
    /// let error = Error::transport(Operation::Payout, second).with_provider_reference(draft);
    /// assert_eq!(error.effect(), Effect::Unknown);
    /// assert_eq!(error.provider_reference().map(|draft| draft.as_str()), Some("D-7001"));
    /// # Ok::<_, tulay_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn with_provider_reference(mut self, reference: ProviderReference) -> Self {
        self.0.provider_reference = Some(reference);
        self.0.effect = Effect::Unknown;
        self.0.permanent = false;
        self
    }

    /// Marks a rejection that depends only on the request's content: the same bytes would be
    /// rejected again.
    #[must_use]
    pub fn with_permanent(mut self) -> Self {
        self.0.permanent = true;
        self
    }

    /// Attaches the provider's response, as evidence.
    #[must_use]
    pub fn with_response(mut self, response: ProviderResponse) -> Self {
        self.0.response = Some(response);
        self
    }

    /// Attaches the provider's response, whose code is the reason. The sentence then begins with the
    /// provider and the code, and the message says what the code means.
    ///
    /// ```
    /// use tulay_core::{ProviderResponse, Error, ErrorKind, Operation, Trust};
    /// let mut answer = ProviderResponse::new(http::StatusCode::OK, Trust::Signed, Default::default());
    /// answer.code = Some("412".into());
    /// let error = Error::new(Operation::Payout, ErrorKind::InvalidRequest, "a parameter is not valid")
    ///     .with_response_from("starpay", answer);
    /// assert_eq!(error.to_string(), "starpay answered 412: a parameter is not valid");
    /// assert_eq!(
    ///     error.under_name("main").to_string(), // the provider's name in the configuration
    ///     "main answered 412: a parameter is not valid"
    /// );
    /// ```
    #[must_use]
    pub fn with_response_from(
        mut self,
        provider: impl Into<Cow<'static, str>>,
        response: ProviderResponse,
    ) -> Self {
        self.0.responder = Some(provider.into());
        self.with_response(response)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        let field = field.into();
        self.0.reason = match self.0.reason {
            Reason::Message { text, .. } => Reason::Message { text, field: Some(field) },
            Reason::Value(invalid) => Reason::Value(invalid.with_field(field)),
        };
        self
    }

    /// Sets the time after which the call may be repeated.
    #[must_use]
    pub fn with_retry_after(mut self, wait: SignedDuration) -> Self {
        self.0.wait = Some(wait);
        self
    }

    /// Attaches the cause, which must have neither personal data nor secrets.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
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
        match &self.0.reason {
            Reason::Message { field, .. } => field.as_deref(),
            Reason::Value(invalid) => Some(invalid.field()),
        }
    }

    /// What is wrong with the value of [`field`](Self::field), if a value of the request is
    /// invalid.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match &self.0.reason {
            Reason::Message { .. } => None,
            Reason::Value(invalid) => Some(invalid.problem()),
        }
    }

    /// The time after which the call may be repeated, if the provider states one.
    #[must_use]
    pub fn retry_after(&self) -> Option<SignedDuration> {
        self.0.wait
    }

    /// Whether the rejection depends on the request's content alone.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.0.permanent
    }

    /// The provider's id of the order that the call created, if an earlier step returned one.
    #[must_use]
    pub fn provider_reference(&self) -> Option<&ProviderReference> {
        self.0.provider_reference.as_ref()
    }

    /// The provider's response, if there was one.
    #[must_use]
    pub fn response(&self) -> Option<&ProviderResponse> {
        self.0.response.as_ref()
    }

    /// The adapter's name for the provider whose response is the reason.
    #[must_use]
    pub fn responder(&self) -> Option<&str> {
        self.0.responder.as_deref()
    }

    /// The sentence with the provider's name in the configuration: `main answered 412: …`, and
    /// `main: the provider could not be reached`.
    #[must_use]
    pub fn under_name<'a>(&'a self, provider: &'a str) -> impl fmt::Display + 'a {
        Named { error: self, provider }
    }

    fn of(operation: Operation, kind: ErrorKind, reason: Reason) -> Self {
        Self(Box::new(Inner {
            kind,
            effect: Effect::Unknown,
            operation,
            reason,
            wait: None,
            permanent: false,
            responder: None,
            response: None,
            provider_reference: None,
            source: None,
        }))
    }

    /// Writes the provider and its code.
    fn fmt_response(&self, f: &mut fmt::Formatter<'_>, provider: &str) -> fmt::Result {
        match self.response().map_or("-", ProviderResponse::shown_code) {
            "-" => write!(f, "{provider} answered without a code: "),
            code => write!(f, "{provider} answered {code}: "),
        }
    }

    fn fmt_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.reason {
            Reason::Message { text, .. } => f.write_str(text)?,
            Reason::Value(invalid) => write!(f, "{invalid}")?,
        }
        // Printed only while the effect is `NotSent`: for look-ups and later steps it would be
        // wrong.
        match (self.0.kind, self.0.effect) {
            (ErrorKind::Unreachable, Effect::NotSent) => f.write_str("; nothing was sent"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(responder) = self.responder() {
            self.fmt_response(f, responder)?;
        }
        self.fmt_reason(f)
    }
}

/// An error's sentence with another name of the provider.
struct Named<'a> {
    error: &'a Error,
    provider: &'a str,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error.responder() {
            Some(_) => self.error.fmt_response(f, self.provider)?,
            None => write!(f, "{}: ", self.provider)?,
        }
        self.error.fmt_reason(f)
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
    let code = code.filter(|code| !code.is_empty());
    code.map_or("-", |code| if is_plain_code(code) { code } else { "***" })
}

/// Whether a text is a code and cannot be an account or a person: at most 32 letters, digits, `-`
/// and `_`, and few digits.
pub(crate) fn is_plain_code(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=32).contains(&text.len()) && has_few_digits(text) && text.bytes().all(allowed)
}

/// Whether a text has fewer digits than an account or a phone: at most 6.
pub(crate) fn has_few_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() <= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_was_named_can_not_be_denied() {
        let named = || ProviderReference::new("D-7001").unwrap();
        let lost = || Error::new(Operation::Payout, ErrorKind::Unavailable, "lost");
        let refused = |effect| lost().with_effect(effect).with_provider_reference(named()).effect();
        assert_eq!(refused(Effect::NotSent), Effect::Unknown);
        assert_eq!(refused(Effect::Rejected), Effect::Unknown, "the draft is still there");
        let permanent =
            lost().with_effect(Effect::Rejected).with_permanent().with_provider_reference(named());
        assert!(!permanent.is_permanent());
        let documented = permanent.with_effect(Effect::Rejected).with_permanent();
        assert_eq!((documented.effect(), documented.is_permanent()), (Effect::Rejected, true));
        let later = lost().with_provider_reference(named()).with_effect(Effect::NotSent);
        assert_eq!(later.effect(), Effect::Unknown);
        assert_eq!(later.provider_reference(), Some(&named()));
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn the_sentence_is_made_of_its_parts() {
        let response = |code: Option<&str>| {
            let mut response =
                ProviderResponse::new(http::StatusCode::OK, Trust::Channel, Bytes::new());
            response.code = code.map(str::to_owned);
            response
        };
        let refused = || Error::new(Operation::Payout, ErrorKind::Funds, "the balance is short");
        for (error, sentence, renamed) in [
            (refused(), "the balance is short", "main: the balance is short"),
            (
                refused().with_response(response(Some("R1"))),
                "the balance is short",
                "main: the balance is short",
            ),
            (
                refused().with_response_from("acme", response(Some("R1"))),
                "acme answered R1: the balance is short",
                "main answered R1: the balance is short",
            ),
            (
                refused().with_response_from("acme", response(Some("Maria Santos"))),
                "acme answered ***: the balance is short",
                "main answered ***: the balance is short",
            ),
            (
                refused().with_response_from("acme", response(None)),
                "acme answered without a code: the balance is short",
                "main answered without a code: the balance is short",
            ),
            (
                Error::invalid(Operation::Payout, &Invalid::new("amount", "more than zero")),
                "amount: expected more than zero",
                "main: amount: expected more than zero",
            ),
        ] {
            assert_eq!(error.to_string(), sentence);
            assert_eq!(error.under_name("main").to_string(), renamed);
        }
    }

    #[test]
    fn an_invalid_value_is_separate_from_its_problem() {
        let invalid = Invalid::unsupported("remark", "codes carry none");
        let error = Error::invalid_as(ErrorKind::Unsupported, Operation::StaticCode, &invalid);
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
        assert_eq!(error.field(), Some("remark"));
        assert_eq!(error.problem(), Some(invalid.problem()));
        let renamed = error.with_field("note");
        assert_eq!(renamed.to_string(), "note: not supported here: codes carry none");
        assert_eq!(renamed.field(), Some("note"));
        let plain =
            Error::new(Operation::StaticCode, ErrorKind::State, "closed").with_field("status");
        assert_eq!((plain.field(), plain.problem()), (Some("status"), None));
    }

    #[test]
    fn nothing_was_sent_is_printed_for_not_sent_only() {
        let failed = |operation| {
            let kind = TransportErrorKind::NotSent;
            Error::transport(operation, TransportError::new(kind, "no such host"))
        };
        assert!(failed(Operation::Payout).to_string().ends_with("; nothing was sent"));
        for silent in
            [failed(Operation::PayoutFind), failed(Operation::Payout).with_effect(Effect::Unknown)]
        {
            assert_eq!(silent.to_string(), "the provider could not be reached");
        }
    }
}
