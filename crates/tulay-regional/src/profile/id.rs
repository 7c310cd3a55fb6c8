//! Indonesia (3.1.1).

use super::{PayoutRules, Profile};
use tulay_core::{Channel, Country, Currency, Field};

pub(super) static PROFILE: Profile = Profile {
    country: Country::ID,
    currency: Currency::IDR,
    word: "indonesia",
    unit: 100,
    mobile: (&["08"], 10..=13),
    payout: Some(PayoutRules {
        least: Some(10_000),
        order_id: 10..=32,
        name_marks: None,
        channels: &[
            (Channel::Bank, &[Field::Name, Field::Institution, Field::Mobile]),
            (Channel::Wallet, &[Field::Name, Field::Institution, Field::Mobile]),
        ],
        relationship: false,
        transfer_codes: TRANSFER_CODES,
        banks_by_bic: false,
    }),
};

/// Brands in capitals, like the one code that the documents show: CIMB. Banks whose brand changed
/// or is shared have no row: what they are called has to be asked.
const TRANSFER_CODES: &[(&str, &str)] = &[
    ("BBBAIDJA", "PERMATA"),
    ("BBIJIDJA", "UOB"),
    ("BDINIDJA", "DANAMON"),
    ("BMRIIDJA", "MANDIRI"),
    ("BNIAIDJA", "CIMB"),
    ("BNINIDJA", "BNI"),
    ("BRINIDJA", "BRI"),
    ("BSMDIDJA", "BSI"),
    ("BTANIDJA", "BTN"),
    ("CENAIDJA", "BCA"),
    ("DBSBIDJA", "DBS"),
    ("HNBNIDJA", "HANA"),
    ("HSBCIDJA", "HSBC"),
    ("IBBKIDJA", "MAYBANK"),
    ("JAGBIDJA", "JAGO"),
    ("KSEBIDJ1", "SEABANK"),
    ("MAYAIDJA", "MAYAPADA"),
    ("MEGAIDJA", "MEGA"),
    ("MUABIDJA", "MUAMALAT"),
    ("NISPIDJA", "OCBC"),
    ("PDJBIDJA", "BJB"),
    ("PINBIDJA", "PANIN"),
    ("SBJKIDJA", "SINARMAS"),
    ("dana", "DANA"),
    ("gopay", "GOPAY"),
    ("linkaja", "LINKAJA"),
    ("ovo", "OVO"),
    ("shopeepay", "SHOPEEPAY"),
];
