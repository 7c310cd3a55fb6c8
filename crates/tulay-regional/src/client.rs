//! One exchange: stamp the text, sign it, send it, read what comes back.

use crate::{
    codes::{self, SUCCESS},
    envelope::{self, Answered},
    profile::{NAME, Profile},
    settings::Settings,
    wire::Order,
};
use bytes::Bytes;
use http::Response;
use tulay_adapter::{
    foreign::foreign, json::Reader, keys, notify_url::notify_url, reply::Reply, request, trace,
};
use tulay_core::{
    AdapterContext, BaseUrl, Country, Error, ErrorKind, Operation, OrderId, ProviderResponse,
    Result, Trust,
};
use tulay_crypto::Keys;

/// Longest `notifyUrl`, in characters (2.2.1).
const LONGEST_NOTIFY_URL: usize = 256;

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
    /// The profile of a country; an error when it is not configured.
    pub(crate) fn profile(
        &self,
        operation: Operation,
        country: Country,
    ) -> Result<&'static Profile> {
        let configured =
            Profile::of(country).filter(|_| self.settings.countries.contains(&country));
        configured.ok_or_else(|| {
            let message = format!("{country} is not among the countries configured");
            Error::unsupported(operation, message).with_field("countries")
        })
    }

    /// Where notifications of an order arrive, which the provider asks for.
    pub(crate) fn notify_url(&self, operation: Operation, order_id: &OrderId) -> Result<String> {
        let url = notify_url(&self.context, operation, order_id);
        url.filter(|url| url.len() <= LONGEST_NOTIFY_URL).ok_or_else(|| {
            let message = "regional asks for an address that it can notify (notify_url), of at \
                           most 256 characters";
            request::not_sent(operation, message).with_field("notify_url")
        })
    }

    /// Sends a prepared text, once. The path may name the country; `order_id` is of the order that
    /// it is about.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        path: &str,
        order_id: Option<&OrderId>,
        prepared: &str,
    ) -> Result<Reply> {
        let param = envelope::stamped(prepared, self.context.clock.now())
            .ok_or_else(|| request::not_sent(operation, "what was prepared is no request"))?;
        let signature = keys::sign(&self.keys, operation, &param).await?;
        let body = envelope::seal(&self.settings.app_id, &param, &signature);
        let request = request::post_json(operation, self.base_url.with(path), body)?;
        let http_response = request::send(&self.context, operation, request).await?;
        let opened = self.open(operation, order_id, http_response);
        trace::exchange(NAME, operation, path, order_id.map(OrderId::as_str), &opened);
        opened
    }

    /// Believes an answer as far as the guarantees go: nothing in it is signed.
    fn open(
        &self,
        operation: Operation,
        order_id: Option<&OrderId>,
        http_response: Response<Bytes>,
    ) -> Result<Reply> {
        let (parts, body) = http_response.into_parts();
        let mut response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
        let Some(answered) = Answered::cut(&body) else {
            return Err(foreign(NAME, operation, &parts.headers, response));
        };
        response.code = Some(answered.code.into_string());
        response.message = answered.message.into_string();
        let data = answered.data.map(|data| data.get().to_owned());
        if response.code.as_deref() == Some(SUCCESS) && parts.status.is_success() {
            return Ok(Reply::new(NAME, operation, response, data));
        }
        if let Some(order_id) = order_id {
            let doubt = self.doubt(operation, order_id, data.as_deref(), &response);
            if let Some(error) = doubt {
                return Err(error);
            }
        }
        Err(codes::error_of(operation, response))
    }

    /// Why a rejection of something about an order proves nothing, if it does not.
    fn doubt(
        &self,
        operation: Operation,
        order_id: &OrderId,
        data: Option<&str>,
        response: &ProviderResponse,
    ) -> Option<Error> {
        let guarantees = &self.settings.guarantees;
        let fail = |kind, message| {
            Some(Error::new(operation, kind, message).with_response(response.clone()))
        };
        if !guarantees.unsigned_rejections {
            return fail(ErrorKind::Signature, "the answer is not signed");
        }
        let named = data.and_then(|data| {
            let order = Reader::new(NAME, operation).read::<Order<'_>>(data).ok()?;
            let refund = matches!(operation, Operation::Refund | Operation::RefundFind);
            if refund { order.of_refund().mch_order_id } else { order.mch_order_id }.into_string()
        });
        match named {
            Some(id) if id != order_id.as_str() => {
                fail(ErrorKind::Unrelated, "the answer is about another order")
            }
            None if !guarantees.anonymous_rejections => {
                let message = "the mchOrderId of what it answers is missing";
                let error =
                    Error::new(operation, ErrorKind::Unrelated, message).with_field("mchOrderId");
                Some(error.with_response_from(NAME, response.clone()))
            }
            _ => None,
        }
    }
}
