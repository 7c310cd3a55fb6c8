//! A simulated Kawayan for the sandbox: it keeps orders, moves money once, and rejects what the
//! real one would reject. It shares no code with the adapter.

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use tulay_core::{Currency, Invalid, Money};
use tulay_sandbox::kit::{Direction, Movement, Reply, SimulatedProvider, World};

/// The key that requests must bear.
pub(crate) const API_KEY: &str = "planted key of the simulator";

/// Every order, by its reference.
#[derive(Debug, Default)]
pub(crate) struct Simulator(Mutex<BTreeMap<String, Order>>);

#[derive(Clone, Debug)]
struct Order {
    id: String,
    amount: String,
    paid: bool,
}

impl Simulator {
    fn orders(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(&self, body: &[u8], world: &World) -> Reply {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
        let (reference, amount) = (text("reference"), text("amount"));
        if reference.len() != 26 || minor(&amount).is_none() || text("currency") != "PHP" {
            return error(422, "invalid_field");
        }
        let mut orders = self.orders();
        if orders.contains_key(&reference) {
            return error(409, "duplicate_reference");
        }
        let id = format!("KW-{}", orders.len() + 1);
        let order = Order { id, amount, paid: false };
        let reply = order_reply(&reference, &order);
        orders.insert(reference.clone(), order);
        world.wake_after(world.finality_delay(), reference);
        reply
    }
}

impl SimulatedProvider for Simulator {
    fn name(&self) -> &'static str {
        "kawayan"
    }

    fn handle(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if bearer != Some(&format!("Bearer {API_KEY}")) {
            return error(401, "bad_key");
        }
        let path = request.uri().path();
        match (request.method(), path.strip_prefix("/payouts/")) {
            (&Method::POST, None) if path == "/payouts" => self.create(request.body(), world),
            (&Method::GET, Some(reference)) => match self.orders().get(reference) {
                Some(order) => order_reply(reference, order),
                None => error(404, "not_found"),
            },
            _ => error(404, "busy"),
        }
    }

    fn wake(&self, reference: &str, world: &World) {
        let mut orders = self.orders();
        let Some(order) = orders.get_mut(reference) else { return };
        order.paid = true;
        world.record(Movement {
            provider: self.name(),
            account: "shop-1".into(),
            order_id: reference.into(),
            provider_reference: order.id.clone(),
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

fn order_reply(reference: &str, order: &Order) -> Reply {
    let status = if order.paid { "paid" } else { "accepted" };
    let said = json!({
        "reference": reference,
        "id": order.id,
        "amount": order.amount,
        "currency": "PHP",
        "status": status,
    });
    Reply::Answer(Response::new(said.to_string().into()))
}

fn error(status: u16, code: &str) -> Reply {
    let body = json!({ "error": code }).to_string();
    Reply::Answer(Response::builder().status(status).body(body.into()).unwrap())
}

/// Centavos; `None` unless there are exactly two decimals.
fn minor(amount: &str) -> Option<i64> {
    let (pesos, centavos) = amount.split_once('.')?;
    (centavos.len() == 2).then(|| format!("{pesos}{centavos}").parse().ok()).flatten()
}
