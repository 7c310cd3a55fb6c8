//! Notifications that a person asks for.

use jiff::SignedDuration;
use tulay_sandbox::{
    Sandbox,
    kit::{DeliveryOutcome, Sample},
    paymongo, regional, starpay, xendit,
};

const ORDER: &str = "PCCT4DQCA7IYPBOIHLLI5GBEMB";

async fn sandbox() -> Sandbox {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    Sandbox::builder().offline().manual_clock(at).start().await.unwrap()
}

fn made_up(merchant: &str, event: &str) -> Sample {
    let mut sample = Sample::new(merchant, event, ORDER);
    sample.made_up = true;
    sample.url = Some("http://127.0.0.1:1/notify".parse().unwrap());
    sample
}

#[tokio::test]
async fn a_sample_moves_no_money_and_is_sent_once() {
    let sandbox = sandbox().await;
    for (provider, merchant) in [
        ("starpay", starpay::DEMO_MERCHANT_ID),
        ("regional", regional::DEMO_APP_ID),
        ("xendit", xendit::DEMO_BUSINESS_ID),
    ] {
        for event in ["payout.succeeded", "payout.failed"] {
            let outcome = sandbox.trigger(provider, &made_up(merchant, event)).await.unwrap();
            assert_eq!(outcome, DeliveryOutcome::NoAnswer, "{provider}");
        }
    }
    sandbox.advance(SignedDuration::from_hours(24)).await;
    assert!(sandbox.ledger().movements().is_empty());
    let sent = sandbox.notifications();
    assert_eq!(sent.len(), 6);
    assert!(sent.iter().all(|record| record.deliveries.len() == 1 && record.order_id == ORDER));
}

#[tokio::test]
async fn a_sample_that_cannot_be_is_refused() {
    let sandbox = sandbox().await;
    let merchant = starpay::DEMO_MERCHANT_ID;
    let mut unmade = made_up(merchant, "payout.succeeded");
    unmade.made_up = false;
    let mut nowhere = made_up(merchant, "payout.succeeded");
    nowhere.url = None;
    for (provider, sample, place) in [
        ("starpay", made_up("1", "payout.succeeded"), "merchant: "),
        ("starpay", made_up(merchant, "payout.lost"), "event: "),
        ("starpay", made_up(merchant, "collection.paid"), "order_id: "),
        ("starpay", unmade, "order_id: "),
        ("starpay", nowhere, "url: "),
        ("regional", made_up(regional::DEMO_APP_ID, "refund.succeeded"), "order_id: "),
        ("xendit", made_up(xendit::DEMO_BUSINESS_ID, "refund.failed"), "order_id: "),
        ("paymongo", made_up(paymongo::DEMO_ORGANIZATION, "collection.paid"), "order_id: "),
        ("paymongo", made_up(paymongo::DEMO_ORGANIZATION, "payout.failed"), "event: "),
        ("nowhere", made_up("1", "payout.succeeded"), "provider: "),
    ] {
        let refused = sandbox.trigger(provider, &sample).await.unwrap_err().to_string();
        assert!(refused.starts_with(place), "{provider} {}: {refused}", sample.event);
    }
    assert!(sandbox.notifications().is_empty());
}
