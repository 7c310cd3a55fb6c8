//! One exchange: stamp the text, sign it, send it, read what comes back.

use crate::{
    envelope::{self, Answered},
    error::{self, SUCCESS},
    profile::{NAME, Profile},
    settings::Settings,
    wire::{Order, Text},
};
use bytes::Bytes;
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::value::RawValue;
use tulay_core::{
    AdapterContext, Answer, BaseUrl, Country, Effect, Error, ErrorKind, Operation, OrderId, Result,
    Trust,
};
use tulay_crypto::Keys;

/// An answer of code 10000.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    operation: Operation,
    data: Option<String>,
}

impl Reply {
    /// The business data, which is an object.
    pub(crate) fn data<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        let data = match &self.data {
            Some(data) => read(self.operation, data),
            None => {
                let error = Error::new(self.operation, ErrorKind::Unexpected, "there is no data");
                return Err(error.at("data").with_response_from(NAME, self.answer.clone()));
            }
        };
        data.map_err(|error| error.answered(self.answer.clone()))
    }

    /// The business data, which is a list of objects.
    pub(crate) fn rows<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>> {
        let fail = |message: &'static str| {
            let error = Error::new(self.operation, ErrorKind::Unexpected, message).at("data");
            error.answered(self.answer.clone())
        };
        let data = self.data.as_deref().ok_or_else(|| fail("regional's answer has no list"))?;
        let rows: Vec<&'a RawValue> =
            serde_json::from_str(data).map_err(|_| fail("regional's data is no list"))?;
        let row = |row: &'a RawValue| read(self.operation, row.get());
        let rows: Result<Vec<T>> = rows.into_iter().map(row).collect();
        rows.map_err(|error| error.answered(self.answer.clone()))
    }
}

/// An account's way to the platform.
pub(crate) struct Connection {
    pub(crate) settings: Settings,
    pub(crate) profiles: Vec<&'static Profile>,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Connection {
    /// The profile of a country that is configured.
    pub(crate) fn profile(&self, country: Country) -> Option<&'static Profile> {
        self.profiles.iter().copied().find(|profile| profile.country == country)
    }

    /// Sends a prepared text, once. `path` may name the country; `order_id` is the order's that it
    /// is about.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        path: &str,
        order_id: Option<&OrderId>,
        prepared: &str,
    ) -> Result<Reply> {
        let not_sent = |message: &'static str| {
            Error::new(operation, ErrorKind::Configuration, message).effect_is(Effect::NotSent)
        };
        let param = envelope::stamped(prepared, self.context.clock.now())
            .ok_or_else(|| not_sent("what was prepared is no request"))?;
        let signature = self.keys.signer.sign(param.as_bytes()).await;
        let signature = signature
            .map_err(|cause| not_sent("the request could not be signed").because(cause))?;
        let request = http::Request::post(self.base_url.with(path))
            .header(header::CONTENT_TYPE, "application/json")
            .body(envelope::seal(&self.settings.app_id, &param, &signature))
            .map_err(|cause| not_sent("base_url and path make no address").because(cause))?;

        let response = self.context.transport.send(request).await;
        let response = response.map_err(|failure| Error::transport(operation, failure))?;
        let status = response.status();
        let opened = self.open(operation, order_id, response);
        log(operation, path, order_id, status, &opened);
        opened
    }

    /// Believes an answer as far as the contract goes: nothing in it is signed.
    fn open(
        &self,
        operation: Operation,
        order_id: Option<&OrderId>,
        response: http::Response<Bytes>,
    ) -> Result<Reply> {
        let (parts, body) = response.into_parts();
        let mut answer = Answer::new(parts.status, Trust::Channel, body.clone());
        let Some(answered) = Answered::cut(&body) else {
            let message = "the answer is not one of regional's";
            return Err(Error::new(operation, ErrorKind::Unexpected, message).answered(answer));
        };
        answer.code = Some(answered.code.into_string());
        answer.message = answered.message.map(Text::into_string);
        let data = answered.data.map(|data| data.get().to_owned());
        if answer.code.as_deref() == Some(SUCCESS) && parts.status.is_success() {
            return Ok(Reply { answer, operation, data });
        }
        if let Some(order_id) = order_id {
            let doubt = self.doubt(operation, order_id, data.as_deref(), &answer);
            if let Some(error) = doubt {
                return Err(error);
            }
        }
        Err(error::refusal(operation, answer))
    }

    /// Why a refusal of something about an order proves nothing, if it does not.
    fn doubt(
        &self,
        operation: Operation,
        order_id: &OrderId,
        data: Option<&str>,
        answer: &Answer,
    ) -> Option<Error> {
        let contract = &self.settings.contract;
        let fail =
            |kind, message| Some(Error::new(operation, kind, message).answered(answer.clone()));
        if !contract.unsigned_refusals {
            return fail(ErrorKind::Signature, "the answer is not signed");
        }
        let named = data.and_then(|data| {
            let order = read::<Order<'_>>(operation, data).ok()?;
            let refund = matches!(operation, Operation::Refund | Operation::RefundFind);
            if refund { order.of_refund().mch_order_id } else { order.mch_order_id }
        });
        match named {
            Some(id) if id.0 != order_id.as_str() => {
                fail(ErrorKind::Unrelated, "the answer is about another order")
            }
            None if !contract.anonymous_refusals => {
                let message = "the mchOrderId of what it answers is missing";
                let error = Error::new(operation, ErrorKind::Unrelated, message).at("mchOrderId");
                Some(error.with_response_from(NAME, answer.clone()))
            }
            _ => None,
        }
    }
}

/// One line for each exchange, of ids and codes alone.
fn log(
    operation: Operation,
    path: &str,
    order_id: Option<&OrderId>,
    status: StatusCode,
    opened: &Result<Reply>,
) {
    let (answer, effect) = match opened {
        Ok(reply) => (Some(&reply.answer), None),
        Err(error) => (error.answer(), Some(error.effect())),
    };
    let code = answer.map_or("-", Answer::shown_code);
    let status = status.as_u16();
    let order_id = order_id.map(tracing::field::display);
    let effect = effect.map(tracing::field::display);
    tracing::debug!(%operation, path, order_id, status, code, effect, "regional answered");
}

/// Reads a text, which is an object. The error names the member, never its value.
pub(crate) fn read<'a, T: Deserialize<'a>>(operation: Operation, text: &'a str) -> Result<T> {
    // A list would be read as an object whose members come in order.
    if !text.trim_start().starts_with('{') {
        let message = "regional's message is no JSON object";
        return Err(Error::new(operation, ErrorKind::Unexpected, message));
    }
    serde_json::from_str(text).map_err(|_| {
        // Keeping track of the path costs more than reading: it is done only when it is needed.
        let mut json = serde_json::Deserializer::from_str(text);
        let member = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Ok(_) => "the end".to_owned(),
            Err(error) => error.path().to_string(),
        };
        let message = format!("regional's message cannot be read at {member:?}");
        Error::new(operation, ErrorKind::Unexpected, message).at(member)
    })
}
