//! When an order was first sent: how long its provider still replays the answer is counted from
//! then.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tulay::adapter::{Clock, SystemClock};

/// A moment by two clocks: one stands still while the machine sleeps, and the other can be set.
pub(super) struct FirstSending {
    monotonic: Instant,
    wall: Timestamp,
}

impl FirstSending {
    pub(super) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemClock::new().now() }
    }

    /// The longer of both times since; negative where the clock was set back.
    pub(super) fn elapsed(&self) -> SignedDuration {
        let wall = SystemClock::new().now().duration_since(self.wall);
        let monotonic = SignedDuration::try_from(self.monotonic.elapsed());
        let longer = monotonic.map_or(SignedDuration::MAX, |monotonic| monotonic.max(wall));
        if wall.is_negative() { wall } else { longer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::adapter::Guarantees;

    #[tokio::test]
    async fn a_sleep_or_a_changed_clock_ends_replays() {
        let mut guarantees = Guarantees::default();
        guarantees.replays_for = Some(SignedDuration::from_hours(12));
        let replays_after = |wall: SignedDuration| {
            let mut sent = FirstSending::now();
            sent.wall -= wall;
            guarantees.replays_after(sent.elapsed())
        };
        assert!(replays_after(SignedDuration::from_hours(11)));
        assert!(!replays_after(SignedDuration::from_hours(13)), "the machine slept");
        assert!(!replays_after(SignedDuration::from_hours(-1)), "the clock was set back");
    }
}
