//! One exchange: send the bytes, read what comes back, believe it as far as it goes.

use crate::{
    envelope, error,
    settings::Settings,
    wire::{self, Answered},
};
use bytes::Bytes;
use http::Method;
use tulay_core::{
    AdapterContext, Answer, BaseUrl, Effect, Error, ErrorKind, Operation, Result, Secret, Trust,
};

/// An answer that tells of an order.
pub(crate) struct Reply {
    pub(crate) said: Answered,
    pub(crate) answer: Answer,
}

/// An account's way to the platform.
pub(crate) struct Connection {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) api_key: Secret,
    pub(crate) token: Secret,
    pub(crate) context: AdapterContext,
}

impl Connection {
    /// Sends one request, once.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Reply> {
        let (url, time) = (self.base_url.with(path), self.context.clock.now().as_second());
        let request = envelope::seal(method, url, time, &self.api_key, body);
        let request = request.map_err(|cause| {
            let message = "base_url, path and key make no request";
            let error = Error::new(operation, ErrorKind::Configuration, message);
            error.effect_is(Effect::NotSent).because(cause)
        })?;
        let response = self.context.transport.send(request).await;
        let response = response.map_err(|failure| Error::transport(operation, failure))?;
        let opened = self.open(operation, response);
        log(operation, &opened);
        opened
    }

    /// Nothing in an answer is signed: it is believed because of the channel it came by.
    fn open(&self, operation: Operation, response: http::Response<Bytes>) -> Result<Reply> {
        let (parts, body) = response.into_parts();
        let mut answer = Answer::new(parts.status, Trust::Channel, body.clone());
        let Some(said) = wire::read(&body) else {
            let message = "the answer is not one of balsa's";
            return Err(Error::new(operation, ErrorKind::Unexpected, message).answered(answer));
        };
        answer.code.clone_from(&said.error);
        answer.message.clone_from(&said.message);
        if said.error.is_none() && parts.status.is_success() {
            return Ok(Reply { said, answer });
        }
        let contract = &self.settings.contract;
        if !(contract.unsigned_refusals && contract.anonymous_refusals) {
            let message = "the answer is not signed, and names nothing that it answers";
            return Err(Error::new(operation, ErrorKind::Signature, message).answered(answer));
        }
        Err(error::refusal(operation, answer))
    }
}

/// One line for each exchange, of codes alone.
fn log(operation: Operation, opened: &Result<Reply>) {
    let (answer, effect) = match opened {
        Ok(reply) => (Some(&reply.answer), None),
        Err(error) => (error.answer(), Some(error.effect())),
    };
    let code = answer.map_or("-", Answer::shown_code);
    let effect = effect.map(tracing::field::display);
    tracing::debug!(%operation, code, effect, "balsa answered");
}
