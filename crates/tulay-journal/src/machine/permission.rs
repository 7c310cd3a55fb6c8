//! What may be done with a payout: send the same order id again, begin a next attempt, end it.
//!
//! None of these functions asks whether a provider can take the payout now. That is the planner's.

use super::{Attempt, Rules, Standing, rows::standing};
use jiff::Timestamp;
use tulay_core::ErrorKind;

/// The number of the last attempt that a payout may have.
pub const LAST_ATTEMPT: u8 = 8;

/// What holds at the moment, beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The journal's clock.
    pub now: Timestamp,
    /// A review blocks the payout.
    pub is_blocked: bool,
    /// Sending is paused: everywhere, for its operation or for its account; or the journal is not
    /// known to be whole and the payout was not looked up everywhere since.
    pub is_paused: bool,
    /// A process may be sending it now.
    pub is_leased: bool,
}

impl Circumstances {
    /// Nothing forbids a sending.
    #[must_use]
    pub const fn free(now: Timestamp) -> Self {
        Self { now, is_blocked: false, is_paused: false, is_leased: false }
    }

    const fn allow_sending(&self) -> bool {
        !self.is_blocked && !self.is_paused && !self.is_leased
    }
}

/// Whether the same order id, with the same prepared request, may be sent again.
#[must_use]
pub fn may_resend(attempt: &Attempt, rules: &Rules, circumstances: &Circumstances) -> bool {
    if attempt.closed_as.is_some() || !circumstances.allow_sending() {
        return false;
    }
    match standing(attempt, rules) {
        Standing::Unsent => true,
        Standing::InDoubt => may_resend_in_doubt(attempt, rules, circumstances.now),
        _ => false,
    }
}

fn may_resend_in_doubt(attempt: &Attempt, rules: &Rules, now: Timestamp) -> bool {
    // A clock before the first sending is past it.
    let began = attempt.sendings.first().is_some_and(|first| now >= first.at);
    let in_time = attempt.resend_until.is_some_and(|until| began && now < until);
    if !in_time || attempt.has_permanent_rejection() || !attempt.has_open_sending() {
        return false;
    }
    let is_absent = attempt.facts.is_absent_after(attempt.last_sent());
    let after_absence = rules.is_found_by_order_id && is_absent && !attempt.has_duplicate();
    rules.replays || after_absence
}

/// Which next attempt may follow, with a new order id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "code that sends must handle each")]
pub enum NextAttempt {
    /// None.
    No,
    /// One, when the planner names an account that can take it now.
    Yes {
        /// The same account may be taken again, once what was wrong has passed.
        at_same_account: bool,
        /// Another account of the plan may be taken.
        at_other_account: bool,
    },
}

/// Whether a next attempt may follow this one, which is the payout's last. The transaction that
/// writes it closes this one.
#[must_use]
pub fn next_attempt(
    attempt: &Attempt,
    rules: &Rules,
    circumstances: &Circumstances,
) -> NextAttempt {
    if attempt.number >= LAST_ATTEMPT || !circumstances.allow_sending() {
        return NextAttempt::No;
    }
    let kind = attempt.last_kind().unwrap_or(ErrorKind::Unexpected);
    let (at_same_account, at_other_account) = match standing(attempt, rules) {
        // The same order id is sent again there instead.
        Standing::Unsent => (false, kind.allows_failover()),
        Standing::Rejected => (kind.is_transient(), kind.allows_failover()),
        _ => return NextAttempt::No,
    };
    match at_same_account || at_other_account {
        true => NextAttempt::Yes { at_same_account, at_other_account },
        false => NextAttempt::No,
    }
}

/// Whether the payout may be called failed or cancelled: its last attempt is dead, or it has none,
/// and every earlier one is closed. `is_over`: its deadline has passed, or it is being cancelled; then
/// an unsent attempt is proof as well.
///
/// While the journal is not known to be whole, it also needs the look-ups of every account: then
/// [`Circumstances::is_paused`] is set, and the answer is no.
#[must_use]
pub fn may_end_unpaid(
    attempts: &[(&Attempt, &Rules)],
    is_over: bool,
    circumstances: &Circumstances,
) -> bool {
    if circumstances.is_paused || circumstances.is_leased {
        return false;
    }
    let Some((last, earlier)) = attempts.split_last() else { return is_over };
    let is_ended = match standing(last.0, last.1) {
        Standing::Unsent => is_over,
        standing => standing.is_dead(),
    };
    is_ended && earlier.iter().all(|(attempt, _)| attempt.closed_as.is_some())
}

/// Whether the payout ends as failed whatever the planner says: its order failed for good, or
/// evidence says that nothing was executed.
#[must_use]
pub fn is_failed_for_good(attempt: &Attempt, rules: &Rules) -> bool {
    matches!(standing(attempt, rules), Standing::Failed | Standing::Declared)
}

/// Whether a person's evidence may be taken now. While a process may be about to send, it might not
/// cover what is sent next.
#[must_use]
pub fn may_declare(
    attempt: &Attempt,
    circumstances: &Circumstances,
    longest_call: jiff::SignedDuration,
) -> bool {
    let is_quiet = |sent: Timestamp| circumstances.now.duration_since(sent) >= longest_call;
    !circumstances.is_leased && attempt.last_sent().is_none_or(is_quiet)
}
