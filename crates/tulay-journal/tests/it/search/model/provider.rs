//! What a provider keeps, and how it answers.

use super::{state::State, world::World};

/// An order at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Order {
    None,
    Pending,
    Paid,
    Failed,
    Reversed,
}

impl Order {
    /// It is paid, or may be yet.
    pub(super) fn is_alive(self) -> bool {
        matches!(self, Self::Pending | Self::Paid)
    }
}

/// An answer to a sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Answer {
    Accepted,
    Duplicate,
    Permanent,
    Transient,
}

/// What a provider keeps under one order id. An attempt has one account, so there is one of these
/// for each attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) order: Order,
    pub(super) created: u8,
    pub(super) is_used_up: bool,
    /// The first answer, where answers are replayed.
    pub(super) first: Option<(Answer, u8)>,
    /// Payments beyond the first.
    pub(super) more: u8,
    /// The tick in which a look-up or a notification said too much.
    pub(super) flapped: Option<u8>,
}

impl Entry {
    pub(super) const NONE: Self = Self {
        order: Order::None,
        created: 0,
        is_used_up: false,
        first: None,
        more: 0,
        flapped: None,
    };
}

impl State {
    /// A copy of an attempt's request arrives. `content`: its account does not reject it for good.
    pub(super) fn arrive(&mut self, world: &World, attempt: u8, content: bool) -> Answer {
        let place = usize::from(attempt);
        let account = usize::from(self.accounts[place]);
        let (now, has_money) = (self.now, self.has_money[account]);
        let entry = &mut self.orders[place];
        let memory = 2 * world.resend_for;
        if world.replays[account] {
            if let Some((answer, since)) = entry.first
                && now < since + memory
            {
                return answer;
            }
            let answer = entry.executed(content, has_money, now);
            if answer == Answer::Accepted || world.remembers_rejections {
                entry.first = Some((answer, now));
            }
            return answer;
        }
        let is_forgotten = world.forgets && now >= entry.created + memory;
        let exists = entry.order != Order::None || entry.is_used_up;
        let is_known = exists && !is_forgotten;
        if is_known && (world.dedupes_first || world.duplicates_are_rejected) {
            return match world.duplicates_are_rejected {
                true => Answer::Permanent,
                false => Answer::Duplicate,
            };
        }
        if is_known && content && has_money {
            return Answer::Duplicate;
        }
        let answer = entry.executed(content, has_money, now);
        entry.is_used_up |= world.uses_up && answer != Answer::Accepted;
        answer
    }

    /// What a look-up may say now. The last two are early, and each is counted as a flap.
    pub(super) fn findings(&self, world: &World, attempt: u8) -> [Option<(Order, bool)>; 4] {
        let entry = &self.orders[usize::from(attempt)];
        let is_new = entry.order != Order::None && entry.created == self.now;
        let may_flap = self.left.flaps > 0 && entry.flapped.is_none_or(|tick| tick == self.now);
        [
            Some((entry.order, false)),
            (world.lags && is_new).then_some((Order::None, false)),
            (may_flap && entry.order == Order::Pending).then_some((Order::Failed, true)),
            (may_flap && entry.order == Order::Paid && world.returns > 0)
                .then_some((Order::Reversed, true)),
        ]
    }
}

impl Entry {
    fn executed(&mut self, content: bool, has_money: bool, now: u8) -> Answer {
        if !content {
            return Answer::Permanent;
        }
        if !has_money {
            return Answer::Transient;
        }
        if self.order == Order::None {
            (self.order, self.created) = (Order::Pending, now);
        } else {
            self.more += 1;
        }
        Answer::Accepted
    }
}
