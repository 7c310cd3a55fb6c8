//! Events, and what they are opened as.

use crate::{
    platform::sealed,
    support::{Script, WEBHOOK_SECRET, context, hmac, make, order_id, settings},
};
use jiff::SignedDuration;
use tulay_conformance::Seal;
use tulay_core::*;
use tulay_paymongo::Settings;

fn event(name: &str, kind: &str, id: &str, attributes: &str) -> String {
    let attributes = attributes
        .replace("COLLECTION", order_id(Operation::Collection).as_str())
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

fn opened(body: String) -> Notification {
    let opened = open(settings(), &sealed(body, Seal::Genuine)).unwrap();
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
    let events = [
        event("payment.paid", "payment", "pay_1", PAYMENT),
        event("payment.failed", "payment", "pay_1", &failed),
        event("payment.paid", "payment", "pay_1", &unnamed),
        event("payment_intent.succeeded", "payment_intent", "pi_1", intent),
        event("qrph.expired", "code", "code_1", PAYMENT),
        event("payment.refund.updated", "refund", "ref_1", refund),
        event("payment.refunded", "payment", "pay_1", PAYMENT),
        event("transfer.outward.failed", "transfer", "tr_1", "{}"),
    ];
    let keys: Vec<String> = events.into_iter().map(|body| opened(body).key()).collect();
    insta::assert_snapshot!(keys.join("\n"));
}

#[test]
fn a_paid_payment_is_whole() {
    insta::assert_debug_snapshot!(opened(event("payment.paid", "payment", "pay_1", PAYMENT)));
}

#[test]
fn a_failed_payment_ends_nothing() {
    let failed = PAYMENT.replace(r#""paid""#, r#""failed","failed_code":"RJCT""#);
    let Notification::Collection(observation) =
        opened(event("payment.failed", "payment", "pay_1", &failed))
    else {
        panic!()
    };
    assert_eq!(observation.status, CollectionStatus::Pending);
    assert_eq!(observation.failure.unwrap().code.as_deref(), Some("RJCT"));
    assert_eq!(observation.payment, None, "a failed attempt is not what a refund names");
}

#[test]
fn an_event_of_the_other_mode_is_refused() {
    let live = event("payment.paid", "payment", "pay_1", PAYMENT).replace("false", "true");
    let error = open(settings(), &sealed(live.clone(), Seal::Genuine)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("livemode")));
    let error = open(settings(), &sealed(live.clone(), Seal::OtherPlace)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
    // The same event is opened by the live account.
    let mut production = settings();
    production.environment = Environment::Production;
    production.base_url = "https://api.paymongo.com".into();
    production.accept_unverified = vec![Operation::Notification];
    assert!(open(production.clone(), &sealed(live.clone(), Seal::OtherPlace)).is_ok());
    let error = open(production, &sealed(live, Seal::Genuine)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Signature);
}

#[test]
fn each_secret_of_the_list_opens() {
    let body = event("payment.paid", "payment", "pay_1", PAYMENT);
    assert!(open(settings(), &sealed(body.clone(), Seal::Genuine)).is_ok());
    assert!(open(settings(), &sealed(body.clone(), Seal::Rotated)).is_ok());
    assert!(open(settings(), &sealed(body, Seal::OtherKey)).is_err());
}

#[test]
fn an_old_event_is_refused_only_where_it_is_set() {
    // The clock of the tests is at 2026-11-20T10:00:00Z.
    let body = event("payment.paid", "payment", "pay_1", PAYMENT);
    let at = |second: i64| {
        let signature = hmac(WEBHOOK_SECRET, &format!("{second}.{body}"));
        let mut raw = sealed(body.clone(), Seal::Genuine);
        let value = format!("t={second},te={signature},li=").parse().unwrap();
        raw.headers.insert("paymongo-signature", value);
        raw
    };
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
    let raw = sealed(event("payment.paid", "payment", "pay_1", PAYMENT), Seal::Genuine);
    assert_eq!(provider.open(&raw).unwrap_err().kind(), ErrorKind::Signature);
}
