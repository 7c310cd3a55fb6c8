//! The schemes, and the kinds of payment within them.

use crate::{currency::Currency, error::kinds};
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
    /// Cash withdrawn at a merchant (DuitNow).
    CashOut = "cash_out", "cash withdrawal at a merchant";
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
