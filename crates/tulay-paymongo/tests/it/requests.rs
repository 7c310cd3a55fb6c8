//! What leaves, byte for byte.

use crate::support::{
    Script, collection, context, make, order_id, payout, pesos, refund, settings,
};
use tulay_core::*;

#[tokio::test]
async fn a_collection_by_code_is_three_requests() {
    let intent = r#"{"data":{"id":"pi_1","type":"payment_intent","attributes":{"amount":125000,"currency":"PHP","status":"awaiting_payment_method","livemode":false,"metadata":{"order_id":"ID"}}}}"#;
    let method = r#"{"data":{"id":"pm_1","type":"payment_method","attributes":{"type":"qrph","livemode":false}}}"#;
    let id = order_id(Operation::Collection);
    let intent = intent.replace("ID", id.as_str());
    let script = Script::new([(200, intent.as_str()), (200, method), (200, intent.as_str())]);
    let provider = make(settings(), context(&script));
    let payer = Party::default()
        .with_name(Name::parts("Ana", "Reyes").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap());
    let request = collection(CollectionMethod::Qr)
        .with_payer(payer)
        .with_remark("Order 1")
        .with_expires("2026-11-20T10:10:00.900Z".parse().unwrap());
    let collections = provider.collections().unwrap();
    let prepared = collections.prepare(&request, &id).unwrap();
    insta::assert_snapshot!("a_prepared_collection", prepared.body);
    collections.create(&prepared).await.unwrap();
    insta::assert_snapshot!("a_collection_by_code", script.shown());
}

#[tokio::test]
async fn a_collection_on_a_page_has_an_address_to_return_to() {
    let script = Script::new([(500, "")]);
    let provider = make(settings(), context(&script));
    let method = CollectionMethod::Redirect(InstitutionId::new("maya").unwrap());
    let request = collection(method).with_return_url("https://shop.example/thanks");
    let id = order_id(Operation::Collection);
    let prepared = provider.collections().unwrap().prepare(&request, &id).unwrap();
    insta::assert_snapshot!(prepared.body);
    provider.collections().unwrap().create(&prepared).await.unwrap_err();
    insta::assert_snapshot!("an_intent_of_a_page", script.shown());
}

#[tokio::test]
async fn a_payout_bears_its_id_twice() {
    let script = Script::new([(500, ""), (500, "")]);
    let provider = make(settings(), context(&script));
    let payouts = provider.payouts().unwrap();
    let id = order_id(Operation::Payout);
    let prepared = payouts.prepare(&payout(), &id).unwrap();
    payouts.create(&prepared).await.unwrap_err();
    let mut large = payout();
    large.amount = pesos(5_000_001);
    large.destination =
        Destination::wallet("gcash", WalletAccount::phone("+639171234567").unwrap()).unwrap();
    let prepared = payouts.prepare(&large, &id).unwrap();
    payouts.create(&prepared).await.unwrap_err();
    insta::assert_snapshot!(script.shown());
}

#[tokio::test]
async fn a_refund_names_the_payment() {
    let script = Script::new([(500, "")]);
    let provider = make(settings(), context(&script));
    let refunds = provider.refunds().unwrap();
    let request = refund()
        .with_reason("requested_by_customer")
        .with_extra("paymongo.notes", Sensitive::new("Ticket 7").unwrap())
        .with_extra("other.notes", Sensitive::new("not ours").unwrap());
    let prepared = refunds.prepare(&request, &order_id(Operation::Refund)).unwrap();
    refunds.create(&prepared).await.unwrap_err();
    insta::assert_snapshot!(script.shown());
}

#[tokio::test]
async fn readings_name_what_is_asked_for() {
    let script = Script::new([(500, ""), (500, ""), (500, ""), (500, ""), (500, "")]);
    let provider = make(settings(), context(&script));
    let lookup = |operation, reference: &str| {
        let id = order_id(operation);
        let lookup = Lookup::new(id, Country::PH, Currency::PHP, Channel::Bank);
        lookup.with_provider_reference(ProviderReference::new(reference).unwrap())
    };
    let payout = lookup(Operation::Payout, "tr_1");
    provider.payouts().unwrap().find(&payout).await.unwrap_err();
    let collection = lookup(Operation::Collection, "pi_1");
    provider.collections().unwrap().find(&collection).await.unwrap_err();
    let refund = lookup(Operation::Refund, "ref_1");
    provider.refunds().unwrap().find(&refund).await.unwrap_err();
    let balances = provider.balances().unwrap();
    balances.balance(AccountKind::Payout, Country::PH, Currency::PHP).await.unwrap_err();
    provider.institutions().unwrap().list(Country::PH).await.unwrap_err();
    insta::assert_snapshot!(script.shown());
}
