//! A simulated Paraw for the sandbox: it keeps orders, moves money once, notifies how a collection
//! ended, and rejects what the real one would reject. It shares no code with the adapter.

use bytes::Bytes;
use hmac::{Hmac, Mac};
use http::{HeaderMap, Method, Request, Response, Uri};
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use tulay_core::{Currency, Invalid, Money};
use tulay_sandbox::kit::{Direction, Movement, Notification, Reply, SimulatedProvider, World};

/// The key that requests must bear, and the secret that signs notifications.
pub(crate) const API_KEY: &str = "planted key of a test";
pub(crate) const WEBHOOK_SECRET: &str = "planted secret of a test";

/// Every order, by its own id; where notifications go; and the responses to creating requests, by
/// path and idempotency key, each with the text that it answered.
#[derive(Debug, Default)]
pub(crate) struct Simulator(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    orders: BTreeMap<String, Order>,
    answered: BTreeMap<(String, String), (Bytes, Bytes)>,
    notify: Option<Uri>,
}

#[derive(Clone, Debug)]
struct Order {
    kind: String,
    reference: String,
    amount: String,
    status: &'static str,
    payment: Option<String>,
}

/// What a creating request holds. An amount is kept as it is written.
#[derive(Deserialize)]
struct Asked<'a> {
    #[serde(borrow)]
    reference: &'a str,
    amount: &'a RawValue,
    currency: &'a str,
    payment: Option<String>,
}

impl Simulator {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, path: &str, key: &str, body: &Bytes, world: &World) -> Reply {
        let mut state = self.state();
        let place = (path.to_owned(), key.to_owned());
        match state.answered.get(&place) {
            Some((text, answer)) if text == body => return ok(answer.clone()),
            Some(_) => return error(409, "duplicate_reference"),
            None => {}
        }
        let attached = path.strip_prefix("/collections/").and_then(|p| p.strip_suffix("/attach"));
        let answer = match (path, attached) {
            ("/methods", _) => json!({ "id": "met_1" }).to_string(),
            (_, Some(id)) => match state.orders.get_mut(id) {
                Some(order) => {
                    order.status = "open";
                    world.wake_after(world.finality_delay(), id.to_owned());
                    shown(id, order)
                }
                None => return error(404, "not_found"),
            },
            ("/payouts" | "/collections" | "/refunds", None) => {
                let asked: Option<Asked<'_>> = serde_json::from_slice(body).ok();
                let Some(asked) = asked.filter(|asked| asked.currency == "PHP") else {
                    return error(422, "invalid_field");
                };
                if asked.reference != key || minor(asked.amount.get()).is_none() {
                    return error(422, "invalid_field");
                }
                let kind = path.trim_start_matches('/');
                let status = if kind == "collections" { "draft" } else { "accepted" };
                let order = Order {
                    kind: kind.to_owned(),
                    reference: asked.reference.to_owned(),
                    amount: asked.amount.get().to_owned(),
                    status,
                    payment: asked.payment,
                };
                let id = format!("{}_{}", &kind[..3], state.orders.len() + 1);
                let answer = shown(&id, &order);
                state.orders.insert(id.clone(), order);
                if kind != "collections" {
                    world.wake_after(world.finality_delay(), id);
                }
                answer
            }
            _ => return error(404, "busy"),
        };
        state.answered.insert(place, (body.clone(), answer.clone().into()));
        ok(answer.into())
    }

    fn get(&self, kind: &str, id: Option<&str>, query: Option<&str>) -> Reply {
        let state = self.state();
        let ours = |wanted: &str| {
            let mut orders = state.orders.iter();
            orders.find(|(_, order)| order.kind == kind && order.reference == wanted)
        };
        let found = match (id, query.and_then(|query| query.strip_prefix("reference="))) {
            // A payout is looked up by our reference, and by nothing else.
            (Some(id), _) if kind == "payouts" => ours(id),
            (Some(id), _) => state.orders.get_key_value(id),
            (None, Some(reference)) => {
                let rows: Vec<String> =
                    ours(reference).map(|(id, order)| shown(id, order)).into_iter().collect();
                return ok(format!("[{}]", rows.join(",")).into());
            }
            (None, None) => None,
        };
        match found {
            Some((id, order)) => ok(shown(id, order).into()),
            None => error(404, "not_found"),
        }
    }
}

impl SimulatedProvider for Simulator {
    fn name(&self) -> &'static str {
        "paraw"
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
        if header("authorization") != Some("Basic cGxhbnRlZCBrZXkgb2YgYSB0ZXN0Og==") {
            return error(401, "bad_key");
        }
        let (path, query) = (request.uri().path(), request.uri().query());
        if request.method() == Method::POST {
            let key = header("idempotency-key").unwrap_or_default();
            return self.post(path, key, request.body(), world);
        }
        let (kind, id) = match path.trim_start_matches('/').split_once('/') {
            Some((kind, id)) => (kind, Some(id)),
            None => (path.trim_start_matches('/'), None),
        };
        self.get(kind, id, query)
    }

    fn wake(&self, id: &str, world: &World) {
        let (order, notify) = {
            let mut state = self.state();
            let notify = state.notify.clone();
            let Some(order) = state.orders.get_mut(id) else { return };
            order.status = if order.kind == "refunds" { "refunded" } else { "paid" };
            if order.kind == "collections" {
                order.payment = Some(format!("pm_{id}"));
            }
            (order.clone(), notify)
        };
        let direction = if order.kind == "collections" { Direction::In } else { Direction::Out };
        world.record(Movement {
            provider: self.name(),
            account: "shop-1".into(),
            order_id: order.reference.clone(),
            provider_reference: id.into(),
            direction,
            money: Money::from_minor(minor(&order.amount).unwrap_or_default(), Currency::PHP),
            at: world.now(),
        });
        let Some(url) = notify else { return };
        let event = order.kind.trim_end_matches('s');
        let body = format!("{{\"event\":\"{event}\",\"data\":{}}}", shown(id, &order));
        let mut headers = HeaderMap::new();
        let second = world.now().as_second();
        let signature = format!("t={second},v1={}", sign(second, body.as_bytes()));
        headers.insert("paraw-signature", signature.parse().unwrap());
        let (order_id, event) = (order.reference, order.status.to_owned());
        world.notify(Notification { order_id, event, url, headers, body: body.into() });
    }

    fn acknowledged(&self, answer: &Response<Bytes>) -> bool {
        answer.status().is_success()
    }

    fn register_merchant(&self, _: &str, _: &str) -> Result<(), Invalid> {
        Ok(())
    }

    fn notify_at(&self, _: &str, url: Uri) -> Result<(), Invalid> {
        self.state().notify = Some(url);
        Ok(())
    }

    fn merchants(&self) -> Vec<String> {
        vec!["shop-1".into()]
    }

    fn platform_key(&self) -> &str {
        ""
    }

    fn reset(&self) {
        *self.state() = State::default();
    }
}

/// The signature of a notification, over its time and body.
pub(crate) fn sign(second: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).unwrap();
    mac.update(format!("{second}.").as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Centavos of a number in pesos: whole, or with two decimals.
pub(crate) fn minor(amount: &str) -> Option<i64> {
    let (pesos, centavos) = amount.split_once('.').unwrap_or((amount, "00"));
    (centavos.len() == 2).then(|| format!("{pesos}{centavos}").parse().ok()).flatten()
}

fn shown(id: &str, order: &Order) -> String {
    let Order { reference, amount, status, payment, .. } = order;
    let mut shown =
        json!({ "id": id, "reference": reference, "currency": "PHP", "status": status });
    shown["payment"] = json!(payment);
    shown["page"] = json!((*status == "open").then_some("http://127.0.0.1:8400/paraw/pay"));
    // The amount is written as it came, and not by way of a float.
    let text = shown.to_string();
    format!("{},\"amount\":{amount}}}", text.trim_end_matches('}'))
}

fn ok(body: Bytes) -> Reply {
    Reply::Answer(Response::new(body))
}

fn error(status: u16, code: &str) -> Reply {
    let body = json!({ "error": code }).to_string();
    Reply::Answer(Response::builder().status(status).body(body.into()).unwrap())
}
