//! The attempts of a search. Each that differs is kept once and has a number; a state holds numbers.
//! So states are small and have a fixed size, and the machine is asked once about each attempt.

use super::{
    Hashed,
    decisions::Decisions,
    provider::{Answer, Order},
    world::{ACCOUNTS, World, at, ticks},
};
use jiff::Timestamp;
use std::collections::HashMap;
use tulay_core::{ErrorKind, FindBy, ProviderReference};
use tulay_journal::machine::{
    Attempt, Evidence, Outcome, ReviewReason, Rules, Sending, Standing,
    facts::Word,
    permission::{Circumstances, NextAttempt},
    review::reviews,
    standing,
};

/// What changes an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Change {
    Sent { now: u8, content: bool },
    Answered { sending: u8, answer: Answer, now: u8 },
    Unsent { sending: u8 },
    Unanswered { sending: u8 },
    Heard { asked: u8, says: Order, now: u8 },
    Notified { says: Order },
    Hinted,
    Declared { says: Order, now: u8 },
    Closed,
}

/// An attempt, and what the rules say of it.
struct Row {
    attempt: Attempt,
    account: u8,
    standing: Standing,
    /// The attempt as broken rules see it, closed as what they take it for.
    believed: Option<Attempt>,
    next: NextAttempt,
    may_resend: Answers,
    is_blocked: Answers,
}

/// What was answered at each tick.
#[derive(Clone, Copy, Default)]
struct Answers {
    known: u64,
    yes: u64,
}

impl Answers {
    fn at(&mut self, tick: u8, answer: impl FnOnce() -> bool) -> bool {
        let bit = 1_u64 << tick;
        if self.known & bit == 0 {
            self.known |= bit;
            if answer() {
                self.yes |= bit;
            }
        }
        self.yes & bit != 0
    }
}

/// The attempts of one search.
pub(super) struct Known {
    world: World,
    rules: [Rules; ACCOUNTS],
    decisions: Decisions,
    rows: Vec<Row>,
    numbers: HashMap<(Attempt, u8), u32, Hashed>,
    changes: HashMap<(u32, Change), u32, Hashed>,
}

impl Known {
    pub(super) fn new(world: &World, decisions: &Decisions) -> Self {
        Self {
            world: *world,
            rules: world.rules(),
            decisions: *decisions,
            rows: Vec::new(),
            numbers: HashMap::default(),
            changes: HashMap::default(),
        }
    }

    /// The number of an attempt that nothing is known of.
    pub(super) fn begun(&mut self, number: u8, account: u8) -> u32 {
        self.number(Attempt::new(number), account)
    }

    pub(super) fn attempt(&self, number: u32) -> &Attempt {
        &self.row(number).attempt
    }

    pub(super) fn rules(&self, number: u32) -> &Rules {
        &self.rules[usize::from(self.row(number).account)]
    }

    /// The attempt as the rules see it.
    pub(super) fn believed(&self, number: u32) -> &Attempt {
        let row = self.row(number);
        row.believed.as_ref().unwrap_or(&row.attempt)
    }

    pub(super) fn standing(&self, number: u32) -> Standing {
        self.row(number).standing
    }

    pub(super) fn next_attempt(&self, number: u32) -> NextAttempt {
        self.row(number).next
    }

    pub(super) fn may_resend(&mut self, number: u32, tick: u8, stops: (bool, bool)) -> bool {
        let (is_blocked, is_paused) = stops;
        let free = Circumstances::free(at(tick));
        let may_resend = self.decisions.may_resend;
        let (row, rules) = self.parts(number);
        match &row.believed {
            Some(_) if is_blocked || is_paused => false,
            Some(_) => row.standing == Standing::Unsent && row.attempt.closed_as.is_none(),
            None if is_blocked || is_paused => {
                let circumstances = Circumstances { is_blocked, is_paused, ..free };
                may_resend(&row.attempt, rules, &circumstances)
            }
            None => row.may_resend.at(tick, || may_resend(&row.attempt, rules, &free)),
        }
    }

    /// Whether a review of this attempt blocks sending.
    pub(super) fn is_blocked(&mut self, number: u32, tick: u8) -> bool {
        let (row, rules) = self.parts(number);
        let attempt = &row.attempt;
        let counts = |reason: ReviewReason| {
            reason.blocks_sending()
                && (attempt.closed_as.is_none() || reason == ReviewReason::Contradiction)
        };
        row.is_blocked.at(tick, || reviews(attempt, rules, at(tick)).any(counts))
    }

    /// The number of an attempt after a change.
    pub(super) fn changed(&mut self, number: u32, change: Change) -> u32 {
        if let Some(known) = self.changes.get(&(number, change)) {
            return *known;
        }
        let mut attempt = self.attempt(number).clone();
        let account = self.row(number).account;
        self.apply(&mut attempt, account, number, change);
        let rules = &self.rules[usize::from(account)];
        let standing = (self.decisions.standing)(&attempt, rules);
        if !self.decisions.closes_in_transactions && standing.is_dead() {
            attempt.closed_as.get_or_insert(standing);
        }
        let after = self.number(attempt, account);
        self.changes.insert((number, change), after);
        after
    }

    fn apply(&self, attempt: &mut Attempt, account: u8, number: u32, change: Change) {
        let decisions = &self.decisions;
        match change {
            Change::Sent { now, content } => {
                let sending = Sending::new(at(now), [u8::from(content); 32]);
                (decisions.begin_sending)(attempt, sending, Some(self.resend_until(now)));
            }
            Change::Answered { sending, answer, now } => {
                attempt.end_sending(usize::from(sending), outcome(answer, now));
                let names = self.world.finds[usize::from(account)].by_provider_reference();
                if answer == Answer::Accepted && names {
                    attempt.facts.add_reference(ProviderReference::new("T1").unwrap());
                }
            }
            Change::Unsent { sending } => {
                let kind = ErrorKind::Unreachable;
                attempt.end_sending(usize::from(sending), Outcome::NotSent { kind });
            }
            Change::Unanswered { sending } => {
                if let Some(outcome) = (decisions.unanswered)() {
                    attempt.end_sending(usize::from(sending), outcome);
                }
            }
            Change::Heard { asked, says, now } => {
                // As the record takes it: an early failure must not become two.
                let is_late = asked < now && decisions.late_failures_are_pending;
                let says = match says {
                    Order::Failed | Order::Reversed if is_late => Order::Pending,
                    says => says,
                };
                let asked = at(if decisions.counts_when_asked { asked } else { now });
                let evidence = match word(says) {
                    None => Evidence::Absent { asked },
                    Some(word) => Evidence::Found { asked, word },
                };
                (decisions.join)(&mut attempt.facts, evidence);
            }
            Change::Notified { says } => {
                let word = word(says).unwrap_or(Word::Pending);
                (decisions.join)(&mut attempt.facts, Evidence::Notified(word));
            }
            Change::Hinted => (decisions.hint)(&mut attempt.facts),
            Change::Declared { says, now } => {
                let sendings = u32::try_from(attempt.sendings.len()).unwrap();
                let evidence = match says {
                    Order::Paid => Evidence::Paid,
                    Order::Reversed => Evidence::CameBack { at: at(now) },
                    _ => Evidence::NotExecuted { sendings },
                };
                (decisions.join)(&mut attempt.facts, evidence);
            }
            Change::Closed => {
                let standing = self.standing(number);
                attempt.closed_as.get_or_insert(standing);
            }
        }
    }

    fn resend_until(&self, now: u8) -> Timestamp {
        let half = ticks(self.world.resend_for);
        let time = if self.decisions.halves_memory { half } else { half + half };
        at(now) + time
    }

    fn number(&mut self, attempt: Attempt, account: u8) -> u32 {
        let key = (attempt, account);
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.rows.len()).unwrap();
        let attempt = key.0.clone();
        self.numbers.insert(key, number);
        let rules = &self.rules[usize::from(account)];
        let believes = (self.decisions.standing)(&attempt, rules);
        let believed = (believes != standing(&attempt, rules)).then(|| {
            let mut believed = attempt.clone();
            believed.closed_as = Some(believes);
            believed
        });
        let seen = believed.as_ref().unwrap_or(&attempt);
        let next = (self.decisions.next_attempt)(seen, rules, &Circumstances::free(at(0)));
        self.rows.push(Row {
            next,
            attempt,
            account,
            standing: believes,
            believed,
            may_resend: Answers::default(),
            is_blocked: Answers::default(),
        });
        number
    }

    fn row(&self, number: u32) -> &Row {
        &self.rows[usize::try_from(number).unwrap()]
    }

    fn parts(&mut self, number: u32) -> (&mut Row, &Rules) {
        let row = &mut self.rows[usize::try_from(number).unwrap()];
        let rules = &self.rules[usize::from(row.account)];
        (row, rules)
    }

    /// Whether the order of an attempt can be looked up.
    pub(super) fn is_askable(&self, number: u32) -> bool {
        let row = self.row(number);
        match self.world.finds[usize::from(row.account)] {
            FindBy::OrderId | FindBy::Both => true,
            FindBy::ProviderReference => !row.attempt.facts.provider_references.is_empty(),
            FindBy::None => false,
        }
    }
}

fn outcome(answer: Answer, now: u8) -> Outcome {
    let at = at(now);
    match answer {
        Answer::Accepted => Outcome::Accepted,
        Answer::Duplicate => Outcome::Duplicate,
        Answer::Permanent => {
            Outcome::Rejected { kind: ErrorKind::Institution, is_permanent: true, at }
        }
        Answer::Transient => Outcome::Rejected { kind: ErrorKind::Funds, is_permanent: false, at },
    }
}

fn word(order: Order) -> Option<Word> {
    match order {
        Order::None => None,
        Order::Pending => Some(Word::Pending),
        Order::Paid => Some(Word::Succeeded),
        Order::Failed => Some(Word::Failed),
        Order::Reversed => Some(Word::Reversed),
    }
}
