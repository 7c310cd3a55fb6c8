//! A configuration that is edited while payouts wait: nothing is sent that does not fit it, nothing
//! fails, and the text says what to configure.

use super::{Lost, Setup, capped::CappedStarpay, order_id, plain, provider, until};
use tulay::{
    Country, Currency, Money, Name, Party, PayoutRequest, Tulay,
    journal::{PaymentRecord, ReasonKind, ReviewReason, Status},
};

/// What is known of a payout when the configuration is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is accepted, and nothing was sent.
    Accepted,
    /// Its answer was lost, and no look-up has found it.
    InDoubt,
}

/// Edits a configuration; each edit must find its place.
fn edit(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

async fn begun(setup: &Setup, text: &str, request: PayoutRequest, known: Known) -> PaymentRecord {
    let tulay = setup.open(text).await;
    let name = request.reference.to_string();
    let accepted = tulay.payouts().submit(request).await.unwrap();
    if known == Known::Accepted {
        return accepted;
    }
    setup.trouble(true);
    let worker = tulay.worker().start().await.unwrap();
    let record = until(&tulay, &name, |record| record.status == Status::InDoubt).await;
    worker.stop().await.unwrap();
    setup.trouble(false);
    record
}

fn is_not_configured(record: &PaymentRecord) -> bool {
    record.reason.as_ref().is_some_and(|reason| reason.kind == ReasonKind::NotConfigured)
}

/// Under the edited configuration the payout waits, and no request names it.
async fn waits(setup: &Setup, edited: &str, before: &PaymentRecord) -> PaymentRecord {
    let name = before.reference.as_str();
    let tulay = setup.open(edited).await;
    let order_id = before.last().map(|attempt| attempt.order_id.to_string());
    let requests = || order_id.as_ref().map_or(0, |id| setup.network.naming(id).len());
    let left = requests();
    let worker = tulay.worker().start().await.unwrap();
    let waiting = until(&tulay, name, is_not_configured).await;
    if !before.attempts.is_empty() {
        // It is looked up again, and no provider is asked.
        tulay.payouts().refresh(&before.reference).await.unwrap();
        until(&tulay, name, |record| record.version > waiting.version).await;
    }
    worker.stop().await.unwrap();
    assert_eq!(requests(), left, "{waiting}");
    assert!(!waiting.status.is_final(), "{waiting}");
    assert_eq!(waiting.attempts.len(), before.attempts.len());
    if before.attempts.is_empty() {
        assert_eq!(waiting.status, Status::Created);
    } else {
        assert!(waiting.reviews.contains(&ReviewReason::NotConfigured), "{waiting:?}");
    }
    waiting
}

/// Configured back, it is paid once.
async fn is_paid(setup: &Setup, text: &str, before: &PaymentRecord) -> PaymentRecord {
    let tulay = setup.open(text).await;
    let paid = setup.finish(&tulay, before.reference.as_str()).await;
    assert_eq!(paid.status, Status::Succeeded, "{paid}");
    assert!(paid.reviews.is_empty(), "{paid:?}");
    if before.last().is_some() {
        assert_eq!(order_id(&paid), order_id(before));
    }
    assert_eq!(paid.attempts.len(), 1);
    let ledger = setup.sandbox.ledger();
    assert_eq!(ledger.times_paid(&order_id(&paid)), 1);
    assert!(ledger.paid_more_than_once().is_empty());
    paid
}

/// Waits under the edited configuration with this in its text, and is paid under the first one.
async fn waits_then_is_paid(edit: impl Fn(&Setup, &str) -> String, fix: &str) {
    for known in [Known::Accepted, Known::InDoubt] {
        let setup = Setup::new().await;
        let text = setup.text(&["starpay"]);
        let before = begun(&setup, &text, plain("R1"), known).await;
        let waiting = waits(&setup, &edit(&setup, &text), &before).await;
        let line = waiting.to_string();
        assert!(line.contains(fix), "{known:?}: {line}");
        is_paid(&setup, &text, &before).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_provider_is_waited_for() {
    let removed = |setup: &Setup, _: &str| setup.text(&["regional"]);
    waits_then_is_paid(removed, "configure starpay (mch 1015…0001)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_under_the_same_name_is_not_used() {
    let other = |_: &Setup, text: &str| edit(text, "101510000001", "101510000002");
    waits_then_is_paid(other, "configure starpay (mch 1015…0001)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_under_the_same_name_is_not_used() {
    let other = |_: &Setup, text: &str| edit(text, "http://127.0.0.1:", "http://localhost:");
    waits_then_is_paid(other, "at 127.0.0.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_provider_goes_on() {
    for known in [Known::Accepted, Known::InDoubt] {
        let setup = Setup::new().await;
        let text = setup.text(&["starpay"]);
        let before = begun(&setup, &text, plain("R1"), known).await;
        let renamed = edit(&text, "[providers.starpay]", "[providers.acme-pay]");
        let renamed = edit(&renamed, "use = [\"starpay\"]", "use = [\"acme-pay\"]");
        let paid = is_paid(&setup, &renamed, &before).await;
        assert_eq!(provider(&paid), "acme-pay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_country_that_is_taken_out_is_waited_for() {
    for known in [Known::Accepted, Known::InDoubt] {
        let setup = Setup::new().await;
        let text = setup.text(&["regional"]);
        let before = begun(&setup, &text, plain("R1"), known).await;
        let edited = edit(&text, "[\"PH\", \"ID\"]", "[\"ID\"]");
        let waiting = waits(&setup, &edited, &before).await;
        assert!(waiting.to_string().contains("PH"), "{known:?}: {waiting}");
        assert_eq!(waiting.country, Country::PH);
        is_paid(&setup, &text, &before).await;
    }
}

/// The adapter refuses now what it took when the payout was accepted.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_any_more_is_waited_for() {
    let setup = Setup::new().await;
    let text = setup.text(&["starpay"]);
    let takes_whole_names = format!("{text}name_split = \"whole\"\n");
    let mut request = plain("R1");
    request.beneficiary = Party::default().with_name(Name::full("Maria Dela Cruz").unwrap());
    let before = begun(&setup, &takes_whole_names, request, Known::Accepted).await;
    let tulay: Tulay = setup.open(&text).await;
    let worker = tulay.worker().start().await.unwrap();
    let waiting = until(&tulay, "R1", |record| record.reason.is_some()).await;
    worker.stop().await.unwrap();
    assert_eq!(waiting.status, Status::Created, "{waiting}");
    assert!(waiting.to_string().contains("name"), "{waiting}");
    assert!(setup.paid().is_empty());
    drop(tulay);
    is_paid(&setup, &takes_whole_names, &before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_was_lowered_is_waited_for() {
    let setup = Setup::new().await;
    let text = setup.text(&["starpay"]);
    let before = begun(&setup, &text, plain("R1"), Known::Accepted).await;
    let most = Money::parse("99.99", Currency::PHP).unwrap();
    let lowered = setup.open_with(&text, |builder| builder.adapter(CappedStarpay { most })).await;
    let worker = lowered.worker().start().await.unwrap();
    let waiting = until(&lowered, "R1", |record| record.reason.is_some()).await;
    worker.stop().await.unwrap();
    assert_eq!(waiting.status, Status::Created, "{waiting}");
    assert!(waiting.to_string().contains("99.99"), "{waiting}");
    assert!(lowered.payouts().submit(plain("R2")).await.is_err());
    assert!(setup.paid().is_empty());
    is_paid(&setup, &text, &before).await;

    // One that was sent goes on: its bytes are what they were.
    let before = begun(&setup, &text, plain("R2"), Known::InDoubt).await;
    let lowered = setup.open_with(&text, |builder| builder.adapter(CappedStarpay { most })).await;
    let paid = setup.finish(&lowered, "R2").await;
    assert_eq!((paid.status, order_id(&paid)), (Status::Succeeded, order_id(&before)));
    assert!(setup.sandbox.ledger().paid_more_than_once().is_empty());
}

/// What is sent again is what was sent first, whatever a bank's code is now.
#[tokio::test(flavor = "multi_thread")]
async fn an_edited_bank_code_changes_nothing_that_was_sent() {
    let setup = Setup::new().await;
    let text = setup.text(&["starpay"]);
    let tulay = setup.open(&text).await;
    setup.network.lose(Lost::Request, 1);
    // Without a look-up it is not sent again.
    setup.network.refuse(&[&format!("{}/v1/disburse/query", setup.url("starpay"))]);
    tulay.payouts().submit(plain("R1")).await.unwrap();
    let worker = tulay.worker().start().await.unwrap();
    let before = until(&tulay, "R1", |record| record.status == Status::InDoubt).await;
    drop((worker, tulay));
    setup.network.refuse(&[]);
    let other_bank = format!("{text}institutions = {{ BOPIPHMM = \"BDO Unibank, Inc.\" }}\n");
    is_paid(&setup, &other_bank, &before).await;
    let sendings: Vec<String> = setup
        .network
        .naming(&order_id(&before))
        .into_iter()
        .filter(|(address, _)| address.ends_with("/v1/disburse"))
        .map(|(_, body)| body)
        .collect();
    assert_eq!(sendings.len(), 2, "{sendings:?}");
    assert!(sendings.iter().all(|body| !body.contains("BDO")), "{sendings:?}");
    assert!(sendings.iter().all(|body| body == &sendings[0]), "{sendings:?}");
    assert_eq!(setup.paid(), [order_id(&before)]);
}
