//! What became of the rows of a file: counts, sums, and how the command ends.

use super::{
    passed_over::Causes,
    sale::Sale,
    totals::{counted, nothing, shown},
};
use crate::{exit::Exit, payout_file::Row};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tulay::{
    Currency, Money, Tulay,
    journal::{PaymentRecord, Status},
};
use tulay_sandbox::kit::Ledger;

pub(super) struct Outcome {
    statuses: Vec<Status>,
    paid_twice: usize,
    /// Why each row did not go through the providers that come first.
    pub(super) passed_over: Vec<Vec<String>>,
    /// How many rows each of these sentences is about.
    passed_over_counts: BTreeMap<String, usize>,
    /// By currency, provider and status.
    totals: BTreeMap<(Currency, String, &'static str), (usize, Option<Money>)>,
}

impl Outcome {
    pub(super) fn of(tulay: &Tulay, payouts: &[(&Row, &PaymentRecord)], ledger: &Ledger) -> Self {
        let records = || payouts.iter().map(|(_, record)| *record);
        let mut outcome = Self {
            statuses: records().map(|record| record.status).collect(),
            paid_twice: records().filter(|record| times_paid(record, ledger) > 1).count(),
            passed_over: Vec::new(),
            passed_over_counts: BTreeMap::new(),
            totals: BTreeMap::new(),
        };
        let causes = Causes::of(records());
        for (row, record) in payouts {
            let why = causes.passed_over(tulay, row, record);
            for sentence in &why {
                *outcome.passed_over_counts.entry(sentence.clone()).or_default() += 1;
            }
            outcome.passed_over.push(why);
            let amount = record.amount;
            let key = (amount.currency(), provider(record), record.status.as_str());
            let (count, sum) =
                outcome.totals.entry(key).or_insert_with(|| (0, Some(nothing(amount))));
            *count += 1;
            *sum = sum.and_then(|sum| sum.checked_add(amount));
        }
        outcome
    }

    pub(super) fn summary(&self) -> Value {
        json!({
            "total": self.statuses.len(),
            "succeeded": self.count(Status::Succeeded),
            "failed": self.count(Status::Failed),
            "waiting": self.waiting(),
            "pending": self.count(Status::Pending),
            "in_doubt": self.count(Status::InDoubt),
            "paid_twice": self.paid_twice,
        })
    }

    pub(super) fn totals_json(&self) -> Value {
        let totals = self.totals.iter().map(|((_, provider, status), (count, amount))| {
            json!({ "provider": provider, "status": status, "count": count, "amount": amount })
        });
        totals.collect()
    }

    /// `PHP 97,010.00 through starpay succeeded (17 payouts)`.
    pub(super) fn total_lines(&self) -> Vec<String> {
        let totals = self.totals.iter().map(|((_, provider, status), (count, amount))| {
            let payouts = counted(*count, "payout");
            format!("{} through {provider}: {status} ({payouts})", shown(*amount))
        });
        totals.collect()
    }

    /// `17 not through starpay: family_name missing`.
    pub(super) fn passed_over_lines(&self) -> Vec<String> {
        self.passed_over_counts.iter().map(|(why, count)| format!("{count} {why}")).collect()
    }

    pub(super) fn closing(&self) -> String {
        let waiting = self.waiting();
        let waiting = if waiting == 0 { String::new() } else { format!("{waiting} waiting, ") };
        format!(
            "{}: {} succeeded, {} failed, {waiting}{} pending, {} in doubt; by the simulator's \
             ledger, {} paid twice",
            counted(self.statuses.len(), "payout"),
            self.count(Status::Succeeded),
            self.count(Status::Failed),
            self.count(Status::Pending),
            self.count(Status::InDoubt),
            self.paid_twice
        )
    }

    /// With a sale, the file is the one that comes with the command: some of its rows are meant to
    /// fail.
    pub(super) fn exit(&self, sale: Option<&Sale>) -> Exit {
        let any = |status| self.count(status) > 0;
        let is_open = any(Status::InDoubt) || any(Status::Reversed);
        let is_unfinished = self.waiting() > 0 || any(Status::Pending);
        match sale {
            _ if self.paid_twice > 0 => Exit::CouldNotRun,
            _ if is_open => Exit::InDoubt,
            Some(sale) if sale.in_doubt => Exit::InDoubt,
            None if any(Status::Failed) => Exit::Rejected,
            _ if is_unfinished => Exit::Accepted,
            Some(sale) if sale.failed => Exit::CouldNotRun,
            _ => Exit::Done,
        }
    }

    fn waiting(&self) -> usize {
        self.count(Status::Created) + self.count(Status::Sending)
    }

    fn count(&self, status: Status) -> usize {
        self.statuses.iter().filter(|known| **known == status).count()
    }
}

/// The provider of the last attempt.
pub(super) fn provider(record: &PaymentRecord) -> String {
    let provider = record.last().and_then(|attempt| attempt.provider.as_ref());
    provider.map_or_else(|| "none".to_owned(), ToString::to_string)
}

/// How often it was paid, whatever the provider and the attempt.
fn times_paid(record: &PaymentRecord, ledger: &Ledger) -> usize {
    record.attempts.iter().map(|attempt| ledger.times_paid(attempt.order_id.as_str())).sum()
}
