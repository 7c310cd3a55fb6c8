//! What the platform says: the content of answers and notifications, and the envelope around it.

use super::{
    code::Code,
    collection::Collection,
    order::{Order, State, transaction_date},
    receivers::Receiver,
};
use crate::kit::{Shape, another_id, json::quoted};
use serde::Serialize;

/// The value of `response`. Members stand as in the example of 6.2.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) code: &'static str,
    pub(super) message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) msg_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trx_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trx_amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trx_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) original_msg_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_message: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) balance: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receivers: Option<Vec<Receiver>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qr_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acct_name: Option<String>,
}

/// The value of a notification's `request`. Members stand as in the example of 6.3.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notice {
    code: &'static str,
    message: &'static str,
    trx_date: String,
    pub(super) trx_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    trx_state: &'static str,
    pub(super) original_msg_id: String,
    order_no: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_acct_bank: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_acct_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_acct_no: Option<&'static str>,
    mch_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_no: Option<String>,
}

impl Answer {
    pub(super) fn new(code: Code) -> Self {
        Self { code: code.number, message: code.message, ..Self::default() }
    }

    pub(super) fn is_success(&self) -> bool {
        self.code == Code::SUCCESS.number
    }

    /// A success that tells how an order stands.
    pub(super) fn about(order: &Order) -> Self {
        Self {
            trx_date: Some(transaction_date(order.since)),
            trx_amount: Some(order.amount),
            trx_state: Some(order.state.as_str()),
            order_no: Some(order.number.clone()),
            error_code: order.failure.map(|failure| failure.code),
            error_message: order.failure.map(|failure| failure.title),
            ..Self::new(Code::SUCCESS)
        }
    }

    /// A success that tells how a collection stands.
    pub(super) fn of(collection: &Collection) -> Self {
        Self {
            trx_date: Some(transaction_date(collection.since)),
            trx_amount: Some(collection.amount),
            trx_state: Some(collection.state.as_str()),
            order_no: Some(collection.number.clone()),
            ..Self::new(Code::SUCCESS)
        }
    }

    /// Makes it speak of another order, if it speaks of one.
    pub(super) fn mistake_order(&mut self) {
        let id = self.original_msg_id.as_mut().or(self.msg_id.as_mut());
        if let Some(id) = id.filter(|_| self.order_no.is_some()) {
            *id = another_id(id);
        }
    }
}

impl Notice {
    pub(super) fn about(order: &Order) -> Self {
        Self {
            code: Code::SUCCESS.number,
            message: Code::SUCCESS.message,
            trx_date: transaction_date(order.since),
            trx_amount: order.amount,
            trx_state: order.state.as_str(),
            original_msg_id: order.message_id.clone(),
            order_no: order.number.clone(),
            error_code: order.failure.map(|failure| failure.code),
            error_message: order.failure.map(|failure| failure.title),
            mch_id: order.merchant_id.clone(),
            display_name: None,
            pay_acct_bank: None,
            pay_acct_name: None,
            pay_acct_no: None,
            device_info: None,
            ref_no: None,
        }
    }

    /// 6.3, or 6.5 where a static code was paid. The payer is made up.
    pub(super) fn of(made: &Collection) -> Self {
        let payer = |word: &'static str| Some(word).filter(|_| made.state == State::Success);
        let walked_in = |text: &str| Some(text.to_owned()).filter(|_| made.walked_in);
        Self {
            code: Code::SUCCESS.number,
            message: Code::SUCCESS.message,
            trx_date: transaction_date(made.since),
            trx_amount: made.amount,
            display_name: made.display_name.clone(),
            trx_state: made.state.as_str(),
            original_msg_id: made.message_id.clone(),
            order_no: made.number.clone(),
            error_code: None,
            error_message: None,
            pay_acct_bank: payer("GCash"),
            pay_acct_name: payer("Test Payer"),
            pay_acct_no: payer("639170000000"),
            mch_id: made.merchant_id.clone(),
            device_info: walked_in(&made.device_info),
            ref_no: walked_in(&made.ref_no),
        }
    }

    pub(super) fn mistake_order(&mut self) {
        self.original_msg_id = another_id(&self.original_msg_id);
    }
}

/// The envelope around a text that was signed as it stands here.
pub(super) fn envelope(member: &str, text: &str, signature: Option<&str>, shape: Shape) -> String {
    let one =
        |value: String| if shape == Shape::ArrayOfText { format!("[{value}]") } else { value };
    let content = if shape == Shape::Object { text.to_owned() } else { one(quoted(text)) };
    match signature.map(|signature| one(quoted(signature))) {
        Some(signature) => format!("{{\"{member}\":{content},\"signature\":{signature}}}"),
        None => format!("{{\"{member}\":{content}}}"),
    }
}
