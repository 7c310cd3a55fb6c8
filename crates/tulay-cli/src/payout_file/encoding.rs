//! Bytes to text. An encoding is recognised and named, but never guessed into use: a wrong guess
//! would change names without anyone noticing.

use super::Unreadable;
use clap::ValueEnum;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Encodings that spreadsheets write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "windows-1252")]
    Windows1252,
    /// With or without a byte order mark.
    #[value(name = "utf-16")]
    Utf16,
}

pub(super) fn decode(bytes: &[u8], encoding: Option<Encoding>) -> Result<String, Unreadable> {
    match encoding {
        None | Some(Encoding::Utf8) => utf8(bytes),
        Some(Encoding::Windows1252) => {
            let text = WINDOWS_1252.decode_without_bom_handling_and_without_replacement(bytes);
            text.map(String::from).ok_or_else(|| unreadable("Windows-1252"))
        }
        Some(Encoding::Utf16) => {
            let big_endian = bytes.starts_with(&[0xFE, 0xFF]) || bytes.first() == Some(&0);
            let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
            let (text, damaged) = encoding.decode_with_bom_removal(bytes);
            if damaged { Err(unreadable("UTF-16")) } else { Ok(text.into_owned()) }
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Unreadable> {
    if looks_like_utf16(bytes) {
        return Err(Unreadable(
            "the file is UTF-16; read it with --encoding utf-16, or save it as CSV UTF-8".into(),
        ));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(Unreadable(format!(
                "line {line}: the file is not UTF-8, but probably Windows-1252; read it with \
                 --encoding windows-1252 and check the names, or save it as CSV UTF-8"
            )))
        }
    }
}

/// A byte order mark, or every other byte zero, as plain Latin text has it.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    let zeros = start.iter().filter(|byte| **byte == 0).count();
    start.starts_with(&[0xFF, 0xFE])
        || start.starts_with(&[0xFE, 0xFF])
        || (start.len() >= 4 && zeros * 3 >= start.len())
}

fn unreadable(encoding: &str) -> Unreadable {
    Unreadable(format!("the file is not {encoding} as told"))
}
