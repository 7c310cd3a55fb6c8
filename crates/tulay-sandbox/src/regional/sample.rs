//! Notifications that a person asks for.

use super::{
    Regional,
    code::Failure,
    country::Rules,
    message::{self, Notice},
    order::{Order, State, transaction_id},
    payments::RefundEnd,
    state::PlatformState,
    triggers::Trigger,
};
use crate::kit::{Notification, Sample, World, locked};
use http::Uri;
use jiff::Timestamp;
use tulay_core::Invalid;

const EVENTS: &str = "payout.succeeded, payout.failed, collection.paid, collection.failed, \
                      refund.succeeded, refund.failed";

/// What a notification says.
enum Content {
    Notice(Notice),
    Refund(String, &'static str),
}

impl Regional {
    pub(super) fn made_up(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        let (content, url) = self.content(sample, world.now())?;
        let signed = match content {
            Content::Notice(notice) => self.notification(notice, url, world),
            Content::Refund(text, event) => {
                self.sealed(&text, sample.order_id.clone(), event, url, world)
            }
        };
        signed.ok_or_else(|| Invalid::new("order_id", "one that can be written"))
    }

    fn content(&self, sample: &Sample, now: Timestamp) -> Result<(Content, Uri), Invalid> {
        let mut platform = locked(&self.platform);
        let account = platform.account(&sample.merchant).map_err(|_| Sample::unknown_merchant())?;
        let usual = account.notify_url.clone();
        let (records, id) = (&account.records, &sample.order_id);
        let (state, failure) = match sample.event.ends_with(".failed") {
            true => (State::Failed, Some(Failure::DESTINATION)),
            false => (State::Completed, None),
        };
        match &*sample.event {
            "payout.succeeded" | "payout.failed" => {
                let order = match records.order(id) {
                    Some(known) => known.clone(),
                    None => made_up(&mut platform, sample, now)?,
                };
                let order = Order { state, failure, returned: Some(now), ..order };
                Ok((Content::Notice(Notice::about(&order)), sample.address([usual.as_ref()])?))
            }
            "collection.paid" | "collection.failed" => {
                let mut made = records.collected.payments.values();
                let made = made.find(|payment| payment.mch_order_id == *id).cloned();
                let mut payment = made.ok_or_else(Sample::unknown_order)?;
                (payment.state, payment.failure, payment.returned) = (state, failure, Some(now));
                let url = sample.address([payment.notify_url.as_ref(), usual.as_ref()])?;
                Ok((Content::Notice(Notice::of_payment(&payment)), url))
            }
            "refund.succeeded" | "refund.failed" => {
                let mut made = records.collected.refunds.values();
                let made = made.find(|refund| refund.mch_refund_order_id == *id).cloned();
                let mut refund = made.ok_or_else(Sample::unknown_order)?;
                let is_failure = state == State::Failed;
                refund.end = if is_failure { RefundEnd::Failed } else { RefundEnd::Complete };
                refund.returned = Some(now);
                let url = sample.address([refund.callback.as_ref(), usual.as_ref()])?;
                let text = message::refund_text(&refund);
                Ok((Content::Refund(text, refund.end.event()), url))
            }
            _ => Err(Sample::unknown_event(EVENTS)),
        }
    }
}

/// A payout of PHP 100.00 that was never requested.
fn made_up(
    platform: &mut PlatformState,
    sample: &Sample,
    now: Timestamp,
) -> Result<Order, Invalid> {
    sample.may_make_up()?;
    let rules = Rules::of_code("PH").ok_or_else(Sample::unknown_order)?;
    Ok(Order {
        app_id: sample.merchant.clone(),
        mch_order_id: sample.order_id.clone(),
        transaction_id: transaction_id(platform.next()),
        amount: 10_000 / rules.unit,
        rules,
        remark: None,
        state: State::Pending,
        created: now,
        returned: None,
        failure: None,
        trigger: Trigger::Pay,
    })
}
