//! Servers and proxies that do what no honest one does.

use crate::server::{Server, read_request};
use bytes::Bytes;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tulay_core::{Effect, Error, Operation, Transport, TransportError, TransportErrorKind};
use tulay_http::{HttpSettings, HttpTransport};

fn transport(change: impl FnOnce(&mut HttpSettings)) -> HttpTransport {
    let mut settings = HttpSettings::default();
    settings.total_timeout = Duration::from_secs(2);
    change(&mut settings);
    HttpTransport::new(&settings).unwrap()
}

fn post(url: &str) -> http::Request<Bytes> {
    http::Request::post(url).body(Bytes::from_static(b"x")).unwrap()
}

fn effect(error: TransportError) -> Effect {
    Error::transport(Operation::Payout, error).effect()
}

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn an_answer_to_nothing_is_not_the_next_request_s() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        let two = answer("first") + &answer("extra");
        stream.write_all(two.as_bytes()).await.unwrap();
        read_request(&mut stream).await;
        let _ = stream.write_all(answer("right").as_bytes()).await;
    })
    .await;
    let transport = transport(|_| {});
    for _ in 0..20 {
        if let Ok(answer) = transport.send(post(&server.url("/"))).await {
            assert_ne!(answer.body(), "extra");
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_taken_and_dropped_proves_nothing() {
    let server = Server::start(|stream| async move {
        stream.set_zero_linger().unwrap();
    })
    .await;
    for _ in 0..20 {
        let error = transport(|_| {}).send(post(&server.url("/"))).await.unwrap_err();
        assert_eq!(effect(error), Effect::Unknown);
    }
}

#[tokio::test]
async fn interim_answers_without_end_run_into_the_time_out() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await;
        while stream.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n").await.is_ok() {}
    })
    .await;
    let impatient = transport(|settings| settings.total_timeout = Duration::from_millis(300));
    let error = impatient.send(post(&server.url("/"))).await.unwrap_err();
    assert_eq!((error.kind, effect(error)), (TransportErrorKind::Timeout, Effect::Unknown));
}

#[tokio::test]
async fn answers_whose_length_is_in_doubt_are_none() {
    for said in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nokk",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nok",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        let server = Server::start(move |mut stream| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(said.as_bytes()).await;
        })
        .await;
        let error = transport(|_| {}).send(post(&server.url("/"))).await.unwrap_err();
        assert_eq!(effect(error), Effect::Unknown, "{said:?}");
    }
}

#[tokio::test]
async fn what_is_meant_for_this_machine_goes_through_no_proxy() {
    let proxy = Server::start(|_| async {}).await;
    let transport = transport(|settings| settings.proxy = proxy.url("").parse().ok());
    for scheme in ["http", "https"] {
        for host in ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"] {
            assert!(transport.send(post(&format!("{scheme}://{host}:9/x"))).await.is_err());
        }
    }
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn a_proxy_that_makes_no_tunnel_proves_that_nothing_was_sent() {
    for said in
        ["HTTP/1.1 407 Auth\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nnoise", ""]
    {
        let proxy = Server::start(move |mut stream| async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(said.as_bytes()).await;
        })
        .await;
        let transport = transport(|settings| settings.proxy = proxy.url("").parse().ok());
        let error = transport.send(post("https://provider.example/")).await.unwrap_err();
        assert_eq!(effect(error), Effect::NotSent, "{said:?}");
        assert_eq!(proxy.connections(), 1);
    }
}

#[test]
fn a_proxy_s_password_is_not_printed() {
    let mut settings = HttpSettings::default();
    settings.proxy = "http://user:hunter2@127.0.0.1:3128".parse().ok();
    let transport = HttpTransport::new(&settings).unwrap();
    let printed = format!("{settings:?} {transport:?}");
    assert!(printed.contains("127.0.0.1") && !printed.contains("hunter2"), "{printed}");
}
