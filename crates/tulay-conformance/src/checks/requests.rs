//! Requests as the platform reads and verifies them.

use crate::{
    case::Case,
    change::Change,
    fixture::Fixture,
    harness::Harness,
    noise::flips,
    outcome::{Outcome, Unmet, ensure},
    platform::{Script, Sent},
    reading,
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::Operation;

pub(crate) fn requests_pass_verification(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for (operation, sent) in everything(&fixture)? {
        if let Err(why) = harness.read(&sent) {
            return Err(Unmet::fails(format!("{operation}: the platform refuses it: {why}")));
        }
    }
    Ok(())
}

pub(crate) fn changed_requests_fail_verification(harness: &Arc<dyn Harness>) -> Outcome {
    if !harness.requests_signed() {
        return Err(Unmet::not_offered("requests are not signed"));
    }
    let fixture = Fixture::new(harness);
    for (operation, sent) in everything(&fixture)? {
        for (at, body) in flips(sent.body()) {
            let mut changed = sent.clone();
            *changed.body_mut() = Bytes::from(body);
            ensure!(
                harness.read(&changed).is_err(),
                "{operation}: byte {at} is changed, and the platform does not see it"
            );
        }
    }
    Ok(())
}

/// The requests of every operation there is.
fn everything(fixture: &Fixture) -> Result<Vec<(Operation, Sent)>, Unmet> {
    let mut all = Vec::new();
    let mut keep = |operation, sent: Vec<Sent>| {
        all.extend(sent.into_iter().map(|sent| (operation, sent)));
    };
    for kind in fixture.kinds()? {
        let first = || fixture.first(kind).map(Script::all);
        let order = fixture.order(kind)?;
        keep(kind.creates(), fixture.create(&order, first()?)?.sent);
        if let Some(lookup) = fixture.lookup_if_offered(&order)? {
            keep(kind.finds(), fixture.find(kind, &lookup, first()?)?.sent);
        }
    }
    for change in Change::all(fixture)? {
        let made = change.make(fixture, Script::all(change.carried_out.clone()))?;
        keep(change.operation, made.sent);
    }
    for reading in reading::all(fixture)? {
        let call = reading::ask(fixture, &reading, Script::all(Case::done()))?;
        keep(reading.operation(), call.sent);
    }
    Ok(all)
}
