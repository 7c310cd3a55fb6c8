//! How the simulated PayMongo is to behave.

use super::demo::{
    DEMO_LIVE_SECRET_KEY, DEMO_ORGANIZATION, DEMO_SECRET_KEY, DEMO_WALLET_NAME, DEMO_WALLET_NUMBER,
    DEMO_WEBHOOK_SECRET,
};
use http::Uri;
use jiff::SignedDuration;
use std::fmt;

/// How the simulated PayMongo is to behave.
///
/// ```
/// use tulay_sandbox::{Sandbox, paymongo::{Merchant, Paymongo, Settings}};
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let merchant = Merchant {
///     notify_url: Some("http://127.0.0.1:8300/notify/paymongo".parse()?),
///     ..Merchant::demo()
/// };
/// let settings = Settings { merchants: vec![merchant], ..Settings::default() };
/// let sandbox = Sandbox::builder().provider(Paymongo::new(settings)?).start().await?;
/// # drop(sandbox); Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long the first response to an `Idempotency-Key` is given again: 24 hours by default
    /// (Money Movement, Best practices: "about 24 hours").
    pub replays_for: SignedDuration,
    /// Whether a rejection (HTTP 4xx) is given again too: yes by default, as the documents say "the
    /// first response". One with HTTP 5xx or 409 never is.
    pub replays_rejections: bool,
    /// Whether payments of the test mode can be refunded: yes by default, so that refunds can be
    /// tried. The documents (Refunding transactions) say that only live payments can.
    pub refunds_in_test_mode: bool,
    /// Whether a payment repeats the `metadata` of its intent: yes by default. No document says so.
    pub payments_repeat_metadata: bool,
    /// Whether a transfer that is not there is answered by `not_found`, as public programs saw it,
    /// instead of `resource_not_found`.
    pub transfer_not_found_as_seen: bool,
    /// The merchants known at the start: the published one, by default.
    pub merchants: Vec<Merchant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            replays_for: SignedDuration::from_hours(24),
            replays_rejections: true,
            refunds_in_test_mode: true,
            payments_repeat_metadata: true,
            transfer_not_found_as_seen: false,
            merchants: vec![Merchant::demo()],
        }
    }
}

/// A merchant of the simulated PayMongo. `Debug` shows none of its secrets.
#[derive(Clone)]
pub struct Merchant {
    /// Its organization: 1 to 64 ASCII letters, digits and `_`.
    pub organization: String,
    /// Its secret key of the test mode: `sk_test_` and at least one more character.
    pub test_key: Option<String>,
    /// Its secret key of the live mode: `sk_live_` and at least one more character.
    pub live_key: Option<String>,
    /// What its events are signed with, in both modes.
    pub webhook_secret: String,
    /// Where its events go. `None`: nowhere.
    pub notify_url: Option<Uri>,
    /// The number of its wallet.
    pub wallet_number: String,
    /// The name of its wallet.
    pub wallet_name: String,
    /// What its wallet holds at the start, in centavos, in each mode.
    pub opening_wallet: i64,
    /// What it can give back by refunds at the start, in centavos, in each mode: its payout balance.
    pub opening_payouts: i64,
}

impl Merchant {
    /// A merchant with PHP 1,000,000.00 in its wallet and PHP 100,000.00 to be paid out, no key, and
    /// nowhere to be notified.
    #[must_use]
    pub fn new(organization: impl Into<String>) -> Self {
        Self {
            organization: organization.into(),
            test_key: None,
            live_key: None,
            webhook_secret: DEMO_WEBHOOK_SECRET.to_owned(),
            notify_url: None,
            wallet_number: DEMO_WALLET_NUMBER.to_owned(),
            wallet_name: DEMO_WALLET_NAME.to_owned(),
            opening_wallet: 100_000_000,
            opening_payouts: 10_000_000,
        }
    }

    /// The published merchant.
    #[must_use]
    pub fn demo() -> Self {
        Self {
            test_key: Some(DEMO_SECRET_KEY.to_owned()),
            live_key: Some(DEMO_LIVE_SECRET_KEY.to_owned()),
            ..Self::new(DEMO_ORGANIZATION)
        }
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("organization", &self.organization)
            .field("opening_wallet", &self.opening_wallet)
            .field("opening_payouts", &self.opening_payouts)
            .finish_non_exhaustive()
    }
}
