//! What is decided by the rules. The search takes the machine's own functions; a broken rule takes
//! the place of one of them.

use jiff::{SignedDuration, Timestamp};
use tulay_core::ErrorKind;
use tulay_journal::machine::{
    Attempt, Evidence, Facts, Outcome, Rules, Sending, Standing,
    permission::{
        Circumstances, NextAttempt, may_declare, may_end_unpaid, may_resend, next_attempt,
    },
    standing,
};

/// What is decided by the rules.
#[derive(Clone, Copy)]
pub(crate) struct Decisions {
    pub(crate) standing: fn(&Attempt, &Rules) -> Standing,
    pub(crate) may_resend: fn(&Attempt, &Rules, &Circumstances) -> bool,
    pub(crate) next_attempt: fn(&Attempt, &Rules, &Circumstances) -> NextAttempt,
    /// Whether the payout may end unpaid; the second argument: its time is over.
    pub(crate) may_end: fn(&[(&Attempt, &Rules)], bool, &Circumstances) -> bool,
    pub(crate) may_declare: fn(&Attempt, &Circumstances, SignedDuration) -> bool,
    pub(crate) begin_sending: fn(&mut Attempt, Sending, Option<Timestamp>),
    pub(crate) join: fn(&mut Facts, Evidence),
    /// What a hint does.
    pub(crate) hint: fn(&mut Facts),
    /// What a sending without answer is written down as.
    pub(crate) unanswered: fn() -> Option<Outcome>,
    /// Whether a duplicate to this sending pauses the account.
    pub(crate) alarm: fn(&Attempt, usize) -> bool,
    /// Whether bytes may leave now, where the time for the same order id ends then.
    pub(crate) may_leave: fn(Timestamp, Option<Timestamp>) -> bool,
    /// A look-up counts by the time at which it was asked.
    pub(crate) counts_when_asked: bool,
    /// A look-up that says failed or reversed, and is written down later than a call lasts, says
    /// pending.
    pub(crate) late_failures_are_pending: bool,
    /// What is sent again is what was prepared first.
    pub(crate) keeps_prepared: bool,
    /// Nothing is sent while sending is paused.
    pub(crate) heeds_pauses: bool,
    /// Nothing is sent while a review blocks it.
    pub(crate) heeds_reviews: bool,
    /// The intent is written down before the first byte leaves.
    pub(crate) writes_first: bool,
    /// Only a transaction closes an attempt.
    pub(crate) closes_in_transactions: bool,
    /// The time for the same order id is half of what the provider remembers.
    pub(crate) halves_memory: bool,
}

/// The rules as they are.
pub(crate) const TRUE: Decisions = Decisions {
    standing,
    may_resend,
    next_attempt,
    may_end,
    may_declare,
    begin_sending: Attempt::begin_sending,
    join: Facts::join,
    hint: |_| (),
    unanswered: || None,
    alarm: is_only_sending,
    may_leave: |now, until| until.is_none_or(|until| now < until),
    counts_when_asked: true,
    late_failures_are_pending: true,
    keeps_prepared: true,
    heeds_pauses: true,
    heeds_reviews: true,
    writes_first: true,
    closes_in_transactions: true,
    halves_memory: true,
};

/// What the record adds to the machine: a rejection that time removes is no reason to fail.
fn may_end(attempts: &[(&Attempt, &Rules)], is_over: bool, circumstances: &Circumstances) -> bool {
    let is_transient = attempts.last().is_some_and(|(last, rules)| {
        last_kind(last).is_some_and(ErrorKind::is_transient)
            && standing(last, rules) == Standing::Rejected
    });
    may_end_unpaid(attempts, is_over, circumstances) && (is_over || !is_transient)
}

/// Why the last sending with a reason did not succeed.
pub(crate) fn last_kind(attempt: &Attempt) -> Option<ErrorKind> {
    attempt.sendings.iter().rev().find_map(|sending| match sending.outcome {
        Some(Outcome::NotSent { kind } | Outcome::Rejected { kind, .. }) => Some(kind),
        _ => None,
    })
}

/// As the record decides: nothing else of the attempt left.
fn is_only_sending(attempt: &Attempt, sending: usize) -> bool {
    attempt.sendings.iter().enumerate().all(|(place, other)| {
        place == sending || matches!(other.outcome, Some(Outcome::NotSent { .. }))
    })
}
