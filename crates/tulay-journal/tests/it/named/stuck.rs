//! L1 to L16: sequences that an earlier form of the rules never ended, parked for no reason, or took
//! for a false alarm.

use super::case::{Case, SHORT, UNSENT, WRONG, hours, minutes, seconds};
use crate::{
    store::{Hand, InMemory, account, guarantees, namespace},
    worker::{
        Office,
        provider::{Desk, Does},
    },
};
use tulay_core::{Echo, ErrorKind, FindBy, IdRules, Operation, OrderId, Reference};
use tulay_journal::{
    machine::{Attempt, Evidence, ReviewReason, Rules, Sending, Standing, facts::Word, review},
    record::{Ending, Finding, Refused, Seen, Status},
};

/// The content is wrong, and the answer to the first copy is lost. A permanent rejection of a later
/// copy speaks for the first one too, once a late look-up finds nothing.
#[tokio::test]
async fn l01_permanent_rejection_ends_a_payout_in_doubt() {
    let wrong = Does::Reject { kind: ErrorKind::Institution, is_permanent: true };
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::LoseRequest, wrong]);
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(60)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 2));
    let first = &record.attempts[0].attempt;
    assert_eq!(first.closed_as, Some(Standing::Rejected));
    assert_eq!(first.sendings[0].outcome, None);
}

/// An order fails, as orders do. Two look-ups that are the failure window apart make it final.
#[tokio::test]
async fn l02_ordinary_failure_is_final() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::AcceptAndFail]);
    office.submit().await;
    let record = office.until(Status::Failed, minutes(60)).await;
    assert!(record.is_proven_unpaid() && record.reviews.is_empty());
}

/// The provider is down for longer than ten minutes. The same order id is sent for a day, so that the
/// payout goes on by itself, whatever way there is to ask about it.
#[tokio::test]
async fn l03_longer_outage_needs_no_person() {
    for (find_by, replays) in
        [(FindBy::OrderId, false), (FindBy::OrderId, true), (FindBy::ProviderReference, true)]
    {
        for down in [minutes(1), minutes(11), hours(3), hours(10)] {
            let office = of_one_desk(find_by, replays).await;
            office.desks[0].go_down(down);
            office.submit().await;
            let record = office.until(Status::Succeeded, hours(23)).await;
            let case = format!("{find_by:?}, replays: {replays}, down for {down}: {record:?}");
            assert_eq!((office.paid(), record.attempts.len()), (1, 1), "{case}");
            assert!(record.reviews.is_empty(), "{case}");
        }
    }
}

/// Look-ups work, and sendings get no usable answer for an hour. Five of them in a row are no process
/// that ends again and again: their processes wrote down what they saw.
#[tokio::test]
async fn l03_lost_sendings_are_no_crash_loop() {
    for replays in [false, true] {
        let office = of_one_desk(FindBy::OrderId, replays).await;
        office.desks[0].then([Does::LoseRequest; 7]);
        office.submit().await;
        let record = office.until(Status::Succeeded, hours(20)).await;
        assert_eq!(record.attempts[0].attempt.sendings.len(), 8, "replays: {replays}");
        assert!(office.desks[0].lookups() >= 7, "the two take turns");
        assert!(record.reviews.is_empty() && office.paid() == 1);
    }
    // A process that ends again and again is one.
    let mut case = Case::sent();
    for sendings in 1..=5 {
        assert_eq!(case.reviews().contains(&ReviewReason::Unresolved), sendings == 5);
        case.pass(seconds(61));
        case.look_up(Finding::Absent);
        assert_eq!(case.same().is_ok(), sendings < 5);
    }
}

async fn of_one_desk(find_by: FindBy, replays: bool) -> Office<InMemory> {
    let mut guarantees = guarantees();
    guarantees.find_by = find_by;
    guarantees.replays_for = replays.then_some(hours(12));
    if find_by == FindBy::ProviderReference {
        guarantees.resend_for = None;
        guarantees.echoes = vec![Echo::ProviderReference];
    }
    guarantees.checked().unwrap();
    let time = Hand::new();
    let desk = Desk::with(account(1), guarantees, &time);
    Office::open(time, vec![desk]).await
}

/// A payout is in doubt for longer than it should be. That is shown, and blocks nothing.
#[test]
fn l04_slow_blocks_nothing() {
    let mut case = Case::in_doubt();
    case.pass(minutes(31));
    case.look_up(Finding::Absent);
    assert_eq!(case.reviews(), [ReviewReason::Slow]);
    case.same().unwrap();
}

/// The provider signs a time stamp, which each sending renews. It is no part of the digest, so the
/// same order id may be sent again.
#[test]
fn l05_time_stamp_is_no_other_text() {
    let mut guarantees = guarantees();
    guarantees.volatile = vec!["timestamp".into()];
    let mut case = Case::sent_of(&guarantees);
    case.answer(0, Seen::Unknown);
    case.pass(hours(20));
    case.look_up(Finding::Absent);
    case.same().unwrap();
    let sendings = &case.record.attempts[0].attempt.sendings;
    assert_eq!(sendings[0].digest, sendings[1].digest);
}

/// The answer to a sending names no amount, no currency and no beneficiary. What it must repeat is
/// the provider's own; a success without it is pending until a look-up names it.
#[tokio::test]
async fn l06_success_without_amount_is_pending() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::AcceptWithoutAmount]);
    office.submit().await;
    assert_eq!(office.work().await.status, Status::Pending);
    let record = office.until(Status::Succeeded, minutes(1)).await;
    assert_eq!((office.paid(), office.desks[0].lookups()), (1, 1));
    assert!(record.reviews.is_empty());
}

/// The answer says "in process", and there is no order. It is no acceptance: the order is looked up
/// and sent again.
#[tokio::test]
async fn l07_in_process_is_no_order() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::Answer(ErrorKind::InProcess)]);
    office.submit().await;
    assert_eq!(office.work().await.status, Status::InDoubt);
    let record = office.until(Status::Succeeded, minutes(10)).await;
    assert_eq!((office.paid(), office.desks[0].arrived()), (1, 2));
    assert!(record.reviews.is_empty());
}

/// A notification calls the order failed, and look-ups find none. After half an hour a person sees
/// the contradiction.
#[test]
fn l08_notified_failure_without_order_is_a_contradiction() {
    let rules = Rules::new(&guarantees(), Operation::Payout, true, minutes(10));
    let sent = Case::new().now;
    let mut attempt = Attempt::new(1);
    attempt.begin_sending(Sending::new(sent, [7; 32]), Some(sent + hours(24)));
    attempt.facts.join(Evidence::Notified(Word::Failed));
    let mut reasons = |asked| {
        attempt.facts.join(Evidence::Absent { asked });
        review::reviews(&attempt, &rules, asked).collect::<Vec<_>>()
    };
    assert_eq!(reasons(sent + minutes(29)), []);
    assert_eq!(reasons(sent + minutes(30)), [ReviewReason::Contradiction]);
}

/// The provider never says how it ended. It is shown as slow, and looked up without end.
#[test]
fn l09_pending_is_shown_and_looked_up_without_end() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    let end = case.now + hours(365 * 24);
    while case.now < end {
        let next = case.record.next_at.unwrap();
        assert!(next.duration_since(case.now) <= hours(29), "{next}");
        case.now = next;
        case.look_up(Finding::Found(Word::Pending));
    }
    assert_eq!((case.record.status, case.reviews()), (Status::Pending, vec![ReviewReason::Slow]));
}

/// An attempt that gave up its slot turns out to have an order. It stays closed, and the payout is in
/// review: paid without a slot is never silent.
#[test]
fn l10_paid_without_slot_is_in_review() {
    let mut case = Case::sent();
    case.answer(0, WRONG);
    case.pass(seconds(2));
    case.look_up(Finding::Absent);
    case.next(2).unwrap();
    case.look_up_of(1, case.now, Finding::Found(Word::Succeeded));
    assert_eq!(case.record.attempts[0].attempt.closed_as, Some(Standing::Rejected));
    let suspected = [ReviewReason::Contradiction, ReviewReason::DoublePaymentSuspected];
    assert_eq!(case.reviews(), suspected);
}

/// A payout that was returned is never sent again: the attempt keeps its slot.
#[test]
fn l11_reversed_keeps_its_slot() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    case.look_up(Finding::Found(Word::Succeeded));
    for _ in 0..2 {
        case.pass(minutes(10));
        case.look_up(Finding::Found(Word::Reversed));
    }
    assert_eq!(case.record.status, Status::Reversed);
    assert_eq!(case.record.attempts[0].attempt.closed_as, None);
    case.assert_stuck();
    assert!(case.end(Ending::Cancelled).is_err());
}

/// Whether an order id may be sent again and whether it can be looked up are two facts, and every
/// pair of them is a provider.
#[test]
fn l12_resend_and_look_up_are_two_facts() {
    let mut answers = Vec::new();
    for find_by in [FindBy::OrderId, FindBy::ProviderReference, FindBy::None] {
        for replays in [false, true] {
            let mut guarantees = guarantees();
            guarantees.find_by = find_by;
            guarantees.resend_for = guarantees.resend_for.filter(|_| find_by.by_order_id());
            guarantees.replays_for = replays.then_some(hours(12));
            guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
            let mut case = Case::sent_of(&guarantees);
            case.answer(0, Seen::Unknown);
            case.pass(minutes(1));
            let at_once = case.same().is_ok();
            case.record.lease = None;
            case.pass(minutes(1));
            case.look_up(Finding::Absent);
            answers.push((at_once, case.same().is_ok()));
        }
    }
    let expected = [
        // After a look-up that found none.
        (false, true),
        // At once, as a replay.
        (true, true),
        // Never: a look-up by the provider's id says nothing of an order that has none.
        (false, false),
        (true, true),
        (false, false),
        (true, true),
    ];
    assert_eq!(answers, expected);
}

/// An order id of 32 characters is refused by a provider that takes 10 to 30. Ours have 26 of an
/// alphabet that every provider takes.
#[test]
fn l13_order_ids_fit_every_provider() {
    let mut ids = Vec::new();
    for attempt in 1..=8 {
        for reference in ["R1", "salary-2026-01/000123", "a"] {
            let reference = Reference::new(reference).unwrap();
            let (rules, operation) = (IdRules::STANDARD, Operation::Payout);
            let id = OrderId::derive(rules, &namespace(), operation, &reference, attempt);
            let plain = |byte: u8| matches!(byte, b'A'..=b'Z' | b'2'..=b'7');
            assert_eq!(id.as_str().len(), 26);
            assert!(id.as_str().bytes().all(plain) && id.as_str().starts_with('P'), "{id}");
            ids.push(id);
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 24);
}

/// Answers are signed, and a rejection is not. The adapter takes it for unknown, and then nothing
/// goes elsewhere: the same order id is sent again, and its signed answer decides.
#[tokio::test]
async fn l14_rejection_that_proves_nothing_goes_nowhere_else() {
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::Answer(ErrorKind::Funds), Does::Answer(ErrorKind::Institution)]);
    office.submit().await;
    let record = office.until(Status::Succeeded, minutes(10)).await;
    assert_eq!((office.paid(), record.attempts.len()), (1, 1));
    assert_eq!(office.desks[1].arrived(), 0);
}

/// One flag says whether a rejection is permanent. Whether another provider is tried is a question
/// of its kind, in both cases.
#[test]
fn l15_permanent_and_transient_rejections_go_elsewhere() {
    let rejected = |kind, is_permanent| Seen::Rejected { kind, is_permanent };
    for (seen, here, elsewhere) in [
        (rejected(ErrorKind::Institution, true), false, true),
        (rejected(ErrorKind::Institution, false), false, true),
        (rejected(ErrorKind::Funds, false), true, true),
        (rejected(ErrorKind::TooEarly, false), true, false),
        (rejected(ErrorKind::Beneficiary, true), false, false),
        (UNSENT, false, true),
        (SHORT, true, true),
    ] {
        for (number, expected) in [(1, here), (2, elsewhere)] {
            let mut case = Case::sent();
            case.answer(0, seen);
            case.pass(minutes(1));
            case.look_up(Finding::Absent);
            let written = case.next(number).map(|_| ());
            let expected = if expected { Ok(()) } else { Err(Refused::NotAllowed) };
            assert_eq!(written, expected, "{seen:?} at {number}");
        }
    }
}

/// The journal is lost, with every secret that it held. The same reference makes the same order ids
/// again, so that the provider recognises them.
#[tokio::test]
async fn l16_lost_journal_makes_the_same_order_ids() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let office = Office::<InMemory>::with_two_desks().await;
        let wrong = Does::Reject { kind: ErrorKind::Institution, is_permanent: true };
        office.desks[0].then([wrong]);
        office.submit().await;
        let record = office.until(Status::Succeeded, minutes(10)).await;
        assert_eq!(record.attempts[1].merchant_account, account(2));
        ids.push(record.attempts.iter().map(|it| it.order_id.clone()).collect::<Vec<_>>());
    }
    assert_eq!((&ids[0], ids[0].len()), (&ids[1], 2));
    assert_ne!(ids[0][0], ids[0][1]);
}
