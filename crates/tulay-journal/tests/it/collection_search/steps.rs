//! Every step that may follow in a state.

use super::{
    model::Model,
    state::{Flight, Made, Real, State, Worker, place},
    world::{EXPIRY, Names, Notifies, ORDERS, at},
};
use tulay_journal::collection::{Ending, Evidence, Finding, Status, Todo, Withdrawal};

/// A step, and the state after it.
type Next = (&'static str, State);

impl Model {
    /// Every state that may follow.
    pub(super) fn next(&mut self, state: &State, next: &mut Vec<Next>) {
        next.clear();
        if let Some(now) = state.next_moment() {
            next.push(("time passes", State { now, ..*state }));
        }
        for worker in 0..self.world.workers {
            // Two idle workers are alike.
            if worker == 0 || state.workers[0].0 != Worker::Idle {
                self.next_of_worker(state, worker, next);
            }
        }
        self.next_of_network(state, next);
        self.next_of_payer(state, next);
        self.next_of_application(state, next);
        next.iter_mut().for_each(|(_, after)| after.tidy());
        next.retain(|(_, after)| after != state);
    }

    fn next_of_worker(&mut self, state: &State, worker: usize, next: &mut Vec<Next>) {
        let busy = state.workers[worker].0;
        if busy == Worker::Idle {
            return self.next_of_idle(state, worker, next);
        }
        let mut after = *state;
        if self.goes_on(&mut after, worker) {
            next.push((name(busy), after));
        }
        let mut idle = *state;
        idle.workers[worker] = (Worker::Idle, 0);
        if state.left.kills > 0 {
            idle.left.kills -= 1;
            next.push(("a process is killed", idle));
            idle.left.kills += 1;
        }
        match busy {
            Worker::Intends { order, sending } if state.left.refusals > 0 => {
                idle.left.refusals -= 1;
                self.change(&mut idle, Evidence::NotSent { order, sending });
                next.push(("the connection is refused", idle));
            }
            Worker::Waits { .. } if state.left.losses > 0 => {
                idle.left.losses -= 1;
                next.push(("the answer to a creation is lost", idle));
            }
            Worker::Asked { order, asked, .. } if state.left.losses > 0 => {
                idle.left.losses -= 1;
                self.looked_up(&mut idle, order, asked, Finding::Nothing, false);
                next.push(("the answer to a look-up is lost", idle));
            }
            Worker::Withdrew { order, asked, .. } if state.left.losses > 0 => {
                idle.left.losses -= 1;
                self.withdrew(&mut idle, order, asked, Withdrawal::Open);
                next.push(("the answer to a withdrawal is lost", idle));
            }
            _ => {}
        }
    }

    /// A busy worker goes on as far as it can. `false`: it waits.
    pub(super) fn goes_on(&mut self, state: &mut State, worker: usize) -> bool {
        let (busy, since) = state.workers[worker];
        state.workers[worker] = (Worker::Idle, 0);
        match busy {
            Worker::Idle => return false,
            Worker::Intends { order, .. } => {
                state.flights[place(order)] = Flight::Out;
                state.workers[worker] = (Worker::Waits { order }, since);
            }
            Worker::Waits { order } => match state.flights[place(order)] {
                Flight::Accepted => {
                    let at = at(state.now);
                    self.change(state, Evidence::Created { order, has_way: true, at });
                }
                Flight::Rejected => self.change(state, Evidence::Rejected { order }),
                Flight::None | Flight::Out => {
                    state.workers[worker] = (busy, since);
                    return false;
                }
            },
            Worker::Asked { order, asked, says, has_way } => {
                let finding = self.finding(state, says);
                self.looked_up(state, order, asked, finding, has_way);
            }
            Worker::Withdrew { order, asked, is_done } => {
                let outcome = if is_done { Withdrawal::Withdrawn } else { Withdrawal::Refused };
                self.withdrew(state, order, asked, outcome);
            }
        }
        true
    }

    fn next_of_idle(&mut self, state: &State, worker: usize, next: &mut Vec<Next>) {
        let is_leased = state.workers.iter().any(|(it, since)| {
            *it != Worker::Idle && *since == state.now && self.decisions.has_leases
        });
        let due = self.due(state).filter(|(at_, _)| *at_ <= at(state.now) && !is_leased);
        let Some((_, todo)) = due else { return };
        if let Todo::Plan { again: Some(_), next: Some(number) } = todo {
            let elsewhere = Todo::Plan { again: None, next: Some(number) };
            let mut after = *state;
            if self.begins(&mut after, worker, elsewhere, false) {
                next.push(("the next order is made elsewhere", after));
            }
        }
        for is_lagging in [false, true] {
            let mut after = *state;
            if self.begins(&mut after, worker, todo, is_lagging) {
                next.push(("a worker begins", after));
            }
        }
    }

    /// A worker begins what is due. `false`: the state has no place for it.
    pub(super) fn begins(
        &mut self,
        state: &mut State,
        worker: usize,
        todo: Todo,
        is_lagging: bool,
    ) -> bool {
        let now = state.now;
        let busy = match todo {
            Todo::Plan { again: Some(order), .. } => {
                let sending = self.facts(state).orders[&order].sendings;
                self.change(state, Evidence::Intended { order, sending, at: at(now) });
                Worker::Intends { order, sending }
            }
            Todo::Plan { next: Some(order), .. } => {
                if usize::from(order) > ORDERS {
                    return false;
                }
                if order > 1 {
                    self.change(state, Evidence::GivenUp { order: order - 1 });
                }
                self.change(state, Evidence::Intended { order, sending: 0, at: at(now) });
                Worker::Intends { order, sending: 0 }
            }
            Todo::Ask(order) => {
                let is_open = state.made[place(order)] == Made::Open;
                let has_way = self.world.shows_way && is_open && now < EXPIRY;
                let says = state.says(&self.world, order, is_lagging);
                Worker::Asked { order, asked: now, says, has_way }
            }
            Todo::Withdraw(order) => {
                let is_done = state.withdraw(order);
                Worker::Withdrew { order, asked: now, is_done }
            }
            Todo::End(ending) => {
                let last = self.facts(state).current().map(|(number, _)| number);
                let gives_up = ending == Ending::Failed && self.decisions.failure_gives_up;
                if let Some(order) = last.filter(|_| gives_up) {
                    self.change(state, Evidence::GivenUp { order });
                }
                self.change(state, Evidence::Ended { ending, at: at(now) });
                return true;
            }
            Todo::Plan { .. } | Todo::Nothing => return false,
        };
        state.workers[worker] = (busy, now);
        true
    }

    fn next_of_network(&mut self, state: &State, next: &mut Vec<Next>) {
        for order in (1..).take(ORDERS).filter(|it| state.flights[place(*it)] == Flight::Out) {
            let mut after = *state;
            after.arrive(order, false);
            next.push(("a creation arrives", after));
            if state.left.rejections > 0 {
                let mut after = *state;
                after.left.rejections -= 1;
                after.arrive(order, true);
                next.push(("a creation is rejected", after));
            }
            if state.left.losses > 0 {
                let mut after = *state;
                after.left.losses -= 1;
                after.flights[place(order)] = Flight::None;
                next.push(("a creation is lost", after));
            }
        }
        for number in 0..state.ledger.len() {
            let Some(real) = state.ledger[number].filter(|it| it.notifications > 0) else {
                continue;
            };
            let mut after = *state;
            self.notifies(&mut after, number);
            next.push(("a notification arrives", after));
            // One that was delivered is not lost any more.
            if state.left.losses > 0 && real.notifications == 2 {
                let mut after = *state;
                after.left.losses -= 1;
                after.ledger[number] = Some(Real { notifications: 0, ..real });
                next.push(("a notification is lost", after));
            }
        }
        if state.left.forged > 0 {
            let mut after = *state;
            after.left.forged -= 1;
            self.change(&mut after, Evidence::Hinted { order: 1, received: at(state.now) });
            next.push(("a hint is forged", after));
        }
    }

    /// The notification of a payment arrives once.
    pub(super) fn notifies(&mut self, state: &mut State, number: usize) {
        let real = state.ledger[number].unwrap();
        let (order, received) = (real.order, at(state.now));
        state.ledger[number] = Some(Real { notifications: real.notifications - 1, ..real });
        let evidence = match self.world.notifies {
            Notifies::WithEvidence => {
                let report = self.report(state, number, Names::Payment);
                Evidence::Notified { order, report }
            }
            Notifies::WithHints | Notifies::Never => Evidence::Hinted { order, received },
        };
        self.change(state, evidence);
    }

    fn next_of_payer(&mut self, state: &State, next: &mut Vec<Next>) {
        let world = &self.world;
        let free = state.ledger.iter().position(Option::is_none);
        if let Some(number) = free.filter(|number| world.amounts[*number] > 0) {
            for order in (1..).take(ORDERS) {
                let of_order = |real: &&Real| real.order == order;
                let paid = state.ledger.iter().flatten().filter(of_order).count();
                let made = state.made[place(order)];
                let is_open = made == Made::Open && state.now < EXPIRY;
                let can_pay = made != Made::No && (is_open || world.pays_late);
                let has_code = state.shown[place(order)] || world.pays_hidden;
                if !can_pay || !has_code || paid >= world.per_order {
                    continue;
                }
                let mut after = *state;
                let notifications = if world.notifies == Notifies::Never { 0 } else { 2 };
                let (is_reversed, at) = (false, state.now);
                after.ledger[number] = Some(Real { order, at, is_reversed, notifications });
                next.push(("an order is paid", after));
            }
        }
        for (number, real) in state.ledger.iter().enumerate() {
            let Some(real) = real.filter(|it| !it.is_reversed) else { continue };
            if state.left.reversals > 0 {
                let mut after = *state;
                after.left.reversals -= 1;
                after.ledger[number] = Some(Real { is_reversed: true, ..real });
                next.push(("a payment is reversed", after));
            }
        }
    }

    fn next_of_application(&mut self, state: &State, next: &mut Vec<Next>) {
        if state.left.cancels && self.status(state) == Status::Waiting {
            let mut after = *state;
            after.left.cancels = false;
            self.change(&mut after, Evidence::Cancelled { at: at(state.now) });
            next.push(("the application withdraws it", after));
        }
    }

    fn looked_up(
        &mut self,
        state: &mut State,
        order: u8,
        asked: i64,
        finding: Finding,
        has_way: bool,
    ) {
        self.change(state, Evidence::LookedUp { order, asked: at(asked), finding, has_way });
    }

    fn withdrew(&mut self, state: &mut State, order: u8, asked: i64, outcome: Withdrawal) {
        self.change(state, Evidence::Withdrawal { order, asked: at(asked), outcome });
    }
}

const fn name(worker: Worker) -> &'static str {
    match worker {
        Worker::Idle => "",
        Worker::Intends { .. } => "a creation leaves",
        Worker::Waits { .. } => "an answer is written down",
        Worker::Asked { .. } => "a look-up is written down",
        Worker::Withdrew { .. } => "a withdrawal is written down",
    }
}
