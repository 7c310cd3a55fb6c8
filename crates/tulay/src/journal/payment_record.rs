//! A payment as the journal knows it.

use super::{CollectionState, Reason, ReviewReason, Status};
use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{collections::BTreeSet, fmt};
use tulay_core::{
    CollectionRequest, Country, Effect, ErrorKind, Invalid, MerchantAccount, Money, Operation,
    OrderId, PayoutRequest, ProviderId, ProviderReference, Reference, RefundRequest, Request,
};
use tulay_journal::{
    machine::{Outcome, Standing},
    record::{AttemptRecord, Original, Record},
};

/// A payment as the journal knows it: a payout or a refund; and a collection, where payments of every
/// kind are listed. [`CollectionRecord`](super::CollectionRecord) has all of a collection.
///
/// `Display` is one line for people. `Serialize` is the JSON of the command. Neither has personal
/// data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentRecord {
    /// Payout, refund or collection.
    pub operation: Operation,
    /// The payment that a refund gives back.
    pub original: Option<Original>,
    /// The application's name for it.
    pub reference: Reference,
    /// In minor units.
    pub amount: Money,
    /// The country that the money goes to, or is collected in.
    pub country: Country,
    /// Where it stands.
    pub status: Status,
    /// Why it is as it is.
    pub reason: Option<Reason>,
    /// What it waits for; `None` once it is final.
    pub waiting: Option<Waiting>,
    /// When it is worked on next, a final one too: it is looked up again; `None`: never.
    pub next_at: Option<Timestamp>,
    /// Why a person has to look.
    pub reviews: BTreeSet<ReviewReason>,
    /// What to change in the configuration, where that keeps it from going on.
    pub fix: Option<String>,
    /// Each attempt, in order.
    pub attempts: Vec<Attempt>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How many events it has.
    pub version: u32,
}

/// What a payment waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// What hinders it; `None`: it is due, or the provider's answer is.
    pub reason: Option<Reason>,
    /// When it is worked on next.
    pub until: Timestamp,
}

/// One attempt of a payment: one order id at one merchant account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The account that it is sent through.
    pub account: MerchantAccount,
    /// The name of the account in the configuration; `None`: it is not configured.
    pub provider: Option<ProviderId>,
    /// The id that its order has at the provider.
    pub order_id: OrderId,
    /// The provider's own id of the order.
    pub provider_reference: Option<ProviderReference>,
    /// How often it was sent.
    pub sendings: usize,
    /// What it may have done: [`Effect::Unknown`] as long as it may be paid or is paid.
    pub effect: Effect,
    /// Why it was not sent or was rejected, the last time that is known; `None`: it was neither.
    pub kind: Option<ErrorKind>,
}

/// Proof that a payout was not paid, and never will be, or that its money is back. Only the journal
/// makes one. It is checked again when it is used.
#[derive(Clone, Debug)]
pub struct ProvenUnpaid {
    pub(crate) of: Reference,
}

impl ProvenUnpaid {
    /// The payout that was not paid.
    #[must_use]
    pub const fn of(&self) -> &Reference {
        &self.of
    }
}

impl PaymentRecord {
    /// Leave to pay the same money another way; `None`: it is not proven that this payout was not
    /// paid, or the proof is doubted, or it is a refund.
    #[must_use]
    pub fn proven_unpaid(&self) -> Option<ProvenUnpaid> {
        let is_proven = self.operation == Operation::Payout
            && matches!(self.status, Status::Failed | Status::Reversed | Status::Cancelled);
        (is_proven && !self.is_doubted()).then(|| ProvenUnpaid { of: self.reference.clone() })
    }

    /// Whether a person has to find out if the money is where the status says.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.reviews.iter().any(|reason| reason.doubts_status())
    }

    /// What became of the payout as a whole; `None`: it was paid.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        let of_attempts = || {
            let effects = self.attempts.iter().map(|attempt| attempt.effect);
            effects.max_by_key(|effect| match effect {
                Effect::NotSent => 0,
                Effect::Rejected => 1,
                Effect::Unknown => 2,
            })
        };
        match self.status {
            Status::Succeeded | Status::Reversed => None,
            // The order failed: no copy of it is paid any more.
            Status::Failed | Status::Cancelled => {
                let effect = of_attempts().unwrap_or(Effect::NotSent);
                Some(if effect == Effect::Unknown { Effect::Rejected } else { effect })
            }
            _ => Some(of_attempts().unwrap_or(Effect::NotSent)),
        }
    }

    /// The name of the status: that of [`Status`], and of a collection that of [`CollectionState`].
    #[must_use]
    pub const fn status_name(&self) -> &'static str {
        match self.operation {
            Operation::Collection => state(self.status).as_str(),
            _ => self.status.as_str(),
        }
    }

    /// The attempt that counts: the last.
    #[must_use]
    pub fn last(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// `name` finds the name of an account in the configuration.
    pub(crate) fn of(
        record: &Record,
        now: Timestamp,
        name: impl Fn(&MerchantAccount) -> Option<ProviderId>,
    ) -> Self {
        let is_final = record.status.is_final();
        let reason = record.progress.reason.clone();
        // In doubt or pending, it waits for the provider's answer.
        let waits = record.progress.waits_until.is_some()
            || matches!(record.status, Status::Created | Status::Sending);
        let waiting = record
            .next_at
            .filter(|_| !is_final)
            .map(|until| Waiting { reason: reason.clone().filter(|_| waits), until });
        let attempts: Vec<Attempt> =
            record.attempts.iter().map(|attempt| Attempt::of(attempt, &name)).collect();
        // The process that was sending it has ended or hangs.
        let may_have_left = attempts.last().is_some_and(|last| last.effect == Effect::Unknown);
        let is_doubtful = record.operation != Operation::Collection
            && record.status == Status::Sending
            && may_have_left
            && !record.is_leased(now);
        let status = if is_doubtful { Status::InDoubt } else { record.status };
        Self {
            operation: record.operation,
            original: record.progress.original.clone(),
            reference: record.reference.clone(),
            amount: record.amount,
            country: record.country,
            status,
            reason: reason.filter(|_| status != Status::Succeeded),
            waiting,
            next_at: record.next_at,
            reviews: record.reviews.clone(),
            fix: None,
            attempts,
            accepted_at: record.created_at,
            version: record.version,
        }
    }
}

impl Attempt {
    fn of(record: &AttemptRecord, name: impl Fn(&MerchantAccount) -> Option<ProviderId>) -> Self {
        let outcomes = || record.attempt.sendings.iter().map(|sending| sending.outcome.as_ref());
        let is_unsent = outcomes().all(|it| matches!(it, Some(Outcome::NotSent { .. })));
        let is_rejected = matches!(record.attempt.closed_as, Some(Standing::Rejected))
            || outcomes()
                .all(|it| matches!(it, Some(Outcome::NotSent { .. } | Outcome::Rejected { .. })));
        let effect = match (is_unsent && !record.attempt.sendings.is_empty(), is_rejected) {
            (true, _) => Effect::NotSent,
            (false, true) if !record.attempt.sendings.is_empty() => Effect::Rejected,
            _ => Effect::Unknown,
        };
        Self {
            account: record.merchant_account.clone(),
            provider: name(&record.merchant_account),
            order_id: record.order_id.clone(),
            provider_reference: record.provider_reference.clone(),
            sendings: record.attempt.sendings.len(),
            effect,
            kind: record.kind(),
        }
    }

    /// The name in the configuration; else the adapter and the masked account.
    pub(super) fn shown(&self) -> String {
        match &self.provider {
            Some(provider) => provider.to_string(),
            None => format!("{} (mch {})", self.account.adapter, self.account.masked()),
        }
    }
}

/// One line: `INV-1 PHP 1,250.00 · in doubt through starpay · …`.
impl fmt::Display for PaymentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status_name().replace('_', " ");
        write!(f, "{} {} · {status}", self.reference, self.amount)?;
        if let Some(attempt) = self.last() {
            write!(f, " through {}", attempt.shown())?;
        }
        if let Some(reason) = &self.reason {
            write!(f, " · {reason}")?;
        }
        if let Some(fix) = &self.fix {
            write!(f, ": {fix}")?;
        }
        if let Some(waiting) = &self.waiting {
            write!(f, " · next at {:.0}", waiting.until)?;
        }
        Ok(())
    }
}

impl Serialize for PaymentRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("operation", &self.operation)?;
        map.serialize_entry("reference", &self.reference)?;
        if let Some(original) = &self.original {
            map.serialize_entry("original", &original.provider_reference)?;
            map.serialize_entry("paid", &original.paid)?;
        }
        let last = self.last();
        map.serialize_entry("provider", &last.and_then(|attempt| attempt.provider.as_ref()))?;
        let theirs = last.and_then(|attempt| attempt.provider_reference.as_ref());
        map.serialize_entry("provider_reference", &theirs)?;
        map.serialize_entry("order_id", &last.map(|attempt| attempt.order_id.as_str()))?;
        map.serialize_entry("country", &self.country)?;
        map.serialize_entry("amount", &self.amount)?;
        map.serialize_entry("status", self.status_name())?;
        map.serialize_entry("effect", &self.effect())?;
        map.serialize_entry("attempts", &self.attempts.len())?;
        map.serialize_entry("reason", &self.reason.as_ref().map(ToString::to_string))?;
        if let Some(waiting) = &self.waiting {
            let reason = waiting.reason.as_ref().map(ToString::to_string);
            let value = serde_json::json!({ "reason": reason, "until": waiting.until });
            map.serialize_entry("waiting", &value)?;
        }
        if let Some(fix) = &self.fix {
            map.serialize_entry("fix", fix)?;
        }
        if !self.reviews.is_empty() {
            map.serialize_entry("review", &self.reviews)?;
        }
        map.end()
    }
}

/// Where a collection stands, by the status of its row.
pub(super) const fn state(status: Status) -> CollectionState {
    match status {
        Status::Created | Status::Sending | Status::InDoubt | Status::Pending => {
            CollectionState::Waiting
        }
        Status::Succeeded => CollectionState::Paid,
        Status::Cancelled => CollectionState::Closed,
        Status::Failed => CollectionState::Failed,
        Status::Reversed => CollectionState::Reversed,
    }
}

/// The request of a stored payment.
pub(super) fn request(record: &Record) -> Result<Request, Invalid> {
    let stored = record.request.expose().as_bytes();
    Ok(match record.operation {
        Operation::Collection => CollectionRequest::restore(stored)?.into(),
        Operation::Refund => RefundRequest::restore(stored)?.into(),
        _ => PayoutRequest::restore(stored)?.into(),
    })
}
