//! M1 to M13: sequences in which an earlier form of the rules paid twice, or called a payout failed
//! that was paid.

use super::case::{Case, SHORT, UNSENT, WRONG, hours, minutes, policy, seconds};
use crate::{
    store::{InMemory, account, guarantees},
    worker::{Office, provider::Does},
};
use tulay_core::{Environment, ErrorKind, MerchantAccount};
use tulay_journal::{
    machine::{ReviewReason, Standing, facts::Word},
    record::{Ending, Finding, Refused, Seen, Status},
};

/// A rejection of the first copy is read while a second one is on its way. Every copy has to be
/// accounted for, earlier or later.
#[test]
fn m01_rejection_of_one_copy_closes_nothing() {
    for rejection in [SHORT, WRONG] {
        let mut case = Case::sent();
        // The process is suspended. Another one takes over and sends the same order id.
        case.pass(seconds(61));
        case.look_up(Finding::Absent);
        case.same().unwrap();
        case.answer(0, rejection);
        case.look_up(Finding::Absent);
        assert_eq!(case.standing(), Standing::InDoubt);
        case.assert_stuck();
        case.look_up(Finding::Found(Word::Succeeded));
        assert_eq!(case.record.status, Status::Succeeded);
    }
}

/// Nothing is found, counted from the intent, while the bytes have not left yet. Absence is never
/// proof, however late it is asked.
#[test]
fn m02_absence_is_never_proof() {
    let mut case = Case::sent();
    for _ in 0..60 {
        case.pass(hours(24));
        case.look_up(Finding::Absent);
    }
    assert_eq!(case.standing(), Standing::InDoubt);
    case.assert_stuck();
    assert!(case.reviews().contains(&ReviewReason::Unresolved));
    case.look_up(Finding::Found(Word::Succeeded));
    assert_eq!(case.record.status, Status::Succeeded);
}

/// The clock jumps forward, so that a lagging look-up seems late. No window of time makes an
/// unanswered sending dead; a clock that is set back allows nothing.
#[test]
fn m03_moved_clock_closes_nothing() {
    let mut case = Case::in_doubt();
    case.pass(hours(30 * 24));
    case.look_up(Finding::Absent);
    case.assert_stuck();
    let mut case = Case::in_doubt();
    case.look_up(Finding::Absent);
    case.pass(hours(-2));
    // An answer from the future is that of a clock which was set back: it counts for nothing.
    case.look_up_asked(case.now + hours(3), Finding::Absent);
    assert_eq!(case.standing(), Standing::InDoubt);
    assert!(case.next(2).is_err() && case.end(Ending::Failed).is_err());
}

/// The provider forgets an order id after a finite time. The same id is sent within `resend_for` of
/// its first sending, or within half of the time for which a key is remembered, and never after.
#[test]
fn m04_order_id_is_not_sent_after_its_time() {
    let mut replays = guarantees();
    replays.replays_for = Some(hours(12));
    for (guarantees, time) in [(guarantees(), hours(24)), (replays, hours(12))] {
        let mut case = Case::sent_of(&guarantees);
        case.answer(0, Seen::Unknown);
        let began = case.now;
        case.pass(time - seconds(1));
        case.look_up(Finding::Absent);
        case.same().unwrap();
        // A later sending does not move the end.
        case.now = began + time;
        case.look_up(Finding::Absent);
        assert_eq!(case.same().unwrap_err(), Refused::Blocked);
        assert_eq!(case.reviews(), [ReviewReason::Slow, ReviewReason::Unresolved]);
    }
}

/// The machine is suspended between the intent and the bytes, and one of its clocks does not tell.
/// Both are compared where the bytes leave.
#[tokio::test]
async fn m05_suspended_machine_sends_nothing() {
    for late in [
        Does::SignFor(seconds(60)),
        Does::SetClock(seconds(60)),
        // A clock that is before the first sending was set back.
        Does::SetClock(seconds(-1)),
    ] {
        let office = Office::<InMemory>::with_two_desks().await;
        office.desks[0].then([late]);
        office.submit().await;
        let record = office.work().await;
        assert_eq!(office.desks[0].arrived(), 0, "{late:?}");
        assert_eq!(record.attempts[0].attempt.sendings.len(), 1);
    }
    let office = Office::<InMemory>::with_two_desks().await;
    office.desks[0].then([Does::SignFor(seconds(59))]);
    office.submit().await;
    office.work().await;
    assert_eq!(office.desks[0].arrived(), 1);
}

/// One request is executed twice inside the provider, and one of the two is rejected. A look-up that
/// is asked after the rejection has to find nothing; a copy that comes later still is assumption A2.
#[test]
fn m06_rejection_needs_a_look_up() {
    for rejection in [SHORT, WRONG] {
        let mut case = Case::sent();
        case.answer(0, rejection);
        case.pass(seconds(2));
        assert_eq!(case.standing(), Standing::InDoubt);
        case.assert_stuck();
        case.look_up(Finding::Found(Word::Pending));
        assert_eq!(case.standing(), Standing::Pending);
        case.assert_stuck();
    }
}

/// An order fails for good while another copy of its request is on its way. The payout fails; no
/// other provider is tried by itself.
#[test]
fn m07_no_next_attempt_after_an_order_failed() {
    let mut case = Case::in_doubt();
    case.look_up(Finding::Absent);
    case.same().unwrap();
    case.answer(1, Seen::Accepted);
    for _ in 0..2 {
        case.pass(minutes(10));
        case.look_up(Finding::Found(Word::Failed));
    }
    assert_eq!(case.standing(), Standing::Failed);
    for number in [1, 2] {
        assert_eq!(case.next(number).unwrap_err(), Refused::NotAllowed);
    }
    assert_eq!(case.same().unwrap_err(), Refused::NotAllowed);
    case.end(Ending::Failed).unwrap();
    assert!(case.record.is_proven_unpaid());
}

/// The number or the host of an account changes under its name, and a look-up there finds nothing.
/// The account is part of the attempt: another one is neither asked nor sent to.
#[test]
fn m10_changed_account_is_neither_asked_nor_sent_to() {
    let at_other_host = {
        let account = account(1);
        let host = "pay.example.org";
        MerchantAccount::new(account.adapter, Environment::Sandbox, account.account, host)
    };
    for changed in [account(3), at_other_host] {
        let mut case = Case::in_doubt();
        case.look_up(Finding::Absent);
        case.policy = policy(&guarantees(), [changed, account(2)]);
        assert_eq!(case.same().unwrap_err(), Refused::Blocked);
        case.assert_stuck();
        assert_eq!(case.reviews(), [ReviewReason::NotConfigured]);
        case.policy = policy(&guarantees(), [account(1), account(2)]);
        assert!(case.reviews().is_empty());
        case.same().unwrap();
    }
}

/// A code has one meaning in one edition and another in the next. A code that no table lists as a
/// rejection proves nothing, whatever its kind.
#[tokio::test]
async fn m12_unlisted_code_is_no_rejection() {
    for kind in [ErrorKind::Limit, ErrorKind::Beneficiary, ErrorKind::Unexpected] {
        let office = Office::<InMemory>::with_two_desks().await;
        office.desks[0].then([Does::LoseAnswer, Does::Answer(kind)]);
        office.desks[0].lag(minutes(1));
        office.submit().await;
        let record = office.until(Status::Succeeded, minutes(10)).await;
        assert_eq!((office.paid(), record.attempts.len()), (1, 1), "{kind:?}");
        assert_eq!(office.desks[1].arrived(), 0);
    }
}

/// The first copy is paid and its answer lost; the second is rejected for want of money. The effect
/// of an answer speaks of its own sending alone.
#[test]
fn m13_effect_speaks_of_its_own_sending() {
    for (seen, outcome) in [(SHORT, "rejected"), (WRONG, "rejected"), (UNSENT, "unsent")] {
        let mut case = Case::in_doubt();
        case.look_up(Finding::Absent);
        case.same().unwrap();
        case.answer(1, seen);
        case.look_up(Finding::Absent);
        assert_eq!(case.standing(), Standing::InDoubt, "{outcome}");
        assert!(case.next(1).is_err() && case.next(2).is_err());
        assert!(case.end(Ending::Failed).is_err() && case.end(Ending::Cancelled).is_err());
        case.look_up(Finding::Found(Word::Succeeded));
        assert_eq!(case.record.status, Status::Succeeded);
    }
}
