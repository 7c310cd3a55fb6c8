//! Refunds: the rules that can be known here, and what a list of refunds proves.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

fn prepared(request: &RefundRequest) -> Result<Prepared> {
    let platform = Platform::new(|_| panic!("nothing may be sent"));
    Refunds::prepare(&regional(&platform), request, &id_of('R'))
}

fn row(status: &str) -> String {
    format!(
        r#"{{"mchRefundOrderId":"{}","originalTransactionId":"C1030677482494880155","refundTransactionId":"1818491499290169344","refundAmount":2500,"feeRefunded":10,"refundStatus":"{status}","refundCreateTime":"2026-11-20 10:00:00"}}"#,
        id_of('R')
    )
}

#[tokio::test]
async fn a_refund_s_text() {
    let mut request = refund(2_500);
    request.reason = Some("one of four was broken".into());
    request.paid_at = Some("2026-11-19T10:00:00+08:00".parse().unwrap());
    let prepared = prepared(&request).unwrap();
    assert_snapshot!(prepared.body);
    let platform = Platform::says(200, success(&row("PENDING")));
    let created = Refunds::create(&regional(&platform), &prepared).await.unwrap();
    assert_eq!(created.status, RefundStatus::Pending);
    assert_eq!(created.provider_reference.unwrap().as_str(), "1818491499290169344");
    let sent = platform.sent.lock().unwrap();
    assert_snapshot!("sent", format!("{} {}", sent[0].uri().path(), param(&sent[0])));
}

#[test]
fn invalid_refunds_are_refused_before_sending() {
    let changed = |minor, change: &dyn Fn(&mut RefundRequest)| {
        let mut request = refund(minor);
        change(&mut request);
        let error = prepared(&request).unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        format!("{} [{}] {error}", error.kind(), error.field().unwrap_or("-"))
    };
    assert_snapshot!(
        [
            changed(0, &|_| {}),
            changed(10_001, &|_| {}),
            changed(1, &|r| r.amount = Money::from_minor(1, Currency::IDR)),
            changed(1, &|r| r.paid = Money::from_minor(10_000, Currency::IDR)),
            changed(1, &|r| r.original.provider_reference = None),
            changed(1, &|r| r.reason = Some("x".repeat(201))),
            changed(1, &|r| r.original.country = Country::RU),
            changed(1, &|r| r.original.channel = Channel::Bank),
        ]
        .join("\n")
    );
    assert!(prepared(&refund(10_000)).is_ok(), "the whole");
}

#[tokio::test]
async fn after_sixty_days_nothing_is_sent() {
    let platform = Platform::says(200, success(&row("PENDING")));
    let paid_at = |at: &str| {
        let mut request = refund(2_500);
        request.paid_at = Some(at.parse().unwrap());
        prepared(&request)
    };
    let too_late = paid_at("2026-09-21T09:59:00+08:00").unwrap_err();
    assert_eq!((too_late.field(), too_late.effect()), (Some("paid_at"), Effect::NotSent));
    let mut recent = paid_at("2026-09-21T10:01:00+08:00").unwrap();
    Refunds::create(&regional(&platform), &recent).await.unwrap();
    // It waited for too long since it was prepared.
    recent.body = recent.body.replacen("02:01:00", "01:59:00", 1);
    let waited = Refunds::create(&regional(&platform), &recent).await.unwrap_err();
    assert_eq!((waited.field(), waited.effect()), (Some("paid_at"), Effect::NotSent));
    assert_eq!(platform.requests(), 1);
}

#[tokio::test]
async fn a_foreign_prepared_order_is_not_sent() {
    let platform = Platform::new(|_| panic!("nothing may be sent"));
    let regional = regional(&platform);
    let mut other = prepared(&refund(1)).unwrap();
    other.lookup.order_id = id_of('P');
    let payout = Payouts::prepare(&regional, &payout(), &order_id()).unwrap();
    for prepared in [other, payout] {
        let error = Refunds::create(&regional, &prepared).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::NotSent));
    }
    let refund = prepared(&refund(1)).unwrap();
    assert!(Payouts::create(&regional, &refund).await.is_err());
}

#[tokio::test]
async fn a_refund_is_found_among_those_of_its_payment() {
    let lookup = prepared(&refund(2_500)).unwrap().lookup;
    let find = async |data: &str| {
        let platform = Platform::says(200, success(data));
        Refunds::find(&regional(&platform), &lookup).await
    };
    let other = row("FAILED").replace("RCCT4", "RCCT5");
    for (word, status) in [
        ("PENDING", RefundStatus::Pending),
        ("COMPLETE", RefundStatus::Succeeded),
        ("COMPLETED", RefundStatus::Succeeded),
        ("FAILED", RefundStatus::Failed),
        ("CANCEL", RefundStatus::Cancelled),
        ("NEW", RefundStatus::Unknown("NEW".into())),
    ] {
        let found = find(&format!("[{other},{}]", row(word))).await.unwrap();
        let Found::Found(found) = found else { panic!() };
        assert_eq!(found.status, status);
        let fee = found.fee.unwrap().in_currency(Currency::PHP);
        assert_eq!(fee, Some(Money::from_minor(10, Currency::PHP)));
    }
    assert!(matches!(find("[]").await, Ok(Found::Absent(_))));
    assert!(matches!(find(&format!("[{other}]")).await, Ok(Found::Absent(_))));
    let twice = format!("[{},{}]", row("PENDING"), row("COMPLETE"));
    assert_eq!(find(&twice).await.unwrap_err().kind(), ErrorKind::Mismatch);
    let more = row("COMPLETE").replace("2500", "2501");
    assert_eq!(find(&format!("[{more}]")).await.unwrap_err().kind(), ErrorKind::Mismatch);
    for wrong in ["null", "{}", "[[]]"] {
        assert_eq!(find(wrong).await.unwrap_err().effect(), Effect::Unknown, "{wrong}");
    }
}

#[tokio::test]
async fn all_refunds_of_a_payment_are_listed() {
    let payment = refund(2_500).original;
    let list = async |data: &str| {
        let platform = Platform::says(200, success(data));
        RefundList::list(&regional(&platform), &payment).await
    };
    let other = row("COMPLETE").replace("RCCT4", "RCCT5").replace("2500", "1250");
    let failed = row("FAILED").replace("RCCT4", "RCCT6");
    let refunds = list(&format!("[{other},{failed},{}]", row("PENDING"))).await.unwrap();
    let Found::Found(refunds) = refunds else { panic!("{refunds:?}") };
    let totals = RefundTotals::of(&refunds, Currency::PHP).unwrap();
    let pesos = |minor| Money::from_minor(minor, Currency::PHP);
    assert_eq!((totals.succeeded, totals.pending), (pesos(1_250), pesos(2_500)));
    assert_eq!(list("[]").await.unwrap(), Found::Found(Vec::new()));
    let elsewhere = other.replace("C1030677482494880155", "C2030677482494880155");
    for wrong in ["null", "{}", &format!("[{elsewhere}]")] {
        assert_eq!(list(wrong).await.unwrap_err().effect(), Effect::Unknown, "{wrong}");
    }
}

#[tokio::test]
async fn an_unknown_payment_is_not_an_empty_refund_list() {
    let payment = refund(2_500).original;
    let list = async |code: &str| {
        RefundList::list(&regional(&Platform::says(200, refused(code))), &payment).await
    };
    assert!(matches!(list("21006").await, Ok(Found::Absent(_))));
    assert_eq!(list("21001").await.unwrap_err().effect(), Effect::Unknown);
}

#[tokio::test]
async fn codes_of_refunds() {
    let prepared = prepared(&refund(2_500)).unwrap();
    for (code, effect) in [
        ("21401", Effect::Unknown),
        ("21403", Effect::Rejected),
        ("21406", Effect::Rejected),
        ("21407", Effect::Unknown),
        ("21409", Effect::Unknown),
    ] {
        let platform = Platform::says(200, refused(code));
        let error = Refunds::create(&regional(&platform), &prepared).await.unwrap_err();
        assert_eq!((error.effect(), error.is_permanent()), (effect, false), "{code}");
    }
}

#[tokio::test]
async fn a_response_without_the_refund_s_id_is_unrelated() {
    let prepared = prepared(&refund(2_500)).unwrap();
    let named = row("PENDING");
    let by_theirs = named.replace(&format!(r#""mchRefundOrderId":"{}","#, id_of('R')), "");
    let by_none = by_theirs.replace(r#""refundTransactionId":"1818491499290169344","#, "");
    for (data, accepted) in [(named, true), (by_theirs, false), (by_none, false)] {
        let regional = regional(&Platform::says(200, success(&data)));
        let answered = Refunds::create(&regional, &prepared).await;
        assert_eq!(answered.is_ok(), accepted, "{data}");
        if let Err(error) = answered {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
        }
    }
}

#[tokio::test]
async fn an_ambiguous_refund_list_is_not_absence() {
    let prepared = prepared(&refund(2_500)).unwrap();
    let find = async |data: String| {
        let platform = Platform::says(200, success(&data));
        Refunds::find(&regional(&platform), &prepared.lookup).await
    };
    let ours = row("PENDING");
    let named = format!(r#""mchRefundOrderId":"{}","#, id_of('R'));
    let nameless = ours.replace(&named, "");
    for nameless in
        [nameless.clone(), ours.replace(id_of('R').as_str(), ""), format!("{ours},{nameless}")]
    {
        let error = find(format!("[{nameless}]")).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unrelated, Effect::Unknown));
        assert_eq!(error.field(), Some("mchRefundOrderId"));
    }
    let elsewhere = ours.replace("C1030677482494880155", "C2030677482494880155");
    assert_ne!(elsewhere, ours);
    let error = find(format!("[{elsewhere}]")).await.unwrap_err();
    assert_eq!(error.field(), Some("originalTransactionId"));
    assert_eq!(error.kind(), ErrorKind::Mismatch, "it is our refund, of another payment");
    let neither = elsewhere.replace(id_of('R').as_str(), "RAAAAAAAAAAAAAAAAAAAAAAAAA");
    let error = find(format!("[{neither}]")).await.unwrap_err();
    assert_eq!(error.field(), Some("originalTransactionId"));
    assert_eq!(error.kind(), ErrorKind::Unrelated);
    let regional = regional(&Platform::says(200, success(&elsewhere)));
    let error = Refunds::create(&regional, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
    // One that does not say which payment it is of is looked up by that payment.
    let silent = ours.replace(r#""originalTransactionId":"C1030677482494880155","#, "");
    assert!(matches!(find(format!("[{silent}]")).await, Ok(Found::Found(_))));
}
