//! Bringing the database to the form of this version.

use super::{Form, JournalError};
use crate::Tulay;

impl Tulay {
    /// The form of the journal's database, and that of this version. It changes nothing, and makes no
    /// journal.
    ///
    /// # Errors
    /// When the database cannot be read, is another namespace's, or is of a form that this version may
    /// not use.
    pub async fn journal_form(&self) -> Result<Form, JournalError> {
        self.journal.form().await
    }

    /// Brings the journal's database to the form of this version, in one transaction, while workers go
    /// on. Returns the form that it had. It makes no journal where there is none, and leaves one of a newer
    /// form as it is.
    ///
    /// A journal in a file is migrated by every call that opens it. One on a server is migrated by this
    /// alone: until then each call fails and names it.
    ///
    /// # Errors
    /// As [`journal_form`](Self::journal_form). Nothing is changed, unless the connection was lost. It may
    /// be called again.
    pub async fn migrate_journal(&self) -> Result<Form, JournalError> {
        self.journal.migrate().await
    }
}
