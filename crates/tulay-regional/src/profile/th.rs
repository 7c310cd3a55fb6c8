//! Thailand (5.1.1), as the provider's Thai edition has it.

use super::{PayoutRules, Profile};
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
};

/// Wallets by their brand, as in the Philippines; banks by their BIC8. PromptPay needs none.
const TRANSFER_CODES: &[(&str, &str)] =
    &[("linepay", "LINEPAY"), ("shopeepay", "SHOPEEPAY"), ("truemoney", "TRUEMONEY")];
