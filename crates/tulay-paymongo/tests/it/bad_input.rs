//! Bad input, each with the field at fault: nothing leaves, or nothing is believed.

use crate::support::{
    Script, collection, context, make, order_id, payout, pesos, picture, qr_ph, refund, settings,
};
use std::sync::Arc;
use tulay_core::*;

fn provider() -> (Arc<Script>, Arc<dyn Provider>) {
    let script = Script::new::<String>([]);
    let provider = make(settings(), context(&script));
    (script, provider)
}

fn is_not_sent(error: &Error, field: &str) {
    assert_eq!((error.effect(), error.field()), (Effect::NotSent, Some(field)), "{error}");
}

#[test]
fn an_amount_above_instapay_is_not_sent() {
    let (script, provider) = provider();
    let payouts = provider.payouts().unwrap();
    let id = order_id(Operation::Payout);
    let mut request = payout().with_rail(Rail::InstaPay);
    request.amount = pesos(5_000_000);
    assert!(payouts.prepare(&request, &id).is_ok());
    request.amount = pesos(5_000_001);
    let error = payouts.prepare(&request, &id).unwrap_err();
    is_not_sent(&error, "amount");
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(script.count(), 0);
}

#[test]
fn a_reason_outside_the_list_is_not_sent() {
    let (_, provider) = provider();
    let refunds = provider.refunds().unwrap();
    let prepare = |request| refunds.prepare(&request, &order_id(Operation::Refund));
    for reason in ["duplicate", "fraudulent", "requested_by_customer", "others"] {
        assert!(prepare(refund().with_reason(reason)).is_ok(), "{reason}");
    }
    is_not_sent(&prepare(refund().with_reason("Others")).unwrap_err(), "reason");
    let extra = |key: &str| refund().with_extra(key, Sensitive::new("x").unwrap());
    is_not_sent(&prepare(extra("paymongo.note")).unwrap_err(), "extras");
    assert!(prepare(extra("xendit.note")).is_ok());
}

#[test]
fn a_refund_of_a_code_is_not_sent() {
    let (_, provider) = provider();
    let mut request = refund();
    request.original.channel = Channel::Qr;
    let error = provider.refunds().unwrap().prepare(&request, &order_id(Operation::Refund));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn another_wallet_s_page_is_not_sent() {
    let (_, provider) = provider();
    let method = CollectionMethod::Redirect(InstitutionId::new("palawanpay").unwrap());
    let request = collection(method).with_return_url("https://shop.example");
    let error = provider.collections().unwrap().prepare(&request, &order_id(Operation::Collection));
    is_not_sent(&error.unwrap_err(), "institution");
}

#[tokio::test]
async fn an_expiry_out_of_range_is_not_sent() {
    let (script, provider) = provider();
    let collections = provider.collections().unwrap();
    let id = order_id(Operation::Collection);
    for expires in ["2026-11-20T10:00:59Z", "2026-11-20T12:30:01Z", "2026-11-20T09:00:00Z"] {
        let request = collection(CollectionMethod::Qr).with_expires(expires.parse().unwrap());
        let prepared = collections.prepare(&request, &id).unwrap();
        is_not_sent(&collections.create(&prepared).await.unwrap_err(), "expires");
    }
    assert_eq!(script.count(), 0);
}

#[test]
fn a_configured_code_counts_under_every_id() {
    let mut settings = settings();
    let gcash = InstitutionId::new("gcash").unwrap();
    settings.institutions = [(gcash, "CONFIGUREDX".to_owned())].into();
    let provider = make(settings, context(&Script::new::<String>([])));
    let payouts = provider.payouts().unwrap();
    let account = || WalletAccount::phone("+639171234567").unwrap();
    for id in ["gcash", "GXCHPHM2"] {
        let mut request = payout();
        request.destination = Destination::wallet(id, account()).unwrap();
        let prepared = payouts.prepare(&request, &order_id(Operation::Payout)).unwrap();
        assert!(prepared.body.contains(r#""bic":"CONFIGUREDX""#), "{id}");
        let id = InstitutionId::new(id).unwrap();
        let listed = payouts.capability().institution_code(Country::PH, &id);
        assert_eq!(listed, Some("CONFIGUREDX"), "{id}");
    }
}

#[test]
fn a_bank_is_not_paid_by_a_mobile_number() {
    let (_, provider) = provider();
    let payouts = provider.payouts().unwrap();
    let account = || WalletAccount::phone("+639171234567").unwrap();
    for destination in [
        Destination::wallet("BOPIPHMM", account()),
        Destination::bank("gcash", "001234567890"),
        Destination::bank("GXCHPHM2", "001234567890"),
    ] {
        let mut request = payout();
        request.destination = destination.unwrap();
        let error = payouts.prepare(&request, &order_id(Operation::Payout)).unwrap_err();
        is_not_sent(&error, "institution");
    }
}

#[tokio::test]
async fn an_empty_answer_is_unknown() {
    for (status, body) in [(200, ""), (200, "{}"), (200, r#"{"data":null}"#), (204, "")] {
        let script = Script::new([(status, body), (status, body), (status, body)]);
        let provider = make(settings(), context(&script));
        let prepared =
            provider.payouts().unwrap().prepare(&payout(), &order_id(Operation::Payout)).unwrap();
        let error = provider.payouts().unwrap().create(&prepared).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{status} {body:?}");
        let prepared =
            provider.refunds().unwrap().prepare(&refund(), &order_id(Operation::Refund)).unwrap();
        let error = provider.refunds().unwrap().create(&prepared).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{status} {body:?}");
        let request = collection(CollectionMethod::Qr);
        let prepared = provider
            .collections()
            .unwrap()
            .prepare(&request, &order_id(Operation::Collection))
            .unwrap();
        let error = provider.collections().unwrap().create(&prepared).await.unwrap_err();
        assert_eq!((error.effect(), script.count()), (Effect::Unknown, 3), "{status} {body:?}");
    }
}

/// The error of a collection whose third answer has this picture.
async fn error_of(picture: &str) -> Option<Error> {
    let id = order_id(Operation::Collection);
    let attributes = format!(
        r#""amount":125000,"currency":"PHP","livemode":false,"metadata":{{"order_id":"{id}"}}"#
    );
    let answer = |status, more: &str| {
        let attributes = format!(r#"{{{attributes},"status":"{status}"{more}}}"#);
        (
            200,
            format!(
                r#"{{"data":{{"id":"pi_1","type":"payment_intent","attributes":{attributes}}}}}"#
            ),
        )
    };
    let method = r#"{"data":{"id":"pm_1","type":"payment_method","attributes":{"type":"qrph","livemode":false}}}"#;
    let action = format!(
        r#","next_action":{{"type":"consume_qr","code":{{"image_url":"{picture}","expires_at":"2026-11-20T10:30:00Z"}}}}"#
    );
    let script = Script::new([
        answer("awaiting_payment_method", ""),
        (200, method.to_owned()),
        answer("awaiting_next_action", &action),
    ]);
    let provider = make(settings(), context(&script));
    let collections = provider.collections().unwrap();
    let prepared = collections.prepare(&collection(CollectionMethod::Qr), &id).unwrap();
    let result = collections.create(&prepared).await;
    assert_eq!(script.count(), 3);
    result.err()
}

#[tokio::test]
async fn a_picture_that_is_none_shows_nothing() {
    assert!(error_of(&picture(&qr_ph(125_000, "SARI-SARI STORE"))).await.is_none());
    let other_currency = qr_ph(125_000, "SARI-SARI STORE").replace("5303608", "5303764");
    for (picture, field) in [
        (String::new(), "image_url"),
        ("https://api.paymongo.example/code.png".into(), "image_url"),
        ("data:image/png;base64,!!!!".into(), "image_url"),
        ("data:image/png;base64,iVBORw0KGgo=".into(), "image_url"),
        ("data:image/svg+xml;base64,PHN2Zy8+".into(), "image_url"),
        (picture("https://pay.example.com/1"), "image_url"),
        (picture(&other_currency), "image_url"),
        (picture(&qr_ph(125_001, "SARI-SARI STORE")), "amount"),
        (picture(&qr_ph(1_250, "SARI-SARI STORE")), "amount"),
        (picture(&qr_ph(125_000, "BULALOHAN")), "qr_merchant"),
    ] {
        let error = error_of(&picture).await.unwrap();
        assert_eq!((error.effect(), error.field()), (Effect::Unknown, Some(field)), "{error}");
        let known = error.provider_reference().map(ProviderReference::as_str);
        assert_eq!(known, Some("pi_1"), "the intent stands");
    }
}
