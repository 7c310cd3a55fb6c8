//! The search, breadth first, and what must never be.

use super::{
    decisions::{Decisions, Due},
    state::{Says, State, place},
    world::{ASKED, Names, World, at, pesos},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use tulay_core::ProviderReference;
use tulay_journal::collection::{
    Circumstances, Collected, Evidence, Finding, Order, Payment, PaymentId, Report, Status, Terms,
};

/// How far a search goes.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    /// At most so many states.
    pub(super) states: usize,
    /// Every so many-th state is followed to a quiet end.
    pub(super) sample: u64,
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) states: usize,
    /// Whether the world has no other state.
    pub(super) is_complete: bool,
    pub(super) violation: Option<Violation>,
    /// How many quiet ends there are of each status.
    pub(super) ends: BTreeMap<Status, usize>,
}

/// A schedule that ends in what must never be.
#[derive(Debug)]
pub(super) struct Violation {
    pub(super) what: &'static str,
    pub(super) steps: Vec<&'static str>,
    /// The facts and the last state, for a person.
    #[expect(dead_code, reason = "printed")]
    pub(super) state: String,
}

/// A world, the decisions that are made in it, and the facts that differ, each with a number.
pub(super) struct Model {
    pub(super) world: World,
    pub(super) decisions: Decisions,
    pub(super) terms: Terms,
    orders: Vec<Order>,
    rows: Vec<Row>,
    numbers: HashMap<Collected, u32>,
    dues: HashMap<(u32, i64), Due>,
}

struct Row {
    facts: Collected,
    status: Status,
}

/// Searches a world, breadth first, until the first violation.
pub(super) fn search(world: &World, decisions: &Decisions, sought: Sought) -> Found {
    let mut model = Model::new(world, decisions);
    let first = State::first(world);
    let mut seen = HashSet::from([first]);
    // Each with the place of the state before it, and the step between them.
    let mut states: Vec<(State, usize, &'static str)> = vec![(first, 0, "")];
    let mut found =
        Found { states: 0, is_complete: true, violation: None, ends: BTreeMap::default() };
    let (mut next, mut place) = (Vec::new(), 0);
    'search: while let Some((state, ..)) = states.get(place).copied() {
        model.next(&state, &mut next);
        for (step, after) in next.drain(..) {
            if !seen.insert(after) {
                continue;
            }
            states.push((after, place, step));
            let number = u64::try_from(states.len()).unwrap();
            let is_sampled = number.is_multiple_of(sought.sample);
            let what = after
                .flaw
                .or_else(|| is_sampled.then(|| model.followed(&after, &mut found.ends)).flatten());
            if let Some(what) = what {
                found.violation = Some(model.schedule(&states, what));
                break 'search;
            }
            if states.len() >= sought.states {
                found.is_complete = false;
                break 'search;
            }
        }
        place += 1;
    }
    found.states = states.len();
    found
}

impl Model {
    fn new(world: &World, decisions: &Decisions) -> Self {
        let mut model = Self {
            world: *world,
            decisions: *decisions,
            terms: world.terms(),
            orders: world.orders(),
            rows: Vec::new(),
            numbers: HashMap::new(),
            dues: HashMap::new(),
        };
        model.number(Collected::default());
        model
    }

    pub(super) fn facts(&self, state: &State) -> &Collected {
        &self.row(state).facts
    }

    pub(super) fn status(&self, state: &State) -> Status {
        self.row(state).status
    }

    /// What a worker does next.
    pub(super) fn due(&mut self, state: &State) -> Due {
        let key = (state.facts, state.now);
        if let Some(due) = self.dues.get(&key) {
            return *due;
        }
        let circumstances = Circumstances {
            now: at(state.now),
            orders: &self.orders,
            waits_until: None,
            is_watched: false,
        };
        let due = (self.decisions.due)(self.facts(state), &self.terms, &circumstances);
        self.dues.insert(key, due);
        due
    }

    /// Evidence is written down, and what follows from it is compared with the ledger.
    pub(super) fn change(&mut self, state: &mut State, evidence: Evidence) {
        let (before, status_before) = (state.facts, self.status(state));
        let mut facts = self.facts(state).clone();
        (self.decisions.join)(&mut facts, evidence);
        state.facts = self.number(facts);
        if state.facts == before {
            return;
        }
        let before = &self.rows[usize::try_from(before).unwrap()].facts;
        let after = self.facts(state);
        let surprises = (self.decisions.surprises)(after, &self.terms);
        for payment in (self.decisions.new_payments)(before, after) {
            let is_after_end = matches!(status_before, Status::Closed | Status::Failed);
            let is_said = surprises.late.contains(&payment.id)
                || surprises.after_cancellation.contains(&payment.id);
            if is_after_end && !is_said {
                state.flaw = Some("a payment came after the end, and nothing says so");
            }
            match real(state, &payment) {
                None => state.flaw = Some("a payment is reported that was not made"),
                Some(number) => {
                    state.reported[number] += 1;
                    if state.reported[number] > 1 {
                        state.flaw = Some("a payment is reported twice");
                    }
                }
            }
        }
        if let Some(number) = (self.decisions.shown)(after) {
            state.shown[place(number)] = true;
        }
        let status = self.status(state);
        if state.shown.iter().filter(|it| **it).count() > 1 {
            state.flaw = Some("two codes are shown");
        }
        if status == Status::Paid && state.paid(&self.world, true) < ASKED {
            state.flaw = Some("paid, and not paid to us");
        }
        if after.failed_at.is_some() && state.shown.contains(&true) {
            state.flaw = Some("failed without a code, and a code is shown");
        }
    }

    /// The report of a payment in the ledger. `names`: how the message names it.
    pub(super) fn report(&self, state: &State, number: usize, names: Names) -> Report {
        let real = state.ledger[number].unwrap();
        let has_order = names != Names::Nothing;
        let reference = |text: String| ProviderReference::new(text).unwrap();
        Report {
            payment: (names == Names::Payment).then(|| reference(format!("P{number}"))),
            provider_reference: has_order.then(|| reference(format!("R{}", real.order))),
            amount: pesos(self.world.amounts[number]),
            paid_at: self.world.has_times.then(|| at(real.at)),
            seen_at: at(state.now),
        }
    }

    pub(super) fn finding(&self, state: &State, says: Says) -> Finding {
        match says {
            Says::Absent => Finding::Absent,
            Says::Waiting => Finding::Waiting,
            Says::Closed => Finding::Closed,
            Says::Paid(number) => Finding::Paid(self.report(state, number, self.world.names)),
            Says::Reversed(number) => {
                Finding::Reversed(self.report(state, number, self.world.names))
            }
        }
    }

    fn row(&self, state: &State) -> &Row {
        &self.rows[usize::try_from(state.facts).unwrap()]
    }

    fn number(&mut self, facts: Collected) -> u32 {
        if let Some(number) = self.numbers.get(&facts) {
            return *number;
        }
        let number = u32::try_from(self.rows.len()).unwrap();
        let status = (self.decisions.status)(&facts, &self.terms);
        self.numbers.insert(facts.clone(), number);
        self.rows.push(Row { facts, status });
        number
    }

    fn schedule(&self, states: &[(State, usize, &'static str)], what: &'static str) -> Violation {
        let mut steps = Vec::new();
        let mut place = states.len() - 1;
        let last = &states[place].0;
        let state = format!("{:#?} {last:?}", self.facts(last));
        while place > 0 {
            steps.push(states[place].2);
            place = states[place].1;
        }
        steps.reverse();
        Violation { what, steps, state }
    }
}

/// The place of a payment in the ledger. A name that is an order's is of one that was not reported yet.
fn real(state: &State, payment: &Payment) -> Option<usize> {
    let order = match &payment.id {
        PaymentId::Provider(id) => match id.as_str().split_at(1) {
            ("P", number) => {
                let number: usize = number.parse().ok()?;
                return state.ledger.get(number)?.map(|_| number);
            }
            (_, order) => order.parse().ok()?,
        },
        PaymentId::Order(order) => *order,
    };
    let on_order = |number: &usize| state.ledger[*number].is_some_and(|it| it.order == order);
    let all = || (0..state.ledger.len()).filter(on_order);
    all().find(|number| state.reported[*number] == 0).or_else(|| all().next())
}
