//! Collections, static codes and scanned codes: the Starpay adapter against the simulated Starpay.

use bytes::Bytes;
use jiff::SignedDuration;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tulay::{
    Channel, Collection, CollectionCancel, CollectionMethod, CollectionRequest, CollectionStatus,
    Collections, Country, Currency, Destination, Effect, ErrorKind, Found, Lookup, Money, OrderId,
    PaymentInstructions, PayoutStatus, Payouts, Phone, QrText, Reference, StaticCodeControl,
    StaticCodeRequest, StaticCodeStatus, Terminal, WalletAccount,
    adapter::{Transport, TransportError},
    readings::{AccountKind, Balances, QrInspection},
    starpay::Starpay,
    webhook::{Handling, Notification, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults, Shape},
    starpay::{self, Collision, Settings},
};
use tulay_tests::{collect, make_code, order_id, payout, starpay};

/// The merchant's endpoint: keeps what it opens.
#[derive(Debug)]
struct Endpoint(Starpay, Mutex<Vec<Notification>>);

#[async_trait::async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let raw = WebhookRequest::new(parts.uri, parts.headers, body);
        let opened = self.0.open(&raw);
        let handling = if opened.is_ok() { Handling::Stored } else { Handling::Rejected };
        self.1.lock().unwrap().extend(opened.into_iter().flat_map(|events| events.into_inner()));
        Ok(self.0.acknowledge(handling))
    }
}

struct Shop {
    sandbox: Sandbox,
    starpay: Starpay,
    endpoint: Arc<Endpoint>,
}

impl Shop {
    async fn open() -> Self {
        Self::open_with(Settings::default()).await
    }

    async fn open_with(settings: Settings) -> Self {
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let elsewhere = Sandbox::builder().offline().manual_clock(at).start().await.unwrap();
        // The platform's key is published, and the same everywhere.
        let opener = starpay(&elsewhere, elsewhere.transport());
        let endpoint = Arc::new(Endpoint(opener, Mutex::default()));
        let sandbox = Sandbox::builder()
            .offline()
            .manual_clock(at)
            .notify_through(Arc::clone(&endpoint) as _)
            .provider(starpay::Starpay::new(settings).unwrap())
            .start()
            .await
            .unwrap();
        let starpay = starpay(&sandbox, sandbox.transport());
        Self { sandbox, starpay, endpoint }
    }

    async fn collect(&self, order: &str) -> tulay::adapter::Result<Collection> {
        collect(&self.starpay, &collection(), &id(order)).await
    }

    async fn status(&self, order: &str) -> CollectionStatus {
        match Collections::find(&self.starpay, &lookup(order)).await.unwrap() {
            Found::Found(found) => found.observation.status,
            Found::Absent(answer) => panic!("absent: {answer:?}"),
        }
    }

    async fn advance(&self, minutes: i64) {
        self.sandbox.advance(SignedDuration::from_mins(minutes)).await;
    }

    fn events(&self) -> Vec<Notification> {
        std::mem::take(&mut *self.endpoint.1.lock().unwrap())
    }
}

fn id(text: &str) -> OrderId {
    OrderId::parse(&format!("{text:A<26}")).unwrap()
}

fn collection() -> CollectionRequest {
    let amount = Money::from_minor(10_000, Currency::PHP);
    CollectionRequest::new(Reference::new("R1").unwrap(), Country::PH, amount, CollectionMethod::Qr)
}

fn lookup(order: &str) -> Lookup {
    Lookup::new(id(order), Country::PH, Currency::PHP, Channel::Qr).with_amount(collection().amount)
}

fn text(payment_instructions: Option<PaymentInstructions>) -> String {
    match payment_instructions {
        Some(PaymentInstructions::Qr(text)) => text.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_shown_code_is_paid_once_found_and_notified() {
    let shop = Shop::open().await;
    let absent = Collections::find(&shop.starpay, &lookup("C")).await.unwrap();
    assert!(matches!(absent, Found::Absent(_)));
    let made = shop.collect("C").await.unwrap();
    let code = text(made.payment_instructions);
    assert!(tulay_qr::validate(&code).is_valid());
    assert_eq!(shop.status("C").await, CollectionStatus::Pending);

    assert!(shop.sandbox.pay("starpay", &code, Some("99.00")).is_err());
    let moved = shop.sandbox.pay("starpay", &code, None).unwrap();
    assert_eq!((moved.direction, moved.money), (Direction::In, collection().amount));
    assert!(shop.sandbox.pay("starpay", &code, None).is_err(), "paid already");
    assert_eq!(shop.status("C").await, CollectionStatus::Paid);
    shop.advance(60).await;
    let events = shop.events();
    let [Notification::Collection(paid)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&paid.status, &paid.order_id), (&CollectionStatus::Paid, &Some(id("C"))));
    assert!(paid.counterparty.name.is_some() && paid.counterparty.mobile.is_some());
    let account = AccountKind::Collection;
    let balance = shop.starpay.balance(account, Country::PH, Currency::PHP).await.unwrap();
    assert_eq!(balance.available, collection().amount);

    // 6.8: by the number that the payer sees, which stands in the code.
    let payload = tulay_qr::Payload::parse(&code).unwrap();
    let mut by_reference = lookup("C");
    by_reference.rail_reference =
        payload.additional().reference_label().map(|label| label.text().to_owned());
    let found = Collections::find(&shop.starpay, &by_reference).await.unwrap();
    assert!(matches!(found, Found::Found(_)));
    by_reference.rail_reference = Some("OR#ZZZZZ".into());
    let error = Collections::find(&shop.starpay, &by_reference).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::State);
}

#[tokio::test]
async fn unpaid_collections_are_closed_at_expiry() {
    let shop = Shop::open().await;
    let code = text(shop.collect("CB").await.unwrap().payment_instructions);
    let mut request = collection();
    request.expires = Some("2026-11-20T10:30:00+08:00".parse().unwrap());
    collect(&shop.starpay, &request, &id("CC")).await.unwrap();
    shop.advance(14).await;
    assert_eq!(shop.status("CB").await, CollectionStatus::Pending);
    shop.advance(1).await;
    assert_eq!(shop.status("CB").await, CollectionStatus::Closed);
    assert!(shop.sandbox.pay("starpay", &code, None).is_err());
    shop.advance(14).await;
    assert_eq!(shop.status("CC").await, CollectionStatus::Pending);
    shop.advance(1).await;
    assert_eq!(shop.status("CC").await, CollectionStatus::Closed);
    let closed = |event: &Notification| matches!(event, Notification::Collection(said) if said.status == CollectionStatus::Closed);
    assert_eq!(shop.events().iter().filter(|event| closed(event)).count(), 2);
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn cancelling_closes_unpaid_collections_only() {
    let shop = Shop::open().await;
    let withdrawn = text(shop.collect("CB").await.unwrap().payment_instructions);
    for _ in 0..2 {
        let cancelled = CollectionCancel::cancel(&shop.starpay, &lookup("CB")).await.unwrap();
        assert_eq!(cancelled.observation.status, CollectionStatus::Closed);
    }
    assert!(shop.sandbox.pay("starpay", &withdrawn, None).is_err());

    let paid = text(shop.collect("CC").await.unwrap().payment_instructions);
    shop.sandbox.pay("starpay", &paid, None).unwrap();
    let error = CollectionCancel::cancel(&shop.starpay, &lookup("CC")).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::State, Effect::Rejected));
    assert_eq!(shop.status("CC").await, CollectionStatus::Paid);
    let unknown = CollectionCancel::cancel(&shop.starpay, &lookup("CD")).await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.effect()), (ErrorKind::State, Effect::Unknown));
}

#[tokio::test]
async fn an_open_code_blocks_another_at_its_terminal() {
    for (collision, other_terminal, same_terminal) in [
        (Collision::Terminal, true, false),
        (Collision::Merchant, false, false),
        (Collision::Off, true, true),
    ] {
        let shop = Shop::open_with(Settings { collision, ..Settings::default() }).await;
        let at = async |order: &str, terminal: &str| {
            let mut request = collection();
            request.terminal = Some(Terminal::new(terminal).unwrap());
            collect(&shop.starpay, &request, &id(order)).await
        };
        at("CB", "TILL-1").await.unwrap();
        for (order, terminal, free) in
            [("CC", "TILL-2", other_terminal), ("CD", "TILL-1", same_terminal)]
        {
            match at(order, terminal).await {
                Ok(_) => assert!(free, "{collision:?}"),
                Err(error) => {
                    assert!(!free, "{collision:?}: {error}");
                    assert_eq!(error.kind(), ErrorKind::InProcess);
                    shop.sandbox.advance(error.retry_after().unwrap()).await;
                    at(order, terminal).await.unwrap();
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_concurrent_checkouts_succeed() {
    let shop = Arc::new(Shop::open().await);
    let checkouts: Vec<_> = ('A'..='T')
        .map(|letter| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move { shop.collect(&format!("C{letter}")).await })
        })
        .collect();
    let mut codes = BTreeSet::new();
    for checkout in checkouts {
        codes.insert(text(checkout.await.unwrap().unwrap().payment_instructions));
    }
    assert_eq!(codes.len(), 20);
}

#[tokio::test]
async fn a_lookup_resolves_a_collection_after_a_fault() {
    for (what, faults) in [
        ("lost request", Faults { lose_requests: 1, ..Faults::default() }),
        ("lost answer", Faults { lose_answers: 1, ..Faults::default() }),
        ("HTTP 500 afterwards", Faults { http_500_after: 1, ..Faults::default() }),
        ("half an answer", Faults { half_answer: 1, ..Faults::default() }),
        ("a wrong signature", Faults { bad_signature: 1, ..Faults::default() }),
        ("another amount", Faults { wrong_amount: 1, ..Faults::default() }),
        ("another order", Faults { wrong_order: 1, ..Faults::default() }),
    ] {
        let shop = Shop::open().await;
        shop.sandbox.set_faults("starpay", faults).unwrap();
        let error = shop.collect("C").await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{what}: {error}");
        let found = Collections::find(&shop.starpay, &lookup("C")).await.unwrap();
        assert_eq!(matches!(found, Found::Absent(_)), what == "lost request", "{what}");
    }
}

#[tokio::test]
async fn an_inactive_static_code_takes_no_payments() {
    for shape in [Shape::Object, Shape::Text, Shape::ArrayOfText] {
        let shop = Shop::open().await;
        let faults = Faults {
            notification_shape: shape,
            answer_shape: shape,
            duplicate_notifications: 1,
            ..Faults::default()
        };
        shop.sandbox.set_faults("starpay", faults).unwrap();
        let reference = Reference::new("R1").unwrap();
        let mut request =
            StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr);
        request.terminal = Some(Terminal::new("TILL-7").unwrap());
        let made = make_code(&shop.starpay, &request, &id("S")).await.unwrap();
        let code = text(made.payment_instructions);
        let pay = |amount: &str| shop.sandbox.pay("starpay", &code, Some(amount));
        assert!(shop.sandbox.pay("starpay", &code, None).is_err(), "the payer has to choose");
        pay("50.00").unwrap();
        pay("50.00").unwrap();
        let status =
            StaticCodeControl::set_status(&shop.starpay, &made.lookup, StaticCodeStatus::Inactive)
                .await;
        assert_eq!(status.unwrap().status, StaticCodeStatus::Inactive);
        assert!(pay("50.00").is_err());
        StaticCodeControl::set_status(&shop.starpay, &made.lookup, StaticCodeStatus::Active)
            .await
            .unwrap();
        pay("12.34").unwrap();
        shop.advance(60).await;

        let events = shop.events();
        assert_eq!(events.len(), 4, "one was sent twice");
        let keys: BTreeSet<String> = events.iter().map(Notification::key).collect();
        assert_eq!(keys.len(), 3);
        for event in &events {
            let Notification::IncomingPayment(incoming_payment) = event else {
                panic!("{event:?}")
            };
            assert_eq!(incoming_payment.terminal, made.lookup.terminal);
            assert_eq!(incoming_payment.observation.status, CollectionStatus::Paid);
            assert!(incoming_payment.observation.rail_reference.is_some());
        }
    }
}

#[tokio::test]
async fn codes_and_starpay_accounts_are_paid_to() {
    let shop = Shop::open().await;
    let shown = text(shop.collect("C").await.unwrap().payment_instructions);
    let read = shop.starpay.inspect(&QrText::new(shown.as_str()).unwrap()).await.unwrap();
    assert_eq!((read.kind.as_str(), read.amount), ("P2M", Some(collection().amount)));
    let person = tulay_qr::qrph::P2p {
        acquirer: "GXCHPHM2XXX",
        account: "09171234567",
        ..Default::default()
    };
    let draft = tulay_qr::Draft {
        merchant_name: Some("J** C*****"),
        merchant_city: Some("Manila"),
        ..Default::default()
    };
    let open = person.build(&draft).unwrap();
    let phone = WalletAccount::Phone(Phone::new("+639170000001").unwrap());
    let qr = |text: &str| Destination::Qr(QrText::new(text).unwrap());
    for (reference, destination) in
        [("R1", qr(&shown)), ("R2", qr(&open)), ("R3", Destination::ProviderAccount(phone))]
    {
        let mut request = payout(reference, "0011");
        request.destination = destination;
        let prepared =
            Payouts::prepare(&shop.starpay, &request, &order_id(&shop.starpay, &request)).unwrap();
        Payouts::create(&shop.starpay, &prepared).await.unwrap();
        shop.advance(1).await;
        let found = Payouts::find(&shop.starpay, &prepared.lookup).await.unwrap();
        let Found::Found(paid) = found else { panic!("{reference}") };
        assert_eq!(paid.status, PayoutStatus::Succeeded);
        assert_eq!(shop.sandbox.ledger().times_paid(prepared.lookup.order_id.as_str()), 1);
    }
}

#[tokio::test]
async fn a_bank_that_is_maintained_takes_nothing_until_it_is_back() {
    let window = starpay::Maintenance {
        bank: "Sun Savings Bank, Inc.".into(),
        from: "2026-11-20T10:00:00+08:00".parse().unwrap(),
        until: "2026-11-20T11:00:00+08:00".parse().unwrap(),
    };
    let settings = Settings { maintenance: vec![window], ..Settings::default() };
    let shop = Shop::open_with(settings).await;
    let mut request = payout("R1", "0011");
    request.destination = Destination::Bank {
        institution: tulay::InstitutionId::new("SUSVPHM1").unwrap(),
        account: tulay::AccountNumber::new("0011").unwrap(),
    };
    let prepared =
        Payouts::prepare(&shop.starpay, &request, &order_id(&shop.starpay, &request)).unwrap();
    let error = Payouts::create(&shop.starpay, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unavailable, Effect::Unknown));
    let closed = async || {
        let list = tulay::readings::Institutions::list(&shop.starpay, Country::PH).await.unwrap();
        list.into_iter().filter(|entry| entry.closed).count()
    };
    assert_eq!(closed().await, 1);
    shop.advance(60).await;
    assert_eq!(closed().await, 0);
    Payouts::create(&shop.starpay, &prepared).await.unwrap();
}
