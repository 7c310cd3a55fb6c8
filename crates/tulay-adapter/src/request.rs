//! What every request is checked for, and how it leaves.

use crate::foreign::describe;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header, header::InvalidHeaderValue};
use tulay_core::{
    AdapterContext, Capability, Destination, Effect, Error, ErrorKind, Extras, Invalid, Operation,
    OrderId, PayoutRequest, ProviderReference, Result,
};

/// Refuses extras of this provider, for an adapter that knows none: `starpay.anything`. Extras of
/// other providers stay, as a payment may go to any of them.
///
/// # Errors
/// At `extras`.
pub fn no_extras(provider: &str, extras: &Extras) -> Result<(), Invalid> {
    let is_ours = |key: &String| key.strip_prefix(provider).is_some_and(|k| k.starts_with('.'));
    if extras.keys().any(is_ours) {
        let why = format!("there are no keys under `{provider}.`");
        return Err(Invalid::unsupported("extras", why));
    }
    Ok(())
}

/// A text on one line, of at most so many characters. It is refused and never cut: a cut name pays
/// someone else. An empty text is left out.
///
/// # Errors
/// At the field.
///
/// ```
/// use tulay_adapter::request::one_line;
/// assert_eq!(one_line("remark", Some("November"), 50), Ok(Some("November")));
/// assert_eq!(one_line("remark", Some(""), 50), Ok(None));
/// let error = one_line("remark", Some("two\nlines"), 50).unwrap_err();
/// assert_eq!(error.to_string(), "remark: expected at most 50 characters on one line");
/// ```
pub fn one_line<'a>(
    field: &'static str,
    text: Option<&'a str>,
    longest: usize,
) -> Result<Option<&'a str>, Invalid> {
    let fits = |text: &str| text.chars().count() <= longest && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(text) => {
            Err(Invalid::new(field, format!("at most {longest} characters on one line")))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

/// The provider's code of the bank or wallet that a payout goes to, and the account there.
///
/// # Errors
/// At `destination` where it is no account, at `institution` where the provider does not pay to it.
pub fn bank_account<'a>(
    provider: &str,
    payouts: &'a Capability,
    request: &'a PayoutRequest,
) -> Result<(&'a str, &'a str), Invalid> {
    let Destination::Bank { institution, account } = &request.destination else {
        return Err(Invalid::new("destination", "a bank account"));
    };
    let bank = payouts.institution_code(request.country, institution);
    let bank =
        bank.ok_or_else(|| Invalid::new("institution", format!("a bank that {provider} pays to")))?;
    Ok((bank, account.expose()))
}

/// Whether a JSON text is of this order: its first member has this name and is the order's id.
///
/// ```
/// use tulay_adapter::request::is_for;
/// use tulay_core::OrderId;
/// let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB")?;
/// assert!(is_for(r#"{"msgId":"PCCT4DQCA7IYPBOIHLLI5GBEMB","mchId":"1"}"#, "msgId", &order_id));
/// assert!(!is_for(r#"{"msgId":"PCCT4DQCA7IYPBOIHLLI5GBEMB7","mchId":"1"}"#, "msgId", &order_id));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[must_use]
pub fn is_for(body: &str, member: &str, order_id: &OrderId) -> bool {
    let rest = body
        .strip_prefix("{\"")
        .and_then(|rest| rest.strip_prefix(member))
        .and_then(|rest| rest.strip_prefix("\":\""))
        .and_then(|rest| rest.strip_prefix(order_id.as_str()));
    rest.is_some_and(|rest| rest.starts_with("\","))
}

/// The provider's own id of an order as a segment of a path, which it cannot change.
///
/// # Errors
/// `State`, `Unknown`, at `provider_reference`, where the id is not known or cannot stand in a path.
///
/// ```
/// use tulay_adapter::request::path_segment;
/// use tulay_core::{Operation, ProviderReference};
/// let (id, other) = (ProviderReference::new("D-7001")?, ProviderReference::new("../balance")?);
/// let segment = |id| path_segment("acme", Operation::PayoutFind, id);
/// assert_eq!(segment(Some(&id)).unwrap(), "D-7001");
/// assert!(segment(Some(&other)).is_err());
/// assert_eq!(segment(None).unwrap_err().field(), Some("provider_reference"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
pub fn path_segment<'a>(
    provider: &str,
    operation: Operation,
    id: Option<&'a ProviderReference>,
) -> Result<&'a str> {
    id.and_then(ProviderReference::path_segment).ok_or_else(|| {
        let message =
            format!("{provider}'s id of the order is not known, or cannot stand in a path");
        Error::new(operation, ErrorKind::State, message).with_field("provider_reference")
    })
}

/// An error of a request that the configuration or a key keeps from leaving.
pub fn not_sent(operation: Operation, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(operation, ErrorKind::Configuration, message).with_effect(Effect::NotSent)
}

/// A request, or the error of parts that make none.
///
/// # Errors
/// `Configuration`, `NotSent`.
pub(crate) fn built(
    operation: Operation,
    request: Result<Request<Bytes>, http::Error>,
) -> Result<Request<Bytes>> {
    request.map_err(|cause| {
        not_sent(operation, "base_url, path and keys make no request").with_source(cause)
    })
}

/// The request with the order id, whole, in a header: the key against duplicates. A call that has
/// none stays as it is.
///
/// # Errors
/// Never: an order id can stand in a header.
pub fn with_order_id(
    mut request: Request<Bytes>,
    header: &'static str,
    order_id: Option<&OrderId>,
) -> Result<Request<Bytes>, http::Error> {
    if let Some(order_id) = order_id {
        let value = HeaderValue::try_from(order_id.as_str())?;
        request.headers_mut().insert(header, value);
    }
    Ok(request)
}

/// A request with a JSON body, without anything that proves it.
///
/// # Errors
/// When the URL is none.
pub fn json(
    method: Method,
    url: String,
    body: impl Into<Bytes>,
) -> Result<Request<Bytes>, http::Error> {
    let request = Request::builder().method(method).uri(url);
    request.header(header::CONTENT_TYPE, "application/json").body(body.into())
}

/// A POST of a JSON body.
///
/// # Errors
/// `Configuration`, `NotSent`, where the URL is none.
pub fn post_json(operation: Operation, url: String, body: Bytes) -> Result<Request<Bytes>> {
    json(Method::POST, url, body).map_err(|cause| {
        not_sent(operation, "base_url and path make no address").with_source(cause)
    })
}

/// A GET.
///
/// # Errors
/// `Configuration`, `NotSent`, where the URL is none.
pub fn get(operation: Operation, url: String) -> Result<Request<Bytes>> {
    let request = Request::get(url).header(header::ACCEPT, "application/json").body(Bytes::new());
    request.map_err(|cause| {
        not_sent(operation, "base_url and path make no address").with_source(cause)
    })
}

/// The value of `Authorization` that is a bearer token (RFC 6750, section 2.1), which `Debug` does
/// not show.
///
/// # Errors
/// When the token cannot stand in a header.
pub fn bearer(token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The value of `Authorization` by HTTP Basic (RFC 7617, section 2), which `Debug` does not show.
/// Providers that take an API key take it as the user, with an empty password.
///
/// # Errors
/// Never: base64 can stand in a header.
///
/// ```
/// let value = tulay_adapter::request::basic("Aladdin", "open sesame")?;
/// assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// assert!(value.is_sensitive());
/// # Ok::<_, http::header::InvalidHeaderValue>(())
/// ```
pub fn basic(user: &str, password: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
    let mut value = HeaderValue::try_from(format!("Basic {pair}"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Sends a request, once. An adapter never sends it again: whether that is safe is not for it to
/// know.
///
/// # Errors
/// `Unreachable`, `NotSent`, where the transport vouches that no byte left; `Unavailable`,
/// `Unknown`, where the response was lost.
pub async fn send(
    context: &AdapterContext,
    operation: Operation,
    request: Request<Bytes>,
) -> Result<Response<Bytes>> {
    let response = context.transport.send(request).await;
    response.map_err(|failure| Error::transport(operation, failure))
}

/// Asks a URL whether the provider is there: any response of HTTP 2xx to a GET says so.
///
/// # Errors
/// As [`send`]; `Unavailable` for another response.
pub async fn check_health(provider: &str, context: &AdapterContext, url: String) -> Result<()> {
    let operation = Operation::Health;
    let request = get(operation, url)?;
    let response = send(context, operation, request).await?;
    if response.status().is_success() {
        return Ok(());
    }
    let message = describe(provider, response.status(), response.headers(), response.body());
    Err(Error::new(operation, ErrorKind::Unavailable, message))
}
