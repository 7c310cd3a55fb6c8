//! Payouts and collections by rules through four simulated providers, of which one looks its orders
//! up by its own id alone. What the library states is compared with what the simulators record.

use jiff::SignedDuration;
use std::{collections::BTreeMap, sync::Arc};
use tokio::task::JoinSet;
use tulay::{
    Begun, CallError, CollectionMethod, CollectionRequest, Country, Currency, Destination, Effect,
    Email, ErrorKind, Found, Lookup, Money, Name, OrderId, Party, PayoutRequest, PayoutStatus,
    Phone, Prepared, Provider, ProviderExt, ProviderId, Reference, Retry, SecretFiles, Tulay,
    WalletAccount, adapter::Clock, routing::Payment,
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults, Ledger},
    paymongo, regional, starpay, xendit,
};
use tulay_tests::{indonesian_payout, payout};

const RULES: &str = r#"
[[routes]]
operation = "payout"
country = "PH"
use = [
    { provider = "starpay", weight = 25 },
    { provider = "paymongo", weight = 25 },
    { provider = "xendit", weight = 25 },
    { provider = "regional", weight = 25 },
]

[[routes]]
operation = "payout"
country = "ID"
use = ["xendit-id"]
"#;

struct Setup {
    sandbox: Sandbox,
    tulay: Tulay,
}

impl Setup {
    async fn new(rules: &str) -> Self {
        let at = "2026-11-20T10:00:00+08:00".parse().unwrap();
        let sandbox = Sandbox::builder().offline().manual_clock(at).start().await.unwrap();
        let url = |name| sandbox.base_url(name).unwrap();
        let text = format!(
            r#"namespace = "tests"
{rules}
[webhook]
public_url = "http://127.0.0.1:8300/notify"

[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{}"
merchant_id = "{}"
private_key = {{ env = "starpay-merchant" }}
platform_key = {{ env = "starpay" }}

[providers.regional]
adapter = "regional"
environment = "sandbox"
base_url = "{}"
app_id = "{}"
countries = ["PH"]
private_key = {{ env = "regional-merchant" }}
platform_key = {{ env = "regional" }}

[providers.xendit]
adapter = "xendit"
environment = "sandbox"
base_url = "{}"
business_id = "{}"
country = "PH"
secret_key = {{ env = "xendit" }}
callback_token = {{ env = "xendit-token" }}

[providers.xendit-id]
adapter = "xendit"
environment = "sandbox"
base_url = "{}"
business_id = "{}"
country = "ID"
secret_key = {{ env = "xendit-id" }}
callback_token = {{ env = "xendit-id-token" }}

[providers.paymongo]
adapter = "paymongo"
environment = "sandbox"
base_url = "{}"
organization_id = "{}"
source_account = {{ number = "{}", name = "{}" }}
secret_key = {{ env = "paymongo" }}
"#,
            url("starpay"),
            starpay::DEMO_MERCHANT_ID,
            url("regional"),
            regional::DEMO_APP_ID,
            url("xendit"),
            xendit::DEMO_BUSINESS_ID,
            url("xendit"),
            xendit::DEMO_IDR_BUSINESS_ID,
            url("paymongo"),
            paymongo::DEMO_ORGANIZATION,
            paymongo::DEMO_WALLET_NUMBER,
            paymongo::DEMO_WALLET_NAME,
        );
        let keys = ["starpay", "regional"].map(|name| sandbox.platform_key(name).unwrap());
        let secrets = SecretFiles::beside("").environment(move |name| {
            Some(match name {
                "starpay-merchant" => starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "regional-merchant" => regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "starpay" => keys[0].clone(),
                "regional" => keys[1].clone(),
                "xendit" => xendit::DEMO_SECRET_KEY.to_owned(),
                "xendit-token" => xendit::DEMO_CALLBACK_TOKEN.to_owned(),
                "xendit-id" => xendit::DEMO_IDR_SECRET_KEY.to_owned(),
                "xendit-id-token" => xendit::DEMO_IDR_CALLBACK_TOKEN.to_owned(),
                _ => paymongo::DEMO_SECRET_KEY.to_owned(),
            })
        });
        let builder = Tulay::builder().transport(sandbox.transport()).clock(sandbox.clock());
        let tulay = builder.secrets(Arc::new(secrets)).read("tests", &text).unwrap();
        Self { sandbox, tulay }
    }

    fn provider(&self, name: &str) -> &Arc<dyn Provider> {
        self.tulay.provider(&ProviderId::new(name).unwrap()).unwrap()
    }

    async fn advance(&self, by: SignedDuration) {
        self.sandbox.advance(by).await;
    }
}

/// What is to happen to a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    Paid,
    /// Carried out, and the answer is lost, or is an error page, or breaks off.
    LostAnswer,
    ErrorPage,
    HalfAnswer,
    /// The first request is lost before anything is done.
    LostRequest,
    /// Not final for ten minutes.
    Slow,
    Rejected,
    Failed,
    /// Sent twice.
    Duplicate,
}

impl Case {
    fn of(row: usize) -> Self {
        match row % 20 {
            1 => Self::LostAnswer,
            3 => Self::ErrorPage,
            5 => Self::HalfAnswer,
            7 => Self::LostRequest,
            9 => Self::Slow,
            11 => Self::Rejected,
            13 => Self::Failed,
            15 => Self::Duplicate,
            _ => Self::Paid,
        }
    }

    /// The end of an account that asks the simulator for it.
    fn digits(self, provider: &str) -> &'static str {
        match (self, provider) {
            (Self::Paid | Self::Duplicate, _) => "550101",
            (Self::LostAnswer, _) => "992001",
            (Self::LostRequest, _) => "992002",
            (Self::ErrorPage, _) => "992003",
            (Self::HalfAnswer, _) => "992004",
            (Self::Slow, _) => "993001",
            (Self::Rejected, "starpay") => "990418",
            (Self::Rejected, "regional") => "990014",
            (Self::Rejected, "paymongo") => "990400",
            (Self::Rejected, _) => "990003",
            (Self::Failed, "starpay") => "991001",
            (Self::Failed, "regional") => "991005",
            (Self::Failed, "paymongo") => "991003",
            (Self::Failed, _) => "991002",
        }
    }

    fn request(self, row: usize, provider: &str, country: Country) -> PayoutRequest {
        let (reference, account) =
            (format!("ROW-{row}"), format!("{row:06}{}", self.digits(provider)));
        match country {
            Country::ID => indonesian_payout(&reference, &account),
            _ => payout(&reference, &account),
        }
    }
}

/// A payout that was sent.
struct Sent {
    case: Case,
    provider: Arc<dyn Provider>,
    order_id: OrderId,
    lookup: Lookup,
    prepared: Prepared,
    standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// It may have been paid.
    InDoubt,
    Accepted,
    Succeeded,
    Failed,
    Rejected,
}

/// Sends a payout once, and fetches its lost answer where the provider replays.
async fn send(tulay: &Tulay, clock: &dyn Clock, row: usize) -> Sent {
    let case = Case::of(row);
    let country = if row.is_multiple_of(10) { Country::ID } else { Country::PH };
    let outline = case.request(row, "", country);
    let plan = tulay.plan(&Payment::payout(&outline));
    let planned = plan.first().unwrap().provider;
    let request = case.request(row, planned.id().as_str(), country);
    let payouts = planned.payouts().unwrap();
    let order_id = tulay.order_id(payouts.capability(), &request);
    let prepared = payouts.prepare(&request, &order_id).unwrap();
    let mut lookup = prepared.lookup.clone();
    let standing = create(planned, &prepared, &mut lookup, clock).await;
    if case == Case::Duplicate {
        // Another copy of the same order makes nothing new, whatever it is answered.
        let _ = payouts.create(&prepared).await;
    }
    let provider = Arc::clone(planned);
    Sent { case, provider, order_id, lookup, prepared, standing }
}

/// Sends it, and sends the same again while the library says that its answer can be fetched so.
async fn create(
    provider: &Arc<dyn Provider>,
    prepared: &Prepared,
    lookup: &mut Lookup,
    clock: &dyn Clock,
) -> Standing {
    let payouts = provider.payouts().unwrap();
    let guarantees = &payouts.capability().guarantees;
    let (first_sending, mut is_replay) = (clock.now(), false);
    for _ in 0..100 {
        let error: CallError = match payouts.create(prepared).await {
            Ok(payout) => {
                lookup.learn(&payout);
                return Standing::Accepted;
            }
            Err(error) => error,
        };
        if error.effect() == Effect::Rejected {
            let stands = !is_replay || guarantees.replays_rejections;
            return if stands { Standing::Rejected } else { Standing::InDoubt };
        }
        assert_eq!(error.effect(), Effect::Unknown, "{error}");
        let since = clock.now().duration_since(first_sending);
        if error.follow_up_under(guarantees, since).retry != Retry::Replay {
            return Standing::InDoubt;
        }
        is_replay = true;
    }
    Standing::InDoubt
}

impl Sent {
    /// Looks it up. One that is not there, and was never answered, is sent again where the provider
    /// keeps its order id.
    async fn follow(&mut self, clock: &dyn Clock) {
        if matches!(self.standing, Standing::Succeeded | Standing::Failed) {
            return;
        }
        let payouts = self.provider.payouts().unwrap();
        let guarantees = &payouts.capability().guarantees;
        if !guarantees.find_by.by_order_id() && self.lookup.provider_reference.is_none() {
            return;
        }
        match payouts.find(&self.lookup).await {
            Ok(Found::Found(payout)) => {
                self.lookup.learn(&payout);
                self.standing = match payout.status {
                    PayoutStatus::Succeeded => Standing::Succeeded,
                    PayoutStatus::Failed => Standing::Failed,
                    _ => Standing::Accepted,
                };
            }
            Ok(Found::Absent(_)) if self.standing == Standing::InDoubt => {
                if guarantees.resend_for.is_some() {
                    let (provider, prepared) = (&self.provider, &self.prepared);
                    self.standing = create(provider, prepared, &mut self.lookup, clock).await;
                }
            }
            Ok(Found::Absent(_)) => assert_eq!(self.standing, Standing::Rejected),
            Err(error) => assert_eq!(error.effect(), Effect::Unknown, "{error}"),
        }
    }

    /// What the simulators record of it: how often it was paid, and whether the money came back.
    fn compare(&self, ledger: &BTreeMap<&str, (usize, usize)>) {
        let (out, back) = ledger.get(self.order_id.as_str()).copied().unwrap_or_default();
        let left = out - back;
        let (what, case) = (&self.standing, self.case);
        assert!(out <= 1, "{} paid {out} times", self.order_id);
        match self.standing {
            Standing::Succeeded => assert_eq!(left, 1, "{case:?} {what:?}"),
            Standing::Failed | Standing::Rejected => assert_eq!(left, 0, "{case:?} {what:?}"),
            // Of these, the library states nothing.
            Standing::InDoubt => assert_eq!((case, left), (Case::Rejected, 0)),
            Standing::Accepted => panic!("{case:?} at {} has no end", self.provider.id()),
        }
    }
}

fn paid_and_back(ledger: &Ledger) -> BTreeMap<&str, (usize, usize)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for movement in ledger.movements() {
        let (out, back) = counts.entry(movement.order_id.as_str()).or_default();
        match movement.direction {
            Direction::Out => *out += 1,
            Direction::Back => *back += 1,
            _ => panic!("{movement:?}"),
        }
    }
    counts
}

const ROWS: usize = 5_000;
const TASKS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_thousand_payouts_agree_with_the_ledgers() {
    let setup = Arc::new(Setup::new(RULES).await);
    let faults = Faults { lose_answers: 20, http_500_after: 10, ..Faults::default() };
    for provider in ["starpay", "regional", "xendit", "paymongo"] {
        setup.sandbox.set_faults(provider, faults.clone()).unwrap();
    }
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let setup = Arc::clone(&setup);
        tasks.spawn(async move {
            let (mut sent, clock) = (Vec::new(), setup.sandbox.clock());
            for row in (task..ROWS).step_by(TASKS) {
                sent.push(send(&setup.tulay, clock.as_ref(), row).await);
            }
            sent
        });
    }
    let mut sent: Vec<Sent> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(sent.len(), ROWS);
    let clock = setup.sandbox.clock();
    for by in [SignedDuration::from_secs(2), SignedDuration::from_mins(11)] {
        setup.advance(by).await;
        for payout in &mut sent {
            payout.follow(clock.as_ref()).await;
        }
    }
    // What was sent again just now settles.
    setup.advance(SignedDuration::from_mins(11)).await;
    for payout in &mut sent {
        payout.follow(clock.as_ref()).await;
    }

    let ledger = setup.sandbox.ledger();
    assert!(ledger.paid_more_than_once().is_empty());
    let recorded = paid_and_back(&ledger);
    let mut standings: BTreeMap<(String, Standing), usize> = BTreeMap::new();
    for payout in &sent {
        payout.compare(&recorded);
        let key = (payout.provider.id().to_string(), payout.standing.clone());
        *standings.entry(key).or_default() += 1;
    }
    let count = |provider: &str, standing: Standing| {
        standings.get(&(provider.to_owned(), standing)).copied().unwrap_or_default()
    };
    for provider in ["starpay", "regional", "xendit", "xendit-id", "paymongo"] {
        assert!(count(provider, Standing::Succeeded) > 300, "{standings:?}");
    }
    for provider in ["starpay", "regional", "xendit", "paymongo"] {
        assert!(count(provider, Standing::Failed) > 20, "{standings:?}");
        assert!(count(provider, Standing::Rejected) > 20, "{standings:?}");
    }
    // A rejection whose first copy had no answer stays in doubt where no look-up can end it.
    let in_doubt: usize = count("paymongo", Standing::InDoubt);
    let all_in_doubt = standings.iter().filter(|((_, s), _)| *s == Standing::InDoubt);
    assert_eq!(all_in_doubt.map(|(_, count)| count).sum::<usize>(), in_doubt, "{standings:?}");
    // Every order id of the ledger is of a payout that was sent here.
    let ids: Vec<&str> = sent.iter().map(|payout| payout.order_id.as_str()).collect();
    assert!(recorded.keys().all(|id| ids.contains(id)));
}

fn pesos() -> Money {
    Money::from_minor(10_000, Currency::PHP)
}

fn collection(reference: &str) -> CollectionRequest {
    let payer = Party::default()
        .with_name(Name::full("Ana Reyes").unwrap())
        .with_email(Email::new("ana@example.com").unwrap())
        .with_mobile(Phone::new("+639171234567").unwrap());
    let reference = Reference::new(reference).unwrap();
    CollectionRequest::new(reference, Country::PH, pesos(), CollectionMethod::Qr)
        .with_return_url("https://shop.example.com/thanks")
        .with_payer(payer)
}

fn first(operation: &str, provider: &str) -> String {
    format!("[[routes]]\noperation = \"{operation}\"\ncountry = \"PH\"\nuse = [\"{provider}\"]\n")
}

#[tokio::test]
async fn a_lookup_by_own_id_blocks_no_other_provider() {
    let setup = Setup::new(&first("collection", "regional")).await;
    for round in 0..2 {
        let begun = setup.tulay.begin_collection(&collection("SALE-1")).await.unwrap();
        match (round, begun) {
            (0, Begun::New(provider, prepared)) => {
                assert_eq!(provider.id().as_str(), "regional");
                provider.collections().unwrap().create(&prepared).await.unwrap();
            }
            (1, Begun::Known(known)) => {
                assert_eq!(known.provider.id().as_str(), "regional");
                assert!(known.not_asked.is_empty());
            }
            (_, begun) => panic!("{begun:?}"),
        }
    }
}

#[tokio::test]
async fn a_collection_is_found_by_the_kept_id() {
    for provider in ["xendit", "paymongo"] {
        let setup = Setup::new(&first("collection", provider)).await;
        let begun = setup.tulay.begin_collection(&collection("SALE-1")).await.unwrap();
        let Begun::New(chosen, prepared) = begun else { panic!("{begun:?}") };
        assert_eq!(chosen.id().as_str(), provider);
        let collections = chosen.collections().unwrap();
        let made = collections.create(&prepared).await.unwrap();
        let mut lookup = prepared.lookup.clone();
        let unknown = collections.find(&lookup).await.unwrap_err();
        assert_eq!(unknown.kind(), ErrorKind::State, "{unknown}");
        lookup.learn(&made.observation);
        let found = collections.find(&lookup).await.unwrap();
        assert!(matches!(found, Found::Found(_)), "{provider}: {found:?}");
        let unfound =
            setup.tulay.find_collection(&Reference::new("SALE-1").unwrap()).await.unwrap();
        assert!(unfound.is_none(), "{provider} is not asked");
    }
}

/// Wallets and banks of one request are the same at every provider.
#[tokio::test]
async fn one_request_fits_all_four_providers() {
    let setup = Setup::new("").await;
    let phone = WalletAccount::Phone(Phone::new("+639171234567").unwrap());
    let wallet = Destination::wallet("gcash", phone);
    let request =
        PayoutRequest::new(Reference::new("R1").unwrap(), Country::PH, pesos(), wallet.unwrap())
            .with_beneficiary(Party::default().with_name(Name::parts("Ana", "Reyes").unwrap()));
    for provider in ["starpay", "regional", "xendit", "paymongo"] {
        let payouts = setup.provider(provider).payouts().unwrap();
        let order_id = setup.tulay.order_id(payouts.capability(), &request);
        let prepared = payouts.prepare(&request, &order_id);
        assert!(prepared.is_ok(), "{provider}: {prepared:?}");
    }
}

/// A secret of the simulator is in its source, so that with it anyone can forge a notification.
#[test]
fn secrets_of_the_simulator_are_for_the_sandbox() {
    let accounts = [
        (
            "adapter = \"xendit\"\nbase_url = \"https://api.xendit.co\"\nbusiness_id = \"one1\"\ncountry = \"PH\"\n\
             secret_key = { env = \"key\" }\ncallback_token = { env = \"proof\" }",
            ("xnd_development_ofAnAccount", "tokenOfAnAccount"),
            &[
                (Some(xendit::DEMO_SECRET_KEY), None),
                (Some(xendit::DEMO_IDR_SECRET_KEY), None),
                (None, Some(xendit::DEMO_CALLBACK_TOKEN)),
                (None, Some(xendit::DEMO_IDR_CALLBACK_TOKEN)),
            ][..],
        ),
        (
            "adapter = \"paymongo\"\nbase_url = \"https://api.paymongo.com\"\norganization_id = \"org_one1\"\n\
             secret_key = { env = \"key\" }\nwebhook_secret = { env = \"proof\" }",
            ("sk_test_ofAnAccount", "whsk_ofAnAccount"),
            &[(Some(paymongo::DEMO_SECRET_KEY), None), (None, Some(paymongo::DEMO_WEBHOOK_SECRET))],
        ),
    ];
    for (table, own, published) in accounts {
        let read = |(key, proof): (&str, &str)| {
            let (key, proof) = (key.to_owned(), proof.to_owned());
            let secrets = SecretFiles::beside("").environment(move |name| {
                Some(if name == "key" { key.clone() } else { proof.clone() })
            });
            let text =
                format!("namespace = \"tests\"\n[providers.one]\nenvironment = \"uat\"\n{table}\n");
            Tulay::builder().secrets(Arc::new(secrets)).read("tests", &text)
        };
        read(own).unwrap();
        for (key, proof) in published {
            let error = read((key.unwrap_or(own.0), proof.unwrap_or(own.1))).unwrap_err();
            assert!(error.to_string().contains("published with Tulay"), "{error}");
        }
    }
}
