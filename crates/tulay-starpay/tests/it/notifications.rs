use crate::support::*;
use insta::assert_snapshot;
use proptest::prelude::*;
use tulay_core::*;

fn raw(path: &str, body: impl Into<bytes::Bytes>) -> WebhookRequest {
    WebhookRequest::new(path.parse().unwrap(), http::HeaderMap::new(), body.into())
}

fn open(path: &str, body: impl Into<bytes::Bytes>) -> Result<Vec<Notification>> {
    let starpay = starpay(&Platform::says(500, ""));
    starpay.open(&raw(path, body)).map(Verified::into_inner)
}

fn text(order: &str, state: &str) -> String {
    format!(
        r#"{{"code":"200","message":"success","trxDate":"2026-11-20T10:00:00+08:00","trxAmount":10000,"trxState":"{state}","originalMsgId":"{order}","orderNo":"202611201000000001","mchId":"{MERCHANT}"}}"#
    )
}

#[test]
fn a_payout_s_notification() {
    let events =
        open("/notify/starpay/payout", signed("request", &text(order_id().as_str(), "SUCCESS")));
    let events = events.unwrap();
    assert_snapshot!(format!("{events:#?}"));
    assert_snapshot!("key", events[0].key());
}

#[test]
fn the_sample_of_6_3_is_read() {
    // The printed signature does not belong to the printed text: the text is signed anew, printed
    // layout and all.
    let sample = include_str!("data/6.3-notification.json");
    let envelope: std::collections::BTreeMap<String, &serde_json::value::RawValue> =
        serde_json::from_str(sample).unwrap();
    let mut settings = settings();
    settings.merchant_id = "103500000001".into();
    let starpay = starpay_with(&Platform::says(500, ""), settings);
    let body = signed("request", envelope["request"].get());
    let at = |path: &str| starpay.open(&raw(path, body.clone())).unwrap().into_inner();
    assert_snapshot!(format!("{:#?}", at("/notify")));
    assert!(matches!(at("/notify/starpay/collection")[..], [Notification::Collection(_)]));
}

#[test]
fn the_order_id_decides_the_operation() {
    let collection = "CAAAAAAAAAAAAAAAAAAAAAAAAA";
    let body = signed("request", &text(collection, "SUCCESS"));
    assert!(matches!(
        open("/notify/starpay/payout", body).unwrap()[..],
        [Notification::Collection(_)]
    ));
    let foreign = signed("request", &text("1704679497442", "FAIL"));
    assert!(matches!(open("/x/payout", foreign.clone()).unwrap()[..], [Notification::Payout(_)]));
    assert!(matches!(open("/x", foreign).unwrap()[..], [Notification::Unmatched { .. }]));
}

#[test]
fn every_shape_is_opened() {
    let text = text(order_id().as_str(), "SUCCESS");
    let quoted = serde_json::to_string(&text).unwrap();
    let signature = sign(PLATFORM_KEY, &text);
    for body in [
        format!(r#"{{"request":{quoted},"signature":"{signature}"}}"#),
        format!(r#"{{"request":[{quoted}],"signature":["{signature}"]}}"#),
        format!(r#"{{"request":[{text}],"signature":"{signature}"}}"#),
    ] {
        assert_eq!(open("/", body).unwrap().len(), 1);
    }
}

#[test]
fn assumed_members_cannot_break_reading() {
    let genuine = text(order_id().as_str(), "SUCCESS");
    for odd in ["null", "1.5", "{}", "[1]"] {
        let more = format!(
            r#","deviceInfo":{odd},"refNo":{odd},"payAcctName":{odd},"status":{odd},"mchId""#
        );
        let body = signed("request", &genuine.replace(r#","mchId""#, &more));
        let events = open("/", body).unwrap();
        assert!(
            matches!(&events[..], [Notification::Payout(p)] if p.status == PayoutStatus::Succeeded)
        );
    }
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let genuine = signed("request", &text(order_id().as_str(), "SUCCESS")).into_bytes();
    let starpay = starpay(&Platform::says(500, ""));
    assert!(starpay.open(&raw("/", genuine.clone())).is_ok());
    for at in 0..genuine.len() {
        let mut flipped = genuine.clone();
        flipped[at] ^= 1;
        let opened = starpay.open(&raw("/", flipped));
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn notifications_of_another_merchant_or_none_are_refused() {
    let genuine = text(order_id().as_str(), "SUCCESS");
    for (other, kind) in [
        (genuine.replace(MERCHANT, "101510000002"), ErrorKind::Mismatch),
        (genuine.replace(&format!(r#","mchId":"{MERCHANT}""#), ""), ErrorKind::Unrelated),
    ] {
        let error = open("/", signed("request", &other)).unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, Some("mchId")));
    }
}

#[test]
fn our_own_request_sent_back_to_us_is_refused() {
    let request =
        Payouts::prepare(&starpay(&Platform::says(500, "")), &payout(), &order_id()).unwrap().body;
    let signature = sign(MERCHANT_KEY, &request);
    let reflected = format!(r#"{{"request":{request},"signature":"{signature}"}}"#);
    assert_eq!(open("/", reflected).unwrap_err().kind(), ErrorKind::Signature);
}

#[test]
fn an_answer_is_no_notification() {
    let answer = order(MESSAGE_ID, "SUCCESS", "");
    let error = open("/", signed("response", &answer)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    // Nor is it one in a notification's envelope, where its signature is as good.
    let error = open("/", signed("request", &answer)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Unrelated, Some("msgId")));
}

#[test]
fn only_code_200_says_what_became_of_a_payment() {
    let genuine = text(order_id().as_str(), "SUCCESS");
    for code in ["412", "500", "511", "565"] {
        let refused = genuine.replace(r#""200""#, &format!("\"{code}\""));
        let events = open("/notify/starpay/payout", signed("request", &refused)).unwrap();
        assert!(matches!(events[..], [Notification::Unmatched { .. }]), "{code}");
    }
}

#[test]
fn anonymous_notifications_need_a_guarantee() {
    let mut settings = settings();
    settings.guarantees.anonymous_notifications = true;
    let starpay = starpay_with(&Platform::says(500, ""), settings);
    let genuine = text(order_id().as_str(), "SUCCESS");
    let anonymous = genuine.replace(&format!(r#","mchId":"{MERCHANT}""#), "");
    let opened = starpay.open(&raw("/", signed("request", &anonymous))).unwrap();
    assert_eq!(opened.authenticity(), Authenticity::SharedKey);
    let opened = starpay.open(&raw("/", signed("request", &genuine))).unwrap();
    assert_eq!(opened.authenticity(), Authenticity::Signed);
}

#[test]
fn a_notification_that_names_no_merchant_is_a_hint() {
    let mut settings = settings();
    settings.guarantees.anonymous_notifications = true;
    let starpay = starpay_with(&Platform::says(500, ""), settings);
    for order in [order_id().as_str(), "CAAAAAAAAAAAAAAAAAAAAAAAAA", "202411251100630001"] {
        let genuine = text(order, "SUCCESS");
        for nameless in
            ["", r#","mchId":"""#, r#","mchId":" ""#, r#","mchId":null"#, r#","mchId":{}"#]
        {
            let text = genuine.replace(&format!(r#","mchId":"{MERCHANT}""#), nameless);
            let opened = starpay.open(&raw("/static_code", signed("request", &text))).unwrap();
            assert_eq!(opened.authenticity(), Authenticity::SharedKey, "{order} {nameless}");
            assert!(opened.evidence().is_none());
        }
    }
}

#[test]
fn an_empty_message_id_makes_no_answer() {
    let genuine = text(order_id().as_str(), "SUCCESS");
    for value in [r#""""#, "null", "{}", "[]"] {
        let text = genuine.replacen('{', &format!(r#"{{"msgId":{value},"#), 1);
        let events = open("/", signed("request", &text)).unwrap();
        assert!(matches!(events[..], [Notification::Payout(_)]), "{value}");
    }
}

#[test]
fn a_notification_has_to_arrive_at_its_order_s_address() {
    let mut context = context(Platform::says(500, ""));
    context.notify_url = "https://pay.example.com/notify/starpay".parse().ok();
    context.notify_key = Secret::new("a key of the application").ok();
    let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("starpay").unwrap();
    let starpay = tulay_starpay::Starpay::new(id, settings(), keys, context).unwrap();
    let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    let asked: serde_json::Value = serde_json::from_str(&prepared.body).unwrap();
    let address: http::Uri = asked["notifyUrl"].as_str().unwrap().parse().unwrap();
    let body = signed("request", &text(order_id().as_str(), "SUCCESS"));
    let opened = starpay.open(&raw(address.path(), body.clone())).unwrap();
    assert_eq!(opened.authenticity(), Authenticity::Signed);
    for path in ["/notify/starpay/payout", "/", &address.path().replace("/payout", "")] {
        let error = starpay.open(&raw(path, body.clone())).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unrelated, Some("target")), "{path}");
    }
    // A static code's payment names no order of ours, and so no address.
    let walk_in = signed("request", &text("202411251100630001", "SUCCESS"));
    assert!(starpay.open(&raw("/notify/starpay/static_code", walk_in)).is_ok());
}

#[test]
fn production_requires_accepted_notifications() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://financeapi.wallytglobal.com/finance-payment-service".into();
    let body = signed("request", &text(order_id().as_str(), "SUCCESS"));
    let refused = starpay_with(&Platform::says(500, ""), settings.clone());
    let error = refused.open(&raw("/", body.clone())).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Unsupported, Some("accept_unverified")));
    settings.accept_unverified = vec![Operation::Notification];
    let accepted = starpay_with(&Platform::says(500, ""), settings);
    assert!(accepted.open(&raw("/", body)).is_ok());
}

#[test]
fn a_body_without_end_is_not_read() {
    let huge = signed("request", &text("P", "SUCCESS")) + &" ".repeat(64 * 1024);
    assert_eq!(open("/", huge).unwrap_err().kind(), ErrorKind::Unexpected);
}

#[test]
fn acknowledgements_match_the_documents() {
    let starpay = starpay(&Platform::says(500, ""));
    let shown: Vec<String> = [Handling::Stored, Handling::Rejected, Handling::Busy]
        .into_iter()
        .map(|handling| {
            let answer = starpay.acknowledge(handling);
            let body = String::from_utf8(answer.body().to_vec()).unwrap();
            format!("{handling:?} {} {:?} {body}", answer.status(), answer.headers())
        })
        .collect();
    assert_snapshot!(shown.join("\n"));
}

proptest! {
    #[test]
    fn no_bytes_panic(body: Vec<u8>) {
        let _ = open("/", body);
    }

    #[test]
    fn no_signed_text_panics(text in r#"\{("[a-zA-Z]{1,12}":("[^"\\\x00-\x1f]{0,20}"|-?[0-9]{1,25}|null|\[\]),?){0,6}\}"#) {
        let _ = open("/", signed("request", &text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn one_flipped_bit_in_a_random_notification_is_refused(
        order in "[PCS][A-Z2-7]{25}|[0-9]{18}",
        amount in 1..5_000_000_i64,
        name in "[ -!#-\\[\\]-~ñé]{0,25}",
        state in "SUCCESS|FAIL|CLOSE|REVERSED",
        at: prop::sample::Index,
        bit in 0..8_u32,
    ) {
        let text = text(&order, &state)
            .replace("\"trxAmount\":10000", &format!("\"trxAmount\":{amount}"))
            .replace("\"trxState\"", &format!("\"displayName\":\"{name}\",\"trxState\""));
        let mut body = signed("request", &text).into_bytes();
        prop_assert!(open("/notify/starpay/collection", body.clone()).is_ok());
        let at = at.index(body.len());
        body[at] ^= 1_u8 << bit;
        prop_assert!(open("/notify/starpay/collection", body).is_err(), "byte {}", at);
    }
}
