//! Notifications.

use super::shown_word;
use serde::Serialize;
use tulay_core::{
    Authenticity, Money, Notification, OrderId, ProviderId, ProviderReference, Status,
};

/// A notification as JSON, as `tulay listen` prints it and hands it on. It has no personal data.
///
/// ```
/// use tulay::{ProviderId, json::NotificationJson, webhook::{Authenticity, Notification}};
/// let provider = ProviderId::new("starpay")?;
/// let json = NotificationJson::new(&provider, &Notification::Unreadable, Authenticity::Signed);
/// let expected = r#"{"kind":"unreadable","provider":"starpay","proof":"evidence"}"#;
/// assert_eq!(serde_json::to_string(&json)?, expected);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotificationJson {
    /// `payout`, `collection`, `incoming_payment`, `refund`, `unmatched` or `unreadable`.
    pub kind: &'static str,
    /// The provider that sent it.
    pub provider: ProviderId,
    /// The order id that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// The provider's own id of the order or payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_reference: Option<ProviderReference>,
    /// The status' name; the provider's own as [`shown_word`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The amount. The message may not state the currency; then each amount that it can mean is listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<Money>,
    /// `evidence`, or `hint`: look the order up.
    pub proof: &'static str,
}

impl NotificationJson {
    /// A notification of a provider, and how much it proves.
    #[must_use]
    pub fn new(
        provider: &ProviderId,
        notification: &Notification,
        authenticity: Authenticity,
    ) -> Self {
        let (kind, status) = kind_and_status(notification);
        Self {
            kind,
            provider: provider.clone(),
            order_id: notification.order_id().cloned(),
            provider_reference: notification.provider_reference().cloned(),
            status,
            amounts: notification.amount().map_or_else(Vec::new, |amount| amount.all().to_vec()),
            proof: if authenticity.is_evidence() { "evidence" } else { "hint" },
        }
    }

    /// The name of the event: `payout.succeeded`, `unreadable`.
    #[must_use]
    pub fn event(&self) -> String {
        match &self.status {
            Some(status) => format!("{}.{status}", self.kind),
            None => self.kind.to_owned(),
        }
    }
}

fn kind_and_status(notification: &Notification) -> (&'static str, Option<String>) {
    match notification {
        Notification::Payout(payout) => ("payout", Some(word(&payout.status))),
        Notification::Collection(collection) => ("collection", Some(word(&collection.status))),
        Notification::IncomingPayment(payment) => {
            ("incoming_payment", Some(word(&payment.observation.status)))
        }
        Notification::Refund(refund) => ("refund", Some(word(&refund.status))),
        Notification::Unmatched { observation, .. } => {
            ("unmatched", Some(shown_word(&observation.status).to_owned()))
        }
        _ => ("unreadable", None),
    }
}

fn word(status: &impl Status) -> String {
    status.unknown().map_or_else(|| status.to_string(), |word| shown_word(word).to_owned())
}
