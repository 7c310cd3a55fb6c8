//! The messages, named as in the provider's documents. Amounts are whole centavos.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use tulay_adapter::{
    json::{IfText, Text, Whole, to_json},
    unsigned::Fault,
};
use tulay_core::OrderId;

/// A request of version 1: `{"data":{"attributes":{…}}}` (payment-acceptance-key-concepts).
pub(crate) fn enclosed(attributes: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Data<T> {
        attributes: T,
    }
    #[derive(Serialize)]
    struct Enclosed<T> {
        data: Data<T>,
    }
    to_json(&Enclosed { data: Data { attributes } })
}

/// What we say of an order in its `metadata`: its id.
#[derive(Serialize, Deserialize)]
pub(crate) struct Metadata<'a> {
    #[serde(borrow)]
    pub(crate) order_id: Cow<'a, str>,
}

/// A collection as it is stored, and what its three requests are made of.
#[derive(Serialize, Deserialize)]
pub(crate) struct Steps<'a> {
    #[serde(borrow)]
    pub(crate) order_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) intent: CreateIntent<'a>,
    #[serde(borrow)]
    pub(crate) method: CreateMethod<'a>,
    pub(crate) return_url: Option<Cow<'a, str>>,
    /// Until when it can be paid, in RFC 3339.
    pub(crate) expires: Option<Cow<'a, str>>,
}

/// A payment intent (payment-acceptance-qr-ph-api).
#[derive(Serialize, Deserialize)]
pub(crate) struct CreateIntent<'a> {
    pub(crate) amount: i64,
    #[serde(borrow)]
    pub(crate) currency: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) payment_method_allowed: [Cow<'a, str>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) metadata: Metadata<'a>,
}

/// A payment method (payment-acceptance-qr-ph-api, customizing-qr-ph-code-expiry).
#[derive(Serialize, Deserialize)]
pub(crate) struct CreateMethod<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
    /// Counted from when it is attached, and so set when it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expiry_seconds: Option<i64>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) billing: Option<Billing<'a>>,
    #[serde(borrow)]
    pub(crate) metadata: Metadata<'a>,
}

/// The payer.
#[derive(Serialize, Deserialize, Default, PartialEq, Eq)]
pub(crate) struct Billing<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<Cow<'a, str>>,
}

/// What makes an intent payable by a method (pipm-workflow).
#[derive(Serialize)]
pub(crate) struct Attach<'a> {
    pub(crate) payment_method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) return_url: Option<&'a str>,
}

/// A refund (reference/refund-resource).
#[derive(Serialize)]
pub(crate) struct CreateRefund<'a> {
    pub(crate) metadata: Metadata<'a>,
    pub(crate) amount: i64,
    pub(crate) payment_id: &'a str,
    pub(crate) reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<&'a str>,
}

/// A batch of one transfer (reference/transfer-resource; no `data` around it, as
/// money-movement-moving-money-with-api has it).
#[derive(Serialize, Deserialize)]
pub(crate) struct Batch<'a> {
    #[serde(borrow)]
    pub(crate) transfers: [CreateTransfer<'a>; 1],
}

#[derive(Serialize, Deserialize)]
pub(crate) struct CreateTransfer<'a> {
    /// Our order id.
    #[serde(borrow)]
    pub(crate) reference_number: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) provider: Cow<'a, str>,
    pub(crate) amount: i64,
    #[serde(borrow)]
    pub(crate) currency: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) source_account: Account<'a>,
    #[serde(borrow)]
    pub(crate) destination_account: Account<'a>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Account<'a> {
    #[serde(borrow)]
    pub(crate) number: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) bic: Cow<'a, str>,
}

/// What every answer is: a thing, or errors (developer-tools-error-handling).
#[derive(Deserialize)]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) errors: Option<Vec<Fault<'a>>>,
}

/// A thing of version 1: `{"id":…,"type":…,"attributes":{…}}`.
#[derive(Deserialize)]
pub(crate) struct Resource<'a> {
    #[serde(borrow, default)]
    pub(crate) id: IfText<'a>,
    #[serde(default, rename = "type")]
    pub(crate) kind: IfText<'a>,
    #[serde(borrow)]
    pub(crate) attributes: &'a RawValue,
}

/// `attributes` of a payment intent (reference/the-payment-intent-object). Every intent states its
/// amount and its mode.
#[derive(Deserialize)]
pub(crate) struct Intent<'a> {
    pub(crate) amount: Whole,
    #[serde(borrow)]
    pub(crate) currency: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) livemode: bool,
    pub(crate) metadata: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) created_at: IfText<'a>,
    /// Attempts to pay it, also failed ones.
    pub(crate) payments: Option<Vec<Resource<'a>>>,
}

/// What a payer is shown.
#[derive(Deserialize)]
pub(crate) struct Shown<'a> {
    #[serde(borrow)]
    pub(crate) next_action: Option<NextAction<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct NextAction<'a> {
    #[serde(borrow)]
    pub(crate) code: Option<ShownCode<'a>>,
    #[serde(borrow)]
    pub(crate) redirect: Option<Redirect<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct ShownCode<'a> {
    #[serde(borrow)]
    pub(crate) image_url: Text<'a>,
    #[serde(default)]
    pub(crate) expires_at: IfText<'a>,
}

#[derive(Deserialize)]
pub(crate) struct Redirect<'a> {
    #[serde(borrow)]
    pub(crate) url: Text<'a>,
}

/// `attributes` of a payment method.
#[derive(Deserialize)]
pub(crate) struct Method<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    pub(crate) livemode: bool,
    pub(crate) metadata: Option<&'a RawValue>,
}

/// `attributes` of a payment: of an attempt to pay an intent.
#[derive(Deserialize)]
pub(crate) struct Payment<'a> {
    pub(crate) amount: Whole,
    #[serde(borrow)]
    pub(crate) currency: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) fee: Option<Whole>,
    #[serde(default)]
    pub(crate) payment_intent_id: IfText<'a>,
    #[serde(default)]
    pub(crate) failed_code: IfText<'a>,
    #[serde(default)]
    pub(crate) failed_message: IfText<'a>,
    pub(crate) metadata: Option<&'a RawValue>,
}

/// `attributes` of an expired code (assumption: the members of a payment, where they occur).
#[derive(Deserialize)]
pub(crate) struct ExpiredCode<'a> {
    pub(crate) amount: Option<Whole>,
    #[serde(borrow, default)]
    pub(crate) currency: IfText<'a>,
    #[serde(default)]
    pub(crate) payment_intent_id: IfText<'a>,
    pub(crate) metadata: Option<&'a RawValue>,
}

/// `attributes` of a refund (reference/refund-resource).
#[derive(Deserialize)]
pub(crate) struct Refund<'a> {
    pub(crate) amount: Whole,
    #[serde(borrow)]
    pub(crate) currency: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) livemode: bool,
    pub(crate) payment_id: Text<'a>,
    pub(crate) metadata: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) created_at: IfText<'a>,
}

/// The transfers that one request made.
#[derive(Deserialize)]
pub(crate) struct Transfers<'a> {
    #[serde(borrow)]
    pub(crate) transfers: Vec<&'a RawValue>,
}

/// A transfer (reference/transfer-resource).
#[derive(Deserialize)]
pub(crate) struct Transfer<'a> {
    #[serde(borrow, default)]
    pub(crate) id: IfText<'a>,
    pub(crate) amount: Whole,
    pub(crate) currency: Text<'a>,
    pub(crate) status: Text<'a>,
    pub(crate) livemode: bool,
    #[serde(default)]
    pub(crate) merchant_id: IfText<'a>,
    #[serde(default)]
    pub(crate) reference_number: IfText<'a>,
    #[serde(default)]
    pub(crate) provider: IfText<'a>,
    #[serde(default)]
    pub(crate) provider_reference_number: IfText<'a>,
    /// Why it failed (assumption: named as in reference/wallet-transaction-resource).
    #[serde(default)]
    pub(crate) provider_error_code: IfText<'a>,
    #[serde(default)]
    pub(crate) provider_error: IfText<'a>,
    pub(crate) fee: Option<Whole>,
    #[serde(default)]
    pub(crate) created_at: IfText<'a>,
}

/// A wallet.
#[derive(Deserialize)]
pub(crate) struct Wallet<'a> {
    #[serde(borrow)]
    pub(crate) balance: WalletBalance<'a>,
}

/// Whole, negative when overdrawn.
#[derive(Deserialize)]
pub(crate) struct WalletBalance<'a> {
    #[serde(borrow)]
    pub(crate) available: &'a RawValue,
    #[serde(borrow)]
    pub(crate) pending: &'a RawValue,
}

/// A bank or wallet that receives transfers.
#[derive(Deserialize)]
pub(crate) struct Receiver<'a> {
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    pub(crate) bic: Text<'a>,
}

/// `attributes` of a wallet's transaction, which an event about a transfer is about (client code; the
/// documents know it as the body that a `callback_url` gets).
#[derive(Deserialize)]
pub(crate) struct WalletTransaction<'a> {
    #[serde(borrow, default)]
    pub(crate) transfer_id: IfText<'a>,
    #[serde(default)]
    pub(crate) reference_number: IfText<'a>,
}

/// A notification (developer-tools-webhooks-events).
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(borrow)]
    pub(crate) data: EventData<'a>,
}

#[derive(Deserialize)]
pub(crate) struct EventData<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    pub(crate) attributes: EventAttributes<'a>,
}

#[derive(Deserialize)]
pub(crate) struct EventAttributes<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    pub(crate) livemode: bool,
    #[serde(borrow)]
    pub(crate) data: Resource<'a>,
}

/// Our order id in `metadata`, where it is one of ours.
pub(crate) fn order_id(metadata: Option<&RawValue>) -> Option<OrderId> {
    let metadata: Metadata<'_> = serde_json::from_str(metadata?.get()).ok()?;
    OrderId::parse(&metadata.order_id).ok()
}

/// A thing of version 2 has its members at its top, one of version 1 in `attributes`; both occur in
/// answers of wallets and institutions.
pub(crate) fn members(thing: &str) -> &str {
    #[derive(Deserialize)]
    struct Enclosing<'a> {
        #[serde(borrow)]
        attributes: &'a RawValue,
    }
    serde_json::from_str::<Enclosing<'_>>(thing).map_or(thing, |thing| thing.attributes.get())
}
