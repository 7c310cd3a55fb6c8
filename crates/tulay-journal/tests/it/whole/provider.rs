//! A provider that keeps its orders by country, as an earlier journal left them.

use crate::store::guarantees;
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};
use tulay_core::{
    Capability, Country, Currency, Effect, Error, ErrorKind, Found, Guarantees, IdRules, Lookup,
    MerchantAccount, Money, Observation, Operation, OrderId, Payout, PayoutRequest, PayoutStatus,
    Payouts, Prepared, Provider, ProviderId, ProviderReference, ProviderResponse, Result, Roles,
    StatedAmount, Trust,
};
use tulay_journal::{
    Planned, Planner,
    record::{Configured, Reason, ReasonKind, Record},
};

#[derive(Debug)]
pub(super) struct Branch {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    serves: Vec<(Country, Currency)>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    orders: BTreeMap<(Country, OrderId), Order>,
    /// An order is shown whatever country is asked about.
    shows_all: bool,
    is_mute: bool,
    /// What the next sendings end with.
    refuses: Vec<(Effect, ErrorKind)>,
    lookups: usize,
    arrived: usize,
}

#[derive(Clone, Debug)]
struct Order {
    status: PayoutStatus,
    amount: Money,
}

impl Branch {
    pub(super) fn new(account: MerchantAccount, serves: &[(Country, Currency)]) -> Arc<Self> {
        Self::with(account, serves, guarantees())
    }

    pub(super) fn with(
        account: MerchantAccount,
        serves: &[(Country, Currency)],
        guarantees: Guarantees,
    ) -> Arc<Self> {
        Arc::new(Self {
            id: ProviderId::new("branch").unwrap(),
            account,
            capability: Capability::new(Vec::new(), IdRules::STANDARD, guarantees),
            serves: serves.to_vec(),
            state: Mutex::default(),
        })
    }

    pub(super) fn configured(&self) -> Configured {
        let guarantees = self.capability.guarantees.clone();
        Configured::new(self.account.clone(), Operation::Payout, self.serves.clone(), guarantees)
    }

    /// An earlier journal made this order.
    pub(super) fn has(&self, country: Country, id: OrderId, status: PayoutStatus, amount: Money) {
        self.state().orders.insert((country, id), Order { status, amount });
    }

    pub(super) fn forget_all(&self) {
        self.state().orders.clear();
    }

    pub(super) fn show_all(&self) {
        self.state().shows_all = true;
    }

    pub(super) fn set_mute(&self, is_mute: bool) {
        self.state().is_mute = is_mute;
    }

    pub(super) fn then_refuse(&self, effect: Effect, kind: ErrorKind) {
        self.state().refuses.push((effect, kind));
    }

    pub(super) fn lookups(&self) -> usize {
        self.state().lookups
    }

    pub(super) fn arrived(&self) -> usize {
        self.state().arrived
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Provider for Branch {
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
impl Payouts for Branch {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let account = self.account.clone();
        Ok(Prepared::new(request.lookup(order_id), account, 1, 1, "for Ana Reyes".into()))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        assert_eq!(prepared.form, 1, "an adopted order is never sent");
        let lookup = &prepared.lookup;
        if let Some((effect, kind)) = self.state().refuses.pop() {
            let error = Error::new(Operation::Payout, kind, "script").with_effect(effect);
            return Err(error);
        }
        self.state().arrived += 1;
        let amount = lookup.amount.unwrap();
        self.has(lookup.country, lookup.order_id.clone(), PayoutStatus::Succeeded, amount);
        Ok(Observation::new(PayoutStatus::Pending))
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let mut state = self.state();
        state.lookups += 1;
        if state.is_mute {
            let (operation, kind) = (Operation::PayoutFind, ErrorKind::Unavailable);
            return Err(Error::new(operation, kind, "script"));
        }
        let id = &lookup.order_id;
        let order = state.orders.get(&(lookup.country, id.clone())).or_else(|| {
            let mut orders = state.orders.iter();
            orders.find(|((_, known), _)| state.shows_all && known == id).map(|(_, order)| order)
        });
        let Some(order) = order else {
            let status = http::StatusCode::OK;
            return Ok(Found::Absent(ProviderResponse::new(status, Trust::Signed, Bytes::new())));
        };
        let mut payout = Observation::new(order.status.clone());
        payout.order_id = Some(id.clone());
        payout.provider_reference = ProviderReference::new(format!("B-{id}")).ok();
        payout.amount = Some(StatedAmount::known(order.amount));
        payout.check_matches(Operation::PayoutFind, lookup).map(Found::Found)
    }
}

/// Plans through some of the branches that are configured.
#[derive(Debug)]
pub(super) struct Through {
    pub(super) all: Vec<Arc<Branch>>,
    pub(super) planned: usize,
}

impl Planner for Through {
    fn plan(&self, record: &Record, _: Timestamp) -> Planned {
        let planned = self.all.iter().take(self.planned);
        let last = record.attempts.last();
        let is_waiting = last.is_some_and(|last| {
            last.attempt.sendings.iter().all(|it| {
                matches!(it.outcome, Some(tulay_journal::machine::Outcome::NotSent { .. }))
            })
        });
        let next = planned.clone().find(|branch| match last {
            Some(last) if is_waiting => branch.account == last.merchant_account,
            _ => !record.attempts.iter().any(|it| it.merchant_account == branch.account),
        });
        match next {
            Some(branch) => Planned::Now(branch.clone()),
            None => Planned::None { reason: Reason::new(ReasonKind::PlanUsedUp) },
        }
    }

    fn provider(&self, account: &MerchantAccount) -> Option<Arc<dyn Provider>> {
        let branch = self.all.iter().find(|branch| branch.account == *account)?;
        Some(branch.clone())
    }

    fn answered(&self, _: &MerchantAccount, _: Operation, _: Option<ErrorKind>, _: Timestamp) {}
}
