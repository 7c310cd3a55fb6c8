//! What happens outside the journal: the network, the providers, and people.

use super::{
    Model,
    known::Change,
    provider::Order,
    state::{Ending, State, Worker},
    steps::Next,
    world::{ACCOUNTS, at, ticks},
};
use tulay_journal::machine::permission::Circumstances;

impl Model {
    pub(super) fn next_of_network(&mut self, state: &State, next: &mut Vec<Next>) {
        for (place, parcel) in state.parcels.iter().enumerate() {
            let Some(parcel) = parcel.filter(|it| it.answer.is_none()) else { continue };
            if place > 0 && state.parcels[place - 1] == Some(parcel) {
                continue;
            }
            if state.left.losses > 0 {
                let mut after = *state;
                after.left.losses -= 1;
                after.parcels[place] = None;
                next.push(("a copy is lost", after));
            }
            let mut after = *state;
            let answer = after.arrive(&self.world, parcel.attempt, parcel.content);
            if parcel.is_twin {
                // Either answer may be the one that is read.
                let mut unread = after;
                unread.parcels[place] = None;
                next.push(("a repeated copy arrives", unread));
            }
            after.parcels[place] = Some(super::state::Parcel { answer: Some(answer), ..parcel });
            next.push(("a copy arrives", after));
            if self.world.twins_at_once && state.left.twins > 0 {
                let mut twice = after;
                twice.left.twins -= 1;
                if twice.left.balance_changes > 0 {
                    twice.left.balance_changes -= 1;
                    twice.has_money[usize::from(state.accounts[usize::from(parcel.attempt)])] =
                        true;
                }
                let again = twice.arrive(&self.world, parcel.attempt, parcel.content);
                next.push(("a copy arrives twice, its first answer is read", twice));
                twice.parcels[place] = Some(super::state::Parcel { answer: Some(again), ..parcel });
                next.push(("a copy arrives twice, its last answer is read", twice));
            }
        }
    }

    pub(super) fn next_of_orders(&mut self, state: &State, next: &mut Vec<Next>) {
        for place in state.places() {
            let attempt = u8::try_from(place).unwrap();
            let order = state.orders[place].order;
            let mut becomes = |step, order, change: fn(&mut State)| {
                let mut after = *state;
                after.orders[place].order = order;
                change(&mut after);
                next.push((step, after));
            };
            if order == Order::Pending {
                becomes("an order is paid", Order::Paid, |_| ());
                if self.world.orders_fail {
                    becomes("an order fails", Order::Failed, |_| ());
                }
                if state.left.lost_orders > 0 {
                    becomes("an order is lost", Order::None, |after| after.left.lost_orders -= 1);
                }
            }
            if order == Order::Paid && state.left.returns > 0 {
                becomes("a payment comes back", Order::Reversed, |after| after.left.returns -= 1);
            }
            if state.left.notifications > 0 && order != Order::None {
                let findings = state.findings(&self.world, attempt);
                let says = findings.into_iter().flatten().filter(|(says, _)| *says != Order::None);
                for (says, is_flap) in says {
                    let mut after = *state;
                    after.left.notifications -= 1;
                    if is_flap {
                        after.left.flaps -= 1;
                        after.orders[place].flapped = Some(state.now);
                    }
                    self.change(&mut after, attempt, Change::Notified { says });
                    next.push(("a notification is written down", after));
                }
            }
            if state.left.hints > 0 {
                let mut after = *state;
                after.left.hints -= 1;
                self.change(&mut after, attempt, Change::Hinted);
                next.push(("a hint is forged", after));
            }
        }
        // What was sent without an intent is at the first account.
        if !self.decisions.writes_first && state.count == 0 {
            let mut after = *state;
            if after.orders[0].order == Order::Pending {
                after.orders[0].order = Order::Paid;
                next.push(("an order is paid", after));
            }
        }
    }

    pub(super) fn next_of_people(&mut self, state: &State, next: &mut Vec<Next>) {
        for account in 0..ACCOUNTS {
            if state.left.balance_changes > 0 {
                let mut after = *state;
                after.left.balance_changes -= 1;
                after.has_money[account] = !after.has_money[account];
                next.push(("the balance changes", after));
            }
            if state.left.edits > 0 {
                let mut after = *state;
                after.left.edits -= 1;
                after.content[account] = !after.content[account];
                next.push(("the configuration changes", after));
            }
        }
        if state.left.switches > 0 {
            let mut after = *state;
            after.left.switches -= 1;
            after.is_paused = !after.is_paused;
            next.push(("the kill switch is turned", after));
        }
        if state.left.declarations > 0 && state.ending == Ending::None {
            self.next_of_declarations(state, next);
        }
    }

    /// A person says the truth, once no process may be sending.
    fn next_of_declarations(&mut self, state: &State, next: &mut Vec<Next>) {
        let Some(last) = state.last() else { return };
        let number = state.attempts[last];
        let mut circumstances = Circumstances::free(at(state.now));
        circumstances.is_leased = state.workers.iter().any(|worker| {
            matches!(worker, Worker::Intends { since, .. } | Worker::Waits { since, .. }
                if *since == state.now)
        });
        let longest_call = ticks(1);
        let attempt = self.known.attempt(number);
        if !(self.decisions.may_declare)(attempt, &circumstances, longest_call) {
            return;
        }
        let says = match state.orders[last].order {
            Order::None | Order::Failed if state.is_flying(last) => return,
            Order::Pending => return,
            order => order,
        };
        let mut after = *state;
        after.left.declarations -= 1;
        let change = Change::Declared { says, now: state.now };
        self.change(&mut after, u8::try_from(last).unwrap(), change);
        next.push(("a person says what became of it", after));
    }
}
