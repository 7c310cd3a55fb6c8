//! Notifications go to the journal, and from there to the payouts that they name.

use super::open::{Opened, Opening};
use async_trait::async_trait;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};
use tulay_journal::{
    Applier,
    record::NotificationId,
    store::{Incoming, Said, StoreError, Unreadable},
};
use tulay_webhook::{Inbox, InboxError, Kept, Received};

/// Notifications that are read again at once.
const PAGE: usize = 100;

/// The inbox of a journal. What is kept is applied at once, by this process or by a worker of
/// another one.
#[derive(Clone, Debug)]
pub(crate) struct JournalInbox {
    opening: Opening,
    applying: Arc<Applying>,
}

/// Whether notifications are being applied, and whether more were kept since that began.
#[derive(Debug, Default)]
struct Applying {
    is_running: AtomicBool,
    is_due: AtomicBool,
}

impl JournalInbox {
    pub(crate) fn new(opening: Opening) -> Self {
        Self { opening, applying: Arc::default() }
    }
}

#[async_trait]
impl Inbox for JournalInbox {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        let failed = |error: &dyn std::fmt::Display| InboxError::new(error.to_string());
        let opened = self.opening.get().await.map_err(|error| failed(&error))?;
        let Received { account, verified, target, body, .. } = received;
        let (authenticity, target) = (verified.authenticity(), target.to_string());
        let notifications = verified.get().iter();
        let group = notifications.map(|notification| {
            let (account, target) = (account.clone(), target.clone());
            Incoming::of(account, notification, authenticity, target, body.clone())
        });
        let new = opened.store.receive(group.collect()).await.map_err(|error| failed(&error))?;
        if !new.contains(&true) {
            return Ok(Kept::Known);
        }
        opened.worker.notified();
        self.applying.start(&opened.applier());
        Ok(Kept::New)
    }
}

/// Reads notifications again that could not be read when they arrived: this version may read them.
pub(super) async fn read_again(opened: &Opened) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let unreadable = opened.store.unreadable(after, PAGE).await?;
        let Some(last) = unreadable.last() else { return Ok(()) };
        after = Some(last.id);
        let read = unreadable.iter().filter_map(|it| Some((it.id, said(opened, it)?)));
        let read: Vec<(NotificationId, Said)> = read.collect();
        if !read.is_empty() {
            opened.store.read_again(read).await?;
        }
    }
}

/// What a stored body says; `None`: it still cannot be read, or its account is not configured.
fn said(opened: &Opened, unreadable: &Unreadable) -> Option<Said> {
    let webhooks = opened.provider(&unreadable.merchant_account)?.roles().webhooks?;
    let target = unreadable.target.parse().ok()?;
    // A body of several notifications was read in part, or not at all.
    match &*webhooks.read(&target, &unreadable.body).ok()? {
        [notification] => Said::of(notification),
        _ => None,
    }
}

impl Applying {
    /// Applies what is kept, in a task of its own: the notification is acknowledged meanwhile. One task
    /// applies what many requests kept.
    fn start(self: &Arc<Self>, applier: &Applier) {
        self.is_due.store(true, SeqCst);
        if self.is_running.swap(true, SeqCst) {
            return;
        }
        let (this, applier) = (Arc::clone(self), applier.clone());
        tokio::spawn(async move {
            while this.is_due.swap(false, SeqCst) {
                // What is not applied now is applied by a worker.
                if let Err(error) = applier.run_once().await {
                    tracing::warn!(%error, "notifications wait to be applied");
                }
                this.is_running.store(false, SeqCst);
                if !this.is_due.load(SeqCst) || this.is_running.swap(true, SeqCst) {
                    return;
                }
            }
            this.is_running.store(false, SeqCst);
        });
    }
}
