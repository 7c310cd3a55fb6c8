//! Payouts that are followed in the journal until all are final.

use crate::error::CliError;
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use tulay::{
    Reference, Tulay,
    journal::{Filter, PayoutRecord, Status},
};

/// How long to wait when no further payout ends, and all that are left wait to be sent.
const WAITING: Duration = Duration::from_secs(10);
/// The same where a provider has one of them.
const SENT: Duration = Duration::from_secs(30);
/// The shortest time between two readings; one takes longer where the file is long.
const INTERVAL: Duration = Duration::from_millis(10);
const PAGE: usize = 1000;

/// All payouts of the journal of a demo.
pub(super) struct Following<'t> {
    tulay: &'t Tulay,
    pub(super) records: Vec<PayoutRecord>,
    /// How many are final, and since when no further one is.
    ended: usize,
    since: Instant,
    read_for: Duration,
}

impl<'t> Following<'t> {
    /// Begins to follow them.
    pub(super) async fn begin(tulay: &'t Tulay) -> Result<Self, CliError> {
        let (records, since) = (Vec::new(), Instant::now());
        let mut following = Self { tulay, records, ended: 0, since, read_for: INTERVAL };
        following.read().await?;
        Ok(following)
    }

    /// Follows them until all are final, or none has ended for a while.
    pub(super) async fn finish(mut self) -> Result<Vec<PayoutRecord>, CliError> {
        while !self.is_over() {
            self.pause().await;
            self.read().await?;
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

    /// Waits until it is time to read again.
    pub(super) async fn pause(&self) {
        tokio::time::sleep(self.read_for.max(INTERVAL)).await;
    }

    /// Whether all are final, or none has ended for a while.
    pub(super) fn is_over(&self) -> bool {
        let mut open = self.records.iter().filter(|record| !record.status.is_final()).peekable();
        if open.peek().is_none() {
            return true;
        }
        let patience = if open.all(is_waiting) { WAITING } else { SENT };
        self.since.elapsed() > patience
    }
}

/// Whether it waits to be sent: nothing of it is at a provider.
pub(super) fn is_waiting(record: &PayoutRecord) -> bool {
    matches!(record.status, Status::Created | Status::Sending)
}

/// The payouts that are not final, in a sentence.
pub(super) fn unfinished(records: &[PayoutRecord]) -> Option<String> {
    let open: Vec<&PayoutRecord> =
        records.iter().filter(|record| !record.status.is_final()).collect();
    let waiting = open.iter().filter(|record| is_waiting(record)).count();
    (!open.is_empty()).then(|| {
        format!(
            "{} of {} payouts are not final, and the demo waits no longer: {waiting} wait to be \
             sent, {} may have been sent; a worker on a journal that is kept goes on",
            open.len(),
            records.len(),
            open.len() - waiting
        )
    })
}

/// The payouts by their references.
pub(super) fn by_reference(records: Vec<PayoutRecord>) -> HashMap<Reference, PayoutRecord> {
    records.into_iter().map(|record| (record.reference.clone(), record)).collect()
}
