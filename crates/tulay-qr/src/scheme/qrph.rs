//! QR Ph: BSP circular 1055. The P2P layout is that of Maya's published specification; the P2M
//! specification of PPMI is not public, and its layout here is that of codes in use.

use super::kind::{Kind, Scheme};
use crate::{
    account::{Account, same_domain},
    build::{BuildError, Draft, Parts, Subs},
    currency::Currency,
    id::Id,
    payload::Payload,
};
use alloc::string::String;

/// Identifier of transfers to persons, in account 27.
pub const P2P_GUID: &str = "com.p2pqrpay";
/// Identifier of payments to merchants, in account 28.
pub const P2M_GUID: &str = "ph.ppmi.p2m";
/// Identifier of payments to micro merchants, in account 28.
pub const P2MICRO_GUID: &str = "ph.ppmi.p2micro";
/// The payment type of InstaPay transfers (27.02).
pub const INSTAPAY: &str = "99964403";

pub(super) fn kind(account: Account<'_>, guid: &str) -> Option<Kind> {
    match account.id().number() {
        27 if same_domain(guid, P2P_GUID) => Some(Kind::Person),
        28 if same_domain(guid, P2M_GUID) || same_domain(guid, P2MICRO_GUID) => {
            Some(Kind::Merchant)
        }
        _ => None,
    }
}

/// A transfer to a person: account 27.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct P2p<'a> {
    /// Acquirer: a BIC of 11 characters, such as `GXCHPHM2XXX` (27.01).
    pub acquirer: &'a str,
    /// Merchant ID, if there is one (27.03).
    pub merchant_id: Option<&'a str>,
    /// Account number or token, at most 19 characters (27.04).
    pub account: &'a str,
    /// Mobile number as it shall be written, such as `+639171234567` (27.05).
    pub mobile: Option<&'a str>,
}

impl<'a> P2p<'a> {
    /// The account of a code, if it is one.
    #[must_use]
    pub fn of(payload: &Payload<'a>) -> Option<Self> {
        let account = payload.account_templates().find(|account| {
            account.guid().and_then(|guid| kind(*account, guid)) == Some(Kind::Person)
        })?;
        Some(Self {
            acquirer: account.sub(1)?,
            merchant_id: account.sub(3),
            account: account.sub(4)?,
            mobile: account.sub(5),
        })
    }

    /// Writes the code behind what `out` holds. The category code is 6016 unless `draft` says
    /// otherwise.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let subs = [
            (0, Some(P2P_GUID)),
            (1, Some(self.acquirer)),
            (2, Some(INSTAPAY)),
            (3, self.merchant_id),
            (4, Some(self.account)),
            (5, self.mobile),
        ];
        write(27, &subs, "6016", draft, out)
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }
}

/// A payment to a merchant: account 28.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct P2m<'a> {
    /// Whether the merchant is a micro merchant, whose identifier is `ph.ppmi.p2micro`.
    pub micro: bool,
    /// Acquirer: a BIC of 11 characters (28.01).
    pub acquirer: &'a str,
    /// Merchant ID, at most 25 characters (28.03).
    pub merchant_id: Option<&'a str>,
    /// Account to be credited, at most 19 characters (28.04).
    pub account: Option<&'a str>,
    /// Three digits whose meaning is not published (28.05); `000` is the most frequent.
    pub flags: Option<&'a str>,
}

impl<'a> P2m<'a> {
    /// The account of a code, if it is one.
    #[must_use]
    pub fn of(payload: &Payload<'a>) -> Option<Self> {
        let account = payload.account_templates().find(|account| {
            account.guid().and_then(|guid| kind(*account, guid)) == Some(Kind::Merchant)
        })?;
        Some(Self {
            micro: account.guid().is_some_and(|guid| same_domain(guid, P2MICRO_GUID)),
            acquirer: account.sub(1)?,
            merchant_id: account.sub(3),
            account: account.sub(4),
            flags: account.sub(5),
        })
    }

    /// Writes the code behind what `out` holds. `draft` has to give the category code.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let subs = [
            (0, Some(if self.micro { P2MICRO_GUID } else { P2M_GUID })),
            (1, Some(self.acquirer)),
            (3, self.merchant_id),
            (4, self.account),
            (5, self.flags),
        ];
        write(28, &subs, "", draft, out)
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }
}

fn write(
    account: u8,
    subs: &[(u8, Option<&str>)],
    category_code: &'static str,
    draft: &Draft<'_>,
    out: &mut String,
) -> Result<(), BuildError> {
    let parts = Parts {
        scheme: Scheme::QrPh,
        format_indicator: "01",
        accounts: [Some(Subs { id: Id::of(account), subs }), None],
        other_accounts: &[],
        currency: Currency::PHP,
        country: "PH",
        category_code,
        names_are_mandatory: true,
        needs_postal_code: false,
    };
    draft.write(&parts, out)
}
