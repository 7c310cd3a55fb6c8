//! What is true of the money: the ledger that the scripted provider keeps.

use jiff::{SignedDuration, Timestamp};
use tulay_core::ErrorKind;
use tulay_journal::{
    machine::facts::Word,
    record::{Finding, Seen},
};

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    PaidAtOnce,
    PaidLater,
    Fails,
    Returned,
}

impl Fate {
    pub(super) const ALL: [Self; 4] =
        [Self::PaidAtOnce, Self::PaidLater, Self::Fails, Self::Returned];

    fn at(self, age: SignedDuration) -> Word {
        let is_young = age < SignedDuration::from_mins(1);
        match self {
            Self::PaidAtOnce => Word::Succeeded,
            Self::PaidLater | Self::Fails if is_young => Word::Pending,
            Self::PaidLater => Word::Succeeded,
            Self::Fails => Word::Failed,
            Self::Returned if age < SignedDuration::from_hours(1) => Word::Succeeded,
            Self::Returned => Word::Reversed,
        }
    }
}

/// What a provider makes of a copy that it does not know yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Takes,
    Rejects { kind: ErrorKind, is_permanent: bool },
}

impl Judgement {
    pub(super) const ALL: [Self; 6] = [
        Self::Takes,
        Self::Rejects { kind: ErrorKind::Institution, is_permanent: true },
        Self::Rejects { kind: ErrorKind::Beneficiary, is_permanent: true },
        Self::Rejects { kind: ErrorKind::Funds, is_permanent: false },
        Self::Rejects { kind: ErrorKind::TooEarly, is_permanent: false },
        Self::Rejects { kind: ErrorKind::Limit, is_permanent: false },
    ];

    const fn seen(self) -> Seen {
        match self {
            Self::Takes => Seen::Accepted,
            Self::Rejects { kind, is_permanent } => Seen::Rejected { kind, is_permanent },
        }
    }

    const fn is_permanent(self) -> bool {
        matches!(self, Self::Rejects { is_permanent: true, .. })
    }
}

/// How an account treats a copy of an order id that it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    /// It answers that it is a duplicate.
    Dedupes,
    /// It answers as it answered first.
    Replays,
    /// The same, for what it took alone.
    ReplaysOrders,
}

/// What one account has under one order id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) account: usize,
    memory: Memory,
    fate: Fate,
    made: Option<Timestamp>,
    /// What was first made of it.
    first: Option<Judgement>,
    /// Copies that arrived, without what a front end repeated.
    pub(super) arrived: usize,
}

/// A copy that arrives later.
#[derive(Clone, Copy, Debug)]
struct Late {
    at: Timestamp,
    attempt: usize,
    judgement: Judgement,
}

/// What is true of one payout.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth {
    pub(super) orders: Vec<Order>,
    late: Vec<Late>,
}

impl Truth {
    pub(super) fn begin(&mut self, account: usize, memory: Memory, fate: Fate) {
        self.orders.push(Order { account, memory, fate, made: None, first: None, arrived: 0 });
    }

    /// What is made of a copy, as the rules of its account have it: what was said of a content for
    /// good stays.
    fn judged(&self, attempt: usize, judgement: Judgement) -> Judgement {
        let account = self.orders[attempt].account;
        let lasting = self.orders.iter().filter(|order| order.account == account);
        let first = lasting.filter_map(|order| order.first).find(|first| first.is_permanent());
        let own = self.orders[attempt].first;
        match (first, own) {
            (Some(permanent), _) => permanent,
            // A content that was taken, or rejected for now, is never rejected for good.
            (None, Some(_)) if judgement.is_permanent() => Judgement::Takes,
            (None, _) => judgement,
        }
    }

    /// A copy arrives now.
    pub(super) fn arrive(&mut self, attempt: usize, judgement: Judgement, now: Timestamp) -> Seen {
        let judgement = self.judged(attempt, judgement);
        let order = &mut self.orders[attempt];
        order.arrived += 1;
        if order.memory == Memory::Replays
            && let Some(first) = order.first
        {
            return first.seen();
        }
        if order.made.is_some() {
            return match order.memory {
                Memory::Dedupes => Seen::Duplicate,
                _ => Seen::Accepted,
            };
        }
        order.first.get_or_insert(judgement);
        if judgement == Judgement::Takes {
            order.made = Some(now);
        }
        judgement.seen()
    }

    /// A copy will arrive.
    pub(super) fn post(&mut self, attempt: usize, judgement: Judgement, at: Timestamp) {
        self.late.push(Late { at, attempt, judgement });
    }

    /// What arrives until now.
    pub(super) fn pass(&mut self, now: Timestamp) {
        let (due, late): (Vec<_>, Vec<_>) = self.late.iter().partition(|late| late.at <= now);
        self.late = late;
        for copy in due {
            self.arrive(copy.attempt, copy.judgement, copy.at);
        }
    }

    /// Everything that can arrive has arrived.
    pub(super) fn ended(&self) -> Self {
        let mut ended = self.clone();
        ended.pass(Timestamp::MAX);
        ended
    }

    pub(super) fn is_known(&self, attempt: usize) -> bool {
        self.orders[attempt].made.is_some()
    }

    /// What a look-up finds.
    pub(super) fn finding(&self, attempt: usize, now: Timestamp) -> Finding {
        match self.state(attempt, now) {
            None => Finding::Absent,
            Some(word) => Finding::Found(word),
        }
    }

    pub(super) fn state(&self, attempt: usize, now: Timestamp) -> Option<Word> {
        let order = &self.orders[attempt];
        order.made.map(|made| order.fate.at(now.duration_since(made)))
    }

    /// Whether an order was made less than so long ago.
    pub(super) fn is_new(&self, attempt: usize, now: Timestamp, age: SignedDuration) -> bool {
        self.orders[attempt].made.is_some_and(|made| now.duration_since(made) < age)
    }

    /// How many orders are paid or may be.
    pub(super) fn alive(&self, now: Timestamp) -> usize {
        let is_alive = |word| matches!(word, Word::Pending | Word::Succeeded);
        (0..self.orders.len()).filter(|it| self.state(*it, now).is_some_and(is_alive)).count()
    }

    /// How many orders are or were paid.
    pub(super) fn paid(&self, now: Timestamp) -> usize {
        let is_paid = |word| matches!(word, Word::Succeeded | Word::Reversed);
        (0..self.orders.len()).filter(|it| self.state(*it, now).is_some_and(is_paid)).count()
    }
}
