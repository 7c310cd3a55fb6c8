//! Currencies by their numbers.

use crate::iso::is_currency;
use core::fmt;

/// A currency by its number in ISO 4217: 608 for Philippine pesos.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(u16);

impl Currency {
    /// Indonesian rupiah.
    pub const IDR: Self = Self(360);
    /// Malaysian ringgit.
    pub const MYR: Self = Self(458);
    /// Philippine pesos.
    pub const PHP: Self = Self(608);
    /// Russian roubles.
    pub const RUB: Self = Self(643);
    /// Thai baht.
    pub const THB: Self = Self(764);

    /// Reads the three digits. Whether ISO has given them away, [`is_known`](Self::is_known) says.
    #[must_use]
    pub fn from_numeric(digits: &str) -> Option<Self> {
        let three = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if three { digits.parse().ok().map(Self) } else { None }
    }

    /// Whether ISO has given this number to a currency.
    #[must_use]
    pub fn is_known(self) -> bool {
        is_currency(self.0)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The three letters of currencies in which this crate's schemes are, such as `PHP`.
    #[must_use]
    pub const fn letters(self) -> Option<&'static str> {
        Some(match self {
            Self::IDR => "IDR",
            Self::MYR => "MYR",
            Self::PHP => "PHP",
            Self::RUB => "RUB",
            Self::THB => "THB",
            _ => return None,
        })
    }

    /// How many decimals the major unit has (ISO 4217, list one); 2 for numbers not listed there.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        match self.0 {
            // BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF VND VUV UGX UYI XAF XOF XPF
            108 | 152 | 262 | 324 | 352 | 392 | 174 | 410 | 600 | 646 | 704 | 548 | 800 | 940
            | 950 | 952 | 953 => 0,
            // BHD IQD JOD KWD LYD OMR TND
            48 | 368 | 400 | 414 | 434 | 512 | 788 => 3,
            // CLF UYW
            990 | 927 => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.letters() {
            Some(letters) => f.write_str(letters),
            None => write!(f, "{:03}", self.0),
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
