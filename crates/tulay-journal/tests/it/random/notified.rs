//! Notifications that arrive in a world.

use super::{books::Order, life::Life, world::Finds};
use tulay_journal::{
    machine::facts::Word,
    record::{Notice, NotificationId, Step, Write},
};

impl Life<'_> {
    /// Whether a notification proves that there is an order, and nothing is known that it could be looked
    /// up by: it is not sent again, and waits for the notification that it was paid.
    pub(super) fn is_notified_unnamed(&self) -> bool {
        self.record.attempts.last().is_some_and(|last| {
            let finds = self.world.desks[self.desk_of(last.attempt.number)].finds;
            let is_unnamed = finds == Finds::Theirs && last.provider_reference.is_none();
            is_unnamed && last.attempt.facts.is_notified
        })
    }

    /// Evidence says what is or was true of an order that exists; a hint may say anything of any.
    pub(super) fn notify(&mut self, who: usize, choice: usize) {
        let attempts = &self.record.attempts;
        let Some(attempt) = attempts.get(choice % attempts.len().max(1)) else { return };
        let attempt = attempt.attempt.number;
        let entry = self.books[self.desk_of(attempt)].entries[usize::from(attempt) - 1];
        let is_old = (choice / 8).is_multiple_of(4);
        let word = match entry.order {
            Order::None => None,
            _ if is_old => Some(Word::Pending),
            Order::Pending => Some(Word::Pending),
            Order::Failed => Some(Word::Failed),
            Order::Paid | Order::Returned => Some(Word::Succeeded),
        };
        let words = [Word::Pending, Word::Succeeded, Word::Failed, Word::Reversed];
        let (word, is_evidence) = match word.filter(|_| (choice / 32).is_multiple_of(2)) {
            Some(word) => (word, true),
            None => (words[choice / 64 % 4], false),
        };
        let (notification, received) = (NotificationId(1), self.now());
        let notice = Notice { word, is_evidence, is_mismatch: false };
        let step = Step::Notify { notification, attempt, received, notice };
        let mut write = Write::claimed(&self.record, step);
        write.lease = None;
        self.write(who, &write).unwrap();
    }
}
