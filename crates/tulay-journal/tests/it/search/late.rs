//! A false failure that the search found: a process is suspended after it claimed a payout, and asks
//! much later than it notes. Its answer and a second one then seem to lie the failure window apart,
//! although both are of one moment at which the provider spoke too early.

use crate::store::{Hand, accepted, answer, claimed, context, next, policy, write};
use jiff::SignedDuration;
use tulay_journal::{
    Time,
    machine::{Standing, facts::Word},
    record::{Context, Ending, Finding, Record, Refused, Seen, Step, Write},
    store::{Memory, Store},
};

fn found(record: &Record, asked: jiff::Timestamp, word: Word) -> Write {
    let step = Step::LookUp {
        attempt: 1,
        asked,
        finding: Finding::Found(word),
        provider_reference: None,
        reason: None,
    };
    Write::claimed(record, step)
}

#[tokio::test]
async fn late_answers_make_no_failure() {
    for word in [Word::Failed, Word::Reversed] {
        let time = Hand::new();
        let policy = policy();
        let store = Memory::new(policy.clone(), time.clone());
        store.confirm_whole("ops", "it is new").await.unwrap();
        accepted(&store, "R1").await;
        let record = claimed(&store).await;
        let record = write(&store, next(&record, 1)).await.unwrap();
        let record = write(&store, answer(&record, Seen::Accepted)).await.unwrap();
        let claimed_at = time.now();
        time.pass(SignedDuration::from_mins(15));
        // The look-up that was claimed first is made now, and one that was claimed now as well.
        let record = write(&store, found(&record, claimed_at, word)).await.unwrap();
        let record = write(&store, found(&record, time.now(), word)).await.unwrap();
        let context = Context { now: time.now(), ..context(&policy) };
        assert_eq!(record.standing(&context), Some(Standing::Pending), "{word:?}");
        let step = Step::End { version: None, ending: Ending::Failed, reason: None };
        let ended = write(&store, Write::by(record.id, "Ben".into(), step)).await;
        assert_eq!(ended, Err(Refused::NotAllowed));
        // Two look-ups in time, the window apart, are a failure.
        time.pass(SignedDuration::from_mins(10));
        let record = write(&store, found(&record, time.now(), word)).await.unwrap();
        let standing = if word == Word::Failed { Standing::Failed } else { Standing::Reversed };
        assert_eq!(record.standing(&context), Some(standing));
    }
}
