//! Notifications of payouts, payments and refunds. Each carries a token that is always the same, so
//! each is a hint: a reason to look the order up. The dashboard holds the address that they go to.

use crate::{
    envelope::bears_token,
    map,
    profile::NAME,
    provider::Xendit,
    wire::{Event, Order},
};
use bytes::Bytes;
use http::{Response, Uri};
use tulay_adapter::{
    json::{IfText, Reader},
    reply::conclude,
    webhooks::{Acknowledgement, open_token, read_body, unmatched},
};
use tulay_core::{
    Error, ErrorKind, Handling, Notification, Operation, OrderId, Result, Verified, WebhookRequest,
    Webhooks,
};

const OPERATION: Operation = Operation::Notification;

/// "Please response back with status 200 immediately" (payout webhook); no body is documented.
const ACKNOWLEDGEMENT: Acknowledgement = Acknowledgement { stored: "", rejected: "", busy: "" };

impl Webhooks for Xendit {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[OPERATION], None)?;
        let check = || match bears_token(&self.client.keys, &raw.headers) {
            true => Ok(()),
            false => {
                let message = "the notification does not carry the token of this account";
                Err(Error::new(OPERATION, ErrorKind::Signature, message))
            }
        };
        open_token(raw, check, |text| self.event(text))
    }

    fn read(&self, _: &Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_body(body, |text| self.event(text))
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        ACKNOWLEDGEMENT.text(handling)
    }
}

impl Xendit {
    fn event(&self, text: &str) -> Result<Notification> {
        let settings = &self.client.settings;
        let reader = Reader::new(NAME, OPERATION);
        let outer: Event<'_> = reader.read(text)?;
        // The example of a refund stands in two envelopes, that of the libraries in one.
        let inner: Option<Event<'_>> = reader.read(outer.data.get()).ok();
        let event = inner.as_ref().unwrap_or(&outer);
        let order: Order<'_> = reader.read(event.data.get())?;
        // The example of a payout names one business outside and another inside.
        let named = [&outer.business_id, &event.business_id, &order.business_id];
        let named = named.map(IfText::as_str);
        let named: Vec<&str> = named.into_iter().flatten().collect();
        let (kind, ours) = match named.is_empty() {
            true => (ErrorKind::Unrelated, settings.guarantees.anonymous_notifications),
            false => (ErrorKind::Mismatch, named.contains(&&*settings.business_id)),
        };
        if !ours {
            let message = "the notification does not name this account";
            return Err(Error::new(OPERATION, kind, message).with_field("business_id"));
        }
        let by_event = match event.event.0.split('.').next() {
            Some("payout") => Some(Operation::Payout),
            Some("payment") => Some(Operation::Collection),
            Some("refund") => Some(Operation::Refund),
            _ => None,
        };
        let observation = map::observation(by_event.unwrap_or(OPERATION), reader, order)?;
        let by_id = observation.order_id.as_ref().and_then(OrderId::operation);
        let echoes = &settings.guarantees.echoes;
        Ok(match by_event.filter(|_| by_event == by_id) {
            Some(Operation::Payout) => {
                Notification::Payout(conclude(observation, map::payout_status, echoes))
            }
            Some(Operation::Collection) => {
                Notification::Collection(conclude(observation, map::payment_status, echoes))
            }
            Some(Operation::Refund) => {
                Notification::Refund(conclude(observation, map::refund_status, echoes))
            }
            _ => unmatched(observation),
        })
    }
}
