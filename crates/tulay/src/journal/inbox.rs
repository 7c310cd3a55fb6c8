//! Notifications go to the journal, and from there to the payouts that they name.

use super::open::{Opened, Opening};
use async_trait::async_trait;
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc;
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
    /// One place: what is sent while one waits is applied with it.
    kept: Arc<OnceLock<mpsc::Sender<()>>>,
}

impl JournalInbox {
    pub(crate) fn new(opening: Opening) -> Self {
        Self { opening, kept: Arc::default() }
    }
}

#[async_trait]
impl Inbox for JournalInbox {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        let failed = |error: &dyn std::fmt::Display| InboxError::new(error.to_string());
        let opened = self.opening.get().await.map_err(|error| failed(&error))?;
        let Received { account, verified, target, body, .. } = received;
        // The query is not signed, and may be a secret.
        let group = Incoming::all(&account, &verified, target.path(), &body);
        let new = opened.store.receive(group).await.map_err(|error| failed(&error))?;
        if !new.contains(&true) {
            return Ok(Kept::Known);
        }
        if !opened.worker.notified() {
            let kept = self.kept.get_or_init(|| apply(opened.applier()));
            let _waits_already = kept.try_send(());
        }
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

/// Applies what is kept where no worker runs, in a task of its own: the notification is acknowledged
/// meanwhile.
fn apply(applier: Applier) -> mpsc::Sender<()> {
    let (kept, mut waits) = mpsc::channel(1);
    tokio::spawn(async move {
        while waits.recv().await.is_some() {
            // What is not applied now is applied by a worker.
            if let Err(error) = applier.run_once().await {
                tracing::warn!(%error, "notifications wait to be applied");
            }
        }
    });
    kept
}
