//! Static codes: made, looked up, paid many times, cancelled where that is offered.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

fn request(country: Country, currency: Currency, method: CollectionMethod) -> StaticCodeRequest {
    let reference = Reference::new("TILL-1").unwrap();
    let mut request = StaticCodeRequest::new(reference, country, currency, method);
    request.holder = payer(country);
    request
}

fn text() -> String {
    crate::conformance::code(Country::PH, None)
}

fn code(status: &str) -> String {
    format!(
        r#"{{"mchOrderId":"{}","payData":"{}","channelCode":"PH_QRPH_STATIC","createTime":"2026-11-20 10:00:00","status":"{status}","channelType":"QR"}}"#,
        id_of('S'),
        text()
    )
}

fn lookup(country: Country, currency: Currency) -> Lookup {
    Lookup::new(id_of('S'), country, currency, Channel::Qr)
}

#[tokio::test]
async fn what_is_sent() {
    let platform = Platform::says(500, "");
    let regional = regional(&platform);
    for request in [
        request(Country::PH, Currency::PHP, CollectionMethod::Qr),
        request(Country::ID, Currency::IDR, CollectionMethod::Qr),
        request(Country::ID, Currency::IDR, virtual_account("CENAIDJA")),
        request(Country::TH, Currency::THB, CollectionMethod::Qr),
    ] {
        assert!(make_code(&regional, &request, &id_of('S')).await.is_err());
    }
    let ph = lookup(Country::PH, Currency::PHP);
    let day = |text: &str| text.parse().unwrap();
    assert!(StaticCodes::find(&regional, &ph).await.is_err());
    assert!(regional.payments(&ph, day("2026-11-01"), day("2026-11-20")).await.is_err());
    assert!(regional.set_status(&ph, StaticCodeStatus::Cancelled).await.is_err());
    let shown: Vec<String> = {
        let sent = platform.sent.lock().unwrap();
        sent.iter().map(|sent| format!("{} {}", sent.uri().path(), param(sent))).collect()
    };
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn what_is_not_offered_is_not_sent() {
    let platform = Platform::new(|_| panic!("nothing may be sent"));
    let regional = regional(&platform);
    for (country, currency) in [(Country::MY, Currency::MYR), (Country::RU, Currency::RUB)] {
        let request = request(country, currency, CollectionMethod::Qr);
        let error = make_code(&regional, &request, &id_of('S')).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    }
    for (country, currency, status) in [
        (Country::ID, Currency::IDR, StaticCodeStatus::Cancelled),
        (Country::TH, Currency::THB, StaticCodeStatus::Cancelled),
        (Country::PH, Currency::PHP, StaticCodeStatus::Inactive),
    ] {
        let error = regional.set_status(&lookup(country, currency), status).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));
    }
}

#[tokio::test]
async fn the_status_of_a_code_is_read() {
    for (word, status) in [
        ("ACTIVE", StaticCodeStatus::Active),
        ("INACTIVE", StaticCodeStatus::Inactive),
        ("CANCEL", StaticCodeStatus::Cancelled),
        ("CANCELLED", StaticCodeStatus::Cancelled),
        ("NEW", StaticCodeStatus::Unknown("NEW".into())),
    ] {
        let platform = Platform::says(200, success(&code(word)));
        let found =
            StaticCodes::find(&regional(&platform), &lookup(Country::PH, Currency::PHP)).await;
        let Found::Found(found) = found.unwrap() else { panic!() };
        assert_eq!(found.status, status.clone());
        // A code that was cancelled shows nothing.
        let shown = (status != StaticCodeStatus::Cancelled)
            .then(|| PaymentInstructions::Qr(QrText::new(text()).unwrap()));
        assert_eq!(found.payment_instructions, shown);
    }
    for wrong in [code("ACTIVE").replace("SCCT4", "SCCT5"), "{\"status\":\"ACTIVE\"}".into()] {
        let platform = Platform::says(200, success(&wrong));
        let found =
            StaticCodes::find(&regional(&platform), &lookup(Country::PH, Currency::PHP)).await;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Unrelated);
    }
}

#[tokio::test]
async fn payments_are_identified_by_provider_reference() {
    let row = |id: &str, more: &str| {
        format!(
            r#"{{"transactionId":"{id}","transactionCreateTime":"2026-11-20 10:00:00","transactionReturnTime":"2026-11-20 10:00:01","transactionAmount":"2500","transactionStatus":"COMPLETED"{more}}}"#
        )
    };
    let listed = async |rows: String| {
        let platform = Platform::says(200, success(&rows));
        let day = "2026-11-20".parse().unwrap();
        regional(&platform).payments(&lookup(Country::PH, Currency::PHP), day, day).await
    };
    let named = format!(r#","mchOrderId":"{}""#, id_of('S'));
    let rows = listed(format!("[{},{}]", row("C1", &named), row("C2", &named))).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter()
            .all(|incoming_payment| incoming_payment.observation.status == CollectionStatus::Paid)
    );
    let amount = rows[0].observation.amount.as_ref().unwrap().in_currency(Currency::PHP);
    assert_eq!(amount, Some(Money::from_minor(2500, Currency::PHP)));
    assert!(listed("[]".into()).await.unwrap().is_empty());
    for nameless in ["", r#","mchOrderId":"""#, r#","mchOrderId":null"#, r#","mchOrderId":{}"#] {
        let rows = listed(format!("[{}]", row("C1", nameless))).await.unwrap();
        assert_eq!(rows[0].observation.status, CollectionStatus::Pending, "{nameless}");
    }
    let other = row("C1", r#","mchOrderId":"SAAAAAAAAAAAAAAAAAAAAAAAAA""#);
    assert_eq!(listed(format!("[{other}]")).await.unwrap_err().kind(), ErrorKind::Unrelated);
    for wrong in ["{}", "null", "[1]", r#"[{"transactionAmount":1}]"#] {
        let error = listed(wrong.into()).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unexpected, Effect::Unknown));
    }
}

#[tokio::test]
async fn one_that_may_not_be_cancelled_says_so() {
    let platform = Platform::says(200, refused("21025"));
    let ph = lookup(Country::PH, Currency::PHP);
    let error = regional(&platform).set_status(&ph, StaticCodeStatus::Cancelled).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::State, Effect::Unknown));
    let platform = Platform::says(200, success(&code("CANCEL")));
    let cancelled = regional(&platform).set_status(&ph, StaticCodeStatus::Cancelled).await.unwrap();
    assert_eq!(cancelled.status, StaticCodeStatus::Cancelled);
}

#[tokio::test]
async fn an_answer_that_names_no_code_made_none() {
    let named = code("ACTIVE");
    let nameless = named.replace(&format!(r#""mchOrderId":"{}","#, id_of('S')), "");
    assert_ne!(named, nameless);
    for (data, made) in [(named, true), (nameless, false)] {
        let regional = regional(&Platform::says(200, success(&data)));
        let request = request(Country::PH, Currency::PHP, CollectionMethod::Qr);
        let answered = make_code(&regional, &request, &id_of('S')).await;
        assert_eq!(answered.is_ok(), made);
        if let Err(error) = answered {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
        }
    }
}

#[tokio::test]
async fn an_unconfirmed_cancellation_is_in_doubt() {
    let ph = lookup(Country::PH, Currency::PHP);
    for (word, cancelled) in
        [("CANCEL", true), ("CANCELLED", true), ("ACTIVE", false), ("INACTIVE", false), ("", false)]
    {
        let regional = regional(&Platform::says(200, success(&code(word))));
        let answered = regional.set_status(&ph, StaticCodeStatus::Cancelled).await;
        assert_eq!(answered.is_ok(), cancelled, "{word}");
        if let Err(error) = answered {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
            assert_eq!(error.field(), Some("status"));
        }
    }
}
