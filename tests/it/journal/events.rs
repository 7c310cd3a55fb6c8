//! Events to the application, and what people state.

use super::{LONGEST, Setup, actor, plain, reference, to};
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use tulay::journal::{
    EventKind, Handler, HandlerError, JournalError, PaymentEvent, Resolution, Status,
};

/// Books each event once, and fails at the first delivery of each.
#[derive(Clone, Default)]
struct Ledger {
    seen: Arc<Mutex<Vec<PaymentEvent>>>,
    booked: Arc<Mutex<Vec<PaymentEvent>>>,
    changed: Arc<tokio::sync::Notify>,
}

#[async_trait]
impl Handler for Ledger {
    async fn handle(&self, event: &PaymentEvent) -> Result<(), HandlerError> {
        let mut seen = self.seen.lock().unwrap();
        let is_new = seen.iter().all(|it| it.id != event.id);
        seen.push(event.clone());
        if is_new && event.what == EventKind::Became(Status::Created) {
            return Err("the ledger is closed".into());
        }
        self.booked.lock().unwrap().push(event.clone());
        self.changed.notify_one();
        Ok(())
    }
}

impl Ledger {
    /// Waits until a payout has an event of this status.
    async fn until(&self, name: &str, status: Status) {
        let is_booked = || {
            let booked = self.booked.lock().unwrap();
            booked.iter().any(|event| {
                event.payment.reference == reference(name)
                    && event.what == EventKind::Became(status)
            })
        };
        let booked = async {
            while !is_booked() {
                self.changed.notified().await;
            }
        };
        tokio::time::timeout(LONGEST, booked).await.unwrap();
    }

    fn kinds(&self, name: &str) -> Vec<String> {
        let booked = self.booked.lock().unwrap();
        let of = booked.iter().filter(|event| event.payment.reference == reference(name));
        of.map(|event| event.name()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn handler_gets_every_event_in_order() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let ledger = Ledger::default();
    let worker = tulay.worker().on_event(ledger.clone()).start().await.unwrap();
    tulay.payouts().submit(to("R2", "990418")).await.unwrap();
    ledger.until("R1", Status::Succeeded).await;
    ledger.until("R2", Status::Failed).await;
    worker.stop().await.unwrap();
    let mut events = tulay.events(None).await.unwrap();
    let mut all = Vec::new();
    while let Some(event) = events.next().await.unwrap() {
        all.push(event);
    }
    for name in ["R1", "R2"] {
        let of = all.iter().filter(|event| event.payment.reference == reference(name));
        let kinds: Vec<String> = of.map(|event| event.name()).collect();
        assert_eq!(ledger.kinds(name), kinds);
        assert_eq!(kinds[0], "payout.created");
    }
    let again = ledger.seen.lock().unwrap().len() - ledger.booked.lock().unwrap().len();
    assert_eq!(again, 2, "the first event of each was delivered twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn person_states_what_became_of_a_payout() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    let submitted = tulay.payouts().submit(plain("R1")).await.unwrap();
    let reviews = tulay.reviews();
    let state = async |resolution, evidence| {
        reviews.resolve(&submitted.reference, resolution, evidence, &actor()).await
    };
    let unsent = state(Resolution::Paid, "letter 7").await;
    assert!(matches!(unsent, Err(JournalError::NothingSent { .. })), "{unsent:?}");
    setup.finish(&tulay, "R1").await;
    let busy = state(Resolution::CameBack, "letter 7").await.unwrap_err();
    assert!(busy.retry_at().is_some(), "{busy}");
    let empty = state(Resolution::CameBack, "").await;
    assert!(matches!(empty, Err(JournalError::Invalid(_))), "{empty:?}");
    let settled = state(Resolution::Paid, "letter 7").await;
    assert!(
        matches!(&settled, Err(JournalError::Settled { open, .. }) if *open == [Resolution::CameBack]),
        "{settled:?}"
    );
    let case = reviews.show(&submitted.reference).await.unwrap();
    let statuses: Vec<(Status, bool)> =
        case.answers.iter().map(|answer| (answer.status, answer.is_refused)).collect();
    let (paid, back) = (Status::Succeeded, Status::Reversed);
    assert_eq!(statuses, [(paid, true), (paid, true), (back, false)]);
}
