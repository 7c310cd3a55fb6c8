//! The adapter against the provider's test system. It needs a key, so it is ignored by default:
//!
//! `KAWAYAN_MERCHANT=… KAWAYAN_KEY=… cargo test --test remote -- --ignored --nocapture`
//!
//! It looks up an order that does not exist, pays the least amount, and looks that up. What it prints
//! has no names, numbers or keys: keep it as the record of what was tried.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "the key and the time of a real exchange")]

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use std::{env, sync::Arc};
use tulay_core::*;
use tulay_http::{HttpSettings, HttpTransport};
use tulay_kawayan::{Kawayan, Keys, Settings};

/// Where the test system is, and an account there that may be paid.
const BASE_URL: &str = "https://test.kawayan.example";
const PAYEE: [&str; 3] = ["BOPIPHMM", "700100200300", "Test Payee"];

/// The members whose values are printed.
const SHOWN: &[&str] = &["currency", "error", "reason", "status"];

#[tokio::test]
#[ignore = "needs a key of the provider's test system"]
async fn the_least_payout_is_accepted_and_found() {
    let provider = connected();
    let payouts = provider.payouts().unwrap();
    let capability = payouts.capability();
    let corridor = &capability.corridors[0];
    let least = corridor.min.unwrap_or(Money::from_minor(corridor.step, corridor.currency));
    let now = Timestamp::now().as_second();
    let reference = Reference::new(format!("REMOTE-{now}")).unwrap();
    let [bank, account, name] = PAYEE;
    let payee = Destination::bank(bank, account).unwrap();
    let mut request = PayoutRequest::new(reference, corridor.country, least, payee);
    request.beneficiary.name = Some(Name::Full(NamePart::new(name).unwrap()));
    let namespace = Namespace::new("remote").unwrap();
    let operation = Operation::Payout;
    let id = OrderId::derive(capability.ids, &namespace, operation, &request.reference, 1);
    let prepared = payouts.prepare(&request, &id).unwrap();
    let mut lookup = prepared.lookup.clone();

    assert!(matches!(payouts.find(&lookup).await, Ok(Found::Absent(_))));
    let payout = payouts.create(&prepared).await.unwrap();
    lookup.provider_reference = payout.provider_reference;
    assert!(matches!(payouts.find(&lookup).await, Ok(Found::Found(_))));
}

fn connected() -> Kawayan {
    let variable = |name| env::var(name).unwrap();
    let settings = Settings::new(Environment::Uat, BASE_URL, variable("KAWAYAN_MERCHANT"));
    let keys = Keys { api_key: Secret::new(variable("KAWAYAN_KEY")).unwrap() };
    let transport = Printed(HttpTransport::new(&HttpSettings::default()).unwrap());
    let [system, secrets] = [Arc::new(System), Arc::new(System)];
    let context = AdapterContext::new(Arc::new(transport), system.clone(), system, secrets);
    Kawayan::new(ProviderId::new("kawayan").unwrap(), settings, keys, context).unwrap()
}

/// A transport that prints each exchange.
#[derive(Debug)]
struct Printed(HttpTransport);

#[async_trait]
impl Transport for Printed {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        println!("> {} {}\n{}", request.method(), request.uri().path(), scrubbed(request.body()));
        let response = self.0.send(request).await?;
        println!("< {}\n{}", response.status(), scrubbed(response.body()));
        Ok(response)
    }
}

/// A body without the values that may be personal or secret.
fn scrubbed(body: &[u8]) -> String {
    fn scrub(value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(scrub),
            Value::Object(members) => {
                for (name, value) in members {
                    if !(value.is_string() && SHOWN.contains(&name.as_str())) {
                        scrub(value);
                    }
                }
            }
            Value::Null => {}
            value => *value = "***".into(),
        }
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return format!("({} bytes that are no JSON)", body.len());
    };
    scrub(&mut value);
    format!("{value:#}")
}

/// The machine's clock, and nothing else that a context may need.
#[derive(Debug)]
struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl MessageIds for System {
    fn fresh(&self) -> String {
        "0".repeat(26)
    }
}

impl Secrets for System {
    fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
        Err(Invalid::new("secret", "one from the environment"))
    }
}
