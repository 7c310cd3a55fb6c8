//! What an event makes of a payment. The same events always make the same row.

use super::{
    AttemptRecord, Beginning, Change, Context, Event, Personal, Progress, Reason, ReasonKind,
    Record, Search, Status,
    event::{Declaration, Ending, Finding},
};
use crate::machine::{
    Attempt, Evidence, ReviewReason, Rules, Sending, Standing,
    facts::Word,
    permission::{Circumstances, LAST_ATTEMPT, may_resend},
    review::{SLOW_WAITING_AFTER, is_double_payment_suspected, reviews},
    schedule::delay,
    standing,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// What was just sent is looked up as soon as by this step of the schedule, however often it was sent
/// before.
const SOON_AFTER_A_SENDING: usize = 2;

/// Where less time than twice this is left for an order id, the schedule alone holds.
const LEAST_WAIT: SignedDuration = SignedDuration::from_mins(1);

impl Record {
    /// Makes the next event of a change, and applies it.
    pub(super) fn note(
        &mut self,
        at: Timestamp,
        actor: Option<String>,
        change: Change,
        context: &Context<'_>,
    ) -> Event {
        let number = self.version.saturating_add(1);
        let mut event = Event { number, at, actor, change, status: None };
        self.play(&event, context);
        event.status = Some(self.status);
        event
    }

    /// Applies one event.
    pub fn play(&mut self, event: &Event, context: &Context<'_>) {
        if self.progress.collecting.is_some() {
            return self.play_collecting(event, context);
        }
        let before = self.standing(context);
        let could_resend = self.could_resend(event.at, context);
        let (due, was_hinted) = (self.next_at, self.is_hinted());
        let scheduled = self.progress.scheduled.take();
        self.take(event);
        self.version = event.number;
        self.progress.last_at = event.at;
        let after = self.standing(context);
        // A look-up for a notification is beside the schedule, unless that was due.
        let is_over = || self.status.is_final();
        let is_early = scheduled.map_or_else(is_over, |scheduled| scheduled > event.at);
        let is_beside = was_hinted && before == after && is_early;
        if !is_beside {
            self.count(&event.change, before != after);
        }
        // A notification that changes nothing leaves a sending in flight.
        if before != after || !matches!(event.change, Change::Notified { .. }) {
            self.status = self.status_after(&event.change, after);
        }
        self.reviews = self.reviews_at(event.at, context);
        let is_looked_up = matches!(event.change, Change::LookedUp { .. });
        let scheduled = match &event.change {
            Change::Notified { .. } if before == after && !was_hinted => due,
            Change::Notified { .. } if before == after => scheduled.or(due),
            Change::LookedUp { .. } if is_beside => {
                let confirmed = self.attempts.last().filter(|_| after.is_some_and(is_confirmed));
                let confirmed =
                    confirmed.and_then(|last| self.confirmed_at(last, event.at, context));
                scheduled.into_iter().chain(confirmed).min()
            }
            change => self.due(change, after, event.at, context),
        };
        // What a look-up has just allowed does not wait for the next one.
        let scheduled = match is_looked_up && !could_resend && self.could_resend(event.at, context)
        {
            true => Some(self.resend_at(event.at, context)),
            false => scheduled,
        };
        self.next_at = scheduled;
        if self.is_hinted() {
            self.progress.scheduled = scheduled;
            let is_further = matches!(event.change, Change::Notified { .. }) && was_hinted;
            // One look-up serves all hints until it is answered.
            self.next_at = match due.filter(|_| is_further && before == after) {
                Some(due) => Some(due),
                None => scheduled.into_iter().chain(self.hinted_at(event, context)).min(),
            };
        }
    }

    /// Where its last attempt stands; `None`: it has none.
    #[must_use]
    pub fn standing(&self, context: &Context<'_>) -> Option<Standing> {
        self.attempts.last().map(|last| standing(&last.attempt, &self.rules(last, context)))
    }

    /// Whether a notification names an order of it that was not looked up since.
    pub(crate) fn is_hinted(&self) -> bool {
        self.hinted().next().is_some()
    }

    /// Whether its next step is the look-up for a notification. What is due by the schedule is not held
    /// up by it, unless the last order was not looked up since it was sent.
    pub(crate) fn is_hint_first(&self, now: Timestamp) -> bool {
        let is_due = self.progress.scheduled.is_some_and(|scheduled| scheduled <= now);
        let is_last_hinted =
            self.attempts.last().is_some_and(|it| it.attempt.facts.hinted.is_some());
        let is_unasked = is_last_hinted && !self.progress.is_looked_up;
        self.is_hinted() && (!is_due || is_unasked)
    }

    /// The attempts whose order was not looked up since a notification named it.
    pub(crate) fn hinted(&self) -> impl Iterator<Item = &AttemptRecord> {
        self.attempts.iter().filter(|it| it.attempt.facts.hinted.is_some())
    }

    /// The rules of one of its attempts.
    #[must_use]
    pub fn rules(&self, attempt: &AttemptRecord, context: &Context<'_>) -> Rules {
        let account = &attempt.merchant_account;
        let configured = context.policy.find(account, self.operation, self.country);
        context.policy.rules(
            &attempt.guarantees,
            configured,
            self.operation,
            context.doubt.is_none(),
        )
    }

    /// Why a person has to look at it now. A closed attempt counts only where it turns out to be
    /// alive.
    #[must_use]
    pub fn reviews_at(&self, now: Timestamp, context: &Context<'_>) -> BTreeSet<ReviewReason> {
        let mut reasons = BTreeSet::new();
        for attempt in &self.attempts {
            let rules = self.rules(attempt, context);
            let counts = |reason: &ReviewReason| {
                attempt.attempt.closed_as.is_none() || *reason == ReviewReason::Contradiction
            };
            reasons.extend(reviews(&attempt.attempt, &rules, now).filter(counts));
        }
        let attempts: Vec<&Attempt> = self.attempts.iter().map(|it| &it.attempt).collect();
        if is_double_payment_suspected(&attempts) {
            reasons.insert(ReviewReason::DoublePaymentSuspected);
        }
        if self.progress.is_mismatched {
            reasons.insert(ReviewReason::Mismatch);
        }
        reasons.extend(self.progress.found.iter().chain(&self.progress.linked));
        if self.progress.waits_for(ReasonKind::NotWhole) && self.waits_for_person(context) {
            reasons.insert(ReviewReason::Slow);
        }
        match self.attempts.last() {
            Some(last) if last.attempt.closed_as.is_none() => {
                let account = &last.merchant_account;
                if context.policy.find(account, self.operation, self.country).is_none() {
                    reasons.insert(ReviewReason::NotConfigured);
                }
                let standing = self.standing(context);
                let is_rejected = standing == Some(Standing::Rejected);
                let is_last = last.attempt.number >= LAST_ATTEMPT;
                let is_used_up = is_rejected && is_last && last.attempt.is_rejected_for_now();
                let reason = self.progress.reason.as_ref().map(|it| it.kind);
                let is_unreadable = reason == Some(ReasonKind::StoredForm)
                    && matches!(standing, Some(Standing::InDoubt | Standing::Unsent));
                if is_used_up || is_unreadable {
                    reasons.insert(ReviewReason::Unresolved);
                }
            }
            Some(_) => {}
            None => {
                let waits = now.duration_since(self.created_at) > SLOW_WAITING_AFTER;
                if waits && self.progress.ending.is_none() {
                    reasons.insert(ReviewReason::Slow);
                }
            }
        }
        reasons
    }

    fn take(&mut self, event: &Event) {
        match &event.change {
            Change::Accepted { send_by, original, .. } => {
                self.progress.send_by = *send_by;
                self.progress.original = original.as_deref().cloned();
            }
            Change::Intended { attempt, resend_until, begins } => {
                if let Some(begins) = begins {
                    self.attempts.push(AttemptRecord::new(*attempt, begins));
                }
                if let Some(attempt) = self.attempt_mut(*attempt) {
                    let sending = Sending::new(event.at, attempt.digest.0);
                    attempt.attempt.begin_sending(sending, *resend_until);
                }
                self.progress.reason = None;
                self.progress.waits_until = None;
                self.progress.search = None;
            }
            Change::Answered {
                attempt,
                sending,
                outcome,
                word,
                provider_reference,
                reason,
                is_mismatch,
            } => {
                self.progress.reason.clone_from(reason);
                self.progress.is_mismatched |= is_mismatch;
                let Some(attempt) = self.attempt_mut(*attempt) else { return };
                attempt.attempt.facts.heard_of.insert(*sending);
                if let (Some(outcome), Ok(place)) = (outcome, usize::try_from(*sending)) {
                    attempt.attempt.end_sending(place, outcome.clone());
                }
                if let Some(word) = word {
                    attempt.attempt.facts.join(Evidence::Created(*word));
                }
                attempt.learn(provider_reference.as_ref());
            }
            Change::LookedUp { attempt, asked, finding, provider_reference, reason } => {
                self.progress.is_mismatched |= *finding == Finding::Mismatch;
                // An order that is there makes what hindered it before void. The reason of what has
                // ended stays.
                let is_news = reason.is_some() || matches!(finding, Finding::Found(_));
                if is_news && self.progress.ending.is_none() {
                    self.progress.reason.clone_from(reason);
                }
                let Some(attempt) = self.attempt_mut(*attempt) else { return };
                let asked = *asked;
                if *finding != Finding::Nothing || !reason.as_ref().is_some_and(Reason::may_pass) {
                    attempt.attempt.facts.look_up(asked);
                }
                match finding {
                    Finding::Absent => attempt.attempt.facts.join(Evidence::Absent { asked }),
                    Finding::Found(word) => {
                        attempt.attempt.facts.join(Evidence::Found { asked, word: *word });
                        attempt.learn(provider_reference.as_ref());
                    }
                    Finding::Mismatch | Finding::Nothing => {}
                }
            }
            Change::Notified { attempt, received, word, is_evidence, is_mismatch } => {
                self.progress.is_mismatched |= is_mismatch;
                let Some(attempt) = self.attempt_mut(*attempt).filter(|_| !is_mismatch) else {
                    return;
                };
                let facts = &mut attempt.attempt.facts;
                if *is_evidence {
                    facts.join(Evidence::Notified(*word));
                }
                let is_known = match word {
                    Word::Succeeded => facts.succeeded,
                    Word::Pending => *is_evidence,
                    Word::Failed | Word::Reversed => false,
                };
                if !is_known {
                    facts.hint(*received);
                }
            }
            Change::Searched { asked, places, reviews, .. } => {
                self.progress.found.extend(reviews);
                if self.status.is_final() {
                    self.progress.is_checked = true;
                    return;
                }
                let last = self.attempts.iter().flat_map(|it| &it.attempt.sendings).last();
                // What was sent since was not seen by it.
                let is_fresh = last.is_none_or(|last| *asked >= last.at);
                let search = Search { asked: *asked, places: places.clone() };
                self.progress.search = (is_fresh && !places.is_empty()).then_some(search);
            }
            Change::Adopted(adoption) => {
                let mut adopted = AttemptRecord::new(adoption.attempt, &adoption.begins);
                adopted.attempt.facts.adopted_at = Some(adoption.asked);
                if let Finding::Found(word) = adoption.finding {
                    let asked = adoption.asked;
                    adopted.attempt.facts.join(Evidence::Found { asked, word });
                }
                adopted.learn(adoption.provider_reference.as_ref());
                self.attempts.push(adopted);
                self.progress.reason = None;
                self.progress.waits_until = None;
                self.progress.search = None;
            }
            Change::Linked { reason, .. } => {
                self.progress.linked.insert(*reason);
            }
            Change::ReferenceShared { attempt } => {
                let Some(attempt) = self.attempt_mut(*attempt) else { return };
                attempt.attempt.facts.join(Evidence::SharedReference);
            }
            Change::Declared { attempt, declaration, sendings, .. } => {
                let Some(attempt) = self.attempt_mut(*attempt) else { return };
                attempt.attempt.facts.join(match declaration {
                    Declaration::NotExecuted => Evidence::NotExecuted { sendings: *sendings },
                    Declaration::Paid => Evidence::Paid,
                    Declaration::CameBack => Evidence::CameBack { at: event.at },
                });
            }
            Change::Closed { attempt, standing } => {
                let number = event.number;
                let Some(attempt) = self.attempt_mut(*attempt) else { return };
                attempt.attempt.closed_as.get_or_insert(*standing);
                attempt.attempt.facts.is_order_gone =
                    *standing == Standing::Declared && attempt.attempt.has_order();
                attempt.proof.get_or_insert(number);
            }
            Change::Deferred { reason, until } => {
                self.progress.reason = Some(reason.clone());
                self.progress.waits_until = Some(*until);
            }
            Change::Ended { ending, reason } => {
                self.progress.ending = Some(*ending);
                self.progress.reason.clone_from(reason);
                self.progress.waits_until = None;
                self.progress.search = None;
            }
            Change::Cleared { reason } => {
                if *reason == ReviewReason::Mismatch {
                    self.progress.is_mismatched = false;
                }
            }
            Change::Learned { .. } | Change::Received { .. } | Change::Surprised { .. } => {}
        }
    }

    /// Counts tries of the last attempt; look-ups of earlier ones are made beside. A look-up and the
    /// sending after it are one try.
    fn count(&mut self, change: &Change, is_new: bool) {
        let number = self.attempts.last().map(|last| last.attempt.number);
        let progress = &mut self.progress;
        let counts = match change {
            Change::LookedUp { attempt, .. } if Some(*attempt) == number => {
                progress.is_looked_up = true;
                true
            }
            Change::Intended { .. } => !std::mem::take(&mut progress.is_looked_up),
            _ => false,
        };
        if is_new {
            progress.lookups = 0;
        } else if counts {
            progress.lookups = progress.lookups.saturating_add(1);
        }
    }

    /// Whether what is known allows the same order id again, which may have arrived.
    fn could_resend(&self, at: Timestamp, context: &Context<'_>) -> bool {
        self.attempts.last().is_some_and(|last| {
            let rules = self.rules(last, context);
            standing(&last.attempt, &rules) == Standing::InDoubt
                && may_resend(&last.attempt, &rules, &Circumstances::free(at))
        })
    }

    pub(super) fn attempt_mut(&mut self, number: u8) -> Option<&mut AttemptRecord> {
        self.attempts.iter_mut().find(|it| it.attempt.number == number)
    }

    fn status_after(&self, change: &Change, standing: Option<Standing>) -> Status {
        match self.progress.ending {
            Some(Ending::Failed) => return Status::Failed,
            Some(Ending::Cancelled) => return Status::Cancelled,
            None => {}
        }
        match standing {
            None => Status::Created,
            Some(Standing::InDoubt) if matches!(change, Change::Intended { .. }) => Status::Sending,
            // Only a transaction that ends the payment calls it failed.
            Some(Standing::InDoubt | Standing::Declared | Standing::GivenUp) => Status::InDoubt,
            Some(Standing::Pending | Standing::Failed) => Status::Pending,
            Some(Standing::Unsent | Standing::Rejected) => Status::Sending,
            Some(Standing::Succeeded) => Status::Succeeded,
            Some(Standing::Reversed) => Status::Reversed,
        }
    }

    /// When it is due. `None` only where it is final and no late look-up is left.
    fn due(
        &self,
        change: &Change,
        standing: Option<Standing>,
        at: Timestamp,
        context: &Context<'_>,
    ) -> Option<Timestamp> {
        let waits_until = self.progress.waits_until.map_or(at, |until| until.max(at));
        let Some((standing, last)) = standing.zip(self.attempts.last()) else {
            return match self.progress.ending {
                Some(_) => self.check_at(at, context),
                None => Some(waits_until),
            };
        };
        let mut number = usize::try_from(self.progress.lookups).unwrap_or(usize::MAX);
        if standing == Standing::InDoubt {
            // Where nothing can be looked up, what is sent again keeps the schedule.
            number = number.max(last.attempt.sendings.len().saturating_sub(1));
        }
        if matches!(change, Change::Answered { .. }) {
            number = number.min(SOON_AFTER_A_SENDING);
        }
        let scheduled = delay(standing, number, &last.order_id, context.policy.per_mille)
            .map(|delay| at.checked_add(delay).unwrap_or(Timestamp::MAX));
        if self.progress.ending.is_some() {
            return scheduled.or_else(|| self.check_at(at, context));
        }
        match standing {
            // A dead process is noticed when the payment is due.
            Standing::InDoubt if matches!(change, Change::Intended { .. }) => Some(at),
            Standing::InDoubt => scheduled.map(|next| next.min(halfway(&last.attempt, at))),
            Standing::Pending | Standing::Succeeded => {
                let confirmed = self.confirmed_at(last, at, context);
                scheduled.into_iter().chain(confirmed).min()
            }
            Standing::Reversed => scheduled,
            Standing::Unsent
            | Standing::Rejected
            | Standing::Failed
            | Standing::Declared
            | Standing::GivenUp => Some(waits_until),
        }
    }
}

/// Whether a second look-up confirms what one said.
const fn is_confirmed(standing: Standing) -> bool {
    matches!(standing, Standing::Pending | Standing::Succeeded)
}

/// Half of the time in which the same order id may be sent again is not slept through: after an
/// outage, one look-up and one sending need to fit into what is left.
fn halfway(attempt: &Attempt, at: Timestamp) -> Timestamp {
    let left = attempt.resend_until.map(|until| until.duration_since(at) / 2);
    let next = left.filter(|half| *half >= LEAST_WAIT).and_then(|half| at.checked_add(half).ok());
    next.unwrap_or(Timestamp::MAX)
}

impl Record {
    /// When the same order id is sent again that may be. What is sent again and again without an answer
    /// keeps the schedule.
    fn resend_at(&self, at: Timestamp, context: &Context<'_>) -> Timestamp {
        let Some(AttemptRecord { attempt, order_id, .. }) = self.attempts.last() else { return at };
        let sent_again = attempt.sendings.len().saturating_sub(1);
        let delay = delay(Standing::InDoubt, sent_again, order_id, context.policy.per_mille);
        let next =
            attempt.last_sent().zip(delay).and_then(|(sent, delay)| sent.checked_add(delay).ok());
        next.unwrap_or(at).min(halfway(attempt, at)).max(at)
    }

    /// When an order is looked up that a notification names: now, unless it was just looked up, or
    /// could not be. Others can cause any number of notifications.
    fn hinted_at(&self, event: &Event, context: &Context<'_>) -> Option<Timestamp> {
        let at = event.at;
        let scaled = |seconds: i64| {
            SignedDuration::from_millis(i64::from(context.policy.per_mille).saturating_mul(seconds))
        };
        let facts = self.hinted().map(|it| &it.attempt.facts);
        if matches!(event.change, Change::LookedUp { .. }) {
            let waits = facts.filter_map(|facts| Some(at.duration_since(facts.hinted?))).max();
            let wait = waits.unwrap_or_default().clamp(scaled(60), scaled(3600));
            return Some(at.checked_add(wait).unwrap_or(Timestamp::MAX));
        }
        let asked = facts.filter_map(|facts| facts.absent_last.max(facts.found_last)).max();
        let next = asked.and_then(|asked| asked.checked_add(scaled(2)).ok());
        Some(next.map_or(at, |next| next.max(at)))
    }

    /// When a second look-up can confirm that the order failed or was reversed: the schedule alone
    /// may ask much later.
    fn confirmed_at(
        &self,
        attempt: &AttemptRecord,
        at: Timestamp,
        context: &Context<'_>,
    ) -> Option<Timestamp> {
        let window = self.rules(attempt, context).failure_window?;
        let facts = &attempt.attempt.facts;
        let runs = [&facts.failed, &facts.reversed].into_iter();
        runs.filter_map(|run| run.lasts_from(window)).filter(|next| *next > at).min()
    }

    /// When a payment that failed without having been sent is looked up: a journal that was restored
    /// in silence may have sent it.
    fn check_at(&self, at: Timestamp, context: &Context<'_>) -> Option<Timestamp> {
        let is_due = self.progress.ending == Some(Ending::Failed) && !self.progress.is_checked;
        let day = i64::from(context.policy.per_mille).saturating_mul(24 * 3600);
        let day = SignedDuration::from_millis(day);
        is_due.then(|| at.checked_add(day).unwrap_or(Timestamp::MAX))
    }

    /// Whether its late look-up asks every account.
    pub(crate) fn is_to_be_checked(&self, context: &Context<'_>) -> bool {
        // After an hour only the known orders are looked up.
        let is_late = match self.standing(context) {
            Some(Standing::Failed | Standing::Rejected | Standing::Declared) => {
                self.progress.lookups > 0
            }
            _ => true,
        };
        let is_over = matches!(self.status, Status::Succeeded | Status::Failed);
        is_over && is_late && !self.progress.is_checked
    }
}

impl Progress {
    /// Whether it is not sent for this reason.
    pub(crate) fn waits_for(&self, kind: ReasonKind) -> bool {
        self.waits_until.is_some() && self.reason.as_ref().is_some_and(|it| it.kind == kind)
    }
}

impl AttemptRecord {
    pub(super) fn new(number: u8, begins: &Beginning) -> Self {
        Self {
            merchant_account: begins.merchant_account.clone(),
            order_id: begins.order_id.clone(),
            prepared: Personal::default(),
            instructions: None,
            digest: begins.digest,
            guarantees: begins.guarantees.clone(),
            provider_reference: None,
            proof: None,
            attempt: Attempt::new(number),
        }
    }

    /// Keeps the provider's id of the order. The first is the one that look-ups carry.
    pub(super) fn learn(&mut self, reference: Option<&tulay_core::ProviderReference>) {
        let Some(reference) = reference else { return };
        self.attempt.facts.add_reference(reference.clone());
        self.provider_reference.get_or_insert_with(|| reference.clone());
    }
}
