//! The resources as answers and events show them.
//!
//! Members are those of the reference pages (The PaymentIntent, Payment, Refund and Transfer
//! resource). What those leave out and public programs read is an assumption: `payment_intent_id`,
//! `metadata`, `refunds` and `external_reference_number` of a payment, `next_action` of QR Ph.

use super::{
    collected::{Intent, IntentState, Metadata, Method, Payment, Refund},
    state::Books,
    transfer::Transfer,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// How resources are to be shown.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) books: &'a Books,
    pub(super) is_live: bool,
    /// Whether payments repeat the metadata of their intents.
    pub(super) repeats_metadata: bool,
}

impl View<'_> {
    pub(super) fn intent(self, intent: &Intent) -> Value {
        let payments: Vec<_> = intent
            .payments
            .iter()
            .filter_map(|id| self.books.payments.get(id))
            .map(|payment| self.payment(payment))
            .collect();
        let awaits = intent.state == IntentState::AwaitingAction;
        let next_action = intent.shown.last().filter(|_| awaits).map(|shown| &shown.next_action);
        let method = intent.shown.last().map(|shown| &shown.method.id);
        let attributes = json!({
            "amount": intent.amount,
            "capture_type": "automatic",
            "client_key": format!("{}_client", intent.id),
            "created_at": intent.created.as_second(),
            "currency": "PHP",
            "description": intent.description,
            "last_payment_error": self.last_error(intent),
            "livemode": self.is_live,
            "metadata": present(&intent.metadata),
            "next_action": next_action,
            "payment_method": method,
            "payment_method_allowed": intent.allowed,
            "payment_method_options": null,
            "payments": payments,
            "statement_descriptor": intent.statement_descriptor,
            "status": intent.state.word(),
            "updated_at": intent.updated.as_second(),
        });
        resource("payment_intent", &intent.id, attributes)
    }

    pub(super) fn method(self, method: &Method) -> Value {
        let attributes = json!({
            "billing": method.billing,
            "created_at": method.created.as_second(),
            "details": null,
            "livemode": self.is_live,
            "metadata": present(&method.metadata),
            "type": method.kind.word(),
            "updated_at": method.created.as_second(),
        });
        resource("payment_method", &method.id, attributes)
    }

    pub(super) fn payment(self, payment: &Payment) -> Value {
        let (code, message) = payment.method.kind.failure();
        let failure = |text| (!payment.is_paid).then_some(text);
        let fee = payment.fee();
        let metadata = present(&payment.metadata);
        let refunds: Vec<_> = payment
            .refunds
            .iter()
            .filter_map(|id| self.books.refunds.get(id))
            .map(|refund| self.refund(refund))
            .collect();
        let attributes = json!({
            "access_url": null,
            "amount": payment.amount,
            "billing": payment.method.billing,
            "created_at": payment.at.as_second(),
            "currency": "PHP",
            "description": payment.description,
            "disputed": false,
            "external_reference_number": payment.receipt,
            "failed_code": failure(code),
            "failed_message": failure(message),
            "fee": fee,
            "foreign_fee": 0,
            "livemode": self.is_live,
            "metadata": metadata.filter(|_| self.repeats_metadata),
            "net_amount": payment.amount.saturating_sub(fee),
            "origin": "api",
            "paid_at": payment.is_paid.then_some(payment.at.as_second()),
            "payment_intent_id": payment.intent,
            "payout": null,
            "refunds": refunds,
            "source": { "id": payment.method.id, "type": payment.method.kind.word() },
            "statement_descriptor": payment.statement_descriptor,
            "status": if payment.is_paid { "paid" } else { "failed" },
            "tax_amount": null,
            "updated_at": payment.at.as_second(),
        });
        resource("payment", &payment.id, attributes)
    }

    pub(super) fn refund(self, refund: &Refund) -> Value {
        let attributes = json!({
            "amount": refund.amount,
            "created_at": refund.created.as_second(),
            "currency": "PHP",
            "livemode": self.is_live,
            "metadata": present(&refund.metadata),
            "notes": refund.notes,
            "payment_id": refund.payment,
            "payout_id": null,
            "reason": refund.reason,
            "status": refund.state.word(),
            "updated_at": refund.updated.as_second(),
        });
        resource("refund", &refund.id, attributes)
    }

    /// The error of the newest payment, where that failed.
    fn last_error(self, intent: &Intent) -> Option<Value> {
        let payment = intent.payments.last().and_then(|id| self.books.payments.get(id))?;
        let (code, message) = payment.method.kind.failure();
        (!payment.is_paid).then(
            || json!({ "failed_code": code, "failed_message": message, "payment": payment.id }),
        )
    }
}

/// A transfer: money movement (v2) has no `attributes`. Assumption: the members of an error, which
/// the wallet transaction has.
pub(super) fn transfer(transfer: &Transfer, organization: &str, is_live: bool) -> Value {
    json!({
        "id": transfer.id,
        "livemode": is_live,
        "merchant_id": organization,
        "source_account": transfer.source,
        "destination_account": transfer.destination,
        "amount": transfer.amount,
        "fee": transfer.fee(),
        "currency": "PHP",
        "provider": transfer.rail,
        "provider_reference_number": transfer.provider_reference,
        "provider_error": transfer.failure.map(|failure| failure.message),
        "provider_error_code": transfer.failure.map(|failure| failure.code),
        "reference_number": transfer.reference,
        "purpose": transfer.purpose,
        "description": transfer.description,
        "callback_url": transfer.callback.as_ref().map(ToString::to_string).unwrap_or_default(),
        "metadata": transfer.metadata,
        "status": transfer.state.word(),
        "batch_transfer_id": transfer.batch,
        "created_at": moment(transfer.created),
        "updated_at": moment(transfer.updated),
    })
}

/// The wallet transaction of a transfer, which events and callbacks carry (The wallet transaction
/// resource).
pub(super) fn wallet_transaction(transfer: &Transfer, wallet: &str, is_live: bool) -> Value {
    let account = |account: &Value| {
        let text = |name| account.get(name).and_then(Value::as_str);
        json!({
            "bank_account_name": text("name"),
            "bank_account_number": text("number"),
            "bank_code": text("bic"),
        })
    };
    let attributes = json!({
        "amount": transfer.amount,
        "batch_transaction_id": transfer.batch,
        "callback_url": transfer.callback.as_ref().map(ToString::to_string),
        "created_at": transfer.created.as_second(),
        "currency": "PHP",
        "description": transfer.description,
        "fee": transfer.fee(),
        "livemode": is_live,
        "metadata": transfer.metadata,
        "net_amount": transfer.amount.saturating_add(transfer.fee()),
        "provider": transfer.rail,
        "provider_error": transfer.failure.map(|failure| failure.message),
        "provider_error_code": transfer.failure.map(|failure| failure.code),
        "purpose": transfer.purpose,
        "receiver": account(&transfer.destination),
        "reference_number": transfer.reference,
        "sender": account(&transfer.source),
        "status": transfer.state.word(),
        "transfer_id": transfer.id,
        "type": "send_money",
        "updated_at": transfer.updated.as_second(),
        "wallet_id": wallet,
    });
    resource("wallet_transaction", &format!("wallet_{}", transfer.id), attributes)
}

/// An instant as RFC 3339 to the second.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn resource(kind: &str, id: &str, attributes: Value) -> Value {
    Value::from_iter([("id", id.into()), ("type", kind.into()), ("attributes", attributes)])
}

/// Metadata that was sent; what was not sent is `null`.
fn present(metadata: &Metadata) -> Option<&Metadata> {
    Some(metadata).filter(|metadata| !metadata.is_empty())
}
