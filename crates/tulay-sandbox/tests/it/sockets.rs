//! The few things that only sockets show.

use crate::other_provider::Careless;
use crate::shop::{DISBURSE, Shop, disbursement, opened, signed};
use jiff::SignedDuration;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tulay_sandbox::{
    Sandbox, SandboxError,
    kit::{DeliveryOutcome, NotificationState},
};

fn address(sandbox: &Sandbox) -> String {
    sandbox.origin().strip_prefix("http://").unwrap().to_owned()
}

/// One request on a connection of its own, and everything that comes back.
async fn exchange(sandbox: &Sandbox, request: String) -> String {
    let mut stream = TcpStream::connect(address(sandbox)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has said all it had to say.
    let _ = timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: sandbox\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn pay(id: &str, account: &str, notify_url: &str) -> String {
    let members = disbursement(id, account).with("notifyUrl", format!("\"{notify_url}\""));
    post("/starpay/v1/disburse", &signed(&members.text()))
}

#[tokio::test]
async fn an_answer_comes_whole() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(sandbox.base_url("starpay").unwrap().starts_with("http://127.0.0.1:"));
    let answer = exchange(&sandbox, pay("M1", "09171234567", "http://127.0.0.1:1/")).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(opened("response", body.as_bytes()).1["trxState"], "PROCESSING");
}

#[tokio::test]
async fn a_lost_answer_closes_the_connection_without_a_byte() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = exchange(&sandbox, pay("M1", "0917992001", "http://127.0.0.1:1/")).await;
    assert_eq!(answer, "");
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(sandbox.ledger().times_paid("M1"), 1);
}

#[tokio::test]
async fn half_an_answer_announces_more_than_comes() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = exchange(&sandbox, pay("M1", "0917992004", "http://127.0.0.1:1/")).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let announced: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(body.starts_with("{\"response\":{\"code\":\"200\""), "{body}");
    assert_eq!(body.len(), announced / 2);
}

#[tokio::test]
async fn a_late_answer_waits_for_the_sandbox_s_clock() {
    let sandbox = Sandbox::builder().provider(Careless::default()).start().await.unwrap();
    let passing = async {
        loop {
            sandbox.advance(SignedDuration::from_secs(40)).await;
            tokio::task::yield_now().await;
        }
    };
    let began = Instant::now();
    let answer = tokio::select! {
        answer = exchange(&sandbox, post("/careless/ponder", "")) => answer,
        () = passing => String::new(),
    };
    assert!(answer.ends_with("well"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(40), "nobody waited for real");
}

#[tokio::test]
async fn notifications_arrive_by_http_and_repeat_in_the_background() {
    let sandbox = Sandbox::builder()
        .finality_delay(SignedDuration::ZERO)
        .retries(vec![SignedDuration::ZERO; 3])
        .start()
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let receive = async {
        let mut bodies = Vec::new();
        for acknowledgement in ["{\"code\":\"500\"}", "{\"code\":\"200\"}"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            bodies.push(read_request(&mut stream).await);
            let length = acknowledgement.len();
            let answer =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{acknowledgement}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        bodies
    };
    let url = format!("http://localhost:{port}/notify?from=starpay");
    exchange(&sandbox, pay("M1", "09171234567", &url)).await;
    let bodies = timeout(Duration::from_secs(30), receive).await.unwrap();
    let [first, second] = &bodies[..] else { panic!("two were taken") };
    assert_eq!(first, second);
    let (head, body) = first.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /notify?from=starpay HTTP/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("host: localhost:{port}")), "{head}");
    assert_eq!(opened("request", body.as_bytes()).1["trxState"], "SUCCESS");
    timeout(Duration::from_secs(30), async {
        while sandbox.notifications()[0].state != NotificationState::Acknowledged {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn no_notification_leaves_this_machine() {
    let sandbox = Sandbox::start().await.unwrap();
    for (id, url) in [("M1", "http://192.0.2.1/notify"), ("M2", "https://127.0.0.1/notify")] {
        let answer = exchange(&sandbox, pay(id, &format!("0917{id}"), url)).await;
        assert!(answer.contains("PROCESSING"), "{answer}");
    }
    sandbox.advance(SignedDuration::from_secs(30)).await;
    for record in sandbox.notifications() {
        assert!(record.deliveries.iter().all(|d| d.outcome == DeliveryOutcome::NoAnswer));
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_read() {
    let sandbox = Sandbox::start().await.unwrap();
    let request =
        post("/starpay/v1/disburse", "").replace("content-length: 0", "content-length: 9999999");
    let answer = exchange(&sandbox, request).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn control_is_there_too_and_stop_closes_the_port() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = exchange(&sandbox, post("/_sandbox/advance", "{\"by\":\"1m\"}")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (address, transport) = (address(&sandbox), sandbox.transport());
    let url = sandbox.base_url("starpay").unwrap();
    sandbox.stop().await;
    assert!(TcpStream::connect(&address).await.is_err());
    let request = http::Request::get(format!("{url}/checkconnections")).body(bytes::Bytes::new());
    let stopped = transport.send(request.unwrap()).await.unwrap_err();
    assert_eq!(stopped.kind, tulay_core::TransportErrorKind::NotSent);
}

#[tokio::test]
async fn dropping_closes_the_port() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = address(&sandbox);
    drop(sandbox);
    timeout(Duration::from_secs(30), async {
        while TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn other_machines_are_let_in_only_when_that_is_said() {
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let refused = Sandbox::builder().listen(everywhere).start().await.unwrap_err();
    assert!(matches!(refused, SandboxError::Invalid(_)), "{refused}");
    let allowed = Sandbox::builder().listen(everywhere).allow_any_address().start().await;
    assert!(allowed.is_ok());
    let taken = Sandbox::start().await.unwrap();
    let address = address(&taken).parse().unwrap();
    let refused = Sandbox::builder().listen(address).start().await.unwrap_err();
    assert!(matches!(refused, SandboxError::Listen(..)), "{refused}");
}

#[tokio::test]
async fn the_transport_reaches_this_sandbox_and_no_other_address() {
    let shop = Shop::open().await;
    for url in ["http://127.0.0.1/starpay/", "https://127.0.0.1:0/starpay/", "/starpay/"] {
        let request = http::Request::get(url).body(bytes::Bytes::new()).unwrap();
        let error = shop.sandbox.transport().send(request).await.unwrap_err();
        assert_eq!(error.kind, tulay_core::TransportErrorKind::NotSent, "{url}");
    }
    assert_eq!(shop.code(DISBURSE, &disbursement("M1", "09171234567")).await, "200");
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse().unwrap() {
                return text;
            }
        }
        assert!(stream.read_buf(&mut request).await.unwrap() > 0, "{text}");
    }
}
