//! Xendit: nothing is signed; the key goes in a header.

use super::{Subject, basic, context};
use std::sync::Arc;
use tulay::{
    Country, Environment, Payouts, ProviderId,
    adapter::Secret,
    xendit::{Keys, Settings, Xendit},
};
use tulay_tests::{order_id, payout};

const SECRET_KEY: &str = "xnd_development_bench";
const BUSINESS: &str = "5a4d7b0c2e9f41638a1b2c3d";

pub(crate) fn subject() -> Subject {
    let request = payout("R1", "001234567890");
    let probe = connect("http://127.0.0.1:1");
    let order_id = order_id(&probe, &request);
    let body = probe.prepare(&request, &order_id).unwrap().body;
    Subject {
        connect: Box::new(|url| Arc::new(connect(url))),
        request: Arc::new(request),
        answer: format!(
            r#"{{"id":"disb-571f3644d2b4edf0745e9703","business_id":"{BUSINESS}","status":"ACCEPTED","created":"2026-11-20T02:00:00.001Z",{}"#,
            body.trim_start_matches('{')
        ),
        headers: vec![
            ("authorization", basic(SECRET_KEY)),
            ("idempotency-key", order_id.to_string()),
        ],
        body,
        signatures: None,
    }
}

fn connect(url: &str) -> Xendit {
    let settings = Settings::new(Environment::Sandbox, url, BUSINESS, Country::PH);
    let keys = Keys::new(Secret::new(SECRET_KEY).unwrap(), Vec::new());
    Xendit::new(ProviderId::new("xendit").unwrap(), settings, keys, context()).unwrap()
}
