//! Times and amounts as a provider states them.

use crate::money::{Currency, Money};
use jiff::Timestamp;
use std::fmt;

/// A provider's time: its text always, and the instant where the text or the configured zone
/// determines one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderTime {
    /// As the provider wrote it.
    pub text: String,
    /// The instant.
    pub at: Option<Timestamp>,
}

impl ProviderTime {
    /// A time and, where it is known, its instant.
    #[must_use]
    pub fn new(text: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self { text: text.into(), at }
    }
}

/// An amount in a message that may not name the currency: one reading for each possible currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedAmount(Vec<Money>);

impl StatedAmount {
    /// An amount of a currency that is known.
    #[must_use]
    pub fn known(money: Money) -> Self {
        Self(vec![money])
    }

    /// The readings of an amount, at most one per currency.
    #[must_use]
    pub fn readings(readings: Vec<Money>) -> Self {
        Self(readings)
    }

    /// Every reading: one where the currency is known.
    #[must_use]
    pub fn all(&self) -> &[Money] {
        &self.0
    }

    /// The reading in this currency.
    #[must_use]
    pub fn in_currency(&self, currency: Currency) -> Option<Money> {
        self.0.iter().copied().find(|money| money.currency() == currency)
    }

    /// For people: the reading in this currency, or every reading where there is none.
    #[must_use]
    pub fn text_in(&self, currency: Currency) -> String {
        match self.in_currency(currency) {
            Some(money) => money.to_string(),
            None => self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
        }
    }
}

impl fmt::Display for StatedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, money) in self.0.iter().enumerate() {
            let or = if index == 0 { "" } else { "/" };
            write!(f, "{or}{}{}", money.currency(), money.amount_text())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_the_currency_of_the_order() {
        let pesos = Money::from_minor(9_500, Currency::PHP);
        let rupiah = Money::from_minor(950_000, Currency::IDR);
        for (stated, currency, text) in [
            (StatedAmount::known(pesos), Currency::PHP, "PHP 95.00"),
            (StatedAmount::known(pesos), Currency::IDR, "PHP 95.00"),
            (StatedAmount::readings(vec![pesos, rupiah]), Currency::IDR, "IDR 9,500.00"),
            (
                StatedAmount::readings(vec![pesos, rupiah]),
                Currency::MYR,
                "PHP 95.00 or IDR 9,500.00",
            ),
        ] {
            assert_eq!(stated.text_in(currency), text);
        }
    }
}
