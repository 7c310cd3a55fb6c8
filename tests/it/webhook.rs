//! The endpoint with the real adapters: what simulators send, which share no code with it, and
//! whatever else arrives.

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use jiff::SignedDuration;
use proptest::prelude::*;
use std::{
    cell::OnceCell,
    collections::BTreeSet,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Money, Name, Namespace, Operation,
    OrderId, Party, PaymentInstructions, PayoutRequest, Phone, Provider, ProviderExt, ProviderId,
    Reference, SecretFiles, Tulay,
    adapter::{IdRules, Transport, TransportError},
    webhook::{Authenticity, WebhookRequest},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Delivery, DeliveryOutcome, NotificationState},
    paymongo, regional, starpay, xendit,
};
use tulay_tests::{payout, webhooks::Endpoint};
use tulay_webhook::{Inbox, InboxError, Kept, Received, Receiver, Verdict, WebhookService};

/// The application: what the simulators notify.
#[derive(Debug, Default)]
struct Application {
    service: OnceLock<WebhookService>,
    /// Everything that arrived.
    arrived: Mutex<Vec<WebhookRequest>>,
}

#[async_trait]
impl Transport for Application {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (head, body) = request.clone().into_parts();
        self.arrived.lock().unwrap().push(WebhookRequest::new(head.uri, head.headers, body));
        let response = self.service.get().unwrap().respond(request.map(Full::new)).await;
        let (head, body) = response.into_parts();
        let Ok(body) = body.collect().await;
        Ok(http::Response::from_parts(head, body.to_bytes()))
    }
}

/// Keeps in memory, unless it is down.
#[derive(Debug, Default)]
struct Memory {
    kept: Mutex<Vec<Received>>,
    is_down: AtomicBool,
}

#[async_trait]
impl Inbox for Memory {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        if self.is_down.load(Ordering::Relaxed) {
            return Err(InboxError::new("the database is down"));
        }
        let mut kept = self.kept.lock().unwrap();
        let is_known = kept.iter().any(|known| known.body == received.body);
        kept.extend((!is_known).then_some(received));
        Ok(if is_known { Kept::Known } else { Kept::New })
    }
}

struct Shop {
    sandbox: Sandbox,
    application: Arc<Application>,
    inbox: Arc<Memory>,
    tulay: Tulay,
}

impl Shop {
    async fn open() -> Self {
        let (application, inbox) = (Arc::new(Application::default()), Arc::new(Memory::default()));
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let builder = Sandbox::builder().offline().manual_clock(at);
        let builder = builder.notify_through(Arc::clone(&application) as Arc<dyn Transport>);
        let sandbox = builder.start().await.unwrap();
        let tulay = configured(&sandbox);
        for (provider, account) in [
            ("regional", regional::DEMO_APP_ID),
            ("xendit", xendit::DEMO_BUSINESS_ID),
            ("paymongo", paymongo::DEMO_ORGANIZATION),
        ] {
            let end = if provider == "paymongo" { "events" } else { "payout" };
            let url = format!("http://127.0.0.1:8300/notify/{provider}/{end}");
            sandbox.notify_at(provider, account, url.parse().unwrap()).unwrap();
        }
        let inbox_of_all = Arc::clone(&inbox) as Arc<dyn Inbox>;
        let receiver = Receiver::new(tulay.providers().cloned(), inbox_of_all);
        application.service.set(WebhookService::new(Arc::new(receiver))).unwrap();
        Self { sandbox, application, inbox, tulay }
    }

    fn provider(&self, name: &str) -> &Arc<dyn Provider> {
        self.tulay.provider(&ProviderId::new(name).unwrap()).unwrap()
    }

    /// One order at each, of which the payer of the last pays.
    async fn orders(&self) {
        for name in ["starpay", "regional", "xendit"] {
            let payouts = self.provider(name).payouts().unwrap();
            let id = order_id(Operation::Payout, payouts.capability().ids);
            payouts.create(&payouts.prepare(&request(), &id).unwrap()).await.unwrap();
        }
        let collections = self.provider("paymongo").collections().unwrap();
        let amount = Money::parse("1250.50", Currency::PHP).unwrap();
        let reference = Reference::new("W-1").unwrap();
        let sale = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr);
        let sale = sale.with_return_url("https://shop.example.com/thanks");
        let id = order_id(Operation::Collection, collections.capability().ids);
        let made = collections.create(&collections.prepare(&sale, &id).unwrap()).await.unwrap();
        let Some(PaymentInstructions::Qr(code)) = made.payment_instructions else { panic!() };
        self.sandbox.pay("paymongo", code.expose(), None).unwrap();
    }

    async fn advance(&self, seconds: i64) {
        self.sandbox.advance(SignedDuration::from_secs(seconds)).await;
    }

    fn outcomes(&self) -> Vec<(&'static str, Vec<DeliveryOutcome>)> {
        let outcome = |delivery: &Delivery| delivery.outcome;
        let records = self.sandbox.notifications().into_iter();
        records.map(|r| (r.provider, r.deliveries.iter().map(outcome).collect())).collect()
    }

    fn count(&self, verdict: Verdict) -> u64 {
        self.application.service.get().unwrap().receiver().verdicts().get(verdict)
    }
}

fn request() -> PayoutRequest {
    let mobile = Phone::new("+639171234567").unwrap();
    let name = Name::parts("Maria", "Dela Cruz").unwrap();
    payout("W-1", "0011").with_beneficiary(Party::default().with_name(name).with_mobile(mobile))
}

fn order_id(operation: Operation, rules: IdRules) -> OrderId {
    let (namespace, reference) = (Namespace::new("tests"), Reference::new("W-1"));
    OrderId::derive(rules, &namespace.unwrap(), operation, &reference.unwrap(), 1)
}

fn configured(sandbox: &Sandbox) -> Tulay {
    let url = |name| sandbox.base_url(name).unwrap();
    let text = format!(
        r#"namespace = "tests"
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
countries = ["PH"]
private_key = {{ env = "regional-merchant" }}
platform_key = {{ env = "regional" }}

[providers.xendit]
adapter = "xendit"
environment = "sandbox"
base_url = "{}"
business_id = "{}"
country = "PH"
secret_key = {{ env = "xendit" }}
callback_token = {{ env = "xendit-token" }}

[providers.paymongo]
adapter = "paymongo"
environment = "sandbox"
base_url = "{}"
organization_id = "{}"
qr_merchant = "SANDBOX MERCHANT"
secret_key = {{ env = "paymongo" }}
webhook_secret = {{ env = "paymongo-secret" }}
"#,
        url("starpay"),
        starpay::DEMO_MERCHANT_ID,
        url("regional"),
        regional::DEMO_APP_ID,
        url("xendit"),
        xendit::DEMO_BUSINESS_ID,
        url("paymongo"),
        paymongo::DEMO_ORGANIZATION,
    );
    let keys = ["starpay", "regional"].map(|name| sandbox.platform_key(name).unwrap());
    let secrets = SecretFiles::beside("").environment(move |name| {
        Some(match name {
            "starpay-merchant" => starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
            "regional-merchant" => regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
            "starpay" => keys[0].clone(),
            "regional" => keys[1].clone(),
            "xendit" => xendit::DEMO_SECRET_KEY.to_owned(),
            "xendit-token" => xendit::DEMO_CALLBACK_TOKEN.to_owned(),
            "paymongo" => paymongo::DEMO_SECRET_KEY.to_owned(),
            _ => paymongo::DEMO_WEBHOOK_SECRET.to_owned(),
        })
    });
    let builder = Tulay::builder().transport(sandbox.transport()).clock(sandbox.clock());
    builder.secrets(Arc::new(secrets)).read("tests", &text).unwrap()
}

#[tokio::test]
async fn each_platform_takes_its_acknowledgement() {
    let shop = Shop::open().await;
    shop.orders().await;
    shop.advance(60).await;
    let records = shop.sandbox.notifications();
    let notified: BTreeSet<_> = records.iter().map(|record| record.provider).collect();
    assert_eq!(notified, BTreeSet::from(["paymongo", "regional", "starpay", "xendit"]));
    for record in &records {
        assert_eq!(record.state, NotificationState::Acknowledged, "{record:?}");
    }
    assert_eq!(shop.count(Verdict::Stored), records.len() as u64);
    for received in shop.inbox.kept.lock().unwrap().iter() {
        let (adapter, proof) = (&*received.account.adapter, received.verified.authenticity());
        let expected = match adapter {
            "starpay" | "paymongo" => Authenticity::Signed,
            "regional" => Authenticity::SharedKey,
            _ => Authenticity::SharedToken,
        };
        assert_eq!(proof, expected, "{adapter}");
    }
}

#[tokio::test]
async fn each_platform_repeats_what_was_not_stored() {
    let shop = Shop::open().await;
    shop.inbox.is_down.store(true, Ordering::Relaxed);
    shop.orders().await;
    shop.advance(1).await;
    let refused = |outcomes: &[DeliveryOutcome]| {
        outcomes.iter().all(|outcome| *outcome == DeliveryOutcome::Rejected(503))
    };
    for (provider, outcomes) in shop.outcomes() {
        assert!(!outcomes.is_empty() && refused(&outcomes), "{provider} {outcomes:?}");
    }
    shop.inbox.is_down.store(false, Ordering::Relaxed);
    shop.advance(60).await;
    for (provider, outcomes) in shop.outcomes() {
        let (last, earlier) = outcomes.split_last().unwrap();
        assert_eq!(*last, DeliveryOutcome::Acknowledged, "{provider}");
        assert!(refused(earlier), "{provider} {outcomes:?}");
    }
}

#[tokio::test]
async fn an_altered_message_is_refused() {
    let shop = Shop::open().await;
    shop.orders().await;
    shop.advance(60).await;
    let genuine = std::mem::take(&mut *shop.application.arrived.lock().unwrap());
    let kept = shop.inbox.kept.lock().unwrap().len();
    let receiver = shop.application.service.get().unwrap().receiver();
    for request in &genuine {
        // A token covers no bytes, so that its message is never more than a hint.
        if request.target.path().contains("xendit") {
            continue;
        }
        for at in (0..request.body.len()).step_by(7) {
            let mut body = request.body.to_vec();
            body[at] ^= 1;
            let (target, headers) = (request.target.clone(), request.headers.clone());
            let altered = WebhookRequest::new(target, headers, body.into());
            let response = receiver.receive(&altered).await;
            assert_eq!(response.status(), 401, "{:?} at {at}", request.target);
        }
    }
    assert_eq!(shop.inbox.kept.lock().unwrap().len(), kept);
}

/// Each is refused by its place in the endpoint, not by a verification: another provider's message,
/// our own request, and a message without the header that proves it.
#[tokio::test]
async fn a_message_verifies_at_its_own_address_alone() {
    let shop = Shop::open().await;
    shop.orders().await;
    shop.advance(60).await;
    let genuine = std::mem::take(&mut *shop.application.arrived.lock().unwrap());
    let receiver = shop.application.service.get().unwrap().receiver();
    for request in &genuine {
        for provider in ["starpay", "regional", "xendit", "paymongo"] {
            let target = format!("/notify/{provider}/payout");
            if request.target.path().contains(&format!("/{provider}/")) {
                continue;
            }
            let (headers, body) = (request.headers.clone(), request.body.clone());
            let moved = WebhookRequest::new(target.parse().unwrap(), headers, body);
            let response = receiver.receive(&moved).await;
            assert_eq!(response.status(), 401, "{} at {target}", request.target);
        }
    }
}

thread_local! {
    static ENDPOINT: OnceCell<Endpoint> = const { OnceCell::new() };
}

fn check(input: &[u8]) {
    ENDPOINT.with(|endpoint| endpoint.get_or_init(Endpoint::default).check(input));
}

#[test]
fn the_samples_are_stored() {
    let endpoint = Endpoint::default();
    for (number, platform) in endpoint.platforms().iter().enumerate() {
        let request = platform.genuine(platform.sample.as_bytes());
        let opened = platform.provider.webhooks().unwrap().open(&request).unwrap();
        assert!(opened.get()[0].order_id().is_some(), "{platform:?}");
        let choice = 128 + u8::try_from(number).unwrap();
        endpoint.check(&[&[choice], platform.sample.as_bytes()].concat());
    }
}

proptest! {
    #[test]
    fn any_body_is_answered(choice in any::<u8>(), body in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&[&[choice], &body[..]].concat());
    }

    #[test]
    fn any_change_of_a_message_is_answered(
        choice in any::<u8>(),
        start in any::<prop::sample::Index>(),
        length in 0..40_usize,
        inserted in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..20),
            "[\\[\\]{}\":,0-9a-z.-]{0,20}".prop_map(String::into_bytes),
            Just(b"null".to_vec()),
            Just(b"1e999".to_vec()),
            Just("9".repeat(400).into_bytes()),
        ],
    ) {
        let sample = ENDPOINT.with(|endpoint| {
            let platforms = endpoint.get_or_init(Endpoint::default).platforms();
            platforms[usize::from(choice) % platforms.len()].sample.clone().into_bytes()
        });
        let start = start.index(sample.len());
        let end = (start + length).min(sample.len());
        check(&[&[choice], &sample[..start], &inserted, &sample[end..]].concat());
    }
}
