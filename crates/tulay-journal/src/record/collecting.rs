//! The rules of a collection: which step may be written, and how its row follows from what is known.

use super::{
    AttemptRecord, Change, Context, Event, Intent, News, Personal, Reason, Record, Refused, Status,
    Step, Write,
    begin::{beginning, is_paused},
    collection::{Collecting, Surprise},
    event::Ending,
};
use crate::{
    collection::{
        self, Circumstances, Collected, Evidence, Order, PaymentId, Terms, Todo, new_payments,
        surprises,
    },
    machine::{Outcome, ReviewReason, Sending, Standing},
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use tulay_core::ErrorKind;

/// Judges a step of a collection by the rules of [`collection`].
pub(super) fn decide(
    record: &Record,
    collecting: &Collecting,
    write: &Write,
    context: &Context<'_>,
) -> Result<Vec<Change>, Refused> {
    let facts = &collecting.facts;
    match &write.step {
        Step::Intend { version, intent } => {
            if write.lease != record.lease || write.lease.is_none() || *version != record.version {
                return Err(Refused::Overtaken);
            }
            match record.todo(collecting, context) {
                Todo::Plan { again, next } => intend(record, intent, again, next, context),
                _ => Err(Refused::NotAllowed),
            }
        }
        Step::Learn(news) => learn(record, collecting, write, news, context),
        Step::End { ending: Ending::Cancelled, .. } => {
            let is_over = facts.cancelled_at.is_some() || record.status != waiting(record, facts);
            let cancelled = News::new(Evidence::Cancelled { at: context.now });
            if is_over { Err(Refused::NotAllowed) } else { Ok(vec![learned(cancelled, context)]) }
        }
        Step::Defer { reason, until } => {
            if write.lease != record.lease || write.lease.is_none() {
                return Err(Refused::Overtaken);
            }
            Ok(vec![Change::Deferred { reason: reason.clone(), until: *until }])
        }
        _ => Err(Refused::NotAllowed),
    }
}

fn intend(
    record: &Record,
    intent: &Intent,
    again: Option<u8>,
    next: Option<u8>,
    context: &Context<'_>,
) -> Result<Vec<Change>, Refused> {
    let last = record.attempts.last();
    let account = match (intent, last) {
        (Intent::Next(prepared), _) => &prepared.merchant_account,
        (Intent::Same(_), Some(last)) => &last.merchant_account,
        (Intent::Same(_), None) => return Err(Refused::NotAllowed),
    };
    if is_paused(record, Some(account), context) {
        return Err(Refused::Paused);
    }
    let configured = context.policy.find(account, record.operation, record.country);
    let configured = configured.ok_or(Refused::NotConfigured)?;
    match (intent, last) {
        (Intent::Same(digest), Some(last)) => {
            if *digest != last.digest {
                return Err(Refused::OtherText);
            }
            let attempt = again.filter(|it| *it == last.attempt.number);
            let attempt = attempt.ok_or(Refused::NotAllowed)?;
            Ok(vec![Change::Intended { attempt, resend_until: None, begins: None }])
        }
        (Intent::Next(prepared), last) => {
            let attempt = next.ok_or(Refused::NotAllowed)?;
            let begins = Some(Box::new(beginning(prepared, &configured.guarantees)));
            let next = Change::Intended { attempt, resend_until: None, begins };
            Ok(last.and_then(given_up).into_iter().chain([next]).collect())
        }
        (Intent::Same(_), None) => Err(Refused::NotAllowed),
    }
}

/// From now on an order is not shown, whatever arrives.
fn given_up(order: &AttemptRecord) -> Option<Change> {
    let attempt = order.attempt.number;
    let is_open = order.attempt.closed_as.is_none();
    is_open.then_some(Change::Closed { attempt, standing: Standing::GivenUp })
}

fn learn(
    record: &Record,
    collecting: &Collecting,
    write: &Write,
    news: &News,
    context: &Context<'_>,
) -> Result<Vec<Change>, Refused> {
    let mut changes = Vec::new();
    match &news.evidence {
        Evidence::Intended { .. } | Evidence::GivenUp { .. } | Evidence::Cancelled { .. } => {
            return Err(Refused::NotAllowed);
        }
        Evidence::Ended { ending, .. } => {
            let is_ours = write.lease == record.lease && write.lease.is_some();
            if !is_ours {
                return Err(Refused::Overtaken);
            }
            let ends = match record.todo(collecting, context) {
                Todo::End(end) => end == *ending,
                // The planner has no account left.
                Todo::Plan { .. } => *ending == collection::Ending::Failed,
                _ => false,
            };
            if !ends {
                return Err(Refused::NotAllowed);
            }
            if *ending == collection::Ending::Failed {
                changes.extend(record.attempts.last().and_then(given_up));
            }
        }
        Evidence::Assigned { .. } | Evidence::GivenBack { .. } => {}
        evidence => {
            let order = evidence.order().ok_or(Refused::Missing)?;
            let sendings = &record.attempt(order)?.attempt.sendings;
            let last = sendings.len().saturating_sub(1);
            let sending = match evidence {
                Evidence::NotSent { sending, .. } => usize::try_from(*sending).unwrap_or(last),
                _ => last,
            };
            let sent_at = sendings.get(sending).map(|sending| sending.at);
            if news.sent_at.is_some_and(|at| sent_at != Some(at)) {
                return Err(Refused::Missing);
            }
        }
    }
    changes.push(learned(news.clone(), context));
    Ok(changes)
}

/// The event of news, as of now.
fn learned(news: News, context: &Context<'_>) -> Change {
    Change::Learned {
        evidence: Box::new(news.evidence.seen(context.now)),
        provider_reference: news.provider_reference,
        expires: news.expires,
        reason: news.reason,
    }
}

/// Keeps the way to pay of an order beside its events.
pub(super) fn keep_instructions(record: &mut Record, news: &News) {
    let Some((number, instructions)) = news.evidence.order().zip(news.instructions.as_ref()) else {
        return;
    };
    let attempt = record.attempts.iter_mut().find(|it| it.attempt.number == number);
    if let Some(attempt) = attempt {
        attempt.instructions.get_or_insert_with(|| instructions.clone());
    }
}

impl Record {
    /// Applies one event of a collection.
    pub(super) fn play_collecting(&mut self, event: &Event, context: &Context<'_>) {
        self.version = event.number;
        self.progress.last_at = event.at;
        let Some(mut collecting) = self.progress.collecting.take() else { return };
        self.take_of_collection(&mut collecting, event);
        let terms = self.terms(&collecting, context);
        let facts = &collecting.facts;
        self.status = match collection::status(facts, &terms) {
            collection::Status::Waiting => waiting(self, facts),
            collection::Status::Paid => Status::Succeeded,
            collection::Status::Closed => Status::Cancelled,
            collection::Status::Failed => Status::Failed,
            collection::Status::Reversed => Status::Reversed,
        };
        self.reviews = self.reviews_of(facts, &terms, context);
        self.next_at = self.due_of_collection(facts, &terms, context, event.at);
        self.progress.collecting = Some(collecting);
    }

    fn take_of_collection(&mut self, collecting: &mut Collecting, event: &Event) {
        let facts = &mut collecting.facts;
        match &event.change {
            Change::Accepted { expires, .. } => collecting.expires = *expires,
            Change::Intended { attempt, begins, .. } => {
                if let Some(begins) = begins {
                    self.attempts.push(AttemptRecord::new(*attempt, begins));
                }
                let Some(order) = self.attempt_mut(*attempt) else { return };
                let sending = u32::try_from(order.attempt.sendings.len()).unwrap_or(u32::MAX);
                order.attempt.begin_sending(Sending::new(event.at, order.digest.0), None);
                facts.join(Evidence::Intended { order: *attempt, sending, at: event.at });
                self.progress.reason = None;
                self.progress.waits_until = None;
            }
            Change::Learned { evidence, provider_reference, expires, reason } => {
                facts.join(evidence.as_ref().clone());
                let shown = facts.shown().map(|(number, _)| number);
                // What an order that is not shown says of its time is not of this one.
                if shown == evidence.order() {
                    collecting.expires = expires.or(collecting.expires);
                }
                if reason.is_some() || evidence.is_answer() {
                    self.progress.reason.clone_from(reason);
                }
                let order = evidence.order().and_then(|order| self.attempt_mut(order));
                if let Some(order) = order {
                    order.learn(provider_reference.as_ref());
                    end_sending(order, evidence, reason.as_ref(), event.at);
                }
            }
            Change::ReferenceShared { attempt } => {
                if let Some(order) = self.attempt_mut(*attempt) {
                    order.attempt.facts.is_reference_shared = true;
                }
            }
            Change::Closed { attempt, standing } => {
                let Some(order) = self.attempt_mut(*attempt) else { return };
                order.attempt.closed_as.get_or_insert(*standing);
                order.proof.get_or_insert(event.number);
                facts.join(Evidence::GivenUp { order: *attempt });
            }
            Change::Deferred { reason, until } => {
                self.progress.reason = Some(reason.clone());
                self.progress.waits_until = Some(*until);
            }
            _ => {}
        }
    }

    /// What follows for the application from a change: incoming payments, and what came in otherwise
    /// than it was asked. Each is an event of its own.
    pub(super) fn noticed(&self, before: &Collecting, context: &Context<'_>) -> Vec<Change> {
        let Some(after) = self.progress.collecting.as_deref() else { return Vec::new() };
        if before.facts == after.facts {
            return Vec::new();
        }
        let new = new_payments(&before.facts, &after.facts).into_iter();
        let received = new.map(|payment| Change::Received {
            payment: payment.id,
            order: payment.order,
            amount: payment.amount,
            paid_at: payment.paid_at,
        });
        let known = surprised(&before.facts, &self.terms(before, context));
        let now = surprised(&after.facts, &self.terms(after, context));
        // The name of a payment becomes more precise; that is no further surprise.
        let renamed = |payment: &PaymentId| {
            let payments = after.facts.payments();
            let is_other = |it: &collection::Payment| it.is_named(payment);
            payments.iter().find(|it| is_other(it)).map(|it| it.id.clone())
        };
        let is_known = |surprise: Surprise, payment: &Option<PaymentId>| {
            known.iter().any(|(other, known)| {
                let same = known == payment
                    || known.as_ref().and_then(renamed).as_ref() == payment.as_ref();
                *other == surprise && same
            })
        };
        let noticed = now.into_iter().filter(|(surprise, payment)| !is_known(*surprise, payment));
        let noticed = noticed.map(|(surprise, payment)| Change::Surprised { surprise, payment });
        received.chain(noticed).collect()
    }

    /// What came in otherwise than it was asked.
    #[must_use]
    pub fn surprises(&self, context: &Context<'_>) -> BTreeSet<Surprise> {
        let Some(collecting) = self.progress.collecting.as_deref() else { return BTreeSet::new() };
        let surprised = surprised(&collecting.facts, &self.terms(collecting, context));
        surprised.into_iter().map(|(surprise, _)| surprise).collect()
    }

    /// The way to pay that is shown, in its stored form.
    #[must_use]
    pub fn instructions(&self) -> Option<&Personal> {
        let (number, _) = self.progress.collecting.as_deref()?.facts.shown()?;
        let shown = self.attempts.iter().find(|it| it.attempt.number == number)?;
        shown.instructions.as_ref()
    }

    /// What a worker does next for a collection; `None`: it is none.
    pub(crate) fn collection_todo(&self, context: &Context<'_>) -> Option<Todo> {
        Some(self.todo(self.progress.collecting.as_deref()?, context))
    }

    fn todo(&self, collecting: &Collecting, context: &Context<'_>) -> Todo {
        let terms = self.terms(collecting, context);
        let orders = self.orders(context);
        let todo = |waits_until| {
            let (now, is_watched) = (context.now, false);
            let circumstances = Circumstances { now, orders: &orders, waits_until, is_watched };
            collection::todo(&collecting.facts, &terms, &circumstances)
        };
        let is_due = self.next_at.is_some_and(|at| at <= context.now);
        match todo(self.progress.waits_until) {
            Todo::Nothing if is_due => {}
            todo => return todo,
        }
        // It was made due before its time: an account is asked for at once, or its order is looked up.
        let shown = collecting.facts.shown().map(|(number, _)| number);
        let order = shown.or(self.attempts.last().map(|it| it.attempt.number));
        match (todo(None), order) {
            (Todo::Nothing, Some(order)) => Todo::Ask(order),
            (todo, _) => todo,
        }
    }

    fn due_of_collection(
        &self,
        facts: &Collected,
        terms: &Terms,
        context: &Context<'_>,
        at: Timestamp,
    ) -> Option<Timestamp> {
        let orders = self.orders(context);
        let circumstances = Circumstances {
            now: at,
            orders: &orders,
            waits_until: self.progress.waits_until,
            is_watched: false,
        };
        let due = collection::due(facts, terms, &circumstances).map(|(due, _)| due.max(at));
        // What waits is closed at last, even if nothing is to be done until then.
        due.or((!self.status.is_final()).then_some(Timestamp::MAX))
    }

    fn terms(&self, collecting: &Collecting, context: &Context<'_>) -> Terms {
        let terms = Terms::new(self.amount, self.created_at);
        let (expires, per_mille) = (collecting.expires, context.policy.per_mille);
        Terms { expires, per_mille, ..terms }
    }

    fn orders(&self, context: &Context<'_>) -> Vec<Order> {
        let order = |it: &AttemptRecord| {
            let account = &it.merchant_account;
            let configured = context.policy.find(account, self.operation, self.country);
            let find_by = it.guarantees.find_by;
            Order {
                id: it.order_id.clone(),
                can_ask: find_by.by_order_id()
                    || find_by.by_provider_reference() && it.provider_reference.is_some(),
                can_withdraw: configured.is_some_and(|configured| configured.withdraws),
            }
        };
        self.attempts.iter().map(order).collect()
    }

    fn reviews_of(
        &self,
        facts: &Collected,
        terms: &Terms,
        context: &Context<'_>,
    ) -> BTreeSet<ReviewReason> {
        let reasons = collection::reviews(facts, terms).into_iter();
        let mut reasons: BTreeSet<_> = reasons.map(reason).collect();
        if self.attempts.iter().any(|it| it.attempt.facts.is_reference_shared) {
            reasons.insert(ReviewReason::Mismatch);
        }
        let is_gone = |it: &AttemptRecord| {
            let account = &it.merchant_account;
            context.policy.find(account, self.operation, self.country).is_none()
        };
        if self.attempts.last().is_some_and(is_gone) && !self.status.is_final() {
            reasons.insert(ReviewReason::NotConfigured);
        }
        reasons
    }
}

/// The status of what is neither paid nor over.
fn waiting(record: &Record, facts: &Collected) -> Status {
    match (facts.shown(), record.attempts.is_empty()) {
        (Some(_), _) => Status::Pending,
        (None, true) => Status::Created,
        (None, false) => Status::Sending,
    }
}

fn surprised(facts: &Collected, terms: &Terms) -> BTreeSet<(Surprise, Option<PaymentId>)> {
    let surprises = surprises(facts, terms);
    let of = |surprise: Surprise, payments: BTreeSet<PaymentId>| {
        payments.into_iter().map(move |payment| (surprise, Some(payment)))
    };
    let sums = [(Surprise::Short, surprises.short), (Surprise::Over, surprises.over)];
    let sums = sums.into_iter().filter_map(|(surprise, holds)| holds.then_some((surprise, None)));
    of(Surprise::Late, surprises.late)
        .chain(of(Surprise::AfterCancellation, surprises.after_cancellation))
        .chain(of(Surprise::Twice, surprises.twice))
        .chain(sums)
        .collect()
}

const fn reason(review: collection::Review) -> ReviewReason {
    match review {
        collection::Review::Short => ReviewReason::Short,
        collection::Review::Over => ReviewReason::Over,
        collection::Review::Twice => ReviewReason::Twice,
        collection::Review::AfterCancellation => ReviewReason::AfterCancellation,
        collection::Review::Reversed => ReviewReason::Reversed,
        collection::Review::Mismatch => ReviewReason::Mismatch,
        collection::Review::Unresolved => ReviewReason::Unresolved,
    }
}

/// Writes down how the last sending of an order ended.
fn end_sending(
    order: &mut AttemptRecord,
    evidence: &Evidence,
    reason: Option<&Reason>,
    at: Timestamp,
) {
    let kind = || match reason.map(|reason| reason.kind) {
        Some(super::ReasonKind::Error(kind)) => kind,
        _ => ErrorKind::Unexpected,
    };
    let last = order.attempt.sendings.len().saturating_sub(1);
    let (place, outcome) = match evidence {
        Evidence::NotSent { sending, .. } => {
            (usize::try_from(*sending).unwrap_or(last), Outcome::NotSent { kind: kind() })
        }
        Evidence::Rejected { .. } => {
            (last, Outcome::Rejected { kind: kind(), is_permanent: false, at })
        }
        Evidence::Created { .. } => (last, Outcome::Accepted),
        _ => return,
    };
    order.attempt.end_sending(place, outcome);
}
