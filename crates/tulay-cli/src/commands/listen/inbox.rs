//! What arrived, in memory.

use async_trait::async_trait;
use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::{Mutex, PoisonError},
};
use tokio::sync::mpsc::UnboundedSender;
use tulay::{
    MerchantAccount,
    webhook::{Authenticity, Inbox, InboxError, Kept, Notification, Received},
};

/// A notification that did not arrive before.
pub(super) struct New {
    pub(super) account: MerchantAccount,
    pub(super) notification: Notification,
    pub(super) authenticity: Authenticity,
    /// The same for each repetition, and in every run.
    pub(super) id: String,
}

/// Remembers what arrived until it is dropped.
#[derive(Debug)]
pub(super) struct Memory {
    known: Mutex<BTreeSet<(String, [u8; 32])>>,
    arrived: UnboundedSender<New>,
}

impl Memory {
    pub(super) fn new(arrived: UnboundedSender<New>) -> Self {
        Self { known: Mutex::default(), arrived }
    }
}

#[async_trait]
impl Inbox for Memory {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        let Received { account, verified, .. } = received;
        let (authenticity, keys) = (verified.authenticity(), verified.dedupe_keys());
        let mut kept = Kept::Known;
        for (notification, key) in verified.into_inner().into_iter().zip(keys) {
            let place = format!("{} {} {}", account.adapter, account.account, account.host);
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if !known.insert((place, key)) {
                continue;
            }
            kept = Kept::New;
            let account = account.clone();
            let new = New { account, notification, authenticity, id: id(&key) };
            // Once nothing prints any more, the command is about to end.
            let _ = self.arrived.send(new);
        }
        Ok(kept)
    }
}

/// Half of the key, in hexadecimal digits.
fn id(key: &[u8; 32]) -> String {
    let mut id = "msg_".to_owned();
    for byte in key.iter().take(16) {
        // Writing to text does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}
