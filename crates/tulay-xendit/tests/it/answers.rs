//! What answers prove.

use crate::{
    platform::{Platform, SECRET_KEY, settings},
    support::*,
};
use tulay_core::*;

async fn created(status: u16, body: impl Into<bytes::Bytes>) -> Result<Payout> {
    let xendit = xendit(&Script::says(status, body), Country::PH);
    let prepared = Payouts::prepare(&xendit, &pesos("1250.50"), &order_id(Operation::Payout))?;
    Payouts::create(&xendit, &prepared).await
}

async fn found(body: &str, known: bool) -> Result<Found<Payout>> {
    let xendit = xendit(&Script::says(200, body.to_owned()), Country::PH);
    let mut lookup = Request::from(pesos("1250.50")).lookup(&order_id(Operation::Payout));
    lookup.provider_reference = known.then(|| ProviderReference::new("disb-7001").unwrap());
    Payouts::find(&xendit, &lookup).await
}

fn paid(amount: &str) -> String {
    payout_json(&format!(r#""amount":{amount},"status":"SUCCEEDED""#))
}

#[tokio::test]
async fn the_documented_answer_is_read() {
    let body = payout_json(
        r#""amount":1250.5,"status":"ACCEPTED","created":"2022-01-05T05:37:48.108Z","channel_properties":{"account_number":"001234567890","account_holder_name":"Maria Dela Cruz"}"#,
    );
    let payout = created(200, body).await.unwrap();
    assert_eq!(payout.status, PayoutStatus::Pending);
    assert_eq!(payout.provider_reference.unwrap().as_str(), "disb-7001");
    assert!(payout.created.unwrap().at.is_some());
}

#[tokio::test]
async fn amounts_in_other_forms_are_exact_or_an_error() {
    for amount in ["1250.5", "1250.500", "12505e-1", "1.2505E3", r#""1250.50""#] {
        let payout = created(200, paid(amount)).await.unwrap();
        assert_eq!(payout.status, PayoutStatus::Succeeded, "{amount}");
    }
    for (amount, kind) in [
        ("1250.51", ErrorKind::Mismatch),
        ("1250", ErrorKind::Mismatch),
        ("1250.5000001", ErrorKind::Unexpected),
        ("1e400", ErrorKind::Unexpected),
        ("true", ErrorKind::Unexpected),
    ] {
        let error = created(200, paid(amount)).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{amount}");
    }
}

#[tokio::test]
async fn an_answer_without_an_order_proves_nothing() {
    for body in ["", " ", "{}", "[]", "null", "<html></html>", r#"{"status":"FAILED"}"#] {
        let error = created(200, body).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{body}");
    }
}

#[tokio::test]
async fn both_forms_of_a_list_are_read() {
    let row = paid("1250.50");
    for body in [
        format!("[{row}]"),
        format!(r#"{{"data":[{row}],"has_more":false,"links":[]}}"#),
        format!(r#"{{"data":[{row}],"has_more":false}}"#),
    ] {
        let Found::Found(payout) = found(&body, false).await.unwrap() else { panic!("{body}") };
        assert_eq!(payout.status, PayoutStatus::Succeeded);
    }
    for body in
        ["[]", r#"{"data":[],"has_more":false,"links":[]}"#, r#"{"data":[],"has_more":false}"#]
    {
        assert!(matches!(found(body, false).await, Ok(Found::Absent(_))), "{body}");
    }
    for body in ["", "{}", "null", r#"{"data":{}}"#, r#"{"data":[]}"#, "[[]]", r#"["x"]"#, "[}"] {
        let error = found(body, false).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{body}");
    }
}

#[tokio::test]
async fn two_orders_under_one_reference_are_an_error() {
    let row = paid("1250.50");
    for body in [
        format!("[{row},{row}]"),
        format!(r#"{{"data":[{row},{row}],"has_more":false}}"#),
        format!(r#"{{"data":[{row}],"has_more":true}}"#),
        r#"{"data":[],"has_more":true}"#.to_owned(),
    ] {
        let error = found(&body, false).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Mismatch, Effect::Unknown),
            "{body}"
        );
    }
}

#[tokio::test]
async fn another_id_is_another_order() {
    let other = paid("1250.50").replace("disb-7001", "disb-7002");
    let error = found(&other, true).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
    assert_eq!(error.field(), Some("provider_reference"));
    assert!(found(&paid("1250.50"), true).await.is_ok());
}

#[tokio::test]
async fn another_account_is_a_contradiction() {
    let body = paid("1250.50").replace(crate::platform::BUSINESS, "6018306aa16ad90cb3c43ba7");
    let error = found(&body, true).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("business_id")));
}

#[tokio::test]
async fn a_failed_payout_keeps_its_reason() {
    for (status, more, kind) in [
        ("FAILED", r#","failure_code":"INSUFFICIENT_BALANCE""#, ErrorKind::Funds),
        ("FAILED", r#","failure_code":"INVALID_DESTINATION""#, ErrorKind::Beneficiary),
        ("FAILED", r#","failure_code":"NOT_LISTED""#, ErrorKind::Unexpected),
        ("FAILED", "", ErrorKind::Unexpected),
        ("COMPLIANCE_REJECTED", "", ErrorKind::Compliance),
    ] {
        let body = payout_json(&format!(r#""amount":1250.50,"status":"{status}"{more}"#));
        let Found::Found(payout) = found(&body, true).await.unwrap() else { panic!("{body}") };
        assert_eq!(payout.status, PayoutStatus::Failed);
        assert_eq!(payout.failure.unwrap().kind, kind, "{body}");
    }
}

#[tokio::test]
async fn a_refund_is_of_the_payment_that_it_names() {
    let back = |original: &str| {
        let order_id = order_id(Operation::Refund);
        format!(
            r#"{{"id":"rfd-7001","reference_id":"{order_id}","payment_request_id":"{original}","amount":2500,"currency":"IDR","status":"SUCCEEDED"}}"#
        )
    };
    let find = async |body: String| {
        let xendit = xendit(&Script::says(200, body), Country::ID);
        let lookup = Request::from(refund()).lookup(&order_id(Operation::Refund));
        Refunds::find(&xendit, &lookup).await
    };
    let (ours, other) = (back("pr-1fdaf346-dd2e-4b6c-b938-124c7167a822"), back("pr-other"));
    let page = |rows: &str, more: bool| format!(r#"{{"data":[{rows}],"has_more":{more}}}"#);
    let Found::Found(refund) = find(page(&ours, true)).await.unwrap() else { panic!() };
    assert_eq!(refund.status, RefundStatus::Succeeded);
    let error = find(page(&other, false)).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("payment_request_id")));
    // What may follow is not known to have none of ours.
    assert_eq!(find(page("", true)).await.unwrap_err().kind(), ErrorKind::Unexpected);
    assert!(matches!(find(page("", false)).await, Ok(Found::Absent(_))));
}

#[tokio::test]
async fn codes_over_another_amount_are_not_shown() {
    use crate::documented::{MERCHANT, code_text};
    let create = async |country: Country, code: String| {
        let xendit = xendit(&Script::says(201, payment_request(country, &code)), country);
        let request = collection(country, CollectionMethod::Qr);
        let prepared =
            Collections::prepare(&xendit, &request, &order_id(Operation::Collection)).unwrap();
        Collections::create(&xendit, &prepared).await
    };
    for (country, other) in [(Country::PH, Country::ID), (Country::ID, Country::PH)] {
        let right = code_text(country, 1_000_000, MERCHANT);
        let shown = create(country, right.clone()).await.unwrap().payment_instructions;
        assert_eq!(shown, Some(PaymentInstructions::Qr(QrText::new(&right).unwrap())));
        for wrong in [
            code_text(country, 1_000_001, MERCHANT),
            code_text(country, 1_000_000, "ANOTHER SHOP"),
            code_text(other, 1_000_000, MERCHANT),
            right.replace("SANDBOX", "sandbox"),
            "1251255".to_owned(),
        ] {
            let error = create(country, wrong).await.unwrap_err();
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
        }
    }
}

fn payment_request(country: Country, code: &str) -> String {
    let order_id = order_id(Operation::Collection);
    let currency = if country == Country::PH { "PHP" } else { "IDR" };
    format!(
        r#"{{"payment_request_id":"pr-7001","reference_id":"{order_id}","request_amount":10000,"currency":"{currency}","status":"REQUIRES_ACTION","actions":[{{"type":"PRESENT_TO_CUSTOMER","descriptor":"QR_STRING","value":"{code}"}}]}}"#
    )
}

#[tokio::test]
async fn balances_are_exact() {
    let read = async |body: &str| {
        let xendit = xendit(&Script::says(200, body.to_owned()), Country::PH);
        xendit.balance(AccountKind::Single, Country::PH, Currency::PHP).await
    };
    for (body, minor) in [
        (r#"{"balance":1241231.15}"#, 124_123_115),
        (r#"{"balance":-1}"#, -100),
        (r#"{"balance":1.0E7}"#, 1_000_000_000),
        (r#"{"balance":90071992547409.93}"#, 9_007_199_254_740_993),
    ] {
        assert_eq!(read(body).await.unwrap().available.minor(), minor, "{body}");
    }
    assert_eq!(read(r#"{"balance":0.001}"#).await.unwrap_err().field(), Some("balance"));
}

#[tokio::test]
async fn a_code_beside_an_order_is_no_rejection() {
    let body =
        payout_json(r#""amount":1250.50,"status":"ACCEPTED","error_code":"API_VALIDATION_ERROR""#);
    for status in [200, 201, 302, 500] {
        let error = created(status, body.clone()).await.unwrap_err();
        assert_eq!((error.effect(), error.is_permanent()), (Effect::Unknown, false), "{status}");
    }
    assert_eq!(created(400, body).await.unwrap_err().effect(), Effect::Rejected);
}

#[tokio::test]
async fn only_404_says_that_there_is_no_order() {
    let body = r#"{"error_code":"DATA_NOT_FOUND","message":"x"}"#;
    let lookup = Request::from(pesos("1250.50")).lookup(&order_id(Operation::Payout));
    let find = async |status: u16| {
        Payouts::find(&xendit(&Script::says(status, body), Country::PH), &lookup).await
    };
    assert!(matches!(find(404).await, Ok(Found::Absent(_))));
    for status in [200, 302, 400, 401, 403, 409, 500] {
        assert_eq!(find(status).await.unwrap_err().effect(), Effect::Unknown, "{status}");
    }
}

#[tokio::test]
async fn a_replaced_code_is_absence_and_the_known_one_is_not() {
    let mut settings = settings(Country::PH);
    settings.not_found_codes =
        [(Operation::PayoutFind, vec!["PAYOUT_NOT_FOUND".to_owned()])].into();
    let lookup = Request::from(pesos("1250.50")).lookup(&order_id(Operation::Payout));
    for (status, code, absent) in [
        (404, "PAYOUT_NOT_FOUND", true),
        (404, "DATA_NOT_FOUND", false),
        (404, "PAYOUT_NOT_FOUND_2", false),
        (400, "PAYOUT_NOT_FOUND", false),
        (502, "PAYOUT_NOT_FOUND", false),
    ] {
        let body = format!(r#"{{"error_code":"{code}","message":"x"}}"#);
        let context = context(&Script::says(status, body));
        let xendit = Platform::make(settings.clone(), SECRET_KEY, context);
        let found = Payouts::find(&xendit, &lookup).await;
        assert_eq!(matches!(found, Ok(Found::Absent(_))), absent, "{status} {code}");
        assert_eq!(found.is_err(), !absent, "{status} {code}");
    }
}

#[tokio::test]
async fn a_request_without_a_code_keeps_its_id() {
    let body = payment_request(Country::PH, "1251255");
    let xendit = xendit(&Script::says(201, body), Country::PH);
    let request = collection(Country::PH, CollectionMethod::Qr);
    let prepared = Collections::prepare(&xendit, &request, &order_id(Operation::Collection));
    let error = Collections::create(&xendit, &prepared.unwrap()).await.unwrap_err();
    let known = error.provider_reference().map(ProviderReference::as_str);
    assert_eq!((known, error.effect()), (Some("pr-7001"), Effect::Unknown));
}

#[tokio::test]
async fn an_account_at_another_bank_is_not_shown() {
    let bank = InstitutionId::new("CENAIDJA").unwrap();
    let request = collection(Country::ID, CollectionMethod::VirtualAccount(bank));
    let create = async |channel: &str| {
        let answer = payment_request(Country::ID, "1251255")
            .replace("QR_STRING", "VIRTUAL_ACCOUNT_NUMBER")
            .replacen('{', &format!(r#"{{{channel}"#), 1);
        let xendit = xendit(&Script::says(201, answer), Country::ID);
        let prepared = Collections::prepare(&xendit, &request, &order_id(Operation::Collection));
        Collections::create(&xendit, &prepared.unwrap()).await
    };
    for right in ["", r#""channel_code":"BCA_VIRTUAL_ACCOUNT","#] {
        assert!(create(right).await.unwrap().payment_instructions.is_some(), "{right}");
    }
    let error = create(r#""channel_code":"BNI_VIRTUAL_ACCOUNT","#).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
}
