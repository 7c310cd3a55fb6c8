//! Whether a step may be written now, and which events it makes.

use super::{
    AttemptRecord, Change, Event, Lease, Policy, Progress, Record, RecordId, Status,
    begin::{beginning, is_paused, stored},
    collecting::{self, keep_instructions},
    context::Context,
    digest::Digest,
    event::{Ending, Finding, Reason},
    search::{prepared, searched},
    step::{Hit, Intent, Refused, Seen, Step, Write},
};
use crate::machine::{
    Attempt, Outcome, ReviewReason, Standing,
    facts::Word,
    permission::{
        Circumstances, NextAttempt, may_declare, may_end_unpaid, may_resend, next_attempt,
    },
    standing,
};
use crate::store::Acceptance;
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeSet, iter};
use tulay_core::{Guarantees, MerchantAccount};

/// What a step made, to be saved with the payment in the same transaction.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Done {
    /// The events.
    pub events: Vec<Event>,
    /// An account to pause, and why.
    pub pause: Option<(MerchantAccount, &'static str)>,
}

/// The row and the first event of a payment that is accepted.
#[must_use]
pub fn accept(id: RecordId, acceptance: Acceptance, context: &Context<'_>) -> (Record, Event) {
    let at = context.now;
    let original = acceptance.original.map(Box::new);
    let (send_by, expires) = (acceptance.send_by, acceptance.expires);
    let change = Change::Accepted { send_by, original, expires };
    let actor = acceptance.actor;
    let mut record = Record {
        id,
        operation: acceptance.operation,
        reference: acceptance.reference,
        amount: acceptance.amount,
        country: acceptance.country,
        request: acceptance.request,
        plan: acceptance.plan,
        payee: acceptance.payee.map(|it| Digest(it.digest(&context.policy.namespace))),
        replaces: acceptance.replaces,
        created_at: at,
        version: 0,
        status: Status::Created,
        reviews: BTreeSet::new(),
        next_at: Some(at),
        lease: None,
        progress: Progress::new(at, acceptance.operation),
        attempts: Vec::new(),
    };
    let event = record.note(at, actor, change, context);
    (record, event)
}

/// Judges a step by what is known in its transaction, and applies it.
///
/// # Errors
/// Why the step is not allowed. Then the payment is as it was.
pub fn carry_out(
    record: &mut Record,
    write: &Write,
    context: &Context<'_>,
) -> Result<Done, Refused> {
    // A clock that was set back cannot write before what is written.
    let at = context.now.max(record.progress.last_at);
    let context = Context { now: at, ..*context };
    let mut done = Done::default();
    let changes = decide(record, write, &context)?;
    done.pause = smoke_alarm(record, &write.step);
    for change in changes {
        let before = record.progress.collecting.clone();
        done.events.push(record.note(at, write.actor.clone(), change, &context));
        let noticed = before.map(|before| record.noticed(&before, &context));
        for change in noticed.into_iter().flatten() {
            done.events.push(record.note(at, None, change, &context));
        }
    }
    match &write.step {
        Step::Intend { intent, .. } => {
            if let (Intent::Next(prepared), Some(last)) = (intent, record.attempts.last_mut()) {
                last.prepared = stored(prepared);
            }
            let until = at.checked_add(context.policy.lease).unwrap_or(Timestamp::MAX);
            record.lease = Some(Lease::new(context.owner, until));
        }
        step => {
            if let Step::Search { hits, .. } = step {
                keep_lookup(record, hits, &context);
            }
            if let Step::Learn(news) = step {
                keep_instructions(record, news);
            }
            if let Step::Defer { until, .. } = step
                && record.progress.collecting.is_none()
            {
                record.next_at = record.next_at.map(|_| (*until).max(at));
            }
            if write.lease.is_some() && write.lease == record.lease {
                record.lease = None;
            }
        }
    }
    Ok(done)
}

/// Keeps how an order that was adopted is looked up.
fn keep_lookup(record: &mut Record, hits: &[Hit], context: &Context<'_>) {
    let (operation, country) = (record.operation, record.country);
    let Some(last) = record.attempts.last_mut() else { return };
    let configured = context.policy.find(&last.merchant_account, operation, country);
    let hit = hits.iter().find(|hit| hit.lookup.order_id == last.order_id);
    if let (true, Some(configured), Some(hit)) = (last.prepared.is_empty(), configured, hit) {
        last.prepared = stored(&prepared(hit, configured));
    }
}

/// The attempts that learned their provider's id by a step: another order may have it too.
pub(crate) fn named<'a>(
    before: &'a Record,
    after: &'a Record,
) -> impl Iterator<Item = &'a AttemptRecord> {
    after.attempts.iter().enumerate().filter_map(|(place, attempt)| {
        let known = before.attempts.get(place).and_then(|it| it.provider_reference.as_ref());
        (attempt.provider_reference.as_ref() != known).then_some(attempt)
    })
}

/// How far an account wants payments to one beneficiary apart.
pub(crate) struct Spacing<'a> {
    pub(crate) account: &'a MerchantAccount,
    pub(crate) payee: Digest,
    time: SignedDuration,
}

impl<'a> Spacing<'a> {
    /// The spacing that a step has to keep; `None`: it sends nothing, or the account wants none.
    pub(crate) fn of(after: &'a Record, step: &Step, context: &Context<'_>) -> Option<Self> {
        if !matches!(step, Step::Intend { .. }) {
            return None;
        }
        let last = after.attempts.last()?;
        let account = &last.merchant_account;
        let configured = context.policy.find(account, after.operation, after.country)?;
        let time = configured.guarantees.payee_spacing.max(last.guarantees.payee_spacing)?;
        Some(Self { account, payee: after.payee?, time })
    }

    /// Refuses a sending too soon after the last one of another payment to the beneficiary.
    pub(crate) fn check(&self, last: Option<Timestamp>, now: Timestamp) -> Result<(), Refused> {
        match last.and_then(|last| last.checked_add(self.time).ok()) {
            Some(until) if now < until => Err(Refused::TooEarly { until }),
            _ => Ok(()),
        }
    }
}

/// Notes that an attempt shares its provider's id with another order; `None`: it is known.
pub(crate) fn share(record: &mut Record, attempt: u8, context: &Context<'_>) -> Option<Event> {
    if record.attempt(attempt).ok()?.attempt.facts.is_reference_shared {
        return None;
    }
    let at = context.now.max(record.progress.last_at);
    Some(record.note(at, None, Change::ReferenceShared { attempt }, context))
}

fn decide(record: &Record, write: &Write, context: &Context<'_>) -> Result<Vec<Change>, Refused> {
    if let Some(collecting) = &record.progress.collecting {
        return collecting::decide(record, collecting, write, context);
    }
    match &write.step {
        Step::Intend { version, intent } => {
            if write.lease != record.lease || write.lease.is_none() || *version != record.version {
                return Err(Refused::Overtaken);
            }
            intend(record, intent, context)
        }
        Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason } => {
            let place = usize::try_from(*sending).map_err(|_| Refused::Missing)?;
            let sendings = &record.attempt(*attempt)?.attempt.sendings;
            sendings.get(place).filter(|it| it.at == *sent_at).ok_or(Refused::Missing)?;
            Ok(vec![Change::Answered {
                attempt: *attempt,
                sending: *sending,
                outcome: outcome(*seen, context.now),
                word: *word,
                provider_reference: provider_reference.clone(),
                reason: reason.clone(),
                is_mismatch: *seen == Seen::Mismatch,
            }])
        }
        Step::LookUp { attempt, asked, finding, provider_reference, reason } => {
            record.attempt(*attempt)?;
            Ok(vec![Change::LookedUp {
                attempt: *attempt,
                asked: *asked,
                finding: in_time(*finding, *asked, context),
                provider_reference: provider_reference.clone(),
                reason: reason.clone(),
            }])
        }
        Step::Notify { attempt, received, notice, .. } => {
            record.attempt(*attempt)?;
            Ok(vec![Change::Notified {
                attempt: *attempt,
                received: *received,
                word: notice.word,
                is_evidence: notice.is_evidence,
                is_mismatch: notice.is_mismatch,
            }])
        }
        Step::Search { asked, places, hits } => {
            // As of a look-up from the future: it counts for nothing but the orders that it found.
            let is_too_new = *asked > context.now;
            let places = if is_too_new { &[][..] } else { places };
            Ok(searched(record, (*asked).min(context.now), places, hits, context))
        }
        Step::Declare { attempt, declaration, as_of, source, note } => {
            let last = record.attempt(*attempt)?;
            let circumstances = circumstances(record, None, context);
            if !may_declare(&last.attempt, &circumstances, context.policy.quiet_time()) {
                return Err(Refused::Busy { until: record.quiet_at(context) });
            }
            // Of what could still leave then, the evidence says nothing.
            if let (Some(as_of), Some(at)) = (as_of, last.attempt.last_sent())
                && as_of.duration_since(at) < context.policy.quiet_time()
            {
                return Err(Refused::SentSince { at });
            }
            let declared = Change::Declared {
                attempt: *attempt,
                declaration: *declaration,
                sendings: last.attempt.sendings_to_cover(),
                source: *source,
                note: note.clone(),
            };
            let cleared = Change::Cleared { reason: ReviewReason::Mismatch };
            let is_mismatched = record.progress.is_mismatched;
            Ok(iter::once(declared).chain(is_mismatched.then_some(cleared)).collect())
        }
        Step::Defer { reason, until } => {
            if record.progress.ending.is_some() {
                return Err(Refused::NotAllowed);
            }
            // Waiting on for the same reason is no event, unless a person has to look from now on.
            let goes_on = record.progress.reason.as_ref() == Some(reason)
                && record.progress.waits_until.is_some()
                && record.reviews_at(context.now, context) == record.reviews;
            let change = Change::Deferred { reason: reason.clone(), until: *until };
            Ok(if goes_on { Vec::new() } else { vec![change] })
        }
        Step::End { version, ending, reason } => {
            if version.is_some_and(|version| version != record.version) {
                return Err(Refused::Overtaken);
            }
            end(record, write, *ending, reason.as_ref(), context)
        }
        Step::Learn(_) => Err(Refused::NotAllowed),
        Step::ClearMismatch => match record.progress.is_mismatched {
            true => Ok(vec![Change::Cleared { reason: ReviewReason::Mismatch }]),
            false => Err(Refused::NotAllowed),
        },
    }
}

fn intend(record: &Record, intent: &Intent, context: &Context<'_>) -> Result<Vec<Change>, Refused> {
    if record.progress.ending.is_some() {
        return Err(Refused::NotAllowed);
    }
    let last = record.attempts.last();
    let is_unsent = record.standing(context).is_none_or(|it| it != Standing::InDoubt);
    if is_unsent && record.is_late(context.now) {
        return Err(Refused::Late);
    }
    let account = match (intent, last) {
        (Intent::Next(prepared), _) => &prepared.merchant_account,
        (Intent::Same(_), Some(last)) => &last.merchant_account,
        (Intent::Same(_), None) => return Err(Refused::NotAllowed),
    };
    let circumstances = circumstances(record, Some(account), context);
    if circumstances.is_paused {
        return Err(Refused::Paused);
    }
    if circumstances.is_blocked {
        return Err(Refused::Blocked);
    }
    if record.needed(context).is_some() {
        return Err(Refused::NotWhole);
    }
    let configured = context
        .policy
        .find(account, record.operation, record.country)
        .ok_or(Refused::NotConfigured)?;
    match (intent, last) {
        (Intent::Same(digest), Some(last)) => {
            if *digest != last.digest {
                return Err(Refused::OtherText);
            }
            if !may_resend(&last.attempt, &record.rules(last, context), &circumstances) {
                return Err(Refused::NotAllowed);
            }
            let guarantees = last.guarantees.stricter(&configured.guarantees);
            let resend_until = resend_until(&guarantees, context.now);
            Ok(vec![Change::Intended { attempt: last.attempt.number, resend_until, begins: None }])
        }
        (Intent::Next(prepared), last) => {
            let mut changes = Vec::new();
            if let Some(last) = last {
                may_go_on(record, last, account, &circumstances, context)?;
                changes.extend(closing(record, last, context));
            }
            let attempt = last.map_or(0, |last| last.attempt.number).saturating_add(1);
            let resend_until = resend_until(&configured.guarantees, context.now);
            let begins = Some(Box::new(beginning(prepared, &configured.guarantees)));
            changes.push(Change::Intended { attempt, resend_until, begins });
            Ok(changes)
        }
        (Intent::Same(_), None) => Err(Refused::NotAllowed),
    }
}

fn may_go_on(
    record: &Record,
    last: &AttemptRecord,
    account: &MerchantAccount,
    circumstances: &Circumstances,
    context: &Context<'_>,
) -> Result<(), Refused> {
    let is_same = *account == last.merchant_account;
    match next_attempt(&last.attempt, &record.rules(last, context), circumstances) {
        NextAttempt::Yes { at_same_account: true, .. } if is_same => Ok(()),
        NextAttempt::Yes { at_other_account: true, .. } if !is_same => Ok(()),
        _ => Err(Refused::NotAllowed),
    }
}

fn end(
    record: &Record,
    write: &Write,
    ending: Ending,
    reason: Option<&Reason>,
    context: &Context<'_>,
) -> Result<Vec<Change>, Refused> {
    if record.progress.ending.is_some() {
        return Err(Refused::NotAllowed);
    }
    // An order of it exists that is not followed.
    if !record.progress.found.is_empty() {
        return Err(Refused::Blocked);
    }
    if record.needed(context).is_some() {
        return Err(Refused::NotWhole);
    }
    let is_others = record.is_leased(context.now) && write.lease != record.lease;
    if is_others {
        return Err(Refused::Busy { until: record.quiet_at(context) });
    }
    let is_over = ending == Ending::Cancelled || record.is_late(context.now);
    let rules: Vec<_> = record.attempts.iter().map(|it| record.rules(it, context)).collect();
    let attempts: Vec<_> = record.attempts.iter().map(|it| &it.attempt).zip(&rules).collect();
    // Neither a pause nor a block hinders a payment that was not paid from ending.
    let circumstances = Circumstances::free(context.now);
    if !may_end_unpaid(&attempts, is_over, &circumstances) {
        return Err(Refused::NotAllowed);
    }
    let last = record.attempts.last();
    let is_transient = last.is_some_and(|last| last.attempt.is_rejected_for_now());
    if is_transient && !is_over && record.standing(context) == Some(Standing::Rejected) {
        return Err(Refused::NotAllowed);
    }
    let mut changes: Vec<Change> =
        last.and_then(|last| closing(record, last, context)).into_iter().collect();
    changes.push(Change::Ended { ending, reason: reason.cloned() });
    Ok(changes)
}

/// The proof event of an attempt that gives up its slot.
fn closing(record: &Record, last: &AttemptRecord, context: &Context<'_>) -> Option<Change> {
    last.attempt.closed_as.is_none().then(|| Change::Closed {
        attempt: last.attempt.number,
        standing: standing(&last.attempt, &record.rules(last, context)),
    })
}

/// A duplicate while nothing else of the attempt left: another journal may use the namespace.
fn smoke_alarm(record: &Record, step: &Step) -> Option<(MerchantAccount, &'static str)> {
    let Step::Answer { attempt, sending, seen: Seen::Duplicate, .. } = step else { return None };
    let attempt = record.attempt(*attempt).ok()?;
    let sending = usize::try_from(*sending).ok()?;
    let left_once = attempt.attempt.sendings.iter().enumerate().all(|(place, other)| {
        place == sending || matches!(other.outcome, Some(Outcome::NotSent { .. }))
    });
    let why = "the provider knows an order id that was never sent before";
    left_once.then(|| (attempt.merchant_account.clone(), why))
}

fn circumstances(
    record: &Record,
    account: Option<&MerchantAccount>,
    context: &Context<'_>,
) -> Circumstances {
    let blocks = |reason: ReviewReason| reason.blocks_sending();
    let mut circumstances = Circumstances::free(context.now);
    circumstances.is_paused = is_paused(record, account, context);
    circumstances.is_blocked = record.reviews_at(context.now, context).into_iter().any(blocks);
    circumstances.is_leased = account.is_none() && record.is_leased(context.now);
    circumstances
}

/// Where the time for the same order id ends, counted from now. Where a provider gives two times,
/// the shorter one holds for both ways.
fn resend_until(guarantees: &Guarantees, now: Timestamp) -> Option<Timestamp> {
    let times = [guarantees.resend_for, guarantees.replays_for];
    let shortest = times.into_iter().flatten().min()?;
    now.checked_add(shortest).ok()
}

/// What a look-up says that is written down now.
fn in_time(finding: Finding, asked: Timestamp, context: &Context<'_>) -> Finding {
    if asked > context.now {
        // It was asked by a clock that was set back since.
        return Finding::Nothing;
    }
    // A process that was suspended may ask much later than it notes. One early failure must not
    // become two that lie the failure window apart.
    let is_late = context.now.duration_since(asked) > context.policy.quiet_time();
    match finding {
        Finding::Found(Word::Failed | Word::Reversed) if is_late => Finding::Found(Word::Pending),
        finding => finding,
    }
}

fn outcome(seen: Seen, at: Timestamp) -> Option<Outcome> {
    match seen {
        Seen::NotSent { kind } => Some(Outcome::NotSent { kind }),
        Seen::Rejected { kind, is_permanent } => Some(Outcome::Rejected { kind, is_permanent, at }),
        Seen::Accepted => Some(Outcome::Accepted),
        Seen::Duplicate => Some(Outcome::Duplicate),
        Seen::Mismatch | Seen::Unknown => None,
    }
}

impl Record {
    pub(super) fn attempt(&self, number: u8) -> Result<&AttemptRecord, Refused> {
        self.attempts.iter().find(|it| it.attempt.number == number).ok_or(Refused::Missing)
    }

    /// Whether anything of it may have left.
    pub(crate) fn was_sent(&self) -> bool {
        self.attempts.iter().any(|it| it.attempt.has_order() || !it.attempt.is_unsent())
    }

    /// Whether a process may be sending it.
    #[must_use]
    pub fn is_leased(&self, now: Timestamp) -> bool {
        self.lease.is_some_and(|lease| now < lease.until)
    }

    /// Whether it is proven that it was not paid, or that the money is back.
    #[must_use]
    pub fn is_proven_unpaid(&self) -> bool {
        matches!(self.status, Status::Failed | Status::Cancelled | Status::Reversed)
            && !self.reviews.iter().any(|reason| *reason != ReviewReason::Reversed)
    }

    /// Whether its time to be sent has passed.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.progress.send_by.is_some_and(|send_by| now >= send_by)
    }

    /// Makes it due, if it is due at some later time.
    pub(crate) fn make_due(&mut self, now: Timestamp) {
        let soonest = now.max(self.progress.last_at);
        self.next_at = self.next_at.map(|next| next.min(soonest));
    }

    /// When evidence can be taken, if nothing is sent until then.
    fn quiet_at(&self, context: &Context<'_>) -> Timestamp {
        let attempts = self.attempts.iter();
        let last = attempts.filter_map(|it| it.attempt.last_sent()).max();
        let quiet = last.and_then(|last| last.checked_add(context.policy.quiet_time()).ok());
        self.lease.map(|lease| lease.until).max(quiet).unwrap_or(context.now)
    }
}

impl Policy {
    /// How long after a sending no copy of it can leave any more.
    #[must_use]
    pub fn quiet_time(&self) -> SignedDuration {
        self.lease.saturating_add(self.longest_call)
    }
}

impl Attempt {
    /// Whether its last answer is a rejection that time removes.
    pub(super) fn is_rejected_for_now(&self) -> bool {
        self.last_kind().is_some_and(tulay_core::ErrorKind::is_transient)
    }
}
