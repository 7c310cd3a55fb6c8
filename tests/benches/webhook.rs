//! What the endpoint costs beside an axum handler that answers at once and the bare verification of
//! the same bytes, and how soon it refuses what cannot verify.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use async_trait::async_trait;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use axum::{Router, body::Body, http::Request, routing::post};
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use http_body_util::BodyExt;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use std::{hint::black_box, sync::Arc};
use tokio::runtime::Builder;
use tulay::webhook::WebhookRequest;
use tulay_tests::webhooks::{PUBLIC_KEY, Platform};
use tulay_webhook::{Inbox, InboxError, Kept, Received, Receiver, WebhookService};

/// Keeps nothing, and is as quick as that.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl Inbox for Nothing {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        black_box(received);
        Ok(Kept::New)
    }
}

fn request(message: &WebhookRequest) -> Request<Body> {
    let mut request = Request::post(message.target.clone());
    request.headers_mut().unwrap().extend(message.headers.clone());
    request.header("content-type", "application/json").body(message.body.clone().into()).unwrap()
}

fn endpoint(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let bare = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, PUBLIC_KEY).unwrap();
    // The two that sign with RSA.
    for platform in Platform::all().into_iter().take(2) {
        let name = platform.provider.id().clone();
        let provider = Arc::clone(&platform.provider);
        let receiver = Arc::new(Receiver::new([provider], Arc::new(Nothing)));
        let endpoint = Router::new().fallback_service(WebhookService::new(receiver));
        let at_once = Router::new().route("/{*path}", post(async |_: bytes::Bytes| "success"));

        let text = platform.sample.as_bytes();
        let genuine = platform.genuine(text);
        let body = String::from_utf8(genuine.body.to_vec()).unwrap();
        let quote = body.trim_end_matches("\"}").rfind('"').unwrap();
        let signature = base64(&body[quote + 1..body.len() - 2]);
        let broken = WebhookRequest::new(
            genuine.target.clone(),
            genuine.headers.clone(),
            body[..body.len() - 2].to_owned().into(),
        );
        let garbage = WebhookRequest::new(
            genuine.target.clone(),
            genuine.headers.clone(),
            format!("{}%%%\"}}", &body[..=quote]).into(),
        );
        let call = |router: &Router, message: &WebhookRequest, times| {
            let service = TowerToHyperService::new(router.clone());
            runtime.block_on(async {
                for _ in 0..times {
                    let response = service.call(request(message)).await.unwrap();
                    black_box(response.into_body().collect().await.unwrap().to_bytes());
                }
            });
        };
        let cases = vec![
            Case::new("axum at once + bare RSA", 64, |times| {
                call(&at_once, &genuine, times);
                for _ in 0..times {
                    bare.verify_sig(text, &signature).unwrap();
                }
            }),
            Case::new("the endpoint in axum", 64, |times| call(&endpoint, &genuine, times)),
            Case::new("bare RSA", 64, |times| {
                for _ in 0..times {
                    bare.verify_sig(text, &signature).unwrap();
                }
            }),
            Case::new("axum at once", 256, |times| call(&at_once, &genuine, times)),
        ];
        compare(criterion, &format!("a notification of {name}"), cases);

        let webhooks = platform.provider.roles().webhooks.unwrap();
        let refuse = |message: &WebhookRequest, times| {
            for _ in 0..times {
                assert!(black_box(webhooks.open(message)).is_err());
            }
        };
        let cases = vec![
            Case::new("bare RSA", 64, |times| {
                for _ in 0..times {
                    bare.verify_sig(text, &signature).unwrap();
                }
            }),
            Case::new("refuse an envelope that breaks off", 512, |times| refuse(&broken, times)),
            Case::new("refuse a signature that is no base64", 512, |times| {
                refuse(&garbage, times);
            }),
        ];
        compare(criterion, &format!("refuse one of {name}"), cases);
    }
}

fn base64(text: &str) -> Vec<u8> {
    tulay_crypto::Signature::from_base64(text).unwrap().as_bytes().to_vec()
}

criterion_group!(benches, endpoint);
criterion_main!(benches);
