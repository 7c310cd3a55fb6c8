//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes::{CODES, NO_SUCH_ORDER},
    envelope::{self, Keys},
    settings::Settings,
};
use bytes::Bytes;
use http::{Method, Request};
use tulay_adapter::{
    reply::Reply,
    request::{self, with_order_id},
};
use tulay_core::{
    AdapterContext, BaseUrl, Error, ErrorKind, Found, Lookup, Operation, OrderId,
    ProviderReference, Result,
};

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// Sends a creating request, once. Its idempotency key is the order id: every sending of the
    /// order has the same, and no other order has it.
    pub(crate) async fn post(
        &self,
        operation: Operation,
        order_id: &OrderId,
        path: &str,
        body: &str,
    ) -> Result<Reply> {
        let request = request::json(Method::POST, self.base_url.with(path), body.to_owned());
        let request =
            request.and_then(|request| with_order_id(request, "idempotency-key", Some(order_id)));
        self.exchange(operation, request).await
    }

    pub(crate) async fn get(&self, operation: Operation, path: &str) -> Result<Reply> {
        self.exchange(operation, request::json(Method::GET, self.base_url.with(path), "")).await
    }

    /// Looks an order up by Paraw's id, where it is known; else by ours, which is answered by a list.
    pub(crate) async fn look_up(
        &self,
        operation: Operation,
        path: &str,
        lookup: &Lookup,
    ) -> Result<Found<Reply>> {
        let id = lookup.provider_reference.as_ref();
        let path = match id {
            Some(id) => format!("{path}/{}", segment(operation, id)?),
            None => format!("{path}?reference={}", lookup.order_id),
        };
        match self.get(operation, &path).await {
            Ok(reply) if id.is_none() => reply.only_row(),
            Ok(reply) => Ok(Found::Found(reply)),
            Err(error) => CODES.absent(error, NO_SUCH_ORDER).map(Found::Absent),
        }
    }

    /// Sends one request, once. Nothing in a response is signed: only the channel vouches for it.
    async fn exchange(
        &self,
        operation: Operation,
        request: Result<Request<Bytes>, http::Error>,
    ) -> Result<Reply> {
        let now = self.context.clock.now();
        let request = request.and_then(|request| envelope::seal(&self.keys, now, request));
        let (guarantees, members) = (&self.settings.guarantees, ["error", "message"]);
        CODES.exchange(&self.context, operation, guarantees, request, members).await
    }
}

/// An id of Paraw's as it can stand in a path.
pub(crate) fn segment(operation: Operation, id: &ProviderReference) -> Result<&str> {
    id.path_segment().ok_or_else(|| {
        let error = Error::new(operation, ErrorKind::State, "paraw's id cannot stand in a path");
        error.with_field("provider_reference")
    })
}
