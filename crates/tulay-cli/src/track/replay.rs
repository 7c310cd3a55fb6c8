//! A lost answer, fetched by sending the same order again where the provider replays.

use super::{orders::Orders, tracked::Tracked};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tokio::time::Instant;
use tulay::{
    CallError, Effect, Payout, Prepared, Retry,
    adapter::{Clock, SystemClock},
};

/// How often a lost answer is fetched by sending the same order again, before look-ups go on.
const REPLAYS: usize = 3;

/// The answer to an order whose first answer was lost: where the provider replays, the same
/// order is sent again. Otherwise, and once the time is over, what the first sending left.
pub(super) async fn replayed(
    orders: Orders<'_>,
    delays: impl Iterator<Item = Duration>,
    tracked: &mut Tracked,
    prepared: &Prepared,
    sent: &FirstSending,
    first: CallError,
) -> tulay::adapter::Result<Payout> {
    let guarantees = &orders.capability().guarantees;
    for delay in delays.take(REPLAYS) {
        let replays = |since| first.follow_up_under(guarantees, since).retry == Retry::Replay;
        if !replays(SignedDuration::ZERO) {
            break;
        }
        tokio::time::sleep(delay).await;
        // A machine that was suspended meanwhile has lost time by one clock alone.
        if !sent.since().into_iter().all(replays) {
            break;
        }
        tracked.attempts = tracked.attempts.saturating_add(1);
        match orders.create(prepared).await {
            Ok(payout) => {
                tracked.was_replayed(&first);
                return Ok(payout);
            }
            // A rejection speaks of this copy alone, unless the provider remembers rejections.
            Err(error) if error.effect() == Effect::Rejected && guarantees.replays_rejections => {
                return Err(error);
            }
            Err(error) => tracked.with_provider_reference(error.provider_reference()),
        }
    }
    Err(first)
}

/// When an order was sent first, by both clocks.
pub(super) struct FirstSending {
    monotonic: Instant,
    wall: Timestamp,
}

impl FirstSending {
    pub(super) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemClock::new().now() }
    }

    /// How long ago that was, by each clock.
    fn since(&self) -> [SignedDuration; 2] {
        let monotonic = SignedDuration::try_from(self.monotonic.elapsed());
        let wall = SystemClock::new().now().duration_since(self.wall);
        [monotonic.unwrap_or(SignedDuration::MAX), wall]
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
            sent.since().into_iter().all(|since| guarantees.replays_after(since))
        };
        assert!(replays_after(SignedDuration::from_hours(11)));
        assert!(!replays_after(SignedDuration::from_hours(13)), "the machine slept");
        assert!(!replays_after(SignedDuration::from_hours(-1)), "the clock was set back");
    }
}
