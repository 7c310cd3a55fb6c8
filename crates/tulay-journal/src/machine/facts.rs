//! What is known of an attempt beside the outcomes of its sendings.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tulay_core::{PayoutStatus, ProviderReference, RefundStatus};

/// What is known of an attempt. Evidence is added by [`Facts::join`], in any order and any number
/// of times with the same result.
///
/// Look-ups count by the time at which they were *asked*: an answer may describe any moment after
/// that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Facts {
    /// An order exists at the provider.
    pub order_exists: bool,
    /// The order was carried out.
    pub succeeded: bool,
    /// Look-ups that say failed, or cancelled at the provider.
    pub failed: Run,
    /// Look-ups that say paid and returned.
    pub reversed: Run,
    /// The last look-up that found no order.
    pub absent_last: Option<Timestamp>,
    /// The last look-up that found one.
    pub found_last: Option<Timestamp>,
    /// The provider's ids of the order. More than one is a contradiction.
    pub provider_references: BTreeSet<ProviderReference>,
    /// Another order has one of these ids. That is a contradiction of both.
    pub is_reference_shared: bool,
    /// A notification that is evidence named this order.
    pub is_notified: bool,
    /// A notification that is evidence called the order failed.
    pub is_notified_failed: bool,
    /// A person or a statement says that this many sendings, from the first, were not executed.
    pub not_executed: u32,
    /// A person or a statement says that it was paid.
    pub declared_paid: bool,
    /// A person or a statement says that it was paid and the money came back: since when this is
    /// known.
    pub declared_returned: Option<Timestamp>,
    /// The last look-up that says paid.
    pub paid_last: Option<Timestamp>,
    /// The sendings of which a process wrote down what it saw, be it nothing. The processes of the
    /// others ended before they could.
    pub heard_of: BTreeSet<u32>,
    /// It was closed by evidence although an order was known: the order is gone, so that it once
    /// existed is no news.
    pub is_order_gone: bool,
    /// When a notification arrived that proves nothing by itself, and after which the order was not
    /// looked up yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hinted: Option<Timestamp>,
    /// The order was found in a search by a journal that did not know it: when the search was asked.
    pub adopted_at: Option<Timestamp>,
}

/// The last unbroken run of look-ups that say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// When each look-up of the run was asked.
    asked: BTreeSet<Timestamp>,
    /// The last look-up that said anything else.
    broken: Option<Timestamp>,
}

impl Run {
    fn add(&mut self, asked: Timestamp) {
        if self.broken.is_none_or(|broken| asked > broken) {
            self.asked.insert(asked);
        }
    }

    fn break_at(&mut self, asked: Timestamp) {
        self.broken = self.broken.max(Some(asked));
        self.asked.retain(|other| *other > asked);
    }

    /// Whether at least one look-up says so.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.asked.is_empty()
    }

    /// When a look-up that says the same is far enough from the first one; `None`: there is none.
    pub(crate) fn lasts_from(&self, window: SignedDuration) -> Option<Timestamp> {
        self.asked.first()?.checked_add(window).ok()
    }

    /// Whether its first and last look-up were asked at least this far apart.
    #[must_use]
    pub fn lasts(&self, window: SignedDuration) -> bool {
        match (self.asked.first(), self.asked.last()) {
            (Some(first), Some(last)) => first < last && last.duration_since(*first) >= window,
            _ => false,
        }
    }
}

/// What a provider or a person says about an order. A message counts as evidence only where it
/// identifies the order by the guarantees of its attempt; a hint is no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Evidence {
    /// A genuine answer to `create`.
    Created(Word),
    /// A genuine look-up that found no such order.
    Absent {
        /// When it was asked.
        asked: Timestamp,
    },
    /// A genuine look-up that found the order.
    Found {
        /// When it was asked.
        asked: Timestamp,
        /// What it says.
        word: Word,
    },
    /// A notification that names account, order id and amount.
    Notified(Word),
    /// The provider gave one of its ids to another order too.
    SharedReference,
    /// A person or a statement says that the first sendings, this many, were not executed.
    NotExecuted {
        /// How many.
        sendings: u32,
    },
    /// A person or a statement says that it was paid.
    Paid,
    /// A person or a statement says that it was paid and came back.
    CameBack {
        /// When it was stated.
        at: Timestamp,
    },
}

/// What a message says of an order's state. A word that no table lists is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every word has its rule")]
pub enum Word {
    /// Not final.
    Pending,
    /// Paid.
    Succeeded,
    /// Failed, or cancelled at the provider.
    Failed,
    /// Paid, and returned.
    Reversed,
}

impl Word {
    /// What a payout's status says.
    pub(crate) const fn of_payout(status: &PayoutStatus) -> Self {
        match status {
            PayoutStatus::Succeeded => Self::Succeeded,
            PayoutStatus::Failed | PayoutStatus::Cancelled => Self::Failed,
            PayoutStatus::Reversed => Self::Reversed,
            _ => Self::Pending,
        }
    }

    /// What a refund's status says.
    pub(crate) const fn of_refund(status: &RefundStatus) -> Self {
        match status {
            RefundStatus::Succeeded => Self::Succeeded,
            RefundStatus::Failed | RefundStatus::Cancelled => Self::Failed,
            _ => Self::Pending,
        }
    }
}

impl Facts {
    /// Adds evidence.
    pub fn join(&mut self, evidence: Evidence) {
        match evidence {
            Evidence::Created(word) | Evidence::Notified(word) => {
                self.order_exists = true;
                self.succeeded |= word == Word::Succeeded;
                if matches!(evidence, Evidence::Notified(_)) {
                    self.is_notified = true;
                    self.is_notified_failed |= word == Word::Failed;
                }
            }
            Evidence::Absent { asked } => {
                self.absent_last = self.absent_last.max(Some(asked));
                self.failed.break_at(asked);
                self.reversed.break_at(asked);
            }
            Evidence::Found { asked, word } => {
                self.order_exists = true;
                self.succeeded |= word == Word::Succeeded;
                self.found_last = self.found_last.max(Some(asked));
                if word == Word::Succeeded {
                    self.paid_last = self.paid_last.max(Some(asked));
                }
                match word {
                    Word::Failed => self.failed.add(asked),
                    _ => self.failed.break_at(asked),
                }
                match word {
                    Word::Reversed => self.reversed.add(asked),
                    _ => self.reversed.break_at(asked),
                }
            }
            Evidence::NotExecuted { sendings } => {
                self.not_executed = self.not_executed.max(sendings);
            }
            Evidence::SharedReference => self.is_reference_shared = true,
            Evidence::Paid => self.declared_paid = true,
            Evidence::CameBack { at } => {
                let first = self.declared_returned.map_or(at, |first| first.min(at));
                self.declared_returned = Some(first);
            }
        }
    }

    /// Lets the order be looked up, unless it was since the notification arrived.
    pub(crate) fn hint(&mut self, received: Timestamp) {
        if self.absent_last.max(self.found_last) < Some(received) {
            self.hinted = self.hinted.max(Some(received));
        }
    }

    /// Notes that the order was looked up, whatever was found.
    pub(crate) fn look_up(&mut self, asked: Timestamp) {
        self.hinted = self.hinted.filter(|hinted| *hinted > asked);
    }

    /// Adds the provider's id of the order. It comes from the answer to `create`, or from a look-up
    /// that names our order id, and never from a notification.
    pub fn add_reference(&mut self, reference: ProviderReference) {
        self.provider_references.insert(reference);
    }

    /// Whether a look-up that was asked after `moment` found none, and none since found an order.
    pub(super) fn is_absent_after(&self, moment: Option<Timestamp>) -> bool {
        self.absent_last > moment && self.absent_last > self.found_last
    }

    /// Whether a look-up that was asked at least `window` after `moment` found none.
    pub(super) fn is_absent_beyond(
        &self,
        moment: Option<Timestamp>,
        window: SignedDuration,
    ) -> bool {
        let beyond = |(asked, moment): (Timestamp, Timestamp)| {
            asked > moment && asked.duration_since(moment) >= window
        };
        self.absent_last.zip(moment).is_some_and(beyond)
    }
}
