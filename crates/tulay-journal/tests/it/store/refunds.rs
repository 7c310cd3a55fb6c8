//! Refunds never add up to more than was paid.

use super::*;
use tokio::task::JoinSet;
use tulay_core::{ErrorKind, ProviderReference, RefundRequest};
use tulay_journal::{
    machine::facts::Word,
    record::{Ending, Finding, Original},
    store::Filter,
};

databases!(
    and a pooler:
    refunds_add_up_to_what_was_paid,
    hundred_at_once_give_back_what_was_paid,
    known_refund_is_returned_whatever_is_left,
    other_paid_amount_is_refused,
    dead_refund_does_not_count,
    doubted_refund_counts,
    refunds_are_listed_apart,
    payment_is_known_by_either_id,
    refund_that_does_not_fit_any_more_is_not_sent,
);

pub(crate) fn refund_policy() -> Policy {
    let configured = |operation| {
        Configured::new(account(1), operation, [(Country::PH, Currency::PHP)], guarantees())
    };
    let all = vec![configured(Operation::Payout), configured(Operation::Refund)];
    Policy::production(namespace(), all)
}

pub(crate) fn original(paid: i64) -> Original {
    original_of("D-7001", paid)
}

fn original_of(reference: &str, paid: i64) -> Original {
    Original {
        merchant_account: account(1),
        provider_reference: ProviderReference::new(reference).unwrap(),
        payment: None,
        paid: Money::from_minor(paid, Currency::PHP),
        is_stated: true,
    }
}

pub(crate) fn refund(reference: &str, original: Original, minor: i64) -> Acceptance {
    let id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let payment = Lookup::new(id, Country::PH, Currency::PHP, Channel::Qr)
        .with_provider_reference(original.provider_reference.clone());
    let reference = Reference::new(reference).unwrap();
    let amount = Money::from_minor(minor, Currency::PHP);
    let request = RefundRequest::new(reference, payment, original.paid, amount);
    Acceptance::refund(&request, original)
}

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(refund_policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

async fn accept(store: &impl Store, acceptance: Acceptance) -> Result<Accepted, Refused> {
    store.accept(vec![acceptance]).await.unwrap().remove(0)
}

fn more_than(paid: i64, left: i64) -> Refused {
    let pesos = |minor| Money::from_minor(minor, Currency::PHP);
    Refused::MoreThanPaid { paid: pesos(paid), left: pesos(left) }
}

async fn refunds_add_up_to_what_was_paid<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accept(store, refund("F1", original(10_000), 6_000)).await.unwrap();
    let refused = accept(store, refund("F2", original(10_000), 4_001)).await;
    assert_eq!(refused, Err(more_than(10_000, 4_000)));
    accept(store, refund("F2", original(10_000), 4_000)).await.unwrap();
    assert_eq!(accept(store, refund("F3", original(10_000), 1)).await, Err(more_than(10_000, 0)));
    // Another payment, and the same id at another account, are no part of it.
    accept(store, refund("F4", original_of("D-7002", 10_000), 10_000)).await.unwrap();
    let elsewhere = Original { merchant_account: account(2), ..original(10_000) };
    accept(store, refund("F5", elsewhere, 10_000)).await.unwrap();
    let refunds = store.refunds(&original(10_000)).await.unwrap();
    let references: Vec<_> = refunds.iter().map(|it| it.reference.as_str()).collect();
    assert_eq!(references, ["F1", "F2"]);
}

/// Also within one group, and from several processes.
async fn hundred_at_once_give_back_what_was_paid<D: Database>() {
    let (database, _) = begin::<D>().await;
    let mut calls = JoinSet::new();
    for process in 0..4 {
        let store = database.another();
        calls.spawn(async move {
            let one = |number| refund(&format!("F{process}-{number}"), original(10_000), 150);
            let group = (0..5).map(one).collect();
            let mut answers = store.accept(group).await.unwrap();
            for number in 5..25 {
                answers.push(accept(&store, one(number)).await);
                tokio::task::yield_now().await;
            }
            answers
        });
    }
    let answers: Vec<_> = calls.join_all().await.into_iter().flatten().collect();
    let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((answers.len(), accepted), (100, 66));
    assert!(answers.contains(&Err(more_than(10_000, 100))));
    let refunds = database.store().refunds(&original(10_000)).await.unwrap();
    let sum: i64 = refunds.iter().map(|it| it.amount.minor()).sum();
    assert_eq!((refunds.len(), sum), (66, 9_900));
}

async fn known_refund_is_returned_whatever_is_left<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accept(store, refund("F1", original(10_000), 10_000)).await.unwrap();
    let known = accept(store, refund("F1", original(10_000), 10_000)).await;
    assert!(matches!(known, Ok(Accepted::Known(_))), "{known:?}");
}

async fn other_paid_amount_is_refused<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accept(store, refund("F1", original(10_000), 1)).await.unwrap();
    let refused = accept(store, refund("F2", original(20_000), 15_000)).await;
    assert_eq!(refused, Err(Refused::OtherPaid { paid: Money::from_minor(10_000, Currency::PHP) }));
    // What is withdrawn states nothing any more.
    let record = store.list(Filter::default()).await.unwrap().remove(0);
    let step = Step::End { version: None, ending: Ending::Cancelled, reason: None };
    write(store, Write::by(record.id, "Ben".into(), step)).await.unwrap();
    accept(store, refund("F2", original(20_000), 15_000)).await.unwrap();
}

async fn payment_is_known_by_either_id<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let id = |id: &str| ProviderReference::new(id).unwrap();
    let paid = |order: &str, payment: &str| Original {
        payment: Some(id(payment)),
        ..original_of(order, 10_000)
    };
    accept(store, refund("F1", paid("pi_1", "pay_1"), 6_000)).await.unwrap();
    for other in [
        paid("pi_9", "pay_1"),
        paid("pay_1", "pay_9"),
        original_of("pi_1", 10_000),
        original_of("pay_1", 10_000),
    ] {
        assert_eq!(store.refunds(&other).await.unwrap().len(), 1, "{other:?}");
        let refused = accept(store, refund("F2", other, 4_001)).await;
        assert_eq!(refused, Err(more_than(10_000, 4_000)));
    }
    accept(store, refund("F2", paid("pi_2", "pay_2"), 10_000)).await.unwrap();
    // Another host of the provider has the same payments.
    let mut moved = original_of("pi_1", 10_000);
    moved.merchant_account.host = "api.example.org".into();
    assert_eq!(accept(store, refund("F3", moved, 4_001)).await, Err(more_than(10_000, 4_000)));
}

async fn refund_that_does_not_fit_any_more_is_not_sent<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let first = failed(store, &time).await;
    accept(store, refund("F2", original(10_000), 10_000)).await.unwrap();
    let second = store.find(Operation::Refund, vec![Reference::new("F2").unwrap()]).await;
    let second = second.unwrap().remove(0).unwrap();
    let claimed = store.claim(Claim::only(vec![second.id])).await.unwrap().records.remove(0);
    let late = look_up(&first, time.now(), Finding::Found(Word::Succeeded));
    write(store, late).await.unwrap();
    assert_eq!(write(store, next(&claimed, 1)).await, Err(more_than(10_000, 4_000)));
}

/// A refund that was rejected and ended.
async fn failed(store: &impl Store, time: &Hand) -> Record {
    accept(store, refund("F1", original(10_000), 6_000)).await.unwrap();
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    let rejected = Seen::Rejected { kind: ErrorKind::InvalidRequest, is_permanent: false };
    let record = write(store, answer(&record, rejected)).await.unwrap();
    let end = || {
        let step = Step::End { version: None, ending: Ending::Failed, reason: None };
        Write::by(record.id, "Ben".into(), step)
    };
    // The list of refunds may lag: an absence counts after the absence window.
    time.pass(SignedDuration::from_mins(1));
    write(store, look_up(&record, time.now(), Finding::Absent)).await.unwrap();
    assert_eq!(write(store, end()).await, Err(Refused::NotAllowed));
    time.pass(SignedDuration::from_mins(10));
    write(store, look_up(&record, time.now(), Finding::Absent)).await.unwrap();
    write(store, end()).await.unwrap()
}

fn look_up(record: &Record, asked: Timestamp, finding: Finding) -> Write {
    let (provider_reference, reason) = (None, None);
    let step = Step::LookUp { attempt: 1, asked, finding, provider_reference, reason };
    Write::claimed(record, step)
}

async fn dead_refund_does_not_count<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    assert!(failed(store, &time).await.gave_nothing_back());
    accept(store, refund("F2", original(10_000), 10_000)).await.unwrap();
}

async fn doubted_refund_counts<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = failed(store, &time).await;
    let late = look_up(&record, time.now(), Finding::Found(Word::Succeeded));
    let record = write(store, late).await.unwrap();
    assert!(!record.gave_nothing_back(), "{record:?}");
    let refused = accept(store, refund("F2", original(10_000), 4_001)).await;
    assert_eq!(refused, Err(more_than(10_000, 4_000)));
}

async fn refunds_are_listed_apart<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    accept(store, refund("R1", original(10_000), 1)).await.unwrap();
    for (operation, expected) in [
        (Some(Operation::Payout), vec![Operation::Payout]),
        (Some(Operation::Refund), vec![Operation::Refund]),
        (None, vec![Operation::Refund, Operation::Payout]),
    ] {
        let mut filter = Filter::default();
        filter.operation = operation;
        let listed = store.list(filter).await.unwrap();
        let operations: Vec<_> = listed.iter().map(|record| record.operation).collect();
        assert_eq!(operations, expected);
    }
    let named = store.find(Operation::Refund, vec![Reference::new("R1").unwrap()]).await.unwrap();
    let record = named[0].as_ref().unwrap();
    assert_eq!(record.progress.original, Some(original(10_000)));
    let events = store.timeline(record.id).await.unwrap();
    assert!(record.follows_from(&events, &refund_policy()));
}
