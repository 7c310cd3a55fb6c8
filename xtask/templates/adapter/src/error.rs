//! One table for every documented code: why, and what the call may have done.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Refused, RefusedContent};
use tulay_core::{Answer, Effect, Error, ErrorKind, Failure, Operation, Result};

/// What a code proves about the call it answers.
#[derive(Clone, Copy)]
enum Verdict {
    /// This copy was refused.
    Refused,
    /// This copy was refused for its content: every copy of it would be.
    RefusedContent,
    /// Nothing.
    Nothing,
}

/// The code of a look-up that found nothing.
const NO_SUCH_PAYOUT: &str = "not_found";

/// Every documented code.
const CODES: &[(&str, ErrorKind, Verdict)] = &[
    ("bad_key", Kind::Authentication, Refused),
    ("busy", Kind::Unavailable, Nothing),
    ("duplicate_reference", Kind::Duplicate, Nothing),
    ("insufficient_funds", Kind::Funds, Refused),
    ("invalid_account", Kind::Beneficiary, RefusedContent),
    ("invalid_field", Kind::InvalidRequest, RefusedContent),
    (NO_SUCH_PAYOUT, Kind::State, Nothing),
];

/// The error of an answer that tells of no order.
pub(crate) fn refusal(operation: Operation, answer: Answer) -> Error {
    let row = CODES.iter().find(|(code, ..)| Some(*code) == answer.code.as_deref());
    let (kind, verdict) = row.map_or((Kind::Unexpected, Nothing), |row| (row.1, row.2));
    let mut error = Error::new(operation, kind, kind.meaning());
    // A server that failed may have failed after executing, whatever its body says.
    if !answer.status.is_server_error() {
        error = match verdict {
            Refused => error.effect_is(Effect::Refused),
            RefusedContent => error.effect_is(Effect::Refused).stable(),
            Nothing => error,
        };
    }
    error.with_response_from(NAME, answer)
}

/// Why a payout failed, the code as it was written.
pub(crate) fn failure(code: Option<String>) -> Failure {
    let row = CODES.iter().find(|(listed, ..)| Some(*listed) == code.as_deref());
    let mut failure = Failure::new(row.map_or(Kind::Unexpected, |row| row.1));
    failure.code = code;
    failure
}

/// The answer that says there is no such payout, or the error that is something else.
pub(crate) fn absent(error: Error) -> Result<Answer> {
    // The kind tells that the code was reached, and that the answer is believed.
    let reached = error.kind() == Kind::State;
    let says_so = |answer: &&Answer| {
        reached
            && answer.code.as_deref() == Some(NO_SUCH_PAYOUT)
            && !answer.status.is_server_error()
    };
    error.answer().filter(says_so).cloned().ok_or(error)
}
