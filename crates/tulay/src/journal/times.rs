//! How long things take at most, and the clocks that they are measured by.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::{fmt, sync::Arc, time::Duration};
use tulay_core::{Clock, Environment, Provider};
use tulay_journal::Time;

/// Which times a configuration begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Every account is simulated.
    Sandbox,
    /// At least one account is a provider's.
    Production,
}

/// The times of a journal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) lease: SignedDuration,
    pub(crate) longest_call: SignedDuration,
    pub(crate) absence_window: SignedDuration,
    pub(crate) per_mille: u32,
}

impl Profile {
    pub(crate) fn of<'p>(mut providers: impl Iterator<Item = &'p dyn Provider>) -> Self {
        let is_simulated = |provider: &dyn Provider| {
            provider.merchant_account().environment == Environment::Sandbox
        };
        if providers.all(is_simulated) { Self::Sandbox } else { Self::Production }
    }

    pub(crate) const fn times(self) -> Times {
        match self {
            Self::Sandbox => Times {
                lease: SignedDuration::from_secs(2),
                longest_call: SignedDuration::from_secs(2),
                absence_window: SignedDuration::from_secs(1),
                per_mille: 10,
            },
            Self::Production => Times {
                lease: SignedDuration::from_secs(60),
                longest_call: SignedDuration::from_secs(30),
                absence_window: SignedDuration::from_mins(10),
                per_mille: 1000,
            },
        }
    }
}

/// The clocks of this machine.
pub(crate) struct SystemTime {
    clock: Arc<dyn Clock>,
    #[cfg(not(target_os = "linux"))]
    started: std::time::Instant,
}

impl SystemTime {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            #[cfg(not(target_os = "linux"))]
            started: std::time::Instant::now(),
        }
    }
}

#[async_trait]
impl Time for SystemTime {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// On Linux it counts while the machine sleeps.
    #[cfg(target_os = "linux")]
    fn monotonic(&self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
    }

    #[cfg(not(target_os = "linux"))]
    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    async fn sleep(&self, duration: SignedDuration) {
        tokio::time::sleep(Duration::try_from(duration).unwrap_or(Duration::ZERO)).await;
    }
}

impl fmt::Debug for SystemTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemTime")
    }
}
