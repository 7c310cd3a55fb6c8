//! PayMongo, simulated: payments by QR Ph and by wallets, refunds, transfers, events.
//!
//! | request | does |
//! |---|---|
//! | `POST /v1/payment_intents` | makes an intent |
//! | `POST /v1/payment_methods` | makes a method: `qrph`, `gcash`, `paymaya`, `grab_pay` |
//! | `POST /v1/payment_intents/{id}/attach` | shows the payer a code, as a picture, or a wallet's page |
//! | `GET /v1/payment_intents/{id}` | the intent with its payments |
//! | `GET /v1/payments/{id}` | a payment with its refunds |
//! | `POST /v1/refunds`, `GET /v1/refunds/{id}` | refunds |
//! | `POST /v2/batch_transfers` | sends money; `Idempotency-Key` |
//! | `GET /v2/transfers/{id}` | a transfer |
//! | `GET /v2/transfers/receiving_institutions?provider=instapay` | where money can be sent |
//! | `GET /v2/wallets`, `GET /v2/wallets/{id}` | what can be sent |
//!
//! A request proves itself by HTTP Basic: the secret key as user, no password.
//! The key tells the mode, and each mode has books of its own: neither finds what the other made.
//! Rejections list everything that is wrong with a request at once.
//!
//! [`Sandbox::pay`](crate::Sandbox::pay) is the payer: it takes the text of a code, the id of a code,
//! the address of a page, the intent's id, or the merchant's id for the order.
//! That is the value of `reference_number` in an intent's or refund's `metadata`, else of `order_id`,
//! else the first one; of a transfer its `reference_number`.
//!
//! A code or page that is not paid in time expires: the intent is `awaiting_payment_method` again, as
//! it was at first, and of a code there is the event `qrph.expired`.
//! A second attachment makes a new code.
//!
//! Events: `payment.paid`, `payment.failed`, `qrph.expired`, `payment.refunded`,
//! `payment.refund.updated`, `transfer.outward.successful`, `transfer.outward.failed`; none for states
//! before an end. They go to the merchant's webhook
//! ([`Sandbox::notify_at`](crate::Sandbox::notify_at)), and are sent until any 2xx.
//!
//! To register a merchant, give its secret key instead of a public key.
//! [`Sandbox::platform_key`](crate::Sandbox::platform_key) gives the secret of the published merchant's
//! webhook.
//!
//! The last six digits of the payer's `billing.phone` and of the beneficiary's account number can
//! cause a failure; the tables are on the [first page](crate).

mod business;
mod code;
mod collected;
mod demo;
mod events;
mod intents;
mod kind;
mod operation;
mod payer;
mod refunds;
mod rejection;
mod request;
mod resources;
mod sample;
mod settings;
mod state;
mod transfer;
mod transfers;
mod triggers;
mod wallets;

pub use demo::{
    DEMO_LIVE_SECRET_KEY, DEMO_ORGANIZATION, DEMO_SECRET_KEY, DEMO_WALLET_NAME, DEMO_WALLET_NUMBER,
    DEMO_WEBHOOK_SECRET,
};
pub use settings::{Merchant, Settings};

use crate::kit::{Movement, Notification, Reply, Sample, SimulatedProvider, World, locked};
use bytes::Bytes;
use http::{Request, Response, Uri};
use state::{Book, PlatformState};
use std::{fmt, sync::Mutex};
use tulay_core::Invalid;

/// The simulated PayMongo. `Debug` shows nothing of what it remembers, as some of that is personal.
pub struct Paymongo {
    settings: Settings,
    platform: Mutex<PlatformState>,
}

impl Paymongo {
    /// Its name, and where it is mounted.
    pub const NAME: &str = "paymongo";

    /// A PayMongo with these settings.
    ///
    /// # Errors
    /// When the organization or a secret key of a merchant does not fit, or two merchants share one.
    pub fn new(settings: Settings) -> Result<Self, Invalid> {
        let mut platform = PlatformState::default();
        for merchant in &settings.merchants {
            platform.register(merchant.clone())?;
        }
        Ok(Self { settings, platform: Mutex::new(platform) })
    }
}

impl fmt::Debug for Paymongo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paymongo").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl SimulatedProvider for Paymongo {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        self.business(request, world)
    }

    fn wake(&self, subject: &str, world: &World) {
        match Book::of_subject(subject) {
            Some((book, "expiry", code)) => self.expired(&book, code, world),
            Some((book, "processed", intent)) => self.processed(&book, intent, world),
            Some((book, "refund", refund)) => self.given_back(&book, refund, world),
            Some((book, "transfer", transfer)) => self.settled(&book, transfer, world),
            _ => {}
        }
    }

    fn pay(&self, code: &str, amount: Option<&str>, world: &World) -> Result<Movement, Invalid> {
        self.paid(code, amount, world)
    }

    fn sample(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        self.made_up(sample, world)
    }

    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        answer.status().is_success()
    }

    fn register_merchant(&self, id: &str, secret_key: &str) -> Result<(), Invalid> {
        locked(&self.platform).register_key(id, secret_key)
    }

    fn notify_at(&self, id: &str, url: Uri) -> Result<(), Invalid> {
        locked(&self.platform).notify_at(id, url)
    }

    fn merchants(&self) -> Vec<String> {
        locked(&self.platform).ids()
    }

    fn platform_key(&self) -> &str {
        DEMO_WEBHOOK_SECRET
    }

    fn number_above(&self, number: u64) {
        locked(&self.platform).last_number = number;
    }

    fn reset(&self) {
        locked(&self.platform).reset();
    }
}
