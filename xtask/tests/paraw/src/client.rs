//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes::CODES,
    envelope::{self, Keys},
    profile::NAME,
    settings::Settings,
};
use bytes::Bytes;
use http::{Method, Request};
use tulay_adapter::{
    reply::Reply,
    request::{self, path_segment, with_order_id},
};
use tulay_core::{AdapterContext, BaseUrl, Found, Lookup, Operation, OrderId, Result};

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
        self.exchange(operation, order_id, request).await
    }

    pub(crate) async fn get(
        &self,
        operation: Operation,
        order_id: &OrderId,
        path: &str,
    ) -> Result<Reply> {
        let request = request::json(Method::GET, self.base_url.with(path), "");
        self.exchange(operation, order_id, request).await
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
            Some(_) => format!("{path}/{}", path_segment(NAME, operation, id)?),
            None => format!("{path}?reference={}", lookup.order_id),
        };
        match self.get(operation, &lookup.order_id, &path).await {
            Ok(reply) if id.is_none() => reply.only_row(),
            Ok(reply) => Ok(Found::Found(reply)),
            Err(error) => self.settings.not_found().absent(error).map(Found::Absent),
        }
    }

    /// Sends one request, once. Nothing in a response is signed: only the channel vouches for it.
    async fn exchange(
        &self,
        operation: Operation,
        order_id: &OrderId,
        request: Result<Request<Bytes>, http::Error>,
    ) -> Result<Reply> {
        let now = self.context.clock.now();
        let request = request.and_then(|request| envelope::seal(&self.keys, now, request));
        let (guarantees, members) = (&self.settings.guarantees, ["error", "message"]);
        let order_id = Some(order_id);
        CODES.exchange(&self.context, operation, order_id, guarantees, request, members).await
    }
}
