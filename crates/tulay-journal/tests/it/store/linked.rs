//! Payouts that replace others, and duplicates of order ids.

use super::*;
use tulay_core::ErrorKind;
use tulay_journal::{
    machine::{ReviewReason, facts::Word},
    record::{Change, Ending, Finding, Status},
    store::Scope,
};

databases!(
    and a pooler:
    late_success_is_seen_by_both,
    replacement_is_not_sent_after_a_late_success,
    late_success_of_a_replacement_is_seen_by_both,
    duplicate_after_refused_connections_pauses,
    duplicate_of_a_slow_copy_does_not_pause,
);

const UNSENT: Seen = Seen::NotSent { kind: ErrorKind::Unreachable };

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

/// A payout whose one sending did not leave, and which failed by its deadline.
async fn failed(store: &impl Store, time: &Hand, reference: &str, seen: Seen) -> Record {
    let mut acceptance = acceptance(reference);
    acceptance.send_by = Some(time.now() + SignedDuration::from_mins(1));
    store.accept(vec![acceptance]).await.unwrap();
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    let record = write(store, answer(&record, seen)).await.unwrap();
    time.pass(SignedDuration::from_mins(2));
    let record = write(store, look_up(&record, time.now(), Finding::Absent)).await.unwrap();
    let step = Step::End { version: None, ending: Ending::Failed, reason: None };
    let record = write(store, Write::by(record.id, "Ben".into(), step)).await.unwrap();
    assert!(record.is_proven_unpaid());
    record
}

fn look_up(record: &Record, asked: Timestamp, finding: Finding) -> Write {
    let attempt = record.attempts.last().unwrap().attempt.number;
    let (provider_reference, reason) = (None, None);
    let step = Step::LookUp { attempt, asked, finding, provider_reference, reason };
    Write::claimed(record, step)
}

/// A payout that replaces one.
async fn replacing(store: &impl Store, replaced: &Record) -> Record {
    let mut acceptance = acceptance("R2");
    acceptance.replaces = Some(replaced.id);
    let accepted = store.accept(vec![acceptance]).await.unwrap().remove(0);
    let Ok(Accepted::New(record)) = accepted else { panic!("{accepted:?}") };
    store.claim(Claim::only(vec![record.id])).await.unwrap().records.remove(0)
}

async fn read(store: &impl Store, record: &Record) -> Record {
    store.get(vec![record.id]).await.unwrap().remove(0).unwrap()
}

const SUSPECTED: ReviewReason = ReviewReason::DoublePaymentSuspected;
const REJECTED: Seen = Seen::Rejected { kind: ErrorKind::Institution, is_permanent: true };

async fn late_success_is_seen_by_both<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let first = failed(store, &time, "R1", UNSENT).await;
    let second = replacing(store, &first).await;
    let second = write(store, next(&second, 2)).await.unwrap();
    assert!(read(store, &first).await.reviews.is_empty());
    let late = look_up(&first, time.now(), Finding::Found(Word::Succeeded));
    let first = write(store, late.clone()).await.unwrap();
    assert_eq!(first.status, Status::Failed);
    assert_eq!(first.reviews, [ReviewReason::Contradiction, SUSPECTED].into());
    let second = read(store, &second).await;
    assert_eq!(second.reviews, [SUSPECTED].into());
    let last = store.timeline(second.id).await.unwrap().pop().unwrap();
    let reference = Reference::new("R1").unwrap();
    assert_eq!(last.change, Change::Linked { reference, reason: SUSPECTED });
    // It is noted once.
    write(store, late).await.unwrap();
    assert_eq!(read(store, &second).await.version, second.version);
}

async fn replacement_is_not_sent_after_a_late_success<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let first = failed(store, &time, "R1", UNSENT).await;
    let second = replacing(store, &first).await;
    let late = look_up(&first, time.now(), Finding::Found(Word::Succeeded));
    write(store, late).await.unwrap();
    assert_eq!(write(store, next(&second, 2)).await, Err(Refused::Overtaken));
    let second = read(store, &second).await;
    assert_eq!(second.reviews, [ReviewReason::Contradiction].into());
    assert_eq!(write(store, next(&second, 2)).await, Err(Refused::Blocked));
    let step = Step::End { version: None, ending: Ending::Cancelled, reason: None };
    store.release(vec![(second.id, second.lease.unwrap())]).await.unwrap();
    let cancelled = write(store, Write::by(second.id, "Ben".into(), step)).await.unwrap();
    assert_eq!((cancelled.status, cancelled.is_proven_unpaid()), (Status::Cancelled, false));
}

async fn late_success_of_a_replacement_is_seen_by_both<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let first = failed(store, &time, "R1", REJECTED).await;
    let second = replacing(store, &first).await;
    let second = write(store, next(&second, 2)).await.unwrap();
    let second = write(store, answer(&second, REJECTED)).await.unwrap();
    time.pass(SignedDuration::from_mins(1));
    let second = write(store, look_up(&second, time.now(), Finding::Absent)).await.unwrap();
    let step = Step::End { version: None, ending: Ending::Failed, reason: None };
    let second = write(store, Write::by(second.id, "Ben".into(), step)).await.unwrap();
    let late = look_up(&second, time.now(), Finding::Found(Word::Pending));
    let second = write(store, late).await.unwrap();
    assert_eq!(second.reviews, [ReviewReason::Contradiction, SUSPECTED].into());
    assert_eq!(read(store, &first).await.reviews, [SUSPECTED].into());
}

async fn duplicate_after_refused_connections_pauses<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    write(store, answer(&record, UNSENT)).await.unwrap();
    time.pass(SignedDuration::from_mins(1));
    let record = claimed(store).await;
    let record = write(store, same(&record)).await.unwrap();
    assert!(store.journal().await.unwrap().pauses.is_empty());
    write(store, answer(&record, Seen::Duplicate)).await.unwrap();
    let pauses = store.journal().await.unwrap().pauses;
    assert_eq!((pauses.len(), &pauses[0].scope), (1, &Scope::Account(account(1))));
}

async fn duplicate_of_a_slow_copy_does_not_pause<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let slow = write(store, next(&record, 1)).await.unwrap();
    time.pass(SignedDuration::from_mins(2));
    let record = claimed(store).await;
    write(store, look_up(&record, time.now(), Finding::Absent)).await.unwrap();
    time.pass(SignedDuration::from_mins(1));
    let record = claimed(store).await;
    let record = write(store, same(&record)).await.unwrap();
    write(store, answer(&record, Seen::Accepted)).await.unwrap();
    write(store, answer(&slow, Seen::Duplicate)).await.unwrap();
    assert!(store.journal().await.unwrap().pauses.is_empty());
}
