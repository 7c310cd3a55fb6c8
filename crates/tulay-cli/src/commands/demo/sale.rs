//! How the demo ends: a payer pays by QR code, and gets a part of it back.

use super::endpoint::Endpoint;
use crate::{
    exit::Exit,
    failure::Failure,
    track::{Orders, State, Tracked, Tracker},
};
use serde_json::{Value, json};
use std::time::Duration;
use tulay::{
    Authenticity, Channel, Collection, CollectionRequest, CollectionStatus, Country, Currency,
    Email, Event, Found, Lookup, Method, Money, Name, NamePart, Operation, OrderId, Party, PayBy,
    Payment, Phone, Provider, ProviderExt, Reference, RefundRequest, RefundStatus, Terminal, Tulay,
};
use tulay_sandbox::Sandbox;

/// What became of it, for programs and for people.
#[derive(Debug)]
pub(super) struct Sale {
    /// Whether anything of it is in doubt.
    pub(super) in_doubt: bool,
    /// Whether it could not be made at all.
    pub(super) failed: bool,
    pub(super) collection: Value,
    pub(super) refund: Value,
    pub(super) told: Vec<String>,
}

const PAID: &str = "1500.00";
const GIVEN_BACK: &str = "400.00";

impl Sale {
    /// One that could not be made. What was paid out before is told all the same.
    pub(super) fn failed(failure: &Failure) -> Self {
        let told = vec![format!("Selling something did not work: {}", failure.message())];
        let (collection, refund) = (Value::Null, Value::Null);
        Self { in_doubt: false, failed: true, collection, refund, told }
    }

    /// Collects by the rules, lets a simulated payer pay, and refunds a part where that is offered.
    pub(super) async fn make(
        tulay: &Tulay,
        sandbox: &Sandbox,
        endpoint: &Endpoint,
    ) -> Result<Self, Failure> {
        let request = request().map_err(|error| Failure::invalid("demo", &error))?;
        let mut payment =
            Payment::new(Operation::Collection, Country::PH, Currency::PHP, Channel::Qr);
        payment.amount = Some(request.amount);
        let plan = tulay.plan(&payment);
        let provider = match plan.first() {
            Ok(candidate) => candidate.provider.as_ref(),
            Err(nobody) => {
                let told = format!("Nothing was collected by QR code: {nobody}");
                let (collection, refund) = (Value::Null, Value::Null);
                let told = vec![told];
                return Ok(Self { in_doubt: false, failed: false, collection, refund, told });
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
            told: vec![format!(
                "{reference}: {} showed a QR code for {amount}, a simulated payer paid it, and {} \
                 said so: {status}",
                provider.id(),
                notifications(&events),
            )],
        };
        if provider.roles().refunds.is_none() {
            let told = format!("Nothing of it was given back: {} has no refunds", provider.id());
            sale.told.push(told);
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
    ) -> Result<(), Failure> {
        let invalid = |error| Failure::invalid("demo", &error);
        let money = |text| Money::parse(text, Currency::PHP).map_err(invalid);
        let (all, part) = (money(PAID)?, money(GIVEN_BACK)?);
        let mut original = lookup.clone();
        original.provider_reference.clone_from(&paid.observation.provider_reference);
        let reference = Reference::new("REFUND-2026-001").map_err(invalid)?;
        let mut request = RefundRequest::new(reference, original, all, part);
        request.paid_at = paid.observation.finished.as_ref().and_then(|time| time.at);
        request.reason = Some("One of three items came back".into());
        let refunds = provider.refunds();
        let refunds = refunds.map_err(|error| Failure::call(provider.id(), Exit::Usage, &error))?;
        let tracker = Tracker::of(provider, Orders::Refunds(refunds), Duration::from_secs(30));
        let tracked = tracker.refund(tulay.namespace(), &request, |_, _| ()).await?;
        let is_final = |event: &Event| matches!(event, Event::Refund(said) if said.status != RefundStatus::Pending);
        let events = match tracked.state {
            State::Succeeded => endpoint.told(&tracked.lookup.order_id, is_final).await,
            _ => Vec::new(),
        };
        let events = shown(&events);
        self.in_doubt |= tracked.state == State::InDoubt;
        self.failed |= tracked.state != State::Succeeded || events.is_empty();
        self.told.push(sentence(&request, &tracked, &events));
        self.refund = json!({
            "reference": request.reference,
            "collection": self.collection.get("reference"),
            "provider": tracked.provider,
            "amount": part,
            "status": tracked.state.as_str(),
            "events": events,
        });
        Ok(())
    }
}

/// Asks for money, lets it be paid, and hears about it.
async fn collect(
    tulay: &Tulay,
    provider: &dyn Provider,
    request: &CollectionRequest,
    sandbox: &Sandbox,
    endpoint: &Endpoint,
) -> Result<(Lookup, Collection, Vec<Value>), Failure> {
    let failed = |error| Failure::call(provider.id(), Exit::CouldNotRun, &error);
    let collections = provider.collections().map_err(failed)?;
    let (rules, namespace) = (collections.capability().ids, tulay.namespace());
    let operation = Operation::Collection;
    let order_id = OrderId::derive(rules, namespace, operation, &request.reference, 1);
    let made = collections.create(request, &order_id).await.map_err(failed)?;
    let Some(PayBy::Qr(code)) = &made.pay_by else {
        return Err(Failure::could_not_run("demo", "no QR code was shown"));
    };
    let payer = sandbox.pay(provider.id().as_str(), code.expose(), None);
    payer.map_err(|error| Failure::invalid("sandbox", &error))?;
    let is_final = |event: &Event| matches!(event, Event::Collection(said) if said.status != CollectionStatus::Pending);
    let events = endpoint.told(&order_id, is_final).await;
    let mut lookup = Lookup::new(order_id, request.country, request.amount.currency(), Channel::Qr);
    lookup.amount = Some(request.amount);
    lookup.terminal.clone_from(&request.terminal);
    match collections.find(&lookup).await.map_err(failed)? {
        Found::Found(paid) => Ok((lookup, paid, shown(&events))),
        Found::Absent(_) => Err(Failure::not_found("the collection cannot be found")),
    }
}

fn sentence(request: &RefundRequest, tracked: &Tracked, events: &[Value]) -> String {
    let (reference, amount) = (&request.reference, request.amount);
    match tracked.state {
        State::Succeeded => format!(
            "{reference}: {amount} of it was given back, and {} said so: succeeded",
            notifications(events)
        ),
        state => format!("{reference}: {amount} of it, {}; {}", state.as_str(), tracked.why()),
    }
}

/// How it was heard of.
fn notifications(events: &[Value]) -> &'static str {
    let signed =
        |event: &Value| event.get("authenticity").and_then(Value::as_str) == Some("signed");
    match events {
        [] => "no notification",
        events if events.iter().all(signed) => "a notification whose signature verified",
        _ => "a notification that proves nothing",
    }
}

fn shown(events: &[(Event, Authenticity)]) -> Vec<Value> {
    let one = |(event, authenticity): &(Event, Authenticity)| {
        let (kind, status, stated) = match event {
            Event::Collection(said) => ("collection", said.status.as_str(), &said.amount),
            Event::Refund(said) => ("refund", said.status.as_str(), &said.amount),
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

/// A sale to somebody who does not exist. Whatever a provider may ask for is there.
fn request() -> Result<CollectionRequest, tulay::Invalid> {
    let amount = Money::parse(PAID, Currency::PHP)?;
    let reference = Reference::new("SALE-2026-001")?;
    let mut request = CollectionRequest::new(reference, Country::PH, amount, Method::Qr);
    let mut payer = Party::default();
    payer.name = Some(Name::Full(NamePart::new("Luz Marasigan")?));
    payer.email = Some(Email::new("luz@example.com")?);
    payer.mobile = Some(Phone::new("+639175550160")?);
    request.payer = payer;
    request.terminal = Some(Terminal::new("T1")?);
    request.return_url = Some("https://shop.example.com/thanks".into());
    request.remark = Some("Three items".into());
    Ok(request)
}
