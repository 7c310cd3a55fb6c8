//! A web service that pays out, shows QR codes, refunds, and receives notifications, as the
//! `tulay.toml` of its folder says: `cargo run -p tulay-examples --bin web-service 127.0.0.1:8300`.
//! It is not authenticated. Payouts and refunds are in its journal, `tulay.db`; checkouts are in memory:
//! put them into your database.

use async_trait::async_trait;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use std::{error::Error, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Mutex};
use tulay::{journal::PaymentRecord, json::*, webhook::*, *};

#[derive(Debug)]
struct Service {
    tulay: Tulay,
    /// What was begun. The lock keeps two requests of one reference apart, in this process.
    orders: Mutex<Vec<Lookup>>,
}
type Shared = State<Arc<Service>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let tulay = Tulay::open("tulay.toml").await?;
    let _worker = tulay.worker().start().await?; // sends payouts and refunds, and looks them up
    let service = Arc::new(Service { tulay, orders: Mutex::default() });
    let inbox = Arc::new(Notices(Arc::clone(&service)));
    let receiver = Receiver::new(service.tulay.providers().cloned(), inbox);
    let routes = Router::new()
        .route("/payouts", post(async |State(s): Shared, b: Bytes| reply(pay(&s, &b).await)))
        .route("/payouts/{reference}", get(async |State(s): Shared, p| reply(status(&s, p).await)))
        .route("/checkouts", post(async |State(s): Shared, b: Bytes| reply(collect(&s, &b).await)))
        .route("/refunds", post(async |State(s): Shared, b: Bytes| reply(refund(&s, &b).await)))
        .nest_service("/notify", WebhookService::new(Arc::new(receiver))); // as `[webhook]` says
    let listener = TcpListener::bind(std::env::args().nth(1).ok_or("expected an address")?).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, routes.with_state(service)).await?)
}

async fn pay(service: &Service, body: &[u8]) -> Result<PaymentRecord, ErrorJson> {
    let request = PayoutRequest::try_from(from_slice::<PayoutRequestJson>(body)?)?;
    Ok(service.tulay.payouts().submit(request).await?) // durable; the worker sends it
}

async fn status(service: &Service, path: Path<Reference>) -> Result<PaymentRecord, ErrorJson> {
    // At once if it is final; else as it stands after ten seconds.
    Ok(service.tulay.payouts().wait(&path, Duration::from_secs(10)).await?)
}

async fn collect(service: &Service, body: &[u8]) -> Result<CollectionJson, ErrorJson> {
    let request = CollectionRequest::try_from(from_slice::<CollectionRequestJson>(body)?)?;
    let mut orders = service.orders.lock().await;
    let (provider, lookup, order) = match service.tulay.begin_collection(&request).await? {
        Begun::Known(known) => (known.provider, known.lookup, known.order),
        Begun::New(provider, prepared) => {
            orders.push(prepared.lookup.clone());
            let order = provider.collections()?.create(&prepared).await?;
            (provider, prepared.lookup, order)
        }
    };
    Ok(CollectionJson::new(&request.reference, provider.id(), &lookup, &order, Personal::Revealed))
}

async fn refund(service: &Service, body: &[u8]) -> Result<PaymentRecord, ErrorJson> {
    let json = from_slice::<RefundRequestJson>(body)?;
    let missing = || ErrorJson::new("request", "collection: expected the reference of one");
    let collection = json.original()?.collection.ok_or_else(missing)?;
    let paid = service.tulay.find_collection(&collection).await?.ok_or_else(missing)?;
    let request = json.to_request(paid.lookup.clone(), paid.lookup.amount)?;
    let (refunds, name) = (service.tulay.refunds(), request.reference);
    let amount = json.amount.is_some().then_some(request.amount); // else all that is left
    refunds.submit(name.clone(), paid.refundable()?, amount).await?; // durable, as a payout
    Ok(refunds.wait(&name, Duration::from_secs(10)).await?)
}

/// The journal keeps notifications and applies those of payouts and refunds. Checkouts are this
/// program's own: it looks them up, as a notification is only a hint.
#[derive(Debug)]
struct Notices(Arc<Service>);

#[async_trait]
impl Inbox for Notices {
    async fn keep(&self, received: Received) -> Result<Kept, InboxError> {
        let (account, notifications) = (received.account.clone(), received.verified.get().clone());
        let kept = self.0.tulay.inbox().keep(received).await?;
        let service = Arc::clone(&self.0);
        tokio::spawn(async move {
            let mut providers = service.tulay.providers();
            let Some(provider) = providers.find(|it| *it.merchant_account() == account) else {
                return;
            };
            for notification in &notifications {
                look_up(&service, provider.as_ref(), notification).await;
            }
        });
        Ok(kept)
    }
}

/// The result counts: store it.
async fn look_up(service: &Service, provider: &dyn Provider, notification: &Notification) {
    let orders = service.orders.lock().await;
    let named = |lookup: &&Lookup| Some(&lookup.order_id) == notification.order_id();
    let Some(lookup) = orders.iter().find(named) else { return }; // in the journal, or not ours
    if let Some(collections) = provider.roles().collections {
        println!("{:?}", collections.find(lookup).await);
    }
}

fn reply(result: Result<impl serde::Serialize, ErrorJson>) -> Response {
    let failed = |error| (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response();
    result.map_or_else(failed, |result| Json(result).into_response())
}
