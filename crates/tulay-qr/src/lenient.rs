//! Codes with the mistakes that occur in live ones.

use crate::{
    error::{Error, ErrorKind, kinds},
    object::Counting,
    payload::{Payload, Reading, scan},
};
use alloc::vec::Vec;
use core::fmt;

impl<'a> Payload<'a> {
    /// Reads a code with the mistakes that occur in live codes, and reports each of them: a CRC in
    /// lower case, lengths that count bytes, white space around the code, a byte order mark.
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
    let without_mark = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if without_mark.len() < text.len() {
        leniencies.push(Leniency::ByteOrderMark);
    }
    let trimmed = without_mark.trim_start();
    let begin = text.len().saturating_sub(trimmed.len());
    let trimmed = trimmed.trim_end();
    if trimmed.len() < without_mark.len() {
        leniencies.push(Leniency::WhiteSpace);
    }
    ((begin, begin.saturating_add(trimmed.len())), leniencies)
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
