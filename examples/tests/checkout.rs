//! The checkout as a browser, a payer and the providers use it, with each provider that collects.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "../checkout"]
mod checkout {
    pub(crate) mod page;
    pub(crate) mod shop;
}
#[path = "../simulator.rs"]
mod simulator;

use checkout::shop::Shop;
use simulator::Simulator;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tulay::{
    PaymentInstructions, Reference,
    journal::{Actor, CollectionRecord, PaymentId, Worker},
    qr::{Payload, Symbol},
};
use tulay_sandbox::{
    Sandbox,
    kit::{Faults, NotificationState},
};

const FILE: &str = include_str!("../checkout.toml");
const PREFERENCE: &str = r#"use = ["regional", "starpay"]"#;
const PAYER: &str = "name=Luz+Marasigan&email=luz%40example.com&mobile=%2B639175550160";

/// Providers are asked as often as in production; without this, a hundred times as often.
const REAL_TIMES: &str = "\n[time]\nschedule_per_mille = 1000\n";

struct Checkout {
    sandbox: Sandbox,
    shop: Arc<Shop>,
    address: SocketAddr,
    server: JoinHandle<std::io::Result<()>>,
    _worker: Worker,
    _folder: TempDir,
}

impl Checkout {
    /// Starts it as its own file says, except for the line that names the provider.
    async fn start(provider: &str) -> Self {
        assert!(FILE.contains(PREFERENCE));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let text = FILE
            .replace(PREFERENCE, &format!("use = [\"{provider}\"]"))
            .replace("127.0.0.1:8300", &address.to_string())
            + REAL_TIMES;
        let simulator = Simulator::start("checkout.toml", &text).await.unwrap();
        let Simulator { sandbox, tulay, folder } = simulator;
        let worker = tulay.worker().start().await.unwrap();
        let shop = Arc::new(Shop { tulay, origin: format!("http://{address}") });
        let server = tokio::spawn(axum::serve(listener, shop.routes()).into_future());
        Self { sandbox, shop, address, server, _worker: worker, _folder: folder }
    }

    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n\
             {body}"
        )
        .unwrap();
        stream
    }

    /// The HTTP status, and the head and the body.
    fn call(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut response = String::new();
        self.send(method, path, body).read_to_string(&mut response).unwrap();
        (response.split(' ').nth(1).unwrap().parse().unwrap(), response)
    }

    fn sell(&self, reference: &str, amount: &str) -> (u16, String) {
        let body = format!("reference={reference}&amount={amount}&{PAYER}");
        self.call("POST", "/sales", &body)
    }

    fn page(&self, reference: &str) -> String {
        let (status, page) = self.call("GET", &format!("/sales/{reference}"), "");
        assert_eq!(status, 200, "{page}");
        page
    }

    fn events(&self, reference: &str) -> Events {
        Events(BufReader::new(self.send("GET", &format!("/sales/{reference}/events"), "")))
    }

    async fn sale(&self, reference: &str) -> CollectionRecord {
        let reference = Reference::new(reference).unwrap();
        self.shop.tulay.collections().get(&reference).await.unwrap().unwrap()
    }

    /// The payer pays the code of the sale.
    async fn pay(&self, reference: &str) {
        let sale = self.sale(reference).await;
        self.sandbox.pay(sale.provider().unwrap().as_str(), &code(&sale), None).unwrap();
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The text of the code that a sale shows.
fn code(sale: &CollectionRecord) -> String {
    match &sale.payment_instructions {
        Some(PaymentInstructions::Qr(text)) => text.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    /// Reads until the sale has this status, for so long at most, and returns how long it took.
    fn until(&mut self, status: &str, most: Duration) -> Duration {
        let began = Instant::now();
        let expected = format!("event: {status}");
        loop {
            let left = most.checked_sub(began.elapsed());
            let left = left.filter(|left| !left.is_zero());
            let left = left.unwrap_or_else(|| panic!("not {status} after {most:?}"));
            self.0.get_ref().set_read_timeout(Some(left)).unwrap();
            let mut line = String::new();
            match self.0.read_line(&mut line) {
                Ok(0) => panic!("the events ended before {status}"),
                Ok(_) if line.trim_end() == expected => return began.elapsed(),
                Ok(_) => {}
                Err(error) => panic!("not {status} after {most:?}: {error}"),
            }
        }
    }
}

/// Sells, shows the code, and is paid; returns how long the page took to say so.
async fn paid(checkout: &Checkout, reference: &str, most: Duration) -> Duration {
    let (status, made) = checkout.sell(reference, "350.00");
    assert_eq!(status, 303, "{made}");
    assert!(made.contains(&format!("location: /sales/{reference}\r\n")), "{made}");

    let page = checkout.page(reference);
    let text = code(&checkout.sale(reference).await);
    assert!(page.contains(&Symbol::new(&text).unwrap().to_svg()), "{page}");
    assert!(page.contains("data-status=\"waiting\"") && page.contains("PHP 350.00"), "{page}");
    assert!(page.contains(r#"<meta http-equiv="refresh" content="5">"#), "{page}");
    assert!(!page.contains("src=\"http") && page.matches("<script").count() == 1, "{page}");
    let payload = Payload::parse(&text).unwrap();
    assert_eq!(payload.amount().unwrap().minor_units(2), Some(35_000));

    let mut events = checkout.events(reference);
    events.until("waiting", Duration::from_secs(10));
    checkout.pay(reference).await;
    let took = events.until("paid", most);
    let page = checkout.page(reference);
    assert!(page.contains("data-status=\"paid\"") && !page.contains("<svg"), "{page}");
    took
}

async fn silent(provider: &str) -> Checkout {
    let checkout = Checkout::start(provider).await;
    let faults = Faults { drop_notifications: u32::MAX, ..Faults::default() };
    checkout.sandbox.set_faults(provider, faults).unwrap();
    checkout
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notified_payment_is_shown_and_refunded() {
    let checkout = Checkout::start("regional").await;
    paid(&checkout, "S1", Duration::from_secs(2)).await;

    let (status, refunded) = checkout.call("POST", "/sales/S1/refund", "amount=100.00&number=1");
    assert_eq!(status, 303, "{refunded}");
    assert!(checkout.page("S1").contains("Refund of PHP 100.00: succeeded"));
    // A second click of the same form.
    assert_eq!(checkout.call("POST", "/sales/S1/refund", "amount=100.00&number=1").0, 303);
    let (status, other) = checkout.call("POST", "/sales/S1/refund", "amount=50.00&number=1");
    assert_eq!(status, 409, "{other}");
    let (status, more) = checkout.call("POST", "/sales/S1/refund", "amount=250.01");
    assert_eq!(status, 422, "{more}");
    assert_eq!(checkout.call("POST", "/sales/S1/refund", "payment=C1").0, 409);
    // All that is left of the payment that the page names.
    let sale = checkout.sale("S1").await;
    let PaymentId::Provider(id) = &sale.payments.first().unwrap().id else { panic!("{sale}") };
    assert!(checkout.page("S1").contains(&format!("name=\"payment\" value=\"{id}\"")));
    let whole = format!("payment={id}&number=2&amount=");
    assert_eq!(checkout.call("POST", "/sales/S1/refund", &whole).0, 303);
    let page = checkout.page("S1");
    assert!(page.contains("Refund of PHP 250.00: succeeded"), "{page}");
    assert_eq!(page.matches("Refund of ").count(), 2, "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_provider_needs_one_line() {
    let checkout = Checkout::start("starpay").await;
    paid(&checkout, "S1", Duration::from_secs(2)).await;
    // It has no refunds: the page says so, and nothing changes.
    let (status, refused) = checkout.call("POST", "/sales/S1/refund", "amount=100.00");
    assert_eq!(status, 422, "{refused}");
    let page = checkout.page("S1");
    assert!(page.contains("data-status=\"paid\"") && !page.contains("Refund of"), "{page}");
}

async fn is_asked_without_notifications(provider: &str) {
    let checkout = silent(provider).await;
    let took = paid(&checkout, "S1", Duration::from_secs(20)).await;
    println!("{provider}: {took:?}");
    let notifications = checkout.sandbox.notifications();
    assert!(!notifications.is_empty());
    assert!(notifications.iter().all(|it| it.state == NotificationState::Dropped));
}

#[tokio::test(flavor = "multi_thread")]
async fn regional_is_asked_without_notifications() {
    is_asked_without_notifications("regional").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starpay_is_asked_without_notifications() {
    is_asked_without_notifications("starpay").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reference_has_one_code() {
    let checkout = Checkout::start("regional").await;
    assert_eq!(checkout.sell("S1", "350.00").0, 303);
    let first = code(&checkout.sale("S1").await);
    assert_eq!(checkout.sell("S1", "350.00").0, 303);
    let again = checkout.sale("S1").await;
    assert_eq!((code(&again), again.orders.len()), (first, 1));
    let (status, other) = checkout.sell("S1", "350.01");
    assert_eq!(status, 409, "{other}");
    assert_eq!(checkout.sell("S2", "3,5,0").0, 422);
    assert_eq!(checkout.sell(&"S".repeat(64), "350.00").0, 422);
    assert_eq!(checkout.call("GET", "/sales/S3", "").0, 404);
    assert_eq!(checkout.call("GET", "/sales/S3/events", "").0, 404);
    assert_eq!(checkout.call("POST", "/sales/S1/refund", "").0, 409);
    let (_, day) = checkout.call("GET", "/", "");
    assert!(day.contains("<a href=\"/sales/S1\">S1</a>") && !day.contains("S2</a>"), "{day}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_sale_that_is_paid_says_so() {
    let checkout = silent("regional").await;
    assert_eq!(checkout.sell("S1", "350.00").0, 303);
    checkout.pay("S1").await;
    let (reference, actor) = (Reference::new("S1").unwrap(), Actor::new("tests").unwrap());
    let mut events = checkout.events("S1");
    checkout.shop.tulay.collections().cancel(&reference, &actor).await.unwrap();
    events.until("closed", Duration::from_secs(10));
    let collections = checkout.shop.tulay.collections();
    let paid = async {
        loop {
            collections.refresh(&reference).await.unwrap();
            let sale = checkout.sale("S1").await;
            if !sale.surprises.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), paid).await.unwrap();
    let page = checkout.page("S1");
    assert!(page.contains("data-status=\"paid\""), "{page}");
    assert!(page.contains("A payment came after the sale was cancelled."), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_escaped() {
    let checkout = Checkout::start("regional").await;
    let path = "%3Cb%3E%22%26%27%2F%3F";
    let (status, made) = checkout.sell(path, "350.00");
    assert_eq!(status, 303, "{made}");
    assert!(made.contains(&format!("location: /sales/{path}\r\n")), "{made}");
    let day = checkout.call("GET", "/", "").1;
    for page in [checkout.page(path), day] {
        assert!(page.contains("&lt;b&gt;&quot;&amp;&#39;/?") && !page.contains("<b>"), "{page}");
    }
    let (status, missing) = checkout.call("GET", "/sales/%3Cb%3E", "");
    assert!(status == 404 && !missing.contains("<b>"), "{missing}");
}
