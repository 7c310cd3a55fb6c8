//! `tulay payout timeline`, `tulay refund timeline`

use super::opened::open;
use crate::{
    args::{Global, PaymentArgs},
    error::CliError,
    exit::Exit,
    report::Report,
    session::Session,
};
use serde_json::{Value, json};
use tulay::{
    Builder, MerchantAccount, Operation,
    journal::{Change, Event},
};

pub(in crate::commands) async fn run(
    global: &Global,
    operation: Operation,
    args: &PaymentArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let (form, events) = match operation {
        Operation::Refund => {
            ("tulay.refund-timeline/1", session.tulay.refunds().timeline(&args.reference).await?)
        }
        _ => ("tulay.payout-timeline/1", session.tulay.payouts().timeline(&args.reference).await?),
    };
    Report::new(form, session.environment())
        .member("reference", args.reference.as_str())
        .list("events", values(&session, &events))
        .table(&HEADER, rows(&session, &events))
        .print(global.format(), Exit::Done)
}

/// The columns of a timeline.
pub(in crate::commands) const HEADER: [&str; 5] = ["at", "event", "attempt", "what", "by"];

/// The rows of a timeline.
pub(in crate::commands) fn rows(session: &Session, events: &[Event]) -> Vec<Vec<String>> {
    events.iter().map(|event| Line::of(session, &event.change).to_row(event)).collect()
}

/// The documents of a timeline.
pub(in crate::commands) fn values(session: &Session, events: &[Event]) -> Vec<Value> {
    events.iter().map(|event| Line::of(session, &event.change).to_json(event)).collect()
}

/// What is shown of an event. It has no personal data.
#[derive(Default)]
struct Line {
    attempt: Option<u8>,
    provider: Option<String>,
    order_id: Option<String>,
    what: Vec<String>,
}

impl Line {
    fn of(session: &Session, change: &Change) -> Self {
        let mut line = Self::default();
        match change {
            Change::Accepted { send_by, original, .. } => {
                line.say(send_by.map(|at| format!("to be sent until {at:.0}")));
                line.say(original.as_ref().map(|it| {
                    let (reference, paid) = (it.provider_reference.as_str(), it.paid);
                    let stated = if it.is_stated { ", as was stated" } else { "" };
                    format!("of payment {reference}, of which {paid} was paid{stated}")
                }));
            }
            Change::Intended { attempt, begins, .. } => {
                line.attempt = Some(*attempt);
                match begins {
                    Some(begins) => {
                        line.provider = Some(name(session, &begins.merchant_account));
                        line.order_id = Some(begins.order_id.to_string());
                        line.say(Some("sent under a new order id"));
                    }
                    None => line.say(Some("sent again under the same order id")),
                }
            }
            Change::Answered { attempt, outcome, word, reason, is_mismatch, .. } => {
                line.attempt = Some(*attempt);
                line.say(Some(outcome.as_ref().map_or_else(|| "unknown".into(), named)));
                line.say(word.as_ref().map(named));
                line.say(is_mismatch.then_some("another amount or currency"));
                line.say(reason.as_ref().map(ToString::to_string));
            }
            Change::LookedUp { attempt, finding, reason, .. } => {
                line.attempt = Some(*attempt);
                line.say(Some(named(finding)));
                line.say(reason.as_ref().map(ToString::to_string));
            }
            Change::Notified { attempt, word, is_evidence, is_mismatch, .. } => {
                line.attempt = Some(*attempt);
                let proof = if *is_evidence { "evidence" } else { "a hint, so it is looked up" };
                line.say(Some(format!("{}: {proof}", named(word))));
                line.say(is_mismatch.then_some("another amount or currency"));
            }
            Change::Searched { sightings, reviews, .. } => {
                for sighting in sightings {
                    let at = name(session, &sighting.place.merchant_account);
                    let amount = sighting.amount.map(|amount| format!(", {amount}"));
                    let (country, amount) = (sighting.place.country, amount.unwrap_or_default());
                    line.say(Some(format!("an order at {at} in {country}{amount}")));
                }
                if sightings.is_empty() {
                    line.say(Some("no order that the journal does not know"));
                }
                reviews.iter().for_each(|reason| line.say(Some(named(reason))));
            }
            Change::Adopted(adoption) => {
                line.attempt = Some(adoption.attempt);
                line.provider = Some(name(session, &adoption.begins.merchant_account));
                line.order_id = Some(adoption.begins.order_id.to_string());
                line.say(Some(format!(
                    "an order that the journal did not know: {}",
                    named(&adoption.finding)
                )));
            }
            Change::Linked { reference, reason } => {
                line.say(Some(format!("{reference}: {}", named(reason))));
            }
            Change::ReferenceShared { attempt } => {
                line.attempt = Some(*attempt);
                line.say(Some("another order has the same provider reference"));
            }
            Change::Declared { attempt, declaration, sendings, source, note } => {
                line.attempt = Some(*attempt);
                let (declared, source) = (named(declaration), named(source));
                let s = if *sendings == 1 { "" } else { "s" };
                let covers = format!("covers {sendings} sending{s}");
                line.say(Some(format!("{declared} by a {source}, {covers}: {note}")));
            }
            Change::Closed { attempt, standing } => {
                line.attempt = Some(*attempt);
                line.say(Some(named(standing)));
            }
            Change::Deferred { reason, until } => {
                line.say(Some(format!("{reason}; until {until:.0}")));
            }
            Change::Ended { ending, reason } => {
                line.say(Some(named(ending)));
                line.say(reason.as_ref().map(ToString::to_string));
            }
            Change::Cleared { reason } => line.say(Some(named(reason))),
            _ => {}
        }
        line
    }

    fn say(&mut self, text: Option<impl Into<String>>) {
        self.what.extend(text.map(Into::into));
    }

    fn to_json(&self, event: &Event) -> Value {
        json!({
            "number": event.number,
            "at": event.at,
            "event": event.change.kind(),
            "attempt": self.attempt,
            "provider": self.provider,
            "order_id": self.order_id,
            "what": self.what.join("; "),
            "actor": event.actor,
        })
    }

    fn to_row(&self, event: &Event) -> Vec<String> {
        let through = self.provider.as_ref().map(|provider| format!("through {provider}"));
        let what: Vec<String> = self.what.iter().cloned().chain(through).collect();
        vec![
            format!("{:.0}", event.at),
            event.change.kind().to_owned(),
            self.attempt.map_or_else(|| "-".into(), |attempt| attempt.to_string()),
            what.join("; "),
            event.actor.clone().unwrap_or_else(|| "-".into()),
        ]
    }
}

/// The name in the configuration; else the adapter and the masked account.
fn name(session: &Session, account: &MerchantAccount) -> String {
    let mut providers = session.tulay.providers();
    match providers.find(|provider| provider.merchant_account() == account) {
        Some(provider) => provider.id().to_string(),
        None => format!("{} (mch {})", account.adapter, account.masked()),
    }
}

/// The name that a value has in the journal, with its parts: `rejected: funds, 402`.
fn named(value: &impl serde::Serialize) -> String {
    text(&serde_json::to_value(value).unwrap_or_default())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('_', " "),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let parts = members.map(|(name, value)| match value {
                Value::Bool(true) => name.replace('_', " "),
                Value::Bool(false) => String::new(),
                value => format!("{} {}", name.replace('_', " "), text(value)),
            });
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        }
        value => value.to_string(),
    }
}
