//! The adapter against the simulated Xendit, which shares no code with it and keeps the truth about
//! money: in both editions, as the reference and observations of the test mode differ.

use crate::support::*;
use std::sync::Arc;
use tulay_core::*;
use tulay_sandbox::{
    Sandbox,
    xendit::{
        self, DEMO_BUSINESS_ID, DEMO_CALLBACK_TOKEN, DEMO_IDR_BUSINESS_ID, DEMO_IDR_SECRET_KEY,
        DEMO_SECRET_KEY, Edition,
    },
};
use tulay_xendit::{Keys, Settings, Xendit};

const EDITIONS: [Edition; 2] = [Edition::Reference, Edition::TestMode];

async fn open(edition: Edition) -> Sandbox {
    let settings = xendit::Settings { edition, ..xendit::Settings::default() };
    let builder =
        Sandbox::builder().offline().manual_clock("2026-11-20T01:00:00Z".parse().unwrap());
    builder.provider(xendit::Xendit::new(settings).unwrap()).start().await.unwrap()
}

fn account(sandbox: &Sandbox, country: Country) -> Xendit {
    let (business, key) = match country {
        Country::PH => (DEMO_BUSINESS_ID, DEMO_SECRET_KEY),
        _ => (DEMO_IDR_BUSINESS_ID, DEMO_IDR_SECRET_KEY),
    };
    let url = sandbox.base_url("xendit").unwrap();
    let settings = Settings::new(Environment::Sandbox, url, business, country);
    let secret = |text| Secret::new(text).unwrap();
    let keys = Keys::new(secret(key), vec![secret(DEMO_CALLBACK_TOKEN)]);
    let mut context = context(&Script::says(500, ""));
    context.transport = sandbox.transport();
    context.clock = Arc::new(Fixed);
    Xendit::new(ProviderId::new("xendit").unwrap(), settings, keys, context).unwrap()
}

async fn advance(sandbox: &Sandbox, by: &str) {
    sandbox.advance(by.parse().unwrap()).await;
}

#[tokio::test]
async fn a_payout_is_paid_once_and_found_by_both_ids() {
    for edition in EDITIONS {
        let sandbox = open(edition).await;
        let ph = account(&sandbox, Country::PH);
        let order_id = order_id(Operation::Payout);
        let prepared = Payouts::prepare(&ph, &pesos("1250.15"), &order_id).unwrap();
        let absent = Payouts::find(&ph, &prepared.lookup).await.unwrap();
        assert!(matches!(absent, Found::Absent(_)));
        let first = Payouts::create(&ph, &prepared).await.unwrap();
        let again = Payouts::create(&ph, &prepared).await.unwrap();
        assert_eq!(first.provider_reference, again.provider_reference);
        advance(&sandbox, "1h").await;
        let mut lookup = prepared.lookup;
        for known in [None, first.provider_reference] {
            lookup.provider_reference = known;
            let Found::Found(payout) = Payouts::find(&ph, &lookup).await.unwrap() else { panic!() };
            assert_eq!(payout.status, PayoutStatus::Succeeded);
        }
        assert_eq!(sandbox.ledger().times_paid(order_id.as_str()), 1);
    }
}

#[tokio::test]
async fn a_lost_answer_is_fetched_by_the_same_key() {
    for edition in EDITIONS {
        let sandbox = open(edition).await;
        let ph = account(&sandbox, Country::PH);
        let order_id = order_id(Operation::Payout);
        let mut request = pesos("100");
        // The simulator loses the answer to this account.
        request.destination = Destination::bank("BOPIPHMM", "001234992001").unwrap();
        let prepared = Payouts::prepare(&ph, &request, &order_id).unwrap();
        let lost = Payouts::create(&ph, &prepared).await.unwrap_err();
        assert_eq!(lost.effect(), Effect::Unknown);
        let Found::Found(found) = Payouts::find(&ph, &prepared.lookup).await.unwrap() else {
            panic!()
        };
        advance(&sandbox, "1h").await;
        let mut lookup = prepared.lookup;
        lookup.learn(&found);
        assert!(matches!(Payouts::find(&ph, &lookup).await, Ok(Found::Found(_))));
        assert_eq!(sandbox.ledger().times_paid(order_id.as_str()), 1);
    }
}

#[tokio::test]
async fn a_code_is_paid_and_refunded() {
    for edition in EDITIONS {
        let sandbox = open(edition).await;
        let id = account(&sandbox, Country::ID);
        let request = collection(Country::ID, CollectionMethod::Qr);
        let prepared =
            Collections::prepare(&id, &request, &order_id(Operation::Collection)).unwrap();
        let shown = Collections::create(&id, &prepared).await.unwrap();
        let Some(PaymentInstructions::Qr(code)) = shown.payment_instructions else { panic!() };
        sandbox.pay("xendit", code.expose(), None).unwrap();
        let mut original = prepared.lookup;
        original.learn(&shown.observation);
        let Found::Found(paid) = Collections::find(&id, &original).await.unwrap() else { panic!() };
        assert_eq!(paid.observation.status, CollectionStatus::Paid);
        assert!(paid.observation.payment.is_some());
        let mut request = refund();
        request.original = original;
        let prepared = Refunds::prepare(&id, &request, &order_id(Operation::Refund)).unwrap();
        let back = Refunds::create(&id, &prepared).await.unwrap();
        advance(&sandbox, "1h").await;
        let mut lookup = prepared.lookup;
        for known in [None, back.provider_reference] {
            lookup.provider_reference = known;
            let Found::Found(back) = Refunds::find(&id, &lookup).await.unwrap() else { panic!() };
            assert_eq!(back.status, RefundStatus::Succeeded);
        }
    }
}

#[tokio::test]
async fn balances_and_virtual_accounts_are_read() {
    let sandbox = open(Edition::Reference).await;
    let id = account(&sandbox, Country::ID);
    let balance = id.balance(AccountKind::Single, Country::ID, Currency::IDR).await.unwrap();
    assert!(balance.available.minor() > 0);
    let bank = CollectionMethod::VirtualAccount(InstitutionId::new("CENAIDJA").unwrap());
    let request = collection(Country::ID, bank).with_display_name("Sari-Sari");
    let prepared = Collections::prepare(&id, &request, &order_id(Operation::Collection)).unwrap();
    let shown = Collections::create(&id, &prepared).await.unwrap().payment_instructions;
    assert!(matches!(shown, Some(PaymentInstructions::VirtualAccount { .. })));
}
