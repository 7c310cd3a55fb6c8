//! Codes with the mistakes that occur in live ones.

use crate::{
    error::{Error, ErrorKind, kinds},
    id::Path,
    object::Counting,
    payload::{Payload, Reading, scan},
};
use alloc::vec::Vec;
use core::fmt;

impl<'a> Payload<'a> {
    /// Reads a code with the mistakes that occur in live codes, and reports each of them: a CRC in
    /// lower case, lengths that count bytes, white space or quotation marks around the code, a byte
    /// order mark.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), for everything else.
    pub fn parse_leniently(text: &'a str) -> Result<Leniently<'a>, Error> {
        read(text, &mut Err)
    }
}

/// A code read leniently, and what was overlooked in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leniently<'a> {
    /// The code.
    pub payload: Payload<'a>,
    /// Each mistake that was overlooked; none if a strict reading accepts it too.
    pub leniencies: Vec<Leniency>,
}

kinds! {
    /// A mistake that a lenient reading overlooks. `Display` says it in a sentence.
    Leniency;
    /// The text begins with a byte order mark.
    ByteOrderMark = "byte_order_mark", "a byte order mark at the beginning was passed over";
    /// There is white space before or after the code.
    WhiteSpace = "white_space", "white space around the code was passed over";
    /// There are quotation marks around the code.
    Quotes = "quotes", "quotation marks around the code were passed over";
    /// The code was broken over several lines.
    LineBreaks = "line_breaks", "line breaks within the code were taken out";
    /// Characters that cannot be seen came into the code.
    InvisibleCharacters = "invisible_characters", "characters that cannot be seen were taken out";
    /// Blanks that are no ASCII blanks stand for these.
    NoBreakSpaces = "no_break_spaces", "blanks that are no ASCII blanks were replaced by these";
    /// The text was percent-encoded.
    PercentEncoding = "percent_encoding", "the text was percent-encoded";
    /// The CRC is right, but in lower case.
    LowercaseCrc = "crc_lowercase", "the CRC is in lower case";
    /// Lengths count bytes where they should count characters.
    LengthsInBytes = "lengths_in_bytes", "lengths count bytes instead of characters";
    /// An SBP link whose own checksum is not that of its text.
    SbpCrcMismatch = "sbp_crc_mismatch", "the link's crc does not match its text";
}

/// The text without what may stand around a code, and what that was.
pub(crate) fn trim(text: &str) -> ((usize, usize), Vec<Leniency>) {
    let mut leniencies = Vec::new();
    let (mut begin, mut end) = (0, text.len());
    // Quotation marks may have blanks on both sides.
    for (cut, leniency) in [
        ((|c| c == '\u{FEFF}') as fn(char) -> bool, Leniency::ByteOrderMark),
        (is_blank, Leniency::WhiteSpace),
        (is_quote, Leniency::Quotes),
        (is_blank, Leniency::WhiteSpace),
    ] {
        let inner = text.get(begin..end).unwrap_or_default();
        let without_start = inner.trim_start_matches(cut);
        begin = end.saturating_sub(without_start.len());
        end = begin.saturating_add(without_start.trim_end_matches(cut).len());
        if end.saturating_sub(begin) < inner.len() && !leniencies.contains(&leniency) {
            leniencies.push(leniency);
        }
    }
    ((begin, end), leniencies)
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Marks that set a text apart from the one around it.
pub(crate) const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '\u{2018}'..='\u{201F}' | '\u{AB}' | '\u{BB}')
}

/// Characters that no reader sees, and that come along when text is copied.
pub(crate) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

pub(crate) fn read<'a>(
    text: &'a str,
    report: &mut impl FnMut(Error) -> Result<(), Error>,
) -> Result<Leniently<'a>, Error> {
    let (body, mut leniencies) = trim(text);
    let reading = Reading { body, lowercase_crc: true, ..Reading::strict(text) };
    let payload = match scan(reading, &mut Err) {
        Ok(payload) => payload,
        // Nothing else can be meant by a text that reads without a fault in this way alone.
        Err(_) if let Ok(payload) = in_bytes(reading) => {
            leniencies.push(Leniency::LengthsInBytes);
            payload
        }
        Err(_) => scan(reading, report)?,
    };
    if payload.crc().bytes().any(|byte| byte.is_ascii_lowercase()) {
        leniencies.push(Leniency::LowercaseCrc);
    }
    Ok(Leniently { payload, leniencies })
}

fn in_bytes(reading: Reading<'_>) -> Result<Payload<'_>, Error> {
    if reading.text.is_ascii() {
        return Err(Error::at(reading.text, 0, ErrorKind::TruncatedValue, None));
    }
    scan(Reading { counting: Counting::Bytes, ..reading }, &mut Err)
}

/// The first length that counts bytes, in a text that can be read in no other way; its CRC may be
/// wrong besides.
pub(crate) fn first_length_in_bytes(reading: Reading<'_>) -> Option<Error> {
    if reading.text.is_ascii() {
        return None;
    }
    let mut not_the_crc = |error: Error| match error.kind {
        ErrorKind::CrcMismatch | ErrorKind::CrcLowercase | ErrorKind::CrcNotHex => Ok(()),
        _ => Err(error),
    };
    let payload = scan(Reading { counting: Counting::Bytes, ..reading }, &mut not_the_crc).ok()?;
    let object = payload.objects().find(|object| !object.value().is_ascii())?;
    let within = object.objects_unchecked().find(|object| !object.value().is_ascii());
    let within = within.filter(|_| object.id().is_template());
    let path = match within {
        Some(within) => Path::within(object.id(), within.id()),
        None => object.id().into(),
    };
    let at = within.unwrap_or(object).byte_offset().saturating_add("59".len());
    Some(Error::at(reading.text, at, ErrorKind::LengthInBytes, path))
}
