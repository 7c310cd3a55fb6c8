//! Why a request is rejected: HTTP status, code and text, in the provider's spelling.
//!
//! Codes and texts of payouts: reference, "Create a Payout", responses 400 to 500, and "Get payout by
//! ID", 404. Those of payment requests and refunds: "Create a payment request" and "Refund a payment
//! request", the same. Where a text says more than the reference has, it is an assumption.

use http::StatusCode;

/// A rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// Which of the two interfaces answers: each has a spelling of its own for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Payouts,
    Payments,
}

macro_rules! rejections {
    ($($name:ident = $status:ident, $code:literal, $message:literal;)*) => {
        impl Rejection {
            $(pub(super) const $name: Self = Self {
                status: StatusCode::$status,
                code: $code,
                message: $message,
            };)*
        }
    };
}

rejections! {
    // Also of a key that does not exist, as no other code of 401 is documented.
    KEY = UNAUTHORIZED, "INVALID_API_KEY", "API key format is invalid";
    FORBIDDEN = FORBIDDEN, "REQUEST_FORBIDDEN_ERROR", "The API key is forbidden to perform this request";
    VALIDATION = BAD_REQUEST, "API_VALIDATION_ERROR", "Fields or values in the request do not comply with our API specification";
    MISSING = BAD_REQUEST, "API_VALIDATION_ERROR", "Should have required property";
    DECIMALS = BAD_REQUEST, "API_VALIDATION_ERROR", "\"amount\" should have 2 decimal places or less";
    DUPLICATE = BAD_REQUEST, "DUPLICATE_ERROR", "A payout with this idempotency key already exists. If you meant to execute a different request, please use another idempotency key";
    CHANNEL = BAD_REQUEST, "CHANNEL_CODE_NOT_SUPPORTED", "\"channel_code\" is not supported. See list of supported channel codes at the URL below";
    MINIMUM = BAD_REQUEST, "MINIMUM_TRANSFER_LIMIT_ERROR", "\"amount\" is under the minimum amount supported for the channel. See amount limitations at the URL below";
    MAXIMUM = BAD_REQUEST, "MAXIMUM_TRANSFER_LIMIT_ERROR", "\"amount\" is more than the maximum amount supported for the channel. See amount limitations at the URL below";
    INCREMENT = BAD_REQUEST, "AMOUNT_INCREMENT_NOT_SUPPORTED", "\"amount\" needs to be a multiple of the minimum increment supported by the channel";
    NO_PAYOUT = NOT_FOUND, "DATA_NOT_FOUND", "Could not find payout with the corresponding ID. Please try again with a valid Id";
    RATE_LIMIT = TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED", "You have reached the rate limit. Please try again later";
    SERVER_ERROR = INTERNAL_SERVER_ERROR, "SERVER_ERROR", "Error connecting to our server. Retry safely using Idempotency-key header when available";
    // No document says how a key is answered whose first request is not done yet: an assumption.
    IN_PROGRESS = CONFLICT, "REQUEST_IN_PROGRESS", "A request with this idempotency key is being processed";
    VALUE = BAD_REQUEST, "INVALID_VALUE_ERROR", "Values in the payment request is not within expected range or expected configurations";
    CHANNEL_UNAVAILABLE = SERVICE_UNAVAILABLE, "CHANNEL_UNAVAILABLE", "The channel requested is currently experiencing unexpected issues. The provider will be notified to resolve this issue.";
    NOT_FOUND = NOT_FOUND, "DATA_NOT_FOUND", "ID specified in request cannot be found.";
    REFUND_KEY_USED = CONFLICT, "DUPLICATE_ERROR", "Duplication is not allowed. Check specific error message for debugging.";
    REFUND_AMOUNT = BAD_REQUEST, "REFUND_AMOUNT_EXCEEDED", "Refund amount specified in refund request must be less than or equal to unrefunded capture amount.";
    REFUND_PENDING = BAD_REQUEST, "REFUND_IN_PROGRESS", "Please wait for the pending refund request to be completed before initiating a new one.";
    REFUND_STATUS = BAD_REQUEST, "INELIGIBLE_TRANSACTION_STATUS", "Feature is not allowed for the payment request because of its current status.";
    REFUND_BALANCE = BAD_REQUEST, "INSUFFICIENT_BALANCE", "There is insufficient balance in your account to perform a refund.";
    REFUND_NOT_SUPPORTED = FORBIDDEN, "REFUND_NOT_SUPPORTED", "Refund feature is not available for this payment channel.";
    // What a path without an operation answers is not documented: an assumption.
    NO_PATH = NOT_FOUND, "NOT_FOUND", "The requested resource was not found";
}

impl Rejection {
    /// The rejections that an account number, or the description of a payment request, can ask for
    /// by `9900NN`. The README has the list.
    const ON_REQUEST: [Self; 12] = [
        Self::DUPLICATE,
        Self::VALIDATION,
        Self::CHANNEL,
        Self::MINIMUM,
        Self::MAXIMUM,
        Self::INCREMENT,
        Self::KEY,
        Self::FORBIDDEN,
        Self::RATE_LIMIT,
        Self::SERVER_ERROR,
        Self::VALUE,
        Self::CHANNEL_UNAVAILABLE,
    ];

    /// The rejection with this number, counted from `01`.
    pub(super) fn numbered(digits: &str) -> Option<Self> {
        let place = digits.parse::<usize>().ok()?.checked_sub(1)?;
        Self::ON_REQUEST.get(place).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_one() {
        assert_eq!(Rejection::numbered("01"), Some(Rejection::DUPLICATE));
        assert_eq!(Rejection::numbered("12"), Some(Rejection::CHANNEL_UNAVAILABLE));
        assert_eq!(Rejection::numbered("00"), None);
        assert_eq!(Rejection::numbered("13"), None);
        assert_eq!(Rejection::numbered("x1"), None);
    }
}
