//! The result codes: one table of the codes of a call, one of the reasons of a failed payout.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Rejected, RejectedPermanently};
use tulay_adapter::codes::{self, Row, Table, Verdict};
use tulay_core::{Answer, Error, ErrorKind, Failure, Operation, Result};

/// The code of a look-up that found nothing.
const NO_SUCH_PAYOUT: &str = "not_found";

/// Every documented code.
const CODES: Table = Table {
    provider: NAME,
    success: None,
    rows: &[
        Row::new("bad_key", Kind::Authentication, Rejected, "the key is not valid"),
        Row::new("busy", Kind::Unavailable, Nothing, "the system is busy"),
        Row::new("duplicate_reference", Kind::Duplicate, Nothing, "the reference was seen before"),
        Row::new("insufficient_funds", Kind::Funds, Rejected, "the balance does not suffice"),
        Row::new("invalid_account", Kind::Beneficiary, RejectedPermanently, "no such account"),
        Row::new("invalid_field", Kind::InvalidRequest, RejectedPermanently, "a field is not valid"),
        Row::new(NO_SUCH_PAYOUT, Kind::State, Nothing, "no such payout"),
    ],
};

/// Why a payout failed.
const REASONS: &[(&str, ErrorKind, &str)] =
    &[("invalid_account", Kind::Beneficiary, "no such account")];

/// The error of a response that is not about an order.
pub(crate) fn error(operation: Operation, answer: Answer) -> Error {
    CODES.error(operation, answer, |row, _| row.verdict)
}

/// The response that says that there is no such payout, or the error back.
pub(crate) fn absent(error: Error) -> Result<Answer> {
    CODES.absent(error, |answer| answer.code.as_deref() == Some(NO_SUCH_PAYOUT))
}

/// The reason of a failed payout, the code as it was written.
pub(crate) fn failure(code: Option<String>) -> Failure {
    codes::failure(REASONS, code, None)
}
