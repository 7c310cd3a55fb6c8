//! The codes that say "no such order": the adapter's, and those of the configuration.

use bytes::Bytes;
use http::StatusCode;
use tulay_adapter::{
    codes::{Row, Table, Verdict},
    not_found::{CodeForm, ConfiguredCodes, LookUp, NotFound, NotFoundCodes},
};
use tulay_core::{Error, ErrorKind, Operation, ProviderResponse, Trust};

const PAYOUTS: Table = Table {
    provider: "acme",
    success: Some("00"),
    rows: &[
        Row::new("10", ErrorKind::Funds, Verdict::Rejected, "no money"),
        Row::new("11", ErrorKind::InvalidRequest, Verdict::RejectedPermanently, "bad field"),
        Row::new("20", ErrorKind::State, Verdict::Nothing, "no such payout"),
        Row::new("30", ErrorKind::Unexpected, Verdict::Nothing, "not found"),
        Row::new("31", ErrorKind::Unavailable, Verdict::Nothing, "busy"),
        Row::new("32", ErrorKind::Duplicate, Verdict::Nothing, "seen before"),
    ],
};

const REFUNDS: Table = Table {
    provider: "acme",
    success: Some("00"),
    rows: &[
        Row::new("21", ErrorKind::State, Verdict::Nothing, "no such refund"),
        Row::new("40", ErrorKind::Unexpected, Verdict::Rejected, "not refundable"),
    ],
};

const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::Digits(2),
    look_ups: &[
        LookUp { operation: Operation::PayoutFind, table: &PAYOUTS, codes: &["20"] },
        LookUp { operation: Operation::RefundFind, table: &REFUNDS, codes: &["21", "22"] },
    ],
};

fn configured(operation: Operation, codes: &[&str]) -> ConfiguredCodes {
    [(operation, codes.iter().map(|code| (*code).to_owned()).collect())].into()
}

fn response(status: u16, code: &str) -> ProviderResponse {
    let status = StatusCode::from_u16(status).unwrap();
    let mut response = ProviderResponse::new(status, Trust::Signed, Bytes::new());
    response.code = Some(code.to_owned());
    response
}

fn is_absent(configured: &ConfiguredCodes, operation: Operation, status: u16, code: &str) -> bool {
    let error = PAYOUTS.error(operation, response(status, code));
    NotFoundCodes::new(NOT_FOUND, configured).absent(error).is_ok()
}

#[test]
fn a_replaced_code_is_absence_and_the_known_one_is_not() {
    let find = Operation::PayoutFind;
    let none = ConfiguredCodes::new();
    assert!(is_absent(&none, find, 200, "20"));
    for (codes, absent) in [
        (&["77"][..], &["77"][..]),
        (&["30", "77"], &["30", "77"]),
        (&["20", "77"], &["20", "77"]),
        // That of another look-up.
        (&["21"], &["21"]),
    ] {
        let configured = configured(find, codes);
        NotFoundCodes::new(NOT_FOUND, &configured).checked().unwrap();
        for code in ["00", "10", "11", "20", "21", "30", "31", "32", "77", "78", ""] {
            let expected = absent.contains(&code);
            assert_eq!(is_absent(&configured, find, 200, code), expected, "{codes:?} {code}");
            assert!(!is_absent(&configured, find, 502, code), "a failed server: {code}");
            assert!(!is_absent(&configured, Operation::Payout, 200, code), "a creation: {code}");
            let balance = Operation::Balance;
            assert!(!is_absent(&configured, balance, 200, code), "another reading: {code}");
        }
    }
    // The other look-up keeps its own.
    let configured = configured(find, &["77"]);
    let codes = NotFoundCodes::new(NOT_FOUND, &configured);
    assert_eq!(codes.of(Operation::RefundFind), ["21", "22"]);
    assert_eq!(codes.of(find), ["77"]);
    assert_eq!(codes.of(Operation::Payout), [""; 0]);
}

#[test]
fn absence_is_said_by_a_genuine_response_alone() {
    for (configured, code) in
        [(ConfiguredCodes::new(), "20"), (configured(Operation::PayoutFind, &["77"]), "77")]
    {
        let codes = NotFoundCodes::new(NOT_FOUND, &configured);
        for kind in [ErrorKind::Signature, ErrorKind::Unrelated, ErrorKind::Mismatch] {
            let error = Error::new(Operation::PayoutFind, kind, "not of this order");
            let error = codes.absent(error.with_response(response(200, code))).unwrap_err();
            assert_eq!(error.kind(), kind);
        }
        let lost = Error::new(Operation::PayoutFind, ErrorKind::State, "no answer");
        assert!(codes.absent(lost).is_err());
        let genuine = PAYOUTS.error(Operation::PayoutFind, response(404, code));
        assert!(codes.absent_with(genuine, |response| response.status.is_success()).is_err());
    }
}

#[test]
fn codes_that_cannot_say_it_are_refused() {
    let refused = |operation, codes: &[&str]| {
        let configured = configured(operation, codes);
        NotFoundCodes::new(NOT_FOUND, &configured).checked().unwrap_err().to_string()
    };
    for (operation, codes, message) in [
        (
            Operation::PayoutFind,
            &[][..],
            "not_found_codes.payout_find: expected at least one code; without this key it is 20",
        ),
        (
            Operation::RefundFind,
            &[],
            "not_found_codes.refund_find: expected at least one code; without this key it is 21 and 22",
        ),
        (
            Operation::Payout,
            &["77"],
            "not_found_codes.payout: not supported here: the look-ups of this provider are payout_find, refund_find",
        ),
        (
            Operation::PayoutFind,
            &["77", "077"],
            "not_found_codes.payout_find: expected codes of 2 digits",
        ),
        (
            Operation::PayoutFind,
            &["77", "00"],
            "not_found_codes.payout_find: not supported here: 00 says that the look-up was carried out",
        ),
        (
            Operation::PayoutFind,
            &["77", "10"],
            "not_found_codes.payout_find: not supported here: 10 is listed as \"no money\", which is not \"no such order\"",
        ),
        (
            Operation::RefundFind,
            &["11"],
            "not_found_codes.refund_find: not supported here: 11 is listed as \"bad field\", which is not \"no such order\"",
        ),
        (
            Operation::PayoutFind,
            &["31"],
            "not_found_codes.payout_find: not supported here: 31 is listed as \"busy\", which is not \"no such order\"",
        ),
        (
            Operation::PayoutFind,
            &["32"],
            "not_found_codes.payout_find: not supported here: 32 is listed as \"seen before\", which is not \"no such order\"",
        ),
        (
            Operation::PayoutFind,
            &["40"],
            "not_found_codes.payout_find: not supported here: 40 is listed as \"not refundable\", which is not \"no such order\"",
        ),
    ] {
        assert_eq!(refused(operation, codes), message);
    }
    let configured = configured(Operation::PayoutFind, &["77"]);
    let none = NotFoundCodes::new(NotFound::NONE, &configured).checked().unwrap_err();
    assert_eq!(
        none.to_string(),
        "not_found_codes.payout_find: not supported here: no look-up of this provider says \"no such order\" by a code"
    );
}

#[test]
fn codes_have_the_form_of_their_provider() {
    let long = "A".repeat(65);
    for (form, good, bad) in [
        (CodeForm::Digits(3), &["565", "000"][..], &["", "56", "5655", "56A", "５６５"][..]),
        (CodeForm::Capitals, &["DATA_NOT_FOUND", "E404"], &["", "not_found", "NOT FOUND", &long]),
        (CodeForm::SmallLetters, &["not_found", "e404"], &["", "Not_found", "not-found"]),
        (CodeForm::Any, &["E-404", "not_found"], &["", "not found", "é", "\n", &long]),
    ] {
        let table = NotFound { form, ..NOT_FOUND };
        let is_good = |code: &str| {
            let configured = configured(Operation::PayoutFind, &[code]);
            NotFoundCodes::new(table, &configured).checked().is_ok()
        };
        for code in good {
            assert!(is_good(code), "{form:?} {code}");
        }
        for code in bad {
            assert!(!is_good(code), "{form:?} {code}");
        }
    }
}
