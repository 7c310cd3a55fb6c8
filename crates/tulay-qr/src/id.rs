//! Which data object is meant.

use core::fmt;

/// The ID of a data object: two digits. It means something only inside its parent: `01` is the
/// point of initiation at the root, and the bill number in the additional data.
///
/// The constants are the root's (EMVCo MPM 1.0, table 3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u8);

impl Id {
    /// Payload format indicator, always first.
    pub const FORMAT_INDICATOR: Self = Self(0);
    /// Point of initiation method: `11` static, `12` dynamic.
    pub const POINT_OF_INITIATION: Self = Self(1);
    /// Merchant category code, ISO 18245.
    pub const CATEGORY_CODE: Self = Self(52);
    /// Transaction currency, ISO 4217 numeric.
    pub const CURRENCY: Self = Self(53);
    /// Transaction amount.
    pub const AMOUNT: Self = Self(54);
    /// Tip or convenience indicator.
    pub const TIP_INDICATOR: Self = Self(55);
    /// Convenience fee, fixed.
    pub const FEE_FIXED: Self = Self(56);
    /// Convenience fee, percentage.
    pub const FEE_PERCENT: Self = Self(57);
    /// Country code, ISO 3166-1 alpha-2.
    pub const COUNTRY: Self = Self(58);
    /// Merchant name.
    pub const MERCHANT_NAME: Self = Self(59);
    /// Merchant city.
    pub const MERCHANT_CITY: Self = Self(60);
    /// Postal code.
    pub const POSTAL_CODE: Self = Self(61);
    /// Additional data template.
    pub const ADDITIONAL_DATA: Self = Self(62);
    /// CRC, always last.
    pub const CRC: Self = Self(63);
    /// Merchant information in another language.
    pub const LANGUAGE: Self = Self(64);

    /// The ID of this number, if it has at most two digits.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number < 100 { Some(Self(number)) } else { None }
    }

    /// The number, 0 to 99.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// An ID whose number is known to be small.
    pub(crate) const fn of(number: u8) -> Self {
        assert!(number < 100, "an ID has two digits");
        Self(number)
    }

    pub(crate) fn from_digits(tens: u8, units: u8) -> Option<Self> {
        two_digits(tens, units).map(Self)
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether it holds an account as plain text: 02 to 25, which are never templates.
    pub(crate) const fn is_primitive_account(self) -> bool {
        matches!(self.0, 2..=25)
    }

    /// Whether it holds an account as a template: 26 to 51.
    pub(crate) const fn is_account_template(self) -> bool {
        matches!(self.0, 26..=51)
    }

    /// Whether anybody may use it for a template of their own: 80 to 99.
    pub(crate) const fn is_unreserved(self) -> bool {
        matches!(self.0, 80..=99)
    }

    /// Whether its value has to be a sequence of objects.
    pub(crate) const fn is_template(self) -> bool {
        self.is_account_template() || matches!(self, Self::ADDITIONAL_DATA | Self::LANGUAGE)
    }

    pub(crate) const fn digits(self) -> [u8; 2] {
        [b'0' + self.0 / 10, b'0' + self.0 % 10]
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where a data object stands: `54`, or `30.02` for `02` within the template `30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The object at the root.
    pub root: Id,
    /// The object within it, if that is meant.
    pub sub: Option<Id>,
}

impl Path {
    /// An object within a template at the root.
    #[must_use]
    pub const fn within(root: Id, sub: Id) -> Self {
        Self { root, sub: Some(sub) }
    }
}

impl From<Id> for Path {
    fn from(root: Id) -> Self {
        Self { root, sub: None }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sub {
            Some(sub) => write!(f, "{}.{sub}", self.root),
            None => write!(f, "{}", self.root),
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The number that two ASCII digits are. Signs, blanks and digits of other scripts are none.
pub(crate) fn two_digits(tens: u8, units: u8) -> Option<u8> {
    let (tens, units) = (tens.wrapping_sub(b'0'), units.wrapping_sub(b'0'));
    (tens < 10 && units < 10).then(|| tens.wrapping_mul(10).wrapping_add(units))
}
