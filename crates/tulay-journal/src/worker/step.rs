//! One step of one payment: decide, write down, call, write down.

use super::{
    call::{Call, guarded, restored},
    limits::Gates,
    order::{self, Order},
    reading::{Answer, Observed, reason},
    todo::{Todo, not_before, todo},
};
use crate::{
    Applier, Time,
    machine::permission::LAST_ATTEMPT,
    planner::{Planned, Planner},
    record::{
        AttemptRecord, Context, Digest, Doubt, Ending, Intent, Lease, Needed, Policy, Reason,
        ReasonKind, Record, Refused, Step, Write,
    },
    store::{Store, StoreError},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{Arc, atomic::AtomicU32},
    time::Duration,
};
use tokio::sync::Notify;
use tulay_core::{
    Echo, ErrorKind, Found, Lookup, MerchantAccount, Operation, OrderId, Prepared, Provider,
};

/// What every step needs.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) planner: Arc<dyn Planner>,
    pub(super) time: Arc<dyn Time>,
    pub(super) policy: Policy,
    pub(super) gates: Gates,
    pub(super) wake: Notify,
    pub(super) applier: Applier,
    pub(super) notified: Notify,
    /// Workers of this process that run.
    pub(super) running: AtomicU32,
    /// The payments that the process works on at this moment.
    pub(super) in_flight: AtomicU32,
}

/// When and under which conditions a payment was claimed.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) at: Timestamp,
    /// The same moment by the monotonic clock.
    pub(super) began: Duration,
    pub(super) doubt: Option<&'a Doubt>,
}

/// When a look-up was asked, by the monotonic clock, and its answer; or why there is none.
pub(super) type Asked = Called<Found<Order>>;
pub(super) type Called<T> = (Duration, Result<tulay_core::Result<T>, ReasonKind>);

/// How long a payment waits that a person or the configuration hinders. These scale with the
/// schedule.
pub(super) const HINDERED: SignedDuration = SignedDuration::from_mins(1);
/// How long one waits that no account may take any more.
pub(super) const USED_UP: SignedDuration = SignedDuration::from_hours(1);
impl Shared {
    /// Does what is due for a payment that was claimed.
    pub(super) async fn step(&self, record: Record, at: At<'_>) -> Result<(), StoreError> {
        if let Some(todo) = record.collection_todo(&self.context(at)) {
            return self.collect(&record, todo, at).await;
        }
        if record.is_hint_first(at.at) {
            return self.look_up(&record, record.hinted(), at).await;
        }
        let todo = todo(&record, &self.context(at));
        if self.waits(&record, todo, at).await? {
            return Ok(());
        }
        match todo {
            Todo::EndLate => {
                let reason = Reason::new(ReasonKind::Deadline);
                self.end(&record, Some(reason), at).await
            }
            Todo::EndFailed => {
                let reason = record.progress.reason.clone();
                self.end(&record, reason, at).await
            }
            Todo::Plan => self.plan(&record, at).await,
            Todo::Resend => self.resend(&record, at).await,
            Todo::LookUp => {
                let last = record.attempts.iter().rev().take(1);
                self.look_up(&record, last, at).await
            }
            Todo::Check => {
                self.look_up(&record, record.attempts.iter(), at).await?;
                if record.is_to_be_checked(&self.context(at)) {
                    let step = self.check(&record, at).await;
                    self.write(Write::claimed(&record, step)).await?.ok();
                }
                Ok(())
            }
        }
    }

    /// A wait in the scale of the schedule.
    pub(super) fn scaled(&self, wait: SignedDuration) -> SignedDuration {
        let millis = wait.as_millis() * i128::from(self.policy.per_mille) / 1000;
        SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    pub(super) fn context<'a>(&'a self, at: At<'a>) -> Context<'a> {
        let At { at: now, doubt, .. } = at;
        Context { now, policy: &self.policy, owner: 0, pauses: &[], doubt }
    }

    /// Lets a payment wait that may not be sent or end yet, since the journal may not know all of
    /// it, and looks it up everywhere where that helps. Returns whether that was its step.
    async fn waits(&self, record: &Record, todo: Todo, at: At<'_>) -> Result<bool, StoreError> {
        if matches!(todo, Todo::LookUp | Todo::Check) {
            return Ok(false);
        }
        let not_whole = Reason::new(ReasonKind::NotWhole);
        let soon = at.at.checked_add(self.scaled(HINDERED)).unwrap_or(Timestamp::MAX);
        let (reason, until) = if record.progress.found.is_empty() {
            match record.needed(&self.context(at)) {
                None => return Ok(false),
                Some(Needed::Person) => (not_whole, soon),
                Some(Needed::Until(until)) => (not_whole, until),
                Some(Needed::Search(places)) => {
                    let searched = self.search(record, places, at).await;
                    if searched.is_complete || searched.found_any {
                        let written = self.write(Write::claimed(record, searched.step)).await?;
                        return self.after_search(written.ok(), at).await.map(|()| true);
                    }
                    (not_whole, soon)
                }
            }
        } else {
            (Reason::new(ReasonKind::Review), soon)
        };
        // What may have left is looked up all the same.
        if todo == Todo::Resend {
            let last = record.attempts.iter().rev().take(1);
            return self.look_up(record, last, at).await.map(|()| true);
        }
        self.defer_until(record, reason, until).await.map(|()| true)
    }

    /// Asks again later where an account has not answered, although something was found.
    async fn after_search(&self, record: Option<Record>, at: At<'_>) -> Result<(), StoreError> {
        let context = self.context(at);
        let still_waits = |record: &Record| {
            let todo = todo(record, &context);
            !matches!(todo, Todo::LookUp | Todo::Check | Todo::Resend)
                && record.progress.found.is_empty()
                && record.needed(&context).is_some()
        };
        match record.filter(still_waits) {
            Some(record) => {
                self.defer(&record, Reason::new(ReasonKind::NotWhole), at.at, HINDERED).await
            }
            None => Ok(()),
        }
    }

    async fn end(
        &self,
        record: &Record,
        reason: Option<Reason>,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        let ending = Ending::Failed;
        let step = Step::End { version: Some(record.version), ending, reason: reason.clone() };
        match self.write(Write::claimed(record, step)).await? {
            Ok(_) => Ok(()),
            // What may not end now waits for what hinders it.
            Err(Refused::NotAllowed) => {
                let reason = reason.unwrap_or(Reason::new(ReasonKind::PlanUsedUp));
                self.defer(record, reason, at.at, USED_UP).await
            }
            Err(refused) => self.hindered(record, &refused, at).await,
        }
    }

    /// Asks the planner, and sends through the account that it names.
    async fn plan(&self, record: &Record, at: At<'_>) -> Result<(), StoreError> {
        let provider = match self.planned(record, at) {
            Planned::Now(provider) => provider,
            Planned::Later { reason, until } => {
                return self.defer_until(record, reason, until).await;
            }
            Planned::None { reason } => return self.end(record, Some(reason), at).await,
        };
        let is_tried = is_tried(record, provider.merchant_account());
        match self.repeated(record, &provider, is_tried) {
            Some((last, provider)) => self.send_again(record, last, provider, at).await,
            None => match self.prepare(record, &*provider) {
                Ok(prepared) => {
                    let intent = Intent::Next(Box::new(prepared.clone()));
                    self.send(record, provider, intent, prepared, at).await
                }
                // It fitted at acceptance: the configuration is what changed.
                Err(reason) => self.defer(record, reason, at.at, HINDERED).await,
            },
        }
    }

    /// What the planner says. An account that was tried waits for its turn.
    pub(super) fn planned(&self, record: &Record, at: At<'_>) -> Planned {
        let planned = self.planner.plan(record, at.at);
        let Planned::Now(provider) = &planned else { return planned };
        let is_tried = is_tried(record, provider.merchant_account());
        let not_before = not_before(record, &self.context(at)).filter(|_| is_tried);
        match not_before.filter(|until| at.at < *until) {
            Some(until) => {
                let reason = record.progress.reason.clone();
                let reason = reason.unwrap_or(Reason::new(ReasonKind::Busy));
                Planned::Later { reason, until }
            }
            None => planned,
        }
    }

    /// The last attempt, if nothing of it left and it is to be sent again instead of a next one. The
    /// numbers of attempts are few: before the payment goes back to an account that was tried, it is
    /// tried here as often as the attempt's number says.
    fn repeated<'r>(
        &self,
        record: &'r Record,
        next: &Arc<dyn Provider>,
        is_tried: bool,
    ) -> Option<(&'r AttemptRecord, Arc<dyn Provider>)> {
        let last = record.attempts.last().filter(|last| last.attempt.is_unsent())?;
        if last.merchant_account == *next.merchant_account() {
            return Some((last, Arc::clone(next)));
        }
        let number = last.attempt.number;
        let is_young = last.attempt.sendings.len() < usize::from(number);
        let stays = number >= LAST_ATTEMPT || is_tried && is_young;
        let provider = self.planner.provider(&last.merchant_account).filter(|_| stays)?;
        Some((last, provider))
    }

    /// Sends the open attempt in doubt again, or looks it up where that is not allowed.
    async fn resend(&self, record: &Record, at: At<'_>) -> Result<(), StoreError> {
        let Some(last) = record.attempts.last() else { return Ok(()) };
        match self.planner.provider(&last.merchant_account) {
            Some(provider) => self.send_again(record, last, provider, at).await,
            None => self.look_up(record, [last].into_iter(), at).await,
        }
    }

    async fn send_again(
        &self,
        record: &Record,
        last: &AttemptRecord,
        provider: Arc<dyn Provider>,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        match restored(last) {
            Some(prepared) => {
                let intent = Intent::Same(Digest(prepared.digest()));
                self.send(record, provider, intent, prepared, at).await
            }
            None if last.attempt.is_unsent() => {
                self.defer(record, Reason::new(ReasonKind::StoredForm), at.at, USED_UP).await
            }
            None => self.look_up(record, [last].into_iter(), at).await,
        }
    }

    pub(super) fn prepare(
        &self,
        record: &Record,
        provider: &dyn Provider,
    ) -> Result<Prepared, Reason> {
        let unreadable = Reason::new(ReasonKind::Error(ErrorKind::Configuration));
        let request = order::request(record).ok_or(unreadable)?;
        let rules = order::id_rules(provider, record.operation);
        let last = record.attempts.last().map_or(0, |last| u32::from(last.attempt.number));
        let id = OrderId::derive(
            rules.map_err(|error| reason(&error))?,
            &self.policy.namespace,
            record.operation,
            &record.reference,
            last.saturating_add(1),
        );
        order::prepare(provider, &request, &id).map_err(|error| reason(&error))
    }

    /// Writes the intent down, sends, and writes the outcome down.
    async fn send(
        &self,
        record: &Record,
        provider: Arc<dyn Provider>,
        intent: Intent,
        prepared: Prepared,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        let account = prepared.merchant_account.clone();
        let gate = self.gates.of(&account);
        let _permit = match gate.enter(&*self.time, self.patience()).await {
            Ok(permit) => permit,
            Err(wait) => return self.queue(record, wait, at).await,
        };
        let Some((record, call)) = self.intend(record, intent, at).await? else { return Ok(()) };
        let echoes = self.echoes(&record, call.attempt);
        let (operation, lookup) = (record.operation, prepared.lookup.clone());
        let answer = guarded(call.deadline.hold(async move {
            Answer::read(order::create(&*provider, operation, &prepared).await, &echoes, &lookup)
        }));
        // A signer that hangs holds no place for ever.
        let answer = tokio::select! {
            biased;
            answer = answer => answer.unwrap_or_else(|| Answer::unknown(ErrorKind::Unexpected)),
            () = self.time.sleep(self.policy.quiet_time()) => Answer::unknown(ErrorKind::Unavailable),
        };
        self.planner.answered(&account, operation, answer.error_kind(), self.time.now());
        let step = Step::Answer {
            attempt: call.attempt,
            sending: call.sending,
            sent_at: call.sent_at,
            seen: answer.seen,
            word: answer.word,
            provider_reference: answer.provider_reference,
            reason: answer.reason,
        };
        self.write(Write::claimed(&record, step)).await.map(drop)
    }

    /// Writes down that something is about to leave. Returns the payment since, and the call; `None`:
    /// nothing may leave.
    pub(super) async fn intend(
        &self,
        record: &Record,
        intent: Intent,
        at: At<'_>,
    ) -> Result<Option<(Record, Call)>, StoreError> {
        // Before the intent: the deadline must not begin later than the lease.
        let began = self.time.monotonic();
        let step = Step::Intend { version: record.version, intent };
        let record = match self.store.write(vec![Write::claimed(record, step)]).await {
            Ok(mut written) => match written.pop() {
                Some(Ok(intended)) => intended,
                Some(Err(refused)) => {
                    return self.hindered(record, &refused, at).await.map(|()| None);
                }
                None => return Ok(None),
            },
            Err(StoreError::OutcomeUnknown(_)) => match self.read_back(record).await? {
                Some(intended) => intended,
                None => return Ok(None),
            },
            Err(error) => return Err(error),
        };
        Ok(Call::of(&record, began).map(|call| (record, call)))
    }

    /// After a commit whose outcome is unknown: the payment, if the intent is written and ours. What
    /// another task of this process wrote is none of ours: it can have claimed the payment only after
    /// our claim was over.
    async fn read_back(&self, before: &Record) -> Result<Option<Record>, StoreError> {
        let read = self.store.get(vec![before.id]).await?.pop().flatten();
        let sendings = |record: &Record| -> usize {
            record.attempts.iter().map(|it| it.attempt.sendings.len()).sum()
        };
        let is_ours = |read: &Record| {
            let (claimed, sent) = (before.lease?, read.attempts.last()?.attempt.last_sent()?);
            let lease = Lease::new(claimed.owner, sent.checked_add(self.policy.lease).ok()?);
            let is_next = sendings(read) == sendings(before) + 1;
            Some(is_next && sent < claimed.until && read.lease == Some(lease))
        };
        Ok(read.filter(|read| is_ours(read) == Some(true)))
    }

    /// Looks attempts up, and writes what is found in one transaction.
    pub(super) async fn look_up<'a>(
        &self,
        record: &Record,
        attempts: impl Iterator<Item = &'a AttemptRecord>,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        let mut group = Vec::new();
        for attempt in attempts {
            let (asked, observed) = match self.observe(record, attempt, at).await {
                Ok(observed) => observed,
                Err(wait) if record.progress.ending.is_none() => {
                    return self.queue(record, wait, at).await;
                }
                Err(_) => (at.began, Observed::nothing(ReasonKind::Busy)),
            };
            let step = Step::LookUp {
                attempt: attempt.attempt.number,
                asked: self.moment(asked, at),
                finding: observed.finding,
                provider_reference: observed.provider_reference,
                reason: observed.reason,
            };
            group.push(Write::claimed(record, step));
        }
        self.store.write(group).await.map(drop)
    }

    /// Looks an attempt up. Returns when it was asked, by the monotonic clock, and what was seen.
    ///
    /// # Errors
    /// How long to wait until there is a place for it.
    async fn observe(
        &self,
        record: &Record,
        attempt: &AttemptRecord,
        at: At<'_>,
    ) -> Result<(Duration, Observed), SignedDuration> {
        let nothing = |reason| Ok((at.began, Observed::nothing(reason)));
        let account = &attempt.merchant_account;
        let configured = self.policy.find(account, record.operation, record.country);
        let provider = self.planner.provider(account).filter(|_| configured.is_some());
        let Some(provider) = provider else { return nothing(ReasonKind::NotConfigured) };
        let Some(prepared) = restored(attempt) else {
            return nothing(ReasonKind::StoredForm);
        };
        let rules = record.rules(attempt, &self.context(at));
        if !rules.is_found_by_order_id && attempt.provider_reference.is_none() {
            return nothing(ReasonKind::NotAskable);
        }
        let mut lookup = prepared.lookup;
        if attempt.provider_reference.is_some() {
            lookup.provider_reference.clone_from(&attempt.provider_reference);
        }
        let mut echoes = self.echoes(record, attempt.attempt.number);
        if attempt.attempt.facts.is_reference_shared {
            // An id of two orders identifies neither.
            echoes.retain(|echo| *echo != Echo::ProviderReference);
        }
        let operation = record.operation;
        let (asked, answer) = self.find(account, provider, operation, lookup.clone()).await?;
        let observed = match answer {
            Ok(found) => Observed::read(found, &echoes, &lookup),
            Err(reason) => Observed::nothing(reason),
        };
        Ok((asked, observed))
    }

    /// A moment of the monotonic clock, by the journal's clock.
    pub(super) fn moment(&self, moment: Duration, at: At<'_>) -> Timestamp {
        at.at.checked_add(moment.saturating_sub(at.began)).unwrap_or(at.at)
    }

    /// How long a claimed payment waits for its turn at an account: what waits longer is claimed again
    /// by another task.
    pub(super) fn patience(&self) -> SignedDuration {
        self.policy.lease / 4
    }

    /// Lets a payment wait for its turn at an account.
    pub(super) async fn queue(
        &self,
        record: &Record,
        wait: SignedDuration,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        let now = self.moment(self.time.monotonic(), at);
        let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        self.defer_until(record, Reason::new(ReasonKind::Busy), until).await
    }

    /// Asks a provider, through the gate of its account. The call borrows nothing, so that several
    /// run at once. Returns when it was asked, by the monotonic clock, and the answer.
    ///
    /// # Errors
    /// How long to wait until there is a place for it.
    pub(super) fn find(
        &self,
        account: &MerchantAccount,
        provider: Arc<dyn Provider>,
        operation: Operation,
        lookup: Lookup,
    ) -> impl Future<Output = Result<Asked, SignedDuration>> + Send + use<> {
        self.call(account, async move { order::find(&*provider, operation, &lookup).await })
    }

    /// Asks a provider, through the gate of its account. Returns when it was asked, by the monotonic
    /// clock, and the answer.
    ///
    /// # Errors
    /// How long to wait until there is a place for it.
    pub(super) fn call<T: Send + 'static, F>(
        &self,
        account: &MerchantAccount,
        call: F,
    ) -> impl Future<Output = Result<Called<T>, SignedDuration>> + Send + use<T, F>
    where
        F: Future<Output = tulay_core::Result<T>> + Send + 'static,
    {
        let (gate, time) = (self.gates.of(account), Arc::clone(&self.time));
        let (longest, patience) = (self.policy.longest_call, self.patience());
        async move {
            let _permit = gate.enter(&*time, patience).await?;
            let asked = time.monotonic();
            let answer = tokio::select! {
                biased;
                found = guarded(call) => found.ok_or(ReasonKind::Error(ErrorKind::Unexpected)),
                () = time.sleep(longest) => Err(ReasonKind::Error(ErrorKind::Unavailable)),
            };
            Ok((asked, answer))
        }
    }

    /// What an answer must repeat, by the stricter of the stored and the configured guarantees.
    pub(super) fn echoes(&self, record: &Record, number: u8) -> Vec<Echo> {
        let attempt = record.attempts.iter().find(|it| it.attempt.number == number);
        let Some(attempt) = attempt else { return Vec::new() };
        let account = &attempt.merchant_account;
        match self.policy.find(account, record.operation, record.country) {
            Some(configured) => attempt.guarantees.stricter(&configured.guarantees).echoes,
            None => attempt.guarantees.echoes.clone(),
        }
    }
}

fn is_tried(record: &Record, account: &MerchantAccount) -> bool {
    record.attempts.iter().any(|it| it.merchant_account == *account)
}
