//! Thai QR and PromptPay: Bank of Thailand's guideline of 2019, as libraries in use quote it.

mod bot_barcode;

use super::{
    kind::{Kind, Scheme},
    short::Short,
};
use crate::{
    account::Account,
    build::{BuildError, Draft, Parts, Subs},
    currency::Currency,
    error::ErrorKind,
    findings::Findings,
    id::{Id, Path},
    payload::Payload,
    warning::WarningKind,
};
use alloc::string::String;

pub use bot_barcode::BotBarcode;

/// Identifier of transfers, in account 29.
pub const TRANSFER_GUID: &str = "A000000677010111";
/// Identifier of transfers by codes that the payer shows, in account 29.
pub const PAYER_PRESENTED_GUID: &str = "A000000677010114";
/// Identifier of bills, in account 30.
pub const BILL_GUID: &str = "A000000677010112";
/// Identifier of bills paid from abroad, in account 30.
pub const CROSS_BORDER_BILL_GUID: &str = "A000000677012006";

/// Identifier of other payments, in account 31, by the guideline.
pub const INNOVATION_GUID: &str = "A000000677012004";
/// Identifier of other payments, in account 31, as shops' codes have it.
pub const SHOP_INNOVATION_GUID: &str = "A000000677010113";

const TRANSFER: Id = Id::of(29);
const BILL: Id = Id::of(30);
const INNOVATION: Id = Id::of(31);

pub(super) fn kind(account: Account<'_>, guid: &str) -> Option<Kind> {
    match (account.id(), guid) {
        (TRANSFER, TRANSFER_GUID | PAYER_PRESENTED_GUID) => {
            let proxies = account.objects()?;
            let mut kinds = proxies.filter_map(|object| match object.id().number() {
                1 => Some(Kind::Mobile),
                2 => Some(Kind::NationalOrTaxId),
                3 => Some(Kind::EWallet),
                4 => Some(Kind::BankAccount),
                _ => None,
            });
            Some(kinds.next().unwrap_or(Kind::Person))
        }
        (BILL, BILL_GUID | CROSS_BORDER_BILL_GUID) => Some(Kind::Bill),
        (INNOVATION, INNOVATION_GUID | SHOP_INNOVATION_GUID) => Some(Kind::Merchant),
        _ => None,
    }
}

pub(crate) fn validate(payload: &Payload<'_>, findings: &mut Findings) {
    for account in payload.account_templates() {
        match (account.id(), account.guid().and_then(|guid| kind(account, guid))) {
            (TRANSFER, Some(_)) => validate_transfer(payload, account, findings),
            (BILL, Some(_)) => validate_bill(payload, account, findings),
            _ => {}
        }
    }
    for id in [Id::CATEGORY_CODE, Id::MERCHANT_NAME, Id::MERCHANT_CITY] {
        if payload.get(id).is_none() {
            findings.warn_missing(payload, WarningKind::PromptPayAbsent, id);
        }
    }
}

fn validate_transfer(payload: &Payload<'_>, account: Account<'_>, findings: &mut Findings) {
    // Reported where the account begins: a wrong length moves all within it.
    let at = account.object().byte_offset();
    let mut proxies = 0_usize;
    for object in account.objects().into_iter().flatten() {
        let (value, number) = (object.value(), object.id().number());
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let good = match number {
            1 => digits && value.len() == 13 && value.starts_with("0066"),
            2 => digits && value.len() == 13,
            3 => digits && value.len() == 15,
            // A bank code of three digits, then the account.
            4 => {
                value.len() > 3
                    && value.len() <= 43
                    && value.bytes().take(3).all(|b| b.is_ascii_digit())
            }
            _ => continue,
        };
        proxies = proxies.saturating_add(1);
        if !good {
            let path = Path::within(TRANSFER, object.id());
            findings.error_at(payload, at, ErrorKind::PromptPayBadProxy, path);
        }
    }
    if proxies != 1 {
        findings.error_at(payload, at, ErrorKind::PromptPayProxyCount, Path::from(TRANSFER));
    }
}

fn validate_bill(payload: &Payload<'_>, account: Account<'_>, findings: &mut Findings) {
    let biller = account.objects().and_then(|mut o| o.find(|object| object.id() == Id::of(1)));
    if let Some(object) = biller {
        let good = object.value().len() == 15 && object.value().bytes().all(|b| b.is_ascii_digit());
        if !good {
            let path = Path::within(BILL, object.id());
            findings.warn(payload, &object, WarningKind::PromptPayBillerId, path);
        }
    }
}

/// The receiver of a transfer. Its number is personal: `Debug` does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receiver {
    kind: Kind,
    sub: u8,
    value: Short<43>,
}

impl Receiver {
    /// A Thai mobile number in any usual spelling: `081-234-5678`, `+66 81 234 5678`, `0066…`.
    /// `None` if it is not one of nine digits after the leading zero or the country code.
    #[must_use]
    pub fn mobile(number: &str) -> Option<Self> {
        if number
            .chars()
            .any(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '.' | '(' | ')' | '+'))
        {
            return None;
        }
        let digits = Short::<16>::collect(number.bytes().filter(u8::is_ascii_digit))?;
        let digits = digits.as_str();
        let national = match digits.len() {
            9 => digits.strip_prefix("").filter(|d| !d.starts_with('0')),
            10 => digits.strip_prefix('0'),
            11 => digits.strip_prefix("66"),
            12 => digits.strip_prefix("660"),
            13 => digits.strip_prefix("0066"),
            _ => None,
        }?;
        Self::new(Kind::Mobile, 1, "0066".bytes().chain(national.bytes()))
    }

    /// A national or tax ID: 13 digits, with or without dashes. The check digit is not looked at.
    #[must_use]
    pub fn national_or_tax_id(id: &str) -> Option<Self> {
        Self::of_digits(Kind::NationalOrTaxId, 2, id, 13)
    }

    /// An e-wallet: 15 digits. TrueMoney's are `14000` and the mobile number.
    #[must_use]
    pub fn e_wallet(id: &str) -> Option<Self> {
        Self::of_digits(Kind::EWallet, 3, id, 15)
    }

    /// A bank account: the bank's code of three digits, and the account, at most 43 characters
    /// together. Some banks' applications refuse these.
    #[must_use]
    pub fn bank_account(bank_code: &str, account: &str) -> Option<Self> {
        let good = bank_code.len() == 3
            && bank_code.bytes().all(|byte| byte.is_ascii_digit())
            && !account.is_empty()
            && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let characters = bank_code.bytes().chain(account.bytes());
        if good { Self::new(Kind::BankAccount, 4, characters) } else { None }
    }

    /// What kind of receiver it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The receiver as it stands in the code: `0066812345678` for a mobile number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.value.as_str()
    }

    /// The receiver of a code, if it is a transfer to exactly one, well-formed.
    #[must_use]
    pub fn of(payload: &Payload<'_>) -> Option<Self> {
        let mut findings = Findings::default();
        let account = payload.account_templates().find(|account| account.id() == TRANSFER)?;
        kind(account, account.guid()?)?;
        validate_transfer(payload, account, &mut findings);
        let mut proxies = account.objects()?.filter(|o| matches!(o.id().number(), 1..=4));
        let proxy = proxies.next().filter(|_| findings.errors.is_empty())?;
        Self::new(kind(account, account.guid()?)?, proxy.id().number(), proxy.value().bytes())
    }

    /// Writes the code behind what `out` holds. Nothing in `draft` is mandatory.
    ///
    /// # Errors
    /// When a value is too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let subs = [(0, Some(TRANSFER_GUID)), (self.sub, Some(self.as_str()))];
        write(TRANSFER, &subs, draft, out)
    }

    /// The code as a new text.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub fn build(&self, draft: &Draft<'_>) -> Result<String, BuildError> {
        crate::build::to_string(|out| self.write_to(draft, out))
    }

    fn of_digits(kind: Kind, sub: u8, text: &str, count: usize) -> Option<Self> {
        let digits = || text.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
        let good = digits().count() == count && digits().all(|byte| byte.is_ascii_digit());
        if good { Self::new(kind, sub, digits()) } else { None }
    }

    fn new(kind: Kind, sub: u8, characters: impl Iterator<Item = u8>) -> Option<Self> {
        Some(Self { kind, sub, value: Short::collect(characters)? })
    }
}

/// A bill: account 30.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct Bill<'a> {
    /// Biller ID: 15 digits, the tax ID and a suffix of two (30.01). 13 occur, and are accepted.
    pub biller_id: &'a str,
    /// First reference, at most 20 characters (30.02).
    pub reference_1: &'a str,
    /// Second reference, at most 20 characters (30.03).
    pub reference_2: Option<&'a str>,
}

impl<'a> Bill<'a> {
    /// The bill of a code, if it is one.
    #[must_use]
    pub fn of(payload: &Payload<'a>) -> Option<Self> {
        let mut accounts = payload.account_templates();
        let account = accounts.find(|account| account.id() == BILL)?;
        kind(account, account.guid()?)?;
        let (biller_id, reference_1) = (account.sub(1)?, account.sub(2)?);
        Some(Self { biller_id, reference_1, reference_2: account.sub(3) })
    }

    /// Writes the code behind what `out` holds. Nothing in `draft` is mandatory.
    ///
    /// # Errors
    /// When a value is missing, too long or malformed; `out` is then as it was.
    pub fn write_to(&self, draft: &Draft<'_>, out: &mut String) -> Result<(), BuildError> {
        let digits = self.biller_id.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !matches!(self.biller_id.len(), 13 | 15) {
            return Err(BuildError::malformed(Path::within(BILL, Id::of(1))));
        }
        let subs = [
            (0, Some(BILL_GUID)),
            (1, Some(self.biller_id)),
            (2, Some(self.reference_1)),
            (3, self.reference_2),
        ];
        write(BILL, &subs, draft, out)
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
    id: Id,
    subs: &[(u8, Option<&str>)],
    draft: &Draft<'_>,
    out: &mut String,
) -> Result<(), BuildError> {
    let parts = Parts {
        scheme: Scheme::PromptPay,
        format_indicator: "01",
        accounts: [Some(Subs { id, subs }), None],
        other_accounts: &[],
        currency: Currency::THB,
        country: "TH",
        category_code: "",
        names_are_mandatory: false,
        needs_postal_code: false,
    };
    draft.write(&parts, out)
}
