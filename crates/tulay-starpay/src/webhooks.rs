//! Their notifications: 5.5 of payouts, 6.3 of collections, 6.5 of static codes. All look alike.

use crate::{
    codes::SUCCESS,
    envelope::{self, Inner},
    map,
    profile::NAME,
    provider::Starpay,
    wire::Message,
};
use bytes::Bytes;
use http::Response;
use std::mem::take;
use tulay_adapter::{
    json::Reader,
    notify_url::check_address,
    reply::conclude,
    webhooks::{Acknowledgement, open_signed, operation_of, unmatched},
};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Operation, Result, Verified, WebhookRequest, Webhooks,
};

const OPERATION: Operation = Operation::Notification;

/// 6.3: anything but 200 and the first text makes the platform send it again.
const ACKNOWLEDGEMENT: Acknowledgement = Acknowledgement {
    stored: r#"{"code":"200","message":"success"}"#,
    refused: r#"{"code":"402","message":"Verify signature failed"}"#,
    busy: r#"{"code":"503","message":"System is busy"}"#,
};

/// What a notification may be about.
const OPERATIONS: [Operation; 3] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode];

impl Webhooks for Starpay {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[OPERATION], None)?;
        let verifier = &*self.client.keys.verifier;
        let cut = |body| envelope::cut(body, Inner::Request);
        let mut names_account = false;
        let opened = open_signed(NAME, verifier, raw, cut, |text| {
            let message: Message<'_> = Reader::new(NAME, OPERATION).read(text)?;
            names_account = message.mch_id.as_str().is_some();
            self.event(raw, message)
        })?;
        // The platform signs every merchant's notifications with one key.
        Ok(if names_account { opened } else { opened.as_hint() })
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        ACKNOWLEDGEMENT.json(handling)
    }
}

impl Starpay {
    fn event(&self, raw: &WebhookRequest, mut message: Message<'_>) -> Result<Notification> {
        let settings = &self.client.settings;
        // Answers are signed by the same key, and name the message they answer.
        if message.msg_id.as_str().is_some() {
            let text = "the notification is an answer: it has a msgId";
            return Err(Error::new(OPERATION, ErrorKind::Unrelated, text).with_field("msgId"));
        }
        let (kind, ours) = match message.mch_id.as_str() {
            Some(id) => (ErrorKind::Mismatch, id == settings.merchant_id),
            None => (ErrorKind::Unrelated, settings.guarantees.anonymous_notifications),
        };
        if !ours {
            let text = "the notification does not name this merchant";
            return Err(Error::new(OPERATION, kind, text).with_field("mchId"));
        }
        let carried_out = message.code.0 == SUCCESS;
        let (terminal, reference) = (take(&mut message.device_info), take(&mut message.ref_no));
        let observation = map::observation(OPERATION, message)?;
        let ours = observation.order_id.as_ref().and_then(|id| Some((id, id.operation()?)));
        if let Some((id, operation)) = ours {
            check_address(&self.client.context, raw, operation, id)?;
        }
        let operation = operation_of(observation.order_id.as_ref(), raw.target.path(), &OPERATIONS);
        let echoes = &settings.guarantees.echoes;
        Ok(match operation {
            _ if !carried_out => unmatched(observation),
            // The journal finds the order of one that names none of ours, by the platform's id.
            Some(Operation::Payout) if observation.order_id.is_some() => {
                Notification::Payout(conclude(observation, map::payout_status, echoes))
            }
            Some(Operation::Collection) => {
                Notification::Collection(conclude(observation, map::collection_status, echoes))
            }
            // Without an id of its own a payment cannot be distinguished from the next.
            Some(Operation::StaticCode) if map::is_distinct(&observation) => {
                Notification::IncomingPayment(map::incoming_payment(
                    observation,
                    terminal,
                    reference,
                ))
            }
            _ => unmatched(observation),
        })
    }
}
