//! The adapter against the simulated provider: what it says, held against where money moved.

use crate::simulator::{API_KEY, Simulator};
use jiff::SignedDuration;
use std::sync::Arc;
use tulay_core::*;
use tulay_kawayan::{Kawayan, Keys, Settings};
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
    let request = crate::platform::Platform::payout(&capability.corridors[0]);
    let namespace = Namespace::new("tests").unwrap();
    let operation = Operation::Payout;
    let id = OrderId::derive(capability.ids, &namespace, operation, &request.reference, 1);
    payouts.prepare(&request, &id).unwrap()
}

async fn connected() -> (Sandbox, Kawayan) {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    let sandbox = Sandbox::builder().offline().manual_clock(at).provider(Simulator::default());
    let sandbox = sandbox.start().await.unwrap();
    let context = AdapterContext::new(
        sandbox.transport(),
        sandbox.clock(),
        Arc::new(Nothing),
        Arc::new(Nothing),
    );
    let url = sandbox.base_url("kawayan").unwrap();
    let settings = Settings::new(Environment::Sandbox, url, "shop-1");
    let id = ProviderId::new("kawayan").unwrap();
    let keys = Keys { api_key: Secret::new(API_KEY).unwrap() };
    let adapter = Kawayan::new(id, settings, keys, context).unwrap();
    (sandbox, adapter)
}

#[tokio::test]
async fn a_payout_settles_and_moves_money_once() {
    let (sandbox, adapter) = connected().await;
    let payouts = adapter.payouts().unwrap();
    let order = prepared(payouts);
    assert!(matches!(payouts.find(&order.lookup).await, Ok(Found::Absent(_))));
    assert_eq!(payouts.create(&order).await.unwrap().status, PayoutStatus::Pending);
    let again = payouts.create(&order).await.unwrap_err();
    assert_eq!((again.kind(), again.effect()), (ErrorKind::Duplicate, Effect::Unknown));
    sandbox.advance(SignedDuration::from_mins(1)).await;
    let Ok(Found::Found(payout)) = payouts.find(&order.lookup).await else { panic!("not found") };
    assert_eq!(payout.status, PayoutStatus::Succeeded);
    assert_eq!(sandbox.ledger().times_paid(order.lookup.order_id.as_str()), 1);
}
