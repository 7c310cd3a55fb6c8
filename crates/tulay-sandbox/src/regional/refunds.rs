//! Refunds: the rules that a payment can be given back by, and how they end.

use super::{
    Regional,
    code::Code,
    collect::listed,
    country::Kind,
    order::{State, refund_id, time},
    payments::{Refund, RefundEnd},
    performed::Performed,
    request::Param,
    triggers::Trigger,
};
use crate::kit::{Trouble, World, locked};
use http::Uri;
use jiff::SignedDuration;
use serde_json::json;

/// After that no payment is refunded.
const REFUNDABLE_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);

impl Regional {
    pub(super) fn refund(
        &self,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_refund_order_id = param.id("mchRefundOrderId", (1, 32))?;
        let original = param.required("originalTransactionId", 32)?;
        let amount = param.number("refundAmount")?;
        param.optional("refundReason", 200)?;
        let callback: Uri =
            param.required("refundCallbackUrl", 256)?.parse().map_err(|_| Code::PARAM)?;
        let now = world.now();
        let mut platform = locked(&self.platform);
        let transaction_id = refund_id(platform.next());
        let records = platform.records(app_id)?;
        let payment = records.collected.payments.get(&original).cloned().ok_or(Code::NOT_FOUND)?;
        let collected = &records.collected;
        if collected.refunds.contains_key(&mch_refund_order_id)
            || collected.used_refund_ids.contains(&mch_refund_order_id)
        {
            return Err(Code::REFUND_REPEATED);
        }
        if payment.state != State::Completed {
            return Err(Code::REFUND_OF_UNPAID);
        }
        if payment.returned.is_some_and(|paid| now.duration_since(paid) > REFUNDABLE_FOR) {
            return Err(Code::REFUND_TOO_LATE);
        }
        if payment.kind == Kind::VirtualAccount {
            return Err(Code::REFUND_NOT_ALLOWED);
        }
        let pending = |refund: &Refund| refund.original == original && refund.returned.is_none();
        if collected.refunds.values().any(pending) {
            return Err(Code::REFUND_PENDING);
        }
        let rest = payment.amount.saturating_sub(collected.refunded(&original));
        if amount < 1 || amount > rest {
            return Err(Code::REFUND_AMOUNT);
        }
        let (whole, in_parts) = gives_back(&payment.channel_code);
        if amount == payment.amount && !whole {
            return Err(Code::REFUND_NOT_WHOLE);
        }
        if amount < payment.amount && !in_parts {
            return Err(Code::REFUND_NOT_IN_PARTS);
        }
        records.spend(payment.rules.country, amount)?;
        let refund = Refund {
            app_id: app_id.to_owned(),
            mch_refund_order_id: mch_refund_order_id.clone(),
            transaction_id: transaction_id.clone(),
            original,
            rules: payment.rules,
            amount,
            callback: Some(callback),
            created: now,
            returned: None,
            end: match payment.trigger {
                Trigger::FailRefund => RefundEnd::Failed,
                Trigger::CancelRefund => RefundEnd::Cancelled,
                _ => RefundEnd::Complete,
            },
        };
        let data = json!({
            "mchRefundOrderId": refund.mch_refund_order_id,
            "refundTransactionId": refund.transaction_id,
            "refundCreateTime": time(refund.created),
            "refundAmount": refund.amount,
            "refundStatus": "PENDING",
        });
        records.collected.refunds.insert(mch_refund_order_id.clone(), refund);
        drop(platform);
        let lost = payment.trigger == Trigger::LoseRefundAnswer;
        tracing::info!(transaction_id, "refund accepted");
        world.wake_after(world.finality_delay(), format!("refund/{app_id}/{mch_refund_order_id}"));
        Ok(Performed::Answered(data, lost.then_some(Trouble::LoseAnswer)))
    }

    pub(super) fn refunds(
        &self,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let original = param.optional("originalTransactionId", 32)?;
        let transaction = param.optional("refundTransactionId", 32)?;
        if original.is_none() && transaction.is_none() {
            return Err(Code::PARAM);
        }
        let mut platform = locked(&self.platform);
        let collected = &platform.records(app_id)?.collected;
        let wanted = |refund: &&Refund| {
            original.as_ref().is_none_or(|id| *id == refund.original)
                && transaction.as_ref().is_none_or(|id| *id == refund.transaction_id)
        };
        let rows = collected.refunds.values().filter(wanted).map(|refund| {
            json!({
                "mchRefundOrderId": refund.mch_refund_order_id,
                "originalTransactionId": refund.original,
                "refundTransactionId": refund.transaction_id,
                "refundAmount": refund.amount,
                "feeRefunded": 0,
                "refundStatus": refund.status(),
                "refundCreateTime": time(refund.created),
                "refundReturnTime": refund.returned.map(time),
                "failedCode": refund.failure().map(|failure| failure.code),
                "failedMessage": refund.failure().map(|failure| failure.message),
            })
        });
        Ok(Performed::Answered(listed(rows.collect(), world), None))
    }
}

/// Whether a channel gives whole payments back, and whether parts of them. Which ones really do is
/// not published: these are the simulator's own.
fn gives_back(channel_code: &str) -> (bool, bool) {
    match channel_code {
        "PH_GRPY_URL" => (false, true),
        "MY_TNG_URL" => (true, false),
        _ => (true, true),
    }
}
