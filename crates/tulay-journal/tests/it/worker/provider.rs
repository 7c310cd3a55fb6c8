//! A provider that keeps the truth about money, and a planner over several of them.

use crate::store::{Hand, guarantees};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tulay_core::{
    Capability, Effect, Error, ErrorKind, Found, Guarantees, IdRules, Lookup, MerchantAccount,
    Observation, Operation, OrderId, Payout, PayoutRequest, PayoutStatus, Payouts, Prepared,
    Provider, ProviderId, ProviderResponse, Result, Roles, StatedAmount, Transport, TransportError,
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
}

#[derive(Debug)]
pub(crate) struct Desk {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    transport: DeadlineTransport,
    time: Arc<Hand>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Does>,
    orders: BTreeMap<OrderId, PayoutStatus>,
    /// Orders fail instead of being paid.
    fails: bool,
    /// Sendings that arrived.
    arrived: usize,
    lookups: usize,
    answered: BTreeMap<OrderId, Does>,
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
            state: Mutex::default(),
        })
    }

    pub(crate) fn then(&self, does: impl IntoIterator<Item = Does>) {
        self.state().script.extend(does);
    }

    pub(crate) fn fail_orders(&self) {
        self.state().fails = true;
    }

    pub(crate) fn paid(&self) -> usize {
        self.state().orders.values().filter(|it| **it == PayoutStatus::Succeeded).count()
    }

    pub(crate) fn arrived(&self) -> usize {
        self.state().arrived
    }

    pub(crate) fn lookups(&self) -> usize {
        self.state().lookups
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn payout(&self, lookup: &Lookup, status: PayoutStatus) -> Payout {
        let mut payout = Observation::new(status);
        payout.order_id = Some(lookup.order_id.clone());
        payout.amount = lookup.amount.map(StatedAmount::known);
        payout
    }

    fn make_order(&self, id: &OrderId) {
        let mut state = self.state();
        let status = if state.fails { PayoutStatus::Failed } else { PayoutStatus::Succeeded };
        state.orders.entry(id.clone()).or_insert(status);
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
        Roles::none().payouts(self)
    }
}

#[async_trait]
impl Payouts for Desk {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let account = self.account.clone();
        Ok(Prepared::new(request.lookup(order_id), account, 1, 1, "for Ana Reyes".into()))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let id = &prepared.lookup.order_id;
        let does = self.state().script.pop_front().unwrap_or(Does::Accept);
        if let Does::SignFor(duration) = does {
            self.time.pass(duration);
        }
        let operation = Operation::Payout;
        let lost = |kind| Error::transport(operation, TransportError::new(kind, "script"));
        if matches!(does, Does::Refuse) {
            return Err(lost(TransportErrorKind::NotSent));
        }
        let sent = self.transport.send(http::Request::new(Bytes::new())).await;
        sent.map_err(|error| Error::transport(operation, error))?;
        if matches!(does, Does::LoseRequest) {
            return Err(lost(TransportErrorKind::Timeout));
        }
        self.state().arrived += 1;
        // With replays, the first answer is given again.
        let does = match self.capability.guarantees.resend_for {
            Some(_) => does,
            None => *self.state().answered.entry(id.clone()).or_insert(does),
        };
        match does {
            Does::Reject { kind, is_permanent } => {
                let error = Error::new(operation, kind, "script").with_effect(Effect::Rejected);
                return Err(if is_permanent { error.with_permanent() } else { error });
            }
            Does::Panic => panic!("script"),
            _ => self.make_order(id),
        }
        let first = self.state().arrived == 1;
        match does {
            Does::LoseAnswer if first => Err(lost(TransportErrorKind::Interrupted)),
            _ => Ok(self.payout(&prepared.lookup, PayoutStatus::Pending)),
        }
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        self.state().lookups += 1;
        let status = self.state().orders.get(&lookup.order_id).cloned();
        Ok(match status {
            Some(status) => Found::Found(self.payout(lookup, status)),
            None => {
                let status = http::StatusCode::OK;
                Found::Absent(ProviderResponse::new(status, Trust::Signed, Bytes::new()))
            }
        })
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
        let kind = match record.progress.reason.as_ref().map(|it| it.kind) {
            Some(ReasonKind::Error(kind)) => kind,
            _ => ErrorKind::Unexpected,
        };
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

    fn answered(&self, _: &MerchantAccount, _: Option<ErrorKind>, _: Timestamp) {}
}
