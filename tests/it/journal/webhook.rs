//! Notifications through the real endpoint, into the journal, to the payouts that they name.

use super::{LONGEST, Network, Setup, order_id, plain, reference, until};
use std::sync::Arc;
use tokio::net::TcpListener;
use tulay::{
    Tulay,
    journal::{Change, Event, PaymentRecord, Status},
    webhook::{Verdict, WebhookService, serve},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Faults, NotificationRecord, NotificationState},
    regional, starpay,
};

const THIEF: &str = "101510009999";
const THIEF_APP_ID: &str = "0123456789abcdef0123456789abcdef";

/// Both platforms, with another merchant beside ours who has the same keys.
async fn two_merchants() -> Setup {
    let settings = starpay::Settings {
        merchants: vec![
            starpay::Merchant::demo(),
            starpay::Merchant::new(THIEF, starpay::DEMO_MERCHANT_PUBLIC_KEY),
        ],
        ..starpay::Settings::default()
    };
    let starpay = starpay::Starpay::new(settings).unwrap();
    let settings = regional::Settings {
        merchants: vec![
            regional::Merchant::demo(),
            regional::Merchant::new(THIEF_APP_ID, regional::DEMO_MERCHANT_PUBLIC_KEY),
        ],
        ..regional::Settings::default()
    };
    let regional = regional::Regional::new(settings).unwrap();
    let sandbox = Sandbox::builder().provider(starpay).provider(regional).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    Setup { sandbox, folder, network: Arc::new(Network::default()) }
}

/// An address for notifications, and the table that names it.
pub(super) async fn address() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    (listener, url)
}

fn with_webhook(text: &str, url: &str) -> String {
    format!("{text}\n[webhook]\npublic_url = \"{url}\"\n")
}

/// Takes notifications until the test ends.
pub(super) fn open_endpoint(listener: TcpListener, tulay: &Tulay) -> WebhookService {
    let service = tulay.webhook();
    tokio::spawn(serve(listener, service.clone(), std::future::pending()));
    service
}

/// Whether each notification of a payout is evidence.
fn notified(timeline: &[Event]) -> Vec<bool> {
    let notified = timeline.iter().filter_map(|event| match &event.change {
        Change::Notified { is_evidence, .. } => Some(*is_evidence),
        _ => None,
    });
    notified.collect()
}

/// The notification comes before the first look-up of the schedule.
#[tokio::test(flavor = "multi_thread")]
async fn notification_ends_a_payout() {
    for (provider, is_evidence) in [("starpay", true), ("regional", false)] {
        let setup = two_merchants().await;
        let (listener, url) = address().await;
        let text = with_webhook(&setup.text(&[provider]), &url);
        let text = format!("{text}[time]\nschedule_per_mille = 1000\n");
        let tulay = setup.open(&text).await;
        let of_account = format!("{url}/{provider}/payout").parse().unwrap();
        setup.sandbox.notify_at("regional", regional::DEMO_APP_ID, of_account).unwrap();
        let service = open_endpoint(listener, &tulay);
        let worker = tulay.worker().start().await.unwrap();
        tulay.payouts().submit(plain("R1")).await.unwrap();
        let record = tulay.payouts().wait(&reference("R1"), LONGEST).await.unwrap();
        worker.stop().await.unwrap();
        setup.assert_paid_once(&record);
        let timeline = tulay.payouts().timeline(&reference("R1")).await.unwrap();
        assert_eq!(notified(&timeline)[0], is_evidence, "{provider}: {timeline:#?}");
        let verdicts = service.receiver().verdicts();
        assert_eq!(verdicts.get(Verdict::Stored), 1, "{provider}");
    }
}

/// He knows namespace and reference, computes the order id, and pays himself under it, the same amount.
async fn pay_himself(setup: &Setup, provider: &str, victims_url: &str) {
    let text = with_webhook(&setup.text(&[provider]), victims_url)
        .replace(starpay::DEMO_MERCHANT_ID, THIEF)
        .replace(regional::DEMO_APP_ID, THIEF_APP_ID);
    let url = format!("{victims_url}/{provider}/payout").parse().unwrap();
    setup.sandbox.notify_at("regional", THIEF_APP_ID, url).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("thief.db");
    let thief = setup.open_with(&text, |builder| builder.journal(&journal)).await;
    thief.payouts().submit(plain("R1")).await.unwrap();
    let worker = thief.worker().start().await.unwrap();
    let his = thief.payouts().wait(&reference("R1"), LONGEST).await.unwrap();
    worker.stop().await.unwrap();
    assert_eq!(his.status, Status::Succeeded);
}

/// Waits until the platform has made a notification.
async fn until_notified(sandbox: &Sandbox) {
    let made = async {
        while sandbox.notifications().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONGEST, made).await.unwrap();
}

/// Waits until every notification was sent that was not dropped.
async fn all_sent(sandbox: &Sandbox) {
    let is_sent = |it: &NotificationRecord| {
        it.state == NotificationState::Dropped || !it.deliveries.is_empty()
    };
    let sent = async {
        while !sandbox.notifications().iter().all(is_sent) || sandbox.notifications().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONGEST, sent).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_success_ends_no_payout() {
    for provider in ["starpay", "regional"] {
        let setup = two_merchants().await;
        let (listener, url) = address().await;
        let tulay = setup.open(&with_webhook(&setup.text(&[provider]), &url)).await;
        let of_account = format!("{url}/{provider}/payout").parse().unwrap();
        setup.sandbox.notify_at("regional", regional::DEMO_APP_ID, of_account).unwrap();
        let service = open_endpoint(listener, &tulay);
        // The victim's payout is made, its answer is lost, and look-ups find nothing yet.
        setup.trouble(true);
        let faults = Faults { hide_orders: 10_000, drop_notifications: 1, ..Faults::default() };
        setup.sandbox.set_faults(provider, faults).unwrap();
        tulay.payouts().submit(plain("R1")).await.unwrap();
        let worker = tulay.worker().start().await.unwrap();
        let victim = until(&tulay, "R1", |it| it.status == Status::InDoubt).await;
        worker.stop().await.unwrap();
        until_notified(&setup.sandbox).await;
        setup.trouble(false);
        pay_himself(&setup, provider, &url).await;
        all_sent(&setup.sandbox).await;
        let verdicts = service.receiver().verdicts();
        let refused = verdicts.get(Verdict::OtherAccount);
        let stored = verdicts.get(Verdict::Stored);
        match provider {
            // It names the merchant that it is for.
            "starpay" => assert_eq!((refused, stored), (1, 0)),
            _ => assert_eq!((refused, stored), (0, 1)),
        }
        let record = settled(&tulay, stored).await;
        assert_eq!(record.status, Status::InDoubt, "{provider}: {record}");
        assert_eq!(order_id(&record), order_id(&victim));
        assert!(tulay.journal().await.unwrap().pauses.is_empty());
        // The look-up that it causes tells the truth.
        let record = setup.finish(&tulay, "R1").await;
        assert_eq!(record.status, Status::Succeeded);
        assert_eq!(setup.paid(), [order_id(&record), order_id(&record)], "one of each merchant");
        assert!(record.reviews.is_empty(), "{record}");
    }
}

/// The payout once so many notifications are applied. No worker runs.
async fn settled(tulay: &Tulay, notifications: u64) -> PaymentRecord {
    let applied = async {
        loop {
            let timeline = tulay.payouts().timeline(&reference("R1")).await.unwrap();
            if u64::try_from(notified(&timeline).len()).unwrap() == notifications {
                return tulay.payouts().get(&reference("R1")).await.unwrap().unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONGEST, applied).await.unwrap()
}
