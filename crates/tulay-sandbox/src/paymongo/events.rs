//! Events: built, signed, and handed over to be sent.

use super::{Paymongo, collected::Payment, resources::resource, state::Book};
use crate::kit::{Notification, World, locked};
use hmac::{Hmac, Mac};
use http::{HeaderMap, HeaderValue, Uri};
use rsa::sha2::Sha256;
use serde_json::{Value, json};

/// An event that is to be sent.
pub(super) struct Event {
    /// `payment.paid`
    pub(super) kind: &'static str,
    /// The merchant's id for the order it is about.
    pub(super) order_id: String,
    /// The resource that it carries.
    pub(super) data: Value,
    /// Whether it says that it is of the live mode although it is not.
    pub(super) poses_as_live: bool,
}

impl Paymongo {
    /// Sends an event to the merchant's webhook, if it has one.
    pub(super) fn notify(&self, book: &Book, event: Event, world: &World) {
        let url = locked(&self.platform).merchant(book).and_then(|it| it.notify_url.clone());
        let notification = url.and_then(|url| self.notification(book, event, url, world));
        if let Some(notification) = notification {
            world.notify(notification);
        }
    }

    /// An event, signed.
    pub(super) fn notification(
        &self,
        book: &Book,
        mut event: Event,
        url: Uri,
        world: &World,
    ) -> Option<Notification> {
        let is_live = book.is_live || event.poses_as_live;
        let (id, secret) = {
            let mut platform = locked(&self.platform);
            let secret = platform.merchant(book)?.webhook_secret.clone();
            (platform.id("evt"), secret)
        };
        if event.poses_as_live
            && let Some(mode) = event.data.pointer_mut("/attributes/livemode")
        {
            *mode = Value::Bool(true);
        }
        mistake(&mut event.data, world);
        let now = world.now().as_second();
        let attributes = json!({
            "type": event.kind,
            "livemode": is_live,
            "data": event.data,
            "previous_data": {},
            "pending_webhooks": 1,
            "created_at": now,
            "updated_at": now,
        });
        let body = json!({ "data": resource("event", &id, attributes) }).to_string();
        let mut mac = mac(&secret, now, &body)?;
        if world.take_fault(|faults| &mut faults.bad_signature) {
            let last = if mac.pop() == Some('0') { '1' } else { '0' };
            mac.push(last);
        }
        // Only the mode's own part is filled (Securing a webhook).
        let header =
            if is_live { format!("t={now},te=,li={mac}") } else { format!("t={now},te={mac},li=") };
        let mut headers = HeaderMap::new();
        headers.insert("paymongo-signature", HeaderValue::from_str(&header).ok()?);
        let (order_id, event) = (event.order_id, event.kind.to_owned());
        Some(Notification { order_id, event, url, headers, body: body.into() })
    }

    /// Sends an event that carries a payment.
    pub(super) fn notify_payment(
        &self,
        book: &Book,
        kind: &'static str,
        payment: &Payment,
        poses_as_live: bool,
        world: &World,
    ) {
        let data = {
            let mut platform = locked(&self.platform);
            let Ok(books) = platform.books(book) else { return };
            self.view(book, books).payment(payment)
        };
        let order_id = payment.order_id.clone();
        self.notify(book, Event { kind, order_id, data, poses_as_live }, world);
    }
}

/// Sends a transaction to the address that a transfer names. Assumption: it is not signed, since the
/// documents (Statuses, Messages, Webhook Events) show a bare resource and name no secret.
pub(super) fn call_back(order_id: String, url: Uri, mut data: Value, world: &World) {
    mistake(&mut data, world);
    let body = json!({ "data": data }).to_string().into();
    let event = "wallet_transaction".to_owned();
    world.notify(Notification { order_id, event, url, headers: HeaderMap::new(), body });
}

/// Lets an answer or an event name a wrong amount or another order, where that is to happen.
pub(super) fn mistake(data: &mut Value, world: &World) {
    if has(data, "amount") && world.take_fault(|faults| &mut faults.wrong_amount) {
        change(data, &|name, value| {
            if name == "amount" {
                *value =
                    value.as_i64().map_or(Value::Null, |amount| amount.saturating_add(1).into());
            }
        });
    }
    if has(data, "amount") && world.take_fault(|faults| &mut faults.wrong_order) {
        change(data, &|name, value| match value {
            Value::String(text) if name == "reference_number" => {
                *text = crate::kit::another_id(text);
            }
            Value::Object(metadata) if name == "metadata" => {
                for value in metadata.values_mut() {
                    if let Value::String(text) = value {
                        *text = crate::kit::another_id(text);
                    }
                }
            }
            _ => {}
        });
    }
}

fn has(data: &Value, wanted: &str) -> bool {
    match data {
        Value::Object(members) => {
            members.iter().any(|(name, value)| name == wanted || has(value, wanted))
        }
        Value::Array(items) => items.iter().any(|item| has(item, wanted)),
        _ => false,
    }
}

/// Changes members at any depth. The members of what was changed are not looked at again.
fn change(data: &mut Value, by: &dyn Fn(&str, &mut Value)) {
    match data {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match name.as_str() {
                    "metadata" | "amount" | "reference_number" => by(name, value),
                    _ => change(value, by),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| change(item, by)),
        _ => {}
    }
}

/// The code over `t`, a full stop and the body, in hexadecimal digits (Securing a webhook).
fn mac(secret: &str, t: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(format!("{t}.{body}").as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Python: `hmac.new(b"whsk_Example", b"1700000000.{}", "sha256")`.
    #[test]
    fn the_mac_is_hmac_sha256() {
        assert_eq!(
            mac("whsk_Example", 1_700_000_000, "{}").unwrap(),
            "9ba40e1427547b3f86d819ce5b0d41f4470e607d0b18a2a91f48c9b72d915092"
        );
    }
}
