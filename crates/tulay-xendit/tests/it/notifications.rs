//! Notifications: the documents' own examples, tokens, accounts.

use crate::{
    platform::{BUSINESS, NEXT_TOKEN, TOKEN},
    support::*,
};
use http::HeaderMap;
use tulay_core::*;

fn open(body: &str, token: Option<&str>) -> Result<Vec<Notification>> {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        headers.insert("x-callback-token", token.parse().unwrap());
    }
    let raw =
        WebhookRequest::new("/notify/xendit".parse().unwrap(), headers, body.to_owned().into());
    let opened = xendit(&Script::says(500, ""), Country::ID).open(&raw)?;
    assert_eq!(opened.authenticity(), Authenticity::SharedToken);
    Ok(opened.get().clone())
}

/// "Payout webhook": one business outside, another inside.
fn payout(reference: &str) -> String {
    format!(
        r#"{{"event":"payout.succeeded","business_id":"{BUSINESS}","created":"2025-01-01T23:55:59Z","data":{{"id":"disb-571f3644d2b4edf0745e9703","amount":10000,"channel_code":"ID_BCA","currency":"IDR","status":"SUCCEEDED","description":"July payout","reference_id":"{reference}","created":"2024-12-31T23:53:59Z","updated":"2024-12-31T23:53:59Z","business_id":"6018306aa16ad90cb3c43ba7","channel_properties":{{"account_number":"000000000099"}}}}}}"#
    )
}

#[test]
fn the_examples_of_the_documents_are_read() {
    let order = order_id(Operation::Payout);
    let [Notification::Payout(payout)] = &open(&payout(order.as_str()), Some(TOKEN)).unwrap()[..]
    else {
        panic!()
    };
    assert_eq!((&payout.status, &payout.order_id), (&PayoutStatus::Succeeded, &Some(order)));
    let order = order_id(Operation::Refund);
    let data = format!(
        r#"{{"id":"rfd-6f4a377d-a201-437f-9119-f8b00cbbe857","payment_id":"ddpy-3cd658ae","invoice_id":null,"amount":"10000","currency":"IDR","status":"SUCCEEDED","reason":"CANCELLATION","reference_id":"{order}","failure_code":null}}"#
    );
    let one = format!(r#"{{"event":"refund.succeeded","business_id":"{BUSINESS}","data":{data}}}"#);
    // So it stands in the documents: in two envelopes.
    let two = format!(r#"{{"event":"refund.succeeded","business_id":"{BUSINESS}","data":{one}}}"#);
    for body in [one, two] {
        let [Notification::Refund(refund)] = &open(&body, Some(TOKEN)).unwrap()[..] else {
            panic!("{body}")
        };
        assert_eq!(
            (&refund.status, refund.order_id.as_ref()),
            (&RefundStatus::Succeeded, Some(&order))
        );
    }
}

#[test]
fn a_reference_of_others_is_unmatched() {
    for reference in ["myref-1482928194", "", order_id(Operation::Refund).as_str()] {
        let opened = open(&payout(reference), Some(TOKEN)).unwrap();
        assert!(matches!(opened[..], [Notification::Unmatched { .. }]), "{reference}");
    }
}

#[test]
fn what_cannot_be_read_under_the_token_is_kept() {
    for body in ["{", "null", "[]", r#"{"event":"payout.succeeded"}"#] {
        assert_eq!(open(body, Some(TOKEN)).unwrap(), [Notification::Unreadable], "{body}");
        assert_eq!(open(body, None).unwrap_err().kind(), ErrorKind::Signature, "{body}");
    }
    assert_eq!(open("", Some(TOKEN)).unwrap_err().kind(), ErrorKind::Unexpected);
}

#[test]
fn a_token_is_compared_whole() {
    let body = payout(order_id(Operation::Payout).as_str());
    assert!(open(&body, Some(NEXT_TOKEN)).is_ok(), "the next token is valid too");
    let (upper, blank) = (TOKEN.to_uppercase(), format!("{TOKEN} x"));
    for token in [None, Some(""), Some(&TOKEN[..TOKEN.len() - 1]), Some(&*upper), Some(&*blank)] {
        let error = open(&body, token).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{token:?}");
    }
}

#[test]
fn a_notification_of_another_account_is_refused() {
    let body = payout(order_id(Operation::Payout).as_str());
    let error = open(&body.replace(BUSINESS, "another"), Some(TOKEN)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("business_id")));
}
