//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes::CODES,
    envelope::{self, Keys},
    settings::Settings,
};
use http::Method;
use tulay_adapter::{reply::Reply, request};
use tulay_core::{AdapterContext, BaseUrl, Operation, OrderId, Result};

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// Sends one request, once. Nothing in a response is signed: only the channel vouches for it.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        order_id: &OrderId,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Reply> {
        let now = self.context.clock.now();
        let request = request::json(method, self.base_url.with(path), body.to_owned())
            .and_then(|request| envelope::seal(&self.keys, now, request));
        let (guarantees, members) = (&self.settings.guarantees, ["error", "message"]);
        let order_id = Some(order_id);
        CODES.exchange(&self.context, operation, order_id, guarantees, request, members).await
    }
}
