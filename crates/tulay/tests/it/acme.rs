//! An adapter that can be configured and asked what it can do, and nothing else.

use serde::Deserialize;
use std::sync::Arc;
use tulay::{adapter::*, *};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcmeConfig {
    account: String,
    key: SecretSource,
    /// Its address, under a name of its own.
    api: Option<String>,
    environment: Option<Environment>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    limits: Limits,
    /// Where it pays by bank and by wallet, up to 50,000.00.
    #[serde(default)]
    countries: Vec<Country>,
    /// Whether it does what is documented only by assumption.
    #[serde(default)]
    off: bool,
    #[serde(default)]
    collects: bool,
    /// Names of its own; nothing is sent by them here.
    #[serde(default, rename = "institutions")]
    _institutions: std::collections::BTreeMap<InstitutionId, String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    most: Option<String>,
}

pub(crate) struct AcmeAdapter;

impl Adapter for AcmeAdapter {
    type Config = AcmeConfig;

    fn name(&self) -> &'static str {
        "acme"
    }

    fn config_schema(&self) -> String {
        r#"{"type":"object"}"#.into()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        const { &[Assumption::new("account", "a word")] }
    }

    fn build(
        &self,
        id: ProviderId,
        config: AcmeConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        if config.account.is_empty() {
            return Err(Invalid::new("account", "a value"));
        }
        if let Some(most) = config.limits.most {
            Money::parse(&most, Currency::PHP)
                .map_err(|invalid| invalid.with_field("limits.most"))?;
        }
        context.secrets.read(&config.key).map_err(|invalid| invalid.with_field("key"))?;
        if config.labels.iter().any(|label| label.contains(' ')) {
            return Err(Invalid::new("labels", "labels without blanks"));
        }
        let api = BaseUrl::new(config.api.as_deref().unwrap_or("https://acme.example"))
            .map_err(|invalid| invalid.with_field("api"))?;
        let environment = config.environment.unwrap_or(Environment::Sandbox);
        let account = context.merchant_account("acme", environment, config.account, &api);
        let payouts = capability(&config.countries, Operation::Payout, config.off);
        let collections = config
            .collects
            .then(|| capability(&config.countries, Operation::Collection, config.off));
        let notify_url = context.notify_url;
        Ok(Arc::new(Acme { id, account, notify_url, payouts, collections }))
    }
}

#[derive(Debug)]
struct Acme {
    id: ProviderId,
    account: MerchantAccount,
    #[expect(dead_code, reason = "shown by Debug")]
    notify_url: Option<http::Uri>,
    payouts: Capability,
    collections: Option<Capability>,
}

fn capability(countries: &[Country], operation: Operation, off: bool) -> Capability {
    let mut corridors = Vec::new();
    for country in countries {
        let currency = if *country == Country::ID { Currency::IDR } else { Currency::PHP };
        for channel in [Channel::Bank, Channel::Wallet] {
            let mut corridor = Corridor::new(*country, currency, channel, 1);
            corridor.max = Some(Money::from_minor(5_000_000, currency));
            corridor.operations = if off { Vec::new() } else { vec![operation] };
            corridors.push(corridor);
        }
    }
    Capability::new(corridors, IdRules::STANDARD, Guarantees::default())
}

impl Provider for Acme {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let roles = Roles::none();
        let roles = if self.payouts.corridors.is_empty() { roles } else { roles.payouts(self) };
        if self.collections.is_some() { roles.collections(self) } else { roles }
    }
}

#[async_trait::async_trait]
impl Payouts for Acme {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, _: &PayoutRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("nothing is sent here")
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        unreachable!("nothing is sent here")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        unreachable!("nothing is sent here")
    }
}

#[async_trait::async_trait]
impl Collections for Acme {
    fn capability(&self) -> &Capability {
        self.collections.as_ref().unwrap()
    }

    fn prepare(&self, _: &CollectionRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("nothing is sent here")
    }

    async fn create(&self, _: &Prepared) -> Result<Collection> {
        unreachable!("nothing is sent here")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Collection>> {
        unreachable!("nothing is sent here")
    }
}

pub(crate) fn read(text: &str) -> Result<Tulay, ConfigErrors> {
    let secrets = SecretFiles::beside("tulay.toml").environment(|name| {
        let value = match name {
            "ACME_KEY" => "s3cret",
            "ACME_ACCOUNT" => "shop-1",
            "ACME_API" => "https://env.example/api",
            "ACME_ENVIRONMENT" => "uat",
            "ACME_LABEL" => "green",
            "BAD_LABEL" => "dark green",
            "ACME_PROXY" => "http://user:pr0xy-word@proxy.example:3128",
            "EMPTY" => "",
            _ => return None,
        };
        Some(value.to_owned())
    });
    Tulay::builder().adapter(AcmeAdapter).secrets(Arc::new(secrets)).read("tulay.toml", text)
}
