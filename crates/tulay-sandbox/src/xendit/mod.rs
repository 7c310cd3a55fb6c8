//! Xendit (payouts version 2, payments version 3), simulated for the Philippines and Indonesia.
//!
//! It answers Create a Payout `POST /v2/payouts`, Get payout by ID `GET /v2/payouts/{id}`, Get all
//! payouts by reference id `GET /v2/payouts?reference_id=`, Get Payment Channels
//! `GET /payouts_channels`, Get balance `GET /balance`, Create a payment request
//! `POST /v3/payment_requests` and its status `GET /v3/payment_requests/{id}`, the status of a payment
//! `GET /v3/payments/{id}`, Refund a payment request `POST /refunds`, and by the libraries
//! `GET /refunds/{id}` and `GET /refunds?payment_request_id=`.
//! Nothing is signed: a request has the secret key as the user of HTTP Basic, and a notification has
//! the account's token in `x-callback-token`.
//!
//! An account is of one currency, and its key tells the account and the mode. The address tells
//! nothing: `xnd_development_…` is test mode and `xnd_production_…` is live, at the same address. A
//! live account that notifies the address of a test one is a second [`Merchant`].
//!
//! A payout is checked in this order, and the first check that fails decides:
//!
//! | check | rejection |
//! |---|---|
//! | the key is that of an account | 401 `INVALID_API_KEY` |
//! | the key may send money | 403 `REQUEST_FORBIDDEN_ERROR` |
//! | `Idempotency-key` has 1 to 100 characters | 400 `API_VALIDATION_ERROR` |
//! | the body is an object of JSON in UTF-8, said to be, no member twice | 400 `API_VALIDATION_ERROR` |
//! | the key was not used with another text | 400 `DUPLICATE_ERROR`, in test mode 409 |
//! | the key's first request is done | 409 `REQUEST_IN_PROGRESS` |
//! | the key was not used: else the first answer comes again | |
//! | members are there, of the right type and length | 400 `API_VALIDATION_ERROR` |
//! | `channel_code` is one of the account's currency | 400 `CHANNEL_CODE_NOT_SUPPORTED` |
//! | `currency` is the channel's | 400 `API_VALIDATION_ERROR` |
//! | `amount` is a number, with two decimals in PHP and none in IDR | 400 `API_VALIDATION_ERROR` |
//! | it is not below the least, not above the most, a multiple of the step | 400 `MINIMUM_TRANSFER_LIMIT_ERROR`, `MAXIMUM_TRANSFER_LIMIT_ERROR`, `AMOUNT_INCREMENT_NOT_SUPPORTED` |
//! | a wallet's number has the prefix 0 | 400 `API_VALIDATION_ERROR` |
//! | the account asks for no rejection | 9900NN |
//!
//! A reference may be used again: **another key makes a second payout under it**. A key that was
//! forgotten ([`Settings::keys_live_for`]) makes one too. The balance is debited when a payout
//! succeeds; where it does not suffice then, the payout is `FAILED` with `INSUFFICIENT_BALANCE`.
//!
//! A payment request has no key: each request makes one. [`Sandbox::pay`](crate::Sandbox::pay) is
//! the payer: it takes a code, the number of a virtual account, or an id of the request. A payment
//! request that is not paid is `EXPIRED` after 48 hours, or at a virtual account's `expires_at`.
//!
//! The last six characters of `account_number`, or of a payment request's `description`, can cause a
//! failure; the tables are on the [first page](crate).

mod channels;
mod collection;
mod collections;
mod demo;
mod listing;
mod message;
mod payer;
mod payout;
mod payouts;
mod refund;
mod refunds;
mod rejection;
mod request;
mod sample;
mod settings;
mod state;
mod triggers;

pub use demo::{
    DEMO_BUSINESS_ID, DEMO_CALLBACK_TOKEN, DEMO_IDR_BUSINESS_ID, DEMO_IDR_CALLBACK_TOKEN,
    DEMO_IDR_SECRET_KEY, DEMO_SECRET_KEY,
};
pub use settings::{Edition, Merchant, Settings};

use crate::kit::{
    Movement, Notification, Reply, Sample, SimulatedProvider, Trouble, World, another_id,
    answers::json_text, locked, troubled,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use jiff::Timestamp;
use rejection::{Family, Rejection};
use state::{Made, PlatformState, Records, Scope};
use std::sync::Mutex;
use tulay_core::{Currency, Invalid, Money};

/// The simulated Xendit.
#[derive(Debug)]
pub struct Xendit {
    settings: Settings,
    platform: Mutex<PlatformState>,
}

/// What a request that was not rejected came to.
enum Outcome {
    /// It got lost before anything was done.
    Lost,
    Answered(StatusCode, String, Option<Trouble>),
}

/// Whom a notification goes to: business id, the order's id, token and address.
type Recipient<'a> = (&'a str, String, &'a str, Uri);

impl Xendit {
    /// Its name, and where it is mounted.
    pub const NAME: &str = "xendit";

    /// A Xendit with these settings.
    ///
    /// # Errors
    /// When the id or the key of a merchant does not fit, or two have the same key.
    pub fn new(settings: Settings) -> Result<Self, Invalid> {
        let mut platform = PlatformState::default();
        for merchant in &settings.merchants {
            platform.register(merchant.clone())?;
        }
        Ok(Self { settings, platform: Mutex::new(platform) })
    }

    fn perform(&self, http: &Request<Bytes>, world: &World) -> Result<Outcome, Rejection> {
        let uri = http.uri();
        let segments: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
        let merchant = request::secret_key(http.headers())
            .and_then(|key| Some(locked(&self.platform).by_key(&key)?.merchant.clone()))
            .ok_or(Rejection::KEY)?;
        match (http.method(), segments.as_slice()) {
            (&Method::POST, ["v2", "payouts"]) => self.create_payout(&merchant, http, world),
            (&Method::GET, ["v2", "payouts"]) => self.payouts(&merchant, uri, world),
            (&Method::GET, ["v2", "payouts", id]) => self.payout(&merchant, id, world),
            (&Method::GET, ["payouts_channels"]) => Self::channels(uri),
            (&Method::GET, ["balance"]) => self.balance(&merchant, uri),
            (&Method::POST, ["v3", "payment_requests"]) => {
                self.create_request(&merchant, http, world)
            }
            (&Method::GET, ["v3", "payment_requests", id]) => {
                self.request(&merchant, id, http.headers(), world)
            }
            (&Method::GET, ["v3", "payments", id]) => {
                self.payment(&merchant, id, http.headers(), world)
            }
            (&Method::POST, ["refunds"]) => self.create_refund(&merchant, http, world),
            (&Method::GET, ["refunds"]) => self.refunds(&merchant, uri, world),
            (&Method::GET, ["refunds", id]) => self.refund(&merchant, id, world),
            _ => Err(Rejection::NO_PATH),
        }
    }

    /// What a key made before, if it is known: as it was at first, or in test mode as it is. A key that
    /// is known with another text is a rejection.
    fn replayed(
        &self,
        records: &mut Records,
        scope: Scope,
        key: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<Made>, Rejection> {
        let edition = self.settings.edition;
        let Some(known) = records.recall(scope, key, now, self.settings.keys_live_for) else {
            return Ok(None);
        };
        if known.text != text {
            return Err(match (scope, edition) {
                (Scope::Refunds, _) => Rejection::REFUND_KEY_USED,
                (Scope::Payouts, Edition::Reference) => Rejection::DUPLICATE,
                (Scope::Payouts, Edition::TestMode) => {
                    Rejection { status: StatusCode::CONFLICT, ..Rejection::DUPLICATE }
                }
            });
        }
        if known.busy_until.is_some_and(|until| now < until) {
            return Err(Rejection::IN_PROGRESS);
        }
        let made = known.made.clone();
        Ok(Some(match made {
            Made::Payout(first) if edition == Edition::TestMode => {
                Made::Payout(records.payout(&first.id).cloned().unwrap_or(first))
            }
            made => made,
        }))
    }

    fn notify(
        event: &str,
        data: &str,
        version: Option<&str>,
        recipient: Recipient<'_>,
        world: &World,
    ) {
        world.notify(Self::notification(event, data, version, recipient, world));
    }

    /// A notification with the account's token, or a wrong one.
    fn notification(
        event: &str,
        data: &str,
        version: Option<&str>,
        (business_id, order_id, token, url): Recipient<'_>,
        world: &World,
    ) -> Notification {
        let is_forged = world.take_fault(|faults| &mut faults.bad_signature);
        let token = if is_forged { another_id(token) } else { token.to_owned() };
        let text = message::notification(event, business_id, world.now(), data, version);
        let mut headers = HeaderMap::new();
        if let Ok(token) = HeaderValue::from_str(&token) {
            headers.insert("x-callback-token", token);
        }
        let event = event.to_owned();
        Notification { order_id, event, url, headers, body: text.into() }
    }
}

impl SimulatedProvider for Xendit {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        match self.perform(request, world) {
            Ok(Outcome::Lost) => Reply::Lost,
            Ok(Outcome::Answered(status, text, trouble)) => {
                troubled(Reply::Answer(json_text(status, text)), trouble)
            }
            Err(rejection) => {
                tracing::debug!(code = rejection.code, "rejected");
                let path = request.uri().path();
                let family = match path.starts_with("/v2/") || path == "/payouts_channels" {
                    true => Family::Payouts,
                    false => Family::Payments,
                };
                let text = message::error(rejection, family, self.settings.edition);
                Reply::Answer(json_text(rejection.status, text))
            }
        }
    }

    fn wake(&self, subject: &str, world: &World) {
        let mut parts = subject.splitn(3, '/');
        let (Some(kind), Some(business_id), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            return;
        };
        match kind {
            "payout" => self.payout_woken(business_id, id, world),
            "request" => self.request_woken(business_id, id, world),
            _ => self.refund_woken(business_id, id, world),
        }
    }

    fn pay(&self, code: &str, amount: Option<&str>, world: &World) -> Result<Movement, Invalid> {
        self.paid_by_payer(code, amount, world)
    }

    fn sample(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        self.made_up(sample, world)
    }

    /// "Please response back with status 200" (reference, "Payout Webhook").
    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        answer.status() == StatusCode::OK
    }

    /// Registers an account by its secret key, or replaces the key of one.
    fn register_merchant(&self, id: &str, secret_key: &str) -> Result<(), Invalid> {
        locked(&self.platform).register_key(id, secret_key)
    }

    fn notify_at(&self, id: &str, url: Uri) -> Result<(), Invalid> {
        locked(&self.platform).notify_at(id, &url)
    }

    fn merchants(&self) -> Vec<String> {
        locked(&self.platform).ids()
    }

    /// The token that notifications carry, of the published account in pesos and of accounts that were
    /// registered by their key.
    fn platform_key(&self) -> &str {
        DEMO_CALLBACK_TOKEN
    }

    fn number_above(&self, number: u64) {
        locked(&self.platform).last_number = number;
    }

    fn reset(&self) {
        locked(&self.platform).reset();
    }
}

/// Makes what is said false, where that is due: the least more that the wire has, another order.
fn falsify(world: &World, money: Option<&mut Money>, reference: &mut String) {
    if let Some(money) = money
        && world.take_fault(|faults| &mut faults.wrong_amount)
    {
        let least = if money.currency() == Currency::IDR { 100 } else { 1 };
        *money = Money::from_minor(money.minor().saturating_add(least), money.currency());
    }
    if !reference.is_empty() && world.take_fault(|faults| &mut faults.wrong_order) {
        *reference = another_id(reference);
    }
}
