//! A journal that is new under a namespace that was used before.

use super::{LONGEST, Setup, order_id, plain, provider, reference, until};
use tulay::{
    Currency, Money,
    journal::{PaymentRecord, ReasonKind, ReviewReason, Status},
};

fn is_not_whole(record: &PaymentRecord) -> bool {
    record.reason.as_ref().is_some_and(|reason| reason.kind == ReasonKind::NotWhole)
}

/// Pays through one journal, and deletes it.
async fn paid_and_lost(setup: &Setup, text: &str, name: &str) -> PaymentRecord {
    let tulay = setup.open(text).await;
    tulay.payouts().submit(plain(name)).await.unwrap();
    let paid = setup.finish(&tulay, name).await;
    setup.assert_paid_once(&paid);
    drop(tulay);
    setup.remove_journal();
    paid
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_journal_finds_what_a_lost_one_paid() {
    let setup = Setup::new().await;
    let before = paid_and_lost(&setup, &setup.text(&["regional"]), "R1").await;
    // The rules name the other provider first now.
    let tulay = setup.read(&setup.text(&["starpay", "regional"]), |builder| builder);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    tulay.payouts().submit(plain("R2")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let waiting = until(&tulay, "R1", is_not_whole).await;
    assert_eq!((waiting.status, waiting.attempts.len()), (Status::Created, 0));
    let line = waiting.to_string();
    assert!(line.contains("may not know every payment of its namespace · next at 20"), "{line}");

    let found = tulay.payouts().wait(&reference("R1"), LONGEST).await.unwrap();
    assert_eq!(found.status, Status::Succeeded, "{found}");
    assert_eq!(order_id(&found), order_id(&before));
    assert_eq!(provider(&found), "regional");
    // What was not sent before is sent once.
    let new = tulay.payouts().wait(&reference("R2"), LONGEST).await.unwrap();
    assert_eq!((new.status, provider(&new)), (Status::Succeeded, "starpay"), "{new}");
    worker.stop().await.unwrap();
    assert_eq!(setup.paid(), [order_id(&before), order_id(&new)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_of_another_amount_is_not_paid_again() {
    let setup = Setup::new().await;
    let text = setup.text(&["starpay", "regional"]);
    let before = paid_and_lost(&setup, &text, "R1").await;
    let tulay = setup.read(&text, |builder| builder);
    let mut dearer = plain("R1");
    dearer.amount = Money::parse("100.01", Currency::PHP).unwrap();
    tulay.payouts().submit(dearer).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let stopped =
        until(&tulay, "R1", |record| record.reviews.contains(&ReviewReason::Contradiction));
    let stopped = stopped.await;
    worker.stop().await.unwrap();
    assert!(!stopped.status.is_final(), "{stopped}");
    assert!(stopped.proven_unpaid().is_none());
    assert_eq!(setup.paid(), [order_id(&before)]);
}
