//! A world in which schedules are searched: one payout, two workers without leases, a network that
//! loses and delays, two providers with their books, and coarse time.

use jiff::{SignedDuration, Timestamp};
use tulay_core::{ErrorKind, FindBy, Guarantees, Operation};
use tulay_journal::machine::{
    Attempt, Evidence, Outcome, Rules, Sending, Standing,
    facts::Word,
    permission::{Circumstances, NextAttempt, may_end_unpaid, may_resend, next_attempt},
    standing,
};

/// The failure window and the absence window, in ticks: what is closer together is too early.
const WINDOW: u8 = 2;
const TICK: SignedDuration = SignedDuration::from_mins(5);
const ACCOUNTS: usize = 2;

/// What a world allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) name: &'static str,
    /// Whether each account finds orders by our order id.
    pub(crate) finds: [bool; ACCOUNTS],
    /// Whether each account replays.
    pub(crate) replays: [bool; ACCOUNTS],
    /// Whether each account rejects the content for good.
    pub(crate) rejects: [bool; ACCOUNTS],
    pub(crate) attempts: usize,
    pub(crate) sendings: usize,
    pub(crate) workers: usize,
    /// How many answers and requests the network loses.
    pub(crate) losses: u8,
    /// How many processes are killed.
    pub(crate) kills: u8,
    /// How often an account's money runs out or returns.
    pub(crate) balance_changes: u8,
    /// How often a connection is refused.
    pub(crate) refusals: u8,
    /// Whether orders may fail at the provider.
    pub(crate) orders_fail: bool,
    /// Whether a look-up misses an order in the tick of its creation.
    pub(crate) lags: bool,
    /// Whether a look-up may call an order failed in the tick of its creation that is not.
    pub(crate) flaps: bool,
    /// How many ticks a copy lives on the way.
    pub(crate) life: u8,
    /// For how many ticks the same order id may be sent again.
    pub(crate) resend_for: u8,
    pub(crate) end: u8,
    /// The rule that is broken.
    pub(crate) broken: Broken,
}

/// A rule that a world breaks on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Nothing,
    /// A lost answer is taken for a request that never left.
    LostIsUnsent,
    /// A next attempt follows one that is in doubt.
    NextWhileInDoubt,
    /// One rejection closes the attempt.
    AnyRejectionKills,
    /// An attempt that found nothing once is dead.
    AbsenceIsProof,
    /// One look-up makes a failure final.
    OneLookupFails,
    /// The end of the time for the same order id is ignored.
    ResendForEver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Order {
    None,
    Pending,
    Paid,
    Failed,
}

/// What a provider keeps under one order id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Entry {
    order: Order,
    created: u8,
    /// The first answer and its time, where answers are replayed.
    answer: Option<(Answer, u8)>,
    /// Payments beyond the first.
    more: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Answer {
    Accepted,
    Duplicate,
    Rejected { is_permanent: bool },
}

/// A copy of a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Parcel {
    attempt: u8,
    sending: u8,
    left: u8,
    answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Worker {
    Idle,
    /// Wrote a sending down; its bytes have not left.
    Intends {
        attempt: u8,
        sending: u8,
    },
    Waits {
        attempt: u8,
        sending: u8,
    },
    /// Asked; `says` is what the provider answered.
    Asked {
        attempt: u8,
        at: u8,
        says: Order,
    },
}

/// A state of the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    now: u8,
    attempts: Vec<Attempt>,
    accounts: Vec<u8>,
    has_failed: bool,
    workers: [Worker; 2],
    parcels: Vec<Parcel>,
    books: Vec<Entry>,
    has_money: [bool; ACCOUNTS],
    losses: u8,
    kills: u8,
    balance_changes: u8,
    refusals: u8,
}

impl State {
    pub(crate) fn first(world: &World) -> Self {
        let entry = Entry { order: Order::None, created: 0, answer: None, more: 0 };
        Self {
            now: 0,
            attempts: Vec::new(),
            accounts: Vec::new(),
            has_failed: false,
            workers: [Worker::Idle; 2],
            parcels: Vec::new(),
            books: vec![entry; world.attempts],
            has_money: [true; ACCOUNTS],
            losses: world.losses,
            kills: world.kills,
            balance_changes: world.balance_changes,
            refusals: world.refusals,
        }
    }

    /// What must never be: two payments, a failed payout that was or may yet be paid, or a payout
    /// that is called paid and is not.
    pub(crate) fn violation(&self, world: &World) -> Option<&'static str> {
        let alive = |entry: &&Entry| matches!(entry.order, Order::Pending | Order::Paid);
        let more: u8 = self.books.iter().map(|entry| entry.more).sum();
        if self.books.iter().filter(alive).count() > 1 || more > 0 {
            return Some("paid twice");
        }
        if self.has_failed && self.books.iter().any(|entry| alive(&entry)) {
            return Some("failed, and paid");
        }
        let says_paid = (0..self.attempts.len())
            .any(|place| self.standing(world, place) == Standing::Succeeded);
        let is_paid = self.books.iter().any(|entry| entry.order == Order::Paid);
        (says_paid && !is_paid).then_some("succeeded, and not paid")
    }

    /// Whether the payout has ended, with or without payment.
    pub(crate) fn has_ended(&self, world: &World) -> bool {
        let last = self.attempts.len().checked_sub(1);
        self.has_failed || last.is_some_and(|it| self.standing(world, it) == Standing::Succeeded)
    }

    fn standing(&self, world: &World, place: usize) -> Standing {
        let attempt = &self.attempts[place];
        let standing = standing(attempt, &world.rules(self.accounts[place]));
        let is_open = attempt.closed_as.is_none();
        let rejected = attempt
            .sendings
            .iter()
            .any(|sending| matches!(sending.outcome, Some(Outcome::Rejected { .. })));
        match world.broken {
            Broken::AnyRejectionKills if is_open && rejected => Standing::Rejected,
            Broken::AbsenceIsProof
                if standing == Standing::InDoubt && attempt.facts.absent_last.is_some() =>
            {
                Standing::Rejected
            }
            Broken::OneLookupFails if is_open && attempt.facts.failed.is_seen() => Standing::Failed,
            _ => standing,
        }
    }

    /// Every state that may follow.
    pub(crate) fn next(&self, world: &World) -> Vec<Self> {
        let mut next = Vec::new();
        if self.now < world.end {
            next.push(self.after(|state| state.now += 1));
        }
        for worker in 0..world.workers {
            self.next_of_worker(world, worker, &mut next);
        }
        for place in 0..self.parcels.len() {
            self.next_of_parcel(world, place, &mut next);
        }
        for (place, entry) in self.books.iter().enumerate() {
            if entry.order == Order::Pending {
                next.push(self.after(|state| state.books[place].order = Order::Paid));
                if world.orders_fail {
                    next.push(self.after(|state| state.books[place].order = Order::Failed));
                }
            }
        }
        if self.balance_changes > 0 {
            for account in 0..ACCOUNTS {
                next.push(self.after(|state| {
                    state.balance_changes -= 1;
                    state.has_money[account] = !state.has_money[account];
                }));
            }
        }
        next.iter_mut().for_each(Self::tidy);
        next
    }

    fn after(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut state = self.clone();
        change(&mut state);
        state
    }

    /// States that differ only in the order of workers and parcels are one.
    fn tidy(&mut self) {
        self.workers.sort();
        self.parcels.sort();
    }

    fn next_of_worker(&self, world: &World, worker: usize, next: &mut Vec<Self>) {
        match self.workers[worker] {
            Worker::Idle => self.next_of_idle(world, worker, next),
            Worker::Intends { attempt, sending } => {
                let parcel = Parcel { attempt, sending, left: self.now, answer: None };
                let outlives = |state: &Self| {
                    let until = state.attempts[usize::from(attempt)].resend_until;
                    until.is_none_or(|until| at(state.now) < until)
                };
                if outlives(self) || world.broken == Broken::ResendForEver {
                    next.push(self.after(|state| {
                        state.workers[worker] = Worker::Waits { attempt, sending };
                        state.parcels.push(parcel);
                    }));
                }
                if self.refusals > 0 || !outlives(self) {
                    next.push(self.after(|state| {
                        state.refusals = state.refusals.saturating_sub(1);
                        state.workers[worker] = Worker::Idle;
                        let kind = ErrorKind::Unreachable;
                        state.end(attempt, sending, Outcome::NotSent { kind });
                    }));
                }
                self.killed(worker, next);
            }
            Worker::Waits { attempt, sending } => {
                // It gives up; the sending has no outcome.
                if self.losses > 0 {
                    next.push(self.after(|state| {
                        state.losses -= 1;
                        state.workers[worker] = Worker::Idle;
                        if world.broken == Broken::LostIsUnsent {
                            let kind = ErrorKind::Unavailable;
                            state.end(attempt, sending, Outcome::NotSent { kind });
                        }
                    }));
                }
                self.killed(worker, next);
            }
            Worker::Asked { attempt, at: asked, says } => {
                next.push(self.after(|state| {
                    state.workers[worker] = Worker::Idle;
                    state.attempts[usize::from(attempt)].facts.join(evidence(says, asked));
                }));
                self.killed(worker, next);
            }
        }
    }

    fn killed(&self, worker: usize, next: &mut Vec<Self>) {
        if self.kills > 0 {
            next.push(self.after(|state| {
                state.kills -= 1;
                state.workers[worker] = Worker::Idle;
            }));
        }
    }

    fn next_of_idle(&self, world: &World, worker: usize, next: &mut Vec<Self>) {
        if self.has_failed {
            return;
        }
        let circumstances = Circumstances::free(at(self.now));
        let Some(last) = self.attempts.len().checked_sub(1) else {
            for account in 0..ACCOUNTS {
                next.push(self.begun(world, worker, account));
            }
            return;
        };
        let rules = world.rules(self.accounts[last]);
        let attempt = &self.attempts[last];
        let standing = self.standing(world, last);
        let mut may_resend = may_resend(attempt, &rules, &circumstances);
        if world.broken == Broken::ResendForEver && standing == Standing::InDoubt {
            may_resend = true;
        }
        if may_resend && attempt.sendings.len() < world.sendings {
            next.push(self.after(|state| state.send(world, worker, last)));
        }
        let mut permitted = next_attempt(attempt, &rules, &circumstances);
        let is_broken = matches!(
            world.broken,
            Broken::AnyRejectionKills | Broken::AbsenceIsProof if standing == Standing::Rejected
        ) || world.broken == Broken::NextWhileInDoubt
            && standing == Standing::InDoubt;
        if is_broken {
            permitted = NextAttempt::Yes { at_same_account: true, at_other_account: true };
        }
        if let NextAttempt::Yes { at_same_account, at_other_account } = permitted
            && self.attempts.len() < world.attempts
        {
            let here = usize::from(self.accounts[last]);
            if at_same_account {
                next.push(self.begun(world, worker, here));
            }
            if at_other_account {
                next.push(self.begun(world, worker, 1 - here));
            }
        }
        let rules: Vec<Rules> = self.accounts.iter().map(|account| world.rules(*account)).collect();
        let attempts: Vec<(&Attempt, &Rules)> = self.attempts.iter().zip(&rules).collect();
        let is_taken_for_dead = is_broken || world.broken != Broken::Nothing && standing.is_dead();
        if may_end_unpaid(&attempts, true, &circumstances) || is_taken_for_dead {
            next.push(self.after(|state| state.has_failed = true));
        }
        for place in 0..self.attempts.len() {
            self.looked_up(world, worker, place, next);
        }
    }

    /// A next attempt begins, and the one before it is closed, in one transaction.
    fn begun(&self, world: &World, worker: usize, account: usize) -> Self {
        let place = self.attempts.len();
        self.after(|state| {
            if let Some(last) = place.checked_sub(1) {
                let standing = state.standing(world, last);
                state.attempts[last].closed_as = Some(standing);
            }
            state.attempts.push(Attempt::new(u8::try_from(place + 1).unwrap()));
            state.accounts.push(u8::try_from(account).unwrap());
            state.send(world, worker, place);
        })
    }

    fn send(&mut self, world: &World, worker: usize, place: usize) {
        let attempt = &mut self.attempts[place];
        let sending = u8::try_from(attempt.sendings.len()).unwrap();
        let until = at(self.now + world.resend_for);
        attempt.begin_sending(Sending::new(at(self.now), [0; 32]), Some(until));
        let attempt = u8::try_from(place).unwrap();
        self.workers[worker] = Worker::Intends { attempt, sending };
    }

    fn end(&mut self, attempt: u8, sending: u8, outcome: Outcome) {
        self.attempts[usize::from(attempt)].end_sending(usize::from(sending), outcome);
    }

    fn looked_up(&self, world: &World, worker: usize, place: usize, next: &mut Vec<Self>) {
        let account = usize::from(self.accounts[place]);
        if !world.finds[account] {
            return;
        }
        let entry = self.books[place];
        let mut answers = vec![entry.order];
        if world.lags && entry.order != Order::None && entry.created == self.now {
            answers.push(Order::None);
        }
        if world.flaps && entry.order == Order::Pending && entry.created == self.now {
            answers.push(Order::Failed);
        }
        let attempt = u8::try_from(place).unwrap();
        for says in answers {
            next.push(self.after(|state| {
                state.workers[worker] = Worker::Asked { attempt, at: state.now, says };
            }));
        }
    }

    fn next_of_parcel(&self, world: &World, place: usize, next: &mut Vec<Self>) {
        let parcel = self.parcels[place];
        let Some(answer) = parcel.answer else {
            if self.now <= parcel.left + world.life {
                next.push(self.after(|state| {
                    state.parcels[place].answer = Some(state.arrive(world, parcel.attempt));
                }));
            }
            if self.losses > 0 {
                next.push(self.after(|state| {
                    state.losses -= 1;
                    state.parcels.remove(place);
                }));
            }
            return;
        };
        let (attempt, sending) = (parcel.attempt, parcel.sending);
        let waits = Worker::Waits { attempt, sending };
        let Some(worker) = self.workers.iter().position(|worker| *worker == waits) else {
            // No process waits for the answer any more.
            next.push(self.after(|state| {
                state.parcels.remove(place);
            }));
            return;
        };
        next.push(self.after(|state| {
            state.parcels.remove(place);
            state.workers[worker] = Worker::Idle;
            let outcome = match answer {
                Answer::Accepted => Outcome::Accepted,
                Answer::Duplicate => Outcome::Duplicate,
                Answer::Rejected { is_permanent } => {
                    let kind = if is_permanent { ErrorKind::Institution } else { ErrorKind::Funds };
                    Outcome::Rejected { kind, is_permanent, at: at(state.now) }
                }
            };
            state.end(attempt, sending, outcome);
        }));
    }

    /// What the provider makes of a copy.
    fn arrive(&mut self, world: &World, attempt: u8) -> Answer {
        let account = usize::from(self.accounts[usize::from(attempt)]);
        let (now, has_money) = (self.now, self.has_money[account]);
        let entry = &mut self.books[usize::from(attempt)];
        let forgets = 2 * world.resend_for;
        let remembered = entry.answer.filter(|(_, since)| now < since + forgets);
        if let Some((answer, _)) = remembered.filter(|_| world.replays[account]) {
            return answer;
        }
        let answer = if entry.order != Order::None && !world.replays[account] {
            Answer::Duplicate
        } else if world.rejects[account] {
            Answer::Rejected { is_permanent: true }
        } else if !has_money {
            Answer::Rejected { is_permanent: false }
        } else {
            if entry.order == Order::None {
                (entry.order, entry.created) = (Order::Pending, now);
            } else {
                entry.more += 1;
            }
            Answer::Accepted
        };
        entry.answer = Some((answer, now));
        answer
    }
}

impl World {
    fn rules(&self, account: u8) -> Rules {
        let account = usize::from(account);
        let window = TICK.checked_mul(i32::from(WINDOW)).unwrap();
        let mut guarantees = Guarantees::default();
        guarantees.failure_final_after = Some(window);
        guarantees.find_by = if self.finds[account] { FindBy::OrderId } else { FindBy::None };
        if self.replays[account] {
            guarantees.replays_for = TICK.checked_mul(i32::from(self.resend_for));
            guarantees.replays_rejections = true;
        }
        Rules::new(&guarantees, Operation::Payout, true, window)
    }
}

fn at(tick: u8) -> Timestamp {
    Timestamp::UNIX_EPOCH + TICK.checked_mul(i32::from(tick)).unwrap()
}

fn evidence(says: Order, asked: u8) -> Evidence {
    let asked = at(asked);
    match says {
        Order::None => Evidence::Absent { asked },
        Order::Pending => Evidence::Found { asked, word: Word::Pending },
        Order::Paid => Evidence::Found { asked, word: Word::Succeeded },
        Order::Failed => Evidence::Found { asked, word: Word::Failed },
    }
}
