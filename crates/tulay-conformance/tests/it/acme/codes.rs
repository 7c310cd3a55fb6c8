//! Acme's codes.

use super::Wrong;
use jiff::SignedDuration;
use tulay_core::{Effect, Error, ErrorKind as Kind, Operation, ProviderResponse};

pub(crate) const SUCCESS: &str = "0";

/// Every code, what it means, and whether it refuses, for its content or not.
const CODES: &[(&str, Kind, Option<bool>)] = &[
    ("400", Kind::Unexpected, None),
    ("B1", Kind::Limit, Some(true)),
    ("C1", Kind::State, Some(false)),
    ("D1", Kind::Duplicate, None),
    ("N1", Kind::State, None),
    ("R1", Kind::Funds, Some(false)),
    ("R2", Kind::InvalidRequest, Some(true)),
    ("W1", Kind::TooEarly, None),
    ("X1", Kind::InProcess, None),
];

/// Rejections of a confirmation that end the draft, by Acme's documents.
const ENDS_THE_DRAFT: [&str; 2] = ["C1", "R1"];

pub(crate) fn ends_the_draft(code: &str) -> bool {
    ENDS_THE_DRAFT.contains(&code)
}

pub(crate) fn is_rejection(code: &str) -> bool {
    CODES.iter().any(|(listed, _, refuses)| *listed == code && refuses.is_some())
}

/// What an answer with these codes means: each of them counts.
pub(crate) fn rejection(
    operation: Operation,
    codes: &[String],
    response: ProviderResponse,
    wrong: Option<Wrong>,
) -> Error {
    let code = match wrong {
        Some(Wrong::ReadsTheLastCode) => codes.last(),
        _ => codes.first(),
    };
    let code = code.cloned().unwrap_or_default();
    let row = CODES.iter().find(|(listed, ..)| *listed == code);
    let (mut kind, mut refuses) = row.map_or((Kind::Unexpected, None), |row| (row.1, row.2));
    let one_is_enough = matches!(wrong, Some(Wrong::ReadsTheFirstCode | Wrong::ReadsTheLastCode));
    if !one_is_enough && codes.iter().any(|other| *other != code) {
        refuses = refuses.filter(|_| codes.iter().all(|code| is_rejection(code)));
        kind = Kind::Unexpected;
    }
    match (wrong, code.as_str()) {
        (Some(Wrong::DuplicateIsRejection), "D1")
        | (Some(Wrong::GenericIsRejection), "400")
        | (Some(Wrong::SpacingIsRejection), "W1") => refuses = Some(false),
        (Some(Wrong::EveryRejectionIsPermanent), _) => refuses = refuses.map(|_| true),
        (Some(Wrong::DuplicateRefundIsRejection), "D1") if operation == Operation::Refund => {
            refuses = Some(false);
        }
        (Some(Wrong::UnlistedRefusesWithdrawals), _) if row.is_none() => {
            refuses = Some(false).filter(|_| operation == Operation::CollectionCancel);
        }
        (Some(Wrong::UnlistedIsRejection), _) if row.is_none() => refuses = Some(false),
        _ => {}
    }
    let mut error = match wrong {
        Some(Wrong::RepeatsTheWords) => {
            Error::new(operation, kind, response.message.clone().unwrap_or_default())
        }
        _ => Error::new(operation, kind, kind.meaning()),
    };
    let failing = response.status.is_server_error() && wrong != Some(Wrong::BelievesFailingServers);
    if let Some(permanent) = refuses.filter(|_| !failing) {
        error = error.with_effect(Effect::Rejected);
        if permanent {
            error = error.with_permanent();
        }
    }
    if kind == Kind::TooEarly {
        error = error.with_retry_after(SignedDuration::from_mins(10));
    }
    error.with_response_from("acme", response)
}
