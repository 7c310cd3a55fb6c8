//! The order of a reference is found at whichever provider has it.

use async_trait::async_trait;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use tulay::{
    Begun, CollectionMethod, CollectionRequest, Country, Currency, Effect, Email, ErrorKind, Money,
    Name, OrderId, Party, Phone, Provider, ProviderExt, ProviderId, Reference, SecretFiles, Tulay,
    adapter::{Transport, TransportError, TransportErrorKind},
};
use tulay_sandbox::{Sandbox, regional, starpay};

/// Connections to this address are refused.
#[derive(Debug)]
struct Refusing {
    inner: Arc<dyn Transport>,
    below: Mutex<Option<String>>,
}

#[async_trait]
impl Transport for Refusing {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let below = self.below.lock().unwrap().clone();
        if below.is_some_and(|below| request.uri().to_string().starts_with(&below)) {
            return Err(TransportError::new(TransportErrorKind::NotSent, "connection refused"));
        }
        self.inner.send(request).await
    }
}

struct Setup {
    sandbox: Sandbox,
    tulay: Tulay,
    transport: Arc<Refusing>,
}

impl Setup {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With more configuration.
    async fn with(more: &str) -> Self {
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let sandbox = Sandbox::builder().offline().manual_clock(at).start().await.unwrap();
        let transport = Arc::new(Refusing { inner: sandbox.transport(), below: Mutex::new(None) });
        let text = format!(
            r#"
namespace = "tests"

[webhook]
public_url = "http://127.0.0.1:8300/notify"

[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{}"
merchant_id = "{}"
private_key = {{ env = "starpay-merchant" }}
platform_key = {{ env = "starpay" }}

[providers.regional]
adapter = "regional"
environment = "sandbox"
base_url = "{}"
app_id = "{}"
countries = ["PH", "ID", "TH"]
private_key = {{ env = "regional-merchant" }}
platform_key = {{ env = "regional" }}
{more}
"#,
            sandbox.base_url("starpay").unwrap(),
            starpay::DEMO_MERCHANT_ID,
            sandbox.base_url("regional").unwrap(),
            regional::DEMO_APP_ID,
        );
        let keys = ["starpay", "regional"].map(|name| sandbox.platform_key(name).unwrap());
        let secrets = SecretFiles::beside("").environment(move |name| {
            Some(match name {
                "starpay-merchant" => starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "regional-merchant" => regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "starpay" => keys[0].clone(),
                _ => keys[1].clone(),
            })
        });
        let given = Arc::clone(&transport);
        let builder = Tulay::builder().transport(given).clock(sandbox.clock());
        let tulay = builder.secrets(Arc::new(secrets)).read("tests", &text).unwrap();
        Self { sandbox, tulay, transport }
    }

    fn provider(&self, name: &str) -> &Arc<dyn Provider> {
        self.tulay.provider(&ProviderId::new(name).unwrap()).unwrap()
    }

    /// A collection of PHP 100.00, with its order id.
    async fn collect(&self, provider: &str, name: &str) -> (CollectionRequest, OrderId) {
        let request = collection(name);
        let collections = self.provider(provider).collections().unwrap();
        let order_id = self.tulay.order_id(collections.capability(), &request);
        collections.create(&collections.prepare(&request, &order_id).unwrap()).await.unwrap();
        (request, order_id)
    }

    /// Connections to this provider are refused from now on.
    fn refuse(&self, provider: &str) {
        let below = self.sandbox.base_url(provider).unwrap();
        *self.transport.below.lock().unwrap() = Some(below);
    }
}

fn reference(text: &str) -> Reference {
    Reference::new(text).unwrap()
}

/// PHP 100.00 by QR code.
fn collection(name: &str) -> CollectionRequest {
    let amount = Money::parse("100.00", Currency::PHP).unwrap();
    let payer = Party::default()
        .with_name(Name::full("Ana Reyes").unwrap())
        .with_email(Email::new("ana@example.com").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap());
    CollectionRequest::new(reference(name), Country::PH, amount, CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer)
}

#[tokio::test]
async fn another_collection_of_the_reference_is_noticed() {
    let setup = Setup::new().await;
    let (mut request, _) = setup.collect("regional", "C1").await;
    request.amount = Money::parse("100.01", Currency::PHP).unwrap();
    let error = setup.tulay.begin_collection(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
}

#[tokio::test]
async fn an_unreachable_provider_leaves_nothing_proven() {
    for (up, down) in [("starpay", "regional"), ("regional", "starpay")] {
        let setup = Setup::new().await;
        let (request, _) = setup.collect(up, "C1").await;
        setup.refuse(down);
        let known = setup.tulay.find_collection(&request.reference).await.unwrap().unwrap();
        assert_eq!(known.not_asked, [ProviderId::new(down).unwrap()]);
        for name in ["C9", "C10"] {
            let error = setup.tulay.begin_collection(&collection(name)).await.unwrap_err();
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Unreachable, Effect::Unknown));
            let expected = format!("the look-up failed: {down}: the provider could not be reached");
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[tokio::test]
async fn an_unknown_collection_is_prepared_and_not_sent() {
    let setup = Setup::new().await;
    let request = collection("C1");
    for _ in 0..2 {
        match setup.tulay.begin_collection(&request).await.unwrap() {
            Begun::New(provider, prepared) => {
                assert_eq!(provider.id().as_str(), "starpay");
                assert_eq!(prepared.lookup.amount, Some(request.amount));
            }
            Begun::Known(known) => panic!("{known:?}"),
        }
    }
    assert!(setup.tulay.find_collection(&request.reference).await.unwrap().is_none());
}

#[tokio::test]
async fn two_orders_of_one_reference_are_an_error() {
    let setup = Setup::new().await;
    let (request, _) = setup.collect("starpay", "C1").await;
    setup.collect("regional", "C1").await;
    let error = setup.tulay.find_collection(&request.reference).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "starpay and regional know the reference: it may have been paid more than once"
    );
}

#[tokio::test]
async fn a_collection_is_found_at_any_provider() {
    for name in ["starpay", "regional"] {
        let setup = Setup::new().await;
        let (request, order_id) = setup.collect(name, "C1").await;
        let known = setup.tulay.find_collection(&request.reference).await.unwrap().unwrap();
        assert_eq!(known.provider.id().as_str(), name);
        assert_eq!(known.lookup.order_id, order_id);
        let begun = setup.tulay.begin_collection(&request).await.unwrap();
        assert!(matches!(begun, Begun::Known(_)));
    }
}
