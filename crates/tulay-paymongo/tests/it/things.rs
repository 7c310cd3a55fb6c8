//! The things that PayMongo's answers and events are about, as its pages print them.

use crate::support::{ORGANIZATION, picture, qr_ph};
use serde_json::{Map, Value, json};
use tulay_conformance::Repeats;
use tulay_core::*;

pub(crate) const OTHER_ORDER: &str = "CAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(crate) const INTENT: &str = "pi_7000000000000000000000ab";
pub(crate) const METHOD: &str = "pm_7000000000000000000000ab";
pub(crate) const PAYMENT: &str = "pay_700000000000000000000ab";
pub(crate) const REFUND: &str = "ref_700000000000000000000ab";
pub(crate) const TRANSFER: &str = "tr_7000000000000000000000ab";

/// What every thing says of its order, as far as `repeats` leaves it.
pub(crate) struct Said<'a> {
    pub(crate) about: &'a Lookup,
    pub(crate) repeats: Repeats,
    pub(crate) words: &'a str,
}

impl Said<'_> {
    fn amount(&self) -> i64 {
        self.about.amount.map_or(0, Money::minor) + i64::from(self.repeats == Repeats::OtherAmount)
    }

    fn currency(&self) -> &'static str {
        if self.repeats == Repeats::OtherCurrency { "THB" } else { "PHP" }
    }

    fn order_id(&self) -> Option<String> {
        match self.repeats {
            Repeats::NoOrder => None,
            Repeats::OtherOrder => Some(OTHER_ORDER.to_owned()),
            _ => Some(self.about.order_id.as_str().to_owned()),
        }
    }

    /// An id of the platform's own.
    fn id(&self, id: &str) -> Option<String> {
        match self.repeats {
            Repeats::NoReference => None,
            Repeats::OtherReference => Some(format!("{id}9")),
            Repeats::GivenReference(given) => Some(given.to_owned()),
            _ => Some(id.to_owned()),
        }
    }

    /// Members that most things have.
    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        if self.repeats != Repeats::NoAmount {
            members.insert("amount".into(), json!(self.amount()));
        }
        members.insert("currency".into(), json!(self.currency()));
        members.insert("livemode".into(), json!(self.repeats == Repeats::OtherMode));
        members.insert("created_at".into(), json!(1_795_140_000));
        members
    }

    /// A thing of version 1, with our order id in its metadata.
    pub(crate) fn resource(&self, kind: &str, id: &str, more: Value) -> Value {
        let mut attributes = self.members();
        attributes.insert("description".into(), json!(self.words));
        if let Some(order_id) = self.order_id() {
            attributes.insert("metadata".into(), json!({ "order_id": order_id }));
        }
        let Value::Object(more) = more else { unreachable!() };
        attributes.extend(more);
        let mut resource = json!({ "type": kind, "attributes": attributes });
        if let Some(id) = self.id(id) {
            resource["id"] = json!(id);
        }
        resource
    }

    /// An intent, with the payment that paid it.
    pub(crate) fn intent(&self, status: &str, next_action: Option<&Value>) -> Value {
        let mut more = json!({
            "status": status,
            "client_key": "pi_client_key",
            "payment_method_allowed": ["qrph"],
            "next_action": next_action,
        });
        if status == "succeeded" {
            let failed = self.payment("failed", "pay_600000000000000000000ab");
            more["payments"] = json!([failed, self.payment("paid", PAYMENT)]);
        }
        self.resource("payment_intent", INTENT, more)
    }

    fn payment(&self, status: &str, id: &str) -> Value {
        let mut attributes = self.members();
        // An intent without its amount does not hide it in its payment either.
        attributes.entry("amount").or_insert(json!(self.amount()));
        attributes.insert("status".into(), json!(status));
        attributes.insert("fee".into(), json!(150));
        json!({ "id": id, "type": "payment", "attributes": attributes })
    }

    /// What a payer is shown; `None` where pages have nothing that could differ so.
    pub(crate) fn next_action(&self) -> Option<Option<Value>> {
        if self.repeats == Repeats::NoShown {
            return Some(None);
        }
        let other = matches!(self.repeats, Repeats::OtherShown | Repeats::OtherPayee);
        if self.about.channel == Channel::Redirect {
            let page = "https://secure.paymongo.example/sources?id=src_1";
            let action = json!({ "type": "redirect", "redirect": { "url": page } });
            return (!other).then_some(Some(action));
        }
        let amount = self.about.amount.map_or(0, Money::minor)
            + i64::from(self.repeats == Repeats::OtherShown);
        let payee =
            if self.repeats == Repeats::OtherPayee { "BULALOHAN" } else { "SARI-SARI STORE" };
        Some(Some(json!({
            "type": "consume_qr",
            "code": {
                "id": "code_7000000000000000000000ab",
                "amount": self.amount(),
                "label": self.words,
                "image_url": picture(&qr_ph(amount, payee)),
                "expires_at": "2026-11-20T10:30:00Z",
            },
        })))
    }

    pub(crate) fn refund(&self, status: &str) -> Value {
        let payment = match self.repeats {
            Repeats::OtherPayment => "pay_800000000000000000000ab",
            _ => self.about.payment.as_ref().map_or(PAYMENT, ProviderReference::as_str),
        };
        let more = json!({ "status": status, "payment_id": payment, "reason": "others" });
        self.resource("refund", REFUND, more)
    }

    /// A transfer has no `attributes`, and names the organization.
    pub(crate) fn transfer(&self, status: &str, failure: Option<&str>) -> Value {
        let mut transfer = self.members();
        let organization = match self.repeats {
            Repeats::NoAccount => None,
            Repeats::OtherAccount => Some("org_other".to_owned()),
            Repeats::CutAccount => Some(ORGANIZATION[..ORGANIZATION.len() - 1].to_owned()),
            Repeats::LongerAccount => Some(format!("{ORGANIZATION}x")),
            _ => Some(ORGANIZATION.to_owned()),
        };
        transfer.insert("merchant_id".into(), json!(organization));
        transfer.insert("reference_number".into(), json!(self.order_id()));
        transfer.insert("provider".into(), json!("instapay"));
        transfer.insert("provider_reference_number".into(), json!("20261120000001"));
        transfer.insert("status".into(), json!(status));
        transfer.insert("purpose".into(), json!(self.words));
        if let Some(failure) = failure {
            transfer.insert("provider_error_code".into(), json!(failure));
        }
        transfer.extend(self.id(TRANSFER).map(|id| ("id".to_owned(), json!(id))));
        Value::Object(transfer)
    }
}

/// What an event about a collection is about: a payment, an intent or a code.
pub(crate) fn collection_event(said: &Said<'_>, name: &str) -> Option<Value> {
    let intent = said.id(INTENT);
    let mut data = match name {
        "payment_intent.succeeded" => return Some(said.intent("succeeded", None)),
        "payment_intent.awaiting_payment_method" => {
            return Some(said.intent("awaiting_payment_method", None));
        }
        "payment.failed" => said.resource(
            "payment",
            PAYMENT,
            json!({ "status": "failed", "failed_code": "RJCT", "failed_message": said.words }),
        ),
        "qrph.expired" => said.resource("code", "code_7000000000000000000000ab", json!({})),
        _ => said.resource("payment", PAYMENT, json!({ "status": "paid", "fee": 150 })),
    };
    data["attributes"]["payment_intent_id"] = json!(intent);
    Some(data)
}
