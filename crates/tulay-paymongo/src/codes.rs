//! The documented result codes: what each means, and what it proves.
//!
//! None is a permanent rejection: the documents promise of no code that it is never the answer to
//! the copy of a request that was carried out.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected};
use http::StatusCode;
use tulay_adapter::{
    codes::{Row, Table, Verdict},
    not_found::{CodeForm, LookUp, NotFound, NotFoundCodes},
    unsigned::Fault,
};
use tulay_core::{Error, ErrorKind, Operation, ProviderResponse, Result};

/// The code of a look-up that found nothing (errors, refund-errors).
const RESOURCE_NOT_FOUND: &str = "resource_not_found";
/// The same of a transfer (client code; an account without transfers gives it too).
const TRANSFER_NOT_FOUND: &str = "not_found";

/// The codes that say "no such order", unless the configuration has others.
pub(crate) const NOT_FOUND: NotFound = NotFound {
    form: CodeForm::SmallLetters,
    look_ups: &[
        look_up(Operation::PayoutFind, &[TRANSFER_NOT_FOUND, RESOURCE_NOT_FOUND]),
        look_up(Operation::CollectionFind, &[RESOURCE_NOT_FOUND]),
        look_up(Operation::RefundFind, &[RESOURCE_NOT_FOUND]),
    ],
};

const fn look_up(operation: Operation, codes: &'static [&'static str]) -> LookUp {
    LookUp { operation, table: table(operation), codes }
}

const REQUIRED: Row =
    Row::new("parameter_required", Kind::InvalidRequest, Rejected, "a parameter is missing");
const INVALID: Row =
    Row::new("parameter_invalid", Kind::InvalidRequest, Rejected, "a parameter is not valid");
const FORMAT: Row = Row::new(
    "parameter_format_invalid",
    Kind::InvalidRequest,
    Rejected,
    "a parameter has another form",
);
const DATA_TYPE: Row = Row::new(
    "parameter_data_type_invalid",
    Kind::InvalidRequest,
    Rejected,
    "a parameter has another type",
);
const BELOW: Row =
    Row::new("parameter_below_minimum", Kind::Limit, Rejected, "the amount is below the minimum");
const ABOVE: Row =
    Row::new("parameter_above_maximum", Kind::Limit, Rejected, "the amount is above the maximum");
const NO_SUCH_THING: Row = Row::new(RESOURCE_NOT_FOUND, Kind::State, Nothing, "no such thing");

/// Codes of intents and payment methods (qr-ph-errors, developer-tools-error-handling), and of
/// readings.
const CODES: Table = Table {
    provider: NAME,
    success: None,
    rows: &[REQUIRED, INVALID, FORMAT, DATA_TYPE, BELOW, ABOVE, NO_SUCH_THING],
};

/// Codes of transfers (money-movement-best-practices; `parameter_…` as above, an assumption).
const TRANSFER_CODES: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        REQUIRED,
        INVALID,
        FORMAT,
        DATA_TYPE,
        BELOW,
        ABOVE,
        NO_SUCH_THING,
        Row::new(TRANSFER_NOT_FOUND, Kind::State, Nothing, "no such transfer"),
        Row::new(
            "idempotency_in_progress",
            Kind::InProcess,
            Nothing,
            "the first copy of this transfer is being processed",
        ),
    ],
};

/// Codes of refunds (refund-errors). "Still processing" also answers a second copy.
const REFUND_CODES: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        REQUIRED,
        FORMAT,
        DATA_TYPE,
        BELOW,
        NO_SUCH_THING,
        Row::new(
            "parameter_invalid",
            Kind::Unsupported,
            Rejected,
            "payments of this kind cannot be refunded",
        ),
        Row::new(
            "parameter_above_maximum",
            Kind::Limit,
            Rejected,
            "more than can still be refunded, or only the whole payment can be",
        ),
        Row::new(
            "refund_not_allowed",
            Kind::Unsupported,
            Rejected,
            "this payment is refunded elsewhere",
        ),
        Row::new(
            "payment_method_not_allowed",
            Kind::Unsupported,
            Rejected,
            "payments by this method are refunded by the provider's support",
        ),
        Row::new(
            "livemode_mismatched",
            Kind::Configuration,
            Rejected,
            "the payment is of the other mode",
        ),
        Row::new(
            "resource_failed_state",
            Kind::State,
            Rejected,
            "only a paid payment can be refunded",
        ),
        Row::new(
            "resource_disputed_state",
            Kind::State,
            Rejected,
            "the payer disputes the payment",
        ),
        Row::new(
            "allowed_date_exceeded",
            Kind::Limit,
            Rejected,
            "it was paid too long ago to be refunded",
        ),
        Row::new(
            "available_balance_insufficient",
            Kind::Funds,
            Rejected,
            "the balance does not suffice",
        ),
        Row::new(
            "resource_processing_state",
            Kind::InProcess,
            Nothing,
            "a refund of this payment is being processed",
        ),
        Row::new(
            "resource_pending_state",
            Kind::InProcess,
            Nothing,
            "a refund of this payment is pending",
        ),
        Row::new(
            "provider_processing_error",
            Kind::Unavailable,
            Nothing,
            "the payment's provider is unavailable, or failed",
        ),
        Row::new("resource_processing_error", Kind::Unavailable, Nothing, "the provider failed"),
    ],
};

const fn table(operation: Operation) -> &'static Table {
    match operation {
        Operation::Payout | Operation::PayoutFind => &TRANSFER_CODES,
        Operation::Refund | Operation::RefundFind => &REFUND_CODES,
        _ => &CODES,
    }
}

/// What a code proves of an operation.
fn verdict(row: &Row, operation: Operation) -> Verdict {
    match (row.code, operation) {
        // The payment to be refunded does not exist.
        (RESOURCE_NOT_FOUND, Operation::Refund) => Rejected,
        _ if operation.writes() => row.verdict,
        _ => Nothing,
    }
}

/// The error of an answer with errors, of which each counts.
pub(crate) fn error_of(
    operation: Operation,
    not_found: NotFoundCodes<'_>,
    faults: &[Fault<'_>],
    response: ProviderResponse,
) -> Error {
    let proves = |row: &Row| verdict(row, operation);
    let absent = not_found.of(operation);
    error(operation, table(operation).decided(faults, &absent, proves, response))
}

/// The error of an answer that is not success. A listed code rejects only with HTTP 4xx.
fn error(operation: Operation, response: ProviderResponse) -> Error {
    let status = response.status;
    let listed = response.code.as_deref().is_some_and(|code| table(operation).row(code).is_some());
    // The documents name no code for these.
    let kind = match status {
        StatusCode::UNAUTHORIZED => Some((Kind::Authentication, "the key is not accepted")),
        StatusCode::TOO_MANY_REQUESTS => Some((Kind::RateLimited, "too many requests")),
        _ => None,
    };
    if let (false, Some((kind, message))) = (listed, kind) {
        return Error::new(operation, kind, message).with_response_from(NAME, response);
    }
    table(operation).error_with(operation, response, |row, response| {
        if response.status.is_client_error() { verdict(row, operation) } else { Nothing }
    })
}

/// The answer that says there is no such order, or the error that is something else.
pub(crate) fn absent(not_found: NotFoundCodes<'_>, error: Error) -> Result<ProviderResponse> {
    not_found.absent_with(error, |response| response.status == StatusCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use tulay_adapter::not_found::ConfiguredCodes;
    use tulay_core::{Effect, Trust};

    #[test]
    fn each_code_has_its_kind_and_effect() {
        let lines = |operation| {
            let refused = |mut response: ProviderResponse| {
                response.status = StatusCode::BAD_REQUEST;
                error(operation, response)
            };
            format!("{operation}\n{}", table(operation).lines(refused))
        };
        let operations = [Operation::Collection, Operation::Payout, Operation::Refund];
        insta::assert_snapshot!(operations.map(lines).join("\n\n"));
    }

    #[test]
    fn a_rejection_counts_with_http_4xx_alone() {
        let effect = |status| {
            let status = StatusCode::from_u16(status).unwrap();
            let mut response = ProviderResponse::new(status, Trust::Channel, Bytes::new());
            response.code = Some("parameter_invalid".into());
            error(Operation::Payout, response).effect()
        };
        assert_eq!(effect(400), Effect::Rejected);
        for status in [200, 302, 500, 503] {
            assert_eq!(effect(status), Effect::Unknown, "{status}");
        }
    }

    #[test]
    fn of_several_codes_the_weakest_counts() {
        for (operation, codes, expected) in [
            (
                Operation::Payout,
                &["parameter_invalid", "parameter_required"][..],
                "parameter_invalid",
            ),
            (Operation::Payout, &["parameter_invalid", "new"], "new"),
            (Operation::Payout, &["parameter_invalid", "not_found"], "not_found"),
            (Operation::PayoutFind, &["not_found", "parameter_invalid"], "parameter_invalid"),
            (Operation::PayoutFind, &["not_found", "new"], "new"),
            (Operation::Refund, &["not_found", "parameter_invalid"], "not_found"),
        ] {
            let text: Vec<String> =
                codes.iter().map(|code| format!(r#"{{"code":"{code}"}}"#)).collect();
            let text = format!("[{}]", text.join(","));
            let faults: Vec<Fault<'_>> = serde_json::from_str(&text).unwrap();
            let status = StatusCode::NOT_FOUND;
            let response = ProviderResponse::new(status, Trust::Channel, Bytes::new());
            let configured = ConfiguredCodes::new();
            let not_found = NotFoundCodes::new(NOT_FOUND, &configured);
            let error = error_of(operation, not_found, &faults, response);
            let code = error.response().and_then(|response| response.code.as_deref());
            assert_eq!(code, Some(expected), "{operation} {codes:?}");
        }
    }
}
