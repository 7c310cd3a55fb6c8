//! Name and city in another language.

use crate::{id::Id, object::Object};
use core::fmt;

/// The merchant's name and city in another language (object 64).
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Language<'a> {
    /// The language, two letters of ISO 639-1.
    pub language: &'a str,
    /// The name, at most 25 characters.
    pub merchant_name: &'a str,
    /// The city, at most 15 characters.
    pub merchant_city: Option<&'a str>,
}

impl<'a> Language<'a> {
    pub(crate) fn of(object: Object<'a>) -> Option<Self> {
        let value = |number| {
            let sub = Id::of(number);
            object.objects_unchecked().find(|o| o.id() == sub).map(|o| o.value())
        };
        Some(Self { language: value(0)?, merchant_name: value(1)?, merchant_city: value(2) })
    }
}

impl fmt::Debug for Language<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").field("language", &self.language).finish_non_exhaustive()
    }
}
