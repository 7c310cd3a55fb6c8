//! Every request and every reading of one account, as text for a snapshot.

use crate::{
    case::{Case, Repeats},
    change::Change,
    checks::ids::content,
    fixture::{Call, Fixture},
    harness::{Harness, Proves},
    order::{Kind, Order},
    outcome::{Unmet, shown},
    platform::Script,
    reading::{self, Reading},
};
use std::sync::Arc;
use tulay_core::{Found, Handling, Lookup, Operation};

pub(crate) fn of(harness: &Arc<dyn Harness>) -> String {
    let fixture = Fixture::new(harness);
    let mut text = String::new();
    if let Err(unmet) = write(&fixture, &mut text) {
        text.push_str(&match unmet {
            Unmet::Fails(why) => format!("# it fails: {why}\n"),
            Unmet::NotOffered(why) => format!("# {why}\n"),
        });
    }
    text
}

fn write(fixture: &Fixture, text: &mut String) -> Result<(), Unmet> {
    let roles = fixture.provider.roles();
    text.push_str(&format!("{:?}\n{roles:?}\n", fixture.provider));
    for reading in reading::all(fixture)? {
        let call = reading::ask(fixture, &reading, Script::all(answer_to(&reading)))?;
        exchange(fixture, text, reading.operation().as_str(), &call);
    }
    for kind in fixture.kinds()? {
        of_an_order(fixture, kind, text)?;
    }
    for change in Change::all(fixture)? {
        let call = change.make(fixture, Script::all(change.carried_out.clone()))?;
        exchange(fixture, text, &change.what, &call.map(|seen| seen.printed));
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

fn of_an_order(fixture: &Fixture, kind: Kind, text: &mut String) -> Result<(), Unmet> {
    for corridor in fixture.corridors(kind)? {
        let mut place =
            format!("{} {} by {}", corridor.country, corridor.currency, corridor.channel);
        if let Some(rail) = corridor.rail {
            place.push_str(&format!(" over {rail}"));
        }
        let order = fixture.order_of(kind, &fixture.sample(kind, &corridor)?)?;
        let call = fixture.create(&order, Script::all(fixture.first(kind)?))?;
        exchange(fixture, text, &format!("{kind}, {place}"), &call.map(|seen| seen.printed));
    }
    let order = fixture.order(kind)?;
    let lookup = fixture.lookup_if_offered(&order)?;
    for (word, _) in fixture.words(kind)? {
        if let Some(lookup) = &lookup {
            let call = fixture.find(kind, lookup, Script::all(Case::order(&word)))?;
            let call = call.map(|found| match found {
                Found::Found(seen) => {
                    format!("Found(\n    {},\n)", seen.printed.replace('\n', "\n    "))
                }
                Found::Absent(response) => format!("Absent({response:?})"),
            });
            exchange(fixture, text, &format!("look-up of a {kind}, {word}"), &call);
        }
    }
    if kind != Kind::StaticCode {
        let about = lookup.as_ref().unwrap_or(order.lookup());
        for (word, _) in fixture.notified(kind) {
            notified(fixture, text, about, &format!("a {kind}"), &word);
        }
    }
    if kind == Kind::StaticCode {
        of_payments(fixture, &order, text)?;
    }
    text.push_str(&format!("\n## codes of a {kind}\n"));
    for code in fixture.harness.codes(kind.creates()) {
        if code.proves != Proves::Success {
            let call = fixture.create(&order, Script::all(Case::code(&code.code)))?;
            if let (false, Err(error)) = (call.unsaid, &call.result) {
                text.push_str(&format!("{} {:?} {}\n", code.code, code.proves, shown(error)));
            }
        }
    }
    Ok(())
}

/// What was paid to a static code, listed and notified.
fn of_payments(fixture: &Fixture, order: &Order, text: &mut String) -> Result<(), Unmet> {
    let mut about = fixture.stored(order)?;
    about.amount = Some(reading::paid(&about));
    let listed = fixture.offers(order.kind, Operation::StaticCodePayments);
    for (word, _) in fixture.harness.statuses(Operation::StaticCodePayments) {
        if listed {
            let payments = Reading::Payments(about.clone());
            let call = reading::ask(fixture, &payments, Script::all(Case::order(&word)))?;
            exchange(fixture, text, &format!("payments of a static code, {word}"), &call);
        }
    }
    for (word, _) in fixture.notified(order.kind) {
        notified(fixture, text, &about, "a static code's payment", &word);
    }
    Ok(())
}

fn notified(fixture: &Fixture, text: &mut String, about: &Lookup, what: &str, word: &str) {
    let raw = fixture.harness.notification(about, &Case::order(word));
    if let Some((role, raw)) = fixture.provider.roles().webhooks.zip(raw) {
        let opened = role.open(&raw);
        text.push_str(&format!("\n## notification of {what}, {word}\n{opened:?}\n"));
    }
}

fn exchange(fixture: &Fixture, text: &mut String, title: &str, call: &Call<String>) {
    text.push_str(&format!("\n## {title}\n"));
    for sent in &call.sent {
        text.push_str(&format!("> {}\n", content(&fixture.harness, sent)));
    }
    match &call.result {
        Ok(read) => text.push_str(&format!("{read}\n")),
        Err(error) => text.push_str(&format!("{}\n", shown(error))),
    }
}
