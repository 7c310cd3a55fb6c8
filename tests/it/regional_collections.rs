//! Collections, static codes, refunds and reports of the regional adapter against the simulated
//! platform, in every country.

use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay::{
    Channel, Collection, CollectionMethod, CollectionRequest, CollectionStatus, Collections,
    Country, Currency, Effect, Email, Found, IncomingPayment, InstitutionId, Lookup, Money, Name,
    Namespace, Operation, OrderId, Party, PaymentInstructions, Phone, Reference, Refund,
    RefundRequest, RefundStatus, Refunds, StaticCodeControl, StaticCodePayments, StaticCodeRequest,
    StaticCodeStatus, StaticCodes, WeChatOpenId,
    adapter::{Transport, TransportError},
    readings::{AccountKind, Balances, Reports},
    regional::Regional,
    webhook::{Handling, Notification, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults},
    regional::{Merchant, Settings},
};
use tulay_tests::{collect, make_code, regional};

/// The merchant's endpoint: opens what arrives, by the adapter.
#[derive(Debug, Default)]
struct Endpoint {
    regional: Mutex<Option<Arc<Regional>>>,
    events: Mutex<Vec<Notification>>,
}

#[async_trait::async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let regional = self.regional.lock().unwrap().clone().unwrap();
        let (parts, body) = request.into_parts();
        let raw = WebhookRequest::new(parts.uri, parts.headers, body);
        let handling = match regional.open(&raw) {
            Ok(opened) => {
                self.events.lock().unwrap().extend(opened.into_inner());
                Handling::Stored
            }
            Err(_) => Handling::Rejected,
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

    fn events(&self) -> Vec<Notification> {
        std::mem::take(&mut self.endpoint.events.lock().unwrap())
    }

    async fn collect(&self, request: &CollectionRequest) -> (Collection, Lookup) {
        let id = id(Operation::Collection, &request.reference);
        let made = collect(self.regional.as_ref(), request, &id).await.unwrap();
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

    async fn refund(&self, request: &RefundRequest) -> tulay::adapter::Result<(Refund, Lookup)> {
        let id = id(Operation::Refund, &request.reference);
        let prepared = Refunds::prepare(self.regional.as_ref(), request, &id)?;
        let refund = Refunds::create(self.regional.as_ref(), &prepared).await?;
        Ok((refund, prepared.lookup))
    }

    /// The payer pays what he was shown.
    fn pays(&self, lookup: &Lookup) {
        self.sandbox.pay("regional", lookup.order_id.as_str(), None).unwrap();
    }
}

fn id(operation: Operation, reference: &Reference) -> OrderId {
    let namespace = Namespace::new("tests").unwrap();
    OrderId::derive(tulay::adapter::IdRules::STANDARD, &namespace, operation, reference, 1)
}

fn payer(country: Country) -> Party {
    let mobile = match country {
        Country::ID => "+62812345678",
        Country::MY => "+60123456789",
        Country::TH => "+66812345678",
        Country::RU => "+79161234567",
        _ => "+639171234567",
    };
    Party::default()
        .with_name(Name::full("Maria Dela Cruz").unwrap())
        .with_email(Email::new("maria@example.com").unwrap())
        .with_mobile(Phone::new(mobile).unwrap())
        .with_ip("192.0.2.7".parse().unwrap())
}

fn request(
    name: &str,
    money: Money,
    country: Country,
    method: CollectionMethod,
) -> CollectionRequest {
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
    request(name, pesos(10_000), Country::PH, CollectionMethod::Qr)
}

fn institution(name: &str) -> InstitutionId {
    InstitutionId::new(name).unwrap()
}

#[tokio::test]
async fn collections_are_paid_in_every_country_by_every_channel() {
    let open_id = WeChatOpenId::new("oUpF8uMuAJO").unwrap();
    let wechat = CollectionMethod::WeChat { open_id, app_id: "wx2421b1c4370ec43b".into() };
    for (country, currency, method) in [
        (Country::PH, Currency::PHP, CollectionMethod::Qr),
        (Country::PH, Currency::PHP, CollectionMethod::Redirect(institution("gcash"))),
        (Country::PH, Currency::PHP, CollectionMethod::VirtualAccount(institution("7eleven"))),
        (Country::ID, Currency::IDR, CollectionMethod::Qr),
        (Country::ID, Currency::IDR, CollectionMethod::VirtualAccount(institution("CENAIDJA"))),
        (Country::MY, Currency::MYR, CollectionMethod::Qr),
        (Country::MY, Currency::MYR, CollectionMethod::Redirect(institution("tng"))),
        (Country::TH, Currency::THB, CollectionMethod::Qr),
        (Country::TH, Currency::THB, CollectionMethod::Redirect(institution("wechat"))),
        (Country::TH, Currency::THB, wechat),
        (Country::RU, Currency::RUB, CollectionMethod::Qr),
    ] {
        let shop = Shop::open().await;
        let money = Money::from_minor(1_000_000, currency);
        let asked = request("R1", money, country, method.clone());
        let (made, lookup) = shop.collect(&asked).await;
        assert_eq!(made.observation.status, CollectionStatus::Pending);
        let fits = matches!(
            (&method, made.payment_instructions.unwrap()),
            (CollectionMethod::Qr, PaymentInstructions::Qr(_))
                | (CollectionMethod::Redirect(_), PaymentInstructions::Redirect(_))
                | (CollectionMethod::VirtualAccount(_), PaymentInstructions::VirtualAccount { .. })
                | (CollectionMethod::WeChat { .. }, PaymentInstructions::WalletCall(_))
        );
        assert!(fits, "{country} {method:?}");
        shop.wait().await;
        assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Pending);
        shop.pays(&lookup);
        shop.wait().await;
        assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Paid);
        let events = shop.events();
        let [Notification::Collection(said)] = &events[..] else { panic!("{events:?}") };
        assert_eq!(said.status, CollectionStatus::Paid);
        assert_eq!(said.order_id.as_ref(), Some(&lookup.order_id));
        assert_eq!(said.amount.as_ref().unwrap().in_currency(currency), Some(money));
        let ledger = shop.sandbox.ledger();
        let [movement] = ledger.movements() else { panic!("{ledger:?}") };
        assert_eq!((movement.direction, movement.money), (Direction::In, money));
    }
}

#[tokio::test]
async fn unpaid_collections_fail_and_contradictions_are_seen() {
    let shop = Shop::open().await;
    let mut asked = qr("R1");
    asked.payer.mobile = Some(Phone::new("+639171991004").unwrap());
    let (_, lookup) = shop.collect(&asked).await;
    assert!(shop.sandbox.pay("regional", lookup.order_id.as_str(), None).is_err());
    shop.wait().await;
    assert_eq!(shop.found(&lookup).await.observation.status, CollectionStatus::Failed);
    assert!(shop.sandbox.ledger().movements().is_empty());
    for (kind, faults) in [
        (tulay::ErrorKind::Mismatch, Faults { wrong_amount: 1, ..Faults::default() }),
        (tulay::ErrorKind::Unrelated, Faults { wrong_order: 1, ..Faults::default() }),
    ] {
        shop.sandbox.set_faults("regional", faults).unwrap();
        let lied = Collections::find(shop.regional.as_ref(), &lookup).await;
        assert_eq!(lied.unwrap_err().kind(), kind);
    }
    // The same order again is the platform's to refuse, and proves nothing.
    let again = collect(shop.regional.as_ref(), &asked, &lookup.order_id).await;
    let again = again.unwrap_err();
    assert_eq!((again.kind(), again.effect()), (tulay::ErrorKind::Duplicate, Effect::Unknown));
}

#[tokio::test]
async fn static_codes_are_cancelled_in_the_philippines_only() {
    for (country, currency, method) in [
        (Country::PH, Currency::PHP, CollectionMethod::Qr),
        (Country::ID, Currency::IDR, CollectionMethod::Qr),
        (Country::ID, Currency::IDR, CollectionMethod::VirtualAccount(institution("CENAIDJA"))),
        (Country::TH, Currency::THB, CollectionMethod::Qr),
    ] {
        let shop = Shop::open().await;
        let regional = shop.regional.as_ref();
        let reference = Reference::new("TILL-1").unwrap();
        let mut asked = StaticCodeRequest::new(reference, country, currency, method);
        asked.holder = payer(country);
        let id = id(Operation::StaticCode, &asked.reference);
        let code = make_code(regional, &asked, &id).await.unwrap();
        assert_eq!(code.status, StaticCodeStatus::Active);
        let lookup = &code.lookup;
        let shown = match code.payment_instructions.unwrap() {
            PaymentInstructions::Qr(text) => text.expose().to_owned(),
            PaymentInstructions::VirtualAccount { number, .. } => number.expose().to_owned(),
            other => panic!("{other:?}"),
        };
        let pay = |amount: &str| shop.sandbox.pay("regional", &shown, Some(amount));
        assert!(shop.sandbox.pay("regional", &shown, None).is_err(), "the payer has to choose");
        for amount in ["2500.00", "2500.00", "7000.00"] {
            assert_eq!(pay(amount).unwrap().direction, Direction::In);
        }
        shop.wait().await;
        let today = "2026-11-20".parse().unwrap();
        let listed = regional.payments(lookup, today, today).await.unwrap();
        assert_eq!(listed.len(), 3);
        let events = shop.events();
        let incoming_payments: Vec<&IncomingPayment> = events
            .iter()
            .map(|event| match event {
                Notification::IncomingPayment(incoming_payment) => incoming_payment,
                other => panic!("{other:?}"),
            })
            .collect();
        let ids: std::collections::BTreeSet<_> =
            incoming_payments.iter().map(|c| c.observation.provider_reference.clone()).collect();
        assert_eq!(ids.len(), 3, "three payments of one amount are three");
        assert!(incoming_payments.iter().all(|c| c.observation.status == CollectionStatus::Paid));
        let yesterday = "2026-11-19".parse().unwrap();
        assert!(regional.payments(lookup, yesterday, yesterday).await.unwrap().is_empty());

        let cancelled = regional.set_status(lookup, StaticCodeStatus::Cancelled).await;
        if country == Country::PH {
            assert_eq!(cancelled.unwrap().status, StaticCodeStatus::Cancelled);
            let Found::Found(found) = StaticCodes::find(regional, lookup).await.unwrap() else {
                panic!()
            };
            assert_eq!(found.status, StaticCodeStatus::Cancelled);
            assert!(pay("1000.00").is_err());
            let twice = regional.set_status(lookup, StaticCodeStatus::Cancelled).await.unwrap_err();
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
    assert_eq!((early.kind(), early.effect()), (tulay::ErrorKind::State, Effect::Rejected));
    shop.pays(&paid);
    shop.wait().await;
    shop.events();

    let (refund, lookup) = shop.refund(&ask("F1", 2_500)).await.unwrap();
    assert_eq!(refund.status, RefundStatus::Pending);
    // One at a time: the response does not say whether this one is pending.
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
    let [Notification::Refund(said)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(said.status, RefundStatus::Succeeded);
    assert_eq!(said.order_id.as_ref(), Some(&lookup.order_id));

    let beyond = shop.refund(&ask("F3", 7_501)).await.unwrap_err();
    assert_eq!(beyond.effect(), Effect::Rejected);
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
async fn late_and_counter_payments_are_not_refunded() {
    let shop = Shop::open().await;
    let method = CollectionMethod::VirtualAccount(institution("7eleven"));
    let (_, counter) = shop.collect(&request("R1", pesos(10_000), Country::PH, method)).await;
    let (_, paid) = shop.collect(&qr("R2")).await;
    shop.pays(&counter);
    shop.pays(&paid);
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
    assert_eq!((late.kind(), late.effect()), (tulay::ErrorKind::Limit, Effect::Rejected));
    let mut dated = ask("F3", &paid);
    dated.paid_at = Some("2026-11-20T10:00:01+08:00".parse().unwrap());
    let late = shop.refund(&dated).await.unwrap_err();
    assert_eq!((late.kind(), late.effect()), (tulay::ErrorKind::Limit, Effect::NotSent));
}

#[tokio::test]
async fn a_day_s_report_has_a_place() {
    let shop = Shop::open().await;
    let day = "2026-11-20".parse().unwrap();
    let (_, collected) = shop.collect(&qr("R1")).await;
    shop.pays(&collected);
    let early = shop.regional.report(AccountKind::Payout, Country::PH, day).await.unwrap_err();
    assert_eq!(early.kind(), tulay::ErrorKind::TooEarly);
    shop.sandbox.advance(SignedDuration::from_hours(24)).await;
    for (account, name) in [
        (AccountKind::Payout, "disbursement_PH_2026-11-20.csv"),
        (AccountKind::Collection, "payment_PH_2026-11-20.csv"),
    ] {
        let link = shop.regional.report(account, Country::PH, day).await.unwrap();
        assert_eq!(link.file_name.as_deref(), Some(name));
    }
    let link = shop.regional.report(AccountKind::Collection, Country::PH, day).await.unwrap();
    let fetch = |url: String| {
        let transport = shop.sandbox.transport();
        async move {
            let request = http::Request::get(url).body(Bytes::new()).unwrap();
            transport.send(request).await.unwrap()
        }
    };
    // The link has the host of the request; this host does not exist.
    let path = link.url.expose().split_once("/reports/").unwrap().1.to_owned();
    let base = shop.sandbox.base_url("regional").unwrap();
    let file = fetch(format!("{base}/reports/{path}")).await;
    let text = std::str::from_utf8(file.body()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.ends_with(",10000,COMPLETED\n"), "{text}");
    let other = path.replace("2026-11-20", "2026-11-19");
    let unsigned = path.split('?').next().unwrap().to_owned();
    for wrong in [other, unsigned] {
        assert_eq!(fetch(format!("{base}/reports/{wrong}")).await.status(), 403);
    }
    shop.sandbox.advance(SignedDuration::from_mins(80)).await;
    assert_eq!(fetch(format!("{base}/reports/{path}")).await.status(), 403, "its time is over");
}

#[tokio::test]
async fn unpaid_collections_fail_at_expiry() {
    let shop = Shop::open().await;
    let (_, hour) = shop.collect(&qr("R1")).await;
    let money = Money::from_minor(10_000, Currency::THB);
    let mut brief = request("R2", money, Country::TH, CollectionMethod::Qr);
    brief.expires = Some("2026-11-20T10:01:00+08:00".parse().unwrap());
    let (made, brief) = shop.collect(&brief).await;
    assert_eq!(made.expires.unwrap().at.unwrap().to_string(), "2026-11-20T02:01:00Z");
    for (wait, of_brief, of_hour) in [
        (59, CollectionStatus::Pending, CollectionStatus::Pending),
        (1, CollectionStatus::Failed, CollectionStatus::Pending),
        (3539, CollectionStatus::Failed, CollectionStatus::Pending),
        (1, CollectionStatus::Failed, CollectionStatus::Failed),
    ] {
        shop.sandbox.advance(SignedDuration::from_secs(wait)).await;
        assert_eq!(shop.found(&brief).await.observation.status, of_brief);
        assert_eq!(shop.found(&hour).await.observation.status, of_hour);
    }
    let events = shop.events();
    let [Notification::Collection(first), Notification::Collection(second)] = &events[..] else {
        panic!("{events:?}")
    };
    for (said, lookup) in [(first, &brief), (second, &hour)] {
        assert_eq!(said.status, CollectionStatus::Failed);
        assert_eq!(said.order_id.as_ref(), Some(&lookup.order_id));
    }
    assert!(shop.sandbox.pay("regional", hour.order_id.as_str(), None).is_err());
    assert!(shop.sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn a_refund_that_fails_or_is_withdrawn_moves_nothing() {
    for (mobile, status) in
        [("+639171995001", RefundStatus::Failed), ("+639171995002", RefundStatus::Cancelled)]
    {
        let shop = Shop::open().await;
        let mut asked = qr("R1");
        asked.payer.mobile = Some(Phone::new(mobile).unwrap());
        let (_, paid) = shop.collect(&asked).await;
        shop.pays(&paid);
        shop.wait().await;
        shop.events();
        let reference = Reference::new("F1").unwrap();
        let refund = RefundRequest::new(reference, paid, pesos(10_000), pesos(4_000));
        let (_, lookup) = shop.refund(&refund).await.unwrap();
        shop.wait().await;
        let Found::Found(found) = Refunds::find(shop.regional.as_ref(), &lookup).await.unwrap()
        else {
            panic!()
        };
        assert_eq!(found.status, status);
        assert_eq!(found.failure.is_some(), status == RefundStatus::Failed);
        let events = shop.events();
        let [Notification::Refund(said)] = &events[..] else { panic!("{events:?}") };
        assert_eq!((&said.status, &said.order_id), (&status, &Some(lookup.order_id.clone())));
        let balance = shop.regional.balance(AccountKind::Single, Country::PH, Currency::PHP).await;
        assert_eq!(balance.unwrap().available.to_string(), "PHP 1,000,100.00");
    }
}

#[tokio::test]
async fn channels_that_refund_only_the_whole_or_only_parts_say_so() {
    for (country, currency, wallet, possible) in [
        (Country::PH, Currency::PHP, "grabpay", 4_000),
        (Country::MY, Currency::MYR, "tng", 10_000),
    ] {
        let shop = Shop::open().await;
        let money = |minor| Money::from_minor(minor, currency);
        let asked =
            request("R1", money(10_000), country, CollectionMethod::Redirect(institution(wallet)));
        let (_, paid) = shop.collect(&asked).await;
        shop.pays(&paid);
        for minor in [14_000 - possible, possible] {
            let reference = Reference::new(format!("F{minor}")).unwrap();
            let refund = RefundRequest::new(reference, paid.clone(), money(10_000), money(minor));
            match shop.refund(&refund).await {
                Ok(_) => assert_eq!(minor, possible),
                Err(error) => {
                    assert_ne!(minor, possible, "{error}");
                    assert_eq!(error.kind(), tulay::ErrorKind::Unsupported);
                    assert_eq!(error.effect(), Effect::Rejected);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_channel_that_is_closed_to_the_merchant_refuses() {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    let merchant = Merchant { closed_channels: vec!["PH_QRPH_DYNAMIC".into()], ..Merchant::demo() };
    let settings = Settings { merchants: vec![merchant], ..Settings::default() };
    let platform = tulay_sandbox::regional::Regional::new(settings).unwrap();
    let builder = Sandbox::builder().offline().manual_clock(at).provider(platform);
    let sandbox = builder.start().await.unwrap();
    let regional = regional(&sandbox, sandbox.transport());
    let asked = qr("R1");
    let id = id(Operation::Collection, &asked.reference);
    let refused = collect(&regional, &asked, &id).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.effect()),
        (tulay::ErrorKind::Unsupported, Effect::Rejected)
    );
    let gcash =
        request("R2", pesos(10_000), Country::PH, CollectionMethod::Redirect(institution("gcash")));
    let id = self::id(Operation::Collection, &gcash.reference);
    collect(&regional, &gcash, &id).await.unwrap();
}
