//! The encodings that payout files may have.

use clap::ValueEnum;
use std::fmt;

/// Encodings that spreadsheets write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    /// Western European letters: é, ñ
    #[value(name = "windows-1252")]
    Windows1252,
    /// Thai
    #[value(name = "windows-874")]
    Windows874,
    /// Cyrillic
    #[value(name = "windows-1251")]
    Windows1251,
    /// With or without a byte order mark
    #[value(name = "utf-16")]
    Utf16,
}

impl Encoding {
    /// The encodings of one byte a character, for which a file has to give evidence.
    pub(super) const ONE_BYTE: [Self; 3] = [Self::Windows1252, Self::Windows874, Self::Windows1251];
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Windows874 => "Windows-874",
            Self::Windows1251 => "Windows-1251",
            Self::Utf16 => "UTF-16",
        })
    }
}
