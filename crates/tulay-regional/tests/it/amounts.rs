//! One number on the wire, another amount in each country.

use crate::support::*;
use proptest::prelude::*;
use tulay_core::*;

const OTHER: &str = "PAAAAAAAAAAAAAAAAAAAAAAAAA";

fn amount_on_the_wire(request: &PayoutRequest) -> i64 {
    let regional = regional(&Platform::says(500, ""));
    let body = Payouts::prepare(&regional, request, &order_id()).unwrap().body;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    body["amount"].as_i64().unwrap()
}

/// What the platform notifies about an order, opened.
fn notified(order: &str, number: i64, more: &str) -> Payout {
    let text = notice("disbursement.success", "COMPLETED")
        .replace(order_id().as_str(), order)
        .replace(r#""amount":10000"#, &format!(r#""amount":{number}{more}"#));
    let raw = WebhookRequest::new(
        "/notify/regional/payout".parse().unwrap(),
        http::HeaderMap::new(),
        signed(&text).into(),
    );
    let events = regional(&Platform::says(500, "")).open(&raw).unwrap().into_inner();
    let [Notification::Payout(payout)] = &events[..] else { panic!("{events:?}") };
    payout.clone()
}

fn asked(order: &str, amount: Money) -> Lookup {
    let country = if amount.currency() == Currency::IDR { Country::ID } else { Country::PH };
    let order_id = OrderId::parse(order).unwrap();
    let mut lookup = Lookup::new(order_id, country, amount.currency(), Channel::Bank);
    lookup.amount = Some(amount);
    lookup
}

fn agrees(said: &Payout, asked: &Lookup) -> bool {
    said.clone().check_matches(Operation::Notification, asked).is_ok()
}

#[test]
fn ten_thousand_rupiah_and_a_hundred_pesos_are_one_number() {
    assert_eq!(indonesian().amount.to_string(), "IDR 10,000.00");
    assert_eq!(amount_on_the_wire(&indonesian()), 10_000);
    assert_eq!(payout().amount.to_string(), "PHP 100.00");
    assert_eq!(amount_on_the_wire(&payout()), 10_000);
}

#[tokio::test]
async fn a_lookup_uses_the_currency_of_its_country() {
    let regional = regional(&Platform::says(200, success(&order("COMPLETED", ""))));
    for request in [payout(), indonesian()] {
        let lookup = Payouts::prepare(&regional, &request, &order_id()).unwrap().lookup;
        let Found::Found(found) = Payouts::find(&regional, &lookup).await.unwrap() else {
            panic!()
        };
        assert_eq!(found.status, PayoutStatus::Succeeded);
        let stated = found.amount.unwrap();
        assert_eq!(stated, StatedAmount::known(request.amount));
    }
}

#[test]
fn a_named_currency_decides_the_amount() {
    let said = notified(order_id().as_str(), 10_000, r#","currency":"IDR","countryCode":"ID""#);
    assert_eq!(said.amount, Some(StatedAmount::known(indonesian().amount)));
    assert!(!agrees(&said, &asked(order_id().as_str(), payout().amount)));
}

prop_compose! {
    /// Any amount of either currency that can be sent.
    fn any_amount()(rupiah: bool, number in 10_000_i64..10_000_000_000) -> (Money, i64) {
        if rupiah {
            (Money::from_minor(number * 100, Currency::IDR), number)
        } else {
            (Money::from_minor(number, Currency::PHP), number)
        }
    }
}

proptest! {
    #[test]
    fn an_amount_stands_on_the_wire_in_its_country_s_unit((amount, number) in any_amount()) {
        let mut request = if amount.currency() == Currency::IDR { indonesian() } else { payout() };
        request.amount = amount;
        prop_assert_eq!(amount_on_the_wire(&request), number);
    }

    #[test]
    fn a_notification_matches_only_its_own_payment(
        (paid, number) in any_amount(),
        (other, _) in any_amount(),
    ) {
        let said = notified(order_id().as_str(), number, "");
        prop_assert!(agrees(&said, &asked(order_id().as_str(), paid)));
        // Another order, whatever its amount.
        prop_assert!(!agrees(&said, &asked(OTHER, paid)));
        prop_assert!(!agrees(&said, &asked(OTHER, other)));
        // The same order, in the same currency, of another amount.
        if other.currency() == paid.currency() && other != paid {
            prop_assert!(!agrees(&said, &asked(order_id().as_str(), other)));
        }
        // The same number of minor units, in the other currency.
        let (php, idr) = (Currency::PHP, Currency::IDR);
        let elsewhere = if paid.currency() == idr { php } else { idr };
        let alike = Money::from_minor(paid.minor(), elsewhere);
        prop_assert!(!agrees(&said, &asked(order_id().as_str(), alike)));
        // Each reading is in its own unit.
        let stated = said.amount.unwrap();
        prop_assert_eq!(stated.in_currency(php).unwrap().minor(), number);
        prop_assert_eq!(stated.in_currency(idr).unwrap().minor(), number * 100);
    }
}
