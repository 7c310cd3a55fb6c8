//! Malaysia (4.1.1, 4.2.1). No copy of the page on payouts could be read: what the Philippines' page says stands in
//! for it, with the length of ids of the provider's Malaysian edition.

use super::{BANKS_AND_WALLETS, CollectionRules, Line, PayoutRules, Profile};
use tulay_core::{Country, Currency};

pub(super) static PROFILE: Profile = Profile {
    country: Country::MY,
    currency: Currency::MYR,
    word: "malaysia",
    unit: 1,
    mobile: (&["01"], 10..=11),
    payout: Some(PayoutRules {
        least: None,
        order_id: 10..=30,
        name_marks: None,
        channels: BANKS_AND_WALLETS,
        relationship: false,
        transfer_codes: TRANSFER_CODES,
        banks_by_bic: true,
    }),
    collection: CollectionRules {
        longest_name: 128,
        always_returns: false,
        expires: false,
        wechat: false,
        lines: &[Line::qr("MY_DUITNOW_DYNAMIC").assumed(), Line::redirect("tng", "MY_TNG_URL")],
    },
    code: None,
};

/// Wallets by their brand, as in the Philippines; banks by their BIC8.
const TRANSFER_CODES: &[(&str, &str)] = &[
    ("bigpay", "BIGPAY"),
    ("boost", "BOOST"),
    ("grabpay", "GRABPAY"),
    ("shopeepay", "SHOPEEPAY"),
    ("tng", "TNG"),
];
