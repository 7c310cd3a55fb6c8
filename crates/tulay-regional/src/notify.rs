//! Their notifications of payouts (2.1.3, 3.1.3).

use crate::{envelope::Sealed, exchange::read, map, provider::Regional, wire::Order};
use bytes::Bytes;
use http::{StatusCode, header};
use tulay_core::{
    Error, ErrorKind, Event, Handling, Notifications, Observation, Operation, PayoutStatus,
    RawNotification, Result, Verified,
};

/// No notification comes near this; a larger body is refused unread.
const LARGEST: usize = 64 * 1024;

const OPERATION: Operation = Operation::Notification;

impl Notifications for Regional {
    fn open(&self, raw: &RawNotification) -> Result<Verified<Vec<Event>>> {
        self.allow(&[OPERATION])?;
        let fail = |kind, message: &'static str| Error::new(OPERATION, kind, message);
        if raw.body.len() > LARGEST {
            return Err(fail(ErrorKind::Unexpected, "the notification is larger than 64 KiB"));
        }
        let sealed = Sealed::cut(&raw.body).ok_or_else(|| {
            fail(ErrorKind::Unexpected, "the notification is not one of regional's")
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
                self.event(read(OPERATION, text)?).map(|event| vec![event])
            },
        )
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        // Documented is the first alone; whatever else is answered is no acknowledgement.
        let (status, text) = match handling {
            Handling::Stored => (StatusCode::OK, r#"{"code":10000,"message":"Success"}"#),
            Handling::Refused => {
                (StatusCode::UNAUTHORIZED, r#"{"code":21001,"message":"Request sign error"}"#)
            }
            Handling::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, r#"{"code":21000,"message":"Server error"}"#)
            }
        };
        let mut response = http::Response::new(Bytes::from_static(text.as_bytes()));
        *response.status_mut() = status;
        let json = header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

impl Regional {
    fn event(&self, mut order: Order) -> Result<Event> {
        let settings = &self.connection.settings;
        // None names an account.
        if !settings.contract.anonymous_notifications {
            let text = "the notification does not name this merchant";
            return Err(Error::new(OPERATION, ErrorKind::Mismatch, text).at("appId"));
        }
        let name = order.event_name.take().map(|name| name.0).unwrap_or_default();
        let profiles = &self.connection.profiles;
        let said = map::observation(OPERATION, profiles, settings.offset(), order)?;
        let is_payout = operation(&name, &said) == Some(Operation::Payout);
        if !is_payout || contradicts(&name, &said) {
            return Ok(Event::Unsorted { observation: said });
        }
        Ok(Event::Payout(map::as_payout(said, &settings.contract.bound)))
    }
}

/// Which operation a notification is about: by the letter of our order id and by the event's name.
/// Where both tell and differ, neither is believed.
fn operation(event: &str, said: &Observation<String>) -> Option<Operation> {
    let by_id = said.order_id.as_ref().and_then(|id| id.operation());
    let by_event = match event.split('.').collect::<Vec<_>>().as_slice() {
        ["disbursement", ..] => Some(Operation::Payout),
        ["payment", "refund", ..] => Some(Operation::Refund),
        ["payment" | "order" | "static" | "qrcode" | "checkout", ..] => Some(Operation::Collection),
        _ => None,
    };
    match (by_id, by_event) {
        (Some(one), Some(other)) if one != other => None,
        (by_id, by_event) => by_id.or(by_event),
    }
}

/// Whether the event's name and the status say the opposite: then the notification says nothing.
fn contradicts(event: &str, said: &Observation<String>) -> bool {
    match map::payout_status(&said.status) {
        PayoutStatus::Succeeded => event.ends_with(".failed"),
        PayoutStatus::Failed => event.ends_with(".success"),
        _ => false,
    }
}
