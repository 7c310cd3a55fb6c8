//! What becomes known of a collection.

use super::facts::{Collected, Ending, Name, OrderFacts, PaymentId, Said, Sighting, Withdrawal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tulay_core::{CollectionStatus, Money, Observation, ProviderReference};

/// What becomes known of a collection, to be joined by [`Collected::join`]. Orders are named by their
/// number, from 1.
///
/// A message counts only where it identifies the order by the guarantees of its account. An answer that
/// was lost is no evidence: the order stays as the intent left it, as after a process that ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "evidence", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Evidence {
    /// The order is about to be created. It is written down before the first byte leaves, and in the
    /// same transaction as [`GivenUp`](Self::GivenUp) of the order before it.
    Intended {
        /// The order.
        order: u8,
        /// The sending of this order id, from 0. A further one follows only where nothing left.
        sending: u32,
        /// When.
        at: Timestamp,
    },
    /// No byte of a sending left.
    NotSent {
        /// The order.
        order: u8,
        /// The sending.
        sending: u32,
    },
    /// A listed rejection answered the creation.
    Rejected {
        /// The order.
        order: u8,
    },
    /// A genuine answer to the creation; of a duplicate, one without a way to pay.
    Created {
        /// The order.
        order: u8,
        /// The answer has the way to pay.
        has_way: bool,
        /// When it was written down.
        at: Timestamp,
    },
    /// A look-up ended.
    LookedUp {
        /// The order.
        order: u8,
        /// When it was asked.
        asked: Timestamp,
        /// What it says.
        finding: Finding,
        /// The answer has the way to pay.
        has_way: bool,
    },
    /// A notification that is evidence says that the order was paid.
    Notified {
        /// The order.
        order: u8,
        /// The payment.
        report: Report,
    },
    /// A notification that proves nothing names the order. It causes one look-up.
    Hinted {
        /// The order.
        order: u8,
        /// When it arrived.
        received: Timestamp,
    },
    /// The provider was asked to withdraw the order.
    Withdrawal {
        /// The order.
        order: u8,
        /// When it was asked.
        asked: Timestamp,
        /// How it ended.
        outcome: Withdrawal,
    },
    /// The order will not be shown, whatever arrives later. It is written only where
    /// [`Collected::shown`] is not this order.
    GivenUp {
        /// The order.
        order: u8,
    },
    /// The application withdrew the collection.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// The journal ended the collection, as [`Todo::End`](super::Todo::End) says.
    Ended {
        /// How.
        ending: Ending,
        /// When.
        at: Timestamp,
    },
    /// A person says that a payment is one of this collection. Where it is known already, the person
    /// says that it stays.
    Assigned {
        /// The provider's id of the payment.
        payment: ProviderReference,
        /// Its amount.
        amount: Money,
        /// When it was paid, where that is known.
        paid_at: Option<Timestamp>,
        /// When the person said it.
        at: Timestamp,
    },
    /// A person says that a payment was given back. It counts as if it had not been made.
    GivenBack {
        /// The payment.
        payment: PaymentId,
    },
}

/// What a look-up says of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "every finding has its rule")]
pub enum Finding {
    /// No answer, or one that says nothing of this order.
    Nothing,
    /// There is no such order.
    Absent,
    /// It waits for the payer, or its status is unknown.
    Waiting,
    /// Its way to pay cannot be paid any more. A payment may still arrive.
    Expired,
    /// It ended unpaid.
    Closed,
    /// It failed for good.
    Failed,
    /// It was paid and returned.
    Reversed(Report),
    /// It was paid.
    Paid(Report),
    /// It names this order and an amount that the request does not have. It has no effect, and a
    /// person looks.
    Mismatch,
}

impl Finding {
    /// What an observation of the order says. Where it states no amount, it identifies the order by the
    /// provider's id, which stands for the amount of the request.
    #[must_use]
    pub fn new(
        observation: &Observation<CollectionStatus>,
        requested: Money,
        seen_at: Timestamp,
    ) -> Self {
        let report = || Report::new(observation, requested, seen_at);
        match observation.status {
            CollectionStatus::Paid => Self::Paid(report()),
            CollectionStatus::Reversed => Self::Reversed(report()),
            CollectionStatus::Failed => Self::Failed,
            CollectionStatus::Closed => Self::Closed,
            CollectionStatus::Expired => Self::Expired,
            _ => Self::Waiting,
        }
    }

    const fn said(&self) -> Option<Said> {
        Some(match self {
            Self::Nothing => return None,
            Self::Absent => Said::Absent,
            Self::Waiting => Said::Waiting,
            Self::Expired => Said::Expired,
            Self::Closed => Said::Closed,
            Self::Failed => Said::Failed,
            Self::Reversed(_) => Said::Reversed,
            Self::Paid(_) => Said::Paid,
            Self::Mismatch => Said::Mismatch,
        })
    }
}

/// A payment as one message reports it. It has no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a worker states all of it")]
pub struct Report {
    /// The provider's id of the payment.
    pub payment: Option<ProviderReference>,
    /// The provider's id of the order. It names the payment where the message has no id of that.
    pub provider_reference: Option<ProviderReference>,
    /// The amount.
    pub amount: Money,
    /// When it was paid, by the provider's clock.
    pub paid_at: Option<Timestamp>,
    /// When this journal wrote it to the collection, by the journal's clock. The time at which a
    /// notification arrived is not meant: a collection may have ended in between.
    pub seen_at: Timestamp,
}

impl Report {
    /// What an observation of a paid order reports. The reading of the amount in the currency of the
    /// request is taken, where it has one.
    #[must_use]
    pub fn new(
        observation: &Observation<CollectionStatus>,
        requested: Money,
        seen_at: Timestamp,
    ) -> Self {
        let stated = observation.amount.as_ref();
        let same_currency = stated.and_then(|it| it.in_currency(requested.currency()));
        let first = stated.and_then(|it| it.all().first().copied());
        Self {
            payment: observation.payment.clone(),
            provider_reference: observation.provider_reference.clone(),
            amount: same_currency.or(first).unwrap_or(requested),
            paid_at: observation.finished.as_ref().and_then(|it| it.at),
            seen_at,
        }
    }
}

impl Evidence {
    /// The order that it speaks of; `None`: it speaks of the collection.
    #[must_use]
    pub const fn order(&self) -> Option<u8> {
        match self {
            Self::Intended { order, .. }
            | Self::NotSent { order, .. }
            | Self::Rejected { order }
            | Self::Created { order, .. }
            | Self::LookedUp { order, .. }
            | Self::Notified { order, .. }
            | Self::Hinted { order, .. }
            | Self::Withdrawal { order, .. }
            | Self::GivenUp { order } => Some(*order),
            Self::Cancelled { .. }
            | Self::Ended { .. }
            | Self::Assigned { .. }
            | Self::GivenBack { .. } => None,
        }
    }

    /// The name in the database and in JSON: `looked_up`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Intended { .. } => "intended",
            Self::NotSent { .. } => "not_sent",
            Self::Rejected { .. } => "rejected",
            Self::Created { .. } => "created",
            Self::LookedUp { .. } => "looked_up",
            Self::Notified { .. } | Self::Hinted { .. } => "notified",
            Self::Withdrawal { outcome: Withdrawal::Withdrawn, .. } => "withdrawn",
            Self::Withdrawal { outcome: Withdrawal::Refused, .. } => "withdrawal_refused",
            Self::Withdrawal { outcome: Withdrawal::Open, .. } => "withdrawal_unanswered",
            Self::GivenUp { .. } => "given_up",
            Self::Cancelled { .. } => "cancelled",
            Self::Ended { .. } => "ended",
            Self::Assigned { .. } => "assigned",
            Self::GivenBack { .. } => "given_back",
        }
    }

    /// Whether a provider answered.
    pub(crate) const fn is_answer(&self) -> bool {
        match self {
            Self::Created { .. } => true,
            Self::LookedUp { finding, .. } => !matches!(finding, Finding::Nothing),
            _ => false,
        }
    }

    /// The same evidence, written down at a time.
    #[must_use]
    pub(crate) fn seen(mut self, now: Timestamp) -> Self {
        if let Self::LookedUp { asked, finding, has_way, .. } = &mut self
            && *asked > now
        {
            // It was asked by a clock that was set back since.
            (*asked, *finding, *has_way) = (now, Finding::Nothing, false);
        }
        match &mut self {
            Self::Notified { report, .. }
            | Self::LookedUp {
                finding: Finding::Paid(report) | Finding::Reversed(report), ..
            } => {
                report.seen_at = now;
            }
            Self::Created { at, .. } | Self::Cancelled { at } | Self::Ended { at, .. } => *at = now,
            Self::Assigned { at, .. } => *at = now,
            _ => {}
        }
        self
    }
}

impl Collected {
    /// Adds evidence.
    pub fn join(&mut self, evidence: Evidence) {
        match evidence {
            Evidence::Intended { order, sending, at } => {
                let order = self.order_mut(order);
                order.sendings = order.sendings.max(sending.saturating_add(1));
                order.sent_at = order.sent_at.max(Some(at));
            }
            Evidence::NotSent { order, sending } => {
                self.order_mut(order).not_sent.insert(sending);
            }
            Evidence::Rejected { order } => self.order_mut(order).is_rejected = true,
            Evidence::Created { order, has_way, at } => {
                let order = self.order_mut(order);
                order.is_created = true;
                order.learn_way(has_way, at);
            }
            Evidence::LookedUp { order, asked, finding, has_way } => {
                let facts = self.order_mut(order);
                facts.learn_way(has_way, asked);
                facts.look_up(asked, finding.said());
                match finding {
                    Finding::Paid(report) => self.see(order, report, Some(asked), None),
                    Finding::Reversed(report) => self.see(order, report, None, Some(asked)),
                    _ => {}
                }
            }
            Evidence::Notified { order, report } => self.see(order, report, None, None),
            Evidence::Hinted { order, received } => self.order_mut(order).hint(received),
            Evidence::Withdrawal { order, asked, outcome } => {
                let order = self.order_mut(order);
                order.withdrawal = order.withdrawal.max(Some((asked, outcome)));
                if outcome == Withdrawal::Refused {
                    order.hint(asked);
                }
            }
            Evidence::GivenUp { order } => self.order_mut(order).is_given_up = true,
            Evidence::Cancelled { at } => earlier(&mut self.cancelled_at, at),
            Evidence::Ended { ending: Ending::Failed, at } => earlier(&mut self.failed_at, at),
            Evidence::Ended { ending: Ending::Closed, at } => earlier(&mut self.closed_at, at),
            Evidence::Assigned { payment, amount, paid_at, at } => {
                let name = Name { order: None, payment: Some(payment), provider_reference: None };
                self.add(Sighting::new(name, amount, paid_at, at));
            }
            Evidence::GivenBack { payment } => {
                self.given_back.insert(payment);
            }
        }
    }

    fn order_mut(&mut self, number: u8) -> &mut OrderFacts {
        self.orders.entry(number).or_default()
    }

    fn see(
        &mut self,
        order: u8,
        report: Report,
        paid_last: Option<Timestamp>,
        reversed_last: Option<Timestamp>,
    ) {
        let Report { payment, provider_reference, amount, paid_at, seen_at } = report;
        let name = Name { order: Some(order), payment, provider_reference };
        let sighting = Sighting::new(name, amount, paid_at, seen_at);
        self.add(Sighting { paid_last, reversed_last, ..sighting });
    }

    fn add(&mut self, sighting: Sighting) {
        match self.sightings.binary_search_by(|known| known.name.cmp(&sighting.name)) {
            Ok(place) => {
                if let Some(known) = self.sightings.get_mut(place) {
                    known.merge(&sighting);
                }
            }
            Err(place) => self.sightings.insert(place, sighting),
        }
    }
}

impl OrderFacts {
    fn learn_way(&mut self, has_way: bool, at: Timestamp) {
        if has_way {
            earlier(&mut self.way_at, at);
        }
    }

    fn look_up(&mut self, asked: Timestamp, said: Option<Said>) {
        self.asked_last = self.asked_last.max(Some(asked));
        let Some(said) = said else { return };
        self.said = self.said.max(Some((asked, said)));
        match said {
            Said::Expired => earlier(&mut self.expired_first, asked),
            Said::Closed | Said::Failed => earlier(&mut self.ended_first, asked),
            Said::Reversed => earlier(&mut self.reversed_first, asked),
            _ => {}
        }
    }

    /// Lets the order be looked up, unless it was since. Facts keep the time: a look-up may be written
    /// before the hint that it answers.
    fn hint(&mut self, received: Timestamp) {
        self.hinted = self.hinted.max(Some(received));
    }
}

fn earlier(known: &mut Option<Timestamp>, at: Timestamp) {
    *known = Some(known.map_or(at, |known| known.min(at)));
}
