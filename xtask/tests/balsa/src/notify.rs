//! Their notifications: the answer to a look-up, sent unasked, under a token.

use crate::{envelope, provider::Balsa, wire};
use bytes::Bytes;
use http::StatusCode;
use tulay_core::{
    Error, ErrorKind, Event, Handling, Notifications, Observation, Operation, ProviderReference,
    RawNotification, Result, Verified,
};

/// No notification comes near this; a larger body is refused unread.
const LARGEST: usize = 64 * 1024;

impl Notifications for Balsa {
    fn open(&self, raw: &RawNotification) -> Result<Verified<Vec<Event>>> {
        let fail = |kind, message: &'static str| Error::new(Operation::Notification, kind, message);
        if raw.body.len() > LARGEST {
            return Err(fail(ErrorKind::Unexpected, "the notification is larger than 64 KiB"));
        }
        // The contract's switch: these name no account.
        if !self.connection.settings.contract.anonymous_notifications {
            return Err(fail(ErrorKind::Unrelated, "the notification names no account"));
        }
        let check =
            || match envelope::is_token(raw.headers.get("balsa-token"), &self.connection.token) {
                true => Ok(()),
                false => Err(fail(ErrorKind::Signature, "the token is not the one agreed on")),
            };
        let parse = |body: &[u8]| {
            let said = wire::read(body);
            let said = said.and_then(|said| Some((said.id?, said.status?)));
            let id = said.as_ref().and_then(|(id, _)| ProviderReference::new(id.as_str()).ok());
            let (Some((_, status)), Some(id)) = (said, id) else {
                return Err(fail(ErrorKind::Unexpected, "the notification cannot be read"));
            };
            // Which order it is about, only the journal can tell.
            let mut observation = Observation::new(status);
            observation.provider_reference = Some(id);
            Ok(vec![Event::Unsorted { observation }])
        };
        Verified::token(&raw.body, check, parse)
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        let (status, text) = match handling {
            Handling::Stored => (StatusCode::OK, "OK"),
            Handling::Refused => (StatusCode::UNAUTHORIZED, "NO"),
            Handling::Busy => (StatusCode::SERVICE_UNAVAILABLE, "LATER"),
        };
        let mut response = http::Response::new(Bytes::from_static(text.as_bytes()));
        *response.status_mut() = status;
        response
    }
}
