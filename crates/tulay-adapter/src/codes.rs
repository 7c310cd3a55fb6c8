//! A provider's result codes: one row for each documented code, what it means and what it proves.
//!
//! The rule of safety stands here, once: a code that is not listed proves nothing, and no code
//! proves anything when the server failed.

use crate::{
    foreign::foreign,
    json::{Members, Text, is_list, object},
    reply::Reply,
    request, trace,
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use std::{borrow::Cow, collections::BTreeMap};
use tulay_core::{
    AdapterContext, Country, Directory, Effect, Error, ErrorKind, Failure, Guarantees,
    InstitutionCode, InstitutionId, Operation, OrderId, ProviderResponse, Result, Trust,
};

/// What a code proves about the call that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a table must weigh each")]
pub enum Verdict {
    /// This copy was rejected. An earlier copy may live.
    Rejected,
    /// This copy was rejected for its content, so every copy of it would be.
    RejectedPermanently,
    /// Nothing.
    Nothing,
}

/// A documented code of a call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Row {
    /// The code as the provider writes it.
    pub code: &'static str,
    /// What it means.
    pub kind: ErrorKind,
    /// What it proves, where nothing about the operation says otherwise.
    pub verdict: Verdict,
    /// What it means, as a clause for people.
    pub text: &'static str,
}

impl Row {
    /// A row of a table.
    #[must_use]
    pub const fn new(
        code: &'static str,
        kind: ErrorKind,
        verdict: Verdict,
        text: &'static str,
    ) -> Self {
        Self { code, kind, verdict, text }
    }
}

/// Every documented code of a call, but for the one of success.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The provider's name, for messages.
    pub provider: &'static str,
    /// The code of a call that was carried out; `None` where such responses have no code.
    pub success: Option<&'static str>,
    /// One row for each code.
    pub rows: &'static [Row],
}

impl Table {
    /// The row of a code.
    #[must_use]
    pub fn row(&self, code: &str) -> Option<&'static Row> {
        self.rows.iter().find(|row| row.code == code)
    }

    /// One line for each row: the code, and kind, effect and permanence of the error that `error`
    /// makes of it. A snapshot of the lines shows what a change of the table does.
    pub fn lines(&self, error: impl Fn(ProviderResponse) -> Error) -> String {
        let line = |row: &Row| {
            let status = match self.success {
                Some(_) => StatusCode::OK,
                None => StatusCode::BAD_REQUEST,
            };
            let mut response = ProviderResponse::new(status, Trust::Signed, Bytes::new());
            response.code = Some(row.code.to_owned());
            let error = error(response);
            let permanent = if error.is_permanent() { "permanent" } else { "-" };
            format!("{} {} {} {permanent}", row.code, error.kind(), error.effect())
        };
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The error of a genuine response that does not say that the call was carried out: the row's
    /// verdict, as [`error_with`](Self::error_with). Where success has no code, the HTTP status says
    /// whether the call was carried out, so that a rejection counts with HTTP 4xx alone.
    pub fn error(&self, operation: Operation, response: ProviderResponse) -> Error {
        let by_status = self.success.is_none();
        self.error_with(operation, response, |row, response| {
            let counts = !by_status || response.status.is_client_error();
            if counts { row.verdict } else { Verdict::Nothing }
        })
    }

    /// The same where what a listed code proves depends on the operation or the response: `verdict`
    /// says it.
    ///
    /// The effect is `Rejected` only for a listed code whose verdict says so, in a response of a
    /// server that did not fail (HTTP 5xx); it is `Unknown` otherwise.
    pub fn error_with(
        &self,
        operation: Operation,
        response: ProviderResponse,
        verdict: impl FnOnce(&Row, &ProviderResponse) -> Verdict,
    ) -> Error {
        let Some(row) = self.row(response.code.as_deref().unwrap_or_default()) else {
            let message = match response.code.as_deref() {
                Some(code) if Some(code) == self.success => {
                    format!("it came with HTTP {}, and proves nothing", response.status.as_u16())
                }
                _ => "its documents do not list this code".to_owned(),
            };
            let error = Error::new(operation, ErrorKind::Unexpected, message);
            return error.with_response_from(self.provider, response);
        };
        // A server that failed may have failed after executing, whatever its body says.
        let verdict = match verdict(row, &response) {
            _ if response.status.is_server_error() => Verdict::Nothing,
            verdict => verdict,
        };
        let status = response.status.as_u16();
        let text = match (verdict, row.verdict) {
            _ if response.status.is_server_error() => {
                Cow::from(format!("{} (HTTP {status}: a failed server proves nothing)", row.text))
            }
            (Verdict::Nothing, Verdict::Rejected | Verdict::RejectedPermanently)
                if !response.status.is_success() =>
            {
                Cow::from(format!("{} (HTTP {status}, which proves nothing)", row.text))
            }
            _ => Cow::from(row.text),
        };
        let error = Error::new(operation, row.kind, text);
        let error = match verdict {
            Verdict::Rejected => error.with_effect(Effect::Rejected),
            Verdict::RejectedPermanently => error.with_effect(Effect::Rejected).with_permanent(),
            Verdict::Nothing => error,
        };
        error.with_response_from(self.provider, response)
    }

    /// Sends a request of a provider that signs no response, once, reads the response as
    /// [`open_unsigned`](Self::open_unsigned), and logs the exchange with the order that it is about.
    ///
    /// # Errors
    /// `Configuration`, `NotSent`, where there is no request; as [`request::send`] and
    /// [`open_unsigned`](Self::open_unsigned).
    pub async fn exchange(
        &self,
        context: &AdapterContext,
        operation: Operation,
        order_id: Option<&OrderId>,
        guarantees: &Guarantees,
        request: Result<Request<Bytes>, http::Error>,
        members: [&str; 2],
    ) -> Result<Reply> {
        let request = request::built(operation, request)?;
        let path = request.uri().path().to_owned();
        let response = request::send(context, operation, request).await?;
        let opened = self.open_unsigned(operation, guarantees, response, members);
        let order_id = order_id.map(OrderId::as_str);
        trace::exchange(self.provider, operation, &path, order_id, &opened);
        opened
    }

    /// Reads a response of a provider that signs none: only the channel vouches for it. The members
    /// hold code and words. A response of HTTP 2xx with the code of success, or without a code where
    /// success has none, says that the call was carried out; there it may be a list, which answers
    /// some look-ups.
    ///
    /// # Errors
    /// `Unexpected` for a body that is no object or list, or whose code is no text; `Signature` for
    /// another code where the guarantees do not trust unsigned or anonymous rejections; else as
    /// [`error`](Self::error).
    pub fn open_unsigned(
        &self,
        operation: Operation,
        guarantees: &Guarantees,
        http_response: Response<Bytes>,
        [code, message]: [&str; 2],
    ) -> Result<Reply> {
        let (parts, body) = http_response.into_parts();
        let mut response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
        if self.success.is_none() && parts.status.is_success() && is_list(&body) {
            let text = std::str::from_utf8(&body).ok().map(str::to_owned);
            return Ok(Reply::new(self.provider, operation, response, text));
        }
        let members: Option<Members<'_>> = object(&body);
        // `None` where the member is there and no text.
        let text = |name| {
            let Some(value) = members.as_ref()?.0.get(name) else { return Some(None) };
            let text: Option<Text<'_>> = serde_json::from_str(value.get()).ok()?;
            Some(text.map(Text::into_string))
        };
        let Some(code) = text(code) else {
            return Err(foreign(self.provider, operation, &parts.headers, response));
        };
        (response.code, response.message) = (code, text(message).flatten());
        let succeeded = response.code.as_deref() == self.success;
        if succeeded && parts.status.is_success() {
            let text = std::str::from_utf8(&body).ok().map(str::to_owned);
            return Ok(Reply::new(self.provider, operation, response, text));
        }
        let response = trusted_rejection(operation, guarantees, response)?;
        Err(self.error(operation, response))
    }

    /// Why an order failed, where the reasons are codes of a call.
    #[must_use]
    pub fn failure(&self, code: String) -> Failure {
        let mut failure =
            Failure::new(self.row(&code).map_or(ErrorKind::Unexpected, |row| row.kind));
        failure.code = Some(code);
        failure
    }
}

/// An answer that is no success, is not signed and names nothing that it answers: its code counts
/// only where the guarantees trust such rejections.
///
/// # Errors
/// `Signature`, `Unknown`, with the answer, where they do not.
pub(crate) fn trusted_rejection(
    operation: Operation,
    guarantees: &Guarantees,
    response: ProviderResponse,
) -> Result<ProviderResponse> {
    if guarantees.unsigned_rejections && guarantees.anonymous_rejections {
        return Ok(response);
    }
    let message = "the answer is not signed, and names nothing that it answers";
    Err(Error::new(operation, ErrorKind::Signature, message).with_response(response))
}

/// Why a transaction failed: a row of (code, meaning, words for people). The provider's own code
/// and words are kept; a code that is not listed is `Unexpected`.
#[must_use]
pub fn failure(
    rows: &[(&str, ErrorKind, &str)],
    code: Option<String>,
    message: Option<String>,
) -> Failure {
    let row = rows.iter().find(|(listed, ..)| Some(*listed) == code.as_deref());
    let mut failure = Failure::new(row.map_or(ErrorKind::Unexpected, |(_, kind, _)| *kind));
    failure.message = message.or_else(|| row.map(|(.., text)| (*text).to_owned()));
    failure.code = code;
    failure
}

/// A provider's codes for the banks and wallets of a country, of rows (neutral id, the provider's
/// code), as [`Capability::institutions`](tulay_core::Capability::institutions) lists them. A row
/// whose id is none is left out.
///
/// ```
/// use tulay_adapter::codes::institutions;
/// use tulay_core::Country;
/// let codes = institutions(Country::PH, &[("BOPIPHMM", "BPI"), ("gcash", "GCASH")]);
/// assert_eq!((codes.len(), &*codes[1].code), (2, "GCASH"));
/// ```
#[must_use]
pub fn institutions(country: Country, rows: &[(&str, &str)]) -> Vec<InstitutionCode> {
    let row = |(id, code): &(&str, &str)| {
        InstitutionId::new(*id).ok().map(|id| InstitutionCode::new(country, id, *code))
    };
    rows.iter().filter_map(row).collect()
}

/// The code that a configuration gives a bank or wallet, whichever of the neutral ids either is
/// named by: the default code of an institution whose code is configured may be another one's.
///
/// ```
/// use std::collections::BTreeMap;
/// use tulay_adapter::codes::configured;
/// use tulay_core::{Country, InstitutionId};
/// let id = |text: &str| InstitutionId::new(text);
/// let codes = BTreeMap::from([(id("gcash")?, "GCASH-2".to_owned())]);
/// assert_eq!(configured(Country::PH, &codes, &id("GXCHPHM2")?), Some("GCASH-2"));
/// assert_eq!(configured(Country::PH, &codes, &id("maya")?), None);
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[must_use]
pub fn configured<'a>(
    country: Country,
    codes: &'a BTreeMap<InstitutionId, String>,
    id: &InstitutionId,
) -> Option<&'a str> {
    let directory = Directory::of(country);
    let is_it = |other: &InstitutionId| directory.is_some_and(|known| known.are_one(other, id));
    let by_other_id = || codes.iter().find(|(other, _)| is_it(other)).map(|(_, code)| code);
    codes.get(id).or_else(by_other_id).map(String::as_str)
}
