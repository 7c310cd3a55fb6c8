//! What the commands list among all rows of a large journal.

use crate::measure::{bar, median, timed};
use std::time::Duration;
use tulay_journal::{
    record::{Record, Status},
    store::Filter,
};

pub(crate) const RUNS: usize = 51;

/// Times each of the lists.
pub(crate) fn lists(list: impl Fn(Filter) -> Vec<Record>) {
    for (name, status, in_review) in [
        ("payout list", None, false),
        ("payout list --status created", Some(Status::Created), false),
        ("payout list --status failed, of which there are few", Some(Status::Failed), false),
        ("review list", None, true),
    ] {
        let mut filter = Filter::default();
        (filter.status, filter.in_review) = (status, in_review);
        let list = || assert!(!list(filter.clone()).is_empty(), "{name}");
        within(name, RUNS, list, Duration::from_millis(50));
    }
}

/// Times a call, which has a bar.
pub(crate) fn within(name: &str, runs: usize, run: impl Fn(), most: Duration) {
    let time = median((0..runs).map(|_| timed(&run)).collect());
    let text = format!("{} µs", time.as_micros());
    bar(name, &text, &format!("less than {} ms", most.as_millis()), time < most);
}
