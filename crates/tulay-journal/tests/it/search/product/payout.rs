//! One payout, its record, and the truth about it; each step is judged by the real rules.

use super::{
    script::{Class, Says, Sent},
    truth::{Fate, Truth},
};
use crate::store::{acceptance, account, context, prepared};
use jiff::{SignedDuration, Timestamp};
use tulay_core::{Country, Currency, Operation, ProviderReference};
use tulay_journal::{
    machine::{
        Standing,
        facts::Word,
        permission::{Circumstances, may_resend},
    },
    record::{
        Change, Configured, Context, Done, Ending, Event, Finding, Intent, Lease, Notice,
        NotificationId, Policy, Reason, ReasonKind, Record, RecordId, Refused, Seen, Step, Write,
        accept, carry_out,
    },
    store::Scope,
};

/// What a schedule is played with.
pub(super) struct Setting {
    pub(super) policy: Policy,
    pub(super) classes: [Class; 2],
    pub(super) fate: Fate,
    /// How many accounts the plan has.
    pub(super) accounts: usize,
}

impl Setting {
    pub(super) fn new(classes: [Class; 2], fate: Fate, accounts: usize) -> Self {
        let mut policy = crate::store::policy();
        policy.configured = [0_usize, 1]
            .map(|it| {
                let number = u8::try_from(it + 1).unwrap();
                let country = (Country::PH, Currency::PHP);
                let guarantees = classes[it].guarantees();
                Configured::new(account(number), Operation::Payout, [country], guarantees)
            })
            .to_vec();
        Self { policy, classes, fate, accounts }
    }
}

/// What another process writes down later.
#[derive(Clone, Copy, Debug)]
struct Belated {
    attempt: u8,
    sending: u32,
    sent_at: Timestamp,
    seen: Seen,
}

/// One payout in the middle of a schedule.
#[derive(Clone)]
pub(super) struct Payout<'a> {
    pub(super) setting: &'a Setting,
    pub(super) record: Record,
    /// The row of its acceptance.
    first: Record,
    pub(super) events: Vec<Event>,
    pub(super) truth: Truth,
    pub(super) now: Timestamp,
    pub(super) pauses: Vec<Scope>,
    belated: Option<Belated>,
    /// How many sendings and look-ups the script has decided.
    pub(super) sent: usize,
    pub(super) looked_up: usize,
    /// Something was said that no honest provider says.
    pub(super) is_odd: bool,
    /// A notification proves that there is an order, and nothing is known that it could be looked up
    /// by: it is not sent again, and waits for the notification that it was paid.
    pub(super) is_proven_unnamed: bool,
}

/// What is to be done with a payout that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Send,
    LookUp,
    /// It ends, or has ended.
    Over,
    /// It waits.
    Waits,
}

impl<'a> Payout<'a> {
    pub(super) fn new(setting: &'a Setting) -> Self {
        let context = context(&setting.policy);
        let (record, event) = accept(RecordId(1), acceptance("R1"), &context);
        Self {
            setting,
            first: record.clone(),
            record,
            events: vec![event],
            truth: Truth::default(),
            now: context.now,
            pauses: Vec::new(),
            belated: None,
            sent: 0,
            looked_up: 0,
            is_odd: false,
            is_proven_unnamed: false,
        }
    }

    fn context(&self) -> Context<'_> {
        let pauses = &self.pauses;
        Context { now: self.now, pauses, ..context(&self.setting.policy) }
    }

    /// Writes a step down, and compares what became of it with the truth.
    pub(super) fn write(&mut self, write: &Write) -> Result<Done, Refused> {
        let before = self.record.clone();
        let done = carry_out(
            &mut self.record,
            write,
            &Context { now: self.now, pauses: &self.pauses, ..context(&self.setting.policy) },
        )?;
        self.events.extend(done.events.iter().cloned());
        if let Some((account, _)) = &done.pause {
            self.pauses.push(Scope::Account(account.clone()));
        }
        super::invariants::judge(self, &before, &done);
        Ok(done)
    }

    /// Time passes until it is due, or its process is taken for dead.
    pub(super) fn wait(&mut self) {
        let lease = self.record.lease.map(|lease| lease.until);
        let next = self.record.next_at.max(lease).unwrap_or(self.now);
        self.now = self.now.max(next) + SignedDuration::from_millis(1);
        self.truth.pass(self.now);
        let until = self.now + self.setting.policy.lease;
        self.record.lease = Some(Lease::new(1, until));
    }

    /// What a worker does now, as [`tulay_journal::Worker`] decides.
    pub(super) fn due(&self) -> Due {
        if self.record.status.is_final() {
            return Due::Over;
        }
        let context = self.context();
        match self.record.standing(&context) {
            None => Due::Send,
            Some(Standing::Pending) => Due::LookUp,
            Some(Standing::Unsent | Standing::Rejected) => Due::Send,
            Some(Standing::InDoubt) => {
                let last = self.record.attempts.last().unwrap();
                let rules = self.record.rules(last, &context);
                let free = Circumstances::free(self.now);
                let is_looked_up = self.record.progress.is_looked_up;
                let is_turn = !rules.replays || !rules.is_found_by_order_id || is_looked_up;
                match is_turn && may_resend(&last.attempt, &rules, &free) {
                    true => Due::Send,
                    false => Due::LookUp,
                }
            }
            Some(_) => Due::Over,
        }
    }

    /// Writes an intent down, if one is allowed. `Waits`: it is not, and the payout waits.
    pub(super) fn intend(&mut self) -> Due {
        let context = self.context();
        let standing = self.record.standing(&context);
        let last = self.record.attempts.last();
        let here = last.map(|last| usize::from(last.merchant_account != account(1)));
        let again = || Intent::Same(last.unwrap().digest);
        let next = |at: usize| {
            let account = account(u8::try_from(at + 1).unwrap());
            Intent::Next(Box::new(prepared(&self.record, account)))
        };
        let intents = match (standing, here) {
            (Some(Standing::InDoubt), _) => vec![again()],
            (Some(Standing::Unsent), Some(here)) => vec![next(1 - here), again()],
            (_, Some(here)) => vec![next(1 - here), next(here)],
            (_, None) => vec![next(0)],
        };
        let used = |intent: &Intent| match intent {
            Intent::Next(prepared) => !self.is_planned(&prepared.merchant_account),
            Intent::Same(_) => false,
        };
        let intents: Vec<Intent> = intents.into_iter().filter(|it| !used(it)).collect();
        for intent in intents {
            let step = Step::Intend { version: self.record.version, intent };
            let is_next = matches!(&step, Step::Intend { intent: Intent::Next(_), .. });
            if self.write(&Write::claimed(&self.record, step)).is_ok() {
                if is_next {
                    let last = self.record.attempts.last().unwrap();
                    let at = usize::from(last.merchant_account != account(1));
                    let memory = self.setting.classes[at].memory();
                    self.truth.begin(at, memory, self.setting.fate);
                }
                return Due::Send;
            }
        }
        match standing {
            Some(Standing::InDoubt) => Due::LookUp,
            Some(Standing::Rejected) => Due::Over,
            _ => Due::Waits,
        }
    }

    /// Whether the plan names an account, and it has not rejected the payout for good.
    fn is_planned(&self, at: &tulay_core::MerchantAccount) -> bool {
        let is_first = *at == account(1);
        let rejected =
            self.record.attempts.iter().filter(|it| it.merchant_account == *at).any(|it| {
                it.attempt.sendings.iter().any(|sending| {
                    matches!(
                        sending.outcome,
                        Some(tulay_journal::machine::Outcome::Rejected { is_permanent: true, .. })
                    )
                })
            });
        (is_first || self.setting.accounts > 1) && !rejected
    }

    /// What happens to the sending that was written down last.
    pub(super) fn sends(&mut self, sent: Sent) {
        self.sent += 1;
        let attempt = self.record.attempts.len() - 1;
        let now = self.now;
        match sent {
            Sent::Answered(judgement, word) => {
                let seen = self.truth.arrive(attempt, judgement, now);
                let word = word.filter(|_| seen == Seen::Accepted).and_then(|word| {
                    // It says what is true.
                    let state = self.truth.state(attempt, now)?;
                    (state == word).then_some(word)
                });
                self.answers(seen, word);
            }
            Sent::AnswerLost(judgement) => {
                self.truth.arrive(attempt, judgement, now);
                self.answers(Seen::Unknown, None);
            }
            Sent::StopsAfter(judgement) => {
                self.truth.arrive(attempt, judgement, now);
            }
            Sent::StopsBefore => {}
            Sent::Lost => self.answers(Seen::Unknown, None),
            Sent::Late(judgement, after) => {
                self.truth.post(attempt, judgement, now + after);
                self.answers(Seen::Unknown, None);
            }
            Sent::Refused(kind) => self.answers(Seen::NotSent { kind }, None),
            Sent::WritesLate(judgement) => {
                let seen = self.truth.arrive(attempt, judgement, now);
                self.belated = Some(self.belated(seen));
            }
            Sent::WakesLate => {
                let kind = tulay_core::ErrorKind::Unreachable;
                self.belated = Some(self.belated(Seen::NotSent { kind }));
            }
            Sent::Repeated => {
                let first = self.truth.arrive(attempt, super::truth::Judgement::Takes, now);
                let seen = self.truth.arrive(attempt, super::truth::Judgement::Takes, now);
                self.truth.orders[attempt].arrived -= 1;
                self.is_odd |= seen == Seen::Duplicate && first != seen;
                self.answers(seen, None);
            }
            Sent::Mismatched => {
                self.truth.arrive(attempt, super::truth::Judgement::Takes, now);
                self.is_odd = true;
                self.answers(Seen::Mismatch, None);
            }
        }
    }

    fn belated(&self, seen: Seen) -> Belated {
        let last = &self.record.attempts.last().unwrap().attempt;
        let sending = u32::try_from(last.sendings.len() - 1).unwrap();
        let sent_at = last.sendings.last().unwrap().at;
        Belated { attempt: last.number, sending, sent_at, seen }
    }

    fn answers(&mut self, seen: Seen, word: Option<Word>) {
        let step = self.answer(self.belated(seen), word);
        self.write(&Write::claimed(&self.record, step)).unwrap();
    }

    fn answer(&self, belated: Belated, word: Option<Word>) -> Step {
        let Belated { attempt, sending, sent_at, seen } = belated;
        let names = seen == Seen::Accepted;
        let provider_reference = names.then(|| reference(attempt));
        let reason = match seen {
            Seen::NotSent { kind } | Seen::Rejected { kind, .. } => {
                Some(Reason::new(ReasonKind::Error(kind)))
            }
            _ => None,
        };
        Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason }
    }

    /// A process that was slow writes its answer down after all.
    pub(super) fn catches_up(&mut self) {
        let Some(belated) = self.belated.take() else { return };
        let step = self.answer(belated, None);
        let mut slow = self.record.clone();
        slow.lease = None;
        self.write(&Write::claimed(&slow, step)).unwrap();
    }

    /// Whether its last attempt can be looked up.
    pub(super) fn is_askable(&self) -> bool {
        let last = self.record.attempts.last().unwrap();
        let by = last.guarantees.find_by;
        by.by_order_id() || by.by_provider_reference() && last.provider_reference.is_some()
    }

    /// The last attempt is looked up by the process that has the payout, or by one that a hint woke.
    pub(super) fn looks_up(&mut self, says: Says, is_hinted: bool) {
        self.looked_up += 1;
        let place = self.record.attempts.len() - 1;
        let attempt = u8::try_from(place + 1).unwrap();
        let truth = self.truth.finding(place, self.now);
        let (finding, reason) = match says {
            _ if !self.is_askable() => {
                (Finding::Nothing, Some(Reason::new(ReasonKind::NotAskable)))
            }
            Says::Truth => (truth, None),
            Says::Nothing => (Finding::Nothing, Some(Reason::new(ReasonKind::Busy))),
            Says::Lagging => (Finding::Absent, None),
            Says::Early => (Finding::Found(Word::Failed), None),
            Says::Unidentified => (Finding::Found(Word::Pending), None),
            Says::Stops => return,
        };
        let provider_reference = matches!(finding, Finding::Found(_)).then(|| reference(attempt));
        let step = Step::LookUp { attempt, asked: self.now, finding, provider_reference, reason };
        let mut by = self.record.clone();
        by.lease = by.lease.filter(|_| !is_hinted);
        self.write(&Write::claimed(&by, step)).unwrap();
    }

    /// A notification of the last attempt that any merchant may have caused. It makes another process
    /// look up, and changes nothing else.
    pub(super) fn gets_hint(&mut self) {
        let before = self.record.clone();
        let pauses = self.pauses.len();
        self.notified(Word::Succeeded, false);
        for (was, is) in before.attempts.iter().zip(&mut self.record.attempts.clone()) {
            is.attempt.facts.hinted = was.attempt.facts.hinted;
            assert_eq!(was.attempt, is.attempt, "a hint is no fact: {}", self.shown());
        }
        let was = (before.status, &before.reviews, pauses);
        let is = (self.record.status, &self.record.reviews, self.pauses.len());
        assert_eq!(was, is, "a hint blocks and pauses nothing: {}", self.shown());
        self.looks_up(Says::Truth, true);
    }

    /// A notification of the last attempt that proves what is true now, if there is an order.
    pub(super) fn gets_evidence(&mut self) {
        let place = self.record.attempts.len() - 1;
        if let Some(word) = self.truth.state(place, self.now) {
            self.notified(word, true);
            self.is_proven_unnamed |= !self.is_askable();
        }
    }

    fn notified(&mut self, word: Word, is_evidence: bool) {
        let attempt = u8::try_from(self.record.attempts.len()).unwrap();
        let notice = Notice { word, is_evidence, is_mismatch: false };
        let (notification, received) = (NotificationId(1), self.now);
        let step = Step::Notify { notification, attempt, received, notice };
        let mut write = Write::claimed(&self.record, step);
        write.lease = None;
        self.write(&write).unwrap();
    }

    /// What a look-up may say now.
    pub(super) fn sayings(&self) -> Vec<Says> {
        if !self.is_askable() {
            return vec![Says::Truth];
        }
        let place = self.record.attempts.len() - 1;
        let minutes = SignedDuration::from_mins;
        let mut says = vec![Says::Truth, Says::Nothing, Says::Stops];
        if self.truth.is_known(place) {
            says.push(Says::Unidentified);
            if self.truth.is_new(place, self.now, minutes(2)) {
                says.push(Says::Lagging);
            }
            if self.truth.state(place, self.now) == Some(Word::Pending) {
                says.push(Says::Early);
            }
        }
        says
    }

    /// It ends unpaid, if that is allowed.
    pub(super) fn fails(&mut self) -> bool {
        let reason = self.record.progress.reason.clone();
        let step = Step::End { version: Some(self.record.version), ending: Ending::Failed, reason };
        self.write(&Write::claimed(&self.record, step)).is_ok()
    }

    /// It waits for an hour.
    pub(super) fn defers(&mut self) {
        let until = self.now + SignedDuration::from_hours(1);
        let step = Step::Defer { reason: Reason::new(ReasonKind::PlanUsedUp), until };
        self.write(&Write::claimed(&self.record, step)).unwrap();
    }

    /// What no worker does and the rules must refuse unless it is safe: it is cancelled, fails, or
    /// is sent under a next id.
    pub(super) fn is_attacked(&self) {
        let still = self.truth.alive(self.now);
        let alive = self.truth.ended().alive(Timestamp::MAX);
        let step = |step| {
            let mut record = self.record.clone();
            let write = Write::claimed(&record, step);
            if carry_out(&mut record, &write, &self.context()).is_ok() {
                assert!(alive == 0 && still == 0, "{write:?}: {}", self.shown());
            }
        };
        for ending in [Ending::Cancelled, Ending::Failed] {
            step(Step::End { version: None, ending, reason: None });
        }
        for number in [1, 2] {
            let prepared = Box::new(prepared(&self.record, account(number)));
            let intent = Intent::Next(prepared);
            step(Step::Intend { version: self.record.version, intent });
        }
    }

    /// The row of its acceptance, with every event played once more.
    pub(super) fn replayed(&self) -> Record {
        let mut row = self.first.clone();
        for event in self.events.iter().skip(1) {
            row.play(event, &self.context());
        }
        row
    }

    pub(super) fn shown(&self) -> String {
        let changes: Vec<&Change> = self.events.iter().map(|event| &event.change).collect();
        format!("{:?} {changes:#?} {:?}", self.record.status, self.truth)
    }
}

fn reference(attempt: u8) -> ProviderReference {
    ProviderReference::new(format!("T-{attempt}")).unwrap()
}
