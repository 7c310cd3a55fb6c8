//! Which response, verdict and row each request has.

use crate::support::{GENUINE, Memory, OF_ANOTHER, count, counted, receiver};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use std::sync::atomic::Ordering;
use tulay_core::WebhookRequest;
use tulay_webhook::{Verdict, WebhookService};

async fn receive(
    receiver: &tulay_webhook::Receiver,
    target: &str,
    body: &'static str,
) -> (u16, Bytes) {
    let request = WebhookRequest::new(target.parse().unwrap(), HeaderMap::new(), body.into());
    let response = receiver.receive(&request).await;
    (response.status().as_u16(), response.into_body())
}

#[tokio::test]
async fn the_end_of_the_path_names_the_provider() {
    let inbox = Memory::new();
    let receiver = receiver(&inbox);
    for (target, account) in [
        ("/notify/acme/payout", "acme"),
        ("/notify/acme-2/static_code", "acme-2"),
        ("/acme/refund", "acme"),
        ("/notify/acme/events", "acme"),
        ("/a/b/acme/collection/", "acme"),
        ("/notify/acme/s3cret-Part_/collection", "acme"),
        ("/notify/acme-2/acme/payout?a=1", "acme"),
        ("http://pay.example.com/notify/acme/payout", "acme"),
    ] {
        let (status, body) = receive(&receiver, target, GENUINE).await;
        assert_eq!((status, &body[..]), (200, &b"success"[..]), "{target}");
        let kept = inbox.kept.lock().unwrap().pop().unwrap();
        assert_eq!(kept.account.account, account, "{target}");
        assert_eq!(kept.target.to_string(), target);
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_without_a_body() {
    let inbox = Memory::new();
    let receiver = receiver(&inbox);
    for target in [
        "/",
        "/notify",
        "/notify/acme",
        "/notify/acme/",
        "/notify/nowhere/payout",
        "/notify/mute/payout",
        "/notify/acme/payout_find",
        "/notify/acme/a/b/payout",
        "/notify/ACME/payout",
        "/notify/acme/payout/x",
        "/notify//payout",
    ] {
        assert_eq!(receive(&receiver, target, GENUINE).await, (404, Bytes::new()), "{target}");
    }
    assert_eq!(counted(&receiver), [("not_found", 11)]);
    assert!(inbox.bodies().is_empty());
}

#[tokio::test]
async fn a_refusal_does_not_say_why() {
    let inbox = Memory::new();
    let receiver = receiver(&inbox);
    for body in [r#"{"signed":false}"#, OF_ANOTHER, "garbage"] {
        let answered = receive(&receiver, "/acme/payout", body).await;
        assert_eq!(answered, (401, Bytes::from("no")), "{body}");
    }
    let expected = [("bad_signature", 1), ("other_account", 1), ("unreadable", 1)];
    assert_eq!(counted(&receiver), expected);
    assert!(inbox.bodies().is_empty());
}

#[tokio::test]
async fn a_repetition_is_acknowledged_alike() {
    let inbox = Memory::new();
    let receiver = receiver(&inbox);
    let first = receive(&receiver, "/acme/payout", GENUINE).await;
    assert_eq!(receive(&receiver, "/acme/payout", GENUINE).await, first);
    assert_eq!(counted(&receiver), [("stored", 1), ("known", 1)]);
    let by_provider: Vec<_> = receiver
        .verdicts_by_provider()
        .map(|(id, verdicts)| (id.as_str(), verdicts.get(Verdict::Known)))
        .collect();
    assert_eq!(by_provider, [("acme", 1), ("acme-2", 0)]);
}

#[tokio::test]
async fn an_inbox_that_is_down_asks_for_a_repetition() {
    let inbox = Memory::new();
    let receiver = receiver(&inbox);
    inbox.is_down.store(true, Ordering::Relaxed);
    let answered = receive(&receiver, "/acme/payout", GENUINE).await;
    assert_eq!(answered, (503, Bytes::from("later")));
    inbox.is_down.store(false, Ordering::Relaxed);
    assert_eq!(receive(&receiver, "/acme/payout", GENUINE).await.0, 200);
    assert_eq!(counted(&receiver), [("stored", 1), ("not_stored", 1)]);
}

#[tokio::test]
async fn a_sender_that_leaves_interrupts_no_commit() {
    let inbox = Memory::blocked();
    let service = WebhookService::new(receiver(&inbox));
    let request = Request::post("/acme/payout").body(GENUINE.to_owned()).unwrap();
    let answering = tokio::spawn({
        let service = service.clone();
        async move { service.respond(request).await }
    });
    inbox.begun.acquire().await.unwrap().forget();
    answering.abort();
    assert!(answering.await.unwrap_err().is_cancelled());
    inbox.may_end.add_permits(1);
    service.idle().await;
    assert_eq!(inbox.bodies(), [GENUINE]);
    // The permit is given back before the verdict is counted.
    while count(service.receiver(), Verdict::Stored) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn heads_that_cannot_fit_are_refused_unread() {
    let inbox = Memory::new();
    let service = WebhookService::new(receiver(&inbox));
    let post = || Request::post("/acme/payout");
    let json = "application/json";
    for (request, status) in [
        (Request::get("/acme/payout"), StatusCode::METHOD_NOT_ALLOWED),
        (Request::put("/acme/payout"), StatusCode::METHOD_NOT_ALLOWED),
        (Request::get("/"), StatusCode::NOT_FOUND),
        (post().header("content-encoding", "gzip"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-type", "text/plain"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-type", "application/jsonx"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post().header("content-type", &b"\xff"[..]), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            post().header("content-type", json).header("content-type", json),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        let response = service.respond(request.body(GENUINE.to_owned()).unwrap()).await;
        let allowed = response.headers().get(header::ALLOW).map(|allow| allow.to_str().unwrap());
        let expected = (status == StatusCode::METHOD_NOT_ALLOWED).then_some("POST");
        assert_eq!((response.status(), allowed), (status, expected));
        assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
    }
    assert!(inbox.bodies().is_empty());
    for header in ["application/json", "Application/JSON ; charset=UTF-8"] {
        let request = post().header("content-type", header).body(GENUINE.to_owned()).unwrap();
        assert_eq!(service.respond(request).await.status(), 200, "{header}");
    }
}

#[test]
fn debug_shows_no_content() {
    let account = tulay_core::MerchantAccount::new(
        "stub",
        tulay_core::Environment::Sandbox,
        "account-0001-2345",
        "127.0.0.1",
    );
    let verified = tulay_core::Verified::token(b"", || Ok(()), |_| Ok(Vec::new())).unwrap();
    let target = "/acme/s3cret/payout".parse().unwrap();
    let received = tulay_webhook::Received::new(account, verified, target, GENUINE.into());
    let text = format!("{received:?}");
    for secret in ["Maria", "s3cret", "0001"] {
        assert!(!text.contains(secret), "{text}");
    }
}
