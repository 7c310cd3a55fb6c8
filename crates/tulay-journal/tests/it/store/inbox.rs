//! Notifications are kept once, applied once, and found when what they are about is known.

use super::*;
use tulay_core::{Authenticity, Echo, ErrorKind, ProviderReference};
use tulay_journal::{
    machine::{ReviewReason, facts::Word},
    record::{Change, Finding, Notice, NotificationId, Reason, ReasonKind, Status},
    store::{
        Aside, Incoming, NotificationFilter, Notifications, Pause, Resumption, Said, Scope,
        Unapplied,
    },
};

databases!(
    and a pooler:
    notification_is_kept_once,
    notifications_at_once_are_kept_once,
    notification_of_another_account_is_another,
    notification_waits_for_its_attempt,
    notification_of_a_reference_is_found,
    notification_is_applied_once,
    unreadable_notification_is_read_again,
    open_notifications_are_listed_by_age,
    notified_order_is_not_sent_before_a_look_up,
    later_hints_hold_up_no_first_sending,
    hints_cause_no_look_up_after_look_up,
    hint_makes_it_due_and_proves_nothing,
    failed_look_up_ends_no_hint,
    evidence_of_what_was_never_sent_needs_a_person,
    signed_notification_without_an_amount_is_a_hint,
    notification_that_is_matched_meanwhile_stays_due,
    hint_before_the_last_look_up_asks_nothing,
    evidence_pays,
    evidence_never_fails,
    other_amount_is_a_mismatch,
    late_hint_asks_about_a_final_payout,
);

const HINT: Notice = Notice { word: Word::Succeeded, is_evidence: false, is_mismatch: false };
const PAID: Notice = Notice { is_evidence: true, ..HINT };

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

/// The same, where the first account is bound in what its provider sends.
async fn binding<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let mut policy = policy();
    policy.configured[0].guarantees.echoes.push(Echo::Account);
    let database = D::new(policy, &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

/// The id of the first attempt of a payout.
fn order_id(reference: &str) -> OrderId {
    let reference = Reference::new(reference).unwrap();
    OrderId::derive(IdRules::STANDARD, &namespace(), Operation::Payout, &reference, 1)
}

fn said(order_id: Option<OrderId>, reference: Option<&str>) -> Said {
    let provider_reference = reference.map(|it| ProviderReference::new(it).unwrap());
    Said { text: "{}".into(), order_id, provider_reference, states_amount: true }
}

fn incoming(key: u8, said: Option<Said>) -> Incoming {
    Incoming {
        merchant_account: account(1),
        dedupe_key: [key; 32],
        authenticity: Authenticity::SharedKey,
        said,
        target: "/notify/starpay/payout".into(),
        body: "Ana Reyes".into(),
    }
}

fn named(key: u8, reference: &str) -> Incoming {
    incoming(key, Some(said(Some(order_id(reference)), None)))
}

const fn aside(id: NotificationId, until: Option<Timestamp>) -> Aside {
    Aside { id, until, is_matched: false }
}

async fn receive(store: &impl Store, incoming: Incoming) -> bool {
    store.receive(vec![incoming]).await.unwrap()[0]
}

async fn unapplied(store: &impl Store) -> Vec<Unapplied> {
    store.unapplied(10).await.unwrap()
}

/// What is to be applied: what each notification is about.
async fn about(store: &impl Store) -> Vec<Option<(RecordId, u8)>> {
    unapplied(store).await.iter().map(|it| it.about).collect()
}

async fn pending(store: &impl Store) -> Record {
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    write(store, answer(&record, Seen::Accepted)).await.unwrap()
}

fn notify(record: &Record, id: NotificationId, received: Timestamp, notice: Notice) -> Write {
    let step = Step::Notify { notification: id, attempt: 1, received, notice };
    let mut write = Write::by(record.id, String::new(), step);
    write.actor = None;
    write
}

/// Keeps a notification of the payout's order and applies it.
async fn notified(store: &impl Store, time: &Hand, key: u8, notice: Notice) -> Record {
    let known = store.find(Operation::Payout, vec![Reference::new("R1").unwrap()]).await.unwrap();
    let record = known.into_iter().next().flatten().unwrap();
    assert!(receive(store, named(key, "R1")).await);
    let id = unapplied(store).await[0].notification.id;
    write(store, notify(&record, id, time.now(), notice)).await.unwrap()
}

fn look_up(record: &Record, asked: Timestamp, finding: Finding) -> Write {
    let (provider_reference, reason) = (None, None);
    let step = Step::LookUp { attempt: 1, asked, finding, provider_reference, reason };
    Write::claimed(record, step)
}

async fn notification_is_kept_once<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let group = vec![named(1, "R1"), named(2, "R1"), named(1, "R1")];
    assert_eq!(store.receive(group).await.unwrap(), [true, true, false]);
    time.pass(SignedDuration::from_hours(365 * 24));
    assert!(!receive(&database.another(), named(2, "R1")).await, "after a year it is the same");
    let kept = store.notifications(NotificationFilter::default()).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].received, kept[0].payment), (BEGAN, None));
    assert_eq!(kept[0].said, Some(said(Some(order_id("R1")), None)));
    assert_eq!(kept[0].authenticity, Authenticity::SharedKey);
}

async fn notifications_at_once_are_kept_once<D: Database>() {
    let (database, _) = begin::<D>().await;
    let stores = [database.store().clone(), database.another()];
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let store = stores[number % 2].clone();
        calls.spawn(async move { receive(&store, named(1, "R1")).await });
    }
    let new = calls.join_all().await.into_iter().filter(|is_new| *is_new).count();
    assert_eq!(new, 1);
    assert_eq!(about(database.store()).await, [None]);
}

async fn notification_of_another_account_is_another<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    let other = Incoming { merchant_account: account(2), ..named(1, "R1") };
    let group = vec![named(1, "R1"), other];
    assert_eq!(store.receive(group).await.unwrap(), [true, true]);
    // The order of one account is no order of the other.
    assert_eq!(about(store).await, [Some((RecordId(1), 1)), None]);
}

async fn notification_waits_for_its_attempt<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    assert!(receive(store, named(1, "R1")).await);
    let first = unapplied(store).await.remove(0);
    assert_eq!((first.about, first.now), (None, BEGAN));
    let later = BEGAN + SignedDuration::from_mins(1);
    store.set_aside(vec![aside(first.notification.id, Some(later))]).await.unwrap();
    assert_eq!(about(store).await, []);
    time.pass(SignedDuration::from_mins(1));
    assert_eq!(about(store).await, [None]);
    store.set_aside(vec![aside(first.notification.id, None)]).await.unwrap();
    assert_eq!(about(store).await, []);
    sent_after_a_search(store, &time).await;
    assert_eq!(about(store).await, [Some((RecordId(1), 1))], "its attempt is known now");
}

/// The order is looked up, is not found, and is sent.
async fn sent_after_a_search(store: &impl Store, time: &Hand) -> Record {
    let record = searched(store, time).await;
    write(store, next(&record, 1)).await.unwrap()
}

/// A payout whose first order was looked up and not found.
async fn searched(store: &impl Store, time: &Hand) -> Record {
    accepted(store, "R1").await;
    let record = claimed(store).await;
    time.pass(SignedDuration::from_secs(1));
    let place = tulay_journal::record::Place {
        merchant_account: account(1),
        country: Country::PH,
        currency: Currency::PHP,
    };
    let step = Step::Search { asked: time.now(), places: vec![place], hits: Vec::new() };
    write(store, Write::claimed(&record, step)).await.unwrap();
    claimed(store).await
}

async fn notification_of_a_reference_is_found<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let record = pending(store).await;
    assert!(receive(store, incoming(1, Some(said(None, Some("7001"))))).await);
    let id = unapplied(store).await[0].notification.id;
    store.set_aside(vec![aside(id, None)]).await.unwrap();
    let mut found = look_up(&record, BEGAN, Finding::Found(Word::Pending));
    if let Step::LookUp { provider_reference, .. } = &mut found.step {
        *provider_reference = ProviderReference::new("7001").ok();
    }
    write(store, found).await.unwrap();
    assert_eq!(about(store).await, [Some((record.id, 1))]);
}

async fn notification_is_applied_once<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = pending(store).await;
    assert!(receive(store, named(1, "R1")).await);
    let id = unapplied(store).await[0].notification.id;
    let step = notify(&record, id, time.now(), HINT);
    let group = vec![step.clone(), step.clone()];
    let written = store.write(group).await.unwrap();
    assert!(written[0].is_ok(), "{written:?}");
    assert_eq!(written[1], Err(Refused::Overtaken));
    assert_eq!(write(&database.another(), step).await, Err(Refused::Overtaken));
    assert_eq!(about(store).await, []);
    let kinds = store.timeline(record.id).await.unwrap().into_iter().map(|it| it.change.kind());
    assert_eq!(kinds.filter(|kind| *kind == "notified").count(), 1);
    let kept = store.notifications(NotificationFilter::of(record.id)).await.unwrap();
    assert_eq!((kept.len(), kept[0].payment), (1, Some(record.id)));
    assert_eq!(store.notifications(NotificationFilter::default()).await.unwrap(), []);
}

async fn unreadable_notification_is_read_again<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    assert!(receive(store, incoming(1, None)).await);
    assert!(receive(store, incoming(2, None)).await);
    assert_eq!(about(store).await, [], "nothing is known that it says");
    let all = store.unreadable(None, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(&all[0].body[..], b"Ana Reyes");
    assert_eq!(all[0].target, "/notify/starpay/payout");
    assert!(!format!("{all:?}").contains("Ana Reyes"));
    assert_eq!(store.unreadable(Some(all[0].id), 10).await.unwrap()[0].id, all[1].id);
    let read = said(Some(order_id("R1")), None);
    store.read_again(vec![(all[0].id, read.clone())]).await.unwrap();
    assert_eq!(about(store).await, [Some((RecordId(1), 1))]);
    assert_eq!(store.unreadable(None, 10).await.unwrap().len(), 1);
    // What is read is not read anew.
    store.read_again(vec![(all[0].id, said(None, Some("1")))]).await.unwrap();
    assert_eq!(unapplied(store).await[0].notification.said, Some(read));
}

async fn open_notifications_are_listed_by_age<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    for key in 1..=3 {
        assert!(receive(store, named(key, "R9")).await);
        time.pass(SignedDuration::from_hours(1));
    }
    let older = NotificationFilter::open(BEGAN + SignedDuration::from_hours(2));
    let listed = store.notifications(older.clone()).await.unwrap();
    assert_eq!(listed.len(), 2);
    let mut rest = older;
    rest.after = Some(listed[0].id);
    assert_eq!(store.notifications(rest.clone()).await.unwrap(), listed[1..]);
    rest.after = None;
    rest.most = 1;
    assert_eq!(store.notifications(rest).await.unwrap(), listed[..1]);
}

async fn notified_order_is_not_sent_before_a_look_up<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    assert!(receive(store, named(1, "R1")).await);
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let refused = Refused::Notified { account: account(1), is_evidence: false };
    assert_eq!(write(store, next(&record, 1)).await, Err(refused));
    assert!(write(store, next(&record, 2)).await.is_ok(), "another account knows nothing of it");
    accepted(store, "R2").await;
    let record = claimed(store).await;
    assert!(write(store, next(&record, 1)).await.is_ok(), "it names another order");
    drop(database);
    let (database, _) = begin::<D>().await;
    let store = database.store();
    assert!(receive(store, named(1, "R1")).await);
    accepted(store, "R1").await;
    let record = claimed(store).await;
    assert!(write(store, next(&record, 1)).await.is_err());
    drop(time);
}

async fn later_hints_hold_up_no_first_sending<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    assert!(receive(store, named(1, "R1")).await);
    time.pass(SignedDuration::from_millis(10));
    let record = searched(store, &time).await;
    time.pass(SignedDuration::from_millis(10));
    assert!(receive(store, named(2, "R1")).await);
    assert!(write(store, next(&record, 1)).await.is_ok(), "others can cause any number of hints");
}

async fn hint_makes_it_due_and_proves_nothing<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let before = pending(store).await;
    time.pass(SignedDuration::from_millis(10));
    let record = notified(store, &time, 1, HINT).await;
    assert_eq!((record.status, record.next_at), (Status::Pending, Some(time.now())));
    assert!(record.reviews.is_empty());
    assert!(!record.attempts[0].attempt.facts.succeeded);
    let again = notified(store, &time, 2, HINT).await;
    assert_eq!(again.next_at, record.next_at, "one look-up serves both");
    let due = claimed(store).await;
    time.pass(SignedDuration::from_millis(10));
    let asked = time.now();
    let found = look_up(&due, asked, Finding::Found(Word::Pending));
    let record = write(store, found).await.unwrap();
    assert_eq!(record.attempts[0].attempt.facts.hinted, None);
    assert_eq!(record.next_at, before.next_at, "the schedule goes on");
    assert_eq!(record.progress.lookups, before.progress.lookups, "it is beside the schedule");
}

async fn failed_look_up_ends_no_hint<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let before = pending(store).await;
    let notified = notified(store, &time, 1, HINT).await;
    let due = claimed(store).await;
    let (asked, finding) = (time.now(), Finding::Nothing);
    let reason = Some(Reason::new(ReasonKind::Error(ErrorKind::Unavailable)));
    let step = Step::LookUp { attempt: 1, asked, finding, provider_reference: None, reason };
    let record = write(store, Write::claimed(&due, step)).await.unwrap();
    let hinted = |record: &Record| record.attempts[0].attempt.facts.hinted;
    assert!(hinted(&record).is_some() && hinted(&record) == hinted(&notified));
    assert_eq!(record.next_at, before.next_at, "the schedule goes on");
    time.pass(SignedDuration::from_mins(1));
    let due = claimed(store).await;
    let found = look_up(&due, time.now(), Finding::Found(Word::Pending));
    assert_eq!(hinted(&write(store, found).await.unwrap()), None);
}

/// A look-up says that nothing is there now. What made the order that was reported, it does not say.
async fn evidence_of_what_was_never_sent_needs_a_person<D: Database>() {
    let (database, time) = binding::<D>().await;
    let store = database.store();
    let evidence = Incoming { authenticity: Authenticity::Signed, ..named(1, "R1") };
    assert!(receive(store, evidence).await);
    let record = searched(store, &time).await;
    let is_evidence = true;
    let refused = Refused::Notified { account: account(1), is_evidence };
    assert_eq!(write(store, next(&record, 1)).await, Err(refused));
    let scope = Scope::Account(account(1));
    store.pause(vec![Pause::new(scope.clone(), None, "evidence")]).await.unwrap();
    time.pass(SignedDuration::from_secs(1));
    store.resume(vec![Resumption::new(scope, "ops", "a test used the namespace")]).await.unwrap();
    assert!(write(store, next(&record, 1)).await.is_ok());
}

/// It verified and names the order, and could be about anything.
async fn signed_notification_without_an_amount_is_a_hint<D: Database>() {
    let (database, _) = binding::<D>().await;
    let store = database.store();
    let said = Said { states_amount: false, ..said(Some(order_id("R1")), None) };
    let signed = Incoming { authenticity: Authenticity::Signed, ..incoming(1, Some(said)) };
    assert!(receive(store, signed).await);
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let refused = Refused::Notified { account: account(1), is_evidence: false };
    assert_eq!(write(store, next(&record, 1)).await, Err(refused));
}

/// The applier found nothing, and the attempt was written before it set the notification aside.
async fn notification_that_is_matched_meanwhile_stays_due<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    let record = write(store, next(&record, 1)).await.unwrap();
    assert!(receive(store, named(1, "R1")).await);
    let id = unapplied(store).await[0].notification.id;
    store.set_aside(vec![aside(id, None)]).await.unwrap();
    assert_eq!(about(store).await, [Some((record.id, 1))]);
    store.set_aside(vec![Aside { is_matched: true, ..aside(id, None) }]).await.unwrap();
    assert_eq!(about(store).await, []);
}

async fn hint_before_the_last_look_up_asks_nothing<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    assert!(receive(store, named(1, "R1")).await);
    let received = time.now();
    time.pass(SignedDuration::from_mins(1));
    let due = claimed(store).await;
    let found = look_up(&due, time.now(), Finding::Found(Word::Pending));
    let before = write(store, found).await.unwrap();
    let id = unapplied(store).await[0].notification.id;
    let after = write(store, notify(&before, id, received, HINT)).await.unwrap();
    assert_eq!(after.next_at, before.next_at);
}

async fn hints_cause_no_look_up_after_look_up<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    time.pass(SignedDuration::from_mins(1));
    let due = claimed(store).await;
    let asked = time.now();
    write(store, look_up(&due, asked, Finding::Found(Word::Pending))).await.unwrap();
    time.pass(SignedDuration::from_millis(10));
    let record = notified(store, &time, 1, HINT).await;
    assert_eq!(record.next_at, Some(asked + SignedDuration::from_secs(2)));
}

async fn evidence_pays<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    let record = notified(store, &time, 1, PAID).await;
    assert_eq!(record.status, Status::Succeeded);
    let record_of_a_repetition = notified(store, &time, 2, PAID).await;
    assert_eq!(record_of_a_repetition.next_at, record.next_at, "it is known");
    let timeline = store.timeline(record.id).await.unwrap();
    let is_evidence =
        |change: &Change| matches!(change, Change::Notified { is_evidence: true, .. });
    assert_eq!(timeline.iter().filter(|it| is_evidence(&it.change)).count(), 2);
}

async fn evidence_never_fails<D: Database>() {
    for word in [Word::Failed, Word::Reversed] {
        let (database, time) = begin::<D>().await;
        let store = database.store();
        pending(store).await;
        time.pass(SignedDuration::from_millis(10));
        let record = notified(store, &time, 1, Notice { word, ..PAID }).await;
        assert_eq!((record.status, record.next_at), (Status::Pending, Some(time.now())));
    }
}

async fn other_amount_is_a_mismatch<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let before = pending(store).await;
    let record = notified(store, &time, 1, Notice { is_mismatch: true, ..PAID }).await;
    assert_eq!(record.status, Status::Pending);
    assert!(record.reviews.contains(&ReviewReason::Mismatch));
    assert_eq!(record.attempts, before.attempts, "it has no effect");
}

async fn late_hint_asks_about_a_final_payout<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    pending(store).await;
    notified(store, &time, 1, PAID).await;
    let paid = notified(store, &time, 2, HINT).await;
    assert!(paid.next_at > Some(time.now()), "what it says is known");
    let failed = notified(store, &time, 3, Notice { word: Word::Failed, ..HINT }).await;
    assert_eq!((failed.status, failed.next_at), (Status::Succeeded, Some(time.now())));
}
