//! Where an attempt stands.

use crate::measure::{Effort, bar, median, title};
use allocation_counter::measure;
use cpu_time::ThreadTime;
use jiff::{SignedDuration, Timestamp};
use std::hint::black_box;
use tulay::{ErrorKind, Operation, adapter::FindBy, adapter::Guarantees};
use tulay_journal::machine::{
    Attempt, Evidence, LEAST_ABSENCE_WINDOW, Outcome, Rules, Sending, Standing, standing,
};

/// In doubt, so that every row of the table is tried: two sendings ended without an order, and the
/// third may have arrived.
fn attempt() -> Attempt {
    let at = |minute| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
    let mut attempt = Attempt::new(1);
    for minute in [0, 20, 40] {
        attempt.begin_sending(Sending::new(at(minute), [7; 32]), Some(at(1440)));
    }
    attempt.end_sending(0, Outcome::NotSent { kind: ErrorKind::Unavailable });
    let rejected = Outcome::Rejected { kind: ErrorKind::Funds, is_permanent: false, at: at(21) };
    attempt.end_sending(1, rejected);
    attempt.facts.join(Evidence::Absent { asked: at(30) });
    attempt
}

pub(crate) fn run(effort: Effort) {
    let mut guarantees = Guarantees::default();
    guarantees.find_by = FindBy::OrderId;
    guarantees.failure_final_after = Some(LEAST_ABSENCE_WINDOW);
    let rules = Rules::new(&guarantees, Operation::Payout, true, LEAST_ABSENCE_WINDOW);
    let attempt = attempt();
    assert_eq!(standing(&attempt, &rules), Standing::InDoubt);
    let times = effort.scaled(1_000_000);
    let rounds = (0..effort.rounds).map(|_| {
        let start = ThreadTime::now();
        for _ in 0..times {
            black_box(standing(black_box(&attempt), black_box(&rules)));
        }
        start.elapsed().as_nanos() / u128::try_from(times).unwrap()
    });
    let nanoseconds = median(rounds.collect());
    let taken = measure(|| {
        black_box(standing(black_box(&attempt), &rules));
    });
    title("standing of an attempt with three sendings", None);
    bar("time", &format!("{nanoseconds} ns"), "at most 200 ns", nanoseconds <= 200);
    let count = taken.count_total;
    bar("allocations", &count.to_string(), "none", count == 0);
}
