//! Errors as JSON, and what is wrong with a request.

use serde::Serialize;
use std::{borrow::Cow, error, fmt};
use tulay_core::{Effect, Error, ErrorKind, Invalid, ProviderId};

/// One mistake in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The member, dotted where it lies deeper: `payer.mobile`; empty for the request as a whole.
    pub field: String,
    /// What is wrong: `expected a value`. It does not repeat the value; of an amount, date,
    /// reference or mobile number it may show the one that was probably meant.
    pub message: String,
}

impl FieldError {
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong with a request, in the order of its members; never empty. Nothing was
/// sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestErrors(Vec<FieldError>);

impl RequestErrors {
    /// The mistakes, at least one.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0
    }

    pub(super) fn new(errors: Vec<FieldError>) -> Self {
        Self(errors)
    }

    pub(super) fn one(error: FieldError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for RequestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&errors.join("; "))
    }
}

impl error::Error for RequestErrors {}

/// An error as the command prints it under `"error"`: one sentence, what it means for the money,
/// and what to do next. It holds neither personal data nor secrets.
///
/// ```
/// use tulay::json::{ErrorJson, PayoutRequestJson};
/// use tulay::PayoutRequest;
/// let errors = PayoutRequest::try_from(PayoutRequestJson::default()).unwrap_err();
/// let error = ErrorJson::from(&errors);
/// assert_eq!((error.code.as_ref(), error.field.as_deref()), ("request", Some("reference")));
/// assert_eq!(error.effect, Some(tulay::Effect::NotSent));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorJson {
    /// What failed: `request`, `provider`, `configuration`, …
    pub code: Cow<'static, str>,
    /// Why a call failed; `None` where no call did.
    pub kind: Option<ErrorKind>,
    /// What the call may have done; `None` where no call was made.
    pub effect: Option<Effect>,
    /// The provider that was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// One sentence for people.
    pub message: String,
    /// The member or field at fault, dotted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The line of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// All mistakes, where there may be several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineJson>,
    /// What to do next.
    pub next: Vec<String>,
}

/// One mistake of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineJson {
    /// The line of a file; `None` where it is not about a file.
    pub line: Option<u64>,
    /// The column or member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnJson>,
    /// What is wrong there.
    pub message: String,
}

/// A column of a table or member of an object by its name, or a column of a text by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum ColumnJson {
    /// By its name.
    Name(String),
    /// By its number, counted from 1.
    Number(usize),
}

impl ErrorJson {
    /// An error with its code and one sentence; the rest is set after.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            kind: None,
            effect: None,
            provider: None,
            message: message.into(),
            field: None,
            line: None,
            lines: Vec::new(),
            next: Vec::new(),
        }
    }

    /// Names the provider that was called.
    #[must_use]
    pub fn with_provider(mut self, provider: ProviderId) -> Self {
        self.provider = Some(provider);
        self
    }
}

/// A call that failed: its kind, its effect, and its sources in one sentence.
impl From<&Error> for ErrorJson {
    fn from(error: &Error) -> Self {
        let mut json = Self::new("provider", sentence(error));
        json.kind = Some(error.kind());
        json.effect = Some(error.effect());
        json.field = error.field().map(str::to_owned);
        json
    }
}

/// A request that was refused before anything was sent.
impl From<&RequestErrors> for ErrorJson {
    fn from(errors: &RequestErrors) -> Self {
        let mut json = Self::new("request", errors.to_string());
        json.kind = Some(ErrorKind::InvalidRequest);
        json.effect = Some(Effect::NotSent);
        let column = |error: &FieldError| Some(error.field.clone()).filter(|name| !name.is_empty());
        json.field = errors.errors().first().and_then(column);
        let line = |error: &FieldError| LineJson {
            line: None,
            column: column(error).map(ColumnJson::Name),
            message: error.message.clone(),
        };
        json.lines = errors.errors().iter().map(line).collect();
        json
    }
}

/// A value that does not fit. Nothing was sent.
impl From<Invalid> for ErrorJson {
    fn from(invalid: Invalid) -> Self {
        let mut json = Self::new("request", invalid.to_string());
        json.kind = Some(ErrorKind::InvalidRequest);
        json.effect = Some(Effect::NotSent);
        json.field = Some(invalid.field().to_owned());
        json
    }
}

impl From<Error> for ErrorJson {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<RequestErrors> for ErrorJson {
    fn from(errors: RequestErrors) -> Self {
        Self::from(&errors)
    }
}

/// An error and its sources.
pub(super) fn sentence(error: &(dyn error::Error + 'static)) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        // Some errors print their source themselves.
        if !sentence.ends_with(&text) {
            sentence.push_str(&format!(": {text}"));
        }
        source = cause.source();
    }
    sentence
}
