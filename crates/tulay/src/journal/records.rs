//! Payouts one after another.

use super::{JournalError, PayoutRecord, open::Opened};
use jiff::SignedDuration;
use std::{collections::VecDeque, fmt, sync::Arc};
use tulay_journal::{
    record::{Record, RecordId},
    store::Filter,
};

/// How often a payout that is watched is read.
const EVERY: SignedDuration = SignedDuration::from_millis(100);

/// Payouts one after another; each call of [`next`](Self::next) reads as far as it needs to.
#[must_use]
pub struct Records {
    journal: Arc<Opened>,
    source: Source,
}

enum Source {
    Pages { filter: Filter, page: VecDeque<Record>, is_last: bool },
    Changes { id: RecordId, seen: Option<u32>, is_final: bool },
}

impl Records {
    pub(super) fn pages(journal: Arc<Opened>, filter: Filter) -> Self {
        Self { journal, source: Source::Pages { filter, page: VecDeque::new(), is_last: false } }
    }

    pub(super) fn changes(journal: Arc<Opened>, id: RecordId) -> Self {
        Self { journal, source: Source::Changes { id, seen: None, is_final: false } }
    }

    /// The next payout; `None`: there is no further one.
    ///
    /// # Errors
    /// When the journal cannot be read. The call may be repeated.
    pub async fn next(&mut self) -> Result<Option<PayoutRecord>, JournalError> {
        let Self { journal, source } = self;
        let record = match source {
            Source::Pages { filter, page, is_last } => {
                if page.is_empty() && !*is_last {
                    let read = journal.store.list(filter.clone()).await?;
                    *is_last = read.len() < filter.page();
                    filter.before = read.last().map(|record| record.id);
                    *page = read.into();
                }
                page.pop_front()
            }
            Source::Changes { id, seen, is_final } => loop {
                if *is_final {
                    break None;
                }
                let record = journal.store.get(vec![*id]).await?.pop().flatten();
                let Some(record) = record else { break None };
                *is_final = record.status.is_final();
                if *seen != Some(record.version) {
                    *seen = Some(record.version);
                    break Some(record);
                }
                journal.time.sleep(EVERY).await;
            },
        };
        Ok(record.map(|record| PayoutRecord::of(&record, |account| journal.name(account))))
    }

    /// All that follow.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn all(mut self) -> Result<Vec<PayoutRecord>, JournalError> {
        let mut all = Vec::new();
        while let Some(record) = self.next().await? {
            all.push(record);
        }
        Ok(all)
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Pages { .. } => "Records(pages)",
            Source::Changes { .. } => "Records(changes)",
        })
    }
}
