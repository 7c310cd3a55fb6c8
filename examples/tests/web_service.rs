//! The web service as its clients and its providers call it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};
use tulay::{Tulay, journal::Actor};
use tulay_sandbox::{Sandbox, regional, starpay};

const CONFIGURATION: &str = r#"
namespace = "example"

[[routes]]
operation = "payout"
use = ["starpay", "regional"]

[[routes]]
operation = "collection"
use = ["regional"]
"#;

struct Service {
    sandbox: Sandbox,
    process: Child,
    lines: Receiver<String>,
    address: String,
}

impl Service {
    /// Starts the service, and simulated providers that notify it.
    async fn start(name: &str) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder); // the journal of an earlier run
        fs::create_dir_all(&folder).unwrap();
        // The providers are given the address before the service listens there.
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut configuration =
            format!("{CONFIGURATION}\n[webhook]\npublic_url = \"http://{free}/notify\"\n\n");
        for (provider, key, account, private) in [
            (
                "starpay",
                "merchant_id",
                starpay::DEMO_MERCHANT_ID,
                starpay::DEMO_MERCHANT_PRIVATE_KEY,
            ),
            ("regional", "app_id", regional::DEMO_APP_ID, regional::DEMO_MERCHANT_PRIVATE_KEY),
        ] {
            fs::write(folder.join(format!("{provider}.pem")), private).unwrap();
            let public = sandbox.platform_key(provider).unwrap();
            fs::write(folder.join(format!("{provider}.pub.pem")), public).unwrap();
            let countries = if provider == "regional" { "countries = [\"PH\"]" } else { "" };
            configuration.push_str(&format!(
                "[providers.{provider}]\nadapter = \"{provider}\"\nenvironment = \"sandbox\"\n\
                 base_url = \"{}\"\n{key} = \"{account}\"\n{countries}\n\
                 private_key = {{ file = \"{provider}.pem\" }}\n\
                 platform_key = {{ file = \"{provider}.pub.pem\" }}\n",
                sandbox.base_url(provider).unwrap()
            ));
        }
        let file = folder.join("tulay.toml");
        fs::write(&file, configuration).unwrap();
        // As `tulay init` does.
        let tulay = Tulay::open(&file).await.unwrap();
        tulay.confirm_whole(&Actor::new("tests").unwrap(), "it is new").await.unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_web-service"));
        command.arg(free.to_string()).current_dir(folder).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || output.lines().try_for_each(|line| send.send(line.unwrap())));
        let address = lines.recv().unwrap();
        let address = address.strip_prefix("http://").unwrap().to_owned();
        Self { sandbox, process, lines, address }
    }

    /// The HTTP status and the body.
    fn call(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call("POST", path, &body.to_string())
    }

    /// What the service prints after a notification.
    fn confirmed(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(60)).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn payout(reference: &str, amount: &str, account: &str) -> Value {
    json!({
        "reference": reference, "country": "PH", "amount": amount, "currency": "PHP",
        "institution": "gcash", "account": account, "given_name": "Ana", "family_name": "Reyes"
    })
}

fn checkout(reference: &str) -> Value {
    json!({
        "reference": reference, "country": "PH", "amount": "350.00", "currency": "PHP",
        "method": "qr", "return_url": "https://shop.example.com/thanks",
        "payer": {"name": "Ana Reyes", "email": "ana@example.com", "mobile": "09171234567"}
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_paid_once() {
    let service = Service::start("once").await;
    // The response to the first is lost on purpose.
    let (status, accepted) = service.post("/payouts", &payout("R1", "1250.00", "09175992001"));
    assert_eq!((status, accepted["status"].as_str()), (200, Some("created")), "{accepted}");
    let (_, paid) = service.call("GET", "/payouts/R1", "");
    assert_eq!(paid["status"], "succeeded", "{paid}");
    let (_, again) = service.post("/payouts", &payout("R1", "1250.00", "09175992001"));
    assert_eq!(again, paid);
    assert_eq!(service.sandbox.ledger().times_paid(paid["order_id"].as_str().unwrap()), 1);
    assert_eq!(service.sandbox.ledger().movements().len(), 1);

    // The same reference is not another payment, and an unknown one was never accepted.
    let (status, error) = service.post("/payouts", &payout("R1", "1250.01", "09175992001"));
    assert_eq!((status, error["field"].as_str()), (422, Some("amount")), "{error}");
    assert_eq!(error["effect"], "not_sent");
    assert!(!error.to_string().contains("1,250"), "{error}");
    let (status, error) = service.call("GET", "/payouts/R2", "");
    assert_eq!((status, error["code"].as_str()), (422, Some("journal")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_read_sends_nothing() {
    let service = Service::start("unreadable").await;
    let (status, error) = service.post("/payouts", &payout("R 2", "1250.00", "0917 599"));
    assert_eq!((status, error["effect"].as_str()), (422, Some("not_sent")), "{error}");
    let text = error.to_string();
    for part in [r#""field":"reference""#, r#""column":"account""#] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("599") && !text.contains("Reyes"), "{text}");
    for (path, body) in [
        ("/checkouts", json!({"reference": "C1"})),
        ("/refunds", json!({"reference": "F1"})),
        ("/refunds", json!({"reference": "F1", "collection": "C9"})),
    ] {
        assert_eq!(service.post(path, &body).0, 422, "{path}");
    }
    assert!(service.sandbox.ledger().movements().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_is_paid_and_refunded_once() {
    let service = Service::start("checkout").await;
    let (status, shown) = service.post("/checkouts", &checkout("C1"));
    assert_eq!(status, 200, "{shown}");
    let refund = json!({"reference": "F1", "collection": "C1", "amount": "100.00"});
    let (status, unpaid) = service.post("/refunds", &refund);
    assert_eq!((status, unpaid["effect"].as_str()), (422, Some("not_sent")), "{unpaid}");

    let code = shown["payment_instructions"]["text"].as_str().unwrap();
    service.sandbox.pay("regional", code, None).unwrap();
    let confirmed = service.confirmed();
    assert!(
        confirmed.starts_with("Ok(Found(Collection") && confirmed.contains("Paid"),
        "{confirmed}"
    );
    assert_eq!(service.post("/checkouts", &checkout("C1")).1["status"], "paid");

    let (_, first) = service.post("/refunds", &refund);
    assert_eq!(first["status"], "succeeded", "{first}");
    let (_, again) = service.post("/refunds", &refund);
    assert_eq!(again, first);
    // PHP 250.00 are left.
    let second = json!({"reference": "F2", "collection": "C1", "amount": "250.01"});
    let (status, refused) = service.post("/refunds", &second);
    assert_eq!((status, refused["effect"].as_str()), (422, Some("not_sent")), "{refused}");
    assert_eq!((&refused["kind"], &refused["field"]), (&json!("limit"), &json!("amount")));
    assert!(service.sandbox.ledger().paid_more_than_once().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_notification_changes_nothing() {
    let service = Service::start("forged").await;
    let forged = json!({"request": {"msgId": "1"}, "signature": "AAAA"}).to_string();
    assert_ne!(service.call("POST", "/notify/starpay/payout", &forged).0, 200);
    for path in ["/notify/acme/payout", "/notify/-/payout", "/notify/starpay"] {
        assert_eq!(service.call("POST", path, &forged).0, 404, "{path}");
    }
    // A genuine one is confirmed.
    let (_, shown) = service.post("/checkouts", &checkout("C1"));
    let code = shown["payment_instructions"]["text"].as_str().unwrap();
    service.sandbox.pay("regional", code, None).unwrap();
    assert!(service.confirmed().contains("Collection"));
}
