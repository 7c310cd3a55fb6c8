//! The few things that only sockets show.

use crate::other_provider::Careless;
use crate::shop::{DISBURSE, Shop, disbursement, opened, signed};
use jiff::SignedDuration;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tulay_core::Clock;
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
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
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
    // `exchange` waits for less than the 40 seconds of the answer.
    let answer = tokio::select! {
        answer = exchange(&sandbox, post("/careless/ponder", "")) => answer,
        () = passing => String::new(),
    };
    assert!(answer.ends_with("well"), "{answer}");
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
async fn web_pages_cannot_control_a_sandbox() {
    let sandbox = Sandbox::start().await.unwrap();
    let advance = post("/_sandbox/advance", "{\"by\":\"1m\"}");
    for host in
        ["localhost", "LOCALHOST:8400", "127.0.0.1", "127.0.0.1:1", "[::1]:8400", "127.8.8.8"]
    {
        let request = advance.replace("host: localhost", &format!("host: {host}"));
        let answer = exchange(&sandbox, request).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    let now = sandbox.clock().now();
    for wrong in [
        "host: sandbox",
        "host: evil.example",
        "host: localhost.evil.example:8400",
        "host: 127.0.0.1.evil.example",
        "host: 192.0.2.1",
        "host: 0.0.0.0",
        "host: user@evil.example",
        "host: ",
        "x: y",
        "host: localhost\r\norigin: http://localhost:8400",
        "host: localhost\r\norigin: https://evil.example",
        "host: localhost\r\norigin: null",
    ] {
        for request in
            [&advance, &post("/_sandbox/reset", ""), &post("/_sandbox/starpay/pay", "{}")]
        {
            let answer = exchange(&sandbox, request.replace("host: localhost", wrong)).await;
            let refused = answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 400");
            assert!(refused, "{wrong}: {answer}");
        }
    }
    let moved = sandbox.clock().now().duration_since(now);
    assert!(moved < SignedDuration::from_secs(50), "{moved}");
}

#[tokio::test]
async fn a_body_has_its_content_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = "http://127.0.0.1:8300/";
    let address = post("/_sandbox/starpay/merchants/101510000001/notify-url", url);
    let address = address.replacen("POST", "PUT", 1);
    let advance = post("/_sandbox/advance", "{\"by\":\"1m\"}");
    for (request, content_type, status) in [
        (&advance, "application/json; charset=utf-8", "200"),
        (&advance, "text/plain", "415"),
        (&advance, "application/x-www-form-urlencoded", "415"),
        (&advance, "multipart/form-data; boundary=x", "415"),
        (&address, "text/plain; charset=utf-8", "200"),
        (&address, "application/x-www-form-urlencoded", "415"),
    ] {
        let request = request.replace("application/json", content_type);
        let answer = exchange(&sandbox, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{content_type}: {answer}");
    }
    let untyped = advance.replace("content-type: application/json\r\n", "");
    assert!(exchange(&sandbox, untyped).await.starts_with("HTTP/1.1 415"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_arrive_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let whole = post("/_sandbox/advance", "{\"by\":\"1m\"}");
    for part in ["", "POST /_sand", &whole[..whole.len() - 1]] {
        assert_eq!(exchange(&sandbox, part.to_owned()).await, "", "{part:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_so_many_connections_are_open_at_a_time() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut open = Vec::new();
    for _ in 0..257 {
        open.push(TcpStream::connect(address(&sandbox)).await.unwrap());
    }
    let request = post("/_sandbox/advance", "{\"by\":\"1m\"}");
    let mut last = open.pop().unwrap();
    last.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // As long as the others are open, there is no response.
    assert!(timeout(Duration::from_secs(5), last.read_to_end(&mut answer)).await.is_err());
    drop(open);
    timeout(Duration::from_secs(30), last.read_to_end(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
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
