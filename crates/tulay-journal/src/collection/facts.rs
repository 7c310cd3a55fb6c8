//! The facts of a collection.

use crate::machine::permission::LAST_ATTEMPT;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::{Money, ProviderReference};

/// What is known of a collection beside its request. It has no personal data. Evidence is added by
/// [`Collected::join`], in any order and any number of times with the same result.
///
/// Look-ups count by the time at which they were *asked*: an answer may describe any moment after
/// that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Collected {
    /// Its orders, by number.
    pub orders: BTreeMap<u8, OrderFacts>,
    /// Its incoming payments as messages name them, in the order of names.
    /// [`payments`](Self::payments) says which of them are one payment.
    pub sightings: Vec<Sighting>,
    /// The payments that a person gave back.
    pub given_back: BTreeSet<PaymentId>,
    /// When the application withdrew it.
    pub cancelled_at: Option<Timestamp>,
    /// When the journal ended it because no order could be made that is shown.
    pub failed_at: Option<Timestamp>,
    /// When the journal ended it because it expired and the provider could not be asked.
    pub closed_at: Option<Timestamp>,
}

/// What is known of one order of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct OrderFacts {
    /// How often its id was sent, or was about to be.
    pub sendings: u32,
    /// When the last sending was written down.
    pub sent_at: Option<Timestamp>,
    /// The sendings of which no byte left.
    pub not_sent: BTreeSet<u32>,
    /// Its creation was rejected.
    pub is_rejected: bool,
    /// Its creation was answered: the order exists.
    pub is_created: bool,
    /// When its way to pay first came back.
    pub way_at: Option<Timestamp>,
    /// When it was last looked up, with or without an answer.
    pub asked_last: Option<Timestamp>,
    /// When the last look-up that was answered was asked, and what it says.
    pub said: Option<(Timestamp, Said)>,
    /// The first look-up that says expired.
    pub expired_first: Option<Timestamp>,
    /// The first look-up that says closed or failed.
    pub ended_first: Option<Timestamp>,
    /// The first look-up that says reversed.
    pub reversed_first: Option<Timestamp>,
    /// When the last notification arrived that proves nothing by itself.
    pub hinted: Option<Timestamp>,
    /// When its withdrawal was last asked, and how it ended.
    pub withdrawal: Option<(Timestamp, Withdrawal)>,
    /// It will not be shown, whatever arrives later.
    pub is_given_up: bool,
}

/// What a look-up says of an order, in one word. Of two that were asked at one moment, the later in
/// this list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every word has its rule")]
pub enum Said {
    /// There is no such order.
    Absent,
    /// It waits for the payer.
    Waiting,
    /// Its way to pay cannot be paid any more.
    Expired,
    /// It ended unpaid.
    Closed,
    /// It failed for good.
    Failed,
    /// It was paid and returned.
    Reversed,
    /// It was paid.
    Paid,
    /// It has another amount or currency.
    Mismatch,
}

/// How the withdrawal of an order at the provider ended. Of two that were asked at one moment, the later
/// in this list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every outcome has its rule")]
pub enum Withdrawal {
    /// The answer was lost.
    Open,
    /// It was rejected: the order is paid, closed otherwise, or not there.
    Refused,
    /// The order is withdrawn.
    Withdrawn,
}

/// How the journal ends a collection that was not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Ending {
    /// No order could be made that is shown.
    Failed,
    /// It expired, and the provider could not be asked whether it was paid.
    Closed,
}

/// What a payment is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum PaymentId {
    /// The provider's own id: of the payment, else of the order.
    Provider(ProviderReference),
    /// The order, by its number: the provider states no id.
    Order(u8),
}

/// How a message names a payment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a name has these parts")]
pub struct Name {
    /// The order that it was made on; `None`: a person assigned it.
    pub order: Option<u8>,
    /// The provider's id of the payment.
    pub payment: Option<ProviderReference>,
    /// The provider's id of the order.
    pub provider_reference: Option<ProviderReference>,
}

/// What messages that name a payment alike say of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sighting {
    /// The name.
    pub name: Name,
    /// The amount that was seen first.
    pub amount: Money,
    /// When it was first seen, by the journal's clock.
    pub seen_at: Timestamp,
    /// When it was paid, by the provider's clock: the earliest time that is stated.
    pub paid_at: Option<Timestamp>,
    /// Another amount was stated too.
    pub is_mismatched: bool,
    /// The last look-up that says paid.
    pub paid_last: Option<Timestamp>,
    /// The last look-up that says reversed.
    pub reversed_last: Option<Timestamp>,
}

impl Collected {
    /// The order that is shown: its way to pay came back before it was given up. A collection has at
    /// most one, and keeps it.
    #[must_use]
    pub fn shown(&self) -> Option<(u8, &OrderFacts)> {
        let is_shown = |facts: &OrderFacts| facts.way_at.is_some() && !facts.is_given_up;
        let shown = self.orders.iter().find(|(_, facts)| is_shown(facts));
        shown.filter(|_| self.failed_at.is_none()).map(|(number, facts)| (*number, facts))
    }

    /// The last order, unless it was given up.
    #[must_use]
    pub fn current(&self) -> Option<(u8, &OrderFacts)> {
        self.last().filter(|(_, facts)| !facts.is_given_up)
    }

    /// The number of the order that may follow the last; `None`: there were eight.
    #[must_use]
    pub fn next_number(&self) -> Option<u8> {
        let next = self.last().map_or(1, |(number, _)| number.saturating_add(1));
        (next <= LAST_ATTEMPT).then_some(next)
    }

    /// The facts of an order.
    pub(super) fn order(&self, number: u8) -> Option<&OrderFacts> {
        self.orders.get(&number)
    }

    /// A notification alone makes no order exist: others can cause one that names any number.
    fn last(&self) -> Option<(u8, &OrderFacts)> {
        let begun = self.orders.iter().rfind(|(_, facts)| facts.is_begun());
        begun.map(|(number, facts)| (*number, facts))
    }
}

impl OrderFacts {
    /// Whether an order of this id was made, or was about to be.
    fn is_begun(&self) -> bool {
        self.sendings > 0 || self.is_known()
    }

    /// Whether the order exists.
    fn is_known(&self) -> bool {
        let is_found = self.said.is_some_and(|(_, said)| said != Said::Absent);
        self.is_created || self.way_at.is_some() || is_found
    }

    /// Whether no copy of it left.
    pub(super) fn is_unsent(&self) -> bool {
        (0..self.sendings).all(|sending| self.not_sent.contains(&sending)) && !self.is_known()
    }

    /// Whether the provider rejected it.
    pub(super) fn is_dead(&self) -> bool {
        self.is_rejected && !self.is_known()
    }

    /// When the last look-up that was answered was asked.
    pub(super) fn answered(&self) -> Option<Timestamp> {
        self.said.map(|(asked, _)| asked)
    }

    /// Whether the last look-up was asked after a moment, and says that it can be paid.
    pub(super) fn waits_after(&self, moment: Timestamp) -> bool {
        self.said.is_some_and(|(asked, said)| asked > moment && said == Said::Waiting)
    }

    /// A notification names it, and no look-up that was asked since was answered.
    pub(super) fn open_hint(&self) -> Option<Timestamp> {
        self.hinted.filter(|hinted| self.answered().is_none_or(|asked| asked <= *hinted))
    }
}

impl Name {
    /// The most precise part.
    pub(super) fn id(&self) -> PaymentId {
        match self.payment.as_ref().or(self.provider_reference.as_ref()) {
            Some(id) => PaymentId::Provider(id.clone()),
            None => PaymentId::Order(self.order.unwrap_or_default()),
        }
    }
}

impl Sighting {
    pub(super) const fn new(
        name: Name,
        amount: Money,
        paid_at: Option<Timestamp>,
        seen_at: Timestamp,
    ) -> Self {
        Self {
            name,
            amount,
            seen_at,
            paid_at,
            is_mismatched: false,
            paid_last: None,
            reversed_last: None,
        }
    }

    /// Adds what another message says of the same payment.
    pub(super) fn merge(&mut self, other: &Self) {
        self.is_mismatched |= other.is_mismatched || self.amount != other.amount;
        if other.first_seen() < self.first_seen() {
            (self.amount, self.seen_at) = (other.amount, other.seen_at);
        }
        self.paid_at = self.paid_at.into_iter().chain(other.paid_at).min();
        self.paid_last = self.paid_last.max(other.paid_last);
        self.reversed_last = self.reversed_last.max(other.reversed_last);
    }

    fn first_seen(&self) -> (Timestamp, i64, tulay_core::Currency) {
        (self.seen_at, self.amount.minor(), self.amount.currency())
    }
}
