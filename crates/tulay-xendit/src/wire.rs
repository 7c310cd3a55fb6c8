//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::value::RawValue;
use tulay_adapter::json::{Decimal, IfText, Number, Text};

/// Create a payout (v2). The reference comes first, as it says whose the text is.
#[derive(Serialize)]
pub(crate) struct CreatePayout<'a> {
    pub(crate) reference_id: &'a str,
    pub(crate) channel_code: &'a str,
    pub(crate) channel_properties: Receiver<'a>,
    pub(crate) amount: Number,
    pub(crate) currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'a str>,
}

/// Who is paid.
#[derive(Serialize)]
pub(crate) struct Receiver<'a> {
    pub(crate) account_number: &'a str,
    pub(crate) account_holder_name: &'a str,
}

/// Create a payment request (v3).
#[derive(Serialize)]
pub(crate) struct CreatePaymentRequest<'a> {
    pub(crate) reference_id: &'a str,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) country: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) request_amount: Number,
    pub(crate) capture_method: &'static str,
    pub(crate) channel_code: &'a str,
    pub(crate) channel_properties: Shown<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<&'a str>,
}

/// What a payer is shown, and how long.
#[derive(Serialize)]
pub(crate) struct Shown<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<String>,
}

/// Refund a payment request.
#[derive(Serialize)]
pub(crate) struct CreateRefund<'a> {
    pub(crate) reference_id: &'a str,
    pub(crate) payment_request_id: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) amount: Number,
    pub(crate) reason: &'a str,
}

/// A payout, a payment request, a payment or a refund: the members that are read of any of them.
#[derive(Deserialize)]
pub(crate) struct Order<'a> {
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
    /// Of a payout and of a refund.
    pub(crate) amount: Option<Decimal<'a>>,
    /// Of a payment request and of a payment.
    pub(crate) request_amount: Option<Decimal<'a>>,
    // What they hold beside a text decides nothing.
    #[serde(default)]
    pub(crate) currency: IfText<'a>,
    #[serde(default)]
    pub(crate) reference_id: IfText<'a>,
    /// Of a payout and of a refund.
    #[serde(default)]
    pub(crate) id: IfText<'a>,
    /// The id of a payment request; of a refund and of a payment, that of theirs.
    #[serde(default)]
    pub(crate) payment_request_id: IfText<'a>,
    /// Of a payment request that was paid.
    #[serde(default)]
    pub(crate) latest_payment_id: IfText<'a>,
    /// Of a payment.
    #[serde(default)]
    pub(crate) payment_id: IfText<'a>,
    #[serde(default)]
    pub(crate) business_id: IfText<'a>,
    #[serde(default)]
    pub(crate) failure_code: IfText<'a>,
    #[serde(default)]
    pub(crate) created: IfText<'a>,
}

/// What the payer does next, in the answer to a payment request, and by which channel.
#[derive(Deserialize)]
pub(crate) struct Actions<'a> {
    #[serde(borrow, default)]
    pub(crate) actions: Vec<Action<'a>>,
    #[serde(default)]
    pub(crate) channel_code: IfText<'a>,
}

/// One of them.
#[derive(Deserialize)]
pub(crate) struct Action<'a> {
    #[serde(borrow, default)]
    pub(crate) descriptor: IfText<'a>,
    #[serde(default)]
    pub(crate) value: IfText<'a>,
}

/// When a prepared payment request expires.
#[derive(Deserialize)]
pub(crate) struct Expiring<'a> {
    #[serde(borrow)]
    pub(crate) channel_properties: ExpiresAt<'a>,
}

/// Its one member that is read again.
#[derive(Deserialize)]
pub(crate) struct ExpiresAt<'a> {
    pub(crate) expires_at: Option<&'a str>,
}

/// A part of a list, as the libraries have it. Without `has_more` it may be any part.
#[derive(Deserialize)]
pub(crate) struct Page<'a> {
    #[serde(borrow)]
    pub(crate) data: &'a RawValue,
    pub(crate) has_more: bool,
    /// It is read for its form alone: a page whose members are not what they must be is none.
    #[serde(default, rename = "links")]
    pub(crate) _links: Vec<IgnoredAny>,
}

/// A balance.
#[derive(Deserialize)]
pub(crate) struct Balance<'a> {
    #[serde(borrow)]
    pub(crate) balance: Decimal<'a>,
}

/// A notification.
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(borrow)]
    pub(crate) event: Text<'a>,
    #[serde(default)]
    pub(crate) business_id: IfText<'a>,
    pub(crate) data: &'a RawValue,
}
