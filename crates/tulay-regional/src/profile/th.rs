//! Thailand (5.1.1, 5.2.1, 5.3.1), as the provider's Thai edition has it.

use super::{CodeRules, CollectionRules, Line, PayoutRules, Profile};
use tulay_core::{Channel, Country, Currency, Field};

pub(super) static PROFILE: Profile = Profile {
    country: Country::TH,
    currency: Currency::THB,
    word: "thailand",
    unit: 1,
    mobile: (&["06", "08", "09"], 10..=10),
    payout: Some(PayoutRules {
        least: None,
        order_id: 10..=30,
        name_marks: None,
        channels: &[
            (
                Channel::Bank,
                &[Field::Name, Field::Institution, Field::Kind, Field::TaxId, Field::Mobile],
            ),
            (Channel::Wallet, &[Field::Name, Field::Institution]),
            (Channel::Proxy, &[]),
        ],
        relationship: true,
        transfer_codes: TRANSFER_CODES,
        banks_by_bic: true,
    }),
    collection: CollectionRules {
        longest_name: 100,
        always_returns: false,
        expires: true,
        wechat: true,
        lines: &[
            Line::qr("TH_THAI_DYNAMIC").assumed(),
            Line::redirect("wechat", "TH_WECHAT_URL").assumed(),
            Line { channel: Channel::InApp, ..Line::qr("TH_WECHAT_JS_URL").assumed() },
        ],
    },
    code: Some(CodeRules { cancel: false, lines: &[Line::qr("TH_THAI_STATIC").assumed()] }),
};

/// Wallets by their brand, as in the Philippines; banks by their BIC8. PromptPay needs none.
const TRANSFER_CODES: &[(&str, &str)] =
    &[("linepay", "LINEPAY"), ("shopeepay", "SHOPEEPAY"), ("truemoney", "TRUEMONEY")];
