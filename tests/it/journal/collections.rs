//! Collections through the facade: a payer is shown one code for each reference, and what is paid is
//! noticed, with and without notifications.

use super::{
    LONGEST, Lost, MAKING, Setup, actor, reference,
    webhook::{address, open_endpoint},
};
use jiff::{SignedDuration, Timestamp};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Email, Money, Name, Party,
    PaymentInstructions, Phone, Tulay,
    journal::{
        CollectionRecord, CollectionState, Filter, JournalError, Status, SubmitError, Surprise,
    },
};
use tulay_sandbox::{
    kit::{Direction, Faults},
    regional,
};

fn pesos(text: &str) -> Money {
    Money::parse(text, Currency::PHP).unwrap()
}

/// Both providers collect. Notifications go where nothing listens.
fn text(setup: &Setup, preferred: &str) -> String {
    text_notified(setup, preferred, "http://127.0.0.1:9/notify")
}

fn text_notified(setup: &Setup, preferred: &str, url: &str) -> String {
    let others = ["starpay", "regional"].into_iter().filter(|it| *it != preferred);
    let all = [preferred].into_iter().chain(others).collect::<Vec<_>>();
    let rule = format!("\n[[routes]]\noperation = \"collection\"\nuse = {all:?}\n");
    setup.text(&all) + &rule + &format!("\n[webhook]\npublic_url = \"{url}\"\n")
}

fn request(name: &str, amount: &str) -> CollectionRequest {
    let payer = Party::default()
        .with_name(Name::full("Ana Reyes").unwrap())
        .with_email(Email::new("ana@example.com").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap());
    CollectionRequest::new(reference(name), Country::PH, pesos(amount), CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer)
}

fn code(record: &CollectionRecord) -> &PaymentInstructions {
    record.payment_instructions.as_ref().unwrap_or_else(|| panic!("no code: {record}"))
}

/// The payer pays what was shown; or another amount.
fn pay(setup: &Setup, record: &CollectionRecord, amount: Option<&str>) {
    let provider = record.provider().unwrap().as_str();
    let order_id = record.order().unwrap().order_id.as_str();
    setup.sandbox.pay(provider, order_id, amount).unwrap();
}

/// How often the providers were asked to make a collection.
fn made(setup: &Setup) -> usize {
    let left = setup.network.left.lock().unwrap();
    let is_made = |address: &str| MAKING.iter().any(|end| address.ends_with(end));
    left.iter().filter(|(address, _)| is_made(address)).count()
}

async fn wait(tulay: &Tulay, name: &str) -> CollectionRecord {
    let worker = tulay.worker().only_collections([reference(name)]).start().await.unwrap();
    let record = tulay.collections().wait(&reference(name), LONGEST).await.unwrap();
    worker.stop().await.unwrap();
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_once_and_paid() {
    for preferred in ["starpay", "regional"] {
        let setup = Setup::new().await;
        let faults = Faults { drop_notifications: 100, ..Faults::default() };
        setup.sandbox.set_faults(preferred, faults).unwrap();
        let tulay = setup.open(&text(&setup, preferred)).await;
        let sale = tulay.collections().create(request("C1", "100.00")).by(actor()).await.unwrap();
        assert_eq!(sale.status, CollectionState::Waiting, "{preferred}: {sale}");
        assert_eq!(sale.provider().unwrap().as_str(), preferred);
        assert_eq!((sale.received, sale.payments.len()), (pesos("0.00"), 0));
        let shown = code(&sale).clone();
        // The same again, also by a program that has forgotten it, shows the same code.
        for tulay in [&tulay, &setup.open(&text(&setup, preferred)).await] {
            let again = tulay.collections().create(request("C1", "100.00")).await.unwrap();
            assert_eq!(code(&again), &shown, "{preferred}");
        }
        assert_eq!(made(&setup), 1, "{preferred}");
        pay(&setup, &sale, None);
        let paid = wait(&tulay, "C1").await;
        assert_eq!(paid.status, CollectionState::Paid, "{preferred}: {paid}");
        assert_eq!((paid.received, paid.payments.len()), (pesos("100.00"), 1));
        assert!(paid.surprises.is_empty() && paid.reviews.is_empty(), "{preferred}: {paid:?}");
        assert_eq!(tulay.collections().get(&reference("C1")).await.unwrap().unwrap(), paid);
        let again = tulay.collections().create(request("C1", "100.00")).await.unwrap();
        assert_eq!((again.status, made(&setup)), (CollectionState::Paid, 1));
        let ledger = setup.sandbox.ledger();
        let taken = ledger.movements().iter().filter(|it| it.direction == Direction::In);
        assert_eq!(taken.count(), 1, "{preferred}");
        let debug = format!("{paid:?}");
        assert!(!debug.contains("Ana") && !debug.contains("https"), "{debug}");
        assert!(tulay.audit().await.unwrap().is_empty());
    }
}

/// An order whose answer was lost may exist, and its code was never shown.
#[tokio::test(flavor = "multi_thread")]
async fn one_code_is_shown_whatever_is_lost() {
    for (preferred, lost) in [
        ("starpay", Lost::Answer),
        ("starpay", Lost::Request),
        ("regional", Lost::Answer),
        ("regional", Lost::Request),
    ] {
        let setup = Setup::new().await;
        let tulay = setup.open(&text(&setup, preferred)).await;
        setup.network.lose(lost, 1);
        let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
        let shown = code(&sale).clone();
        pay(&setup, &sale, None);
        let paid = wait(&tulay, "C1").await;
        assert_eq!(paid.status, CollectionState::Paid, "{preferred}, {lost:?}: {paid}");
        assert_eq!((code(&paid), paid.received), (&shown, pesos("100.00")));
        assert!(tulay.audit().await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_race_show_one_code() {
    let setup = Setup::new().await;
    let text = text(&setup, "starpay");
    let processes = [Arc::new(setup.open(&text).await), Arc::new(setup.open(&text).await)];
    let mut calls = JoinSet::new();
    for number in 0..16 {
        let tulay = Arc::clone(&processes[number % 2]);
        calls.spawn(async move { tulay.collections().create(request("C1", "100.00")).await });
    }
    let sales: Vec<_> = calls.join_all().await.into_iter().map(Result::unwrap).collect();
    assert!(sales.iter().all(|sale| code(sale) == code(&sales[0])));
    assert_eq!(made(&setup), 1);
}

/// The notification comes before the first look-up of the schedule, and the application takes the event.
#[tokio::test(flavor = "multi_thread")]
async fn a_notification_ends_the_wait() {
    for preferred in ["starpay", "regional"] {
        let setup = Setup::new().await;
        let (listener, url) = address().await;
        let text = text_notified(&setup, preferred, &url);
        let tulay = setup.open(&(text + "[time]\nschedule_per_mille = 1000\n")).await;
        let at = format!("{url}/regional/collection").parse().unwrap();
        setup.sandbox.notify_at("regional", regional::DEMO_APP_ID, at).unwrap();
        open_endpoint(listener, &tulay);
        let worker = tulay.worker().start().await.unwrap();
        let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
        pay(&setup, &sale, None);
        let time_out = Duration::from_secs(6);
        let paid = tulay.collections().wait(&reference("C1"), time_out).await.unwrap();
        worker.stop().await.unwrap();
        assert_eq!(paid.status, CollectionState::Paid, "{preferred}: {paid}");
        let mut events = tulay.events(None).await.unwrap();
        let received = loop {
            let event = events.next().await.unwrap().unwrap();
            if event.name() == "collection.received" {
                break event;
            }
        };
        let json = serde_json::to_value(&received).unwrap();
        assert_eq!(json["collection"]["received"]["amount"], "100.00", "{json}");
        assert_eq!(received.collection.unwrap(), paid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_collections_are_refused_and_nothing_is_sent() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup, "starpay")).await;
    let past: Timestamp = "2020-01-05T02:00:00Z".parse().unwrap();
    let expired = request("C1", "100.00").with_expires(past);
    let error = tulay.collections().create(expired).await.unwrap_err();
    let SubmitError::Refused(refused) = &error else { panic!("{error:?}") };
    assert_eq!(refused.field(), Some("expires"), "{error}");
    assert!(error.to_string().contains("expected a time in the future"), "{error}");
    let mut elsewhere = request("C1", "100.00");
    elsewhere.country = Country::TH;
    let error = tulay.collections().create(elsewhere).await.unwrap_err();
    assert!(matches!(error, SubmitError::NoRoute(_) | SubmitError::Refused(_)), "{error:?}");
    assert!(tulay.collections().get(&reference("C1")).await.unwrap().is_none());
    assert_eq!(made(&setup), 0);
    tulay.collections().create(request("C1", "100.00")).await.unwrap();
    let error = tulay.collections().create(request("C1", "100.01")).await.unwrap_err();
    let SubmitError::Taken { field, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*field, "amount");
    let expected = "C1 is another collection: its amount differs";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(made(&setup), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_collection_is_closed_and_still_noticed() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup, "regional")).await;
    let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
    let closed = tulay.collections().cancel(&reference("C1"), &actor()).await.unwrap();
    assert_eq!(closed.status, CollectionState::Closed, "{closed}");
    let again = tulay.collections().cancel(&reference("C1"), &actor()).await.unwrap_err();
    assert!(matches!(again, JournalError::NotNow { .. }), "{again}");
    // The payer has seen the code, and this provider withdraws none.
    pay(&setup, &sale, None);
    tulay.collections().refresh(&reference("C1")).await.unwrap();
    let worker = tulay.worker().only_collections([reference("C1")]).start().await.unwrap();
    let noticed = async {
        loop {
            let sale = tulay.collections().get(&reference("C1")).await.unwrap().unwrap();
            if sale.status == CollectionState::Paid {
                return sale;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let paid = tokio::time::timeout(LONGEST, noticed).await.unwrap();
    worker.stop().await.unwrap();
    assert!(paid.surprises.contains(&Surprise::AfterCancellation), "{paid}");
    assert!(!paid.reviews.is_empty());
    let mut events = tulay.events(None).await.unwrap();
    let mut names = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        names.push(event.name());
    }
    for name in ["created", "waiting", "closed", "paid", "received", "after_cancellation"] {
        assert!(names.contains(&format!("collection.{name}")), "{name}: {names:?}");
    }
    assert!(tulay.audit().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_code_cannot_be_paid_where_the_provider_withdraws_it() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup, "starpay")).await;
    let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
    tulay.collections().cancel(&reference("C1"), &actor()).await.unwrap();
    let worker = tulay.worker().only_collections([reference("C1")]).start().await.unwrap();
    let withdrawn = async {
        loop {
            let timeline = tulay.collections().timeline(&reference("C1")).await.unwrap();
            if timeline.iter().any(|event| event.change.kind() == "withdrawn") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONGEST, withdrawn).await.unwrap();
    worker.stop().await.unwrap();
    let order_id = sale.order().unwrap().order_id.as_str();
    assert!(setup.sandbox.pay("starpay", order_id, None).is_err());
}

/// The schedule alone would look it up after ten seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_looks_a_collection_up_at_once_and_once() {
    let setup = Setup::new().await;
    let text = text(&setup, "starpay") + "[time]\nschedule_per_mille = 1000\n";
    let tulay = setup.open(&text).await;
    let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let order_id = sale.order().unwrap().order_id.to_string();
    let before = setup.network.naming(&order_id).len();
    let mut states = tulay.collections().watch(&reference("C1")).await.unwrap();
    states.next().await.unwrap();
    tulay.collections().refresh(&reference("C1")).await.unwrap();
    let looked_up = states.next().await.unwrap().unwrap();
    let soon = looked_up.accepted_at + SignedDuration::from_secs(7);
    assert!(looked_up.next_at.unwrap() > soon, "the schedule goes on: {looked_up}");
    assert_eq!(setup.network.naming(&order_id).len(), before + 1);
    pay(&setup, &sale, None);
    tulay.collections().refresh(&reference("C1")).await.unwrap();
    let time_out = Duration::from_secs(5);
    let paid = tulay.collections().wait(&reference("C1"), time_out).await.unwrap();
    worker.stop().await.unwrap();
    assert_eq!(paid.status, CollectionState::Paid, "{paid}");
}

/// Nothing is reached: it waits, and the worker shows its code later.
#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_cannot_be_made_now_is_made_later() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup, "starpay")).await;
    let urls = [setup.url("starpay"), setup.url("regional")];
    setup.network.refuse(&urls.each_ref().map(String::as_str));
    let time_out = Duration::from_secs(1);
    let sale = tulay.collections().create(request("C1", "100.00")).within(time_out).await.unwrap();
    assert_eq!((sale.status, sale.payment_instructions), (CollectionState::Waiting, None));
    setup.network.refuse(&[]);
    let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
    pay(&setup, &sale, None);
    assert_eq!(wait(&tulay, "C1").await.status, CollectionState::Paid);
    let listed = tulay.collections().list(Filter::default()).await.unwrap().all().await.unwrap();
    assert_eq!(listed.len(), 1);
    let json = serde_json::to_value(&listed[0]).unwrap();
    assert_eq!((&json["status"], &json["received"]["amount"]), (&"paid".into(), &"100.00".into()));
    assert_eq!(json["payment_instructions"]["text"], serde_json::Value::Null, "{json}");
    assert_eq!(json["payments"][0]["is_reversed"], false);
    let payouts = tulay.payouts().list(Filter::default()).await.unwrap().all().await.unwrap();
    assert!(payouts.is_empty(), "a collection is no payout: {payouts:?}");
    let mut filter = Filter::default();
    filter.status = Some(Status::Pending);
    let waiting = tulay.collections().list(filter).await.unwrap().all().await.unwrap();
    assert!(waiting.is_empty());
}

/// What was paid is what the journal saw come in: it is not stated.
#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_given_back_up_to_what_came_in() {
    let setup = Setup::new().await;
    let tulay = setup.open(&text(&setup, "regional")).await;
    let sale = tulay.collections().create(request("C1", "100.00")).await.unwrap();
    assert!(sale.refundable().is_none(), "nothing came in");
    pay(&setup, &sale, None);
    let sale = wait(&tulay, "C1").await;
    let of = sale.refundable().unwrap();
    let id = &sale.payments[0].id;
    assert_eq!(sale.refundable_payment(id), Some(of));
    let submit = |name: &str, amount: &str| {
        tulay.refunds().submit(reference(name), of.clone(), Some(pesos(amount)))
    };
    let refund = submit("F1", "60.00").await.unwrap();
    assert!(!refund.original.as_ref().unwrap().is_stated);
    let error = submit("F2", "50.00").await.unwrap_err().to_string();
    assert!(error.contains("amount: expected at most PHP 40.00"), "{error}");
    let worker = tulay.worker().only_refunds([reference("F1")]).start().await.unwrap();
    let refund = tulay.refunds().wait(&reference("F1"), LONGEST).await.unwrap();
    worker.stop().await.unwrap();
    assert_eq!(refund.status, Status::Succeeded, "{refund}");
    let ledger = setup.sandbox.ledger();
    let back = ledger.movements().iter().filter(|it| it.direction == Direction::Back);
    assert_eq!(back.map(|it| it.money.minor()).collect::<Vec<_>>(), [6_000]);
    assert!(tulay.audit().await.unwrap().is_empty());
}
