//! What an answer proves, and what it does not.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

async fn create(status: u16, body: impl Into<bytes::Bytes>) -> Result<Payout> {
    let regional = regional(&Platform::says(status, body));
    let prepared = Payouts::prepare(&regional, &payout(), &order_id()).unwrap();
    Payouts::create(&regional, &prepared).await
}

async fn find(status: u16, body: impl Into<bytes::Bytes>) -> Result<Found<Payout>> {
    let regional = regional(&Platform::says(status, body));
    let lookup = Payouts::prepare(&regional, &payout(), &order_id()).unwrap().lookup;
    Payouts::find(&regional, &lookup).await
}

async fn found(data: &str) -> Payout {
    match find(200, success(data)).await.unwrap() {
        Found::Found(payout) => payout,
        Found::Absent(answer) => panic!("absent: {answer:?}"),
    }
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
async fn a_created_payout_is_pending_whatever_its_state() {
    // The answer to a creation names no amount.
    assert_snapshot!("created_pending", summary(create(200, success(&created("PENDING"))).await));
    for state in ["COMPLETED", "FAILED"] {
        let payout = create(200, success(&created(state))).await.unwrap();
        assert_eq!(payout.status, PayoutStatus::Pending, "{state}");
    }
    let payout = create(200, success(&created("SOMETHING_NEW"))).await.unwrap();
    assert_eq!(payout.status, PayoutStatus::Unknown("SOMETHING_NEW".into()));
}

#[tokio::test]
async fn states_of_a_found_payout() {
    for (state, status) in [
        ("PENDING", PayoutStatus::Pending),
        ("COMPLETED", PayoutStatus::Succeeded),
        ("COMPLETE", PayoutStatus::Succeeded),
        ("FAILED", PayoutStatus::Failed),
        ("", PayoutStatus::Unknown(String::new())),
        ("REVERSED", PayoutStatus::Unknown("REVERSED".into())),
    ] {
        let payout = found(&order(state, "")).await;
        assert_eq!(payout.status, status);
        assert_eq!(payout.response.unwrap().trust, Trust::Channel);
    }
    assert_snapshot!("found_completed", format!("{:#?}", found(&order("COMPLETED", "")).await));
    let failure = r#","failedCode":-10005,"failedMessage":"Transaction Destination Account Error""#;
    assert_snapshot!("found_failed", format!("{:#?}", found(&order("FAILED", failure)).await));
    let as_text = r#","failedCode":"-10005","failedMessage":null"#;
    let failure = found(&order("FAILED", as_text)).await.failure.unwrap();
    assert_eq!(failure.kind, ErrorKind::Beneficiary);
    let none = r#","failedCode":null,"failedMessage":null"#;
    assert_eq!(found(&order("COMPLETED", none)).await.failure, None);
}

#[tokio::test]
async fn numbers_may_be_text_and_members_may_be_unknown() {
    let data = order("COMPLETED", r#","sign":"xxx","payMode":"WEB""#)
        .replace(r#""amount":10000"#, "\n\t\"amount\" : \"10000\"");
    assert_eq!(found(&data).await.status, PayoutStatus::Succeeded);
    let body = success(&data).replace(r#"{"code":10000"#, r#"{"sign":"AAAA","code":"10000""#);
    let Found::Found(payout) = find(200, body).await.unwrap() else { panic!() };
    assert_eq!(payout.status, PayoutStatus::Succeeded);
}

#[tokio::test]
async fn times_are_instants_where_the_zone_is_known() {
    let mut settings = settings();
    settings.utc_offset = Some("+07:00".into());
    let platform = Platform::says(200, success(&order("COMPLETED", "")));
    let regional = regional_with(&platform, settings);
    let lookup = Payouts::prepare(&regional, &payout(), &order_id()).unwrap().lookup;
    let Found::Found(payout) = Payouts::find(&regional, &lookup).await.unwrap() else { panic!() };
    let finished = payout.finished.unwrap();
    assert_eq!(finished.text, "2026-11-20 10:00:41");
    assert_eq!(finished.at, "2026-11-20T03:00:41Z".parse().ok());
}

#[tokio::test]
async fn no_such_payout_is_an_answer_of_two_codes() {
    let not_found = r#"{"code":21010,"message":"transaction not found","data":null}"#;
    for (body, code) in [
        (refused("21006"), "21006"),
        (refused("\"21006\""), "21006"),
        (r#"{"code":21006,"message":"Merchant transaction not found"}"#.to_owned(), "21006"),
        (not_found.to_owned(), "21010"),
    ] {
        let Found::Absent(answer) = find(200, body).await.unwrap() else { panic!("{code}") };
        assert_eq!((answer.code.as_deref(), answer.trust), (Some(code), Trust::Channel));
    }
    for body in [
        refused("21010"),
        r#"{"code":21010,"message":"The amount exceeds the limit"}"#.to_owned(),
        r#"{"code":21025,"message":"transaction not found"}"#.to_owned(),
        r#"{"code":404,"message":"transaction not found"}"#.to_owned(),
        r#"{"code":21020,"message":"Data not found"}"#.to_owned(),
        success("null"),
        success("{}"),
    ] {
        let error = find(200, body.clone()).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{body}");
    }
    for status in [302, 404, 502] {
        assert!(find(status, refused("21006")).await.is_err());
    }
    // Of a creation, neither is a rejection.
    for body in [refused("21006"), not_found.to_owned()] {
        let error = create(200, body).await.unwrap_err();
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false));
    }
}

#[tokio::test]
async fn a_replaced_code_is_absence_and_the_known_ones_are_not() {
    let words = r#"{"code":21010,"message":"transaction not found","data":null}"#;
    for (codes, absent) in [
        (&["21099"][..], [false, false, false, true]),
        (&["21010"], [false, true, false, false]),
        (&["21006", "21099"], [true, false, false, true]),
    ] {
        let mut settings = settings();
        let configured = codes.iter().map(|code| (*code).to_owned()).collect();
        settings.not_found_codes = [(Operation::PayoutFind, configured)].into();
        let bodies = [refused("21006"), words.to_owned(), refused("21010"), refused("21099")];
        for (body, absent) in bodies.into_iter().zip(absent) {
            let regional = regional_with(&Platform::says(200, body.clone()), settings.clone());
            let lookup = Payouts::prepare(&regional, &payout(), &order_id()).unwrap().lookup;
            let found = Payouts::find(&regional, &lookup).await;
            assert_eq!(matches!(found, Ok(Found::Absent(_))), absent, "{codes:?} {body}");
            assert_eq!(found.is_err(), !absent, "{codes:?} {body}");
            let failed = regional_with(&Platform::says(502, body), settings.clone());
            assert!(Payouts::find(&failed, &lookup).await.is_err());
        }
    }
}

#[tokio::test]
async fn only_a_listed_code_is_a_rejection() {
    for (code, kind, effect, permanent) in [
        ("21001", ErrorKind::Authentication, Effect::Rejected, false),
        ("21002", ErrorKind::InvalidRequest, Effect::Rejected, true),
        ("21009", ErrorKind::Configuration, Effect::Rejected, false),
        ("21010", ErrorKind::Limit, Effect::Rejected, true),
        ("21014", ErrorKind::Funds, Effect::Rejected, false),
        ("21018", ErrorKind::Institution, Effect::Rejected, true),
        ("21000", ErrorKind::Unavailable, Effect::Unknown, false),
        ("21007", ErrorKind::Duplicate, Effect::Unknown, false),
        ("21011", ErrorKind::Unavailable, Effect::Unknown, false),
        ("21015", ErrorKind::Duplicate, Effect::Unknown, false),
        ("21017", ErrorKind::Unsupported, Effect::Unknown, false),
        ("21023", ErrorKind::Unavailable, Effect::Unknown, false),
        ("21999", ErrorKind::Unexpected, Effect::Unknown, false),
        ("1000", ErrorKind::Unexpected, Effect::Unknown, false),
    ] {
        let error = create(200, refused(code)).await.unwrap_err();
        assert_eq!((error.kind(), error.effect(), error.is_permanent()), (kind, effect, permanent));
        // By a disturbed exchange, nothing is.
        for status in [204, 301, 403, 500, 503] {
            let error = create(status, refused(code)).await.unwrap_err();
            let expected = if status == 204 { effect } else { Effect::Unknown };
            assert_eq!(error.effect(), expected, "{status} {code}");
        }
    }
    assert_snapshot!(summary(create(200, refused("21018")).await));
}

#[tokio::test]
async fn unsigned_rejections_need_a_guarantee() {
    let mut settings = settings();
    settings.guarantees.unsigned_rejections = false;
    for code in ["21002", "21006", "21007"] {
        let strict = regional_with(&Platform::says(200, refused(code)), settings.clone());
        let prepared = Payouts::prepare(&strict, &payout(), &order_id()).unwrap();
        let error = Payouts::create(&strict, &prepared).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Signature, Effect::Unknown));
        assert!(Payouts::find(&strict, &prepared.lookup).await.is_err());
    }
}

#[tokio::test]
async fn anonymous_rejections_need_a_guarantee() {
    let mut settings = settings();
    settings.guarantees.anonymous_rejections = false;
    let strict = |body: String| regional_with(&Platform::says(200, body), settings.clone());
    let prepared = Payouts::prepare(&strict(String::new()), &payout(), &order_id()).unwrap();
    let error = Payouts::create(&strict(refused("21002")), &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
    assert_eq!(
        error.to_string(),
        "regional answered 21002: the mchOrderId of what it answers is missing"
    );
    assert!(Payouts::find(&strict(refused("21006")), &prepared.lookup).await.is_err());
    let named =
        format!(r#"{{"code":21002,"message":"no","data":{{"mchOrderId":"{}"}}}}"#, order_id());
    let error = Payouts::create(&strict(named), &prepared).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Rejected);
}

#[tokio::test]
async fn a_rejection_of_another_order_is_unrelated() {
    let other =
        r#"{"code":21002,"message":"no","data":{"mchOrderId":"PAAAAAAAAAAAAAAAAAAAAAAAAA"}}"#;
    for error in [
        create(200, other).await.unwrap_err(),
        find(200, other.replace("21002", "21006")).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
    }
}

#[tokio::test]
async fn unidentified_responses_are_not_final() {
    for state in ["COMPLETED", "FAILED"] {
        let whole = order(state, "");
        let nothing = whole.replace(r#""amount":10000,"#, "");
        assert_ne!(nothing, whole);
        assert_eq!(found(&nothing).await.status, PayoutStatus::Pending);
        let unnamed = whole.replace(&format!(r#""mchOrderId":"{}","#, order_id()), "");
        assert_ne!(unnamed, whole);
        let error = find(200, success(&unnamed)).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unrelated, Some("mchOrderId")));
        // Nor does the connection say that the answer to the creation is about this order.
        let unnamed = created(state).replace(&format!(r#""mchOrderId":"{}","#, order_id()), "");
        let error = create(200, success(&unnamed)).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
    }
}

#[tokio::test]
async fn a_foreign_response_has_unknown_effect() {
    let genuine = success(&created("COMPLETED"));
    let half = genuine[..genuine.len() / 2].to_owned();
    for (status, body) in [
        (200, String::new()),
        (200, "<html>maintenance</html>".into()),
        (200, "null".into()),
        (200, half),
        (200, format!("{genuine}{genuine}")),
        (200, format!("[{genuine}]")),
        (502, "<html>bad gateway</html>".into()),
        (401, "unauthorized".into()),
        (302, String::new()),
        (200, as_list(&genuine)),
        (200, success("null")),
        (200, success("[]")),
        (200, success(&format!("[{}]", created("COMPLETED")))),
        (200, success(&as_list(&created("COMPLETED")))),
        (200, success(&serde_json::to_string(&created("COMPLETED")).unwrap())),
        (200, r#"{"code":10000,"message":"Success"}"#.into()),
        (200, r#"{"message":"no code"}"#.into()),
        (200, r#"{"code":21002.0}"#.into()),
        (200, r#"{"code":[21002]}"#.into()),
        (200, r#"{"code":10000,"code":21002}"#.into()),
        (200, r#"{"code":21002,"code":21002}"#.into()),
        (200, success(r#"{"mchOrderId":"A","mchOrderId":"B"}"#)),
        (200, success(&order("COMPLETED", "").replace("10000", "100.00"))),
        (200, success(&order("COMPLETED", "").replace("10000", "\"1e4\""))),
        (200, success(&order("COMPLETED", "").replace("10000", "{}"))),
        (200, success(&order("COMPLETED", "").replace("10000", "-10000"))),
        (500, genuine.clone()),
        (404, genuine),
    ] {
        let error = create(status, body.clone()).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{status} {body}");
        assert!(error.response().is_some(), "it is kept as evidence: {body}");
    }
}

#[tokio::test]
async fn answers_about_another_payment_prove_nothing() {
    let text = order("FAILED", "");
    let another = text.replace("\"PCCT", "\"PXXT");
    let in_rupiah = |text: &str| text.replace("10000,", "10000,\"currency\":\"IDR\",");
    for (what, changed, kind, field) in [
        ("order", another.clone(), ErrorKind::Unrelated, "order_id"),
        ("order and currency", in_rupiah(&another), ErrorKind::Unrelated, "order_id"),
        ("amount", text.replace("10000,", "10001,"), ErrorKind::Mismatch, "amount"),
        ("currency", in_rupiah(&text), ErrorKind::Mismatch, "currency"),
    ] {
        assert_ne!(changed, text, "{what}");
        for error in [
            create(200, success(&changed)).await.unwrap_err(),
            find(200, success(&changed)).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{what}");
            assert_eq!(error.field(), Some(field));
        }
    }
}

#[tokio::test]
async fn a_foreign_prepared_order_is_not_sent() {
    let platform = Platform::says(200, success(&created("COMPLETED")));
    let regional = regional(&platform);
    let prepared = || Payouts::prepare(&regional, &payout(), &order_id()).unwrap();
    let mut other_order = prepared();
    other_order.lookup.order_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let mut other_account = prepared();
    other_account.merchant_account =
        MerchantAccount::new("regional", Environment::Sandbox, "2", "127.0.0.1");
    let mut other_form = prepared();
    other_form.form = 2;
    for changed in [other_order, other_account, other_form] {
        let error = Payouts::create(&regional, &changed).await.unwrap_err();
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
        let regional = regional(&platform);
        let prepared = Payouts::prepare(&regional, &payout(), &order_id()).unwrap();
        assert_eq!(Payouts::create(&regional, &prepared).await.unwrap_err().effect(), of_a_write);
        let balance = regional.balance(AccountKind::Single, Country::PH, Currency::PHP).await;
        for error in [Payouts::find(&regional, &prepared.lookup).await.map(drop), balance.map(drop)]
            .map(Result::unwrap_err)
        {
            assert_eq!(error.effect(), Effect::Unknown, "{}", error.operation());
        }
        assert_eq!(platform.requests(), 3, "each call sends once");
    }
}

#[tokio::test]
async fn a_balance_is_decimal_text_in_major_units() {
    for (body, php, idr) in [
        (success(r#"{"balance":"10000.00"}"#), Some(1_000_000), Some(1_000_000)),
        (success(r#"{"balance":"-0.50"}"#), Some(-50), Some(-50)),
        (success(r#"{"balance":"10000"}"#), None, None),
        (success(r#"{"balance":3688}"#), None, None),
        (success(r#"{"balance":100.5}"#), None, None),
        (success(r#"{"balance":null}"#), None, None),
        (success(r#"{"balance":"1.00","balance":"9.00"}"#), None, None),
        (success("{}"), None, None),
        (success("null"), None, None),
        (refused("21004"), None, None),
    ] {
        let regional = regional(&Platform::says(200, body.clone()));
        for (country, currency, minor) in
            [(Country::PH, Currency::PHP, php), (Country::ID, Currency::IDR, idr)]
        {
            let balance = regional.balance(AccountKind::Single, country, currency).await;
            let expected = minor.map(|minor| Money::from_minor(minor, currency));
            assert_eq!(balance.map(|b| b.available).ok(), expected, "{body}");
        }
        let other = regional.balance(AccountKind::Payout, Country::PH, Currency::PHP).await;
        assert_eq!(other.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn a_response_without_the_order_id_is_unrelated() {
    let data = |ids: &str| {
        success(&format!(
            r#"{{{ids}"amount":10000,"transactionStatus":"PENDING","transactionTime":"2026-11-20 10:00:00"}}"#
        ))
    };
    let theirs = r#""transactionId":"D1656505190221611009","#;
    for ids in [
        String::new(),
        theirs.to_owned(),
        format!(r#""mchOrderId":"",{theirs}"#),
        format!(r#""mchOrderId":" ",{theirs}"#),
        format!(r#""mchOrderId":null,{theirs}"#),
        format!(r#""mchOrderId":{{"id":"{}"}},"#, order_id()),
        format!(r#""mchOrderId":["{}"],"#, order_id()),
        format!(r#""mchorderid":"{}","#, order_id()),
        format!(r#""mchRefundOrderId":"{}","#, order_id()),
        format!(r#""mchOrderId":"{} ","#, order_id()),
    ] {
        let looked_up = find(200, data(&ids)).await.map(drop).unwrap_err();
        let created = create(200, data(&ids)).await.unwrap_err();
        for error in [looked_up, created] {
            let found = (error.kind(), error.effect());
            assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{ids}");
        }
    }
    let ours = data(&format!(r#""mchOrderId":"{}","#, order_id()));
    assert_eq!(create(200, ours).await.unwrap().status, PayoutStatus::Pending);
}

/// Values that stand where a text is expected and say nothing.
const NOTHINGS: [&str; 8] =
    [r#""""#, r#"" ""#, "null", "{}", r#"{"code":"x"}"#, "[]", "1.5", r#""\ud83d""#];

#[tokio::test]
async fn members_that_decide_nothing_hide_no_state() {
    let whole = order("COMPLETED", "");
    for value in NOTHINGS {
        for member in [
            "transactionId",
            "createTime",
            "returnTime",
            "remark",
            "failedCode",
            "failedMessage",
            "referenceNumber",
            "eventName",
            "feeRefunded",
            "originalTransactionId",
            "mchRefundOrderId",
            "payData",
            "unheardOf",
        ] {
            let mut data: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&whole).unwrap();
            data.remove(member);
            let rest = serde_json::to_string(&data).unwrap();
            let text = rest.replacen('{', &format!(r#"{{"{member}":{value},"#), 1);
            let payout = found(&text).await;
            assert_eq!(payout.status, PayoutStatus::Succeeded, "{member}: {value}");
        }
        let mut answer = success(&whole);
        answer = answer.replace(r#""message":"Success""#, &format!(r#""message":{value}"#));
        let Found::Found(payout) = find(200, answer).await.unwrap() else { panic!("{value}") };
        assert_eq!(payout.status, PayoutStatus::Succeeded, "message: {value}");
    }
    // A number in a text's place is that text.
    let failed = order("FAILED", r#","failedCode":-10005,"failedMessage":7"#);
    let failure = found(&failed).await.failure.unwrap();
    assert_eq!((failure.kind, failure.code.as_deref()), (ErrorKind::Beneficiary, Some("-10005")));
}

#[tokio::test]
async fn members_that_decide_are_read_strictly() {
    let whole = order("COMPLETED", "");
    for (member, values) in [
        ("amount", &[r#""""#, "{}", "100.00", r#""1e4""#, "-1"][..]),
        ("transactionStatus", &["{}", "[]", "1.5"]),
        ("currency", &["{}", r#""THB""#]),
    ] {
        for value in values {
            let mut data: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&whole).unwrap();
            data.remove(member);
            let rest = serde_json::to_string(&data).unwrap();
            let text = rest.replacen('{', &format!(r#"{{"{member}":{value},"#), 1);
            assert!(find(200, success(&text)).await.is_err(), "{member}: {value}");
        }
    }
}
