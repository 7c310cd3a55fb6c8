//! The adapter against the provider's test system. It needs a key, so it is ignored by default:
//!
//! `KAWAYAN_MERCHANT=… KAWAYAN_KEY=… cargo test --test remote -- --ignored --nocapture`
//!
//! The account is configured as in the README, so a live key is refused as it is there, unless
//! `KAWAYAN_ENVIRONMENT=production` says that real money may move.
//!
//! It looks up an order that does not exist, pays the least amount, and looks that up. What it prints
//! has no names, numbers or keys: keep it as the record of what was tried.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::disallowed_methods, reason = "the key and the time of a real exchange")]

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::{env, fmt::Debug, fs, sync::Arc};
use tulay_core::*;
use tulay_http::{HttpSettings, HttpTransport};
use tulay_kawayan::{KawayanAdapter, KawayanConfig};

/// Where the test system is, and an account there that may be paid.
const BASE_URL: &str = "https://test.kawayan.example";
const PAYEE: [&str; 3] = ["BOPIPHMM", "007001002003", "Test Payee"];

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

    let before = payouts.find(&lookup).await;
    assert!(matches!(before, Ok(Found::Absent(_))), "the look-up before: {}", shown(&before));
    let created = payouts.create(&prepared).await;
    assert!(created.is_ok(), "the payout: {}", shown(&created));
    lookup.provider_reference = created.unwrap().provider_reference;
    let after = payouts.find(&lookup).await;
    assert!(matches!(after, Ok(Found::Found(_))), "the look-up after: {}", shown(&after));
}

/// What came of a call.
fn shown<T: Debug>(result: &Result<T>) -> String {
    match result {
        Ok(read) => format!("{read:?}"),
        Err(error) => format!("{error} ({}, effect {})", error.kind(), error.effect()),
    }
}

/// The account in the README's sample, at the provider. The adapter itself makes it of the
/// configuration, and so compares environment, host and key.
fn connected() -> Arc<dyn Provider> {
    let (_, sample) = include_str!("../README.md").split_once("```toml\n").unwrap();
    let file: toml::Table = sample.split_once("```").unwrap().0.parse().unwrap();
    let mut table = file["providers"]["kawayan"].as_table().unwrap().clone();
    table.remove("adapter");
    let environment = env::var("KAWAYAN_ENVIRONMENT").unwrap_or("uat".into());
    let merchant = env::var("KAWAYAN_MERCHANT").unwrap();
    for (key, value) in
        [("environment", environment), ("base_url", BASE_URL.into()), ("merchant", merchant)]
    {
        table.insert(key.into(), value.into());
    }
    let config = KawayanConfig::deserialize(table).unwrap();
    let transport = Printed(HttpTransport::new(&HttpSettings::default()).unwrap());
    let [system, secrets] = [Arc::new(System), Arc::new(System)];
    let context = AdapterContext::new(Arc::new(transport), system.clone(), system, secrets);
    let id = ProviderId::new("kawayan").unwrap();
    KawayanAdapter.build(id, config, context).unwrap_or_else(|error| panic!("{error}"))
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
    if body.is_empty() {
        return "(empty)".to_owned();
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return format!("({} bytes that are no JSON)", body.len());
    };
    scrub(&mut value);
    format!("{value:#}")
}

/// The clock, environment and files of the machine.
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
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        let text = match source {
            SecretSource::Env(name) => env::var(name).ok(),
            SecretSource::File(path) => fs::read_to_string(path).ok(),
            _ => None,
        };
        Secret::new(text.ok_or_else(|| Invalid::new("secret", format!("one in {source:?}")))?)
    }
}
