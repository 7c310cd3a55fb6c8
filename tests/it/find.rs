//! The order of a reference is found at whichever provider has it.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay::{
    Begun, CallError, Collection, CollectionMethod, CollectionRequest, Country, Currency, Effect,
    Email, ErrorKind, Found, Known, Lookup, MerchantAccount, Money, Name, Operation, OrderId,
    Party, Phone, Provider, ProviderExt, ProviderId, Reference, Refund, RefundList, RefundRequest,
    RefundStatus, SecretFiles, Tulay,
    adapter::{ProviderResponse, Roles, Transport, TransportError, TransportErrorKind, Trust},
};
use tulay_sandbox::{Sandbox, kit::Direction, regional, starpay};

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

    /// The same at the regional provider, paid.
    async fn paid(&self, name: &str) -> Known<'_, Collection> {
        let (request, order_id) = self.collect("regional", name).await;
        self.sandbox.pay("regional", order_id.as_str(), None).unwrap();
        self.sandbox.advance(SignedDuration::from_secs(1)).await;
        self.tulay.find_collection(&request.reference).await.unwrap().unwrap()
    }

    /// Begins a refund of so many minor units and sends it, if it is new.
    async fn refund(
        &self,
        paid: &Known<'_, Collection>,
        name: &str,
        minor: i64,
    ) -> Result<bool, CallError> {
        let begun = self.tulay.begin_refund(paid, &refund(paid, name, minor)).await?;
        let Begun::New(provider, prepared) = begun else { return Ok(false) };
        provider.refunds()?.create(&prepared).await?;
        Ok(true)
    }

    /// What the ledger says was given back, in minor units.
    fn refunded(&self) -> i64 {
        let ledger = self.sandbox.ledger();
        let back = ledger.movements().iter().filter(|m| m.direction == Direction::Back);
        back.map(|movement| movement.money.minor()).sum()
    }

    /// Connections to this provider are refused from now on.
    fn refuse(&self, provider: &str) {
        let below = self.sandbox.base_url(provider).unwrap();
        *self.transport.below.lock().unwrap() = Some(below);
    }
}

fn refund(paid: &Known<'_, Collection>, name: &str, minor: i64) -> RefundRequest {
    let amount = Money::from_minor(minor, Currency::PHP);
    let paid_amount = paid.lookup.amount.unwrap();
    RefundRequest::new(reference(name), paid.lookup.clone(), paid_amount, amount)
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

#[tokio::test]
async fn refunds_never_exceed_what_was_paid() {
    let setup = Setup::new().await;
    let paid = setup.paid("C1").await;
    assert!(setup.refund(&paid, "F1", 6_000).await.unwrap());
    setup.sandbox.advance(SignedDuration::from_secs(1)).await;
    let error = setup.refund(&paid, "F2", 6_000).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Limit, Effect::NotSent));
    assert_eq!(error.field(), Some("amount"));
    assert_eq!(
        error.to_string(),
        "expected at most PHP 40.00, which is left to refund: PHP 100.00 was paid, PHP 60.00 was \
         refunded"
    );
    assert_eq!(setup.refunded(), 6_000);
    assert!(setup.refund(&paid, "F2", 4_000).await.unwrap());
    setup.sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(setup.refunded(), 10_000);
}

#[tokio::test]
async fn a_pending_refund_counts() {
    let setup = Setup::new().await;
    let paid = setup.paid("C1").await;
    assert!(setup.refund(&paid, "F1", 6_000).await.unwrap());
    let error = setup.refund(&paid, "F2", 4_001).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Limit, Effect::NotSent));
    assert_eq!(
        error.to_string(),
        "expected at most PHP 40.00, which is left to refund: PHP 100.00 was paid, PHP 0.00 was \
         refunded and PHP 60.00 pending"
    );
}

#[tokio::test]
async fn a_known_refund_is_returned_and_not_sent_again() {
    let setup = Setup::new().await;
    let mut paid = setup.paid("C1").await;
    assert!(setup.refund(&paid, "F1", 10_000).await.unwrap());
    setup.sandbox.advance(SignedDuration::from_secs(1)).await;
    assert!(!setup.refund(&paid, "F1", 10_000).await.unwrap());
    // Another amount: more than the provider would refund, which says nothing about this refund.
    let error = setup.refund(&paid, "F1", 10_001).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
    // It is returned whatever the collection's status is now.
    paid.not_asked.push(ProviderId::new("starpay").unwrap());
    assert!(!setup.refund(&paid, "F1", 10_000).await.unwrap());
    let error = setup.refund(&paid, "F2", 1).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::State, Effect::NotSent));
    assert_eq!(setup.refunded(), 10_000);
}

#[tokio::test]
async fn a_refund_of_another_payment_is_refused() {
    let setup = Setup::new().await;
    let (paid, other) = (setup.paid("C1").await, setup.paid("C2").await);
    let error = setup.tulay.begin_refund(&paid, &refund(&other, "F1", 1)).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::InvalidRequest, Effect::NotSent));
    assert_eq!(error.field(), Some("original"));
}

/// The regional provider with another list of refunds.
#[derive(Debug)]
struct Listing {
    inner: Arc<dyn Provider>,
    list: Option<Found<Vec<Refund>>>,
}

impl Provider for Listing {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn merchant_account(&self) -> &MerchantAccount {
        self.inner.merchant_account()
    }

    fn roles(&self) -> Roles<'_> {
        self.inner.roles().refund_list(self)
    }
}

#[async_trait]
impl RefundList for Listing {
    async fn list(&self, _: &Lookup) -> Result<Found<Vec<Refund>>, CallError> {
        let unread = || CallError::new(Operation::RefundFind, ErrorKind::Unavailable, "no list");
        self.list.clone().ok_or_else(unread)
    }
}

/// Begins a second refund of 60 of 100, which would be refused by the true list.
async fn begin_with(list: impl Fn(OrderId) -> Option<Found<Vec<Refund>>>) -> Result<(), CallError> {
    let setup = Setup::new().await;
    let mut paid = setup.paid("C1").await;
    assert!(setup.refund(&paid, "F1", 6_000).await.unwrap());
    setup.sandbox.advance(SignedDuration::from_secs(1)).await;
    let request = refund(&paid, "F2", 6_000);
    let order_id = setup.tulay.order_id(paid.provider.refunds().unwrap().capability(), &request);
    let inner = Arc::clone(paid.provider);
    let provider: Arc<dyn Provider> = Arc::new(Listing { inner, list: list(order_id) });
    paid.provider = &provider;
    match setup.tulay.begin_refund(&paid, &request).await? {
        Begun::New(..) => Ok(()),
        Begun::Known(known) => panic!("{known:?}"),
    }
}

#[tokio::test]
async fn an_absent_list_leaves_the_rest_unknown() {
    let response = ProviderResponse::new(http::StatusCode::OK, Trust::Signed, Bytes::new());
    begin_with(|_| Some(Found::Absent(response.clone()))).await.unwrap();
}

#[tokio::test]
async fn an_unreadable_list_begins_no_refund() {
    let error = begin_with(|_| None).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unavailable, Effect::Unknown));
}

#[tokio::test]
async fn refunds_that_cannot_be_added_up_stop_the_next() {
    let other = Refund::new(RefundStatus::Succeeded);
    let error = begin_with(|_| Some(Found::Found(vec![other.clone()]))).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unexpected, Effect::Unknown));
}

#[tokio::test]
async fn a_listed_refund_is_not_begun_again() {
    let listed = |order_id| {
        let mut own = Refund::new(RefundStatus::Failed);
        own.order_id = Some(order_id);
        Some(Found::Found(vec![own]))
    };
    let error = begin_with(listed).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Duplicate, Effect::Unknown));
}

#[tokio::test]
async fn a_country_without_refunds_sends_nothing() {
    let setup = Setup::new().await;
    let paid = setup.paid("C1").await;
    let mut request = refund(&paid, "F1", 1);
    request.original.country = Country::MY;
    let error = setup.tulay.begin_refund(&paid, &request).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
}
