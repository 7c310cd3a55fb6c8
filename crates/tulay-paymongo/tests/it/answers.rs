//! What answers are read as.

use crate::support::{Script, collection, context, make, order_id, payout, refund, settings};
use tulay_core::*;

const INTENT: &str = r#"{"data":{"id":"pi_1","type":"payment_intent","attributes":{
    "amount":125000,"currency":"PHP","status":"succeeded","livemode":false,
    "client_key":"pi_1_client","created_at":1795140000,"metadata":{"order_id":"ID"},
    "payments":[
        {"id":"pay_0","type":"payment","attributes":{"amount":125000,"currency":"PHP","status":"failed","failed_code":"RJCT"}},
        {"id":"pay_1","type":"payment","attributes":{"amount":125000,"currency":"PHP","status":"paid","fee":1875,"net_amount":123125,"metadata":null}}
    ]}}}"#;

const REFUND: &str = r#"{"data":{"id":"ref_1","type":"refund","attributes":{
    "amount":30000,"currency":"PHP","status":"pending","livemode":false,"payment_id":"pay_1",
    "reason":"others","notes":"Ticket 7","metadata":{"order_id":"ID"}}}}"#;

const TRANSFER: &str = r#"{"id":"tr_1","livemode":false,"merchant_id":"org_7000000000000000000000ab",
    "amount":125000,"fee":1000,"currency":"PHP","provider":"instapay","status":"succeeded",
    "provider_reference_number":"20261120000001","reference_number":"ID",
    "destination_account":{"number":"001234567890","name":"Ana Reyes","bic":"BOPIPHMMXXX"}}"#;

fn lookup(operation: Operation, reference: &str, minor: i64) -> Lookup {
    Lookup::new(order_id(operation), Country::PH, Currency::PHP, Channel::Qr)
        .with_amount(Money::from_minor(minor, Currency::PHP))
        .with_provider_reference(ProviderReference::new(reference).unwrap())
}

async fn found(text: &str) -> Result<Found<Collection>> {
    let text = text.replace("ID", order_id(Operation::Collection).as_str());
    let provider = make(settings(), context(&Script::new([(200, text)])));
    let lookup = lookup(Operation::Collection, "pi_1", 125_000);
    provider.collections().unwrap().find(&lookup).await
}

#[tokio::test]
async fn a_paid_intent_names_its_payment() {
    let Found::Found(collection) = found(INTENT).await.unwrap() else { panic!() };
    insta::assert_debug_snapshot!(collection);
    let mut lookup = lookup(Operation::Collection, "pi_1", 125_000);
    lookup.learn(&collection.observation);
    assert_eq!(lookup.payment.unwrap().as_str(), "pay_1");
}

#[tokio::test]
async fn two_payments_of_one_intent_are_a_contradiction() {
    let twice = INTENT.replace(r#""status":"failed""#, r#""status":"paid""#);
    let error = found(&twice).await.unwrap_err();
    assert_eq!((error.effect(), error.field()), (Effect::Unknown, Some("amount")));
    let part = INTENT.replace(
        r#""amount":125000,"currency":"PHP","status":"paid""#,
        r#""amount":25000,"currency":"PHP","status":"paid""#,
    );
    assert_ne!(part, INTENT);
    assert!(found(&part).await.is_err());
}

#[tokio::test]
async fn other_forms_of_an_amount_are_unknown() {
    for form in ["125000.000", "1.25e5", "125e3", "\"125000\"", "-125000", "null", "125000.5"] {
        let other = INTENT.replacen("125000", form, 1);
        let error = found(&other).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{form}");
        assert_eq!((error.effect(), error.field()), (Effect::Unknown, Some("amount")), "{form}");
    }
}

#[tokio::test]
async fn an_answer_of_the_other_mode_is_a_mismatch() {
    let error = found(&INTENT.replace(r#""livemode":false"#, r#""livemode":true"#)).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatch, Some("livemode")));
    let unsaid = found(&INTENT.replace(r#""livemode":false,"#, "")).await.unwrap_err();
    assert_eq!(unsaid.kind(), ErrorKind::Unexpected);
}

#[tokio::test]
async fn a_draft_of_another_order_is_not_attached() {
    let id = order_id(Operation::Collection);
    let draft = INTENT.replace("succeeded", "awaiting_payment_method").replace("ID", id.as_str());
    for (other, kind) in [
        (draft.replacen("125000", "125001", 1), ErrorKind::Mismatch),
        (
            draft.replace("\"PHP\",\"status\":\"awa", "\"THB\",\"status\":\"awa"),
            ErrorKind::Mismatch,
        ),
        (draft.replace(id.as_str(), "CAAAAAAAAAAAAAAAAAAAAAAAAA"), ErrorKind::Unrelated),
        (draft.replace("order_id", "order"), ErrorKind::Unrelated),
    ] {
        assert_ne!(other, draft);
        let other = other.replace(r#""status":"paid""#, r#""status":"pending""#);
        let script = Script::new([(200, other)]);
        let provider = make(settings(), context(&script));
        let collections = provider.collections().unwrap();
        let prepared = collections.prepare(&collection(CollectionMethod::Qr), &id).unwrap();
        let error = collections.create(&prepared).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{error}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn a_code_of_the_test_mode_is_not_shown_unless_wanted() {
    use crate::support::{picture, qr_ph};
    let id = order_id(Operation::Collection);
    let intent = |status: &str, more: &str| {
        let head = r#"{"data":{"id":"pi_1","type":"payment_intent","attributes":{"amount":125000,"currency":"PHP","livemode":false"#;
        format!(r#"{head},"metadata":{{"order_id":"{id}"}},"status":"{status}"{more}}}}}}}"#)
    };
    let action = format!(
        r#","next_action":{{"code":{{"image_url":"{}"}}}}"#,
        picture(&qr_ph(125_000, "SARI-SARI STORE"))
    );
    for (environment, wanted, shown) in [
        (Environment::Sandbox, false, true),
        (Environment::Uat, false, false),
        (Environment::Uat, true, true),
    ] {
        let method = r#"{"data":{"id":"pm_1","attributes":{"type":"qrph","livemode":false}}}"#;
        let script = Script::new([
            (200, intent("awaiting_payment_method", "")),
            (200, method.to_owned()),
            (200, intent("awaiting_next_action", &action)),
        ]);
        let mut settings = settings();
        settings.environment = environment;
        if environment == Environment::Uat {
            settings.base_url = "https://api.paymongo.com".into();
        }
        settings.show_test_codes = wanted;
        let provider = make(settings, context(&script));
        let collections = provider.collections().unwrap();
        let prepared = collections.prepare(&collection(CollectionMethod::Qr), &id).unwrap();
        let made = collections.create(&prepared).await.unwrap();
        assert_eq!(made.payment_instructions.is_some(), shown, "{environment} {wanted}");
    }
}

#[tokio::test]
async fn a_refund_of_another_payment_is_a_mismatch() {
    let id = order_id(Operation::Refund);
    let text = REFUND.replace("ID", id.as_str());
    for (text, right) in [(text.clone(), true), (text.replace("pay_1", "pay_2"), false)] {
        let script = Script::new([(200, text.clone()), (200, text)]);
        let provider = make(settings(), context(&script));
        let refunds = provider.refunds().unwrap();
        let prepared = refunds.prepare(&refund(), &id).unwrap();
        let made = refunds.create(&prepared).await;
        let mut lookup = prepared.lookup.clone();
        lookup.provider_reference = ProviderReference::new("ref_1").ok();
        let found = refunds.find(&lookup).await;
        if right {
            insta::assert_debug_snapshot!("a_refund", made.unwrap());
            assert!(matches!(found.unwrap(), Found::Found(_)));
            continue;
        }
        for error in [made.unwrap_err(), found.unwrap_err()] {
            let expected = (ErrorKind::Mismatch, Some("payment"), Effect::Unknown);
            assert_eq!((error.kind(), error.field(), error.effect()), expected);
        }
    }
}

#[tokio::test]
async fn a_batch_has_one_transfer() {
    let id = order_id(Operation::Payout);
    let one = TRANSFER.replace("ID", id.as_str());
    let batch = |transfers: &[&str]| {
        let transfers = transfers.join(",");
        format!(r#"{{"data":{{"id":"batch_tr_1","transfers":[{transfers}]}}}}"#)
    };
    let create = async |text: String| {
        let provider = make(settings(), context(&Script::new([(200, text)])));
        let payouts = provider.payouts().unwrap();
        let prepared = payouts.prepare(&payout(), &id).unwrap();
        payouts.create(&prepared).await
    };
    insta::assert_debug_snapshot!(create(batch(&[&one])).await.unwrap());
    let none = create(batch(&[])).await.unwrap_err();
    assert_eq!((none.effect(), none.field()), (Effect::Unknown, Some("transfers")));
    let two = create(batch(&[&one, &one])).await.unwrap_err();
    assert_eq!((two.effect(), two.kind()), (Effect::Unknown, ErrorKind::Mismatch));
}

#[tokio::test]
async fn a_key_in_use_proves_nothing() {
    let text = r#"{"errors":[{"code":"idempotency_in_progress","detail":"wait"}]}"#;
    let provider = make(settings(), context(&Script::new([(409, text)])));
    let payouts = provider.payouts().unwrap();
    let prepared = payouts.prepare(&payout(), &order_id(Operation::Payout)).unwrap();
    let error = payouts.create(&prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::InProcess, Effect::Unknown));
}

#[tokio::test]
async fn a_replaced_code_is_absence_and_the_known_ones_are_not() {
    let mut settings = settings();
    settings.not_found_codes = [(Operation::PayoutFind, vec!["no_transfer".to_owned()])].into();
    for (status, codes, absent) in [
        (404, &["no_transfer"][..], true),
        (404, &["no_transfer", "no_transfer"], true),
        (404, &["not_found"], false),
        (404, &["resource_not_found"], false),
        (404, &["no_transfer", "not_found"], false),
        (404, &["no_transfer", "new"], false),
        (401, &["no_transfer"], false),
        (502, &["no_transfer"], false),
    ] {
        let errors: Vec<_> = codes.iter().map(|code| format!(r#"{{"code":"{code}"}}"#)).collect();
        let text = format!(r#"{{"errors":[{}]}}"#, errors.join(","));
        let provider = make(settings.clone(), context(&Script::new([(status, text)])));
        let found = provider.payouts().unwrap().find(&lookup(Operation::Payout, "tr_1", 1)).await;
        assert_eq!(matches!(found, Ok(Found::Absent(_))), absent, "{status} {codes:?}");
        assert_eq!(found.is_err(), !absent, "{status} {codes:?}");
    }
}

#[tokio::test]
async fn institutions_are_of_both_rails() {
    let instapay = r#"{"data":[{"id":"ri_1","name":"GCash","bic":"GXCHPHM2XXX"},{"attributes":{"name":"BPI","bic":"BOPIPHMMXXX"}}]}"#;
    let pesonet =
        r#"{"data":[{"name":"BPI","bic":"BOPIPHMMXXX"},{"name":"New Bank","bic":"NEWBPHM1XXX"}]}"#;
    let script = Script::new([(200, instapay), (200, pesonet)]);
    let provider = make(settings(), context(&script));
    let list = provider.institutions().unwrap().list(Country::PH).await.unwrap();
    insta::assert_debug_snapshot!(list);
}

#[tokio::test]
async fn balances_are_whole_centavos() {
    let read = async |text: &str, account| {
        let text = format!(r#"{{"data":{{"id":"wallet_7","balance":{text}}}}}"#);
        let provider = make(settings(), context(&Script::new([(200, text)])));
        provider.balances().unwrap().balance(account, Country::PH, Currency::PHP).await
    };
    let both = r#"{"available":9007199254740993,"pending":-250}"#;
    let available = read(both, AccountKind::Payout).await.unwrap().available;
    assert_eq!(available.minor(), 9_007_199_254_740_993);
    assert_eq!(read(both, AccountKind::Held).await.unwrap().available.minor(), -250);
    for other in [r#"{"available":1.5,"pending":1}"#, r#"{"available":"1","pending":1}"#, "{}"] {
        assert!(read(other, AccountKind::Payout).await.is_err(), "{other}");
    }
}
