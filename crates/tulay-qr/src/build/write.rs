//! Objects as text: in bytes, which are whole texts one after the other.

use super::error::{BuildError, BuildErrorKind};
use crate::{
    ans::is_ans,
    crc::{crc16, digits},
    id::{Id, Path},
    object::HEADER,
};
use alloc::vec::Vec;

/// Appends an object whose value is known to be of 1 to 99 characters.
pub(crate) fn append_object(id: Id, value: &str, out: &mut Vec<u8>) {
    append(id, value, length(value), out);
}

/// Appends an object whose value is known to be ASCII, of 1 to 99 characters.
#[inline]
pub(super) fn append_ascii(id: Id, value: &str, out: &mut Vec<u8>) {
    append(id, value, value.len(), out);
}

#[inline]
pub(super) fn append(id: Id, value: &str, length: usize, out: &mut Vec<u8>) {
    append_header(id, length, out);
    out.extend_from_slice(value.as_bytes());
}

/// Appends ID and length; callers know that the length has two digits.
#[inline]
pub(super) fn append_header(id: Id, length: usize, out: &mut Vec<u8>) {
    let digits = |number: usize| DIGITS.get(number).copied().unwrap_or_default();
    let ([a, b], [c, d]) = (digits(id.index()), digits(length));
    out.extend_from_slice(&[a, b, c, d]);
}

/// The numbers below 100.
#[allow(clippy::indexing_slicing, reason = "evaluated while compiling; the loop ends at 100")]
static DIGITS: [[u8; 2]; 100] = {
    let mut digits = [[0; 2]; 100];
    let mut number = 0_u8;
    while number < 100 {
        digits[number as usize] = Id::of(number).digits();
        number += 1;
    }
    digits
};

/// Appends the CRC of what stands behind `begin`.
pub(crate) fn append_crc(begin: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(b"6304");
    let crc = digits(crc16(out.get(begin..).unwrap_or_default()));
    out.extend_from_slice(&crc);
}

/// Appends a template of printable ASCII.
pub(super) fn template<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    out: &mut Vec<u8>,
) -> Result<(), BuildError> {
    checked_template(id, subs, checked, str::len, out)
}

/// Appends a template of any script.
pub(super) fn template_of_any_script<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    out: &mut Vec<u8>,
) -> Result<(), BuildError> {
    checked_template(id, subs, checked_length, length, out)
}

fn checked_template<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    check: impl Fn(Path, &str, usize) -> Result<usize, BuildError>,
    length: impl Fn(&str) -> usize,
    out: &mut Vec<u8>,
) -> Result<(), BuildError> {
    let (mut sum, mut seen) = (0_usize, 0_u128);
    for (sub, value, longest) in subs.clone() {
        let path = Path::within(id, sub);
        let characters = check(path, value, longest)?;
        let bit = 1_u128 << sub.number();
        if seen & bit != 0 {
            return Err(BuildError::new(BuildErrorKind::Duplicate, path));
        }
        seen |= bit;
        sum = sum.saturating_add(HEADER).saturating_add(characters);
    }
    if sum > 99 {
        return Err(BuildError::new(BuildErrorKind::TooLong, id));
    }
    append_header(id, sum, out);
    for (sub, value, _) in subs {
        append(sub, value, length(value), out);
    }
    Ok(())
}

/// The length of a value of printable ASCII, at most so long.
#[inline]
pub(super) fn checked(path: Path, value: &str, longest: usize) -> Result<usize, BuildError> {
    // Printable ASCII: as many characters as bytes.
    let length = value.len();
    if (1..=longest).contains(&length) && is_ans(value) {
        return Ok(length);
    }
    Err(if value.is_empty() {
        BuildError::missing(path)
    } else if is_ans(value) {
        BuildError::new(BuildErrorKind::TooLong, path)
    } else {
        BuildError::malformed(path)
    })
}

/// The length in characters of a value of any script, at most so long.
pub(crate) fn checked_length(path: Path, value: &str, longest: usize) -> Result<usize, BuildError> {
    let length = value.chars().count();
    if length == 0 {
        return Err(BuildError::missing(path));
    }
    if value.contains(char::is_control) {
        return Err(BuildError::malformed(path));
    }
    if length > longest {
        return Err(BuildError::new(BuildErrorKind::TooLong, path));
    }
    Ok(length)
}

/// The three digits of a number below 1000.
pub(super) fn digits_of(number: u16) -> [u8; 3] {
    [number / 100 % 10, number / 10 % 10, number % 10]
        .map(|digit| b'0'.wrapping_add(u8::try_from(digit).unwrap_or_default()))
}

fn length(value: &str) -> usize {
    if value.is_ascii() { value.len() } else { value.chars().count() }
}
