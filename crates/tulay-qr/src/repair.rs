//! Texts that copying, wrapping or encoding damaged, as the codes they were.

use crate::{
    crc::{crc16, digits},
    error::{Error, ErrorKind},
    id::Id,
    lenient::{Leniency, first_length_in_bytes, is_invisible, is_quote, trim},
    object::Objects,
    payload::{Payload, Reading, beyond_capacity},
    sbp::SbpLink,
};
use alloc::{string::String, vec::Vec};
use core::fmt;

/// A code that came damaged, as it was.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repaired {
    /// The code. [`Payload::parse_leniently`] or [`SbpLink::parse`] reads it.
    pub text: String,
    /// What was done to the text.
    pub repairs: Vec<Leniency>,
}

/// The code that a damaged text was, if that is proven: line breaks, characters that cannot be seen,
/// no-break spaces and percent-encoding are undone, and the CRC of the result is right. `None` where
/// a lenient reading accepts the text as it is, and where no such repair makes it a code.
///
/// ```
/// let damaged = "00020101021229370016A0000006770101110113006680111111153037\n 645802TH540520.15630442BE";
/// let repaired = tulay_qr::repair(damaged).ok_or("beyond repair")?;
/// assert_eq!(repaired.repairs[0].name(), "line_breaks");
/// assert!(tulay_qr::validate(&repaired.text).errors.is_empty());
/// # Ok::<_, &str>(())
/// ```
#[must_use]
pub fn repair(text: &str) -> Option<Repaired> {
    if beyond_capacity(text).is_some() && !text.contains('%') || is_code(text) {
        return None;
    }
    let encoded = Some(Leniency::PercentEncoding);
    candidates(text, None)
        // A mobile number may have a plus sign, which forms write for a blank.
        .chain(percent_decoded(text, '+').into_iter().flat_map(|text| candidates(&text, encoded)))
        .chain(percent_decoded(text, ' ').into_iter().flat_map(|text| candidates(&text, encoded)))
        .find(|repaired| is_code(&repaired.text))
}

/// Why a text cannot be read, as far as the text itself shows it, whatever its CRC.
pub(crate) fn causes(text: &str) -> Vec<Error> {
    let mut causes = Vec::new();
    let mut add = |kind, at: Option<usize>| {
        causes.extend(at.map(|at| Error::at(text, at, kind, None)));
    };
    let ((begin, end), around) = trim(text);
    let body = text.get(begin..end).unwrap_or_default();
    let within = |found: Option<usize>| found.map(|at| begin.saturating_add(at));
    for leniency in around {
        let (kind, wanted): (_, fn(char) -> bool) = match leniency {
            Leniency::ByteOrderMark => (ErrorKind::ByteOrderMark, |c| c == '\u{FEFF}'),
            Leniency::Quotes => (ErrorKind::Quotes, is_quote),
            _ => (ErrorKind::WhiteSpace, |c| c.is_whitespace() || is_invisible(c)),
        };
        let place = |(at, c): &(usize, char)| !(begin..end).contains(at) && wanted(*c);
        add(kind, text.char_indices().find(place).map(|(at, _)| at));
    }
    add(ErrorKind::LineBreak, within(body.find(['\r', '\n'])));
    let unseen = |c: char| is_invisible(c) || is_other_blank(c);
    add(ErrorKind::InvisibleCharacter, within(body.find(unseen)));
    let encoded = repair(text).filter(|r| r.repairs.contains(&Leniency::PercentEncoding));
    add(ErrorKind::PercentEncoded, encoded.and_then(|_| text.find('%')));
    causes.extend(first_length_in_bytes(Reading { body: (begin, end), ..Reading::strict(text) }));
    if let Some((at, _)) = short_crc(body) {
        let at = begin.saturating_add(at);
        causes.push(Error::at(text, at, ErrorKind::CrcShort, Some(Id::CRC.into())));
    }
    causes
}

/// The whole CRC of a code whose CRC lost its leading zeros, and where it stands: `None` unless what
/// is left of it is right.
#[must_use]
pub fn whole_crc(text: &str) -> Option<String> {
    let ((begin, end), _) = trim(text);
    let (_, crc) = short_crc(text.get(begin..end)?)?;
    Some(crc.iter().map(|digit| char::from(*digit)).collect())
}

fn short_crc(body: &str) -> Option<(usize, [u8; 4])> {
    // Every object before the CRC is whole; 63 may announce four digits, or as many as are left.
    let before = Objects::of(body).take_while(|object| object.id() != Id::CRC).last()?;
    let at = before.value_byte_offset().checked_add(before.value().len())?;
    let (header, given) = body.get(at..)?.split_at_checked(4)?;
    let announced = header.strip_prefix("63")?;
    let length = u8::try_from(given.len()).ok().filter(|length| (1..4).contains(length))?;
    let counted = announced.as_bytes() == [b'0', b'0'.checked_add(length)?];
    let given = Some(given).filter(|_| announced == "04" || counted)?;
    let given = given.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(given)?;
    let right = crc16_of_whole(body.get(..at)?);
    let number = u16::from_str_radix(given, 16).ok()?;
    (number == right).then(|| (at.saturating_add(header.len()), digits(right)))
}

fn crc16_of_whole(before: &str) -> u16 {
    let mut hashed = String::with_capacity(before.len().saturating_add(4));
    hashed.push_str(before);
    hashed.push_str("6304");
    crc16(hashed.as_bytes())
}

/// The text with its damage undone, in each of the ways that may have happened.
fn candidates(text: &str, before: Option<Leniency>) -> impl Iterator<Item = Repaired> + use<> {
    let ((begin, end), around) = trim(text);
    let body = text.get(begin..end).unwrap_or_default();
    let has_breaks = body.contains(['\r', '\n']);
    let mut repairs: Vec<_> = before.into_iter().chain(around).collect();
    repairs.extend(body.contains(is_invisible).then_some(Leniency::InvisibleCharacters));
    repairs.extend(body.contains(is_other_blank).then_some(Leniency::NoBreakSpaces));
    repairs.extend(has_breaks.then_some(Leniency::LineBreaks));
    let lines: Vec<_> = body.split(['\r', '\n']).collect();
    let trimmed: Vec<_> = lines.iter().map(|line| line.trim()).filter(|l| !l.is_empty()).collect();
    let texts = if has_breaks {
        // Broken anywhere; and then indented; or broken at a blank.
        Vec::from([lines.concat(), trimmed.concat(), trimmed.join(" ")])
    } else {
        Vec::from([String::from(body)])
    };
    texts.into_iter().map(move |text| {
        let seen = text.chars().filter(|c| !is_invisible(*c));
        let text = seen.map(|c| if is_other_blank(c) { ' ' } else { c }).collect();
        Repaired { text, repairs: repairs.clone() }
    })
}

fn is_code(text: &str) -> bool {
    Payload::parse_leniently(text).is_ok()
        || SbpLink::parse(text).is_ok_and(|link| link.crc_matches() != Some(false))
}

/// Blanks that look like the ASCII one.
const fn is_other_blank(character: char) -> bool {
    matches!(character, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// The text with each `%` and two hexadecimal digits as the byte that they are, and `+` as said;
/// `None` if there is no such escape.
fn percent_decoded(text: &str, plus: char) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut found = false;
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hexadecimal(*high).zip(hexadecimal(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = tail.get(2..).unwrap_or_default();
            found = true;
        } else {
            bytes.push(if *first == b'+' && plus == ' ' { b' ' } else { *first });
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok().filter(|_| found)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl fmt::Debug for Repaired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may name persons and accounts.
        f.debug_struct("Repaired").field("repairs", &self.repairs).finish_non_exhaustive()
    }
}
