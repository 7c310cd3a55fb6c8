//! An adapter that lives in another repository: registered in code, named in the configuration,
//! used like any other.

use async_trait::async_trait;
use bytes::Bytes;
use serde::Deserialize;
use std::{fmt, sync::Arc};
use tulay::{adapter::*, *};

/// "Acme" pays by one line of text: `PAY order minor currency account`.
struct AcmeAdapter;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcmeConfig {
    shop: String,
    base_url: String,
}

impl Adapter for AcmeAdapter {
    type Config = AcmeConfig;

    fn name(&self) -> &'static str {
        "acme"
    }

    fn config_schema(&self) -> String {
        r#"{"type":"object","properties":{"adapter":{"const":"acme"}}}"#.into()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        &[]
    }

    fn build(
        &self,
        id: ProviderId,
        config: AcmeConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        let mut corridor = Corridor::new(Country::PH, Currency::PHP, Channel::Bank, 1);
        corridor.operations = vec![Operation::Payout, Operation::PayoutFind];
        let ids = IdRules::new(IdAlphabet::UpperAlphanumeric, 24)?;
        Ok(Arc::new(Acme {
            id,
            account: MerchantAccount::new(
                "acme",
                Environment::Sandbox,
                config.shop,
                "acme.example",
            ),
            capability: Capability::new(vec![corridor], ids, Guarantees::default()),
            base_url: config.base_url,
            context,
        }))
    }
}

struct Acme {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
    base_url: String,
    context: AdapterContext,
}

impl Acme {
    async fn call(&self, operation: Operation, line: &str) -> Result<Payout> {
        let request = http::Request::post(&self.base_url).body(Bytes::from(line.to_owned()));
        let request = request.map_err(|e| {
            Error::new(operation, ErrorKind::Configuration, "no address")
                .with_effect(Effect::NotSent)
                .with_source(e)
        })?;
        let answer = self.context.transport.send(request).await;
        let answer = answer.map_err(|failure| Error::transport(operation, failure))?;
        match answer.body().as_ref() {
            b"PAID" => Ok(Payout::new(PayoutStatus::Succeeded)),
            _ => Err(Error::new(operation, ErrorKind::Unexpected, "acme said something else")),
        }
    }
}

impl fmt::Debug for Acme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acme({})", self.id)
    }
}

impl Provider for Acme {
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
impl Payouts for Acme {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.capability.admit_request(request)?;
        let Destination::Bank { account, .. } = &request.destination else {
            return Err(Error::unsupported(Operation::Payout, "acme pays to banks alone"));
        };
        let (minor, currency) = (request.amount.minor(), request.amount.currency());
        let line = format!("PAY {order_id} {minor} {currency} {}", account.expose());
        let lookup = request.lookup(order_id);
        Ok(Prepared::new(lookup, self.account.clone(), 0, 1, line))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        self.call(Operation::Payout, &prepared.body).await
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let line = format!("FIND {}", lookup.order_id);
        self.call(Operation::PayoutFind, &line).await.map(Found::Found)
    }
}

/// Acme's server: it says PAID to whatever it is sent.
#[derive(Debug)]
struct Paid;

#[async_trait]
impl Transport for Paid {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        assert_eq!(request.uri(), "https://acme.example/pay");
        Ok(http::Response::new(Bytes::from_static(b"PAID")))
    }
}

const CONFIGURATION: &str = r#"
namespace = "tests"

[providers.elsewhere]
adapter = "acme"
shop = "shop-7"
base_url = "https://acme.example/pay"
"#;

#[tokio::test]
async fn an_adapter_from_outside_pays_like_any_other() {
    let tulay = Tulay::builder()
        .adapter(AcmeAdapter)
        .transport(Arc::new(Paid))
        .read("tulay.toml", CONFIGURATION)
        .unwrap();
    let provider = tulay.providers().next().unwrap();
    let payouts = provider.payouts().unwrap();
    let request = tulay_tests::payout("R1", "0011");
    let prepared = payouts.prepare(&request, &tulay_tests::order_id(payouts, &request)).unwrap();
    assert_eq!(prepared.lookup.order_id.as_str().len(), 24);
    assert_eq!(payouts.create(&prepared).await.unwrap().status, PayoutStatus::Succeeded);
    assert_eq!(provider.balances().err().unwrap().kind(), ErrorKind::Unsupported);
}

#[test]
fn without_being_registered_it_is_not_known() {
    let error = Tulay::builder().read("tulay.toml", CONFIGURATION).unwrap_err();
    let expected =
        "tulay.toml:5:11: providers.elsewhere.adapter: expected the name of an adapter: ";
    let error = error.to_string();
    let known = error.strip_prefix(expected).unwrap();
    assert!(known.split(", ").any(|name| name == "starpay"), "{known}");
}

#[test]
fn the_command_takes_it_too() {
    let _: fn() -> std::process::ExitCode =
        || tulay_cli::main_with(|tulay| tulay.adapter(AcmeAdapter));
}
