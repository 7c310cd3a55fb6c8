//! Sends payments and looks them up.

mod beat;
mod call;
mod collection;
mod ended;
mod hindered;
mod limits;
mod notified;
mod order;
mod reading;
mod search;
mod step;
mod todo;

pub use limits::Limits;

use crate::{
    Applier, Time,
    planner::Planner,
    record::{Policy, Record, RecordId},
    store::{Claim, Store, StoreError},
};
use beat::InFlight;
use ended::OnEnd;
use jiff::SignedDuration;
use limits::Gates;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};
use step::Shared;
use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
};
use tulay_core::MerchantAccount;

/// Payments that one worker has at once, by default.
const MOST_AT_ONCE: usize = 256;
/// How long a worker waits before it asks again what is due; it scales with the schedule.
const IDLE: SignedDuration = SignedDuration::from_millis(500);
const SHORTEST_IDLE: SignedDuration = SignedDuration::from_millis(20);

/// Sends payments and looks them up: those of one journal that are due, until it is stopped. Any
/// number of workers may run, in one process or in several.
///
/// Dropping [`run`](Self::run) is as safe as a crash.
#[derive(Clone, Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    only: Vec<RecordId>,
    at_once: usize,
    on_end: Option<OnEnd>,
}

impl Worker {
    /// A worker. The policy is the one that the store was opened with. Every provider must send
    /// through a [`DeadlineTransport`](crate::DeadlineTransport).
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        planner: Arc<dyn Planner>,
        time: Arc<dyn Time>,
        policy: Policy,
        limits: Limits,
    ) -> Self {
        let gates = Gates::new(limits);
        let applier = Applier::new(Arc::clone(&store), policy.clone());
        let shared = Shared {
            store,
            planner,
            time,
            policy,
            gates,
            wake: Notify::new(),
            applier,
            notified: Notify::new(),
            running: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
        };
        Self { shared: Arc::new(shared), only: Vec::new(), at_once: MOST_AT_ONCE, on_end: None }
    }

    /// Works on so many payments at once; 256 by default.
    #[must_use]
    pub const fn at_once(mut self, payments: usize) -> Self {
        self.at_once = payments;
        self
    }

    /// Sets other limits for one account. It has to be called before the worker runs.
    #[must_use]
    pub fn limit(self, account: MerchantAccount, limits: Limits) -> Self {
        self.shared.gates.set(account, limits);
        self
    }

    /// Works on these payments alone and leaves the others to other workers.
    #[must_use]
    pub fn only(mut self, ids: Vec<RecordId>) -> Self {
        self.only = ids;
        self
    }

    /// Calls this with each payment that a step of this worker ends, or ends otherwise than before.
    #[must_use]
    pub fn on_end(mut self, handler: impl Fn(&Record) + Send + Sync + 'static) -> Self {
        self.on_end = Some(OnEnd::new(handler));
        self
    }

    /// Lets it look at once for what is due: a payment was accepted in this process.
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }

    /// Lets it apply notifications at once: one was kept in this process. Returns whether it runs, and
    /// so will.
    #[must_use]
    pub fn notified(&self) -> bool {
        self.shared.notified.notify_one();
        self.shared.running.load(SeqCst) > 0
    }

    /// Works until `stop` is ready, then lets calls in flight be answered and written down.
    ///
    /// # Errors
    /// When the journal has stopped: [`StoreError::has_stopped`]. Other failures of the journal are
    /// logged and waited out.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<(), StoreError> {
        let mut stop = pin!(stop);
        let mut tasks = JoinSet::new();
        // A worker of some payments alone is a command, and ends soon.
        let is_listed = self.only.is_empty();
        let mut beats = pin!(self.shared.beats());
        let mut notifications = pin!(self.shared.notifications(self.on_end.as_ref()));
        let _running = Running::new(&self.shared);
        let idle = self.shared.scaled(IDLE).max(SHORTEST_IDLE);
        let mut hindered = None;
        loop {
            // A place of a task that has ended is free, and they are claimed for together.
            while let Some(done) = tasks.try_join_next() {
                still_open(&done)?;
            }
            let free = self.at_once.saturating_sub(tasks.len());
            // `stop` does not interrupt it: a claim that is forgotten holds its payments until the
            // lease ends.
            let begun = self.begin(free, &mut tasks).await;
            let failure = begun.as_ref().err().cloned();
            if failure != hindered {
                match &failure {
                    Some(error) => tracing::error!(%error, "no payment can be claimed"),
                    None => tracing::info!("payments are claimed again"),
                }
                hindered.clone_from(&failure);
            }
            if let Some(error) = failure.filter(StoreError::has_stopped) {
                return Err(error);
            }
            let has_begun = begun.is_ok_and(|payments| payments > 0);
            tokio::select! {
                biased;
                () = &mut stop => break,
                never = &mut beats, if is_listed => match never {},
                never = &mut notifications => match never {},
                () = std::future::ready(()), if has_begun => {}
                Some(done) = tasks.join_next() => still_open(&done)?,
                () = self.shared.wake.notified() => {}
                () = self.shared.time.sleep(idle) => {}
            }
        }
        while tasks.join_next().await.is_some() {}
        if is_listed {
            let _ = self.shared.store.leave().await;
        }
        Ok(())
    }

    /// Does what is due now, once for each payment. Returns for how many.
    ///
    /// # Errors
    /// As [`StoreError`]; what was not written down stays as after a crash.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        self.shared.apply(self.on_end.as_ref()).await?;
        let mut tasks = JoinSet::new();
        let begun = self.begin(self.at_once, &mut tasks).await?;
        while let Some(done) = tasks.join_next().await {
            // A task that panicked stays as after a crash.
            done.unwrap_or(Ok(()))?;
        }
        Ok(begun)
    }

    async fn begin(
        &self,
        most: usize,
        tasks: &mut JoinSet<Result<(), StoreError>>,
    ) -> Result<usize, StoreError> {
        if most == 0 {
            return Ok(0);
        }
        let mut claim = Claim::due(most);
        claim.only.clone_from(&self.only);
        let claimed = self.shared.store.claim(claim).await?;
        let began = self.shared.time.monotonic();
        for RecordId(payment) in &claimed.unreadable {
            tracing::error!(payment, "this version cannot read a payment, and leaves it alone");
        }
        let begun = claimed.records.len();
        let (at, doubt) = (claimed.at, claimed.doubt.map(Arc::new));
        for record in claimed.records {
            let (shared, doubt) = (Arc::clone(&self.shared), doubt.clone());
            let reporting = self.on_end.as_ref().map(|it| it.begin(&record));
            let in_flight = InFlight::new(&shared);
            tasks.spawn(async move {
                let _in_flight = in_flight;
                shared.step(record, step::At { at, began, doubt: doubt.as_deref() }).await?;
                if let Some(reporting) = reporting {
                    let after = shared.store.get(vec![reporting.id()]).await?.pop().flatten();
                    after.iter().for_each(|record| reporting.done(record));
                }
                Ok(())
            });
        }
        Ok(begun)
    }
}

/// A worker that runs, until it is dropped.
struct Running<'s>(&'s Shared);

impl<'s> Running<'s> {
    fn new(shared: &'s Shared) -> Self {
        shared.running.fetch_add(1, SeqCst);
        Self(shared)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, SeqCst);
    }
}

/// What was not written down stays as after a crash, and so does a task that panicked; but a journal
/// that has stopped writes nothing any more.
fn still_open(done: &Result<Result<(), StoreError>, JoinError>) -> Result<(), StoreError> {
    match done {
        Ok(Err(error)) if error.has_stopped() => Err(error.clone()),
        _ => Ok(()),
    }
}
