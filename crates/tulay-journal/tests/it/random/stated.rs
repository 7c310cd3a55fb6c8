//! What a person states in a world.

use super::{
    books::Order,
    life::{Life, PERSONS_TAKE},
};
use tulay_journal::record::{Declaration, Source, Step, Write};

impl Life<'_> {
    /// A person who knows what is in the books, and not what a process is about to send. Clocks that
    /// are set do not make a person quick.
    pub(super) fn declare(&mut self, who: usize) {
        if self.real.duration_since(self.last_intent) < PERSONS_TAKE {
            return;
        }
        let Some(last) = self.record.attempts.last() else { return };
        let attempt = last.attempt.number;
        let desk = self.desk_of(attempt);
        let is_under_way = self
            .copies
            .iter()
            .any(|copy| copy.answer.is_none() && (copy.desk, copy.attempt) == (desk, attempt));
        let declaration = match self.books[desk].entries[usize::from(attempt) - 1].order {
            Order::Paid => Declaration::Paid,
            Order::Returned => Declaration::CameBack,
            Order::None | Order::Failed if !is_under_way => Declaration::NotExecuted,
            _ => return,
        };
        let (source, note) = (Source::Person, "letter".into());
        let step = Step::Declare { attempt, declaration, as_of: None, source, note };
        if self.write(who, &Write::by(self.record.id, "Ben".into(), step)).is_ok() {
            self.is_disturbed = true;
        }
    }
}
