//! A world while it is lived through.

use super::{
    books::{ATTEMPTS, Answer, Books},
    given::{ACCOUNTS, PREPARED, policies},
    world::{Desk, Finds, Step as Given, Verb, World},
};
use crate::store::{self, acceptance};
use jiff::{SignedDuration, Timestamp};
use tulay_core::{ErrorKind, ProviderReference};
use tulay_journal::{
    machine::{Standing, facts::Word, review::MOST_UNHEARD_SENDINGS},
    record::{
        AttemptRecord, Context, Doubt, Ending, Event, Finding, Hit, Intent, Lease, Place, Policy,
        Reason, ReasonKind, Record, RecordId, Refused, Seen, Status, Step, Write, accept,
        carry_out,
    },
    store::Scope,
};

/// For how long a copy may be on its way.
const COPY_LIVES_FOR: SignedDuration = SignedDuration::from_hours(1);
/// A person takes at least so long; it is longer than a lease and a call.
pub(super) const PERSONS_TAKE: SignedDuration = SignedDuration::from_mins(2);
const TIMES: [i64; 10] = [1, 5, 20, 61, 300, 660, 1900, 3700, 25_000, 90_000];

/// A world while it is lived through.
pub(super) struct Life<'a> {
    pub(super) world: &'a World,
    pub(super) policies: Vec<Policy>,
    pub(super) books: [Books; 2],
    /// The time, by which everything but the journal goes.
    pub(super) real: Timestamp,
    /// How far the journal's clock was set.
    set: SignedDuration,
    pub(super) record: Record,
    /// The events, each with the policy of its process and what was in doubt.
    pub(super) log: Vec<Logged>,
    /// Why the journal may not know everything, time after time; the last holds.
    pub(super) doubts: Vec<Option<Doubt>>,
    pub(super) copy: Option<(Record, Vec<Logged>)>,
    /// What processes of earlier journals wrote down and have not sent.
    pub(super) strays: Vec<Call>,
    pub(super) processes: [Process; 2],
    pub(super) copies: Vec<Copy>,
    pub(super) pauses: Vec<Scope>,
    tokens: u64,
    pub(super) last_intent: Timestamp,
    /// Something happened that no honest world without edits has.
    pub(super) is_disturbed: bool,
    steps: u64,
}

/// An event, the policy of its process, and the doubt of its time.
pub(super) type Logged = (Event, usize, usize);

#[derive(Clone, Debug)]
pub(super) struct Process {
    pub(super) policy: usize,
    pub(super) doing: Doing,
}

/// What a process does.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    Idle,
    /// It read the payout when it took it.
    Holds {
        lease: Option<Lease>,
        version: u32,
        at: Timestamp,
    },
    /// Its intent is durable, and no byte has left.
    Intends(Call),
    Waits(Call, u64),
    /// It asked, and the answer is not written down.
    Asked {
        lease: Option<Lease>,
        attempt: u8,
        at: Timestamp,
        finding: Finding,
    },
    /// It looked the payout up everywhere.
    Searched {
        lease: Option<Lease>,
        at: Timestamp,
        places: Vec<Place>,
        hits: Vec<Hit>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    lease: Option<Lease>,
    desk: usize,
    attempt: u8,
    sending: u32,
    sent_at: Timestamp,
    from: Timestamp,
    until: Timestamp,
    /// The end by the monotonic clock.
    end: Timestamp,
}

/// A request on its way, or its answer.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) desk: usize,
    pub(super) attempt: u8,
    left: Timestamp,
    pub(super) answer: Option<Answer>,
    token: u64,
}

impl<'a> Life<'a> {
    pub(super) fn begin(world: &'a World) -> Self {
        let policies = policies(world);
        let real = store::BEGAN;
        let mut acceptance = acceptance("R1");
        acceptance.send_by = world.send_by.map(|wait| real + wait);
        let context = Context { now: real, ..store::context(&policies[0]) };
        let (record, event) = accept(RecordId(1), acceptance, &context);
        let process = Process { policy: 0, doing: Doing::Idle };
        Self {
            world,
            policies,
            books: world.desks.map(Books::new),
            real,
            set: SignedDuration::ZERO,
            record,
            log: vec![(event, 0, 0)],
            doubts: vec![None],
            copy: None,
            strays: Vec::new(),
            processes: [process.clone(), process],
            copies: Vec::new(),
            pauses: Vec::new(),
            tokens: 0,
            last_intent: real,
            is_disturbed: false,
            steps: 0,
        }
    }

    /// The wall clock.
    pub(super) fn now(&self) -> Timestamp {
        self.real + self.set
    }

    pub(super) fn context(&self, policy: usize) -> Context<'_> {
        let policy = &self.policies[policy];
        let doubt = self.doubt();
        Context { now: self.now(), pauses: &self.pauses, doubt, ..store::context(policy) }
    }

    pub(super) fn doubt(&self) -> Option<&Doubt> {
        self.doubts.last().and_then(Option::as_ref)
    }

    pub(super) fn standing(&self) -> Option<Standing> {
        self.record.standing(&self.context(0))
    }

    /// Which account an attempt is at.
    pub(super) fn desk_of(&self, attempt: u8) -> usize {
        let attempts = &self.record.attempts;
        let attempt = attempts.iter().find(|it| it.attempt.number == attempt).unwrap();
        usize::from(attempt.merchant_account != ACCOUNTS[0])
    }

    pub(super) fn pass(&mut self, duration: SignedDuration) {
        self.real += duration;
    }

    pub(super) fn write(&mut self, who: usize, write: &Write) -> Result<(), Refused> {
        let policy = self.processes[who].policy;
        let context = Context {
            now: self.real + self.set,
            owner: u32::try_from(who + 1).unwrap(),
            pauses: &self.pauses,
            doubt: self.doubts.last().and_then(Option::as_ref),
            ..store::context(&self.policies[policy])
        };
        let done = carry_out(&mut self.record, write, &context)?;
        let doubt = self.doubts.len() - 1;
        self.log.extend(done.events.into_iter().map(|event| (event, policy, doubt)));
        if let Some((account, _)) = done.pause {
            self.pauses.push(Scope::Account(account));
        }
        Ok(())
    }

    fn write_as(&mut self, who: usize, lease: Option<Lease>, step: Step) -> Result<(), Refused> {
        let mut write = Write::claimed(&self.record, step);
        write.lease = lease;
        self.write(who, &write)
    }

    pub(super) fn step(&mut self, given: Given) {
        let Given { verb, who, which } = given;
        let choice = usize::try_from(which).unwrap();
        self.steps += 1;
        match verb {
            Verb::Pass => {
                let seconds = TIMES[choice % if choice % 5 == 0 { 10 } else { 7 }];
                self.pass(SignedDuration::from_secs(seconds));
            }
            Verb::SetClock => {
                let by = [-3600, -61, -2, 30, 700, 3600][choice % 6];
                self.set += SignedDuration::from_secs(by);
                self.is_disturbed = true;
            }
            Verb::Claim => self.claim(who),
            Verb::Same => self.intend_same(who),
            Verb::Next => self.intend_next(who, choice % 2),
            Verb::Send if choice.is_multiple_of(2) && !self.strays.is_empty() => {
                let call = self.strays.remove(choice / 2 % self.strays.len());
                if !self.is_late(&call) {
                    self.leave(&call);
                }
            }
            Verb::Send => self.send(who),
            Verb::Refuse => {
                let kinds = [ErrorKind::Unreachable, ErrorKind::Configuration];
                self.not_sent(who, kinds[choice % 2]);
            }
            Verb::Arrive => self.arrive(choice),
            Verb::Answer => self.deliver(choice),
            Verb::Lose if !self.copies.is_empty() => {
                self.copies.remove(choice % self.copies.len());
            }
            Verb::Lose => {}
            Verb::GiveUp if self.world.lies => {
                self.give_up(who, Seen::NotSent { kind: ErrorKind::Unreachable });
            }
            Verb::GiveUp => self.give_up(who, Seen::Unknown),
            Verb::Mislead => self.mislead(who),
            Verb::Kill => self.kill(who),
            Verb::Ask => self.ask(who, choice),
            Verb::Note => self.note(who),
            Verb::Notify => self.notify(who, choice),
            Verb::End => self.end(who),
            Verb::Cancel => {
                let (ending, reason) = (Ending::Cancelled, None);
                let step = Step::End { version: None, ending, reason };
                self.write(who, &Write::by(self.record.id, "Ben".into(), step)).ok();
            }
            Verb::Declare => self.declare(who),
            Verb::Clear => {
                self.write(who, &Write::by(self.record.id, "Ben".into(), Step::ClearMismatch)).ok();
            }
            Verb::Settle if choice % 8 == 0 => self.books[choice / 8 % 2].return_paid(),
            Verb::Settle => self.books[choice / 8 % 2].settle(choice % 4 == 1),
            Verb::Turn => {
                let kinds = [Some(ErrorKind::Funds), Some(ErrorKind::Institution), None, None];
                self.books[choice / 4 % 2].refuses = kinds[choice % 4];
            }
            Verb::Edit => {
                self.processes[who].policy = choice % self.policies.len();
                self.is_disturbed = true;
            }
            Verb::Copy => self.copy = Some((self.record.clone(), self.log.clone())),
            Verb::Restore => self.restore(choice),
            Verb::Search => self.search(who),
            Verb::Pause if self.pauses.contains(&Scope::All) => self.resume(),
            Verb::Pause => self.pauses.push(Scope::All),
        }
    }

    pub(super) fn resume(&mut self) {
        self.pauses.retain(|scope| *scope != Scope::All);
    }

    pub(super) fn claim(&mut self, who: usize) {
        if !matches!(self.processes[who].doing, Doing::Idle | Doing::Holds { .. }) {
            return;
        }
        let policy = &self.policies[self.processes[who].policy];
        let owner = u32::try_from(who + 1).unwrap();
        let lease = Some(Lease::new(owner, self.now() + policy.lease));
        self.record.lease = lease;
        let (version, at) = (self.record.version, self.now());
        self.processes[who].doing = Doing::Holds { lease, version, at };
    }

    pub(super) fn intend_same(&mut self, who: usize) {
        if let Some(last) = self.record.attempts.last() {
            self.intend(who, Intent::Same(last.digest));
        }
    }

    pub(super) fn intend_next(&mut self, who: usize, desk: usize) {
        let last = self.record.attempts.last().map_or(0, |last| last.attempt.number);
        let prepared = PREPARED[desk].get(usize::from(last));
        if let Some(prepared) = prepared {
            self.intend(who, Intent::Next(Box::new(prepared.clone())));
        }
    }

    fn intend(&mut self, who: usize, intent: Intent) {
        let Doing::Holds { lease, version, .. } = self.processes[who].doing else { return };
        self.processes[who].doing = Doing::Idle;
        if self.write_as(who, lease, Step::Intend { version, intent }).is_err() {
            return;
        }
        self.last_intent = self.real;
        let last = &self.record.attempts.last().unwrap().attempt;
        let lease = self.record.lease.unwrap();
        let (first, sending) = (last.sendings.first().unwrap(), last.sendings.last().unwrap());
        let until = last.resend_until.map_or(lease.until, |resend| resend.min(lease.until));
        let left = until.duration_since(sending.at).max(SignedDuration::ZERO);
        self.processes[who].doing = Doing::Intends(Call {
            lease: Some(lease),
            desk: self.desk_of(last.number),
            attempt: last.number,
            sending: u32::try_from(last.sendings.len() - 1).unwrap(),
            sent_at: sending.at,
            from: first.at,
            until,
            end: self.real + left,
        });
    }

    /// Whether it is too late by either clock, as `DeadlineTransport` says.
    fn is_late(&self, call: &Call) -> bool {
        let now = self.now();
        now < call.from || now >= call.until || self.real >= call.end
    }

    /// The bytes leave.
    fn leave(&mut self, call: &Call) -> u64 {
        self.tokens += 1;
        let (token, left) = (self.tokens, self.real);
        let (desk, attempt) = (call.desk, call.attempt);
        self.copies.push(Copy { desk, attempt, left, answer: None, token });
        token
    }

    pub(super) fn send(&mut self, who: usize) {
        let Doing::Intends(call) = self.processes[who].doing else { return };
        if self.is_late(&call) {
            return self.not_sent(who, ErrorKind::Unreachable);
        }
        let token = self.leave(&call);
        self.processes[who].doing = Doing::Waits(call, token);
    }

    fn not_sent(&mut self, who: usize, kind: ErrorKind) {
        let Doing::Intends(call) = self.processes[who].doing else { return };
        self.answered(who, call, Seen::NotSent { kind }, None);
    }

    fn arrive(&mut self, choice: usize) {
        let on_their_way = self.copies.iter().filter(|copy| copy.answer.is_none()).count();
        if on_their_way == 0 {
            return;
        }
        let real = self.real;
        self.copies.retain(|copy| {
            copy.answer.is_some() || real.duration_since(copy.left) <= COPY_LIVES_FOR
        });
        let mut waiting = self.copies.iter_mut().filter(|copy| copy.answer.is_none());
        if let Some(copy) = waiting.nth(choice % on_their_way) {
            let place = usize::from(copy.attempt) - 1;
            copy.answer = Some(self.books[copy.desk].arrive(place, real));
        }
    }

    fn deliver(&mut self, choice: usize) {
        let answered: Vec<usize> =
            (0..self.copies.len()).filter(|place| self.copies[*place].answer.is_some()).collect();
        let Some(place) = answered.get(choice % answered.len().max(1)) else { return };
        let copy = self.copies.remove(*place);
        let answer = copy.answer.unwrap();
        for who in 0..2 {
            if let Doing::Waits(call, token) = self.processes[who].doing
                && token == copy.token
            {
                let is_named = answer == Answer::Accepted && choice.is_multiple_of(2);
                self.answered(who, call, answer.seen(), is_named.then_some(Word::Pending));
            }
        }
    }

    pub(super) fn give_up(&mut self, who: usize, seen: Seen) {
        if let Doing::Waits(call, _) = self.processes[who].doing {
            self.answered(who, call, seen, None);
        }
    }

    fn answered(&mut self, who: usize, call: Call, seen: Seen, word: Option<Word>) {
        self.processes[who].doing = Doing::Idle;
        let reason = match seen {
            Seen::NotSent { kind } | Seen::Rejected { kind, .. } => {
                Some(Reason::new(ReasonKind::Error(kind)))
            }
            _ => None,
        };
        let provider_reference =
            (seen == Seen::Accepted).then(|| self.reference(call.desk, call.attempt)).flatten();
        let Call { attempt, sending, sent_at, .. } = call;
        let step =
            Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason };
        self.write_as(who, call.lease, step).unwrap();
    }

    /// The provider's own id of an order, where orders are looked up by it.
    fn reference(&self, desk: usize, attempt: u8) -> Option<ProviderReference> {
        let is_used = self.world.desks[desk].finds == Finds::Theirs;
        is_used.then(|| ProviderReference::new(format!("D-{desk}-{attempt}")).unwrap())
    }

    fn mislead(&mut self, who: usize) {
        match &mut self.processes[who].doing {
            Doing::Waits(..) => {
                self.is_disturbed = true;
                self.give_up(who, Seen::Mismatch);
            }
            Doing::Asked { finding, .. } => {
                self.is_disturbed = true;
                *finding = Finding::Mismatch;
            }
            _ => {}
        }
    }

    fn kill(&mut self, who: usize) {
        self.processes[who].doing = Doing::Idle;
        let owner = u32::try_from(who + 1).unwrap();
        self.record.lease = self.record.lease.filter(|lease| lease.owner != owner);
    }

    pub(super) fn ask(&mut self, who: usize, choice: usize) {
        let (lease, at) = match self.processes[who].doing {
            Doing::Idle => (None, self.now()),
            Doing::Holds { lease, at, .. } => (lease, at),
            _ => return,
        };
        let attempts = &self.record.attempts;
        if attempts.is_empty() {
            return;
        }
        let place = match choice % 4 {
            0 => choice / 4 % attempts.len(),
            _ => attempts.len() - 1,
        };
        let attempt = &attempts[place];
        let policy = &self.policies[self.processes[who].policy];
        let (operation, country) = (self.record.operation, self.record.country);
        let is_configured = policy.find(&attempt.merchant_account, operation, country).is_some();
        let number = attempt.attempt.number;
        let is_named = attempt.provider_reference.is_some();
        let is_flap = self.world.flaps && (choice / 16).is_multiple_of(2);
        let books = &self.books[self.desk_of(number)];
        let finding = match is_configured && choice % 16 != 5 {
            true => books.find(usize::from(number) - 1, self.real, is_named, is_flap),
            false => Finding::Nothing,
        };
        self.processes[who].doing = Doing::Asked { lease, attempt: number, at, finding };
    }

    pub(super) fn note(&mut self, who: usize) {
        let doing = std::mem::replace(&mut self.processes[who].doing, Doing::Idle);
        let (lease, step) = match doing {
            Doing::Asked { lease, attempt, at, finding } => {
                let knows = |it: &AttemptRecord| it.attempt.number == attempt;
                if !self.record.attempts.iter().any(knows) {
                    return;
                }
                let is_found = matches!(finding, Finding::Found(_));
                let reference = self.reference(self.desk_of(attempt), attempt);
                let provider_reference = reference.filter(|_| is_found);
                let (asked, reason) = (at, None);
                (lease, Step::LookUp { attempt, asked, finding, provider_reference, reason })
            }
            Doing::Searched { lease, at, places, hits } => {
                (lease, Step::Search { asked: at, places, hits })
            }
            other => {
                self.processes[who].doing = other;
                return;
            }
        };
        self.write_as(who, lease, step).unwrap();
    }

    pub(super) fn end(&mut self, who: usize) {
        let Doing::Holds { lease, version, .. } = self.processes[who].doing else { return };
        self.processes[who].doing = Doing::Idle;
        let reason = self.record.progress.reason.clone();
        let step = Step::End { version: Some(version), ending: Ending::Failed, reason };
        self.write_as(who, lease, step).ok();
    }

    pub(super) fn defer(&mut self, who: usize, wait: SignedDuration) {
        let Doing::Holds { lease, .. } = self.processes[who].doing else { return };
        self.processes[who].doing = Doing::Idle;
        let reason = self.record.progress.reason.clone();
        let reason = match self.doubt() {
            Some(_) => Reason::new(ReasonKind::NotWhole),
            None => reason.unwrap_or(Reason::new(ReasonKind::PlanUsedUp)),
        };
        let until = self.now() + wait;
        self.write_as(who, lease, Step::Defer { reason, until }).ok();
    }

    /// Everything that is under way arrives and is answered, and everything works.
    pub(super) fn calm(&mut self) {
        for who in 0..2 {
            self.processes[who].policy = 0;
            self.send(who);
        }
        while let Some(call) = self.strays.pop() {
            if !self.is_late(&call) {
                self.leave(&call);
            }
        }
        for books in &mut self.books {
            books.refuses = None;
        }
        while let Some(copy) = self.copies.first() {
            if copy.answer.is_none() {
                self.arrive(0);
            }
            self.deliver(0);
        }
        for who in 0..2 {
            self.give_up(who, Seen::Unknown);
            self.processes[who].doing = Doing::Idle;
        }
        self.resume();
    }

    /// Whether nothing may be parked when everything works from now on.
    pub(super) fn is_ideal(&self) -> bool {
        let is_askable = |desk: &Desk| {
            let is_found = match desk.finds {
                Finds::Ours => true,
                Finds::Theirs => desk.replays,
                Finds::Neither => false,
            };
            is_found && !desk.uses_up
        };
        let now = self.now();
        let has_time = self.record.attempts.last().is_none_or(|last| {
            let until = last.attempt.resend_until;
            let unheard = last.attempt.sendings.len() - last.attempt.facts.heard_of.len();
            unheard + 1 < MOST_UNHEARD_SENDINGS
                && last.attempt.number < 6
                && until.is_some_and(|until| now + SignedDuration::from_mins(30) < until)
        });
        self.world.desks.iter().all(is_askable)
            && has_time
            && !self.is_notified_unnamed()
            && !self.is_disturbed
            && !self.pauses.iter().any(|scope| *scope != Scope::All)
    }

    pub(super) fn counts(&self, is_ideal: bool) -> super::Counts {
        let mut counts = super::Counts { steps: self.steps, ..<_>::default() };
        let ends = match self.record.status {
            Status::Succeeded => &mut counts.succeeded,
            Status::Failed => &mut counts.failed,
            Status::Reversed | Status::Cancelled => &mut counts.other_ends,
            _ => &mut counts.parked,
        };
        *ends = 1;
        counts.ideal = u64::from(is_ideal);
        counts.restored = u64::from(self.doubt().is_some());
        let is_adopted = |it: &AttemptRecord| it.attempt.facts.adopted_at.is_some();
        counts.adopted = u64::from(self.record.attempts.iter().any(is_adopted));
        counts
    }
}

const _: () = assert!(ATTEMPTS == 8, "as many as a payout may have");
