//! The sandbox on a socket.

use super::{
    body::{AnswerBody, Closed},
    control,
    front::Front,
};
use crate::kit::Reply;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

const LARGEST_REQUEST: usize = 1024 * 1024;

/// More wait until one of these is closed.
const MOST_CONNECTIONS: usize = 256;

/// For the head of a request, which also ends idle connections, and again for its body.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until it is aborted, and every connection with it.
pub(crate) async fn serve(listener: TcpListener, front: Arc<Front>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&front)));
                }
                // Too many open files, for one: that passes.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, front: Arc<Front>) {
    // Small answers are worth more early than full packets.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let front = Arc::clone(&front);
        async move { answer(request, &front).await }
    });
    // An error is a client that left, or a connection that was closed on purpose.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Answers one request; an error closes the connection without an answer.
async fn answer(request: Request<Incoming>, front: &Front) -> Result<Response<AnswerBody>, Closed> {
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > LARGEST_REQUEST as u64 {
        return Ok(too_large());
    }
    let body = Limited::new(body, LARGEST_REQUEST).collect();
    let body = match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Ok(too_large()),
        Ok(Err(_)) | Err(_) => return Err(Closed),
    };
    match front.reply(Request::from_parts(head, body)).await {
        Reply::Answer(answer) => Ok(answer.map(AnswerBody::whole)),
        Reply::Delayed(delay, answer) => {
            front.simulation().pass(delay).await;
            Ok(answer.map(AnswerBody::whole))
        }
        Reply::HalfAnswer(answer) => Ok(answer.map(|body: Bytes| AnswerBody::half(&body))),
        Reply::Lost => Err(Closed),
    }
}

fn too_large() -> Response<AnswerBody> {
    let limit = format!("a request is at most {LARGEST_REQUEST} bytes");
    control::error(StatusCode::PAYLOAD_TOO_LARGE, limit).map(AnswerBody::whole)
}
