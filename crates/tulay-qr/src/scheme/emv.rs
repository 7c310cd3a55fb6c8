//! Codes of any scheme, by EMVCo's rules and, where the accounts are a known scheme's, by its own.

use super::Scheme;
use crate::{
    build::{BuildError, BuildErrorKind, Draft, Parts, checked, template_text},
    currency::Currency,
    id::{Id, Path},
    iso::is_country,
    payload::Payload,
};
use alloc::string::String;

/// Accounts as they shall stand in the code, for schemes without a builder of their own.
///
/// ```
/// use tulay_qr::{Currency, Draft, Id, emv};
/// let account = emv::template(&[(0, "com.example.pay"), (1, "M0001")])?;
/// let merchant = emv::Merchant {
///     accounts: &[(Id::new(26).ok_or("no ID")?, &account)],
///     currency: Currency::PHP,
///     country: "PH",
///     ..Default::default()
/// };
/// let text = merchant.build(&Draft {
///     category_code: Some("5411"),
///     merchant_name: Some("EXAMPLE SHOP"),
///     merchant_city: Some("Manila"),
///     ..Draft::default()
/// })?;
/// assert!(tulay_qr::validate(&text).is_valid());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct Merchant<'a> {
    /// The payload format indicator: `01`, or `02`, which DuitNow alone has.
    pub format_indicator: &'a str,
    /// The accounts: IDs from 02 to 51, rising, and their values, which are templates from 26 on.
    pub accounts: &'a [(Id, &'a str)],
    /// The currency.
    pub currency: Currency,
    /// The country, two capital letters.
    pub country: &'a str,
    /// Whether category code, name and city have to be there, as EMVCo asks; PromptPay goes
    /// without.
    pub merchant_is_mandatory: bool,
}

impl Default for Merchant<'_> {
    fn default() -> Self {
        Self {
            format_indicator: "01",
            accounts: &[],
            currency: Currency::PHP,
            country: "",
            merchant_is_mandatory: true,
        }
    }
}

impl Merchant<'_> {
    /// Writes the code behind what `out` holds.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed, or currency or country are not ISO's; `out`
    /// is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        if !matches!(self.format_indicator, "01" | "02") {
            return Err(BuildError::malformed(Id::FORMAT_INDICATOR));
        }
        checked(Scheme::Emv, Id::COUNTRY, self.country)?;
        if !is_country(self.country) {
            return Err(BuildError::new(BuildErrorKind::UnknownCountry, Id::COUNTRY));
        }
        if !self.currency.is_known() {
            return Err(BuildError::new(BuildErrorKind::UnknownCurrency, Id::CURRENCY));
        }
        if self.accounts.is_empty() {
            return Err(BuildError::missing(Id::of(26)));
        }
        let mut last = Id::POINT_OF_INITIATION;
        for (id, value) in self.accounts {
            if *id <= last || !(id.is_primitive_account() || id.is_account_template()) {
                return Err(BuildError::new(BuildErrorKind::NotHere, *id));
            }
            checked(Scheme::Emv, *id, value)?;
            last = *id;
        }
        let parts = Parts {
            scheme: Scheme::Emv,
            format_indicator: self.format_indicator,
            accounts: [None, None],
            other_accounts: self.accounts,
            currency: self.currency,
            country: self.country,
            category_code: "",
            names_are_mandatory: self.merchant_is_mandatory,
            needs_postal_code: false,
        };
        let begin = out.len();
        draft.write(&parts, out)?;
        let written = check_templates(out.get(begin..).unwrap_or_default());
        if written.is_err() {
            out.truncate(begin);
        }
        written
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }
}

/// The scheme is known by the accounts only now, and its limits are narrower than EMVCo's.
fn check_templates(text: &str) -> Result<(), BuildError> {
    let Ok(payload) = Payload::parse(text) else {
        // An account that is no template.
        return Err(BuildError::malformed(Id::of(26)));
    };
    let scheme = payload.scheme();
    for template in payload.objects().filter(|object| object.id().is_template()) {
        for object in template.objects_unchecked() {
            checked(scheme, Path::within(template.id(), object.id()), object.value())?;
        }
    }
    Ok(())
}

/// The value of a template: numbers from 0 to 99 and what they hold.
///
/// # Errors
/// When a value is empty or holds control characters, a number is too large or given twice, or
/// all are longer than 99 characters together.
pub fn template(subs: &[(u8, &str)]) -> Result<String, BuildError> {
    template_text(subs)
}
