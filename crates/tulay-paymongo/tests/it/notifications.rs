//! Events, and what they are opened as.

use crate::support::{
    OTHER_SECRET, SECOND_SECRET, Script, WEBHOOK_SECRET, context, make, order_id, settings, signed,
    signed_at,
};
use jiff::SignedDuration;
use tulay_core::*;
use tulay_paymongo::Settings;

fn event(name: &str, kind: &str, id: &str, attributes: &str) -> String {
    let attributes = attributes
        .replace("COLLECTION", order_id(Operation::Collection).as_str())
        .replace("PAYOUT", order_id(Operation::Payout).as_str())
        .replace("REFUND", order_id(Operation::Refund).as_str());
    format!(
        r#"{{"data":{{"id":"evt_1","type":"event","attributes":{{"type":"{name}","livemode":false,"data":{{"id":"{id}","type":"{kind}","attributes":{attributes}}},"created_at":1795140060}}}}}}"#
    )
}

const PAYMENT: &str = r#"{"amount":125000,"currency":"PHP","status":"paid","fee":1875,"payment_intent_id":"pi_1","metadata":{"order_id":"COLLECTION"}}"#;

fn open(settings: Settings, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>> {
    let provider = make(settings, context(&Script::new::<String>([])));
    provider.webhooks().unwrap().open(raw)
}

fn opened(body: &str) -> Notification {
    let opened = open(settings(), &signed(body, WEBHOOK_SECRET, "te")).unwrap();
    assert!(opened.authenticity().is_evidence());
    let [notification] = opened.into_inner().try_into().unwrap();
    notification
}

#[test]
fn each_event_is_read() {
    let failed = PAYMENT.replace(r#""paid""#, r#""failed","failed_code":"RJCT""#);
    let unnamed = PAYMENT.replace("order_id", "cart");
    let intent = r#"{"amount":125000,"currency":"PHP","status":"succeeded","livemode":false,"metadata":{"order_id":"COLLECTION"}}"#;
    let refund = r#"{"amount":30000,"currency":"PHP","status":"succeeded","livemode":false,"payment_id":"pay_1","metadata":{"order_id":"REFUND"}}"#;
    let transfer =
        r#"{"amount":125000,"status":"failed","transfer_id":"tr_1","reference_number":"PAYOUT"}"#;
    let events = [
        event("payment.paid", "payment", "pay_1", PAYMENT),
        event("payment.failed", "payment", "pay_1", &failed),
        event("payment.paid", "payment", "pay_1", &unnamed),
        event("payment_intent.succeeded", "payment_intent", "pi_1", intent),
        event("qrph.expired", "code", "code_1", PAYMENT),
        event("payment.refund.updated", "refund", "ref_1", refund),
        event("payment.refunded", "payment", "pay_1", PAYMENT),
        event("transfer.outward.failed", "wallet_transaction", "wallet_tr_1", transfer),
        event("something.new", "thing", "thing_1", "{}"),
    ];
    let keys: Vec<String> = events.iter().map(|body| opened(body).key()).collect();
    insta::assert_snapshot!(keys.join("\n"));
}

#[test]
fn a_paid_payment_is_whole() {
    insta::assert_debug_snapshot!(opened(&event("payment.paid", "payment", "pay_1", PAYMENT)));
}

#[test]
fn a_failed_payment_ends_nothing() {
    let failed = PAYMENT.replace(r#""paid""#, r#""failed","failed_code":"RJCT""#);
    let Notification::Collection(observation) =
        opened(&event("payment.failed", "payment", "pay_1", &failed))
    else {
        panic!()
    };
    assert_eq!(observation.status, CollectionStatus::Pending);
    assert_eq!(observation.failure.unwrap().code.as_deref(), Some("RJCT"));
    assert_eq!(observation.payment, None, "a failed attempt is not what a refund names");
}

#[test]
fn an_order_of_another_kind_is_unmatched() {
    let refund = r#"{"amount":125000,"currency":"PHP","status":"succeeded","livemode":false,"payment_id":"pay_1","metadata":{"order_id":"COLLECTION"}}"#;
    for body in [
        event("payment.refunded", "refund", "ref_1", refund),
        event("payment.paid", "payment", "pay_1", &PAYMENT.replace("COLLECTION", "REFUND")),
        event("payment.paid", "payment", "pay_1", &PAYMENT.replace("COLLECTION", "PAYOUT")),
    ] {
        assert!(matches!(opened(&body), Notification::Unmatched { .. }), "{body}");
    }
}

#[test]
fn an_event_of_the_other_mode_is_refused() {
    let live = event("payment.paid", "payment", "pay_1", PAYMENT).replace("false", "true");
    let error = open(settings(), &signed(&live, WEBHOOK_SECRET, "te")).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("livemode")));
    let error = open(settings(), &signed(&live, WEBHOOK_SECRET, "li")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
    // The same event is opened by the live account.
    let mut production = settings();
    production.environment = Environment::Production;
    production.base_url = "https://api.paymongo.com".into();
    production.accept_unverified = vec![Operation::Notification];
    assert!(open(production.clone(), &signed(&live, WEBHOOK_SECRET, "li")).is_ok());
    let error = open(production, &signed(&live, WEBHOOK_SECRET, "te")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
}

#[test]
fn each_secret_of_the_list_opens() {
    let body = event("payment.paid", "payment", "pay_1", PAYMENT);
    let is_opened = |secret| open(settings(), &signed(&body, secret, "te")).is_ok();
    assert!(is_opened(WEBHOOK_SECRET) && is_opened(SECOND_SECRET));
    assert!(!is_opened(OTHER_SECRET));
}

#[test]
fn an_old_event_is_refused_only_where_it_is_set() {
    // The clock of the tests is at 2026-11-20T10:00:00Z.
    let body = event("payment.paid", "payment", "pay_1", PAYMENT);
    let at = |second| signed_at(&body, WEBHOOK_SECRET, "te", second);
    let mut strict = settings();
    strict.notifications_within = Some(SignedDuration::from_mins(5));
    let now = 1_795_168_800;
    for (second, within) in [(now, true), (now - 300, true), (now - 301, false), (now + 301, false)]
    {
        assert!(open(settings(), &at(second)).is_ok(), "{second}");
        assert_eq!(open(strict.clone(), &at(second)).is_ok(), within, "{second}");
    }
}

#[test]
fn without_a_secret_nothing_is_opened() {
    use tulay_paymongo::{Keys, Paymongo};
    let keys = Keys::new(Secret::new("sk_test_1").unwrap(), Vec::new());
    let context = context(&Script::new::<String>([]));
    let id = ProviderId::new("paymongo").unwrap();
    let provider = Paymongo::new(id, settings(), keys, context).unwrap();
    let body = event("payment.paid", "payment", "pay_1", PAYMENT);
    let raw = signed(&body, WEBHOOK_SECRET, "te");
    assert_eq!(provider.open(&raw).unwrap_err().kind(), ErrorKind::Signature);
}
