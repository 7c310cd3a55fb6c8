//! One exchange: sign the bytes, send them, verify the bytes that come back, read those.

use crate::{
    envelope::{self, Inner, Sealed},
    error::{self, SUCCESS},
    profile::NAME,
    settings::Settings,
    wire::{self, Head, IfText, Members, Message, Query, Text},
};
use bytes::Bytes;
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::value::RawValue;
use tulay_core::{
    AdapterContext, Answer, BaseUrl, Effect, Error, ErrorKind, Operation, OrderId, Result, Trust,
};
use tulay_crypto::Keys;

/// A genuine answer of code 200.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    operation: Operation,
    text: String,
}

impl Reply {
    /// What it says.
    pub(crate) fn message(&self) -> Result<Message<'_>> {
        read(self.operation, &self.text).map_err(|error| error.answered(self.answer.clone()))
    }

    /// One member that [`Message`] does not have.
    pub(crate) fn member(&self, name: &str) -> Option<String> {
        let members: Members<'_> = serde_json::from_str(&self.text).ok()?;
        let value = members.0.get(name)?.get();
        serde_json::from_str(value).ok().map(Text::into_string)
    }

    /// The rows of the only list in the answer, whatever its name.
    pub(crate) fn rows<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>> {
        let rows = || {
            let members: Members<'a> = serde_json::from_str(&self.text).ok()?;
            let mut lists = members.0.into_values().filter(|value| value.get().starts_with('['));
            match (lists.next(), lists.next()) {
                (Some(list), None) => serde_json::from_str::<Vec<&RawValue>>(list.get()).ok(),
                _ => None,
            }
        };
        let none = || {
            let message = "starpay's answer does not hold exactly one list";
            Error::new(self.operation, ErrorKind::Unexpected, message)
        };
        let read = |row: &'a RawValue| read(self.operation, row.get());
        let rows = rows().ok_or_else(none).and_then(|rows| rows.into_iter().map(read).collect());
        rows.map_err(|error| error.answered(self.answer.clone()))
    }
}

/// An account's way to the platform.
pub(crate) struct Connection {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Connection {
    /// Asks something that makes no order, under a fresh message id.
    pub(crate) async fn ask(
        &self,
        operation: Operation,
        path: &str,
        service: &str,
        original: Option<&OrderId>,
    ) -> Result<Reply> {
        let original_msg_id = original.map(OrderId::as_str);
        let query = Query { original_msg_id, service, ..Query::default() };
        self.query(operation, path, query).await
    }

    /// The same, with members of its own.
    pub(crate) async fn query(
        &self,
        operation: Operation,
        path: &str,
        query: Query<'_>,
    ) -> Result<Reply> {
        let message_id = self.context.message_ids.fresh();
        let mch_id = &self.settings.merchant_id;
        let request = wire::to_json(&Query { mch_id, msg_id: &message_id, ..query });
        self.exchange(operation, path, &message_id, &request).await
    }

    /// Sends the text of a `request` as it is, once.
    pub(crate) async fn exchange(
        &self,
        operation: Operation,
        path: &str,
        message_id: &str,
        request: &str,
    ) -> Result<Reply> {
        let not_sent = |message: &'static str| {
            Error::new(operation, ErrorKind::Configuration, message).effect_is(Effect::NotSent)
        };
        let signature = self.keys.signer.sign(request.as_bytes()).await;
        let signature = signature
            .map_err(|cause| not_sent("the request could not be signed").because(cause))?;
        let request = http::Request::post(self.base_url.with(path))
            .header(header::CONTENT_TYPE, "application/json")
            .body(envelope::seal(request, &signature))
            .map_err(|cause| not_sent("base_url and path make no address").because(cause))?;

        let response = self.context.transport.send(request).await;
        let response = response.map_err(|failure| Error::transport(operation, failure))?;
        let status = response.status();
        let opened = self.open(operation, message_id, response);
        log(operation, path, message_id, status, &opened);
        opened
    }

    /// Believes an answer only as far as its signature goes.
    fn open(
        &self,
        operation: Operation,
        message_id: &str,
        response: http::Response<Bytes>,
    ) -> Result<Reply> {
        let (parts, body) = response.into_parts();
        let mut answer = Answer::new(parts.status, Trust::Channel, body.clone());
        let fail = |kind, message: &'static str, answer| {
            Err(Error::new(operation, kind, message).answered(answer))
        };

        let Some(sealed) = Sealed::cut(&body, Inner::Response) else {
            return fail(ErrorKind::Unexpected, "the answer is not one of starpay's", answer);
        };
        let verified = match &sealed.signature {
            None => false,
            Some(signature) => {
                let verdict = self.keys.verifier.verify(sealed.text.as_bytes(), signature);
                if verdict.is_err() {
                    let message = "the answer does not verify: wrong platform_key, or changed";
                    return fail(ErrorKind::Signature, message, answer);
                }
                true
            }
        };
        let contract = &self.settings.contract;
        if !verified && !contract.unsigned_refusals {
            return fail(ErrorKind::Signature, "the answer is not signed", answer);
        }

        let head: Head<'_> =
            read(operation, &sealed.text).map_err(|error| error.answered(answer.clone()))?;
        let code = &*head.code.0;
        answer.code = Some(code.to_owned());
        answer.message = head.message.map(Text::into_string);
        answer.message_id = head.msg_id.map(Text::into_string);
        let names_an_order = names(&head.original_msg_id) || names(&head.order_no);
        if verified {
            answer.trust = Trust::Signed;
        } else if !error::is_refusal(operation, parts.status, code) {
            return fail(ErrorKind::Signature, "the answer is not signed", answer);
        }
        let must_name = match code {
            SUCCESS if is_a_look_up(operation) || changes(operation) => true,
            // What says nothing of any order is no proof that ours was taken.
            SUCCESS => operation.writes() && !names_an_order,
            _ => (operation.writes() || is_a_look_up(operation)) && !contract.anonymous_refusals,
        };
        match answer.message_id.as_deref() {
            Some(id) if id != message_id => {
                return fail(ErrorKind::Unrelated, "the answer is to another message", answer);
            }
            None if must_name => {
                let message = "the msgId of what it answers is missing";
                let error = Error::new(operation, ErrorKind::Unrelated, message).at("msgId");
                return Err(error.with_response_from(NAME, answer));
            }
            _ => {}
        }
        if head.mch_id.is_some_and(|id| id.0 != self.settings.merchant_id) {
            // Without the id of our message it contradicts nothing: it is about something else.
            let kind = match &answer.message_id {
                Some(_) => ErrorKind::Mismatch,
                None => ErrorKind::Unrelated,
            };
            return fail(kind, "the answer is about another merchant", answer);
        }
        if code != SUCCESS || parts.status.is_server_error() {
            return Err(error::refusal(operation, answer));
        }
        Ok(Reply { answer, operation, text: sealed.text.into_owned() })
    }
}

fn names(id: &IfText<'_>) -> bool {
    id.0.as_ref().is_some_and(|id| !id.0.is_empty())
}

/// What is asked of an order that is there already.
fn changes(operation: Operation) -> bool {
    matches!(operation, Operation::CollectionCancel | Operation::CodeStatus)
}

fn is_a_look_up(operation: Operation) -> bool {
    matches!(operation, Operation::PayoutFind | Operation::CollectionFind)
}

/// One line for each exchange, of ids and codes alone.
fn log(
    operation: Operation,
    path: &str,
    message_id: &str,
    status: StatusCode,
    opened: &Result<Reply>,
) {
    let (answer, effect) = match opened {
        Ok(reply) => (Some(&reply.answer), None),
        Err(error) => (error.answer(), Some(error.effect())),
    };
    let code = answer.map_or("-", Answer::shown_code);
    let status = status.as_u16();
    let effect = effect.map(tracing::field::display);
    tracing::debug!(%operation, path, message_id, status, code, effect, "starpay answered");
}

/// Reads verified text, which is an object. The error names the member, never its value.
pub(crate) fn read<'a, T: Deserialize<'a>>(operation: Operation, text: &'a str) -> Result<T> {
    // A list would be read as an object whose members come in order.
    if !text.trim_start().starts_with('{') {
        let message = "starpay's message is no JSON object";
        return Err(Error::new(operation, ErrorKind::Unexpected, message));
    }
    serde_json::from_str(text).map_err(|_| {
        // Keeping track of the path costs more than reading: it is done only when it is needed.
        let mut json = serde_json::Deserializer::from_str(text);
        let member = match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Ok(_) => "the end".to_owned(),
            Err(error) => error.path().to_string(),
        };
        let message = format!("starpay's message cannot be read at {member:?}");
        Error::new(operation, ErrorKind::Unexpected, message).at(member)
    })
}
