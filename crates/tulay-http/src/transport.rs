//! One exchange, and the verdict when it fails.

use crate::settings::HttpSettings;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect, retry};
use std::fmt;
use tulay_core::{BaseUrl, Transport, TransportError, TransportErrorKind};

/// Sends requests over HTTPS. Connections are kept and shared: make one per process.
#[derive(Clone)]
pub struct HttpTransport {
    client: Client,
    largest_answer: usize,
}

const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// A transport that could not be made: its settings or the system's certificates do not fit.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up: {}", root_cause(.0))]
pub struct HttpError(#[from] reqwest::Error);

impl HttpTransport {
    /// Sets up the client. Certificates to trust are read here, once.
    ///
    /// # Errors
    /// When the proxy's address or a certificate cannot be read, or the system has no
    /// certificates to trust.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpError> {
        Ok(Self { client: builder(settings)?.build()?, largest_answer: settings.largest_answer })
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Bytes, TransportError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(verdict)? {
            if body.len() + chunk.len() > self.largest_answer {
                let cap = format!("the answer is larger than {} bytes", self.largest_answer);
                return Err(TransportError::new(TransportErrorKind::Interrupted, cap));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if !BaseUrl::allows(request.uri()) {
            let refused = "plain http is only for loopback addresses; use https";
            return Err(TransportError::new(TransportErrorKind::NotSent, refused));
        }
        let request = reqwest::Request::try_from(request).map_err(verdict)?;
        let mut response = self.client.execute(request).await.map_err(verdict)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut answer = http::Response::new(self.read(response).await?);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

/// A client that sends once: no retry, no redirect, no proxy but the one it is given.
pub(crate) fn builder(settings: &HttpSettings) -> Result<ClientBuilder, HttpError> {
    let mut builder = Client::builder()
        .user_agent(concat!("tulay/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.total_timeout)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy();
    if let Some(proxy) = &settings.proxy {
        // Plain http is for this machine alone, and stays on it.
        let proxy = Proxy::https(proxy.to_string())?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(THIS_MACHINE)));
    }
    if let Some(pem) = &settings.only_roots {
        builder = builder.tls_certs_only(Certificate::from_pem_bundle(pem)?);
    }
    Ok(builder)
}

/// A failure before the connection stood proves that nothing was sent; any other proves nothing.
fn verdict(error: reqwest::Error) -> TransportError {
    let kind = if error.is_builder() || error.is_connect() {
        TransportErrorKind::NotSent
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, error.without_url())
}

/// What lies at the bottom: the layers above it say only that something failed.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
