//! One line of the log for each call that may move money or says what became of it: at the level
//! `info`, without personal data.

use async_trait::async_trait;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tulay_core::{
    Capability, Clock, Collection, CollectionCancel, CollectionRequest, Collections, Found,
    Guarantees, Lookup, MerchantAccount, Operation, OrderId, Payout, PayoutRequest, Payouts,
    Prepared, Provider, ProviderExt, ProviderId, Reference, Refund, RefundRequest, Refunds, Result,
    Roles, StaticCode, StaticCodeControl, StaticCodeRequest, StaticCodeStatus, StaticCodes,
    adapter::IdRules,
};

/// So many references are known at a time, those of the orders prepared last.
const REMEMBERED: usize = 10_000;

/// The references of the orders prepared last, at any provider: a look-up names the order id alone.
#[derive(Default)]
pub(crate) struct References(Mutex<(BTreeMap<OrderId, Reference>, VecDeque<OrderId>)>);

impl References {
    fn remember(&self, order_id: &OrderId, reference: &Reference) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (references, turns) = &mut *known;
        if references.insert(order_id.clone(), reference.clone()).is_none() {
            turns.push_back(order_id.clone());
        }
        if turns.len() > REMEMBERED
            && let Some(first) = turns.pop_front()
        {
            references.remove(&first);
        }
    }

    fn of(&self, order_id: &OrderId) -> Option<Reference> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.get(order_id).cloned()
    }
}

/// A provider whose calls are logged.
pub(crate) struct Logged {
    provider: Arc<dyn Provider>,
    clock: Arc<dyn Clock>,
    references: Arc<References>,
    /// Of a role that the provider does not have, and that is not called.
    nothing: Capability,
}

impl Logged {
    pub(crate) fn new(
        provider: Arc<dyn Provider>,
        clock: Arc<dyn Clock>,
        references: Arc<References>,
    ) -> Self {
        let nothing = Capability::new(Vec::new(), IdRules::STANDARD, Guarantees::default());
        Self { provider, clock, references, nothing }
    }

    /// Logs what a call came to.
    async fn log<T: Outcome>(
        &self,
        operation: Operation,
        order_id: &OrderId,
        call: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let began = self.clock.now();
        let outcome = call.await;
        let took = self.clock.now().duration_since(began);
        let (status, kind, effect) = match &outcome {
            Ok(done) => (Some(done.status()), None, None),
            Err(error) => (None, Some(error.kind()), Some(error.effect())),
        };
        tracing::info!(
            reference = self.references.of(order_id).as_ref().map(tracing::field::display),
            %order_id,
            provider = %self.provider.id(),
            %operation,
            status,
            kind = kind.map(tracing::field::display),
            effect = effect.map(tracing::field::display),
            milliseconds = i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            "provider called"
        );
        outcome
    }
}

/// What a call that was carried out came to, in one word.
trait Outcome {
    fn status(&self) -> String;
}

impl Outcome for Payout {
    fn status(&self) -> String {
        self.status.to_string()
    }
}

impl Outcome for Collection {
    fn status(&self) -> String {
        self.observation.status.to_string()
    }
}

impl Outcome for Refund {
    fn status(&self) -> String {
        self.status.to_string()
    }
}

impl Outcome for StaticCode {
    fn status(&self) -> String {
        self.status.to_string()
    }
}

impl<T: Outcome> Outcome for Found<T> {
    fn status(&self) -> String {
        match self {
            Self::Found(order) => order.status(),
            Self::Absent(_) => "not found".into(),
        }
    }
}

impl Provider for Logged {
    fn id(&self) -> &ProviderId {
        self.provider.id()
    }

    fn merchant_account(&self) -> &MerchantAccount {
        self.provider.merchant_account()
    }

    fn roles(&self) -> Roles<'_> {
        let mut roles = self.provider.roles();
        roles.payouts = roles.payouts.map(|_| self as _);
        roles.collections = roles.collections.map(|_| self as _);
        roles.collection_cancel = roles.collection_cancel.map(|_| self as _);
        roles.static_codes = roles.static_codes.map(|_| self as _);
        roles.static_code_control = roles.static_code_control.map(|_| self as _);
        roles.refunds = roles.refunds.map(|_| self as _);
        roles
    }
}

impl fmt::Debug for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}

/// The roles that make orders are alike.
macro_rules! orders {
    ($($role:ident($accessor:ident), $request:ty => $order:ty, $create:ident, $find:ident;)*) => { $(
        #[async_trait]
        impl $role for Logged {
            fn capability(&self) -> &Capability {
                self.provider.roles().$accessor.map_or(&self.nothing, |role| role.capability())
            }

            fn prepare(&self, request: &$request, order_id: &OrderId) -> Result<Prepared> {
                let prepared = self.provider.$accessor()?.prepare(request, order_id)?;
                self.references.remember(order_id, &request.reference);
                Ok(prepared)
            }

            async fn create(&self, prepared: &Prepared) -> Result<$order> {
                let call = self.provider.$accessor()?.create(prepared);
                self.log(Operation::$create, &prepared.lookup.order_id, call).await
            }

            async fn find(&self, lookup: &Lookup) -> Result<Found<$order>> {
                let call = self.provider.$accessor()?.find(lookup);
                self.log(Operation::$find, &lookup.order_id, call).await
            }
        }
    )* };
}

orders! {
    Payouts(payouts), PayoutRequest => Payout, Payout, PayoutFind;
    Collections(collections), CollectionRequest => Collection, Collection, CollectionFind;
    StaticCodes(static_codes), StaticCodeRequest => StaticCode, StaticCode, StaticCodeFind;
    Refunds(refunds), RefundRequest => Refund, Refund, RefundFind;
}

#[async_trait]
impl CollectionCancel for Logged {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let call = self.provider.collection_cancel()?.cancel(lookup);
        self.log(Operation::CollectionCancel, &lookup.order_id, call).await
    }
}

#[async_trait]
impl StaticCodeControl for Logged {
    async fn set_status(&self, lookup: &Lookup, status: StaticCodeStatus) -> Result<StaticCode> {
        let call = self.provider.static_code_control()?.set_status(lookup, status);
        self.log(Operation::StaticCodeStatus, &lookup.order_id, call).await
    }
}
