//! The providers and what they share; the only place where due work is done.

use crate::kit::{
    DeliveryOutcome, Faults, Job, Movement, Notification, Reply, Sample, Shared, SimulatedProvider,
    World, after, answers::html, locked,
};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::{
    sync::Mutex,
    task::{JoinSet, yield_now},
};
use tulay_core::{Clock, Invalid};

#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) shared: Arc<Shared>,
    providers: Vec<Arc<dyn SimulatedProvider>>,
    /// Held while due work is done, so that two who advance the clock do not overtake each other.
    turn: Mutex<()>,
}

impl Simulation {
    pub(crate) fn new(providers: Vec<Arc<dyn SimulatedProvider>>, shared: Shared) -> Self {
        Self { shared: Arc::new(shared), providers, turn: Mutex::default() }
    }

    pub(crate) fn providers(&self) -> &[Arc<dyn SimulatedProvider>] {
        &self.providers
    }

    pub(crate) fn provider(&self, name: &str) -> Result<&Arc<dyn SimulatedProvider>, Invalid> {
        self.providers.iter().find(|provider| provider.name() == name).ok_or_else(|| {
            let names: Vec<_> = self.providers.iter().map(|provider| provider.name()).collect();
            Invalid::new("provider", format!("one of {}", names.join(", ")))
        })
    }

    /// One request through the faults that any provider can have.
    pub(crate) fn handle(
        &self,
        provider: &dyn SimulatedProvider,
        request: &Request<Bytes>,
    ) -> Reply {
        let world = self.world(provider);
        if request.method() != Method::POST {
            return provider.handle(request, &world);
        }
        if world.take_fault(|faults| &mut faults.lose_requests) {
            return Reply::Lost;
        }
        let reply = provider.handle(request, &world);
        if world.take_fault(|faults| &mut faults.lose_answers) {
            Reply::Lost
        } else if world.take_fault(|faults| &mut faults.http_500_after) {
            Reply::Answer(broken_down())
        } else {
            match reply {
                Reply::Answer(answer) | Reply::Delayed(_, answer)
                    if world.take_fault(|faults| &mut faults.half_answer) =>
                {
                    Reply::HalfAnswer(answer)
                }
                reply => reply,
            }
        }
    }

    pub(crate) fn set_faults(&self, provider: &str, faults: Faults) -> Result<(), Invalid> {
        let provider = self.provider(provider)?.name();
        let released = !faults.hold_notifications;
        locked(&self.shared.faults).insert(provider, faults);
        if released {
            self.shared.notifier.release(&self.shared, provider);
        }
        Ok(())
    }

    /// A payer pays a code that a provider showed.
    pub(crate) fn pay(
        &self,
        provider: &str,
        code: &str,
        amount: Option<&str>,
    ) -> Result<Movement, Invalid> {
        let provider = self.provider(provider)?;
        provider.pay(code, amount, &self.world(provider.as_ref()))
    }

    /// Sends a notification that a person asks for, once.
    pub(crate) async fn trigger(
        &self,
        provider: &str,
        sample: &Sample,
    ) -> Result<(Notification, DeliveryOutcome), Invalid> {
        let provider = self.provider(provider)?.as_ref();
        let notification = provider.sample(sample, &self.world(provider))?;
        let notifier = &self.shared.notifier;
        let outcome = notifier.send_once(&self.shared, provider, notification.clone()).await;
        Ok((notification, outcome))
    }

    pub(crate) fn reset(&self) {
        self.shared.agenda.clear();
        self.shared.clock.restart();
        self.shared.notifier.clear();
        for provider in &self.providers {
            provider.reset();
            locked(&self.shared.faults).insert(provider.name(), Faults::default());
        }
        *locked(&self.shared.ledger) = Default::default();
    }

    pub(crate) async fn advance(&self, by: SignedDuration) {
        let _turn = self.turn.lock().await;
        self.run_until(after(self.shared.clock.now(), by.max(SignedDuration::ZERO))).await;
    }

    /// Lets a caller wait: with a manual clock the waiting itself is what moves the time, unless
    /// it is being moved by someone already.
    pub(crate) async fn pass(&self, by: SignedDuration) {
        let until = after(self.shared.clock.now(), by);
        if !self.shared.clock.is_manual() {
            self.shared.clock.reached(until).await;
        } else if let Ok(_turn) = self.turn.try_lock() {
            self.run_until(until).await;
        } else {
            self.shared.clock.advance_to(until);
        }
    }

    /// Does due work for ever, by a real clock. A slow receiver of notifications delays nothing.
    pub(crate) async fn work(self: Arc<Self>) {
        let mut deliveries = JoinSet::new();
        loop {
            while deliveries.try_join_next().is_some() {}
            match self.shared.agenda.next_due() {
                Some(due) if due <= self.shared.clock.now() => {
                    self.run_next(&mut deliveries).await;
                    // Signing takes a while, and a burst of it must not starve the answers.
                    yield_now().await;
                }
                Some(due) => tokio::select! {
                    () = self.shared.clock.reached(due) => {}
                    () = self.shared.agenda.changed() => {}
                },
                None => self.shared.agenda.changed().await,
            }
        }
    }

    async fn run_next(self: &Arc<Self>, deliveries: &mut JoinSet<()>) {
        let _turn = self.turn.lock().await;
        match self.shared.agenda.take_due(self.shared.clock.now()) {
            Some(job @ Job::Deliver { .. }) => {
                let simulation = Arc::clone(self);
                deliveries.spawn(async move { simulation.run(job).await });
            }
            Some(job) => self.run(job).await,
            None => {}
        }
    }

    async fn run_until(&self, target: Timestamp) {
        while let Some(due) = self.shared.agenda.next_due().filter(|due| *due <= target) {
            self.shared.clock.advance_to(due);
            if let Some(job) = self.shared.agenda.take_due(due) {
                self.run(job).await;
            }
        }
        self.shared.clock.advance_to(target);
    }

    async fn run(&self, job: Job) {
        let (Job::Wake { provider, .. } | Job::Deliver { provider, .. }) = &job;
        let Ok(provider) = self.provider(provider) else { return };
        match job {
            Job::Wake { subject, .. } => provider.wake(&subject, &self.world(provider.as_ref())),
            Job::Deliver { id, copy, .. } => {
                let shared = &self.shared;
                shared.notifier.deliver(shared, provider.as_ref(), id, copy).await;
            }
        }
    }

    fn world(&self, provider: &dyn SimulatedProvider) -> World {
        World::new(provider.name(), Arc::clone(&self.shared))
    }
}

fn broken_down() -> Response<Bytes> {
    let page = "<html><body><h1>500 Internal Server Error</h1></body></html>";
    html(StatusCode::INTERNAL_SERVER_ERROR, page)
}
