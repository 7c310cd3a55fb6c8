//! Every request and every reading of one account, as text for a snapshot.

use crate::{
    case::{Case, Repeats},
    change::Change,
    checks::ids::content,
    harness::{Harness, Proves},
    order::{Kind, Order},
    outcome::{Unmet, shown},
    platform::Script,
    reading::{self, Reading},
    stage::{Call, Stage},
};
use std::sync::Arc;
use tulay_core::{Found, Handling, Lookup, Operation};

pub(crate) fn of(harness: &Arc<dyn Harness>) -> String {
    let stage = Stage::new(harness);
    let mut text = String::new();
    if let Err(unmet) = write(&stage, &mut text) {
        text.push_str(&match unmet {
            Unmet::Fails(why) => format!("# it fails: {why}\n"),
            Unmet::NotOffered(why) => format!("# {why}\n"),
        });
    }
    text
}

fn write(stage: &Stage, text: &mut String) -> Result<(), Unmet> {
    let roles = stage.provider.roles();
    text.push_str(&format!("{:?}\n{roles:?}\n", stage.provider));
    for reading in reading::all(stage)? {
        let call = reading::ask(stage, &reading, Script::all(answer_to(&reading)))?;
        exchange(stage, text, reading.operation().as_str(), &call);
    }
    for kind in stage.kinds()? {
        of_an_order(stage, kind, text)?;
    }
    for change in Change::all(stage)? {
        let call = change.make(stage, Script::all(change.carried_out.clone()))?;
        exchange(stage, text, &change.what, &call.map(|seen| seen.printed));
    }
    if let Some(role) = roles.webhooks {
        text.push_str("\n## acknowledgements\n");
        for handling in [Handling::Stored, Handling::Rejected, Handling::Busy] {
            let response = role.acknowledge(handling);
            let body = String::from_utf8_lossy(response.body()).into_owned();
            text.push_str(&format!("{handling:?} {} {body}\n", response.status()));
        }
    }
    Ok(())
}

/// The plainest answer that says something.
fn answer_to(reading: &Reading) -> Case {
    match reading {
        Reading::Inspection(_) => Case::scanned(Repeats::All),
        Reading::Report(..) => Case::link("https://files.example/2026-11-19.csv"),
        _ => Case::done(),
    }
}

fn of_an_order(stage: &Stage, kind: Kind, text: &mut String) -> Result<(), Unmet> {
    for corridor in stage.corridors(kind)? {
        let place = format!("{} {} by {}", corridor.country, corridor.currency, corridor.channel);
        let order = stage.order_of(kind, &stage.sample(kind, &corridor)?)?;
        let call = stage.create(&order, Script::all(stage.first(kind)?))?;
        exchange(stage, text, &format!("{kind}, {place}"), &call.map(|seen| seen.printed));
    }
    let order = stage.order(kind)?;
    let lookup = stage.lookup_if_offered(&order)?;
    for (word, _) in stage.words(kind)? {
        if let Some(lookup) = &lookup {
            let call = stage.find(kind, lookup, Script::all(Case::order(&word)))?;
            let call = call.map(|found| match found {
                Found::Found(seen) => {
                    format!("Found(\n    {},\n)", seen.printed.replace('\n', "\n    "))
                }
                Found::Absent(response) => format!("Absent({response:?})"),
            });
            exchange(stage, text, &format!("look-up of a {kind}, {word}"), &call);
        }
        if kind != Kind::StaticCode {
            let about = lookup.as_ref().unwrap_or(order.lookup());
            notified(stage, text, about, &format!("a {kind}"), &word);
        }
    }
    if kind == Kind::StaticCode {
        of_payments(stage, &order, text)?;
    }
    text.push_str(&format!("\n## codes of a {kind}\n"));
    for code in stage.harness.codes(kind.creates()) {
        if code.proves != Proves::Success {
            let call = stage.create(&order, Script::all(Case::code(&code.code)))?;
            if let (false, Err(error)) = (call.unsaid, &call.result) {
                text.push_str(&format!("{} {:?} {}\n", code.code, code.proves, shown(error)));
            }
        }
    }
    Ok(())
}

/// What was paid to a static code, listed and notified.
fn of_payments(stage: &Stage, order: &Order, text: &mut String) -> Result<(), Unmet> {
    let mut about = stage.stored(order)?;
    about.amount = Some(reading::paid(&about));
    let listed = stage.offers(order.kind, Operation::StaticCodePayments);
    for (word, _) in stage.harness.other_statuses(Operation::StaticCodePayments) {
        if listed {
            let payments = Reading::Payments(about.clone());
            let call = reading::ask(stage, &payments, Script::all(Case::order(&word)))?;
            exchange(stage, text, &format!("payments of a static code, {word}"), &call);
        }
        notified(stage, text, &about, "a static code's payment", &word);
    }
    Ok(())
}

fn notified(stage: &Stage, text: &mut String, about: &Lookup, what: &str, word: &str) {
    let raw = stage.harness.notification(about, &Case::order(word));
    if let Some((role, raw)) = stage.provider.roles().webhooks.zip(raw) {
        let opened = role.open(&raw);
        text.push_str(&format!("\n## notification of {what}, {word}\n{opened:?}\n"));
    }
}

fn exchange(stage: &Stage, text: &mut String, title: &str, call: &Call<String>) {
    text.push_str(&format!("\n## {title}\n"));
    for sent in &call.sent {
        text.push_str(&format!("> {}\n", content(&stage.harness, sent)));
    }
    match &call.result {
        Ok(read) => text.push_str(&format!("{read}\n")),
        Err(error) => text.push_str(&format!("{}\n", shown(error))),
    }
}
