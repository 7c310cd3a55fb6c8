//! A code read: its objects in order, and what they mean.

mod scan;
mod view;

use crate::{
    id::Id,
    object::{Counting, Object, Objects},
};
use core::fmt;

pub(crate) use scan::{Reading, beyond_capacity, scan};

/// The text of an EMVCo merchant-presented code whose structure was checked: objects, their order,
/// the CRC, and the objects within the templates. It borrows the text and allocates nothing.
///
/// Whatever stands in it stays as it is, known or not: `to_string()` gives the text that was read.
/// Whether the values make sense is another question, which
/// [`validate`](Payload::validate) answers.
///
/// ```
/// use tulay_qr::{Id, Payload};
/// let text = "00020101021229370016A0000006770101110113006680111111153037645802TH540520.15630442BE";
/// let payload = Payload::parse(text)?;
/// assert_eq!(payload.value(Id::AMOUNT), Some("20.15"));
/// assert_eq!(payload.to_string(), text);
///
/// let error = Payload::parse(&text.replace("54", "5X")).unwrap_err();
/// assert_eq!(error.to_string(), "an ID of two digits is expected here (character 67)");
/// # Ok::<_, tulay_qr::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Payload<'a> {
    text: &'a str,
    /// Where the code begins and ends within the text.
    body: (usize, usize),
    counting: Counting,
    starts: Starts,
}

impl<'a> Payload<'a> {
    /// The text that was read.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The objects at the root, in the order in which they stand.
    #[must_use]
    pub fn objects(&self) -> Objects<'a> {
        let body = self.text.get(self.body.0..self.body.1).unwrap_or_default();
        Objects::new(body, self.body.0, self.counting)
    }

    /// The object at the root with this ID.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<Object<'a>> {
        let start = self.starts.get(id)?;
        let rest = self.text.get(start..self.body.1)?;
        Objects::new(rest, start, self.counting).next()
    }

    /// The value of the object at the root with this ID.
    #[must_use]
    pub fn value(&self, id: Id) -> Option<&'a str> {
        self.get(id).map(|object| object.value())
    }

    /// The value of an object within a template.
    #[must_use]
    pub fn value_within(&self, template: Id, sub: Id) -> Option<&'a str> {
        self.get_within(template, sub).map(|object| object.value())
    }

    pub(crate) fn get_within(&self, template: Id, sub: Id) -> Option<Object<'a>> {
        self.get(template)?.objects_unchecked().find(|object| object.id() == sub)
    }

    /// The CRC as it stands there.
    #[must_use]
    pub fn crc(&self) -> &'a str {
        self.value(Id::CRC).unwrap_or_default()
    }

    /// Whether lengths count bytes, which a lenient reading accepts.
    pub(crate) fn counts_bytes(&self) -> bool {
        self.counting == Counting::Bytes && !self.text.is_ascii()
    }

    /// Where the code ends, without what a lenient reading passes over.
    pub(crate) const fn end(&self) -> usize {
        self.body.1
    }
}

impl fmt::Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Accounts and mobiles are personal.
        write!(f, "Payload({}, {} bytes)", self.scheme(), self.text.len())
    }
}

impl PartialEq for Payload<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Payload<'_> {}

/// Where the objects at the root begin, by ID. An ID occurs once, so that the text can not be
/// longer than 100 objects of 99 characters: sixteen bits are enough.
#[derive(Clone, Copy)]
struct Starts([u16; 100]);

impl Starts {
    const NONE: Self = Self([u16::MAX; 100]);

    fn get(&self, id: Id) -> Option<usize> {
        self.0.get(id.index()).filter(|start| **start != u16::MAX).map(|start| usize::from(*start))
    }

    fn set(&mut self, id: Id, start: usize) {
        if let (Some(slot), Ok(start)) = (self.0.get_mut(id.index()), u16::try_from(start)) {
            *slot = start;
        }
    }

    /// The IDs that are there, in the order of their numbers.
    fn ids(&self, from: Id, to: Id) -> impl Iterator<Item = Id> {
        let starts = self.0.get(from.index()..=to.index()).unwrap_or_default();
        (from.number()..)
            .zip(starts)
            .filter(|(_, start)| **start != u16::MAX)
            .filter_map(|(number, _)| Id::new(number))
    }
}
