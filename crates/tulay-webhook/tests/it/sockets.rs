//! Over real sockets: what is slow, large, broken, many, or stopped.

use crate::support::{GENUINE, Memory, Server, body, post, rest, status};
use std::{sync::atomic::Ordering, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tulay_webhook::{Limits, Verdict};

/// Short, for what must run out.
const SOON: Duration = Duration::from_millis(40);

async fn start() -> Server {
    Server::start(Memory::new(), Limits::default()).await
}

#[tokio::test]
async fn a_message_is_stored_then_acknowledged() {
    let server = start().await;
    let response = server.send(post("/notify/acme/payout", "", GENUINE)).await;
    assert_eq!((status(&response), body(&response)), ("200 OK", "success"));
    assert_eq!(server.inbox.bodies(), [GENUINE]);
}

#[tokio::test]
async fn a_slow_head_is_not_waited_for() {
    let mut limits = Limits::default();
    limits.head_deadline = SOON;
    let server = Server::start(Memory::new(), limits).await;
    let response = server.send("POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\n").await;
    assert!(response.is_empty() || status(&response).starts_with("408"), "{response}");
    // Nor is a connection kept that is not used again.
    let request = post("/notify/acme/payout", "", GENUINE).replace("connection: close\r\n", "");
    assert_eq!(status(&server.send(request).await), "200 OK");
}

#[tokio::test]
async fn a_slow_body_is_not_waited_for() {
    let mut limits = Limits::default();
    limits.body_deadline = SOON;
    let server = Server::start(Memory::new(), limits).await;
    let request = post("/notify/acme/payout", "", GENUINE);
    let (begin, _) = request.split_at(request.len() - 1);
    assert_eq!(status(&server.send(begin).await), "408 Request Timeout");
    assert_eq!(server.count(Verdict::TimedOut), 1);
}

#[tokio::test]
async fn a_large_body_is_not_read() {
    let server = start().await;
    let head = "POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\ncontent-length: 10485760\r\n\r\n";
    // Its length is enough: no byte of the body is sent.
    assert_eq!(status(&server.send(head).await), "413 Payload Too Large");
    let whole = [head.as_bytes(), &vec![b' '; 10 << 20]].concat();
    assert_eq!(status(&server.send(whole).await), "413 Payload Too Large");
    assert_eq!(server.count(Verdict::TooLarge), 2);
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let server = start().await;
    let mut stream = server.connect().await;
    let head = "POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("400\r\n{}\r\n", " ".repeat(1024));
    let (mut read, mut write) = stream.split();
    let endless = async {
        while write.write_all(chunk.as_bytes()).await.is_ok() {}
        std::future::pending::<()>().await;
    };
    let mut response = [0; 12];
    tokio::select! {
        answered = read.read_exact(&mut response) => { answered.unwrap(); }
        () = endless => {}
    }
    assert_eq!(&response, b"HTTP/1.1 413");
}

#[tokio::test]
async fn the_limit_is_what_fits() {
    let server = start().await;
    let largest = [GENUINE, &" ".repeat(65_536 - GENUINE.len())].concat();
    let fits = server.send(post("/notify/acme/payout", "", &largest)).await;
    assert_eq!(status(&fits), "200 OK");
    let larger = server.send(post("/notify/acme/payout", "", &format!("{largest} "))).await;
    assert_eq!(status(&larger), "413 Payload Too Large");
}

#[tokio::test]
async fn a_chunked_body_is_one_body() {
    let server = start().await;
    let mut request = "POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                       transfer-encoding: chunked\r\n\r\n"
        .to_owned();
    for byte in GENUINE.chars() {
        request.push_str(&format!("1\r\n{byte}\r\n"));
    }
    request.push_str("0\r\n\r\n");
    assert_eq!(status(&server.send(request).await), "200 OK");
    assert_eq!(server.inbox.bodies(), [GENUINE]);
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let server = start().await;
    let request = post("/notify/acme/payout", "content-encoding: gzip\r\n", GENUINE);
    assert_eq!(status(&server.send(request).await), "415 Unsupported Media Type");
    let request = "POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\n\
                   transfer-encoding: gzip\r\n\r\n";
    assert_eq!(status(&server.send(request).await), "400 Bad Request");
    assert!(server.inbox.bodies().is_empty());
}

#[tokio::test]
async fn malformed_requests_store_nothing() {
    let server = start().await;
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(100_000));
    for bytes in [
        "\0\0\0\0\r\n\r\n",
        "POST\r\n\r\n",
        "POST /notify/acme/payout HTTP/9.9\r\n\r\n",
        "POST /notify/acme/payout HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        "POST /notify/acme/payout HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        &long,
    ] {
        let response = server.send(bytes).await;
        let status = status(&response);
        assert!(status.is_empty() || status.starts_with('4'), "{bytes:.40} {status}");
    }
    assert!(server.inbox.bodies().is_empty());
}

#[tokio::test]
async fn a_truncated_body_stores_nothing() {
    let server = start().await;
    let request = post("/notify/acme/payout", "", GENUINE);
    let response = server.send_and_close(&request.as_bytes()[..request.len() - 1]).await;
    assert!(response.is_empty() || status(&response).starts_with("400"), "{response}");
    server.service.idle().await;
    assert!(server.inbox.bodies().is_empty());
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = start().await;
    let keep = |request: String| request.replace("connection: close\r\n", "");
    let requests = [
        keep(post("/notify/acme/payout", "", GENUINE)),
        keep(post("/notify/acme/payout", "", r#"{"signed":false}"#)),
        post("/notify/acme/payout", "", GENUINE),
    ];
    let responses = server.send(requests.concat()).await;
    let statuses = responses.split("HTTP/1.1 ").skip(1).map(|response| &response[..3]);
    assert_eq!(statuses.collect::<Vec<_>>(), ["200", "401", "200"]);
    assert_eq!(server.count(Verdict::Known), 1);
}

#[tokio::test]
async fn the_257th_in_flight_comes_again() {
    let server = Server::start(Memory::blocked(), Limits::default()).await;
    let mut streams = Vec::new();
    for n in 0..300 {
        let mut stream = server.connect().await;
        let body = format!(r#"{{"signed":true,"n":{n}}}"#);
        stream.write_all(post("/notify/acme/payout", "", &body).as_bytes()).await.unwrap();
        streams.push(stream);
    }
    let permits = server.inbox.begun.acquire_many(256).await.unwrap();
    permits.forget();
    while server.count(Verdict::Overloaded) < 44 {
        tokio::task::yield_now().await;
    }
    server.inbox.may_end.add_permits(256);
    let mut statuses = Vec::new();
    for stream in &mut streams {
        let response = rest(stream).await;
        statuses.push((status(&response).to_owned(), body(&response).to_owned()));
    }
    let busy = ("503 Service Unavailable".to_owned(), "later".to_owned());
    let stored = ("200 OK".to_owned(), "success".to_owned());
    assert_eq!(statuses.iter().filter(|status| **status == busy).count(), 44);
    assert_eq!(statuses.iter().filter(|status| **status == stored).count(), 256);
    assert_eq!(server.inbox.bodies().len(), 256);
}

#[tokio::test]
async fn a_repetition_succeeds_once_the_inbox_is_up() {
    let server = start().await;
    server.inbox.is_down.store(true, Ordering::Relaxed);
    let response = server.send(post("/notify/acme/payout", "", GENUINE)).await;
    assert_eq!((status(&response), body(&response)), ("503 Service Unavailable", "later"));
    server.inbox.is_down.store(false, Ordering::Relaxed);
    let response = server.send(post("/notify/acme/payout", "", GENUINE)).await;
    assert_eq!(status(&response), "200 OK");
}

#[tokio::test]
async fn requests_begun_before_the_stop_are_answered() {
    let mut server = Server::start(Memory::blocked(), Limits::default()).await;
    let mut idle = server.connect().await;
    let mut begun = server.connect().await;
    let request = post("/notify/acme/payout", "", GENUINE).replace("connection: close\r\n", "");
    begun.write_all(request.as_bytes()).await.unwrap();
    server.inbox.begun.acquire().await.unwrap().forget();
    drop(server.stop.take());
    while TcpStream::connect(server.address).await.is_ok() {}
    assert!(!server.ended.is_finished());
    server.inbox.may_end.add_permits(1);
    let response = rest(&mut begun).await;
    assert_eq!((status(&response), body(&response)), ("200 OK", "success"));
    idle.shutdown().await.unwrap();
    server.ended.await.unwrap();
    assert_eq!(server.inbox.bodies(), [GENUINE]);
}

#[tokio::test]
async fn a_stop_waits_for_what_is_being_stored() {
    let mut server = Server::start(Memory::blocked(), Limits::default()).await;
    let mut gone = server.connect().await;
    gone.write_all(post("/notify/acme/payout", "", GENUINE).as_bytes()).await.unwrap();
    server.inbox.begun.acquire().await.unwrap().forget();
    drop(gone);
    drop(server.stop.take());
    while TcpStream::connect(server.address).await.is_ok() {}
    assert!(!server.ended.is_finished());
    server.inbox.may_end.add_permits(1);
    server.ended.await.unwrap();
    assert_eq!(server.inbox.bodies(), [GENUINE]);
}
