//! The Starpay adapter against the simulated Starpay: two implementations of one document, with
//! two RSA libraries, that must agree on every message.

use bytes::Bytes;
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay::{
    Country, Currency, Effect, ErrorKind, Found, Money, Payout, PayoutStatus, Payouts, Prepared,
    adapter::{HttpSettings, HttpTransport, Transport, TransportError},
    readings::{AccountKind, Balances, Health, Institutions},
    starpay::Starpay,
    webhook::{Handling, Notification, WebhookRequest, Webhooks},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults, NotificationRecord, NotificationState, Shape},
};
use tulay_tests::{order_id, payout, starpay};

/// A sandbox without sockets, whose time stands still until it is advanced.
async fn sandbox() -> Sandbox {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    Sandbox::builder().offline().manual_clock(at).start().await.unwrap()
}

fn connected(sandbox: &Sandbox) -> Starpay {
    starpay(sandbox, sandbox.transport())
}

fn prepare(starpay: &Starpay, reference: &str, account: &str) -> Prepared {
    let request = payout(reference, account);
    starpay.prepare(&request, &order_id(starpay, &request)).unwrap()
}

async fn found(starpay: &Starpay, prepared: &Prepared) -> Payout {
    match Payouts::find(starpay, &prepared.lookup).await.unwrap() {
        Found::Found(payout) => payout,
        Found::Absent(answer) => panic!("absent: {answer:?}"),
    }
}

#[tokio::test]
async fn a_payout_moves_money_once() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    let prepared = prepare(&starpay, "R1", "0011");
    assert!(matches!(Payouts::find(&starpay, &prepared.lookup).await, Ok(Found::Absent(_))));
    let accepted = starpay.create(&prepared).await.unwrap();
    assert_eq!(accepted.status, PayoutStatus::Pending);
    assert_eq!(found(&starpay, &prepared).await.status, PayoutStatus::Pending);
    sandbox.advance(SignedDuration::from_secs(1)).await;
    let paid = found(&starpay, &prepared).await;
    assert_eq!(paid.status, PayoutStatus::Succeeded);
    assert_eq!(paid.provider_reference, accepted.provider_reference);
    assert_eq!(sandbox.ledger().times_paid(prepared.lookup.order_id.as_str()), 1);
}

#[tokio::test]
async fn resending_an_order_is_a_duplicate() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    let prepared = prepare(&starpay, "R1", "0011");
    starpay.create(&prepared).await.unwrap();
    for _ in 0..3 {
        let error = starpay.create(&prepared).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Duplicate, Effect::Unknown));
    }
    sandbox.advance(SignedDuration::from_hours(1)).await;
    assert_eq!(sandbox.ledger().movements().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_copies_at_once_over_sockets_pay_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let transport = Arc::new(HttpTransport::new(&HttpSettings::default()).unwrap());
    let starpay = Arc::new(starpay(&sandbox, transport));
    let prepared = Arc::new(prepare(&starpay, "R1", "0011"));
    let copies: Vec<_> = (0..50)
        .map(|_| {
            let (starpay, prepared) = (Arc::clone(&starpay), Arc::clone(&prepared));
            tokio::spawn(async move { starpay.create(&prepared).await })
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
        ("a wrong signature", Faults { bad_signature: 1, ..Faults::default() }, 1),
        ("another amount", Faults { wrong_amount: 1, ..Faults::default() }, 1),
        ("another order", Faults { wrong_order: 1, ..Faults::default() }, 1),
    ];
    for (what, faults, paid) in faults {
        let sandbox = sandbox().await;
        sandbox.set_faults("starpay", faults).unwrap();
        let starpay = connected(&sandbox);
        let prepared = prepare(&starpay, "R1", "0011");
        let error = starpay.create(&prepared).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{what}: {error}");
        sandbox.advance(SignedDuration::from_mins(1)).await;
        let order_id = prepared.lookup.order_id.as_str();
        assert_eq!(sandbox.ledger().times_paid(order_id), paid, "{what}");
        // A look-up tells what became of it, and never more than the truth.
        match Payouts::find(&starpay, &prepared.lookup).await.unwrap() {
            Found::Found(found) => assert_eq!((found.status, paid), (PayoutStatus::Succeeded, 1)),
            Found::Absent(_) => assert_eq!(paid, 0, "{what}"),
        }
    }
}

#[tokio::test]
async fn rejections_move_nothing_and_burn_no_id() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    for (account, kind, effect) in [
        ("990412", ErrorKind::InvalidRequest, Effect::Rejected),
        ("990418", ErrorKind::Institution, Effect::Rejected),
        ("990402", ErrorKind::Authentication, Effect::Rejected),
        ("990503", ErrorKind::Unavailable, Effect::Unknown),
        ("990511", ErrorKind::InProcess, Effect::Unknown),
    ] {
        let prepared = prepare(&starpay, account, account);
        for _ in 0..2 {
            let error = starpay.create(&prepared).await.unwrap_err();
            assert_eq!((error.kind(), error.effect()), (kind, effect), "{account}: {error}");
        }
    }
    sandbox.advance(SignedDuration::from_hours(1)).await;
    assert!(sandbox.ledger().movements().is_empty());
}

#[tokio::test]
async fn failures_have_a_reason_and_reversals_are_seen() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    let failing = prepare(&starpay, "R1", "991001");
    let returning = prepare(&starpay, "R2", "994001");
    starpay.create(&failing).await.unwrap();
    starpay.create(&returning).await.unwrap();
    sandbox.advance(SignedDuration::from_secs(2)).await;
    let failed = found(&starpay, &failing).await;
    let failure = failed.failure.unwrap();
    assert_eq!((failed.status, failure.kind), (PayoutStatus::Failed, ErrorKind::Beneficiary));
    assert_eq!(found(&starpay, &returning).await.status, PayoutStatus::Succeeded);
    sandbox.advance(SignedDuration::from_mins(5)).await;
    assert_eq!(found(&starpay, &returning).await.status, PayoutStatus::Reversed);
    let directions: Vec<_> = sandbox.ledger().movements().iter().map(|m| m.direction).collect();
    assert_eq!(directions, [Direction::Out, Direction::Back]);
}

#[tokio::test]
async fn a_second_payout_to_one_payee_has_to_wait() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    starpay.create(&prepare(&starpay, "R1", "0011")).await.unwrap();
    let second = prepare(&starpay, "R2", "0011");
    let error = starpay.create(&second).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::TooEarly, Effect::Unknown));
    let wait = error.retry_after().unwrap();
    assert_eq!(Some(wait), Payouts::capability(&starpay).guarantees.payee_spacing);
    sandbox.advance(wait).await;
    assert!(starpay.create(&second).await.is_ok());
}

#[tokio::test]
async fn balance_institutions_and_health_agree() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    starpay.check().await.unwrap();
    let balance = async || {
        starpay.balance(AccountKind::Payout, Country::PH, Currency::PHP).await.unwrap().available
    };
    assert_eq!(balance().await, Money::parse("1000000.00", Currency::PHP).unwrap());
    starpay.create(&prepare(&starpay, "R1", "0011")).await.unwrap();
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(balance().await, Money::parse("999900.00", Currency::PHP).unwrap());

    let entries = starpay.list(Country::PH).await.unwrap();
    let directory = tulay::Directory::of(Country::PH).unwrap();
    assert!(entries.iter().all(|entry| entry.id.is_some()));
    // Whatever the directory knows can be paid to: the spelling is the simulator's own.
    for institution in directory.institutions() {
        assert!(
            entries.iter().any(|e| e.id == institution.institution_id()),
            "{} is not listed",
            institution.id
        );
    }
}

#[tokio::test]
async fn every_institution_of_the_directory_is_accepted_by_its_spelling() {
    let sandbox = sandbox().await;
    let starpay = connected(&sandbox);
    for (index, institution) in
        tulay::Directory::of(Country::PH).unwrap().institutions().iter().enumerate()
    {
        let mut request = payout(&format!("R{index}"), &format!("77{index}"));
        let id = institution.institution_id().unwrap();
        let account = tulay::AccountNumber::new(format!("77{index}")).unwrap();
        request.destination = match institution.channel {
            tulay::Channel::Wallet => tulay::Destination::Wallet {
                institution: id,
                account: tulay::WalletAccount::Number(account),
            },
            _ => tulay::Destination::Bank { institution: id, account },
        };
        let prepared = starpay.prepare(&request, &order_id(&starpay, &request)).unwrap();
        starpay.create(&prepared).await.unwrap_or_else(|e| panic!("{}: {e}", institution.id));
    }
}

/// The merchant's endpoint: verifies by the adapter, answers by the adapter.
#[derive(Debug)]
struct Endpoint {
    starpay: Starpay,
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
            return Ok(self.starpay.acknowledge(Handling::Busy));
        }
        let (parts, body) = request.into_parts();
        let raw = WebhookRequest::new(parts.uri, parts.headers, body);
        Ok(match self.starpay.open(&raw) {
            Ok(events) => {
                self.events.lock().unwrap().extend(events.into_inner());
                self.starpay.acknowledge(Handling::Stored)
            }
            Err(_) => self.starpay.acknowledge(Handling::Rejected),
        })
    }
}

#[tokio::test]
async fn notifications_of_every_shape_are_opened_and_acknowledged() {
    for shape in [Shape::Object, Shape::Text, Shape::ArrayOfText] {
        // The endpoint verifies with the published platform key, which is the same everywhere.
        let elsewhere = sandbox().await;
        let endpoint = Arc::new(Endpoint {
            starpay: connected(&elsewhere),
            refuse_first: Mutex::new(2),
            events: Mutex::default(),
        });
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let faults = Faults {
            notification_shape: shape,
            answer_shape: shape,
            duplicate_notifications: 1,
            ..Faults::default()
        };
        let sandbox = Sandbox::builder()
            .offline()
            .manual_clock(at)
            .notify_through(Arc::clone(&endpoint) as _)
            .faults("starpay", faults)
            .start()
            .await
            .unwrap();
        let starpay = connected(&sandbox);
        let prepared = prepare(&starpay, "R1", "0011");
        starpay.create(&prepared).await.unwrap();
        sandbox.advance(SignedDuration::from_hours(2)).await;
        let events = endpoint.events.lock().unwrap();
        let Some(Notification::Payout(payout)) = events.first() else { panic!("{events:?}") };
        assert_eq!(payout.status, PayoutStatus::Succeeded);
        assert_eq!(payout.order_id.as_ref(), Some(&prepared.lookup.order_id));
        let keys: std::collections::BTreeSet<String> =
            events.iter().map(Notification::key).collect();
        assert_eq!(keys.len(), 1, "repetitions say the same: {keys:?}");
        let records = sandbox.notifications();
        let done = |n: &NotificationRecord| n.state == NotificationState::Acknowledged;
        assert!(!records.is_empty() && records.iter().all(done), "{records:?}");
    }
}
