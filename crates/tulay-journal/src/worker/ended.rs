//! Reports each payment that ends. Another step may end a payment before an earlier one has read how it
//! stands; its end is reported once all the same.

use crate::record::{Record, RecordId, Status};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Called with each payment that a step ends.
#[derive(Clone)]
pub(super) struct OnEnd(Arc<Shared>);

struct Shared {
    handler: Box<dyn Fn(&Record) + Send + Sync>,
    /// Payments that steps work on.
    open: Mutex<BTreeMap<RecordId, Open>>,
}

#[derive(Default)]
struct Open {
    steps: usize,
    reported: Option<Status>,
}

/// A step of one payment, until it is dropped.
pub(super) struct Reporting {
    on_end: OnEnd,
    id: RecordId,
    before: Status,
}

impl OnEnd {
    pub(super) fn new(handler: impl Fn(&Record) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared { handler: Box::new(handler), open: Mutex::default() }))
    }

    /// A step of a payment begins.
    pub(super) fn begin(&self, record: &Record) -> Reporting {
        self.open().entry(record.id).or_default().steps += 1;
        Reporting { on_end: self.clone(), id: record.id, before: record.status }
    }

    /// A payment got its final status beside its steps. One that is under way does not report it again.
    pub(super) fn ended(&self, record: &Record) {
        {
            let mut open = self.open();
            let step = open.get_mut(&record.id);
            let reported = step.and_then(|step| step.reported.replace(record.status));
            if reported == Some(record.status) {
                return;
            }
        }
        (self.0.handler)(record);
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<RecordId, Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reporting {
    /// The payment whose step has been done.
    pub(super) const fn id(&self) -> RecordId {
        self.id
    }

    /// The step is done, and the payment is as given.
    pub(super) fn done(&self, after: &Record) {
        if !after.status.is_final() || after.status == self.before {
            return;
        }
        {
            let mut open = self.on_end.open();
            let open = open.entry(self.id).or_default();
            if open.reported.replace(after.status) == Some(after.status) {
                return;
            }
        }
        (self.on_end.0.handler)(after);
    }
}

impl Drop for Reporting {
    fn drop(&mut self) {
        let mut all = self.on_end.open();
        if let Some(open) = all.get_mut(&self.id) {
            open.steps -= 1;
            if open.steps == 0 {
                all.remove(&self.id);
            }
        }
    }
}

impl fmt::Debug for OnEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnEnd")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{Context, Personal, Policy, accept},
        store::Acceptance,
    };
    use jiff::Timestamp;
    use tulay_core::{Country, Currency, Money, Namespace, Operation, Reference};

    fn record() -> Record {
        let acceptance = Acceptance::new(
            Operation::Payout,
            Reference::new("R1").unwrap(),
            Money::from_minor(10_000, Currency::PHP),
            Country::PH,
            Personal::new("{}"),
            "[]",
        );
        let policy = Policy::production(Namespace::new("acme-ph").unwrap(), Vec::new());
        let now = Timestamp::UNIX_EPOCH;
        let context = Context { now, policy: &policy, owner: 1, pauses: &[], doubt: None };
        accept(RecordId(1), acceptance, &context).0
    }

    #[test]
    fn end_is_reported_once_by_steps_that_overlap() {
        let reported = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&reported);
        let on_end = OnEnd::new(move |record| list.lock().unwrap().push(record.status));
        let (mut record, reported) = (record(), || reported.lock().unwrap().clone());
        let first = on_end.begin(&record);
        record.status = Status::Pending;
        let second = on_end.begin(&record);
        record.status = Status::Succeeded;
        second.done(&record);
        first.done(&record);
        assert_eq!(reported(), [Status::Succeeded]);
        drop(second);
        record.status = Status::Reversed;
        first.done(&record);
        drop(first);
        assert_eq!(reported(), [Status::Succeeded, Status::Reversed]);
        assert!(on_end.open().is_empty(), "nothing is kept of what has ended");
        let later = on_end.begin(&record);
        later.done(&record);
        assert_eq!(reported().len(), 2, "its status is the one before");
    }
}
