//! Notifications of an order that was never sent: the second alarm that another journal may use the
//! namespace, or that this one was restored.

use super::{
    IDLE,
    ended::OnEnd,
    step::{At, HINDERED, Shared},
};
use crate::{
    applier::EVIDENCE_OF_NEVER_SENT,
    record::{Reason, ReasonKind, Record, Write},
    store::{Pause, Scope, StoreError},
};
use std::convert::Infallible;
use tulay_core::{ErrorKind, MerchantAccount};

const FOUND: &str =
    "the provider knows an order that was never sent, and sent a notification of it";

impl Shared {
    /// Applies notifications, and lets the worker look at once for what they make due.
    pub(super) async fn notifications(&self, on_end: Option<&OnEnd>) -> Infallible {
        let mut hindered = None;
        loop {
            // What could not be applied now is applied later.
            let failure = self.apply(on_end).await.err();
            if failure != hindered {
                if let Some(error) = &failure {
                    tracing::error!(%error, "notifications wait to be applied");
                }
                hindered = failure;
            }
            // A process applies what it keeps at once. This wait is for what a killed one kept, and is
            // the same in every profile.
            tokio::select! {
                () = self.notified.notified() => {}
                () = self.time.sleep(IDLE) => {}
            }
        }
    }

    pub(super) async fn apply(&self, on_end: Option<&OnEnd>) -> Result<(), StoreError> {
        let applied = self.applier.run_once().await?;
        if applied.notifications > 0 {
            self.wake.notify_one();
        }
        if let Some(on_end) = on_end {
            applied.ended.iter().for_each(|record| on_end.ended(record));
        }
        Ok(())
    }

    /// Looks up an order before it is sent for the first time, since a notification names it. The
    /// account is paused where the notification is evidence, or where the order is found.
    pub(super) async fn look_up_first(
        &self,
        record: &Record,
        account: &MerchantAccount,
        is_evidence: bool,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        if is_evidence {
            self.pause(account, EVIDENCE_OF_NEVER_SENT).await?;
        }
        let mut places = record.askable_places(&self.policy);
        // It is the order of this payment that the notification names.
        let (country, currency) = (record.country, record.amount.currency());
        places.retain(|place| {
            place.merchant_account == *account
                && (place.country, place.currency) == (country, currency)
        });
        if places.is_empty() {
            return self.hinder(record, ReasonKind::Paused, at).await;
        }
        let searched = self.search(record, places, at).await;
        if searched.found_any {
            self.pause(account, FOUND).await?;
        }
        if searched.is_complete || searched.found_any {
            return self.write(Write::claimed(record, searched.step)).await.map(drop);
        }
        self.hinder(record, ReasonKind::Error(ErrorKind::Unavailable), at).await
    }

    async fn pause(&self, account: &MerchantAccount, why: &'static str) -> Result<(), StoreError> {
        let pause = Pause::new(Scope::Account(account.clone()), None, why);
        self.store.pause(vec![pause]).await
    }

    async fn hinder(
        &self,
        record: &Record,
        kind: ReasonKind,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        self.defer(record, Reason::new(kind), at.at, HINDERED).await
    }
}
