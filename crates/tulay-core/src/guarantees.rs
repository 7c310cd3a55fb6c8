//! What a provider guarantees: how far the journal may rely on its responses.

use crate::invalid::Invalid;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// What a provider guarantees. `default()` trusts nothing: an order id is never sent again, no failure
/// is ever final, and no unsigned or anonymous message counts. A guarantee that a configuration leaves
/// out is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Guarantees {
    /// Increases with every change; a stored payment names the version that it was sent under.
    pub version: u32,
    /// An order id makes at most one order, whatever its state, for this long after the first
    /// sending. So long, the same id may be sent again. `None`: never.
    #[serde(deserialize_with = "positive")]
    pub resend_for: Option<SignedDuration>,
    /// Which id a payment can be looked up by.
    pub find_by: FindBy,
    /// Genuine responses are signed.
    pub answers_signed: bool,
    /// A rejection counts without a signature, whether or not other responses are signed.
    pub unsigned_rejections: bool,
    /// A rejection counts if it does not name the request.
    pub anonymous_rejections: bool,
    /// Notifications that do not name the merchant account are read, as hints: each is a reason for
    /// one look-up and proves nothing.
    pub anonymous_notifications: bool,
    /// Two genuine look-ups this far apart make `failed` final. `None`: it is never final.
    #[serde(deserialize_with = "positive")]
    pub failure_final_after: Option<SignedDuration>,
    /// Payouts to one beneficiary are rejected within this time of each other.
    #[serde(deserialize_with = "positive")]
    pub payee_spacing: Option<SignedDuration>,
    /// The fields of the request that responses and notifications repeat, so that they can be
    /// compared. A message without one of them sets no final status. Without the order id, or the
    /// provider reference in its place, no message does.
    pub echoes: Vec<Echo>,
}

impl Guarantees {
    /// Refuses guarantees that contradict each other.
    ///
    /// * `resend_for` without a look-up by the order id. The same id may be sent again only after
    ///   a look-up that found no order, and a payment whose first response was lost has no other id.
    /// * [`Echo::ProviderReference`] where payments are not looked up by that alone, or beside
    ///   [`Echo::OrderId`], whose place it takes.
    ///
    /// # Errors
    /// The field, and the expected value.
    pub fn checked(&self) -> Result<(), Invalid> {
        let by_order_id = matches!(self.find_by, FindBy::OrderId | FindBy::Both);
        if self.resend_for.is_some() && !by_order_id {
            let why = "find_by is not order_id, so a payment whose answer was lost cannot be \
                       looked up, and must not be sent again";
            return Err(Invalid::unsupported("guarantees.resend_for", why));
        }
        let by_theirs = self.echoes.contains(&Echo::ProviderReference);
        if by_theirs && self.find_by != FindBy::ProviderReference {
            let expected = "provider_reference only where find_by = \"provider_reference\"";
            return Err(Invalid::new("guarantees.echoes", expected));
        }
        if by_theirs && self.echoes.contains(&Echo::OrderId) {
            let expected = "order_id, or provider_reference in its place, and not both";
            return Err(Invalid::new("guarantees.echoes", expected));
        }
        Ok(())
    }
}

impl Default for Guarantees {
    fn default() -> Self {
        Self {
            version: 0,
            resend_for: None,
            find_by: FindBy::None,
            answers_signed: false,
            unsigned_rejections: false,
            anonymous_rejections: false,
            anonymous_notifications: false,
            failure_final_after: None,
            payee_spacing: None,
            echoes: Vec::new(),
        }
    }
}

/// A duration longer than zero: two look-ups at once are one.
fn positive<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    match Option::<SignedDuration>::deserialize(deserializer)? {
        Some(duration) if duration <= SignedDuration::ZERO => {
            Err(D::Error::custom("expected a duration longer than nothing, such as 10m"))
        }
        duration => Ok(duration),
    }
}

/// A field of the request that a response repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Echo {
    /// The order id.
    OrderId,
    /// The amount.
    Amount,
    /// The currency.
    Currency,
    /// The merchant account. A notification is evidence only where the guarantees list it: either
    /// notifications name the account, or their signing key is this account's alone.
    Account,
    /// The beneficiary.
    Beneficiary,
    /// The provider's own id, in place of the order id: payments are looked up by it alone, and
    /// responses may repeat nothing else. It identifies the order only in the response to a look-up
    /// that carries it. There it stands for the order id and the amount, since the provider returned
    /// it for the request that named both. It does not identify a notification.
    ///
    /// So it must be stored only from the result of `create`, or from
    /// [`Error::provider_reference`](crate::Error::provider_reference), and never from a hint or a
    /// notification. It is unique per merchant account: a second order with the same id is a
    /// contradiction that a person has to resolve, and sets no final status of either.
    ProviderReference,
}

/// Which id a payment can be looked up by. If it is only the provider's, a payment whose first
/// response was lost can never be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "these are all there are")]
pub enum FindBy {
    /// By the id we gave it.
    OrderId,
    /// By the id the provider gave it.
    ProviderReference,
    /// By either.
    Both,
    /// Not at all.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradicting_guarantees_are_refused() {
        let read = |text: &str| serde_json::from_str::<Guarantees>(text).unwrap().checked();
        for right in [
            "{}",
            r#"{"failure_final_after":"10m"}"#,
            r#"{"resend_for":"24h","find_by":"order_id","failure_final_after":"10m","echoes":["order_id"]}"#,
            r#"{"resend_for":"24h","find_by":"both"}"#,
            r#"{"find_by":"provider_reference","failure_final_after":"10m","echoes":["provider_reference"]}"#,
            r#"{"find_by":"provider_reference","echoes":["order_id","amount"]}"#,
        ] {
            assert_eq!(read(right), Ok(()), "{right}");
        }
        for (wrong, field) in [
            (r#"{"resend_for":"24h","find_by":"provider_reference"}"#, "guarantees.resend_for"),
            (r#"{"resend_for":"24h"}"#, "guarantees.resend_for"),
            (r#"{"find_by":"order_id","echoes":["provider_reference"]}"#, "guarantees.echoes"),
            (r#"{"find_by":"both","echoes":["provider_reference"]}"#, "guarantees.echoes"),
            (
                r#"{"find_by":"provider_reference","echoes":["order_id","provider_reference"]}"#,
                "guarantees.echoes",
            ),
        ] {
            assert_eq!(read(wrong).unwrap_err().field(), field, "{wrong}");
        }
    }

    #[test]
    fn empty_guarantees_trust_nothing() {
        let guarantees: Guarantees = serde_json::from_str("{}").unwrap();
        assert_eq!(guarantees, Guarantees::default());
        assert_eq!((guarantees.resend_for, guarantees.failure_final_after), (None, None));
        assert!(!guarantees.unsigned_rejections && !guarantees.anonymous_notifications);
        for wrong in [
            r#"{"resend":"24h"}"#,
            r#"{"failure_final_after":"0s"}"#,
            r#"{"failure_final_after":"-1h"}"#,
        ] {
            assert!(serde_json::from_str::<Guarantees>(wrong).is_err(), "{wrong}");
        }
    }
}
