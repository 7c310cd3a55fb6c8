//! Delivers to this machine, and has no way to reach another.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Uri, header, uri::Scheme};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::net::TcpStream;
use tulay_core::{Transport, TransportError, TransportErrorKind};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 64 * 1024;

/// Sends by plain HTTP/1.1 to loopback addresses.
#[derive(Debug)]
pub(crate) struct Loopback;

/// Sends nothing.
#[derive(Debug)]
pub(crate) struct Nowhere;

#[async_trait]
impl Transport for Loopback {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let Some(targets) = LoopbackAddress::of(request.uri()) else {
            let refused = "notifications go to http://127.0.0.1, [::1] and localhost only";
            return Err(TransportError::new(TransportErrorKind::NotSent, refused));
        };
        tokio::time::timeout(PATIENCE, exchange(&targets, request))
            .await
            .map_err(|elapsed| TransportError::new(TransportErrorKind::Timeout, elapsed))?
    }
}

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let offline = "the sandbox is offline and has no receiver";
        Err(TransportError::new(TransportErrorKind::NotSent, offline))
    }
}

/// An address of this machine. There is no other way to make one than to prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LoopbackAddress(SocketAddr);

impl LoopbackAddress {
    /// The addresses to try. Names are not resolved: `localhost` means the two of this machine.
    fn of(uri: &Uri) -> Option<Vec<Self>> {
        if uri.scheme() != Some(&Scheme::HTTP) {
            return None;
        }
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
        let hosts = match host {
            "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            _ => vec![host.parse().ok()?],
        };
        let port = uri.port_u16().unwrap_or(80);
        hosts.into_iter().map(|host| Self::proven(host, port)).collect()
    }

    fn proven(host: IpAddr, port: u16) -> Option<Self> {
        host.is_loopback().then_some(Self(SocketAddr::new(host, port)))
    }
}

async fn exchange(
    targets: &[LoopbackAddress],
    request: Request<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    let stream = connect(targets).await?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(interrupted)?;
    let request = in_origin_form(request).map_err(interrupted)?;
    let answer = async move {
        let (head, body) = sender.send_request(request).await.map_err(interrupted)?.into_parts();
        let body = Limited::new(body, LARGEST_ANSWER).collect().await.map_err(interrupted)?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    // The connection ends by itself once the sender is dropped with the answer.
    let (answer, _) = tokio::join!(answer, connection);
    answer
}

async fn connect(targets: &[LoopbackAddress]) -> Result<TcpStream, TransportError> {
    let addresses: Vec<SocketAddr> = targets.iter().map(|target| target.0).collect();
    TcpStream::connect(addresses.as_slice())
        .await
        .map_err(|error| TransportError::new(TransportErrorKind::NotSent, error))
}

/// The request as it is written to a server: path and query in the first line, the rest as `Host`.
fn in_origin_form(request: Request<Bytes>) -> Result<Request<Full<Bytes>>, http::Error> {
    let (mut head, body) = request.into_parts();
    let host = head.uri.authority().map(ToString::to_string).unwrap_or_default();
    head.headers.insert(header::HOST, host.parse()?);
    head.uri = head.uri.path_and_query().map_or("/", |path| path.as_str()).parse()?;
    Ok(Request::from_parts(head, Full::new(body)))
}

fn interrupted(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_has_an_address() {
        for (uri, there) in [
            ("http://127.0.0.1:8300/notify", true),
            ("http://127.9.8.7/", true),
            ("http://[::1]:8300/notify", true),
            ("http://localhost:8300/notify", true),
            ("https://127.0.0.1/", false),
            ("http://0.0.0.0/", false),
            ("http://10.0.0.1/", false),
            ("http://[::]/", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("http://localhost.example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://127.0.0.1@example.com/", false),
            ("http://example.com/", false),
            ("/notify", false),
        ] {
            assert_eq!(LoopbackAddress::of(&uri.parse().unwrap()).is_some(), there, "{uri}");
        }
    }
}
