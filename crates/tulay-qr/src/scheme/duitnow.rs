//! DuitNow QR: PayNet, Merchant Presented Mode 1.5.

use super::kind::{Kind, Scheme};
use crate::{
    account::Account,
    build::{BuildError, Draft, Parts, Subs},
    currency::Currency,
    findings::Findings,
    id::Id,
    payload::Payload,
    warning::WarningKind,
};
use alloc::string::String;

/// Identifier of the account, 26.
pub const GUID: &str = "A0000006150001";

/// The data integrity value: hexadecimal text of the acquirer's making, never a template. Where it
/// depends on the amount, a code whose amount was changed is refused with the old one.
pub const INTEGRITY: Id = Id::of(82);

pub(super) fn kind(payload: &Payload<'_>, account: Account<'_>, guid: &str) -> Option<Kind> {
    (account.id().number() == 26 && guid == GUID).then(|| match payload.category_code() {
        Some("0000") => Kind::Person,
        Some("1111") => Kind::JomPay,
        Some("6010") => Kind::CashOut,
        _ => Kind::Merchant,
    })
}

pub(crate) fn validate(payload: &Payload<'_>, findings: &mut Findings) {
    findings.mandatory(payload, Id::POINT_OF_INITIATION);
    if let Some(object) = payload.get(Id::FORMAT_INDICATOR).filter(|object| object.value() != "02")
    {
        findings.warn(payload, &object, WarningKind::DuitNowFormatIndicator, object.id());
    }
}

/// An account of DuitNow. Acquirers issue dynamic codes themselves, with an ID that lives shortly
/// and is known to them alone; a dynamic code built here from a static ID may be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct Merchant<'a> {
    /// Acquirer ID, at most 6 digits, such as `588734` (26.01).
    pub acquirer: &'a str,
    /// QR or merchant ID, at most 28 characters (26.02).
    pub merchant_id: &'a str,
    /// Descriptor, at most 20 characters (26.03).
    pub descriptor: Option<&'a str>,
    /// Mobile number, at most 15 characters (26.04).
    pub mobile: Option<&'a str>,
}

impl<'a> Merchant<'a> {
    /// The account of a code, if it is one.
    #[must_use]
    pub fn of(payload: &Payload<'a>) -> Option<Self> {
        let mut accounts = payload.account_templates();
        let account = accounts.find(|account| account.guid() == Some(GUID))?;
        Some(Self {
            acquirer: account.sub(1)?,
            merchant_id: account.sub(2)?,
            descriptor: account.sub(3),
            mobile: account.sub(4),
        })
    }

    /// Writes the code behind what `out` holds. `draft` has to give the category code: `0000` for
    /// persons, `6010` for a cash withdrawal, `1111` for JomPAY. The city is `MY` where it is missing.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let subs = [
            (0, Some(GUID)),
            (1, Some(self.acquirer)),
            (2, Some(self.merchant_id)),
            (3, self.descriptor),
            (4, self.mobile),
        ];
        let parts = Parts {
            scheme: Scheme::DuitNow,
            format_indicator: "02",
            accounts: [Some(Subs { id: Id::of(26), subs: &subs }), None],
            other_accounts: &[],
            currency: Currency::MYR,
            country: "MY",
            category_code: "",
            names_are_mandatory: true,
            needs_postal_code: false,
        };
        let merchant_city = draft.merchant_city.or(Some("MY"));
        Draft { merchant_city, ..*draft }.write(&parts, out)
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }
}
