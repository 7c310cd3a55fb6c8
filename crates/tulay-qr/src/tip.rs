//! Tips and fees.

use crate::{amount::Amount, id::Id, payload::Payload};

/// What is to be added to the amount (objects 55 to 57).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "EMVCo MPM 1.0, table 3.7: there is no fourth")]
pub enum Tip<'a> {
    /// The application asks the payer for a tip.
    AskPayer,
    /// A fixed fee in the code's currency.
    FixedFee(Amount<'a>),
    /// A fee in percent of the amount, in hundredths of a percent: 325 is 3.25 %.
    PercentageFee(u16),
}

impl<'a> Tip<'a> {
    pub(crate) fn of(payload: &Payload<'a>) -> Option<Self> {
        match payload.value(Id::TIP_INDICATOR)? {
            "01" => Some(Self::AskPayer),
            "02" => Amount::parse(payload.value(Id::FEE_FIXED)?).map(Self::FixedFee),
            "03" => percentage(payload.value(Id::FEE_PERCENT)?).map(Self::PercentageFee),
            _ => None,
        }
    }
}

/// Hundredths of a percent, 1 to 9999 (EMVCo MPM 1.0, section 4.7.7).
pub(crate) fn percentage(text: &str) -> Option<u16> {
    let hundredths = Amount::parse(text).filter(|_| text.len() <= 5)?.minor_units(2)?;
    u16::try_from(hundredths).ok().filter(|hundredths| (1..=9999).contains(hundredths))
}
