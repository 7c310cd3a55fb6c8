//! What is said of answers that are not the provider's.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;
use tulay_adapter::foreign::foreign;
use tulay_core::{Effect, Error, ErrorKind, Operation, ProviderResponse, Trust};

fn error(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Error {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        })
        .collect();
    let status = StatusCode::from_u16(status).unwrap();
    let response = ProviderResponse::new(status, Trust::Channel, body.to_vec().into());
    foreign("acme", Operation::Payout, &headers, response)
}

#[test]
fn the_cause_of_a_foreign_answer_is_named() {
    let html = ("content-type", "text/html; charset=utf-8");
    let json = ("content-type", "application/json");
    for (status, headers, body, what, cause, kind) in [
        (503, &[html][..], &b"<html>down</html>"[..], "an HTML page (text/html) with HTTP 503", "gateway may have answered", ErrorKind::Unavailable),
        (200, &[html], b"<!doctype html>log in", "an HTML page (text/html) with HTTP 200", "web site", ErrorKind::Unexpected),
        (403, &[html], b"<html>blocked</html>", "with HTTP 403", "firewall may have refused", ErrorKind::Unexpected),
        (407, &[], b"", "empty with HTTP 407", "the proxy wants", ErrorKind::Unexpected),
        (302, &[("location", "https://login.example.com/sso?user=Ana")], b"", "a redirect to login.example.com with HTTP 302", "log-in", ErrorKind::Unexpected),
        (301, &[("location", "/other?user=Ana")], b"moved", "a redirect with HTTP 301", "base_url", ErrorKind::Unexpected),
        (200, &[("content-encoding", "gzip"), json], b"\x1f\x8b\x08", "compressed data (gzip) (application/json) with HTTP 200", "not requested", ErrorKind::Unexpected),
        (200, &[], b"", "empty with HTTP 200", "cut short", ErrorKind::Unexpected),
        (504, &[("content-type", "text/plain")], b"upstream timed out", "plain text (text/plain) with HTTP 504", "gateway", ErrorKind::Unavailable),
        (200, &[json], b"{\"status\":\"UP\"}", "JSON of another form (application/json) with HTTP 200", "another system", ErrorKind::Unexpected),
        (200, &[json], b"{\"code\":10000,", "JSON that is cut short", "cut short", ErrorKind::Unexpected),
        (404, &[json], b"{\"path\":\"/x\"}", "with HTTP 404", "a path may be wrong", ErrorKind::Unexpected),
        (429, &[], b"slow down", "with HTTP 429", "too many requests", ErrorKind::RateLimited),
        (200, &[("content-type", "text/xml")], b"<?xml version=\"1.0\"?><Error/>", "XML (text/xml)", "another system", ErrorKind::Unexpected),
    ] {
        let error = error(status, headers, body);
        let text = error.to_string();
        assert!(text.contains(what) && text.contains(cause), "{text}");
        assert!(text.starts_with("the answer is ") && text.contains("not one of acme's"), "{text}");
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{text}");
        assert!(!text.contains("Ana"), "{text}");
        assert_eq!(error.response().unwrap().body.len(), body.len());
    }
}

#[test]
fn only_plain_headers_are_repeated() {
    for value in ["text/html\u{7f}x", "Ana Reyes", "text/ana reyes", &"x/".repeat(80)] {
        let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else { continue };
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if HeaderValue::from_str(&value).is_err() {
            continue;
        }
        let text = error(200, &[("content-type", &value)], b"x").to_string();
        assert!(text.starts_with("the answer is plain text with HTTP 200"), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_of_the_content_is_repeated(body in "[a-z]{12,40}", status in 200_u16..600) {
        let error = error(status, &[], body.as_bytes());
        prop_assert!(!error.to_string().contains(&body));
        prop_assert!(error.to_string().len() < 240);
    }
}
