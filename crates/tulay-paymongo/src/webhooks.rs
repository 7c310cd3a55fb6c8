//! Notifications about payments and refunds.

use crate::{
    envelope::verify,
    map::{self, is_of_this_mode},
    provider::Paymongo,
    wire::{self, Event, ExpiredCode, Intent, Payment, Resource, WalletTransaction},
};
use bytes::Bytes;
use http::{Response, Uri};
use std::borrow::Cow;
use tulay_adapter::{
    json::{Reader, order_id, provider_reference},
    webhooks::{Acknowledgement, open_body, read_body, unmatched},
};
use tulay_core::{
    CollectionStatus, Handling, Notification, Observation, Operation, OrderId, ProviderReference,
    Result, Verified, WebhookRequest, Webhooks,
};

const OPERATION: Operation = Operation::Notification;

/// A notification is delivered by 200 to 209 "along with a JSON response"; anything else makes the
/// platform send it again (developer-tools-retry-logic). Which JSON is not documented.
const ACKNOWLEDGEMENT: Acknowledgement =
    Acknowledgement { stored: "{}", rejected: "{}", busy: "{}" };

impl Webhooks for Paymongo {
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
        self.allow(&[OPERATION], None)?;
        let (settings, context) = (&self.client.settings, &self.client.context);
        let within = settings.notifications_within.map(|within| (within, context.clock.now()));
        let keys = &self.client.keys;
        // The secret is of this account's webhook alone, and stands for its name.
        let verified = |body: &[u8]| verify(keys, settings.is_live(), within, &raw.headers, body);
        let opened = open_body(raw, verified, |text| self.event(text))?;
        Ok(opened.bound_by(&settings.guarantees.echoes))
    }

    fn read(&self, _: &Uri, body: &[u8]) -> Result<Vec<Notification>> {
        read_body(body, |text| self.event(text))
    }

    fn acknowledge(&self, handling: Handling) -> Response<Bytes> {
        ACKNOWLEDGEMENT.json(handling)
    }
}

impl Paymongo {
    fn event(&self, text: &str) -> Result<Notification> {
        let Event { data } = map::read(OPERATION, text)?;
        if data.kind.0 != "event" {
            return Err(map::reader(OPERATION).unreadable("data.type"));
        }
        is_of_this_mode(&self.client, OPERATION, data.attributes.livemode)?;
        self.notification(&data.attributes.kind.0, &data.attributes.data)
    }

    /// What an event says, by its name and by what it is about.
    fn notification(&self, name: &str, resource: &Resource<'_>) -> Result<Notification> {
        let reader = map::reader(OPERATION);
        let attributes = resource.attributes.get();
        let collection =
            |observation: Observation<CollectionStatus>| self.collection(name, observation);
        match (name, resource.kind.as_str()) {
            ("payment.paid" | "payment.failed", Some("payment")) => {
                let payment: Payment<'_> = reader.read(attributes)?;
                payment_observation(&reader, name, resource, payment).map(collection)
            }
            (
                "payment_intent.succeeded" | "payment_intent.awaiting_payment_method",
                Some("payment_intent"),
            ) => {
                let intent: Intent<'_> = reader.read(attributes)?;
                map::intent(&reader, resource, intent).map(collection)
            }
            // The code cannot be paid any more; a payment before that has an event of its own.
            ("qrph.expired", _) => {
                let code: ExpiredCode<'_> = reader.read(attributes)?;
                let mut observation = Observation::new(CollectionStatus::Expired);
                observation.order_id = wire::order_id(code.metadata);
                observation.provider_reference = provider_reference(&code.payment_intent_id);
                if let (Some(centavos), Some(currency)) = (code.amount, &code.currency.0) {
                    observation.amount = Some(map::amount(&reader, centavos, currency)?);
                }
                Ok(collection(observation))
            }
            ("payment.refunded" | "payment.refund.updated", Some("refund")) => {
                let refund: wire::Refund<'_> = reader.read(attributes)?;
                let refund = map::refund_observation(&reader, resource, refund)?;
                let echoes = &self.client.settings.guarantees.echoes;
                Ok(match kind(&refund.order_id) {
                    Some(Operation::Refund) => Notification::Refund(refund.conclude(echoes)),
                    _ => unknown(name, refund.provider_reference),
                })
            }
            (_, Some("wallet_transaction")) => {
                let transaction: WalletTransaction<'_> = reader.read(attributes)?;
                let mut observation = Observation::new(Cow::Borrowed(name));
                observation.order_id = order_id(&transaction.reference_number);
                observation.provider_reference = provider_reference(&transaction.transfer_id);
                Ok(unmatched(observation))
            }
            _ => Ok(unknown(name, provider_reference(&resource.id))),
        }
    }

    /// A collection where the event names its order; else something that makes us ask.
    fn collection(&self, name: &str, observation: Observation<CollectionStatus>) -> Notification {
        match kind(&observation.order_id) {
            Some(Operation::Collection) => {
                let echoes = &self.client.settings.guarantees.echoes;
                Notification::Collection(observation.conclude(echoes))
            }
            _ => unknown(name, observation.provider_reference),
        }
    }
}

/// The kind of order that an id is of: `metadata` may be copied to a thing of another kind.
fn kind(order_id: &Option<OrderId>) -> Option<Operation> {
    order_id.as_ref().and_then(OrderId::operation)
}

/// What a payment says of its intent. A payment that failed is one attempt: the intent waits for
/// another, so that it is pending.
fn payment_observation(
    reader: &Reader,
    name: &str,
    resource: &Resource<'_>,
    payment: Payment<'_>,
) -> Result<Observation<CollectionStatus>> {
    let status = match (name, &*payment.status.0) {
        ("payment.paid", "paid") => CollectionStatus::Paid,
        ("payment.failed", "failed") => CollectionStatus::Pending,
        (_, other) => CollectionStatus::Unknown(other.to_owned()),
    };
    let is_paid = status == CollectionStatus::Paid;
    let mut observation = Observation::new(status);
    observation.order_id = wire::order_id(payment.metadata);
    observation.provider_reference = provider_reference(&payment.payment_intent_id);
    observation.amount = Some(map::amount(reader, payment.amount, &payment.currency)?);
    if is_paid {
        observation.payment = provider_reference(&resource.id);
        let fee = payment.fee.map(|fee| map::amount(reader, fee, &payment.currency));
        observation.fee = fee.transpose()?;
    } else {
        let code = payment.failed_code.into_string();
        observation.failure = map::failure(code, payment.failed_message);
    }
    Ok(observation)
}

/// An event that names no order of ours: a reason to ask, under its name.
fn unknown(name: &str, reference: Option<ProviderReference>) -> Notification {
    let mut observation = Observation::new(Cow::Borrowed(name));
    observation.provider_reference = reference;
    unmatched(observation)
}
