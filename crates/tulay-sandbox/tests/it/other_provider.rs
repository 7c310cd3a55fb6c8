//! Another provider, written on the kit alone.

use crate::shop::Receiver;
use bytes::Bytes;
use http::{HeaderName, Request, Response, Uri};
use jiff::SignedDuration;
use std::sync::{Arc, Mutex};
use tulay_core::{Currency, Invalid, Money, Transport, TransportErrorKind};
use tulay_sandbox::{
    Sandbox, SandboxError,
    kit::{Direction, Faults, Movement, Notification, Reply, SimulatedProvider, World},
};

/// Pays whatever it is asked to, as often as it is asked to: the body is the order id.
#[derive(Debug, Default)]
pub(crate) struct Careless(Mutex<u32>);

impl SimulatedProvider for Careless {
    fn name(&self) -> &'static str {
        "careless"
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let order_id = String::from_utf8_lossy(request.body()).into_owned();
        match request.uri().path() {
            "/pay" => {
                *self.0.lock().unwrap() += 1;
                world.wake_after(world.finality_delay(), order_id);
                Reply::Answer(Response::new("accepted".into()))
            }
            "/ponder" => {
                Reply::Delayed(SignedDuration::from_secs(40), Response::new("well".into()))
            }
            path => Reply::Answer(Response::new(path.to_owned().into())),
        }
    }

    fn wake(&self, subject: &str, world: &World) {
        world.record(Movement {
            provider: self.name(),
            account: "shop".into(),
            order_id: subject.into(),
            provider_reference: format!("C{}", self.0.lock().unwrap()),
            direction: Direction::Out,
            money: Money::from_minor(1, Currency::IDR),
            at: world.now(),
        });
        world.notify(Notification {
            order_id: subject.into(),
            event: "paid".into(),
            url: "http://127.0.0.1:8300/".parse().unwrap(),
            headers: [(HeaderName::from_static("careless-sign"), "c0ffee".parse().unwrap())]
                .into_iter()
                .collect(),
            body: "paid".into(),
        });
    }

    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        answer.status().is_success()
    }

    fn register_merchant(&self, _: &str, _: &str) -> Result<(), Invalid> {
        Ok(())
    }

    fn notify_at(&self, _: &str, _: Uri) -> Result<(), Invalid> {
        Ok(())
    }

    fn merchants(&self) -> Vec<String> {
        vec!["shop".into()]
    }

    fn platform_key(&self) -> &str {
        ""
    }

    fn reset(&self) {
        *self.0.lock().unwrap() = 0;
    }
}

async fn sandbox() -> (Sandbox, Arc<Receiver>) {
    let receiver = Arc::new(Receiver::default());
    let sandbox = Sandbox::builder()
        .offline()
        .manual_clock("2026-11-20T01:00:00Z".parse().unwrap())
        .notify_through(Arc::clone(&receiver) as Arc<dyn Transport>)
        .provider(Careless::default())
        .start()
        .await
        .unwrap();
    (sandbox, receiver)
}

async fn post(sandbox: &Sandbox, path: &str, body: &str) -> Result<Bytes, TransportErrorKind> {
    let url = format!("{}{path}", sandbox.base_url("careless").unwrap());
    let request = Request::post(url).body(Bytes::from(body.to_owned())).unwrap();
    let answer = sandbox.transport().send(request).await.map_err(|error| error.kind)?;
    Ok(answer.into_body())
}

#[tokio::test]
async fn it_stands_beside_the_others_and_the_ledger_sees_through_it() {
    let (sandbox, receiver) = sandbox().await;
    assert!(sandbox.base_url("starpay").is_ok());
    assert_eq!(post(&sandbox, "/a/b?c=d", "").await.unwrap(), "/a/b");
    for _ in 0..2 {
        assert_eq!(post(&sandbox, "/pay", "P1").await.unwrap(), "accepted");
    }
    assert_eq!(post(&sandbox, "/pay", "P2").await.unwrap(), "accepted");
    sandbox.advance(SignedDuration::from_secs(1)).await;
    let ledger = sandbox.ledger();
    assert_eq!(ledger.times_paid("P1"), 2);
    assert_eq!(ledger.times_paid("P2"), 1);
    assert_eq!(ledger.times_paid("P3"), 0);
    assert_eq!(ledger.paid_more_than_once(), ["P1"]);
    assert_eq!(receiver.received().len(), 3);
    for request in receiver.received() {
        assert_eq!(request.headers()["careless-sign"], "c0ffee");
        assert_eq!(request.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn faults_of_the_kit_are_its_faults_and_not_its_neighbour_s() {
    let (sandbox, _) = sandbox().await;
    sandbox.set_faults("starpay", Faults { lose_requests: 1, ..Faults::default() }).unwrap();
    assert!(post(&sandbox, "/pay", "P1").await.is_ok());
    sandbox.set_faults("careless", Faults { lose_requests: 1, ..Faults::default() }).unwrap();
    assert_eq!(post(&sandbox, "/pay", "P2").await, Err(TransportErrorKind::Interrupted));
    sandbox.advance(SignedDuration::from_secs(1)).await;
    assert_eq!(sandbox.ledger().movements().len(), 1);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_time_out() {
    let (sandbox, _) = sandbox().await;
    assert_eq!(post(&sandbox, "/ponder", "").await, Err(TransportErrorKind::Timeout));
}

#[tokio::test]
async fn names_are_taken_once_and_faults_are_set_for_providers_there_are() {
    let twice = Sandbox::builder()
        .offline()
        .provider(Careless::default())
        .provider(Careless::default())
        .start()
        .await
        .unwrap_err();
    assert!(matches!(twice, SandboxError::Invalid(_)), "{twice}");
    let unknown =
        Sandbox::builder().offline().faults("nobody", Faults::default()).start().await.unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "provider: expected one of starpay, regional, xendit, paymongo"
    );
}
