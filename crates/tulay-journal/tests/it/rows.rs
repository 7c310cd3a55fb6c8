//! The tables of the machine, row by row.

use jiff::{SignedDuration, Timestamp};
use tulay_core::{ErrorKind, FindBy, Guarantees, Operation, OrderId, ProviderReference};
use tulay_journal::machine::{
    Attempt, Evidence, Outcome, Rules, Sending, Standing,
    facts::Word,
    permission::{
        Circumstances, LAST_ATTEMPT, NextAttempt, is_failed_for_good, may_declare, may_end_unpaid,
        may_resend, next_attempt,
    },
    review::{ReviewReason, is_double_payment_suspected, reviews},
    schedule::delay,
    standing,
};

const WINDOW: SignedDuration = SignedDuration::from_mins(10);

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
}

fn rules() -> Rules {
    rules_of(FindBy::OrderId, Operation::Payout, true)
}

fn rules_of(find_by: FindBy, operation: Operation, is_whole: bool) -> Rules {
    let mut guarantees = Guarantees::default();
    (guarantees.find_by, guarantees.failure_final_after) = (find_by, Some(WINDOW));
    Rules::new(&guarantees, operation, is_whole, WINDOW)
}

/// The rules of a provider that replays; `rejections`: rejections too.
fn rules_of_replays(find_by: FindBy, rejections: bool) -> Rules {
    let mut guarantees = Guarantees::default();
    (guarantees.find_by, guarantees.failure_final_after) = (find_by, Some(WINDOW));
    guarantees.replays_for = Some(SignedDuration::from_hours(24));
    guarantees.replays_rejections = rejections;
    Rules::new(&guarantees, Operation::Payout, true, WINDOW)
}

/// An attempt whose sendings left a minute apart from minute 0, with these outcomes.
fn attempt(outcomes: &[Option<Outcome>]) -> Attempt {
    let mut attempt = Attempt::new(1);
    for (place, outcome) in outcomes.iter().enumerate() {
        let sent = at(i64::try_from(place).unwrap());
        attempt.begin_sending(Sending::new(sent, [7; 32]), Some(at(24 * 60)));
        if let Some(outcome) = outcome {
            attempt.end_sending(place, outcome.clone());
        }
    }
    attempt
}

fn with(mut attempt: Attempt, evidence: &[Evidence]) -> Attempt {
    evidence.iter().for_each(|it| attempt.facts.join(*it));
    attempt
}

const fn absent(minutes: i64) -> Evidence {
    Evidence::Absent { asked: minute(minutes) }
}

const fn found(minutes: i64, word: Word) -> Evidence {
    Evidence::Found { asked: minute(minutes), word }
}

const fn minute(minutes: i64) -> Timestamp {
    Timestamp::constant(minutes * 60, 0)
}

fn rejected(is_permanent: bool, minutes: i64) -> Option<Outcome> {
    let kind = if is_permanent { ErrorKind::Beneficiary } else { ErrorKind::Funds };
    Some(Outcome::Rejected { kind, is_permanent, at: at(minutes) })
}

fn not_sent() -> Option<Outcome> {
    Some(Outcome::NotSent { kind: ErrorKind::Unreachable })
}

const OPEN: Option<Outcome> = None;

fn stands(attempt: &Attempt) -> Standing {
    standing(attempt, &rules())
}

#[test]
fn row_1_reversed_needs_a_run_or_a_person() {
    let once = with(attempt(&[Some(Outcome::Accepted)]), &[found(5, Word::Reversed)]);
    assert_eq!(stands(&once), Standing::Pending);
    let close = with(once.clone(), &[found(14, Word::Reversed)]);
    assert_eq!(stands(&close), Standing::Pending);
    let run = with(once.clone(), &[found(15, Word::Reversed)]);
    assert_eq!(stands(&run), Standing::Reversed);
    let broken = with(run.clone(), &[found(10, Word::Succeeded)]);
    assert_eq!(stands(&broken), Standing::Succeeded);
    let notified = with(once, &[Evidence::Notified(Word::Reversed)]);
    assert_eq!(stands(&notified), Standing::Pending);
    let declared = with(broken, &[Evidence::CameBack { at: at(60) }]);
    assert_eq!(stands(&declared), Standing::Reversed);
}

#[test]
fn row_2_succeeded_by_answer_look_up_evidence_or_person() {
    for evidence in [
        Evidence::Created(Word::Succeeded),
        found(5, Word::Succeeded),
        Evidence::Notified(Word::Succeeded),
        Evidence::Paid,
    ] {
        assert_eq!(stands(&with(attempt(&[OPEN]), &[evidence])), Standing::Succeeded);
    }
}

#[test]
fn row_3_failed_needs_an_unbroken_run() {
    let failed = |minutes: &[i64]| -> Vec<Evidence> {
        minutes.iter().map(|it| found(*it, Word::Failed)).collect()
    };
    let of = |minutes: &[i64]| with(attempt(&[OPEN]), &failed(minutes));
    assert_eq!(stands(&of(&[5])), Standing::Pending);
    assert_eq!(stands(&of(&[5, 14])), Standing::Pending);
    assert_eq!(stands(&of(&[5, 15])), Standing::Failed);
    for breaker in [absent(8), found(8, Word::Pending), found(15, Word::Pending)] {
        assert_eq!(stands(&with(of(&[5, 15]), &[breaker])), Standing::Pending, "{breaker:?}");
    }
    assert_eq!(stands(&with(of(&[5, 15, 18]), &[found(8, Word::Pending)])), Standing::Pending);
    assert_eq!(stands(&with(of(&[5, 15, 18]), &[found(2, Word::Pending)])), Standing::Failed);
    let untrusted = Rules::new(&Guarantees::default(), Operation::Payout, true, WINDOW);
    assert_eq!(standing(&of(&[5, 500]), &untrusted), Standing::Pending);
    let mut guarantees = Guarantees::default();
    guarantees.failure_final_after = Some(SignedDuration::ZERO);
    let at_once = Rules::new(&guarantees, Operation::Payout, true, WINDOW);
    assert_eq!(standing(&of(&[5]), &at_once), Standing::Failed);
    let reversed = with(attempt(&[OPEN]), &[found(5, Word::Reversed)]);
    assert_eq!(standing(&reversed, &at_once), Standing::Pending);
}

#[test]
fn row_4_an_order_that_exists_is_pending() {
    for outcome in [Some(Outcome::Accepted), OPEN, rejected(false, 1)] {
        let pending = with(attempt(&[outcome]), &[Evidence::Created(Word::Failed), absent(50)]);
        assert_eq!(stands(&pending), Standing::Pending);
    }
    let gone = with(
        attempt(&[Some(Outcome::Accepted)]),
        &[absent(9), Evidence::NotExecuted { sendings: 1 }],
    );
    assert_eq!(stands(&gone), Standing::Pending, "the look-up was asked too early");
    let gone = with(gone, &[absent(10)]);
    assert_eq!(stands(&gone), Standing::Declared);
    let back = with(gone.clone(), &[found(11, Word::Pending)]);
    assert_eq!(stands(&back), Standing::Pending);
    let mut sent_again = gone;
    sent_again.begin_sending(Sending::new(at(11), [7; 32]), None);
    assert_eq!(stands(&with(sent_again, &[absent(40)])), Standing::Pending, "not covered");
}

#[test]
fn row_5_a_permanent_rejection_speaks_for_every_copy() {
    let rejected_once = attempt(&[OPEN, rejected(true, 2)]);
    assert_eq!(stands(&rejected_once), Standing::InDoubt);
    assert_eq!(stands(&with(rejected_once.clone(), &[absent(10)])), Standing::InDoubt);
    let late = with(rejected_once, &[absent(11)]);
    assert_eq!(stands(&late), Standing::Rejected);

    let notified = with(late.clone(), &[Evidence::Notified(Word::Pending)]);
    assert_eq!(stands(&notified), Standing::Pending);
    let duplicate = attempt(&[Some(Outcome::Duplicate), OPEN, rejected(true, 3)]);
    assert_eq!(stands(&with(duplicate, &[absent(30)])), Standing::InDoubt);
    let transient = attempt(&[OPEN, rejected(false, 2)]);
    assert_eq!(stands(&with(transient, &[absent(30)])), Standing::InDoubt);
    let mut other_text = late;
    other_text.sendings[0].digest = [8; 32];
    assert_eq!(stands(&other_text), Standing::InDoubt);
}

#[test]
fn row_6_every_copy_is_rejected_or_unsent() {
    let rejected_all = attempt(&[rejected(false, 1), not_sent(), rejected(false, 3)]);
    assert_eq!(stands(&rejected_all), Standing::InDoubt, "no look-up since");
    assert_eq!(stands(&with(rejected_all.clone(), &[absent(3)])), Standing::InDoubt);
    let looked_up = with(rejected_all.clone(), &[absent(4)]);
    assert_eq!(stands(&looked_up), Standing::Rejected);
    for other in [OPEN, Some(Outcome::Duplicate)] {
        let attempt = attempt(&[rejected(false, 1), other]);
        assert_eq!(stands(&with(attempt, &[absent(4)])), Standing::InDoubt);
    }

    let not_found_by_id = rules_of(FindBy::ProviderReference, Operation::Payout, true);
    assert_eq!(standing(&rejected_all, &not_found_by_id), Standing::Rejected);
    for waits in [
        rules_of(FindBy::OrderId, Operation::Refund, true),
        rules_of(FindBy::OrderId, Operation::Payout, false),
    ] {
        assert_eq!(standing(&looked_up, &waits), Standing::InDoubt);
        assert_eq!(standing(&with(looked_up.clone(), &[absent(13)]), &waits), Standing::Rejected);
    }
}

#[test]
fn row_6_a_replay_speaks_for_every_open_copy() {
    let none = rules_of(FindBy::None, Operation::Payout, true);
    let kept = rules_of_replays(FindBy::None, true);
    let forgotten = rules_of_replays(FindBy::None, false);
    let permanent = attempt(&[OPEN, rejected(true, 2), OPEN]);
    let transient = attempt(&[OPEN, rejected(false, 2), OPEN]);
    assert_eq!(standing(&permanent, &none), Standing::InDoubt);
    assert_eq!(standing(&permanent, &kept), Standing::Rejected);
    assert_eq!(standing(&permanent, &forgotten), Standing::Rejected);
    assert_eq!(standing(&transient, &kept), Standing::Rejected);
    assert_eq!(standing(&transient, &forgotten), Standing::InDoubt);
    let late = attempt(&[OPEN, rejected(true, 24 * 60)]);
    assert_eq!(standing(&late, &kept), Standing::InDoubt);
    let accepted = attempt(&[Some(Outcome::Accepted), rejected(true, 2)]);
    assert_eq!(standing(&accepted, &kept), Standing::Pending);
}

#[test]
fn rows_7_to_9_unsent_declared_in_doubt() {
    assert_eq!(stands(&attempt(&[not_sent(), not_sent()])), Standing::Unsent);
    assert_eq!(stands(&attempt(&[not_sent(), OPEN])), Standing::InDoubt);
    assert_eq!(stands(&attempt(&[Some(Outcome::Duplicate)])), Standing::InDoubt);
    assert_eq!(stands(&with(attempt(&[OPEN]), &[absent(500)])), Standing::InDoubt);
    let covered = with(attempt(&[OPEN, OPEN]), &[Evidence::NotExecuted { sendings: 2 }]);
    assert_eq!(stands(&covered), Standing::Declared);
    let partly = with(attempt(&[OPEN, OPEN]), &[Evidence::NotExecuted { sendings: 1 }]);
    assert_eq!(stands(&partly), Standing::InDoubt);
}

#[test]
fn a_closed_attempt_stays_what_it_was() {
    let mut closed = with(attempt(&[rejected(false, 1)]), &[absent(4)]);
    closed.closed_as = Some(Standing::Rejected);
    let late = with(closed, &[found(9, Word::Succeeded)]);
    assert_eq!(stands(&late), Standing::Rejected);
    let reasons: Vec<_> = reviews(&late, &rules(), at(10)).collect();
    assert_eq!(reasons, [ReviewReason::Contradiction]);
    assert!(is_double_payment_suspected(&[&late, &attempt(&[OPEN])]));
    assert!(!is_double_payment_suspected(&[&late, &attempt(&[not_sent()])]));
    assert!(!is_double_payment_suspected(&[&late]));
}

#[test]
fn the_first_outcome_of_a_sending_stays() {
    let mut attempt = attempt(&[rejected(false, 1)]);
    attempt.end_sending(0, Outcome::Accepted);
    assert_eq!(attempt.sendings[0].outcome, rejected(false, 1));
}

#[test]
fn the_same_order_id_is_sent_again_only_after_absence() {
    let now = Circumstances::free(at(5));
    let may = |attempt: &Attempt| may_resend(attempt, &rules(), &now);
    let lost = attempt(&[OPEN]);
    assert!(!may(&lost), "no look-up");
    assert!(!may(&with(lost.clone(), &[absent(0)])), "asked before it left");
    let looked_up = with(lost, &[absent(1)]);
    assert!(may(&looked_up));
    assert!(!may(&with(looked_up.clone(), &[found(2, Word::Pending)])));

    for blocked in [
        Circumstances { is_blocked: true, ..now },
        Circumstances { is_paused: true, ..now },
        Circumstances { is_leased: true, ..now },
        Circumstances { now: at(24 * 60), ..now },
        Circumstances { now: at(-1), ..now },
    ] {
        assert!(!may_resend(&looked_up, &rules(), &blocked), "{blocked:?}");
    }
    let none_open = with(attempt(&[rejected(false, 1)]), &[]);
    assert!(!may(&none_open), "nothing is open");
    let permanent = with(attempt(&[OPEN, rejected(true, 1)]), &[absent(3)]);
    assert!(!may(&permanent));
    let duplicate = with(attempt(&[OPEN, Some(Outcome::Duplicate)]), &[absent(3)]);
    assert!(!may(&duplicate));
    assert!(may_resend(&duplicate, &rules_of_replays(FindBy::OrderId, false), &now));
    assert!(may(&attempt(&[not_sent()])), "unsent");
    assert!(!may(&with(attempt(&[OPEN]), &[Evidence::Created(Word::Pending)])), "pending");
}

#[test]
fn the_end_of_the_time_moves_only_while_unsent() {
    let mut attempt = Attempt::new(1);
    attempt.begin_sending(Sending::new(at(0), [7; 32]), Some(at(10)));
    attempt.end_sending(0, Outcome::NotSent { kind: ErrorKind::Configuration });
    attempt.begin_sending(Sending::new(at(20), [7; 32]), Some(at(30)));
    assert_eq!(attempt.resend_until, Some(at(30)));
    attempt.begin_sending(Sending::new(at(21), [7; 32]), Some(at(31)));
    assert_eq!(attempt.resend_until, Some(at(30)));
    attempt.begin_sending(Sending::new(at(22), [7; 32]), None);
    assert_eq!(attempt.resend_until, None);
}

#[test]
fn a_next_attempt_follows_a_dead_or_unsent_one() {
    let now = Circumstances::free(at(60));
    let next = |attempt: &Attempt| next_attempt(attempt, &rules(), &now);
    let both = NextAttempt::Yes { at_same_account: true, at_other_account: true };
    let other = NextAttempt::Yes { at_same_account: false, at_other_account: true };
    let short = with(attempt(&[rejected(false, 1)]), &[absent(4)]);
    assert_eq!(next(&short), both);
    assert_eq!(next(&attempt(&[not_sent()])), other);
    let wrong_account = with(attempt(&[rejected(true, 1)]), &[absent(4)]);
    assert_eq!(next(&wrong_account), NextAttempt::No, "no provider can pay it");
    assert_eq!(next(&attempt(&[OPEN])), NextAttempt::No);
    assert_eq!(next(&attempt(&[Some(Outcome::Accepted)])), NextAttempt::No);
    let failed = with(attempt(&[OPEN]), &[found(5, Word::Failed), found(20, Word::Failed)]);
    assert_eq!(next(&failed), NextAttempt::No, "the caller decides after a failed order");
    assert!(is_failed_for_good(&failed, &rules()));
    let mut last = short;
    last.number = LAST_ATTEMPT;
    assert_eq!(next(&last), NextAttempt::No);
}

#[test]
fn a_payout_ends_unpaid_only_with_proof() {
    let now = Circumstances::free(at(60));
    let rules = rules();
    let ends = |attempts: &[&Attempt], is_over| {
        let attempts: Vec<_> = attempts.iter().map(|attempt| (*attempt, &rules)).collect();
        may_end_unpaid(&attempts, is_over, &now)
    };
    assert!(ends(&[], true) && !ends(&[], false));
    let (unsent, doubt) = (attempt(&[not_sent()]), attempt(&[OPEN]));
    assert!(ends(&[&unsent], true) && !ends(&[&unsent], false));
    assert!(!ends(&[&doubt], true));
    let dead = with(attempt(&[rejected(true, 1)]), &[absent(4)]);
    assert!(ends(&[&dead], false));
    assert!(!ends(&[&unsent, &dead], true), "the first one is still open");
    let mut closed = unsent;
    closed.closed_as = Some(Standing::Unsent);
    assert!(ends(&[&closed, &dead], false));
    let paused = Circumstances { is_paused: true, ..now };
    assert!(!may_end_unpaid(&[(&dead, &rules)], true, &paused));
}

#[test]
fn a_person_s_evidence_waits_for_the_last_sending() {
    let lost = attempt(&[OPEN]);
    let call = SignedDuration::from_secs(90);
    let declares = |now| may_declare(&lost, &now, call);
    assert!(!declares(Circumstances::free(at(1))));
    assert!(declares(Circumstances::free(at(2))));
    assert!(!declares(Circumstances { is_leased: true, ..Circumstances::free(at(2)) }));
}

#[test]
fn each_reason_for_a_person_is_given() {
    let reasons = |attempt: &Attempt, minutes| {
        reviews(attempt, &rules(), at(minutes)).collect::<Vec<ReviewReason>>()
    };
    use ReviewReason::{Contradiction, Reversed, Slow, Unresolved};
    let lost = attempt(&[OPEN]);
    assert_eq!(reasons(&lost, 30), []);
    assert_eq!(reasons(&lost, 31), [Slow]);
    assert_eq!(reasons(&lost, 24 * 60), [Unresolved, Slow]);
    assert_eq!(reasons(&attempt(&[OPEN, OPEN, OPEN, OPEN, OPEN]), 6), [Unresolved]);
    let never_found = rules_of(FindBy::ProviderReference, Operation::Payout, true);
    let found_by_theirs: Vec<_> = reviews(&lost, &never_found, at(1)).collect();
    assert_eq!(found_by_theirs, [Unresolved]);

    for known in [Outcome::Duplicate, Outcome::Accepted] {
        let known = attempt(&[Some(known)]);
        assert_eq!(reasons(&with(known.clone(), &[absent(29)]), 29), []);
        assert_eq!(reasons(&with(known, &[absent(30)]), 30), [Contradiction]);
    }
    let paid = with(attempt(&[OPEN]), &[found(5, Word::Succeeded), found(9, Word::Failed)]);
    assert_eq!(reasons(&paid, 10), [Contradiction]);
    let returned = with(paid, &[Evidence::CameBack { at: at(10) }]);
    assert_eq!(reasons(&returned, 11), [Reversed]);
    let paid_after_all = with(returned, &[found(12, Word::Succeeded)]);
    assert_eq!(reasons(&paid_after_all, 13), [Contradiction, Reversed]);
    let mut two = attempt(&[Some(Outcome::Accepted)]);
    two.facts.add_reference(ProviderReference::new("A7").unwrap());
    assert_eq!(reasons(&two, 1), []);
    two.facts.add_reference(ProviderReference::new("A8").unwrap());
    assert_eq!(reasons(&two, 1), [Contradiction]);
    assert!(!Slow.blocks_sending() && Contradiction.blocks_sending());
}

#[test]
fn look_ups_become_rarer_and_never_end_in_doubt() {
    let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let wait = |standing, number| delay(standing, number, &order_id, 1000);
    let seconds = |duration: SignedDuration| duration.as_secs();
    for (number, base) in [2, 5, 15, 60, 300, 900, 3600, 21_600, 86_400, 86_400].iter().enumerate()
    {
        let waits = seconds(wait(Standing::InDoubt, number).unwrap());
        assert!((base * 8 / 10..=base * 12 / 10).contains(&waits), "{number}: {waits}");
        assert_eq!(wait(Standing::Pending, number), wait(Standing::InDoubt, number));
    }
    assert!(wait(Standing::Pending, 5000).is_some());
    let count = |standing| (0..9).take_while(|it| wait(standing, *it).is_some()).count();
    assert_eq!((count(Standing::Failed), count(Standing::Succeeded)), (2, 3));
    assert_eq!(count(Standing::Unsent), 0);
    let scaled = delay(Standing::InDoubt, 3, &order_id, 10).unwrap();
    assert!((480..=720).contains(&scaled.as_millis()), "{scaled}");
    let other = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert_ne!(delay(Standing::InDoubt, 8, &other, 1000), wait(Standing::InDoubt, 8));
}
