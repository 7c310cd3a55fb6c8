//! Which account takes a payment next: the router, circuits, and what providers reported.

use super::{Reason, ReasonKind, payment_record::request, readings::Readings};
use jiff::{SignedDuration, Timestamp};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tulay_core::{ErrorKind, MerchantAccount, Operation, Provider, Request};
use tulay_journal::{
    Planned, Planner, Time,
    record::{AttemptRecord, Record},
};
use tulay_router::{
    Circuits, Conditions, Decision, PastAttempt, Payment, ProviderSequence, Router, WaitReason,
};

/// The planner over the rules of the configuration.
pub(crate) struct RoutePlanner {
    router: Arc<Router>,
    circuits: Mutex<Circuits>,
    readings: Readings,
    /// When a payment that waits for a condition is planned again.
    interval: SignedDuration,
}

impl RoutePlanner {
    pub(crate) fn new(router: Arc<Router>, per_mille: u32) -> Self {
        let interval = SignedDuration::from_millis(i64::from(per_mille).saturating_mul(60));
        let circuits = Mutex::new(Circuits::scaled(per_mille));
        Self { router, circuits, readings: Readings::new(interval), interval }
    }

    pub(crate) fn router(&self) -> &Router {
        &self.router
    }

    /// Asks the providers what payouts waited to know, until it is dropped.
    pub(crate) async fn read_on(&self, time: &dyn Time) {
        self.readings.read_on(&self.router, time).await;
    }

    /// What has to be configured so that a payment goes on; `None`: it does not wait for that.
    pub(crate) fn missing(&self, record: &Record) -> Option<String> {
        let reason = record.progress.reason.as_ref().map(|reason| reason.kind);
        if reason != Some(ReasonKind::NotConfigured) || record.status.is_final() {
            return None;
        }
        let open = record.attempts.last().filter(|it| it.attempt.closed_as.is_none());
        if let Some(attempt) = open
            && self.router.of_account(&attempt.merchant_account).is_none()
        {
            return Some(configure(&attempt.merchant_account));
        }
        if let Some(original) = &record.progress.original {
            let account = &original.merchant_account;
            return Some(match self.router.of_account(account) {
                Some(provider) => format!("allow refunds through {}", provider.id()),
                None => configure(account),
            });
        }
        let sequence = ProviderSequence::restore(&record.plan).ok()?;
        let request = request(record).ok()?;
        let payment = routed(&request)?;
        let accounts = sequence.accounts().filter(|it| self.router.of_account(it).is_none());
        let mut missing: Vec<String> = accounts.map(configure).collect();
        let conditions = Conditions::new(record.created_at);
        let plan = self.router.resume(&sequence, &payment, &conditions);
        missing.extend(plan.deferred().iter().filter_map(|deferred| match &deferred.reason {
            WaitReason::NotConfigured { missing } if deferred.provider.is_some() => {
                Some(format!("{}: {missing}", deferred.id))
            }
            _ => None,
        }));
        (!missing.is_empty()).then(|| missing.join("; or "))
    }

    fn later(&self, kind: ReasonKind, now: Timestamp) -> Planned {
        let until = now.checked_add(self.interval).unwrap_or(Timestamp::MAX);
        Planned::Later { reason: Reason::new(kind), until }
    }

    /// What is known at this moment of the accounts that a payout or a collection may take.
    fn decide(&self, record: &Record, now: Timestamp) -> Option<Planned> {
        let sequence = ProviderSequence::restore(&record.plan).ok()?;
        let request = request(record).ok()?;
        let payment = routed(&request)?;
        let past_attempts: Vec<PastAttempt> = record
            .attempts
            .iter()
            .filter_map(|attempt| {
                Some(PastAttempt::new(attempt.merchant_account.clone(), attempt.kind()?))
            })
            .collect();
        // Held until the account is chosen: an open circuit lets one payment through, and no two.
        let mut circuits = self.circuits();
        let mut unavailable = circuits.unavailable(now);
        // Balances and maintenance keep back what goes out.
        if payment.operation == Operation::Payout {
            unavailable.extend(self.readings.unavailable(&sequence, &payment, now));
        }
        let mut conditions = Conditions::new(now);
        (conditions.unavailable, conditions.past_attempts) = (&unavailable, &past_attempts);
        let plan = self.router.resume(&sequence, &payment, &conditions);
        Some(match plan.decide() {
            Decision::Send(candidate) => {
                let provider = candidate.provider;
                let account = provider.merchant_account();
                match circuits.admits(account, payment.operation, now) {
                    true => Planned::Now(Arc::clone(provider)),
                    false => self.later(ReasonKind::Busy, now),
                }
            }
            Decision::Wait(deferred) => {
                let (kind, until) = (waits_for(&deferred.reason), deferred.reason.until());
                match until.filter(|until| *until > now) {
                    Some(until) => Planned::Later { reason: Reason::new(kind), until },
                    None => self.later(kind, now),
                }
            }
            Decision::NoRoute(_) => {
                let reason = record.progress.reason.clone();
                Planned::None { reason: reason.unwrap_or(Reason::new(ReasonKind::PlanUsedUp)) }
            }
        })
    }

    /// A refund goes to the account that has its payment, and never elsewhere.
    fn give_back(
        &self,
        record: &Record,
        account: &MerchantAccount,
        now: Timestamp,
    ) -> Option<Planned> {
        // What did not leave may still be sent, whatever hindered it.
        let last = record.attempts.last().filter(|last| !last.attempt.is_unsent());
        if let Some(kind) = last.and_then(AttemptRecord::kind).filter(|kind| !kind.is_transient()) {
            let reason = record.progress.reason.clone();
            let reason = reason.unwrap_or(Reason::new(ReasonKind::Error(kind)));
            return Some(Planned::None { reason });
        }
        let provider = self.router.of_account(account)?;
        provider.roles().refunds?;
        let mut circuits = self.circuits();
        let open = circuits.unavailable(now).into_iter();
        let mut open = open.filter(|it| it.account == *account);
        let open = open.find(|it| it.operation == Some(Operation::Refund));
        Some(match open.map(|open| open.reason) {
            Some(reason) => Planned::Later {
                reason: Reason::new(waits_for(&reason)),
                until: reason.until().unwrap_or(now),
            },
            None if circuits.admits(account, Operation::Refund, now) => {
                Planned::Now(Arc::clone(provider))
            }
            None => self.later(ReasonKind::Busy, now),
        })
    }

    fn circuits(&self) -> std::sync::MutexGuard<'_, Circuits> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Planner for RoutePlanner {
    fn plan(&self, record: &Record, now: Timestamp) -> Planned {
        let planned = match &record.progress.original {
            Some(original) => self.give_back(record, &original.merchant_account, now),
            None => self.decide(record, now),
        };
        planned.unwrap_or_else(|| self.later(ReasonKind::NotConfigured, now))
    }

    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        self.router.of_account(account).map(Arc::clone)
    }

    fn answered(
        &self,
        account: &MerchantAccount,
        operation: Operation,
        why: Option<ErrorKind>,
        now: Timestamp,
    ) {
        self.circuits().record(account, operation, why, now);
    }
}

/// A stored payment as rules see it; `None`: it is not routed.
fn routed(request: &Request) -> Option<Payment<'_>> {
    match request {
        Request::Payout(request) => Some(Payment::payout(request)),
        Request::Collection(request) => Some(Payment::collection(request)),
        Request::StaticCode(_) | Request::Refund(_) => None,
    }
}

fn configure(account: &MerchantAccount) -> String {
    let MerchantAccount { adapter, host, .. } = account;
    format!("configure {adapter} (mch {}) at {host} again, under any name", account.masked())
}

const fn waits_for(reason: &WaitReason) -> ReasonKind {
    match reason {
        WaitReason::Circuit { kind, .. } => ReasonKind::Error(*kind),
        WaitReason::Maintenance { .. } => ReasonKind::Error(ErrorKind::Institution),
        WaitReason::PayeeSpacing { .. } => ReasonKind::Error(ErrorKind::TooEarly),
        WaitReason::RateLimited { .. } => ReasonKind::Error(ErrorKind::RateLimited),
        WaitReason::Float { .. } => ReasonKind::Error(ErrorKind::Funds),
        _ => ReasonKind::NotConfigured,
    }
}

impl fmt::Debug for RoutePlanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoutePlanner({:?})", self.router)
    }
}
