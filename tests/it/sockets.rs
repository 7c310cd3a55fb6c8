//! Adapters over real sockets that break off wherever they can: the effect is the same as the
//! suite's scripted transport has it, and exactly one request leaves.

use async_trait::async_trait;
use bytes::Bytes;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use tulay::{
    Effect, Operation, Payouts, Prepared,
    adapter::{HttpSettings, HttpTransport, Transport, TransportError},
};
use tulay_sandbox::Sandbox;
use tulay_tests::{order_id, payout, regional, starpay};

/// What the other end does with a connection, once the request is read or before.
#[derive(Clone, Copy, Debug)]
enum End {
    /// Closes it unread.
    Unread,
    /// Reads the request, and says these bytes.
    Says(&'static str),
}

/// Whole answers close their connection, so that the next request opens one that is counted.
const ENDS: &[End] = &[
    End::Unread,
    End::Says(""),
    End::Says("HTTP/1.1 200 O"),
    End::Says("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n"),
    End::Says("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"code\":"),
    End::Says("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"co"),
    End::Says("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    End::Says("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 13\r\n\r\n<html></html>"),
    End::Says(
        "HTTP/1.1 307 Elsewhere\r\nlocation: /again\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    ),
    End::Says("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    End::Says("SSH-2.0-OpenSSH\r\n"),
];

/// Sends everything to one address, whatever the request says.
#[derive(Debug)]
struct Led {
    transport: HttpTransport,
    to: SocketAddr,
}

#[async_trait]
impl Transport for Led {
    async fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        *request.uri_mut() = format!("http://{}{}", self.to, request.uri().path()).parse().unwrap();
        self.transport.send(request).await
    }
}

fn led(to: SocketAddr) -> Arc<dyn Transport> {
    let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
    Arc::new(Led { transport, to })
}

/// The other end: treats every connection alike, and counts them.
fn listening(end: End) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            if let End::Says(text) = end {
                read_request(&mut stream);
                // The client may have closed the connection already.
                drop(stream.write_all(text.as_bytes()));
            }
        }
    });
    (address, connections)
}

fn read_request(stream: &mut TcpStream) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let head = seen.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&seen[..head]).to_ascii_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|t| t.lines().next());
            if seen.len() >= head + length.map_or(0, |length| length.parse().unwrap()) {
                return;
            }
        }
        match stream.read(&mut buffer).unwrap() {
            0 => return,
            read => seen.extend(&buffer[..read]),
        }
    }
}

async fn sandbox() -> Sandbox {
    Sandbox::builder().offline().start().await.unwrap()
}

/// Both adapters, each with an order to send.
async fn adapters(transport: Arc<dyn Transport>) -> Vec<(Box<dyn Payouts>, Prepared)> {
    let sandbox = sandbox().await;
    let both: [Box<dyn Payouts>; 2] = [
        Box::new(starpay(&sandbox, Arc::clone(&transport))),
        Box::new(regional(&sandbox, transport)),
    ];
    let prepared = |adapter: Box<dyn Payouts>| {
        let request = payout("R1", "0011");
        let order = adapter.prepare(&request, &order_id(adapter.as_ref(), &request)).unwrap();
        (adapter, order)
    };
    both.into_iter().map(prepared).collect()
}

#[tokio::test]
async fn a_broken_connection_is_unknown_and_not_retried() {
    for end in ENDS {
        let (to, connections) = listening(*end);
        for (adapter, order) in adapters(led(to)).await {
            let before = connections.load(Ordering::SeqCst);
            let error = adapter.create(&order).await.unwrap_err();
            assert_eq!(
                (error.operation(), error.effect()),
                (Operation::Payout, Effect::Unknown),
                "{end:?}"
            );
            assert_eq!(connections.load(Ordering::SeqCst) - before, 1, "{end:?}");
            let error = adapter.find(&order.lookup).await.unwrap_err();
            assert_eq!(error.effect(), Effect::Unknown, "{end:?}");
            assert_eq!(connections.load(Ordering::SeqCst) - before, 2, "{end:?}");
        }
    }
}

#[tokio::test]
async fn a_refused_connection_sends_nothing() {
    // Echo and released: connections are refused there.
    let to = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (adapter, order) in adapters(led(to)).await {
        let error = adapter.create(&order).await.unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        let error = adapter.find(&order.lookup).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
    }
}
