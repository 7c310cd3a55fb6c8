//! What became of the rows of a file: counts, sums, and how the command ends.

use super::{
    passed_over::passed_over,
    sale::Sale,
    totals::{counted, nothing, shown},
};
use crate::{
    exit::Exit,
    payout_file::Row,
    track::{State, Tracked},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tulay::{Currency, Money, Tulay};
use tulay_sandbox::kit::Ledger;

pub(super) struct Outcome {
    states: Vec<State>,
    paid_twice: usize,
    /// Why each row did not go through the providers that come first.
    pub(super) passed_over: Vec<Vec<String>>,
    /// How many rows each of these sentences is about.
    passed_over_counts: BTreeMap<String, usize>,
    /// By currency, provider and state.
    totals: BTreeMap<(Currency, String, &'static str), (usize, Option<Money>)>,
}

impl Outcome {
    pub(super) fn of(tulay: &Tulay, rows: &[Row], payouts: &[Tracked], ledger: &Ledger) -> Self {
        let times_paid = |payout: &&Tracked| ledger.times_paid(payout.lookup.order_id.as_str());
        let mut outcome = Self {
            states: payouts.iter().map(|payout| payout.state).collect(),
            paid_twice: payouts.iter().filter(|payout| times_paid(payout) > 1).count(),
            passed_over: Vec::new(),
            passed_over_counts: BTreeMap::new(),
            totals: BTreeMap::new(),
        };
        for (row, payout) in rows.iter().zip(payouts) {
            let why = passed_over(tulay, row, &payout.provider);
            let why = why.into_iter().map(|(id, why)| format!("not through {id}: {why}"));
            let why: Vec<String> = why.collect();
            for sentence in &why {
                *outcome.passed_over_counts.entry(sentence.clone()).or_default() += 1;
            }
            outcome.passed_over.push(why);
            let amount = row.request.amount;
            let key = (amount.currency(), payout.provider.to_string(), payout.state.as_str());
            let zero = || (0, Some(nothing(amount)));
            let (count, sum) = outcome.totals.entry(key).or_insert_with(zero);
            *count += 1;
            *sum = sum.and_then(|sum| sum.checked_add(amount));
        }
        outcome
    }

    pub(super) fn summary(&self) -> Value {
        json!({
            "total": self.states.len(),
            "succeeded": self.count(State::Succeeded),
            "failed": self.count(State::Failed),
            "pending": self.count(State::Pending),
            "in_doubt": self.count(State::InDoubt),
            "paid_twice": self.paid_twice,
        })
    }

    pub(super) fn totals_json(&self) -> Value {
        let totals = self.totals.iter().map(|((_, provider, state), (count, amount))| {
            json!({ "provider": provider, "status": state, "count": count, "amount": amount })
        });
        totals.collect()
    }

    /// `PHP 97,010.00 through starpay succeeded (17 payouts)`.
    pub(super) fn total_lines(&self) -> Vec<String> {
        let totals = self.totals.iter().map(|((_, provider, state), (count, amount))| {
            let payouts = counted(*count, "payout");
            format!("{} through {provider}: {state} ({payouts})", shown(*amount))
        });
        totals.collect()
    }

    /// `17 not through starpay: family_name missing`.
    pub(super) fn passed_over_lines(&self) -> Vec<String> {
        self.passed_over_counts.iter().map(|(why, count)| format!("{count} {why}")).collect()
    }

    pub(super) fn closing(&self) -> String {
        format!(
            "{}: {} succeeded, {} failed, {} pending, {} in doubt; by the simulator's ledger, {} \
             paid twice",
            counted(self.states.len(), "payout"),
            self.count(State::Succeeded),
            self.count(State::Failed),
            self.count(State::Pending),
            self.count(State::InDoubt),
            self.paid_twice
        )
    }

    /// With a sale, the file is the one that comes with the command: some of its rows are meant to
    /// fail.
    pub(super) fn exit(&self, sale: Option<&Sale>) -> Exit {
        let any = |state| self.count(state) > 0;
        let is_open = any(State::InDoubt) || any(State::Reversed);
        if self.paid_twice > 0 || sale.is_some_and(|sale| sale.failed && !is_open && !sale.in_doubt)
        {
            return Exit::CouldNotRun;
        }
        match sale {
            _ if is_open => Exit::InDoubt,
            Some(sale) if sale.in_doubt => Exit::InDoubt,
            Some(_) => Exit::Done,
            None if any(State::Failed) => Exit::Rejected,
            None if any(State::Pending) => Exit::Accepted,
            None => Exit::Done,
        }
    }

    fn count(&self, state: State) -> usize {
        self.states.iter().filter(|known| **known == state).count()
    }
}
