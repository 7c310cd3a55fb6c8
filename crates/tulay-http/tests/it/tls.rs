use crate::server::Server;
use bytes::Bytes;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tulay_core::{Effect, Error, Operation, Transport};
use tulay_http::{HttpSettings, HttpTransport};

const CERTIFICATE: &[u8] = include_bytes!("data/server.cert.pem");
const KEY: &[u8] = include_bytes!("data/server.key.pem");

fn get(server: &Server) -> http::Request<Bytes> {
    let url = format!("https://localhost:{}/", server.address.port());
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn acceptor() -> TlsAcceptor {
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY).unwrap(),
        )
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn https_server() -> Server {
    let acceptor = acceptor();
    Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            // A client that does not trust the certificate hangs up here.
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        }
    })
    .await
}

fn effect(error: tulay_core::TransportError) -> Effect {
    Error::transport(Operation::Payout, error).effect()
}

#[tokio::test]
async fn a_certificate_that_is_trusted_carries_the_request() {
    let server = https_server().await;
    let mut settings = HttpSettings::default();
    settings.only_roots = Some(CERTIFICATE.to_vec());
    let answer = HttpTransport::new(&settings).unwrap().send(get(&server)).await.unwrap();
    assert_eq!(answer.body(), "ok");
}

#[tokio::test]
async fn an_untrusted_certificate_sends_nothing() {
    let server = https_server().await;
    let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
    assert_eq!(effect(transport.send(get(&server)).await.unwrap_err()), Effect::NotSent);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_was_sent_nothing() {
    let server = Server::start(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let transport = HttpTransport::new(&HttpSettings::default()).unwrap();
    assert_eq!(effect(transport.send(get(&server)).await.unwrap_err()), Effect::NotSent);
}
