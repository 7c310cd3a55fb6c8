//! Bytes to text. The error names the encoding that was recognised, but the file is not read with
//! it: a wrong guess would change names unnoticed.

use super::{lines::Lines, unreadable::Unreadable};
use clap::ValueEnum;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

const MARK: char = '\u{feff}';

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

/// The text, with a byte order mark in front if it had one or was not UTF-8: what is written of it
/// later is UTF-8, which spreadsheets recognise by the mark alone.
pub(super) fn decode(bytes: &[u8], encoding: Option<Encoding>) -> Result<String, Unreadable> {
    if is_spreadsheet(bytes) {
        return Err(unreadable("this is a spreadsheet, not CSV; save it as CSV UTF-8"));
    }
    match encoding {
        None | Some(Encoding::Utf8) => {
            no_utf16(bytes)?;
            utf8(bytes)
        }
        Some(Encoding::Windows1252) => {
            no_utf16(bytes)?;
            // Read as Windows-1252, each ñ would become two other letters.
            no_utf8(bytes, !bytes.is_ascii())?;
            let text = WINDOWS_1252.decode_without_bom_handling_and_without_replacement(bytes);
            text.map(|text| marked(&text)).ok_or_else(|| unreadable("the file is not Windows-1252"))
        }
        Some(Encoding::Utf16) => {
            no_utf8(bytes, !bytes.contains(&0))?;
            let big_endian = bytes.starts_with(&[0xFE, 0xFF]) || bytes.first() == Some(&0);
            let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
            let (text, damaged) = encoding.decode_with_bom_removal(bytes);
            if damaged { Err(unreadable("the file is not UTF-16")) } else { Ok(marked(&text)) }
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Unreadable> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let line = Lines::new(bytes).at(error.valid_up_to());
        Unreadable(format!(
            "line {line}: the file is not UTF-8, but probably Windows-1252; read it with \
             --encoding windows-1252 and check the names, or save it as CSV UTF-8"
        ))
    })
}

fn marked(text: &str) -> String {
    format!("{MARK}{}", text.trim_start_matches(MARK))
}

fn no_utf16(bytes: &[u8]) -> Result<(), Unreadable> {
    if looks_like_utf16(bytes) {
        return Err(unreadable(
            "the file is UTF-16; read it with --encoding utf-16, or save it as CSV UTF-8",
        ));
    }
    Ok(())
}

fn no_utf8(bytes: &[u8], differs_from_option: bool) -> Result<(), Unreadable> {
    if differs_from_option && !bytes.is_empty() && std::str::from_utf8(bytes).is_ok() {
        return Err(unreadable("this file is UTF-8; leave --encoding out"));
    }
    Ok(())
}

/// Excel's files: a ZIP archive, or the compound file of its older versions.
fn is_spreadsheet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"PK\x05\x06")
        || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

/// A byte order mark, or every other byte zero, as plain Latin text has it.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    let zeros = start.iter().filter(|byte| **byte == 0).count();
    start.starts_with(&[0xFF, 0xFE])
        || start.starts_with(&[0xFE, 0xFF])
        || (start.len() >= 4 && zeros * 3 >= start.len())
}

fn unreadable(message: &str) -> Unreadable {
    Unreadable(message.to_owned())
}
