//! The provider's vocabulary, named as in its documents.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor},
};
use std::fmt;

/// Create Payout (2.1.1, 3.1.1, 4.1.1, 5.1.1), members in the order of its tables, without the
/// time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer<'a> {
    pub(crate) mch_order_id: &'a str,
    pub(crate) idempotency_id: &'a str,
    /// In the unit of the country's profile.
    pub(crate) amount: i64,
    pub(crate) account_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mobile: Option<&'a str>,
    pub(crate) pay_method_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transfer_code: Option<&'a str>,
    /// `NATID` or `MSISDN`, where it goes by PromptPay (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) promptpay_account_type: Option<&'static str>,
    /// `INDIVIDUAL` or `ORGANIZATION` (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_type: Option<&'static str>,
    /// Identity card or registration (5.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account_tax_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) relationship: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
}

/// Check Payout Status (2.1.2, 3.1.2), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check<'a> {
    pub(crate) mch_order_id: &'a str,
}

/// Balance Inquiry (1.1), without the time stamp.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BalanceInquiry<'a> {
    pub(crate) country_code: &'a str,
}

/// Compact JSON. These structs hold text and whole numbers alone, which JSON can always hold.
pub(crate) fn to_json(param: &impl Serialize) -> String {
    serde_json::to_string(param).unwrap_or_default()
}

/// What an answer or a notification says of a payout. Which members are there differs between
/// creation, look-up and notification; `countryCode` and `currency` are those of version 2.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) event_name: Option<Text>,
    pub(crate) mch_order_id: Option<Text>,
    pub(crate) transaction_id: Option<Text>,
    /// In the unit of the country's profile, as a number or as text.
    pub(crate) amount: Option<Text>,
    pub(crate) currency: Option<Text>,
    pub(crate) transaction_status: Option<Text>,
    /// When it was created, in the answer to a creation.
    pub(crate) transaction_time: Option<Text>,
    pub(crate) create_time: Option<Text>,
    pub(crate) return_time: Option<Text>,
    pub(crate) failed_code: Option<Text>,
    pub(crate) failed_message: Option<Text>,
}

/// What Balance Inquiry answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Funds {
    /// Decimal text, in major units.
    pub(crate) balance: Text,
}

/// Text, or a whole number or truth value: the provider writes the same member now one way and now
/// another.
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// Takes text, whole numbers and truth values; a fraction is none of them, and nothing here may
/// be one.
struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, or a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(Text(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Text, E> {
        Ok(Text(truth.to_string()))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
