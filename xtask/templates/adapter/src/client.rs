//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes,
    envelope::{self, Keys},
    profile::NAME,
    settings::Settings,
    wire::Head,
};
use bytes::Bytes;
use http::{Method, Response};
use tulay_adapter::{json, reply::Reply, request, trace};
use tulay_core::{AdapterContext, Answer, BaseUrl, Error, ErrorKind, Operation, Result, Trust};

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// Sends one request, once.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Reply> {
        let request = envelope::seal(self, method, path, body).map_err(|cause| {
            request::not_sent(operation, "base_url, path and keys make no request").because(cause)
        })?;
        let response = request::send(&self.context, operation, request).await?;
        let opened = self.open(operation, response);
        trace::exchange(NAME, operation, path, None, &opened);
        opened
    }

    /// Nothing in a response is signed: only the channel vouches for it.
    fn open(&self, operation: Operation, response: Response<Bytes>) -> Result<Reply> {
        let (parts, body) = response.into_parts();
        let mut answer = Answer::new(parts.status, Trust::Channel, body.clone());
        let Some(head) = json::object::<Head>(&body) else {
            let message = "the answer is not one of kawayan's";
            return Err(Error::new(operation, ErrorKind::Unexpected, message).answered(answer));
        };
        answer.code = head.error;
        answer.message = head.message;
        if answer.code.is_none() && parts.status.is_success() {
            let text = String::from_utf8(body.into()).ok();
            return Ok(Reply::new(NAME, operation, answer, text));
        }
        let contract = &self.settings.contract;
        if !(contract.unsigned_refusals && contract.anonymous_refusals) {
            let message = "the answer is not signed, and names nothing that it answers";
            return Err(Error::new(operation, ErrorKind::Signature, message).answered(answer));
        }
        Err(codes::error(operation, answer))
    }
}
