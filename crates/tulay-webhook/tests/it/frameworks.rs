//! Mounted in axum and in hyper.

use crate::support::{GENUINE, Memory, post, receiver, rest, status};
use axum::Router;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tulay_webhook::WebhookService;

async fn send(listener: &TcpListener, path: &str) -> String {
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    stream.write_all(post(path, "", GENUINE).as_bytes()).await.unwrap();
    rest(&mut stream).await
}

#[tokio::test]
async fn axum_mounts_it_at_any_place() {
    let inbox = Memory::new();
    let service = WebhookService::new(receiver(&inbox));
    let mounted: [fn(WebhookService) -> Router; 4] = [
        |service| Router::new().nest_service("/notify", service),
        |service| Router::new().nest_service("/notify/acme", service),
        |service| Router::new().fallback_service(service),
        |service| Router::new().route_service("/notify/{*rest}", service),
    ];
    for (mount, expected) in mounted.into_iter().zip(["200", "404", "200", "200"]) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(axum::serve(listener, mount(service.clone())).into_future());
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = post("/notify/acme/payout", "", GENUINE);
        stream.write_all(request.as_bytes()).await.unwrap();
        let response = rest(&mut stream).await;
        assert_eq!(status(&response).split(' ').next(), Some(expected));
        serving.abort();
    }
    assert_eq!(inbox.bodies(), [GENUINE]);
}

#[tokio::test]
async fn hyper_serves_it() {
    let inbox = Memory::new();
    let service = WebhookService::new(receiver(&inbox));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let serve = async {
        let (stream, _) = listener.accept().await.unwrap();
        let service = TowerToHyperService::new(service);
        let connection = hyper::server::conn::http1::Builder::new();
        connection.serve_connection(TokioIo::new(stream), service).await.unwrap();
    };
    let (response, ()) = tokio::join!(send(&listener, "/notify/acme/payout"), serve);
    assert_eq!(status(&response), "200 OK");
    assert_eq!(inbox.bodies(), [GENUINE]);
}
