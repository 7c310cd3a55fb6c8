//! When a failure is final.

use super::tracked::State;
use std::time::Duration;
use tokio::time::Instant;

/// Two look-ups, far enough apart, that both say failed and none between that says otherwise. What
/// the sending itself was answered does not count.
pub(super) struct FailedTwice {
    failure_final_after: Option<Duration>,
    since: Option<Instant>,
    stands: bool,
}

impl FailedTwice {
    pub(super) const fn new(failure_final_after: Option<Duration>) -> Self {
        Self { failure_final_after, since: None, stands: false }
    }

    /// A look-up that began at `asked` returned this state.
    pub(super) fn record(&mut self, state: State, asked: Instant) {
        self.stands = false;
        if state != State::Failed {
            self.since = None;
            return;
        }
        match (self.since, self.failure_final_after) {
            (None, _) => self.since = Some(Instant::now()),
            (Some(since), Some(failure_final_after)) => {
                self.stands = asked.saturating_duration_since(since) >= failure_final_after;
            }
            (Some(_), None) => {}
        }
    }

    pub(super) const fn is_final(&self) -> bool {
        self.stands
    }
}
