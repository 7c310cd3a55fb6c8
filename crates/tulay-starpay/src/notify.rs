//! Their notifications: 5.5 of payouts, 6.3 of collections, 6.5 of static codes. All look alike.

use crate::{
    envelope::{Inner, Sealed},
    error::SUCCESS,
    exchange::read,
    map,
    provider::Starpay,
    wire::Message,
};
use bytes::Bytes;
use http::{StatusCode, header};
use std::{borrow::Cow, mem::take};
use tulay_core::{
    Error, ErrorKind, Event, Handling, Notifications, Observation, Operation, RawNotification,
    Result, Verified,
};

/// No notification comes near this; a larger body is refused unread.
const LARGEST: usize = 64 * 1024;

const OPERATION: Operation = Operation::Notification;

impl Notifications for Starpay {
    fn open(&self, raw: &RawNotification) -> Result<Verified<Vec<Event>>> {
        self.allow(&[OPERATION])?;
        let fail = |kind, message: &'static str| Error::new(OPERATION, kind, message);
        if raw.body.len() > LARGEST {
            return Err(fail(ErrorKind::Unexpected, "the notification is larger than 64 KiB"));
        }
        let sealed = Sealed::cut(&raw.body, Inner::Request).ok_or_else(|| {
            fail(ErrorKind::Unexpected, "the notification is not one of starpay's")
        })?;
        let signature = sealed
            .signature
            .ok_or_else(|| fail(ErrorKind::Signature, "the notification is not signed"))?;
        Verified::signed(
            sealed.text.as_bytes(),
            |text| {
                self.connection.keys.verifier.verify(text, &signature).map_err(|cause| {
                    fail(ErrorKind::Signature, "the notification does not verify").because(cause)
                })
            },
            |text| {
                let text = std::str::from_utf8(text).unwrap_or_default();
                self.event(raw, read(OPERATION, text)?).map(|event| vec![event])
            },
        )
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        // 6.3: anything but 200 and this text makes the platform send it again.
        let (status, text) = match handling {
            Handling::Stored => (StatusCode::OK, r#"{"code":"200","message":"success"}"#),
            Handling::Refused => {
                (StatusCode::UNAUTHORIZED, r#"{"code":"402","message":"Verify signature failed"}"#)
            }
            Handling::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, r#"{"code":"503","message":"System is busy"}"#)
            }
        };
        let mut response = http::Response::new(Bytes::from_static(text.as_bytes()));
        *response.status_mut() = status;
        let json = header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

impl Starpay {
    fn event(&self, raw: &RawNotification, mut message: Message<'_>) -> Result<Event> {
        let settings = &self.connection.settings;
        // Answers are signed by the same key, and name the message they answer.
        if message.msg_id.is_some() {
            let text = "the notification is an answer: it has a msgId";
            return Err(Error::new(OPERATION, ErrorKind::Unrelated, text).at("msgId"));
        }
        // The platform signs every merchant's notifications with one key.
        let (kind, ours) = match &message.mch_id {
            Some(id) => (ErrorKind::Mismatch, id.0 == settings.merchant_id),
            None => (ErrorKind::Unrelated, settings.contract.anonymous_notifications),
        };
        if !ours {
            let text = "the notification does not name this merchant";
            return Err(Error::new(OPERATION, kind, text).at("mchId"));
        }
        let carried_out = message.code.0 == SUCCESS;
        let (terminal, reference) = (take(&mut message.device_info), take(&mut message.ref_no));
        let said = map::observation(OPERATION, message)?;
        let bound = &settings.contract.bound;
        Ok(match operation(raw, &said) {
            _ if !carried_out => unsorted(said),
            // One that names no order of ours is for the journal to find, by the platform's id.
            Some(Operation::Payout) if said.order_id.is_some() => {
                Event::Payout(map::as_payout(said, bound))
            }
            Some(Operation::Collection) => Event::Collection(map::as_collection(said, bound)),
            // Without an id of its own a payment could not be told from the next.
            Some(Operation::Code) if map::is_told_apart(&said) => {
                Event::Credit(map::credit(said, terminal, reference))
            }
            _ => unsorted(said),
        })
    }
}

fn unsorted(said: Observation<Cow<'_, str>>) -> Event {
    Event::Unsorted { observation: said.map(Cow::into_owned) }
}

/// Which operation a notification is about: by the letter of our order id, else by the address it
/// was sent to.
fn operation<S>(raw: &RawNotification, said: &Observation<S>) -> Option<Operation> {
    let by_id = said.order_id.as_ref().and_then(|id| id.operation());
    by_id.or_else(|| {
        let last = raw.target.path().rsplit('/').next();
        [Operation::Payout, Operation::Collection, Operation::Code]
            .into_iter()
            .find(|operation| Some(operation.as_str()) == last)
    })
}
