//! A provider of codes that keeps the truth about what was paid.

use crate::store::{Hand, account, guarantees};
use async_trait::async_trait;
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tulay_core::{
    Capability, Collection, CollectionCancel, CollectionRequest, CollectionStatus, Collections,
    Effect, Error, ErrorKind, Found, Guarantees, IdRules, Lookup, MerchantAccount, Money,
    Observation, Operation, OrderId, PaymentInstructions, Prepared, Provider, ProviderId,
    ProviderReference, ProviderResponse, ProviderTime, QrText, Result, Roles, StatedAmount,
    TransportError, TransportErrorKind, Trust,
};
use tulay_journal::{Planned, Planner, Time as _, record::Record};

/// What becomes of a creation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Made {
    Shows,
    /// The order is made, and the answer is lost.
    LosesAnswer,
    /// Nothing arrives.
    LosesRequest,
    /// The connection is refused.
    Refuses,
    Rejects(ErrorKind),
    /// The order is made, and the answer has no way to pay.
    HidesWay,
    /// The order is made, and the answer is lost after an earlier step had named it.
    LosesLaterAnswer,
}

#[derive(Debug)]
pub(crate) struct Issuer {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    time: Arc<Hand>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Made>,
    orders: BTreeMap<OrderId, Order>,
    /// Its look-ups have no way to pay.
    hides_way: bool,
    /// It is not answered.
    is_down: bool,
    created: usize,
    lookups: usize,
}

#[derive(Clone, Debug)]
struct Order {
    amount: Money,
    paid: Option<(ProviderReference, Money, Timestamp)>,
    is_reversed: bool,
    is_withdrawn: bool,
}

impl Issuer {
    pub(crate) fn new(time: &Arc<Hand>) -> Arc<Self> {
        Self::with(guarantees(), time)
    }

    pub(crate) fn with(guarantees: Guarantees, time: &Arc<Hand>) -> Arc<Self> {
        Arc::new(Self {
            id: ProviderId::new("issuer").unwrap(),
            account: account(1),
            capability: Capability::new(Vec::new(), IdRules::STANDARD, guarantees),
            time: time.clone(),
            state: Mutex::default(),
        })
    }

    pub(crate) fn then(&self, made: impl IntoIterator<Item = Made>) {
        self.state().script.extend(made);
    }

    pub(crate) fn hide_way(&self) {
        self.state().hides_way = true;
    }

    pub(crate) fn go_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    /// The payer pays an order. Returns the provider's id of the payment.
    pub(crate) fn pay(&self, order: &OrderId, minor: i64) -> ProviderReference {
        let now = self.time.now();
        let mut state = self.state();
        let order = state.orders.get_mut(order).unwrap();
        let reference = ProviderReference::new(format!("P-{minor}-{now}")).unwrap();
        let amount = Money::from_minor(minor, order.amount.currency());
        order.paid = Some((reference.clone(), amount, now));
        reference
    }

    pub(crate) fn reverse(&self, order: &OrderId) {
        self.state().orders.get_mut(order).unwrap().is_reversed = true;
    }

    pub(crate) fn is_withdrawn(&self, order: &OrderId) -> bool {
        self.state().orders[order].is_withdrawn
    }

    pub(crate) fn created(&self) -> usize {
        self.state().created
    }

    pub(crate) fn lookups(&self) -> usize {
        self.state().lookups
    }

    /// What came in and is still here.
    pub(crate) fn received(&self) -> i64 {
        let state = self.state();
        let here = state.orders.values().filter(|order| !order.is_reversed);
        here.filter_map(|order| order.paid.as_ref()).map(|(_, amount, _)| amount.minor()).sum()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn collection(&self, lookup: &Lookup, has_way: bool) -> Collection {
        let order = self.state().orders[&lookup.order_id].clone();
        let status = match (&order.paid, order.is_reversed, order.is_withdrawn) {
            (Some(_), true, _) => CollectionStatus::Reversed,
            (Some(_), false, _) => CollectionStatus::Paid,
            (None, _, true) => CollectionStatus::Closed,
            (None, _, false) => CollectionStatus::Pending,
        };
        let mut observation = Observation::new(status);
        observation.order_id = Some(lookup.order_id.clone());
        observation.provider_reference =
            ProviderReference::new(format!("O-{}", lookup.order_id)).ok();
        let amount = order.paid.as_ref().map_or(order.amount, |(_, amount, _)| *amount);
        observation.amount = Some(StatedAmount::known(amount));
        if let Some((payment, _, at)) = order.paid {
            observation.payment = Some(payment);
            observation.finished = Some(ProviderTime::new(at.to_string(), Some(at)));
        }
        let mut collection = Collection::new(observation);
        let code = QrText::new(format!("code of {}", lookup.order_id)).unwrap();
        collection.payment_instructions = has_way.then_some(PaymentInstructions::Qr(code));
        collection
    }

    fn lost(kind: TransportErrorKind) -> Error {
        Error::transport(Operation::Collection, TransportError::new(kind, "script"))
    }
}

impl Provider for Issuer {
    fn id(&self) -> &ProviderId {
        &self.id
    }
    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }
    fn roles(&self) -> Roles<'_> {
        Roles::none().collections(self).collection_cancel(self)
    }
}

#[async_trait]
impl Collections for Issuer {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        Ok(Prepared::new(
            request.lookup(order_id),
            self.account.clone(),
            1,
            1,
            "for Ana Reyes".into(),
        ))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let lookup = &prepared.lookup;
        let made = self.state().script.pop_front().unwrap_or(Made::Shows);
        match made {
            Made::Refuses => return Err(Self::lost(TransportErrorKind::NotSent)),
            Made::LosesRequest => return Err(Self::lost(TransportErrorKind::Timeout)),
            Made::Rejects(kind) => {
                let error = Error::new(Operation::Collection, kind, "script");
                return Err(error.with_effect(Effect::Rejected));
            }
            Made::Shows | Made::LosesAnswer | Made::HidesWay | Made::LosesLaterAnswer => {}
        }
        let amount = lookup.amount.unwrap();
        let order = Order { amount, paid: None, is_reversed: false, is_withdrawn: false };
        let mut state = self.state();
        state.created += 1;
        state.orders.entry(lookup.order_id.clone()).or_insert(order);
        drop(state);
        match made {
            Made::LosesAnswer => Err(Self::lost(TransportErrorKind::Interrupted)),
            Made::LosesLaterAnswer => {
                let named = ProviderReference::new(format!("O-{}", lookup.order_id)).unwrap();
                Err(Self::lost(TransportErrorKind::Interrupted).with_provider_reference(named))
            }
            made => Ok(self.collection(lookup, matches!(made, Made::Shows))),
        }
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let mut state = self.state();
        state.lookups += 1;
        let (is_down, is_known) = (state.is_down, state.orders.contains_key(&lookup.order_id));
        let hides_way = state.hides_way;
        drop(state);
        if is_down {
            return Err(Self::lost(TransportErrorKind::Timeout));
        }
        Ok(match is_known {
            true => Found::Found(self.collection(lookup, !hides_way)),
            false => {
                let status = http::StatusCode::OK;
                Found::Absent(ProviderResponse::new(status, Trust::Signed, bytes::Bytes::new()))
            }
        })
    }
}

#[async_trait]
impl CollectionCancel for Issuer {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let mut state = self.state();
        match state.orders.get_mut(&lookup.order_id).filter(|order| order.paid.is_none()) {
            Some(order) => order.is_withdrawn = true,
            None => {
                let operation = Operation::CollectionCancel;
                let error = Error::new(operation, ErrorKind::State, "script");
                return Err(error.with_effect(Effect::Rejected));
            }
        }
        drop(state);
        Ok(self.collection(lookup, false))
    }
}

/// Every collection is made at the one issuer.
#[derive(Debug)]
pub(crate) struct AtIssuer(pub(crate) Arc<Issuer>);

impl Planner for AtIssuer {
    fn plan(&self, record: &Record, _: Timestamp) -> Planned {
        let kind = record.attempts.last().and_then(|it| it.kind());
        match kind.filter(|kind| !kind.is_transient()) {
            Some(kind) => Planned::None {
                reason: tulay_journal::record::Reason::new(
                    tulay_journal::record::ReasonKind::Error(kind),
                ),
            },
            None => Planned::Now(self.0.clone()),
        }
    }

    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        (*account == self.0.account).then(|| self.0.clone() as Arc<dyn Provider>)
    }

    fn answered(&self, _: &MerchantAccount, _: Operation, _: Option<ErrorKind>, _: Timestamp) {}
}
