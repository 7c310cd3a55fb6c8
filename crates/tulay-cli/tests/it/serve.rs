//! The long-running process: its health, and its place among the processes of a journal.

use crate::support::{Folder, payout};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Child,
    time::{Duration, Instant},
};
use tulay::{
    CollectionMethod, CollectionRequest, Country, Currency, Money, PaymentInstructions, Reference,
    Terminal, Tulay,
};

/// No test waits longer than this.
const LONGEST: Duration = Duration::from_secs(30);

/// A worker that answers at an address.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(folder: &Folder) -> Self {
        let serve = ["serve", "--only", "worker", "--listen", "127.0.0.1:0"];
        let mut child = folder.command(&serve).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.unwrap() }
    }

    /// The status and the text of an answer.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), text.trim_end().to_owned())
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, signal).unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads again until something holds.
fn until<T: std::fmt::Debug>(read: impl Fn() -> T, holds: impl Fn(&T) -> bool) -> T {
    let end = Instant::now() + LONGEST;
    loop {
        let value = read();
        if holds(&value) {
            return value;
        }
        assert!(Instant::now() < end, "{value:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn processes(folder: &Folder) -> Vec<Value> {
    let status = folder.run(&["journal", "status", "--json"]).json();
    status["processes"].as_array().unwrap().clone()
}

#[test]
fn a_worker_says_that_it_lives_and_is_ready() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let serving = Serving::start(&folder);
    assert_eq!(serving.get("/livez"), (200, "the process runs".into()));
    let ready = until(|| serving.get("/readyz"), |(status, _)| *status == 200);
    assert_eq!(ready.1, "it works on payouts");
    assert_eq!(serving.get("/").0, 404);
}

#[test]
fn a_worker_that_stops_is_not_ready() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let config = folder.read("tulay.toml");
    let time = "[time]\nlease = \"30s\"\nlongest_call = \"20s\"\n";
    folder.write("tulay.toml", format!("{config}\n{time}"));
    // The answer takes three seconds, and is awaited.
    let accept = ["payout", "create", "--file", "-", "--no-wait"];
    assert_eq!(folder.run_with(&accept, &payout("R1", "10.00", "993002")).exit, 6);
    let mut serving = Serving::start(&folder);
    until(
        || folder.run(&["payout", "get", "R1", "--json"]).json()["status"].clone(),
        |status| status == "sending",
    );
    serving.signal(rustix::process::Signal::TERM);
    let (status, text) = until(|| serving.get("/readyz"), |(status, _)| *status == 503);
    assert_eq!((status, text.as_str()), (503, "the process stops, and begins nothing new"));
    assert_eq!(serving.get("/livez").0, 200);
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let after = folder.run(&["payout", "get", "R1", "--json"]).json()["status"].clone();
    assert!(after != "sending" && after != "in_doubt", "its answer is written down: {after}");
}

#[test]
fn an_address_that_is_in_use_is_refused() {
    let folder = Folder::initialised();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let refused = folder.run(&["serve", "--only", "worker", "--listen", &address]);
    assert_eq!(refused.exit, 1, "{}", refused.err);
    assert!(refused.err.contains(&format!("cannot listen at {address}: ")), "{}", refused.err);
    assert!(refused.err.trim_end().ends_with("; name another --listen"), "{}", refused.err);
    let wrong = folder.run(&["serve", "--only", "worker", "--listen", "here"]);
    assert_eq!(wrong.exit, 2, "{}", wrong.err);
}

#[test]
fn the_processes_of_a_journal_are_listed() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    assert!(processes(&folder).is_empty());
    let mut first = Serving::start(&folder);
    let mut second = Serving::start(&folder);
    let both = until(|| processes(&folder), |processes| processes.len() == 2);
    assert_eq!(both[0]["version"], env!("CARGO_PKG_VERSION"));
    assert!(both[0]["since"].is_string() && both[0]["in_flight"] == 0, "{both:?}");
    // One ends in order, the other is killed.
    first.signal(rustix::process::Signal::TERM);
    assert_eq!(first.child.wait().unwrap().code(), Some(0));
    assert_eq!(processes(&folder).len(), 1);
    second.child.kill().unwrap();
    second.child.wait().unwrap();
    assert!(processes(&folder).is_empty());
}

#[test]
fn payments_of_a_journal_are_counted() {
    let folder = Folder::initialised();
    let status = folder.run(&["journal", "status"]);
    assert!(status.out.contains("0 payments; none in review"), "{}", status.out);
    assert!(status.out.contains("sqlite:tulay.db: whole since 20"), "{}", status.out);
    assert!(status.out.contains("no process works on it: `tulay serve"), "{}", status.out);
    let accept = ["payout", "create", "--file", "-", "--no-wait"];
    assert_eq!(folder.run_with(&accept, &payout("R1", "10.00", "1")).exit, 6);
    let status = folder.run(&["journal", "status"]);
    assert!(status.out.contains("1 payment: 1 created; none in review"), "{}", status.out);
    let status = folder.run(&["journal", "status", "--json"]).json();
    assert_eq!((&status["payments"]["created"], &status["in_review"]), (&1.into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_ends_is_printed_as_one() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let tulay = Tulay::open(folder.path().join("tulay.toml")).await.unwrap();
    let amount = Money::parse("350.00", Currency::PHP).unwrap();
    let reference = Reference::new("SALE-1").unwrap();
    let request = CollectionRequest::new(reference, Country::PH, amount, CollectionMethod::Qr)
        .with_terminal(Terminal::new("T1").unwrap());
    let sale = tulay.collections().create(request).await.unwrap();
    let Some(PaymentInstructions::Qr(code)) = sale.payment_instructions else { panic!("{sale}") };

    let serve = ["serve", "--only", "worker", "--output", "jsonl"];
    let mut child = folder.command(&serve).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let paid = folder.run(&["sandbox", "pay", code.expose(), "--at", &sandbox.origin]);
    assert_eq!(paid.exit, 0);
    let line = lines.next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(printed["schema"], "tulay.collection/1", "{line}");
    assert!(line.contains(r#""status":"paid""#) && line.contains(r#""received""#), "{line}");
}
