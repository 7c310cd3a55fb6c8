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
    /// The same order id with the same text, sent within this time of the first sending, is answered
    /// as the first was, or with an error that says that the first is in progress; it makes nothing
    /// new. So a lost answer is fetched by sending again, whatever look-ups say. Half of the time for
    /// which the provider documents to remember a key: after it, the same key may pay again. `None`:
    /// the provider does not replay.
    #[serde(deserialize_with = "positive")]
    pub replays_for: Option<SignedDuration>,
    /// The provider remembers rejections under the key too: within `replays_for`, a rejection is
    /// the answer to every copy. Otherwise an earlier copy may have been accepted.
    pub replays_rejections: bool,
    /// For how long a copy of a request may still arrive at the provider.
    pub copy_lives_for: SignedDuration,
    /// The members of a request that each sending renews, such as a time stamp.
    pub volatile: Vec<String>,
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
    /// Two genuine look-ups this far apart make `failed` final; with `0s`, the first does. `None`: it
    /// is never final.
    #[serde(deserialize_with = "not_negative")]
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
    /// JSON Schema of the table `guarantees` in a configuration. The command puts it into the schema
    /// of every adapter.
    pub const SCHEMA: &str = include_str!("guarantees.schema.json");

    /// Refuses guarantees that contradict each other.
    ///
    /// * `resend_for` without a look-up by the order id. The same id may be sent again only after
    ///   a look-up that found no order, and a payment whose first response was lost has no other id.
    /// * `replays_for` beside a `volatile` member: a request that changes is no replay.
    /// * `replays_rejections` without `replays_for`.
    /// * A negative `copy_lives_for`.
    /// * [`Echo::ProviderReference`] where payments are not looked up by that alone, or beside
    ///   [`Echo::OrderId`], whose place it takes.
    ///
    /// # Errors
    /// The field, and the expected value.
    pub fn checked(&self) -> Result<(), Invalid> {
        if self.resend_for.is_some() && !self.find_by.by_order_id() {
            let why = "find_by is not order_id, so a payment whose answer was lost cannot be \
                       looked up, and must not be sent again";
            return Err(Invalid::unsupported("guarantees.resend_for", why));
        }
        if self.replays_for.is_some() && !self.volatile.is_empty() {
            let why = format!(
                "each sending renews {}, and a request that changes is not answered as the first",
                self.volatile.join(", ")
            );
            return Err(Invalid::unsupported("guarantees.replays_for", why));
        }
        if self.replays_rejections && self.replays_for.is_none() {
            return Err(Invalid::new("guarantees.replays_rejections", "replays_for beside it"));
        }
        if self.copy_lives_for.is_negative() {
            return Err(Invalid::new("guarantees.copy_lives_for", "a duration such as 1h"));
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

    /// Whether the same [`Prepared`](crate::Prepared) may be sent again to fetch a lost answer, this
    /// long after its first sending, whatever look-ups say. Before the first sending, as by a clock
    /// that was set back, it may not.
    ///
    /// ```
    /// use jiff::SignedDuration;
    /// use tulay_core::Guarantees;
    /// let mut guarantees = Guarantees::default();
    /// guarantees.replays_for = Some(SignedDuration::from_hours(12));
    /// assert!(guarantees.replays_after(SignedDuration::from_mins(5)));
    /// assert!(!guarantees.replays_after(SignedDuration::from_hours(12)));
    /// ```
    #[must_use]
    pub fn replays_after(&self, first_sending: SignedDuration) -> bool {
        !first_sending.is_negative() && self.replays_for.is_some_and(|time| first_sending < time)
    }

    /// What both guarantee: of each pair, the weaker promise. An attempt was sent under the guarantees
    /// of its day; when they change, it is judged by these. The version is that of `self`.
    #[must_use]
    pub fn stricter(&self, other: &Self) -> Self {
        fn shorter(
            one: Option<SignedDuration>,
            other: Option<SignedDuration>,
        ) -> Option<SignedDuration> {
            Some(one?.min(other?))
        }
        fn longer(
            one: Option<SignedDuration>,
            other: Option<SignedDuration>,
        ) -> Option<SignedDuration> {
            Some(one?.max(other?))
        }
        fn united<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Vec<T> {
            let more = other.iter().filter(|item| !one.contains(item));
            one.iter().chain(more).cloned().collect()
        }
        let volatile = united(&self.volatile, &other.volatile);
        let find_by = self.find_by.and(other.find_by);
        let resend_for = shorter(self.resend_for, other.resend_for);
        let replays_for = shorter(self.replays_for, other.replays_for);
        let replays_for = replays_for.filter(|_| volatile.is_empty());
        Self {
            version: self.version,
            resend_for: resend_for.filter(|_| find_by.by_order_id()),
            replays_for,
            replays_rejections: replays_for.is_some()
                && self.replays_rejections
                && other.replays_rejections,
            copy_lives_for: self.copy_lives_for.max(other.copy_lives_for),
            volatile,
            find_by,
            answers_signed: self.answers_signed || other.answers_signed,
            unsigned_rejections: self.unsigned_rejections && other.unsigned_rejections,
            anonymous_rejections: self.anonymous_rejections && other.anonymous_rejections,
            anonymous_notifications: self.anonymous_notifications && other.anonymous_notifications,
            failure_final_after: longer(self.failure_final_after, other.failure_final_after),
            payee_spacing: self.payee_spacing.max(other.payee_spacing),
            echoes: united(&self.echoes, &other.echoes),
        }
    }
}

impl Default for Guarantees {
    fn default() -> Self {
        Self {
            version: 0,
            resend_for: None,
            replays_for: None,
            replays_rejections: false,
            copy_lives_for: SignedDuration::from_hours(1),
            volatile: Vec::new(),
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

/// A duration longer than zero.
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

fn not_negative<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SignedDuration>, D::Error> {
    match Option::<SignedDuration>::deserialize(deserializer)? {
        Some(duration) if duration.is_negative() => {
            Err(D::Error::custom("expected a duration such as 10m, or 0s"))
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

impl FindBy {
    /// Whether a payment can be looked up by the id we gave it.
    #[must_use]
    pub const fn by_order_id(self) -> bool {
        matches!(self, Self::OrderId | Self::Both)
    }

    /// Whether a payment can be looked up by the id the provider gave it.
    #[must_use]
    pub const fn by_provider_reference(self) -> bool {
        matches!(self, Self::ProviderReference | Self::Both)
    }

    /// The ids that both look up by.
    const fn and(self, other: Self) -> Self {
        let ours = self.by_order_id() && other.by_order_id();
        match (ours, self.by_provider_reference() && other.by_provider_reference()) {
            (true, true) => Self::Both,
            (true, false) => Self::OrderId,
            (false, true) => Self::ProviderReference,
            (false, false) => Self::None,
        }
    }
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
            r#"{"find_by":"none","replays_for":"12h","replays_rejections":true}"#,
            r#"{"volatile":["timestamp"],"copy_lives_for":"0s"}"#,
        ] {
            assert_eq!(read(right), Ok(()), "{right}");
        }
        for (wrong, field) in [
            (r#"{"resend_for":"24h","find_by":"provider_reference"}"#, "guarantees.resend_for"),
            (r#"{"resend_for":"24h"}"#, "guarantees.resend_for"),
            (r#"{"replays_for":"12h","volatile":["timestamp"]}"#, "guarantees.replays_for"),
            (r#"{"replays_rejections":true}"#, "guarantees.replays_rejections"),
            (r#"{"copy_lives_for":"-1h"}"#, "guarantees.copy_lives_for"),
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
    fn the_stricter_guarantees_promise_what_both_do() {
        let read = |text: &str| serde_json::from_str::<Guarantees>(text).unwrap();
        let trusting = read(
            r#"{"version":3,"resend_for":"24h","replays_for":"12h","replays_rejections":true,
                "find_by":"both","failure_final_after":"10m","echoes":["order_id","amount"],
                "anonymous_notifications":true,"unsigned_rejections":true}"#,
        );
        assert_eq!(trusting.stricter(&trusting), trusting);
        let nothing = trusting.stricter(&Guarantees::default());
        let expected = Guarantees { version: 3, echoes: trusting.echoes.clone(), ..<_>::default() };
        assert_eq!(nothing, expected);
        let other = read(
            r#"{"resend_for":"1h","find_by":"order_id","failure_final_after":"1h","payee_spacing":"10m",
                "copy_lives_for":"2h","volatile":["timestamp"],"echoes":["amount","account"],
                "answers_signed":true}"#,
        );
        let both = trusting.stricter(&other);
        assert_eq!((both.resend_for, both.replays_for), (other.resend_for, None));
        assert_eq!((both.find_by, both.copy_lives_for), (FindBy::OrderId, other.copy_lives_for));
        assert_eq!(both.failure_final_after, other.failure_final_after);
        assert_eq!(both.echoes, [Echo::OrderId, Echo::Amount, Echo::Account]);
        assert!(both.answers_signed && !both.replays_rejections && !both.unsigned_rejections);
        assert_eq!((both.payee_spacing, both.checked()), (other.payee_spacing, Ok(())));
    }

    #[test]
    fn the_schema_lists_every_member() {
        let members = |value: serde_json::Value| -> Vec<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        let schema: serde_json::Value = serde_json::from_str(Guarantees::SCHEMA).unwrap();
        let stored = serde_json::to_value(Guarantees::default()).unwrap();
        assert_eq!(members(schema["properties"].clone()), members(stored));
    }

    #[test]
    fn empty_guarantees_trust_nothing() {
        let guarantees: Guarantees = serde_json::from_str("{}").unwrap();
        assert_eq!(guarantees, Guarantees::default());
        assert_eq!((guarantees.resend_for, guarantees.failure_final_after), (None, None));
        assert!(!guarantees.unsigned_rejections && !guarantees.anonymous_notifications);
        for wrong in [
            r#"{"resend":"24h"}"#,
            r#"{"failure_final_after":"-1h"}"#,
            r#"{"resend_for":"0s"}"#,
            r#"{"replays_for":"0s"}"#,
        ] {
            assert!(serde_json::from_str::<Guarantees>(wrong).is_err(), "{wrong}");
        }
    }
}
