//! Whom a code pays.

use crate::{
    id::Id,
    object::{Object, Objects},
};

/// An account that a code can be paid to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a>(Object<'a>);

impl<'a> Account<'a> {
    pub(crate) fn of(object: Object<'a>) -> Option<Self> {
        let id = object.id();
        (id.is_primitive_account() || id.is_account_template()).then_some(Self(object))
    }

    /// The ID at the root, 02 to 51.
    #[must_use]
    pub const fn id(self) -> Id {
        self.0.id()
    }

    /// The object as it stands there.
    #[must_use]
    pub const fn object(self) -> Object<'a> {
        self.0
    }

    /// The card network whose IDs these are, where EMVCo gave them to one (MPM 1.0, table 4.1).
    #[must_use]
    pub const fn network(self) -> Option<&'static str> {
        match self.id().number() {
            2 | 3 => Some("Visa"),
            4 | 5 => Some("Mastercard"),
            9 | 10 => Some("Discover"),
            11 | 12 => Some("American Express"),
            13 | 14 => Some("JCB"),
            15 | 16 => Some("UnionPay"),
            _ => None,
        }
    }

    /// Whose account it is: the globally unique identifier in 00, of templates alone.
    #[must_use]
    pub fn guid(self) -> Option<&'a str> {
        self.value(Id::of(0))
    }

    /// The objects within; none for the accounts 02 to 25, whatever they look like.
    #[must_use]
    pub const fn objects(self) -> Option<Objects<'a>> {
        if self.id().is_account_template() { Some(self.0.objects_unchecked()) } else { None }
    }

    /// The value of an object within.
    #[must_use]
    pub fn value(self, sub: Id) -> Option<&'a str> {
        self.objects()?.find(|object| object.id() == sub).map(|object| object.value())
    }

    pub(crate) fn sub(self, number: u8) -> Option<&'a str> {
        self.value(Id::new(number)?)
    }
}

/// Identifiers that are reverse domains have no case; application identifiers (AID) do.
pub(crate) fn same_domain(guid: &str, domain: &str) -> bool {
    guid.eq_ignore_ascii_case(domain)
}
