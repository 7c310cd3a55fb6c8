//! The verbs, one after the other.

use super::*;
use tulay_core::ErrorKind;
use tulay_journal::{
    machine::{ReviewReason, Standing, facts::Word},
    record::{Change, Declaration, Ending, Finding, Reason, ReasonKind, Source, Status},
    store::{Filter, JournalChange, Pause, Resumption, Scope},
};

databases!(
    and a pooler:
    reference_is_accepted_once,
    payout_succeeds,
    nothing_is_sent_before_whole,
    pause_stops_every_sending,
    claim_belongs_to_one_process,
    claims_of_a_killed_process_are_free,
    claim_ends_with_its_lease,
    lost_answer_is_never_a_next_attempt,
    same_id_is_sent_after_an_absence,
    other_text_is_not_sent,
    rejected_payout_goes_on_elsewhere,
    unknown_account_is_not_sent_through,
    transient_rejection_never_fails,
    deadline_ends_what_was_not_sent,
    late_outcome_is_joined,
    duplicate_of_a_first_sending_pauses,
    evidence_waits_for_a_quiet_payout,
    cancel_is_refused_after_a_sending,
    replacement_needs_proof,
    mismatch_waits_for_a_person,
    shared_reference_contradicts_both,
    waiting_on_is_no_event,
    pages_are_newest_first,
    refresh_makes_it_due,
);

const REJECTED: Seen = Seen::Rejected { kind: ErrorKind::Institution, is_permanent: true };

async fn begin<D: Database>() -> (D, Arc<Hand>) {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    (database, time)
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn look_up(record: &Record, asked: Timestamp, finding: Finding) -> Write {
    let attempt = record.attempts.last().unwrap().attempt.number;
    let (provider_reference, reason) = (None, None);
    let step = Step::LookUp { attempt, asked, finding, provider_reference, reason };
    Write::claimed(record, step)
}

fn end(record: &Record, ending: Ending) -> Write {
    let step = Step::End { version: Some(record.version), ending, reason: None };
    Write::claimed(record, step)
}

fn cancel(record: &Record) -> Write {
    let step = Step::End { version: None, ending: Ending::Cancelled, reason: None };
    Write::by(record.id, "Ben".into(), step)
}

/// A look-up as a worker makes it: claimed when it is due.
async fn find(store: &impl Store, time: &Hand, id: RecordId, finding: Finding) -> Record {
    let due = store.get(vec![id]).await.unwrap().pop().unwrap().unwrap().next_at.unwrap();
    time.pass(due.duration_since(time.now()).max(SignedDuration::ZERO));
    let claimed = store.claim(Claim::only(vec![id])).await.unwrap();
    write(store, look_up(&claimed.records[0], claimed.at, finding)).await.unwrap()
}

/// A payout whose first sending has left.
async fn sent(store: &impl Store) -> Record {
    accepted(store, "R1").await;
    let record = claimed(store).await;
    write(store, next(&record, 1)).await.unwrap()
}

async fn reference_is_accepted_once<D: Database>() {
    let (database, _) = begin::<D>().await;
    let group = vec![acceptance("R1"), acceptance("R2"), acceptance("R1")];
    let answers = database.store().accept(group).await.unwrap();
    let Ok(Accepted::New(first)) = &answers[0] else { panic!("{answers:?}") };
    assert_eq!(answers[2], Ok(Accepted::Known(first.clone())));
    assert_eq!(first.status, Status::Created);
    let another = database.another();
    let again = another.accept(vec![acceptance("R1")]).await.unwrap();
    assert_eq!(again[0], Ok(Accepted::Known(first.clone())));
    let reference = |text| Reference::new(text).unwrap();
    let found =
        another.find(Operation::Payout, vec![reference("R1"), reference("R3")]).await.unwrap();
    assert_eq!(found, [Some(first.clone()), None]);
    assert_eq!(another.find(Operation::Refund, vec![reference("R1")]).await.unwrap(), [None]);
}

async fn payout_succeeds<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    assert_eq!((record.status, record.version), (Status::Sending, 2));
    assert!(record.attempts[0].prepared.expose().contains("Ana Reyes"));
    let record = write(store, answer(&record, Seen::Accepted)).await.unwrap();
    assert_eq!((record.status, record.lease), (Status::Pending, None));
    let record = find(store, &time, record.id, Finding::Found(Word::Succeeded)).await;
    assert_eq!(record.status, Status::Succeeded);
    assert!(record.next_at.is_some(), "it is looked up again after a day");
    let kinds: Vec<_> =
        store.timeline(record.id).await.unwrap().iter().map(|it| it.change.kind()).collect();
    assert_eq!(kinds, ["accepted", "intended", "answered", "looked_up"]);
    assert_eq!(store.get(vec![record.id]).await.unwrap(), [Some(record)]);
}

async fn nothing_is_sent_before_whole<D: Database>() {
    let time = Hand::new();
    let database = D::new(policy(), &time);
    let store = database.store();
    assert_eq!(store.journal().await.unwrap().whole_since, None);
    accepted(store, "R1").await;
    let record = claimed(store).await;
    assert_eq!(write(store, next(&record, 1)).await, Err(Refused::NotWhole));
    assert_eq!(write(store, end(&record, Ending::Cancelled)).await, Err(Refused::NotWhole));
    store.confirm_whole("ops", "it is new").await.unwrap();
    assert_eq!(store.journal().await.unwrap().whole_since, Some(time.now()));
    assert!(write(store, next(&record, 1)).await.is_ok());
}

async fn pause_stops_every_sending<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    for scope in [Scope::All, Scope::Operation(Operation::Payout), Scope::Account(account(1))] {
        let pause = Pause::new(scope.clone(), Some("Ben".into()), "drill");
        database.another().pause(vec![pause.clone(), pause.clone()]).await.unwrap();
        assert_eq!(store.journal().await.unwrap().pauses, [pause]);
        assert_eq!(write(store, next(&record, 1)).await, Err(Refused::Paused), "{scope:?}");
        let resumption = Resumption::new(scope.clone(), "Ana", "the drill is over");
        store.resume(vec![resumption.clone(), resumption]).await.unwrap();
        let history = store.history().await.unwrap();
        let [.., paused, resumed] = &history[..] else { panic!("{history:?}") };
        assert_eq!((paused.actor.as_deref(), &*paused.why), (Some("Ben"), "drill"));
        assert_eq!(paused.change, JournalChange::Paused(scope.clone()));
        assert_eq!((resumed.actor.as_deref(), &*resumed.why), (Some("Ana"), "the drill is over"));
        assert_eq!(resumed.change, JournalChange::Resumed(scope));
    }
    let history = store.history().await.unwrap();
    assert_eq!(history.len(), 1 + 2 * 3, "each once, after the first: {:?}", history[0]);
    assert_eq!(history[0].change, JournalChange::ConfirmedWhole);
    let others = [Scope::Operation(Operation::Refund), Scope::Account(account(2))];
    store.pause(others.map(|it| Pause::new(it, None, "drill")).into()).await.unwrap();
    assert!(write(store, next(&record, 1)).await.is_ok());
}

async fn claim_belongs_to_one_process<D: Database>() {
    let (database, _) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    accepted(store, "R1").await;
    let record = claimed(store).await;
    assert!(another.claim(Claim::due(10)).await.unwrap().records.is_empty());
    let mut stolen = next(&record, 1);
    stolen.lease = None;
    assert_eq!(write(&another, stolen).await, Err(Refused::Overtaken));
    store.release(vec![(record.id, record.lease.unwrap())]).await.unwrap();
    let other = claimed(&another).await;
    assert_eq!(write(store, next(&record, 1)).await, Err(Refused::Overtaken));
    assert!(write(&another, next(&other, 1)).await.is_ok());
}

async fn claims_of_a_killed_process_are_free<D: Database>() {
    let (mut database, _) = begin::<D>().await;
    let another = database.another();
    sent(database.store()).await;
    assert!(another.claim(Claim::due(10)).await.unwrap().records.is_empty());
    database.kill();
    let record = claimed(&another).await;
    assert_eq!(record.standing(&context(&policy())), Some(Standing::InDoubt));
    assert_eq!(write(&another, same(&record)).await, Err(Refused::NotAllowed));
}

async fn claim_ends_with_its_lease<D: Database>() {
    let (database, time) = begin::<D>().await;
    let (store, another) = (database.store(), database.another());
    let late = sent(store).await;
    time.pass(policy().lease);
    let record = claimed(&another).await;
    assert_eq!(write(store, same(&late)).await, Err(Refused::Overtaken));
    // The outcome of the first process is evidence all the same, and leaves the claim alone.
    let after = write(store, answer(&late, Seen::Accepted)).await.unwrap();
    assert_eq!((after.status, after.lease), (Status::Pending, record.lease));
}

async fn lost_answer_is_never_a_next_attempt<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    let record = write(store, answer(&record, Seen::Unknown)).await.unwrap();
    assert_eq!(record.status, Status::InDoubt);
    time.pass(minutes(1));
    let record = claimed(store).await;
    assert_eq!(write(store, next(&record, 2)).await, Err(Refused::NotAllowed));
    assert_eq!(write(store, next(&record, 1)).await, Err(Refused::NotAllowed));
    assert_eq!(write(store, end(&record, Ending::Failed)).await, Err(Refused::NotAllowed));
}

async fn same_id_is_sent_after_an_absence<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    let record = find(store, &time, record.id, Finding::Absent).await;
    time.pass(minutes(1));
    let claim = store.claim(Claim::only(vec![record.id])).await.unwrap().records.pop().unwrap();
    let record = write(store, same(&claim)).await.unwrap();
    assert_eq!(record.attempts[0].attempt.sendings.len(), 2);
    assert_eq!(record.attempts.len(), 1);
}

async fn other_text_is_not_sent<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    write(store, answer(&record, Seen::NotSent { kind: ErrorKind::Unreachable })).await.unwrap();
    time.pass(minutes(1));
    let record = claimed(store).await;
    let other = tulay_journal::record::Digest([7; 32]);
    assert_eq!(write(store, intend(&record, Intent::Same(other))).await, Err(Refused::OtherText));
    // An order id that another payment has is not sent either.
    let mut taken = prepared(&record, account(2));
    let (rules, reference) = (IdRules::STANDARD, Reference::new("R1").unwrap());
    taken.merchant_account = account(1);
    taken.lookup.order_id = OrderId::derive(rules, &namespace(), Operation::Payout, &reference, 1);
    accepted(store, "R2").await;
    let second = claimed(store).await;
    let step = intend(&second, Intent::Next(Box::new(taken)));
    assert_eq!(write(store, step).await, Err(Refused::OrderIdTaken));
}

async fn rejected_payout_goes_on_elsewhere<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    let record = write(store, answer(&record, REJECTED)).await.unwrap();
    assert_eq!(record.status, Status::InDoubt, "a look-up has to follow");
    let record = find(store, &time, record.id, Finding::Absent).await;
    assert_eq!(record.status, Status::Sending);
    let record = claimed(store).await;
    assert_eq!(write(store, next(&record, 1)).await, Err(Refused::NotAllowed));
    let record = write(store, next(&record, 2)).await.unwrap();
    assert_eq!(record.attempts[0].attempt.closed_as, Some(Standing::Rejected));
    let events = store.timeline(record.id).await.unwrap();
    let proof = record.attempts[0].proof.unwrap();
    let closed = Change::Closed { attempt: 1, standing: Standing::Rejected };
    assert_eq!(events[usize::try_from(proof).unwrap() - 1].change, closed);
    assert!(matches!(events.last().unwrap().change, Change::Intended { attempt: 2, .. }));
}

async fn unknown_account_is_not_sent_through<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let record = claimed(store).await;
    assert_eq!(write(store, next(&record, 3)).await, Err(Refused::NotConfigured));
}

async fn transient_rejection_never_fails<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    let rejected = Seen::Rejected { kind: ErrorKind::Funds, is_permanent: false };
    write(store, answer(&record, rejected)).await.unwrap();
    find(store, &time, record.id, Finding::Absent).await;
    let record = claimed(store).await;
    assert_eq!(write(store, end(&record, Ending::Failed)).await, Err(Refused::NotAllowed));
    assert!(write(store, next(&record, 1)).await.is_ok());
}

async fn deadline_ends_what_was_not_sent<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let mut acceptance = acceptance("R1");
    acceptance.send_by = Some(time.now() + minutes(5));
    store.accept(vec![acceptance]).await.unwrap();
    let record = claimed(store).await;
    assert_eq!(write(store, end(&record, Ending::Failed)).await, Err(Refused::NotAllowed));
    let record = write(store, next(&record, 1)).await.unwrap();
    let unsent = Seen::NotSent { kind: ErrorKind::Unreachable };
    write(store, answer(&record, unsent)).await.unwrap();
    time.pass(minutes(5));
    let record = claimed(store).await;
    assert_eq!(write(store, same(&record)).await, Err(Refused::Late));
    let record = write(store, end(&record, Ending::Failed)).await.unwrap();
    assert_eq!(record.status, Status::Failed);
    assert_eq!(record.attempts[0].attempt.closed_as, Some(Standing::Unsent));
    assert!(record.is_proven_unpaid());
    // It stays failed, and a person looks.
    let late = look_up(&record, time.now(), Finding::Found(Word::Succeeded));
    let record = write(store, late).await.unwrap();
    assert_eq!(record.status, Status::Failed);
    assert!(record.reviews.contains(&ReviewReason::Contradiction) && !record.is_proven_unpaid());
}

async fn late_outcome_is_joined<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let late = sent(store).await;
    time.pass(policy().lease);
    let absent = find(store, &time, late.id, Finding::Absent).await;
    assert_eq!(absent.status, Status::InDoubt);
    let record = write(store, answer(&late, Seen::Accepted)).await.unwrap();
    assert_eq!(record.status, Status::Pending);
    // The first outcome of a sending stays.
    let record = write(store, answer(&late, REJECTED)).await.unwrap();
    assert_eq!(record.status, Status::Pending);
}

async fn duplicate_of_a_first_sending_pauses<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    write(store, answer(&record, Seen::Duplicate)).await.unwrap();
    let pauses = store.journal().await.unwrap().pauses;
    assert_eq!(pauses[0].scope, Scope::Account(account(1)));
    accepted(store, "R2").await;
    let second = claimed(store).await;
    assert_eq!(write(store, next(&second, 1)).await, Err(Refused::Paused));
}

async fn evidence_waits_for_a_quiet_payout<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    let declare = |declaration| {
        let (source, note) = (Source::Person, "letter of 5 January".into());
        let step = Step::Declare { attempt: 1, declaration, as_of: None, source, note };
        Write::by(record.id, "Ben".into(), step)
    };
    let not_executed = declare(Declaration::NotExecuted);
    let refused = write(store, not_executed.clone()).await.unwrap_err();
    assert_eq!(refused, Refused::Busy { until: time.now() + SignedDuration::from_secs(90) });
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    time.pass(SignedDuration::from_secs(89));
    assert!(matches!(write(store, not_executed.clone()).await, Err(Refused::Busy { .. })));
    time.pass(SignedDuration::from_secs(1));
    let record = write(store, not_executed).await.unwrap();
    assert_eq!(record.status, Status::InDoubt, "no transaction has ended it");
    let claim = store.claim(Claim::due(1)).await.unwrap().records.pop().unwrap();
    assert_eq!(write(store, next(&claim, 2)).await, Err(Refused::NotAllowed));
    let record = write(store, end(&claim, Ending::Failed)).await.unwrap();
    assert_eq!((record.status, record.is_proven_unpaid()), (Status::Failed, true));
}

async fn cancel_is_refused_after_a_sending<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    assert!(matches!(write(store, cancel(&record)).await, Err(Refused::Busy { .. })));
    write(store, answer(&record, Seen::Unknown)).await.unwrap();
    assert_eq!(write(store, cancel(&record)).await, Err(Refused::NotAllowed));
    let id = accepted(store, "R2").await;
    let second = store.get(vec![id]).await.unwrap().pop().unwrap().unwrap();
    let second = write(store, cancel(&second)).await.unwrap();
    assert_eq!((second.status, second.next_at), (Status::Cancelled, None));
    assert_eq!(write(store, cancel(&second)).await, Err(Refused::NotAllowed));
    let actor = store.timeline(id).await.unwrap().pop().unwrap().actor;
    assert_eq!(actor.as_deref(), Some("Ben"));
    time.pass(minutes(60));
    assert_eq!(claimed(store).await.id, record.id);
}

async fn replacement_needs_proof<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let id = accepted(store, "R1").await;
    let replacing = |reference| {
        let mut acceptance = acceptance(reference);
        acceptance.replaces = Some(id);
        vec![acceptance]
    };
    assert_eq!(store.accept(replacing("R2")).await.unwrap()[0], Err(Refused::NotAllowed));
    let record = store.get(vec![id]).await.unwrap().pop().unwrap().unwrap();
    write(store, cancel(&record)).await.unwrap();
    let Ok(Accepted::New(second)) = store.accept(replacing("R2")).await.unwrap().remove(0) else {
        panic!("a cancelled payout is replaced")
    };
    assert_eq!(second.replaces, Some(id));
    assert_eq!(store.accept(replacing("R3")).await.unwrap()[0], Err(Refused::NotAllowed));
}

async fn mismatch_waits_for_a_person<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    write(store, answer(&record, Seen::Mismatch)).await.unwrap();
    let record = find(store, &time, record.id, Finding::Absent).await;
    assert!(record.reviews.contains(&ReviewReason::Mismatch));
    time.pass(minutes(1));
    let claim = claimed(store).await;
    assert_eq!(write(store, same(&claim)).await, Err(Refused::Blocked));
    let clear = Write::by(record.id, "Ben".into(), Step::ClearMismatch);
    let record = write(store, clear.clone()).await.unwrap();
    assert!(record.reviews.is_empty());
    assert_eq!(write(store, clear).await, Err(Refused::NotAllowed));
}

async fn shared_reference_contradicts_both<D: Database>() {
    let (database, _) = begin::<D>().await;
    let store = database.store();
    let named = async |record: &Record| {
        let mut answer = answer(record, Seen::Accepted);
        let Step::Answer { provider_reference, .. } = &mut answer.step else { panic!() };
        *provider_reference = Some(tulay_core::ProviderReference::new("D-7001").unwrap());
        write(store, answer).await.unwrap()
    };
    let first = named(&sent(store).await).await;
    assert!(first.reviews.is_empty());
    accepted(store, "R2").await;
    let second = claimed(store).await;
    let second = named(&write(store, next(&second, 1)).await.unwrap()).await;
    let first = store.get(vec![first.id]).await.unwrap().pop().unwrap().unwrap();
    for record in [first, second] {
        assert!(record.reviews.contains(&ReviewReason::Contradiction));
        let last = store.timeline(record.id).await.unwrap().pop().unwrap();
        assert_eq!(last.change, Change::ReferenceShared { attempt: 1 });
    }
    // The same id at another account is another one.
    accepted(store, "R3").await;
    let third = claimed(store).await;
    let third = named(&write(store, next(&third, 2)).await.unwrap()).await;
    assert!(third.reviews.is_empty());
}

async fn waiting_on_is_no_event<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    accepted(store, "R1").await;
    let mut version = 1;
    for kind in [ReasonKind::Busy, ReasonKind::Busy, ReasonKind::Paused] {
        let record = claimed(store).await;
        let until = time.now() + minutes(1);
        let step = Step::Defer { reason: Reason::new(kind), until };
        let defer = Write::claimed(&record, step);
        let after = write(store, defer).await.unwrap();
        assert_eq!((after.next_at, after.status), (Some(until), Status::Created));
        assert!(store.claim(Claim::due(1)).await.unwrap().records.is_empty());
        version = after.version;
        time.pass(minutes(1));
    }
    assert_eq!(version, 3);
}

async fn pages_are_newest_first<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let group = ["R1", "R2", "R3"].map(acceptance);
    store.accept(group.into()).await.unwrap();
    let list = async |filter| {
        let records = store.list(filter).await.unwrap();
        records.iter().map(|it| it.id.0).collect::<Vec<_>>()
    };
    let mut filter = Filter::default();
    filter.most = 2;
    assert_eq!(list(filter.clone()).await, [3, 2]);
    filter.before = Some(RecordId(2));
    assert_eq!(list(filter.clone()).await, [1]);
    filter.status = Some(Status::Failed);
    assert_eq!(list(filter.clone()).await, [0_i64; 0]);
    let mut filter = Filter::default();
    filter.in_review = true;
    assert_eq!(list(filter.clone()).await, [0_i64; 0]);
    time.pass(SignedDuration::from_hours(25));
    let claim = store.claim(Claim::due(1)).await.unwrap().records.pop().unwrap();
    let step = Step::Defer { reason: Reason::new(ReasonKind::Busy), until: time.now() };
    let claimed = Write::claimed(&claim, step);
    write(store, claimed).await.unwrap();
    assert_eq!(list(filter.clone()).await, [1]);
    filter.status = Some(Status::Created);
    assert_eq!(list(filter).await, [1]);
}

async fn refresh_makes_it_due<D: Database>() {
    let (database, time) = begin::<D>().await;
    let store = database.store();
    let record = sent(store).await;
    write(store, answer(&record, Seen::Accepted)).await.unwrap();
    assert!(store.claim(Claim::due(1)).await.unwrap().records.is_empty());
    store.refresh(vec![record.id, RecordId(77)]).await.unwrap();
    assert_eq!(claimed(store).await.next_at, Some(time.now()));
}
