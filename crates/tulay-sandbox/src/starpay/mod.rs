//! The Merchant Disbursement API of Starpay (Philippines), simulated.
//!
//! It answers `GET /checkconnections` and, by POST, all that sections 5 and 6 list; it sends the
//! notifications of 5.5, 6.3 and 6.5. Any other POST is refused with 514.
//! Rejections come with HTTP 200. Paths and services that the documents leave open are made up.
//!
//! A code that is shown (6.1, 6.4) is paid by [`Sandbox::pay`](crate::Sandbox::pay) or over HTTP.
//! A dynamic one that is not paid is `CLOSE` when it expires, after 15 minutes if it does not say.
//!
//! A request is checked in this order, and the first check that fails decides:
//!
//! | check | rejection |
//! |---|---|
//! | JSON in UTF-8, said to be, the envelope, no member twice | 400 |
//! | `mchId` is known | 513 |
//! | `signature` is a string of strict base64 | 401 |
//! | it verifies under the merchant's key | 402 |
//! | the merchant's status is in order | 414 |
//! | `service` is one of this path | 514 |
//! | the merchant may disburse, or collect, and by this service | 415, 416, 417 |
//! | members are there, of the right type, not empty, not too long | 412 |
//! | `currency` is PHP | 420 |
//! | `receivingBank` is exactly a `bankName` of 5.1 | 418 |
//! | that bank is not being maintained | 577 |
//! | `msgId` was not used | 403 |
//! | nothing was accepted for this account at this bank in the last 10 minutes | 512 |
//! | no other code is open at the terminal of a collection | 511 |
//! | the account, or a collection's terminal, asks for no rejection | 990NNN |
//!
//! The last six digits of `acctNo` can cause a failure, and so can those of `deviceInfo`; the tables
//! are on the [first page](crate).

mod business;
mod code;
mod collection;
mod demo;
mod instapay;
mod message;
mod operation;
mod order;
mod performed;
mod receivers;
mod repay;
mod request;
mod sample;
mod scan;
mod settings;
mod show;
mod state;
mod triggers;

pub use demo::{
    DEMO_MERCHANT_ID, DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY,
};
pub use settings::{Collision, Maintenance, Merchant, Settings, SignedText};

use crate::kit::{
    Direction, Movement, Notification, Reply, Sample, SimulatedProvider, World,
    answers::{json_text, page_not_found},
    keys::PlatformKey,
    locked,
};
use bytes::Bytes;
use collection::Collection;
use demo::PLATFORM_PRIVATE_KEY;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use jiff::SignedDuration;
use message::Notice;
use order::{Order, State};
use serde_json::{Value, json};
use state::PlatformState;
use std::sync::Mutex;
use tulay_core::{Currency, Invalid, Money};

const REVERSED_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// The simulated Starpay.
#[derive(Debug)]
pub struct Starpay {
    platform_key: PlatformKey,
    settings: Settings,
    platform: Mutex<PlatformState>,
}

impl Starpay {
    /// Its name, and where it is mounted.
    pub const NAME: &str = "starpay";

    /// A Starpay with these settings.
    ///
    /// # Errors
    /// When the id or the key of a merchant does not fit.
    pub fn new(settings: Settings) -> Result<Self, Invalid> {
        let mut platform = PlatformState::default();
        for merchant in &settings.merchants {
            platform.accounts.register(merchant.clone())?;
        }
        let platform_key = PlatformKey::from_pem(PLATFORM_PRIVATE_KEY)?;
        Ok(Self { platform_key, settings, platform: Mutex::new(platform) })
    }

    fn notify(&self, order: &Order, world: &World) {
        let Some(url) = order.notify_url.clone() else { return };
        self.send(Notice::about(order), order.message_id.clone(), order.state, url, world);
    }

    fn notify_collection(&self, made: &Collection, world: &World) {
        let Some(url) = made.notify_url.clone() else { return };
        self.send(Notice::of(made), made.message_id.clone(), made.state, url, world);
    }

    fn send(&self, notice: Notice, order_id: String, state: State, url: Uri, world: &World) {
        if let Some(notification) = self.notification(notice, order_id, state, url, world) {
            world.notify(notification);
        }
    }

    fn notification(
        &self,
        mut notice: Notice,
        order_id: String,
        state: State,
        url: Uri,
        world: &World,
    ) -> Option<Notification> {
        if world.take_fault(|faults| &mut faults.wrong_amount) {
            notice.trx_amount += 1;
        }
        if world.take_fault(|faults| &mut faults.wrong_order) {
            notice.mistake_order();
        }
        let shape = world.faults().notification_shape;
        let body = self.sealed("request", &notice, true, shape, world)?;
        let event = state.as_str().to_owned();
        let (headers, body) = (HeaderMap::new(), body.into());
        Some(Notification { order_id, event, url, headers, body })
    }
}

impl SimulatedProvider for Starpay {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let path = request.uri().path();
        match *request.method() {
            Method::POST => self.business(request, world),
            Method::GET if path == "/checkconnections" => {
                Reply::Answer(json_text(StatusCode::OK, json!({ "status": "UP" }).to_string()))
            }
            _ => Reply::Answer(page_not_found(request, operation::has_path(path))),
        }
    }

    fn wake(&self, subject: &str, world: &World) {
        if self.collection_wakes(subject, world) {
            return;
        }
        let Some((merchant_id, message_id)) = subject.split_once('/') else { return };
        let settled = {
            let mut platform = locked(&self.platform);
            let records = platform.records(merchant_id).ok();
            let settled = records.and_then(|records| records.settle(message_id, world.now()));
            if let Some(movement) = settled.as_ref().and_then(movement) {
                world.record(movement);
            }
            settled
        };
        let Some(order) = settled else { return };
        tracing::info!(order_no = order.number, state = order.state.as_str(), "order settled");
        if order.state == State::Success && order.is_to_be_reversed() {
            world.wake_after(REVERSED_AFTER, subject);
        }
        self.notify(&order, world);
    }

    fn pay(&self, code: &str, amount: Option<&str>, world: &World) -> Result<Movement, Invalid> {
        let amount = amount.map(|text| Money::parse(text, Currency::PHP)).transpose()?;
        self.paid(code, amount.map(Money::minor), world)
    }

    fn sample(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        self.made_up(sample, world)
    }

    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        let body: Option<Value> = serde_json::from_slice(answer.body()).ok();
        let code = body.as_ref().and_then(|body| body.get("code")).and_then(Value::as_str);
        answer.status() == StatusCode::OK && code == Some("200")
    }

    fn register_merchant(&self, id: &str, public_key: &str) -> Result<(), Invalid> {
        locked(&self.platform).accounts.register_key(id, public_key)
    }

    fn notify_at(&self, id: &str, url: Uri) -> Result<(), Invalid> {
        locked(&self.platform).accounts.notify_at(id, url)
    }

    fn merchants(&self) -> Vec<String> {
        locked(&self.platform).accounts.ids()
    }

    fn platform_key(&self) -> &str {
        PLATFORM_PUBLIC_KEY
    }

    fn number_above(&self, number: u64) {
        locked(&self.platform).last_number = number;
    }

    fn reset(&self) {
        locked(&self.platform).accounts.reset();
    }
}

/// The movement of money that brought an order to its state, if there was one.
fn movement(order: &Order) -> Option<Movement> {
    let direction = match order.state {
        State::Success => Direction::Out,
        State::Reversed => Direction::Back,
        State::Processing | State::Fail | State::Close => return None,
    };
    Some(Movement {
        provider: Starpay::NAME,
        account: order.merchant_id.clone(),
        order_id: order.message_id.clone(),
        provider_reference: order.number.clone(),
        direction,
        money: Money::from_minor(order.amount, Currency::PHP),
        at: order.since,
    })
}
