//! What is said of answers that are not the provider's.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;
use tulay_adapter::foreign::foreign;
use tulay_core::{Effect, Error, ErrorKind, Operation, ProviderResponse, Trust};

fn error(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Error {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
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
        (
            503,
            &[html][..],
            &b"<html>down</html>"[..],
            "HTTP 503 with an HTML page (text/html)",
            "a proxy or firewall may have answered",
            ErrorKind::Unavailable,
        ),
        (
            200,
            &[html],
            b"<!doctype html>log in",
            "HTTP 200 with an HTML page (text/html)",
            "web site",
            ErrorKind::Unexpected,
        ),
        (
            403,
            &[html],
            b"<html>blocked</html>",
            "HTTP 403 with an HTML page",
            "firewall may have refused",
            ErrorKind::Unexpected,
        ),
        (407, &[], b"", "HTTP 407 with an empty body", "the proxy wants", ErrorKind::Unexpected),
        (
            302,
            &[("location", "https://login.example.com/sso?user=Ana")],
            b"",
            "HTTP 302 with a redirect to login.example.com",
            "log-in",
            ErrorKind::Unexpected,
        ),
        (
            301,
            &[("location", "/other?user=Ana")],
            b"moved",
            "HTTP 301 with a redirect instead",
            "base_url",
            ErrorKind::Unexpected,
        ),
        (
            200,
            &[("content-encoding", "gzip"), json],
            b"\x1f\x8b\x08",
            "HTTP 200 with compressed data (gzip) (application/json)",
            "not requested",
            ErrorKind::Unexpected,
        ),
        (200, &[], b"", "HTTP 200 with an empty body", "cut short", ErrorKind::Unexpected),
        (
            504,
            &[("content-type", "text/plain")],
            b"upstream timed out",
            "HTTP 504 with plain text (text/plain)",
            "proxy",
            ErrorKind::Unavailable,
        ),
        (
            200,
            &[json],
            b"{\"status\":\"UP\"}",
            "HTTP 200 with JSON of another form (application/json)",
            "another system",
            ErrorKind::Unexpected,
        ),
        (
            200,
            &[json],
            b"{\"code\":10000,",
            "JSON that is cut short",
            "cut short",
            ErrorKind::Unexpected,
        ),
        (
            404,
            &[json],
            b"{\"path\":\"/x\"}",
            "HTTP 404 with JSON",
            "a path may be wrong",
            ErrorKind::Unexpected,
        ),
        (
            429,
            &[],
            b"slow down",
            "HTTP 429 with plain text",
            "too many requests",
            ErrorKind::RateLimited,
        ),
        (
            200,
            &[("content-type", "text/xml")],
            b"<?xml version=\"1.0\"?><Error/>",
            "XML (text/xml)",
            "another system",
            ErrorKind::Unexpected,
        ),
    ] {
        let error = error(status, headers, body);
        let text = error.to_string();
        assert!(text.contains(what) && text.contains(cause), "{text}");
        assert!(text.starts_with("HTTP ") && text.contains("instead of acme's answer: "), "{text}");
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
        assert!(text.starts_with("HTTP 200 with plain text instead of acme's answer"), "{text}");
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
