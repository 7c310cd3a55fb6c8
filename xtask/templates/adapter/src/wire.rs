//! The provider's vocabulary, named as in its documents.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What creates a payout.
#[derive(Serialize)]
pub(crate) struct Create<'a> {
    pub(crate) reference: &'a str,
    pub(crate) merchant: &'a str,
    /// Pesos as text, with two decimals.
    pub(crate) amount: String,
    pub(crate) currency: &'a str,
    pub(crate) bank: &'a str,
    pub(crate) account: &'a str,
    pub(crate) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// An answer: an order, or why there is none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answered {
    pub(crate) reference: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) status: Option<String>,
    /// Why the order failed.
    pub(crate) reason: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<String>,
}

/// Compact JSON. These structs hold text alone, which JSON can always hold.
pub(crate) fn to_json(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

/// Reads an object; `None` for anything else. A list would be read as an object whose members
/// come in order.
pub(crate) fn read(body: &[u8]) -> Option<Answered> {
    let text: &RawValue = serde_json::from_slice(body).ok()?;
    text.get().starts_with('{').then(|| serde_json::from_str(text.get()).ok()).flatten()
}
