//! `tulay listen` and `tulay trigger`: a notification from a simulator to an application.

use crate::support::{Folder, payout};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout},
    thread::JoinHandle,
};

/// A running `tulay listen`.
struct Listening {
    child: Child,
    /// Where starpay notifies.
    url: String,
    out: Lines<BufReader<ChildStdout>>,
}

impl Listening {
    fn start(folder: &Folder, options: &[&str]) -> Self {
        let listen = ["listen", "--listen", "127.0.0.1:0", "--output", "jsonl"];
        let mut child = folder.command(&[&listen, options].concat()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let begin = "taking notifications at ";
        let url = lines.find_map(|line| line.strip_prefix(begin).map(str::to_owned)).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let out = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, url: url.replace('…', "payout"), out }
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.out.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers one request, and returns it.
fn application() -> (String, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).unwrap();
        }
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        reader.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        (head, String::from_utf8(body).unwrap())
    });
    (url, answering)
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("{name}: {head}"))
}

#[test]
fn a_sample_is_verified_printed_and_forwarded() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let (application, answering) = application();
    let mut listening = Listening::start(&folder, &["--forward-to", &application]);
    let sent = folder.run(&["trigger", "payout.succeeded", "--to", &listening.url, "--json"]);
    assert_eq!(sent.exit, 0, "{}", sent.err);
    assert_eq!(sent.json()["sent"]["outcome"], "acknowledged");

    let printed = listening.next();
    assert_eq!(printed["schema"], "tulay.notification/1");
    let read = |name: &str| printed[name].as_str().unwrap().to_owned();
    assert_eq!((read("kind"), read("status")), ("payout".into(), "succeeded".into()));
    assert_eq!((read("provider"), read("proof")), ("starpay".into(), "evidence".into()));
    assert_eq!(printed["amounts"][0]["amount"], "100.00");

    let (head, body) = answering.join().unwrap();
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["type"], "payout.succeeded");
    assert_eq!(event["data"]["order_id"], printed["order_id"]);
    let secret = folder.read(".tulay-state/listen.secret");
    let secret = tulay::webhook::SigningSecret::parse(&secret).unwrap();
    let time = header(&head, "webhook-timestamp").parse().unwrap();
    let signed = secret.sign(header(&head, "webhook-id"), time, body.as_bytes()).unwrap();
    let signature = signed["webhook-signature"].to_str().unwrap().to_ascii_lowercase();
    assert_eq!(header(&head, "webhook-signature"), signature);
}

#[test]
fn the_secret_stays_and_only_its_owner_reads_it() {
    let folder = Folder::initialised();
    let forward = ["--forward-to", "http://127.0.0.1:1/hook"];
    drop(Listening::start(&folder, &forward));
    let secret = folder.read(".tulay-state/listen.secret");
    drop(Listening::start(&folder, &forward));
    assert_eq!(folder.read(".tulay-state/listen.secret"), secret);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.path().join(".tulay-state/listen.secret");
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_repetition_is_printed_once() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    assert_eq!(
        folder.run_with(&["payout", "create", "--file", "-"], &payout("R1", "10.00", "0011")).exit,
        0
    );
    let mut listening = Listening::start(&folder, &[]);
    let trigger = |event| {
        let to = listening.url.clone();
        let sent = folder.run(&["trigger", event, "--reference", "R1", "--to", &to]);
        assert_eq!(sent.exit, 0, "{}", sent.err);
    };
    trigger("payout.failed");
    trigger("payout.failed");
    trigger("payout.reversed");
    let statuses = [listening.next(), listening.next()].map(|printed| printed["status"].clone());
    assert_eq!(statuses, ["failed", "reversed"]);
    let status = folder.run(&["payout", "get", "R1", "--json"]).json()["status"].clone();
    assert_eq!(status, "succeeded", "nothing happened to the payout");
}

#[test]
fn a_stop_ends_it_in_order() {
    let folder = Folder::initialised();
    let mut listening = Listening::start(&folder, &[]);
    let process = rustix::process::Pid::from_child(&listening.child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert_eq!(listening.child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_must_not_be_is_refused() {
    let folder = Folder::initialised();
    let refused = |arguments: &[&str], exit, text: &str| {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, exit, "{arguments:?} {}", ended.err);
        assert!(ended.err.contains(text), "{arguments:?} {}", ended.err);
    };
    let listen = ["listen", "--listen", "127.0.0.1:0"];
    let remote = [&listen[..], &["--forward-to", "http://example.com/hook"]].concat();
    refused(&remote, 2, "add --allow-remote");
    refused(&[&listen[..], &["--allow-remote"]].concat(), 2, "--forward-to");
    refused(&[&listen[..], &["--json"]].concat(), 2, "use --output jsonl");
    refused(&[&listen[..], &["--sandbox"]].concat(), 2, "`tulay init` writes one");
    refused(&["trigger", "payout.lost", "--at", "http://127.0.0.1:1"], 1, "no sandbox answers");
    refused(&["trigger", "order.paid"], 2, "expected payout.succeeded");
    folder.goes_live();
    refused(&[&listen[..], &["--production"]].concat(), 2, "listen is for development");
    assert!(!folder.path().join(".tulay-state/listen.secret").exists());
}

#[test]
fn a_trigger_says_what_is_missing() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let refused = |arguments: &[&str], text: &str| {
        let ended = folder.run(arguments);
        assert_ne!(ended.exit, 0, "{arguments:?}");
        assert!(ended.err.contains(text), "{arguments:?} {}", ended.err);
    };
    let to = ["--to", "http://127.0.0.1:1/notify/starpay/payout"];
    refused(&[&["trigger", "payout.lost"][..], &to].concat(), "event: ");
    let unknown = ["trigger", "payout.failed", "--reference", "R9"];
    refused(&unknown, "no simulated provider has a payout of the reference R9");
    refused(&[&["trigger", "payout.failed"][..], &to].concat(), "nothing answers at");
    let unverified = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", unverified.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = unverified.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        answer(&mut stream);
    });
    refused(&["trigger", "payout.failed", "--to", &url], "answered 500");
    answering.join().unwrap();
}

fn answer(stream: &mut TcpStream) {
    let text = "HTTP/1.1 500 Oh\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(text.as_bytes()).unwrap();
}
