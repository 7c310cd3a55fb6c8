//! Answers that are not the provider's: what came instead, and what may have sent it.

use http::{HeaderMap, StatusCode, Uri, header};
use tulay_core::{ContentKind, Error, ErrorKind, Operation, ProviderResponse};

/// The error of an answer that is not in the provider's form. It says the HTTP status, the content
/// type, what kind of content came, and what may have sent it; it repeats nothing of the content,
/// and of a redirect the host alone. The effect is `Unknown`.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use tulay_adapter::foreign::foreign;
/// use tulay_core::{Operation, ProviderResponse, Trust};
/// let page = "<html><body>Service Unavailable</body></html>".into();
/// let response = ProviderResponse::new(StatusCode::SERVICE_UNAVAILABLE, Trust::Channel, page);
/// let error = foreign("acme", Operation::Payout, &HeaderMap::new(), response);
/// assert_eq!(
///     error.to_string(),
///     "HTTP 503 with an HTML page instead of acme's answer: a proxy or firewall may have answered"
/// );
/// ```
#[must_use]
pub fn foreign(
    provider: &str,
    operation: Operation,
    headers: &HeaderMap,
    response: ProviderResponse,
) -> Error {
    let kind = match response.status {
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
        status if status.is_server_error() => ErrorKind::Unavailable,
        _ => ErrorKind::Unexpected,
    };
    let message = describe(provider, response.status, headers, &response.body);
    Error::new(operation, kind, message).with_response(response)
}

/// What came instead of an answer, and what may have sent it.
pub(crate) fn describe(
    provider: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> String {
    let content = ContentKind::of(body);
    let what = match (status.is_redirection(), content) {
        (true, _) => format!("a redirect{}", destination(headers)),
        (_, ContentKind::Json) => "JSON of another form".to_owned(),
        (_, ContentKind::Empty) => "an empty body".to_owned(),
        (_, content) => content.to_string(),
    };
    let media = media(headers).map(|media| format!(" ({media})")).unwrap_or_default();
    let code = status.as_u16();
    let cause = cause(status, content);
    format!("HTTP {code} with {what}{media} instead of {provider}'s answer: {cause}")
}

/// What may have sent it, and what to look at.
fn cause(status: StatusCode, content: ContentKind) -> &'static str {
    match (status.as_u16(), content) {
        (300..=399, _) => "base_url may be wrong, or a proxy may want a log-in",
        (407, _) => "the proxy wants a name and a password",
        (401 | 403, _) => "a proxy or firewall may have refused the call",
        (404 | 405 | 410, _) => "base_url or a path may be wrong",
        (429, _) => "too many requests",
        (_, ContentKind::Gzip | ContentKind::Zstd) => "compression was not requested",
        (500.., _) => "a proxy or firewall may have answered",
        (_, ContentKind::Html) => {
            "a proxy or firewall may have answered, or base_url leads to a web site"
        }
        (_, ContentKind::Empty | ContentKind::BrokenJson) => "the answer may have been cut short",
        _ => "base_url may lead to another system",
    }
}

/// The host that a redirect leads to. Paths and queries may hold what is personal.
fn destination(headers: &HeaderMap) -> String {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let uri: Option<Uri> = location.and_then(|location| location.parse().ok());
    match uri.as_ref().and_then(Uri::host) {
        Some(host) if is_plain(host) => format!(" to {host}"),
        _ => String::new(),
    }
}

/// The content type without its parameters, where it is a plain one.
fn media(headers: &HeaderMap) -> Option<&str> {
    let media = headers.get(header::CONTENT_TYPE)?.to_str().ok()?.split(';').next()?.trim();
    (media.contains('/') && is_plain(media)).then_some(media)
}

/// Whether a text from outside can be printed.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/+.-:[]".contains(&byte);
    (1..=80).contains(&text.len()) && text.bytes().all(plain)
}
