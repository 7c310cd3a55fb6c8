//! Objects as text: in bytes, which are whole texts one after the other.

use super::error::{BuildError, BuildErrorKind};
use crate::{
    crc::{crc16, digits},
    id::{Id, Path},
    object::HEADER,
    rules::{Fault, LONGEST, Rule},
    scheme::Scheme,
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

/// Appends a template; each value is checked by the rule of its object.
pub(super) fn template<'a>(
    scheme: Scheme,
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str)> + Clone,
    out: &mut Vec<u8>,
) -> Result<(), BuildError> {
    let (mut sum, mut seen) = (0_usize, 0_u128);
    for (sub, value) in subs.clone() {
        let path = Path::within(id, sub);
        let characters = checked(scheme, path, value)?;
        let bit = 1_u128 << sub.number();
        if seen & bit != 0 {
            return Err(BuildError::new(BuildErrorKind::Duplicate, path));
        }
        seen |= bit;
        sum = sum.saturating_add(HEADER).saturating_add(characters);
    }
    if sum > usize::from(LONGEST) {
        let fault = Fault::TooLong { found: sum, most: LONGEST };
        return Err(BuildError::of(fault, id.into(), ""));
    }
    append_header(id, sum, out);
    for (sub, value) in subs {
        append(sub, value, length(value), out);
    }
    Ok(())
}

/// The length in characters of a value that the object may have.
#[inline]
pub(crate) fn checked(
    scheme: Scheme,
    path: impl Into<Path>,
    value: &str,
) -> Result<usize, BuildError> {
    let path = path.into();
    Rule::of(scheme, path).check(value).map_err(|fault| BuildError::of(fault, path, value))
}

/// The three digits of a number below 1000.
pub(super) fn digits_of(number: u16) -> [u8; 3] {
    [number / 100 % 10, number / 10 % 10, number % 10]
        .map(|digit| b'0'.wrapping_add(u8::try_from(digit).unwrap_or_default()))
}

fn length(value: &str) -> usize {
    if value.is_ascii() { value.len() } else { value.chars().count() }
}
