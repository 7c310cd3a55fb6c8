//! Amounts, as text and as minor units.

use crate::scheme::Short;

/// The longest amount, in characters (EMVCo MPM 1.0, table 3.6).
pub(crate) const LONGEST: usize = 13;

/// An amount as it stands in a code: digits and at most one point, 13 characters, never zero. The
/// text stays as it is, so that `10.`, `390.8` and `1` do.
///
/// ```
/// use tulay_qr::Amount;
/// let amount = Amount::parse("390.8").ok_or("malformed")?;
/// assert_eq!((amount.text(), amount.minor_units(2)), ("390.8", Some(39_080)));
/// assert_eq!(Amount::parse("1,000.00"), None);
/// # Ok::<_, &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount<'a>(&'a str);

impl<'a> Amount<'a> {
    /// Reads an amount; `None` if it is malformed, longer than 13 characters, or zero.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (mut points, mut above_zero) = (0_u8, false);
        if text.len() > LONGEST {
            return None;
        }
        for byte in text.bytes() {
            match byte {
                b'0' => {}
                b'1'..=b'9' => above_zero = true,
                b'.' if points == 0 => points = 1,
                _ => return None,
            }
        }
        above_zero.then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.0
    }

    /// Whether there is a digit before the point, and no zero before the first digit that counts:
    /// `0.50`, not `.50` or `00.50`. Anything else is read, and never written.
    pub(crate) fn is_written_well(self) -> bool {
        let mut bytes = self.0.bytes();
        match (bytes.next(), bytes.next()) {
            (Some(b'.'), _) => false,
            (Some(b'0'), Some(second)) => second == b'.',
            _ => true,
        }
    }

    /// The same amount as it is written well, with all decimals of the currency; `None` if that is
    /// longer than 13 characters.
    pub(crate) fn rewritten(self, exponent: u8) -> Option<Short<16>> {
        let (whole, decimals) = self.0.split_once('.').unwrap_or((self.0, ""));
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let padding = usize::from(exponent).saturating_sub(decimals.len());
        let point = (exponent > 0).then_some(b'.');
        let digits = decimals.bytes().chain(core::iter::repeat_n(b'0', padding));
        let digits = digits.take(if exponent > 0 { usize::MAX } else { 0 });
        let written = Short::collect(whole.bytes().chain(point).chain(digits))?;
        (written.as_str().len() <= LONGEST).then_some(written)
    }

    /// How many decimals the text has, zeros at its end included.
    #[must_use]
    pub fn decimals(self) -> usize {
        self.0.bytes().rev().position(|byte| byte == b'.').unwrap_or_default()
    }

    /// The amount in minor units of a currency with so many decimals. `None` if it has more
    /// decimals than that, unless those are zeros.
    #[must_use]
    pub fn minor_units(self, exponent: u8) -> Option<u64> {
        let (whole, decimals) = self.0.split_once('.').unwrap_or((self.0, ""));
        let exponent = usize::from(exponent);
        let beyond = decimals.get(exponent..).unwrap_or_default();
        if beyond.bytes().any(|digit| digit != b'0') {
            return None;
        }
        let kept = decimals.get(..exponent).unwrap_or(decimals);
        let padding = exponent.saturating_sub(kept.len());
        let digits = whole.bytes().chain(kept.bytes()).map(|digit| digit.wrapping_sub(b'0'));
        digits
            .chain(core::iter::repeat_n(0, padding))
            .try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(digit.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn emvco_examples_and_their_neighbours() {
        for (text, minor) in [
            ("98", Some(9800)),
            ("98.", Some(9800)),
            ("98.73", Some(9873)),
            ("98.730", Some(9873)),
            ("98.735", None),
            ("0.05", Some(5)),
            ("9999999999999", Some(999_999_999_999_900)),
        ] {
            assert_eq!(
                Amount::parse(text).map(|amount| amount.minor_units(2)),
                Some(minor),
                "{text}"
            );
        }
        for text in
            ["", ".", "0", "00.00", "98,73", "3 705", "-5", "1e3", "1.2.3", "NaN", "٣", "+5"]
        {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
        assert_eq!(Amount::parse("12345678901.00"), None, "14 characters");
    }

    #[test]
    fn amounts_are_rewritten_in_one_way() {
        for (text, exponent, expected) in [
            (".5", 2, "0.50"),
            (".05", 2, "0.05"),
            ("00.50", 2, "0.50"),
            ("0012.5", 2, "12.50"),
            ("007", 2, "7.00"),
            ("007", 0, "7"),
            (".5", 3, "0.500"),
        ] {
            let amount = Amount::parse(text).unwrap();
            assert!(!amount.is_written_well(), "{text}");
            assert_eq!(amount.rewritten(exponent).unwrap().as_str(), expected, "{text}");
        }
        for text in ["98", "98.", "98.73", "0.05", "1", "100", "10.0"] {
            assert!(Amount::parse(text).unwrap().is_written_well(), "{text}");
        }
    }
}
