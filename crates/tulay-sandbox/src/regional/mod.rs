//! The regional Open API (version 1), simulated for the Philippines, Indonesia,
//! Malaysia, Thailand and Russia.
//!
//! By POST it answers, with `{country}` being `philippines`, `indonesia`, `malaysia` or
//! `thailand`, Create Payout `/open-api/{country}/disbursement/transfer`, Check Payout Status
//! `/open-api/{country}/disbursement/check` and Balance Inquiry `/open-api/account/balance`; it
//! sends the notifications of payouts to the address that a merchant set beside the interface.
//! Answers are not signed; rejections come with HTTP 200.
//!
//! A request is checked in this order, and the first check that fails decides:
//!
//! | check | rejection |
//! |---|---|
//! | JSON in UTF-8, said to be, the envelope, no member twice, `param` a text | 21002 |
//! | `appId` is known | 21003 |
//! | `sign` is strict base64 and verifies over `param` under the merchant's key | 21001 |
//! | the merchant is available | 21004 |
//! | `param` holds an object, no member twice | 21002 |
//! | `timestamp` is a number of milliseconds, or its digits as text | 21008 |
//! | it is of now, by a window of 10 minutes, whatever the clock was advanced by | 21009 |
//! | members are there, of the right type and form, as the country has them | 21002 |
//! | the country is open to the merchant | 21017 |
//! | `payMethodCode` is BANK or EWALLET, in Thailand PROMPTPAY too | 21019 |
//! | it is open to the merchant | 21005 |
//! | `transferCode` is one of the country's for it | 21018 |
//! | `amount` is not below the least, not above the most | 21021, 21010 |
//! | `mchOrderId` was not used | 21007 |
//! | `idempotencyId` was not used | 21015 |
//! | the balance suffices | 21014 |
//! | the account asks for no rejection | 9900NN |
//!
//! Beside payouts it has collections (`payment/generate`, `payment/query`; in Russia these alone),
//! static codes (`static/payment/generate`, `static/code/detail`, `static/payment/list`, in the
//! Philippines `static/code/cancel`), refunds (`/open-api/payment/refund`,
//! `/open-api/refund/payments`) and reports (`/open-api/report/download`, whose files are here too).
//! A payer pays what he was shown by [`Sandbox::pay`](crate::Sandbox::pay): a code, a virtual
//! account, a page, or the order's id; the last six digits of the payer's `mobile` can ask for
//! trouble. An unpaid collection ends as `FAILED` after an hour, or when `expireSeconds` are over. A
//! static code is paid again and again.
//!
//! Of refunds, payments by virtual account have none (21402), `PH_GRPY_URL` none of the whole
//! (21404), `MY_TNG_URL` none in parts (21405); one is pending at a time (21409). A report's link is
//! good for its merchant's file and for 80 minutes.
//!
//! The last six digits of `accountNo` can cause a failure; the table is on the [first page](crate).

mod business;
mod code;
mod collect;
mod country;
mod demo;
mod message;
mod operation;
mod order;
mod payer;
mod payments;
mod performed;
mod refunds;
mod report_link;
mod reports;
mod request;
mod sample;
mod scheme;
mod settings;
mod state;
mod triggers;

pub use demo::{
    DEMO_APP_ID, DEMO_MERCHANT_PRIVATE_KEY, DEMO_MERCHANT_PUBLIC_KEY, PLATFORM_PUBLIC_KEY,
};
pub use settings::{Merchant, Settings};

use crate::kit::{
    Direction, Movement, Notification, Reply, Sample, SimulatedProvider, World, another_id,
    answers::page_not_found,
    keys::{PlatformKey, encoded},
    locked,
};
use bytes::Bytes;
use demo::PLATFORM_PRIVATE_KEY;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use jiff::SignedDuration;
use message::{Notice, envelope};
use operation::Operation;
use order::{Order, State};
use payments::RefundEnd;
use serde_json::Value;
use state::PlatformState;
use std::sync::Mutex;
use tulay_core::Invalid;

const RETURNED_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// The simulated regional platform.
#[derive(Debug)]
pub struct Regional {
    platform_key: PlatformKey,
    settings: Settings,
    platform: Mutex<PlatformState>,
}

impl Regional {
    /// Its name, and where it is mounted.
    pub const NAME: &str = "regional";

    /// A regional platform with these settings.
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

    fn notify(&self, notice: Notice, url: Uri, world: &World) {
        if let Some(notification) = self.notification(notice, url, world) {
            world.notify(notification);
        }
    }

    fn notification(&self, mut notice: Notice, url: Uri, world: &World) -> Option<Notification> {
        let order_id = notice.mch_order_id.clone();
        if world.take_fault(|faults| &mut faults.wrong_amount) {
            notice.amount += 1;
        }
        if world.take_fault(|faults| &mut faults.wrong_order) {
            notice.mch_order_id = another_id(&notice.mch_order_id);
        }
        self.sealed(&notice.text()?, order_id, notice.event_name, url, world)
    }

    fn sealed(
        &self,
        text: &str,
        order_id: String,
        event: &str,
        url: Uri,
        world: &World,
    ) -> Option<Notification> {
        let sign = world.sign(&self.platform_key, text)?;
        let body = envelope(text, &encoded(&sign)).into();
        let headers = HeaderMap::new();
        Some(Notification { order_id, event: event.to_owned(), url, headers, body })
    }

    /// A refund reaches the payer, or comes to another end.
    fn given_back(&self, app_id: &str, id: &str, world: &World) {
        let given = {
            let mut platform = locked(&self.platform);
            let Ok(records) = platform.records(app_id) else { return };
            records.give_back(id, world.now())
        };
        let Some(refund) = given else { return };
        if refund.end == RefundEnd::Complete {
            world.record(Movement {
                provider: Self::NAME,
                account: refund.app_id.clone(),
                order_id: refund.mch_refund_order_id.clone(),
                provider_reference: refund.transaction_id.clone(),
                direction: Direction::Back,
                money: refund.money(),
                at: world.now(),
            });
        }
        let Some(url) = refund.callback.clone() else { return };
        let (order_id, event) = (refund.mch_refund_order_id.clone(), refund.end.event());
        let mut sent = refund;
        if world.take_fault(|faults| &mut faults.wrong_amount) {
            sent.amount = sent.amount.saturating_add(1);
        }
        if world.take_fault(|faults| &mut faults.wrong_order) {
            sent.mch_refund_order_id = another_id(&sent.mch_refund_order_id);
        }
        let text = message::refund_text(&sent);
        if let Some(notification) = self.sealed(&text, order_id, event, url, world) {
            world.notify(notification);
        }
    }
}

impl SimulatedProvider for Regional {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let path = request.uri().path();
        if request.method() == Method::GET && path.starts_with("/reports/") {
            return Reply::Answer(self.report(request, world));
        }
        match (request.method(), Operation::of(path)) {
            (&Method::POST, Some(operation)) => self.business(operation, request, world),
            (_, known) => Reply::Answer(page_not_found(request, known.is_some())),
        }
    }

    fn wake(&self, subject: &str, world: &World) {
        let Some((app_id, mch_order_id)) = subject.split_once('/') else { return };
        match (app_id, mch_order_id.split_once('/')) {
            ("expiry", Some((app_id, id))) => return self.expired(app_id, id, world),
            ("refund", Some((app_id, id))) => return self.given_back(app_id, id, world),
            _ => {}
        }
        let settled = {
            let mut platform = locked(&self.platform);
            let Ok(account) = platform.account(app_id) else { return };
            let records = &mut account.records;
            let Some(before) = records.order(mch_order_id).map(|order| order.state) else { return };
            let Some(order) = records.settle(mch_order_id, world.now()) else { return };
            if let Some(movement) = movement(before, &order) {
                world.record(movement);
            }
            (order, account.notify_url.clone())
        };
        let (order, notify_url) = settled;
        let (id, state) = (&order.transaction_id, order.state.as_str());
        tracing::info!(transaction_id = id, state, "payout settled");
        if order.state == State::Completed && order.is_to_be_returned() {
            world.wake_after(RETURNED_AFTER, subject);
        }
        if let Some(url) = notify_url {
            self.notify(Notice::about(&order), url, world);
        }
    }

    fn pay(&self, code: &str, amount: Option<&str>, world: &World) -> Result<Movement, Invalid> {
        self.paid_by_payer(code, amount, world)
    }

    fn sample(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        self.made_up(sample, world)
    }

    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        let body: Option<Value> = serde_json::from_slice(answer.body()).ok();
        let code = body.as_ref().and_then(|body| body.get("code")).and_then(Value::as_i64);
        answer.status() == StatusCode::OK && code == Some(10_000)
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
        locked(&self.platform).reset();
    }
}

/// The movement of money that brought an order to its state, if there was one.
fn movement(before: State, order: &Order) -> Option<Movement> {
    let direction = match (before, order.state) {
        (_, State::Completed) => Direction::Out,
        (State::Completed, State::Failed) => Direction::Back,
        _ => return None,
    };
    Some(Movement {
        provider: Regional::NAME,
        account: order.app_id.clone(),
        order_id: order.mch_order_id.clone(),
        provider_reference: order.transaction_id.clone(),
        direction,
        money: order.money(),
        at: order.returned?,
    })
}
