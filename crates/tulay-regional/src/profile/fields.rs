//! The fields of a request, as a country takes them.

use super::{LONGEST_NAME, Profile};
use std::ops::RangeInclusive;
use tulay_core::{Invalid, Money, OrderId, Party};

impl Profile {
    /// An amount in the unit of the wire.
    pub(crate) fn amount(&self, amount: Money) -> Result<i64, Invalid> {
        self.on_wire(amount).ok_or_else(|| {
            let step = Money::from_minor(self.unit, self.currency);
            Invalid::new("amount", format!("a multiple of {step}"))
        })
    }

    /// The mobile number as the country writes it.
    pub(crate) fn mobile(&self, party: &Party) -> Result<String, Invalid> {
        let national = party.mobile.as_ref().and_then(|phone| self.written(phone));
        national
            .ok_or_else(|| Invalid::new("mobile", format!("a mobile number of {}", self.country)))
    }

    /// The payer of a collection, or the holder of a static code.
    pub(crate) fn payer(&self, party: &Party) -> Result<Payer, Invalid> {
        let name = name(party, self.collection.longest_name.min(LONGEST_NAME))?;
        let email = party.email.as_ref().map(|email| email.expose().to_owned());
        let email = email.ok_or_else(|| Invalid::new("email", "an email address"))?;
        Ok(Payer { name, email, mobile: self.mobile(party)? })
    }
}

/// The payer of a collection, or the holder of a static code.
pub(crate) struct Payer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) mobile: String,
}

/// The whole name.
pub(crate) fn name(party: &Party, longest: usize) -> Result<String, Invalid> {
    let whole = party.name.as_ref().map(|name| name.whole().expose().to_owned());
    let name = whole.ok_or_else(|| Invalid::new("name", "a name"))?;
    if name.chars().count() > longest {
        return Err(Invalid::new("name", format!("at most {longest} characters in all")));
    }
    Ok(name)
}

/// An order id of letters and digits, of a length within these.
pub(crate) fn order_id<'a>(
    length: &RangeInclusive<usize>,
    order_id: &'a OrderId,
) -> Result<&'a str, Invalid> {
    let id = order_id.as_str();
    if length.contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(id);
    }
    let expected = format!("{} to {} letters and digits", length.start(), length.end());
    Err(Invalid::new("order_id", expected))
}
