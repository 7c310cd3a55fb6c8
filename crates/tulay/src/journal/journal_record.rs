//! What calls return of a payment of the journal.

use super::{JournalError, PaymentRecord, Status, open::Opened};
use tulay_journal::record::Record;

/// What calls return of a payment of the journal: a [`PaymentRecord`] or a
/// [`CollectionRecord`](super::CollectionRecord).
pub trait JournalRecord: Shown {}

impl JournalRecord for PaymentRecord {}

/// A row of the journal.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    pub(super) journal: &'r Opened,
    pub(super) record: &'r Record,
}

/// What is made of a row of the journal.
pub trait Shown: Sized + Send + 'static {
    /// The row as the application sees it.
    fn of_row(row: Row<'_>) -> Result<Self, JournalError>;

    /// Whether a list of this status has it.
    fn is_listed(&self, status: Status) -> bool;

    /// Whether its states end with this one.
    fn is_final(&self) -> bool;
}

impl Opened {
    /// A row as the application sees it.
    pub(super) fn record<T: Shown>(&self, record: &Record) -> Result<T, JournalError> {
        T::of_row(Row { journal: self, record })
    }
}

impl Shown for PaymentRecord {
    fn of_row(row: Row<'_>) -> Result<Self, JournalError> {
        Ok(row.journal.shown(row.record))
    }

    fn is_listed(&self, status: Status) -> bool {
        self.status == status
    }

    fn is_final(&self) -> bool {
        self.status.is_final()
    }
}
