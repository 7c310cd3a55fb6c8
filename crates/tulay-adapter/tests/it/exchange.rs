//! Requests that leave, once.

use crate::context::context;
use bytes::Bytes;
use tulay_adapter::request::{check_health, post_json, send};
use tulay_core::{Effect, ErrorKind, Operation, TransportError, TransportErrorKind};

#[tokio::test]
async fn a_json_body_is_posted_as_it_is() {
    let context = context(|request| {
        assert_eq!(request.method(), http::Method::POST);
        assert_eq!(request.headers()["content-type"], "application/json");
        Ok(http::Response::new(request.body().clone()))
    });
    let body = Bytes::from_static(b"{ \"a\" : 1 }");
    let request = post_json(Operation::Payout, "https://acme.example/pay".into(), body.clone());
    let response = send(&context, Operation::Payout, request.unwrap()).await.unwrap();
    assert_eq!(*response.body(), body);
}

#[tokio::test]
async fn the_transport_says_whether_a_byte_left() {
    for (kind, effect) in [
        (TransportErrorKind::NotSent, Effect::NotSent),
        (TransportErrorKind::Interrupted, Effect::Unknown),
    ] {
        let context = match kind {
            TransportErrorKind::NotSent => {
                context(|_| Err(TransportError::new(TransportErrorKind::NotSent, "refused")))
            }
            _ => context(|_| Err(TransportError::new(TransportErrorKind::Interrupted, "reset"))),
        };
        let request = post_json(Operation::Payout, "https://acme.example".into(), Bytes::new());
        let error = send(&context, Operation::Payout, request.unwrap()).await.unwrap_err();
        assert_eq!(error.effect(), effect);
        assert_ne!(error.kind(), ErrorKind::Configuration);
    }
}

#[tokio::test]
async fn a_response_of_2xx_is_healthy() {
    let context = context(|request| {
        let status = request.uri().path().trim_start_matches('/');
        Ok(http::Response::builder().status(status).body(Bytes::new()).unwrap())
    });
    let check = async |status: u16| {
        check_health("acme", &context, format!("https://acme.example/{status}")).await
    };
    assert!(check(200).await.is_ok());
    for status in [302, 404, 503] {
        assert_eq!(check(status).await.unwrap_err().kind(), ErrorKind::Unavailable);
    }
}
