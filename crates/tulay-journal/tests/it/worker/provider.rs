//! A provider that keeps the truth about money, and a planner over several of them.

use crate::store::{Hand, guarantees, namespace};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::Semaphore;
use tulay_core::{
    Capability, Effect, Error, ErrorKind, Found, Guarantees, IdRules, Lookup, MerchantAccount,
    Observation, Operation, OrderId, Payout, PayoutRequest, PayoutStatus, Payouts, Prepared,
    Provider, ProviderId, ProviderReference, ProviderResponse, Reference, Refund, RefundRequest,
    RefundStatus, Refunds, Result, Roles, StatedAmount, Transport, TransportError,
    TransportErrorKind, Trust,
};
use tulay_journal::{
    DeadlineTransport, Planned, Planner,
    record::{Reason, ReasonKind, Record},
};

/// What a provider does with a sending.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    Accept,
    /// The order is made, and it fails.
    AcceptAndFail,
    /// The order is paid at once, and the answer does not name the amount.
    AcceptWithoutAmount,
    /// No order is made, and an answer of this kind proves nothing.
    Answer(ErrorKind),
    /// The order is made, and the answer is lost.
    LoseAnswer,
    /// The request is lost on its way.
    LoseRequest,
    Reject {
        kind: ErrorKind,
        is_permanent: bool,
    },
    /// The connection is refused.
    Refuse,
    Panic,
    /// Signing takes so long.
    SignFor(SignedDuration),
    /// Signing takes no time by the monotonic clock, and so long by the wall clock.
    SetClock(SignedDuration),
    /// The answer is lost, and the request arrives so much later.
    Delay(SignedDuration),
    /// The request arrives, and is answered once [`Desk::let_go`] is called.
    Hold,
}

#[derive(Debug)]
pub(crate) struct Desk {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    transport: DeadlineTransport,
    time: Arc<Hand>,
    /// It has no permits. Once it is closed, what waits for one goes on.
    held: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Does>,
    /// What happens to the sendings of one order id.
    scripts: BTreeMap<OrderId, VecDeque<Does>>,
    orders: BTreeMap<OrderId, Order>,
    amounts: BTreeMap<OrderId, StatedAmount>,
    /// Orders fail instead of being paid.
    fails: bool,
    /// What it prepares requests with.
    text: String,
    /// The ids and texts of the sendings that arrived.
    arrived: Vec<(OrderId, String)>,
    lookups: usize,
    /// For how long look-ups do not see an order that was made.
    lag: SignedDuration,
    /// Nothing arrives until then, and nothing is answered.
    down_until: Option<Timestamp>,
    /// It gives every order the same id of its own.
    has_one_reference: bool,
    /// The first answer of each order id.
    answered: BTreeMap<OrderId, Does>,
    /// How each sending ended, as the worker reports it to the planner.
    outcomes: Vec<Option<ErrorKind>>,
    /// Requests that arrive later.
    late: Vec<(Timestamp, OrderId)>,
}

#[derive(Clone, Debug)]
struct Order {
    status: PayoutStatus,
    made: Timestamp,
}

/// A network on which everything arrives.
#[derive(Debug)]
struct Wire;

#[async_trait]
impl Transport for Wire {
    async fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> std::result::Result<http::Response<Bytes>, TransportError> {
        Ok(http::Response::new(Bytes::new()))
    }
}

impl Desk {
    pub(crate) fn new(account: MerchantAccount, time: &Arc<Hand>) -> Arc<Self> {
        Self::with(account, guarantees(), time)
    }

    pub(crate) fn with(
        account: MerchantAccount,
        guarantees: Guarantees,
        time: &Arc<Hand>,
    ) -> Arc<Self> {
        Arc::new(Self {
            id: ProviderId::new("desk").unwrap(),
            account,
            capability: Capability::new(Vec::new(), IdRules::STANDARD, guarantees),
            transport: DeadlineTransport::new(Arc::new(Wire), time.clone()),
            time: time.clone(),
            held: Semaphore::new(0),
            state: Mutex::new(State { text: "for Ana Reyes".into(), ..State::default() }),
        })
    }

    pub(crate) fn then(&self, does: impl IntoIterator<Item = Does>) {
        self.state().script.extend(does);
    }

    /// What happens to the sendings of one attempt of a payout.
    pub(crate) fn then_of(&self, reference: &str, attempt: u32, does: &[Does]) {
        let reference = Reference::new(reference).unwrap();
        let (rules, operation) = (IdRules::STANDARD, Operation::Payout);
        let id = OrderId::derive(rules, &namespace(), operation, &reference, attempt);
        self.state().scripts.insert(id, does.iter().copied().collect());
    }

    /// Answers what is held.
    pub(crate) fn let_go(&self) {
        self.held.close();
    }

    pub(crate) fn fail_orders(&self) {
        self.state().fails = true;
    }

    pub(crate) fn prepare_with(&self, text: &str) {
        text.clone_into(&mut self.state().text);
    }

    pub(crate) fn lag(&self, lag: SignedDuration) {
        self.state().lag = lag;
    }

    pub(crate) fn go_down(&self, duration: SignedDuration) {
        self.state().down_until = Some(tulay_journal::Time::now(&*self.time) + duration);
    }

    /// An order is made that this journal did not send.
    pub(crate) fn make(&self, id: OrderId, amount: tulay_core::Money) {
        let made = tulay_journal::Time::now(&*self.time);
        let mut state = self.state();
        state.amounts.insert(id.clone(), StatedAmount::known(amount));
        state.orders.insert(id, Order { status: PayoutStatus::Succeeded, made });
    }

    pub(crate) fn repeat_reference(&self) {
        self.state().has_one_reference = true;
    }

    /// The order ids that were paid.
    pub(crate) fn paid_ids(&self) -> Vec<OrderId> {
        self.settle();
        let state = self.state();
        let paid = state.orders.iter().filter(|(_, it)| it.status == PayoutStatus::Succeeded);
        paid.map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn paid(&self) -> usize {
        self.paid_ids().len()
    }

    pub(crate) fn arrived(&self) -> usize {
        self.state().arrived.len()
    }

    pub(crate) fn arrivals(&self) -> Vec<(OrderId, String)> {
        self.state().arrived.clone()
    }

    pub(crate) fn outcomes(&self) -> Vec<Option<ErrorKind>> {
        self.state().outcomes.clone()
    }

    pub(crate) fn lookups(&self) -> usize {
        self.state().lookups
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn payout(&self, lookup: &Lookup, status: PayoutStatus) -> Payout {
        let mut payout = Observation::new(status);
        let reference = match self.state().has_one_reference {
            true => "D-7001".to_owned(),
            false => format!("D-{}", lookup.order_id),
        };
        payout.provider_reference = ProviderReference::new(reference).ok();
        payout.order_id = Some(lookup.order_id.clone());
        payout.amount = self.state().amounts.get(&lookup.order_id).cloned();
        payout
    }

    /// A copy arrives. What it is answered, and whether the order was there before.
    fn arrive(&self, id: &OrderId, does: Does) -> (Does, bool) {
        let replays = self.capability.guarantees.replays_for.is_some();
        let made = tulay_journal::Time::now(&*self.time);
        let mut state = self.state();
        let first = *state.answered.entry(id.clone()).or_insert(does);
        let is_permanent = |does| matches!(does, Does::Reject { is_permanent: true, .. });
        // What the content alone decides is decided alike for every copy.
        let does = match does {
            _ if replays || is_permanent(first) => first,
            Does::Reject { kind, .. } => Does::Reject { kind, is_permanent: false },
            other => other,
        };
        let is_known = state.orders.contains_key(id);
        if !is_known && !matches!(does, Does::Reject { .. } | Does::Answer(_)) {
            let status = match state.fails || matches!(does, Does::AcceptAndFail) {
                true => PayoutStatus::Failed,
                false => PayoutStatus::Succeeded,
            };
            state.orders.insert(id.clone(), Order { status, made });
        }
        (does, is_known && !replays)
    }

    fn next(&self, id: &OrderId) -> Does {
        let mut state = self.state();
        let own = state.scripts.get_mut(id).and_then(VecDeque::pop_front);
        own.or_else(|| state.script.pop_front()).unwrap_or(Does::Accept)
    }

    fn is_down(&self) -> bool {
        let now = tulay_journal::Time::now(&*self.time);
        self.state().down_until.is_some_and(|until| now < until)
    }

    /// Lets arrive what is on its way for long enough.
    fn settle(&self) {
        let now = tulay_journal::Time::now(&*self.time);
        let (arrived, late): (Vec<_>, _) =
            self.state().late.drain(..).partition(|(at, _)| *at <= now);
        self.state().late = late;
        for (_, id) in arrived {
            self.arrive(&id, Does::Accept);
        }
    }
}

impl Provider for Desk {
    fn id(&self) -> &ProviderId {
        &self.id
    }
    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }
    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self).refunds(self)
    }
}

#[async_trait]
impl Payouts for Desk {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let (account, text) = (self.account.clone(), self.state().text.clone());
        Ok(Prepared::new(request.lookup(order_id), account, 1, 1, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let id = &prepared.lookup.order_id;
        let amount = prepared.lookup.amount.map(StatedAmount::known);
        self.state().amounts.extend(amount.map(|amount| (id.clone(), amount)));
        let does = self.next(id);
        match does {
            Does::SignFor(duration) => self.time.pass(duration),
            Does::SetClock(by) => self.time.set(by),
            _ => {}
        }
        let operation = Operation::Payout;
        let lost = |kind| Error::transport(operation, TransportError::new(kind, "script"));
        if matches!(does, Does::Refuse) {
            return Err(lost(TransportErrorKind::NotSent));
        }
        let sent = self.transport.send(http::Request::new(Bytes::new())).await;
        sent.map_err(|error| Error::transport(operation, error))?;
        if matches!(does, Does::LoseRequest) || self.is_down() {
            return Err(lost(TransportErrorKind::Timeout));
        }
        if let Does::Delay(duration) = does {
            let at = tulay_journal::Time::now(&*self.time) + duration;
            self.state().late.push((at, id.clone()));
            return Err(lost(TransportErrorKind::Timeout));
        }
        self.settle();
        self.state().arrived.push((id.clone(), prepared.body.clone()));
        if matches!(does, Does::Hold) {
            assert!(self.held.acquire().await.is_err(), "it has no permits");
        }
        let (answer, is_known) = self.arrive(id, does);
        match (answer, does) {
            (_, Does::LoseAnswer) => Err(lost(TransportErrorKind::Interrupted)),
            (_, Does::Panic) => panic!("script"),
            (Does::Answer(kind), _) => Err(Error::new(operation, kind, "script")),
            _ if is_known => Err(Error::new(operation, ErrorKind::Duplicate, "script")),
            (Does::AcceptWithoutAmount, _) => {
                let mut payout = self.payout(&prepared.lookup, PayoutStatus::Succeeded);
                payout.amount = None;
                Ok(payout)
            }
            (Does::Reject { kind, is_permanent }, _) => {
                let error = Error::new(operation, kind, "script").with_effect(Effect::Rejected);
                Err(if is_permanent { error.with_permanent() } else { error })
            }
            _ => Ok(self.payout(&prepared.lookup, PayoutStatus::Pending)),
        }
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        self.settle();
        self.state().lookups += 1;
        if self.is_down() {
            let error = TransportError::new(TransportErrorKind::Timeout, "script");
            return Err(Error::transport(Operation::Payout, error));
        }
        let order = self.state().orders.get(&lookup.order_id).cloned();
        let (now, lag) = (tulay_journal::Time::now(&*self.time), self.state().lag);
        Ok(match order.filter(|order| now >= order.made + lag) {
            Some(order) => Found::Found(self.payout(lookup, order.status)),
            None => {
                let status = http::StatusCode::OK;
                Found::Absent(ProviderResponse::new(status, Trust::Signed, Bytes::new()))
            }
        })
    }
}

/// A refund is made as a payout is.
#[async_trait]
impl Refunds for Desk {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        let (account, text) = (self.account.clone(), self.state().text.clone());
        Ok(Prepared::new(request.lookup(order_id), account, 1, 1, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        Ok(Payouts::create(self, prepared).await?.map(|status| of_payout(&status)))
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        Ok(match Payouts::find(self, lookup).await? {
            Found::Found(payout) => Found::Found(payout.map(|status| of_payout(&status))),
            Found::Absent(response) => Found::Absent(response),
        })
    }
}

fn of_payout(status: &PayoutStatus) -> RefundStatus {
    match status {
        PayoutStatus::Succeeded => RefundStatus::Succeeded,
        // Withdrawn counts as failed.
        PayoutStatus::Failed => RefundStatus::Cancelled,
        _ => RefundStatus::Pending,
    }
}

/// The first desk that may take it: the one that a transient reason left it at, or the next one.
#[derive(Debug)]
pub(crate) struct InOrder(pub(crate) Vec<Arc<Desk>>);

impl Planner for InOrder {
    fn plan(&self, record: &Record, _: Timestamp) -> Planned {
        let tried = |desk: &&Arc<Desk>| {
            record.attempts.iter().any(|it| it.merchant_account == desk.account)
        };
        let kind = record.attempts.last().and_then(|it| it.kind());
        let kind = kind.unwrap_or(ErrorKind::Unexpected);
        let fresh = self.0.iter().find(|desk| !tried(desk));
        let last = self.0.iter().rev().find(tried);
        match (fresh, last) {
            (Some(fresh), last) if last.is_none() || kind.allows_failover() => {
                Planned::Now(fresh.clone())
            }
            (_, Some(last)) if kind.is_transient() => Planned::Now(last.clone()),
            _ => Planned::None { reason: Reason::new(ReasonKind::PlanUsedUp) },
        }
    }

    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        let desk = self.0.iter().find(|desk| desk.account == *account)?;
        Some(desk.clone())
    }

    fn answered(
        &self,
        account: &MerchantAccount,
        _: Operation,
        why: Option<ErrorKind>,
        _: Timestamp,
    ) {
        if let Some(desk) = self.0.iter().find(|desk| desk.account == *account) {
            desk.state().outcomes.push(why);
        }
    }
}
