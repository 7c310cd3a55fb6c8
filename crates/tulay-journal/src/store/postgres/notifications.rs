//! The inbox on the server.

use super::{Postgres, inbox};
use crate::{
    record::NotificationId,
    store::{
        Aside, Incoming, Kept, NotificationFilter, Notifications, Said, StoreError, Unapplied,
        Unreadable,
    },
};
use async_trait::async_trait;

#[async_trait]
impl Notifications for Postgres {
    async fn receive(&self, group: Vec<Incoming>) -> Result<Vec<bool>, StoreError> {
        self.queues.writers.receive(group).await
    }

    async fn unapplied(&self, most: usize) -> Result<Vec<Unapplied>, StoreError> {
        let input = (self.process.clone(), most);
        let unapplied = self.queues.readers.call(input, |(process, most), transaction| {
            Box::pin(inbox::unapplied(process, transaction, *most))
        });
        unapplied.await
    }

    async fn set_aside(&self, group: Vec<Aside>) -> Result<(), StoreError> {
        let set = self
            .queues
            .writers
            .call(group, |group, transaction| Box::pin(inbox::set_aside(transaction, group)));
        set.await
    }

    async fn notifications(&self, filter: NotificationFilter) -> Result<Vec<Kept>, StoreError> {
        self.queues.readers.call(filter, |filter, it| Box::pin(inbox::list(it, filter))).await
    }

    async fn unreadable(
        &self,
        after: Option<NotificationId>,
        most: usize,
    ) -> Result<Vec<Unreadable>, StoreError> {
        let read = self.queues.readers.call((after, most), |(after, most), it| {
            Box::pin(inbox::unreadable(it, *after, *most))
        });
        read.await
    }

    async fn read_again(&self, group: Vec<(NotificationId, Said)>) -> Result<(), StoreError> {
        let set = self
            .queues
            .writers
            .call(group, |group, transaction| Box::pin(inbox::read_again(transaction, group)));
        set.await
    }
}
