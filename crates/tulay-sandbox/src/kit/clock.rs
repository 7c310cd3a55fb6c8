//! The time of a sandbox: real and shifted, or moved by hand.

use super::locked;
use jiff::{SignedDuration, Timestamp};
use std::{pin::pin, sync::Mutex};
use tokio::sync::Notify;
use tulay_core::Clock;

/// The time of a sandbox. It goes back only when the sandbox is reset.
#[derive(Debug)]
pub struct SandboxClock {
    start: Reading,
    reading: Mutex<Reading>,
    moved: Notify,
}

#[derive(Clone, Copy, Debug)]
enum Reading {
    RealPlus(SignedDuration),
    Manual(Timestamp),
}

impl SandboxClock {
    /// Whether time stands still until the sandbox is advanced.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        matches!(*locked(&self.reading), Reading::Manual(_))
    }

    /// What a clock shows that is never advanced, such as that of a client in another process. Where
    /// time stands still, clients are given this clock, and it is theirs too.
    pub(crate) fn unmoved(&self) -> Timestamp {
        match *locked(&self.reading) {
            Reading::RealPlus(_) => real_now(),
            Reading::Manual(at) => at,
        }
    }

    pub(crate) fn real() -> Self {
        Self::reading(Reading::RealPlus(SignedDuration::ZERO))
    }

    pub(crate) fn manual(at: Timestamp) -> Self {
        Self::reading(Reading::Manual(at))
    }

    /// Moves to an instant, unless it is past already.
    pub(crate) fn advance_to(&self, instant: Timestamp) {
        {
            let mut reading = locked(&self.reading);
            let missing = instant.duration_since(reading.now());
            if !missing.is_positive() {
                return;
            }
            *reading = match *reading {
                Reading::RealPlus(offset) => Reading::RealPlus(offset.saturating_add(missing)),
                Reading::Manual(_) => Reading::Manual(instant),
            };
        }
        self.moved.notify_waiters();
    }

    /// Waits until an instant has come, by itself or because the clock was advanced.
    pub(crate) async fn reached(&self, instant: Timestamp) {
        loop {
            let mut moved = pin!(self.moved.notified());
            moved.as_mut().enable();
            let left = instant.duration_since(self.now());
            if !left.is_positive() {
                return;
            }
            // Elapsed or moved, the loop looks again.
            let _ = tokio::time::timeout(left.unsigned_abs(), moved).await;
        }
    }

    /// Shows again what it would without having been advanced; a clock that stands still, the instant
    /// that it began with.
    pub(crate) fn restart(&self) {
        *locked(&self.reading) = self.start;
        self.moved.notify_waiters();
    }

    fn reading(start: Reading) -> Self {
        Self { start, reading: Mutex::new(start), moved: Notify::new() }
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        locked(&self.reading).now()
    }
}

impl Reading {
    fn now(self) -> Timestamp {
        match self {
            Self::RealPlus(offset) => after(real_now(), offset),
            Self::Manual(at) => at,
        }
    }
}

/// The instant that long after another, or the end of time.
pub(crate) fn after(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    instant.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the clock that everything else is given")]
fn real_now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_takes_back_every_advance() {
        let at: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let clock = SandboxClock::manual(at);
        clock.advance_to(Timestamp::MAX);
        clock.restart();
        assert_eq!(clock.now(), at);
        let clock = SandboxClock::real();
        clock.advance_to(Timestamp::MAX);
        clock.restart();
        assert!(clock.now() < after(real_now(), SignedDuration::from_mins(1)));
    }

    #[test]
    fn it_goes_forward_alone() {
        let at: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let hour = SignedDuration::from_hours(1);
        let clock = SandboxClock::manual(at);
        clock.advance_to(after(at, hour));
        clock.advance_to(at);
        assert_eq!(clock.now(), after(at, hour));
        clock.advance_to(Timestamp::MAX);
        assert_eq!(after(clock.now(), hour), Timestamp::MAX);

        let clock = SandboxClock::real();
        let before = clock.now();
        clock.advance_to(after(before, hour));
        clock.advance_to(before);
        assert!(clock.now() >= after(before, hour));
        assert!(clock.unmoved() >= before && clock.unmoved() < after(before, hour));
    }
}
