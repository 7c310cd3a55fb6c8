//! Acme's answers where it lists payouts by our order id.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tulay_conformance::{Case, Repeats, Says};

/// Whatever is asked by a number that Acme does not have is answered so.
pub(crate) fn absent() -> Option<http::Response<Bytes>> {
    http::Response::builder().status(404).body(Bytes::new()).ok()
}

/// The answer with its order as the one order of a list, or one of two.
pub(crate) fn orders(mut said: Map<String, Value>, case: &Case) -> Map<String, Value> {
    let Says::Order { repeats, .. } = &case.says else {
        if case.says == Says::Absent {
            said.insert("code".into(), json!("0"));
            said.insert("orders".into(), json!([]));
        }
        return said;
    };
    let of_all = ["account", "to", "code", "note"];
    let (all, order): (Map<_, _>, Map<_, _>) =
        said.into_iter().partition(|(name, _)| of_all.contains(&name.as_str()));
    let mut orders = vec![Value::Object(order.clone())];
    if *repeats == Repeats::Twice {
        let mut other = order;
        other.insert("number".into(), json!("A7654321"));
        orders.push(Value::Object(other));
    }
    let mut said = all;
    said.insert("orders".into(), json!(orders));
    said
}
