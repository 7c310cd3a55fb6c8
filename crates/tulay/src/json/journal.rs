//! What the journal refuses, as JSON.

use super::error::{ErrorJson, sentence};
use crate::journal::{JournalError, SubmitError};
use tulay_core::{Effect, ErrorKind};

/// A payment that was not accepted: nothing was sent for this request.
impl From<SubmitError> for ErrorJson {
    fn from(error: SubmitError) -> Self {
        let (kind, field) = match &error {
            SubmitError::Refused(refused) => return Self::from(refused),
            SubmitError::Journal(_) => return of_journal(&error),
            SubmitError::Taken { field, .. } => (ErrorKind::InvalidRequest, Some(*field)),
            SubmitError::NoRoute(none) => {
                (none.kind().unwrap_or(ErrorKind::Unsupported), none.field())
            }
            SubmitError::NoProvider { .. } => (ErrorKind::InvalidRequest, Some("provider")),
            SubmitError::MoreThanPaid { .. } => (ErrorKind::Limit, Some("amount")),
            SubmitError::OtherPaid { .. } => (ErrorKind::InvalidRequest, Some("paid")),
            SubmitError::NoProof => (ErrorKind::State, None),
        };
        let mut json = Self::new("request", sentence(&error));
        json.kind = Some(kind);
        json.effect = Some(Effect::NotSent);
        json.field = field.map(str::to_owned);
        json
    }
}

impl From<JournalError> for ErrorJson {
    fn from(error: JournalError) -> Self {
        of_journal(&error)
    }
}

/// What was done is in the journal: the call may be repeated.
fn of_journal(error: &(dyn std::error::Error + 'static)) -> ErrorJson {
    ErrorJson::new("journal", sentence(error))
}
