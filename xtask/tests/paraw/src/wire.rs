//! The provider's vocabulary, named as in its documents. Amounts are JSON numbers, in pesos.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tulay_adapter::json::{Decimal, IfText, Number, Text};

/// The request that creates a payout.
#[derive(Serialize)]
pub(crate) struct Create<'a> {
    pub(crate) reference: &'a str,
    pub(crate) merchant: &'a str,
    pub(crate) amount: Number,
    pub(crate) currency: &'a str,
    pub(crate) bank: &'a str,
    pub(crate) account: &'a str,
    pub(crate) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// The request that drafts a collection.
#[derive(Serialize)]
pub(crate) struct Draft<'a> {
    pub(crate) reference: &'a str,
    pub(crate) amount: Number,
    pub(crate) currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// The request that makes a way of paying.
#[derive(Serialize)]
pub(crate) struct Method<'a> {
    pub(crate) wallet: &'a str,
}

/// The request that makes a draft payable.
#[derive(Serialize)]
pub(crate) struct Attach<'a> {
    pub(crate) method: &'a str,
}

/// The request that refunds a payment.
#[derive(Serialize)]
pub(crate) struct Refund<'a> {
    pub(crate) reference: &'a str,
    pub(crate) payment: &'a str,
    pub(crate) amount: Number,
    pub(crate) currency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a str>,
}

/// A way of paying.
#[derive(Deserialize)]
pub(crate) struct Made<'a> {
    #[serde(borrow, default)]
    pub(crate) id: IfText<'a>,
}

/// A payout, collection or refund.
#[derive(Deserialize)]
pub(crate) struct Order<'a> {
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
    pub(crate) amount: Option<Decimal<'a>>,
    // No more than texts: what they hold beside decides nothing.
    #[serde(default)]
    pub(crate) currency: IfText<'a>,
    #[serde(default)]
    pub(crate) reference: IfText<'a>,
    #[serde(default)]
    pub(crate) id: IfText<'a>,
    /// Of a collection that was paid, and of a refund: the payment.
    #[serde(default)]
    pub(crate) payment: IfText<'a>,
    #[serde(default)]
    pub(crate) reason: IfText<'a>,
    /// Where the payer pays.
    #[serde(default)]
    pub(crate) page: IfText<'a>,
}

/// A notification.
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    /// What it is about: `payout`, `collection` or `refund`.
    #[serde(borrow)]
    pub(crate) event: Text<'a>,
    #[serde(borrow)]
    pub(crate) data: &'a RawValue,
}
