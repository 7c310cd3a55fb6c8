//! Responses of a provider that signs none, where each may hold several codes, or a code deeper in
//! the text. The adapter says where they are; what they prove is decided here and by the
//! [`Table`].

use crate::{
    codes::{Row, Table, Verdict, trusted_rejection},
    foreign::foreign,
    json::{IfText, Text, is_list, object},
    reply::Reply,
    request, trace,
};
use bytes::Bytes;
use http::{Request, Response};
use serde::Deserialize;
use tulay_core::{AdapterContext, Error, Guarantees, Operation, ProviderResponse, Result, Trust};

/// What a response says of its call.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters make it")]
pub enum Outcome<'a> {
    /// The call was carried out, if the HTTP status is 2xx too. The text holds the data.
    Done(&'a str),
    /// The call has these errors, at least one.
    Failed(Vec<Fault<'a>>),
}

/// One error of a response: `{"code":"…"}`, with the provider's words in `detail` or `message`.
/// `Debug` shows nothing of it.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct Fault<'a> {
    /// The code.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// The provider's words.
    #[serde(borrow, default)]
    pub detail: IfText<'a>,
    /// The provider's words, where they stand under this name.
    #[serde(borrow, default)]
    pub message: IfText<'a>,
}

/// Sends a request once, opens the response as [`open`], and logs the exchange.
///
/// # Errors
/// `Configuration`, `NotSent`, where there is no request; as [`request::send`] and [`open`].
pub async fn exchange(
    provider: &'static str,
    context: &AdapterContext,
    operation: Operation,
    guarantees: &Guarantees,
    request: Result<Request<Bytes>, http::Error>,
    read: impl FnOnce(&[u8]) -> Option<Outcome<'_>>,
    error: impl FnOnce(&[Fault<'_>], ProviderResponse) -> Error,
) -> Result<Reply> {
    let request = request::built(operation, request)?;
    let traced = trace::Traced::of(&request);
    let response = request::send(context, operation, request).await?;
    let opened = open(provider, operation, guarantees, response, read, error);
    traced.log(provider, operation, &opened);
    opened
}

/// Opens a response: `read` says what the body holds, `None` where it is not in the provider's form,
/// and `error` makes the error of its codes, mostly by [`Table::error_of`].
///
/// # Errors
/// That of [`foreign`] for a body in another form, for data without HTTP 2xx, and for no error at
/// all; `Signature`, `Unknown`, for errors where the guarantees do not trust unsigned or anonymous
/// rejections; else what `error` makes.
pub fn open(
    provider: &'static str,
    operation: Operation,
    guarantees: &Guarantees,
    http_response: Response<Bytes>,
    read: impl FnOnce(&[u8]) -> Option<Outcome<'_>>,
    error: impl FnOnce(&[Fault<'_>], ProviderResponse) -> Error,
) -> Result<Reply> {
    let (parts, body) = http_response.into_parts();
    let response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
    match read(&body) {
        Some(Outcome::Done(text)) if parts.status.is_success() => {
            Ok(Reply::new(provider, operation, response, Some(text.to_owned())))
        }
        Some(Outcome::Failed(faults)) if !faults.is_empty() => {
            Err(error(&faults, trusted_rejection(operation, guarantees, response)?))
        }
        _ => Err(foreign(provider, operation, &parts.headers, response)),
    }
}

/// Reads a body that lists its errors in the member `errors`, as [`Fault`]s; any other object, and a
/// list, which answers some look-ups, is data as a whole. It is the `read` of [`open`] for such a
/// provider.
#[must_use]
pub fn listed_errors(body: &[u8]) -> Option<Outcome<'_>> {
    #[derive(Deserialize)]
    struct Errors<'a> {
        #[serde(borrow)]
        errors: Option<Vec<Fault<'a>>>,
    }
    let text = std::str::from_utf8(body).ok()?;
    match object::<Errors<'_>>(body) {
        Some(Errors { errors: Some(faults) }) => Some(Outcome::Failed(faults)),
        Some(Errors { errors: None }) => Some(Outcome::Done(text)),
        None => is_list(body).then_some(Outcome::Done(text)),
    }
}

impl Table {
    /// The error of a response with these errors, of which each counts: the one that proves least
    /// gives code and words, and [`error`](Self::error) decides. `absent` has the codes that say
    /// that there is no such order, as
    /// [`NotFoundCodes::of`](crate::not_found::NotFoundCodes::of): in a look-up, each other code
    /// proves less.
    ///
    /// ```
    /// use tulay_adapter::{codes::{Row, Table, Verdict::{Nothing, Rejected}}, unsigned::Fault};
    /// use tulay_core::{Effect, ErrorKind as Kind, Operation, ProviderResponse, Trust};
    /// const CODES: Table = Table {
    ///     provider: "acme",
    ///     success: None,
    ///     rows: &[
    ///         Row::new("no_funds", Kind::Funds, Rejected, "the balance does not suffice"),
    ///         Row::new("busy", Kind::Unavailable, Nothing, "the system is busy"),
    ///     ],
    /// };
    /// let effect = |errors| {
    ///     let faults: Vec<Fault<'_>> = serde_json::from_str(errors).unwrap();
    ///     let status = http::StatusCode::BAD_REQUEST;
    ///     let response = ProviderResponse::new(status, Trust::Channel, bytes::Bytes::new());
    ///     CODES.error_of(Operation::Payout, &faults, &[], response).effect()
    /// };
    /// assert_eq!(effect(r#"[{"code":"no_funds"}]"#), Effect::Rejected);
    /// assert_eq!(effect(r#"[{"code":"no_funds"},{"code":"busy"}]"#), Effect::Unknown);
    /// ```
    pub fn error_of(
        &self,
        operation: Operation,
        faults: &[Fault<'_>],
        absent: &[&str],
        response: ProviderResponse,
    ) -> Error {
        let verdict = |row: &Row| if operation.writes() { row.verdict } else { Verdict::Nothing };
        self.error(operation, self.decided(faults, absent, verdict, response))
    }

    /// The response with code and words of the error that proves least, where what a listed code
    /// proves depends on the operation: `verdict` says it, as in
    /// [`error_with`](Self::error_with). In a look-up it must say `Nothing` of every code.
    #[must_use]
    pub fn decided(
        &self,
        faults: &[Fault<'_>],
        absent: &[&str],
        verdict: impl Fn(&Row) -> Verdict,
        mut response: ProviderResponse,
    ) -> ProviderResponse {
        let decisive = faults.iter().min_by_key(|fault| {
            let verdict = self.row(&fault.code.0).map(&verdict);
            let is_absent = absent.contains(&&*fault.code.0);
            match verdict {
                None | Some(Verdict::Nothing) if is_absent => 2,
                None => 0,
                Some(Verdict::Nothing) => 1,
                Some(Verdict::Rejected) => 3,
                Some(Verdict::RejectedPermanently) => 4,
            }
        });
        response.code = decisive.map(|fault| fault.code.0.to_string());
        let words = decisive.and_then(|fault| fault.detail.as_str().or(fault.message.as_str()));
        response.message = words.map(str::to_owned);
        response
    }
}
