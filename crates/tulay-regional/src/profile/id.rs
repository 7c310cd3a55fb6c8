//! Indonesia (3.1.1, 3.2.1, 3.3.1).

use super::{CodeRules, CollectionRules, Line, PayoutRules, Profile};
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
    collection: CollectionRules {
        longest_name: 128,
        always_returns: false,
        expires: false,
        wechat: false,
        lines: &[
            Line::qr("ID_QRIS").assumed(),
            Line::virtual_account("CENAIDJA", "ID_BCA_VA"),
            Line::virtual_account("BNINIDJA", "ID_BNI_VA").assumed(),
            Line::virtual_account("BRINIDJA", "ID_BRI_VA").assumed(),
            Line::virtual_account("alfamart", "ID_ALFAMART_VA").assumed(),
        ],
    },
    code: Some(CodeRules {
        cancel: false,
        lines: &[
            Line::qr("ID_QRIS_STATIC").assumed(),
            Line::virtual_account("CENAIDJA", "ID_BCA_VA"),
            Line::virtual_account("BNINIDJA", "ID_BNI_VA").assumed(),
            Line::virtual_account("BRINIDJA", "ID_BRI_VA").assumed(),
            Line::virtual_account("alfamart", "ID_ALFAMART_VA").assumed(),
        ],
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
