//! Text that a person or program typed: in a file, a JSON request, an argument or the
//! configuration. Each function reads one kind of value strictly, and its error names the cause,
//! the place (characters are counted from 1), and the repaired value where only one is possible.
//! Repaired amounts, dates, references and mobiles are shown; names, accounts and tax ids never.
//!
//! The types that these return have rules of their own, which every value of theirs follows. They
//! admit what earlier versions stored, so text is read here and not by their constructors.
//!
//! ```
//! use tulay_core::{Currency, text::{self, AmountFormat}};
//! let amount = |text| text::amount(text, Currency::PHP, AmountFormat::Plain);
//! let reason = |text| amount(text).unwrap_err().to_string();
//! assert_eq!(reason("₱1,250.00"), "amount: leave out the currency: write 1250.00");
//! assert_eq!(reason("0,500"),
//!     "amount: expected a point before the decimals and no other separators: write 0.50");
//! ```

mod account;
mod amount;
mod code;
mod date;
mod decorated;
mod digits;
mod garbled;
mod institution;
mod line;
mod mobile;
mod name;
mod number;
mod reference;
mod spreadsheet;
mod tax_id;

pub use account::{bank_account, provider_account, proxy, wallet_account};
pub use amount::{AmountFormat, amount, plain_amount};
pub use code::{country, currency};
pub use institution::{institution, institution_or_id};
pub use line::line;
pub use mobile::mobile;
pub use name::name;
pub use reference::reference;
pub use tax_id::tax_id;
