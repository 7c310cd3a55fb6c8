//! Notifications that a person asks for.

use super::{
    Starpay,
    instapay::InstaPay,
    message::Notice,
    order::{Order, State, number},
    state::PlatformState,
    triggers::Trigger,
};
use crate::kit::{Notification, Sample, World, locked};
use jiff::Timestamp;
use tulay_core::Invalid;

const EVENTS: &str =
    "payout.succeeded, payout.failed, payout.reversed, collection.paid, collection.expired";

impl Starpay {
    pub(super) fn made_up(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        let (is_payout, state) = match &*sample.event {
            "payout.succeeded" => (true, State::Success),
            "payout.failed" => (true, State::Fail),
            "payout.reversed" => (true, State::Reversed),
            "collection.paid" => (false, State::Success),
            "collection.expired" => (false, State::Close),
            _ => return Err(Sample::unknown_event(EVENTS)),
        };
        let (notice, url) = {
            let mut platform = locked(&self.platform);
            let account = platform.account(&sample.merchant);
            let account = account.map_err(|_| Sample::unknown_merchant())?;
            let usual = account.notify_url.clone();
            if is_payout {
                let mut order = match account.records.order(&sample.order_id) {
                    Some(known) => known.clone(),
                    None => made_up(&mut platform, sample, world.now())?,
                };
                order.state = state;
                order.failure = (state == State::Fail).then_some(InstaPay::INSUFFICIENT_FUNDS);
                let url = sample.address([order.notify_url.as_ref(), usual.as_ref()])?;
                (Notice::about(&order), url)
            } else {
                let made = account.records.collection(&sample.order_id).cloned();
                let mut made = made.ok_or_else(Sample::unknown_order)?;
                made.state = state;
                let url = sample.address([made.notify_url.as_ref(), usual.as_ref()])?;
                (Notice::of(&made), url)
            }
        };
        let signed = self.notification(notice, sample.order_id.clone(), state, url, world);
        signed.ok_or_else(|| Invalid::new("order_id", "one that can be written"))
    }
}

/// A payout of PHP 100.00 that was never requested.
fn made_up(
    platform: &mut PlatformState,
    sample: &Sample,
    now: Timestamp,
) -> Result<Order, Invalid> {
    sample.may_make_up()?;
    platform.last_number += 1;
    Ok(Order {
        message_id: sample.order_id.clone(),
        merchant_id: sample.merchant.clone(),
        number: number(now, platform.last_number),
        amount: 10_000,
        state: State::Processing,
        since: now,
        failure: None,
        trigger: Trigger::Pay,
        notify_url: None,
    })
}
