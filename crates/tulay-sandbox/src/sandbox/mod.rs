//! A running sandbox.

mod body;
mod builder;
mod control;
mod error;
mod front;
mod guard;
mod server;
mod simulation;
mod transport;

pub use builder::SandboxBuilder;
pub use error::SandboxError;

use crate::kit::{
    DeliveryOutcome, Faults, Ledger, Movement, NotificationRecord, Sample, SandboxClock, locked,
};
use front::Front;
use http::Uri;
use jiff::SignedDuration;
use simulation::Simulation;
use std::{collections::BTreeMap, sync::Arc};
use tokio::task::JoinHandle;
use transport::InProcess;
use tulay_core::{Invalid, Transport};

/// Simulated providers, running until this is stopped or dropped.
///
/// With a real clock, due work is done in the background, and several notifications may be under
/// way at once. With a manual clock nothing happens but in [`advance`](Self::advance), one thing
/// after another.
#[derive(Debug)]
pub struct Sandbox {
    front: Arc<Front>,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts all built-in providers on 127.0.0.1, on a port that is free.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start() -> Result<Self, SandboxError> {
        Self::builder().start().await
    }

    /// Where everything is reached, without a path: `http://127.0.0.1:8400`. Port 0, which nothing
    /// can connect to, stands for a sandbox without sockets.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.front.origin()
    }

    /// Where a provider's interface begins: `http://127.0.0.1:8400/starpay`.
    ///
    /// # Errors
    /// When there is no such provider; the error names those there are.
    pub fn base_url(&self, provider: &str) -> Result<String, Invalid> {
        let provider = self.simulation().provider(provider)?;
        Ok(format!("{}/{}", self.origin(), provider.name()))
    }

    /// A transport that reaches this sandbox without a socket, on the way that every other request
    /// takes. A request to any other address, or after the end of the sandbox, is `NotSent`; an
    /// answer that is delayed for more than 30 seconds is a `Timeout`.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(InProcess::new(&self.front))
    }

    /// The sandbox's time.
    #[must_use]
    pub fn clock(&self) -> Arc<SandboxClock> {
        Arc::clone(&self.simulation().shared.clock)
    }

    /// Lets time pass and does all that falls due meanwhile, each at its moment, notifications and
    /// their repetitions included. A negative duration moves nothing, but what is due is done.
    ///
    /// A receiver of notifications must not call this before it answers one.
    pub async fn advance(&self, by: SignedDuration) {
        self.simulation().advance(by).await;
    }

    /// What really happened to money so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        locked(&self.simulation().shared.ledger).clone()
    }

    /// Every notification so far, and what became of it.
    #[must_use]
    pub fn notifications(&self) -> Vec<NotificationRecord> {
        self.simulation().shared.notifier.records()
    }

    /// What goes wrong on purpose, by provider, with what is left of each count.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<&'static str, Faults> {
        locked(&self.simulation().shared.faults).clone()
    }

    /// Sets what goes wrong at one provider from now on.
    ///
    /// # Errors
    /// When there is no such provider; the error names those there are.
    pub fn set_faults(&self, provider: &str, faults: Faults) -> Result<(), Invalid> {
        self.simulation().set_faults(provider, faults)
    }

    /// A payer pays a code that a provider showed, of an amount in major units (`250.00`) where the
    /// code leaves it to him.
    ///
    /// # Errors
    /// When there is no such provider, or it showed no such code, or the code is not open, or asks
    /// for another amount.
    pub fn pay(
        &self,
        provider: &str,
        code: &str,
        amount: Option<&str>,
    ) -> Result<Movement, Invalid> {
        self.simulation().pay(provider, code, amount)
    }

    /// The public key that a provider's signatures verify under: SubjectPublicKeyInfo in PEM.
    ///
    /// # Errors
    /// When there is no such provider; the error names those there are.
    pub fn platform_key(&self, provider: &str) -> Result<String, Invalid> {
        Ok(self.simulation().provider(provider)?.platform_key().to_owned())
    }

    /// Registers a merchant at a provider, or replaces its key: SubjectPublicKeyInfo in PEM or
    /// bare base64.
    ///
    /// # Errors
    /// When there is no such provider, or it does not take the id or the key.
    pub fn register_merchant(
        &self,
        provider: &str,
        id: &str,
        public_key: &str,
    ) -> Result<(), Invalid> {
        self.simulation().provider(provider)?.register_merchant(id, public_key)
    }

    /// Sets where the notifications of a merchant go whose requests name no address: that is
    /// what a merchant tells the provider once, beside the interface.
    ///
    /// # Errors
    /// When there is no such provider, or it has no such merchant.
    pub fn notify_at(&self, provider: &str, id: &str, url: Uri) -> Result<(), Invalid> {
        self.simulation().provider(provider)?.notify_at(id, url)
    }

    /// Sends a notification that a person asks for, once, and returns what became of it. It is signed
    /// as every other one; nothing happens to the order that it is about.
    ///
    /// # Errors
    /// When the provider has no such merchant, event or order, or there is no address to send it to.
    pub async fn trigger(
        &self,
        provider: &str,
        sample: &Sample,
    ) -> Result<DeliveryOutcome, Invalid> {
        self.simulation().trigger(provider, sample).await.map(|(_, outcome)| outcome)
    }

    /// Forgets orders, money, notifications and everything scheduled, gives balances and the time that
    /// it was advanced by back, and ends all faults. Merchants stay.
    pub fn reset(&self) {
        self.simulation().reset();
    }

    /// Stops: the port is closed and nothing happens any more when this returns. Requests under
    /// way get no answer.
    pub async fn stop(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            // It ends as cancelled, which is what was requested.
            let _ = task.await;
        }
    }

    fn simulation(&self) -> &Arc<Simulation> {
        self.front.simulation()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
