//! What a collection asks for, and the times that its rules count in.

use jiff::{SignedDuration, Timestamp};
use tulay_core::Money;

/// What a collection asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// The amount that the payer pays.
    pub amount: Money,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// Until when it can be paid, as the provider accepted it, else as it was requested; `None`:
    /// neither says.
    pub expires: Option<Timestamp>,
    /// For how long after its creation, or its expiry where that is later, its orders are looked up.
    pub window: SignedDuration,
    /// Scales every duration, [`Self::window`] too: 1,000 in production, 10 in the sandbox profile.
    pub per_mille: u32,
}

/// From so long after the expiry on, one look-up that finds no payment closes a collection.
/// [`due`](super::due) asks twice until then, a minute apart.
const GRACE: SignedDuration = SignedDuration::from_secs(90);

impl Terms {
    /// A collection without expiry, whose orders are looked up for 30 days.
    #[must_use]
    pub const fn new(amount: Money, created_at: Timestamp) -> Self {
        let window = SignedDuration::from_hours(30 * 24);
        Self { amount, created_at, expires: None, window, per_mille: 1000 }
    }

    /// The moment this long after another, scaled.
    pub(super) fn after(&self, moment: Timestamp, duration: SignedDuration) -> Timestamp {
        let millis = duration.as_millis() * i128::from(self.per_mille) / 1000;
        let scaled = SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX).max(1));
        moment.checked_add(scaled).unwrap_or(Timestamp::MAX)
    }

    /// When something is tried again that was last tried at `last`, and for the first time since
    /// `since`: the wait doubles from a minute to a day.
    pub(super) fn doubled(&self, since: Timestamp, last: Timestamp) -> Timestamp {
        let least = self.after(last, SignedDuration::from_mins(1));
        let most = self.after(last, SignedDuration::from_hours(24));
        last.checked_add(last.duration_since(since)).unwrap_or(most).clamp(least, most)
    }

    /// When its orders are looked up no more.
    pub(super) fn window_ends(&self) -> Timestamp {
        self.after(self.expires.map_or(self.created_at, |it| it.max(self.created_at)), self.window)
    }

    /// When it can be paid no more, as far as is known.
    pub(super) fn expiry(&self) -> Timestamp {
        self.expires.unwrap_or_else(|| self.window_ends())
    }

    /// The end of the grace after an expiry.
    pub(super) fn graced(&self, expiry: Timestamp) -> Timestamp {
        self.after(expiry, GRACE)
    }
}
