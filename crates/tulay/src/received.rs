//! Receiving notifications: which provider sent one, what it says, and what is true.

use crate::Tulay;
use bytes::Bytes;
use std::{error, fmt, sync::Arc};
use tulay_core::{
    Authenticity, Error, ErrorKind, Found, Handling, Lookup, Notification, Observation, Operation,
    Provider, ProviderExt, ProviderId, Result, Verified, WebhookRequest, Webhooks,
};

/// A verified message of a provider.
pub struct Received<'t> {
    provider: &'t Arc<dyn Provider>,
    webhooks: &'t dyn Webhooks,
    verified: Verified<Vec<Notification>>,
}

/// Why a request to the webhook is not read: no provider has its address, or it does not verify.
pub struct NotReceived<'t> {
    webhooks: Option<&'t dyn Webhooks>,
    error: Error,
}

impl Tulay {
    /// Verifies a request to the webhook and reads its notifications. The path names the provider
    /// before the operation: `/notify/starpay/payout`, or `/notify/starpay/…/payout` where the
    /// address has a part of its own.
    ///
    /// # Errors
    /// [`NotReceived`], with the HTTP response to give.
    pub fn receive(&self, request: &WebhookRequest) -> Result<Received<'_>, NotReceived<'_>> {
        let mut parts = request.target.path().rsplit('/').skip(1).take(2);
        let provider = parts.find_map(|name| self.provider(&ProviderId::new(name).ok()?));
        let Some((provider, webhooks)) = provider.and_then(|p| Some((p, p.roles().webhooks?)))
        else {
            let message = "no provider of the configuration has this address";
            let error = Error::new(Operation::Notification, ErrorKind::Unsupported, message);
            return Err(NotReceived { webhooks: None, error });
        };
        match webhooks.open(request) {
            Ok(verified) => Ok(Received { provider, webhooks, verified }),
            Err(error) => Err(NotReceived { webhooks: Some(webhooks), error }),
        }
    }
}

impl<'t> Received<'t> {
    /// The provider that sent it.
    #[must_use]
    pub const fn provider(&self) -> &'t Arc<dyn Provider> {
        self.provider
    }

    /// What it says; one message may hold several notifications.
    #[must_use]
    pub fn notifications(&self) -> &[Notification] {
        self.verified.get()
    }

    /// How much it proves by itself. In doubt, [`confirm`](Self::confirm).
    #[must_use]
    pub const fn authenticity(&self) -> Authenticity {
        self.verified.authenticity()
    }

    /// Looks up the order of a notification, once, by the look-up that was stored when the order
    /// was made. The notification says that the order changed; the result says how it is. `None`
    /// when the provider does not know the order, and for payments of static codes.
    ///
    /// # Errors
    /// Any kind, always `Unknown`. [`acknowledge`](Self::acknowledge) it as `Busy`, so that the
    /// provider sends it again.
    pub async fn confirm(
        &self,
        notification: &Notification,
        lookup: &Lookup,
    ) -> Result<Option<Notification>> {
        let provider = self.provider;
        Ok(match notification {
            Notification::Payout(_) => {
                let payout = found(provider.payouts()?.find(lookup).await?);
                named(payout, lookup, Operation::PayoutFind)?.map(Notification::Payout)
            }
            Notification::Collection(_) => {
                let collection = found(provider.collections()?.find(lookup).await?);
                let collection = collection.map(|collection| collection.observation);
                named(collection, lookup, Operation::CollectionFind)?.map(Notification::Collection)
            }
            Notification::Refund(_) => {
                let refund = found(provider.refunds()?.find(lookup).await?);
                named(refund, lookup, Operation::RefundFind)?.map(Notification::Refund)
            }
            _ => None,
        })
    }

    /// The response that the provider expects, byte for byte.
    #[must_use]
    pub fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        self.webhooks.acknowledge(handling)
    }
}

impl NotReceived<'_> {
    /// The HTTP response to give: 404 for an unknown provider, and what the provider expects for a
    /// message that does not verify.
    #[must_use]
    pub fn response(&self) -> http::Response<Bytes> {
        match self.webhooks {
            Some(webhooks) => webhooks.acknowledge(Handling::Rejected),
            None => {
                let mut response = http::Response::new(Bytes::new());
                *response.status_mut() = http::StatusCode::NOT_FOUND;
                response
            }
        }
    }

    /// Why: for the log.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Debug for NotReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotReceived({:?})", self.error)
    }
}

impl fmt::Display for NotReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl error::Error for NotReceived<'_> {}

impl fmt::Debug for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({}, {:?})", self.provider.id(), self.notifications())
    }
}

/// The order, if the response names it, whatever the adapter checked.
fn named<S>(
    order: Option<Observation<S>>,
    lookup: &Lookup,
    operation: Operation,
) -> Result<Option<Observation<S>>> {
    if order.as_ref().is_none_or(|order| order.names(lookup)) {
        return Ok(order);
    }
    Err(Error::new(operation, ErrorKind::Unrelated, "the response does not name the order"))
}

fn found<T>(found: Found<T>) -> Option<T> {
    match found {
        Found::Found(order) => Some(order),
        Found::Absent(_) => None,
    }
}
