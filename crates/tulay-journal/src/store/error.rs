//! Why a verb of a store did nothing, or may have done nothing.

use super::outbox::EventId;

/// Why a verb did nothing, or may have done nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing of the group was written.
    #[error("the journal could not be read or written, and nothing was changed: {0}")]
    Failed(String),
    /// The disk is full. Nothing of the group was written.
    #[error("the disk of the journal is full, and nothing was changed; free some space")]
    Full,
    /// Another process held the database for too long. Nothing of the group was written.
    #[error("another process held the journal for too long, and nothing was changed; try again")]
    Busy,
    /// The commit broke off: the group is written whole or not at all. Read it again.
    #[error("the last change may or may not be written; read the payment again: {0}")]
    OutcomeUnknown(String),
    /// A row does not have the form in which it was written.
    #[error("the journal holds a row that this version cannot read ({0}); nothing was changed")]
    Damaged(&'static str),
    /// The database's file is not the one that was opened.
    #[error(
        "the database's file was moved, deleted or replaced while it was open, and nothing was \
         changed; stop every process that uses it, put it back, and start again"
    )]
    Replaced,
    /// The database has another journal than the one that was opened.
    #[error(
        "the database has another journal than the one that this process opened, and nothing was \
         changed; start this process again"
    )]
    OtherJournal,
    /// A newer version has brought the journal to a form that this version may not write.
    #[error(
        "the journal was migrated to a form that this version may not write, and nothing was \
         changed; start the newer version"
    )]
    Newer,
    /// The journal has no event of this id.
    #[error(
        "the journal has no event {0}: it is another journal, or was restored from a copy that is \
         older than the event; read the events from the beginning"
    )]
    NoSuchEvent(EventId),
    /// The journal is closed, or stopped after an error of its disk.
    #[error("the journal is closed; open it again")]
    Closed,
}

impl StoreError {
    /// Whether the journal has to be opened again before anything can be written.
    #[must_use]
    pub const fn has_stopped(&self) -> bool {
        matches!(self, Self::Closed | Self::Replaced | Self::OtherJournal | Self::Newer)
    }
}
