//! What a worker says of itself every few seconds, so that people see who works on a journal.

use super::step::Shared;
use crate::store::Beat;
use jiff::SignedDuration;
use std::{
    convert::Infallible,
    sync::{Arc, atomic::Ordering::Relaxed},
};

const EVERY: SignedDuration = SignedDuration::from_secs(5);

/// A payment that the process works on, until it is dropped.
pub(super) struct InFlight(Arc<Shared>);

impl InFlight {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        shared.in_flight.fetch_add(1, Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}

impl Shared {
    /// States every few seconds that the process works.
    pub(super) async fn beats(&self) -> Infallible {
        let since = self.time.now();
        loop {
            let in_flight = self.in_flight.load(Relaxed);
            let beat = Beat::new(env!("CARGO_PKG_VERSION"), since, in_flight);
            // It is for people to see: what fails here fails elsewhere with more harm.
            let _ = self.store.beat(beat).await;
            self.time.sleep(EVERY).await;
        }
    }
}
