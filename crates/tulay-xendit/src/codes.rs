//! The result codes: one table for each kind of order, as the documents list them, and the reasons of
//! failed orders. A code that its table does not list proves nothing.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected, RejectedPermanently};
use http::StatusCode;
use tulay_adapter::{
    codes::{Row, Table, Verdict},
    not_found::{CodeForm, LookUp, NotFound, NotFoundCodes},
};
use tulay_core::{Error, ErrorKind, Operation, ProviderResponse, Result};

/// "ID specified in request cannot be found".
const NO_SUCH_ORDER: &str = "DATA_NOT_FOUND";

/// The codes that say "no such order", unless the configuration has others.
pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::Capitals,
    look_ups: &[
        look_up(Operation::PayoutFind),
        look_up(Operation::CollectionFind),
        look_up(Operation::RefundFind),
    ],
};

const fn look_up(operation: Operation) -> LookUp {
    LookUp { operation, table: table(operation), codes: &[NO_SUCH_ORDER] }
}

/// The table of an operation.
pub(crate) const fn table(operation: Operation) -> &'static Table {
    match operation {
        Operation::Collection | Operation::CollectionFind => &COLLECTIONS,
        Operation::Refund | Operation::RefundFind => &REFUNDS,
        _ => &PAYOUTS,
    }
}

/// The answer that says that there is no such order, or the error that is something else. The code
/// is documented with HTTP 404 alone.
pub(crate) fn absent(not_found: NotFoundCodes<'_>, error: Error) -> Result<ProviderResponse> {
    not_found.absent_with(error, |response| response.status == StatusCode::NOT_FOUND)
}

/// The key is wrong, or may not do this (every page; authentication).
const KEY: Row =
    Row::new("INVALID_API_KEY", Kind::Authentication, Rejected, "the key is not valid");
const FORBIDDEN: Row = Row::new(
    "REQUEST_FORBIDDEN_ERROR",
    Kind::Authentication,
    Rejected,
    "the key lacks the permission",
);
/// It may have been counted after it was carried out.
const RATE: Row =
    Row::new("RATE_LIMIT_EXCEEDED", Kind::RateLimited, Nothing, "too many requests (rate limits)");
const SERVER: Row = Row::new("SERVER_ERROR", Kind::Unavailable, Nothing, "the system failed");
const CHANNEL: Row =
    Row::new("CHANNEL_UNAVAILABLE", Kind::Unavailable, Nothing, "the channel is not available");
const DUPLICATE: Row =
    Row::new("DUPLICATE_ERROR", Kind::Duplicate, Nothing, "the key was seen with another text");
const ABSENT: Row = Row::new(NO_SUCH_ORDER, Kind::State, Nothing, "no such order");

/// Create a payout; get a payout.
const PAYOUTS: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        KEY,
        FORBIDDEN,
        RATE,
        SERVER,
        DUPLICATE,
        ABSENT,
        Row::new(
            "API_VALIDATION_ERROR",
            Kind::InvalidRequest,
            RejectedPermanently,
            "a field is not valid",
        ),
        Row::new(
            "AMOUNT_INCREMENT_NOT_SUPPORTED",
            Kind::InvalidRequest,
            RejectedPermanently,
            "the channel takes no such fraction",
        ),
        // Limits and channels change, so these prove nothing about an earlier copy.
        Row::new(
            "CHANNEL_CODE_NOT_SUPPORTED",
            Kind::Institution,
            Rejected,
            "the provider does not pay to this bank or wallet",
        ),
        Row::new(
            "MINIMUM_TRANSFER_LIMIT_ERROR",
            Kind::Limit,
            Rejected,
            "the amount is below the channel's least",
        ),
        Row::new(
            "MAXIMUM_TRANSFER_LIMIT_ERROR",
            Kind::Limit,
            Rejected,
            "the amount is above the channel's most",
        ),
    ],
};

/// Create a payment request; get a payment request. Codes of cards and of linked accounts are left
/// out.
const COLLECTIONS: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        KEY,
        FORBIDDEN,
        RATE,
        SERVER,
        CHANNEL,
        DUPLICATE,
        ABSENT,
        Row::new(
            "API_VALIDATION_ERROR",
            Kind::InvalidRequest,
            RejectedPermanently,
            "a field is not valid",
        ),
        Row::new(
            "INVALID_VALUE_ERROR",
            Kind::InvalidRequest,
            Rejected,
            "a value is outside what is expected or configured",
        ),
        Row::new(
            "INVALID_MERCHANT_SETTINGS",
            Kind::Unsupported,
            Rejected,
            "the merchant is not set up for this channel",
        ),
        Row::new(
            "PAYMENT_REQUEST_RATE_LIMITED",
            Kind::RateLimited,
            Nothing,
            "too many requests to this channel",
        ),
        Row::new("ISSUER_UNAVAILABLE", Kind::Unavailable, Nothing, "the issuer is not available"),
    ],
};

/// Refund a payment request. A copy of a refund that was carried out may be answered any of these,
/// so none is permanent.
const REFUNDS: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        KEY,
        FORBIDDEN,
        RATE,
        SERVER,
        CHANNEL,
        DUPLICATE,
        ABSENT,
        Row::new("API_VALIDATION_ERROR", Kind::InvalidRequest, Rejected, "a field is not valid"),
        Row::new("INVALID_VALUE_ERROR", Kind::InvalidRequest, Rejected, "a value is not valid"),
        Row::new(
            "REFUND_AMOUNT_EXCEEDED",
            Kind::Limit,
            Rejected,
            "more than what is left of the payment",
        ),
        Row::new(
            "PARTIAL_REFUND_COUNTS_EXCEEDED",
            Kind::Limit,
            Rejected,
            "the payment was refunded too often",
        ),
        Row::new(
            "INSUFFICIENT_BALANCE",
            Kind::Funds,
            Rejected,
            "the merchant's balance does not suffice",
        ),
        Row::new(
            "INELIGIBLE_TRANSACTION_STATUS",
            Kind::State,
            Rejected,
            "the payment is in no state to be refunded",
        ),
        Row::new(
            "INVALID_MERCHANT_SETTINGS",
            Kind::Unsupported,
            Rejected,
            "the merchant is not set up for this",
        ),
        Row::new("REFUND_NOT_SUPPORTED", Kind::Unsupported, Rejected, "the channel has no refunds"),
        Row::new(
            "PARTIAL_REFUND_NOT_SUPPORTED",
            Kind::Unsupported,
            Rejected,
            "the channel refunds whole payments alone",
        ),
        // The pending one may be an earlier copy.
        Row::new("REFUND_IN_PROGRESS", Kind::InProcess, Nothing, "another refund is pending"),
        Row::new(
            "TEMPORARILY_UNAVAILABLE",
            Kind::Unavailable,
            Nothing,
            "refunds are not available now",
        ),
    ],
};

/// Why a payout failed (payout status life cycle).
pub(crate) const PAYOUT_FAILURES: &[(&str, ErrorKind, &str)] = &[
    ("ACCOUNT_NAME_MISMATCH", Kind::Beneficiary, "the account has another name"),
    ("DESTINATION_MAXIMUM_LIMIT", Kind::Beneficiary, "the account cannot receive so much"),
    ("INSUFFICIENT_BALANCE", Kind::Funds, "the merchant's balance does not suffice"),
    ("INVALID_DESTINATION", Kind::Beneficiary, "no such account"),
    ("REJECTED_BY_CHANNEL", Kind::Institution, "the bank or wallet rejected it"),
    ("TEMPORARY_TRANSFER_ERROR", Kind::Institution, "the network failed for a time"),
    ("TRANSFER_ERROR", Kind::InvalidRequest, "a field was not valid"),
    ("UNKNOWN_BANK_NETWORK_ERROR", Kind::Institution, "the bank gave an unknown error"),
];

/// Why a payment failed (get a payment request), without the codes of cards and linked accounts.
pub(crate) const PAYMENT_FAILURES: &[(&str, ErrorKind, &str)] = &[
    ("CHANNEL_UNAVAILABLE", Kind::Unavailable, "the channel was not available"),
    ("INVALID_MERCHANT_SETTINGS", Kind::Unsupported, "the merchant is not set up for this"),
    ("PARTNER_TIMEOUT_ERROR", Kind::Unavailable, "the channel did not answer"),
    ("PAYMENT_AMOUNT_LIMITS_EXCEEDED", Kind::Limit, "the amount is outside the channel's limits"),
    ("PAYMENT_REQUEST_EXPIRED", Kind::State, "it was not paid in time"),
    ("SERVER_ERROR", Kind::Unavailable, "the system failed"),
    ("SUSPECTED_FRAUDULENT", Kind::Compliance, "it was suspected of fraud"),
    ("TIMEOUT_ERROR", Kind::Unavailable, "the channel did not answer"),
];

/// Why a refund failed (refund a payment request).
pub(crate) const REFUND_FAILURES: &[(&str, ErrorKind, &str)] = &[
    ("ACCOUNT_ACCESS_BLOCKED", Kind::Beneficiary, "the payer's account is blocked"),
    ("ACCOUNT_NOT_FOUND", Kind::Beneficiary, "the payer's account was not found"),
    ("DUPLICATE_ERROR", Kind::Duplicate, "it was seen before"),
    ("INSUFFICIENT_BALANCE", Kind::Funds, "the merchant's balance does not suffice"),
    ("REFUND_FAILED", Kind::Unexpected, "the channel gave no reason"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables() {
        let mut text = String::new();
        for operation in [Operation::Payout, Operation::Collection, Operation::Refund] {
            let table = table(operation);
            let lines = table.lines(|response| table.error(operation, response));
            text.push_str(&format!("{operation}\n{lines}\n\n"));
        }
        for rows in [PAYOUT_FAILURES, PAYMENT_FAILURES, REFUND_FAILURES] {
            let lines: Vec<String> =
                rows.iter().map(|(code, kind, _)| format!("{code} {kind}")).collect();
            text.push_str(&format!("{}\n\n", lines.join("\n")));
        }
        insta::assert_snapshot!(text);
    }

    #[test]
    fn no_duplicate_is_a_rejection() {
        for operation in [Operation::Payout, Operation::Collection, Operation::Refund] {
            let row = table(operation).row("DUPLICATE_ERROR");
            assert_eq!(row.map(|row| row.verdict), Some(Nothing), "{operation}");
        }
    }

    #[test]
    fn no_rejection_of_a_refund_is_permanent() {
        let permanent = REFUNDS.rows.iter().find(|row| row.verdict == RejectedPermanently);
        assert_eq!(permanent.map(|row| row.code), None);
    }
}
