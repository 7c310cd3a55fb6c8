//! Bytes to text. An error names the encoding where there is evidence for it, but the file is not
//! read with it: a wrong guess would change names unnoticed.

use super::{
    encoding::Encoding,
    evidence::{Verdict, verdict},
    lines::Lines,
    options::ReadOptions,
    unreadable::Unreadable,
};
use crate::payout_file::file_kind;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1251, WINDOWS_1252};

const MARK: char = '\u{feff}';

/// The text, with a byte order mark in front if it had one or was not UTF-8: what is written of it
/// later is UTF-8, which spreadsheets recognise by the mark alone.
pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<String, Unreadable> {
    if let Some(kind) = file_kind::binary(bytes) {
        return Err(Unreadable(format!("this is {}, not CSV; {}", kind.name, kind.advice)));
    }
    match options.encoding {
        None | Some(Encoding::Utf8) => {
            no_utf16(bytes)?;
            match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_owned()),
                Err(_) => Err(not_utf8(bytes, options)),
            }
        }
        Some(Encoding::Utf16) => utf16(bytes),
        Some(encoding) => {
            no_utf16(bytes)?;
            // Read as Windows-1252, each ñ would become two other letters.
            no_utf8(bytes, !bytes.is_ascii())?;
            one_byte(bytes, encoding, options)
        }
    }
}

fn utf16(bytes: &[u8]) -> Result<String, Unreadable> {
    no_utf8(bytes, !bytes.contains(&0))?;
    let big_endian = bytes.starts_with(&[0xFE, 0xFF]) || bytes.first() == Some(&0);
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    if damaged { Err(unreadable("the file is not UTF-16")) } else { Ok(marked(&text)) }
}

fn one_byte(bytes: &[u8], encoding: Encoding, options: &ReadOptions) -> Result<String, Unreadable> {
    // Read with another encoding than its own, a file pays garbled names.
    match verdict(bytes, options) {
        Verdict::Proposed(other, why) if other != encoding => {
            return Err(Unreadable(format!(
                "the file is not {encoding}, but probably {other}: {why}; read it with \
                 --encoding {}",
                option(other)
            )));
        }
        Verdict::Possible(encodings) if !encodings.contains(&encoding) => {
            return Err(Unreadable(format!(
                "the file is not {encoding}; it may be {}: save it as CSV UTF-8",
                names(&encodings)
            )));
        }
        Verdict::Unknown => {
            let message = format!("the file is not {encoding}; save it as CSV UTF-8");
            return Err(Unreadable(message));
        }
        Verdict::Mixed(_) => return Err(not_utf8(bytes, options)),
        Verdict::Proposed(..) | Verdict::Possible(_) => {}
    }
    let decoder = match encoding {
        Encoding::Windows874 => WINDOWS_874,
        Encoding::Windows1251 => WINDOWS_1251,
        _ => WINDOWS_1252,
    };
    let text = decoder.decode_without_bom_handling_and_without_replacement(bytes);
    // Bytes that the code page does not define become C1 controls.
    let is_undefined = |c: char| ('\u{80}'..'\u{a0}').contains(&c);
    match text.filter(|text| !text.contains(is_undefined)) {
        Some(text) => Ok(marked(&text)),
        None => {
            Err(Unreadable(format!("the file is not {encoding}: some bytes mean nothing in it")))
        }
    }
}

/// Where the file stops to be UTF-8, and what it may be.
fn not_utf8(bytes: &[u8], options: &ReadOptions) -> Unreadable {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = Lines::new(bytes).at(valid);
    Unreadable(match verdict(bytes, options) {
        Verdict::Proposed(encoding, why) => format!(
            "line {line}: the file is not UTF-8, but probably {encoding}: {why}; read it with \
             --encoding {} and check the names, or save it as CSV UTF-8",
            option(encoding)
        ),
        Verdict::Possible(encodings) => format!(
            "line {line}: the file is not UTF-8; it may be {}, but the evidence is too weak to \
             advise it: save it as CSV UTF-8, or read it with --encoding {} and check every name",
            names(&encodings),
            names(&encodings).to_lowercase()
        ),
        Verdict::Mixed(encodings) => {
            let may_be = match encodings.as_slice() {
                [] => String::new(),
                some => format!(" (it may be {})", names(some)),
            };
            format!(
                "line {line}: this line is not UTF-8{may_be}, but other lines are: two encodings \
                 are mixed; enter the text of this line again, and save the file as CSV UTF-8"
            )
        }
        Verdict::Unknown => format!(
            "line {line}: the file is not UTF-8, and its bytes are not those of {all}; save it as \
             CSV UTF-8",
            all = names(&Encoding::ONE_BYTE)
        ),
    })
}

/// `Windows-1252, Windows-874 or Windows-1251`.
fn names(encodings: &[Encoding]) -> String {
    let names: Vec<String> = encodings.iter().map(ToString::to_string).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// The encoding as `--encoding` takes it.
fn option(encoding: Encoding) -> String {
    encoding.to_string().to_lowercase()
}

fn marked(text: &str) -> String {
    format!("{MARK}{}", text.trim_start_matches(MARK))
}

fn no_utf16(bytes: &[u8]) -> Result<(), Unreadable> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(unreadable("the file is UTF-32; save it as CSV UTF-8"));
    }
    if looks_like_utf16(bytes) {
        return Err(unreadable(
            "the file is UTF-16; read it with --encoding utf-16, or save it as CSV UTF-8",
        ));
    }
    Ok(())
}

fn no_utf8(bytes: &[u8], differs_from_option: bool) -> Result<(), Unreadable> {
    if differs_from_option && !bytes.is_empty() && std::str::from_utf8(bytes).is_ok() {
        return Err(unreadable("the file is UTF-8; leave --encoding out"));
    }
    Ok(())
}

/// A byte order mark, or every other byte zero, as plain Latin text has it.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let start = bytes.get(..64).unwrap_or(bytes);
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    start.starts_with(&[0xFF, 0xFE])
        || start.starts_with(&[0xFE, 0xFF])
        // The zeros of a damaged file stand anywhere.
        || (start.len() >= 4 && even.max(odd) * 3 >= start.len() && even.min(odd) * 8 <= even.max(odd))
}

fn unreadable(message: &str) -> Unreadable {
    Unreadable(message.to_owned())
}
