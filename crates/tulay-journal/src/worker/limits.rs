//! How much goes through one merchant account at once, and how fast.

use crate::Time;
use jiff::SignedDuration;
use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Semaphore, SemaphorePermit};
use tulay_core::MerchantAccount;

/// What one merchant account is sent at most.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Calls at once.
    pub in_flight: usize,
    /// Calls a second, on average; as many may begin at once after a pause. `None`: any.
    pub per_second: Option<NonZeroU32>,
}

impl Limits {
    /// So many calls at once, at any rate.
    #[must_use]
    pub const fn in_flight(in_flight: usize) -> Self {
        Self { in_flight, per_second: None }
    }

    /// Sets the rate.
    #[must_use]
    pub const fn with_rate(mut self, per_second: NonZeroU32) -> Self {
        self.per_second = Some(per_second);
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::in_flight(16)
    }
}

/// The gates of all accounts that were used so far.
#[derive(Debug)]
pub(super) struct Gates {
    limits: Limits,
    gates: Mutex<Vec<(MerchantAccount, Arc<Gate>)>>,
}

impl Gates {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, gates: Mutex::new(Vec::new()) }
    }

    /// Gives an account a gate of its own limits.
    pub(super) fn set(&self, account: MerchantAccount, limits: Limits) {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates.retain(|(known, _)| *known != account);
        gates.push((account, Arc::new(Gate::new(limits))));
    }

    /// The gate of an account.
    pub(super) fn of(&self, account: &MerchantAccount) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, gate)) = gates.iter().find(|(known, _)| known == account) {
            return Arc::clone(gate);
        }
        let gate = Arc::new(Gate::new(self.limits));
        gates.push((account.clone(), Arc::clone(&gate)));
        gate
    }
}

/// What one account has to wait for.
#[derive(Debug)]
pub(super) struct Gate {
    calls: Semaphore,
    interval: Duration,
    burst: Duration,
    /// The time of the next call, if no call were early.
    next: Mutex<Duration>,
}

impl Gate {
    fn new(limits: Limits) -> Self {
        let interval = limits.per_second.map(|rate| Duration::from_secs(1) / rate.get());
        let interval = interval.unwrap_or(Duration::ZERO);
        Self {
            calls: Semaphore::new(limits.in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            interval,
            burst: Duration::from_secs(1).saturating_sub(interval),
            next: Mutex::new(Duration::ZERO),
        }
    }

    /// Waits for a place, which is held as long as the permit is.
    ///
    /// # Errors
    /// How long it would take where that is longer than `patience`. Then no place is used up.
    pub(super) async fn enter(
        &self,
        time: &dyn Time,
        patience: SignedDuration,
    ) -> Result<SemaphorePermit<'_>, SignedDuration> {
        let permit = tokio::select! {
            biased;
            permit = self.calls.acquire() => permit.map_err(|_| patience)?,
            () = time.sleep(patience) => return Err(patience),
        };
        let wait = self.place(time.monotonic(), patience.unsigned_abs())?;
        if !wait.is_zero() {
            time.sleep(wait).await;
        }
        Ok(permit)
    }

    /// Takes the next place. Returns how long to wait for it, by the monotonic clock; an error where
    /// that is too long.
    fn place(&self, now: Duration, longest: Duration) -> Result<SignedDuration, SignedDuration> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (*next).max(now.saturating_sub(self.burst));
        let wait = place.saturating_sub(now);
        let signed = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        if wait > longest {
            return Err(signed);
        }
        *next = place.saturating_add(self.interval);
        Ok(signed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_holds_after_a_burst() {
        let rate = NonZeroU32::new(10).unwrap();
        let gate = Gate::new(Limits::in_flight(1).with_rate(rate));
        let now = Duration::from_secs(100);
        let long = Duration::from_secs(9);
        let place = |_| gate.place(now, long).unwrap().as_millis();
        let waits: Vec<i128> = (0..13).map(place).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300]);
        // What is too long uses up nothing.
        let short = Duration::from_millis(399);
        let too_long = Err(SignedDuration::from_millis(400));
        assert_eq!([gate.place(now, short), gate.place(now, short)], [too_long; 2]);
        // A second later, ten more places are due, three of which are taken.
        let later = now + Duration::from_secs(1);
        let free = (0..20).take_while(|_| gate.place(later, long).unwrap().is_zero()).count();
        assert_eq!(free, 7);
    }

    #[test]
    fn no_rate_never_waits() {
        let gate = Gate::new(Limits::default());
        let place = |_| gate.place(Duration::ZERO, Duration::ZERO);
        assert!((0..1000).map(place).all(|it| it == Ok(SignedDuration::ZERO)));
        assert_eq!(gate.calls.available_permits(), 16);
    }
}
