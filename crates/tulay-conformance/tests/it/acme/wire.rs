//! Acme's messages.

use super::{Wrong, sign};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

#[derive(Serialize, Deserialize)]
pub(crate) struct Pay {
    pub(crate) order: String,
    pub(crate) account: String,
    pub(crate) country: String,
    /// Centavos, or whole rupiah.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) bank: String,
    pub(crate) number: String,
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rail: Option<String>,
    /// The idempotency key, where Acme lists orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prepared: Option<String>,
}

#[derive(Serialize, Default)]
pub(crate) struct Query<'a> {
    pub(crate) message: &'a str,
    pub(crate) account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<&'a str>,
    /// The state that a code shall have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<&'a str>,
    /// The code that is to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scanned: Option<&'a str>,
    /// The day of a report, or from when payments are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) day: Option<String>,
}

/// A collection, or a code where there is no amount.
#[derive(Serialize)]
pub(crate) struct Collect<'a> {
    pub(crate) order: &'a str,
    pub(crate) account: &'a str,
    pub(crate) country: &'a str,
    /// Centavos, or whole rupiah.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<i64>,
    pub(crate) currency: &'a str,
    pub(crate) payer: &'a str,
    /// Until when it can be paid, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) terminal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prepared: Option<String>,
}

/// The order that a prepared text names.
#[derive(Deserialize)]
pub(crate) struct Placed {
    pub(crate) order: String,
    #[serde(default)]
    pub(crate) payer: String,
    pub(crate) until: Option<i64>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct GiveBack {
    pub(crate) order: String,
    pub(crate) account: String,
    /// Acme's number of the payment.
    pub(crate) payment: String,
    /// Centavos, or whole rupiah.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prepared: Option<String>,
}

/// An answer or a notification.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    pub(crate) code: String,
    /// All codes of a rejection, where Acme has several.
    pub(crate) codes: Option<Vec<String>>,
    pub(crate) account: Option<String>,
    /// The message or order that is answered.
    pub(crate) to: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) amount: Option<i64>,
    pub(crate) state: Option<String>,
    pub(crate) why: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) currency: Option<String>,
    /// The terminal of a static code.
    pub(crate) terminal: Option<String>,
    /// Of a refund: Acme's number of the payment.
    pub(crate) payment: Option<String>,
    /// Of a notification: "test" or "live".
    pub(crate) mode: Option<String>,
    /// What the payer is shown.
    pub(crate) shown: Option<String>,
    /// What kind of code was read.
    pub(crate) kind: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) payments: Option<Vec<Self>>,
    /// The orders with one order id.
    pub(crate) orders: Option<Vec<Value>>,
    pub(crate) balance: Option<i64>,
    pub(crate) banks: Option<Vec<String>>,
}

/// An answer or notification; a careless reader reads its amount otherwise.
pub(crate) fn read(text: &str, wrong: Option<Wrong>) -> serde_json::Result<Said> {
    let careless: fn(&str) -> String = match wrong {
        Some(Wrong::DropsTheExponent) => {
            |token| token.chars().filter(char::is_ascii_digit).collect()
        }
        Some(Wrong::CutsDigits) => |token| token.split('.').next().unwrap_or_default().to_owned(),
        _ => return serde_json::from_str(text),
    };
    let Some((before, after)) = text.split_once("\"amount\":") else {
        return serde_json::from_str(text);
    };
    let (amount, after) = after.split_at(after.find([',', '}']).unwrap_or_default());
    serde_json::from_str(&format!("{before}\"amount\":{}{after}", careless(amount)))
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    said: &'a RawValue,
    sign: Option<String>,
}

/// The signed text, and its signature.
pub(crate) fn cut(body: &[u8]) -> Option<(&str, Option<String>)> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    Some((envelope.said.get(), envelope.sign.filter(|sign| !sign.is_empty())))
}

pub(crate) fn sealed(key: &str, text: &str, wrong: Option<Wrong>) -> String {
    let signed = if wrong == Some(Wrong::SignsSomethingElse) { "something else" } else { text };
    format!(r#"{{"said":{text},"sign":"{}"}}"#, sign(key, signed))
}

/// The text with its whole numbers as a careless reader writes them.
pub(crate) fn with_whole_numbers(text: &str) -> String {
    text.replace(".0,", ",").replace(".0}", "}")
}

/// The text as a careless reader writes it again.
pub(crate) fn rewritten(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    value.to_string()
}
