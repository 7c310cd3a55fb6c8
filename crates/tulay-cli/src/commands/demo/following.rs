//! Payouts that are followed in the journal until all are final.

use crate::error::CliError;
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use tulay::{
    Effect, Reference, Tulay,
    journal::{Filter, PaymentRecord},
};

/// How long to wait when no further payout ends, and all that are left wait for a reason.
const WAITING: Duration = Duration::from_secs(10);
/// The same where one of them is under way.
const UNDER_WAY: Duration = Duration::from_secs(30);
/// The time between two readings. Reading a long file takes a fifth of the time at most.
const INTERVAL: Duration = Duration::from_millis(50);
const READING: u32 = 4;
const PAGE: usize = 1000;

/// How often payouts that are under way are looked up beside the schedule, whose steps grow; and how
/// many of them.
const REFRESH: Duration = Duration::from_secs(1);
const REFRESHED: usize = 100;

/// All payouts of the journal of a demo.
pub(super) struct Following<'t> {
    tulay: &'t Tulay,
    pub(super) records: Vec<PaymentRecord>,
    /// How many are final, and since when no further one is.
    ended: usize,
    since: Instant,
    read_for: Duration,
}

impl<'t> Following<'t> {
    /// Begins to follow them.
    pub(super) async fn begin(tulay: &'t Tulay) -> Result<Self, CliError> {
        let (records, since) = (Vec::new(), Instant::now());
        let mut following = Self { tulay, records, ended: 0, since, read_for: Duration::ZERO };
        following.read().await?;
        Ok(following)
    }

    /// Follows them until all are final, or none has ended for a while.
    pub(super) async fn finish(mut self) -> Result<Vec<PaymentRecord>, CliError> {
        let mut refreshed = Instant::now();
        while !self.is_over() {
            tokio::time::sleep(INTERVAL.max(self.read_for * READING)).await;
            self.read().await?;
            if refreshed.elapsed() > REFRESH {
                refreshed = Instant::now();
                for record in self.records.iter().filter(|it| is_under_way(it)).take(REFRESHED) {
                    self.tulay.payouts().refresh(&record.reference).await?;
                }
            }
        }
        Ok(self.records)
    }

    /// Reads them again.
    pub(super) async fn read(&mut self) -> Result<(), CliError> {
        let began = Instant::now();
        let mut filter = Filter::default();
        filter.most = PAGE;
        self.records = self.tulay.payouts().list(filter).await?.all().await?;
        let ended = self.records.iter().filter(|record| record.status.is_final()).count();
        if ended != self.ended {
            (self.ended, self.since) = (ended, Instant::now());
        }
        self.read_for = began.elapsed();
        Ok(())
    }

    /// Whether all are final, or none has ended for a while.
    pub(super) fn is_over(&self) -> bool {
        let mut open = self.records.iter().filter(|record| !record.status.is_final()).peekable();
        if open.peek().is_none() {
            return true;
        }
        let waits = |record: &PaymentRecord| {
            !is_under_way(record) && record.waiting.as_ref().is_some_and(|it| it.reason.is_some())
        };
        let patience = if open.all(waits) { WAITING } else { UNDER_WAY };
        self.since.elapsed() > patience
    }
}

/// Whether a provider may have it, and it is not final.
pub(super) fn is_under_way(record: &PaymentRecord) -> bool {
    !record.status.is_final() && record.effect() == Some(Effect::Unknown)
}

/// The payouts that are not final, in a sentence.
pub(super) fn unfinished(records: &[PaymentRecord]) -> Option<String> {
    let open: Vec<&PaymentRecord> =
        records.iter().filter(|record| !record.status.is_final()).collect();
    let under_way = open.iter().filter(|record| is_under_way(record)).count();
    (!open.is_empty()).then(|| {
        format!(
            "{} of {} payouts are not final, and the demo waits no longer: {} wait to be sent, \
             {under_way} may have been sent; a worker on a journal that is kept goes on",
            open.len(),
            records.len(),
            open.len() - under_way
        )
    })
}

/// The payouts by their references.
pub(super) fn by_reference(records: Vec<PaymentRecord>) -> HashMap<Reference, PaymentRecord> {
    records.into_iter().map(|record| (record.reference.clone(), record)).collect()
}
