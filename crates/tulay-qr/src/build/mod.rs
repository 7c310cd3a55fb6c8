//! Codes written from nothing.

mod error;
mod write;

use crate::{
    amount::Amount, currency::Currency, id::Id, initiation::Initiation, object::HEADER,
    scheme::Scheme, tip::Tip,
};
use alloc::{string::String, vec::Vec};
use write::{append, append_ascii, append_header, digits_of, template};

pub use error::{BuildError, BuildErrorKind};
pub(crate) use write::{append_crc, append_object, checked};

/// What codes of every scheme may state besides the account. Nothing is cut short: what does not
/// fit is an error.
///
/// ```
/// use tulay_qr::{Draft, qrph};
/// let account = qrph::P2m { acquirer: "GXCHPHM2XXX", merchant_id: Some("217020000054698"), flags: Some("000"), ..Default::default() };
/// let text = account.build(&Draft {
///     amount: Some("250.00"),
///     category_code: Some("5814"),
///     merchant_name: Some("SARI SARI"),
///     merchant_city: Some("Taguig"),
///     ..Draft::default()
/// })?;
/// assert!(tulay_qr::validate(&text).is_valid());
/// # Ok::<_, tulay_qr::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct Draft<'a> {
    /// Whether the code serves many payments; by default it does if it states no amount.
    pub initiation: Option<Initiation>,
    /// The amount, written as given: digits and at most one point, at most 13 characters, no more
    /// decimals than the currency, not zero. Without one, the payer is asked.
    pub amount: Option<&'a str>,
    /// What is to be added to the amount.
    pub tip: Option<Tip<'a>>,
    /// Merchant category code, ISO 18245: four digits.
    pub category_code: Option<&'a str>,
    /// The merchant's name, at most 25 characters of printable ASCII.
    pub merchant_name: Option<&'a str>,
    /// The merchant's city, at most 15 characters of printable ASCII.
    pub merchant_city: Option<&'a str>,
    /// The postal code, at most 10 characters of printable ASCII.
    pub postal_code: Option<&'a str>,
    /// The additional data (object 62): ID and value, in the order in which they shall stand;
    /// `***` asks the payer. At most 25 characters each for 01 to 08, 99 for all.
    pub additional: &'a [(Id, &'a str)],
    /// Name and city in another language (object 64): two letters, name, city.
    pub language: Option<(&'a str, &'a str, Option<&'a str>)>,
    /// Objects from 65 to 99 by ID, written as given.
    pub others: &'a [(Id, &'a str)],
}

/// What the scheme says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) format_indicator: &'a str,
    pub(crate) accounts: [Option<Subs<'a>>; 2],
    /// Accounts that are written as they are.
    pub(crate) other_accounts: &'a [(Id, &'a str)],
    pub(crate) currency: Currency,
    pub(crate) country: &'a str,
    /// What the category code is unless the draft has one; empty for none.
    pub(crate) category_code: &'static str,
    pub(crate) names_are_mandatory: bool,
    pub(crate) needs_postal_code: bool,
}

/// An account template: the objects within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subs<'a> {
    pub(crate) id: Id,
    pub(crate) subs: &'a [(u8, Option<&'a str>)],
}

impl Draft<'_> {
    pub(crate) fn initiation(&self) -> Initiation {
        let by_amount =
            if self.amount.is_some() { Initiation::Dynamic } else { Initiation::Static };
        self.initiation.unwrap_or(by_amount)
    }

    pub(crate) fn write(&self, parts: &Parts<'_>, out: &mut String) -> Result<(), BuildError> {
        // Bytes are appended in half the time that text is.
        let mut bytes = core::mem::take(out).into_bytes();
        let begin = bytes.len();
        let written = self.write_objects(parts, &mut bytes);
        match written {
            Ok(()) => append_crc(begin, &mut bytes),
            Err(_) => bytes.truncate(begin),
        }
        *out = text(bytes);
        written
    }

    fn write_objects(&self, parts: &Parts<'_>, out: &mut Vec<u8>) -> Result<(), BuildError> {
        append_ascii(Id::FORMAT_INDICATOR, parts.format_indicator, out);
        append_ascii(Id::POINT_OF_INITIATION, self.initiation().code(), out);
        for account in parts.accounts.iter().flatten() {
            let subs = account.subs.iter();
            let subs = subs.filter_map(|(id, value)| Some((Id::new(*id)?, (*value)?)));
            template(parts.scheme, account.id, subs, out)?;
        }
        for (id, value) in parts.other_accounts {
            append_object(*id, value, out);
        }
        let category = self.category_code.or(Some(parts.category_code).filter(|c| !c.is_empty()));
        let required = parts.names_are_mandatory;
        if let Some(code) = optional(Id::CATEGORY_CODE, category, required)? {
            let length = checked(parts.scheme, Id::CATEGORY_CODE, code)?;
            append(Id::CATEGORY_CODE, code, length, out);
        }
        self.write_money(parts, out)?;
        append_ascii(Id::COUNTRY, parts.country, out);
        for (id, value, required) in [
            (Id::MERCHANT_NAME, self.merchant_name, required),
            (Id::MERCHANT_CITY, self.merchant_city, required),
            (Id::POSTAL_CODE, self.postal_code, parts.needs_postal_code),
        ] {
            if let Some(value) = optional(id, value, required)? {
                let length = checked(parts.scheme, id, value)?;
                append(id, value, length, out);
            }
        }
        self.write_templates(parts.scheme, out)
    }

    fn write_money(&self, parts: &Parts<'_>, out: &mut Vec<u8>) -> Result<(), BuildError> {
        let currency = parts.currency;
        let [hundreds, tens, units] = digits_of(currency.number());
        append_header(Id::CURRENCY, 3, out);
        out.extend_from_slice(&[hundreds, tens, units]);
        if let Some(text) = self.amount {
            checked_amount(Id::AMOUNT, text, currency)?;
            append_ascii(Id::AMOUNT, text, out);
        }
        match self.tip {
            None => {}
            Some(Tip::AskPayer) => append_ascii(Id::TIP_INDICATOR, "01", out),
            Some(Tip::FixedFee(fee)) => {
                checked_amount(Id::FEE_FIXED, fee.text(), currency)?;
                append_ascii(Id::TIP_INDICATOR, "02", out);
                append_ascii(Id::FEE_FIXED, fee.text(), out);
            }
            Some(Tip::PercentageFee(hundredths)) => {
                if !(1..=9999).contains(&hundredths) {
                    return Err(BuildError::new(BuildErrorKind::BadPercentage, Id::FEE_PERCENT));
                }
                append_ascii(Id::TIP_INDICATOR, "03", out);
                let text = alloc::format!("{:02}.{:02}", hundredths / 100, hundredths % 100);
                append_ascii(Id::FEE_PERCENT, &text, out);
            }
        }
        Ok(())
    }

    fn write_templates(&self, scheme: Scheme, out: &mut Vec<u8>) -> Result<(), BuildError> {
        if !self.additional.is_empty() {
            template(scheme, Id::ADDITIONAL_DATA, self.additional.iter().copied(), out)?;
        }
        if let Some((language, name, city)) = self.language {
            let subs = [(0, Some(language)), (1, Some(name)), (2, city)].into_iter();
            let subs = subs.filter_map(|(id, value)| Some((Id::of(id), value?)));
            template(scheme, Id::LANGUAGE, subs, out)?;
        }
        let mut last = Id::LANGUAGE;
        for (id, value) in self.others {
            if *id <= last {
                return Err(BuildError::new(BuildErrorKind::NotHere, *id));
            }
            last = *id;
            let length = checked(scheme, *id, value)?;
            append(*id, value, length, out);
        }
        Ok(())
    }
}

/// An amount in the form that it is written in; an error says how to write it.
pub(crate) fn checked_amount<'a>(
    id: Id,
    text: &'a str,
    currency: Currency,
) -> Result<Amount<'a>, BuildError> {
    let refused = |kind| BuildError::new(kind, id);
    let amount = Amount::parse(text).ok_or(refused(BuildErrorKind::BadAmount))?;
    if amount.decimals() > usize::from(currency.exponent()) {
        return Err(refused(BuildErrorKind::TooManyDecimals));
    }
    if !amount.is_written_well() {
        let written = amount.rewritten(currency.exponent());
        return Err(refused(BuildErrorKind::BadAmount).write_as(written));
    }
    Ok(amount)
}

/// Bytes as the text that they are: whole texts were appended to one.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// A new text with what `write` writes.
pub(crate) fn to_string(
    write: impl FnOnce(&mut String) -> Result<(), BuildError>,
) -> Result<String, BuildError> {
    let mut text = String::with_capacity(256);
    write(&mut text)?;
    Ok(text)
}

fn optional(id: Id, value: Option<&str>, required: bool) -> Result<Option<&str>, BuildError> {
    if value.is_none() && required { Err(BuildError::missing(id)) } else { Ok(value) }
}

/// The value of a template, by EMVCo's rules for accounts.
pub(crate) fn template_text(subs: &[(u8, &str)]) -> Result<String, BuildError> {
    // Errors name the object within; the template's own ID is not known here, and its header is
    // cut off again.
    let template_id = Id::of(26);
    let mut bytes = Vec::new();
    let mut checked = Vec::with_capacity(subs.len());
    for (number, value) in subs {
        let id = Id::new(*number).ok_or(BuildError::malformed(template_id))?;
        checked.push((id, *value));
    }
    template(Scheme::Emv, template_id, checked.iter().copied(), &mut bytes)?;
    Ok(text(bytes.split_off(HEADER.min(bytes.len()))))
}
