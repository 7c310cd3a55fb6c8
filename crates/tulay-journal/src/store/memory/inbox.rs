//! Notifications, in memory.

use super::{
    Memory,
    shared::{Shared, Stored},
};
use crate::{
    record::{FirstSending, NotificationId, Notified, Record, RecordId},
    store::{
        Aside, Incoming, JournalChange, Kept, NotificationFilter, Notifications, Said, Scope,
        StoreError, Unapplied, Unreadable,
    },
};
use async_trait::async_trait;
use jiff::Timestamp;

impl Stored {
    fn kept(&self, id: NotificationId) -> Kept {
        let Incoming { merchant_account, authenticity, said, .. } = self.incoming.clone();
        Kept::new(id, merchant_account, authenticity, said, self.received, self.payment)
    }

    fn said(&self) -> Option<&Said> {
        self.incoming.said.as_ref()
    }
}

#[async_trait]
impl Notifications for Memory {
    async fn receive(&self, group: Vec<Incoming>) -> Result<Vec<bool>, StoreError> {
        let (received, mut shared) = (self.now(), self.lock());
        let one = |incoming: Incoming| {
            let key = |it: &Incoming| (it.merchant_account.clone(), it.dedupe_key);
            shared.know(&incoming.merchant_account);
            if shared.inbox.values().any(|it| key(&it.incoming) == key(&incoming)) {
                return false;
            }
            let id = shared.inbox.keys().last().map_or(1, |NotificationId(last)| last + 1);
            let apply_at = incoming.said.as_ref().map(|_| received);
            let stored = Stored { incoming, received, apply_at, is_applied: false, payment: None };
            shared.inbox.insert(NotificationId(id), stored);
            true
        };
        Ok(group.into_iter().map(one).collect())
    }

    async fn unapplied(&self, most: usize) -> Result<Vec<Unapplied>, StoreError> {
        let (now, shared) = (self.now(), self.lock());
        let due = shared.inbox.iter().filter_map(|(id, it)| Some((it.apply_at?, *id, it)));
        let mut due: Vec<_> = due.filter(|(apply_at, ..)| *apply_at <= now).collect();
        due.sort_by_key(|(apply_at, id, _)| (*apply_at, *id));
        due.truncate(most);
        let one = |(_, id, it): (Timestamp, NotificationId, &Stored)| {
            Unapplied::new(it.kept(id), shared.about(it), now)
        };
        Ok(due.into_iter().map(one).collect())
    }

    async fn set_aside(&self, group: Vec<Aside>) -> Result<(), StoreError> {
        let mut shared = self.lock();
        for Aside { id, until, is_matched } in group {
            let stored = shared.inbox.get(&id).filter(|it| !it.is_applied);
            let may_wait = stored.is_some_and(|it| is_matched || shared.about(it).is_none());
            if let Some(stored) = shared.inbox.get_mut(&id).filter(|_| may_wait) {
                stored.apply_at = until;
            }
        }
        Ok(())
    }

    async fn notifications(&self, filter: NotificationFilter) -> Result<Vec<Kept>, StoreError> {
        let shared = self.lock();
        let listed = shared
            .inbox
            .iter()
            .filter(|(_, it)| match filter.payment {
                Some(payment) => it.payment == Some(payment),
                None => !it.is_applied,
            })
            .filter(|(_, it)| filter.received_before.is_none_or(|before| it.received < before))
            .filter(|(id, _)| filter.after.is_none_or(|after| **id > after));
        Ok(listed.take(filter.page()).map(|(id, it)| it.kept(*id)).collect())
    }

    async fn unreadable(
        &self,
        after: Option<NotificationId>,
        most: usize,
    ) -> Result<Vec<Unreadable>, StoreError> {
        let shared = self.lock();
        let unread = shared.inbox.iter().filter(|(_, it)| it.said().is_none() && !it.is_applied);
        let unread = unread.filter(|(id, _)| after.is_none_or(|after| **id > after));
        let one = |(id, it): (&NotificationId, &Stored)| {
            let Incoming { merchant_account, target, body, .. } = it.incoming.clone();
            Unreadable::new(*id, merchant_account, target, body)
        };
        Ok(unread.take(most).map(one).collect())
    }

    async fn read_again(&self, group: Vec<(NotificationId, Said)>) -> Result<(), StoreError> {
        let mut shared = self.lock();
        for (id, said) in group {
            if let Some(stored) = shared.inbox.get_mut(&id).filter(|it| it.said().is_none()) {
                stored.incoming.said = Some(said);
                stored.apply_at = Some(stored.received);
            }
        }
        Ok(())
    }
}

impl Shared {
    /// What notifications say that name an order; `None`: there are none.
    pub(super) fn notified(&self, order: &FirstSending<'_>) -> Option<Notified> {
        let names = |it: &&Stored| {
            it.incoming.merchant_account == *order.account
                && it.said().is_some_and(|said| said.order_id.as_ref() == Some(order.order_id))
        };
        let named: Vec<&Stored> = self.inbox.values().filter(names).collect();
        let first = named.iter().map(|it| it.received).min()?;
        let signed = named.iter().filter(|it| it.incoming.is_complete());
        let resumed = JournalChange::Resumed(Scope::Account(order.account.clone()));
        let resumed = self.history.iter().filter(|event| event.change == resumed);
        Some(Notified {
            first,
            signed: signed.map(|it| it.received).max(),
            resumed: resumed.map(|event| event.at).max(),
        })
    }

    /// Notes that a notification is applied to a payment. Returns whether it was not before.
    pub(super) fn apply(&mut self, id: NotificationId, payment: RecordId) -> bool {
        let Some(stored) = self.inbox.get_mut(&id).filter(|it| !it.is_applied) else {
            return false;
        };
        stored.is_applied = true;
        stored.apply_at = None;
        stored.payment = Some(payment);
        true
    }

    /// Lets notifications be applied that name an attempt which a payment got, or the provider's id
    /// that one of its attempts learned.
    pub(super) fn find_notifications(&mut self, before: &Record, id: RecordId) {
        let Some(after) = self.record(id) else { return };
        for (place, attempt) in after.attempts.iter().enumerate() {
            let known = before.attempts.get(place);
            let is_learned =
                known.is_none_or(|it| it.provider_reference != attempt.provider_reference);
            for stored in self.inbox.values_mut().filter(|it| !it.is_applied) {
                let Some(said) = &stored.incoming.said else { continue };
                let is_named = match &said.order_id {
                    Some(order_id) => known.is_none() && *order_id == attempt.order_id,
                    None => {
                        let reference = said.provider_reference.as_ref();
                        is_learned
                            && reference.is_some()
                            && reference == attempt.provider_reference.as_ref()
                    }
                };
                if is_named && stored.incoming.merchant_account == attempt.merchant_account {
                    stored.apply_at = Some(stored.received);
                }
            }
        }
    }

    fn about(&self, stored: &Stored) -> Option<(RecordId, u8)> {
        let said = stored.said()?;
        let all = self.records.values().rev();
        let mut attempts =
            all.flat_map(|(record, _)| record.attempts.iter().map(|attempt| (record.id, attempt)));
        let found = attempts.find(|(_, attempt)| {
            let is_named = match (&said.order_id, &said.provider_reference) {
                (Some(order_id), _) => attempt.order_id == *order_id,
                (None, Some(reference)) => attempt.provider_reference.as_ref() == Some(reference),
                (None, None) => false,
            };
            is_named && attempt.merchant_account == stored.incoming.merchant_account
        });
        found.map(|(id, attempt)| (id, attempt.attempt.number))
    }
}
