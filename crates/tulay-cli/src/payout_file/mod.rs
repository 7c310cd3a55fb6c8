//! The payout file: CSV as accountants make it, or one JSON object, and every mistake in it at
//! once.
//!
//! ```text
//! bytes ─► encoding ─► text ─► table ─► cells by column ─► row ─► PayoutRequest
//!          (named, never guessed)       (header, aliases)   (each mistake with its column)
//! ```

mod amount;
mod cells;
#[cfg(feature = "sandbox")] // `tulay demo` alone reads whole files
mod csv_file;
mod file_kind;
mod json;
mod mistake;
mod mistake_lines;
mod row;

pub(crate) use amount::AmountFormat;
pub(crate) use cells::Cells;
#[cfg(feature = "sandbox")]
pub(crate) use csv_file::{PayoutFile, ReadOptions, read};
pub(crate) use file_kind::other_than_json;
pub(crate) use mistake::{BadLine, Mistake};
pub(crate) use mistake_lines::mistake_lines;
pub(crate) use row::{Row, read_party, read_row};
