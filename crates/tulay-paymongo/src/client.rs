//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes,
    envelope::{self, Keys},
    profile::NAME,
    settings::Settings,
    wire::Answer,
};
use bytes::Bytes;
use http::Request;
use tulay_adapter::{
    json,
    reply::Reply,
    request::{self, path_segment},
    unsigned::{self, Fault, Outcome},
};
use tulay_core::{AdapterContext, BaseUrl, Operation, OrderId, ProviderReference, Result};

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// Sends a text, once. With `key`, the order id is the key against duplicates.
    pub(crate) async fn post(
        &self,
        operation: Operation,
        path: &str,
        key: Option<&OrderId>,
        body: String,
    ) -> Result<Reply> {
        let request = request::post_json(operation, self.base_url.with(path), body.into())?;
        self.exchange(operation, key, request).await
    }

    /// Asks for something.
    pub(crate) async fn get(&self, operation: Operation, path: &str) -> Result<Reply> {
        let request = request::get(operation, self.base_url.with(path))?;
        self.exchange(operation, None, request).await
    }

    /// Looks something up by the provider's own id.
    pub(crate) async fn find(
        &self,
        operation: Operation,
        path: &str,
        id: Option<&ProviderReference>,
    ) -> Result<Reply> {
        let path = format!("{path}/{}", path_segment(NAME, operation, id)?);
        self.get(operation, &path).await
    }

    /// Nothing in a response is signed: only the channel vouches for it.
    async fn exchange(
        &self,
        operation: Operation,
        key: Option<&OrderId>,
        request: Request<Bytes>,
    ) -> Result<Reply> {
        let request = envelope::seal(operation, &self.keys, key, request)?;
        let (context, guarantees) = (&self.context, &self.settings.guarantees);
        let not_found = self.settings.not_found();
        let error = |faults: &[Fault<'_>], response| {
            codes::error_of(operation, not_found, faults, response)
        };
        unsigned::exchange(NAME, context, operation, guarantees, Ok(request), outcome, error).await
    }
}

/// What an answer is: a thing, or errors (developer-tools-error-handling).
fn outcome(body: &[u8]) -> Option<Outcome<'_>> {
    match json::object::<Answer<'_>>(body)? {
        Answer { data: Some(data), errors: None } => Some(Outcome::Done(data.get())),
        Answer { data: None, errors: Some(faults) } => Some(Outcome::Failed(faults)),
        Answer { .. } => None,
    }
}
