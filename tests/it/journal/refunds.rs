//! Refunds through the facade: what was collected is given back once, and never more than came in.

use super::{LONGEST, Lost, Setup, actor, reference};
use std::sync::Arc;
use tokio::task::JoinSet;
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Email, Money, Name, Operation, Party,
    Phone, ProviderExt, ProviderId, Tulay,
    journal::{Change, EventKind, Filter, PaymentRecord, Refundable, Status, SubmitError},
};
use tulay_sandbox::kit::Direction;

fn pesos(text: &str) -> Money {
    Money::parse(text, Currency::PHP).unwrap()
}

/// Collections and refunds are notified of, at an address where nothing listens.
fn text(setup: &Setup) -> String {
    let webhook = "\n[webhook]\npublic_url = \"http://127.0.0.1:9/notify\"\n";
    setup.text(&["regional"]) + webhook
}

/// A payment of PHP 100.00 by QR code at the regional provider.
async fn collected(setup: &Setup, tulay: &Tulay, name: &str) -> Refundable {
    let payer = Party::default()
        .with_name(Name::full("Ana Reyes").unwrap())
        .with_email(Email::new("ana@example.com").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap());
    let (reference, amount) = (reference(name), pesos("100.00"));
    let request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer);
    let provider = tulay.provider(&ProviderId::new("regional").unwrap()).unwrap();
    let collections = provider.collections().unwrap();
    let order_id = tulay.order_id(collections.capability(), &request);
    collections.create(&collections.prepare(&request, &order_id).unwrap()).await.unwrap();
    setup.sandbox.pay("regional", order_id.as_str(), None).unwrap();
    loop {
        let known = tulay.find_collection(&request.reference).await.unwrap().unwrap();
        if let Ok(refundable) = known.refundable() {
            return refundable;
        }
    }
}

async fn finish(tulay: &Tulay, name: &str) -> PaymentRecord {
    let worker = tulay.worker().only_refunds([reference(name)]).start().await.unwrap();
    let record = tulay.refunds().wait(&reference(name), LONGEST).await.unwrap();
    worker.stop().await.unwrap();
    record
}

/// What the ledger says was given back, in minor units.
fn given_back(setup: &Setup) -> i64 {
    let ledger = setup.sandbox.ledger();
    let back = ledger.movements().iter().filter(|it| it.direction == Direction::Back);
    back.map(|movement| movement.money.minor()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_made_once_whatever_is_lost() {
    for lost in [None, Some(Lost::Answer), Some(Lost::Request)] {
        let setup = Setup::new().await;
        let tulay = setup.open(&text(&setup)).await;
        let of = collected(&setup, &tulay, "C1").await;
        if let Some(lost) = lost {
            setup.network.lose(lost, 1);
        }
        let (name, part) = (reference("F1"), Some(pesos("40.00")));
        let submitted = tulay.refunds().submit(name.clone(), of.clone(), part).await.unwrap();
        assert_eq!((submitted.operation, submitted.status), (Operation::Refund, Status::Created));
        let refund = finish(&tulay, "F1").await;
        assert_eq!(refund.status, Status::Succeeded, "{lost:?}: {refund}");
        assert_eq!(given_back(&setup), 4_000, "{lost:?}");
        // The same again, also by a program that has forgotten it, refunds nothing again.
        let again = setup.open(&text(&setup)).await;
        let known = again.refunds().submit(name, of, part).await.unwrap();
        assert_eq!((known.status, known.version), (Status::Succeeded, refund.version));
        assert_eq!(given_back(&setup), 4_000, "{lost:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_that_race_give_back_what_was_paid() {
    let setup = Setup::new().await;
    let tulay = Arc::new(setup.open(&text(&setup)).await);
    let of = collected(&setup, &tulay, "C1").await;
    let mut submits = JoinSet::new();
    for number in 0..40 {
        let (tulay, of) = (Arc::clone(&tulay), of.clone());
        submits.spawn(async move {
            let name = reference(&format!("F{number}"));
            tulay.refunds().submit(name, of, Some(pesos("9.99"))).await
        });
    }
    let answers = submits.join_all().await;
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!(refused.len(), 30);
    let text = "amount: expected at most PHP 0.10, which is left to refund of PHP 100.00; a refund \
                that is not finished counts too";
    assert!(refused.iter().all(|error| error.to_string() == text), "{refused:?}");
    // All that is left is ten centavos.
    let rest = || tulay.refunds().submit(reference("F99"), of.clone(), None);
    assert_eq!(rest().await.unwrap().amount, pesos("0.10"));
    assert_eq!(rest().await.unwrap().amount, pesos("0.10"), "the same again");
    let first = answers.iter().flatten().next().unwrap().reference.clone();
    let part = tulay.refunds().submit(first, of.clone(), None).await.unwrap_err().to_string();
    assert!(part.contains("is another refund: its amount differs"), "a part is not all: {part}");
    let worker = tulay.worker().start().await.unwrap();
    for record in tulay.refunds().list(Filter::default()).await.unwrap().all().await.unwrap() {
        let refund = tulay.refunds().wait(&record.reference, LONGEST).await.unwrap();
        assert_eq!(refund.status, Status::Succeeded, "{refund}");
    }
    worker.stop().await.unwrap();
    assert_eq!(given_back(&setup), 10_000);
    let none = tulay.refunds().submit(reference("F100"), of, None).await.unwrap_err();
    assert!(matches!(none, SubmitError::MoreThanPaid { .. }), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_refunds_are_refused_and_nothing_is_sent() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup)).await;
    let of = collected(&setup, &tulay, "C1").await;
    let submit = |name: &str, amount: Option<Money>| {
        tulay.refunds().submit(reference(name), of.clone(), amount)
    };
    submit("F1", Some(pesos("40.00"))).await.unwrap();
    let rupiah = Money::parse("40", Currency::IDR).unwrap();
    for (answer, expected) in [
        (submit("F1", Some(pesos("40.01"))).await, "F1 is another refund: its amount differs"),
        (
            submit("F1", Some(pesos("40.00"))).reason("late").await,
            "F1 is another refund: its reason",
        ),
        (submit("F2", Some(pesos("60.01"))).await, "amount: expected at most PHP 60.00"),
        (submit("F2", Some(rupiah)).await, "amount: expected an amount in the currency"),
        (submit("F2", Some(pesos("0.00"))).await, "amount: "),
    ] {
        let error = answer.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let left = setup.network.left.lock().unwrap();
    assert!(!left.iter().any(|(address, _)| address.ends_with("/payment/refund")));
}

/// A payout and a refund of one reference are two payments.
#[tokio::test(flavor = "multi_thread")]
async fn reviews_and_events_tell_refunds_from_payouts() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup)).await;
    let of = collected(&setup, &tulay, "C1").await;
    tulay.payouts().submit(super::plain("R1")).await.unwrap();
    tulay.refunds().submit(reference("R1"), of, None).by(actor()).await.unwrap();
    finish(&tulay, "R1").await;
    let mut events = tulay.events(None).await.unwrap();
    let mut names = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        names.push(event.name());
        if event.what == EventKind::Became(Status::Succeeded) {
            assert_eq!(event.payment.original.as_ref().unwrap().paid, pesos("100.00"));
            let json = serde_json::to_value(&event).unwrap();
            assert_eq!(json["refund"]["operation"], "refund");
        }
    }
    assert_eq!(names[..2], ["payout.created", "refund.created"], "{names:?}");
    assert!(names.contains(&"refund.succeeded".to_owned()), "{names:?}");
    assert!(tulay.reviews().show(&reference("R1")).await.is_err(), "both have the reference");
    let case = tulay.reviews().of(Operation::Refund).show(&reference("R1")).await.unwrap();
    assert_eq!(case.payment.status, Status::Succeeded);
    let Change::Accepted { original: Some(original), .. } = &case.timeline[0].change else {
        panic!("{:?}", case.timeline)
    };
    assert_eq!(original.paid, pesos("100.00"));
    assert!(tulay.audit().await.unwrap().is_empty());
}
