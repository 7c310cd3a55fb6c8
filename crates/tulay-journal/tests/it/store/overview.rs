//! What is seen of a whole journal.

use super::*;
use tulay_journal::{
    record::Status,
    store::{Beat, Counts, JournalChange},
};

databases!(
    process_is_listed_while_it_works,
    killed_process_is_not_listed,
    payments_are_counted,
    doubt_of_a_person_ends_wholeness,
);

async fn owners(store: &impl Store) -> Vec<(String, u32)> {
    let processes = store.processes().await.unwrap();
    processes.into_iter().map(|it| (it.version, it.in_flight)).collect()
}

async fn process_is_listed_while_it_works<D: Database>() {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    let (first, second) = (database.store(), database.another());
    assert!(owners(first).await.is_empty());
    first.beat(Beat::new("1.0", BEGAN, 3)).await.unwrap();
    second.beat(Beat::new("1.1", BEGAN, 0)).await.unwrap();
    time.pass(SignedDuration::from_secs(5));
    first.beat(Beat::new("1.0", BEGAN, 4)).await.unwrap();
    assert_eq!(owners(&second).await, [("1.0".into(), 4), ("1.1".into(), 0)]);
    let processes = second.processes().await.unwrap();
    assert_eq!((processes[0].since, processes[0].seen_at), (BEGAN, time.now()));
    assert_eq!(processes[1].seen_at, BEGAN);
    first.leave().await.unwrap();
    assert_eq!(owners(&second).await, [("1.1".into(), 0)]);
    assert!(second.history().await.unwrap().is_empty(), "it is no event");
}

async fn killed_process_is_not_listed<D: Database>() {
    let time = Hand::new();
    let mut database = D::new(policy(), &time);
    let second = database.another();
    database.store().beat(Beat::new("1.0", BEGAN, 3)).await.unwrap();
    second.beat(Beat::new("1.1", BEGAN, 0)).await.unwrap();
    database.kill();
    // What a server knows of the dead is their silence.
    time.pass(SignedDuration::from_mins(2));
    second.beat(Beat::new("1.1", BEGAN, 0)).await.unwrap();
    assert_eq!(owners(&second).await, [("1.1".into(), 0)]);
}

async fn payments_are_counted<D: Database>() {
    let database = D::new(policy(), &Hand::new());
    let store = database.store();
    assert_eq!(store.counts().await.unwrap(), Counts::default());
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    write(store, next(&record, 1)).await.unwrap();
    accepted(store, "R2").await;
    accepted(store, "R3").await;
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.by_status, [(Status::Created, 2), (Status::Sending, 1)]);
    assert_eq!(counts.in_review, 0);
}

async fn doubt_of_a_person_ends_wholeness<D: Database>() {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    let store = database.store();
    store.confirm_whole("ops", "it is new").await.unwrap();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    time.pass(SignedDuration::from_secs(1));
    store.doubt("Ana", "the machine was restored").await.unwrap();
    let journal = store.journal().await.unwrap();
    assert_eq!((journal.whole_since, journal.doubted_at), (None, time.now()));
    let last = store.history().await.unwrap().pop().unwrap();
    assert_eq!(last.change, JournalChange::Doubted);
    assert_eq!(
        (last.actor.as_deref(), last.why.as_str()),
        (Some("Ana"), "the machine was restored")
    );
    assert_eq!(write(store, next(&record, 1)).await, Err(Refused::NotWhole));
    store.doubt("Ana", "again").await.unwrap();
    assert!(
        store.journal().await.unwrap().doubted_at > time.now(),
        "a second doubt is a later one"
    );
    store.confirm_whole("Ana", "nothing was sent").await.unwrap();
    assert!(write(store, next(&record, 1)).await.is_ok());
}
