//! The same over sockets: a collection is paid by control, and its event comes to a listener.

use super::shop::{INTENTS, METHODS, PHONE, intent, method, opened};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tulay_sandbox::{
    Sandbox,
    paymongo::{DEMO_ORGANIZATION, DEMO_SECRET_KEY},
};

async fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Value {
    let address = sandbox.origin().strip_prefix("http://").unwrap();
    let basic = STANDARD.encode(format!("{DEMO_SECRET_KEY}:"));
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         authorization: Basic {basic}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(Duration::from_secs(30), stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{answer}");
    serde_json::from_str(body).unwrap()
}

/// The first request that comes to a listener, acknowledged by 204.
async fn received(listener: TcpListener) -> Request<Bytes> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let field = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(": "));
                lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap().1.to_owned()
            };
            if body.len() == field("content-length").parse::<usize>().unwrap() {
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
                return Request::post("/")
                    .header("paymongo-signature", field("paymongo-signature"))
                    .body(Bytes::from(body.to_owned()))
                    .unwrap();
            }
        }
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "it ended early: {text}");
    }
}

#[tokio::test]
async fn a_collection_is_paid_and_notified() {
    let sandbox = Sandbox::start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    sandbox.notify_at("paymongo", DEMO_ORGANIZATION, url.parse().unwrap()).unwrap();
    let form = |attributes: Value| json!({ "data": { "attributes": attributes } });
    let paymongo = |path: &str| format!("/paymongo{path}");
    let made = post(&sandbox, &paymongo(INTENTS), &form(intent("C1"))).await;
    let method = post(&sandbox, &paymongo(METHODS), &form(method("qrph", PHONE))).await;
    let attach = format!("{INTENTS}/{}/attach", made["data"]["id"].as_str().unwrap());
    let attributes = form(json!({ "payment_method": method["data"]["id"] }));
    let attached = post(&sandbox, &paymongo(&attach), &attributes).await;
    assert_eq!(attached["data"]["attributes"]["status"], "awaiting_next_action");
    let paid = post(&sandbox, "/_sandbox/paymongo/pay", &json!({ "code": "C1" })).await;
    assert_eq!(paid["paid"]["amount"], json!({ "amount": "100.00", "currency": "PHP" }));
    let request = timeout(Duration::from_secs(30), received(listener)).await.unwrap();
    assert_eq!(opened(&request).1["data"]["attributes"]["type"], "payment.paid");
}
