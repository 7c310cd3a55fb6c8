//! A server on a thread of its own that gives the same answer to everything.
//!
//! It never sleeps: on a virtual machine, waking a thread on another core costs the one who writes
//! to it more than the call that is measured, and a real provider is on another machine.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;

pub(crate) struct Stub {
    pub(crate) url: String,
}

impl Stub {
    pub(crate) fn start(body: String) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || serve(listener, &Bytes::from(body)));
        Self { url }
    }
}

fn serve(listener: std::net::TcpListener, body: &Bytes) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        tokio::spawn(async {
            loop {
                // The two cores may be threads of one: a pause leaves it to the other.
                (0..50).for_each(|_| std::hint::spin_loop());
                tokio::task::yield_now().await;
            }
        });
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let body = body.clone();
            let answer = service_fn(move |request: Request<Incoming>| {
                let body = body.clone();
                async move {
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(Response::new(Full::new(body)))
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
}
