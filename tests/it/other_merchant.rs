//! Another merchant of the same platform, who pays himself under our order ids.

use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay::{
    CollectionMethod, CollectionRequest, CollectionStatus, Collections, Country, Currency, Email,
    Environment, Found, Money, Name, Namespace, Operation, OrderId, Party, PaymentInstructions,
    Phone, ProviderId, Reference, StaticCodePayments, StaticCodeRequest,
    adapter::{
        AdapterContext, IdRules, RandomMessageIds, Secret, Secrets, Transport, TransportError,
    },
    regional::{Keys, Regional, Settings},
    webhook::{Authenticity, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    regional::{self, Merchant},
};
use tulay_tests::{collect, make_code};

const OTHER_APP_ID: &str = "0123456789abcdef0123456789abcdef";

/// Everything that the platform sends, whomever it is for.
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
        Ok(http::Response::new(Bytes::from_static(br#"{"code":10000,"message":"Success"}"#)))
    }
}

struct Platform {
    sandbox: Sandbox,
    endpoint: Arc<Endpoint>,
}

impl Platform {
    async fn open() -> Self {
        let endpoint = Arc::new(Endpoint::default());
        let other = Merchant::new(OTHER_APP_ID, regional::DEMO_MERCHANT_PUBLIC_KEY);
        let settings = regional::Settings {
            merchants: vec![Merchant::demo(), other],
            ..regional::Settings::default()
        };
        let simulated = regional::Regional::new(settings).unwrap();
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let builder = Sandbox::builder().offline().manual_clock(at).provider(simulated);
        let builder = builder.notify_through(Arc::clone(&endpoint) as Arc<dyn Transport>);
        Self { sandbox: builder.start().await.unwrap(), endpoint }
    }

    /// A merchant's adapter, with an address of his own.
    fn merchant(&self, app_id: &str, notify_url: &str, key: Option<&str>) -> Regional {
        let settings = Settings::new(
            Environment::Sandbox,
            self.sandbox.base_url("regional").unwrap(),
            app_id,
            vec![Country::PH],
        );
        let keys = Keys::parse(
            regional::DEMO_MERCHANT_PRIVATE_KEY.as_bytes(),
            self.sandbox.platform_key("regional").unwrap().as_bytes(),
        );
        let mut context = AdapterContext::new(
            self.sandbox.transport(),
            self.sandbox.clock(),
            Arc::new(RandomMessageIds::new()),
            Arc::new(tulay::SecretFiles::beside("")) as Arc<dyn Secrets>,
        );
        context.notify_url = notify_url.parse().ok();
        context.notify_key = key.and_then(|key| Secret::new(key).ok());
        Regional::new(ProviderId::new("regional").unwrap(), settings, keys.unwrap(), context)
            .unwrap()
    }

    /// The payer pays this code; what the platform then sends.
    async fn pays(
        &self,
        code: Option<&PaymentInstructions>,
        amount: Option<&str>,
    ) -> WebhookRequest {
        let Some(PaymentInstructions::Qr(text)) = code else { panic!("{code:?}") };
        self.sandbox.pay("regional", text.expose(), amount).unwrap();
        self.sandbox.advance(SignedDuration::from_secs(1)).await;
        let sent = std::mem::take(&mut *self.endpoint.0.lock().unwrap());
        sent.into_iter().last().unwrap()
    }
}

fn payer() -> Party {
    Party::default()
        .with_name(Name::full("Maria Dela Cruz").unwrap())
        .with_email(Email::new("maria@example.com").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap())
}

fn order_id(operation: Operation) -> OrderId {
    let (namespace, reference) = (Namespace::new("victim").unwrap(), Reference::new("S1").unwrap());
    OrderId::derive(IdRules::STANDARD, &namespace, operation, &reference, 1)
}

fn sale() -> CollectionRequest {
    let amount = Money::from_minor(95_000, Currency::PHP);
    let reference = Reference::new("S1").unwrap();
    let mut sale = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr);
    sale.payer = payer();
    sale.return_url = Some("https://shop.example.com/thanks".into());
    sale
}

#[tokio::test]
async fn another_merchant_s_payment_ends_no_collection() {
    let platform = Platform::open().await;
    let url = "http://127.0.0.1:1/notify/regional";
    let victim = platform.merchant(regional::DEMO_APP_ID, url, None);
    // He may know where our notifications arrive.
    let thief = platform.merchant(OTHER_APP_ID, url, None);
    let id = order_id(Operation::Collection);
    collect(&victim, &sale(), &id).await.unwrap();
    let his = collect(&thief, &sale(), &id).await.unwrap();
    let notification = platform.pays(his.payment_instructions.as_ref(), None).await;
    let opened = victim.open(&notification).unwrap();
    assert_eq!(opened.authenticity(), Authenticity::SharedKey);
    assert!(opened.evidence().is_none());
    // The one look-up that a hint is for.
    let lookup = Collections::prepare(&victim, &sale(), &id).unwrap().lookup;
    let Found::Found(found) = Collections::find(&victim, &lookup).await.unwrap() else { panic!() };
    assert_eq!(found.observation.status, CollectionStatus::Pending);
    // With a key, an application has addresses that he does not know.
    let keyed = platform.merchant(regional::DEMO_APP_ID, url, Some("a key of the application"));
    assert!(keyed.open(&notification).is_err());
}

#[tokio::test]
async fn a_notification_arrives_at_the_address_that_the_key_makes() {
    let platform = Platform::open().await;
    let url = "http://127.0.0.1:1/notify/regional";
    let keyed = platform.merchant(regional::DEMO_APP_ID, url, Some("a key of the application"));
    let made = collect(&keyed, &sale(), &order_id(Operation::Collection)).await.unwrap();
    let notification = platform.pays(made.payment_instructions.as_ref(), None).await;
    assert!(notification.target.path().starts_with("/notify/regional/"));
    assert!(notification.target.path().ends_with("/collection"));
    assert!(keyed.open(&notification).is_ok());
}

#[tokio::test]
async fn another_merchant_s_payment_pays_no_static_code() {
    let platform = Platform::open().await;
    let url = "http://127.0.0.1:1/notify/regional";
    let victim = platform.merchant(regional::DEMO_APP_ID, url, None);
    let thief = platform.merchant(OTHER_APP_ID, url, None);
    let id = order_id(Operation::StaticCode);
    let reference = Reference::new("S1").unwrap();
    let mut request =
        StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr);
    request.holder = payer();
    let ours = make_code(&victim, &request, &id).await.unwrap();
    let his = make_code(&thief, &request, &id).await.unwrap();
    for amount in ["48000.00", "1.00"] {
        let notification = platform.pays(his.payment_instructions.as_ref(), Some(amount)).await;
        let opened = victim.open(&notification).unwrap();
        assert!(opened.evidence().is_none(), "{amount}");
    }
    let day = "2026-11-20".parse().unwrap();
    assert!(victim.payments(&ours.lookup, day, day).await.unwrap().is_empty());
    // Ours is found in the list, which is how a hint is followed up.
    platform.pays(ours.payment_instructions.as_ref(), Some("5.00")).await;
    assert_eq!(victim.payments(&ours.lookup, day, day).await.unwrap().len(), 1);
}
