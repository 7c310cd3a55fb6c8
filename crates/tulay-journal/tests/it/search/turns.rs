//! Two payouts that waited for nothing, which the search found.
//!
//! * Where a provider replays and finds orders by our id, look-ups and sendings take turns. A sending
//!   that was answered without an end was followed by the next, every few seconds, and never by a
//!   look-up.
//! * What a look-up had allowed waited for the next step of the schedule. After an outage of hours
//!   that was a day, and by then the time for the same order id was over.

use crate::store::{Hand, accepted, account, claimed, guarantees, next, policy, same, write};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tulay_core::{Country, Currency, Operation};
use tulay_journal::{
    Time,
    record::{Configured, Finding, Record, Seen, Step, Write},
    store::{Claim, Memory, Store},
};

fn look_up(finding: Finding, asked: Timestamp) -> Step {
    let (provider_reference, reason) = (None, None);
    Step::LookUp { attempt: 1, asked, finding, provider_reference, reason }
}

fn unanswered(record: &Record, sending: u32) -> Step {
    let sent_at = record.sent_at(1, sending).unwrap();
    let (word, provider_reference, reason) = (None, None, None);
    let seen = Seen::Unknown;
    Step::Answer { attempt: 1, sending, sent_at, seen, word, provider_reference, reason }
}

/// A payout whose first sending was not answered.
async fn sent(replays: bool) -> (Memory, Arc<Hand>, Record) {
    let time = Hand::new();
    let mut guarantees = guarantees();
    guarantees.replays_for = replays.then(|| SignedDuration::from_hours(12));
    let mut policy = policy();
    policy.configured = vec![Configured::new(
        account(1),
        Operation::Payout,
        [(Country::PH, Currency::PHP)],
        guarantees,
    )];
    let store = Memory::new(policy, time.clone());
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(&store, "R1").await;
    let record = claimed(&store).await;
    let record = write(&store, next(&record, 1)).await.unwrap();
    let record = write(&store, Write::claimed(&record, unanswered(&record, 0))).await.unwrap();
    (store, time, record)
}

/// The payout when it is due.
async fn due(store: &Memory, time: &Hand, record: &Record) -> (Record, SignedDuration) {
    let wait = record.next_at.unwrap().duration_since(time.now());
    time.pass(wait);
    (store.claim(Claim::due(1)).await.unwrap().records.pop().unwrap(), wait)
}

#[tokio::test]
async fn look_ups_and_sendings_take_turns() {
    let (store, time, mut record) = sent(true).await;
    let mut waits = Vec::new();
    for sending in [1, 2, 3] {
        let (claimed, wait) = due(&store, &time, &record).await;
        waits.push(wait);
        assert!(!claimed.progress.is_looked_up, "it is the turn of a look-up");
        let step = look_up(Finding::Nothing, time.now());
        record = write(&store, Write::claimed(&claimed, step)).await.unwrap();
        let (claimed, wait) = due(&store, &time, &record).await;
        waits.push(wait);
        assert!(claimed.progress.is_looked_up, "it is the turn of a sending");
        record = write(&store, same(&claimed)).await.unwrap();
        let step = unanswered(&record, sending);
        record = write(&store, Write::claimed(&record, step)).await.unwrap();
    }
    let later: Vec<_> = waits.iter().step_by(2).collect();
    assert!(later.is_sorted() && later[0] < later[2], "{waits:?}");
}

#[tokio::test]
async fn what_a_look_up_allows_is_due_at_once() {
    let (store, time, mut record) = sent(false).await;
    // The provider is not reached for an hour; the next look-up is hours later.
    let mut passed = SignedDuration::ZERO;
    while passed < SignedDuration::from_mins(45) {
        let (claimed, wait) = due(&store, &time, &record).await;
        passed += wait;
        let step = look_up(Finding::Nothing, time.now());
        record = write(&store, Write::claimed(&claimed, step)).await.unwrap();
        assert!(record.next_at.unwrap() > time.now());
    }
    let (claimed, wait) = due(&store, &time, &record).await;
    assert!(wait > SignedDuration::from_hours(4), "{wait}");
    let step = look_up(Finding::Absent, time.now());
    record = write(&store, Write::claimed(&claimed, step)).await.unwrap();
    assert_eq!(record.next_at, Some(time.now()));
    let (claimed, _) = due(&store, &time, &record).await;
    write(&store, same(&claimed)).await.unwrap();
    // A sending that is hindered does not make look-ups follow each other at once.
    let (store, time, record) = sent(false).await;
    let (claimed, _) = due(&store, &time, &record).await;
    for is_first in [true, false] {
        let step = look_up(Finding::Absent, time.now());
        let record = write(&store, Write::claimed(&claimed, step)).await.unwrap();
        assert_eq!(record.next_at == Some(time.now()), is_first);
    }
}
