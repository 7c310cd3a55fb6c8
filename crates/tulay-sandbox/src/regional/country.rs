//! What differs by country: words, units, limits, and what a payout must hold.

use tulay_core::{Channel, Country, Currency, Directory};

/// The rules of one country.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) country: Country,
    /// How paths spell it.
    pub(super) word: &'static str,
    pub(super) currency: Currency,
    /// Minor units in one unit on the wire.
    pub(super) unit: i64,
    /// On the wire.
    pub(super) least: i64,
    pub(super) most: i64,
    /// The least and the most that one collection is over, on the wire.
    pub(super) collects: (i64, i64),
    /// Longest `customerName`.
    pub(super) longest_payer: usize,
    /// Shortest and longest `mchOrderId` and `idempotencyId`.
    pub(super) order_id: (usize, usize),
    pub(super) idempotency_id: (usize, usize),
    mobile: (&'static [&'static str], usize, usize),
    /// The values of `channelCode` that there are: kind, and whether it is a static code's.
    channels: &'static [(&'static str, Kind, bool)],
    /// Whether every collection names `redirectUrl`, and not only one on a page.
    pub(super) always_returns: bool,
    /// Whether a static code can be cancelled.
    pub(super) cancels: bool,
    /// The values of `payMethodCode` that there are, and what each asks for.
    pub(super) pay_methods: &'static [(&'static str, Wants)],
    /// Marks that a name may have beside letters, digits and blanks.
    name_marks: Option<&'static str>,
}

/// The kind of a `channelCode`, as `channelType` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Url,
    VirtualAccount,
    Qr,
    /// Inside WeChat; `channelType` says `URL`.
    WeChat,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Url | Self::WeChat => "URL",
            Self::VirtualAccount => "VA",
            Self::Qr => "QR",
        }
    }
}

/// What a payout must hold, beside what every one holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    /// `accountName`.
    pub(super) name: bool,
    /// `transferCode`.
    pub(super) transfer_code: bool,
    /// `mobile`.
    pub(super) mobile: bool,
    /// `accountType` and `accountTaxId`.
    pub(super) identity: bool,
    /// That `accountNo` is a mobile number.
    pub(super) mobile_account: bool,
    /// `promptpayAccountType`.
    pub(super) proxy: bool,
}

const BANK: Wants = Wants {
    name: true,
    transfer_code: true,
    mobile: false,
    identity: false,
    mobile_account: false,
    proxy: false,
};
const WALLET: Wants = Wants { mobile_account: true, ..BANK };
const PROXY: Wants = Wants { name: false, transfer_code: false, proxy: true, ..BANK };

const USUAL: &[(&str, Wants)] = &[("BANK", BANK), ("EWALLET", WALLET)];

static RULES: [Rules; 5] = [
    Rules {
        country: Country::PH,
        word: "philippines",
        currency: Currency::PHP,
        unit: 1,
        least: 100,
        most: 500_000_000,
        collects: (100, 5_000_000),
        longest_payer: 128,
        order_id: (1, 32),
        idempotency_id: (10, 30),
        mobile: (&["09"], 11, 11),
        channels: &[
            ("PH_QRPH_DYNAMIC", Kind::Qr, false),
            ("PH_GCASH_QR", Kind::Qr, false),
            ("PH_GCASH_URL", Kind::Url, false),
            ("PH_PAYMAYA_URL", Kind::Url, false),
            ("PH_GRPY_URL", Kind::Url, false),
            ("PH_BPIA_URL", Kind::Url, false),
            ("PH_UBPB_URL", Kind::Url, false),
            ("PH_RCBC_URL", Kind::Url, false),
            ("PH_MBTC_URL", Kind::Url, false),
            ("PH_7ELEVEN_VA", Kind::VirtualAccount, false),
            ("PH_QRPH_STATIC", Kind::Qr, true),
        ],
        always_returns: true,
        cancels: true,
        pay_methods: USUAL,
        name_marks: Some("'.-"),
    },
    Rules {
        country: Country::ID,
        word: "indonesia",
        currency: Currency::IDR,
        unit: 100,
        least: 10_000,
        most: 100_000_000,
        collects: (1, 100_000_000),
        longest_payer: 128,
        order_id: (10, 32),
        idempotency_id: (10, 32),
        mobile: (&["08"], 10, 13),
        channels: &[
            ("ID_QRIS", Kind::Qr, false),
            ("ID_QRIS_STATIC", Kind::Qr, true),
            ("ID_BCA_VA", Kind::VirtualAccount, false),
            ("ID_BCA_VA", Kind::VirtualAccount, true),
            ("ID_BNI_VA", Kind::VirtualAccount, false),
            ("ID_BNI_VA", Kind::VirtualAccount, true),
            ("ID_BRI_VA", Kind::VirtualAccount, false),
            ("ID_BRI_VA", Kind::VirtualAccount, true),
            ("ID_ALFAMART_VA", Kind::VirtualAccount, false),
            ("ID_ALFAMART_VA", Kind::VirtualAccount, true),
        ],
        always_returns: false,
        cancels: false,
        pay_methods: &[
            ("BANK", Wants { mobile: true, ..BANK }),
            ("EWALLET", Wants { mobile: true, ..WALLET }),
        ],
        name_marks: None,
    },
    Rules {
        country: Country::MY,
        word: "malaysia",
        currency: Currency::MYR,
        unit: 1,
        least: 100,
        most: 500_000_000,
        collects: (1, 500_000_000),
        longest_payer: 128,
        order_id: (10, 32),
        idempotency_id: (10, 30),
        mobile: (&["01"], 10, 11),
        channels: &[("MY_DUITNOW_DYNAMIC", Kind::Qr, false), ("MY_TNG_URL", Kind::Url, false)],
        always_returns: false,
        cancels: false,
        pay_methods: USUAL,
        name_marks: None,
    },
    Rules {
        country: Country::TH,
        word: "thailand",
        currency: Currency::THB,
        unit: 1,
        least: 100,
        most: 500_000_000,
        collects: (1, 500_000_000),
        longest_payer: 100,
        order_id: (10, 32),
        idempotency_id: (10, 30),
        mobile: (&["06", "08", "09"], 10, 10),
        channels: &[
            ("TH_THAI_DYNAMIC", Kind::Qr, false),
            ("TH_WECHAT_URL", Kind::Url, false),
            ("TH_WECHAT_JS_URL", Kind::WeChat, false),
            ("TH_THAI_STATIC", Kind::Qr, true),
        ],
        always_returns: false,
        cancels: false,
        pay_methods: &[
            ("BANK", Wants { mobile: true, identity: true, ..BANK }),
            ("EWALLET", WALLET),
            ("PROMPTPAY", PROXY),
        ],
        name_marks: None,
    },
    Rules {
        country: Country::RU,
        word: "russia",
        currency: Currency::RUB,
        unit: 1,
        least: 100,
        most: 500_000_000,
        collects: (1, 500_000_000),
        longest_payer: 128,
        order_id: (1, 32),
        idempotency_id: (10, 32),
        mobile: (&[], 10, 14),
        channels: &[("RU_SBP_QR", Kind::Qr, false)],
        always_returns: false,
        cancels: false,
        pay_methods: &[],
        name_marks: None,
    },
];

/// Wallets that payouts go to; banks go by their BIC8, but in Indonesia.
const PHILIPPINE_WALLETS: [&str; 6] =
    ["COINS", "GCASH", "GRABPAY", "MAYA", "PALAWANPAY", "SHOPEEPAY"];
const INDONESIAN_WALLETS: [&str; 5] = ["DANA", "GOPAY", "LINKAJA", "OVO", "SHOPEEPAY"];
const MALAYSIAN_WALLETS: [&str; 5] = ["BIGPAY", "BOOST", "GRABPAY", "SHOPEEPAY", "TNG"];
const THAI_WALLETS: [&str; 3] = ["LINEPAY", "SHOPEEPAY", "TRUEMONEY"];
/// CIMB is the only one that the documents show.
const INDONESIAN_BANKS: [&str; 31] = [
    "BCA",
    "BCA_DIGITAL",
    "BCA_SYARIAH",
    "BJB",
    "BNI",
    "BRI",
    "BSI",
    "BTN",
    "BTPN",
    "BTPN_SYARIAH",
    "BUKOPIN",
    "CIMB",
    "DANAMON",
    "DBS",
    "DKI",
    "HANA",
    "HSBC",
    "JAGO",
    "MANDIRI",
    "MAYAPADA",
    "MAYBANK",
    "MEGA",
    "MUAMALAT",
    "NEO",
    "OCBC",
    "PANIN",
    "PERMATA",
    "SCB",
    "SEABANK",
    "SINARMAS",
    "UOB",
];

impl Rules {
    pub(super) fn of_word(word: &str) -> Option<&'static Self> {
        RULES.iter().find(|rules| rules.word == word)
    }

    pub(super) fn of_code(code: &str) -> Option<&'static Self> {
        RULES.iter().find(|rules| rules.country.as_str() == code)
    }

    pub(super) fn is_mobile(&self, number: &str) -> bool {
        let (starts, least, most) = self.mobile;
        (starts.is_empty() || starts.iter().any(|start| number.starts_with(start)))
            && (least..=most).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        let allowed = |marks: &str, c: char| c.is_alphanumeric() || c == ' ' || marks.contains(c);
        self.name_marks.is_none_or(|marks| name.chars().all(|c| allowed(marks, c)))
    }

    /// What kind of way to pay a `channelCode` is; `None` where there is none such.
    pub(super) fn channel(&self, code: &str, is_static: bool) -> Option<Kind> {
        let known =
            |(known, _, of_code): &&(&str, Kind, bool)| *known == code && *of_code == is_static;
        self.channels.iter().find(known).map(|(_, kind, _)| *kind)
    }

    /// Whether there are payouts.
    pub(super) fn has_payouts(&self) -> bool {
        !self.pay_methods.is_empty()
    }

    /// Whether there are static codes.
    pub(super) fn has_codes(&self) -> bool {
        self.channels.iter().any(|(_, _, of_code)| *of_code)
    }

    /// What a `payMethodCode` asks for; `None` where there is none such.
    pub(super) fn wants(&self, pay_method: &str) -> Option<Wants> {
        let known = self.pay_methods.iter().find(|(known, _)| *known == pay_method);
        known.map(|(_, wants)| *wants)
    }

    /// Whether money can be sent to this `transferCode` by this `payMethodCode`.
    pub(super) fn reaches(&self, pay_method: &str, transfer_code: &str) -> bool {
        let listed = |codes: &[&str]| codes.contains(&transfer_code);
        match (self.country, pay_method) {
            (Country::ID, "EWALLET") => listed(&INDONESIAN_WALLETS),
            (Country::ID, _) => listed(&INDONESIAN_BANKS),
            (Country::MY, "EWALLET") => listed(&MALAYSIAN_WALLETS),
            (Country::TH, "EWALLET") => listed(&THAI_WALLETS),
            (_, "EWALLET") => listed(&PHILIPPINE_WALLETS),
            _ => {
                let banks = Directory::of(self.country).map(Directory::institutions);
                banks
                    .unwrap_or_default()
                    .iter()
                    .any(|row| row.channel == Channel::Bank && row.bic == Some(transfer_code))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_rules() {
        let (ph, id) = (Rules::of_word("philippines").unwrap(), Rules::of_code("ID").unwrap());
        assert!(ph.is_mobile("09171234567") && !ph.is_mobile("0917123456"));
        assert!(id.is_mobile("0812345678") && !id.is_mobile("09171234567"));
        assert!(ph.is_name("Ana-Marie O'Peña Jr.") && !ph.is_name("A & B"));
        assert!(id.is_name("PT A & B"));
        assert!(ph.reaches("EWALLET", "GCASH") && !ph.reaches("BANK", "GCASH"));
        assert!(ph.reaches("BANK", "BOPIPHMM") && !ph.reaches("EWALLET", "BOPIPHMM"));
        assert!(!ph.reaches("BANK", "GXCHPHM2") && !ph.reaches("BANK", "CIMB"));
        assert!(id.reaches("BANK", "CIMB") && id.reaches("EWALLET", "OVO"));
        let (my, th) = (Rules::of_word("malaysia").unwrap(), Rules::of_code("TH").unwrap());
        assert!(my.is_mobile("0123456789") && th.is_mobile("0612345678"));
        assert!(!th.is_mobile("0212345678") && !th.is_mobile("06123456789"));
        assert!(my.reaches("EWALLET", "TNG") && my.reaches("BANK", "MBBEMYKL"));
        assert!(th.reaches("BANK", "KASITHBK") && !th.reaches("EWALLET", "TNG"));
        assert!(th.wants("PROMPTPAY").is_some() && my.wants("PROMPTPAY").is_none());
        assert!(Rules::of_word("vietnam").is_none() && Rules::of_code("ph").is_none());
    }
}
