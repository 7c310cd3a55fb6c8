//! Guarantees that contradict each other are refused where they stand, whatever the adapter.

use async_trait::async_trait;
use serde::Deserialize;
use std::sync::Arc;
use tulay::{adapter::*, *};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    guarantees: Guarantees,
}

/// Takes any guarantees it is given.
struct Credulous;

impl Adapter for Credulous {
    type Config = Config;

    fn name(&self) -> &'static str {
        "credulous"
    }

    fn config_schema(&self) -> String {
        r#"{"type":"object"}"#.into()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        &[]
    }

    fn build(
        &self,
        id: ProviderId,
        config: Config,
        _: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let account = MerchantAccount::new("credulous", Environment::Sandbox, "1", "127.0.0.1");
        let capability = Capability::new(Vec::new(), IdRules::STANDARD, config.guarantees);
        Ok(Arc::new(Account { id, account, capability }))
    }
}

#[derive(Debug)]
struct Account {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
}

impl Provider for Account {
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
impl Payouts for Account {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, _: &PayoutRequest, _: &OrderId) -> Result<Prepared> {
        Err(Error::unsupported(Operation::Payout, "never"))
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        Err(Error::unsupported(Operation::Payout, "never"))
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        Err(Error::unsupported(Operation::PayoutFind, "never"))
    }
}

fn read(guarantees: &str) -> Result<Tulay, ConfigErrors> {
    let text = format!(
        "namespace = \"tests\"\n\n[providers.one]\nadapter = \"credulous\"\nguarantees = {guarantees}\n"
    );
    Tulay::builder().adapter(Credulous).read("tulay.toml", &text)
}

#[test]
fn an_id_that_cannot_be_asked_for_cannot_be_sent_again() {
    assert!(read(r#"{ resend_for = "24h", find_by = "order_id" }"#).is_ok());
    let refused = read(r#"{ resend_for = "24h", find_by = "provider_reference" }"#).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "tulay.toml:5:29: providers.one.guarantees.resend_for: not supported here: find_by is \
         not order_id, so a payment whose answer was lost cannot be looked up, and must not be \
         sent again"
    );
}
