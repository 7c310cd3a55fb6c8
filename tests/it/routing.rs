//! Payouts by rules through two simulated providers, one of which fails: a provider that refuses
//! connections loses its share to the other; a provider that loses responses keeps its payouts.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tulay::{
    Effect, Found, Operation, OrderId, PayoutRequest, PayoutStatus, Provider, ProviderExt,
    SecretFiles, Tulay,
    adapter::{Transport, TransportError, TransportErrorKind},
    routing::{Circuits, Conditions, Decision, PastAttempt, Payment, ProviderSequence, WaitReason},
};
use tulay_sandbox::{Sandbox, kit::Faults, regional, starpay};
use tulay_tests::payout;

const RULES: &str = r#"
namespace = "tests"

[[routes]]
operation = "payout"
country = "PH"
use = [{ provider = "starpay", weight = 60 }, { provider = "regional", weight = 40 }]
"#;

async fn sandbox() -> Sandbox {
    let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
    Sandbox::builder().offline().manual_clock(at).start().await.unwrap()
}

/// Connections to some addresses are refused, as long as they are.
#[derive(Debug)]
struct Refusing {
    inner: Arc<dyn Transport>,
    below: Mutex<Option<String>>,
}

#[async_trait]
impl Transport for Refusing {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let below = self.below.lock().unwrap().clone();
        if below.is_some_and(|below| request.uri().to_string().starts_with(&below)) {
            return Err(TransportError::new(TransportErrorKind::NotSent, "connection refused"));
        }
        self.inner.send(request).await
    }
}

fn configured(sandbox: &Sandbox, transport: Arc<dyn Transport>) -> Tulay {
    let text = format!(
        r#"{RULES}
[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{}"
merchant_id = "{}"
private_key = {{ env = "STARPAY_MERCHANT" }}
platform_key = {{ env = "STARPAY" }}

[providers.regional]
adapter = "regional"
environment = "sandbox"
base_url = "{}"
app_id = "{}"
countries = ["PH"]
private_key = {{ env = "REGIONAL_MERCHANT" }}
platform_key = {{ env = "REGIONAL" }}
"#,
        sandbox.base_url("starpay").unwrap(),
        starpay::DEMO_MERCHANT_ID,
        sandbox.base_url("regional").unwrap(),
        regional::DEMO_APP_ID,
    );
    let keys = ["starpay", "regional"].map(|provider| sandbox.platform_key(provider).unwrap());
    let secrets = SecretFiles::beside("").environment(move |name| {
        Some(match name {
            "STARPAY_MERCHANT" => starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
            "REGIONAL_MERCHANT" => regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
            "STARPAY" => keys[0].clone(),
            _ => keys[1].clone(),
        })
    });
    let builder = Tulay::builder().transport(transport).clock(sandbox.clock());
    builder.secrets(Arc::new(secrets)).read("tulay.toml", &text).unwrap()
}

/// How one payout ended, and at which provider.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Accepted(String),
    InDoubt(String),
    Waits(String),
    NoRoute,
}

/// The whole rule of failover: only a payout that was not sent, in the sequence of the acceptance.
async fn pay(
    tulay: &Tulay,
    request: &PayoutRequest,
    circuits: &mut Circuits,
    now: Timestamp,
) -> Ended {
    let payment = Payment::payout(request);
    let sequence: ProviderSequence = tulay.plan(&payment).sequence().unwrap();
    let mut past_attempts: Vec<PastAttempt> = Vec::new();
    loop {
        let unavailable = circuits.unavailable(now);
        let mut conditions = Conditions::new(now);
        (conditions.unavailable, conditions.past_attempts) = (&unavailable, &past_attempts);
        let plan = tulay.router().resume(&sequence, &payment, &conditions);
        let provider: &Arc<dyn Provider> = match plan.decide() {
            Decision::Send(candidate) => candidate.provider,
            Decision::Wait(deferred) => return Ended::Waits(deferred.id.to_string()),
            Decision::NoRoute(_) => return Ended::NoRoute,
        };
        let (id, account) = (provider.id().to_string(), provider.merchant_account());
        if !circuits.admits(account, Operation::Payout, now) {
            continue;
        }
        let payouts = provider.payouts().unwrap();
        let attempt = u32::try_from(past_attempts.len()).unwrap() + 1;
        let (rules, reference) = (payouts.capability().ids, &request.reference);
        let (namespace, operation) = (tulay.namespace(), Operation::Payout);
        let order_id = OrderId::derive(rules, namespace, operation, reference, attempt);
        let prepared = payouts.prepare(request, &order_id).unwrap();
        match payouts.create(&prepared).await {
            Ok(_) => {
                circuits.record(account, operation, None, now);
                return Ended::Accepted(id);
            }
            Err(error) => {
                circuits.record(account, operation, Some(error.kind()), now);
                if error.effect() != Effect::NotSent {
                    return Ended::InDoubt(id);
                }
                past_attempts.push(PastAttempt::new(account.clone(), error.kind()));
            }
        }
    }
}

fn requests() -> Vec<PayoutRequest> {
    to_accounts("R", "55")
}

fn to_accounts(prefix: &str, accounts: &str) -> Vec<PayoutRequest> {
    let number = |number| payout(&format!("{prefix}{number}"), &format!("{accounts}{number:04}"));
    (0..40).map(number).collect()
}

async fn pay_all(tulay: &Tulay, circuits: &mut Circuits, now: Timestamp) -> Vec<Ended> {
    let mut ended = Vec::new();
    for request in requests() {
        ended.push(pay(tulay, &request, circuits, now).await);
    }
    ended
}

/// How each ends while both providers work.
async fn calm() -> Vec<Ended> {
    let sandbox = sandbox().await;
    let tulay = configured(&sandbox, sandbox.transport());
    let ended = pay_all(&tulay, &mut Circuits::default(), sandbox.clock_now()).await;
    assert!(sandbox.ledger().paid_more_than_once().is_empty());
    ended
}

fn shares(ended: &[Ended]) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for end in ended {
        *shares.entry(format!("{end:?}")).or_default() += 1;
    }
    shares
}

trait Now {
    fn clock_now(&self) -> Timestamp;
}

impl Now for Sandbox {
    fn clock_now(&self) -> Timestamp {
        tulay::adapter::Clock::now(self.clock().as_ref())
    }
}

#[tokio::test]
async fn both_working_providers_have_their_share() {
    let shares = shares(&calm().await);
    let of = |id: &str| shares[&format!("Accepted({id:?})")];
    assert_eq!((of("starpay") + of("regional"), shares.len()), (40, 2));
    assert!((19..=29).contains(&of("starpay")), "{shares:?}");
}

#[tokio::test]
async fn refused_connections_move_the_share_and_back() {
    let sandbox = sandbox().await;
    let below = Mutex::new(Some(sandbox.base_url("starpay").unwrap()));
    let transport = Arc::new(Refusing { inner: sandbox.transport(), below });
    let tulay = configured(&sandbox, Arc::clone(&transport) as _);
    let mut circuits = Circuits::default();
    let now = sandbox.clock_now();
    let ended = pay_all(&tulay, &mut circuits, now).await;
    assert_eq!(shares(&ended), [("Accepted(\"regional\")".to_owned(), 40)].into());
    let unavailable = circuits.unavailable(now);
    assert!(matches!(unavailable[0].reason, WaitReason::Circuit { .. }), "{unavailable:?}");
    assert_eq!(unavailable[0].account.adapter, "starpay");

    // It is back, and its circuit has closed by itself.
    *transport.below.lock().unwrap() = None;
    sandbox.advance(SignedDuration::from_mins(1)).await;
    assert!(sandbox.ledger().paid_more_than_once().is_empty());
    assert_eq!(sandbox.ledger().movements().len(), 40);
    let request = (0..).map(|number| payout(&format!("BACK{number}"), "77001")).find(|request| {
        let payment = Payment::payout(request);
        tulay.plan(&payment).first().unwrap().provider.id().as_str() == "starpay"
    });
    let ended = pay(&tulay, &request.unwrap(), &mut circuits, sandbox.clock_now()).await;
    assert_eq!(ended, Ended::Accepted("starpay".into()));
}

#[tokio::test]
async fn lost_responses_keep_the_payouts_in_doubt() {
    let sandbox = sandbox().await;
    let tulay = configured(&sandbox, sandbox.transport());
    let lost = Faults { lose_answers: 1_000, ..Faults::default() };
    sandbox.set_faults("starpay", lost).unwrap();
    // Each payout is the first that the process hears of, so that no circuit decides.
    let (mut ended, now) = (Vec::new(), sandbox.clock_now());
    for request in requests() {
        ended.push(pay(&tulay, &request, &mut Circuits::default(), now).await);
    }
    let in_doubt = |end: &Ended| match end {
        Ended::Accepted(id) if id == "starpay" => Ended::InDoubt(id.clone()),
        Ended::Accepted(id) => Ended::Accepted(id.clone()),
        other => panic!("{other:?}"),
    };
    let calm: Vec<Ended> = calm().await.iter().map(in_doubt).collect();
    assert_eq!(ended, calm, "every payout stays where it was sent");

    // They were paid, once, and are found where they are.
    sandbox.set_faults("starpay", Faults::default()).unwrap();
    sandbox.advance(SignedDuration::from_mins(1)).await;
    assert_eq!(sandbox.ledger().movements().len(), 40);
    let provider = tulay.providers().find(|p| p.id().as_str() == "starpay").unwrap();
    let payouts = provider.payouts().unwrap();
    for (request, _) in
        requests().iter().zip(&ended).filter(|(_, e)| matches!(e, Ended::InDoubt(_)))
    {
        let (rules, reference) = (payouts.capability().ids, &request.reference);
        let id = OrderId::derive(rules, tulay.namespace(), Operation::Payout, reference, 1);
        let lookup = payouts.prepare(request, &id).unwrap().lookup;
        let Ok(Found::Found(found)) = payouts.find(&lookup).await else { panic!("{reference}") };
        assert_eq!(found.status, PayoutStatus::Succeeded);
    }
}

#[tokio::test]
async fn circuit_moves_only_unsent_payouts() {
    let sandbox = sandbox().await;
    let tulay = configured(&sandbox, sandbox.transport());
    let lost = Faults { lose_answers: 1_000, ..Faults::default() };
    sandbox.set_faults("starpay", lost).unwrap();
    let mut circuits = Circuits::default();
    let ended = pay_all(&tulay, &mut circuits, sandbox.clock_now()).await;
    let shares = shares(&ended);
    // Five silences open it; whatever comes after goes elsewhere from the start.
    assert_eq!(shares["InDoubt(\"starpay\")"], 5, "{shares:?}");
    assert_eq!(shares["Accepted(\"regional\")"], 35, "{shares:?}");
    // After the pause one is tried, not all that waited: it may be lost too.
    sandbox.advance(SignedDuration::from_mins(1)).await;
    let mut in_doubt = 0;
    for request in to_accounts("AGAIN", "66") {
        let ended = pay(&tulay, &request, &mut circuits, sandbox.clock_now()).await;
        in_doubt += usize::from(ended == Ended::InDoubt("starpay".into()));
    }
    assert_eq!(in_doubt, 1);
    sandbox.advance(SignedDuration::from_mins(1)).await;
    assert!(sandbox.ledger().paid_more_than_once().is_empty());
    assert_eq!(sandbox.ledger().movements().len(), 80, "each once");
}
