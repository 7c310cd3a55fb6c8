//! Indonesia.
//!
//! Rails: "Indonesia" of payout coverage. The code `ID_BCA` is printed in "payout webhook"; the
//! others are of public programs, and assumed. Virtual accounts: one page for each bank.

use super::{Code, PayoutChannel, Profile, RailLimits, VirtualAccount, bank, wallet};
use tulay_core::{Country, Currency, Rail};

/// The most that BI-FAST carries, in hundredths of a rupiah.
const BI_FAST: i64 = 25_000_000_000;

pub(super) static PROFILE: Profile = Profile {
    country: Country::ID,
    currency: Currency::IDR,
    unit: 100,
    rails: &[
        RailLimits { rail: Some(Rail::BiFast), min: None, max: Some(BI_FAST) },
        RailLimits { rail: Some(Rail::Rtgs), min: Some(BI_FAST + 100), max: None },
    ],
    // Limits of wallets are nowhere in the documents.
    wallets: RailLimits { rail: None, min: None, max: None },
    payout_channels: PAYOUT_CHANNELS,
    // "QRIS": 1 to 10,000,000; no expiry of its own; refunds.
    code: Code { channel_code: "QRIS", min: 100, max: 1_000_000_000, is_refundable: true },
    virtual_accounts: VIRTUAL_ACCOUNTS,
};

const PAYOUT_CHANNELS: &[PayoutChannel] = &[
    bank("BBBAIDJA", "ID_PERMATA"),
    bank("BDINIDJA", "ID_DANAMON"),
    bank("BMRIIDJA", "ID_MANDIRI"),
    bank("BNIAIDJA", "ID_CIMB"),
    bank("BNINIDJA", "ID_BNI"),
    bank("BRINIDJA", "ID_BRI"),
    bank("BSMDIDJA", "ID_BSI"),
    bank("BTANIDJA", "ID_BTN"),
    bank("CENAIDJA", "ID_BCA"),
    bank("JAGBIDJA", "ID_JAGO"),
    bank("MUABIDJA", "ID_MUAMALAT"),
    wallet("dana", "ID_DANA"),
    wallet("gopay", "ID_GOPAY"),
    wallet("linkaja", "ID_LINKAJA"),
    wallet("ovo", "ID_OVO"),
    wallet("shopeepay", "ID_SHOPEEPAY"),
];

/// Rupiah: 50 billion.
const BILLIONS: i64 = 5_000_000_000_000;

const VIRTUAL_ACCOUNTS: &[VirtualAccount] = &[
    virtual_account("BBBAIDJA", "PERMATA_VIRTUAL_ACCOUNT", 100, 999_999_999_900),
    virtual_account("BMRIIDJA", "MANDIRI_VIRTUAL_ACCOUNT", 100, BILLIONS),
    virtual_account("BNINIDJA", "BNI_VIRTUAL_ACCOUNT", 100, BILLIONS),
    virtual_account("BRINIDJA", "BRI_VIRTUAL_ACCOUNT", 100, BILLIONS),
    virtual_account("BSMDIDJA", "BSI_VIRTUAL_ACCOUNT", 100, BILLIONS),
    virtual_account("CENAIDJA", "BCA_VIRTUAL_ACCOUNT", 1_000_000, 5_000_000_000),
    virtual_account("MUABIDJA", "MUAMALAT_VIRTUAL_ACCOUNT", 1_000_000, BILLIONS),
];

const fn virtual_account(
    institution: &'static str,
    channel_code: &'static str,
    min: i64,
    max: i64,
) -> VirtualAccount {
    VirtualAccount { institution, channel_code, min, max }
}
