//! Notifications: how an order ended, signed under a secret that is this account's alone. So they
//! are evidence, although they do not name the account.

use crate::{
    envelope, map,
    profile::NAME,
    provider::Paraw,
    wire::{Event, Order},
};
use bytes::Bytes;
use std::borrow::Cow;
use tulay_adapter::{
    json::Reader,
    reply::conclude,
    webhooks::{Acknowledgement, open_body, read_body, unmatched},
};
use tulay_core::{Handling, Notification, Operation, Result, Verified, WebhookRequest, Webhooks};

const ACKNOWLEDGEMENT: Acknowledgement =
    Acknowledgement { stored: "OK", rejected: "NO", busy: "LATER" };

impl Webhooks for Paraw {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[Operation::Notification], None)?;
        let verify = |body: &[u8]| envelope::verify(&self.client.keys, raw, body);
        let opened = open_body(raw, verify, |text| self.event(text))?;
        Ok(opened.bound_by(&self.client.settings.guarantees.echoes))
    }

    fn read(&self, _: &http::Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_body(body, |text| self.event(text))
    }

    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes> {
        ACKNOWLEDGEMENT.text(handling)
    }
}

impl Paraw {
    fn event(&self, text: &str) -> Result<Notification> {
        let reader = Reader::new(NAME, Operation::Notification);
        let event: Event<'_> = reader.read(text)?;
        let order: Order<'_> = reader.read(event.data.get())?;
        let order = map::observation(reader, order)?.map(Cow::Owned);
        let echoes = &self.client.settings.guarantees.echoes;
        Ok(match &*event.event.0 {
            _ if order.order_id.is_none() => unmatched(order),
            "payout" => Notification::Payout(conclude(order, map::payout_status, echoes)),
            "collection" => {
                Notification::Collection(conclude(order, map::collection_status, echoes))
            }
            "refund" => Notification::Refund(conclude(order, map::refund_status, echoes)),
            _ => unmatched(order),
        })
    }
}
