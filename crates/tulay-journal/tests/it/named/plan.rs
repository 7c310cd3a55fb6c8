//! N1 to N19: where the rules, the plan and the code of the adapters did not fit.

use super::case::{Case, UNSENT, hours, minutes, seconds};
use crate::{
    store::{self, Database, Hand, InMemory, account, guarantees},
    worker::{
        Office, payout, payout_of, policy_of,
        provider::{Desk, Does},
        worker,
    },
};
use std::sync::Arc;
use tulay_core::{Currency, Echo, ErrorKind, FindBy, Money, Operation};
use tulay_journal::{
    machine::{Attempt, Evidence, ReviewReason, Rules, Sending, Standing, facts::Word, standing},
    record::{
        Declaration, Digest, Ending, Finding, Intent, Personal, Refused, Seen, Status, Step, Write,
    },
    store::{Acceptance, Accepted, Memory, Store},
};

/// The configuration that `prepare` reads is edited while a payout is in doubt. What is sent again is
/// the stored text, never one that is prepared anew.
#[tokio::test]
async fn n01_attempt_is_never_prepared_anew() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].prepare_with("as configured in May");
    office.desks[0].then([Does::LoseAnswer, Does::LoseAnswer]);
    office.desks[0].lag(minutes(2));
    office.submit().await;
    office.work().await;
    office.desks[0].prepare_with("as configured in June");
    office.until(Status::Succeeded, minutes(30)).await;
    let arrivals = office.desks[0].arrivals();
    assert!(arrivals.len() >= 2);
    assert!(arrivals.iter().all(|(_, text)| text == "as configured in May"));

    let mut case = Case::in_doubt();
    case.look_up(Finding::Absent);
    let record = case.claim();
    let step = Step::Intend { version: record.version, intent: Intent::Same(Digest([7; 32])) };
    let other = Write::claimed(&record, step);
    assert_eq!(case.write(&other).unwrap_err(), Refused::OtherText);
}

/// The host of an account becomes another one while a payout is in doubt, and a look-up there would
/// find nothing. The desk at the new host is neither asked nor sent to.
#[tokio::test]
async fn n04_other_host_is_another_account() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::LoseAnswer]);
    office.submit().await;
    let record = office.work().await;
    let mut moved = account(1);
    moved.host = "pay.example.org".into();
    let moved = Desk::new(moved, &office.time);
    let desks = [moved, office.desks[1].clone()];
    let store = Arc::new(office.database.configured(policy_of(&desks)));
    let worker = worker(store, &desks, &office.time);
    office.time.pass(record.next_at.unwrap().duration_since(record.created_at));
    worker.run_once().await.unwrap();
    let sent: usize = desks.iter().map(|desk| desk.arrived() + desk.lookups()).sum();
    let record = office.record().await;
    assert_eq!((sent, record.status), (0, Status::InDoubt));
    assert!(record.reviews.contains(&ReviewReason::NotConfigured));
}

/// A signer is down, a balance is short, a connection is refused: nothing transient makes a payout
/// `failed`.
#[test]
fn n05_nothing_transient_fails() {
    use ErrorKind::{
        Authentication, Configuration, Funds, RateLimited, TooEarly, Unavailable, Unreachable,
    };
    for kind in
        [Authentication, Configuration, Funds, RateLimited, TooEarly, Unavailable, Unreachable]
    {
        for seen in [Seen::NotSent { kind }, Seen::Rejected { kind, is_permanent: false }] {
            let mut case = Case::sent();
            case.answer(0, seen);
            case.pass(minutes(1));
            case.look_up(Finding::Absent);
            let ended = case.end(Ending::Failed);
            assert_eq!(ended.unwrap_err(), Refused::NotAllowed, "{seen:?}");
            let goes_on = match seen {
                Seen::NotSent { .. } => case.same(),
                _ => case.next(1),
            };
            goes_on.unwrap();
        }
    }
    // What never left is no proof of failure, for whatever reason it did not leave.
    for kind in [ErrorKind::InvalidRequest, ErrorKind::Unsupported] {
        let mut case = Case::sent();
        case.answer(0, Seen::NotSent { kind });
        assert_eq!(case.end(Ending::Failed).unwrap_err(), Refused::NotAllowed, "{kind:?}");
    }
}

/// A provider is renamed, or its table is lost: the plan finds no account. What was accepted and not
/// sent waits; it is never `failed`, and can be cancelled.
#[test]
fn n06_accepted_payout_without_account_waits() {
    let mut case = Case::new();
    case.policy.configured.clear();
    assert_eq!(case.next(1).unwrap_err(), Refused::NotConfigured);
    assert_eq!(case.end(Ending::Failed).unwrap_err(), Refused::NotAllowed);
    case.end(Ending::Cancelled).unwrap();
}

/// A process is suspended after its intent; a person, who sees nothing at the provider, states that
/// nothing was executed. The statement is refused until no copy can leave any more.
#[test]
fn n07_evidence_waits_until_nothing_can_leave() {
    let mut case = Case::sent();
    for passed in [seconds(0), seconds(59), seconds(30)] {
        case.pass(passed);
        let refused = case.declare(Declaration::NotExecuted).unwrap_err();
        assert!(matches!(refused, Refused::Busy { .. }), "{refused:?}");
    }
    // The lease is over, and so is the longest call that began within it.
    case.pass(seconds(1));
    case.declare(Declaration::NotExecuted).unwrap();
    // A sending that leaves after all would not be covered by it.
    case.look_up(Finding::Absent);
    assert_eq!(case.standing(), Standing::Declared);
    assert!(case.same().is_err() && case.next(2).is_err());
}

/// Two replicas answer failed, pending, failed. Only an unbroken run is final.
#[test]
fn n08_broken_run_is_no_failure() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    let words = [Word::Failed, Word::Pending, Word::Failed];
    for (word, wait) in words.into_iter().zip([1, 5, 9]) {
        case.pass(minutes(wait));
        case.look_up(Finding::Found(word));
    }
    assert_eq!(case.standing(), Standing::Pending);
    case.assert_stuck();
    // Also when the answer in between arrives last.
    let between = case.now - minutes(1);
    case.pass(minutes(10));
    case.look_up(Finding::Found(Word::Failed));
    assert_eq!(case.standing(), Standing::Failed);
    case.look_up_asked(between + minutes(2), Finding::Found(Word::Pending));
    assert_eq!(case.standing(), Standing::Pending);
}

/// A provider gives two orders one id of its own, by which alone orders are looked up. A success
/// found under it ends neither.
#[tokio::test]
async fn n09_one_reference_of_two_orders_proves_nothing() {
    let office = of_two_steps(&[]).await;
    office.desks[0].repeat_reference();
    let store = office.database.store();
    for reference in ["R1", "R2"] {
        let request = payout_of(reference, None);
        store.accept(vec![Acceptance::payout(&request, "[]")]).await.unwrap();
    }
    office.work_for(hours(2)).await;
    let records = store.list(<_>::default()).await.unwrap();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!(record.status, Status::Pending);
        assert!(record.reviews.contains(&ReviewReason::Contradiction));
    }
}

/// The process ends between the two steps of a call, and the provider's id is lost. A person is
/// needed at once; nothing is asked and nothing is sent.
#[tokio::test]
async fn n09_lost_reference_waits_for_a_person_at_once() {
    let office = of_two_steps(&[Does::LoseAnswer]).await;
    office.submit().await;
    let record = office.work().await;
    assert!(record.reviews.contains(&ReviewReason::Unresolved));
    office.work_for(hours(30)).await;
    let arrived: usize = office.desks.iter().map(|desk| desk.arrived()).sum();
    assert_eq!((arrived, office.desks[0].lookups()), (1, 0));
    assert_eq!(office.record().await.status, Status::InDoubt);
}

/// Two desks that find orders by their own id alone.
async fn of_two_steps(script: &[Does]) -> Office<InMemory> {
    let mut guarantees = guarantees();
    (guarantees.find_by, guarantees.resend_for) = (FindBy::ProviderReference, None);
    guarantees.echoes = vec![Echo::ProviderReference];
    guarantees.checked().unwrap();
    let time = Hand::new();
    let desk = |number| Desk::with(account(number), guarantees.clone(), &time);
    let desks = vec![desk(1), desk(2)];
    desks[0].then(script.iter().copied());
    Office::open(time.clone(), desks).await
}

/// An answer names no order, or another one. It proves nothing, is asked again, and is no review.
#[tokio::test]
async fn n10_unrelated_answer_is_no_review() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::Answer(ErrorKind::Unrelated), Does::Answer(ErrorKind::Unrelated)]);
    office.submit().await;
    let record = office.work().await;
    assert!(record.reviews.is_empty());
    let record = office.until(Status::Succeeded, minutes(30)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
}

/// A bank returns a payout that had succeeded, and the provider calls it failed. A person says that
/// the money came back; then it can be replaced.
#[test]
fn n13_returned_payout_can_be_replaced() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    case.look_up(Finding::Found(Word::Succeeded));
    case.pass(hours(24));
    case.look_up(Finding::Found(Word::Failed));
    assert_eq!(case.record.status, Status::Succeeded);
    assert_eq!(case.reviews(), [ReviewReason::Contradiction]);
    assert!(!case.record.is_proven_unpaid());
    case.declare(Declaration::CameBack).unwrap();
    assert_eq!(
        (case.record.status, case.reviews()),
        (Status::Reversed, vec![ReviewReason::Reversed])
    );
    assert!(case.record.is_proven_unpaid());
    // One that says paid after that contradicts the person.
    case.pass(hours(1));
    case.look_up(Finding::Found(Word::Succeeded));
    assert!(case.reviews().contains(&ReviewReason::Contradiction));
    assert!(!case.record.is_proven_unpaid());
}

/// The provider accepts an order and then knows none, for ever. After half an hour that is a
/// contradiction, not only slow.
#[test]
fn n14_accepted_and_never_found_is_a_contradiction() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    for (wait, expected) in [(29, vec![]), (1, vec![ReviewReason::Contradiction])] {
        case.pass(minutes(wait));
        case.look_up(Finding::Absent);
        assert_eq!(case.reviews(), expected);
    }
    assert_eq!(case.record.status, Status::Pending);
    case.assert_stuck();
}

/// The stored form of a request grows, so that the texts of equal requests differ. Requests are
/// compared, not texts.
#[tokio::test]
async fn n16_requests_are_compared_and_not_their_texts() {
    let request = payout(Some("May"));
    let mut acceptance = Acceptance::payout(&request, "[]");
    let value: serde_json::Value = serde_json::from_str(acceptance.request.expose()).unwrap();
    let text = serde_json::to_string_pretty(&value).unwrap();
    assert_ne!(text, acceptance.request.expose());
    acceptance.request = Personal::new(text);
    let time = Hand::new();
    let store = Memory::new(store::policy(), time);
    let accepted = store.accept(vec![acceptance]).await.unwrap().remove(0);
    let Ok(Accepted::New(record)) = accepted else { panic!("{accepted:?}") };
    assert_eq!(record.difference(&request).unwrap(), None);
    let mut other = request;
    other.amount = Money::from_minor(10_001, Currency::PHP);
    assert_eq!(record.difference(&other).unwrap(), Some("amount"));
}

/// A request is executed twice inside the provider. The copy that was accepted before the look-up is
/// found by it; one that comes later is assumption A2.
#[test]
fn n18_rejected_twin_is_found_before_anything_follows() {
    let mut case = Case::sent();
    case.answer(0, Seen::Rejected { kind: ErrorKind::Funds, is_permanent: false });
    // A look-up that was asked before the rejection does not count.
    case.look_up_asked(case.now - seconds(1), Finding::Absent);
    case.look_up_asked(case.now, Finding::Absent);
    case.assert_stuck();
    case.pass(seconds(2));
    case.look_up(Finding::Found(Word::Pending));
    case.assert_stuck();
    assert_eq!(case.standing(), Standing::Pending);
}

/// A notification says reversed, and is wrong. Only look-ups make it so, as for a failure.
#[test]
fn n19_notification_reverses_nothing() {
    let rules = Rules::new(&guarantees(), Operation::Payout, true, minutes(10));
    let sent = Case::new().now;
    let mut attempt = Attempt::new(1);
    attempt.begin_sending(Sending::new(sent, [7; 32]), Some(sent + hours(24)));
    let found = |at, word| Evidence::Found { asked: sent + minutes(at), word };
    for (evidence, expected) in [
        (Evidence::Notified(Word::Reversed), Standing::Pending),
        (Evidence::Notified(Word::Failed), Standing::Pending),
        (found(1, Word::Succeeded), Standing::Succeeded),
        (found(2, Word::Reversed), Standing::Succeeded),
        (found(11, Word::Reversed), Standing::Succeeded),
        (found(12, Word::Reversed), Standing::Reversed),
    ] {
        attempt.facts.join(evidence);
        assert_eq!(standing(&attempt, &rules), expected, "{evidence:?}");
    }
}

/// A new version of an adapter does not take the stored form while a payout is unsent. Nothing is
/// prepared anew; the payout waits and can be cancelled.
#[test]
fn n15_other_form_is_not_sent_and_not_failed() {
    let mut case = Case::sent();
    case.answer(0, Seen::NotSent { kind: ErrorKind::Configuration });
    case.pass(minutes(1));
    assert_eq!(case.next(1).unwrap_err(), Refused::NotAllowed, "the same account, prepared anew");
    assert_eq!(case.end(Ending::Failed).unwrap_err(), Refused::NotAllowed);
    case.record.lease = None;
    case.end(Ending::Cancelled).unwrap();
    assert_eq!(case.record.attempts[0].attempt.closed_as, Some(Standing::Unsent));
    // A reason that lies in the connection goes elsewhere instead.
    let mut case = Case::sent();
    case.answer(0, UNSENT);
    case.pass(minutes(1));
    case.next(2).unwrap();
}
