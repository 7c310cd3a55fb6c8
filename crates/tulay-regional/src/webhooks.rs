//! Their notifications: of payouts (2.1.3 and so on), collections (2.2.3), payments of static codes
//! (2.3.4) and refunds (7.3). All have one form. The kind of order follows from our order id, the
//! address that received it, its members, and last from the event's name.
//!
//! None names an account, the platform's key may sign for every merchant, and order ids can be
//! computed. So another merchant can cause a genuine one that names our order, and each is a hint.

use crate::{envelope, map, profile::NAME, provider::Regional, wire::Order};
use bytes::Bytes;
use http::{Response, Uri};
use std::mem::take;
use tulay_adapter::{
    json::Reader,
    notify_url::check_address,
    reply::conclude,
    webhooks::{Acknowledgement, open_signed, operation_by_path, read_signed, unmatched},
};
use tulay_core::{
    Error, ErrorKind, Handling, IncomingPayment, Notification, Operation, OrderId, RefundStatus,
    Result, Verified, WebhookRequest, Webhooks,
};

const OPERATION: Operation = Operation::Notification;

/// Documented is the first alone; whatever else is answered is no acknowledgement.
const ACKNOWLEDGEMENT: Acknowledgement = Acknowledgement {
    stored: r#"{"code":10000,"message":"Success"}"#,
    rejected: r#"{"code":21001,"message":"Request sign error"}"#,
    busy: r#"{"code":21000,"message":"Server error"}"#,
};

/// What a notification may be about: collections, static codes and refunds have addresses of their
/// own.
const OPERATIONS: [Operation; 4] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode, Operation::Refund];

impl Webhooks for Regional {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[OPERATION], None)?;
        let verifier = &*self.client.keys.verifier;
        let parse = |text: &str| self.event(&raw.target, text);
        open_signed(NAME, verifier, raw, envelope::cut, parse).map(Verified::as_hint)
    }

    fn read(&self, target: &Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_signed(NAME, body, envelope::cut, |text| self.event(target, text))
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        ACKNOWLEDGEMENT.json(handling)
    }
}

impl Regional {
    fn event(&self, target: &Uri, text: &str) -> Result<Notification> {
        let mut order: Order<'_> = Reader::new(NAME, OPERATION).read(text)?;
        let settings = &self.client.settings;
        // None names an account.
        if !settings.guarantees.anonymous_notifications {
            let text = "the notification does not name this merchant";
            return Err(Error::new(OPERATION, ErrorKind::Unrelated, text).with_field("appId"));
        }
        let name = take(&mut order.event_name).into_string().unwrap_or_default();
        let profiles = settings.profiles();
        let is_refund = order.is_refund();
        let mut order = if is_refund { order.of_refund() } else { order };
        let rail = take(&mut order.reference_number).into_string();
        let observation = map::observation(OPERATION, &profiles, settings.offset(), order);
        let mut observation = observation.map_err(of_currency)?;
        observation.rail_reference = rail;
        let about = about(&name, target.path(), is_refund, observation.order_id.as_ref());
        self.check_address(target, observation.order_id.as_ref())?;
        let echoes = &settings.guarantees.echoes;
        Ok(match about {
            _ if contradicts(&name, &observation.status) => unmatched(observation),
            // The journal finds the order of one that names none of ours, by the platform's id.
            Some(Operation::Payout) if observation.order_id.is_some() => {
                Notification::Payout(conclude(observation, map::payout_status, echoes))
            }
            Some(Operation::Collection) => {
                Notification::Collection(conclude(observation, map::collection_status, echoes))
            }
            // Without an id of its own a payment cannot be distinguished from the next.
            Some(Operation::StaticCode) if observation.provider_reference.is_some() => {
                let code_is_known = observation.order_id.is_some();
                let payment = observation.map(|word| map::collection_status(&word));
                Notification::IncomingPayment(IncomingPayment::new(payment).conclude(code_is_known))
            }
            Some(Operation::Refund) => {
                Notification::Refund(conclude(observation, map::refund_status, echoes))
            }
            _ => unmatched(observation),
        })
    }

    /// Refuses a notification that names an order of ours and arrived elsewhere than at its
    /// address. The request of a payout has no place for an address.
    fn check_address(&self, target: &Uri, order_id: Option<&OrderId>) -> Result<()> {
        let ours = order_id.and_then(|id| Some((id, id.operation()?)));
        match ours {
            Some((id, operation)) if operation != Operation::Payout => {
                check_address(&self.client.context, target, operation, id)
            }
            _ => Ok(()),
        }
    }
}

/// A notification that names a currency which is not configured is genuine: it is kept, and read again
/// at the next start.
fn of_currency(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Mismatch | ErrorKind::Unrelated => {
            let text = "the notification names a currency that is not configured";
            Error::new(OPERATION, ErrorKind::Unexpected, text).with_field("currency")
        }
        _ => error,
    }
}

/// Which operation a notification is about. Our order id tells, by its first letter; for one that
/// is not ours, the address it came to and its name, where both say the same. Whatever else speaks
/// must not contradict: then nothing is believed.
fn about(
    event: &str,
    path: &str,
    is_refund: bool,
    order_id: Option<&OrderId>,
) -> Option<Operation> {
    let by_event = named(event);
    let by_id = order_id.and_then(OrderId::operation);
    let by_path = || operation_by_path(path, &OPERATIONS).filter(|_| !by_event.is_empty());
    let operation = by_id.or_else(by_path)?;
    let fits = by_event.is_empty() || by_event.contains(&operation);
    (fits && is_refund == (operation == Operation::Refund)).then_some(operation)
}

/// What an event's name may be about; nothing where it is not known. Editions name alike what is
/// paid once and what is paid again and again.
fn named(event: &str) -> &'static [Operation] {
    let mut words = event.split('.');
    match (words.next(), words.next()) {
        (Some("disbursement"), _) => &[Operation::Payout],
        (Some("payment"), Some("refund")) => &[Operation::Refund],
        (Some("static"), _) => &[Operation::StaticCode],
        (Some("payment" | "order" | "qrcode"), _) => {
            &[Operation::Collection, Operation::StaticCode]
        }
        (Some("checkout"), _) => &[Operation::Collection],
        _ => &[],
    }
}

/// Whether the event's name and the status say the opposite: then the notification says nothing.
/// A refund that was withdrawn gave nothing back, as one that failed.
fn contradicts(event: &str, status: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| event.ends_with(ending));
    match map::refund_status(status) {
        RefundStatus::Succeeded => ends(&[".failed", ".cancel", ".cancelled"]),
        RefundStatus::Failed | RefundStatus::Cancelled => ends(&[".success"]),
        _ => false,
    }
}
