//! What the platform says: unsigned answers, and signed notifications.

use super::{
    code::Code,
    order::{Order, State, time},
    payments::{Payment, Refund},
};
use crate::kit::json::quoted;
use serde::Serialize;
use serde_json::{Value, json};

/// An answer that carries data.
pub(super) fn success(data: &impl Serialize) -> Option<String> {
    let data = serde_json::to_string(data).ok()?;
    Some(format!("{{\"code\":10000,\"message\":\"Success\",\"data\":{data}}}"))
}

/// An answer that refuses.
pub(super) fn rejection(code: Code) -> String {
    format!("{{\"code\":{},\"message\":{},\"data\":null}}", code.number, quoted(code.message))
}

/// What is said of an order: the members of creation and look-up.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Data {
    pub(super) mch_order_id: String,
    transaction_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<i64>,
    transaction_status: &'static str,
    #[serde(flatten)]
    more: Value,
}

impl Data {
    /// The answer to a creation: it names no amount.
    pub(super) fn of_creation(order: &Order) -> Self {
        Self::about(order, None, json!({ "transactionTime": time(order.created) }))
    }

    /// The answer to a look-up.
    pub(super) fn of_look_up(order: &Order) -> Self {
        let more = json!({
            "createTime": time(order.created),
            "returnTime": order.returned.map(time).unwrap_or_default(),
            "remark": order.remark,
            "failedCode": order.failure.map(|failure| failure.code),
            "failedMessage": order.failure.map(|failure| failure.message),
        });
        Self::about(order, Some(order.amount), more)
    }

    fn about(order: &Order, amount: Option<i64>, more: Value) -> Self {
        Self {
            mch_order_id: order.mch_order_id.clone(),
            transaction_id: order.transaction_id.clone(),
            amount,
            transaction_status: order.state.as_str(),
            more,
        }
    }
}

/// What a notification's `param` holds: members in alphabetical order, none of them null, as in
/// the samples.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notice {
    pub(super) amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_code: Option<String>,
    create_time: String,
    pub(super) event_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_code: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_message: Option<&'static str>,
    pub(super) mch_order_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
    return_time: String,
    transaction_id: String,
    transaction_status: &'static str,
}

impl Notice {
    pub(super) fn about(order: &Order) -> Self {
        Self {
            amount: order.amount,
            channel_code: None,
            create_time: time(order.created),
            event_name: match order.state {
                State::Failed => "disbursement.failed",
                State::Pending | State::Completed => "disbursement.success",
            },
            failed_code: order.failure.map(|failure| failure.code),
            failed_message: order.failure.map(|failure| failure.message),
            mch_order_id: order.mch_order_id.clone(),
            remark: order.remark.clone(),
            return_time: order.returned.map(time).unwrap_or_default(),
            transaction_id: order.transaction_id.clone(),
            transaction_status: order.state.as_str(),
        }
    }

    /// About a collection, or a payment of a static code.
    pub(super) fn of_payment(payment: &Payment) -> Self {
        Self {
            amount: payment.amount,
            channel_code: Some(payment.channel_code.clone()),
            create_time: time(payment.created),
            event_name: match (payment.of_code, payment.state) {
                (true, State::Failed) => "static.order.payment.failed",
                (true, _) => "static.order.payment.success",
                (false, State::Failed) => "order.payment.failed",
                (false, _) => "order.payment.success",
            },
            failed_code: payment.failure.map(|failure| failure.code),
            failed_message: payment.failure.map(|failure| failure.message),
            mch_order_id: payment.mch_order_id.clone(),
            remark: payment.remark.clone(),
            return_time: payment.returned.map(time).unwrap_or_default(),
            transaction_id: payment.transaction_id.clone(),
            transaction_status: payment.state.as_str(),
        }
    }

    /// The text of `param`. It is not quite compact, like the sample: written
    /// again before it is verified, it does not verify.
    pub(super) fn text(&self) -> Option<String> {
        let compact = serde_json::to_string(self).ok()?;
        Some(compact.replace(",\"transactionStatus\":", ", \"transactionStatus\":"))
    }
}

/// What a refund's notification holds, in the order of its sample.
pub(super) fn refund_text(refund: &Refund) -> String {
    let failure = refund.failure().map_or_else(String::new, |failure| {
        format!(",\"failedCode\":{},\"failedMessage\":{}", failure.code, quoted(failure.message))
    });
    format!(
        "{{\"eventName\":{},\"mchRefundOrderId\":{},\
         \"originalTransactionId\":{},\"refundAmount\":{},\"feeRefunded\":0,\
         \"refundCreateTime\":{},\"refundReturnTime\":{},\"refundStatus\":{},\
         \"refundTransactionId\":{}{failure}}}",
        quoted(refund.end.event()),
        quoted(&refund.mch_refund_order_id),
        quoted(&refund.original),
        refund.amount,
        quoted(&time(refund.created)),
        quoted(&refund.returned.map(time).unwrap_or_default()),
        quoted(refund.status()),
        quoted(&refund.transaction_id),
    )
}

/// The envelope of a notification.
pub(super) fn envelope(param: &str, sign: &str) -> String {
    format!("{{\"sign\":{},\"param\":{}}}", quoted(sign), quoted(param))
}
