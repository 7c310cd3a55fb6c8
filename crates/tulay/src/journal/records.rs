//! Payments one after another.

use super::{JournalError, PaymentRecord, Status, journal_record::JournalRecord, open::Opened};
use jiff::SignedDuration;
use std::{collections::VecDeque, fmt, marker::PhantomData, sync::Arc};
use tulay_journal::{
    record::{Record, RecordId},
    store::Filter,
};

/// How often a payment that is watched is read.
const EVERY: SignedDuration = SignedDuration::from_millis(100);

/// Payments one after another; each call of [`next`](Self::next) reads as far as it needs to.
#[must_use]
pub struct Records<T = PaymentRecord> {
    journal: Arc<Opened>,
    source: Source,
    shown: PhantomData<fn() -> T>,
}

enum Source {
    /// Those that are shown with this status, in the order of their keys.
    Pages {
        lists: Vec<List>,
        status: Option<Status>,
    },
    Changes {
        id: RecordId,
        seen: Option<u32>,
        is_final: bool,
    },
}

impl<T: JournalRecord> Records<T> {
    pub(super) fn pages(journal: Arc<Opened>, mut filter: Filter) -> Self {
        let status = filter.status;
        // The process that was sending it may have ended.
        let mut lists = vec![List::new(filter.clone())];
        if status == Some(Status::InDoubt) {
            filter.status = Some(Status::Sending);
            lists.push(List::new(filter));
        }
        Self { journal, source: Source::Pages { lists, status }, shown: PhantomData }
    }

    pub(super) fn changes(journal: Arc<Opened>, id: RecordId) -> Self {
        let source = Source::Changes { id, seen: None, is_final: false };
        Self { journal, source, shown: PhantomData }
    }

    /// The next payment; `None`: there is no further one.
    ///
    /// # Errors
    /// When the journal cannot be read. The call may be repeated.
    pub async fn next(&mut self) -> Result<Option<T>, JournalError> {
        let Self { journal, source, .. } = self;
        let record = match source {
            Source::Pages { lists, status } => loop {
                let mut newest = None;
                for (place, list) in lists.iter_mut().enumerate() {
                    newest = newest.max(list.newest(journal).await?.map(|id| (id, place)));
                }
                let list = newest.and_then(|(_, place)| lists.get_mut(place));
                let Some(record) = list.and_then(|list| list.page.pop_front()) else { break None };
                let shown: T = journal.record(&record)?;
                if status.is_none_or(|status| shown.is_listed(status)) {
                    return Ok(Some(shown));
                }
            },
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
        record.map(|record| journal.record(&record)).transpose()
    }

    /// All that follow.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn all(mut self) -> Result<Vec<T>, JournalError> {
        let mut all = Vec::new();
        while let Some(record) = self.next().await? {
            all.push(record);
        }
        Ok(all)
    }
}

/// The payments of one filter, a page at a time.
struct List {
    filter: Filter,
    page: VecDeque<Record>,
    is_last: bool,
}

impl List {
    const fn new(filter: Filter) -> Self {
        Self { filter, page: VecDeque::new(), is_last: false }
    }

    /// The newest one that is left.
    async fn newest(&mut self, journal: &Opened) -> Result<Option<RecordId>, JournalError> {
        if self.page.is_empty() && !self.is_last {
            let read = journal.store.list(self.filter.clone()).await?;
            self.is_last = read.len() < self.filter.page();
            self.filter.before = read.last().map(|record| record.id);
            self.page = read.into();
        }
        Ok(self.page.front().map(|record| record.id))
    }
}

impl<T> fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Pages { .. } => "Records(pages)",
            Source::Changes { .. } => "Records(changes)",
        })
    }
}
