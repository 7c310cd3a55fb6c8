//! Notifications that a person asks for.

use super::{
    Xendit,
    channels::PAYOUT_CHANNELS,
    collection::Payment,
    message,
    payout::{Payee, Payout, Status},
    refund::RefundStatus,
    settings::Edition,
    state::{Account, PlatformState},
    triggers::Trigger,
};
use crate::kit::{Notification, Sample, World, locked};
use http::Uri;
use jiff::Timestamp;
use tulay_core::{Invalid, Money};

const EVENTS: &str = "payout.succeeded, payout.failed, payout.reversed, collection.paid, \
                      refund.succeeded, refund.failed";

/// What a notification carries: its event, object and version, and where it goes.
struct Content {
    event: &'static str,
    data: Option<String>,
    version: Option<&'static str>,
    url: Uri,
    token: String,
}

impl Xendit {
    pub(super) fn made_up(&self, sample: &Sample, world: &World) -> Result<Notification, Invalid> {
        let content = match sample.event.split('.').next() {
            Some("payout") => self.of_payout(sample, world.now())?,
            Some("collection") => self.of_collection(sample, world.now())?,
            _ => self.of_refund(sample, world.now())?,
        };
        let Content { event, data, version, url, token } = content;
        let data = data.ok_or_else(|| Invalid::new("order_id", "one that can be written"))?;
        let to = (sample.merchant.as_str(), sample.order_id.clone(), token.as_str(), url);
        Ok(Self::notification(event, &data, version, to, world))
    }

    fn of_payout(&self, sample: &Sample, now: Timestamp) -> Result<Content, Invalid> {
        let (status, failure) = match &*sample.event {
            "payout.succeeded" => (Status::Succeeded, None),
            "payout.failed" => (Status::Failed, Some("INVALID_DESTINATION")),
            "payout.reversed" => (Status::Reversed, None),
            _ => return Err(Sample::unknown_event(EVENTS)),
        };
        let mut platform = locked(&self.platform);
        let account = account(&mut platform, sample)?;
        let url = sample.address([account.merchant.payout_url.as_ref()])?;
        let token = account.merchant.callback_token.clone();
        let mut known = account.records.payouts.iter();
        let known = known.find(|payout| payout.reference_id == sample.order_id).cloned();
        let payout = match known {
            Some(known) => known,
            None => made_up(&mut platform, sample, now)?,
        };
        let payout = Payout { status, failure, updated: now, ..payout };
        let edition = self.settings.edition;
        let version = (edition == Edition::TestMode).then_some("v2");
        let event = status.event().ok_or_else(|| Sample::unknown_event(EVENTS))?;
        Ok(Content { event, data: payout.notified_text(edition), version, url, token })
    }

    fn of_collection(&self, sample: &Sample, now: Timestamp) -> Result<Content, Invalid> {
        if sample.event != "collection.paid" {
            return Err(Sample::unknown_event(EVENTS));
        }
        let mut platform = locked(&self.platform);
        let sequence = platform.number();
        let account = account(&mut platform, sample)?;
        let url = sample.address([account.merchant.payment_url.as_ref()])?;
        let token = account.merchant.callback_token.clone();
        let mut requests = account.records.requests.iter();
        let request = requests.find(|request| request.reference_id == sample.order_id);
        let request = request.ok_or_else(Sample::unknown_order)?;
        let is_paid = |payment: &&Payment| payment.failure.is_none();
        let payment = match request.payments.iter().find(is_paid) {
            Some(paid) => paid.clone(),
            None => Payment {
                id: message::id("py", sequence),
                capture_id: message::id("cptr", sequence),
                money: request.money.ok_or_else(Sample::unknown_order)?,
                at: now,
                failure: None,
            },
        };
        let data = request.payment_text(&payment);
        Ok(Content { event: "payment.capture", data, version: Some("v3"), url, token })
    }

    fn of_refund(&self, sample: &Sample, now: Timestamp) -> Result<Content, Invalid> {
        let status = match &*sample.event {
            "refund.succeeded" => RefundStatus::Succeeded,
            "refund.failed" => RefundStatus::Failed,
            _ => return Err(Sample::unknown_event(EVENTS)),
        };
        let mut platform = locked(&self.platform);
        let account = account(&mut platform, sample)?;
        let url = sample.address([account.merchant.refund_url.as_ref()])?;
        let token = account.merchant.callback_token.clone();
        let mut refunds = account.records.refunds.iter();
        let is = |id: &String| *id == sample.order_id;
        let refund = refunds.find(|refund| refund.reference_id.as_ref().is_some_and(is)).cloned();
        let mut refund = refund.ok_or_else(Sample::unknown_order)?;
        (refund.status, refund.updated) = (status, now);
        let event = status.event().ok_or_else(|| Sample::unknown_event(EVENTS))?;
        Ok(Content { event, data: refund.text(), version: None, url, token })
    }
}

fn account<'p>(
    platform: &'p mut PlatformState,
    sample: &Sample,
) -> Result<&'p mut Account, Invalid> {
    platform.account(&sample.merchant).ok_or_else(Sample::unknown_merchant)
}

/// A payout of 100.00, or of 10,000.00 in rupiah, that was never requested.
fn made_up(
    platform: &mut PlatformState,
    sample: &Sample,
    now: Timestamp,
) -> Result<Payout, Invalid> {
    sample.may_make_up()?;
    let sequence = platform.number();
    let account = account(platform, sample)?;
    let held = |currency| account.merchant.opening_balances.contains_key(&currency);
    let channel = PAYOUT_CHANNELS.iter().find(|channel| held(channel.currency));
    let channel = channel.or(PAYOUT_CHANNELS.first()).ok_or_else(Sample::unknown_order)?;
    let minor = if channel.currency == tulay_core::Currency::IDR { 1_000_000 } else { 10_000 };
    Ok(Payout {
        business_id: sample.merchant.clone(),
        id: message::id("disb", sequence),
        key: sample.order_id.clone(),
        reference_id: sample.order_id.clone(),
        channel,
        payee: Payee { account: "000000000000".into(), name: "Test Payee".into() },
        money: Money::from_minor(minor, channel.currency),
        description: None,
        status: Status::Accepted,
        failure: None,
        created: now,
        updated: now,
        trigger: Trigger::Pay,
    })
}
