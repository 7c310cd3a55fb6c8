//! The Philippines (2.1.1).

use super::{PayoutRules, Profile};
use tulay_core::{Channel, Country, Currency, Field};

pub(super) static PROFILE: Profile = Profile {
    country: Country::PH,
    currency: Currency::PHP,
    word: "philippines",
    unit: 1,
    mobile: (&["09"], 11..=11),
    payout: Some(PayoutRules {
        least: None,
        order_id: 10..=30,
        name_marks: Some(&['\'', '.', '-']),
        channels: &[
            (Channel::Bank, &[Field::Name, Field::Institution]),
            (Channel::Wallet, &[Field::Name, Field::Institution]),
        ],
        relationship: false,
        transfer_codes: TRANSFER_CODES,
        banks_by_bic: true,
    }),
};

/// Wallets by their brand. No code of a Philippine bank is known: a BIC8 can at least not mean
/// another bank, and is refused where it means none.
const TRANSFER_CODES: &[(&str, &str)] = &[
    ("coins", "COINS"),
    ("gcash", "GCASH"),
    ("grabpay", "GRABPAY"),
    ("maya", "MAYA"),
    ("palawanpay", "PALAWANPAY"),
    ("shopeepay", "SHOPEEPAY"),
];
