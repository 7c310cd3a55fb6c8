//! QRIS: Bank Indonesia and ASPI. The rules are those that AstraPay's open library cites by clause.

use super::kind::{Kind, Scheme};
use crate::{
    account::{Account, same_domain},
    build::{BuildError, Draft, Parts, Subs},
    currency::Currency,
    findings::Findings,
    id::Id,
    initiation::Initiation,
    payload::Payload,
    warning::WarningKind,
};
use alloc::string::String;

/// Identifier of the national account, 51.
pub const NATIONAL_GUID: &str = "ID.CO.QRIS.WWW";
/// Identifier of the national account in older codes.
pub const OLDER_NATIONAL_GUID: &str = "ID.OR.GPNQR.WWW";

const NATIONAL: Id = Id::of(51);
const TRANSFER: Id = Id::of(40);
const TRANSFER_CATEGORY: &str = "4829";

/// Acquirers have identifiers of their own, so it is the national identifier that tells, or the
/// account number: 9360 is Indonesia's part of the national numbering system (NNS).
pub(super) fn is_account(account: Account<'_>) -> bool {
    let national = account.guid().is_some_and(|guid| {
        same_domain(guid, NATIONAL_GUID) || same_domain(guid, OLDER_NATIONAL_GUID)
    });
    let number = account.sub(1).unwrap_or_default();
    let numbered = matches!(account.id().number(), 26..=45)
        && number.starts_with("9360")
        && (15..=19).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit());
    national || numbered
}

pub(super) fn kind(payload: &Payload<'_>, account: Account<'_>) -> Kind {
    let category = payload.category_code();
    if account.id() == TRANSFER && category == Some(TRANSFER_CATEGORY) {
        Kind::Transfer
    } else {
        Kind::Merchant
    }
}

pub(crate) fn validate(payload: &Payload<'_>, kind: Kind, findings: &mut Findings) {
    // The postal code is mandatory where the country is Indonesia.
    if payload.country() == Some("ID") {
        findings.mandatory(payload, Id::POSTAL_CODE);
    }
    // Clause 4.7.7; codes without it are in use.
    let is_static = payload.initiation() == Some(Initiation::Static);
    if is_static && kind == Kind::Merchant && payload.get(NATIONAL).is_none() {
        findings.warn_missing(payload, WarningKind::QrisNationalAccountMissing, NATIONAL);
    }
}

/// A merchant of QRIS: the acquirer's account 26, and the national one, 51.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct Merchant<'a> {
    /// The acquirer's reverse domain, such as `ID.CO.BCA.WWW` (26.00).
    pub acquirer: &'a str,
    /// Merchant PAN: up to 19 digits, the first eight of them the acquirer's NNS (26.01).
    pub pan: &'a str,
    /// Merchant ID, at most 15 characters (26.02).
    pub merchant_id: Option<&'a str>,
    /// Size of the merchant: `UMI`, `UKE`, `UME`, `UBE`, `URE`, or `PSO`, `BLU` (26.03, 51.03).
    pub criteria: Option<&'a str>,
    /// National merchant ID, usually `ID` and 13 digits (51.02); mandatory for static codes.
    pub national_id: Option<&'a str>,
}

impl<'a> Merchant<'a> {
    /// The merchant of a code, if it is one.
    #[must_use]
    pub fn of(payload: &Payload<'a>) -> Option<Self> {
        let own = |account: &Account<'_>| matches!(account.id().number(), 26..=45);
        let mut accounts = payload.account_templates();
        let account = accounts.find(|account| own(account) && is_account(*account))?;
        Some(Self {
            acquirer: account.guid()?,
            pan: account.sub(1)?,
            merchant_id: account.sub(2),
            criteria: account.sub(3),
            national_id: payload.value_within(NATIONAL, Id::of(2)),
        })
    }

    /// The institution in the PAN: its first eight digits, the NNS.
    #[must_use]
    pub fn institution(&self) -> Option<&'a str> {
        self.pan.get(..8)
    }

    /// Writes the code behind what `out` holds. `draft` has to give category code and postal code.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let own = [
            (0, Some(self.acquirer)),
            (1, Some(self.pan)),
            (2, self.merchant_id),
            (3, self.criteria),
        ];
        let national = [(0, Some(NATIONAL_GUID)), (2, self.national_id), (3, self.criteria)];
        if self.national_id.is_none() && draft.initiation() == Initiation::Static {
            return Err(BuildError::missing(NATIONAL));
        }
        let national = Subs { id: NATIONAL, subs: &national };
        let parts = Parts {
            scheme: Scheme::Qris,
            format_indicator: "01",
            accounts: [
                Some(Subs { id: Id::of(26), subs: &own }),
                self.national_id.map(|_| national),
            ],
            other_accounts: &[],
            currency: Currency::IDR,
            country: "ID",
            category_code: "",
            names_are_mandatory: true,
            needs_postal_code: true,
        };
        draft.write(&parts, out)
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }
}
