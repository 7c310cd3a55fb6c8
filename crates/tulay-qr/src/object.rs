//! Data objects: ID, length, value.

use crate::{
    error::ErrorKind,
    id::{Id, two_digits},
};
use core::fmt;

/// A data object as it stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    id: Id,
    value: &'a str,
    start: usize,
    counting: Counting,
}

impl<'a> Object<'a> {
    /// The ID.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// The value, exactly as it stands there.
    #[must_use]
    pub const fn value(&self) -> &'a str {
        self.value
    }

    /// Where the object begins, in bytes from the beginning of the whole text.
    #[must_use]
    pub const fn byte_offset(&self) -> usize {
        self.start
    }

    /// Where its value begins, in bytes from the beginning of the whole text.
    #[must_use]
    pub const fn value_byte_offset(&self) -> usize {
        self.start.saturating_add(HEADER)
    }

    /// The objects within, if the value is a sequence of objects to its end. It may be one by
    /// chance: whether it is meant so depends on the ID.
    #[must_use]
    pub fn objects(&self) -> Option<Objects<'a>> {
        let objects = self.objects_unchecked();
        let mut rest = objects;
        while rest.next().is_some() {}
        rest.is_at_end().then_some(objects)
    }

    /// The objects within, up to the first that is malformed.
    pub(crate) const fn objects_unchecked(&self) -> Objects<'a> {
        let base = self.start.saturating_add(HEADER);
        Objects { text: self.value, at: 0, base, counting: self.counting }
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a name or an account.
        write!(f, "Object({}, {} bytes at {})", self.id, self.value.len(), self.start)
    }
}

/// Data objects one after the other, in the order in which they stand.
#[derive(Clone, Copy)]
pub struct Objects<'a> {
    text: &'a str,
    at: usize,
    /// Where `text` begins in the whole text.
    base: usize,
    counting: Counting,
}

impl<'a> Objects<'a> {
    /// The objects of a text as far as they can be read, whatever it is; for showing what a broken
    /// code holds.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let counting = if text.is_ascii() { Counting::Bytes } else { Counting::Characters };
        Self::new(text, 0, counting)
    }

    pub(crate) const fn new(text: &'a str, base: usize, counting: Counting) -> Self {
        Self { text, at: 0, base, counting }
    }

    const fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The next object, or what is wrong with it; `None` at the end.
    pub(crate) fn read(&mut self) -> Option<Result<Object<'a>, Fault>> {
        if self.is_at_end() {
            return None;
        }
        Some(match read(self.text, self.at, self.counting) {
            Ok((id, value)) => {
                let start = self.base.wrapping_add(self.at);
                self.at = self.at.wrapping_add(HEADER).wrapping_add(value.len());
                Ok(Object { id, value, start, counting: self.counting })
            }
            Err(fault) => Err(Fault { at: self.base.wrapping_add(fault.at), ..fault }),
        })
    }
}

impl<'a> Iterator for Objects<'a> {
    type Item = Object<'a>;

    fn next(&mut self) -> Option<Object<'a>> {
        self.read()?.ok()
    }
}

impl fmt::Debug for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// How long ID and length are together, in bytes.
pub(crate) const HEADER: usize = 4;

/// What lengths count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    /// Bytes: where all is ASCII, or in codes whose author counted so by mistake.
    Bytes,
    Characters,
}

/// What is wrong with an object, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) at: usize,
    pub(crate) id: Option<Id>,
}

fn read(text: &str, at: usize, counting: Counting) -> Result<(Id, &str), Fault> {
    let header = text.as_bytes().get(at..).and_then(|rest| rest.first_chunk::<HEADER>());
    let Some([tens, units, length_tens, length_units]) = header.copied() else {
        return Err(short(text, at));
    };
    let id = Id::from_digits(tens, units);
    let id = id.ok_or(Fault { kind: ErrorKind::NonDigitId, at, id: None })?;
    let fault = |kind, beyond: usize| Fault { kind, at: at.wrapping_add(beyond), id: Some(id) };
    let length = match two_digits(length_tens, length_units) {
        Some(0) => return Err(fault(ErrorKind::ZeroLength, 2)),
        Some(length) => usize::from(length),
        None => return Err(fault(ErrorKind::NonDigitLength, 2)),
    };
    // Within the text, as the header was read.
    let start = at.wrapping_add(HEADER);
    let value = match counting {
        Counting::Bytes => text.get(start..start.wrapping_add(length)),
        Counting::Characters => text.get(start..).and_then(|rest| first_characters(rest, length)),
    };
    value.map(|value| (id, value)).ok_or_else(|| fault(ErrorKind::TruncatedValue, HEADER))
}

/// What is wrong where fewer bytes than a header's are left.
#[cold]
fn short(text: &str, at: usize) -> Fault {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let id = match *rest {
        [tens, units, ..] => Id::from_digits(tens, units),
        _ => None,
    };
    let kind = match rest {
        [only] if only.is_ascii_digit() => ErrorKind::TruncatedHeader,
        [_, _, ..] if id.is_some() => ErrorKind::TruncatedHeader,
        _ => ErrorKind::NonDigitId,
    };
    Fault { kind, at, id }
}

fn first_characters(text: &str, count: usize) -> Option<&str> {
    let mut indices = text.char_indices();
    match indices.nth(count) {
        Some((end, _)) => text.get(..end),
        None => (text.chars().count() == count).then_some(text),
    }
}
