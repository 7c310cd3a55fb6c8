//! What waits, what ends unpaid, and what may be paid another way.

use super::{LONGEST, Lost, Setup, actor, plain, provider, reference, to, until};
use tulay::{
    Effect, ErrorKind,
    adapter::Clock,
    journal::{JournalError, PaymentRecord, ReasonKind, Status, SubmitError},
};

/// The end of an account of which Starpay accepts a payout that then fails.
const FAILS: &str = "991001";

fn waits_for(record: &PaymentRecord, kind: ErrorKind) -> bool {
    record.reason.as_ref().is_some_and(|reason| reason.kind == ReasonKind::Error(kind))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_fails_no_payout() {
    for providers in [&["starpay"][..], &["starpay", "regional"]] {
        let setup = Setup::new().await;
        let tulay = setup.open(&setup.text(providers)).await;
        let origin = setup.sandbox.origin().to_owned();
        setup.network.refuse(&[&origin]);
        let names = ["R1", "R2", "R3", "R4", "R5", "R6"];
        for name in names {
            tulay.payouts().submit(plain(name)).await.unwrap();
        }
        let worker = tulay.worker().start().await.unwrap();
        let sendings =
            |record: &PaymentRecord| record.attempts.iter().map(|it| it.sendings).sum::<usize>();
        // The effect of one that is on its way is unknown.
        let refused = |record: &PaymentRecord| {
            sendings(record) > 4 && record.effect() == Some(Effect::NotSent)
        };
        let waiting = until(&tulay, "R1", |it| it.status.is_final() || refused(it)).await;
        assert_eq!(waiting.status, Status::Sending, "{waiting}");
        for name in names {
            // It may be on its way again at this moment.
            let waits = |record: &PaymentRecord| waits_for(record, ErrorKind::Unreachable);
            let record = until(&tulay, name, |it| it.status.is_final() || waits(it)).await;
            assert!(!record.status.is_final(), "{record}");
        }
        setup.network.refuse(&[]);
        for name in names {
            let paid = tulay.payouts().wait(&reference(name), LONGEST).await.unwrap();
            assert_eq!(paid.status, Status::Succeeded, "{paid}");
        }
        worker.stop().await.unwrap();
        assert_eq!(setup.paid().len(), names.len());
        assert!(setup.sandbox.ledger().paid_more_than_once().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_fails_over() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay", "regional"])).await;
    setup.network.refuse(&[&setup.url("starpay")]);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let paid = setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);
    assert_eq!((provider(&paid), paid.attempts.len()), ("regional", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_whose_answer_was_lost_ends_failed() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    setup.network.lose(Lost::Answer, 1);
    tulay.payouts().submit(to("R1", "990418")).await.unwrap();
    let failed = setup.finish(&tulay, "R1").await;
    assert_eq!(failed.status, Status::Failed, "{failed}");
    assert!(failed.proven_unpaid().is_some());
    assert!(setup.paid().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_serves_once() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    tulay.payouts().submit(to("R1", FAILS)).await.unwrap();
    let unproven = tulay.payouts().get(&reference("R1")).await.unwrap().unwrap();
    assert!(unproven.proven_unpaid().is_none());
    let failed = setup.finish(&tulay, "R1").await;
    assert_eq!(failed.status, Status::Failed, "{failed}");
    let proof = failed.proven_unpaid().unwrap();
    let again = tulay.payouts().submit(plain("R2")).replacing(proof.clone());
    again.await.unwrap();
    let third = tulay.payouts().submit(plain("R3")).replacing(proof.clone()).await;
    assert!(matches!(third, Err(SubmitError::NoProof)), "{third:?}");
    assert!(tulay.payouts().get(&reference("R3")).await.unwrap().is_none());
    // The one that replaces it may be submitted again.
    tulay.payouts().submit(plain("R2")).replacing(proof).await.unwrap();
    let paid = setup.finish(&tulay, "R2").await;
    setup.assert_paid_once(&paid);
    assert!(paid.proven_unpaid().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_is_not_sent_after_its_time() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    let late = setup.sandbox.clock().now();
    tulay.payouts().submit(plain("R1")).send_by(late).await.unwrap();
    let failed = setup.finish(&tulay, "R1").await;
    assert_eq!(failed.status, Status::Failed, "{failed}");
    assert_eq!(failed.reason.as_ref().unwrap().kind, ReasonKind::Deadline);
    assert_eq!(failed.effect(), Some(Effect::NotSent));

    // Connections are refused until its time is over.
    setup.network.refuse(&[setup.sandbox.origin()]);
    let soon = setup.sandbox.clock().now() + jiff::SignedDuration::from_millis(500);
    tulay.payouts().submit(plain("R2")).send_by(soon).await.unwrap();
    let failed = setup.finish(&tulay, "R2").await;
    assert_eq!(failed.status, Status::Failed, "{failed}");
    assert_eq!(failed.reason.as_ref().unwrap().kind, ReasonKind::Deadline);
    assert!(failed.proven_unpaid().is_some());
    setup.network.refuse(&[]);

    let in_time = setup.sandbox.clock().now() + jiff::SignedDuration::from_hours(1);
    tulay.payouts().submit(plain("R3")).send_by(in_time).await.unwrap();
    setup.assert_paid_once(&setup.finish(&tulay, "R3").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_is_withdrawn_before_it_is_sent() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let withdrawn = tulay.payouts().cancel(&reference("R1"), &actor()).await.unwrap();
    assert_eq!(withdrawn.status, Status::Cancelled);
    let known = tulay.payouts().submit(plain("R1")).await.unwrap();
    assert_eq!(known.status, Status::Cancelled);
    let again = tulay.payouts().cancel(&reference("R1"), &actor()).await;
    assert!(matches!(again, Err(JournalError::NotNow { .. })), "{again:?}");
    let last = tulay.payouts().timeline(&reference("R1")).await.unwrap().pop().unwrap();
    assert_eq!(last.actor.as_deref(), Some("tests"));

    // While it waits for a connection.
    setup.network.refuse(&[setup.sandbox.origin()]);
    tulay.payouts().submit(plain("R2")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    until(&tulay, "R2", |record| {
        record.effect() == Some(Effect::NotSent) && record.reason.is_some()
    })
    .await;
    worker.stop().await.unwrap();
    let withdrawn = tulay.payouts().cancel(&reference("R2"), &actor()).await.unwrap();
    assert_eq!(withdrawn.status, Status::Cancelled);
    setup.network.refuse(&[]);

    // Not once it may have left.
    setup.trouble(true);
    tulay.payouts().submit(plain("R3")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    until(&tulay, "R3", |record| record.status == Status::InDoubt).await;
    worker.stop().await.unwrap();
    let refused = tulay.payouts().cancel(&reference("R3"), &actor()).await;
    assert!(matches!(refused, Err(JournalError::NotNow { .. })), "{refused:?}");
    setup.trouble(false);
    let paid = setup.finish(&tulay, "R3").await;
    setup.assert_paid_once(&paid);
    let refused = tulay.payouts().cancel(&reference("R3"), &actor()).await.unwrap_err();
    assert!(refused.to_string().starts_with("R3 is succeeded"), "{refused}");
}
