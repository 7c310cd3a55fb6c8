//! How the demo ends: a payer pays by QR code, and gets a part of it back.

use super::endpoint::Endpoint;
use crate::{error::CliError, exit::Exit};
use serde_json::{Value, json};
use std::time::Duration;
use tulay::{
    Channel, Collection, CollectionMethod, CollectionRequest, CollectionStatus, Country, Currency,
    Email, Found, Lookup, Money, Name, Operation, OrderId, Party, PaymentInstructions, Phone,
    Provider, ProviderExt, Reference, RefundStatus, Tulay,
    journal::{PaymentRecord, Refundable, Status},
    routing::Payment,
    webhook::{Authenticity, Notification},
};
use tulay_sandbox::Sandbox;

/// What became of it, for programs and for people.
#[derive(Debug, Default)]
pub(super) struct Sale {
    /// Whether anything of it is in doubt.
    pub(super) in_doubt: bool,
    /// Whether it could not be made at all.
    pub(super) failed: bool,
    pub(super) collection: Value,
    pub(super) refund: Value,
    /// The sentences of the report.
    pub(super) lines: Vec<String>,
}

const WAIT: Duration = Duration::from_secs(30);

const PAID: &str = "1500.00";
const GIVEN_BACK: &str = "400.00";

impl Sale {
    /// A sale that could not be made. The report still shows the payouts.
    pub(super) fn failed(failure: &CliError) -> Self {
        let lines = vec![format!("The collection by QR code failed: {}", failure.message())];
        let (collection, refund) = (Value::Null, Value::Null);
        Self { in_doubt: false, failed: true, collection, refund, lines }
    }

    /// Collects by the rules, lets a simulated payer pay, and refunds a part where that is offered.
    pub(super) async fn make(
        tulay: &Tulay,
        sandbox: &Sandbox,
        endpoint: &Endpoint,
    ) -> Result<Self, CliError> {
        let request = request().map_err(|error| CliError::invalid("demo", &error))?;
        let mut payment =
            Payment::new(Operation::Collection, Country::PH, Currency::PHP, Channel::Qr);
        payment.amount = Some(request.amount);
        let plan = tulay.plan(&payment);
        let provider = match plan.first() {
            Ok(candidate) => candidate.provider.as_ref(),
            Err(error) => {
                let lines = vec![format!("Nothing was collected by QR code: {error}")];
                let (collection, refund) = (Value::Null, Value::Null);
                return Ok(Self { in_doubt: false, failed: false, collection, refund, lines });
            }
        };
        let (reference, amount) = (&request.reference, request.amount);
        let collected = collect(tulay, provider, &request, sandbox, endpoint).await?;
        let (lookup, paid, events) = collected;
        let status = paid.observation.status.to_string();
        let mut sale = Self {
            in_doubt: paid.observation.status != CollectionStatus::Paid,
            failed: events.is_empty(),
            collection: json!({
                "reference": reference,
                "provider": provider.id(),
                "amount": amount,
                "status": status,
                "events": events,
            }),
            refund: Value::Null,
            lines: vec![format!(
                "{reference}: {} showed a QR code for {amount}, and a simulated payer paid it: \
                 {status}, confirmed by {}",
                provider.id(),
                notifications(&events),
            )],
        };
        if !gives_back(provider) {
            let line = format!(
                "Nothing was refunded: {} offers no refund of a payment by QR code",
                provider.id()
            );
            sale.lines.push(line);
            return Ok(sale);
        }
        sale.give_back(tulay, provider, &lookup, &paid, endpoint).await?;
        Ok(sale)
    }

    async fn give_back(
        &mut self,
        tulay: &Tulay,
        provider: &dyn Provider,
        lookup: &Lookup,
        paid: &Collection,
        endpoint: &Endpoint,
    ) -> Result<(), CliError> {
        let invalid = |error| CliError::invalid("demo", &error);
        let money = |text| Money::parse(text, Currency::PHP).map_err(invalid);
        let (all, part) = (money(PAID)?, money(GIVEN_BACK)?);
        let mut original = lookup.clone();
        original.learn(&paid.observation);
        let of = Refundable::stated(provider.id().clone(), original, all);
        let paid_at = paid.observation.finished.as_ref().and_then(|time| time.at);
        let of = paid_at.into_iter().fold(of, Refundable::paid_at);
        let reference = Reference::new("REFUND-2026-001").map_err(invalid)?;
        let submit = tulay.refunds().submit(reference.clone(), of, Some(part));
        submit.reason("One of three items came back").await?;
        let worker = tulay.worker().only_refunds([reference.clone()]).start().await?;
        let refund = tulay.refunds().wait(&reference, WAIT).await?;
        worker.stop().await?;
        let is_final = |event: &Notification| matches!(event, Notification::Refund(refund) if refund.status != RefundStatus::Pending);
        let events = match refund.last().filter(|_| refund.status == Status::Succeeded) {
            Some(order) => endpoint.notifications(&order.order_id, is_final).await,
            None => Vec::new(),
        };
        let events = shown(&events);
        self.in_doubt |= refund.status == Status::InDoubt;
        self.failed |= refund.status != Status::Succeeded || events.is_empty();
        self.lines.push(sentence(&refund, &events));
        self.refund = json!({
            "reference": refund.reference,
            "collection": self.collection.get("reference"),
            "provider": provider.id(),
            "amount": part,
            "status": refund.status.as_str(),
            "events": events,
        });
        Ok(())
    }
}

/// Creates a collection, lets the simulated payer pay it, and waits for the notification.
async fn collect(
    tulay: &Tulay,
    provider: &dyn Provider,
    request: &CollectionRequest,
    sandbox: &Sandbox,
    endpoint: &Endpoint,
) -> Result<(Lookup, Collection, Vec<Value>), CliError> {
    let failed = |error| CliError::call(provider.id(), Exit::CouldNotRun, &error);
    let collections = provider.collections().map_err(failed)?;
    let (rules, namespace) = (collections.capability().ids, tulay.namespace());
    let operation = Operation::Collection;
    let order_id = OrderId::derive(rules, namespace, operation, &request.reference, 1);
    let prepared = collections.prepare(request, &order_id).map_err(failed)?;
    let made = collections.create(&prepared).await.map_err(failed)?;
    let Some(PaymentInstructions::Qr(code)) = &made.payment_instructions else {
        return Err(CliError::could_not_run("demo", "no QR code was shown"));
    };
    let payer = sandbox.pay(provider.id().as_str(), code.expose(), None);
    payer.map_err(|error| CliError::invalid("sandbox", &error))?;
    let is_final = |event: &Notification| matches!(event, Notification::Collection(collection) if collection.status != CollectionStatus::Pending);
    let events = endpoint.notifications(&order_id, is_final).await;
    let mut lookup = prepared.lookup;
    lookup.learn(&made.observation);
    match collections.find(&lookup).await.map_err(failed)? {
        Found::Found(paid) => Ok((lookup, paid, shown(&events))),
        Found::Absent(_) => Err(CliError::not_found("the collection cannot be found")),
    }
}

/// Whether a payment by QR code can be refunded.
fn gives_back(provider: &dyn Provider) -> bool {
    let Some(refunds) = provider.roles().refunds else { return false };
    refunds.capability().corridors.iter().any(|corridor| {
        (corridor.country, corridor.channel) == (Country::PH, Channel::Qr)
            && corridor.operations.contains(&Operation::Refund)
    })
}

fn sentence(refund: &PaymentRecord, events: &[Value]) -> String {
    let (reference, amount) = (&refund.reference, refund.amount);
    match refund.status {
        Status::Succeeded => format!(
            "{reference}: {amount} of it was refunded: succeeded, confirmed by {}",
            notifications(events)
        ),
        _ => refund.to_string(),
    }
}

/// How the notifications were authenticated, in words.
fn notifications(events: &[Value]) -> &'static str {
    let signed =
        |event: &Value| event.get("authenticity").and_then(Value::as_str) == Some("signed");
    match events {
        [] => "no notification",
        events if events.iter().all(signed) => "a notification with a valid signature",
        _ => "a notification and a look-up",
    }
}

fn shown(events: &[(Notification, Authenticity)]) -> Vec<Value> {
    let one = |(event, authenticity): &(Notification, Authenticity)| {
        let (kind, status, stated) = match event {
            Notification::Collection(it) => ("collection", it.status.as_str(), &it.amount),
            Notification::Refund(it) => ("refund", it.status.as_str(), &it.amount),
            _ => ("other", "", &None),
        };
        let amount = stated.as_ref().and_then(|amount| amount.in_currency(Currency::PHP));
        json!({
            "event": kind,
            "status": status,
            "amount": amount,
            "authenticity": authenticity,
        })
    };
    events.iter().map(one).collect()
}

/// A sale to a fictitious payer, with all fields that a provider may require.
fn request() -> Result<CollectionRequest, tulay::Invalid> {
    let amount = Money::parse(PAID, Currency::PHP)?;
    let reference = Reference::new("SALE-2026-001")?;
    let payer = Party::default()
        .with_name(Name::full("Luz Marasigan")?)
        .with_email(Email::new("luz@example.com")?)
        .with_mobile(Phone::new("+639175550160")?);
    Ok(CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
        .with_payer(payer)
        .with_return_url("https://shop.example.com/thanks")
        .with_remark("Three items"))
}
