//! The channels: where payouts go to, and what payers pay by.
//!
//! Payouts: the codes are those that public programs send; the reference shows `ID_BCA`, `ID_BSI` and
//! `PH_AUB`, and gives the limits of the last two ("Get Payment Channels"). All other limits are
//! assumptions: BI-FAST and InstaPay do not bound them, since a bank is paid by another rail above.
//! Payments: guides "QRPh" and "QRIS". The limits of virtual accounts are those of an older page,
//! "Rules and Limitations".

use tulay_core::{Country, Currency};

/// A destination of payouts.
#[derive(Clone, Copy, Debug)]
pub(super) struct PayoutChannel {
    pub(super) code: &'static str,
    pub(super) category: &'static str,
    pub(super) name: &'static str,
    pub(super) currency: Currency,
    /// The least, the most and the step of an amount, in ISO 4217 minor units.
    pub(super) limits: (i64, i64, i64),
}

const fn bank(code: &'static str, name: &'static str) -> PayoutChannel {
    PayoutChannel { code, category: "BANK", name, currency: Currency::PHP, limits: PESO_BANK }
}

const fn wallet(code: &'static str, name: &'static str) -> PayoutChannel {
    PayoutChannel { code, category: "EWALLET", name, currency: Currency::PHP, limits: PESO_WALLET }
}

const fn bank_of_indonesia(code: &'static str, name: &'static str) -> PayoutChannel {
    PayoutChannel { code, category: "BANK", name, currency: Currency::IDR, limits: RUPIAH_BANK }
}

const fn wallet_of_indonesia(code: &'static str, name: &'static str) -> PayoutChannel {
    let limits = RUPIAH_WALLET;
    PayoutChannel { code, category: "EWALLET", name, currency: Currency::IDR, limits }
}

const PESO_BANK: (i64, i64, i64) = (100, 10_000_000_000, 1);
const PESO_WALLET: (i64, i64, i64) = (100, 5_000_000, 1);
const RUPIAH_BANK: (i64, i64, i64) = (1_000_000, 199_999_999_999_900, 100);
const RUPIAH_WALLET: (i64, i64, i64) = (1_000_000, 2_000_000_000, 100);

/// In alphabetical order of their codes, as they are listed.
pub(super) const PAYOUT_CHANNELS: &[PayoutChannel] = &[
    bank_of_indonesia("ID_BCA", "Bank Central Asia"),
    bank_of_indonesia("ID_BNI", "Bank Negara Indonesia"),
    bank_of_indonesia("ID_BRI", "Bank Rakyat Indonesia"),
    bank_of_indonesia("ID_BSI", "Bank Syariah Indonesia"),
    bank_of_indonesia("ID_BTN", "Bank Tabungan Negara"),
    bank_of_indonesia("ID_CIMB", "Bank CIMB Niaga"),
    wallet_of_indonesia("ID_DANA", "DANA"),
    bank_of_indonesia("ID_DANAMON", "Bank Danamon Indonesia"),
    bank_of_indonesia("ID_DBS", "Bank DBS Indonesia"),
    wallet_of_indonesia("ID_GOPAY", "GoPay"),
    wallet_of_indonesia("ID_LINKAJA", "LinkAja"),
    bank_of_indonesia("ID_MANDIRI", "Bank Mandiri"),
    bank_of_indonesia("ID_MAYBANK", "Bank Maybank Indonesia"),
    bank_of_indonesia("ID_MEGA", "Bank Mega"),
    bank_of_indonesia("ID_OCBC", "Bank OCBC Indonesia"),
    wallet_of_indonesia("ID_OVO", "OVO"),
    bank_of_indonesia("ID_PANIN", "Bank Panin"),
    bank_of_indonesia("ID_PERMATA", "Bank Permata"),
    wallet_of_indonesia("ID_SHOPEEPAY", "ShopeePay"),
    PayoutChannel { limits: (100, 10_000_000_000, 100), ..bank("PH_AUB", "Asia United Bank") },
    bank("PH_BDO", "BDO Unibank"),
    bank("PH_BPI", "Bank of the Philippine Islands"),
    bank("PH_CHINABANK", "China Bank"),
    bank("PH_DBP", "Development Bank of the Philippines"),
    bank("PH_EASTWEST", "EastWest Bank"),
    wallet("PH_GCASH", "GCash"),
    bank("PH_GOTYME", "GoTyme Bank"),
    wallet("PH_GRABPAY", "GrabPay"),
    bank("PH_LANDBANK", "Land Bank of the Philippines"),
    bank("PH_MAYBANK", "Maybank Philippines"),
    bank("PH_METROBANK", "Metropolitan Bank and Trust Company"),
    wallet("PH_PAYMAYA", "Maya"),
    bank("PH_PNB", "Philippine National Bank"),
    bank("PH_PSBANK", "Philippine Savings Bank"),
    bank("PH_RCBC", "Rizal Commercial Banking Corporation"),
    bank("PH_SEABANK", "SeaBank Philippines"),
    bank("PH_SECURITY", "Security Bank"),
    wallet("PH_SHOPEEPAY", "ShopeePay"),
    bank("PH_UBP", "Union Bank of the Philippines"),
];

impl PayoutChannel {
    pub(super) fn of(code: &str) -> Option<&'static Self> {
        PAYOUT_CHANNELS.iter().find(|channel| channel.code == code)
    }

    pub(super) fn is_wallet(&self) -> bool {
        self.category == "EWALLET"
    }
}

/// What a payer pays by.
#[derive(Clone, Copy, Debug)]
pub(super) struct PaymentChannel {
    pub(super) code: &'static str,
    pub(super) kind: PaymentKind,
    pub(super) country: Country,
    pub(super) currency: Currency,
    /// The least and the most, in ISO 4217 minor units.
    pub(super) limits: (i64, i64),
    pub(super) is_reusable: bool,
    /// Whether a request may set when it ends.
    pub(super) sets_expiry: bool,
    /// How many days after its payment money can be given back.
    pub(super) refundable_days: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentKind {
    Qr,
    VirtualAccount,
}

const fn account_of(code: &'static str) -> PaymentChannel {
    PaymentChannel {
        code,
        kind: PaymentKind::VirtualAccount,
        country: Country::ID,
        currency: Currency::IDR,
        limits: (1_000_000, 5_000_000_000_000),
        is_reusable: true,
        sets_expiry: true,
        refundable_days: None,
    }
}

const PAYMENT_CHANNELS: &[PaymentChannel] = &[
    PaymentChannel {
        code: "QRPH",
        kind: PaymentKind::Qr,
        country: Country::PH,
        currency: Currency::PHP,
        limits: (100, 5_000_000),
        is_reusable: false,
        sets_expiry: false,
        refundable_days: None,
    },
    PaymentChannel {
        code: "QRIS",
        kind: PaymentKind::Qr,
        country: Country::ID,
        currency: Currency::IDR,
        limits: (100, 1_000_000_000),
        is_reusable: true,
        sets_expiry: false,
        refundable_days: Some(7),
    },
    account_of("BCA_VIRTUAL_ACCOUNT"),
    account_of("BJB_VIRTUAL_ACCOUNT"),
    account_of("BNI_VIRTUAL_ACCOUNT"),
    account_of("BRI_VIRTUAL_ACCOUNT"),
    account_of("BSI_VIRTUAL_ACCOUNT"),
    account_of("CIMB_VIRTUAL_ACCOUNT"),
    account_of("MANDIRI_VIRTUAL_ACCOUNT"),
    account_of("PERMATA_VIRTUAL_ACCOUNT"),
];

impl PaymentChannel {
    pub(super) fn of(code: &str) -> Option<&'static Self> {
        PAYMENT_CHANNELS.iter().find(|channel| channel.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_listed_once_and_in_order() {
        assert!(PAYOUT_CHANNELS.is_sorted_by(|one, next| one.code < next.code));
        assert!(PayoutChannel::of("PH_GCASH").is_some_and(PayoutChannel::is_wallet));
        assert!(PayoutChannel::of("PH_BDO").is_some_and(|channel| !channel.is_wallet()));
        assert!(PayoutChannel::of("GCASH").is_none());
    }
}
