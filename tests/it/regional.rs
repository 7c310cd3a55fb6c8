//! The regional adapter against the simulated regional platform: two implementations of one
//! document, with two RSA libraries, that must agree on every message.

use bytes::Bytes;
use jiff::SignedDuration;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};
use tulay::{
    AccountNumber, Channel, Country, Currency, Destination, Directory, Effect, ErrorKind, Found,
    Money, Operation, Payout, PayoutRequest, PayoutStatus, Payouts, Prepared, WalletAccount,
    adapter::{Clock, HttpSettings, HttpTransport, Transport, TransportError},
    readings::{AccountKind, Balances},
    regional::Regional,
    webhook::{Handling, Notification, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults, NotificationState},
    regional::{self, DEMO_APP_ID},
};
use tulay_tests::{indonesian_payout, malaysian_payout, order_id, payout, regional, thai_payout};

/// A sandbox without sockets, whose time stands still until it is advanced.
async fn sandbox() -> Sandbox {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    Sandbox::builder().offline().manual_clock(at).start().await.unwrap()
}

fn connected(sandbox: &Sandbox) -> Regional {
    regional(sandbox, sandbox.transport())
}

fn prepared(regional: &Regional, request: &PayoutRequest) -> Prepared {
    regional.prepare(request, &order_id(regional, request)).unwrap()
}

fn prepare(regional: &Regional, reference: &str, account: &str) -> Prepared {
    prepared(regional, &payout(reference, account))
}

async fn found(regional: &Regional, prepared: &Prepared) -> Payout {
    match regional.find(&prepared.lookup).await.unwrap() {
        Found::Found(payout) => payout,
        Found::Absent(answer) => panic!("absent: {answer:?}"),
    }
}

#[tokio::test]
async fn a_payout_moves_money_once_in_each_country() {
    for request in [
        payout("R1", "0011"),
        indonesian_payout("R1", "0011"),
        malaysian_payout("R1", "0011"),
        thai_payout("R1", "0011"),
    ] {
        let sandbox = sandbox().await;
        let regional = connected(&sandbox);
        let prepared = prepared(&regional, &request);
        assert!(matches!(regional.find(&prepared.lookup).await, Ok(Found::Absent(_))));
        let accepted = regional.create(&prepared).await.unwrap();
        assert_eq!(accepted.status, PayoutStatus::Pending);
        assert_eq!(found(&regional, &prepared).await.status, PayoutStatus::Pending);
        sandbox.advance(SignedDuration::from_secs(1)).await;
        let paid = found(&regional, &prepared).await;
        assert_eq!(paid.status, PayoutStatus::Succeeded);
        assert_eq!(paid.provider_reference, accepted.provider_reference);
        let ledger = sandbox.ledger();
        let [movement] = ledger.movements() else { panic!("{ledger:?}") };
        assert_eq!(movement.money, request.amount, "the requested amount moved");
        assert_eq!(movement.order_id, prepared.lookup.order_id.as_str());
    }
}

#[tokio::test]
async fn resending_an_order_is_a_duplicate() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    let prepared = prepare(&regional, "R1", "0011");
    regional.create(&prepared).await.unwrap();
    for _ in 0..3 {
        // A later time stamp makes it no other payout.
        sandbox.advance(SignedDuration::from_secs(1)).await;
        let error = regional.create(&prepared).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Duplicate, Effect::Unknown));
    }
    sandbox.advance(SignedDuration::from_hours(1)).await;
    assert_eq!(sandbox.ledger().movements().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_copies_at_once_over_sockets_pay_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let transport = Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap());
    let regional = Arc::new(regional(&sandbox, transport));
    let prepared = Arc::new(prepare(&regional, "R1", "0011"));
    let copies: Vec<_> = (0..50)
        .map(|_| {
            let (regional, prepared) = (Arc::clone(&regional), Arc::clone(&prepared));
            tokio::spawn(async move { regional.create(&prepared).await })
        })
        .collect();
    let mut accepted = 0;
    for copy in copies {
        match copy.await.unwrap() {
            Ok(_) => accepted += 1,
            Err(error) => assert_eq!(error.kind(), ErrorKind::Duplicate),
        }
    }
    assert_eq!(accepted, 1);
    sandbox.advance(SignedDuration::from_mins(1)).await;
    assert_eq!(sandbox.ledger().times_paid(prepared.lookup.order_id.as_str()), 1);
}

#[tokio::test]
async fn every_fault_has_its_effect_in_the_ledger() {
    let faults = [
        ("lost request", Faults { lose_requests: 1, ..Faults::default() }, 0),
        ("lost answer", Faults { lose_answers: 1, ..Faults::default() }, 1),
        ("HTTP 500 afterwards", Faults { http_500_after: 1, ..Faults::default() }, 1),
        ("half an answer", Faults { half_answer: 1, ..Faults::default() }, 1),
        ("another order", Faults { wrong_order: 1, ..Faults::default() }, 1),
    ];
    for (what, faults, paid) in faults {
        let sandbox = sandbox().await;
        sandbox.set_faults("regional", faults).unwrap();
        let regional = connected(&sandbox);
        let prepared = prepare(&regional, "R1", "0011");
        let error = regional.create(&prepared).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{what}: {error}");
        sandbox.advance(SignedDuration::from_mins(1)).await;
        let order_id = prepared.lookup.order_id.as_str();
        assert_eq!(sandbox.ledger().times_paid(order_id), paid, "{what}");
        // A look-up tells what became of it, and never more than the truth.
        match regional.find(&prepared.lookup).await.unwrap() {
            Found::Found(found) => assert_eq!((found.status, paid), (PayoutStatus::Succeeded, 1)),
            Found::Absent(_) => assert_eq!(paid, 0, "{what}"),
        }
    }
}

#[tokio::test]
async fn a_false_look_up_proves_nothing() {
    for (kind, faults) in [
        (ErrorKind::Mismatch, Faults { wrong_amount: 1, ..Faults::default() }),
        (ErrorKind::Unrelated, Faults { wrong_order: 1, ..Faults::default() }),
    ] {
        let sandbox = sandbox().await;
        let regional = connected(&sandbox);
        let prepared = prepare(&regional, "R1", "0011");
        regional.create(&prepared).await.unwrap();
        sandbox.set_faults("regional", faults).unwrap();
        let error = regional.find(&prepared.lookup).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown));
        assert!(regional.find(&prepared.lookup).await.is_ok());
    }
}

#[tokio::test]
async fn rejections_move_nothing_and_burn_no_id() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    for (account, kind, effect) in [
        ("990001", ErrorKind::Authentication, Effect::Rejected),
        ("990002", ErrorKind::InvalidRequest, Effect::Rejected),
        ("990010", ErrorKind::Limit, Effect::Rejected),
        ("990014", ErrorKind::Funds, Effect::Rejected),
        ("990018", ErrorKind::Institution, Effect::Rejected),
        ("990000", ErrorKind::Unavailable, Effect::Unknown),
        ("990011", ErrorKind::Unavailable, Effect::Unknown),
        ("990020", ErrorKind::RateLimited, Effect::Unknown),
        ("990023", ErrorKind::Unavailable, Effect::Unknown),
    ] {
        let prepared = prepare(&regional, account, account);
        for _ in 0..2 {
            let error = regional.create(&prepared).await.unwrap_err();
            assert_eq!((error.kind(), error.effect()), (kind, effect), "{account}: {error}");
        }
        assert!(matches!(regional.find(&prepared.lookup).await, Ok(Found::Absent(_))));
    }
    sandbox.advance(SignedDuration::from_hours(1)).await;
    assert!(sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn a_wrong_clock_is_a_configuration_error() {
    let (here, there) = (sandbox().await, sandbox().await);
    there.advance(SignedDuration::from_mins(11)).await;
    let transport = here.transport();
    // The adapter's clock is the other sandbox's.
    let regional = regional(&there, transport);
    assert!(there.clock().now() > here.clock().now());
    let error = regional.create(&prepare(&regional, "R1", "0011")).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Configuration, Effect::Rejected));
    assert!(error.to_string().contains("wrong clock"), "{error}");
}

#[tokio::test]
async fn absence_is_read_as_the_example_has_it_too() {
    let settings = regional::Settings { not_found_by_example: true, ..Default::default() };
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    let builder = Sandbox::builder().offline().manual_clock(at);
    let simulated = regional::Regional::new(settings).unwrap();
    let sandbox = builder.provider(simulated).start().await.unwrap();
    let regional = connected(&sandbox);
    let lookup = prepare(&regional, "R1", "0011").lookup;
    let Found::Absent(answer) = regional.find(&lookup).await.unwrap() else { panic!() };
    assert_eq!(answer.code.as_deref(), Some("21010"));
}

#[tokio::test]
async fn failures_have_a_reason_and_returns_are_seen() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    let failing = prepare(&regional, "R1", "991005");
    let returning = prepared(&regional, &indonesian_payout("R2", "994001"));
    regional.create(&failing).await.unwrap();
    regional.create(&returning).await.unwrap();
    sandbox.advance(SignedDuration::from_secs(2)).await;
    let failed = found(&regional, &failing).await;
    let failure = failed.failure.unwrap();
    assert_eq!((failed.status, failure.kind), (PayoutStatus::Failed, ErrorKind::Beneficiary));
    assert_eq!(failure.shown_code(), "-10005");
    assert_eq!(found(&regional, &returning).await.status, PayoutStatus::Succeeded);
    sandbox.advance(SignedDuration::from_mins(5)).await;
    assert_eq!(found(&regional, &returning).await.status, PayoutStatus::Failed);
    let directions: Vec<_> = sandbox.ledger().movements().iter().map(|m| m.direction).collect();
    assert_eq!(directions, [Direction::Out, Direction::Back]);
}

#[tokio::test]
async fn balances_agree_in_each_currency() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    let balance = async |country, currency| {
        let balance = regional.balance(AccountKind::Single, country, currency).await;
        balance.unwrap().available.to_string()
    };
    assert_eq!(balance(Country::PH, Currency::PHP).await, "PHP 1,000,000.00");
    assert_eq!(balance(Country::ID, Currency::IDR).await, "IDR 250,000,000.00");
    regional.create(&prepare(&regional, "R1", "0011")).await.unwrap();
    regional.create(&prepared(&regional, &indonesian_payout("R2", "0011"))).await.unwrap();
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(balance(Country::PH, Currency::PHP).await, "PHP 999,900.00");
    assert_eq!(balance(Country::ID, Currency::IDR).await, "IDR 249,990,000.00");
}

#[tokio::test]
async fn every_institution_that_has_a_code_is_accepted_by_it() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    let mut accepted = 0;
    for directory in Directory::all() {
        let (mut request, mobile) = match directory.country() {
            Country::ID => (indonesian_payout("R", "1"), "0812345678"),
            Country::MY => (malaysian_payout("R", "1"), "0123456789"),
            Country::TH => (thai_payout("R", "1"), "0812345678"),
            _ => (payout("R", "1"), "09171234567"),
        };
        for row in directory.institutions() {
            let reference = format!("{}-{}", directory.country(), row.id);
            request.reference = tulay::Reference::new(reference).unwrap();
            let institution = row.institution_id().unwrap();
            let account = AccountNumber::new(mobile).unwrap();
            request.destination = match row.channel {
                Channel::Wallet => {
                    Destination::Wallet { institution, account: WalletAccount::Number(account) }
                }
                _ => Destination::Bank { institution, account },
            };
            match regional.prepare(&request, &order_id(&regional, &request)) {
                Ok(prepared) => {
                    regional.create(&prepared).await.unwrap_or_else(|e| panic!("{}: {e}", row.id));
                    accepted += 1;
                }
                Err(error) => assert_eq!(error.field(), Some("institution"), "{}", row.id),
            }
        }
    }
    assert!(accepted > 150, "{accepted}");
}

#[tokio::test]
async fn promptpay_needs_no_institution() {
    let sandbox = sandbox().await;
    let regional = connected(&sandbox);
    let id = tulay::TaxId::new("1101700207030").unwrap();
    let phone = tulay::Phone::new("+66812345678").unwrap();
    for (reference, proxy) in
        [("R1", tulay::Proxy::NationalId(id)), ("R2", tulay::Proxy::Phone(phone))]
    {
        let mut request = thai_payout(reference, "1");
        request.destination = Destination::Proxy(proxy);
        let prepared = prepared(&regional, &request);
        let created = regional.create(&prepared).await.unwrap();
        assert_eq!(created.status, PayoutStatus::Pending);
        sandbox.advance(SignedDuration::from_secs(1)).await;
        let Found::Found(found) = regional.find(&prepared.lookup).await.unwrap() else { panic!() };
        assert_eq!(found.status, PayoutStatus::Succeeded);
    }
}

/// The merchant's endpoint: verifies by the adapter, answers by the adapter.
#[derive(Debug)]
struct Endpoint {
    regional: Regional,
    refuse_first: Mutex<u32>,
    events: Mutex<Vec<Notification>>,
}

#[async_trait::async_trait]
impl Transport for Endpoint {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut busy = self.refuse_first.lock().unwrap();
        if *busy > 0 {
            *busy -= 1;
            return Ok(self.regional.acknowledge(Handling::Busy));
        }
        let (parts, body) = request.into_parts();
        let raw = WebhookRequest::new(parts.uri, parts.headers, body);
        Ok(match self.regional.open(&raw) {
            Ok(events) => {
                self.events.lock().unwrap().extend(events.into_inner());
                self.regional.acknowledge(Handling::Stored)
            }
            Err(_) => self.regional.acknowledge(Handling::Rejected),
        })
    }
}

/// A sandbox that notifies an endpoint.
async fn notifying(faults: Faults, refuse_first: u32) -> (Sandbox, Arc<Endpoint>) {
    // The endpoint verifies with the published platform key, which is the same everywhere.
    let elsewhere = sandbox().await;
    let endpoint = Arc::new(Endpoint {
        regional: connected(&elsewhere),
        refuse_first: Mutex::new(refuse_first),
        events: Mutex::default(),
    });
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    let builder = Sandbox::builder()
        .offline()
        .manual_clock(at)
        .notify_through(Arc::clone(&endpoint) as _)
        .faults("regional", faults);
    let sandbox = builder.start().await.unwrap();
    let url = "http://127.0.0.1:8300/notify/regional/payout".parse().unwrap();
    sandbox.notify_at("regional", DEMO_APP_ID, url).unwrap();
    (sandbox, endpoint)
}

fn payouts(endpoint: &Endpoint) -> Vec<Payout> {
    let events = endpoint.events.lock().unwrap();
    let payout = |event: &Notification| match event {
        Notification::Payout(payout) => payout.clone(),
        other => panic!("{other:?}"),
    };
    events.iter().map(payout).collect()
}

#[tokio::test]
async fn notifications_match_their_own_order() {
    let faults = Faults { duplicate_notifications: 1, ..Faults::default() };
    let (sandbox, endpoint) = notifying(faults, 2).await;
    let regional = connected(&sandbox);
    // One number on the wire, two amounts.
    let (peso, rupiah) =
        (prepare(&regional, "R1", "0011"), prepared(&regional, &indonesian_payout("R2", "0011")));
    regional.create(&peso).await.unwrap();
    regional.create(&rupiah).await.unwrap();
    sandbox.advance(SignedDuration::from_hours(2)).await;
    let said = payouts(&endpoint);
    let keys: BTreeSet<String> =
        said.iter().map(|said| Notification::Payout(said.clone()).key()).collect();
    assert_eq!(keys.len(), 2, "repetitions say the same: {keys:?}");
    for said in said {
        assert_eq!(said.status, PayoutStatus::Succeeded);
        let [own, other] = if said.order_id.as_ref() == Some(&peso.lookup.order_id) {
            [&peso.lookup, &rupiah.lookup]
        } else {
            [&rupiah.lookup, &peso.lookup]
        };
        assert!(said.clone().check_matches(Operation::Notification, own).is_ok());
        assert!(said.clone().check_matches(Operation::Notification, other).is_err());
        let stated = said.amount.unwrap();
        assert_eq!(stated.in_currency(Currency::PHP), Money::parse("100", Currency::PHP).ok());
        assert_eq!(stated.in_currency(Currency::IDR), Money::parse("10000", Currency::IDR).ok());
    }
    let records = sandbox.notifications();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.state == NotificationState::Acknowledged));
}

#[tokio::test]
async fn notifications_of_payouts_come_from_every_country() {
    let (sandbox, endpoint) = notifying(Faults::default(), 0).await;
    let regional = connected(&sandbox);
    let asked = [
        payout("R1", "0011"),
        indonesian_payout("R2", "0011"),
        malaysian_payout("R3", "0011"),
        thai_payout("R4", "0011"),
        thai_payout("R5", "991005"),
    ];
    let mut lookups = Vec::new();
    for request in &asked {
        let prepared = prepared(&regional, request);
        regional.create(&prepared).await.unwrap();
        lookups.push(prepared.lookup);
    }
    sandbox.advance(SignedDuration::from_secs(1)).await;
    let said = payouts(&endpoint);
    assert_eq!(said.len(), asked.len());
    for (index, lookup) in lookups.iter().enumerate() {
        let of_it = said.iter().filter(|said| said.order_id.as_ref() == Some(&lookup.order_id));
        let [one] = of_it.collect::<Vec<_>>()[..] else { panic!("{lookup:?}") };
        let one = one.clone().check_matches(Operation::Notification, lookup).unwrap();
        let failed = index == 4;
        assert_eq!(one.status == PayoutStatus::Failed, failed);
        assert_eq!(one.status == PayoutStatus::Succeeded, !failed);
    }
}

#[tokio::test]
async fn false_notifications_are_refused() {
    for (kind, faults) in [
        (ErrorKind::Mismatch, Faults { wrong_amount: 1, ..Faults::default() }),
        (ErrorKind::Unrelated, Faults { wrong_order: 1, ..Faults::default() }),
        (ErrorKind::Signature, Faults { bad_signature: 1, ..Faults::default() }),
    ] {
        let (sandbox, endpoint) = notifying(Faults::default(), 0).await;
        let regional = connected(&sandbox);
        let prepared = prepare(&regional, "R1", "0011");
        regional.create(&prepared).await.unwrap();
        let forged = faults.bad_signature > 0;
        sandbox.set_faults("regional", faults).unwrap();
        sandbox.advance(SignedDuration::from_millis(300)).await;
        let said = payouts(&endpoint);
        assert_eq!(said.is_empty(), forged);
        for said in said {
            let error = said.check_matches(Operation::Notification, &prepared.lookup).unwrap_err();
            assert_eq!(error.kind(), kind);
        }
    }
}
