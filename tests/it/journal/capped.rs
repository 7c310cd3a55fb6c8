//! Starpay with a limit that another version of the adapter lowered.

use async_trait::async_trait;
use std::sync::Arc;
use tulay::{
    Found, Invalid, Lookup, MerchantAccount, Money, OrderId, Payout, PayoutRequest, Payouts,
    Prepared, Provider, ProviderExt, ProviderId,
    adapter::{Adapter, AdapterContext, Assumption, Capability, Result, Roles},
    starpay::{StarpayAdapter, StarpayConfig},
};

/// Takes the name, and so the place, of the adapter that is built in.
pub(super) struct CappedStarpay {
    /// The most of one payout.
    pub(super) most: Money,
}

impl Adapter for CappedStarpay {
    type Config = StarpayConfig;

    fn name(&self) -> &'static str {
        "starpay"
    }

    fn config_schema(&self) -> String {
        StarpayAdapter::new().config_schema()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        StarpayAdapter::new().assumptions()
    }

    fn build(
        &self,
        id: ProviderId,
        config: StarpayConfig,
        context: AdapterContext,
    ) -> std::result::Result<Arc<dyn Provider>, Invalid> {
        let inner = StarpayAdapter::new().build(id, config, context)?;
        let mut capability = inner.payouts().unwrap().capability().clone();
        for corridor in &mut capability.corridors {
            corridor.max = Some(self.most);
        }
        Ok(Arc::new(Capped { inner, capability }))
    }
}

#[derive(Debug)]
struct Capped {
    inner: Arc<dyn Provider>,
    capability: Capability,
}

impl Provider for Capped {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn merchant_account(&self) -> &MerchantAccount {
        self.inner.merchant_account()
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

#[async_trait]
impl Payouts for Capped {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.capability.admit_request(request)?;
        self.inner.payouts()?.prepare(request, order_id)
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        self.inner.payouts()?.create(prepared).await
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        self.inner.payouts()?.find(lookup).await
    }
}
