//! Which sightings are one incoming payment.

use super::facts::{Collected, PaymentId, Sighting};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tulay_core::{Currency, Money, ProviderReference};

/// An incoming payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// Its most precise name that is known.
    pub id: PaymentId,
    /// The order that it was made on; `None`: a person assigned it.
    pub order: Option<u8>,
    /// The amount. Where messages differ, the one that was seen first.
    pub amount: Money,
    /// When it was first seen, by the journal's clock.
    pub seen_at: Timestamp,
    /// When it was paid, by the provider's clock.
    pub paid_at: Option<Timestamp>,
    /// The last look-up that speaks of it says reversed.
    pub is_reversed: bool,
    /// A person gave it back.
    pub is_given_back: bool,
    /// A person says that it is one of this collection.
    pub is_assigned: bool,
    /// Messages differ in its amount, or name it under two orders.
    pub is_mismatched: bool,
    names: BTreeSet<PaymentId>,
}

impl Payment {
    /// When it was made, as far as is known. No payment is seen before it is made.
    #[must_use]
    pub fn made_at(&self) -> Timestamp {
        self.paid_at.map_or(self.seen_at, |paid| paid.min(self.seen_at))
    }

    /// Whether its amount counts: it was neither reversed nor given back, and is in this currency.
    #[must_use]
    pub fn counts(&self, currency: Currency) -> bool {
        let is_here = !self.is_reversed && !self.is_given_back;
        is_here && self.amount.currency() == currency && self.amount.minor() > 0
    }

    /// Whether a message or a person may call it so. Its name becomes more precise with each message.
    #[must_use]
    pub fn is_named(&self, id: &PaymentId) -> bool {
        self.names.contains(id)
    }

    fn may_be(&self, other: &Self) -> bool {
        self.order.is_none() || other.order.is_none() || self.order == other.order
    }
}

/// The payments that became known between two states of a collection, each once. The name of a payment
/// may become more precise; that is no new payment.
#[must_use]
pub fn new_payments(before: &Collected, after: &Collected) -> Vec<Payment> {
    let (mut known, mut new) = (before.payments(), after.payments());
    let has_same_id = |one: &Payment, other: &Payment| one.id == other.id;
    let shares_name = |one: &Payment, other: &Payment| !one.names.is_disjoint(&other.names);
    for is_same in [has_same_id, shares_name] {
        new.retain(|payment| {
            let place = known.iter().position(|it| it.may_be(payment) && is_same(it, payment));
            place.map(|place| known.remove(place)).is_none()
        });
    }
    new
}

impl Collected {
    /// Its payments, by the time at which they were made.
    ///
    /// A payment is recognised by the provider's id of it, on its order. Some messages state less. One
    /// with the provider's id of the order alone is about the payment that another message names beside
    /// that id. One without any id is about a payment of the order. Where there is no such payment, it is
    /// one by itself.
    #[must_use]
    pub fn payments(&self) -> Vec<Payment> {
        let mut groups: Vec<Group> = Vec::new();
        for precision in [Precision::Payment, Precision::Order, Precision::None, Precision::Person]
        {
            let of_precision = |it: &&Sighting| Precision::of(it) == precision;
            for sighting in self.sightings.iter().filter(of_precision) {
                place(&mut groups, sighting, precision);
            }
        }
        let groups = &groups;
        let payments = groups.iter().map(|group| self.payment(group, groups));
        let mut payments: Vec<_> = payments.collect();
        payments.sort_by(|one, other| one.place().cmp(&other.place()));
        payments
    }

    /// What came in and is still here, in minor units: no refund may exceed it.
    #[must_use]
    pub fn received(&self, currency: Currency) -> i128 {
        let payments = self.payments();
        let counted = payments.iter().filter(|payment| payment.counts(currency));
        counted.map(|payment| i128::from(payment.amount.minor())).sum()
    }

    fn payment(&self, group: &Group, all: &[Group]) -> Payment {
        let Group { sighting, names, .. } = group;
        let is_shared = all.iter().any(|other| {
            let (one, other_order) = (sighting.name.order, other.sighting.name.order);
            one != other_order && !names.is_disjoint(&other.names)
        });
        Payment {
            id: sighting.name.id(),
            order: sighting.name.order,
            amount: sighting.amount,
            seen_at: sighting.seen_at,
            paid_at: sighting.paid_at,
            is_reversed: sighting.reversed_last > sighting.paid_last,
            is_given_back: !names.is_disjoint(&self.given_back),
            is_assigned: group.is_assigned,
            is_mismatched: sighting.is_mismatched || is_shared,
            names: names.clone(),
        }
    }
}

impl Payment {
    fn place(&self) -> (Timestamp, Timestamp, &PaymentId, Option<u8>) {
        (self.made_at(), self.seen_at, &self.id, self.order)
    }
}

/// How precisely a message names a payment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Precision {
    Payment,
    Order,
    None,
    Person,
}

impl Precision {
    const fn of(sighting: &Sighting) -> Self {
        let name = &sighting.name;
        match (name.order.is_some(), name.payment.is_some(), name.provider_reference.is_some()) {
            (false, ..) => Self::Person,
            (_, true, _) => Self::Payment,
            (_, _, true) => Self::Order,
            _ => Self::None,
        }
    }
}

/// The sightings of one payment.
struct Group {
    /// All of them, under the most precise name.
    sighting: Sighting,
    names: BTreeSet<PaymentId>,
    /// The provider's ids of the order that stand beside its own.
    beside: BTreeSet<ProviderReference>,
    is_assigned: bool,
}

impl Group {
    /// Whether a sighting, which names no more than this, is about this payment.
    fn has(&self, sighting: &Sighting, precision: Precision) -> bool {
        let (own, name) = (&self.sighting.name, &sighting.name);
        match precision {
            Precision::Payment => own.order == name.order && own.payment == name.payment,
            Precision::Order => {
                let is_beside =
                    name.provider_reference.as_ref().is_some_and(|it| self.beside.contains(it));
                let may_be_beside = self.beside.is_empty() && own.payment.is_some();
                own.order == name.order && (is_beside || may_be_beside)
            }
            Precision::None => own.order == name.order,
            Precision::Person => self.names.contains(&name.id()),
        }
    }
}

fn place(groups: &mut Vec<Group>, sighting: &Sighting, precision: Precision) {
    let mut found: Vec<&mut Group> =
        groups.iter_mut().filter(|it| it.has(sighting, precision)).collect();
    found.sort_by_key(|group| (group.sighting.seen_at, group.sighting.name.clone()));
    let is_only = found.len() == 1;
    let mut found = found.into_iter();
    if let Some(first) = found.next() {
        // A message about one of several payments does not say which: it is the first one, and all of
        // them may be reversed.
        let paid_last = sighting.paid_last.filter(|_| is_only);
        first.sighting.merge(&Sighting { paid_last, ..sighting.clone() });
        first.names.insert(sighting.name.id());
        first.beside.extend(sighting.name.provider_reference.clone());
        first.is_assigned |= precision == Precision::Person;
        for other in found {
            let reversed_last = &mut other.sighting.reversed_last;
            *reversed_last = (*reversed_last).max(sighting.reversed_last);
        }
        return;
    }
    groups.push(Group {
        sighting: sighting.clone(),
        names: BTreeSet::from([sighting.name.id()]),
        beside: sighting.name.provider_reference.iter().cloned().collect(),
        is_assigned: precision == Precision::Person,
    });
}
