//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes::CODES,
    envelope::{self, Keys},
    profile::NAME,
    settings::Settings,
};
use http::Method;
use tulay_adapter::{reply::Reply, request, trace};
use tulay_core::{AdapterContext, BaseUrl, Operation, Result};

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
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Reply> {
        let now = self.context.clock.now();
        let request = request::json(method, self.base_url.with(path), body.to_owned())
            .and_then(|request| envelope::seal(&self.keys, now, request));
        let request = request.map_err(|cause| {
            request::not_sent(operation, "base_url, path and keys make no request")
                .with_source(cause)
        })?;
        let http_response = request::send(&self.context, operation, request).await?;
        let (guarantees, members) = (&self.settings.guarantees, ["error", "message"]);
        let opened = CODES.open_unsigned(operation, guarantees, http_response, members);
        trace::exchange(NAME, operation, path, None, &opened);
        opened
    }
}
