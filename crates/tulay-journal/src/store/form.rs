//! The form of a database: which tables and columns it has.

/// The form of a database, and that of this version. Each version that changes tables or columns
/// counts one up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Form {
    /// The form of the database; `None`: it has no journal yet, and the first program that opens it
    /// makes one.
    pub found: Option<i64>,
    /// The form that this version makes.
    pub current: i64,
    /// The oldest form whose programs may use a database of this version.
    pub oldest: i64,
}

impl Form {
    /// Whether this version uses the database only once it is migrated.
    #[must_use]
    pub fn is_older(&self) -> bool {
        self.found.is_some_and(|found| found < self.current)
    }

    /// Whether a newer version made the database, which this version may use as it is.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.found.is_some_and(|found| found > self.current)
    }

    /// Whether processes of the version that wrote the database may go on after it is migrated.
    #[must_use]
    pub fn runs_beside(&self) -> bool {
        self.found.is_none_or(|found| found >= self.oldest)
    }
}
