//! Objects as text.

use super::{BuildError, BuildErrorKind, checked, checked_length};
use crate::{
    crc::{crc16, digits},
    id::{Id, Path},
};
use alloc::string::String;

/// ID and length.
#[derive(Clone, Copy)]
pub(super) struct Header([u8; 4]);

impl Header {
    /// The length is at most 99; callers have checked.
    pub(super) fn new(id: Id, length: usize) -> Self {
        let length = u8::try_from(length).ok().and_then(Id::new).unwrap_or(Id::of(99));
        let ([a, b], [c, d]) = (id.digits(), length.digits());
        Self([a, b, c, d])
    }

    pub(super) fn append(self, out: &mut String) {
        out.push_str(core::str::from_utf8(&self.0).unwrap_or_default());
    }
}

/// Appends an object whose value is known to be of 1 to 99 characters.
pub(crate) fn append_object(id: Id, value: &str, out: &mut String) {
    Header::new(id, length(value)).append(out);
    out.push_str(value);
}

/// Appends the CRC of what stands behind `begin`.
pub(crate) fn append_crc(begin: usize, out: &mut String) {
    out.push_str("6304");
    let crc = digits(crc16(out.as_bytes().get(begin..).unwrap_or_default()));
    out.push_str(core::str::from_utf8(&crc).unwrap_or_default());
}

/// Appends a template of printable ASCII.
pub(super) fn template<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    out: &mut String,
) -> Result<(), BuildError> {
    checked_template(id, subs, checked, out)
}

/// Appends a template of any script.
pub(super) fn template_of_any_script<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    out: &mut String,
) -> Result<(), BuildError> {
    checked_template(id, subs, checked_length, out)
}

fn checked_template<'a>(
    id: Id,
    subs: impl Iterator<Item = (Id, &'a str, usize)> + Clone,
    check: impl Fn(Path, &str, usize) -> Result<(), BuildError>,
    out: &mut String,
) -> Result<(), BuildError> {
    let (mut sum, mut seen) = (0_usize, 0_u128);
    for (sub, value, longest) in subs.clone() {
        let path = Path::within(id, sub);
        check(path, value, longest)?;
        let bit = 1_u128 << sub.number();
        if seen & bit != 0 {
            return Err(BuildError::new(BuildErrorKind::Duplicate, path));
        }
        seen |= bit;
        sum = sum.saturating_add(4).saturating_add(length(value));
    }
    if sum > 99 {
        return Err(BuildError::new(BuildErrorKind::TooLong, id));
    }
    Header::new(id, sum).append(out);
    for (sub, value, _) in subs {
        append_object(sub, value, out);
    }
    Ok(())
}

/// The three digits of a number below 1000.
pub(super) fn digits_of(number: u16) -> [u8; 3] {
    [number / 100 % 10, number / 10 % 10, number % 10]
        .map(|digit| b'0'.wrapping_add(u8::try_from(digit).unwrap_or_default()))
}

fn length(value: &str) -> usize {
    if value.is_ascii() { value.len() } else { value.chars().count() }
}
