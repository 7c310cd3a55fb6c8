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
pub use code::{country, currency, rail};
pub use institution::{institution, institution_or_id};
pub use line::line;
pub use mobile::mobile;
pub use name::name;
pub use reference::reference;
pub use tax_id::tax_id;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{invalid::Invalid, money::Currency};

    fn sentences<T>(read: impl Fn(&str) -> Result<T, Invalid>, texts: &[&str]) -> String {
        let sentence = |text: &&str| match read(text) {
            Ok(_) => format!("{text:?} is read"),
            Err(invalid) => format!("{text:?}: {invalid}"),
        };
        texts.iter().map(sentence).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_cause_has_its_sentence() {
        let amount = |code: &str| {
            let currency = Currency::new(code).unwrap();
            move |text: &str| amount(text, currency, AmountFormat::Plain)
        };
        let pesos = "| 10.000 | 1.250 | 1.255 | 1250.000 | 1250.001 | 1,250.00 | 1,250 | 1,255 | \
            1.250,00 | 12,50 | 0,500 | 0.500 | 1 250,00 | 1'250.00 | 1,25,000.00 | 1_250 | 1,2500 | \
            0000125000 | 0125.00 | 00.50 | 007 | 09171234567 | ₱1,250.00 | PHP 1250 | P1,250 | \
            Rp 10.000 | $5 | 1250.- | 1250. | .5 | +5 | -5 | (1,250.00) | 0 | 1e3 | 1.25E+03 | =1250 | \
            '1250 | ๑๒๕๐ | 12๓4 | 1O0 | 10k | 1-Nov | #REF! | TRUE | nan | {{amount}}";
        let pesos: Vec<&str> = pesos.split('|').map(str::trim).collect();
        insta::assert_snapshot!("amounts", sentences(amount("PHP"), &pesos));
        let yen = ["1250.00", "1.250", "1.000", "1,250", "¥1250"];
        insta::assert_snapshot!("amounts_without_decimals", sentences(amount("JPY"), &yen));
        let limits = ["50.000", "50.125", "1.23456", "50,000.00", "050000"];
        let limit = |text: &str| plain_amount(text, None, AmountFormat::Plain);
        insta::assert_snapshot!("amounts_of_any_currency", sentences(limit, &limits));

        let references = "| 01-Nov-2026 | 1-Mei | 1.23E11 | #N/A | TRUE | nan | - | {{id}} | 1001.0 | \
            =\"INV-11\" | 'INV-10 | =A1+B1 | =\"#N/A\" | #REF-9 | //REF-9 | # | INV 7 | INV–7 | \
            INV\u{200b}7 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
        let references: Vec<&str> = references.split('|').map(str::trim).collect();
        insta::assert_snapshot!("references", sentences(reference, &references));

        let names = "| Ma\u{202e}ria | Ma\u{200b}ria | Pe\u{fffd}a | Ma\tria | O’Hara | O`Hara | Pe?a | \
            Ana\u{a0}Reyes | Pe¤a | PeÃ±a | Pe&ntilde;a | Pe\\u00f1a | Ivаn | 4111 | nan | #N/A | TRUE | \
            1-Nov | =\"Ana\" | ana@example.com";
        let names: Vec<&str> = names.split('|').map(str::trim).collect();
        insta::assert_snapshot!("names", sentences(name, &names));

        insta::assert_snapshot!("countries", sentences(country, &["ph", "Thailand", "Reyes", ""]));
        insta::assert_snapshot!("currencies", sentences(currency, &["php", "Rp", "ABC", ""]));
    }
}
