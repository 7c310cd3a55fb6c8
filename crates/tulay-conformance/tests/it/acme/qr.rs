//! Acme's codes: `ACME|<payee>|<currency>|<minor units, or nothing>|<length of what stands before>`.

use super::{Acme, Wrong};
use tulay_core::{
    Currency, Error, ErrorKind, Lookup, Money, Operation, PaymentInstructions, ProviderResponse,
    QrText, Result,
};

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

impl Acme {
    /// A code that is read and found to ask for what was asked, for us.
    pub(super) fn shown(
        &self,
        operation: Operation,
        lookup: &Lookup,
        text: Option<String>,
        answer: &ProviderResponse,
    ) -> Result<Option<PaymentInstructions>> {
        let Some(text) = text.filter(|_| !self.is(Wrong::ShowsNothing)) else { return Ok(None) };
        let fail = |kind, message: &'static str| {
            Err(Error::new(operation, kind, message)
                .with_field("shown")
                .with_response(answer.clone()))
        };
        let Some(code) = Shown::read(&text) else {
            return fail(ErrorKind::Unexpected, "acme's code cannot be read");
        };
        let over = (code.amount, code.currency) == (lookup.amount, lookup.currency);
        if !over && !self.is(Wrong::ShowsAnyAmount) {
            return fail(ErrorKind::Mismatch, "acme's code asks for something else");
        }
        if code.payee != self.settings.account && !self.is(Wrong::ShowsAnyPayee) {
            return fail(ErrorKind::Mismatch, "acme's code pays somebody else");
        }
        Ok(QrText::new(text).ok().map(PaymentInstructions::Qr))
    }
}
