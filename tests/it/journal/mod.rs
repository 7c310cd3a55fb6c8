//! Payouts through the facade and its journal, against the simulators by HTTP. The ledger of the
//! simulators is the judge.

mod capped;
mod collections;
mod edits;
mod events;
mod new_journal;
mod paid_once;
mod planted;
mod refunds;
mod restored;
mod waits;
mod webhook;

use async_trait::async_trait;
use bytes::Bytes;
use std::{
    fs,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;
use tulay::{
    Builder, PayoutRequest, Reference, SecretFiles, Tulay,
    adapter::{Transport, TransportError, TransportErrorKind},
    journal::{Actor, PaymentRecord, Status},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Direction, Faults},
    paymongo, regional, starpay,
};

/// No test waits for a payout longer than this.
const LONGEST: Duration = Duration::from_secs(60);

/// The ends of the addresses at which payouts, refunds and collections are made.
const MAKING: [&str; 6] = [
    "/v1/disburse",
    "/disbursement/transfer",
    "/v2/batch_transfers",
    "/payment/refund",
    "/v1/repayment",
    "/payment/generate",
];

/// What is lost on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lost {
    /// The request, before the provider has it.
    Request,
    /// The answer.
    #[default]
    Answer,
    /// The request, and the connection stays open.
    Silence,
}

/// What connections do, and what went over them.
#[derive(Debug, Default)]
struct Network {
    /// Connections to these addresses are refused.
    refused: Mutex<Vec<String>>,
    /// What becomes of the next requests that make a payment.
    lost: Mutex<(Lost, usize)>,
    /// The requests that left, each with its body.
    left: Mutex<Vec<(String, Bytes)>>,
}

impl Network {
    fn refuse(&self, addresses: &[&str]) {
        *self.refused.lock().unwrap() = addresses.iter().map(ToString::to_string).collect();
    }

    fn lose(&self, lost: Lost, times: usize) {
        *self.lost.lock().unwrap() = (lost, times);
    }

    /// What is lost of a request that makes a payment.
    fn take_lost(&self, address: &str) -> Option<Lost> {
        let mut lost = self.lost.lock().unwrap();
        let is_hit = MAKING.iter().any(|end| address.ends_with(end)) && lost.1 > 0;
        is_hit.then(|| {
            lost.1 -= 1;
            lost.0
        })
    }

    /// The requests that name this order.
    fn naming(&self, order_id: &str) -> Vec<(String, String)> {
        let left = self.left.lock().unwrap();
        let text = |body: &Bytes| String::from_utf8_lossy(body).into_owned();
        let all = left.iter().map(|(address, body)| (address.clone(), text(body)));
        all.filter(|(address, body)| address.contains(order_id) || body.contains(order_id))
            .collect()
    }
}

#[derive(Debug)]
struct Through {
    network: Arc<Network>,
    inner: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for Through {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let address = request.uri().to_string();
        let is_refused = |refused: &String| address.starts_with(refused);
        if self.network.refused.lock().unwrap().iter().any(is_refused) {
            return Err(TransportError::new(TransportErrorKind::NotSent, "connection refused"));
        }
        let lost = self.network.take_lost(&address);
        self.network.left.lock().unwrap().push((address, request.body().clone()));
        let broken = || TransportError::new(TransportErrorKind::Interrupted, "connection reset");
        if lost == Some(Lost::Request) {
            return Err(broken());
        }
        if lost == Some(Lost::Silence) {
            std::future::pending::<()>().await;
        }
        let answer = self.inner.send(request).await;
        if lost == Some(Lost::Answer) { Err(broken()) } else { answer }
    }
}

struct Setup {
    sandbox: Sandbox,
    folder: TempDir,
    network: Arc<Network>,
}

impl Setup {
    async fn new() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        Self { sandbox, folder: tempfile::tempdir().unwrap(), network: Arc::default() }
    }

    fn url(&self, provider: &str) -> String {
        self.sandbox.base_url(provider).unwrap()
    }

    /// A configuration whose payouts go to these providers, the preferred one first.
    fn text(&self, providers: &[&str]) -> String {
        let tables = providers.iter().map(|provider| self.table(provider)).collect::<String>();
        let listed = providers.join("\", \"");
        format!(
            "namespace = \"tests\"\n\n[[routes]]\noperation = \"payout\"\nuse = [\"{listed}\"]\n\
             \n{tables}"
        )
    }

    fn table(&self, provider: &str) -> String {
        let account = match provider {
            "starpay" => format!("merchant_id = \"{}\"", starpay::DEMO_MERCHANT_ID),
            "regional" => {
                let id = regional::DEMO_APP_ID;
                format!("app_id = \"{id}\"\ncountries = [\"PH\", \"ID\"]")
            }
            _ => format!(
                "organization_id = \"{}\"\nsource_account = {{ number = \"{}\", name = \"{}\" }}",
                paymongo::DEMO_ORGANIZATION,
                paymongo::DEMO_WALLET_NUMBER,
                paymongo::DEMO_WALLET_NAME,
            ),
        };
        let keys = match provider {
            "paymongo" => "secret_key = { env = \"paymongo\" }".to_owned(),
            _ => format!(
                "private_key = {{ env = \"{provider}-merchant\" }}\n\
                 platform_key = {{ env = \"{provider}\" }}"
            ),
        };
        format!(
            "[providers.{provider}]\nadapter = \"{provider}\"\nenvironment = \"sandbox\"\n\
             base_url = \"{}\"\n{account}\n{keys}\n\n",
            self.url(provider)
        )
    }

    /// What a process has: the configuration, and the one journal.
    async fn open(&self, text: &str) -> Tulay {
        self.open_with(text, |builder| builder).await
    }

    /// The same with another version of an adapter.
    async fn open_with(&self, text: &str, change: impl Fn(Builder) -> Builder) -> Tulay {
        let tulay = self.read(text, change);
        if tulay.journal().await.unwrap().whole_since.is_none() {
            tulay.confirm_whole(&actor(), "it is new").await.unwrap();
        }
        tulay
    }

    /// The same; nothing states that its journal is whole.
    fn read(&self, text: &str, change: impl Fn(Builder) -> Builder) -> Tulay {
        let keys = ["starpay", "regional"].map(|name| self.sandbox.platform_key(name).unwrap());
        let secrets = SecretFiles::beside("").environment(move |name| {
            Some(match name {
                "starpay-merchant" => starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "regional-merchant" => regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned(),
                "starpay" => keys[0].clone(),
                "regional" => keys[1].clone(),
                _ => paymongo::DEMO_SECRET_KEY.to_owned(),
            })
        });
        let network = Arc::clone(&self.network);
        let builder = Tulay::builder().secrets(Arc::new(secrets)).wrap_transport(move |inner| {
            Arc::new(Through { network: Arc::clone(&network), inner })
        });
        let file = self.folder.path().join("tulay.toml");
        change(builder).read(&file.display().to_string(), text).unwrap()
    }

    /// Removes the database, as if its disk was lost.
    fn remove_journal(&self) {
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("tulay.db") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }

    /// Runs a worker until a payout is final.
    async fn finish(&self, tulay: &Tulay, name: &str) -> PaymentRecord {
        let worker = tulay.worker().only([reference(name)]).start().await.unwrap();
        let record = tulay.payouts().wait(&reference(name), LONGEST).await.unwrap();
        worker.stop().await.unwrap();
        record
    }

    /// The order ids that money went out under, once for each time.
    fn paid(&self) -> Vec<String> {
        let ledger = self.sandbox.ledger();
        let out = ledger.movements().iter().filter(|it| it.direction == Direction::Out);
        out.map(|movement| movement.order_id.clone()).collect()
    }

    /// It was paid once, as the journal says.
    fn assert_paid_once(&self, record: &PaymentRecord) {
        assert_eq!(record.status, Status::Succeeded, "{record}");
        assert_eq!(self.paid(), [order_id(record)], "{record}");
    }

    /// From now on, answers to payouts are lost and look-ups find nothing; or all is well again.
    fn trouble(&self, is_on: bool) {
        self.network.lose(Lost::Answer, if is_on { usize::MAX } else { 0 });
        let hide_orders = if is_on { 10_000 } else { 0 };
        for provider in ["starpay", "regional"] {
            let faults = Faults { hide_orders, ..Faults::default() };
            self.sandbox.set_faults(provider, faults).unwrap();
        }
    }
}

/// The first state of which something holds.
async fn until(tulay: &Tulay, name: &str, holds: impl Fn(&PaymentRecord) -> bool) -> PaymentRecord {
    let mut states = tulay.payouts().watch(&reference(name)).await.unwrap();
    let found = async {
        let mut last = None;
        while let Some(record) = states.next().await.unwrap() {
            if holds(&record) {
                return record;
            }
            last = Some(record);
        }
        panic!("it ended before: {last:?}");
    };
    tokio::time::timeout(LONGEST, found).await.unwrap()
}

fn order_id(record: &PaymentRecord) -> String {
    record.last().unwrap().order_id.to_string()
}

fn provider(record: &PaymentRecord) -> &str {
    record.last().unwrap().provider.as_ref().unwrap().as_str()
}

fn reference(name: &str) -> Reference {
    Reference::new(name).unwrap()
}

fn actor() -> Actor {
    Actor::new("tests").unwrap()
}

/// PHP 100.00 to an account that is paid; each reference `R1`, `R2`, … has its own.
fn plain(name: &str) -> PayoutRequest {
    to(name, "550101")
}

/// PHP 100.00 to an account whose end decides what the simulator does.
fn to(name: &str, end: &str) -> PayoutRequest {
    let number: u32 = name.trim_start_matches('R').parse().unwrap();
    tulay_tests::payout(name, &format!("{number:04}{end}"))
}
