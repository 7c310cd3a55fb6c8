//! One step of one collection: an order is made, looked up or withdrawn.

use super::{
    call::{guarded, restored},
    reading::reason,
    step::{At, HINDERED, Shared},
};
use crate::{
    collection::{Ending, Evidence, Finding, Todo, Withdrawal},
    planner::Planned,
    record::{
        AttemptRecord, Digest, Intent, News, Personal, Reason, ReasonKind, Record, Refused, Step,
        Write,
    },
    store::StoreError,
};
use jiff::Timestamp;
use std::sync::Arc;
use tulay_core::{
    Collection, Echo, Effect, Error, ErrorKind, Found, Lookup, Operation, Prepared, Provider,
    ProviderExt, ProviderReference,
};

impl Shared {
    /// Does what is due for a collection that was claimed.
    pub(super) async fn collect(
        &self,
        record: &Record,
        todo: Todo,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        match todo {
            Todo::Plan { again, .. } => self.make(record, again, at).await,
            Todo::Ask(order) => self.ask(record, order, at).await,
            Todo::Withdraw(order) => self.withdraw(record, order, at).await,
            Todo::End(ending) => self.end_collection(record, ending, None, at).await,
            // It was made due before its time.
            Todo::Nothing => {
                self.defer(record, Reason::new(ReasonKind::Busy), at.at, HINDERED).await
            }
        }
    }

    async fn learn(&self, record: &Record, news: News) -> Result<(), StoreError> {
        let step = Step::Learn(Box::new(news));
        match self.write(Write::claimed(record, step)).await? {
            Ok(_) => Ok(()),
            // What is known since decides anew.
            Err(Refused::Overtaken) => self.release(record).await,
            Err(_) => {
                let reason = Reason::new(ReasonKind::Busy);
                self.defer(record, reason, self.time.now(), HINDERED).await
            }
        }
    }

    async fn end_collection(
        &self,
        record: &Record,
        ending: Ending,
        reason: Option<Reason>,
        at: At<'_>,
    ) -> Result<(), StoreError> {
        let news = News::new(Evidence::Ended { ending, at: at.at });
        self.learn(record, News { reason, ..news }).await
    }

    /// Asks the planner for an account, and makes an order there.
    async fn make(&self, record: &Record, again: Option<u8>, at: At<'_>) -> Result<(), StoreError> {
        let provider = match self.planned(record, at) {
            Planned::Now(provider) => provider,
            Planned::Later { reason, until } => {
                return self.defer_until(record, reason, until).await;
            }
            Planned::None { reason } => {
                return self.end_collection(record, Ending::Failed, Some(reason), at).await;
            }
        };
        let account = provider.merchant_account();
        let same = record
            .attempts
            .last()
            .filter(|last| again == Some(last.attempt.number) && last.merchant_account == *account);
        let (intent, prepared) = match same.and_then(restored) {
            Some(prepared) => (Intent::Same(Digest(prepared.digest())), prepared),
            None => match self.prepare(record, &*provider) {
                Ok(prepared) => (Intent::Next(Box::new(prepared.clone())), prepared),
                Err(reason) => return self.defer(record, reason, at.at, HINDERED).await,
            },
        };
        self.create(record, provider, intent, prepared, at).await
    }

    /// Writes the intent down, asks the provider for the order, and writes the way to pay down.
    async fn create(
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
        let lookup = prepared.lookup.clone();
        let created = guarded(call.deadline.hold(async move {
            let role = provider.collections();
            let role = role.map_err(|error| error.with_effect(Effect::NotSent))?;
            role.create(&prepared).await
        }));
        let created = tokio::select! {
            biased;
            created = created => created,
            () = self.time.sleep(self.policy.quiet_time()) => None,
        };
        let now = self.moment(self.time.monotonic(), at);
        let why = created.as_ref().map_or(Some(ErrorKind::Unavailable), |it| failed(it, &lookup));
        self.planner.answered(&account, Operation::Collection, why, self.time.now());
        let news = created.and_then(|it| answered(it, call.attempt, call.sending, &lookup, now));
        match news {
            Some(news) => {
                let sent_at = Some(call.sent_at);
                self.learn(&record, News { sent_at, ..news }).await
            }
            // The answer is lost. The order is looked up next.
            None => self.release(&record).await,
        }
    }

    async fn ask(&self, record: &Record, order: u8, at: At<'_>) -> Result<(), StoreError> {
        let nothing = |asked, reason| {
            let (finding, has_way) = (Finding::Nothing, false);
            let news = News::new(Evidence::LookedUp { order, asked, finding, has_way });
            News { reason: Some(reason), ..news }
        };
        let (attempt, provider, lookup) = match self.askable(record, order) {
            Ok(askable) => askable,
            Err(kind) => return self.learn(record, nothing(at.at, Reason::new(kind))).await,
        };
        let mut echoes = self.echoes(record, order);
        if attempt.attempt.facts.is_reference_shared {
            // An id of two orders identifies neither.
            echoes.retain(|echo| *echo != Echo::ProviderReference);
        }
        // Of the order that is shown, without the amount: one that differs is reported and not refused.
        // The way to pay of another order has to ask for the amount.
        let mut asked = lookup.clone();
        asked.amount = asked.amount.filter(|_| !is_shown(record, order));
        let call = async move { provider.collections()?.find(&asked).await };
        let (asked, found) = match self.call(&attempt.merchant_account, call).await {
            Ok((asked, found)) => (self.moment(asked, at), found),
            Err(_) => {
                return self.learn(record, nothing(at.at, Reason::new(ReasonKind::Busy))).await;
            }
        };
        let news = match found {
            Ok(found) => looked_up(found, order, &echoes, &lookup, record, asked),
            Err(kind) => nothing(asked, Reason::new(kind)),
        };
        self.learn(record, news).await
    }

    async fn withdraw(&self, record: &Record, order: u8, at: At<'_>) -> Result<(), StoreError> {
        let withdrawal = |asked, outcome, reason| {
            let news = News::new(Evidence::Withdrawal { order, asked, outcome });
            News { reason, ..news }
        };
        let (attempt, provider, lookup) = match self.askable(record, order) {
            Ok(askable) => askable,
            Err(kind) => {
                let reason = Some(Reason::new(kind));
                return self.learn(record, withdrawal(at.at, Withdrawal::Open, reason)).await;
            }
        };
        let asked = lookup.clone();
        let call = async move { provider.collection_cancel()?.cancel(&asked).await };
        let (asked, cancelled) = match self.call(&attempt.merchant_account, call).await {
            Ok((asked, cancelled)) => (self.moment(asked, at), cancelled),
            Err(_) => {
                let reason = Some(Reason::new(ReasonKind::Busy));
                return self.learn(record, withdrawal(at.at, Withdrawal::Open, reason)).await;
            }
        };
        let (outcome, reason) = match cancelled {
            Ok(Ok(order)) if names(&order, &lookup) => (Withdrawal::Withdrawn, None),
            Ok(Ok(_)) => (Withdrawal::Open, Some(Reason::new(unrelated()))),
            Ok(Err(error)) if error.effect() == Effect::Rejected => {
                (Withdrawal::Refused, Some(reason(&error)))
            }
            Ok(Err(error)) => (Withdrawal::Open, Some(reason(&error))),
            Err(kind) => (Withdrawal::Open, Some(Reason::new(kind))),
        };
        self.learn(record, withdrawal(asked, outcome, reason)).await
    }

    /// An order, its provider, and how it is looked up.
    ///
    /// # Errors
    /// Why it cannot be.
    fn askable<'r>(
        &self,
        record: &'r Record,
        order: u8,
    ) -> Result<(&'r AttemptRecord, Arc<dyn Provider>, Lookup), ReasonKind> {
        let attempt = record.attempts.iter().find(|it| it.attempt.number == order);
        let attempt = attempt.ok_or(ReasonKind::NotAskable)?;
        let account = &attempt.merchant_account;
        let configured = self.policy.find(account, record.operation, record.country);
        let provider = self.planner.provider(account).filter(|_| configured.is_some());
        let provider = provider.ok_or(ReasonKind::NotConfigured)?;
        if !attempt.guarantees.find_by.by_order_id() && attempt.provider_reference.is_none() {
            return Err(ReasonKind::NotAskable);
        }
        let mut lookup = restored(attempt).ok_or(ReasonKind::StoredForm)?.lookup;
        if attempt.provider_reference.is_some() {
            lookup.provider_reference.clone_from(&attempt.provider_reference);
        }
        Ok((attempt, provider, lookup))
    }
}

/// Why a creation failed, for the planner; `None`: it did not.
fn failed(created: &Result<Collection, Error>, lookup: &Lookup) -> Option<ErrorKind> {
    match created {
        Err(error) => Some(error.kind()),
        Ok(collection) if !is_ours(collection, lookup) => Some(ErrorKind::Unrelated),
        Ok(collection) => collection.observation.other_amount(lookup).map(|_| ErrorKind::Mismatch),
    }
}

/// What the answer to a creation says; `None`: nothing.
fn answered(
    created: Result<Collection, Error>,
    order: u8,
    sending: u32,
    lookup: &Lookup,
    at: Timestamp,
) -> Option<News> {
    let error = match created {
        Ok(collection) if !is_ours(&collection, lookup) => return None,
        Ok(collection) if collection.observation.other_amount(lookup).is_some() => {
            let reference = collection.observation.provider_reference;
            return Some(mismatched(order, at, reference));
        }
        Ok(collection) => {
            let evidence =
                Evidence::Created { order, has_way: collection.payment_instructions.is_some(), at };
            let reference = collection.observation.provider_reference.clone();
            return Some(news(evidence, collection, reference));
        }
        Err(error) => error,
    };
    let evidence = match (error.effect(), error.kind()) {
        (Effect::NotSent, _) => Evidence::NotSent { order, sending },
        (Effect::Rejected, _) => Evidence::Rejected { order },
        (Effect::Unknown, ErrorKind::Duplicate) => Evidence::Created { order, has_way: false, at },
        (Effect::Unknown, ErrorKind::Mismatch) => {
            return Some(mismatched(order, at, error.provider_reference().cloned()));
        }
        // An earlier step of the call was answered: the order exists.
        (Effect::Unknown, _) if error.provider_reference().is_some() => {
            Evidence::Created { order, has_way: false, at }
        }
        (Effect::Unknown, _) => return None,
    };
    let provider_reference = error.provider_reference().cloned();
    let reason = Some(reason(&error));
    Some(News { provider_reference, reason, ..News::new(evidence) })
}

/// What a look-up says.
fn looked_up(
    found: Result<Found<Collection>, Error>,
    order: u8,
    echoes: &[Echo],
    lookup: &Lookup,
    record: &Record,
    asked: Timestamp,
) -> News {
    let evidence = |finding, has_way| Evidence::LookedUp { order, asked, finding, has_way };
    match found {
        Ok(Found::Absent(_)) => News::new(evidence(Finding::Absent, false)),
        Ok(Found::Found(collection)) if !names(&collection, lookup) => {
            let reason = Some(Reason::new(unrelated()));
            News { reason, ..News::new(evidence(Finding::Nothing, false)) }
        }
        Ok(Found::Found(collection)) => {
            let observation = &collection.observation;
            // What is stated may differ from what was asked: short and over are no contradiction.
            let mut any_amount = lookup.clone();
            any_amount.amount = None;
            let states_amount =
                observation.amount.is_some() || echoes.contains(&Echo::ProviderReference);
            let finding = match states_amount && observation.identifies(echoes, &any_amount) {
                true => Finding::new(observation, record.amount, asked),
                false => Finding::Waiting,
            };
            let has_way = collection.payment_instructions.is_some();
            let names_ours = observation.order_id.as_ref() == Some(&lookup.order_id);
            let reference = observation.provider_reference.clone().filter(|_| names_ours);
            news(evidence(finding, has_way), collection, reference)
        }
        Err(error) => {
            let finding = match error.kind() {
                ErrorKind::Mismatch => Finding::Mismatch,
                _ => Finding::Nothing,
            };
            News { reason: Some(reason(&error)), ..News::new(evidence(finding, false)) }
        }
    }
}

/// Evidence with what the message says beside it.
fn news(
    evidence: Evidence,
    collection: Collection,
    provider_reference: Option<ProviderReference>,
) -> News {
    let stored =
        |it: tulay_core::PaymentInstructions| Personal::new(String::from_utf8_lossy(&it.store()));
    News {
        provider_reference,
        instructions: collection.payment_instructions.map(stored),
        expires: collection.expires.and_then(|it| it.at),
        ..News::new(evidence)
    }
}

/// An answer that names the order and another amount.
fn mismatched(order: u8, asked: Timestamp, reference: Option<ProviderReference>) -> News {
    let (finding, has_way) = (Finding::Mismatch, false);
    let news = News::new(Evidence::LookedUp { order, asked, finding, has_way });
    News { provider_reference: reference, ..news }
}

fn is_shown(record: &Record, order: u8) -> bool {
    let collecting = record.progress.collecting.as_deref();
    let shown = collecting.and_then(|collecting| collecting.facts.shown());
    shown.is_some_and(|(number, _)| number == order)
}

/// Whether the answer to a creation is of this order, as far as it says.
fn is_ours(collection: &Collection, lookup: &Lookup) -> bool {
    collection.observation.order_id.as_ref().is_none_or(|id| *id == lookup.order_id)
}

fn names(collection: &Collection, lookup: &Lookup) -> bool {
    collection.observation.names(lookup)
}

const fn unrelated() -> ReasonKind {
    ReasonKind::Error(ErrorKind::Unrelated)
}
