//! Reading of text that a person or a program typed.
//!
//! Every reader says what is wrong and where. It refuses what a spreadsheet or program left in
//! place of a value, and takes no guess for the value. Characters are counted from 1. A message
//! repeats no account, tax id or name.

mod account;
mod date;
mod digits;
mod institution;
mod mobile;
mod spreadsheet;
mod tax_id;

pub use account::{bank_account, provider_account, proxy, wallet_account};
pub use institution::{institution, institution_or_id};
pub use mobile::mobile;
pub use tax_id::tax_id;
