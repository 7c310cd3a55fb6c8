//! Random walks over the verbs: every database answers as the model does, and every row follows
//! from its events.

use super::*;
use proptest::{prelude::*, sample::Index};
use std::fmt::Debug;
use tulay_core::{ErrorKind, ProviderReference};
use tulay_journal::{
    audit::audit,
    machine::facts::Word,
    record::{Declaration, Ending, Finding, Lease, Reason, ReasonKind, Source},
    store::{Filter, Pause, Resumption, Scope},
};

#[derive(Clone, Debug)]
enum Verb {
    Accept { reference: u8, replaces: bool, hurries: bool },
    Claim { another: bool },
    Next { account: u8 },
    Same,
    Answer { seen: Seen, named: Option<u8> },
    LookUp(Finding),
    Declare(Declaration),
    Defer(ReasonKind),
    End(Ending),
    Clear,
    Release,
    Refresh,
    Pause(Scope),
    Resume(Scope),
    Subscribe,
    Deliver { fails: bool },
    Pass(SignedDuration),
    Kill,
}

fn verb() -> impl Strategy<Value = Verb> {
    use Verb::{
        Accept, Answer, Claim, Clear, Declare, Defer, Deliver, End, Kill, LookUp, Next, Pass,
        Refresh, Release, Resume, Same, Subscribe,
    };
    let seen = prop::sample::select(vec![
        Seen::Accepted,
        Seen::Duplicate,
        Seen::Unknown,
        Seen::Mismatch,
        Seen::NotSent { kind: ErrorKind::Unreachable },
        Seen::Rejected { kind: ErrorKind::Institution, is_permanent: true },
        Seen::Rejected { kind: ErrorKind::Funds, is_permanent: false },
    ]);
    let finding = prop::sample::select(vec![
        Finding::Absent,
        Finding::Absent,
        Finding::Found(Word::Pending),
        Finding::Found(Word::Succeeded),
        Finding::Found(Word::Failed),
        Finding::Found(Word::Reversed),
        Finding::Mismatch,
        Finding::Nothing,
    ]);
    let declaration = prop::sample::select(vec![
        Declaration::NotExecuted,
        Declaration::Paid,
        Declaration::CameBack,
    ]);
    let scope = || {
        prop::sample::select(vec![
            Scope::All,
            Scope::Operation(Operation::Payout),
            Scope::Account(account(1)),
        ])
    };
    let times = [1_i64, 10, 61, 700, 3700, 90_000].map(SignedDuration::from_secs);
    prop_oneof![
        2 => (0_u8..3, any::<bool>(), any::<bool>())
            .prop_map(|(reference, replaces, hurries)| Accept { reference, replaces, hurries }),
        6 => any::<bool>().prop_map(|another| Claim { another }),
        6 => (1_u8..4).prop_map(|account| Next { account }),
        3 => Just(Same),
        6 => (seen, proptest::option::of(0_u8..3))
            .prop_map(|(seen, named)| Answer { seen, named }),
        6 => finding.prop_map(LookUp),
        1 => declaration.prop_map(Declare),
        1 => prop::sample::select(vec![ReasonKind::Busy, ReasonKind::Paused]).prop_map(Defer),
        3 => prop::sample::select(vec![Ending::Failed, Ending::Cancelled]).prop_map(End),
        1 => Just(Clear),
        1 => Just(Release),
        1 => Just(Refresh),
        1 => scope().prop_map(Verb::Pause),
        1 => scope().prop_map(Resume),
        1 => Just(Subscribe),
        3 => any::<bool>().prop_map(|fails| Deliver { fails }),
        6 => prop::sample::select(times.to_vec()).prop_map(Pass),
        1 => Just(Kill),
    ]
}

/// A walk, and what it remembers of earlier steps: also what is out of date.
struct Walk<D: Database> {
    database: D,
    another: D::Store,
    time: Arc<Hand>,
    seen: Vec<Record>,
    asked: Timestamp,
    transcript: Vec<String>,
}

impl<D: Database> Walk<D> {
    async fn begun() -> Self {
        let time = Hand::new();
        let database = D::new(policy(), &time);
        database.store().confirm_whole("ops", "it is new").await.unwrap();
        let another = database.another();
        let asked = time.now();
        Self { database, another, time, seen: Vec::new(), asked, transcript: Vec::new() }
    }

    async fn step(&mut self, verb: &Verb, which: Index) {
        let record = (!self.seen.is_empty()).then(|| which.get(&self.seen).clone());
        match verb {
            Verb::Accept { reference, replaces, hurries } => {
                let mut acceptance = acceptance(&format!("R{reference}"));
                acceptance.replaces = record.as_ref().filter(|_| *replaces).map(|it| it.id);
                acceptance.send_by =
                    hurries.then(|| self.time.now() + SignedDuration::from_mins(5));
                let answer = self.database.store().accept(vec![acceptance]).await;
                if let Ok(Ok(Accepted::New(record) | Accepted::Known(record))) =
                    answer.as_ref().map(|answers| answers[0].clone())
                {
                    self.seen.push(record);
                }
                self.note(&answer);
            }
            Verb::Claim { another } => {
                let claim = Claim::due(2);
                let claimed = match another {
                    true => self.another.claim(claim).await,
                    false => self.database.store().claim(claim).await,
                };
                self.note(&claimed);
                let claimed = claimed.unwrap();
                self.asked = claimed.at;
                self.seen.extend(claimed.records);
            }
            Verb::Refresh => {
                let ids = self.seen.iter().map(|it| it.id).collect();
                self.note(&self.database.store().refresh(ids).await);
            }
            Verb::Pause(scope) => {
                let pause = Pause::new(scope.clone(), None, "drill");
                self.note(&self.database.store().pause(vec![pause]).await);
            }
            Verb::Resume(scope) => {
                let resumption = Resumption::new(scope.clone(), "Ana", "go on");
                self.note(&self.another.resume(vec![resumption]).await);
            }
            Verb::Subscribe => self.note(&self.another.subscribe().await),
            Verb::Deliver { fails } => self.deliver(*fails).await,
            Verb::Pass(duration) => self.time.pass(*duration),
            Verb::Kill => self.database.kill(),
            _ => {
                let Some(record) = record else { return };
                self.write(verb, &record).await;
            }
        }
    }

    async fn deliver(&mut self, fails: bool) {
        let lease = SignedDuration::from_secs(30);
        let deliveries = self.another.undelivered(2, lease).await;
        self.note(&deliveries);
        let wait = SignedDuration::from_secs(5);
        let claims = deliveries.unwrap().into_iter().map(|it| (it.event.id, it.lease));
        let answer = match fails {
            true => {
                let failed = claims.map(|(id, lease)| (id, lease, wait)).collect();
                self.another.not_delivered(failed).await
            }
            // The last one stays claimed, as by a process that hangs.
            false => self.another.delivered(claims.take(1).collect()).await,
        };
        self.note(&answer);
    }

    async fn write(&mut self, verb: &Verb, record: &Record) {
        let attempt = record.attempts.last().map_or(1, |it| it.attempt.number);
        let note = || "letter".to_owned();
        let (provider_reference, reason) = (None, None);
        let claimed = |step| Write::claimed(record, step);
        let by = |step| Write::by(record.id, "Ben".into(), step);
        let step = match verb {
            Verb::Next { account } => next(record, *account),
            Verb::Same | Verb::Answer { .. } if record.attempts.is_empty() => return,
            Verb::Same => same(record),
            Verb::Answer { seen, named } => {
                let mut answer = answer(record, *seen);
                let Step::Answer { provider_reference, .. } = &mut answer.step else { return };
                let named = named.map(|named| ProviderReference::new(format!("D-{named}")));
                *provider_reference = named.map(Result::unwrap);
                answer
            }
            Verb::LookUp(finding) => {
                let (asked, finding) = (self.asked, *finding);
                claimed(Step::LookUp { attempt, asked, finding, provider_reference, reason })
            }
            Verb::Declare(declaration) => {
                let (declaration, source) = (*declaration, Source::Person);
                by(Step::Declare { attempt, declaration, as_of: None, source, note: note() })
            }
            Verb::Defer(kind) => {
                let until = self.time.now() + SignedDuration::from_mins(1);
                claimed(Step::Defer { reason: Reason::new(*kind), until })
            }
            Verb::End(Ending::Cancelled) => {
                by(Step::End { version: None, ending: Ending::Cancelled, reason })
            }
            Verb::End(ending) => {
                claimed(Step::End { version: Some(record.version), ending: *ending, reason })
            }
            Verb::Clear => by(Step::ClearMismatch),
            _ => {
                let lease = record.lease.unwrap_or(Lease::new(9, self.time.now()));
                let released = self.database.store().release(vec![(record.id, lease)]).await;
                self.note(&released);
                return;
            }
        };
        let answer = self.database.store().write(vec![step]).await;
        self.note(&answer);
        self.seen.extend(answer.unwrap().pop().unwrap().ok());
    }

    fn note(&mut self, answer: &impl Debug) {
        self.transcript.push(format!("{answer:?}"));
    }

    /// Everything that is kept, and whether it is consistent.
    async fn end(mut self) -> Vec<String> {
        let store = &self.another;
        let records = store.list(Filter::default()).await.unwrap();
        let pauses = store.journal().await.unwrap().pauses;
        self.transcript.push(format!("{pauses:?}"));
        assert_eq!(audit(store, &policy()).await, Ok(Vec::new()));
        for record in records {
            let events = store.timeline(record.id).await.unwrap();
            self.transcript.push(format!("{record:?} {events:?}"));
        }
        let events = store.events(None, usize::MAX).await.unwrap();
        let undelivered = store.undelivered(usize::MAX, SignedDuration::ZERO).await.unwrap();
        self.transcript.push(format!("{events:?} {undelivered:?}"));
        self.transcript
    }
}

async fn walked<D: Database>(verbs: &[(Verb, Index)]) -> Vec<String> {
    let mut walk = Walk::<D>::begun().await;
    for (verb, which) in verbs {
        walk.step(verb, *which).await;
    }
    walk.end().await
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn rows_follow_from_their_events(
        verbs in proptest::collection::vec((verb(), any::<Index>()), 0..80),
    ) {
        run(walked::<InMemory>(&verbs));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_database_answers_as_the_model(
        verbs in proptest::collection::vec((verb(), any::<Index>()), 0..60),
    ) {
        prop_assert_eq!(run(walked::<InMemory>(&verbs)), run(walked::<OnDisk>(&verbs)));
    }
}

#[cfg(all(feature = "postgres", unix))]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn server_answers_as_the_model(
        verbs in proptest::collection::vec((verb(), any::<Index>()), 0..60),
    ) {
        use super::server::OnServer;
        if OnServer::is_found() {
            // A server knows of a killed process by the end of its leases alone.
            let verbs: Vec<_> = verbs.into_iter().filter(|it| !matches!(it.0, Verb::Kill)).collect();
            prop_assert_eq!(run(walked::<InMemory>(&verbs)), run(walked::<OnServer>(&verbs)));
        }
    }
}
