//! Their notifications: verified first, read afterwards.

use crate::support::*;
use insta::assert_snapshot;
use proptest::prelude::*;
use tulay_core::*;

fn raw(body: impl Into<bytes::Bytes>) -> WebhookRequest {
    let target = "/notify/regional/payout".parse().unwrap();
    WebhookRequest::new(target, http::HeaderMap::new(), body.into())
}

fn open(body: impl Into<bytes::Bytes>) -> Result<Vec<Notification>> {
    regional(&Platform::says(500, "")).open(&raw(body)).map(Verified::into_inner)
}

fn completed() -> String {
    notice("disbursement.success", "COMPLETED")
}

fn payout_of(param: &str) -> Payout {
    let events = open(signed(param)).unwrap();
    match &events[..] {
        [Notification::Payout(payout)] => payout.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_payout_s_notification() {
    let events = open(signed(&completed())).unwrap();
    assert_snapshot!(format!("{events:#?}"));
    assert_snapshot!("key", events[0].key());
}

#[test]
fn a_failure_has_a_reason() {
    let failed = notice("disbursement.failed", "FAILED").replace(
        r#""mchOrderId""#,
        r#""failedCode":-10004,"failedMessage":"Transaction Channel Rejected","mchOrderId""#,
    );
    let payout = payout_of(&failed);
    assert_eq!(payout.status, PayoutStatus::Failed);
    assert_eq!(payout.failure.unwrap().kind, ErrorKind::Institution);
}

#[test]
fn the_documents_sample_is_read() {
    // Its blank after a comma included: what is verified is the text as it arrived.
    let sample = r#"{"amount":10000,"createTime":"2023-03-02 09:25:12","eventName":"disbursement.success","mchOrderId":"TestMchOrderIdD0001","remark":"remark","returnTime":"2023-03-02 09:25:12","transactionId":"D1631118424367169536", "transactionStatus":"COMPLETED"}"#;
    let payout = payout_of(sample);
    assert_eq!(payout.status, PayoutStatus::Succeeded);
    assert_eq!(payout.order_id.unwrap().as_str(), "TestMchOrderIdD0001");
}

#[test]
fn a_contradicting_event_name_is_not_final() {
    for (event, state, status) in [
        ("disbursement.success", "COMPLETED", PayoutStatus::Succeeded),
        ("disbursement.completed", "COMPLETE", PayoutStatus::Succeeded),
        ("disbursement.failed", "FAILED", PayoutStatus::Failed),
        ("", "COMPLETED", PayoutStatus::Succeeded),
        ("something.new", "FAILED", PayoutStatus::Failed),
        ("disbursement.success", "PENDING", PayoutStatus::Pending),
        ("disbursement.success", "NEW", PayoutStatus::Unknown("NEW".into())),
    ] {
        assert_eq!(payout_of(&notice(event, state)).status, status, "{event} {state}");
    }
    for (event, state) in [
        ("disbursement.failed", "COMPLETED"),
        ("disbursement.success", "FAILED"),
        ("payment.success", "COMPLETED"),
        ("static.order.payment.success", "COMPLETED"),
        ("payment.refund.success", "COMPLETED"),
    ] {
        let events = open(signed(&notice(event, state))).unwrap();
        assert!(matches!(events[..], [Notification::Unmatched { .. }]), "{event} {state}");
    }
}

#[test]
fn a_notification_of_no_payout_is_unsorted() {
    for (order, event, sorted) in [
        ("1704679497442", "disbursement.success", true),
        ("1704679497442", "order.payment.success", false),
        ("1704679497442", "", false),
        ("CAAAAAAAAAAAAAAAAAAAAAAAAA", "order.payment.success", false),
        ("CAAAAAAAAAAAAAAAAAAAAAAAAA", "disbursement.success", false),
        ("RAAAAAAAAAAAAAAAAAAAAAAAAA", "payment.refund.success", false),
    ] {
        let text = notice(event, "COMPLETED").replace(order_id().as_str(), order);
        let events = open(signed(&text)).unwrap();
        assert_eq!(matches!(events[..], [Notification::Payout(_)]), sorted, "{order} {event}");
    }
}

fn arrived(path: &str, param: &str) -> Notification {
    let mut raw = raw(signed(param));
    raw.target = format!("/notify/regional/{path}").parse().unwrap();
    let events = regional(&Platform::says(500, "")).open(&raw).unwrap().into_inner();
    events.into_iter().next().unwrap()
}

/// What a collection's notification says, or a static code's.
fn payment(event: &str, order: &str) -> String {
    notice(event, "COMPLETED")
        .replace(order_id().as_str(), order)
        .replace("\"createTime\"", "\"channelCode\":\"PH_QRPH_DYNAMIC\",\"createTime\"")
}

fn refunded(event: &str, order: &str) -> String {
    format!(
        r#"{{"eventName":"{event}","mchRefundOrderId":"{order}","originalTransactionId":"CU508022434763373688","refundAmount":10000,"feeRefunded":1000,"refundCreateTime":"2024-07-31 11:38:54","refundReturnTime":"2024-07-31 11:38:55","refundStatus":"COMPLETE","refundTransactionId":"1818491499290169344"}}"#
    )
}

#[test]
fn collections_codes_and_refunds_are_distinguished() {
    let (ours, code, back) = (id_of('C'), id_of('S'), id_of('R'));
    let (ours, code, back) = (ours.as_str(), code.as_str(), back.as_str());
    let shown: Vec<String> = [
        arrived("collection", &payment("order.payment.success", ours)),
        arrived("x", &payment("payment.success", ours)),
        arrived("static_code", &payment("static.order.payment.success", code)),
        arrived("x", &payment("order.payment.success", code)),
        arrived("refund", &refunded("payment.refund.success", back)),
        // Ids that are not ours: the address and the name have to agree.
        arrived("collection", &payment("order.payment.success", "shop-1")),
        arrived("static_code", &payment("static.order.payment.success", "counter-1")),
        arrived("refund", &refunded("payment.refund.success", "18184914989277184")),
        // The name alone is not enough.
        arrived("x", &payment("order.payment.success", "shop-1")),
        arrived("static_code", &payment("", "counter-1")),
        // What contradict themselves is not sorted.
        arrived("collection", &payment("static.order.payment.success", ours)),
        arrived("payout", &payment("disbursement.success", ours)),
        arrived("collection", &payment("order.payment.failed", ours)),
        arrived("refund", &refunded("payment.refund.success", ours)),
        arrived("refund", &refunded("payment.refund.failed", back)),
        arrived("refund", &payment("payment.refund.success", back)),
    ]
    .iter()
    .map(Notification::key)
    .collect();
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_contradicting_refund_event_is_not_final() {
    let back = "RAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (event, status, sorted) in [
        ("payment.refund.success", "COMPLETE", true),
        ("payment.refund.failed", "FAILED", true),
        ("payment.refund.cancel", "CANCEL", true),
        ("payment.refund.cancel", "CANCELLED", true),
        ("payment.refund.failed", "CANCEL", true),
        ("payment.refund.success", "FAILED", false),
        ("payment.refund.success", "CANCEL", false),
        ("payment.refund.cancel", "COMPLETE", false),
        ("payment.refund.cancel", "COMPLETED", false),
        ("payment.refund.failed", "COMPLETE", false),
    ] {
        let text = refunded(event, back).replace("\"COMPLETE\"", &format!("\"{status}\""));
        let events = open(signed(&text)).unwrap();
        assert_eq!(matches!(events[..], [Notification::Refund(_)]), sorted, "{event} {status}");
    }
}

#[test]
fn a_notification_without_amount_is_not_final() {
    let text = completed().replace(r#""amount":10000,"#, "");
    assert_ne!(text, completed());
    assert_eq!(payout_of(&text).status, PayoutStatus::Pending, "{text}");
}

#[test]
fn a_notification_without_order_id_is_unsorted() {
    let text = completed().replace(&format!(r#""mchOrderId":"{}","#, order_id()), "");
    assert_ne!(text, completed());
    let opened = open(signed(&text)).unwrap();
    let [Notification::Unmatched { observation, .. }] = &opened[..] else { panic!("{opened:?}") };
    assert_eq!((observation.status.as_str(), &observation.order_id), ("COMPLETED", &None));
    assert!(observation.provider_reference.is_some());
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let genuine = signed(&completed()).into_bytes();
    let regional = regional(&Platform::says(500, ""));
    assert!(regional.open(&raw(genuine.clone())).is_ok());
    for at in 0..genuine.len() {
        let mut flipped = genuine.clone();
        flipped[at] ^= 1;
        assert!(regional.open(&raw(flipped)).is_err(), "byte {at}");
    }
}

#[test]
fn a_rewritten_notification_does_not_verify() {
    let value: serde_json::Value = serde_json::from_str(&completed()).unwrap();
    let sign = sign(PLATFORM_KEY, &completed());
    for text in [value.to_string(), format!(" {}", completed()), completed().replace(", ", ",")] {
        let error = open(enveloped(&text, &sign)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature);
    }
    // However the envelope escapes it, the text is the same.
    let escaped = signed(&completed()).replace("disbursement", "disb\\u0075rsement");
    assert!(open(escaped).is_ok());
}

#[test]
fn our_own_request_sent_back_to_us_is_refused() {
    let request =
        Payouts::prepare(&regional(&Platform::says(500, "")), &payout(), &order_id()).unwrap().body;
    let reflected = enveloped(&request, &sign(MERCHANT_KEY, &request));
    assert_eq!(open(reflected).unwrap_err().kind(), ErrorKind::Signature);
}

#[test]
fn unsigned_and_non_notifications_are_refused() {
    let text = completed();
    let quoted = serde_json::to_string(&text).unwrap();
    let sign = sign(PLATFORM_KEY, &text);
    for (body, kind) in [
        (format!(r#"{{"param":{quoted}}}"#), ErrorKind::Signature),
        (format!(r#"{{"sign":"","param":{quoted}}}"#), ErrorKind::Signature),
        (format!(r#"{{"sign":null,"param":{quoted}}}"#), ErrorKind::Signature),
        (format!(r#"{{"sign":["{sign}"],"param":{quoted}}}"#), ErrorKind::Signature),
        (format!(r#"{{"sign":"{sign}","param":{text}}}"#), ErrorKind::Unexpected),
        (format!(r#"{{"sign":"{sign}","params":{quoted}}}"#), ErrorKind::Unexpected),
        (format!(r#"["{sign}",{quoted}]"#), ErrorKind::Unexpected),
        (success(&order("COMPLETED", "")), ErrorKind::Unexpected),
        (text.clone(), ErrorKind::Unexpected),
    ] {
        assert_eq!(open(body.clone()).unwrap_err().kind(), kind, "{body}");
    }
    for text in [
        "[]",
        "null",
        &text.replace("10000", "100.00"),
        &text.replace("10000", "-1"),
        &text.replace("10000", "99999999999999999"),
        &text.replace("10000", "1,\"amount\":10000"),
        &text.replace("10000", "10000,\"currency\":\"USD\""),
    ] {
        assert_eq!(open(signed(text)).unwrap(), [Notification::Unreadable], "{text}");
    }
}

#[test]
fn anonymous_notifications_need_a_guarantee() {
    let mut settings = settings();
    settings.guarantees.anonymous_notifications = false;
    let regional = regional_with(&Platform::says(500, ""), settings);
    let error = regional.open(&raw(signed(&completed()))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrelated);
}

#[test]
fn production_requires_accepted_notifications() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://openapi.paycools.com".into();
    let body = signed(&completed());
    let refused = regional_with(&Platform::says(500, ""), settings.clone());
    let error = refused.open(&raw(body.clone())).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Unsupported, Some("accept_unverified")));
    settings.accept_unverified = vec![Operation::Notification];
    let accepted = regional_with(&Platform::says(500, ""), settings);
    assert!(accepted.open(&raw(body)).is_ok());
}

#[test]
fn a_body_without_end_is_not_read() {
    let huge = signed(&completed()) + &" ".repeat(64 * 1024);
    assert_eq!(open(huge).unwrap_err().kind(), ErrorKind::Unexpected);
}

#[test]
fn acknowledgements_match_the_documents() {
    let regional = regional(&Platform::says(500, ""));
    let shown: Vec<String> = [Handling::Stored, Handling::Rejected, Handling::Busy]
        .into_iter()
        .map(|handling| {
            let answer = regional.acknowledge(handling);
            let body = String::from_utf8(answer.body().to_vec()).unwrap();
            format!("{handling:?} {} {:?} {body}", answer.status(), answer.headers())
        })
        .collect();
    assert_snapshot!(shown.join("\n"));
}

/// What another merchant causes who pays himself under our order id, at any address.
#[test]
fn no_notification_is_evidence() {
    let regional = regional(&Platform::says(500, ""));
    let (ours, code, back) = (id_of('C'), id_of('S'), id_of('R'));
    for param in [
        completed(),
        notice("disbursement.failed", "FAILED"),
        payment("order.payment.success", ours.as_str()),
        payment("static.order.payment.success", code.as_str()),
        payment("static.order.payment.success", code.as_str()).replace("10000", "4800000"),
        refunded("payment.refund.success", back.as_str()),
        refunded("payment.refund.failed", back.as_str()).replace("COMPLETE", "FAILED"),
    ] {
        for path in ["payout", "collection", "static_code", "refund", ""] {
            let mut raw = raw(signed(&param));
            raw.target = format!("/notify/regional/{path}").parse().unwrap();
            let opened = regional.open(&raw).unwrap();
            assert_eq!(opened.authenticity(), Authenticity::SharedKey, "{path} {param}");
            assert!(opened.evidence().is_none());
        }
    }
}

#[test]
fn a_notification_has_to_arrive_at_its_order_s_address() {
    let mut context = context(Platform::says(500, ""));
    context.notify_url = "https://pay.example.com/notify/regional".parse().ok();
    context.notify_key = Secret::new("a key of the application").ok();
    let keys = tulay_regional::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("regional").unwrap();
    let regional = tulay_regional::Regional::new(id, settings(), keys, context.clone()).unwrap();
    for (operation, order, param) in [
        (Operation::Collection, id_of('C'), payment("order.payment.success", id_of('C').as_str())),
        (
            Operation::StaticCode,
            id_of('S'),
            payment("static.order.payment.success", id_of('S').as_str()),
        ),
        (Operation::Refund, id_of('R'), refunded("payment.refund.success", id_of('R').as_str())),
    ] {
        let url = tulay_adapter::notify_url::notify_url(&context, operation, &order).unwrap();
        let url: http::Uri = url.parse().unwrap();
        let open = |path: &str| {
            let mut raw = raw(signed(&param));
            raw.target = path.parse().unwrap();
            regional.open(&raw)
        };
        let opened = open(url.path()).unwrap();
        assert!(opened.evidence().is_none(), "the address is known to the provider's people too");
        let plain = format!("/notify/regional/{operation}");
        let other = url.path().replace(operation.as_str(), "payout");
        for path in ["/", plain.as_str(), other.as_str()] {
            let error = open(path).unwrap_err();
            let found = (error.kind(), error.field());
            assert_eq!(found, (ErrorKind::Unrelated, Some("target")), "{path}");
        }
    }
    // The request of a payout has no place for an address.
    assert!(regional.open(&raw(signed(&completed()))).is_ok());
}

#[test]
fn a_collection_s_address_has_its_own_part() {
    let mut context = context(Platform::says(500, ""));
    context.notify_url = "https://pay.example.com/notify/regional".parse().ok();
    let address = |context: &AdapterContext, order: OrderId| {
        let keys = tulay_regional::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
        let id = ProviderId::new("regional").unwrap();
        let regional =
            tulay_regional::Regional::new(id, settings(), keys, context.clone()).unwrap();
        let prepared = Collections::prepare(
            &regional,
            &collection(Country::PH, Currency::PHP, CollectionMethod::Qr),
            &order,
        )
        .unwrap();
        let param = prepared.body.split_once(' ').unwrap().1.to_owned();
        let param: serde_json::Value = serde_json::from_str(&param).unwrap();
        param["notifyUrl"].as_str().unwrap().to_owned()
    };
    let (one, two) = (id_of('C'), OrderId::parse("CAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap());
    assert_eq!(address(&context, one.clone()), address(&context, two.clone()));
    context.notify_key = Secret::new("a key of the application").ok();
    assert_ne!(address(&context, one.clone()), address(&context, two));
    assert_eq!(address(&context, one.clone()), address(&context, one));
}

proptest! {
    #[test]
    fn no_bytes_panic(body: Vec<u8>) {
        let _ = open(body);
    }

    #[test]
    fn no_signed_text_panics(text in r#"\{("[a-zA-Z]{1,12}":("[^"\\\x00-\x1f]{0,20}"|-?[0-9]{1,25}|null|\[\]),?){0,6}\}"#) {
        let _ = open(signed(&text));
    }
}
