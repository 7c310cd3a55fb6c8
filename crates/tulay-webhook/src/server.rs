//! A server for the endpoint alone.

use crate::service::WebhookService;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, pin::pin, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// The longest head of a request, and the most that is read of its body at one time, in bytes.
const BUFFER: usize = 16 * 1024;

/// Until a connection may be accepted again: too many open files, for one, pass.
const AFTER_AN_ERROR: Duration = Duration::from_millis(50);

/// Serves the endpoint over HTTP/1.1 until `stop` is ready. Then no connection is accepted any more,
/// idle ones are closed, and requests that were begun are answered. It returns when the last message
/// is stored.
///
/// TLS belongs to a proxy in front of it. Dropping the future ends every connection.
pub async fn serve(listener: TcpListener, service: WebhookService, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let mut connections = JoinSet::new();
    let (stopping, _) = watch::channel(false);
    loop {
        let may_accept = connections.len() < service.limits().connections;
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept(), if may_accept => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, service.clone(), stopping.subscribe()));
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection was accepted");
                    tokio::time::sleep(AFTER_AN_ERROR).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    while connections.join_next().await.is_some() {}
    service.idle().await;
}

async fn connection(
    stream: TcpStream,
    service: WebhookService,
    mut stopping: watch::Receiver<bool>,
) {
    // Small responses are worth more early than full packets.
    let _ = stream.set_nodelay(true);
    let head_deadline = service.limits().head_deadline;
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let service = service.clone();
        async move { Ok::<_, Infallible>(service.respond(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_deadline)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    // An error is a client that left, or that sends no HTTP.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
