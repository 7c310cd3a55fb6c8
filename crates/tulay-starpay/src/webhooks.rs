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
use http::{Response, Uri};
use std::{borrow::Cow, mem::take};
use tulay_adapter::{
    json::Reader,
    notify_url::check_address,
    reply::conclude,
    webhooks::{Acknowledgement, SignedText, open_signed, operation_of, read_signed},
};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Observation, Operation, Result, Verified,
    WebhookRequest, Webhooks,
};

const OPERATION: Operation = Operation::Notification;

/// 6.3: anything but 200 and the first text makes the platform send it again.
const ACKNOWLEDGEMENT: Acknowledgement = Acknowledgement {
    stored: r#"{"code":"200","message":"success"}"#,
    rejected: r#"{"code":"402","message":"Verify signature failed"}"#,
    busy: r#"{"code":"503","message":"System is busy"}"#,
};

/// What a notification may be about.
const OPERATIONS: [Operation; 3] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode];

impl Webhooks for Starpay {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[OPERATION], None)?;
        let verifier = &*self.client.keys.verifier;
        let (mut events, mut naming) = (0, 0);
        let opened = open_signed(NAME, verifier, raw, cut, |text| {
            let message = read(text);
            events += 1;
            naming += u32::from(message.as_ref().is_ok_and(|it| it.mch_id.as_str().is_some()));
            self.event(&raw.target, message?)
        })?;
        // The platform signs every merchant's notifications with one key.
        let name_account = events > 0 && naming == events;
        let opened = if name_account { opened } else { opened.as_hint() };
        Ok(opened.bound_by(&self.client.settings.guarantees.echoes))
    }

    fn read(&self, target: &Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_signed(NAME, body, cut, |text| self.event(target, read(text)?))
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        ACKNOWLEDGEMENT.json(handling)
    }
}

fn cut(body: &[u8]) -> Option<SignedText<'_>> {
    envelope::cut(body, Inner::Request)
}

fn read(text: &str) -> Result<Message<'_>> {
    Reader::new(NAME, OPERATION).read(text)
}

impl Starpay {
    fn event(&self, target: &Uri, mut message: Message<'_>) -> Result<Notification> {
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
        let terminal = map::terminal(take(&mut message.device_info));
        let rail_reference = take(&mut message.ref_no).into_string();
        let observation = map::observation(OPERATION, message)?;
        let with_rail = |mut observation: Observation<_>| {
            observation.rail_reference = rail_reference;
            observation
        };
        let ours = observation.order_id.as_ref().and_then(|id| Some((id, id.operation()?)));
        if let Some((id, operation)) = ours {
            check_address(&self.client.context, target, operation, id)?;
        }
        let operation = operation_of(observation.order_id.as_ref(), target.path(), &OPERATIONS);
        let echoes = &settings.guarantees.echoes;
        Ok(match operation {
            // The journal finds the order of one that names none of ours, by the platform's id.
            Some(Operation::Payout) if carried_out && observation.order_id.is_some() => {
                Notification::Payout(conclude(observation, map::payout_status, echoes))
            }
            Some(Operation::Collection) if carried_out => {
                Notification::Collection(conclude(observation, map::collection_status, echoes))
            }
            // Without an id of its own a payment cannot be distinguished from the next.
            Some(Operation::StaticCode) if carried_out && map::is_distinct(&observation) => {
                let payment = map::incoming_payment(with_rail(observation), terminal);
                Notification::IncomingPayment(payment)
            }
            _ => {
                let observation = with_rail(observation).map(Cow::into_owned);
                Notification::Unmatched { observation, terminal }
            }
        })
    }
}
