//! Notifications: what a look-up would answer, sent unasked, under a token.

use crate::{envelope, profile::NAME, provider::Balsa, wire::Order};
use bytes::Bytes;
use tulay_adapter::{
    json::{Reader, provider_reference},
    webhooks::{Acknowledgement, open_token, read_body},
};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Observation, Operation, Result, Verified,
    WebhookRequest, Webhooks,
};

const OPERATION: Operation = Operation::Notification;

const ACKNOWLEDGEMENT: Acknowledgement =
    Acknowledgement { stored: "OK", rejected: "NO", busy: "LATER" };

impl Webhooks for Balsa {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        let error = |kind, message: &'static str| Error::new(OPERATION, kind, message);
        // The guarantees' switch: these name no account.
        if !self.client.settings.guarantees.anonymous_notifications {
            return Err(error(ErrorKind::Unrelated, "the notification names no account"));
        }
        let token = raw.headers.get("balsa-token");
        let check = || match envelope::is_token(token, &self.client.keys.token) {
            true => Ok(()),
            false => Err(error(ErrorKind::Signature, "the token is not the one agreed on")),
        };
        open_token(raw, check, event)
    }

    fn read(&self, _: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_body(body, event)
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        ACKNOWLEDGEMENT.text(handling)
    }
}

fn event(text: &str) -> Result<Notification> {
    let reader = Reader::new(NAME, OPERATION);
    let order: Order<'_> = reader.read(text)?;
    // Which order it is about, only the journal can tell.
    let mut observation = Observation::new(order.status.into_string());
    observation.provider_reference = provider_reference(&order.id);
    match observation.provider_reference {
        Some(_) => Ok(Notification::Unmatched { observation, terminal: None }),
        None => Err(reader.unreadable("id")),
    }
}
