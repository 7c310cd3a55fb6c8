//! Collections, static codes, refunds and reports of the regional adapter against the simulated
//! platform, in every country.

use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay::{
    AccountKind, Balances, Channel, CodeRequest, CodeStatus, Collection, CollectionRequest,
    CollectionStatus, Collections, Country, Credit, Currency, Effect, Email, Event, Found,
    Handling, InstitutionId, Lookup, Method, Money, Name, NamePart, Namespace, Notifications,
    Operation, OrderId, Party, PayBy, Phone, QrCodes, RawNotification, Reference, Refund,
    RefundRequest, RefundStatus, Refunds, Reports, Transport, TransportError, WeChatOpenId,
    regional::Regional,
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults},
};
use tulay_tests::regional;

/// The merchant's endpoint: opens what arrives, by the adapter.
#[derive(Debug, Default)]
struct Endpoint {
    regional: Mutex<Option<Arc<Regional>>>,
    events: Mutex<Vec<Event>>,
}

#[async_trait::async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let regional = self.regional.lock().unwrap().clone().unwrap();
        let (parts, body) = request.into_parts();
        let raw = RawNotification::new(parts.uri, parts.headers, body);
        let handling = match regional.open(&raw) {
            Ok(opened) => {
                self.events.lock().unwrap().extend(opened.into_inner());
                Handling::Stored
            }
            Err(_) => Handling::Refused,
        };
        Ok(regional.acknowledge(handling))
    }
}

struct Shop {
    sandbox: Sandbox,
    regional: Arc<Regional>,
    endpoint: Arc<Endpoint>,
}

impl Shop {
    async fn open() -> Self {
        let endpoint = Arc::new(Endpoint::default());
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let builder = Sandbox::builder().offline().manual_clock(at);
        let builder = builder.notify_through(Arc::clone(&endpoint) as Arc<dyn Transport>);
        let sandbox = builder.start().await.unwrap();
        let regional = Arc::new(regional(&sandbox, sandbox.transport()));
        *endpoint.regional.lock().unwrap() = Some(Arc::clone(&regional));
        Self { sandbox, regional, endpoint }
    }

    async fn wait(&self) {
        self.sandbox.advance(SignedDuration::from_secs(1)).await;
    }

    fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.endpoint.events.lock().unwrap())
    }

    async fn collect(&self, request: &CollectionRequest) -> (Collection, Lookup) {
        let id = id(Operation::Collection, &request.reference);
        let made = Collections::create(self.regional.as_ref(), request, &id).await.unwrap();
        let currency = request.amount.currency();
        let mut lookup = Lookup::new(id, request.country, currency, request.method.channel());
        lookup.amount = Some(request.amount);
        lookup.provider_reference.clone_from(&made.observation.provider_reference);
        (made, lookup)
    }

    async fn found(&self, lookup: &Lookup) -> Collection {
        match Collections::find(self.regional.as_ref(), lookup).await.unwrap() {
            Found::Found(found) => found,
            Found::Absent(answer) => panic!("{answer:?}"),
        }
    }

    async fn refund(&self, request: &RefundRequest) -> tulay::Result<(Refund, Lookup)> {
        let id = id(Operation::Refund, &request.reference);
        let prepared = Refunds::prepare(self.regional.as_ref(), request, &id).unwrap();
        let refund = Refunds::create(self.regional.as_ref(), &prepared).await?;
        Ok((refund, prepared.lookup))
    }

    /// Somebody pays a static code.
    async fn pays(&self, code: &OrderId, amount: i64) -> u16 {
        let url = format!("{}/payer/{code}", self.sandbox.base_url("regional").unwrap());
        let body = Bytes::from(format!("{{\"amount\":{amount}}}"));
        let request = http::Request::post(url).body(body).unwrap();
        self.sandbox.transport().send(request).await.unwrap().status().as_u16()
    }
}

fn id(operation: Operation, reference: &Reference) -> OrderId {
    let namespace = Namespace::new("tests").unwrap();
    OrderId::derive(tulay::IdRules::STANDARD, &namespace, operation, reference, 1)
}

fn payer(country: Country) -> Party {
    let mobile = match country {
        Country::ID => "+62812345678",
        Country::MY => "+60123456789",
        Country::TH => "+66812345678",
        Country::RU => "+79161234567",
        _ => "+639171234567",
    };
    let mut payer = Party::default();
    payer.name = Some(Name::Full(NamePart::new("Maria Dela Cruz").unwrap()));
    payer.email = Some(Email::new("maria@example.com").unwrap());
    payer.mobile = Some(Phone::new(mobile).unwrap());
    payer.ip = Some("192.0.2.7".parse().unwrap());
    payer
}

fn request(name: &str, money: Money, country: Country, method: Method) -> CollectionRequest {
    let reference = Reference::new(name).unwrap();
    let mut request = CollectionRequest::new(reference, country, money, method);
    request.payer = payer(country);
    request.return_url = Some("https://shop.example.com/thanks".into());
    request
}

fn pesos(minor: i64) -> Money {
    Money::from_minor(minor, Currency::PHP)
}

fn qr(name: &str) -> CollectionRequest {
    request(name, pesos(10_000), Country::PH, Method::Qr)
}

fn institution(name: &str) -> InstitutionId {
    InstitutionId::new(name).unwrap()
}

#[tokio::test]
async fn collections_are_paid_in_every_country_by_every_channel() {
    let open_id = WeChatOpenId::new("oUpF8uMuAJO").unwrap();
    let wechat = Method::WeChat { open_id, app_id: "wx2421b1c4370ec43b".into() };
    for (country, currency, method) in [
        (Country::PH, Currency::PHP, Method::Qr),
        (Country::PH, Currency::PHP, Method::Redirect(institution("gcash"))),
        (Country::PH, Currency::PHP, Method::VirtualAccount(institution("7eleven"))),
        (Country::ID, Currency::IDR, Method::Qr),
        (Country::ID, Currency::IDR, Method::VirtualAccount(institution("CENAIDJA"))),
        (Country::MY, Currency::MYR, Method::Qr),
        (Country::MY, Currency::MYR, Method::Redirect(institution("tng"))),
        (Country::TH, Currency::THB, Method::Qr),
        (Country::TH, Currency::THB, Method::Redirect(institution("wechat"))),
        (Country::TH, Currency::THB, wechat),
        (Country::RU, Currency::RUB, Method::Qr),
    ] {
        let shop = Shop::open().await;
        let money = Money::from_minor(1_000_000, currency);
        let asked = request("R1", money, country, method.clone());
        let (made, lookup) = shop.collect(&asked).await;
        assert_eq!(made.observation.status, CollectionStatus::Pending);
        let fits = matches!(
            (&method, made.pay_by.unwrap()),
            (Method::Qr, PayBy::Qr(_))
                | (Method::Redirect(_), PayBy::Redirect(_))
                | (Method::VirtualAccount(_), PayBy::VirtualAccount { .. })
                | (Method::WeChat { .. }, PayBy::WalletCall(_))
        );
        assert!(fits, "{country} {method:?}");
        assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Pending);
        shop.wait().await;
        assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Paid);
        let events = shop.events();
        let [Event::Collection(said)] = &events[..] else { panic!("{events:?}") };
        assert_eq!(said.status, CollectionStatus::Paid);
        assert_eq!(said.order_id.as_ref(), Some(&lookup.order_id));
        assert_eq!(said.amount.as_ref().unwrap().in_currency(currency), Some(money));
        let ledger = shop.sandbox.ledger();
        let [movement] = ledger.movements() else { panic!("{ledger:?}") };
        assert_eq!((movement.direction, movement.money), (Direction::In, money));
    }
}

#[tokio::test]
async fn one_that_is_not_paid_ends_as_failed_and_a_lie_is_noticed() {
    let shop = Shop::open().await;
    let mut asked = qr("R1");
    asked.payer.mobile = Some(Phone::new("+639171991004").unwrap());
    let (_, lookup) = shop.collect(&asked).await;
    shop.wait().await;
    assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Failed);
    assert!(shop.sandbox.ledger().movements().is_empty());
    for faults in [
        Faults { wrong_amount: 1, ..Faults::default() },
        Faults { wrong_order: 1, ..Faults::default() },
    ] {
        shop.sandbox.set_faults("regional", faults).unwrap();
        let lied = Collections::find(shop.regional.as_ref(), &lookup).await;
        assert_eq!(lied.unwrap_err().kind(), tulay::ErrorKind::Mismatch);
    }
    // The same order again is the platform's to refuse, and proves nothing.
    let again = Collections::create(shop.regional.as_ref(), &asked, &lookup.order_id).await;
    let again = again.unwrap_err();
    assert_eq!((again.kind(), again.effect()), (tulay::ErrorKind::Duplicate, Effect::Unknown));
}

#[tokio::test]
async fn a_static_code_is_paid_many_times_and_cancelled_in_the_philippines_alone() {
    for (country, currency, method) in [
        (Country::PH, Currency::PHP, Method::Qr),
        (Country::ID, Currency::IDR, Method::Qr),
        (Country::ID, Currency::IDR, Method::VirtualAccount(institution("CENAIDJA"))),
        (Country::TH, Currency::THB, Method::Qr),
    ] {
        let shop = Shop::open().await;
        let regional = shop.regional.as_ref();
        let reference = Reference::new("TILL-1").unwrap();
        let mut asked = CodeRequest::new(reference, country, currency, method);
        asked.holder = payer(country);
        let id = id(Operation::Code, &asked.reference);
        let code = QrCodes::create(regional, &asked, &id).await.unwrap();
        assert_eq!(code.status, CodeStatus::Active);
        assert!(code.pay_by.is_some());
        let lookup = &code.lookup;
        for amount in [2_500, 2_500, 7_000] {
            assert_eq!(shop.pays(&id, amount).await, 200);
        }
        shop.wait().await;
        let today = "2026-11-20".parse().unwrap();
        let listed = regional.payments(lookup, today, today).await.unwrap();
        assert_eq!(listed.len(), 3);
        let events = shop.events();
        let credits: Vec<&Credit> = events
            .iter()
            .map(|event| match event {
                Event::Credit(credit) => credit,
                other => panic!("{other:?}"),
            })
            .collect();
        let ids: std::collections::BTreeSet<_> =
            credits.iter().map(|c| c.observation.provider_reference.clone()).collect();
        assert_eq!(ids.len(), 3, "three payments of one amount are three");
        assert!(credits.iter().all(|c| c.observation.status == CollectionStatus::Paid));
        let yesterday = "2026-11-19".parse().unwrap();
        assert!(regional.payments(lookup, yesterday, yesterday).await.unwrap().is_empty());

        let cancelled = regional.set_status(lookup, CodeStatus::Cancelled).await;
        if country == Country::PH {
            assert_eq!(cancelled.unwrap().status, CodeStatus::Cancelled);
            let Found::Found(found) = QrCodes::find(regional, lookup).await.unwrap() else {
                panic!()
            };
            assert_eq!(found.status, CodeStatus::Cancelled);
            assert_eq!(shop.pays(&id, 1_000).await, 404);
            let twice = regional.set_status(lookup, CodeStatus::Cancelled).await.unwrap_err();
            assert_eq!(twice.kind(), tulay::ErrorKind::State);
        } else {
            assert_eq!(cancelled.unwrap_err().effect(), Effect::NotSent);
        }
    }
}

#[tokio::test]
async fn a_payment_is_refunded_in_parts_and_never_beyond() {
    let shop = Shop::open().await;
    let (_, paid) = shop.collect(&qr("R1")).await;
    let ask = |name: &str, minor| {
        let reference = Reference::new(name).unwrap();
        RefundRequest::new(reference, paid.clone(), pesos(10_000), pesos(minor))
    };
    // Not paid yet.
    let early = shop.refund(&ask("F0", 2_500)).await.unwrap_err();
    assert_eq!((early.kind(), early.effect()), (tulay::ErrorKind::State, Effect::Refused));
    shop.wait().await;
    shop.events();

    let (refund, lookup) = shop.refund(&ask("F1", 2_500)).await.unwrap();
    assert_eq!(refund.status, RefundStatus::Pending);
    // One at a time: whether it is this one that is pending, nobody says.
    let second = shop.refund(&ask("F2", 1_000)).await.unwrap_err();
    assert_eq!(second.effect(), Effect::Unknown);
    let again = shop.refund(&ask("F1", 2_500)).await.unwrap_err();
    assert_eq!(again.kind(), tulay::ErrorKind::Duplicate);
    shop.wait().await;
    let Found::Found(found) = Refunds::find(shop.regional.as_ref(), &lookup).await.unwrap() else {
        panic!()
    };
    assert_eq!(found.status, RefundStatus::Succeeded);
    let events = shop.events();
    let [Event::Refund(said)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(said.status, RefundStatus::Succeeded);
    assert_eq!(said.order_id.as_ref(), Some(&lookup.order_id));

    let beyond = shop.refund(&ask("F3", 7_501)).await.unwrap_err();
    assert_eq!(beyond.effect(), Effect::Refused);
    let (_, rest) = shop.refund(&ask("F4", 7_500)).await.unwrap();
    shop.wait().await;
    let found = Refunds::find(shop.regional.as_ref(), &rest).await.unwrap();
    assert!(matches!(found, Found::Found(refund) if refund.status == RefundStatus::Succeeded));
    let mut unknown = lookup.clone();
    unknown.order_id = id(Operation::Refund, &Reference::new("F9").unwrap());
    let absent = Refunds::find(shop.regional.as_ref(), &unknown).await.unwrap();
    assert!(matches!(absent, Found::Absent(_)));
    let balance = shop.regional.balance(AccountKind::Single, Country::PH, Currency::PHP).await;
    assert_eq!(balance.unwrap().available.to_string(), "PHP 1,000,000.00");
    let ledger = shop.sandbox.ledger();
    let back: Vec<_> =
        ledger.movements().iter().filter(|m| m.direction == Direction::Back).collect();
    assert_eq!(back.len(), 2);
}

#[tokio::test]
async fn nothing_is_refunded_after_sixty_days_or_from_a_shop_s_counter() {
    let shop = Shop::open().await;
    let method = Method::VirtualAccount(institution("7eleven"));
    let (_, counter) = shop.collect(&request("R1", pesos(10_000), Country::PH, method)).await;
    let (_, paid) = shop.collect(&qr("R2")).await;
    shop.wait().await;
    let ask = |name: &str, original: &Lookup| {
        let reference = Reference::new(name).unwrap();
        RefundRequest::new(reference, original.clone(), pesos(10_000), pesos(10_000))
    };
    let refused = shop.refund(&ask("F1", &counter)).await.unwrap_err();
    assert_eq!(refused.kind(), tulay::ErrorKind::Unsupported);
    assert_eq!(counter.channel, Channel::VirtualAccount);
    shop.sandbox.advance(SignedDuration::from_hours(61 * 24)).await;
    // What the application knows of the day is checked here, else by the platform.
    let late = shop.refund(&ask("F2", &paid)).await.unwrap_err();
    assert_eq!((late.kind(), late.effect()), (tulay::ErrorKind::Limit, Effect::Refused));
    let mut dated = ask("F3", &paid);
    dated.paid_at = Some("2026-11-20T10:00:01+08:00".parse().unwrap());
    let late = shop.refund(&dated).await.unwrap_err();
    assert_eq!((late.kind(), late.effect()), (tulay::ErrorKind::Limit, Effect::NotSent));
}

#[tokio::test]
async fn a_day_s_report_has_a_place() {
    let shop = Shop::open().await;
    let day = "2026-11-20".parse().unwrap();
    for (account, name) in [
        (AccountKind::Payout, "disbursement_PH_2026-11-20.csv"),
        (AccountKind::Collection, "payment_PH_2026-11-20.csv"),
    ] {
        let link = shop.regional.report(account, Country::PH, day).await.unwrap();
        assert_eq!(link.file_name.as_deref(), Some(name));
    }
    shop.collect(&qr("R1")).await;
    shop.wait().await;
    let base = shop.sandbox.base_url("regional").unwrap();
    let url = format!("{base}/reports/payment_PH_2026-11-20.csv");
    let file = http::Request::get(url).body(Bytes::new()).unwrap();
    let file = shop.sandbox.transport().send(file).await.unwrap();
    let text = std::str::from_utf8(file.body()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.ends_with(",10000,COMPLETED\n"), "{text}");
}
