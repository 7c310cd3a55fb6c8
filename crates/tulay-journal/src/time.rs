//! The clocks of the journal.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::{fmt, time::Duration};

/// The clocks of the journal, and waiting. The application gives the real ones; tests move their
/// own.
#[async_trait]
pub trait Time: fmt::Debug + Send + Sync + 'static {
    /// The wall clock. It may be set, forwards and backwards.
    fn now(&self) -> Timestamp;

    /// The time since any fixed moment. It never goes back, and it counts while the machine sleeps
    /// where the system can tell.
    fn monotonic(&self) -> Duration;

    /// Waits.
    async fn sleep(&self, duration: SignedDuration);
}
