//! HTTP responses that are the same at every simulated provider.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use serde_json::json;

/// Whether a request says that its body is JSON.
pub(crate) fn says_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"))
}

/// A response with a text that is JSON already.
pub(crate) fn json_text(status: StatusCode, text: String) -> Response<Bytes> {
    typed(status, "application/json;charset=UTF-8", text.into())
}

/// The response of the server in front of the API to a method or path that the API does not have.
/// A path that is `known` takes POST alone.
pub(crate) fn page_not_found(request: &Request<Bytes>, known: bool) -> Response<Bytes> {
    let (status, error) = if known {
        (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    } else {
        (StatusCode::NOT_FOUND, "Not Found")
    };
    let path = request.uri().path();
    let page = json!({ "status": status.as_u16(), "error": error, "path": path });
    let mut answer = json_text(status, page.to_string());
    if known {
        answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    answer
}

/// A page of HTML, as gateways answer when the API behind them fails.
pub(crate) fn html(status: StatusCode, page: &'static str) -> Response<Bytes> {
    typed(status, "text/html", Bytes::from_static(page.as_bytes()))
}

/// A response with a body of this content type.
pub(crate) fn typed<B>(status: StatusCode, content_type: &'static str, body: B) -> Response<B> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
