//! The providers' books: the truth about the money.

use super::world::{Content, Desk, Finds};
use jiff::{SignedDuration, Timestamp};
use tulay_core::ErrorKind;
use tulay_journal::{
    machine::facts::Word,
    record::{Finding, Seen},
};

pub(super) const ATTEMPTS: usize = 8;

/// What one provider knows of the payout.
#[derive(Clone, Debug)]
pub(super) struct Books {
    pub(super) desk: Desk,
    /// Why it takes no orders now.
    pub(super) refuses: Option<ErrorKind>,
    /// What it has under the order id of each attempt.
    pub(super) entries: [Entry; ATTEMPTS],
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) order: Order,
    made: Option<Timestamp>,
    /// Orders beyond the first.
    pub(super) more: u32,
    is_used_up: bool,
    /// The first answer that is remembered.
    answer: Option<(Answer, Timestamp)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    None,
    Pending,
    Paid,
    Failed,
    Returned,
}

impl Order {
    /// Money of it is or was out, or may go out.
    pub(super) fn is_alive(self) -> bool {
        matches!(self, Self::Pending | Self::Paid | Self::Returned)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    Duplicate,
    Rejected { kind: ErrorKind, is_permanent: bool },
}

impl Answer {
    pub(super) fn seen(self) -> Seen {
        match self {
            Self::Accepted => Seen::Accepted,
            Self::Duplicate => Seen::Duplicate,
            Self::Rejected { kind, is_permanent } => Seen::Rejected { kind, is_permanent },
        }
    }
}

/// A key is remembered twice as long as the guarantees say.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);
/// For how long after an order was made a look-up may call it failed.
const FLAPS_FOR: SignedDuration = SignedDuration::from_mins(5);

impl Books {
    pub(super) fn new(desk: Desk) -> Self {
        Self { desk, refuses: None, entries: [Entry::default(); ATTEMPTS] }
    }

    /// A copy of a request arrives.
    pub(super) fn arrive(&mut self, place: usize, now: Timestamp) -> Answer {
        let desk = self.desk;
        let refuses = self.refuses;
        let entry = &mut self.entries[place];
        if desk.replays
            && let Some((answer, since)) = entry.answer
            && now.duration_since(since) < MEMORY
        {
            return answer;
        }
        let is_known = entry.order != Order::None || entry.is_used_up;
        let rejected = match (desk.content, refuses) {
            (Content::WrongHere, _) => Some((ErrorKind::Institution, true)),
            (Content::Wrong, _) => Some((ErrorKind::Beneficiary, true)),
            (Content::Fine, Some(kind)) => Some((kind, false)),
            (Content::Fine, None) => None,
        };
        let answer = match rejected {
            _ if is_known && !desk.replays => Answer::Duplicate,
            Some((kind, is_permanent)) => {
                entry.is_used_up |= desk.uses_up;
                Answer::Rejected { kind, is_permanent }
            }
            None => {
                match entry.order {
                    Order::None => (entry.order, entry.made) = (Order::Pending, Some(now)),
                    _ => entry.more += 1,
                }
                Answer::Accepted
            }
        };
        if answer == Answer::Accepted || desk.replays_rejections {
            entry.answer = Some((answer, now));
        }
        answer
    }

    /// What a look-up says. `flaps`: it may call a new order failed.
    pub(super) fn find(
        &self,
        place: usize,
        now: Timestamp,
        is_named: bool,
        flaps: bool,
    ) -> Finding {
        let is_askable = match self.desk.finds {
            Finds::Ours => true,
            Finds::Theirs => is_named,
            Finds::Neither => false,
        };
        let entry = &self.entries[place];
        let age = entry.made.map(|made| now.duration_since(made));
        match (entry.order, age) {
            _ if !is_askable => Finding::Nothing,
            (_, Some(age)) if self.desk.finds == Finds::Ours && age < self.desk.lag => {
                Finding::Absent
            }
            (Order::Pending, Some(age)) if flaps && age < FLAPS_FOR => Finding::Found(Word::Failed),
            (Order::None, _) => Finding::Absent,
            (Order::Pending, _) => Finding::Found(Word::Pending),
            (Order::Paid, _) => Finding::Found(Word::Succeeded),
            (Order::Failed, _) => Finding::Found(Word::Failed),
            (Order::Returned, _) => Finding::Found(Word::Reversed),
        }
    }

    /// Pending orders become final. `fails`: as failed.
    pub(super) fn settle(&mut self, fails: bool) {
        for entry in &mut self.entries {
            if entry.order == Order::Pending {
                entry.order = if fails { Order::Failed } else { Order::Paid };
            }
        }
    }

    pub(super) fn return_paid(&mut self) {
        for entry in &mut self.entries {
            if entry.order == Order::Paid {
                entry.order = Order::Returned;
            }
        }
    }
}
