//! References and labels.

use crate::{
    id::Id,
    object::{Object, Objects},
};
use core::fmt;

/// A value that the code states or that the payer is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a value is `***` or it is not")]
pub enum Label<'a> {
    /// `***`: the application asks the payer.
    Prompt,
    /// What the code states.
    Text(&'a str),
}

impl<'a> Label<'a> {
    /// What is written in the code.
    #[must_use]
    pub const fn text(self) -> &'a str {
        match self {
            Self::Prompt => "***",
            Self::Text(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Label<'a> {
    fn from(text: &'a str) -> Self {
        if text == "***" { Self::Prompt } else { Self::Text(text) }
    }
}

/// The additional data (object 62), parsed on access.
#[derive(Clone, Copy, Default)]
pub struct Additional<'a>(Option<Object<'a>>);

macro_rules! labels {
    ($($(#[$about:meta])* $name:ident = $id:literal;)*) => {
        $(
            $(#[$about])*
            #[must_use]
            pub fn $name(self) -> Option<Label<'a>> {
                self.label(Id::of($id))
            }
        )*
    };
}

impl<'a> Additional<'a> {
    pub(crate) const fn of(object: Object<'a>) -> Self {
        Self(Some(object))
    }

    labels! {
        /// Bill or invoice number.
        bill_number = 1;
        /// Mobile number.
        mobile_number = 2;
        /// Store.
        store_label = 3;
        /// Loyalty card.
        loyalty_number = 4;
        /// Reference.
        reference_label = 5;
        /// Customer.
        customer_label = 6;
        /// Terminal.
        terminal_label = 7;
        /// Purpose of the payment.
        purpose = 8;
        /// What the application shall give about the payer: any of `A` (address), `M` (mobile),
        /// `E` (e-mail address).
        consumer_data_request = 9;
        /// The merchant's tax number (PayNet MPM 1.5).
        tax_id = 10;
        /// Medium, place and attendance, a digit each (PayNet MPM 1.5).
        merchant_channel = 11;
    }

    /// The value of any object within.
    #[must_use]
    pub fn label(self, sub: Id) -> Option<Label<'a>> {
        self.objects()?.find(|object| object.id() == sub).map(|object| object.value().into())
    }

    /// The objects within, in the order in which they stand; `None` if there is no object 62.
    #[must_use]
    pub fn objects(self) -> Option<Objects<'a>> {
        self.0.map(|object| object.objects_unchecked())
    }
}

impl fmt::Debug for Additional<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Additional").field(&self.0).finish()
    }
}
