//! What every transaction of a process needs.

use crate::{Time, record::Policy, store::whole_micros};
use jiff::Timestamp;
use std::{path::Path, sync::Arc};

/// A process that has the journal open.
#[derive(Clone)]
pub(super) struct Process {
    pub(super) path: Arc<Path>,
    pub(super) policy: Arc<Policy>,
    pub(super) time: Arc<dyn Time>,
    pub(super) owner: u32,
}

impl Process {
    pub(super) fn now(&self) -> Timestamp {
        whole_micros(self.time.now())
    }
}
