//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize};
use tulay_adapter::json::Text;

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
    pub(crate) reference: Option<Text<'a>>,
    pub(crate) id: Option<Text<'a>>,
    pub(crate) amount: Option<Text<'a>>,
    pub(crate) currency: Option<Text<'a>>,
    pub(crate) reason: Option<Text<'a>>,
}
