//! A simulated Balsa for the sandbox: it keeps orders, moves money once, and rejects what the
//! real one would reject. It shares no code with the adapter.

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use tulay_core::{Currency, Invalid, Money};
use tulay_sandbox::kit::{Direction, Movement, Reply, SimulatedProvider, World};

/// The key that signs requests.
pub(crate) const API_KEY: &str = "planted key of a test";

/// Every order, by its own id.
#[derive(Debug, Default)]
pub(crate) struct Simulator(Mutex<BTreeMap<String, Order>>);

#[derive(Clone, Debug)]
struct Order {
    reference: String,
    amount: String,
    status: &'static str,
}

impl Simulator {
    fn orders(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draft(&self, body: &[u8]) -> Reply {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
        let (reference, amount) = (text("reference"), text("amount"));
        if reference.len() != 26 || minor(&amount).is_none() || text("currency") != "PHP" {
            return error(422, "invalid_field");
        }
        let mut orders = self.orders();
        if orders.values().any(|order| order.reference == reference) {
            return error(409, "duplicate_reference");
        }
        let id = format!("B-{}", orders.len() + 1);
        let order = Order { reference, amount, status: "draft" };
        let reply = order_reply(&id, &order);
        orders.insert(id, order);
        reply
    }

    fn confirm(&self, id: &str, world: &World) -> Reply {
        let mut orders = self.orders();
        match orders.get_mut(id) {
            Some(order) if order.status == "draft" => {
                order.status = "accepted";
                world.wake_after(world.finality_delay(), id.to_owned());
                order_reply(id, order)
            }
            Some(order) => order_reply(id, order),
            None => error(404, "not_found"),
        }
    }
}

impl SimulatedProvider for Simulator {
    fn name(&self) -> &'static str {
        "balsa"
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let path = request.uri().path();
        let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
        // It stands under its name, which is part of the address that is signed.
        let (time, body) = (header("balsa-time").unwrap_or_default(), request.body());
        let head = format!("{time}\n{}\n/balsa{path}\n", request.method());
        let text = [head.as_bytes(), body].concat();
        if header("balsa-sign") != Some(&sign(&text)) {
            return error(401, "bad_key");
        }
        let confirmed =
            path.strip_prefix("/drafts/").and_then(|rest| rest.strip_suffix("/confirm"));
        match (request.method(), confirmed, path.strip_prefix("/payouts/")) {
            (&Method::POST, Some(id), _) => self.confirm(id, world),
            (&Method::POST, None, _) if path == "/drafts" => self.draft(request.body()),
            (&Method::GET, _, Some(id)) => match self.orders().get(id) {
                Some(order) => order_reply(id, order),
                None => error(404, "not_found"),
            },
            _ => error(404, "busy"),
        }
    }

    fn wake(&self, id: &str, world: &World) {
        let mut orders = self.orders();
        let Some(order) = orders.get_mut(id) else { return };
        order.status = "paid";
        world.record(Movement {
            provider: self.name(),
            account: "shop-1".into(),
            order_id: order.reference.clone(),
            provider_reference: id.into(),
            direction: Direction::Out,
            money: Money::from_minor(minor(&order.amount).unwrap_or_default(), Currency::PHP),
            at: world.now(),
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
        vec!["shop-1".into()]
    }

    fn platform_key(&self) -> &str {
        ""
    }

    fn reset(&self) {
        self.orders().clear();
    }
}

fn order_reply(id: &str, order: &Order) -> Reply {
    let said = json!({ "id": id, "status": order.status });
    Reply::Answer(Response::new(said.to_string().into()))
}

fn error(status: u16, code: &str) -> Reply {
    let body = json!({ "error": code }).to_string();
    Reply::Answer(Response::builder().status(status).body(body.into()).unwrap())
}

/// What the platform expects in `balsa-sign`.
pub(crate) fn sign(text: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, API_KEY.as_bytes());
    let tag = hmac::sign(&key, text);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Centavos; `None` unless there are exactly two decimals.
fn minor(amount: &str) -> Option<i64> {
    let (pesos, centavos) = amount.split_once('.')?;
    (centavos.len() == 2).then(|| format!("{pesos}{centavos}").parse().ok()).flatten()
}
