//! Money as integer minor units of an ISO 4217 currency.

use crate::{code_words, invalid::Invalid};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    code: [u8; 3],
    /// Cached, since looking it up takes longer than printing an amount.
    exponent: u8,
}

impl Currency {
    /// Indonesian rupiah.
    pub const IDR: Self = Self { code: *b"IDR", exponent: 2 };
    /// Malaysian ringgit.
    pub const MYR: Self = Self { code: *b"MYR", exponent: 2 };
    /// Philippine peso.
    pub const PHP: Self = Self { code: *b"PHP", exponent: 2 };
    /// Russian rouble.
    pub const RUB: Self = Self { code: *b"RUB", exponent: 2 };
    /// Thai baht.
    pub const THB: Self = Self { code: *b"THB", exponent: 2 };

    /// Reads a three-letter code in capitals.
    ///
    /// # Errors
    /// When ISO 4217 has no such currency with a minor unit.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let known = iso_currency::Currency::from_code(text);
        let exponent = known.and_then(iso_currency::Currency::exponent);
        let exponent = exponent.and_then(|exponent| u8::try_from(exponent).ok());
        match (text.as_bytes().try_into(), exponent) {
            (Ok(code), Some(exponent)) => Ok(Self { code, exponent }),
            _ => Err(Invalid::unreadable("currency", code_words::unknown_currency(text))),
        }
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// How many decimals ISO 4217 gives its major unit: 2 for PHP, and 2 for IDR too. What a
    /// provider writes on the wire is its adapter's own table.
    #[must_use]
    pub const fn exponent(self) -> u32 {
        self.exponent as u32
    }
}

/// A country by its ISO 3166-1 alpha-2 code. Only the shape is checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl Country {
    /// Indonesia.
    pub const ID: Self = Self(*b"ID");
    /// Malaysia.
    pub const MY: Self = Self(*b"MY");
    /// The Philippines.
    pub const PH: Self = Self(*b"PH");
    /// Russia.
    pub const RU: Self = Self(*b"RU");
    /// Thailand.
    pub const TH: Self = Self(*b"TH");

    /// Reads a two-letter code in capitals.
    ///
    /// # Errors
    /// When it is not two letters A-Z.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let bytes: Option<[u8; 2]> = text.as_bytes().try_into().ok();
        bytes
            .filter(|bytes| bytes.iter().all(u8::is_ascii_uppercase))
            .map(Self)
            .ok_or_else(|| Invalid::unreadable("country", code_words::unknown_country(text)))
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// An amount in ISO 4217 minor units (centavos for PHP) and its currency.
///
/// It may be zero or negative, as a balance can be; a [`Corridor`](crate::Corridor) decides which
/// amounts a payment may have. There is no arithmetic across currencies and no rounding anywhere.
///
/// ```
/// use tulay_core::{Currency, Money};
/// let fare = Money::parse("1250.5", Currency::PHP)?;
/// assert_eq!(fare.minor(), 125_050);
/// assert_eq!(fare.to_string(), "PHP 1,250.50");
/// assert!(Money::parse("1250.505", Currency::PHP).is_err());
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "MoneyText", into = "MoneyText")]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount given in minor units.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads plain decimal text in major units, as programs write it: digits, at most one point, an
    /// optional leading minus sign. Text that a person typed is read by
    /// [`text::amount`](crate::text::amount).
    ///
    /// # Errors
    /// When the text has separators, an exponent or blanks, several leading zeros, more decimals
    /// than the currency, or an amount beyond 64 bits. The error says which.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, Invalid> {
        let refused = |expected: String| Err(Invalid::new("amount", expected));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return refused(
                "plain decimal text such as 1250.00, without separators or exponent".into(),
            );
        }
        // So are minor units and account numbers written.
        if whole.starts_with("00") {
            return refused("an amount without leading zeros".into());
        }
        let exponent = currency.exponent();
        if fraction.trim_end_matches('0').len() > exponent as usize {
            return refused(format!(
                "at most {exponent} decimals, as {currency} has no smaller unit"
            ));
        }
        let minor = Decimal::from_str_exact(text)
            .ok()
            .and_then(|major| major.checked_mul(Decimal::from(10_u64.checked_pow(exponent)?)))
            .and_then(|minor| minor.to_i64());
        match minor {
            Some(minor) => Ok(Self { minor, currency }),
            None => refused("an amount that fits 64 bits of minor units".into()),
        }
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum, unless the currencies differ or 64 bits are too few.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency).then_some(Self { minor, ..self })
    }

    /// The amount as plain decimal text in major units with all its decimals: `1250.00`.
    #[must_use]
    pub fn amount_text(self) -> String {
        let (sign, whole, fraction) = self.split();
        match self.currency.exponent as usize {
            0 => format!("{sign}{whole}"),
            decimals => format!("{sign}{whole}.{fraction:0decimals$}"),
        }
    }

    /// The sign, the whole major units, and the minor units beyond them.
    const fn split(self) -> (&'static str, u64, u64) {
        let (minor, unit) = (self.minor.unsigned_abs(), 10_u64.pow(self.currency.exponent()));
        (if self.minor < 0 { "-" } else { "" }, minor / unit, minor % unit)
    }
}

/// Money as JSON has it: `{"amount":"1250.00","currency":"PHP"}`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl From<Money> for MoneyText {
    fn from(money: Money) -> Self {
        Self { amount: money.amount_text(), currency: money.currency }
    }
}

impl TryFrom<MoneyText> for Money {
    type Error = Invalid;
    fn try_from(text: MoneyText) -> Result<Self, Invalid> {
        Self::parse(&text.amount, text.currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, fraction) = self.split();
        write!(f, "{} {sign}", self.currency)?;
        grouped(f, whole)?;
        match self.currency.exponent as usize {
            0 => Ok(()),
            decimals => write!(f, ".{fraction:0decimals$}"),
        }
    }
}

/// Writes a number in groups of three digits.
fn grouped(f: &mut fmt::Formatter<'_>, number: u64) -> fmt::Result {
    let (higher, lowest) = (number / 1000, number % 1000);
    if higher == 0 {
        return write!(f, "{lowest}");
    }
    grouped(f, higher)?;
    write!(f, ",{lowest:03}")
}

macro_rules! codes {
    ($($name:ident),*) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = Invalid;
            fn from_str(code: &str) -> Result<Self, Invalid> {
                Self::new(code)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;
            fn try_from(code: String) -> Result<Self, Invalid> {
                Self::new(&code)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }
    )* };
}

codes! { Country, Currency }

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_and_minor_units_agree() {
        let cases = [
            ("0.01", Currency::PHP, 1, "0.01", "PHP 0.01"),
            ("1250", Currency::PHP, 125_000, "1250.00", "PHP 1,250.00"),
            ("1250.10", Currency::PHP, 125_010, "1250.10", "PHP 1,250.10"),
            ("10000", Currency::IDR, 1_000_000, "10000.00", "IDR 10,000.00"),
            ("-7.5", Currency::THB, -750, "-7.50", "THB -7.50"),
            ("5", Currency::new("JPY").unwrap(), 5, "5", "JPY 5"),
            ("1.2340", Currency::new("KWD").unwrap(), 1234, "1.234", "KWD 1.234"),
            (
                "92233720368547758.07",
                Currency::PHP,
                i64::MAX,
                "92233720368547758.07",
                "PHP 92,233,720,368,547,758.07",
            ),
        ];
        for (text, currency, minor, plain, shown) in cases {
            let money = Money::parse(text, currency).unwrap();
            assert_eq!(money.minor(), minor, "{text}");
            assert_eq!(money.amount_text(), plain);
            assert_eq!(money.to_string(), shown);
        }
    }

    #[test]
    fn what_is_not_plain_decimal_text_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1,250.00",
            "9.17E+09",
            "+5",
            " 5",
            "1_000",
            "--1",
            "٣",
            "0.001",
            "0000125000",
            "00.50",
            "92233720368547758.08",
        ] {
            assert!(Money::parse(text, Currency::PHP).is_err(), "{text:?}");
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let peso = Money::from_minor(1, Currency::PHP);
        assert_eq!(peso.checked_add(Money::from_minor(1, Currency::IDR)), None);
        assert_eq!(peso.checked_add(Money::from_minor(i64::MAX, Currency::PHP)), None);
        assert_eq!(peso.checked_add(peso), Some(Money::from_minor(2, Currency::PHP)));
    }

    #[test]
    fn constants_are_those_of_iso_4217() {
        for own in [Currency::IDR, Currency::MYR, Currency::PHP, Currency::RUB, Currency::THB] {
            assert_eq!(Currency::new(own.as_str()), Ok(own));
        }
    }

    #[test]
    fn codes_are_checked() {
        assert!(Currency::new("php").is_err());
        assert!(Currency::new("ABC").is_err());
        assert!(Currency::new("XXX").is_err());
        assert!(Country::new("Ph").is_err());
        assert!(Country::new("PHL").is_err());
        assert_eq!(format!("{:?} {}", Currency::PHP, Country::PH), "PHP PH");
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_text(minor: i64, code in "PHP|IDR|JPY|KWD|CLF") {
            let money = Money::from_minor(minor, Currency::new(&code).unwrap());
            prop_assert_eq!(Money::parse(&money.amount_text(), money.currency()).unwrap(), money);
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = Money::parse(&text, Currency::PHP);
        }
    }
}
