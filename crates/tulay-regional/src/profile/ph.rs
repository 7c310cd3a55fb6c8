//! The Philippines (2.1.1, 2.2.1, 2.3.1).

use super::{BANKS_AND_WALLETS, CodeRules, CollectionRules, Line, PayoutRules, Profile};
use tulay_core::{Country, Currency};

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
        channels: BANKS_AND_WALLETS,
        relationship: false,
        transfer_codes: TRANSFER_CODES,
        banks_by_bic: true,
    }),
    collection: CollectionRules {
        longest_name: 128,
        always_returns: true,
        expires: false,
        wechat: false,
        lines: &[
            Line::qr("PH_QRPH_DYNAMIC"),
            Line::redirect("gcash", "PH_GCASH_URL"),
            Line::redirect("grabpay", "PH_GRPY_URL").assumed(),
            Line::redirect("maya", "PH_PAYMAYA_URL").assumed(),
            Line::redirect("BOPIPHMM", "PH_BPIA_URL").assumed(),
            Line::redirect("MBTCPHMM", "PH_MBTC_URL").assumed(),
            Line::redirect("RCBCPHMM", "PH_RCBC_URL").assumed(),
            Line::redirect("UBPHPHMM", "PH_UBPB_URL").assumed(),
            Line::virtual_account("7eleven", "PH_7ELEVEN_VA").assumed(),
        ],
    },
    code: Some(CodeRules { cancel: true, lines: &[Line::qr("PH_QRPH_STATIC")] }),
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
