//! Broken permissions, evidence, and order of writing.

use super::{
    super::model::{
        decisions::{Decisions, TRUE},
        world::World,
    },
    Broken, DECLARED, FLAPS, FORGOTTEN, HINTS, KEYS, REFUSED, REPEATED, SMALL, broken, hanging,
};
use jiff::Timestamp;
use tulay_core::ErrorKind;
use tulay_journal::machine::{
    Evidence, Outcome, Standing,
    facts::Word,
    permission::{Circumstances, NextAttempt, may_end_unpaid, may_resend, next_attempt},
    standing,
};

pub(super) fn table() -> Vec<Broken> {
    let mut table = of_permissions();
    table.extend(of_evidence());
    table.extend(of_writing());
    table
}

/// Neither permission, nor review, nor transport knows the end of the time.
const RESENDS_FOR_EVER: Decisions = Decisions {
    may_resend: |attempt, rules, circumstances| {
        let mut other = attempt.clone();
        other.resend_until = Some(Timestamp::MAX);
        may_resend(&other, rules, circumstances)
    },
    may_leave: |_, _| true,
    heeds_reviews: false,
    ..TRUE
};

fn of_permissions() -> Vec<Broken> {
    let in_doubt = Decisions {
        next_attempt: |attempt, rules, circumstances| match standing(attempt, rules) {
            Standing::InDoubt => NextAttempt::Yes { at_same_account: true, at_other_account: true },
            _ => next_attempt(attempt, rules, circumstances),
        },
        ..TRUE
    };
    let fails_in_doubt = Decisions {
        may_end: |attempts, is_over, circumstances| {
            let last = attempts.last();
            last.is_some_and(|(last, rules)| standing(last, rules) == Standing::InDoubt)
                || (TRUE.may_end)(attempts, is_over, circumstances)
        },
        ..TRUE
    };
    let fails_for_now =
        Decisions { may_end: |attempts, _, now| may_end_unpaid(attempts, true, now), ..TRUE };
    // An earlier attempt that is unsent was given up, and is not dead.
    let needs_every_death = Decisions {
        may_end: |attempts, is_over, circumstances| {
            let is_dead = |(attempt, rules): &(&_, &_)| standing(attempt, rules).is_dead();
            let earlier = attempts.split_last().map_or(&[][..], |(_, earlier)| earlier);
            earlier.iter().all(is_dead) && (TRUE.may_end)(attempts, is_over, circumstances)
        },
        ..TRUE
    };
    let unsent_then_failed =
        World { name: "unsent, then failed", refusals: 1, orders_fail: true, ..SMALL };
    let cannot_wait = Decisions {
        may_declare: |attempt, circumstances, _| {
            let circumstances = Circumstances { is_leased: false, ..*circumstances };
            (TRUE.may_declare)(attempt, &circumstances, jiff::SignedDuration::ZERO)
        },
        ..TRUE
    };
    vec![
        broken("a next attempt while in doubt", SMALL, in_doubt),
        broken("failed while in doubt", SMALL, fails_in_doubt),
        broken(
            "failed for a reason that time removes",
            World { balance_changes: 1, ..SMALL },
            fails_for_now,
        ),
        hanging("failed only when every attempt is dead", unsent_then_failed, needs_every_death),
        broken("a replay after the time for it", KEYS, RESENDS_FOR_EVER),
        broken("the same order id after the time for it", FORGOTTEN, RESENDS_FOR_EVER),
        broken("evidence while a process may send", DECLARED, cannot_wait),
    ]
}

fn of_evidence() -> Vec<Broken> {
    let unbroken = Decisions {
        join: |facts, evidence| {
            let failed = facts.failed.clone();
            facts.join(evidence);
            if matches!(evidence, Evidence::Found { word: Word::Pending, .. }) {
                facts.failed = failed;
            }
        },
        ..TRUE
    };
    let notified = Decisions {
        join: |facts, evidence| {
            facts.join(evidence);
            if evidence == Evidence::Notified(Word::Reversed) {
                facts.declared_returned = Some(Timestamp::UNIX_EPOCH);
            }
        },
        ..TRUE
    };
    let hinted = World { rejects: [true, false], ..HINTS };
    let late = World { answers_late: true, ..REPEATED };
    let suspended = World { name: "a look-up is answered late", answers_late: true, ..FLAPS };
    let suspended = World { workers: 2, kills: 0, losses: 0, attempts: 1, ..suspended };
    vec![
        broken("pending does not break a run of failed", FLAPS, unbroken),
        broken(
            "a late answer begins a run of failed",
            suspended,
            Decisions { late_failures_are_pending: false, ..TRUE },
        ),
        broken(
            "a notification makes reversed",
            World { returns: 1, notifications: 1, ..FLAPS },
            notified,
        ),
        broken("a hint is evidence", HINTS, Decisions { hint: |it| it.succeeded = true, ..TRUE }),
        hanging(
            "a hint makes an order exist",
            HINTS,
            Decisions { hint: |it| it.order_exists = true, ..TRUE },
        ),
        hanging(
            "a hint counts as notified",
            hinted,
            Decisions { hint: |it| it.is_notified = true, ..TRUE },
        ),
        broken(
            "a look-up counts when it is answered",
            late,
            Decisions { counts_when_asked: false, ..TRUE },
        ),
    ]
}

fn of_writing() -> Vec<Broken> {
    let kind = |outcome: fn() -> Option<Outcome>| Decisions { unanswered: outcome, ..TRUE };
    let unsent = kind(|| Some(Outcome::NotSent { kind: ErrorKind::Unavailable }));
    let rejected = kind(|| {
        let (kind, at) = (ErrorKind::Unavailable, Timestamp::UNIX_EPOCH);
        Some(Outcome::Rejected { kind, is_permanent: false, at })
    });
    let fixed = Decisions {
        begin_sending: |attempt, sending, until| {
            let first = attempt.resend_until;
            attempt.begin_sending(sending, until);
            attempt.resend_until = first.or(attempt.resend_until);
        },
        ..TRUE
    };
    let other_text = Decisions {
        keeps_prepared: false,
        standing: |attempt, rules| {
            let mut same = attempt.clone();
            same.sendings.iter_mut().for_each(|sending| sending.digest = [0; 32]);
            standing(&same, rules)
        },
        ..TRUE
    };
    let edited =
        World { name: "the configuration changes", edits: 1, plan: [true, false], ..SMALL };
    let two_workers = World { name: "two workers", workers: 2, ..SMALL };
    let switched = World { name: "the kill switch is turned", switches: 1, ..SMALL };
    let no_lease = World { name: "keys are kept, no leases", leases: false, ..KEYS };
    vec![
        broken("no answer is unsent", SMALL, unsent),
        broken("no answer is a rejection", SMALL, rejected),
        broken(
            "bytes leave after the time for them",
            no_lease,
            Decisions { may_leave: |_, _| true, ..TRUE },
        ),
        broken(
            "the time is all that the provider remembers",
            KEYS,
            Decisions { halves_memory: false, ..TRUE },
        ),
        hanging("the time is fixed although nothing left", REFUSED, fixed),
        broken("a pause is ignored", switched, Decisions { heeds_pauses: false, ..TRUE }),
        broken("bytes leave before the intent", SMALL, Decisions { writes_first: false, ..TRUE }),
        broken(
            "facts close an attempt",
            World { balance_changes: 1, ..SMALL },
            Decisions { closes_in_transactions: false, ..TRUE },
        ),
        broken("prepared anew, and every text counts as the first", edited, other_text),
        hanging(
            "any duplicate of a first sending pauses",
            two_workers,
            Decisions { alarm: |_, sending| sending == 0, ..TRUE },
        ),
    ]
}
