//! Amounts as JSON numbers, exactly as they are written.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};
use tulay_core::{Currency, Money};

use super::unquoted;

/// A number as the message writes it, or the same as text. It is never a float: `1.15` stays `1.15`.
/// An exponent, which some serialisers write for large amounts, is resolved exactly. `Debug` prints
/// `***`.
///
/// ```
/// use tulay_adapter::json::Decimal;
/// use tulay_core::{Currency, Money};
/// let numbers = r#"[1250, 1250.000, 1.25e3, "1250.00"]"#;
/// let numbers: Vec<Decimal<'_>> = serde_json::from_str(numbers)?;
/// for number in numbers {
///     assert_eq!(number.money(Currency::PHP), Some(Money::from_minor(125_000, Currency::PHP)));
/// }
/// let finer: Decimal<'_> = serde_json::from_str("1250.005")?;
/// assert_eq!(finer.money(Currency::PHP), None);
/// # Ok::<_, serde_json::Error>(())
/// ```
pub struct Decimal<'a>(Cow<'a, str>);

impl Decimal<'_> {
    /// The amount of so many major units; `None` where it is no number, is finer than the minor
    /// unit, or does not fit 64 bits.
    #[must_use]
    pub fn money(&self, currency: Currency) -> Option<Money> {
        Money::parse(&plain(&self.0)?, currency).ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Decimal<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(unquoted(value).unwrap_or(Cow::Borrowed(value.get()))))
    }
}

impl fmt::Debug for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A whole JSON number, such as an amount in minor units: digits alone. A fraction, an exponent, a
/// sign or a text is refused, so that another way of writing amounts is noticed before it is another
/// amount. `Debug` prints `***`.
///
/// ```
/// use tulay_adapter::json::Whole;
/// assert_eq!(serde_json::from_str::<Whole>("125000")?.0, 125_000);
/// for other in ["1250.00", "125e3", "-1", "\"125000\""] {
///     assert!(serde_json::from_str::<Whole>(other).is_err(), "{other}");
/// }
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Whole(
    /// The number.
    pub i64,
);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = <&RawValue>::deserialize(deserializer)?;
        let whole = whole_number(number.get()).map(Self);
        whole.ok_or_else(|| de::Error::custom("expected a whole number"))
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An amount that is written as a JSON number in major units, exactly: whole where it has no minor
/// units, else with all decimals of its currency.
///
/// ```
/// use tulay_adapter::json::{Number, to_json};
/// use tulay_core::{Currency, Money};
/// let number = |minor| to_json(&Number(Money::from_minor(minor, Currency::PHP)));
/// assert_eq!((number(125_000), number(125_050), number(115)), ("1250".into(), "1250.50".into(), "1.15".into()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Number(
    /// The amount.
    pub Money,
);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.amount_text();
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
            _ => &text,
        };
        let number = RawValue::from_string(whole.to_owned()).map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

/// A whole number of units of an amount: digits alone, so never a sign, a fraction or an exponent.
#[must_use]
pub fn whole_number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// The number without its exponent; `None` where the exponent cannot be read or is larger than any
/// amount needs.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Some(Cow::Borrowed(text));
    };
    let exponent: i32 = exponent.parse().ok().filter(|by| (-30..=30).contains(by))?;
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() {
        return None;
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    // The point stands after so many of the digits.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let filled = [&zeros(-point), whole, fraction].concat();
    let point = usize::try_from(point.max(0)).ok()?;
    let filled = format!("{filled}{}", "0".repeat(point.saturating_sub(filled.len())));
    let (whole, fraction) = filled.split_at_checked(point)?;
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    Some(Cow::Owned(format!("{sign}{whole}.{fraction}")))
}
