//! Every request and every reading of one account, as text for a snapshot.

use crate::{
    case::Case,
    checks::ids::content,
    harness::{Harness, Proves},
    outcome::{Unmet, shown},
    platform::Script,
    stage::{Call, Stage},
};
use std::{fmt::Debug, sync::Arc};
use tulay_core::{Handling, Operation};

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
    let done = || Script::all(Case::done());
    text.push_str(&format!("{:?}\n{roles:?}\n", stage.provider));
    if let Some(role) = roles.health {
        let call = stage.call(Operation::Health, None, done(), role.check());
        exchange(stage, text, "health", &call);
    }
    if let Some(role) = roles.balances {
        for (account, country, currency) in role.accounts().iter().copied() {
            let balance = role.balance(account, country, currency);
            let call = stage.call(Operation::Balance, None, done(), balance);
            exchange(stage, text, "balance", &call);
        }
    }
    if let Some(role) = roles.institutions {
        let country = stage.request()?.country;
        let call = stage.call(Operation::Institutions, None, done(), role.list(country));
        exchange(stage, text, "institutions", &call);
    }
    for corridor in stage.corridors()? {
        let place = format!("{} {} by {}", corridor.country, corridor.currency, corridor.channel);
        let order = stage.prepared(&stage.harness.request(&corridor))?;
        let call = stage.create(&order, Script::all(stage.pending()))?;
        exchange(stage, text, &format!("payout, {place}"), &call);
    }
    let order = stage.order()?;
    let lookup = stage.lookup(&order).ok();
    for (word, _) in stage.harness.statuses() {
        if let Some(lookup) = &lookup {
            let call = stage.find(lookup, Script::all(Case::order(&word)))?;
            exchange(stage, text, &format!("look-up, {word}"), &call);
        }
        let about = lookup.as_ref().unwrap_or(&order.lookup);
        let raw = stage.harness.notification(about, &Case::order(&word));
        if let Some((role, raw)) = roles.notifications.zip(raw) {
            text.push_str(&format!("\n## notification, {word}\n{:?}\n", role.open(&raw)));
        }
    }
    text.push_str("\n## codes of a payout\n");
    for code in stage.harness.codes(Operation::Payout) {
        if code.proves != Proves::Success {
            let call = stage.create(&order, Script::all(Case::code(&code.code)))?;
            if let (false, Err(error)) = (call.unsaid, &call.result) {
                text.push_str(&format!("{} {:?} {}\n", code.code, code.proves, shown(error)));
            }
        }
    }
    if let Some(role) = roles.notifications {
        text.push_str("\n## acknowledgements\n");
        for handling in [Handling::Stored, Handling::Refused, Handling::Busy] {
            let answer = role.acknowledge(handling);
            let body = String::from_utf8_lossy(answer.body()).into_owned();
            text.push_str(&format!("{handling:?} {} {body}\n", answer.status()));
        }
    }
    Ok(())
}

fn exchange<T: Debug>(stage: &Stage, text: &mut String, title: &str, call: &Call<T>) {
    text.push_str(&format!("\n## {title}\n"));
    for sent in &call.sent {
        text.push_str(&format!("> {}\n", content(&stage.harness, sent)));
    }
    match &call.result {
        Ok(read) => text.push_str(&format!("{read:#?}\n")),
        Err(error) => text.push_str(&format!("{}\n", shown(error))),
    }
}
