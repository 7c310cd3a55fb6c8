//! How the amounts of a file are written.

use clap::ValueEnum;
use tulay::text;

/// How amounts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AmountFormat {
    /// 1250.00
    #[default]
    Plain,
    /// 1,250.00
    En,
}

impl From<AmountFormat> for text::AmountFormat {
    fn from(format: AmountFormat) -> Self {
        match format {
            AmountFormat::Plain => Self::Plain,
            AmountFormat::En => Self::En,
        }
    }
}
