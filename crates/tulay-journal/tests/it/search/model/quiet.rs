//! What becomes of a payout when nothing goes wrong any more.

use super::{
    Model,
    known::Change,
    provider::Order,
    state::{ATTEMPTS, Ending, State, Worker},
};
use tulay_journal::machine::{Outcome, Standing, review::reviews};

/// How a payout ends when nothing goes wrong any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is final.
    Terminal,
    /// It waits for a person, who can see why.
    Parked,
    /// It waits, and the time for the same order id was all but over when the quiet began.
    Late,
    /// Its last attempt was rejected for a reason that time removes.
    LastAttempt,
    /// Its account is paused.
    Paused,
    /// A person's word that it was not executed changes nothing.
    NoWayOut,
    /// It waits, and nothing says why.
    Silent,
}

/// For how long the quiet lasts.
const TICKS: u8 = 30;
/// How much is done in one tick at most: what is done again and again at one time hangs.
const ROUNDS: usize = 20;
const MOST_SENDINGS: usize = 12;

impl Model {
    /// How it ends when nothing goes wrong any more: every copy arrives, every answer is read, orders
    /// are paid, and what is looked up is said at once.
    pub(super) fn end(&mut self, start: &State) -> End {
        let mut state = *start;
        let was_late = self.is_late(start);
        for _ in 0..TICKS {
            let _ = (0..ROUNDS).any(|_| !self.goes_on(&mut state));
            if self.is_final(&state) {
                return match state.is_account_paused {
                    [false, false] => End::Terminal,
                    _ => End::Paused,
                };
            }
            state.pass(&self.world);
        }
        self.reason(&state, was_late)
    }

    /// Whether the time for the same order id may not suffice for a look-up and a sending.
    fn is_late(&self, state: &State) -> bool {
        let Some(last) = state.last() else { return false };
        let number = state.attempts[last];
        let until = self.known.attempt(number).resend_until;
        let soon = super::world::at(state.now + 1);
        self.known.standing(number) == Standing::InDoubt && until.is_none_or(|it| it <= soon)
    }

    fn is_final(&self, state: &State) -> bool {
        let standing = state.last().map(|last| self.known.standing(state.attempts[last]));
        let is_paid = matches!(standing, Some(Standing::Succeeded | Standing::Reversed));
        state.ending != Ending::None || is_paid
    }

    fn reason(&self, state: &State, was_late: bool) -> End {
        let Some(last) = state.last() else { return End::Silent };
        let number = state.attempts[last];
        let attempt = self.known.attempt(number);
        let rules = self.known.rules(number);
        let now = super::world::at(state.now);
        let mut reasons = reviews(attempt, rules, now);
        let standing = self.known.standing(number);
        let is_covered = attempt.facts.not_executed > 0
            && usize::try_from(attempt.facts.not_executed).unwrap() >= attempt.sendings.len();
        // Where nothing can be looked up, the evidence needs a look-up all the same.
        if is_covered && standing == Standing::Pending && self.known.is_askable(number) {
            return End::NoWayOut;
        }
        if state.is_account_paused[usize::from(state.accounts[last])] {
            return End::Paused;
        }
        if standing == Standing::Rejected && usize::from(state.count) == ATTEMPTS {
            return End::LastAttempt;
        }
        match reasons.next() {
            None => End::Silent,
            Some(_) if was_late => End::Late,
            Some(_) => End::Parked,
        }
    }

    /// One round in which nothing goes wrong. `false`: nothing is left to do at this time.
    fn goes_on(&mut self, state: &mut State) -> bool {
        let before = *state;
        state.has_money = [true; 2];
        state.is_paused = false;
        state.left.flaps = 0;
        for place in 0..state.parcels.len() {
            let Some(parcel) = state.parcels[place].filter(|it| it.answer.is_none()) else {
                continue;
            };
            let answer = state.arrive(&self.world, parcel.attempt, parcel.content);
            state.parcels[place] = Some(super::state::Parcel { answer: Some(answer), ..parcel });
        }
        for worker in 0..state.workers.len() {
            self.works(state, worker);
        }
        state.tidy();
        for entry in &mut state.orders {
            if entry.order == Order::Pending {
                entry.order = Order::Paid;
            }
        }
        if state.workers == [Worker::Idle; 2] && *state == before {
            for place in state.places() {
                let number = state.attempts[place];
                if self.known.is_askable(number) && self.known.standing(number) != Standing::Unsent
                {
                    let (asked, now, says) = (state.now, state.now, state.orders[place].order);
                    let attempt = u8::try_from(place).unwrap();
                    self.change(state, attempt, Change::Heard { asked, says, now });
                }
            }
            if state.ending == Ending::None {
                self.decides(state);
            }
        }
        *state != before
    }

    fn works(&mut self, state: &mut State, worker: usize) {
        match state.workers[worker] {
            Worker::Idle => {}
            Worker::Intends { .. } => {
                self.leaves(state, worker);
            }
            Worker::Waits { attempt, sending, .. } => {
                if !self.is_answered(state, worker) {
                    self.change(state, attempt, Change::Unanswered { sending });
                    state.workers[worker] = Worker::Idle;
                }
            }
            Worker::Asks { attempt, asked } => {
                let says = state.orders[usize::from(attempt)].order;
                state.heard(worker, attempt, asked, says, false);
            }
            Worker::Heard { .. } => self.is_joined(state, worker),
        }
    }

    /// What a worker does with a payout that is due.
    fn decides(&mut self, state: &mut State) {
        let Some(last) = state.last() else {
            let account = (0..2).find(|it| self.world.plan[*it] && self.may_send(state, *it));
            if let Some(account) = account {
                *state = self.begun(state, 0, account);
            }
            return;
        };
        let number = state.attempts[last];
        let sendings = self.known.attempt(number).sendings.len();
        if sendings < MOST_SENDINGS && self.may_resend(state) {
            *state = self.sent_again(state, 0);
            return;
        }
        let account = usize::from(state.accounts[last]);
        match self.known.standing(number) {
            Standing::Failed | Standing::Declared => self.fails(state),
            Standing::Rejected => {
                let (same, other) = self.next_accounts(state);
                let has_space = usize::from(state.count) < ATTEMPTS;
                if same && has_space {
                    *state = self.begun(state, 0, account);
                } else if other && has_space && !self.is_used_up(state, 1 - account) {
                    *state = self.begun(state, 0, 1 - account);
                } else if !same {
                    self.fails(state);
                }
            }
            _ => {}
        }
    }

    fn fails(&mut self, state: &mut State) {
        if self.may_end(state, false) {
            *state = self.ended(state, Ending::Failed);
        }
    }

    /// Whether an account rejected the payout for good.
    fn is_used_up(&self, state: &State, account: usize) -> bool {
        let permanent = |outcome: &Option<Outcome>| {
            matches!(outcome, Some(Outcome::Rejected { is_permanent: true, .. }))
        };
        state.places().filter(|place| usize::from(state.accounts[*place]) == account).any(|place| {
            let attempt = self.known.attempt(state.attempts[place]);
            attempt.sendings.iter().any(|sending| permanent(&sending.outcome))
        })
    }
}
