//! One exchange: sign the bytes, send them, verify the bytes that come back, read those.

use crate::{
    codes::{self, SUCCESS},
    envelope::{self, Inner},
    profile::NAME,
    settings::Settings,
    wire::{Head, Query},
};
use bytes::Bytes;
use http::Response;
use tulay_adapter::{
    foreign::foreign,
    json::{IfText, Reader, to_json},
    keys,
    reply::Reply,
    request, trace,
};
use tulay_core::{
    AdapterContext, BaseUrl, Error, ErrorKind, Operation, OrderId, ProviderResponse, Result, Trust,
};
use tulay_crypto::Keys;

/// The connection of one account to the platform.
pub(crate) struct Client {
    pub(crate) settings: Settings,
    pub(crate) base_url: BaseUrl,
    pub(crate) keys: Keys,
    pub(crate) context: AdapterContext,
}

impl Client {
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
        let request = to_json(&Query { mch_id, msg_id: &message_id, ..query });
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
        let signature = keys::sign(&self.keys, operation, request).await?;
        let body = envelope::seal(request, &signature);
        let request = request::post_json(operation, self.base_url.with(path), body)?;
        let http_response = request::send(&self.context, operation, request).await?;
        let opened = self.open(operation, message_id, http_response);
        trace::exchange(NAME, operation, path, Some(message_id), &opened);
        opened
    }

    /// Believes an answer only as far as its signature goes.
    fn open(
        &self,
        operation: Operation,
        message_id: &str,
        http_response: Response<Bytes>,
    ) -> Result<Reply> {
        let (parts, body) = http_response.into_parts();
        let mut response = ProviderResponse::new(parts.status, Trust::Channel, body.clone());
        let fail = |kind, message: &'static str, response| {
            Err(Error::new(operation, kind, message).with_response(response))
        };

        let Some(sealed) = envelope::cut(&body, Inner::Response) else {
            return Err(foreign(NAME, operation, &parts.headers, response));
        };
        let verified = match &sealed.signature {
            None => false,
            Some(signature) => {
                let verdict = self.keys.verifier.verify(sealed.text.as_bytes(), signature);
                if verdict.is_err() {
                    let message = "the answer does not verify: wrong platform_key, or changed";
                    return fail(ErrorKind::Signature, message, response);
                }
                true
            }
        };
        let guarantees = &self.settings.guarantees;
        if !verified && !guarantees.unsigned_rejections {
            return fail(ErrorKind::Signature, "the answer is not signed", response);
        }

        let head: Head<'_> = Reader::new(NAME, operation)
            .read(&sealed.text)
            .map_err(|error| error.with_response(response.clone()))?;
        let code = &*head.code.0;
        response.code = Some(code.to_owned());
        response.message = head.message.into_string();
        let (has_message_id, names_order) =
            (head.msg_id.is_some(), head.original_msg_id.0.is_some());
        response.message_id = head.msg_id.and_then(IfText::into_string);
        if verified {
            response.trust = Trust::Signed;
        } else if !codes::is_rejection(operation, parts.status, code) {
            return fail(ErrorKind::Signature, "the answer is not signed", response);
        }
        let must_name = match code {
            // A notification has no msgId. An answer whose msgId says nothing has to name the order,
            // which is compared where it is read.
            SUCCESS if is_a_look_up(operation) => !(has_message_id && names_order),
            SUCCESS if changes(operation) => true,
            // An answer that names neither our message nor an order of ours does not say that ours
            // was taken.
            SUCCESS => operation.writes() && !names_order,
            _ => {
                (operation.writes() || is_a_look_up(operation)) && !guarantees.anonymous_rejections
            }
        };
        match response.message_id.as_deref() {
            Some(id) if id != message_id => {
                return fail(ErrorKind::Unrelated, "the answer is to another message", response);
            }
            None if must_name => {
                let message = "the msgId of what it answers is missing";
                let error =
                    Error::new(operation, ErrorKind::Unrelated, message).with_field("msgId");
                return Err(error.with_response_from(NAME, response));
            }
            _ => {}
        }
        if head.mch_id.0.is_some_and(|id| id.0 != self.settings.merchant_id) {
            // Without the id of our message it contradicts nothing: it is about something else.
            let kind = match &response.message_id {
                Some(_) => ErrorKind::Mismatch,
                None => ErrorKind::Unrelated,
            };
            return fail(kind, "the answer is about another merchant", response);
        }
        if code != SUCCESS || parts.status.is_server_error() {
            return Err(codes::error_of(operation, response));
        }
        Ok(Reply::new(NAME, operation, response, Some(sealed.text.into_owned())))
    }
}

/// Whether an operation changes an existing order.
fn changes(operation: Operation) -> bool {
    matches!(operation, Operation::CollectionCancel | Operation::StaticCodeStatus)
}

fn is_a_look_up(operation: Operation) -> bool {
    matches!(operation, Operation::PayoutFind | Operation::CollectionFind)
}
