//! How the simulated regional platform is to behave.

use super::demo::{DEMO_APP_ID, DEMO_MERCHANT_PUBLIC_KEY};
use http::Uri;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use tulay_core::Country;

/// How the simulated regional platform is to behave.
///
/// ```
/// use tulay_sandbox::{Sandbox, regional::{Merchant, Regional, Settings}};
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let merchant = Merchant {
///     countries: vec![tulay_core::Country::PH],
///     notify_url: Some("http://127.0.0.1:8300/notify/regional/payout".parse()?),
///     ..Merchant::demo()
/// };
/// let settings = Settings { merchants: vec![merchant], ..Settings::default() };
/// let sandbox = Sandbox::builder().provider(Regional::new(settings)?).start().await?;
/// # drop(sandbox); Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// How far a time stamp may be from now, either way: 10 minutes by default. How far the real
    /// one lets it be is not published.
    pub time_stamp_window: SignedDuration,
    /// Whether a look-up that finds nothing says 21010 "transaction not found", as its example
    /// does, instead of 21006.
    pub not_found_by_example: bool,
    /// How long a collection can be paid that does not say so itself: 1 hour by default, as the
    /// sibling editions have it.
    pub open_for: SignedDuration,
    /// How long the link to a report is good: 80 minutes by default, as a sample's is.
    pub report_link_for: SignedDuration,
    /// The merchants known at the start: the published one, by default.
    pub merchants: Vec<Merchant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_stamp_window: SignedDuration::from_mins(10),
            not_found_by_example: false,
            open_for: SignedDuration::from_hours(1),
            report_link_for: SignedDuration::from_mins(80),
            merchants: vec![Merchant::demo()],
        }
    }
}

/// A merchant of the simulated regional platform.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its `appId`: 1 to 64 ASCII letters and digits.
    pub app_id: String,
    /// Its public key: SubjectPublicKeyInfo in PEM or bare base64, RSA of 2048 to 4096 bits.
    pub public_key: String,
    /// Whether it is available; otherwise everything is refused with 21004.
    pub active: bool,
    /// Where it may pay out and collect; otherwise 21017.
    pub countries: Vec<Country>,
    /// By which `payMethodCode` it may pay out; otherwise 21005.
    pub pay_methods: Vec<&'static str>,
    /// By which `channelCode` it may not collect: 21005, like one that does not exist.
    pub closed_channels: Vec<String>,
    /// Where its notifications go: the request of a payout has no address. `None`: nowhere.
    pub notify_url: Option<Uri>,
    /// What its account in a country holds at the start, in the unit on the wire: centavos, sen,
    /// satang, whole rupiah.
    pub opening_balances: BTreeMap<Country, i64>,
}

impl Merchant {
    /// A merchant in good standing with PHP 1,000,000.00, IDR 250,000,000.00, MYR 100,000.00 and
    /// THB 1,000,000.00, and nowhere to be notified.
    #[must_use]
    pub fn new(app_id: impl Into<String>, public_key: impl Into<String>) -> Self {
        Self {
            app_id: app_id.into(),
            public_key: public_key.into(),
            active: true,
            countries: vec![Country::PH, Country::ID, Country::MY, Country::TH, Country::RU],
            pay_methods: vec!["BANK", "EWALLET", "PROMPTPAY"],
            closed_channels: Vec::new(),
            notify_url: None,
            opening_balances: [
                (Country::PH, 100_000_000),
                (Country::ID, 250_000_000),
                (Country::MY, 10_000_000),
                (Country::TH, 100_000_000),
            ]
            .into(),
        }
    }

    /// The published merchant.
    #[must_use]
    pub fn demo() -> Self {
        Self::new(DEMO_APP_ID, DEMO_MERCHANT_PUBLIC_KEY)
    }
}
