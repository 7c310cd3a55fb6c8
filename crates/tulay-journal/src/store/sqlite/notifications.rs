//! The inbox in the file.

use super::{Sqlite, inbox};
use crate::{
    record::NotificationId,
    store::{
        Aside, Incoming, Kept, NotificationFilter, Notifications, Said, StoreError, Unapplied,
        Unreadable,
    },
};
use async_trait::async_trait;
use rusqlite::Connection;

#[async_trait]
impl Notifications for Sqlite {
    async fn receive(&self, group: Vec<Incoming>) -> Result<Vec<bool>, StoreError> {
        let process = self.process.clone();
        let work = move |connection: &Connection| {
            let one = |incoming| inbox::add(connection, &process, incoming);
            group.iter().map(one).collect()
        };
        self.writer.call(work).await
    }

    async fn unapplied(&self, most: usize) -> Result<Vec<Unapplied>, StoreError> {
        let process = self.process.clone();
        self.readers.call(move |connection| inbox::unapplied(connection, &process, most)).await
    }

    async fn set_aside(&self, group: Vec<Aside>) -> Result<(), StoreError> {
        self.writer.call(move |connection| inbox::set_aside(connection, &group)).await
    }

    async fn notifications(&self, filter: NotificationFilter) -> Result<Vec<Kept>, StoreError> {
        self.readers.call(move |connection| inbox::list(connection, &filter)).await
    }

    async fn unreadable(
        &self,
        after: Option<NotificationId>,
        most: usize,
    ) -> Result<Vec<Unreadable>, StoreError> {
        self.readers.call(move |connection| inbox::unreadable(connection, after, most)).await
    }

    async fn read_again(&self, group: Vec<(NotificationId, Said)>) -> Result<(), StoreError> {
        self.writer.call(move |connection| inbox::read_again(connection, &group)).await
    }
}
