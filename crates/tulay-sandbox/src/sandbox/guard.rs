//! Which requests may control a sandbox: those of programs that know its address, and none of web
//! pages, which can send to this machine under a name of their own.

use super::control;
use crate::kit::answers::says_json;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header, uri::Authority};
use std::net::IpAddr;
use tulay_core::BaseUrl;

/// The response to a request that may not control the sandbox at this origin.
pub(crate) fn refusal(request: &Request<Bytes>, origin: &str) -> Option<Response<Bytes>> {
    let headers = request.headers();
    let refuse = |status, message: &str| Some(control::error(status, message));
    if headers.contains_key(header::ORIGIN) {
        return refuse(StatusCode::FORBIDDEN, "web pages do not control a sandbox: send no Origin");
    }
    if !is_addressed(request, origin) {
        let message = "Host: expected localhost, a loopback address, or the sandbox's own address";
        return refuse(StatusCode::FORBIDDEN, message);
    }
    let is_text = request.method() == Method::PUT
        && request.uri().path().split('/').nth(3) == Some("merchants");
    let (is_typed, expected) = match is_text {
        true => (says_text(headers), "Content-Type: expected text/plain"),
        false => (says_json(headers), "Content-Type: expected application/json"),
    };
    match request.body().is_empty() || is_typed {
        true => None,
        false => refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, expected),
    }
}

/// Whether the request names this machine or the address that the sandbox listens on. Only a name
/// can be made to lead here by its owner, so any address is right where all are listened on.
fn is_addressed(request: &Request<Bytes>, origin: &str) -> bool {
    let named = |uri: &Uri| uri.host().map(str::to_owned);
    let host = match request.headers().get(header::HOST) {
        Some(host) => {
            let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
            authority.map(|authority| authority.host().to_owned())
        }
        None => named(request.uri()),
    };
    let Some(host) = host else { return false };
    let is_loopback = format!("http://{host}/").parse().is_ok_and(|uri| BaseUrl::allows(&uri));
    let own = origin.parse().ok().and_then(|origin| named(&origin));
    let address = |host: &str| host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
    let listens_on_all = own.as_deref().and_then(address).is_some_and(|own| own.is_unspecified());
    is_loopback || own.as_ref() == Some(&host) || (listens_on_all && address(&host).is_some())
}

fn says_text(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("text/plain"))
}
