//! Looking a payment up everywhere, in place of a person's word that a journal is whole.
//!
//! A journal that was restored or made anew does not know what was sent under its namespace before.
//! Order ids are derived, so every order of a payment can be looked up all the same. One search looks
//! up the ids of all attempts at every account, in every country and currency. It serves one sending
//! or one end.

use super::{
    Configured, Finding, Policy, Record,
    context::Context,
    digest::Digest,
    event::{Adoption, Beginning, Change, Place, Search, Sighting},
    policy::Doubt,
    step::Hit,
};
use crate::machine::{ReviewReason, Standing, permission::LAST_ATTEMPT, standing};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tulay_core::{Lookup, MerchantAccount, Prepared};

/// What a payment waits for before it is sent or ends, while its journal is not known to be whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Needed {
    /// A person has to say that the journal is whole: an account cannot be asked.
    Person,
    /// A copy of an earlier process may still arrive, or not be seen yet.
    Until(Timestamp),
    /// A search of these places.
    Search(Vec<Place>),
}

impl Record {
    /// What it needs before it is sent or ends; `None`: nothing.
    pub(crate) fn needed(&self, context: &Context<'_>) -> Option<Needed> {
        let doubt = context.doubt?;
        if self.waits_for_person(context) {
            return Some(Needed::Person);
        }
        let from = self.searchable_from(doubt, context.policy);
        let places = self.places(context.policy);
        let is_searched = |search: &Search| {
            search.asked >= from && places.iter().all(|place| search.places.contains(place))
        };
        if self.progress.search.as_ref().is_some_and(is_searched) {
            return None;
        }
        Some(if context.now < from { Needed::Until(from) } else { Needed::Search(places) })
    }

    /// Whether no search can take the place of a person's word.
    pub(super) fn waits_for_person(&self, context: &Context<'_>) -> bool {
        let Some(doubt) = context.doubt else { return false };
        let is_configured = |account: &MerchantAccount| {
            self.accounts(context.policy).any(|it| it.merchant_account == *account)
                || !self.may_be_at(account)
        };
        let mut all = self.accounts(context.policy);
        let is_unaskable = all.any(|it| !it.guarantees.find_by.by_order_id());
        let cannot_be_asked = self.attempts.iter().any(|attempt| {
            let (account, policy) = (&attempt.merchant_account, context.policy);
            policy.find(account, self.operation, self.country).is_none()
                || !self.rules(attempt, context).is_found_by_order_id
        });
        is_unaskable
            || cannot_be_asked
            || !doubt.accounts.iter().all(is_configured)
            || self.accounts(context.policy).next().is_none()
    }

    /// The places of accounts that can be asked by our id.
    pub(crate) fn askable_places(&self, policy: &Policy) -> Vec<Place> {
        let mut places = self.places(policy);
        places.retain(|place| {
            self.accounts(policy).any(|it| {
                it.merchant_account == place.merchant_account && it.guarantees.find_by.by_order_id()
            })
        });
        places
    }

    /// Every account that may have been sent through, in every country and currency that it serves.
    pub(crate) fn places(&self, policy: &Policy) -> Vec<Place> {
        let mut places = Vec::new();
        for configured in self.accounts(policy) {
            for (country, currency) in &configured.serves {
                let merchant_account = configured.merchant_account.clone();
                let place = Place { merchant_account, country: *country, currency: *currency };
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }

    fn accounts<'a>(&'a self, policy: &'a Policy) -> impl Iterator<Item = &'a Configured> {
        let all = policy.configured.iter();
        all.filter(|it| it.operation == self.operation && self.may_be_at(&it.merchant_account))
    }

    /// Whether an order of it may be at an account. A refund goes to that of its payment alone,
    /// whichever journal sends it.
    fn may_be_at(&self, account: &MerchantAccount) -> bool {
        // At whichever of its hosts: what was sent at another one is not seen at this one.
        self.progress.original.as_ref().is_none_or(|it| {
            let of =
                |it: &MerchantAccount| (it.adapter.clone(), it.environment, it.account.clone());
            of(&it.merchant_account) == of(account)
        })
    }

    /// When a look-up sees whatever an earlier process sent.
    fn searchable_from(&self, doubt: &Doubt, policy: &Policy) -> Timestamp {
        policy.searchable_from(doubt.since, self.operation)
    }

    fn is_here(&self, place: &Place) -> bool {
        (place.country, place.currency) == (self.country, self.amount.currency())
    }
}

/// What a search makes of a payment.
pub(super) fn searched(
    record: &Record,
    asked: Timestamp,
    places: &[Place],
    hits: &[Hit],
    context: &Context<'_>,
) -> Vec<Change> {
    let (known, others): (Vec<&Hit>, Vec<&Hit>) =
        hits.iter().partition(|hit| is_known(record, &hit.sighting));
    let counts = |hit: &&Hit| {
        let sighting = &hit.sighting;
        record.is_here(&sighting.place)
            || is_compared(record, sighting, places, context.policy)
                && !is_shown_twice(record, hits, sighting)
    };
    let others: Vec<&Hit> = others.into_iter().filter(counts).collect();
    let verdict = match others.as_slice() {
        [] => Verdict::Nothing,
        [only] if may_adopt(record, &known, &only.sighting, context) => Verdict::Adopt(only),
        _ => Verdict::Review(reviews(record, &known, &others)),
    };
    let reviews = match &verdict {
        Verdict::Review(reviews) => reviews.clone(),
        _ => BTreeSet::new(),
    };
    let mut changes = vec![Change::Searched {
        asked,
        places: places.to_vec(),
        sightings: others.iter().map(|hit| hit.sighting.clone()).collect(),
        reviews,
    }];
    changes.extend(known.iter().map(|hit| looked_up(record, asked, &hit.sighting)));
    changes.extend(absence(record, asked, places, &known));
    if let Verdict::Adopt(hit) = verdict {
        changes.extend(adoption(record, asked, hit, context));
    }
    changes
}

enum Verdict<'a> {
    Nothing,
    Adopt(&'a Hit),
    Review(BTreeSet<ReviewReason>),
}

/// Whether it is the order of an attempt that the journal knows.
fn is_known(record: &Record, sighting: &Sighting) -> bool {
    record.is_here(&sighting.place)
        && record.attempts.iter().any(|it| {
            it.attempt.number == sighting.attempt
                && it.merchant_account == sighting.place.merchant_account
        })
}

/// Whether the same account was asked in the payment's own country as well, if it serves that.
fn is_compared(record: &Record, sighting: &Sighting, places: &[Place], policy: &Policy) -> bool {
    let is_here =
        |it: &&Place| record.is_here(it) && it.merchant_account == sighting.place.merchant_account;
    let here = record.places(policy);
    here.iter().filter(is_here).all(|here| places.contains(here))
}

/// Whether it is an order that was seen in the payment's own country: some providers show an order
/// whatever country they are asked in. Their own id of it tells.
fn is_shown_twice(record: &Record, hits: &[Hit], sighting: &Sighting) -> bool {
    let Some(reference) = &sighting.provider_reference else { return false };
    let is_this = |hit: &Hit| {
        let here = &hit.sighting;
        record.is_here(&here.place)
            && here.attempt == sighting.attempt
            && here.place.merchant_account == sighting.place.merchant_account
            && here.provider_reference.as_ref() == Some(reference)
    };
    hits.iter().any(is_this)
}

/// Whether the journal was lost or restored after this order was sent, and it can be followed. It is
/// then the proof of every attempt with a lower number: the next one was sent only after that.
fn may_adopt(record: &Record, known: &[&Hit], sighting: &Sighting, context: &Context<'_>) -> bool {
    let Some(doubt) = context.doubt else { return false };
    let account = &sighting.place.merchant_account;
    let is_configured = context.policy.find(account, record.operation, record.country).is_some();
    let is_proof = record.attempts.last().is_none_or(|last| {
        let is_earlier = last.attempt.sendings.iter().all(|it| it.at <= doubt.since);
        sighting.attempt > last.attempt.number
            && !last.attempt.has_order()
            && (is_earlier || last.attempt.is_unsent())
    });
    !record.status.is_final()
        && record.progress.found.is_empty()
        && (1..=LAST_ATTEMPT).contains(&sighting.attempt)
        && !known.iter().any(|hit| matches!(hit.sighting.finding, Finding::Found(_)))
        && is_the_payment(record, sighting)
        && is_configured
        && is_proof
}

/// Whether it is of the payment's country, currency and amount.
fn is_the_payment(record: &Record, sighting: &Sighting) -> bool {
    record.is_here(&sighting.place)
        && matches!(sighting.finding, Finding::Found(_))
        && sighting.amount == Some(record.amount)
}

/// Why a person has to look at orders that cannot be followed.
fn reviews(record: &Record, known: &[&Hit], others: &[&Hit]) -> BTreeSet<ReviewReason> {
    let was_sent = record.was_sent();
    let is_second = others.len() + known.len() > 1 || was_sent;
    let is_other = !others.iter().all(|hit| is_the_payment(record, &hit.sighting));
    let mut reviews = BTreeSet::new();
    if is_second {
        reviews.insert(ReviewReason::DoublePaymentSuspected);
    }
    if is_other || !is_second {
        reviews.insert(ReviewReason::Contradiction);
    }
    reviews
}

fn looked_up(record: &Record, asked: Timestamp, sighting: &Sighting) -> Change {
    let is_other = sighting.amount.is_some_and(|amount| amount != record.amount);
    Change::LookedUp {
        attempt: sighting.attempt,
        asked,
        finding: if is_other { Finding::Mismatch } else { sighting.finding },
        provider_reference: sighting.provider_reference.clone(),
        reason: None,
    }
}

/// The look-up of the open attempt, where it found none.
fn absence(record: &Record, asked: Timestamp, places: &[Place], known: &[&Hit]) -> Option<Change> {
    // The late look-up of a payment that is final asks about its attempts apart.
    let open = record
        .attempts
        .last()
        .filter(|last| last.attempt.closed_as.is_none() && !record.status.is_final())?;
    let is_asked =
        places.iter().any(|it| record.is_here(it) && it.merchant_account == open.merchant_account);
    let attempt = open.attempt.number;
    let is_found = known.iter().any(|hit| hit.sighting.attempt == attempt);
    (is_asked && !is_found).then_some(Change::LookedUp {
        attempt,
        asked,
        finding: Finding::Absent,
        provider_reference: None,
        reason: None,
    })
}

/// The order becomes an attempt, and the open one before it is closed.
fn adoption(record: &Record, asked: Timestamp, hit: &Hit, context: &Context<'_>) -> Vec<Change> {
    let Hit { sighting, .. } = hit;
    let account = &sighting.place.merchant_account;
    let configured = context.policy.find(account, record.operation, record.country);
    let Some(configured) = configured else { return Vec::new() };
    let open = record.attempts.last().filter(|last| last.attempt.closed_as.is_none());
    let closed = open.map(|last| {
        let standing = standing(&last.attempt, &record.rules(last, context));
        let is_proven = standing.is_dead() || standing == Standing::Unsent;
        // The lost journal saw the rejection.
        let standing = if is_proven { standing } else { Standing::Rejected };
        Change::Closed { attempt: last.attempt.number, standing }
    });
    let prepared = prepared(hit, configured);
    let adopted = Change::Adopted(Box::new(Adoption {
        attempt: sighting.attempt,
        begins: Beginning {
            merchant_account: account.clone(),
            order_id: prepared.lookup.order_id.clone(),
            digest: Digest(prepared.digest()),
            guarantees: configured.guarantees.clone(),
        },
        asked,
        finding: sighting.finding,
        provider_reference: sighting.provider_reference.clone(),
    }));
    closed.into_iter().chain([adopted]).collect()
}

/// The look-up of an adopted order, as an attempt keeps it. No adapter sends it: it has no text.
pub(super) fn prepared(hit: &Hit, configured: &Configured) -> Prepared {
    let account = hit.sighting.place.merchant_account.clone();
    let lookup: Lookup = hit.lookup.clone();
    Prepared::new(lookup, account, configured.guarantees.version, 0, String::new())
}
