//! Every step that may follow in a state.

use super::{
    Model,
    decisions::last_kind,
    known::Change,
    provider::Order,
    state::{ATTEMPTS, Ending, Parcel, State, Worker},
    world::{ACCOUNTS, at},
};
use tulay_core::ErrorKind;
use tulay_journal::machine::{
    Standing,
    permission::{Circumstances, NextAttempt},
    review::is_double_payment_suspected,
};

/// A step, and the state after it.
pub(super) type Next = (&'static str, State);

impl Model {
    /// Every state that may follow.
    pub(super) fn next(&mut self, state: &State, next: &mut Vec<Next>) {
        next.clear();
        if state.now < self.world.end {
            let mut after = *state;
            after.pass(&self.world);
            next.push(("time passes", after));
        }
        for worker in 0..self.world.workers {
            // Two idle workers are alike.
            if worker == 1 && state.workers == [Worker::Idle; 2] {
                continue;
            }
            self.next_of_worker(state, worker, next);
        }
        self.next_of_network(state, next);
        self.next_of_orders(state, next);
        self.next_of_people(state, next);
        next.iter_mut().for_each(|(_, after)| after.tidy());
        next.retain(|(_, after)| after != state);
    }

    fn next_of_worker(&mut self, state: &State, worker: usize, next: &mut Vec<Next>) {
        match state.workers[worker] {
            Worker::Idle => self.next_of_idle(state, worker, next),
            Worker::Intends { attempt, sending, content, .. } => {
                let mut after = *state;
                if self.leaves(&mut after, worker) {
                    let parcel = Parcel {
                        attempt,
                        sending,
                        left: state.now,
                        content,
                        is_twin: true,
                        answer: None,
                    };
                    let mut twice = after;
                    if state.left.twins > 0 && !self.world.twins_at_once && twice.post(parcel) {
                        twice.left.twins -= 1;
                        next.push(("bytes leave, and a front end repeats them", twice));
                    }
                    next.push(("bytes leave", after));
                    if state.left.refusals > 0 {
                        let mut after = *state;
                        after.left.refusals -= 1;
                        self.is_unsent(&mut after, worker, attempt, sending);
                        next.push(("the connection is refused", after));
                    }
                } else if after != *state {
                    next.push(("too late to leave", after));
                }
                killed(state, worker, next);
            }
            Worker::Waits { attempt, sending, .. } => {
                let mut after = *state;
                if self.is_answered(&mut after, worker) {
                    next.push(("an answer is written down", after));
                }
                let mut after = *state;
                self.change(&mut after, attempt, Change::Unanswered { sending });
                after.workers[worker] = Worker::Idle;
                next.push(("the answer is not awaited any more", after));
            }
            Worker::Asks { attempt, asked } => {
                for (says, is_flap) in state.findings(&self.world, attempt).into_iter().flatten() {
                    let mut after = *state;
                    after.heard(worker, attempt, asked, says, is_flap);
                    next.push(("a look-up is answered", after));
                }
            }
            Worker::Heard { .. } => {
                let mut after = *state;
                self.is_joined(&mut after, worker);
                next.push(("a look-up is written down", after));
            }
        }
    }

    /// The bytes of an intent leave, or it is too late. `false`: they do not leave.
    pub(super) fn leaves(&mut self, state: &mut State, worker: usize) -> bool {
        let Worker::Intends { attempt, sending, since, content } = state.workers[worker] else {
            return false;
        };
        let until = self.known.attempt(state.attempts[usize::from(attempt)]).resend_until;
        let is_leased = !self.world.leases || state.now == since;
        if !is_leased || !(self.decisions.may_leave)(at(state.now), until) {
            self.is_unsent(state, worker, attempt, sending);
            return false;
        }
        let (left, is_twin, answer) = (state.now, false, None);
        let parcel = Parcel { attempt, sending, left, content, is_twin, answer };
        if !state.post(parcel) {
            return false;
        }
        state.workers[worker] = Worker::Waits { attempt, sending, since };
        true
    }

    fn is_unsent(&mut self, state: &mut State, worker: usize, attempt: u8, sending: u8) {
        self.change(state, attempt, Change::Unsent { sending });
        state.workers[worker] = Worker::Idle;
    }

    /// The answer that a worker waits for is written down, if it is there.
    pub(super) fn is_answered(&mut self, state: &mut State, worker: usize) -> bool {
        let Worker::Waits { attempt, sending, .. } = state.workers[worker] else { return false };
        let Some((place, answer)) = state.answer(attempt, sending) else { return false };
        let now = state.now;
        self.change(state, attempt, Change::Answered { sending, answer, now });
        let number = state.attempts[usize::from(attempt)];
        let is_duplicate = answer == super::provider::Answer::Duplicate;
        if is_duplicate && (self.decisions.alarm)(self.known.attempt(number), usize::from(sending))
        {
            state.is_account_paused[usize::from(state.accounts[usize::from(attempt)])] = true;
        }
        state.parcels[place] = None;
        state.workers[worker] = Worker::Idle;
        true
    }

    /// What a worker heard is written down.
    pub(super) fn is_joined(&mut self, state: &mut State, worker: usize) {
        let Worker::Heard { attempt, asked, says } = state.workers[worker] else { return };
        let now = state.now;
        self.change(state, attempt, Change::Heard { asked, says, now });
        let entry = &mut state.orders[usize::from(attempt)];
        // Only what is seen in an unbroken run must be true.
        if !matches!(says, Order::Failed | Order::Reversed)
            && entry.flapped.is_some_and(|tick| asked >= tick)
        {
            entry.flapped = None;
        }
        state.workers[worker] = Worker::Idle;
    }

    fn next_of_idle(&mut self, state: &State, worker: usize, next: &mut Vec<Next>) {
        if state.ending == Ending::None {
            self.next_of_open(state, worker, next);
        }
        for place in state.places() {
            let number = state.attempts[place];
            let standing = self.known.standing(number);
            let is_paid = standing == Standing::Succeeded && self.world.returns == 0;
            if !self.known.is_askable(number) || standing == Standing::Unsent || is_paid {
                continue;
            }
            let attempt = u8::try_from(place).unwrap();
            let mut asks = *state;
            asks.workers[worker] = Worker::Asks { attempt, asked: state.now };
            if self.world.answers_late {
                next.push(("a look-up is asked", asks));
                continue;
            }
            for (says, is_flap) in state.findings(&self.world, attempt).into_iter().flatten() {
                let mut after = asks;
                after.heard(worker, attempt, state.now, says, is_flap);
                next.push(("a look-up is asked and answered", after));
            }
        }
    }

    fn next_of_open(&mut self, state: &State, worker: usize, next: &mut Vec<Next>) {
        if !self.decisions.writes_first && state.count == 0 {
            let mut after = *state;
            let (content, is_twin, answer) = (state.content[0], false, None);
            let (attempt, sending, left) = (0, 0, state.now);
            after.post(Parcel { attempt, sending, left, content, is_twin, answer });
            next.push(("bytes leave before the intent", after));
        }
        let Some(last) = state.last() else {
            for account in 0..ACCOUNTS {
                if self.world.plan[account] && self.may_send(state, account) {
                    next.push(("a first sending", self.begun(state, worker, account)));
                }
            }
            self.next_of_end(state, next);
            return;
        };
        let number = state.attempts[last];
        let account = usize::from(state.accounts[last]);
        let sendings = self.known.attempt(number).sendings.len();
        if sendings < usize::from(self.world.sendings) && self.may_resend(state) {
            next.push(("the same order id again", self.sent_again(state, worker)));
        }
        if state.count < self.world.attempts {
            let (same, other) = self.next_accounts(state);
            if same {
                next.push(("a next attempt there", self.begun(state, worker, account)));
            }
            if other {
                next.push(("a next attempt elsewhere", self.begun(state, worker, 1 - account)));
            }
        }
        self.next_of_end(state, next);
    }

    fn next_of_end(&mut self, state: &State, next: &mut Vec<Next>) {
        if self.may_end(state, state.now >= self.world.send_by) {
            next.push(("the payout fails", self.ended(state, Ending::Failed)));
        } else if self.world.cancels && self.may_end(state, true) {
            next.push(("the payout is cancelled", self.ended(state, Ending::Cancelled)));
        }
    }

    fn circumstances(&mut self, state: &State, account: usize) -> Circumstances {
        let is_paused = state.is_paused || state.is_account_paused[account];
        let mut circumstances = Circumstances::free(at(state.now));
        circumstances.is_paused = is_paused && self.decisions.heeds_pauses;
        let is_blocked =
            state.places().any(|it| self.known.is_blocked(state.attempts[it], state.now))
                || self.is_double_suspected(state);
        circumstances.is_blocked = is_blocked && self.decisions.heeds_reviews;
        circumstances
    }

    fn is_double_suspected(&self, state: &State) -> bool {
        let known = |place: usize| self.known.attempt(state.attempts[place]);
        match usize::from(state.count) {
            0 | 1 => false,
            2 => is_double_payment_suspected(&[known(0), known(1)]),
            _ => is_double_payment_suspected(&[known(0), known(1), known(2)]),
        }
    }

    /// Whether a first sending may leave now.
    pub(super) fn may_send(&mut self, state: &State, account: usize) -> bool {
        let circumstances = self.circumstances(state, account);
        !circumstances.is_paused && !circumstances.is_blocked
    }

    pub(super) fn may_resend(&mut self, state: &State) -> bool {
        let Some(last) = state.last() else { return false };
        let circumstances = self.circumstances(state, usize::from(state.accounts[last]));
        let stops = (circumstances.is_blocked, circumstances.is_paused);
        self.known.may_resend(state.attempts[last], state.now, stops)
    }

    /// Whether a next attempt may follow at the same account, and at the other one.
    pub(super) fn next_accounts(&mut self, state: &State) -> (bool, bool) {
        let Some(last) = state.last() else { return (false, false) };
        match self.known.next_attempt(state.attempts[last]) {
            NextAttempt::Yes { at_same_account, at_other_account } => {
                let account = usize::from(state.accounts[last]);
                (
                    at_same_account && self.may_send(state, account),
                    at_other_account && self.may_send(state, 1 - account),
                )
            }
            NextAttempt::No => (false, false),
        }
    }

    pub(super) fn may_end(&self, state: &State, is_over: bool) -> bool {
        let mut attempts = Vec::with_capacity(ATTEMPTS);
        attempts.extend(state.places().map(|place| {
            let number = state.attempts[place];
            (self.known.believed(number), self.known.rules(number))
        }));
        (self.decisions.may_end)(&attempts, is_over, &Circumstances::free(at(state.now)))
    }

    /// The payout ends unpaid. The transaction that says so closes its last attempt.
    pub(super) fn ended(&mut self, state: &State, ending: Ending) -> State {
        let mut after = *state;
        after.ending = ending;
        let is_early = ending == Ending::Failed && state.now < self.world.send_by;
        if let Some(last) = state.last() {
            let number = state.attempts[last];
            let is_open =
                matches!(self.known.standing(number), Standing::Rejected | Standing::Unsent);
            let kind = last_kind(self.known.attempt(number));
            after.has_failed_for_now =
                is_early && is_open && kind.is_some_and(ErrorKind::is_transient);
            self.change(&mut after, u8::try_from(last).unwrap(), Change::Closed);
        }
        after
    }

    /// A next attempt begins. The transaction that says so closes the one before.
    pub(super) fn begun(&mut self, state: &State, worker: usize, account: usize) -> State {
        let mut after = *state;
        if let Some(last) = state.last() {
            self.change(&mut after, u8::try_from(last).unwrap(), Change::Closed);
        }
        let place = usize::from(state.count);
        after.count += 1;
        after.accounts[place] = u8::try_from(account).unwrap();
        after.attempts[place] = self.known.begun(after.count, after.accounts[place]);
        after.contents[place] = state.content[account];
        self.send(&mut after, worker, place);
        after
    }

    pub(super) fn sent_again(&mut self, state: &State, worker: usize) -> State {
        let mut after = *state;
        if let Some(last) = state.last() {
            self.send(&mut after, worker, last);
        }
        after
    }

    fn send(&mut self, state: &mut State, worker: usize, place: usize) {
        let account = usize::from(state.accounts[place]);
        let content = match self.decisions.keeps_prepared {
            true => state.contents[place],
            false => state.content[account],
        };
        state.was_sent_while_paused |= state.is_paused || state.is_account_paused[account];
        let sendings = self.known.attempt(state.attempts[place]).sendings.len();
        let (attempt, sending) = (u8::try_from(place).unwrap(), u8::try_from(sendings).unwrap());
        let since = state.now;
        self.change(state, attempt, Change::Sent { now: since, content });
        state.workers[worker] = Worker::Intends { attempt, sending, since, content };
    }

    pub(super) fn change(&mut self, state: &mut State, attempt: u8, change: Change) {
        let number = &mut state.attempts[usize::from(attempt)];
        *number = self.known.changed(*number, change);
    }
}

impl State {
    pub(super) fn heard(
        &mut self,
        worker: usize,
        attempt: u8,
        asked: u8,
        says: Order,
        is_flap: bool,
    ) {
        if is_flap {
            self.left.flaps -= 1;
            self.orders[usize::from(attempt)].flapped = Some(self.now);
        }
        self.workers[worker] = Worker::Heard { attempt, asked, says };
    }
}

fn killed(state: &State, worker: usize, next: &mut Vec<Next>) {
    if state.left.kills > 0 {
        let mut after = *state;
        after.left.kills -= 1;
        after.workers[worker] = Worker::Idle;
        next.push(("a process is killed", after));
    }
}
