//! `tulay trigger`: a notification from the running sandbox, signed as every other one.

use super::sandbox::{
    address, ask,
    configured::{Account, Configured},
    shown,
};
use crate::{
    args::{Global, TriggerArgs},
    error::CliError,
    exit::Exit,
};
use http::Method;
use serde_json::{Value, json};
use tulay::{
    Operation, OrderId, Reference,
    adapter::{Clock, IdRules, SystemClock},
};

/// The attempts of a payment are numbered 1 to 8; the newest that the sandbox knows is meant.
const ATTEMPTS: std::ops::RangeInclusive<u32> = 1..=8;

pub(crate) async fn run(global: &Global, args: &TriggerArgs) -> Result<Exit, CliError> {
    let operation = operation(&args.event)?;
    let configured = Configured::read(global)?.ok_or_else(|| {
        let message = "trigger notifies the accounts of a configuration: `tulay init` writes one";
        CliError::usage("configuration", message)
    })?;
    let origin = address::origin(global, &args.at)?;
    let accounts: Vec<(&str, &Account)> = configured
        .named()
        .filter(|(name, _)| args.provider.as_ref().is_none_or(|id| id.as_str() == *name))
        .collect();
    if accounts.is_empty() {
        let file = configured.file.display();
        return Err(CliError::usage("provider", format!("none of {file} is simulated")));
    }
    let order_ids = order_ids(&configured, operation, args.reference.as_ref())?;
    let mut refused: Option<CliError> = None;
    for order_id in &order_ids {
        for (name, account) in &accounts {
            let Some(merchant) = account.merchant_id() else { continue };
            let asked = |url: Option<&str>| {
                json!({
                    "merchant": merchant,
                    "event": args.event,
                    "order_id": order_id.as_str(),
                    "url": url,
                    "made_up": args.reference.is_none(),
                })
            };
            let path = format!("{}/trigger", account.adapter);
            let usual = configured.notify_url(name, operation);
            // The address of the order is the better one: it may have a part of its own.
            let addresses = match &args.to {
                Some(to) => vec![Some(to.as_str())],
                None => vec![None, usual.as_deref()],
            };
            for url in addresses {
                match ask(&origin, Method::POST, &path, &asked(url).to_string()).await {
                    Ok(response) => return sent(global, response),
                    Err(error) if is_unknown(&error) => {}
                    Err(error) => refused = Some(refused.unwrap_or(error)),
                }
            }
        }
    }
    Err(refused.unwrap_or_else(|| {
        let reference = args.reference.as_ref().map_or("none", Reference::as_str);
        let message =
            format!("no simulated provider has a {operation} of the reference {reference}");
        CliError::usage("reference", message)
    }))
}

/// Whether a provider just does not have the order.
fn is_unknown(error: &CliError) -> bool {
    error.message().contains("order_id: ")
}

/// What an event is about.
fn operation(event: &str) -> Result<Operation, CliError> {
    let operations = [Operation::Payout, Operation::Collection, Operation::Refund];
    let about = event.split('.').next().unwrap_or_default();
    operations.into_iter().find(|operation| operation.as_str() == about).ok_or_else(|| {
        let message = format!(
            "{event}: expected payout.succeeded, payout.failed, payout.reversed, collection.paid, \
             collection.failed, collection.expired, refund.succeeded or refund.failed"
        );
        CliError::usage("event", message)
    })
}

/// The order ids that a reference can have, the newest first; of a payout that is made up, a new one.
fn order_ids(
    configured: &Configured,
    operation: Operation,
    reference: Option<&Reference>,
) -> Result<Vec<OrderId>, CliError> {
    let namespace = configured.namespace()?;
    let derive = |reference: &Reference, attempt| {
        OrderId::derive(IdRules::STANDARD, &namespace, operation, reference, attempt)
    };
    match reference {
        Some(reference) => Ok(ATTEMPTS.rev().map(|attempt| derive(reference, attempt)).collect()),
        None => {
            let now = SystemClock::new().now().as_millisecond();
            let reference = Reference::new(format!("trigger-{now}"));
            let reference = reference.map_err(|error| CliError::invalid("reference", &error))?;
            Ok(vec![derive(&reference, 1)])
        }
    }
}

/// A notification that was not acknowledged is a failure of the application.
fn sent(global: &Global, response: Value) -> Result<Exit, CliError> {
    let outcome = response.pointer("/sent/outcome").cloned().unwrap_or_default();
    let url = response.pointer("/sent/url").and_then(Value::as_str).unwrap_or_default();
    if outcome == "acknowledged" {
        return shown(response).print(global.format(), Exit::Done);
    }
    let message = match outcome.get("rejected") {
        Some(status) => format!("{url} answered {status}, which is no acknowledgement"),
        None => format!("nothing answers at {url}; only addresses of this machine are notified"),
    };
    Err(CliError::could_not_run("trigger", message).next("tulay listen"))
}
