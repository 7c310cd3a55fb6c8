//! The same over a socket.

use super::shop::{WALLET, basic, peso};
use jiff::SignedDuration;
use serde_json::Value;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tulay_sandbox::{Sandbox, xendit::DEMO_SECRET_KEY};

/// One request on a connection of its own, and everything that comes back.
async fn exchange(sandbox: &Sandbox, head: &str, body: &str) -> String {
    let address = sandbox.origin().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{head} HTTP/1.1\r\nhost: localhost\r\nauthorization: {}\r\nconnection: close\r\n\
         content-type: application/json\r\nidempotency-key: K1\r\ncontent-length: {}\r\n\r\n{body}",
        basic(DEMO_SECRET_KEY),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has said all it had to say.
    let _ = timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_payout_is_made_and_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = peso("R1", WALLET).to_string();
    let answer = exchange(&sandbox, "POST /xendit/v2/payouts", &body).await;
    let (head, created) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    let created: Value = serde_json::from_str(created).unwrap();
    sandbox.advance(SignedDuration::from_secs(1)).await;
    let answer = exchange(&sandbox, "GET /xendit/v2/payouts?reference_id=R1", "").await;
    let (_, found) = answer.split_once("\r\n\r\n").unwrap();
    let found: Value = serde_json::from_str(found).unwrap();
    assert_eq!((&found[0]["id"], &found[0]["status"]), (&created["id"], &"SUCCEEDED".into()));
    assert_eq!(sandbox.ledger().times_paid("R1"), 1);
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_and_the_key_tells() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = peso("R1", "09171992001").to_string();
    assert_eq!(exchange(&sandbox, "POST /xendit/v2/payouts", &body).await, "");
    let again = exchange(&sandbox, "POST /xendit/v2/payouts", &body).await;
    assert!(again.starts_with("HTTP/1.1 200 OK"), "{again}");
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(sandbox.ledger().times_paid("R1"), 1);
}

#[tokio::test]
async fn rejections_have_their_status() {
    let sandbox = Sandbox::start().await.unwrap();
    for (account, status) in [
        ("09171990003", "400 Bad Request"),
        ("09171990007", "401 Unauthorized"),
        ("09171990009", "429 Too Many Requests"),
        ("09171990010", "500 Internal Server Error"),
    ] {
        let body = peso("R1", account).to_string();
        let answer = exchange(&sandbox, "POST /xendit/v2/payouts", &body).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}
