//! Unsigned responses that may have several codes.

use bytes::Bytes;
use http::{Response, StatusCode};
use tulay_adapter::{
    codes::{Row, Table, Verdict},
    not_found::{CodeForm, ConfiguredCodes, LookUp, NotFound, NotFoundCodes},
    unsigned::{listed_errors, open},
};
use tulay_core::{Effect, Error, ErrorKind, Guarantees, Operation};

const CODES: Table = Table {
    provider: "acme",
    success: None,
    rows: &[
        Row::new("R1", ErrorKind::Funds, Verdict::Rejected, "no money"),
        Row::new("R2", ErrorKind::InvalidRequest, Verdict::RejectedPermanently, "bad field"),
        Row::new("N1", ErrorKind::State, Verdict::Nothing, "no such order"),
        Row::new("N2", ErrorKind::Unavailable, Verdict::Nothing, "busy"),
    ],
};

fn trusting() -> Guarantees {
    let mut guarantees = Guarantees::default();
    (guarantees.unsigned_rejections, guarantees.anonymous_rejections) = (true, true);
    guarantees
}

/// The text of the data, or the error.
fn opened(
    operation: Operation,
    guarantees: &Guarantees,
    status: u16,
    body: &str,
) -> Result<String, Error> {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let reply =
        open("acme", operation, guarantees, response, listed_errors, |faults, response| {
            CODES.error_of(operation, faults, &["N1", "N9"], response)
        })?;
    Ok(reply.text()?.to_owned())
}

/// Also a code that no table lists.
const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::Any,
    look_ups: &[LookUp { operation: Operation::PayoutFind, table: &CODES, codes: &["N1", "N9"] }],
};

/// Code, effect, permanence, and whether the order is absent.
fn several(operation: Operation, codes: &[&str]) -> (String, Effect, bool, bool) {
    let codes: Vec<String> = codes.iter().map(|code| format!(r#"{{"code":"{code}"}}"#)).collect();
    let body = format!(r#"{{"errors":[{}]}}"#, codes.join(","));
    let error = opened(operation, &trusting(), 400, &body).unwrap_err();
    let code = error.response().and_then(|response| response.code.clone()).unwrap();
    let (effect, permanent) = (error.effect(), error.is_permanent());
    let configured = ConfiguredCodes::new();
    (code, effect, permanent, NotFoundCodes::new(NOT_FOUND, &configured).absent(error).is_ok())
}

#[test]
fn of_several_codes_the_weakest_decides() {
    for (codes, code, effect, permanent) in [
        (&["R2", "R2"][..], "R2", Effect::Rejected, true),
        (&["R2", "R1"], "R1", Effect::Rejected, false),
        (&["R1", "N1", "R2"], "N1", Effect::Unknown, false),
        (&["R1", "N2"], "N2", Effect::Unknown, false),
        (&["N2", "new", "R2"], "new", Effect::Unknown, false),
    ] {
        let (found, of, for_good, _) = several(Operation::Payout, codes);
        assert_eq!((&*found, of, for_good), (code, effect, permanent), "{codes:?}");
    }
}

#[test]
fn an_order_is_absent_only_if_each_code_says_so() {
    for (codes, absent) in [
        (&["N1"][..], true),
        (&["N1", "N1"], true),
        (&["N1", "N2"], false),
        (&["N1", "R1"], false),
        (&["R2", "N1"], false),
        (&["N1", "new"], false),
        (&["N9"], true),
        (&["N9", "N1"], true),
        (&["N9", "N2"], false),
        (&["R1", "N9"], false),
        (&["new", "N9"], false),
    ] {
        assert_eq!(several(Operation::PayoutFind, codes).3, absent, "{codes:?}");
    }
}

#[test]
fn data_needs_http_2xx_and_errors_need_trust() {
    let open = |guarantees: &Guarantees, status, body| {
        opened(Operation::Payout, guarantees, status, body)
            .map_err(|error| (error.kind(), error.effect()))
    };
    let (data, errors) = (r#"{"id":1}"#, r#"{"errors":[{"code":"R1"}]}"#);
    let trusted = trusting();
    assert_eq!(open(&trusted, 201, data), Ok(data.to_owned()));
    assert_eq!(open(&trusted, 200, "[ {} ]"), Ok("[ {} ]".to_owned()));
    assert_eq!(open(&trusted, 400, errors), Err((ErrorKind::Funds, Effect::Rejected)));
    for (guarantees, status, body, kind) in [
        (&trusted, 400, data, ErrorKind::Unexpected),
        (&trusted, 503, data, ErrorKind::Unavailable),
        (&trusted, 400, r#"{"errors":[]}"#, ErrorKind::Unexpected),
        (&trusted, 400, r#"{"errors":["R1"]}"#, ErrorKind::Unexpected),
        (&trusted, 400, r#"{"errors":"R1"}"#, ErrorKind::Unexpected),
        (&trusted, 400, "[]", ErrorKind::Unexpected),
        (&trusted, 200, "[{]", ErrorKind::Unexpected),
        (&trusted, 200, errors, ErrorKind::Funds),
        (&trusted, 500, errors, ErrorKind::Funds),
        (&Guarantees::default(), 400, errors, ErrorKind::Signature),
    ] {
        let expected = Err((kind, Effect::Unknown));
        assert_eq!(open(guarantees, status, body), expected, "HTTP {status} {body}");
    }
}
