//! Tests with a scripted provider and a paused clock.

use super::*;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::SignedDuration;
use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};
use tulay::{
    Channel, Country, Currency, Failure, MerchantAccount, Money, ProviderId, ProviderReference,
    Refund, RefundStatus,
    adapter::{
        Capability, Corridor, Error, FindBy, Guarantees, IdRules, ProviderResponse, Result, Roles,
        Trust,
    },
    readings::StatedAmount,
};

type Look = fn() -> Result<Found<Refund>>;
type Sent = fn() -> Result<Refund>;

/// Answers look-ups from a script; the last line is repeated for ever.
#[derive(Debug)]
struct Scripted {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    creates: AtomicU32,
    created: Mutex<VecDeque<Sent>>,
    looks: Mutex<VecDeque<Look>>,
    /// Whether responses to look-ups leave the order id out.
    anonymous: bool,
    /// The provider reference that each look-up carried.
    asked: Mutex<Vec<Option<String>>>,
}

impl Scripted {
    fn new(id: &str, created: Sent, looks: &[Look]) -> Self {
        let mut guarantees = Guarantees::default();
        guarantees.resend_for = Some(SignedDuration::from_hours(24));
        guarantees.find_by = FindBy::OrderId;
        guarantees.failure_final_after = Some(SignedDuration::from_secs(60));
        guarantees.payee_spacing = Some(SignedDuration::from_mins(10));
        guarantees.echoes = vec![Echo::OrderId, Echo::Amount];
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
        corridor.operations = vec![Operation::Refund, Operation::RefundFind];
        Self {
            id: ProviderId::new(id).unwrap(),
            account: MerchantAccount::new("scripted", Environment::Uat, "1", "host"),
            capability: Capability::new(vec![corridor], IdRules::STANDARD, guarantees),
            creates: AtomicU32::new(0),
            created: Mutex::new([created].into()),
            looks: Mutex::new(looks.iter().copied().collect()),
            anonymous: false,
            asked: Mutex::default(),
        }
    }

    fn guarantees(mut self, change: impl FnOnce(&mut Guarantees)) -> Self {
        change(&mut self.capability.guarantees);
        self
    }

    /// The answer to what is sent after the first; the last one repeats.
    fn then(self, created: Sent) -> Self {
        self.created.lock().unwrap().push_back(created);
        self
    }

    fn creates(&self) -> u32 {
        self.creates.load(Ordering::SeqCst)
    }
}

impl Provider for Scripted {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().refunds(self)
    }
}

#[async_trait]
impl Refunds for Scripted {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let lookup = request.lookup(order_id);
        Ok(Prepared::new(lookup, self.account.clone(), 1, 1, String::new()))
    }

    async fn create(&self, _: &Prepared) -> Result<Refund> {
        self.creates.fetch_add(1, Ordering::SeqCst);
        next(&self.created)()
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let reference = lookup.provider_reference.as_ref().map(ToString::to_string);
        self.asked.lock().unwrap().push(reference);
        let mut found = next(&self.looks)();
        if let (Ok(Found::Found(payout)), false) = (&mut found, self.anonymous) {
            payout.order_id.get_or_insert(lookup.order_id.clone());
        }
        found
    }
}

/// The next of a script, whose last line repeats.
fn next<T: Copy>(script: &Mutex<VecDeque<T>>) -> T {
    let mut script = script.lock().unwrap();
    let next = if script.len() > 1 { script.pop_front() } else { script.front().copied() };
    next.unwrap()
}

fn observed(status: RefundStatus) -> Refund {
    let mut payout = Refund::new(status);
    payout.amount = Some(StatedAmount::known(Money::from_minor(100, Currency::PHP)));
    payout
}

fn answer() -> ProviderResponse {
    ProviderResponse::new(http::StatusCode::OK, Trust::Signed, Bytes::new())
}

fn error<T>(kind: ErrorKind, effect: Effect) -> Result<T> {
    Err(Error::new(Operation::Refund, kind, "the scripted error")
        .with_response(answer())
        .with_effect(effect))
}

const ABSENT: Look = || Ok(Found::Absent(answer()));
const PENDING: Look = || Ok(Found::Found(observed(RefundStatus::Pending)));
const FAILED: Look = || Ok(Found::Found(observed(RefundStatus::Failed)));
const PAID: Look = || Ok(Found::Found(observed(RefundStatus::Succeeded)));
const BROKEN: Look = || error(ErrorKind::Unavailable, Effect::Unknown);

fn request() -> RefundRequest {
    let amount = Money::from_minor(100, Currency::PHP);
    let paid = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let paid = Lookup::new(paid, Country::PH, Currency::PHP, Channel::Qr);
    RefundRequest::new(Reference::new("R1").unwrap(), paid, amount, amount)
}

async fn refund(provider: &Scripted) -> Result<Tracked, CliError> {
    let tracker = Tracker::new(provider, provider, Duration::from_mins(10));
    let namespace = Namespace::new("test").unwrap();
    let announced = AtomicBool::new(false);
    let progress = |progress, _: &ProviderId| {
        announced.store(progress == Progress::Sends, Ordering::SeqCst);
    };
    let refunded = tracker.refund(&namespace, &request(), progress).await;
    assert_eq!(announced.into_inner(), provider.creates() > 0, "an interrupt must know");
    refunded
}

/// The state, and how often it was sent.
async fn outcome(created: Sent, looks: &[Look]) -> (State, u32) {
    let provider = Scripted::new("one", created, looks);
    let tracked = refund(&provider).await.unwrap();
    (tracked.state, provider.creates())
}

const ACCEPTED: Sent = || Ok(observed(RefundStatus::Pending));
const LOST: Sent = || error(ErrorKind::Unavailable, Effect::Unknown);
const REFUSED: Sent = || error(ErrorKind::Funds, Effect::Rejected);

#[tokio::test(start_paused = true)]
async fn every_course_ends_as_the_proof_allows() {
    let cases: &[(&str, Sent, &[Look], State)] = &[
        ("paid", ACCEPTED, &[ABSENT, PENDING, PAID], State::Succeeded),
        ("lost and found", LOST, &[ABSENT, BROKEN, PAID], State::Succeeded),
        ("lost and absent for ever", LOST, &[ABSENT], State::InDoubt),
        ("failed for good", ACCEPTED, &[ABSENT, FAILED], State::Failed),
        ("refused and absent", REFUSED, &[ABSENT], State::Failed),
        ("refused, and paid by an earlier sending", REFUSED, &[ABSENT, PAID], State::Succeeded),
        ("refused, and the look-up fails", REFUSED, &[ABSENT, BROKEN], State::InDoubt),
    ];
    for (name, created, looks, expected) in cases {
        assert_eq!(outcome(*created, looks).await, (*expected, 1), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_final_only_by_two_look_ups_far_enough_apart_and_nothing_between() {
    // 2 s, 7 s, 22 s, 82 s, 142 s …: the second failure that counts is the one 60 s after.
    let taken_back: &[Look] = &[ABSENT, FAILED, FAILED, FAILED, PAID];
    assert_eq!(outcome(ACCEPTED, taken_back).await.0, State::Succeeded);
    let vanished: &[Look] = &[ABSENT, FAILED, FAILED, FAILED, ABSENT, FAILED, PAID];
    assert_eq!(outcome(ACCEPTED, vanished).await.0, State::Succeeded);
    // What the sending was answered is no look-up.
    let at_once: Sent = || Ok(observed(RefundStatus::Failed));
    let looks: &[Look] = &[ABSENT, BROKEN, BROKEN, BROKEN, FAILED, PAID];
    assert_eq!(outcome(at_once, looks).await.0, State::Succeeded);
    // Without guarantees that say so, nothing makes it final.
    let provider = Scripted::new("one", ACCEPTED, &[ABSENT, FAILED])
        .guarantees(|c| c.failure_final_after = None);
    assert_eq!(refund(&provider).await.unwrap().state, State::Pending);
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_followed_and_never_sent() {
    let provider = Scripted::new("one", ACCEPTED, &[PENDING, PAID]);
    let tracked = refund(&provider).await.unwrap();
    assert_eq!((tracked.state, tracked.attempts, provider.creates()), (State::Succeeded, 0, 0));
    assert_eq!(tracked.matched, Some(&["reference", "amount"][..]));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_fetched_where_the_provider_replays() {
    let replays = |guarantees: &mut Guarantees| {
        guarantees.replays_for = Some(SignedDuration::from_hours(12));
    };
    let remembers = |guarantees: &mut Guarantees| {
        guarantees.replays_for = Some(SignedDuration::from_hours(12));
        guarantees.replays_rejections = true;
    };
    let briefly = |guarantees: &mut Guarantees| {
        guarantees.replays_for = Some(SignedDuration::from_secs(3));
    };
    // Whether the second answer counts, with the state that look-ups without an order leave.
    type Change = fn(&mut Guarantees);
    let cases: [(&str, Change, Sent, State, u32); 5] = [
        ("not replayed", |_| {}, ACCEPTED, State::InDoubt, 1),
        ("replayed", replays, || Ok(observed(RefundStatus::Succeeded)), State::Succeeded, 2),
        ("another copy was rejected", replays, REFUSED, State::InDoubt, 4),
        ("the first was rejected", remembers, REFUSED, State::Failed, 2),
        ("the time is over", briefly, LOST, State::InDoubt, 2),
    ];
    for (name, change, then, state, creates) in cases {
        let provider = Scripted::new("one", LOST, &[ABSENT]).guarantees(change).then(then);
        let tracked = refund(&provider).await.unwrap();
        assert_eq!((tracked.state, provider.creates()), (state, creates), "{name}");
        assert_eq!(tracked.attempts, creates, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_without_a_reliable_look_up() {
    let changes: [fn(&mut Guarantees); 3] = [
        |guarantees| guarantees.resend_for = None,
        |guarantees| guarantees.find_by = FindBy::ProviderReference,
        |guarantees| guarantees.echoes.clear(),
    ];
    for change in changes {
        let provider = Scripted::new("one", ACCEPTED, &[ABSENT]).guarantees(change);
        let failure = refund(&provider).await.unwrap_err();
        assert_eq!((failure.exit(), provider.creates()), (Exit::Usage, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lookup_by_own_id_alone_needs_a_new_simulator() {
    let named: Sent = || {
        let mut payout = observed(RefundStatus::Pending);
        payout.provider_reference = ProviderReference::new("D-7001").ok();
        Ok(payout)
    };
    let by_own_id = |guarantees: &mut Guarantees| {
        guarantees.find_by = FindBy::ProviderReference;
        guarantees.resend_for = None;
        guarantees.replays_for = Some(SignedDuration::from_hours(12));
    };
    // What the first copies and the last are answered, and where that leaves the payout.
    for (first, last, state, creates) in [
        (named, named, State::Succeeded, 1),
        (LOST, named, State::Succeeded, 2),
        (LOST, LOST, State::InDoubt, 4),
        (REFUSED, REFUSED, State::Failed, 1),
    ] {
        let provider = Scripted::new("one", first, &[PAID]).guarantees(by_own_id).then(last);
        let tracker = Tracker::new(&provider, &provider, Duration::from_secs(180));
        let namespace = Namespace::new("tests").unwrap();
        let refused = tracker.refund(&namespace, &request(), |_, _| ()).await.unwrap_err();
        assert_eq!((refused.exit(), provider.creates()), (Exit::Usage, 0));
        let tracker = tracker.beginning_here(true);
        let tracked = tracker.refund(&namespace, &request(), |_, _| ()).await.unwrap();
        assert_eq!((tracked.state, provider.creates()), (state, creates));
        // It is never asked without its own id.
        assert!(provider.asked.lock().unwrap().iter().all(Option::is_some));
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_is_asked_for_by_the_name_that_the_provider_gave_it() {
    let named = || ProviderReference::new("D-7001").unwrap();
    // The second of two steps was lost, or refused; or both were answered.
    let lost: Sent = || {
        let error = Error::new(Operation::Refund, ErrorKind::Unavailable, "lost");
        Err(error.with_provider_reference(ProviderReference::new("D-7001").unwrap()))
    };
    let refused: Sent = || {
        let error = Error::new(Operation::Refund, ErrorKind::Funds, "refused");
        let error = error.with_effect(Effect::Rejected).with_response(answer());
        Err(error.with_provider_reference(ProviderReference::new("D-7001").unwrap()))
    };
    let ended_by_its_rejection: Sent = || {
        let error =
            Error::new(Operation::Refund, ErrorKind::Funds, "refused").with_response(answer());
        let error = error.with_provider_reference(ProviderReference::new("D-7001").unwrap());
        Err(error.with_effect(Effect::Rejected))
    };
    let accepted: Sent = || {
        let mut payout = observed(RefundStatus::Pending);
        payout.provider_reference = ProviderReference::new("D-7001").ok();
        Ok(payout)
    };
    for created in [lost, refused, ended_by_its_rejection, accepted] {
        let provider = Scripted::new("one", created, &[ABSENT, PENDING, PAID]);
        let tracked = refund(&provider).await.unwrap();
        assert_eq!((tracked.state, provider.creates()), (State::Succeeded, 1));
        assert_eq!(tracked.provider_reference, Some(named()));
        let asked = provider.asked.into_inner().unwrap();
        let known = Some("D-7001".to_owned());
        assert_eq!(asked, [None, known.clone(), known]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_error_shows_when_to_run_again() {
    let wait: Sent = || error(ErrorKind::TooEarly, Effect::Unknown);
    let provider = Scripted::new("one", wait, &[ABSENT]);
    let started = Instant::now();
    let tracked = refund(&provider).await.unwrap();
    assert_eq!(tracked.state, State::InDoubt);
    assert!(tracked.waiting.unwrap().ends_with("run the same command again in 10m"));
    assert!(started.elapsed() < Duration::from_mins(1), "it does not wait for what is not coming");
}

fn stated(status: RefundStatus, minor: i64, currency: Currency) -> Result<Found<Refund>> {
    let mut payout = Refund::new(status);
    payout.amount = Some(StatedAmount::known(Money::from_minor(minor, currency)));
    payout.provider_reference = ProviderReference::new("D-7001").ok();
    Ok(Found::Found(payout))
}

#[tokio::test(start_paused = true)]
async fn another_amount_is_in_doubt_and_nothing_is_sent() {
    let cases: [(Look, &str); 4] = [
        (|| stated(RefundStatus::Succeeded, 95, Currency::PHP), "succeeded, PHP 0.95"),
        (|| stated(RefundStatus::Pending, 101, Currency::PHP), "pending, PHP 1.01"),
        (|| stated(RefundStatus::Failed, 10_000, Currency::PHP), "failed, PHP 100.00"),
        (|| stated(RefundStatus::Succeeded, 100, Currency::IDR), "succeeded, IDR"),
    ];
    for (look, expected) in cases {
        let provider = Scripted::new("one", ACCEPTED, &[look, PAID]);
        let started = Instant::now();
        let tracked = refund(&provider).await.unwrap();
        assert_eq!((tracked.state, provider.creates()), (State::InDoubt, 0), "{expected}");
        assert!(started.elapsed().is_zero(), "waiting does not help");
        let why = tracked.why();
        assert!(why.starts_with(&format!("one states {expected}")), "{why}");
        assert!(why.ends_with("this request says PHP 1.00; nothing was sent now"), "{why}");
        assert_eq!(tracked.to_json().asked, Some(Money::from_minor(100, Currency::PHP)));
        assert_eq!(tracked.provider_reference, ProviderReference::new("D-7001").ok());
    }
}

#[tokio::test(start_paused = true)]
async fn another_amount_after_sending_is_in_doubt() {
    let less_a_fee: Look = || stated(RefundStatus::Succeeded, 95, Currency::PHP);
    let contradicted: Sent = || error(ErrorKind::Mismatch, Effect::Unknown);
    for created in [ACCEPTED, LOST, contradicted] {
        let provider = Scripted::new("one", created, &[ABSENT, less_a_fee, PAID]);
        let tracked = refund(&provider).await.unwrap();
        assert_eq!((tracked.state, provider.creates()), (State::InDoubt, 1));
        assert_eq!(tracked.why(), "one states succeeded, PHP 0.95; this request says PHP 1.00");
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_that_names_no_order_is_no_payout() {
    for look in [PENDING, PAID, FAILED] {
        let mut provider = Scripted::new("one", ACCEPTED, &[look]);
        provider.anonymous = true;
        let failure = refund(&provider).await.unwrap_err();
        assert_eq!((failure.exit(), provider.creates()), (Exit::CouldNotRun, 0));
        let message = failure.message();
        assert!(message.contains("does not identify the order"), "{message}");
        assert!(message.contains("Nothing was sent"), "{message}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_has_no_reason_of_an_earlier_failure() {
    let failed: Look = || {
        let mut payout = observed(RefundStatus::Failed);
        payout.failure = Some(Failure::new(ErrorKind::Beneficiary));
        payout.failure.as_mut().unwrap().code = Some("AC01".into());
        Ok(Found::Found(payout))
    };
    for looks in [&[ABSENT, failed, PAID][..], &[ABSENT, failed, PENDING, PAID], &[failed, PAID]] {
        let tracked = refund(&Scripted::new("one", ACCEPTED, looks)).await.unwrap();
        assert_eq!(tracked.state, State::Succeeded);
        let json = serde_json::to_string(&tracked.to_json()).unwrap();
        assert!(!json.contains("AC01") && !json.contains("wrong"), "{json}");
        assert!(tracked.why().ends_with("failed at first (AC01)"), "{}", tracked.why());
    }
    let tracked = refund(&Scripted::new("one", ACCEPTED, &[ABSENT, failed])).await.unwrap();
    assert_eq!(tracked.state, State::Failed);
    assert!(tracked.to_json().reason.unwrap().ends_with("(AC01)"));
    let rejected = Scripted::new("one", REFUSED, &[ABSENT, PAID]);
    let reason = refund(&rejected).await.unwrap().to_json().reason.unwrap();
    assert!(!reason.contains("scripted error"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_status_is_shown_and_not_final() {
    let strange: Look = || Ok(Found::Found(observed(RefundStatus::Unknown("SETTLING".into()))));
    let provider = Scripted::new("one", ACCEPTED, &[ABSENT, strange]);
    let tracked = refund(&provider).await.unwrap();
    assert_eq!(tracked.state, State::Pending);
    assert!(tracked.waiting.unwrap().contains("SETTLING"));

    let personal: Look = || Ok(Found::Found(observed(RefundStatus::Unknown("Maria 0917".into()))));
    let provider = Scripted::new("one", ACCEPTED, &[ABSENT, personal]);
    assert!(!refund(&provider).await.unwrap().waiting.unwrap().contains("Maria"));
}
