//! The adapter against the simulated provider: what it says, held against where money moved.

use crate::{
    platform::Platform,
    simulator::{API_KEY, Simulator, WEBHOOK_SECRET},
};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay_conformance::Harness;
use tulay_core::*;
use tulay_paraw::{Keys, Paraw, Settings};
use tulay_sandbox::Sandbox;

#[derive(Debug)]
struct Nothing;

impl MessageIds for Nothing {
    fn fresh(&self) -> String {
        "0".repeat(26)
    }
}

impl Secrets for Nothing {
    fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
        Err(Invalid::new("secret", "one given in code"))
    }
}

fn prepared(payouts: &dyn Payouts) -> Prepared {
    let capability = payouts.capability();
    let request = Platform::payout(&capability.corridors[0]);
    let namespace = Namespace::new("tests").unwrap();
    let operation = Operation::Payout;
    let id = OrderId::derive(capability.ids, &namespace, operation, &request.reference, 1);
    payouts.prepare(&request, &id).unwrap()
}

/// The merchant's endpoint: it keeps what arrives.
#[derive(Debug, Default)]
struct Endpoint(Mutex<Vec<WebhookRequest>>);

#[async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        self.0.lock().unwrap().push(WebhookRequest::new(parts.uri, parts.headers, body));
        Ok(http::Response::default())
    }
}

async fn connected(endpoint: Arc<Endpoint>) -> (Sandbox, Paraw) {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    let sandbox = Sandbox::builder().offline().manual_clock(at).provider(Simulator::default());
    let sandbox = sandbox.notify_through(endpoint).start().await.unwrap();
    let context = AdapterContext::new(
        sandbox.transport(),
        sandbox.clock(),
        Arc::new(Nothing),
        Arc::new(Nothing),
    );
    let url = sandbox.base_url("paraw").unwrap();
    let settings = Settings::new(Environment::Sandbox, url, "shop-1");
    let id = ProviderId::new("paraw").unwrap();
    let [api_key, webhook_secret] =
        [API_KEY, WEBHOOK_SECRET].map(|text| Secret::new(text).unwrap());
    let keys = Keys { api_key, webhook_secret };
    let adapter = Paraw::new(id, settings, keys, context).unwrap();
    sandbox.notify_at("paraw", "shop-1", "http://127.0.0.1/notify/paraw".parse().unwrap()).unwrap();
    (sandbox, adapter)
}

#[tokio::test]
async fn a_payout_settles_and_moves_money_once() {
    let (sandbox, adapter) = connected(Arc::default()).await;
    let payouts = adapter.payouts().unwrap();
    let order = prepared(payouts);
    assert!(matches!(payouts.find(&order.lookup).await, Ok(Found::Absent(_))));
    for _ in 0..2 {
        // The key is remembered: a second sending is answered as the first was.
        assert_eq!(payouts.create(&order).await.unwrap().status, PayoutStatus::Pending);
    }
    sandbox.advance(SignedDuration::from_mins(1)).await;
    let Ok(Found::Found(payout)) = payouts.find(&order.lookup).await else { panic!("not found") };
    assert_eq!(payout.status, PayoutStatus::Succeeded);
    assert_eq!(sandbox.ledger().times_paid(order.lookup.order_id.as_str()), 1);
}

#[tokio::test]
async fn a_paid_collection_is_notified_and_refunded() {
    let endpoint = Arc::new(Endpoint::default());
    let (sandbox, adapter) = connected(Arc::clone(&endpoint)).await;
    let (collections, refunds) = (adapter.collections().unwrap(), adapter.refunds().unwrap());
    let corridor = &collections.capability().corridors[0];
    let namespace = Namespace::new("tests").unwrap();
    let id = |operation, reference| {
        OrderId::derive(IdRules::STANDARD, &namespace, operation, reference, 1)
    };
    let Some(Request::Collection(sale)) = Platform.request(Operation::Collection, corridor) else {
        panic!("no collection")
    };
    let order = collections.prepare(&sale, &id(Operation::Collection, &sale.reference)).unwrap();
    let shown = collections.create(&order).await.unwrap();
    assert!(matches!(shown.payment_instructions, Some(PaymentInstructions::Redirect(_))));
    sandbox.advance(SignedDuration::from_mins(1)).await;

    // The look-up is by our id: as if the response to the creation had been lost.
    let Ok(Found::Found(paid)) = collections.find(&order.lookup).await else { panic!("not found") };
    assert_eq!(paid.observation.status, CollectionStatus::Paid);
    let raw = endpoint.0.lock().unwrap().remove(0);
    let opened = adapter.open(&raw).unwrap();
    let Some([Notification::Collection(notified)]) = opened.evidence().map(Vec::as_slice) else {
        panic!("no evidence")
    };
    assert_eq!(notified.status, CollectionStatus::Paid);

    let mut original = order.lookup.clone();
    original.learn(&paid.observation);
    let back = Reference::new("BACK-1").unwrap();
    let request = RefundRequest::new(back, original, sale.amount, sale.amount);
    let order = refunds.prepare(&request, &id(Operation::Refund, &request.reference)).unwrap();
    assert_eq!(refunds.create(&order).await.unwrap().status, RefundStatus::Pending);
    sandbox.advance(SignedDuration::from_mins(1)).await;
    let Ok(Found::Found(refund)) = refunds.find(&order.lookup).await else { panic!("not found") };
    assert_eq!(refund.status, RefundStatus::Succeeded);
}
