//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes,
    envelope::{self, Keys},
    profile::NAME,
    settings::Settings,
    wire::Answer,
};
use bytes::Bytes;
use http::{Request, Response};
use tulay_adapter::{
    codes::trusted_rejection,
    foreign::foreign,
    json,
    reply::Reply,
    request::{self, path_segment},
    trace,
};
use tulay_core::{
    AdapterContext, BaseUrl, Operation, OrderId, ProviderReference, ProviderResponse, Result, Trust,
};

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
        self.exchange(operation, path, key, request).await
    }

    /// Asks for something.
    pub(crate) async fn get(&self, operation: Operation, path: &str) -> Result<Reply> {
        let request = request::get(operation, self.base_url.with(path))?;
        self.exchange(operation, path, None, request).await
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

    async fn exchange(
        &self,
        operation: Operation,
        path: &str,
        key: Option<&OrderId>,
        request: Request<Bytes>,
    ) -> Result<Reply> {
        let request = envelope::seal(operation, &self.keys, key, request)?;
        let http_response = request::send(&self.context, operation, request).await?;
        let opened = self.open(operation, http_response);
        trace::exchange(NAME, operation, path, key.map(OrderId::as_str), &opened);
        opened
    }

    /// Nothing in a response is signed: only the channel vouches for it. The reply's text is `data`.
    fn open(&self, operation: Operation, http_response: Response<Bytes>) -> Result<Reply> {
        let (parts, body) = http_response.into_parts();
        let mut response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
        match json::object::<Answer<'_>>(&body) {
            Some(Answer { data: Some(data), errors: None }) if parts.status.is_success() => {
                let text = Some(data.get().to_owned());
                Ok(Reply::new(NAME, operation, response, text))
            }
            Some(Answer { data: None, errors: Some(faults) }) if !faults.is_empty() => {
                let decisive = codes::decisive(operation, &faults);
                response.code = decisive.map(|fault| fault.code.0.to_string());
                response.message = decisive.and_then(|f| f.detail.as_str()).map(str::to_owned);
                let guarantees = &self.settings.guarantees;
                let response = trusted_rejection(operation, guarantees, response)?;
                Err(codes::error_of(operation, response))
            }
            _ => Err(foreign(NAME, operation, &parts.headers, response)),
        }
    }
}
