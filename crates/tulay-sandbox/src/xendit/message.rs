//! What Xendit says: objects, lists, errors and notifications.

use super::{
    collection::{Payment, PaymentRequest},
    payout::Payout,
    refund::Refund,
    rejection::{Family, Rejection},
    settings::Edition,
};
use crate::kit::json::quoted;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use tulay_core::Money;

/// Test mode answered so; the page says no more than "estimated".
const ARRIVES_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Money as a number in major units without needless digits, as a program writes it: `100`, `12.5`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number(pub(super) Money);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.amount_text();
        let text = match text.split_once('.') {
            Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            None => text,
        };
        RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// A time as it is written: UTC, with milliseconds.
pub(super) fn time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// An id: its prefix, and the form of a UUID.
pub(super) fn id(prefix: &str, sequence: u64) -> String {
    format!("{prefix}-{sequence:08x}-0000-4000-8000-{sequence:012x}")
}

/// An error. The reference has the text of payouts in `error_message`; the libraries, test mode and
/// the payments interface have it in `message`.
pub(super) fn error(rejection: Rejection, family: Family, edition: Edition) -> String {
    let name = match (family, edition) {
        (Family::Payouts, Edition::Reference) => "error_message",
        _ => "message",
    };
    let (code, message) = (quoted(rejection.code), quoted(rejection.message));
    format!("{{\"error_code\":{code},\"{name}\":{message}}}")
}

#[derive(Serialize)]
struct PayoutObject<'a> {
    id: &'a str,
    amount: Number,
    channel_code: &'a str,
    currency: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    reference_id: &'a str,
    created: String,
    updated: String,
    estimated_arrival_time: String,
    business_id: &'a str,
    channel_properties: Destination<'a>,
}

#[derive(Serialize)]
struct Destination<'a> {
    account_number: &'a str,
    account_holder_name: &'a str,
}

/// A payout in a notification of test mode: flat, and with the key.
#[derive(Serialize)]
struct FlatPayout<'a> {
    id: &'a str,
    amount: Number,
    status: &'a str,
    created: String,
    updated: String,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    channel_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_code: Option<&'a str>,
    reference_id: &'a str,
    account_number: &'a str,
    idempotency_key: &'a str,
    channel_category: &'a str,
    account_holder_name: &'a str,
    estimated_arrival_time: String,
}

impl Payout {
    /// The payout as it is answered.
    pub(super) fn text(&self) -> Option<String> {
        let object = PayoutObject {
            id: &self.id,
            amount: Number(self.money),
            channel_code: self.channel.code,
            currency: self.channel.currency.as_str(),
            status: self.status.as_str(),
            failure_code: self.failure,
            description: self.description.as_deref(),
            reference_id: &self.reference_id,
            created: time(self.created),
            updated: time(self.updated),
            estimated_arrival_time: self.arrival(),
            business_id: &self.business_id,
            channel_properties: Destination {
                account_number: &self.payee.account,
                account_holder_name: &self.payee.name,
            },
        };
        serde_json::to_string(&object).ok()
    }

    /// The payout as a notification has it.
    pub(super) fn notified_text(&self, edition: Edition) -> Option<String> {
        if edition == Edition::Reference {
            return self.text();
        }
        let object = FlatPayout {
            id: &self.id,
            amount: Number(self.money),
            status: self.status.as_str(),
            created: time(self.created),
            updated: time(self.updated),
            currency: self.channel.currency.as_str(),
            description: self.description.as_deref(),
            channel_code: self.channel.code,
            failure_code: self.failure,
            reference_id: &self.reference_id,
            account_number: &self.payee.account,
            idempotency_key: &self.key,
            channel_category: self.channel.category,
            account_holder_name: &self.payee.name,
            estimated_arrival_time: self.arrival(),
        };
        serde_json::to_string(&object).ok()
    }

    fn arrival(&self) -> String {
        time(self.created.checked_add(ARRIVES_AFTER).unwrap_or(self.created))
    }
}

#[derive(Serialize)]
struct RequestObject<'a> {
    business_id: &'a str,
    reference_id: &'a str,
    payment_request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_payment_id: Option<&'a str>,
    r#type: &'a str,
    country: &'a str,
    currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_amount: Option<Number>,
    capture_method: &'a str,
    channel_code: &'a str,
    channel_properties: Properties<'a>,
    actions: Vec<Action<'a>>,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    created: String,
    updated: String,
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    expires_at: String,
}

#[derive(Serialize)]
struct Action<'a> {
    r#type: &'a str,
    descriptor: &'a str,
    value: &'a str,
}

impl PaymentRequest {
    /// The payment request as it is answered and notified.
    pub(super) fn text(&self) -> Option<String> {
        let object = RequestObject {
            business_id: &self.business_id,
            reference_id: &self.reference_id,
            payment_request_id: &self.id,
            latest_payment_id: self.payments.last().map(|payment| payment.id.as_str()),
            r#type: self.type_name(),
            country: self.channel.country.as_str(),
            currency: self.channel.currency.as_str(),
            request_amount: self.money.map(Number),
            capture_method: "AUTOMATIC",
            channel_code: self.channel.code,
            channel_properties: self.properties(),
            actions: vec![Action {
                r#type: "PRESENT_TO_CUSTOMER",
                descriptor: self.descriptor(),
                value: &self.shown,
            }],
            status: self.status.as_str(),
            failure_code: self.failure,
            description: self.description.as_deref(),
            created: time(self.created),
            updated: time(self.updated),
        };
        serde_json::to_string(&object).ok()
    }

    fn properties(&self) -> Properties<'_> {
        Properties { display_name: self.display_name.as_deref(), expires_at: time(self.expires) }
    }

    /// A payment of it as it is answered and notified.
    pub(super) fn payment_text(&self, payment: &Payment) -> Option<String> {
        let captures = match payment.failure {
            None => vec![Capture {
                capture_timestamp: time(payment.at),
                capture_id: payment.capture_id.as_str(),
                capture_amount: Number(payment.money),
            }],
            Some(_) => Vec::new(),
        };
        let object = PaymentObject {
            payment_id: &payment.id,
            business_id: &self.business_id,
            reference_id: &self.reference_id,
            payment_request_id: &self.id,
            r#type: self.type_name(),
            country: self.channel.country.as_str(),
            currency: self.channel.currency.as_str(),
            request_amount: Number(payment.money),
            capture_method: "AUTOMATIC",
            channel_code: self.channel.code,
            channel_properties: self.properties(),
            captures,
            status: if payment.failure.is_none() { "SUCCEEDED" } else { "FAILED" },
            failure_code: payment.failure,
            description: self.description.as_deref(),
            created: time(payment.at),
            updated: time(payment.at),
        };
        serde_json::to_string(&object).ok()
    }
}

#[derive(Serialize)]
struct PaymentObject<'a> {
    payment_id: &'a str,
    business_id: &'a str,
    reference_id: &'a str,
    payment_request_id: &'a str,
    r#type: &'a str,
    country: &'a str,
    currency: &'a str,
    request_amount: Number,
    capture_method: &'a str,
    channel_code: &'a str,
    channel_properties: Properties<'a>,
    captures: Vec<Capture<'a>>,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    created: String,
    updated: String,
}

#[derive(Serialize)]
struct Capture<'a> {
    capture_timestamp: String,
    capture_id: &'a str,
    capture_amount: Number,
}

#[derive(Serialize)]
struct RefundObject<'a> {
    id: &'a str,
    payment_request_id: &'a str,
    payment_id: &'a str,
    invoice_id: Option<&'a str>,
    amount: Number,
    channel_code: &'a str,
    currency: &'a str,
    status: &'a str,
    reason: &'a str,
    reference_id: Option<&'a str>,
    failure_code: Option<&'a str>,
    refund_fee_amount: Option<&'a str>,
    created: String,
    updated: String,
    metadata: Option<&'a str>,
}

impl Refund {
    /// The refund as it is answered and notified. Its nulls are those of the libraries' example.
    pub(super) fn text(&self) -> Option<String> {
        let object = RefundObject {
            id: &self.id,
            payment_request_id: &self.payment_request_id,
            payment_id: &self.payment_id,
            invoice_id: None,
            amount: Number(self.money),
            channel_code: self.channel.code,
            currency: self.channel.currency.as_str(),
            status: self.status.as_str(),
            reason: &self.reason,
            reference_id: self.reference_id.as_deref(),
            failure_code: self.failure(),
            refund_fee_amount: None,
            created: time(self.created),
            updated: time(self.updated),
            metadata: None,
        };
        serde_json::to_string(&object).ok()
    }
}

/// A list without anything around it.
pub(super) fn bare(rows: &[String]) -> String {
    format!("[{}]", rows.join(","))
}

/// A page of a list. The link is there where there is more: that is an assumption.
pub(super) fn page(rows: &[String], next: Option<&str>) -> String {
    let (more, rows) = (next.is_some(), rows.join(","));
    let links = next.map_or_else(String::new, |href| {
        format!(",\"links\":[{{\"href\":{},\"rel\":\"next\",\"method\":\"GET\"}}]", quoted(href))
    });
    format!("{{\"has_more\":{more},\"data\":[{rows}]{links}}}")
}

/// A notification around the text of an object. Those of payouts name no version in the reference.
pub(super) fn notification(
    event: &str,
    business_id: &str,
    at: Timestamp,
    data: &str,
    version: Option<&str>,
) -> String {
    let version =
        version.map_or_else(String::new, |version| format!(",\"api_version\":\"{version}\""));
    format!(
        "{{\"event\":{},\"business_id\":{},\"created\":{},\"data\":{data}{version}}}",
        quoted(event),
        quoted(business_id),
        quoted(&time(at)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::Currency;

    #[test]
    fn numbers_have_no_needless_digits() {
        for (minor, text) in [(100, "1"), (1250, "12.5"), (1, "0.01"), (10_000_000, "100000")] {
            let number = Number(Money::from_minor(minor, Currency::PHP));
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
        }
    }

    #[test]
    fn times_are_in_utc_with_milliseconds() {
        assert_eq!(time("2026-11-20T01:00:00.3Z".parse().unwrap()), "2026-11-20T01:00:00.300Z");
    }
}
