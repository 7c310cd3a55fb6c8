//! V1 to V13: what a search of the rules as a model found.

use super::case::{Case, SHORT, UNSENT, WRONG, hours, minutes, seconds};
use crate::store::guarantees;
use tulay_core::FindBy;
use tulay_journal::{
    machine::{ReviewReason, Standing, facts::Word},
    record::{Declaration, Ending, Finding, Refused, Seen, Status},
};

/// The signer is down for longer than the time for one order id. As nothing has left, the time is
/// fixed anew with each sending.
#[test]
fn v06_unsent_payout_is_sent_after_its_time() {
    let mut case = Case::sent();
    case.answer(0, UNSENT);
    case.pass(hours(30));
    case.same().unwrap();
    assert_eq!(case.record.attempts[0].attempt.resend_until, Some(case.now + hours(24)));
    case.answer(1, Seen::Accepted);
    assert_eq!(case.record.status, Status::Pending);
}

/// The first attempt was never sent, and the order of the second fails. The payout fails: the first
/// gave up its slot with proof. A duplicate that arrives later takes that proof not away.
#[test]
fn v07_unsent_first_attempt_does_not_hinder_failure() {
    let mut case = Case::sent();
    case.answer(0, UNSENT);
    case.pass(seconds(2));
    case.next(2).unwrap();
    case.answer(0, Seen::Accepted);
    for _ in 0..2 {
        case.pass(minutes(10));
        case.look_up(Finding::Found(Word::Failed));
    }
    case.answer_of(1, 0, Seen::Duplicate);
    case.end(Ending::Failed).unwrap();
    let closed: Vec<_> = case.record.attempts.iter().map(|it| it.attempt.closed_as).collect();
    assert_eq!(closed, [Some(Standing::Unsent), Some(Standing::Failed)]);
    assert!(case.record.is_proven_unpaid());
}

/// A forged message names the order. It is a hint: it makes the payout due, adds no fact, and takes
/// no row away.
#[test]
fn v08_hint_takes_no_row_away() {
    let mut case = Case::in_doubt();
    case.look_up(Finding::Absent);
    case.same().unwrap();
    case.answer(1, WRONG);
    // What a hint does, and all of it: `Store::refresh`.
    case.record.next_at = Some(case.now);
    case.pass(minutes(10));
    case.look_up(Finding::Absent);
    assert_eq!(case.standing(), Standing::Rejected);
    case.next(2).unwrap();
}

/// Where nothing can be looked up and the provider replays, one rejection in time speaks for every
/// copy, earlier and later. A transient one does so only where rejections are remembered too.
#[test]
fn v10_replayed_rejection_speaks_for_later_copies() {
    for (rejection, remembered, standing) in [
        (WRONG, true, Standing::Rejected),
        (WRONG, false, Standing::Rejected),
        (SHORT, true, Standing::Rejected),
        (SHORT, false, Standing::InDoubt),
    ] {
        let mut guarantees = guarantees();
        (guarantees.find_by, guarantees.resend_for) = (FindBy::None, None);
        guarantees.replays_for = Some(hours(12));
        guarantees.replays_rejections = remembered;
        let mut case = Case::sent_of(&guarantees);
        case.pass(seconds(61));
        case.same().unwrap();
        // The process of the first sending wakes up; the answer to the second is lost.
        case.answer(0, rejection);
        case.answer(1, Seen::Unknown);
        assert_eq!(case.standing(), standing, "{rejection:?}, remembered: {remembered}");
        // What came after the time for the key speaks for itself alone.
        let mut case = Case::sent_of(&guarantees);
        case.pass(seconds(61));
        case.same().unwrap();
        case.pass(hours(12));
        case.answer(0, rejection);
        assert_eq!(case.standing(), Standing::InDoubt);
    }
}

/// A slow copy is answered "duplicate" after another one of ours was accepted. Only a duplicate
/// while nothing else has left is an alarm.
#[test]
fn v11_duplicate_of_our_own_copy_is_no_alarm() {
    let mut case = Case::in_doubt();
    case.look_up(Finding::Absent);
    case.same().unwrap();
    case.answer(1, Seen::Accepted);
    assert!(case.answer(0, Seen::Duplicate).pause.is_none());

    let mut case = Case::sent();
    case.answer(0, UNSENT);
    case.pass(seconds(2));
    case.same().unwrap();
    assert!(case.answer(1, Seen::Duplicate).pause.is_some(), "it was never sent before");
}

/// The provider accepts an order and then knows none. A person's statement that it was not executed
/// counts, once a late look-up finds none, and ends the contradiction.
#[test]
fn v12_accepted_order_that_is_gone_can_be_declared() {
    let mut case = Case::sent();
    case.answer(0, Seen::Accepted);
    case.pass(minutes(30));
    case.look_up(Finding::Absent);
    assert_eq!(case.reviews(), [ReviewReason::Contradiction]);
    assert_eq!(case.end(Ending::Failed).unwrap_err(), Refused::NotAllowed);
    case.record.lease = None;
    case.declare(Declaration::NotExecuted).unwrap();
    assert_eq!((case.standing(), case.reviews()), (Standing::Declared, vec![]));
    case.end(Ending::Failed).unwrap();
    assert!(case.record.is_proven_unpaid());
}

/// One request arrives twice, the first copy is rejected and uses up the id, and only the answer to
/// the second is read: "duplicate". It is no rejection, and pauses the account.
#[test]
fn v13_duplicate_of_a_used_up_id_fails_nothing() {
    let mut case = Case::sent();
    assert!(case.answer(0, Seen::Duplicate).pause.is_some());
    case.pass(hours(1));
    case.look_up(Finding::Absent);
    case.assert_stuck();
    assert_eq!(case.reviews(), [ReviewReason::Slow, ReviewReason::Contradiction]);
}
