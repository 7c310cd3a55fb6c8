//! One exchange: send the bytes, read the response, believe it as far as it goes.

use crate::{
    codes,
    envelope::{self, Keys},
    profile::Profile,
    settings::Settings,
};
use bytes::Bytes;
use http::{Method, Request, header};
use tulay_adapter::{reply::Reply, request};
use tulay_core::{AdapterContext, BaseUrl, Country, Error, Operation, OrderId, Result};

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// The profile of a country; an error when it is not the account's. Another account does not
    /// know the order, and its "no such order" would mean nothing.
    pub(crate) fn profile(
        &self,
        operation: Operation,
        country: Country,
    ) -> Result<&'static Profile> {
        let ours = Profile::of(country).filter(|_| country == self.settings.country);
        ours.ok_or_else(|| {
            let message = format!("this account is of {}, not of {country}", self.settings.country);
            Error::unsupported(operation, message).with_field("country")
        })
    }

    /// Sends the text that makes an order, once.
    pub(crate) async fn post(
        &self,
        operation: Operation,
        path: &str,
        order_id: &OrderId,
        body: &str,
    ) -> Result<Reply> {
        let url = self.base_url.with(path);
        let request = request::json(Method::POST, url, body.to_owned());
        self.exchange(operation, Some(order_id), request).await
    }

    /// Asks for something, of an order where one is named.
    pub(crate) async fn get(
        &self,
        operation: Operation,
        order_id: Option<&OrderId>,
        path: &str,
        query: &str,
    ) -> Result<Reply> {
        let request = Request::get(self.base_url.with(&format!("{path}{query}")));
        let request = request.header(header::ACCEPT, "application/json").body(Bytes::new());
        self.exchange(operation, order_id, request).await
    }

    /// Nothing in a response is signed: only the channel vouches for it.
    async fn exchange(
        &self,
        operation: Operation,
        order_id: Option<&OrderId>,
        request: Result<Request<Bytes>, http::Error>,
    ) -> Result<Reply> {
        let secret_key = self.keys.secret_key();
        let secret_key =
            secret_key.ok_or_else(|| request::not_sent(operation, "the keys are not loaded"))?;
        let key = order_id.filter(|_| operation.writes());
        let request =
            request.and_then(|request| envelope::seal(operation, secret_key, key, request));
        let (guarantees, members) = (&self.settings.guarantees, ["error_code", "message"]);
        let table = codes::table(operation);
        table.exchange(&self.context, operation, order_id, guarantees, request, members).await
    }
}
