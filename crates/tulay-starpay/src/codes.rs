//! One table for every documented code: why, and what the call may have done.
//!
//! Section 7 lists the platform's codes of a call, section 9 the InstaPay codes of a transaction.
//! A code that is not listed is loud (`Unexpected`) and proves nothing.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected, RejectedPermanently};
use http::StatusCode;
use jiff::SignedDuration;
use tulay_adapter::{
    codes::{self, Row, Table, Verdict},
    not_found::{CodeForm, LookUp, NotFound},
};
use tulay_core::{Error, ErrorKind, Failure, Operation, ProviderResponse};

/// How long a shown code stays open when the request sets no time (6.1; client code).
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(15);

/// The code of a call that was carried out. What became of the money is in `trxState`.
pub(crate) const SUCCESS: &str = "200";

/// The code of a payout query that found nothing (assumption; the text is documented).
const NO_SUCH_PAYOUT: &str = "565";

/// The same of a collection query.
const NO_SUCH_COLLECTION: &str = "566";

/// The codes that say "no such order", unless the configuration has others.
pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::Digits(3),
    look_ups: &[
        LookUp { operation: Operation::PayoutFind, table: &CODES, codes: &[NO_SUCH_PAYOUT] },
        LookUp {
            operation: Operation::CollectionFind,
            table: &CODES,
            codes: &[NO_SUCH_COLLECTION],
        },
    ],
};

/// Section 7, without 200.
const CODES: Table = Table {
    provider: NAME,
    success: Some(SUCCESS),
    rows: &[
        Row::new("400", Kind::Unexpected, Nothing, "bad request"),
        Row::new("401", Kind::Authentication, Rejected, "the signature is malformed"),
        Row::new(
            "402",
            Kind::Authentication,
            Rejected,
            "the signature does not verify: wrong key?",
        ),
        Row::new("403", Kind::Duplicate, Nothing, "this msgId was seen before: look the order up"),
        Row::new("404", Kind::Unexpected, Nothing, "not found"),
        Row::new("406", Kind::RateLimited, Nothing, "too many requests"),
        Row::new("410", Kind::Configuration, Nothing, "configuration error at the provider"),
        Row::new("411", Kind::Configuration, Nothing, "configuration missing at the provider"),
        Row::new("412", Kind::InvalidRequest, RejectedPermanently, "a parameter is not valid"),
        Row::new("413", Kind::Unexpected, Nothing, "duplicate notification"),
        Row::new("414", Kind::Authentication, Rejected, "the merchant's account is not active"),
        Row::new("415", Kind::Unsupported, Rejected, "the merchant is not enabled for payouts"),
        Row::new("416", Kind::Unsupported, Nothing, "the merchant is not enabled for collections"),
        Row::new(
            "417",
            Kind::Unsupported,
            Rejected,
            "the merchant is not enabled for this kind of payment",
        ),
        Row::new(
            "418",
            Kind::Institution,
            RejectedPermanently,
            "the provider does not know this bank",
        ),
        Row::new("419", Kind::Unavailable, Nothing, "the list of banks could not be made"),
        Row::new("420", Kind::Unsupported, RejectedPermanently, "the currency is not supported"),
        Row::new("426", Kind::Unsupported, RejectedPermanently, "the protocol is not supported"),
        Row::new("427", Kind::Unexpected, Nothing, "a third party's answer could not be read"),
        Row::new("503", Kind::Unavailable, Nothing, "the system is busy"),
        Row::new("511", Kind::InProcess, Nothing, "the transaction is being processed"),
        Row::new(
            "512",
            Kind::TooEarly,
            Nothing,
            "this beneficiary was paid within the last 10 minutes",
        ),
        Row::new("513", Kind::Authentication, Rejected, "the provider does not know this merchant"),
        Row::new("514", Kind::Unsupported, RejectedPermanently, "the service is not supported"),
        Row::new("558", Kind::Mismatch, Nothing, "the order does not match"),
        Row::new(NO_SUCH_PAYOUT, Kind::State, Nothing, "no such payout"),
        Row::new(NO_SUCH_COLLECTION, Kind::State, Nothing, "no such collection"),
        Row::new("577", Kind::Unavailable, Nothing, "maintenance is in progress"),
    ],
};

/// Section 9, as far as it is known: AB01 to AM12.
const RAIL_CODES: &[(&str, ErrorKind, &str)] = &[
    ("AB01", Kind::Institution, "the receiving institution timed out"),
    ("AB05", Kind::Institution, "the creditor agent timed out"),
    ("AB06", Kind::Institution, "the instructed agent timed out"),
    ("AB08", Kind::Institution, "the creditor agent is offline"),
    ("AB09", Kind::Institution, "the creditor agent did not respond"),
    ("AC01", Kind::Beneficiary, "no such account"),
    ("AC03", Kind::Beneficiary, "the account cannot take peso incoming_payments"),
    ("AC04", Kind::Beneficiary, "the account is closed"),
    ("AC06", Kind::Beneficiary, "the account is blocked"),
    ("AC07", Kind::Beneficiary, "the creditor's account is closed"),
    ("AC12", Kind::Beneficiary, "the account type is not valid"),
    ("AC14", Kind::Beneficiary, "the creditor's account type is not valid"),
    ("AG01", Kind::Institution, "the institution takes no InstaPay transfers"),
    ("AG03", Kind::Institution, "the transaction is not supported"),
    ("AM02", Kind::Limit, "the amount is above the InstaPay limit"),
    ("AM04", Kind::Funds, "the settlement balance does not suffice"),
    ("AM06", Kind::Limit, "the amount is too low"),
    ("AM07", Kind::Limit, "the amount is blocked"),
    ("AM09", Kind::InvalidRequest, "the amount is not the one expected"),
    ("AM11", Kind::InvalidRequest, "the currency is not valid"),
    ("AM12", Kind::InvalidRequest, "the amount is not valid"),
];

/// The error of a genuine answer whose code is not 200.
pub(crate) fn error_of(operation: Operation, response: ProviderResponse) -> Error {
    let code = response.code.clone();
    let error = CODES.error_with(operation, response, |row, _| verdict(row, operation));
    match (code.as_deref(), operation) {
        (Some("512"), _) => error.with_retry_after(SignedDuration::from_mins(10)),
        // The code that was shown before is still open at this terminal: client code waits it out.
        (Some("511"), Operation::Collection | Operation::StaticCode) => {
            error.with_retry_after(OPEN_FOR)
        }
        _ => error,
    }
}

/// Whether a code is listed as a rejection, in which case an account that does not sign rejections
/// may be believed without a signature.
pub(crate) fn is_rejection(operation: Operation, status: StatusCode, code: &str) -> bool {
    let rejects = CODES.row(code).is_some_and(|row| verdict(row, operation) != Nothing);
    !status.is_server_error() && rejects
}

/// Why a transaction failed.
pub(crate) fn failure(code: Option<String>, message: Option<String>) -> Failure {
    codes::failure(RAIL_CODES, code, message)
}

/// What a code proves of an operation. That payouts are not enabled says nothing of a collection,
/// and the other way round.
fn verdict(row: &Row, operation: Operation) -> Verdict {
    let collects = matches!(
        operation,
        Operation::Collection
            | Operation::CollectionCancel
            | Operation::StaticCode
            | Operation::StaticCodeStatus
    );
    match (row.code, collects) {
        ("415", true) => Nothing,
        ("416", true) => Rejected,
        _ => row.verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::collections::BTreeSet;
    use tulay_core::{Effect, Trust};

    /// The documented codes, as the provider lists them.
    const DOCUMENTED: &str = include_str!("../tests/it/data/codes.txt");

    fn documented(section: &str) -> BTreeSet<&'static str> {
        let rows =
            DOCUMENTED.lines().filter_map(|line| line.strip_prefix(section)?.split_once('\t'));
        rows.map(|(code, _)| code.trim()).collect()
    }

    fn answer(status: StatusCode, code: &str) -> ProviderResponse {
        let mut response = ProviderResponse::new(status, Trust::Signed, Bytes::new());
        response.code = Some(code.into());
        response
    }

    #[test]
    fn every_documented_code_has_its_row_and_no_other() {
        let section7: BTreeSet<_> =
            CODES.rows.iter().map(|row| row.code).chain([SUCCESS]).collect();
        assert_eq!(section7, documented("7 "));
        assert_eq!(section7.len(), 29);
        let section9: BTreeSet<_> = RAIL_CODES.iter().map(|(code, ..)| *code).collect();
        assert_eq!(section9, documented("9 "));
        assert_eq!(section9.len(), 21);
    }

    #[test]
    fn the_table() {
        insta::assert_snapshot!(CODES.lines(|response| error_of(Operation::Payout, response)));
        let rows: Vec<String> =
            RAIL_CODES.iter().map(|(code, kind, _)| format!("{code} {kind}")).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn an_unlisted_code_is_loud_and_proves_nothing() {
        for code in ["", "999", "20", "2000", "AC99"] {
            let error = error_of(Operation::Payout, answer(StatusCode::OK, code));
            assert_eq!(
                (error.kind(), error.effect()),
                (Kind::Unexpected, Effect::Unknown),
                "{code}"
            );
        }
        assert_eq!(failure(Some("ZZ99".into()), None).kind, Kind::Unexpected);
        assert_eq!(failure(None, None).kind, Kind::Unexpected);
    }

    #[test]
    fn a_failing_server_proves_nothing_whatever_its_body_says() {
        let error = error_of(Operation::Payout, answer(StatusCode::BAD_GATEWAY, "412"));
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false));
        let is_rejection = |status, code| is_rejection(Operation::Payout, status, code);
        assert!(!is_rejection(StatusCode::BAD_GATEWAY, "412"));
        assert!(is_rejection(StatusCode::OK, "412"));
        assert!(!is_rejection(StatusCode::OK, "403"));
    }
}
