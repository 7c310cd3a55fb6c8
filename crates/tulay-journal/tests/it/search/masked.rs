//! Rules that another one covers: no search finds them broken while A1 to A10 hold. Each is pinned
//! by the facts that it decides.

use super::model::world::{BASE, REPLAYS, World, at};
use tulay_core::{ErrorKind, FindBy};
use tulay_journal::machine::{
    Attempt, Evidence, Outcome, Sending, Standing,
    facts::Word,
    permission::{
        Circumstances, LAST_ATTEMPT, NextAttempt, may_end_unpaid, may_resend, next_attempt,
    },
    standing,
};

/// An attempt whose sendings left at ticks 0, 1, …
fn sent(outcomes: &[Option<Outcome>]) -> Attempt {
    let mut attempt = Attempt::new(1);
    for (place, outcome) in outcomes.iter().enumerate() {
        let now = u8::try_from(place).unwrap();
        attempt.begin_sending(Sending::new(at(now), [0; 32]), Some(at(20)));
        if let Some(outcome) = outcome {
            attempt.end_sending(place, outcome.clone());
        }
    }
    attempt
}

fn rejected(is_permanent: bool, tick: u8) -> Option<Outcome> {
    let kind = if is_permanent { ErrorKind::Institution } else { ErrorKind::Funds };
    Some(Outcome::Rejected { kind, is_permanent, at: at(tick) })
}

fn absent(attempt: &mut Attempt, tick: u8) {
    attempt.facts.join(Evidence::Absent { asked: at(tick) });
}

fn resends(attempt: &Attempt, world: &World) -> bool {
    may_resend(attempt, &world.rules()[0], &Circumstances::free(at(9)))
}

/// Under A1 a needless copy of an order id makes nothing.
#[test]
fn nothing_is_sent_again_without_an_open_sending() {
    let mut attempt = sent(&[rejected(false, 0), rejected(false, 1)]);
    attempt.facts.absent_last = Some(at(0));
    assert_eq!(standing(&attempt, &BASE.rules()[0]), Standing::InDoubt);
    assert!(!resends(&attempt, &BASE));
    let mut open = sent(&[None, rejected(false, 1)]);
    absent(&mut open, 5);
    assert!(resends(&open, &BASE));
}

/// Under A1 it would be answered as a duplicate again.
#[test]
fn nothing_is_sent_again_after_a_duplicate() {
    let mut attempt = sent(&[None, Some(Outcome::Duplicate)]);
    absent(&mut attempt, 5);
    assert!(!resends(&attempt, &BASE));
}

/// Every further copy would be rejected alike.
#[test]
fn nothing_is_sent_again_after_a_permanent_rejection() {
    let mut attempt = sent(&[None, rejected(true, 1)]);
    absent(&mut attempt, 1);
    for world in [BASE, World { finds: [FindBy::OrderId; 2], ..REPLAYS }] {
        assert!(!resends(&attempt, &world));
    }
}

/// Under A1 a copy of a known order makes nothing.
#[test]
fn nothing_is_sent_again_once_an_order_is_known() {
    for word in [Word::Pending, Word::Succeeded, Word::Failed, Word::Reversed] {
        let mut attempt = sent(&[None]);
        attempt.facts.join(Evidence::Found { asked: at(3), word });
        absent(&mut attempt, 5);
        assert!(!resends(&attempt, &BASE) && !resends(&attempt, &REPLAYS), "{word:?}");
    }
}

/// Under A1 and A5 an order that has failed for good stays failed.
#[test]
fn nothing_follows_an_order_that_failed() {
    let mut attempt = sent(&[rejected(false, 0), None]);
    for tick in [3, 6] {
        attempt.facts.join(Evidence::Found { asked: at(tick), word: Word::Failed });
    }
    let rules = &BASE.rules()[0];
    assert_eq!(standing(&attempt, rules), Standing::Failed);
    assert_eq!(next_attempt(&attempt, rules, &Circumstances::free(at(9))), NextAttempt::No);
}

/// A look-up beyond the absence window finds what a duplicate speaks of.
#[test]
fn a_duplicate_takes_row_5_away() {
    let rules = &BASE.rules()[0];
    let mut attempt = sent(&[None, rejected(true, 1)]);
    absent(&mut attempt, 9);
    assert_eq!(standing(&attempt, rules), Standing::Rejected);
    let mut attempt = sent(&[None, rejected(true, 1), Some(Outcome::Duplicate)]);
    absent(&mut attempt, 9);
    assert_eq!(standing(&attempt, rules), Standing::InDoubt);
}

/// No other text is ever sent, as the record compares digests.
#[test]
fn two_texts_take_row_5_away() {
    let mut attempt = sent(&[None, rejected(true, 1)]);
    attempt.sendings[1].digest = [1; 32];
    absent(&mut attempt, 9);
    assert_eq!(standing(&attempt, &BASE.rules()[0]), Standing::InDoubt);
}

/// The transaction that begins a next attempt closes the one before.
#[test]
fn nothing_fails_while_an_earlier_attempt_is_open() {
    let rules = &BASE.rules()[0];
    let (open, mut dead) = (sent(&[None]), sent(&[rejected(false, 0)]));
    absent(&mut dead, 5);
    let ends = |earlier: &Attempt| {
        may_end_unpaid(&[(earlier, rules), (&dead, rules)], true, &Circumstances::free(at(9)))
    };
    assert!(!ends(&open));
    let mut closed = open;
    closed.closed_as = Some(Standing::Unsent);
    assert!(ends(&closed));
}

/// A person says that it was not executed only where it is true.
#[test]
fn a_known_order_is_declared_only_after_an_absence() {
    let rules = &BASE.rules()[0];
    let mut attempt = sent(&[Some(Outcome::Accepted)]);
    attempt.facts.join(Evidence::NotExecuted { sendings: 1 });
    assert_eq!(standing(&attempt, rules), Standing::Pending);
    absent(&mut attempt, 1);
    assert_eq!(standing(&attempt, rules), Standing::Declared);
    attempt.facts.join(Evidence::Found { asked: at(2), word: Word::Pending });
    assert_eq!(standing(&attempt, rules), Standing::Pending);
}

/// Attempts beyond the last would need ids that no one looks up.
#[test]
fn no_attempt_follows_the_last() {
    let mut attempt = sent(&[rejected(false, 0)]);
    absent(&mut attempt, 5);
    let rules = &BASE.rules()[0];
    let next = |attempt: &Attempt| next_attempt(attempt, rules, &Circumstances::free(at(9)));
    attempt.number = LAST_ATTEMPT - 1;
    assert_ne!(next(&attempt), NextAttempt::No);
    attempt.number = LAST_ATTEMPT;
    assert_eq!(next(&attempt), NextAttempt::No);
}
