//! Russia (6.1): collections alone. No copy of its pages could be read; what the other countries
//! have in common stands in for them, in kopecks.

use super::{CollectionRules, Line, Profile};
use tulay_core::{Country, Currency};

pub(super) static PROFILE: Profile = Profile {
    country: Country::RU,
    currency: Currency::RUB,
    word: "russia",
    unit: 1,
    mobile: (&[], 10..=14),
    payout: None,
    collection: CollectionRules {
        longest_name: 128,
        always_returns: false,
        expires: false,
        wechat: false,
        lines: &[Line::qr("RU_SBP_QR").assumed()],
    },
    code: None,
};
