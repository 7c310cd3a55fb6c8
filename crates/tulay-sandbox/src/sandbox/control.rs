//! Control over HTTP, under `/_sandbox/`.

use super::simulation::Simulation;
use crate::kit::{Faults, Sample, answers::typed, locked};
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    routing::{get, post, put},
};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use tower::ServiceExt;
use tulay_core::{Clock, Invalid};

pub(crate) const MOUNT: &str = "_sandbox";

const ROUTES: [&str; 12] = [
    "GET /_sandbox/",
    "GET /_sandbox/ledger",
    "GET /_sandbox/notifications",
    "POST /_sandbox/advance",
    "POST /_sandbox/reset",
    "GET /_sandbox/faults",
    "PUT /_sandbox/faults",
    "PUT /_sandbox/{provider}/merchants/{id}",
    "PUT /_sandbox/{provider}/merchants/{id}/notify-url",
    "GET /_sandbox/{provider}/platform-key",
    "POST /_sandbox/{provider}/pay",
    "POST /_sandbox/{provider}/trigger",
];

#[derive(Clone)]
struct Control {
    origin: Arc<str>,
    simulation: Arc<Simulation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: SignedDuration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    code: String,
    amount: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    merchant: String,
    event: String,
    order_id: String,
    #[serde(default)]
    made_up: bool,
    url: Option<String>,
}

pub(crate) fn router(origin: String, simulation: Arc<Simulation>) -> Router {
    Router::new()
        .route("/_sandbox", get(overview))
        .route("/_sandbox/", get(overview))
        .route("/_sandbox/ledger", get(ledger))
        .route("/_sandbox/notifications", get(notifications))
        .route("/_sandbox/advance", post(advance))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/faults", get(faults).put(set_faults))
        .route("/_sandbox/{provider}/merchants/{id}", put(register_merchant))
        .route("/_sandbox/{provider}/merchants/{id}/notify-url", put(notify_at))
        .route("/_sandbox/{provider}/platform-key", get(platform_key))
        .route("/_sandbox/{provider}/pay", post(pay))
        .route("/_sandbox/{provider}/trigger", post(trigger))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(Control { origin: origin.into(), simulation })
}

/// Answers one request under [`MOUNT`].
pub(crate) async fn answer(router: Router, request: Request<Bytes>) -> Response<Bytes> {
    let broken = |_| error(StatusCode::INTERNAL_SERVER_ERROR, "the control interface failed");
    let Ok(answer) = router.oneshot(request.map(Body::from)).await;
    let (head, body) = answer.into_parts();
    match body.collect().await.map_err(broken) {
        Ok(body) => Response::from_parts(head, body.to_bytes()),
        Err(broken) => broken,
    }
}

/// What a path answers that neither a provider nor the control interface has.
pub(crate) fn nothing_here(simulation: &Simulation) -> Response<Bytes> {
    let mounts: Vec<_> = simulation.providers().iter().map(|p| format!("/{}", p.name())).collect();
    let there = json!({ "error": "nothing is here", "providers": mounts, "control": ROUTES });
    json(StatusCode::NOT_FOUND, &there)
}

/// An error in the control interface's own form.
pub(crate) fn error<B: From<Vec<u8>>>(status: StatusCode, text: impl Into<String>) -> Response<B> {
    json(status, &json!({ "error": text.into() }))
}

async fn overview(State(control): State<Control>) -> Response<Body> {
    let Control { origin, simulation } = control;
    let providers: Vec<_> = simulation
        .providers()
        .iter()
        .map(|provider| {
            json!({
                "name": provider.name(),
                "base_url": format!("{origin}/{}", provider.name()),
                "merchants": provider.merchants(),
            })
        })
        .collect();
    let clock = &simulation.shared.clock;
    ok(&json!({
        "sandbox": env!("CARGO_PKG_VERSION"),
        "clock": { "now": clock.now().to_string(), "manual": clock.is_manual() },
        "providers": providers,
        "control": ROUTES,
    }))
}

async fn ledger(State(control): State<Control>) -> Response<Body> {
    let ledger = locked(&control.simulation.shared.ledger).clone();
    ok(&json!({
        "movements": ledger.movements(),
        "paid_more_than_once": ledger.paid_more_than_once(),
    }))
}

async fn notifications(State(control): State<Control>) -> Response<Body> {
    ok(&json!({ "notifications": control.simulation.shared.notifier.records() }))
}

async fn advance(State(control): State<Control>, body: Bytes) -> Response<Body> {
    let by = match read::<Advance>(&body) {
        Ok(Advance { by }) if !by.is_negative() => by,
        Ok(_) => return refused(&Invalid::new("by", "a duration that is not negative")),
        Err(invalid) => return refused(&invalid),
    };
    let simulation = Arc::clone(&control.simulation);
    // On a task of its own, work once begun is finished even if the client goes away.
    let done = tokio::spawn(async move { simulation.advance(by).await }).await;
    match done {
        Ok(()) => ok(&json!({ "now": control.simulation.shared.clock.now().to_string() })),
        Err(_) => error(StatusCode::INTERNAL_SERVER_ERROR, "a scheduled task failed"),
    }
}

async fn reset(State(control): State<Control>) -> Response<Body> {
    control.simulation.reset();
    ok(&json!({ "reset": true }))
}

async fn faults(State(control): State<Control>) -> Response<Body> {
    ok(&json!(*locked(&control.simulation.shared.faults)))
}

async fn set_faults(State(control): State<Control>, body: Bytes) -> Response<Body> {
    let plan = match read::<BTreeMap<String, Faults>>(&body) {
        Ok(plan) => plan,
        Err(invalid) => return refused(&invalid),
    };
    let simulation = &control.simulation;
    if let Some(invalid) = plan.keys().find_map(|name| simulation.provider(name).err()) {
        return refused(&invalid);
    }
    for (provider, faults) in plan {
        if let Err(invalid) = simulation.set_faults(&provider, faults) {
            return refused(&invalid);
        }
    }
    ok(&json!(*locked(&simulation.shared.faults)))
}

async fn register_merchant(
    State(control): State<Control>,
    Path((provider, id)): Path<(String, String)>,
    body: Bytes,
) -> Response<Body> {
    let key = String::from_utf8_lossy(&body);
    let registered = control
        .simulation
        .provider(&provider)
        .and_then(|provider| provider.register_merchant(&id, &key));
    match registered {
        Ok(()) => ok(&json!({ "provider": provider, "merchant": id })),
        Err(invalid) => refused(&invalid),
    }
}

async fn notify_at(
    State(control): State<Control>,
    Path((provider, id)): Path<(String, String)>,
    body: Bytes,
) -> Response<Body> {
    let set = read_address(&body).and_then(|url| {
        let provider = control.simulation.provider(&provider)?;
        provider.notify_at(&id, url.clone()).map(|()| url)
    });
    match set {
        Ok(url) => {
            ok(&json!({ "provider": provider, "merchant": id, "notify_url": url.to_string() }))
        }
        Err(invalid) => refused(&invalid),
    }
}

async fn pay(
    State(control): State<Control>,
    Path(provider): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let paid = read::<Pay>(&body).and_then(|Pay { code, amount }| {
        control.simulation.pay(&provider, &code, amount.as_deref())
    });
    match paid {
        Ok(movement) => ok(&json!({ "paid": movement })),
        Err(invalid) => refused(&invalid),
    }
}

async fn trigger(
    State(control): State<Control>,
    Path(provider): Path<String>,
    body: Bytes,
) -> Response<Body> {
    let read = read::<Trigger>(&body).and_then(|asked| {
        let mut sample = Sample::new(asked.merchant, asked.event, asked.order_id);
        sample.made_up = asked.made_up;
        sample.url = asked.url.map(|url| read_address(url.as_bytes())).transpose()?;
        Ok(sample)
    });
    let sent = match read {
        Ok(sample) => control.simulation.trigger(&provider, &sample).await,
        Err(invalid) => Err(invalid),
    };
    match sent {
        Ok((notification, outcome)) => ok(&json!({ "sent": {
            "provider": provider,
            "event": notification.event,
            "order_id": notification.order_id,
            "url": notification.url.to_string(),
            "outcome": outcome,
        } })),
        Err(invalid) => refused(&invalid),
    }
}

async fn platform_key(
    State(control): State<Control>,
    Path(provider): Path<String>,
) -> Response<Body> {
    match control.simulation.provider(&provider) {
        Ok(provider) => {
            typed(StatusCode::OK, "text/plain", provider.platform_key().to_owned().into())
        }
        Err(invalid) => refused(&invalid),
    }
}

async fn unknown(method: Method, uri: Uri) -> Response<Body> {
    let there = json!({ "error": format!("no {method} {}", uri.path()), "control": ROUTES });
    json(StatusCode::NOT_FOUND, &there)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Invalid> {
    serde_json::from_slice(body).map_err(|error| Invalid::new("body", format!("JSON ({error})")))
}

/// An absolute address, as text.
fn read_address(body: &[u8]) -> Result<Uri, Invalid> {
    let text = String::from_utf8_lossy(body);
    let absolute =
        |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    let read = text.trim().parse().ok().filter(absolute);
    read.ok_or_else(|| Invalid::new("body", "an address such as http://127.0.0.1:8300/notify"))
}

fn ok(value: &Value) -> Response<Body> {
    json(StatusCode::OK, value)
}

fn refused(invalid: &Invalid) -> Response<Body> {
    error(StatusCode::UNPROCESSABLE_ENTITY, invalid.to_string())
}

fn json<B: From<Vec<u8>>>(status: StatusCode, value: &Value) -> Response<B> {
    typed(status, "application/json", value.to_string().into_bytes().into())
}
