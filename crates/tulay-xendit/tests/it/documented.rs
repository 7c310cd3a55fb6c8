//! What the documents list: codes and statuses, row by row, and codes as payers scan them.

use tulay_conformance::{AnyStatus, Code, Proves};
use tulay_core::*;

/// The merchant's name in codes.
pub(crate) const MERCHANT: &str = "SANDBOX SHOP";

/// "Create a payout", "Create a payment request", "Refund a payment request"; authentication and rate
/// limits of every page.
pub(crate) fn codes(operation: Operation) -> Vec<Code> {
    use Proves::{Absent, Duplicate, Nothing, PermanentRejection, Rejection};
    let look_up = matches!(
        operation,
        Operation::PayoutFind | Operation::CollectionFind | Operation::RefundFind
    );
    let of_order: &[(&str, Proves)] = match operation {
        Operation::Payout | Operation::PayoutFind => &[
            ("DUPLICATE_ERROR", Duplicate),
            ("API_VALIDATION_ERROR", PermanentRejection),
            ("AMOUNT_INCREMENT_NOT_SUPPORTED", PermanentRejection),
            ("CHANNEL_CODE_NOT_SUPPORTED", Rejection),
            ("MINIMUM_TRANSFER_LIMIT_ERROR", Rejection),
            ("MAXIMUM_TRANSFER_LIMIT_ERROR", Rejection),
        ],
        Operation::Collection | Operation::CollectionFind => &[
            ("DUPLICATE_ERROR", Duplicate),
            ("API_VALIDATION_ERROR", PermanentRejection),
            ("INVALID_VALUE_ERROR", Rejection),
            ("INVALID_MERCHANT_SETTINGS", Rejection),
            ("PAYMENT_REQUEST_RATE_LIMITED", Nothing),
            ("CHANNEL_UNAVAILABLE", Nothing),
            ("ISSUER_UNAVAILABLE", Nothing),
        ],
        Operation::Refund | Operation::RefundFind => &[
            ("DUPLICATE_ERROR", Duplicate),
            ("API_VALIDATION_ERROR", Rejection),
            ("INVALID_VALUE_ERROR", Rejection),
            ("REFUND_AMOUNT_EXCEEDED", Rejection),
            ("PARTIAL_REFUND_COUNTS_EXCEEDED", Rejection),
            ("INSUFFICIENT_BALANCE", Rejection),
            ("INELIGIBLE_TRANSACTION_STATUS", Rejection),
            ("INVALID_MERCHANT_SETTINGS", Rejection),
            ("REFUND_NOT_SUPPORTED", Rejection),
            ("PARTIAL_REFUND_NOT_SUPPORTED", Rejection),
            ("REFUND_IN_PROGRESS", Nothing),
            ("TEMPORARILY_UNAVAILABLE", Nothing),
            ("CHANNEL_UNAVAILABLE", Nothing),
        ],
        _ => return Vec::new(),
    };
    let of_all = [
        ("INVALID_API_KEY", Rejection),
        ("REQUEST_FORBIDDEN_ERROR", Rejection),
        ("RATE_LIMIT_EXCEEDED", Nothing),
        ("SERVER_ERROR", Nothing),
    ];
    let not_found = [("DATA_NOT_FOUND", if look_up { Absent } else { Nothing })];
    let row = |(code, proves): &(&str, Proves)| match (*code, look_up) {
        ("DATA_NOT_FOUND", _) | (_, false) => Code::new(*code, *proves),
        (_, true) => Code::new(*code, Nothing),
    };
    of_order.iter().chain(&of_all).chain(&not_found).map(row).collect()
}

/// The HTTP status that a code comes with.
pub(crate) fn http_status(code: &str) -> u16 {
    match code {
        "INVALID_API_KEY" => 401,
        "REQUEST_FORBIDDEN_ERROR"
        | "INVALID_MERCHANT_SETTINGS"
        | "REFUND_NOT_SUPPORTED"
        | "PARTIAL_REFUND_NOT_SUPPORTED" => 403,
        "DATA_NOT_FOUND" => 404,
        "RATE_LIMIT_EXCEEDED" => 429,
        "SERVER_ERROR" => 500,
        "CHANNEL_UNAVAILABLE" | "ISSUER_UNAVAILABLE" => 503,
        _ => 400,
    }
}

/// "Payout status life cycle", "Get payment request", "Refund a payment request".
pub(crate) fn statuses(operation: Operation) -> Vec<(String, AnyStatus)> {
    let words: Vec<(&str, AnyStatus)> = match operation {
        Operation::Payout => vec![
            ("ACCEPTED", PayoutStatus::Pending.into()),
            ("REQUESTED", PayoutStatus::Pending.into()),
            ("PENDING_COMPLIANCE_ASSESSMENT", PayoutStatus::Pending.into()),
            ("SUCCEEDED", PayoutStatus::Succeeded.into()),
            ("FAILED", PayoutStatus::Failed.into()),
            ("COMPLIANCE_REJECTED", PayoutStatus::Failed.into()),
            ("CANCELLED", PayoutStatus::Cancelled.into()),
            ("REVERSED", PayoutStatus::Reversed.into()),
        ],
        Operation::Collection => vec![
            ("REQUIRES_ACTION", CollectionStatus::Pending.into()),
            ("ACCEPTING_PAYMENTS", CollectionStatus::Pending.into()),
            ("AUTHORIZED", CollectionStatus::Pending.into()),
            ("SUCCEEDED", CollectionStatus::Paid.into()),
            ("FAILED", CollectionStatus::Failed.into()),
            ("CANCELED", CollectionStatus::Closed.into()),
            ("EXPIRED", CollectionStatus::Expired.into()),
        ],
        Operation::Refund => vec![
            ("PENDING", RefundStatus::Pending.into()),
            ("SUCCEEDED", RefundStatus::Succeeded.into()),
            ("FAILED", RefundStatus::Failed.into()),
            ("CANCELLED", RefundStatus::Cancelled.into()),
        ],
        _ => Vec::new(),
    };
    owned(words)
}

/// "Payout webhook", "Payment webhook notification", "Refund webhook notification". A payment that
/// failed is one attempt at a payment request.
pub(crate) fn notified_statuses(operation: Operation) -> Vec<(String, AnyStatus)> {
    let words: Vec<(&str, AnyStatus)> = match operation {
        Operation::Payout => vec![
            ("SUCCEEDED", PayoutStatus::Succeeded.into()),
            ("FAILED", PayoutStatus::Failed.into()),
            ("REVERSED", PayoutStatus::Reversed.into()),
        ],
        Operation::Collection => vec![
            ("SUCCEEDED", CollectionStatus::Paid.into()),
            ("AUTHORIZED", CollectionStatus::Pending.into()),
            ("FAILED", CollectionStatus::Pending.into()),
        ],
        Operation::Refund => vec![
            ("SUCCEEDED", RefundStatus::Succeeded.into()),
            ("FAILED", RefundStatus::Failed.into()),
        ],
        _ => Vec::new(),
    };
    owned(words)
}

fn owned(words: Vec<(&str, AnyStatus)>) -> Vec<(String, AnyStatus)> {
    words.into_iter().map(|(word, status)| (word.to_owned(), status)).collect()
}

/// A dynamic code of the country's scheme: QR Ph to a merchant, or QRIS.
pub(crate) fn code_text(country: Country, minor: i64, merchant: &str) -> String {
    let element = |id: &str, value: &str| format!("{id}{:02}{value}", value.len());
    let (account, currency, name) = match country {
        Country::PH => {
            let account = [element("00", "ph.ppmi.p2m"), element("01", "XNDTPHM2XXX")].concat();
            (element("28", &account), "608", "PH")
        }
        _ => {
            let account =
                [element("00", "COM.XENDIT.WWW"), element("01", "936009980000000001")].concat();
            (element("26", &account), "360", "ID")
        }
    };
    let mut text = [element("00", "01"), element("01", "12"), account].concat();
    text += &element("52", "5999");
    text += &element("53", currency);
    text += &element("54", &format!("{}.{:02}", minor / 100, minor % 100));
    text += &element("58", name);
    text += &element("59", merchant);
    text += &element("60", "Town");
    text += &element("61", "12345");
    text += "6304";
    format!("{text}{:04X}", crc(text.as_bytes()))
}

/// CRC-16/CCITT-FALSE, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}
