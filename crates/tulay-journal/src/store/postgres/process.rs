//! What a process is configured with, and the clock that it goes by.

use crate::{Time, record::Policy};
use std::sync::Arc;

/// What every transaction needs.
#[derive(Clone)]
pub(super) struct Process {
    pub(super) policy: Arc<Policy>,
    pub(super) clock: Clock,
    pub(super) owner: u32,
    /// Drawn when the journal was made.
    pub(super) lineage: Arc<str>,
}

/// The journal's clock.
#[derive(Clone)]
pub(super) enum Clock {
    Server,
    Given(Arc<dyn Time>),
}

impl Clock {
    /// The time in microseconds; `None`: the server's.
    pub(super) fn given(&self) -> Option<i64> {
        match self {
            Self::Server => None,
            Self::Given(time) => Some(time.now().as_microsecond()),
        }
    }
}
