use crate::server::{Server, read_request};
use bytes::Bytes;
use std::{future::pending, time::Duration};
use tokio::io::AsyncWriteExt;
use tulay_core::{
    Effect, Error, ErrorKind, Operation, Transport, TransportError, TransportErrorKind,
};
use tulay_http::{HttpSettings, HttpTransport};

fn transport(change: impl FnOnce(&mut HttpSettings)) -> HttpTransport {
    let mut settings = HttpSettings::default();
    change(&mut settings);
    HttpTransport::new(&settings).unwrap()
}

fn post(url: &str) -> http::Request<Bytes> {
    http::Request::post(url).body(Bytes::from_static(br#"{"amount":1}"#)).unwrap()
}

fn effect_of(error: TransportError) -> (ErrorKind, Effect) {
    let error = Error::transport(Operation::Payout, error);
    (error.kind(), error.effect())
}

const NOT_SENT: (ErrorKind, Effect) = (ErrorKind::Unreachable, Effect::NotSent);
const UNKNOWN: (ErrorKind, Effect) = (ErrorKind::Unavailable, Effect::Unknown);

#[tokio::test]
async fn an_answer_of_any_status_is_an_answer() {
    for status in ["200 OK", "302 Found", "503 Service Unavailable"] {
        let server = Server::start(move |mut stream| async move {
            let request = read_request(&mut stream).await;
            assert!(request.starts_with("POST /v1/disburse HTTP/1.1\r\n"), "{request}");
            assert!(request.ends_with(r#"{"amount":1}"#));
            let answer =
                format!("HTTP/1.1 {status}\r\nlocation: /elsewhere\r\ncontent-length: 2\r\n\r\nok");
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let answer = transport(|_| {}).send(post(&server.url("/v1/disburse"))).await.unwrap();
        assert!(status.starts_with(answer.status().as_str()));
        assert_eq!(answer.body(), "ok");
        assert_eq!(server.connections(), 1, "no redirect, no retry");
    }
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = transport(|_| {}).send(post(&format!("http://{free}/"))).await.unwrap_err();
    assert_eq!(error.kind, TransportErrorKind::NotSent);
    assert_eq!(effect_of(error), NOT_SENT);
}

#[tokio::test]
async fn an_unresolvable_host_sent_nothing() {
    // RFC 6761 promises that no name under `invalid` ever resolves.
    let transport = transport(|settings| settings.connect_timeout = Duration::from_secs(2));
    let error = transport.send(post("https://nowhere.invalid/")).await.unwrap_err();
    assert_eq!(effect_of(error), NOT_SENT);
}

#[tokio::test]
async fn a_host_that_does_not_accept_sent_nothing() {
    // A full accept queue: the kernel drops further connection requests.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let connect = || tokio::net::TcpStream::connect(address);
    while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), connect()).await {
        waiting.push(stream);
    }
    let transport = transport(|settings| settings.connect_timeout = Duration::from_millis(200));
    let error = transport.send(post(&format!("http://{address}/"))).await.unwrap_err();
    assert_eq!(effect_of(error), NOT_SENT);
}

#[tokio::test]
async fn plain_http_to_another_machine_sent_nothing() {
    let error = transport(|_| {}).send(post("http://192.0.2.1/")).await.unwrap_err();
    assert_eq!(effect_of(error), NOT_SENT);
}

#[tokio::test]
async fn a_reset_after_the_request_may_have_sent_it() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let error = transport(|_| {}).send(post(&server.url("/"))).await.unwrap_err();
    assert_eq!(error.kind, TransportErrorKind::Interrupted);
    assert_eq!(effect_of(error), UNKNOWN);
    assert_eq!(server.connections(), 1, "no retry");
}

#[tokio::test]
async fn half_an_answer_may_follow_execution() {
    let heads = [
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"response\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{\"resp",
        "this is no HTTP at all\r\n\r\n",
    ];
    for half in heads {
        let server = Server::start(move |mut stream| async move {
            read_request(&mut stream).await;
            stream.write_all(half.as_bytes()).await.unwrap();
        })
        .await;
        let error = transport(|_| {}).send(post(&server.url("/"))).await.unwrap_err();
        assert_eq!(error.kind, TransportErrorKind::Interrupted, "{half}");
        assert_eq!(effect_of(error), UNKNOWN);
        assert_eq!(server.connections(), 1, "no retry");
    }
}

#[tokio::test]
async fn silence_past_the_time_allowed_proves_nothing() {
    let silent = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        pending::<()>().await;
    })
    .await;
    let slow_body = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await.unwrap();
        pending::<()>().await;
    })
    .await;
    let transport = transport(|settings| settings.total_timeout = Duration::from_millis(300));
    for server in [silent, slow_body] {
        let error = transport.send(post(&server.url("/"))).await.unwrap_err();
        assert_eq!(error.kind, TransportErrorKind::Timeout);
        assert_eq!(effect_of(error), UNKNOWN);
        assert_eq!(server.connections(), 1, "no retry");
    }
}

#[tokio::test]
async fn an_answer_beyond_the_cap_is_not_read() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        let body = "x".repeat(2000);
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{body}");
        // The client may hang up before all of it is written.
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await;
    let transport = transport(|settings| settings.largest_answer = 1999);
    let error = transport.send(post(&server.url("/"))).await.unwrap_err();
    assert_eq!(effect_of(error), UNKNOWN);
}

#[tokio::test]
async fn a_kept_connection_that_died_makes_no_second_copy() {
    let requests = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&requests);
    let server = Server::start(move |mut stream| {
        let counted = std::sync::Arc::clone(&counted);
        async move {
            read_request(&mut stream).await;
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            // The second request on this connection is read, and answered by hanging up.
            read_request(&mut stream).await;
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    })
    .await;
    let transport = transport(|_| {});
    transport.send(post(&server.url("/"))).await.unwrap();
    let error = transport.send(post(&server.url("/"))).await.unwrap_err();
    assert_eq!(effect_of(error), UNKNOWN);
    assert_eq!(requests.load(std::sync::atomic::Ordering::SeqCst), 2);
    assert_eq!(server.connections(), 1, "the connection was kept, and the request not repeated");
}

#[tokio::test]
async fn a_proxy_is_used_only_when_it_is_configured() {
    let proxy = Server::start(|mut stream| async move {
        let request = read_request(&mut stream).await;
        assert!(request.starts_with("CONNECT provider.example:443 HTTP/1.1\r\n"), "{request}");
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    })
    .await;
    let transport = transport(|settings| settings.proxy = Some(proxy.url("").parse().unwrap()));
    let error = transport.send(post("https://provider.example/")).await.unwrap_err();
    assert_eq!(effect_of(error), NOT_SENT);
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn an_error_holds_neither_address_nor_body() {
    let error = transport(|_| {})
        .send(post("http://127.0.0.1:1/report?signature=s3cret"))
        .await
        .unwrap_err();
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("s3cret") && !printed.contains("amount"), "{printed}");
}
