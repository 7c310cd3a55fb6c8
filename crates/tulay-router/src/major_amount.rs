//! An amount without a currency, which amounts of any currency are compared with.

use serde::Deserialize;
use std::{fmt, str::FromStr};
use tulay_core::{
    Currency, Invalid, Money,
    text::{self, AmountFormat},
};

/// No currency of ISO 4217 has more decimals.
const DECIMALS: u32 = 4;

/// The least or greatest amount of a rule, in major units of the payment's currency: decimal text
/// with at most 18 digits before the point and four after it, without a sign, as
/// [`text::plain_amount`] reads it. In `50.000` the point may separate thousands, so it is refused.
///
/// ```
/// use tulay_core::{Currency, Money};
/// use tulay_router::MajorAmount;
/// let bound: MajorAmount = "50000.00".parse()?;
/// assert!(bound.is_reached(Money::parse("50000.00", Currency::PHP)?));
/// assert!(!bound.is_exceeded(Money::parse("50000.00", Currency::PHP)?));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct MajorAmount(
    /// In ten-thousandths of the major unit.
    i128,
);

impl MajorAmount {
    /// Whether an amount is this or more.
    #[must_use]
    pub fn is_reached(self, amount: Money) -> bool {
        Self::of(amount) >= self
    }

    /// Whether an amount is more than this.
    #[must_use]
    pub fn is_exceeded(self, amount: Money) -> bool {
        Self::of(amount) > self
    }

    /// An amount without its currency. A 64-bit amount always fits.
    pub(crate) fn of(amount: Money) -> Self {
        Self(i128::from(amount.minor()).saturating_mul(unit(amount.currency())))
    }

    /// The same amount of a currency; `None` where it has fewer decimals, or beyond 64 bits.
    pub(crate) fn in_currency(self, currency: Currency) -> Option<Money> {
        let (whole, rest) = (self.0 / unit(currency), self.0 % unit(currency));
        let minor = i64::try_from(whole).ok().filter(|_| rest == 0)?;
        Some(Money::from_minor(minor, currency))
    }
}

impl FromStr for MajorAmount {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let plain = text::plain_amount(text, None, AmountFormat::Plain)?;
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let refused = || Invalid::new("amount", "at most 18 digits before the point");
        if whole.len() > 18 {
            return Err(refused());
        }
        let decimals = DECIMALS as usize;
        format!("{whole}{fraction:0<decimals$}").parse().map(Self).map_err(|_| refused())
    }
}

impl TryFrom<String> for MajorAmount {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl fmt::Display for MajorAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i128.pow(DECIMALS);
        let (whole, fraction) = (self.0.div_euclid(unit), self.0.rem_euclid(unit));
        write!(f, "{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let fraction = format!("{fraction:04}");
        write!(f, ".{:0<2}", fraction.trim_end_matches('0'))
    }
}

impl fmt::Debug for MajorAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MajorAmount({self})")
    }
}

/// A currency's minor unit in ten-thousandths of its major unit.
fn unit(currency: Currency) -> i128 {
    10_i128.saturating_pow(DECIMALS.saturating_sub(currency.exponent()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_every_currency_compare() {
        let bound: MajorAmount = "50000.00".parse().unwrap();
        for currency in ["PHP", "IDR", "JPY", "KWD", "CLF"] {
            let currency = Currency::new(currency).unwrap();
            let unit = 10_i64.pow(currency.exponent());
            let amount = |minor| Money::from_minor(minor, currency);
            assert!(bound.is_reached(amount(50_000 * unit)), "{currency}");
            assert!(!bound.is_exceeded(amount(50_000 * unit)), "{currency}");
            assert!(bound.is_exceeded(amount(50_000 * unit + 1)), "{currency}");
            assert!(!bound.is_reached(amount(50_000 * unit - 1)), "{currency}");
        }
    }

    #[test]
    fn text_is_plain() {
        for (text, shown) in [("0.5", "0.50"), ("12.3456", "12.3456"), ("7", "7"), ("7.00", "7")] {
            assert_eq!(text.parse::<MajorAmount>().unwrap().to_string(), shown);
        }
        for wrong in ["", "-1", "1,000", "1.", ".5", "1e3", "1.23456", "1.2.3", "١", "007"] {
            assert!(wrong.parse::<MajorAmount>().is_err(), "{wrong}");
        }
        let unclear = "50.000".parse::<MajorAmount>().unwrap_err();
        assert!(unclear.to_string().ends_with("write 50000 or 50.00"), "{unclear}");
        let long = "9".repeat(19);
        assert!(long.parse::<MajorAmount>().is_err());
    }
}
