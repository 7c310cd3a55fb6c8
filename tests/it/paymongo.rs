//! The PayMongo adapter against the simulated PayMongo, which shares no code with it.

use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tulay::{
    Channel, CollectionMethod, CollectionRequest, CollectionStatus, Collections, Country, Currency,
    Effect, Environment, Found, InstitutionId, Lookup, Money, Namespace, Operation, OrderId,
    PaymentInstructions, PayoutStatus, Payouts, ProviderId, Reference, RefundRequest, RefundStatus,
    Refunds, SecretFiles,
    adapter::{
        AdapterContext, IdRules, RandomMessageIds, Secret, Transport, TransportError,
        TransportErrorKind,
    },
    paymongo::{Keys, Paymongo, Settings, SourceAccount},
    readings::{AccountKind, Balances, Institutions},
    webhook::{Handling, Notification, Verified, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    paymongo::{
        DEMO_ORGANIZATION, DEMO_SECRET_KEY, DEMO_WALLET_NAME, DEMO_WALLET_NUMBER,
        DEMO_WEBHOOK_SECRET,
    },
};
use tulay_tests::payout;

fn paymongo(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> Paymongo {
    let base_url = sandbox.base_url("paymongo").unwrap();
    let mut settings = Settings::new(Environment::Sandbox, base_url, DEMO_ORGANIZATION);
    settings.source_account = Some(SourceAccount::new(DEMO_WALLET_NUMBER, DEMO_WALLET_NAME));
    settings.wallet_id = Some("wallet_SandboxDemoMerchant0001Test".into());
    settings.qr_merchant = Some("SANDBOX MERCHANT".into());
    let secret = |text| Secret::new(text).unwrap();
    let keys = Keys::new(secret(DEMO_SECRET_KEY), vec![secret(DEMO_WEBHOOK_SECRET)]);
    let context = AdapterContext::new(
        transport,
        sandbox.clock(),
        Arc::new(RandomMessageIds::new()),
        Arc::new(SecretFiles::beside("")),
    );
    Paymongo::new(ProviderId::new("paymongo").unwrap(), settings, keys, context).unwrap()
}

/// The merchant's endpoint: keeps what arrives.
#[derive(Debug, Default)]
struct Endpoint(Mutex<Vec<WebhookRequest>>);

#[async_trait::async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        self.0.lock().unwrap().push(WebhookRequest::new(parts.uri, parts.headers, body));
        Ok(http::Response::new(Bytes::new()))
    }
}

/// Loses the first answers, after the platform gave them.
#[derive(Debug)]
struct Losing(Arc<dyn Transport>, AtomicUsize);

#[async_trait::async_trait]
impl Transport for Losing {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let response = self.0.send(request).await?;
        let lose = |left: usize| left.checked_sub(1);
        match self.1.fetch_update(Ordering::Relaxed, Ordering::Relaxed, lose) {
            Ok(_) => Err(TransportError::new(TransportErrorKind::Interrupted, "lost")),
            Err(_) => Ok(response),
        }
    }
}

struct Shop {
    sandbox: Sandbox,
    paymongo: Paymongo,
    endpoint: Arc<Endpoint>,
}

impl Shop {
    async fn open() -> Self {
        let endpoint = Arc::new(Endpoint::default());
        let sandbox = Sandbox::builder()
            .offline()
            .manual_clock("2026-11-20T10:00:00+08:00".parse().unwrap())
            .notify_through(Arc::clone(&endpoint) as _)
            .start()
            .await
            .unwrap();
        let address = "http://127.0.0.1:8300/notify/paymongo".parse().unwrap();
        sandbox.notify_at("paymongo", DEMO_ORGANIZATION, address).unwrap();
        let paymongo = paymongo(&sandbox, sandbox.transport());
        Self { sandbox, paymongo, endpoint }
    }

    /// A collection that a payer is shown, and what is stored of it.
    async fn shown(&self, method: CollectionMethod) -> (Lookup, PaymentInstructions) {
        let request = collection(method);
        let prepared =
            Collections::prepare(&self.paymongo, &request, &id(Operation::Collection)).unwrap();
        let made = Collections::create(&self.paymongo, &prepared).await.unwrap();
        let mut lookup = prepared.lookup;
        lookup.learn(&made.observation);
        (lookup, made.payment_instructions.unwrap())
    }

    /// What became of a collection.
    async fn found(&self, lookup: &mut Lookup) -> CollectionStatus {
        let Found::Found(found) = Collections::find(&self.paymongo, lookup).await.unwrap() else {
            panic!("it is absent")
        };
        lookup.learn(&found.observation);
        found.observation.status
    }

    async fn advance(&self, by: &str) {
        self.sandbox.advance(by.parse::<SignedDuration>().unwrap()).await;
    }

    /// Everything that was notified, opened.
    fn opened(&self) -> Vec<Notification> {
        let received = self.endpoint.0.lock().unwrap();
        let open = |raw| {
            let opened: Verified<_> = self.paymongo.open(raw).unwrap();
            assert!(opened.evidence().is_some());
            opened.into_inner()
        };
        assert_eq!(self.paymongo.acknowledge(Handling::Stored).status(), 200);
        received.iter().flat_map(open).collect()
    }
}

fn id(operation: Operation) -> OrderId {
    let namespace = Namespace::new("tests").unwrap();
    let reference = Reference::new("P-1").unwrap();
    OrderId::derive(IdRules::STANDARD, &namespace, operation, &reference, 1)
}

fn collection(method: CollectionMethod) -> CollectionRequest {
    let amount = Money::parse("1250.50", Currency::PHP).unwrap();
    CollectionRequest::new(Reference::new("P-1").unwrap(), Country::PH, amount, method)
        .with_return_url("https://shop.example.com/thanks")
}

#[tokio::test]
async fn a_code_is_read_paid_and_notified() {
    let shop = Shop::open().await;
    let (mut lookup, instructions) = shop.shown(CollectionMethod::Qr).await;
    let PaymentInstructions::Qr(text) = instructions else { panic!("no code") };
    assert!(text.expose().contains("54071250.50"));
    assert_eq!(shop.found(&mut lookup).await, CollectionStatus::Pending);
    shop.sandbox.pay("paymongo", text.expose(), None).unwrap();
    shop.advance("1m").await;
    assert_eq!(shop.found(&mut lookup).await, CollectionStatus::Paid);
    let payment = lookup.payment.clone().unwrap();
    let paid = shop.opened().into_iter().find_map(|notification| match notification {
        Notification::Collection(paid) if paid.status == CollectionStatus::Paid => Some(paid),
        _ => None,
    });
    let paid = paid.unwrap();
    assert_eq!((paid.order_id, paid.payment), (Some(lookup.order_id), Some(payment)));
    assert_eq!(paid.amount.unwrap().in_currency(Currency::PHP), lookup.amount);
}

#[tokio::test]
async fn an_expired_code_is_not_final() {
    let shop = Shop::open().await;
    let (mut lookup, _) = shop.shown(CollectionMethod::Qr).await;
    shop.advance("31m").await;
    let ended = |notification: &Notification| match notification {
        Notification::Collection(observation) => tulay::Status::is_final(&observation.status),
        _ => false,
    };
    let opened = shop.opened();
    assert!(!opened.is_empty() && !opened.iter().any(ended), "{opened:?}");
    assert_eq!(shop.found(&mut lookup).await, CollectionStatus::Pending);
}

#[tokio::test]
async fn a_payment_on_a_page_is_refunded() {
    let shop = Shop::open().await;
    let gcash = CollectionMethod::Redirect(InstitutionId::new("gcash").unwrap());
    let (mut lookup, instructions) = shop.shown(gcash).await;
    assert!(matches!(instructions, PaymentInstructions::Redirect(_)));
    let intent = lookup.provider_reference.clone().unwrap();
    shop.sandbox.pay("paymongo", intent.as_str(), None).unwrap();
    assert_eq!(shop.found(&mut lookup).await, CollectionStatus::Paid);
    assert_eq!(lookup.channel, Channel::Redirect);

    let (paid, part) = (lookup.amount.unwrap(), Money::parse("250.25", Currency::PHP).unwrap());
    let request = RefundRequest::new(Reference::new("P-1").unwrap(), lookup, paid, part)
        .with_reason("requested_by_customer");
    let prepared = Refunds::prepare(&shop.paymongo, &request, &id(Operation::Refund)).unwrap();
    let made = Refunds::create(&shop.paymongo, &prepared).await.unwrap();
    let mut refund = prepared.lookup;
    refund.learn(&made);
    shop.advance("1h").await;
    let Found::Found(found) = Refunds::find(&shop.paymongo, &refund).await.unwrap() else {
        panic!("it is absent")
    };
    assert_eq!(found.status, RefundStatus::Succeeded);
    assert_eq!(found.payment, request.original.payment);
}

#[tokio::test]
async fn a_lost_payout_is_sent_again_and_paid_once() {
    let shop = Shop::open().await;
    let losing = Losing(shop.sandbox.transport(), AtomicUsize::new(1));
    let paymongo = paymongo(&shop.sandbox, Arc::new(losing));
    let request = payout("P-1", "001234567890");
    let prepared = Payouts::prepare(&paymongo, &request, &id(Operation::Payout)).unwrap();
    let lost = Payouts::create(&paymongo, &prepared).await.unwrap_err();
    assert_eq!(lost.effect(), Effect::Unknown);
    let again = Payouts::create(&paymongo, &prepared).await.unwrap();
    let mut lookup = prepared.lookup.clone();
    lookup.learn(&again);
    shop.advance("1h").await;
    let Found::Found(found) = Payouts::find(&paymongo, &lookup).await.unwrap() else {
        panic!("it is absent")
    };
    assert_eq!(found.status, PayoutStatus::Succeeded);
    assert_eq!(found.provider_reference, again.provider_reference);
    assert_eq!(shop.sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn wallet_and_institutions_are_read() {
    let shop = Shop::open().await;
    let available =
        shop.paymongo.balance(AccountKind::Payout, Country::PH, Currency::PHP).await.unwrap();
    assert!(available.available.minor() > 0);
    let listed = shop.paymongo.list(Country::PH).await.unwrap();
    assert!(listed.iter().any(|entry| entry.code == "GXCHPHM2XXX"));
}
