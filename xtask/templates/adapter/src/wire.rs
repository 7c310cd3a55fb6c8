//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize};
use tulay_adapter::json::{IfText, Text};

/// The request that creates a payout.
#[derive(Serialize)]
pub(crate) struct Create<'a> {
    pub(crate) reference: &'a str,
    pub(crate) merchant: &'a str,
    /// Pesos as text, with two decimals.
    pub(crate) amount: String,
    pub(crate) currency: &'a str,
    pub(crate) bank: &'a str,
    pub(crate) account: &'a str,
    pub(crate) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// An order.
#[derive(Deserialize)]
pub(crate) struct Order<'a> {
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
    pub(crate) amount: Option<Text<'a>>,
    pub(crate) currency: Option<Text<'a>>,
    // No more than texts: what they hold beside decides nothing.
    #[serde(default)]
    pub(crate) reference: IfText<'a>,
    #[serde(default)]
    pub(crate) id: IfText<'a>,
    #[serde(default)]
    pub(crate) reason: IfText<'a>,
}
