//! The payment system that carries the money.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! rails {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The payment system that carries the money between banks or wallets. One corridor can be
        /// served by several, with limits of their own.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[non_exhaustive]
        pub enum Rail {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl Rail {
            /// Every rail.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in configurations, files and JSON: `instapay`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

rails! {
    /// InstaPay, the Philippines: at once, to PHP 50,000.
    InstaPay = "instapay",
    /// PESONet, the Philippines: in batches, without a limit of its own.
    PesoNet = "pesonet",
    /// BI-FAST, Indonesia: at once, to IDR 250,000,000.
    BiFast = "bi_fast",
    /// SKN, Indonesia: in batches.
    Skn = "skn",
    /// Gross settlement of large amounts, of any country.
    Rtgs = "rtgs",
    /// DuitNow, Malaysia: at once.
    DuitNow = "duitnow",
    /// Interbank GIRO, Malaysia: in batches.
    Ibg = "ibg",
    /// PromptPay, Thailand: at once.
    PromptPay = "promptpay",
    /// SBP, Russia: at once.
    Sbp = "sbp",
}

impl fmt::Display for Rail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
