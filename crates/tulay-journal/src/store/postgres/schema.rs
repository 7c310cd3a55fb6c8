//! The forms of the database.

/// The form of the database that this version writes.
pub(super) const SCHEMA: i64 = 5;
/// The oldest form whose programs may still use it.
pub(super) const OLDEST_SCHEMA: i64 = 2;
