//! How a payout file is to be read, as far as it does not say so itself.

use super::encoding::Encoding;
use crate::payout_file::{amount::AmountFormat, cells::COLUMNS};
use clap::Args;

/// How a payout file is to be read.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ReadOptions {
    /// The file's encoding, where it is not UTF-8.
    #[arg(long, value_name = "ENCODING")]
    pub(crate) encoding: Option<Encoding>,
    /// How amounts are written.
    #[arg(long, value_name = "FORMAT", default_value = "plain")]
    pub(crate) amount_format: AmountFormat,
    /// Another name for a column: account="Account No."; may be repeated.
    #[arg(long = "map", value_name = "COLUMN=NAME", value_parser = mapping)]
    pub(crate) mappings: Vec<(String, String)>,
    /// A column that the file lacks, the same for all rows: country=PH; may be repeated.
    #[arg(long = "set", value_name = "COLUMN=VALUE", value_parser = setting)]
    pub(crate) settings: Vec<(String, String)>,
    /// A column to leave aside; may be repeated.
    #[arg(long = "ignore", value_name = "NAME")]
    pub(crate) ignored: Vec<String>,
}

/// The columns that may be the same for all rows. Those that distinguish payouts are not among
/// them, nor personal ones, which must not be read from the command line.
pub(super) const SETTABLE: [&str; 7] =
    ["country", "currency", "channel", "institution", "kind", "remark", "provider"];

pub(super) fn mapping(text: &str) -> Result<(String, String), String> {
    let (column, name) = text.split_once('=').ok_or("expected COLUMN=NAME")?;
    if !COLUMNS.contains(&column) {
        return Err(format!("no column {column}; there are {}", COLUMNS.join(", ")));
    }
    Ok((column.to_owned(), name.trim_matches('"').to_owned()))
}

pub(super) fn setting(text: &str) -> Result<(String, String), String> {
    let (column, value) = text.split_once('=').ok_or("expected COLUMN=VALUE")?;
    if !SETTABLE.contains(&column) {
        let settable = SETTABLE.join(", ");
        return Err(format!("{column} cannot be the same for all rows; these can: {settable}"));
    }
    let value = value.trim_matches('"').trim();
    if value.is_empty() {
        return Err(format!("expected a value for {column}"));
    }
    Ok((column.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_mapped_and_set_by_their_names() {
        assert_eq!(mapping("account=\"Konto\""), Ok(("account".into(), "Konto".into())));
        assert!(mapping("acount=Konto").unwrap_err().starts_with("no column acount"));
        assert!(mapping("account").is_err());
        assert_eq!(setting("remark=a=b"), Ok(("remark".into(), "a=b".into())));
        for refused in ["reference=R1", "account=1", "amount=1.00", "name=Ana", "country=", "PH"] {
            assert!(setting(refused).is_err(), "{refused}");
        }
    }
}
