//! How the simulated Xendit is to behave.

use super::demo::{
    DEMO_BUSINESS_ID, DEMO_CALLBACK_TOKEN, DEMO_IDR_BUSINESS_ID, DEMO_IDR_CALLBACK_TOKEN,
    DEMO_IDR_SECRET_KEY, DEMO_SECRET_KEY,
};
use http::Uri;
use jiff::SignedDuration;
use std::{collections::BTreeMap, fmt};
use tulay_core::Currency;

/// How the simulated Xendit is to behave.
///
/// ```
/// use tulay_sandbox::{Sandbox, xendit::{Edition, Merchant, Settings, Xendit}};
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let merchant = Merchant {
///     payout_url: Some("http://127.0.0.1:8300/notify/xendit/payout".parse()?),
///     ..Merchant::demo()
/// };
/// let settings = Settings {
///     edition: Edition::TestMode,
///     keys_live_for: Some("24h".parse()?),
///     merchants: vec![merchant],
///     ..Settings::default()
/// };
/// let sandbox = Sandbox::builder().provider(Xendit::new(settings)?).start().await?;
/// # drop(sandbox); Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    /// What decides where the reference and the observations of others differ: the reference, by
    /// default.
    pub edition: Edition,
    /// How long an idempotency key is remembered. After that, the same key and text make a second
    /// payout. `None`, by default: for ever, as the libraries say ("no expiration").
    pub keys_live_for: Option<SignedDuration>,
    /// Whether a refund may have an idempotency key, as the libraries say; by default it may. The
    /// reference knows none: if false, the key is ignored, and each request makes a refund.
    pub refunds_have_keys: bool,
    /// How many rows a page of a list has that names no limit: 10 by default.
    pub page_rows: usize,
    /// How long a payment request can be paid that does not say so itself: 48 hours by default, as
    /// the page about QRIS says.
    pub open_for: SignedDuration,
    /// The accounts known at the start: the two published ones, by default.
    pub merchants: Vec<Merchant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            edition: Edition::Reference,
            keys_live_for: None,
            refunds_have_keys: true,
            page_rows: 10,
            open_for: SignedDuration::from_hours(48),
            merchants: vec![Merchant::demo(), Merchant::demo_rupiah()],
        }
    }
}

/// What decides where the reference and the observations of others differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edition {
    /// The reference of 2025-07-31: a list is bare; an error says `error_message`; a key with
    /// another text is 400; a key with its own text is answered as it was first; a notification of
    /// a payout has the members of a look-up.
    #[default]
    Reference,
    /// Test mode as a public log of 2026-08-17 has it: a list is a page, `{has_more, data}`, with
    /// `links` by the libraries where there is more; an error says `message`; a key with another
    /// text is 409; a key with its own text is answered with the payout as it is at that moment; a
    /// notification of a payout is flat, and names the key.
    TestMode,
}

/// An account at the simulated Xendit, in test mode or live: its key tells which.
///
/// `Debug` shows neither the key nor the token.
#[derive(Clone)]
pub struct Merchant {
    /// Its `business_id`: 1 to 64 ASCII letters and digits.
    pub business_id: String,
    /// Its secret key: `xnd_development_…` in test mode, `xnd_production_…` live.
    pub secret_key: String,
    /// The token that its notifications carry.
    pub callback_token: String,
    /// The currencies of its country: one, as Xendit has it ("One currency = One dashboard account").
    pub currencies: Vec<Currency>,
    /// Whether its key may send money; otherwise 403 `REQUEST_FORBIDDEN_ERROR`.
    pub may_pay_out: bool,
    /// Whether its key may collect and refund; otherwise 403 `REQUEST_FORBIDDEN_ERROR`.
    pub may_collect: bool,
    /// Channels that it may not pay out to: 400 `CHANNEL_CODE_NOT_SUPPORTED`, as one that does not
    /// exist.
    pub closed_channels: Vec<String>,
    /// Where notifications of payouts go: it stands in the dashboard. `None`: nowhere.
    pub payout_url: Option<Uri>,
    /// Where notifications of payments go.
    pub payment_url: Option<Uri>,
    /// Where notifications of refunds go.
    pub refund_url: Option<Uri>,
    /// What its account holds at the start, in ISO 4217 minor units.
    pub opening_balances: BTreeMap<Currency, i64>,
}

impl Merchant {
    /// An account in good standing, in pesos and rupiah, with PHP 1,000,000.00, IDR 1,000,000,000.00
    /// and nowhere to be notified. Its notifications carry [`DEMO_CALLBACK_TOKEN`].
    #[must_use]
    pub fn new(business_id: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self {
            business_id: business_id.into(),
            secret_key: secret_key.into(),
            callback_token: DEMO_CALLBACK_TOKEN.to_owned(),
            currencies: vec![Currency::IDR, Currency::PHP],
            may_pay_out: true,
            may_collect: true,
            closed_channels: Vec::new(),
            payout_url: None,
            payment_url: None,
            refund_url: None,
            opening_balances: [(Currency::PHP, 100_000_000), (Currency::IDR, 100_000_000_000)]
                .into(),
        }
    }

    /// The published account in pesos.
    #[must_use]
    pub fn demo() -> Self {
        Self { currencies: vec![Currency::PHP], ..Self::new(DEMO_BUSINESS_ID, DEMO_SECRET_KEY) }
    }

    /// The published account in rupiah.
    #[must_use]
    pub fn demo_rupiah() -> Self {
        Self {
            currencies: vec![Currency::IDR],
            callback_token: DEMO_IDR_CALLBACK_TOKEN.to_owned(),
            ..Self::new(DEMO_IDR_BUSINESS_ID, DEMO_IDR_SECRET_KEY)
        }
    }
}

impl fmt::Debug for Merchant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merchant")
            .field("business_id", &self.business_id)
            .field("currencies", &self.currencies)
            .finish_non_exhaustive()
    }
}
