//! One reference is one payment, whatever is lost, repeated or changed.

use super::{LONGEST, Lost, Setup, order_id, plain, provider, reference, to, until};
use std::time::Instant;
use tulay::{
    Name, Party, PayoutRequest, Tulay,
    journal::{Change, Filter, Status, SubmitError},
};

/// The field that a second request differs in.
async fn differing(tulay: &Tulay, request: PayoutRequest) -> &'static str {
    match tulay.payouts().submit(request).await {
        Err(SubmitError::Taken { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_is_paid_once() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay", "regional"])).await;
    let accepted = tulay.payouts().submit(plain("R1")).await.unwrap();
    assert_eq!((accepted.status, accepted.attempts.len()), (Status::Created, 0));
    assert!(setup.paid().is_empty(), "accepting is not sending");
    let paid = setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);
    assert_eq!(tulay.payouts().submit(plain("R1")).await.unwrap(), paid);
    assert_eq!(tulay.payouts().get(&reference("R1")).await.unwrap(), Some(paid.clone()));
    setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);

    let timeline = tulay.payouts().timeline(&reference("R1")).await.unwrap();
    let kinds: Vec<&str> = timeline.iter().map(|event| event.change.kind()).collect();
    assert_eq!(kinds[..2], ["accepted", "intended"], "{kinds:?}");
    assert!(matches!(timeline.last().unwrap().change, Change::LookedUp { .. }), "{kinds:?}");
    assert!(!format!("{timeline:?} {paid:?} {paid}").contains("Maria"));
}

/// The account is paid at once, or its answer is lost, or takes three seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_payout_goes_on_in_another_process() {
    for end in ["550101", "992001", "993002"] {
        let setup = Setup::new().await;
        let text = setup.text(&["starpay", "regional"]);
        // The process ends before anything is sent.
        let tulay = setup.open(&text).await;
        tulay.payouts().submit(to("R1", end)).await.unwrap();
        drop(tulay);
        // Then in the middle of the sending.
        let tulay = setup.open(&text).await;
        let worker = tulay.worker().start().await.unwrap();
        let sent = until(&tulay, "R1", |record| !record.attempts.is_empty()).await;
        drop((worker, tulay));
        let tulay = setup.open(&text).await;
        let paid = setup.finish(&tulay, "R1").await;
        setup.assert_paid_once(&paid);
        assert_eq!(paid.attempts.len(), 1, "{end}");
        assert_eq!(order_id(&paid), order_id(&sent), "{end}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_parts_after_a_full_one_is_taken() {
    let setup = Setup::new().await;
    // The first provider takes names in parts alone.
    let tulay = setup.open(&setup.text(&["starpay", "regional"])).await;
    setup.trouble(true);
    let mut full = plain("R1");
    full.beneficiary = Party::default().with_name(Name::full("Maria Dela Cruz").unwrap());
    tulay.payouts().submit(full.clone()).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    until(&tulay, "R1", |record| record.status == Status::InDoubt).await;
    assert_eq!(differing(&tulay, plain("R1")).await, "beneficiary.name");
    worker.stop().await.unwrap();
    setup.trouble(false);
    let paid = setup.finish(&tulay, "R1").await;
    assert_eq!(provider(&paid), "regional");
    assert_eq!(differing(&tulay, plain("R1")).await, "beneficiary.name");
    assert_eq!(tulay.payouts().submit(full).await.unwrap(), paid);
    setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_rule_changes_no_accepted_payout() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay", "regional"])).await;
    setup.trouble(true);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    tulay.payouts().submit(plain("R2")).await.unwrap();
    let worker = tulay.worker().only([reference("R1")]).start().await.unwrap();
    until(&tulay, "R1", |record| record.status == Status::InDoubt).await;
    drop((worker, tulay));

    setup.trouble(false);
    let tulay = setup.open(&setup.text(&["regional", "starpay"])).await;
    let known = tulay.payouts().submit(plain("R1")).await.unwrap();
    assert_eq!(provider(&known), "starpay");
    let paid = setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);
    assert_eq!((provider(&paid), paid.attempts.len()), ("starpay", 1));
    // So it is with one of which nothing was sent.
    assert_eq!(provider(&setup.finish(&tulay, "R2").await), "starpay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_remark_after_a_lost_answer_is_taken() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay", "regional"])).await;
    setup.trouble(true);
    let (mut short, mut long) = (plain("R1"), plain("R1"));
    short.remark = Some("November".into());
    // Too long for the first provider, so that the rules would choose the other one.
    long.remark = Some("November ".repeat(20).trim().into());
    let mut others = long.clone();
    others.reference = reference("R2");
    let through = tulay.payouts().check(&others).await.unwrap().providers;
    assert_eq!(through.len(), 1, "{through:?}");
    assert_eq!(through[0].as_str(), "regional");

    tulay.payouts().submit(short).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    until(&tulay, "R1", |record| record.status == Status::InDoubt).await;
    assert_eq!(differing(&tulay, long.clone()).await, "remark");
    worker.stop().await.unwrap();
    setup.trouble(false);
    let paid = setup.finish(&tulay, "R1").await;
    assert_eq!(differing(&tulay, long).await, "remark");
    setup.assert_paid_once(&paid);
    assert_eq!(provider(&paid), "starpay");
}

/// The lost answer is fetched by a replay.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_not_asked_by_our_id_pays_once() {
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["paymongo"])).await;
    setup.network.lose(Lost::Answer, 2);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let paid = setup.finish(&tulay, "R1").await;
    setup.assert_paid_once(&paid);
    assert_eq!((paid.attempts.len(), paid.attempts[0].sendings), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_a_journal() {
    const PAYOUTS: usize = 24;
    let setup = Setup::new().await;
    let text = setup.text(&["starpay", "regional"]);
    let one = setup.open(&text).await;
    let two = setup.open(&text).await;
    let workers = [one.worker().start().await.unwrap(), two.worker().start().await.unwrap()];
    for number in 0..PAYOUTS {
        // Every third answer is lost.
        let request = to(&format!("R{number}"), if number % 3 == 0 { "992001" } else { "550101" });
        // Both submit it at the same time.
        let (by_one, by_two) = tokio::join!(
            one.payouts().submit(request.clone()).into_future(),
            two.payouts().submit(request).into_future()
        );
        assert_eq!(by_one.unwrap().reference, by_two.unwrap().reference);
    }
    for number in 0..PAYOUTS {
        let name = reference(&format!("R{number}"));
        let record = two.payouts().wait(&name, LONGEST).await.unwrap();
        assert_eq!(record.status, Status::Succeeded, "{record}");
    }
    for worker in workers {
        worker.stop().await.unwrap();
    }
    let records = one.payouts().list(Filter::default()).await.unwrap().all().await.unwrap();
    let mut order_ids: Vec<String> = records.iter().map(order_id).collect();
    let mut paid = setup.paid();
    order_ids.sort();
    paid.sort();
    assert_eq!(paid.len(), PAYOUTS);
    assert_eq!(paid, order_ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sending_is_listed_as_it_is_shown() {
    let setup = Setup::new().await;
    let text = format!("{}[time]\nlease = \"3s\"\n", setup.text(&["starpay"]));
    let tulay = setup.open(&text).await;
    for name in ["R1", "R2", "R3"] {
        tulay.payouts().submit(plain(name)).await.unwrap();
    }
    let listed = async |status| {
        let mut filter = Filter::default();
        filter.status = Some(status);
        filter.most = 1;
        let listed = tulay.payouts().list(filter).await.unwrap().all().await.unwrap();
        let all_are = listed.iter().all(|it| it.status == status);
        assert!(all_are, "{listed:?}");
        listed.iter().map(|it| it.reference.to_string()).collect::<Vec<_>>()
    };
    // One is in doubt, and two are being sent by a worker that is killed.
    setup.trouble(true);
    let worker = tulay.worker().only([reference("R2")]).start().await.unwrap();
    until(&tulay, "R2", |record| record.status == Status::InDoubt).await;
    worker.stop().await.unwrap();
    setup.network.lose(Lost::Silence, usize::MAX);
    let others = [reference("R1"), reference("R3")];
    let worker = tulay.worker().only(others.clone()).start().await.unwrap();
    for other in &others {
        until(&tulay, other.as_str(), |record| record.last().is_some()).await;
    }
    assert_eq!(listed(Status::Sending).await, ["R3", "R1"]);
    assert_eq!(listed(Status::InDoubt).await, ["R2"]);
    drop(worker);
    let began = Instant::now();
    for other in &others {
        while tulay.payouts().get(other).await.unwrap().unwrap().status == Status::Sending {
            assert!(began.elapsed() < LONGEST, "its lease ends");
        }
    }
    assert_eq!(listed(Status::InDoubt).await, ["R3", "R2", "R1"]);
    assert!(listed(Status::Sending).await.is_empty());
}
