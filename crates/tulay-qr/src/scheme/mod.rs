//! Whose rules a code follows.

mod bot_barcode;
pub mod duitnow;
pub mod emv;
pub mod promptpay;
pub mod qris;
pub mod qrph;

use crate::{currency::Currency, error::kinds, payload::Payload};
use core::fmt;

kinds! {
    /// Whose rules a code follows.
    Scheme;
    /// EMVCo's, without a national scheme known here.
    Emv = "emv", "EMV";
    /// QR Ph, the Philippines.
    QrPh = "qrph", "QR Ph";
    /// QRIS, Indonesia.
    Qris = "qris", "QRIS";
    /// DuitNow QR, Malaysia.
    DuitNow = "duitnow", "DuitNow QR";
    /// Thai QR, PromptPay.
    PromptPay = "promptpay", "PromptPay";
    /// SBP, Russia: a link, not an EMVCo code.
    Sbp = "sbp", "SBP";
}

impl Scheme {
    /// The only currency and country that the scheme has.
    pub(crate) const fn currency_and_country(self) -> Option<(Currency, &'static str)> {
        match self {
            Self::QrPh => Some((Currency::PHP, "PH")),
            Self::Qris => Some((Currency::IDR, "ID")),
            Self::DuitNow => Some((Currency::MYR, "MY")),
            Self::PromptPay => Some((Currency::THB, "TH")),
            Self::Emv | Self::Sbp => None,
        }
    }
}

kinds! {
    /// What kind of payment a code asks for, within its scheme.
    Kind;
    /// A payment to a merchant.
    Merchant = "p2m", "payment to a merchant";
    /// A transfer to a person.
    Person = "p2p", "transfer to a person";
    /// QRIS transfer.
    Transfer = "transfer", "transfer";
    /// A JomPAY bill (DuitNow).
    JomPay = "jompay", "JomPAY bill";
    /// Cash at a till (DuitNow).
    CashOut = "cash_out", "cash at a till";
    /// PromptPay to a mobile number.
    Mobile = "mobile", "transfer to a mobile number";
    /// PromptPay to a national or tax ID.
    NationalOrTaxId = "national_or_tax_id", "transfer to a national or tax ID";
    /// PromptPay to an e-wallet.
    EWallet = "ewallet", "transfer to an e-wallet";
    /// PromptPay to a bank account.
    BankAccount = "bank_account", "transfer to a bank account";
    /// A bill (Thai QR).
    Bill = "bill_payment", "bill payment";
}

/// The scheme by the identifiers of the accounts; never by country, nor by how the text begins.
pub(crate) fn detect(payload: &Payload<'_>) -> (Scheme, Kind) {
    let mut qris = None;
    for account in payload.account_templates() {
        let found = match account.guid() {
            Some(guid) => qrph::kind(account, guid)
                .map(|kind| (Scheme::QrPh, kind))
                .or_else(|| duitnow::kind(payload, account, guid).map(|k| (Scheme::DuitNow, k)))
                .or_else(|| promptpay::kind(account, guid).map(|k| (Scheme::PromptPay, k))),
            None => None,
        };
        if let Some(found) = found {
            return found;
        }
        // Acquirers use identifiers of their own; the national account, if any, comes last.
        if qris::is_account(account) {
            qris = qris.or(Some((Scheme::Qris, qris::kind(payload, account))));
        }
    }
    qris.unwrap_or((Scheme::Emv, Kind::Merchant))
}

/// Identifiers that are reverse domains have no case; application identifiers (AID) do.
pub(crate) fn same_domain(guid: &str, domain: &str) -> bool {
    guid.eq_ignore_ascii_case(domain)
}

/// A value that stands in `N` bytes and needs no heap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Short<N> {
    /// The first `N` ASCII characters; `None` if there are more or others.
    pub(crate) fn collect(characters: impl IntoIterator<Item = u8>) -> Option<Self> {
        let mut short = Self { bytes: [0; N], length: 0 };
        for byte in characters {
            *short.bytes.get_mut(short.length).filter(|_| byte.is_ascii())? = byte;
            short.length = short.length.saturating_add(1);
        }
        Some(short)
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Debug for Short<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Numbers of persons.
        write!(f, "{} characters", self.length)
    }
}
