//! Acme's codes: `ACME|<payee>|<currency>|<minor units, or nothing>|<length of what stands before>`.

use tulay_core::{Currency, Money};

pub(crate) struct Shown<'a> {
    pub(crate) payee: &'a str,
    pub(crate) currency: Currency,
    /// `None`: the payer chooses.
    pub(crate) amount: Option<Money>,
}

impl<'a> Shown<'a> {
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let (said, length) = text.rsplit_once('|')?;
        let mut parts = said.strip_prefix("ACME|")?.split('|');
        let (payee, currency, minor) = (parts.next()?, parts.next()?, parts.next()?);
        if length != said.len().to_string() {
            return None;
        }
        let currency = Currency::new(currency).ok()?;
        let amount = match minor {
            "" => None,
            minor => Some(Money::from_minor(minor.parse().ok()?, currency)),
        };
        Some(Self { payee, currency, amount })
    }
}
