//! A quiet world: one process, and everything works. It does as the worker does.

use super::{judge, life::Life};
use jiff::SignedDuration;
use tulay_core::ErrorKind;
use tulay_journal::machine::{Outcome, Standing};

/// So often the payout is worked on.
const MOST_TURNS: usize = 300;
const LONGEST: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Works until the payout is final, or for a long time.
pub(super) fn end(life: &mut Life<'_>) -> Result<(), String> {
    life.calm();
    let fails = life.world.fails;
    let end = life.now() + LONGEST;
    for _ in 0..MOST_TURNS {
        life.books.iter_mut().for_each(|books| books.settle(fails));
        judge::truth(life)?;
        if life.record.status.is_final() {
            break;
        }
        let lease = life.record.lease.map(|lease| lease.until);
        let next = life.record.next_at.max(lease).unwrap();
        if next > end {
            break;
        }
        life.pass(next.duration_since(life.now()).max(SignedDuration::ZERO));
        turn(life);
    }
    judge::truth(life)
}

fn turn(life: &mut Life<'_>) {
    let late = life.record.is_late(life.now());
    life.claim(0);
    if life.doubt().is_some() {
        life.search(0);
        life.note(0);
        life.claim(0);
    }
    // An order that a notification names is looked up first.
    let hinted = life.record.attempts.iter().position(|it| it.attempt.facts.hinted.is_some());
    if let Some(place) = hinted {
        let attempts = life.record.attempts.len();
        // The attempt, and no flap.
        let mut choices = (16..).step_by(4);
        let choice = choices.find(|it| it / 4 % attempts == place && it / 16 % 2 == 1);
        life.claim(0);
        life.ask(0, choice.unwrap());
        life.note(0);
        return;
    }
    let standing = life.standing();
    match standing {
        None if late => end_or_wait(life),
        None => plan(life),
        Some(Standing::Unsent | Standing::Rejected) if late => end_or_wait(life),
        Some(Standing::Unsent | Standing::Rejected) => plan(life),
        Some(Standing::Failed | Standing::Declared) => end_or_wait(life),
        Some(Standing::InDoubt) if life.record.progress.lookups.is_multiple_of(2) => {
            look_up(life);
        }
        Some(Standing::InDoubt) => {
            let sendings = life.record.attempts.last().unwrap().attempt.sendings.len();
            life.intend_same(0);
            if life.record.attempts.last().unwrap().attempt.sendings.len() > sendings {
                answer(life);
            } else {
                look_up(life);
            }
        }
        Some(_) => look_up(life),
    }
}

/// The next account of the plan, as far as the reason allows it.
fn plan(life: &mut Life<'_>) {
    let before = life.record.version;
    let Some(last) = life.record.attempts.last() else {
        life.intend_next(0, 0);
        return sent_or_wait(life, before);
    };
    let here = life.desk_of(last.attempt.number);
    let kind = last.attempt.sendings.iter().rev().find_map(|sending| match sending.outcome {
        Some(Outcome::NotSent { kind } | Outcome::Rejected { kind, .. }) => Some(kind),
        _ => None,
    });
    let kind = kind.unwrap_or(ErrorKind::Unexpected);
    let is_fresh = life.record.attempts.iter().all(|it| life.desk_of(it.attempt.number) == here);
    if is_fresh && kind.allows_failover() {
        life.intend_next(0, 1 - here);
    } else if life.standing() == Some(Standing::Unsent) {
        life.intend_same(0);
    } else if kind.is_transient() {
        life.intend_next(0, here);
    } else {
        return end_or_wait(life);
    }
    sent_or_wait(life, before);
}

fn sent_or_wait(life: &mut Life<'_>, before: u32) {
    if life.record.version > before {
        answer(life);
    } else {
        life.claim(0);
        life.defer(0, SignedDuration::from_hours(6));
    }
}

fn answer(life: &mut Life<'_>) {
    life.send(0);
    life.calm();
}

fn end_or_wait(life: &mut Life<'_>) {
    life.end(0);
    if !life.record.status.is_final() {
        life.claim(0);
        life.defer(0, SignedDuration::from_hours(6));
    }
}

fn look_up(life: &mut Life<'_>) {
    life.claim(0);
    // The last attempt, and no flap.
    life.ask(0, 17);
    life.note(0);
}
