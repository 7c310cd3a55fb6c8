//! The table of result codes.

use bytes::Bytes;
use http::{Response, StatusCode};
use tulay_adapter::codes::{Row, Table, Verdict, failure};
use tulay_core::{Effect, Error, ErrorKind, Guarantees, Operation, ProviderResponse, Trust};

const CODES: Table = Table {
    provider: "acme",
    success: Some("0"),
    rows: &[
        Row::new("R1", ErrorKind::Funds, Verdict::Rejected, "no money"),
        Row::new("R2", ErrorKind::InvalidRequest, Verdict::RejectedPermanently, "bad field"),
        Row::new("N1", ErrorKind::State, Verdict::Nothing, "no such order"),
    ],
};

fn answer(status: StatusCode, code: Option<&str>) -> ProviderResponse {
    let mut answer = ProviderResponse::new(status, Trust::Signed, Bytes::new());
    answer.code = code.map(str::to_owned);
    answer
}

fn error(operation: Operation, status: StatusCode, code: Option<&str>) -> Error {
    CODES.error(operation, answer(status, code))
}

#[test]
fn a_listed_rejection_is_one() {
    let effect = |code| {
        let error = error(Operation::Payout, StatusCode::UNPROCESSABLE_ENTITY, Some(code));
        (error.kind(), error.effect(), error.is_permanent())
    };
    assert_eq!(effect("R1"), (ErrorKind::Funds, Effect::Rejected, false));
    assert_eq!(effect("R2"), (ErrorKind::InvalidRequest, Effect::Rejected, true));
    assert_eq!(effect("N1"), (ErrorKind::State, Effect::Unknown, false));
}

#[test]
fn lines_show_what_each_code_proves() {
    assert_eq!(
        CODES.lines(|answer| CODES.error(Operation::Payout, answer)),
        "R1 funds rejected -\nR2 invalid_request rejected permanent\nN1 state unknown -"
    );
}

#[test]
fn an_unlisted_code_proves_nothing() {
    for code in [None, Some(""), Some("R"), Some("R10"), Some("r1"), Some("0")] {
        let error = error(Operation::Payout, StatusCode::OK, code);
        let found = (error.kind(), error.effect(), error.is_permanent());
        assert_eq!(found, (ErrorKind::Unexpected, Effect::Unknown, false), "{code:?}");
    }
    let success = error(Operation::Payout, StatusCode::FOUND, Some("0"));
    assert_eq!(success.to_string(), "acme answered 0: it came with HTTP 302, and proves nothing");
}

#[test]
fn a_failed_server_proves_nothing() {
    for row in CODES.rows {
        let error = error(Operation::Payout, StatusCode::BAD_GATEWAY, Some(row.code));
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false));
    }
}

#[test]
fn the_http_status_is_named_where_it_takes_the_proof_away() {
    let text = |status: u16, code| {
        error(Operation::Payout, StatusCode::from_u16(status).unwrap(), Some(code)).to_string()
    };
    for status in [200, 400, 422] {
        assert_eq!(text(status, "R1"), "acme answered R1: no money");
        assert_eq!(text(status, "N1"), "acme answered N1: no such order");
    }
    for (status, code, means) in [(500, "R1", "no money"), (503, "N1", "no such order")] {
        let expected = format!(
            "acme answered {code}: {means} (HTTP {status}: a failed server proves nothing)"
        );
        assert_eq!(text(status, code), expected);
    }
    // Where the adapter believes HTTP 200 alone.
    let strict =
        CODES.error_with(Operation::Payout, answer(StatusCode::FORBIDDEN, Some("R2")), |_, _| {
            Verdict::Nothing
        });
    assert_eq!(strict.to_string(), "acme answered R2: bad field (HTTP 403, which proves nothing)");
}

#[test]
fn a_reading_proves_nothing() {
    for row in CODES.rows {
        let error = error(Operation::PayoutFind, StatusCode::OK, Some(row.code));
        assert_eq!(error.effect(), Effect::Unknown, "{}", row.code);
    }
}

#[test]
fn an_unsigned_response_is_believed_as_far_as_the_guarantees_go() {
    let mut trusting = Guarantees::default();
    (trusting.unsigned_rejections, trusting.anonymous_rejections) = (true, true);
    let open = |guarantees: &Guarantees, status: u16, body: &'static str| {
        let body = Bytes::from_static(body.as_bytes());
        let response = Response::builder().status(status).body(body).unwrap();
        let members = ["code", "words"];
        let opened = CODES.open_unsigned(Operation::Payout, guarantees, response, members);
        opened.map(|reply| reply.text().unwrap().to_owned()).map_err(|e| (e.kind(), e.effect()))
    };
    for (status, body) in
        [(201, r#"{"code":"0","state":"paid"}"#), (201, r#"{"code":0,"words":{}}"#)]
    {
        assert_eq!(open(&trusting, status, body).unwrap(), body);
    }
    let nothing = Guarantees::default();
    let rejected = r#"{"code":"R1","words":"no"}"#;
    for (guarantees, status, body, kind, effect) in [
        (&trusting, 200, rejected, ErrorKind::Funds, Effect::Rejected),
        (&nothing, 200, rejected, ErrorKind::Signature, Effect::Unknown),
        (&trusting, 500, rejected, ErrorKind::Funds, Effect::Unknown),
        (&trusting, 200, r#"{"state":"paid"}"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 200, r#"{"code":null,"state":"paid"}"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 502, r#"{"state":"paid"}"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 200, r#"{"code":{"R1":1}}"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 200, r#"{"code":"0","code":"R1"}"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 200, r#"["0"]"#, ErrorKind::Unexpected, Effect::Unknown),
        (&trusting, 200, "<html>", ErrorKind::Unexpected, Effect::Unknown),
    ] {
        assert_eq!(open(guarantees, status, body), Err((kind, effect)), "{status} {body}");
    }
}

#[test]
fn failures_keep_the_provider_s_code_and_words() {
    let rows = [("AC01", ErrorKind::Beneficiary, "no such account")];
    let of = |code: Option<&str>, message: Option<&str>| {
        failure(&rows, code.map(Into::into), message.map(Into::into))
    };
    let listed = of(Some("AC01"), None);
    assert_eq!(listed.kind, ErrorKind::Beneficiary);
    assert_eq!(listed.message.as_deref(), Some("no such account"));
    assert_eq!(of(Some("AC01"), Some("own")).message.as_deref(), Some("own"));
    let unlisted = of(Some("ZZ99"), None);
    assert_eq!((unlisted.kind, unlisted.code.as_deref()), (ErrorKind::Unexpected, Some("ZZ99")));
    assert_eq!(of(None, None).kind, ErrorKind::Unexpected);
    let by_code = CODES.failure("R1".to_owned());
    assert_eq!((by_code.kind, by_code.code.as_deref()), (ErrorKind::Funds, Some("R1")));
    assert_eq!(CODES.failure("ZZ99".to_owned()).kind, ErrorKind::Unexpected);
}

#[test]
fn a_missing_code_is_no_success_where_success_has_one() {
    let guarantees = {
        let mut guarantees = Guarantees::default();
        (guarantees.unsigned_rejections, guarantees.anonymous_rejections) = (true, true);
        guarantees
    };
    for body in ["{}", r#"{"code":null}"#, r#"{"code":""}"#] {
        let response = Response::new(Bytes::from_static(body.as_bytes()));
        let opened =
            CODES.open_unsigned(Operation::Payout, &guarantees, response, ["code", "message"]);
        assert_eq!(opened.unwrap_err().effect(), Effect::Unknown, "{body}");
    }
}

#[test]
fn a_list_answers_where_success_has_no_code() {
    const PLAIN: Table = Table { success: None, ..CODES };
    let guarantees = Guarantees::default();
    let open = |table: Table, status, body: &'static str| {
        let body = Bytes::from_static(body.as_bytes());
        let response = Response::builder().status(status).body(body).unwrap();
        table.open_unsigned(Operation::PayoutFind, &guarantees, response, ["code", "message"])
    };
    assert_eq!(open(PLAIN, 200, "[]").unwrap().text().unwrap(), "[]");
    for (table, status, body) in [(PLAIN, 500, "[]"), (PLAIN, 200, "[{"), (CODES, 200, "[]")] {
        assert_eq!(open(table, status, body).unwrap_err().kind(), unreadable(status), "{body}");
    }
}

#[test]
fn a_rejection_needs_4xx_where_success_has_no_code() {
    const PLAIN: Table = Table { success: None, ..CODES };
    let guarantees = {
        let mut guarantees = Guarantees::default();
        (guarantees.unsigned_rejections, guarantees.anonymous_rejections) = (true, true);
        guarantees
    };
    for (status, effect) in [
        (400, Effect::Rejected),
        (200, Effect::Unknown),
        (302, Effect::Unknown),
        (500, Effect::Unknown),
    ] {
        let body = Bytes::from_static(br#"{"code":"R2","id":"7001"}"#);
        let response = Response::builder().status(status).body(body).unwrap();
        let members = ["code", "message"];
        let error = PLAIN.open_unsigned(Operation::Payout, &guarantees, response, members);
        let error = error.unwrap_err();
        assert_eq!((error.effect(), error.is_permanent()), (effect, status == 400), "{status}");
    }
}

fn unreadable(status: u16) -> ErrorKind {
    if status < 500 { ErrorKind::Unexpected } else { ErrorKind::Unavailable }
}
