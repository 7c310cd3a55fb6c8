//! One table for every documented code: why, and what the call may have done.
//!
//! "Open API Common Code List" has the codes of a call, 10000 and 21000 to 21028; negative codes
//! are those of a transaction that failed; 21401 to 21409 those of refunds. A code that is not
//! listed is loud (`Unexpected`) and proves nothing. Several codes mean something else in the provider's single-country editions
//! (21017 and 21020 to 21024); those prove nothing either.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected, RejectedPermanently};
use tulay_adapter::{
    codes::{self, Row, Table, Verdict},
    not_found::{CodeForm, LookUp, NotFound, NotFoundCodes},
};
use tulay_core::{Error, ErrorKind, Failure, Operation, ProviderResponse, Result};

/// The code of a call that was carried out. What became of the money is in `transactionStatus`.
pub(crate) const SUCCESS: &str = "10000";

/// The code of a look-up that found nothing.
const NO_SUCH_ORDER: &str = "21006";

/// The code that says "The amount exceeds the limit" in the table, and "transaction not found" in
/// the example of the look-up.
const ABOVE_THE_LIMIT: &str = "21010";

/// The codes that say "no such order", unless the configuration has others.
pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::Digits(5),
    look_ups: &[
        look_up(Operation::PayoutFind),
        look_up(Operation::CollectionFind),
        look_up(Operation::StaticCodeFind),
        look_up(Operation::RefundFind),
    ],
};

const fn look_up(operation: Operation) -> LookUp {
    LookUp { operation, table: &CODES, codes: &[NO_SUCH_ORDER, ABOVE_THE_LIMIT] }
}

/// "Open API Common Code List", without 10000, and the codes of refunds.
const CODES: Table = Table {
    provider: NAME,
    success: Some(SUCCESS),
    rows: &[
        Row::new("21000", Kind::Unavailable, Nothing, "the server failed: look the order up"),
        Row::new(
            "21001",
            Kind::Authentication,
            Rejected,
            "the signature does not verify: wrong key?",
        ),
        Row::new("21002", Kind::InvalidRequest, RejectedPermanently, "a parameter is not valid"),
        Row::new("21003", Kind::Authentication, Rejected, "the provider does not know this appId"),
        Row::new("21004", Kind::Authentication, Rejected, "the merchant is not available"),
        Row::new("21005", Kind::Unsupported, Rejected, "the channel is not open to the merchant"),
        Row::new(NO_SUCH_ORDER, Kind::State, Nothing, "no such transaction"),
        Row::new(
            "21007",
            Kind::Duplicate,
            Nothing,
            "this mchOrderId was seen before: look the order up",
        ),
        Row::new(
            "21008",
            Kind::Configuration,
            Rejected,
            "the time stamp is not valid: wrong clock?",
        ),
        Row::new(
            "21009",
            Kind::Configuration,
            Rejected,
            "the time stamp has expired: wrong clock?",
        ),
        Row::new(ABOVE_THE_LIMIT, Kind::Limit, RejectedPermanently, "the amount exceeds the limit"),
        Row::new("21011", Kind::Unavailable, Nothing, "a network failed behind the provider"),
        Row::new(
            "21012",
            Kind::Institution,
            RejectedPermanently,
            "the provider does not know this bank code",
        ),
        Row::new(
            "21013",
            Kind::Institution,
            RejectedPermanently,
            "the provider does not know this wallet code",
        ),
        Row::new("21014", Kind::Funds, Rejected, "the merchant's balance does not suffice"),
        Row::new("21015", Kind::Duplicate, Nothing, "this idempotencyId was seen before"),
        Row::new(
            "21016",
            Kind::Authentication,
            Rejected,
            "calls from this IP address are not allowed: have the provider allow it",
        ),
        Row::new("21017", Kind::Unsupported, Nothing, "the country is not open to the merchant"),
        Row::new(
            "21018",
            Kind::Institution,
            RejectedPermanently,
            "the provider does not know this transferCode",
        ),
        Row::new(
            "21019",
            Kind::Unsupported,
            RejectedPermanently,
            "the provider does not know this payMethodCode",
        ),
        Row::new("21020", Kind::RateLimited, Nothing, "too many requests"),
        Row::new("21021", Kind::InvalidRequest, Nothing, "the amount is not valid"),
        Row::new("21022", Kind::Limit, Nothing, "the volume of transactions is at its limit"),
        Row::new("21023", Kind::Unavailable, Nothing, "the transaction could not be created"),
        Row::new("21024", Kind::Authentication, Nothing, "the access token is not valid"),
        Row::new("21025", Kind::State, Nothing, "it may not be cancelled"),
        Row::new("21026", Kind::State, Nothing, "the customer's balance does not suffice"),
        Row::new("21027", Kind::Limit, Nothing, "the number of transactions is at its limit"),
        Row::new("21028", Kind::State, Nothing, "the transaction is paid or closed already"),
        // Refunds. Which check comes first is not known: a copy of a refund that was carried out may
        // get any of these, so none depends on content alone.
        Row::new("21401", Kind::State, Nothing, "a refund is being processed: look it up"),
        Row::new("21402", Kind::Unsupported, Rejected, "this payment may not be refunded"),
        Row::new("21403", Kind::Limit, Rejected, "it was paid more than 60 days ago"),
        Row::new("21404", Kind::Unsupported, Rejected, "the channel refunds no whole payment"),
        Row::new("21405", Kind::Unsupported, Rejected, "the channel refunds no part of a payment"),
        Row::new("21406", Kind::InvalidRequest, Rejected, "the amount to be refunded is not valid"),
        Row::new(
            "21407",
            Kind::Duplicate,
            Nothing,
            "this mchRefundOrderId was seen before: look it up",
        ),
        Row::new("21408", Kind::State, Rejected, "the payment is not completed"),
        Row::new("21409", Kind::State, Nothing, "another refund of the payment is pending"),
    ],
};

/// `failedCode` of a transaction, as far as it is known.
const FAILURES: &[(&str, ErrorKind, &str)] = &[
    ("-10000", Kind::Unavailable, "the transaction service failed"),
    ("-10001", Kind::Limit, "the transaction exceeds a limit"),
    ("-10002", Kind::InvalidRequest, "a parameter of the transaction is not valid"),
    ("-10003", Kind::Funds, "the balance does not suffice"),
    ("-10004", Kind::Institution, "the channel rejected the transaction"),
    ("-10005", Kind::Beneficiary, "the destination account is wrong"),
    ("-10006", Kind::Institution, "the network rejected the transaction"),
    // The documents' text is cut after "Transaction Channel T": time-out is assumption.
    ("-10007", Kind::Institution, "the channel timed out"),
];

/// The error of an answer that does not say that the call was carried out.
pub(crate) fn error_of(operation: Operation, response: ProviderResponse) -> Error {
    CODES.error_with(operation, response, |row, response| match row.verdict {
        // Nothing is signed, so anything on the way may have said it: only an undisturbed exchange
        // counts. Nor does one that contradict themselves.
        _ if !response.status.is_success() || says_not_found(response) => Nothing,
        // What may still be refunded changes with every copy of a refund that is carried out, so
        // that even a rejection of its content says nothing of the other copies.
        RejectedPermanently if operation == Operation::Refund => Rejected,
        verdict => verdict,
    })
}

/// The answer that says there is no such order, or the error that is something else.
pub(crate) fn absent(not_found: NotFoundCodes<'_>, error: Error) -> Result<ProviderResponse> {
    not_found.absent_with(error, |response| {
        let has_two_meanings = response.code.as_deref() == Some(ABOVE_THE_LIMIT);
        response.status.is_success() && (!has_two_meanings || says_not_found(response))
    })
}

/// Whether the words say "transaction not found", as the example of the look-up does.
fn says_not_found(response: &ProviderResponse) -> bool {
    let message = response.message.as_deref().unwrap_or_default();
    message.to_ascii_lowercase().contains("not found")
}

/// Why a transaction failed.
pub(crate) fn failure(code: Option<String>, message: Option<String>) -> Failure {
    codes::failure(FAILURES, code, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;
    use std::collections::BTreeSet;
    use tulay_adapter::not_found::ConfiguredCodes;
    use tulay_core::{Effect, Trust};

    /// The documented codes, as the provider lists them.
    const DOCUMENTED: &str = include_str!("../tests/it/data/codes.txt");

    fn documented(list: &str) -> BTreeSet<&'static str> {
        let rows = DOCUMENTED.lines().filter_map(|line| line.strip_prefix(list)?.split_once('\t'));
        rows.map(|(code, _)| code.trim()).collect()
    }

    fn answer(status: StatusCode, code: &str) -> ProviderResponse {
        let mut response = ProviderResponse::new(status, Trust::Channel, Bytes::new());
        response.code = Some(code.into());
        response
    }

    #[test]
    fn every_documented_code_has_its_row_and_no_other() {
        let common: BTreeSet<_> = CODES.rows.iter().map(|row| row.code).chain([SUCCESS]).collect();
        let listed: BTreeSet<_> =
            documented("common ").union(&documented("refund ")).copied().collect();
        assert_eq!(common, listed);
        assert_eq!(common.len(), 39);
        let failed: BTreeSet<_> = FAILURES.iter().map(|(code, ..)| *code).collect();
        assert_eq!(failed, documented("failed "));
        assert_eq!(failed.len(), 8);
    }

    #[test]
    fn the_table() {
        insta::assert_snapshot!(CODES.lines(|response| error_of(Operation::Payout, response)));
        let rows: Vec<String> =
            FAILURES.iter().map(|(code, kind, _)| format!("{code} {kind}")).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn an_unlisted_code_is_loud_and_proves_nothing() {
        for code in ["", "999", "1000", "2100", "21029", "21410", "-10000"] {
            let error = error_of(Operation::Payout, answer(StatusCode::OK, code));
            assert_eq!(
                (error.kind(), error.effect()),
                (Kind::Unexpected, Effect::Unknown),
                "{code}"
            );
        }
        assert_eq!(failure(Some("-10008".into()), None).kind, Kind::Unexpected);
        assert_eq!(failure(Some("1001".into()), None).kind, Kind::Unexpected);
        assert_eq!(failure(None, None).kind, Kind::Unexpected);
    }

    #[test]
    fn only_an_undisturbed_exchange_refuses() {
        for status in [302, 400, 403, 404, 500, 502] {
            let status = StatusCode::from_u16(status).unwrap();
            let error = error_of(Operation::Payout, answer(status, "21002"));
            assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false));
        }
    }

    #[test]
    fn an_amount_above_the_limit_is_refused_unless_the_words_say_otherwise() {
        let configured = ConfiguredCodes::new();
        let absent = |error| absent(NotFoundCodes::new(NOT_FOUND, &configured), error);
        let mut said = answer(StatusCode::OK, "21010");
        said.message = Some("The amount exceeds the limit".into());
        let error = error_of(Operation::Payout, said.clone());
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Rejected, true));
        assert!(absent(error_of(Operation::PayoutFind, said.clone())).is_err());
        said.message = Some("transaction not found".into());
        let error = error_of(Operation::Payout, said.clone());
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false));
        assert!(absent(error_of(Operation::PayoutFind, said)).is_ok());
    }

    #[test]
    fn no_rejection_of_a_refund_speaks_of_other_copies() {
        for row in CODES.rows {
            let error = error_of(Operation::Refund, answer(StatusCode::OK, row.code));
            assert!(!error.is_permanent(), "{}", row.code);
        }
    }
}
