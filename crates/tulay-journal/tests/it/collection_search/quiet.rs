//! What becomes of a collection when nothing goes wrong any more.

use super::{
    model::Model,
    state::{Flight, Left, Made, State, Worker, place},
    world::{ASKED, EXPIRY, ORDERS, at},
};
use std::collections::BTreeMap;
use tulay_journal::collection::Status;

/// So much is done at most: what is done again and again hangs.
const MOST_STEPS: usize = 1000;
/// A code is made in so many seconds before the expiry.
const MADE_WITHIN: i64 = 70;

impl Model {
    /// Follows a state to a quiet end: every request arrives, every answer is read, every notification
    /// that was not lost arrives, and nothing more is paid.
    pub(super) fn followed(
        &mut self,
        start: &State,
        ends: &mut BTreeMap<Status, usize>,
    ) -> Option<&'static str> {
        let must_show = self.must_show(start);
        let mut state = *start;
        state.left = Left {
            losses: 0,
            kills: 0,
            refusals: 0,
            rejections: 0,
            reversals: 0,
            forged: 0,
            cancels: false,
        };
        let mut steps = 0;
        loop {
            self.settles(&mut state);
            let Some((due, todo)) = self.due(&state) else { break };
            state.now = state.now.max(due.as_second() + i64::from(due.subsec_nanosecond() > 0));
            // At a later moment something else may be due.
            let is_due = |(due, _): &_| *due <= at(state.now);
            let Some((_, todo)) = self.due(&state).filter(is_due).or(Some((due, todo))) else {
                break;
            };
            if !self.begins(&mut state, 0, todo, false) {
                return state.flaw.or(Some("there are too many orders"));
            }
            steps += 1;
            if steps > MOST_STEPS {
                return state.flaw.or(Some("it never ends"));
            }
        }
        *ends.entry(self.status(&state)).or_default() += 1;
        state.flaw.or_else(|| self.flaw(start, &state, must_show))
    }

    /// Whether a code has to be shown where nothing goes wrong any more: there is time for it.
    fn must_show(&self, state: &State) -> bool {
        let facts = self.facts(state);
        let is_open = facts.cancelled_at.is_none() && facts.failed_at.is_none();
        let is_paid = state.ledger.iter().any(Option::is_some);
        state.now + MADE_WITHIN <= EXPIRY && is_open && !is_paid
    }

    /// Everything that is under way arrives.
    fn settles(&mut self, state: &mut State) {
        for order in (1..).take(ORDERS) {
            if state.flights[place(order)] == Flight::Out {
                state.arrive(order, false);
            }
        }
        for number in 0..state.ledger.len() {
            while state.ledger[number].is_some_and(|it| it.notifications > 0) {
                self.notifies(state, number);
            }
        }
        for worker in 0..state.workers.len() {
            while state.workers[worker].0 != Worker::Idle {
                if self.goes_on(state, worker) {
                    for order in (1..).take(ORDERS) {
                        if state.flights[place(order)] == Flight::Out {
                            state.arrive(order, false);
                        }
                    }
                } else {
                    state.workers[worker] = (Worker::Idle, 0);
                }
            }
        }
        state.tidy();
    }

    /// What must not be when nothing more happens.
    fn flaw(&self, start: &State, state: &State, must_show: bool) -> Option<&'static str> {
        let (world, facts, status) = (&self.world, self.facts(state), self.status(state));
        let sum = state.paid(world, false);
        let made: Vec<_> = state.ledger.iter().zip(world.amounts).collect();
        let is_reported = |number: usize| state.reported[number] == 1;
        let real = (0..made.len()).filter(|number| made[*number].0.is_some());
        if !real.clone().all(is_reported) {
            return Some("a payment is not reported");
        }
        let is_reversed = real.clone().count() > 0
            && real.clone().all(|number| made[number].0.is_some_and(|it| it.is_reversed));
        let is_right = match status {
            Status::Waiting => return Some("it waits for ever"),
            Status::Paid => sum >= ASKED,
            Status::Reversed => is_reversed,
            Status::Closed | Status::Failed => sum < ASKED && !is_reversed,
        };
        if !is_right {
            return Some("the status is not what was paid");
        }
        let surprises = (self.decisions.surprises)(facts, &self.terms);
        let is_over = sum > ASKED;
        // Every payment but the last reaches the amount.
        let counted: Vec<_> =
            real.filter(|it| made[*it].0.is_some_and(|it| !it.is_reversed)).collect();
        let is_twice = counted.len() > 1 && made[counted[0]].1 >= ASKED;
        let is_short = sum > 0 && sum < ASKED;
        let is_said = surprises.over == is_over && surprises.short == is_short;
        // Where two payments have no time or the same, either may seem the first one.
        let times: Vec<_> = state.ledger.iter().flatten().map(|real| real.at).collect();
        let is_ordered = world.has_times && times.is_sorted_by(|one, other| one < other);
        let is_first_known = is_ordered || world.amounts[0] == world.amounts[1];
        let is_twice_said = surprises.twice.is_empty() != is_twice;
        if !is_said || is_first_known && !is_twice_said {
            return Some("a surprise is not what was paid");
        }
        if must_show && !state.shown.contains(&true) {
            return Some("no code is shown");
        }
        let shown = facts.shown().map(|(number, _)| state.made[place(number)]);
        let is_in_time = start.now + MADE_WITHIN <= EXPIRY;
        let is_cancelled = facts.cancelled_at.is_some() && world.can_withdraw && is_in_time;
        if is_cancelled && status == Status::Closed && shown == Some(Made::Open) {
            return Some("it was cancelled, and can be paid");
        }
        None
    }
}
