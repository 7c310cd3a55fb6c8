//! One payout, step by step, on the record itself.

use crate::store::{self, acceptance, account, guarantees, namespace};
use jiff::{SignedDuration, Timestamp};
use tulay_core::{Country, Currency, ErrorKind, Guarantees, Operation};
use tulay_journal::{
    machine::{ReviewReason, Standing},
    record::{
        Configured, Context, Declaration, Done, Doubt, Ending, Event, Finding, Lease, Policy,
        Record, RecordId, Refused, Seen, Source, Step, Write, accept, carry_out,
    },
};

/// A rejection that every copy gets, and that another provider may not give.
pub(super) const WRONG: Seen = Seen::Rejected { kind: ErrorKind::Institution, is_permanent: true };
/// A rejection that time removes.
pub(super) const SHORT: Seen = Seen::Rejected { kind: ErrorKind::Funds, is_permanent: false };
/// No byte left.
pub(super) const UNSENT: Seen = Seen::NotSent { kind: ErrorKind::Unreachable };

pub(super) const fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

pub(super) const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

pub(super) const fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// A payout in a journal that is known to be whole, with two accounts.
pub(super) struct Case {
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
    pub(super) record: Record,
    pub(super) events: Vec<Event>,
    /// Why the journal may not know every payout.
    pub(super) doubt: Option<Doubt>,
}

impl Case {
    pub(super) fn new() -> Self {
        Self::of(&guarantees())
    }

    /// Both accounts give these guarantees.
    pub(super) fn of(guarantees: &Guarantees) -> Self {
        let policy = policy(guarantees, [account(1), account(2)]);
        let now = store::BEGAN;
        let context = Context { now, ..store::context(&policy) };
        let (record, event) = accept(RecordId(1), acceptance("R1"), &context);
        Self { policy, now, record, events: vec![event], doubt: None }
    }

    /// Both accounts give these guarantees, and the first sending has left.
    pub(super) fn sent_of(guarantees: &Guarantees) -> Self {
        let mut case = Self::of(guarantees);
        case.next(1).unwrap();
        case
    }

    /// The first sending has left.
    pub(super) fn sent() -> Self {
        Self::sent_of(&guarantees())
    }

    /// The first sending has left, and its answer was lost a minute ago.
    pub(super) fn in_doubt() -> Self {
        let mut case = Self::sent();
        case.answer(0, Seen::Unknown);
        case.pass(minutes(1));
        case
    }

    pub(super) fn pass(&mut self, duration: SignedDuration) {
        self.now += duration;
    }

    fn context(&self) -> Context<'_> {
        Context { now: self.now, doubt: self.doubt.as_ref(), ..store::context(&self.policy) }
    }

    pub(super) fn write(&mut self, write: &Write) -> Result<Done, Refused> {
        let doubt = self.doubt.as_ref();
        let context = Context { now: self.now, doubt, ..store::context(&self.policy) };
        let before = self.record.clone();
        match carry_out(&mut self.record, write, &context) {
            Ok(done) => {
                self.events.extend(done.events.clone());
                Ok(done)
            }
            Err(refused) => {
                assert_eq!(self.record, before, "a step that is refused changes nothing");
                Err(refused)
            }
        }
    }

    /// A process takes the payout, whatever another one holds.
    pub(super) fn claim(&mut self) -> Record {
        self.record.lease = Some(Lease::new(1, self.now + self.policy.lease));
        self.record.clone()
    }

    /// The next attempt leaves through this account.
    pub(super) fn next(&mut self, number: u8) -> Result<Done, Refused> {
        let record = self.claim();
        self.write(&store::next(&record, number))
    }

    /// The same order id leaves again.
    pub(super) fn same(&mut self) -> Result<Done, Refused> {
        let record = self.claim();
        self.write(&store::same(&record))
    }

    /// A sending of the last attempt is answered.
    pub(super) fn answer(&mut self, sending: u32, seen: Seen) -> Done {
        let attempt = self.record.attempts.last().unwrap().attempt.number;
        self.answer_of(attempt, sending, seen)
    }

    pub(super) fn answer_of(&mut self, attempt: u8, sending: u32, seen: Seen) -> Done {
        let (word, provider_reference, reason) = (None, None, None);
        let sent_at = self.record.sent_at(attempt, sending).unwrap();
        let step =
            Step::Answer { attempt, sending, sent_at, seen, word, provider_reference, reason };
        self.write(&Write::claimed(&self.record, step)).unwrap()
    }

    /// A look-up of the last attempt is asked and answered now.
    pub(super) fn look_up(&mut self, finding: Finding) {
        self.look_up_asked(self.now, finding);
    }

    pub(super) fn look_up_asked(&mut self, asked: Timestamp, finding: Finding) {
        let attempt = self.record.attempts.last().unwrap().attempt.number;
        self.look_up_of(attempt, asked, finding);
    }

    pub(super) fn look_up_of(&mut self, attempt: u8, asked: Timestamp, finding: Finding) {
        let (provider_reference, reason) = (None, None);
        let step = Step::LookUp { attempt, asked, finding, provider_reference, reason };
        self.write(&Write::claimed(&self.record, step)).unwrap();
    }

    /// The journal says that it ends without having been paid.
    pub(super) fn end(&mut self, ending: Ending) -> Result<Done, Refused> {
        let record = self.claim();
        let step = Step::End { version: Some(record.version), ending, reason: None };
        self.write(&Write::claimed(&record, step))
    }

    /// A person states what became of it.
    pub(super) fn declare(&mut self, declaration: Declaration) -> Result<Done, Refused> {
        let attempt = self.record.attempts.last().unwrap().attempt.number;
        let (source, note) = (Source::Person, "letter of the provider".into());
        let step = Step::Declare { attempt, declaration, as_of: None, source, note };
        self.write(&Write::by(self.record.id, "Ben".into(), step))
    }

    pub(super) fn standing(&self) -> Standing {
        self.record.standing(&self.context()).unwrap()
    }

    pub(super) fn reviews(&self) -> Vec<ReviewReason> {
        self.record.reviews_at(self.now, &self.context()).into_iter().collect()
    }

    /// Nothing is sent again or elsewhere, and it is not called failed.
    pub(super) fn assert_stuck(&mut self) {
        let record = self.record.clone();
        assert!(self.same().is_err(), "the same order id");
        for number in [1, 2] {
            assert!(self.next(number).is_err(), "a next attempt at account {number}");
        }
        assert!(self.end(Ending::Failed).is_err(), "failed");
        self.record = record;
    }
}

/// What is configured: accounts that all give these guarantees.
pub(super) fn policy(
    guarantees: &Guarantees,
    accounts: impl IntoIterator<Item = tulay_core::MerchantAccount>,
) -> Policy {
    guarantees.checked().unwrap();
    let configured = accounts.into_iter().map(|account| {
        Configured::new(
            account,
            Operation::Payout,
            [(Country::PH, Currency::PHP)],
            guarantees.clone(),
        )
    });
    Policy::production(namespace(), configured.collect())
}
