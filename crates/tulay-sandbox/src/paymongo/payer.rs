//! Payers: they pay what they were shown, fail to, or let it expire.

use super::{
    Paymongo,
    collected::{Intent, IntentState, Payment, Shown, ShownState},
    events::Event,
    kind::Kind,
    resources::{moment, resource},
    state::{Book, PlatformState},
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, Trouble, World, final_after, locked};
use jiff::Timestamp;
use serde_json::json;
use tulay_core::{Currency, Invalid, Money};

impl Paymongo {
    /// A payer pays a code by its text or id, a page by its address, or the newest of an intent by
    /// the intent's id or the merchant's id for it.
    pub(super) fn paid(
        &self,
        shown: &str,
        amount: Option<&str>,
        world: &World,
    ) -> Result<Movement, Invalid> {
        let (book, payment, trigger) = {
            let mut platform = locked(&self.platform);
            let (book, intent, code) = presented(&mut platform, shown)?;
            let unknown = |_| Invalid::new("code", "one that paymongo showed");
            let (intent, shown) = find(&mut platform, &book, &intent, &code).map_err(unknown)?;
            payable(intent, shown, amount)?;
            let (intent, shown) = (intent.clone(), shown.clone());
            let payment = paid_by(&mut platform, &intent, &shown, world.now());
            settle(&mut platform, &book, &payment, &shown, world).map_err(unknown)?;
            (book, payment, shown.method.trigger)
        };
        let poses_as_live = trigger == Trigger::LiveEvent;
        let kind = if payment.is_paid { "payment.paid" } else { "payment.failed" };
        tracing::info!(payment = payment.id, kind, "a payer paid");
        let movement = payment.is_paid.then(|| Movement {
            provider: Self::NAME,
            account: book.organization.clone(),
            order_id: payment.order_id.clone(),
            provider_reference: payment.id.clone(),
            direction: Direction::In,
            money: Money::from_minor(payment.amount, Currency::PHP),
            at: world.now(),
        });
        if let Some(movement) = &movement {
            world.record(movement.clone());
        }
        self.notify_payment(&book, kind, &payment, poses_as_live, world);
        movement.ok_or_else(|| Invalid::new("code", "one whose payer does not fail"))
    }

    /// What was shown is not open any longer. The intent says nothing of it but that it awaits a
    /// method again; of a code there is an event, of a page none.
    pub(super) fn expired(&self, book: &Book, code: &str, world: &World) {
        let event = {
            let mut platform = locked(&self.platform);
            let Ok(books) = platform.books(book) else { return };
            let of_code = |intent: &&mut Intent| intent.shown.iter().any(|shown| shown.id == code);
            let Some(intent) = books.intents.values_mut().find(of_code) else { return };
            let Some(shown) = intent.shown.iter_mut().find(|shown| shown.id == code) else {
                return;
            };
            if shown.state != ShownState::Open {
                return;
            }
            shown.state = ShownState::Expired;
            let (kind, expires) = (shown.method.kind, shown.expires);
            let poses_as_live = shown.method.trigger == Trigger::LiveEvent;
            if intent.state == IntentState::AwaitingAction {
                (intent.state, intent.updated) = (IntentState::AwaitingMethod, world.now());
            }
            // Assumption: what the event carries. Public programs read `payment_intent_id` alone.
            let attributes = json!({
                "amount": intent.amount,
                "currency": "PHP",
                "expires_at": moment(expires),
                "livemode": book.is_live,
                "payment_intent_id": intent.id,
                "status": "expired",
            });
            let data = resource("qrph", code, attributes);
            let order_id = intent.order_id.clone();
            let event = Event { kind: "qrph.expired", order_id, data, poses_as_live };
            (kind == Kind::QrPh).then_some(event)
        };
        if let Some(event) = event {
            self.notify(book, event, world);
        }
    }

    /// An intent that was processing has succeeded.
    pub(super) fn processed(&self, book: &Book, id: &str, world: &World) {
        let mut platform = locked(&self.platform);
        let intent = platform.books(book).ok().and_then(|books| books.intents.get_mut(id));
        if let Some(intent) = intent.filter(|intent| intent.state == IntentState::Processing) {
            (intent.state, intent.updated) = (IntentState::Succeeded, world.now());
        }
    }
}

/// What a payer has before him: whose it is, the intent, and what of it was shown. Where one id means
/// several intents, the first that can be paid.
fn presented(platform: &mut PlatformState, code: &str) -> Result<(Book, String, String), Invalid> {
    let mut found = Vec::new();
    for (book, books) in platform.all() {
        for intent in books.intents.values() {
            let is = |shown: &&Shown| {
                let test_url = shown.next_action.pointer("/code/test_url");
                let is_test_url = test_url.and_then(|url| url.as_str()) == Some(code);
                shown.text == code || shown.id == code || is_test_url
            };
            let is_intent = intent.id == code || intent.order_id == code;
            let newest = || intent.shown.last().filter(|_| is_intent);
            if let Some(shown) = intent.shown.iter().find(is).or_else(newest) {
                let is_closed = payable(intent, shown, None).is_err();
                found.push((is_closed, (book.clone(), intent.id.clone(), shown.id.clone())));
            }
        }
    }
    let first = found.into_iter().min_by_key(|(is_closed, _)| *is_closed);
    first.map(|(_, found)| found).ok_or_else(|| Invalid::new("code", "one that paymongo showed"))
}

fn find<'a>(
    platform: &'a mut PlatformState,
    book: &Book,
    intent: &str,
    code: &str,
) -> Result<(&'a Intent, &'a Shown), ()> {
    let intent = platform.books(book).map_err(drop)?.intents.get(intent).ok_or(())?;
    let shown = intent.shown.iter().find(|shown| shown.id == code).ok_or(())?;
    Ok((intent, shown))
}

/// Whether it can be paid: what expired, or failed, only where the payer's number asks for it.
fn payable(intent: &Intent, shown: &Shown, amount: Option<&str>) -> Result<(), Invalid> {
    let is_open = match shown.state {
        ShownState::Open => true,
        ShownState::Expired => shown.method.trigger == Trigger::PayLate,
        ShownState::Failed => shown.method.trigger == Trigger::FailOnce,
        ShownState::Paid => false,
    };
    if !is_open || matches!(intent.state, IntentState::Processing | IntentState::Succeeded) {
        return Err(Invalid::new("code", "one that is open: it is paid, failed, or expired"));
    }
    let money = Money::from_minor(intent.amount, Currency::PHP);
    let same = |text| Money::parse(text, Currency::PHP).is_ok_and(|paid| paid == money);
    if amount.is_none_or(same) {
        Ok(())
    } else {
        Err(Invalid::new("amount", format!("{money}, or none")))
    }
}

/// The payment that a payer makes, or fails to make.
pub(super) fn paid_by(
    platform: &mut PlatformState,
    intent: &Intent,
    shown: &Shown,
    now: Timestamp,
) -> Payment {
    let fails = match shown.method.trigger {
        Trigger::Fail => true,
        Trigger::FailOnce => shown.state == ShownState::Open,
        _ => false,
    };
    let id = platform.id("pay");
    Payment {
        receipt: format!("{:06}", platform.number() % 1_000_000),
        id,
        intent: intent.id.clone(),
        order_id: intent.order_id.clone(),
        method: shown.method.clone(),
        amount: intent.amount,
        description: intent.description.clone(),
        statement_descriptor: intent.statement_descriptor.clone(),
        metadata: intent.metadata.clone(),
        is_paid: !fails,
        at: now,
        refunds: Vec::new(),
    }
}

/// Writes a payment down.
fn settle(
    platform: &mut PlatformState,
    book: &Book,
    payment: &Payment,
    paid: &Shown,
    world: &World,
) -> Result<(), ()> {
    let books = platform.books(book).map_err(drop)?;
    let is_slow = paid.method.trigger.trouble() == Some(Trouble::SettleSlowly);
    if payment.is_paid {
        let net = payment.amount.saturating_sub(payment.fee());
        books.payouts = books.payouts.saturating_add(net);
    }
    let intent = books.intents.get_mut(&payment.intent).ok_or(())?;
    let shown = intent.shown.iter_mut().find(|shown| shown.id == paid.id).ok_or(())?;
    (shown.state, intent.state) = match (payment.is_paid, is_slow) {
        (false, _) => (ShownState::Failed, IntentState::AwaitingMethod),
        (true, true) => (ShownState::Paid, IntentState::Processing),
        (true, false) => (ShownState::Paid, IntentState::Succeeded),
    };
    intent.updated = world.now();
    intent.payments.push(payment.id.clone());
    if intent.state == IntentState::Processing {
        let subject = book.subject("processed", &intent.id);
        world.wake_after(final_after(paid.method.trigger.trouble(), world), subject);
    }
    books.payments.insert(payment.id.clone(), payment.clone());
    Ok(())
}
