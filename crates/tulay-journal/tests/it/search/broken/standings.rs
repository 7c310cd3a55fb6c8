//! Broken rows of the table of standings.

use super::{
    super::model::{
        decisions::{Decisions, TRUE},
        world::World,
    },
    Broken, DECLARED, FLAPS, KEYS, LOST, REJECTED_TWICE, REPEATED, SEEN_BEFORE, SMALL, broken,
};
use tulay_core::ErrorKind;
use tulay_journal::machine::{Attempt, Outcome, Rules, Sending, Standing, standing};

pub(super) fn table() -> Vec<Broken> {
    let mut table = of_rejections();
    table.extend(of_orders());
    table
}

fn by(name: &'static str, world: World, standing: fn(&Attempt, &Rules) -> Standing) -> Broken {
    broken(name, world, Decisions { standing, ..TRUE })
}

fn hangs(name: &'static str, world: World, standing: fn(&Attempt, &Rules) -> Standing) -> Broken {
    Broken { hangs: true, ..by(name, world, standing) }
}

/// `other` in the place of in doubt, where `holds`.
fn doubtful(attempt: &Attempt, rules: &Rules, holds: bool, other: Standing) -> Standing {
    match standing(attempt, rules) {
        Standing::InDoubt if holds => other,
        standing => standing,
    }
}

fn any(attempt: &Attempt, holds: fn(&Sending) -> bool) -> bool {
    attempt.sendings.iter().any(holds)
}

fn is_rejected(sending: &Sending) -> bool {
    matches!(sending.outcome, Some(Outcome::Rejected { .. }))
}

fn is_permanent(sending: &Sending) -> bool {
    matches!(sending.outcome, Some(Outcome::Rejected { is_permanent: true, .. }))
}

fn is_unsent(sending: &Sending) -> bool {
    matches!(sending.outcome, Some(Outcome::NotSent { .. }))
}

fn with(attempt: &Attempt, rules: &Rules, change: fn(&mut Rules)) -> Standing {
    let mut rules = rules.clone();
    change(&mut rules);
    standing(attempt, &rules)
}

fn of_rejections() -> Vec<Broken> {
    vec![
        by("row 6 without the look-up", REPEATED, |attempt, rules| {
            with(attempt, rules, |rules| rules.is_found_by_order_id = false)
        }),
        by("row 6 by a look-up from before the rejection", REPEATED, |attempt, rules| {
            let is_final = |it: &Sending| is_rejected(it) || is_unsent(it);
            let is_over = attempt.sendings.iter().all(is_final) && any(attempt, is_rejected);
            let holds = is_over && attempt.facts.absent_last.is_some();
            doubtful(attempt, rules, holds, Standing::Rejected)
        }),
        by("one rejection is enough", World { balance_changes: 2, ..SMALL }, |attempt, rules| {
            doubtful(attempt, rules, any(attempt, is_rejected), Standing::Rejected)
        }),
        by("an absence is enough", SMALL, |attempt, rules| {
            doubtful(attempt, rules, attempt.facts.absent_last.is_some(), Standing::Rejected)
        }),
        by("a duplicate is a rejection", SEEN_BEFORE, |attempt, rules| {
            let mut other = attempt.clone();
            for sending in &mut other.sendings {
                if sending.outcome == Some(Outcome::Duplicate) {
                    let (kind, at) = (ErrorKind::Institution, sending.at);
                    sending.outcome = Some(Outcome::Rejected { kind, is_permanent: false, at });
                }
            }
            standing(&other, rules)
        }),
        by("row 5 by an early look-up", REJECTED_TWICE, |attempt, rules| {
            let holds = any(attempt, is_permanent) && attempt.facts.absent_last.is_some();
            doubtful(attempt, rules, holds, Standing::Rejected)
        }),
        by("one unsent sending is enough", World { refusals: 1, ..SMALL }, |attempt, rules| {
            doubtful(attempt, rules, any(attempt, is_unsent), Standing::Unsent)
        }),
        hangs(
            "a replayed rejection speaks for itself alone",
            World { rejects: [true, false], ..KEYS },
            |attempt, rules| with(attempt, rules, |rules| rules.replays = false),
        ),
        by(
            "a rejection that is not remembered speaks for all",
            World { remembers_rejections: false, balance_changes: 2, ends: false, ..KEYS },
            |attempt, rules| with(attempt, rules, |rules| rules.replays_rejections = true),
        ),
    ]
}

fn of_orders() -> Vec<Broken> {
    vec![
        by("accepted is paid", SMALL, |attempt, rules| {
            let is_accepted = any(attempt, |it| it.outcome == Some(Outcome::Accepted));
            match standing(attempt, rules) {
                Standing::Pending if is_accepted => Standing::Succeeded,
                standing => standing,
            }
        }),
        by("one look-up makes failed", FLAPS, |attempt, rules| {
            let is_failed = attempt.closed_as.is_none() && attempt.facts.failed.is_seen();
            if is_failed { Standing::Failed } else { standing(attempt, rules) }
        }),
        by("one look-up makes reversed", World { returns: 1, ..FLAPS }, |attempt, rules| {
            let is_reversed = attempt.facts.reversed.is_seen();
            if is_reversed { Standing::Reversed } else { standing(attempt, rules) }
        }),
        by("a notification makes failed", World { notifications: 1, ..FLAPS }, |attempt, rules| {
            let is_failed = attempt.closed_as.is_none() && attempt.facts.is_notified_failed;
            if is_failed { Standing::Failed } else { standing(attempt, rules) }
        }),
        by("evidence covers later sendings", DECLARED, |attempt, rules| {
            doubtful(attempt, rules, attempt.facts.not_executed > 0, Standing::Declared)
        }),
        hangs("an order that was lost is never declared", LOST, |attempt, rules| {
            let is_accepted = any(attempt, |it| it.outcome == Some(Outcome::Accepted));
            match standing(attempt, rules) {
                Standing::Declared if is_accepted || attempt.facts.order_exists => {
                    Standing::Pending
                }
                standing => standing,
            }
        }),
    ]
}
