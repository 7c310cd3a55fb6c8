//! Refunds: made, looked up, ended.

use super::{
    Outcome, Xendit,
    collection::RequestStatus,
    listing::listed,
    message::id,
    refund::{Refund, RefundStatus},
    rejection::Rejection,
    request::{Body, idempotency_key, query},
    settings::Merchant,
    state::{Made, Records, Remembered, Scope},
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, Trouble, World, locked};
use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use tulay_core::Money;

const REASONS: [&str; 5] =
    ["FRAUDULENT", "DUPLICATE", "REQUESTED_BY_CUSTOMER", "CANCELLATION", "OTHERS"];

/// What a refund asks for.
struct Asked {
    reference_id: Option<String>,
    payment_request_id: String,
    reason: String,
}

impl Xendit {
    pub(super) fn create_refund(
        &self,
        merchant: &Merchant,
        http: &Request<Bytes>,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        if !merchant.may_collect {
            return Err(Rejection::FORBIDDEN);
        }
        let (body, text) = Body::read(http)?;
        let key = idempotency_key(http.headers())?.filter(|_| self.settings.refunds_have_keys);
        let now = world.now();
        let (refund, trouble) = {
            let mut platform = locked(&self.platform);
            let sequence = platform.number();
            let records = platform.records(&merchant.business_id)?;
            if let Some(key) = &key {
                match self.replayed(records, Scope::Refunds, key, &text, now)? {
                    Some(Made::Refund(refund)) => return answer(refund, None, world),
                    Some(Made::Rejection(rejection)) => return Err(rejection),
                    Some(Made::Payout(_)) | None => {}
                }
            }
            let made = made(&body, records, sequence, now);
            let keep = match &made {
                Ok((refund, _)) => Some(Made::Refund(refund.clone())),
                Err(rejection) if world.faults().use_up_ids => Some(Made::Rejection(*rejection)),
                Err(_) => None,
            };
            if let (Some(key), Some(made)) = (&key, keep) {
                let remembered = Remembered { at: now, text: text.clone(), made, busy_until: None };
                records.remember(Scope::Refunds, key, remembered);
            }
            let (refund, trouble) = made?;
            records.take(refund.money);
            records.refunds.push(refund.clone());
            (refund, trouble)
        };
        tracing::info!(refund_id = refund.id, "refund accepted");
        let subject = format!("refund/{}/{}", merchant.business_id, refund.id);
        world.wake_after(world.finality_delay(), subject);
        answer(refund, trouble, world)
    }

    pub(super) fn refund(
        &self,
        merchant: &Merchant,
        id: &str,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        let refund = locked(&self.platform).records(&merchant.business_id)?.refund(id).cloned();
        let refund = refund
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Rejection::NOT_FOUND)?;
        answer(refund, None, world)
    }

    /// The refunds of a payment request, or all, newest first, as the libraries list them.
    pub(super) fn refunds(
        &self,
        merchant: &Merchant,
        uri: &Uri,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        let request = query(uri, "payment_request_id");
        let found: Vec<Refund> = {
            let mut platform = locked(&self.platform);
            let records = platform.records(&merchant.business_id)?;
            let of = |refund: &&Refund| {
                request.as_ref().is_none_or(|request| refund.payment_request_id == *request)
            };
            records.refunds.iter().rev().filter(of).cloned().collect()
        };
        let is_hidden = !found.is_empty() && world.take_fault(|faults| &mut faults.hide_orders);
        let found = if is_hidden { Vec::new() } else { found };
        let rows = found.into_iter().enumerate().map(|(place, refund)| {
            let refund = if place == 0 { lied(refund, world) } else { refund };
            refund.text().map(|text| (refund.id, text))
        });
        let rows: Vec<_> = rows.collect::<Option<_>>().ok_or(Rejection::SERVER_ERROR)?;
        let text = listed(rows, uri, self.settings.page_rows)?;
        Ok(Outcome::Answered(StatusCode::OK, text, None))
    }

    /// A refund reaches the payer, or comes to another end: then the account has the money again.
    pub(super) fn refund_woken(&self, business_id: &str, id: &str, world: &World) {
        let now = world.now();
        let (refund, url, token) = {
            let mut platform = locked(&self.platform);
            let Some(account) = platform.account(business_id) else { return };
            let records = &mut account.records;
            let pending = |refund: &&mut Refund| refund.status == RefundStatus::Pending;
            let Some(refund) = records.refund(id).filter(pending) else { return };
            (refund.status, refund.updated) = (refund.end(), now);
            let refund = refund.clone();
            if refund.status != RefundStatus::Succeeded {
                records.add(refund.money);
            }
            let merchant = &account.merchant;
            (refund, merchant.refund_url.clone(), merchant.callback_token.clone())
        };
        let order_id = refund.reference_id.clone().unwrap_or_else(|| refund.id.clone());
        if refund.status == RefundStatus::Succeeded {
            world.record(Movement {
                provider: Self::NAME,
                account: business_id.to_owned(),
                order_id: order_id.clone(),
                provider_reference: refund.id.clone(),
                direction: Direction::Back,
                money: refund.money,
                at: now,
            });
        }
        let (Some(event), Some(url)) = (refund.status.event(), url) else { return };
        if let Some(data) = lied(refund, world).text() {
            Self::notify(event, &data, None, (business_id, order_id, &token, url), world);
        }
    }
}

/// A refund, or why there is none. Which check comes first is an assumption.
fn made(
    body: &Body<'_>,
    records: &Records,
    sequence: u64,
    now: Timestamp,
) -> Result<(Refund, Option<Trouble>), Rejection> {
    let asked = asked(body)?;
    let request = records
        .requests
        .iter()
        .find(|request| request.id == asked.payment_request_id)
        .ok_or(Rejection::NOT_FOUND)?;
    let (RequestStatus::Succeeded, Some(paid), Some(payment)) =
        (request.status, request.money, request.payments.last())
    else {
        return Err(Rejection::REFUND_STATUS);
    };
    let days = request.channel.refundable_days.ok_or(Rejection::REFUND_NOT_SUPPORTED)?;
    if now.duration_since(request.updated) > SignedDuration::from_hours(days.saturating_mul(24)) {
        return Err(Rejection::REFUND_STATUS);
    }
    let earlier = || {
        let of = |refund: &&Refund| refund.payment_request_id == request.id && refund.counts();
        records.refunds.iter().filter(of)
    };
    if earlier().any(|refund| refund.status == RefundStatus::Pending) {
        return Err(Rejection::REFUND_PENDING);
    }
    let returned = earlier().map(|refund| refund.money.minor()).fold(0, i64::saturating_add);
    let rest = Money::from_minor(paid.minor().saturating_sub(returned), paid.currency());
    let currency = body.optional("currency", 3)?;
    if currency.is_some_and(|currency| currency != paid.currency().as_str()) {
        return Err(Rejection::VALUE);
    }
    let money = body.optional_amount("amount", paid.currency())?.unwrap_or(rest);
    if money.minor() > rest.minor() || money.minor() < 1 {
        return Err(Rejection::REFUND_AMOUNT);
    }
    if records.balance(money.currency()) < money.minor() {
        return Err(Rejection::REFUND_BALANCE);
    }
    let lost = request.trigger == Trigger::LoseRefundAnswer;
    let refund = Refund {
        id: id("rfd", sequence),
        reference_id: asked.reference_id,
        payment_request_id: asked.payment_request_id,
        payment_id: payment.id.clone(),
        channel: request.channel,
        money,
        reason: asked.reason,
        status: RefundStatus::Pending,
        created: now,
        updated: now,
        trigger: request.trigger,
    };
    Ok((refund, lost.then_some(Trouble::LoseAnswer)))
}

fn asked(body: &Body<'_>) -> Result<Asked, Rejection> {
    let payment_request_id = body.required("payment_request_id", 64)?;
    let reference_id = body.optional("reference_id", 255)?;
    let reason = body.required("reason", 32)?;
    body.optional_object("metadata")?;
    if !REASONS.contains(&reason.as_str()) {
        return Err(Rejection::VALIDATION);
    }
    Ok(Asked { reference_id, payment_request_id, reason })
}

/// The answer about a refund, unless it is to be a false one.
fn answer(refund: Refund, trouble: Option<Trouble>, world: &World) -> Result<Outcome, Rejection> {
    let text = lied(refund, world).text().ok_or(Rejection::SERVER_ERROR)?;
    Ok(Outcome::Answered(StatusCode::OK, text, trouble))
}

fn lied(mut refund: Refund, world: &World) -> Refund {
    let mut reference = refund.reference_id.take().unwrap_or_default();
    super::falsify(world, Some(&mut refund.money), &mut reference);
    refund.reference_id = Some(reference).filter(|reference| !reference.is_empty());
    refund
}
