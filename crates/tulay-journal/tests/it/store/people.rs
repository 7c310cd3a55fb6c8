//! What people state: against a live claim, against a worker that wakes, twice, and against each
//! other.

use super::*;
use tulay_journal::{
    machine::{ReviewReason, Standing, facts::Word},
    record::{Change, Declaration, Ending, Finding, Source, Status, preview},
};

databases!(
    statement_waits_for_a_live_claim,
    worker_that_wakes_does_not_send,
    statement_twice_changes_nothing_more,
    evidence_covers_nothing_that_was_sent_later,
    statement_clears_a_mismatch_or_changes_nothing,
    persons_who_disagree_are_both_heard,
    paid_after_failed_is_a_contradiction,
    came_back_follows_succeeded,
    preview_is_what_happens,
    preview_of_a_busy_payment_says_when,
);

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

/// A payout whose answer was lost.
async fn in_doubt(store: &impl Store) -> Record {
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    write(store, answer(&record, Seen::Unknown)).await.unwrap()
}

/// The same when a statement can be taken.
async fn quiet(store: &impl Store, time: &Hand) -> Record {
    let record = in_doubt(store).await;
    time.pass(SignedDuration::from_secs(90));
    record
}

/// A look-up finds nothing.
async fn look_up_in_vain(store: &impl Store) {
    let claim = store.claim(Claim::due(1)).await.unwrap();
    let step = Step::LookUp {
        attempt: 1,
        asked: claim.at,
        finding: Finding::Absent,
        provider_reference: None,
        reason: None,
    };
    write(store, Write::claimed(&claim.records[0], step)).await.unwrap();
}

fn states(record: &Record, who: &str, declaration: Declaration) -> Write {
    let (source, note) = (Source::Person, format!("{who}'s letter"));
    let step = Step::Declare { attempt: 1, declaration, as_of: None, source, note };
    Write::by(record.id, who.into(), step)
}

/// What a worker does with a payment of which it was stated that it was not executed.
async fn worked(store: &impl Store, id: RecordId) -> Record {
    let claim = store.claim(Claim::only(vec![id])).await.unwrap().records.remove(0);
    let (version, ending, reason) = (Some(claim.version), Ending::Failed, None);
    write(store, Write::claimed(&claim, Step::End { version, ending, reason })).await.unwrap()
}

async fn statement_waits_for_a_live_claim<D: Database>() {
    let (database, time) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    let record = quiet(store, &time).await;
    let claim = store.claim(Claim::due(1)).await.unwrap().records.remove(0);
    let stated = states(&record, "Ana", Declaration::NotExecuted);
    let until = claim.lease.unwrap().until;
    assert_eq!(write(&another, stated.clone()).await, Err(Refused::Busy { until }));
    store.release(vec![(claim.id, claim.lease.unwrap())]).await.unwrap();
    assert!(write(&another, stated).await.is_ok());
}

async fn worker_that_wakes_does_not_send<D: Database>() {
    let (database, time) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    let record = quiet(store, &time).await;
    look_up_in_vain(store).await;
    // The worker stops when it is about to send again, and the person states something meanwhile.
    let paused = claimed(store).await;
    time.pass(policy().lease);
    write(&another, states(&record, "Ana", Declaration::NotExecuted)).await.unwrap();
    assert_eq!(write(store, same(&paused)).await, Err(Refused::Overtaken));
    let ended = worked(&another, record.id).await;
    assert_eq!(write(store, same(&paused)).await, Err(Refused::Overtaken));
    assert_eq!((ended.status, ended.attempts[0].attempt.sendings.len()), (Status::Failed, 1));
}

/// The provider looked after the first sending. The second one was sent, and paid, meanwhile.
async fn evidence_covers_nothing_that_was_sent_later<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let looked = quiet(store, &time).await;
    let as_of = time.now();
    time.pass(SignedDuration::from_mins(1));
    look_up_in_vain(store).await;
    let again = claimed(store).await;
    let again = write(store, same(&again)).await.unwrap();
    let sent = again.attempts[0].attempt.sendings[1].at;
    let unanswered = answer(&again, Seen::Unknown);
    write(store, unanswered).await.unwrap();
    time.pass(SignedDuration::from_mins(3));
    let stated = |as_of| {
        let mut write = states(&looked, "Ana", Declaration::NotExecuted);
        if let Step::Declare { as_of: moment, .. } = &mut write.step {
            *moment = Some(as_of);
        }
        write
    };
    let refused = write(store, stated(as_of)).await;
    assert_eq!(refused, Err(Refused::SentSince { at: sent }));
    assert!(write(store, stated(time.now())).await.is_ok());
}

/// A statement that is not taken leaves the payment blocked.
async fn statement_clears_a_mismatch_or_changes_nothing<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    let record = write(store, answer(&record, Seen::Mismatch)).await.unwrap();
    assert!(record.reviews.contains(&ReviewReason::Mismatch));
    let stated = states(&record, "Ana", Declaration::Paid);
    assert!(matches!(write(store, stated.clone()).await, Err(Refused::Busy { .. })));
    let blocked = store.get(vec![record.id]).await.unwrap().remove(0).unwrap();
    assert!(blocked.reviews.contains(&ReviewReason::Mismatch));
    time.pass(SignedDuration::from_secs(90));
    let taken = write(store, stated).await.unwrap();
    assert!(!taken.reviews.contains(&ReviewReason::Mismatch));
}

async fn statement_twice_changes_nothing_more<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = quiet(store, &time).await;
    let stated = states(&record, "Ana", Declaration::Paid);
    let once = write(store, stated.clone()).await.unwrap();
    let twice = write(store, stated).await.unwrap();
    assert_eq!((once.status, twice.status), (Status::Succeeded, Status::Succeeded));
    assert_eq!(once.attempts, twice.attempts);
    assert_eq!(once.reviews, twice.reviews);
}

async fn persons_who_disagree_are_both_heard<D: Database>() {
    for first in [Declaration::NotExecuted, Declaration::Paid] {
        let (database, time) = begin::<D>().await;
        let store = database.store();
        let record = quiet(store, &time).await;
        let second = match first {
            Declaration::Paid => Declaration::NotExecuted,
            _ => Declaration::Paid,
        };
        write(store, states(&record, "Ana", first)).await.unwrap();
        let record = write(store, states(&record, "Ben", second)).await.unwrap();
        assert_eq!(record.status, Status::Succeeded, "what may be paid is not paid again");
        assert_eq!(record.standing(&context(&policy())), Some(Standing::Succeeded));
        let timeline = store.timeline(record.id).await.unwrap();
        let stated = timeline.iter().filter_map(|event| match &event.change {
            Change::Declared { declaration, note, .. } => {
                Some((event.actor.as_deref().unwrap(), *declaration, note.as_str()))
            }
            _ => None,
        });
        let expected = [("Ana", first, "Ana's letter"), ("Ben", second, "Ben's letter")];
        assert_eq!(stated.collect::<Vec<_>>(), expected);
    }
}

async fn paid_after_failed_is_a_contradiction<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = quiet(store, &time).await;
    write(store, states(&record, "Ana", Declaration::NotExecuted)).await.unwrap();
    let failed = worked(store, record.id).await;
    assert!(failed.is_proven_unpaid());
    let record = write(store, states(&record, "Ben", Declaration::Paid)).await.unwrap();
    assert_eq!(record.status, Status::Failed);
    assert!(record.reviews.contains(&ReviewReason::Contradiction));
    assert!(!record.is_proven_unpaid(), "it is not paid again");
    assert_eq!(record.attempts_alive(), [1]);
}

async fn came_back_follows_succeeded<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = quiet(store, &time).await;
    let claim = store.claim(Claim::due(1)).await.unwrap();
    let step = Step::LookUp {
        attempt: 1,
        asked: claim.at,
        finding: Finding::Found(Word::Succeeded),
        provider_reference: None,
        reason: None,
    };
    let paid = write(store, Write::claimed(&claim.records[0], step)).await.unwrap();
    assert_eq!(paid.status, Status::Succeeded);
    let back = write(store, states(&record, "Ana", Declaration::CameBack)).await.unwrap();
    assert_eq!(back.status, Status::Reversed);
    assert!(back.is_proven_unpaid());
}

async fn preview_is_what_happens<D: Database>() {
    for declaration in [Declaration::Paid, Declaration::NotExecuted, Declaration::CameBack] {
        let (database, time) = begin::<D>().await;
        let store = database.store();
        let record = quiet(store, &time).await;
        let policy = policy();
        let now = tulay_journal::record::Context { now: time.now(), ..context(&policy) };
        let previewed = preview(&record, 1, declaration, &now).unwrap();
        assert_eq!(previewed.from, time.now());
        assert_eq!(store.get(vec![record.id]).await.unwrap(), [Some(record.clone())]);
        let mut after = write(store, states(&record, "Ana", declaration)).await.unwrap();
        if declaration == Declaration::NotExecuted {
            after = worked(store, record.id).await;
        }
        let foreseen = previewed.after;
        assert_eq!((foreseen.status, foreseen.reviews), (after.status, after.reviews));
    }
}

async fn preview_of_a_busy_payment_says_when<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    let policy = policy();
    let now = tulay_journal::record::Context { now: time.now(), ..context(&policy) };
    let previewed = preview(&record, 1, Declaration::Paid, &now).unwrap();
    assert_eq!(previewed.from, time.now() + SignedDuration::from_secs(90));
    assert_eq!(previewed.after.status, Status::Succeeded);
    assert_eq!(preview(&record, 2, Declaration::Paid, &now), Err(Refused::Missing));
}
