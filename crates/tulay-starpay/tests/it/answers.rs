//! What an answer proves, and what it does not.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

async fn create(status: u16, body: impl Into<bytes::Bytes>) -> Result<Payout> {
    let starpay = starpay(&Platform::says(status, body));
    let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    Payouts::create(&starpay, &prepared).await
}

async fn find(status: u16, body: impl Into<bytes::Bytes>) -> Result<Found<Payout>> {
    let starpay = starpay(&Platform::says(status, body));
    let lookup = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap().lookup;
    Payouts::find(&starpay, &lookup).await
}

fn created(state: &str, more: &str) -> String {
    signed("response", &order(order_id().as_str(), state, more))
}

fn refused(message_id: &str, code: &str) -> String {
    signed(
        "response",
        &format!(
            r#"{{"code":"{code}","message":"no","msgId":"{message_id}","mchId":"{MERCHANT}"}}"#
        ),
    )
}

fn order_id_text() -> &'static str {
    "PCCT4DQCA7IYPBOIHLLI5GBEMB"
}

/// The values of an object, in its order, as a list: what a careless reader takes for the object.
fn as_list(object: &str) -> String {
    let members: serde_json::Map<_, _> = serde_json::from_str(object).unwrap();
    serde_json::Value::from(members.into_iter().map(|(_, value)| value).collect::<Vec<_>>())
        .to_string()
}

fn summary(outcome: Result<Payout>) -> String {
    match outcome {
        Ok(payout) => format!("{payout:#?}"),
        Err(error) => format!(
            "{} {} [{}] {error}\n{:?}",
            error.kind(),
            error.effect(),
            error.field().unwrap_or("-"),
            error.response()
        ),
    }
}

#[tokio::test]
async fn states_of_a_created_payout() {
    assert_snapshot!("created_processing", summary(create(200, created("PROCESSING", "")).await));
    assert_snapshot!("created_success", summary(create(200, created("SUCCESS", "")).await));
    let failure = r#","errorCode":"AC01","errorMessage":"Incorrect Account Number""#;
    assert_snapshot!("created_fail", summary(create(200, created("FAIL", failure)).await));
    let payout = create(200, created("SOMETHING_NEW", "")).await.unwrap();
    assert_eq!(payout.status, PayoutStatus::Unknown("SOMETHING_NEW".into()));
}

#[tokio::test]
async fn states_of_a_found_payout() {
    for (state, status) in [
        ("PROCESSING", PayoutStatus::Pending),
        ("SUCCESS", PayoutStatus::Succeeded),
        ("FAIL", PayoutStatus::Failed),
        ("REVERSED", PayoutStatus::Reversed),
    ] {
        let answer = signed("response", &order(MESSAGE_ID, state, ""));
        let Found::Found(payout) = find(200, answer).await.unwrap() else { panic!("{state}") };
        assert_eq!(payout.status, status);
        assert_eq!(payout.response.unwrap().trust, Trust::Signed);
    }
}

#[tokio::test]
async fn the_sample_of_6_2_is_read() {
    // The printed signature does not belong to the printed text: the text is signed anew.
    let sample: serde_json::Value =
        serde_json::from_str(include_str!("data/6.2-response.json")).unwrap();
    let text = sample["response"].to_string();
    let platform = Platform::says(200, signed("response", &text));
    let mut settings = settings();
    settings.merchant_id = "101510000001".into();
    let context = AdapterContext::new(
        platform,
        std::sync::Arc::new(Fixed),
        std::sync::Arc::new(SampleIds),
        std::sync::Arc::new(Fixed),
    );
    let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("starpay").unwrap();
    let starpay = tulay_starpay::Starpay::new(id, settings, keys, context).unwrap();
    let order_id = OrderId::parse("S110202411271861610566972481536").unwrap();
    let mut lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
    lookup.amount = Some(Money::from_minor(10_000, Currency::PHP));
    let Found::Found(payout) = Payouts::find(&starpay, &lookup).await.unwrap() else { panic!() };
    assert_snapshot!(format!("{payout:#?}"));
    // It is a repayment's: found as one, it says the same.
    let found = Collections::find(&starpay, &lookup).await.unwrap();
    let Found::Found(Collection { observation, .. }) = found else { panic!() };
    assert_eq!(observation.status, CollectionStatus::Pending);
    assert_eq!((observation.order_id, observation.amount), (payout.order_id, payout.amount));
    assert_eq!(observation.provider_reference, payout.provider_reference);
}

#[derive(Debug)]
struct SampleIds;

impl MessageIds for SampleIds {
    fn fresh(&self) -> String {
        "1861611528197906432".into()
    }
}

#[tokio::test]
async fn every_shape_of_the_envelope_is_read() {
    let text = order(order_id().as_str(), "PROCESSING", "");
    let quoted = serde_json::to_string(&text).unwrap();
    let signature = sign(PLATFORM_KEY, &text);
    for body in [
        format!(r#"{{"response":{quoted},"signature":"{signature}"}}"#),
        format!(r#"{{"response":[{quoted}],"signature":["{signature}"]}}"#),
        format!(r#"{{"response":[{text}],"signature":["{signature}"]}}"#),
        format!("{{ \"signature\" : \"{signature}\",\n \"response\" : {text} }}\n"),
    ] {
        let payout = create(200, body).await.unwrap();
        assert_eq!(payout.status, PayoutStatus::Pending);
    }
    let spaced = text.replace(r#""trxAmount":10000,"#, "\n\t\"trxAmount\" : \"10000\" , ");
    assert_ne!(spaced, text);
    let payout = create(200, signed("response", &spaced)).await.unwrap();
    assert_eq!(payout.status, PayoutStatus::Pending);
}

#[tokio::test]
async fn no_such_payout_is_an_answer_only_when_it_is_genuine() {
    let absent = find(200, refused(MESSAGE_ID, "565")).await.unwrap();
    let Found::Absent(answer) = absent else { panic!() };
    assert_eq!((answer.code.as_deref(), answer.trust), (Some("565"), Trust::Signed));
    for body in [
        refused(MESSAGE_ID, "566"),
        refused(MESSAGE_ID, "404"),
        refused("01JZZZZZZZZZZZZZZZZZZZZZZA", "565"),
        r#"{"response":{"code":"565"},"signature":""}"#.to_owned(),
        r#"{"response":{"code":"565"}}"#.to_owned(),
    ] {
        let error = find(200, body).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
    }
    assert!(find(502, refused(MESSAGE_ID, "565")).await.is_err());
    // Of a create, "no such payout" is no rejection.
    let error = create(200, refused(order_id().as_str(), "565")).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
}

#[tokio::test]
async fn a_replaced_code_is_absence_and_the_known_one_is_not() {
    let mut settings = settings();
    settings.not_found_codes =
        [(Operation::CollectionFind, vec!["567".into(), "404".into()])].into();
    let make = |status, body: String| starpay_with(&Platform::says(status, body), settings.clone());
    let lookup = Lookup::new(order_id(), Country::PH, Currency::PHP, Channel::Bank);
    for (code, of_payout, of_collection) in [
        ("565", true, false),
        ("566", false, false),
        ("567", false, true),
        ("404", false, true),
        ("568", false, false),
    ] {
        let genuine = make(200, refused(MESSAGE_ID, code));
        let payout = Payouts::find(&genuine, &lookup).await;
        assert_eq!(matches!(payout, Ok(Found::Absent(_))), of_payout, "{code}");
        let collection = Collections::find(&genuine, &lookup).await;
        assert_eq!(matches!(collection, Ok(Found::Absent(_))), of_collection, "{code}");
        for (status, body) in [
            (502, refused(MESSAGE_ID, code)),
            (200, refused("01JZZZZZZZZZZZZZZZZZZZZZZA", code)),
            (200, format!(r#"{{"response":{{"code":"{code}","msgId":"{MESSAGE_ID}"}}}}"#)),
        ] {
            let other = make(status, body);
            let error = Collections::find(&other, &lookup).await.unwrap_err();
            assert_eq!(error.effect(), Effect::Unknown, "{code}");
        }
    }
    // Of a create it is still a code that no document lists.
    let starpay = make(200, refused(order_id().as_str(), "567"));
    let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    let error = Payouts::create(&starpay, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unexpected, Effect::Unknown));
}

#[tokio::test]
async fn only_a_listed_code_in_a_signed_answer_is_a_rejection() {
    for (code, effect, permanent) in [
        ("402", Effect::Rejected, false),
        ("412", Effect::Rejected, true),
        ("418", Effect::Rejected, true),
        ("403", Effect::Unknown, false),
        ("511", Effect::Unknown, false),
        ("512", Effect::Unknown, false),
        ("999", Effect::Unknown, false),
    ] {
        let error = create(200, refused(order_id().as_str(), code)).await.unwrap_err();
        assert_eq!((error.effect(), error.is_permanent()), (effect, permanent), "{code}");
    }
    let error = create(200, refused(order_id().as_str(), "512")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(jiff::SignedDuration::from_mins(10)));
    assert_snapshot!(summary(create(200, refused(order_id().as_str(), "418")).await));
}

#[tokio::test]
async fn unsigned_rejections_need_a_guarantee() {
    let unsigned = format!(r#"{{"response":{{"code":"412","msgId":"{}"}}}}"#, order_id());
    let error = create(200, unsigned.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Signature, Effect::Unknown));

    let mut settings = settings();
    settings.guarantees.unsigned_rejections = true;
    let lax = |body: &str| starpay_with(&Platform::says(200, body.to_owned()), settings.clone());
    let refused = |starpay: tulay_starpay::Starpay| async move {
        let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
        Payouts::create(&starpay, &prepared).await.unwrap_err()
    };
    let error = refused(lax(&unsigned)).await;
    assert_eq!((error.kind(), error.effect()), (ErrorKind::InvalidRequest, Effect::Rejected));
    assert_eq!(error.response().unwrap().trust, Trust::Channel);
    // Nothing else is believed unsigned, and a wrong signature never is.
    for body in [
        r#"{"response":{"code":"200","trxState":"SUCCESS","trxAmount":10000}}"#.to_owned(),
        r#"{"response":{"code":"403"}}"#.to_owned(),
        r#"{"response":{"code":"777"}}"#.to_owned(),
        format!(r#"{{"response":{{"code":"412"}},"signature":"{}"}}"#, sign(PLATFORM_KEY, "{}")),
    ] {
        let error = refused(lax(&body)).await;
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Signature, Effect::Unknown),
            "{body}"
        );
    }
}

#[tokio::test]
async fn anonymous_rejections_need_a_guarantee() {
    let nameless = |code: &str| signed("response", &format!(r#"{{"code":"{code}"}}"#));
    let error = create(200, nameless("412")).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
    assert_eq!(error.to_string(), "starpay answered 412: the msgId of what it answers is missing");
    assert_eq!(find(200, nameless("565")).await.unwrap_err().kind(), ErrorKind::Unrelated);

    let mut settings = settings();
    settings.guarantees.anonymous_rejections = true;
    let lax = |body: String| starpay_with(&Platform::says(200, body), settings.clone());
    let starpay = lax(nameless("412"));
    let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    assert_eq!(Payouts::create(&starpay, &prepared).await.unwrap_err().effect(), Effect::Rejected);
    let found = Payouts::find(&lax(nameless("565")), &prepared.lookup).await.unwrap();
    assert!(matches!(found, Found::Absent(_)));
    let nameless = order(MESSAGE_ID, "FAIL", "").replace("msgId", "otherId");
    let found = Payouts::find(&lax(signed("response", &nameless)), &prepared.lookup).await;
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Unrelated);
    let elsewhere = r#"{"code":"412","mchId":"101510000002"}"#;
    let error = Payouts::create(&lax(signed("response", elsewhere)), &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
}

#[tokio::test]
async fn unidentified_responses_are_not_final() {
    for state in ["SUCCESS", "FAIL", "REVERSED"] {
        let whole = order(MESSAGE_ID, state, "");
        let (order_id, amount) =
            (format!(r#","originalMsgId":"{}""#, order_id()), r#""trxAmount":10000,"#);
        let text = whole.replace(amount, "");
        assert_ne!(text, whole);
        let found = find(200, signed("response", &text)).await.unwrap();
        let Found::Found(payout) = found else { panic!("{text}") };
        assert_eq!(payout.status, PayoutStatus::Pending, "{text}");
        // The answer to the disbursement itself names the order by its message's id.
        let created = order(order_id_text(), state, "").replace(&order_id, "");
        let payout = create(200, signed("response", &created)).await.unwrap();
        assert_ne!(payout.status, PayoutStatus::Pending);
    }
}

#[tokio::test]
async fn a_notification_is_not_a_response() {
    let text = order(MESSAGE_ID, "SUCCESS", "");
    let notification = text.replace(&format!(r#""msgId":"{MESSAGE_ID}","#), "");
    assert_ne!(notification, text);
    let error = find(200, signed("response", &notification)).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Unrelated, Some("msgId")));
}

#[tokio::test]
async fn unreadable_responses_are_kept_as_evidence() {
    let text = order(order_id().as_str(), "SUCCESS", "");
    let text = text.replace(r#""trxAmount":10000"#, r#""trxAmount":-1"#);
    let error = create(200, signed("response", &text)).await.unwrap_err();
    assert_eq!(error.field(), Some("trxAmount"));
    assert_eq!(error.response().unwrap().trust, Trust::Signed);
}

#[tokio::test]
async fn an_unverified_response_has_unknown_effect() {
    let text = order(order_id().as_str(), "FAIL", "");
    let genuine = signed("response", &text);
    let other_key = format!(r#"{{"response":{text},"signature":"{}"}}"#, sign(MERCHANT_KEY, &text));
    for body in [
        genuine.replace("FAIL", "SUCCESS"),
        genuine.replace("\"trxAmount\":10000", "\"trxAmount\": 10000"),
        genuine.replace("10:00:00", "10:00:01"),
        other_key,
        format!(r#"{{"response":{text},"signature":""}}"#),
        format!(r#"{{"response":{text}}}"#),
    ] {
        let error = create(200, body.clone()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Signature, Effect::Unknown),
            "{body}"
        );
        assert!(error.response().is_some());
    }
}

#[tokio::test]
async fn a_foreign_response_has_unknown_effect() {
    let genuine = created("PROCESSING", "");
    let half = genuine[..genuine.len() / 2].to_owned();
    for (status, body) in [
        (200, String::new()),
        (200, "<html>maintenance</html>".into()),
        (200, "null".into()),
        (200, half),
        (502, "<html>bad gateway</html>".into()),
        (401, "unauthorized".into()),
        (302, String::new()),
        (200, signed("response", "[]")),
        (200, signed("response", &as_list(&created("PROCESSING", "")))),
        (200, as_list(&created("PROCESSING", ""))),
        (200, signed("response", r#"{"message":"no code"}"#)),
        (200, signed("response", r#""{\"code\":\"412\"} and more""#)),
        (200, signed("response", r#"{"code":"200","code":"412"}"#)),
        (
            200,
            signed(
                "response",
                &order(order_id().as_str(), "SUCCESS", "").replace("10000", "100.00"),
            ),
        ),
        (
            200,
            signed("response", &order(order_id().as_str(), "SUCCESS", "").replace("10000", "{}")),
        ),
        (500, created("SUCCESS", "")),
    ] {
        let error = create(status, body.clone()).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{status} {body}");
    }
}

#[tokio::test]
async fn answers_about_another_payment_prove_nothing() {
    let text = order(order_id().as_str(), "FAIL", "");
    let another = text.replace("\"msgId\":\"PCCT", "\"msgId\":\"PXXT");
    for (what, changed, kind, field) in [
        (
            "order",
            text.replace("\"originalMsgId\":\"PCCT", "\"originalMsgId\":\"PXXT"),
            ErrorKind::Unrelated,
            Some("order_id"),
        ),
        ("amount", text.replace("10000,", "10001,"), ErrorKind::Mismatch, Some("amount")),
        ("merchant", text.replace(MERCHANT, "101510000002"), ErrorKind::Mismatch, None),
        ("message", another.clone(), ErrorKind::Unrelated, None),
        ("both", another.replace(MERCHANT, "101510000002"), ErrorKind::Unrelated, None),
    ] {
        assert_ne!(changed, text, "{what}");
        let error = create(200, signed("response", &changed)).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{what}");
        assert_eq!(error.field(), field);
    }
}

#[tokio::test]
async fn a_foreign_prepared_order_is_not_sent() {
    let platform = Platform::says(200, created("SUCCESS", ""));
    let starpay = starpay(&platform);
    let prepared = || Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
    let mut other_order = prepared();
    other_order.lookup.order_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let mut other_account = prepared();
    other_account.merchant_account =
        MerchantAccount::new("starpay", Environment::Sandbox, "2", "127.0.0.1");
    let mut other_form = prepared();
    other_form.form = 2;
    for changed in [other_order, other_account, other_form] {
        let error = Payouts::create(&starpay, &changed).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
    }
    assert_eq!(platform.requests(), 0);
}

#[tokio::test]
async fn faults_of_the_transport() {
    for (kind, of_a_write) in [
        (TransportErrorKind::NotSent, Effect::NotSent),
        (TransportErrorKind::Timeout, Effect::Unknown),
        (TransportErrorKind::Interrupted, Effect::Unknown),
    ] {
        let platform = Platform::new(move |_| Err(TransportError::new(kind, "scripted")));
        let starpay = starpay(&platform);
        let prepared = Payouts::prepare(&starpay, &payout(), &order_id()).unwrap();
        assert_eq!(Payouts::create(&starpay, &prepared).await.unwrap_err().effect(), of_a_write);
        let readings = [
            Payouts::find(&starpay, &prepared.lookup).await.map(drop).unwrap_err(),
            starpay.check().await.unwrap_err(),
            starpay.list(Country::PH).await.map(drop).unwrap_err(),
            starpay
                .balance(AccountKind::Payout, Country::PH, Currency::PHP)
                .await
                .map(drop)
                .unwrap_err(),
        ];
        for error in readings {
            assert_eq!(error.effect(), Effect::Unknown, "{}", error.operation());
        }
        assert_eq!(platform.requests(), 5, "each call sends once");
    }
}

#[tokio::test]
async fn institutions_are_read_whatever_the_list_is_called() {
    let rows = r#"[{"swiftCode":"APHIPHM2XXX","bankName":"Alipay / Lazada Wallet","bankCode":"7021","maintenanceStartTime":"Jun 6, 4:20 PM","maintenanceEndTime":"Jun 6, 4:50 PM","underMaintenance":"false"},{"swiftCode":"OPDVPHM1XXX","bankName":"AllBank (A Thrift Bank), Inc.","bankCode":"0210","maintenanceStartTime":"Aug 24, 1:00 AM","maintenanceEndTime":"Aug 24, 11:20 AM","underMaintenance":"true"},{"bankName":"A bank of the future","bankCode":"9999"}]"#;
    for member in ["receivers", "bankList"] {
        let text = format!(r#"{{"code":"200","message":"success","{member}":{rows}}}"#);
        let starpay = starpay(&Platform::says(200, signed("response", &text)));
        let entries = starpay.list(Country::PH).await.unwrap();
        assert_snapshot!("institutions", format!("{entries:#?}"));
    }
    for text in [
        r#"{"code":"200"}"#,
        r#"{"code":"200","a":[],"b":[]}"#,
        r#"{"code":"200","receivers":[{"bankCode":"1"}]}"#,
        r#"{"code":"200","receivers":[["APHIPHM2XXX","A bank"]]}"#,
        r#"{"code":"200","receivers":[],"receivers":[]}"#,
    ] {
        let starpay = starpay(&Platform::says(200, signed("response", text)));
        let error = starpay.list(Country::PH).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{text}");
    }
    let elsewhere = starpay(&Platform::says(200, "")).list(Country::ID).await.unwrap_err();
    assert_eq!(elsewhere.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_balance_is_in_centavos() {
    for (text, centavos) in [
        (r#"{"code":"200","balance":123456}"#, Some(123_456)),
        (r#"{"code":"200","balance":"-50"}"#, Some(-50)),
        (r#"{"code":"200","balance":"1234.56"}"#, None),
        (r#"{"code":"200","balance":[1]}"#, None),
        (r#"{"code":"200"}"#, None),
        (r#"{"code":"200","balance":1,"balance":999}"#, None),
    ] {
        let starpay = starpay(&Platform::says(200, signed("response", text)));
        let balance = starpay.balance(AccountKind::Payout, Country::PH, Currency::PHP).await;
        assert_eq!(balance.map(|b| b.available.minor()).ok(), centavos, "{text}");
    }
}

/// The same object with another value of a member, or with the member added.
fn with(object: &str, member: &str, value: &str) -> String {
    let mut members: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(object).unwrap();
    members.remove(member);
    let rest = serde_json::to_string(&members).unwrap();
    rest.replacen('{', &format!(r#"{{"{member}":{value},"#), 1)
}

#[tokio::test]
async fn a_created_payout_is_named_by_one_of_our_ids() {
    let text = |ids: &str| {
        let text = format!(
            r#"{{"code":"200","message":"success","trxAmount":10000,"trxState":"PROCESSING"{ids}}}"#
        );
        signed("response", &text)
    };
    for ids in [
        "",
        r#","orderNo":"""#,
        r#","orderNo":null,"originalMsgId":"""#,
        r#","orderNo":"202611201000000001""#,
        r#","msgId":"","orderNo":"202611201000000001""#,
        r#","msgId":null,"originalMsgId":{},"orderNo":7"#,
    ] {
        let error = create(200, text(ids)).await.unwrap_err();
        let found = (error.kind(), error.effect());
        assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{ids}");
        assert_eq!(error.field(), Some("msgId"));
    }
    let named = [
        format!(r#","msgId":"{}""#, order_id()),
        format!(r#","originalMsgId":"{}""#, order_id()),
        format!(r#","msgId":"","originalMsgId":"{}""#, order_id()),
    ];
    for ids in named {
        assert_eq!(create(200, text(&ids)).await.unwrap().status, PayoutStatus::Pending, "{ids}");
    }
}

#[tokio::test]
async fn a_found_payout_is_named_by_our_id() {
    for state in ["PROCESSING", "SUCCESS", "FAIL", "SOMETHING_NEW"] {
        let whole = order(MESSAGE_ID, state, "");
        for value in [
            r#""""#,
            r#"" ""#,
            "null",
            "{}",
            "[]",
            "7",
            r#""PXXT4DQCA7IYPBOIHLLI5GBEMB""#,
            r#""PCCT4DQCA7IYPBOIHLLI5GBEMB ""#,
            r#"["PCCT4DQCA7IYPBOIHLLI5GBEMB"]"#,
        ] {
            let text = with(&whole, "originalMsgId", value);
            let error = find(200, signed("response", &text)).await.unwrap_err();
            let found = (error.kind(), error.effect());
            assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{state} {value}");
        }
        // Its own id for the order, which any message may hold, does not stand for ours.
        let theirs = whole.replace(&format!(r#","originalMsgId":"{}""#, order_id()), "");
        assert_ne!(theirs, whole);
        let error = find(200, signed("response", &theirs)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unrelated, "{state}");
    }
}

#[tokio::test]
async fn members_that_decide_nothing_hide_no_state() {
    let whole = order(MESSAGE_ID, "SUCCESS", "");
    for value in [r#""""#, r#"" ""#, "null", "{}", r#"{"code":"x"}"#, "[]", "1.5", r#""\ud83d""#] {
        for member in [
            "msgId",
            "orderNo",
            "message",
            "trxDate",
            "errorCode",
            "errorMessage",
            "attach",
            "codeUrl",
            "deviceInfo",
            "refNo",
            "payAcctName",
            "payAcctNo",
            "qrType",
            "acctName",
            "status",
        ] {
            let text = signed("response", &with(&whole, member, value));
            let found = find(200, text).await;
            let Ok(Found::Found(payout)) = found else { panic!("{member}: {value}: {found:?}") };
            assert_eq!(payout.status, PayoutStatus::Succeeded, "{member}: {value}");
        }
    }
    // The guarantees list the account: without it, no status is final.
    let text = signed("response", &with(&whole, "mchId", r#""""#));
    let Found::Found(payout) = find(200, text).await.unwrap() else { panic!("{whole}") };
    assert_eq!(payout.status, PayoutStatus::Pending);
    // A number in a text's place is that text.
    let failed = order(MESSAGE_ID, "FAIL", r#","errorCode":7,"errorMessage":8"#);
    let Found::Found(payout) = find(200, signed("response", &failed)).await.unwrap() else {
        panic!("{failed}")
    };
    assert_eq!(payout.failure.unwrap().code.as_deref(), Some("7"));
}

#[tokio::test]
async fn members_that_decide_are_read_strictly() {
    let whole = order(MESSAGE_ID, "SUCCESS", "");
    for (member, values) in [
        ("trxAmount", &[r#""""#, "{}", "100.00", r#""1e4""#, "-1"][..]),
        ("trxState", &["{}", "[]", "1.5"]),
        ("code", &["{}", "null", "200.5"]),
        ("mchId", &[r#""101510000002""#, "7"]),
        ("msgId", &[r#""01JZZZZZZZZZZZZZZZZZZZZZZA""#, "7"]),
    ] {
        for value in values {
            let text = signed("response", &with(&whole, member, value));
            assert!(find(200, text).await.is_err(), "{member}: {value}");
        }
    }
}
