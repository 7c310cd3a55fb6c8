//! The Philippines.
//!
//! Rails: "Philippines" of payout coverage. Codes of GCash, BPI, BDO, Security Bank and UnionBank are
//! printed there; the others are of public programs that agree, and assumed. A bank whose code differs
//! between them, as Land Bank's and China Bank's, has no row: a wrong code may be another bank's.

use super::{Code, PayoutChannel, Profile, RailLimits, bank, wallet};
use tulay_core::{Country, Currency, Rail};

/// The most that InstaPay carries, in centavos.
const INSTAPAY: i64 = 5_000_000;

pub(super) static PROFILE: Profile = Profile {
    country: Country::PH,
    currency: Currency::PHP,
    unit: 1,
    rails: &[
        RailLimits { rail: Some(Rail::InstaPay), min: None, max: Some(INSTAPAY) },
        RailLimits { rail: Some(Rail::PesoNet), min: Some(INSTAPAY + 1), max: None },
    ],
    wallets: RailLimits { rail: Some(Rail::InstaPay), min: None, max: Some(INSTAPAY) },
    payout_channels: PAYOUT_CHANNELS,
    // "QRPh": 1.00 to 50,000.00; no expiry, no refund.
    code: Code { channel_code: "QRPH", min: 100, max: 5_000_000, is_refundable: false },
    virtual_accounts: &[],
};

const PAYOUT_CHANNELS: &[PayoutChannel] = &[
    bank("AUBKPHMM", "PH_AUB"),
    bank("BNORPHMM", "PH_BDO"),
    bank("BOPIPHMM", "PH_BPI"),
    bank("PNBMPHMM", "PH_PNB"),
    bank("RCBCPHMM", "PH_RCBC"),
    bank("SETCPHMM", "PH_SEC"),
    bank("UBPHPHMM", "PH_UBP"),
    wallet("gcash", "PH_GCASH"),
    wallet("grabpay", "PH_GRABPAY"),
    wallet("maya", "PH_PAYMAYA"),
];
