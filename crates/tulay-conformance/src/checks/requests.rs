//! What is sent, as the platform sees it.

use crate::{
    case::Case,
    harness::Harness,
    noise::flips,
    outcome::{Outcome, Unmet, ensure},
    platform::{Script, Sent},
    stage::Stage,
};
use bytes::Bytes;
use std::sync::Arc;
use tulay_core::Operation;

pub(crate) fn requests_are_genuine(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for (operation, sent) in everything(&stage)? {
        if let Err(why) = harness.read(&sent) {
            return Err(Unmet::fails(format!("{operation}: the platform refuses it: {why}")));
        }
    }
    Ok(())
}

pub(crate) fn changed_requests_are_turned_away(harness: &Arc<dyn Harness>) -> Outcome {
    if !harness.requests_signed() {
        return Err(Unmet::not_offered("requests are not signed"));
    }
    let stage = Stage::new(harness);
    for (operation, sent) in everything(&stage)? {
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
fn everything(stage: &Stage) -> Result<Vec<(Operation, Sent)>, Unmet> {
    let mut all = Vec::new();
    let mut keep = |operation, sent: Vec<Sent>| {
        all.extend(sent.into_iter().map(|sent| (operation, sent)));
    };
    let done = || Script::all(Case::done());
    let roles = stage.provider.roles();
    if roles.payouts.is_some() {
        let order = stage.order()?;
        keep(Operation::Payout, stage.create(&order, Script::all(stage.pending()))?.sent);
        if let Some(lookup) = stage.lookup_if_offered(&order)? {
            let find = stage.find(&lookup, Script::all(stage.pending()))?;
            keep(Operation::PayoutFind, find.sent);
        }
    }
    if let Some(role) = roles.balances {
        for (account, country, currency) in role.accounts().iter().copied() {
            let balance = role.balance(account, country, currency);
            keep(Operation::Balance, stage.call(Operation::Balance, None, done(), balance).sent);
        }
    }
    if let Some(role) = roles.institutions {
        for corridor in stage.corridors()? {
            let list = role.list(corridor.country);
            let call = stage.call(Operation::Institutions, None, done(), list);
            keep(Operation::Institutions, call.sent);
        }
    }
    if let Some(role) = roles.health {
        keep(Operation::Health, stage.call(Operation::Health, None, done(), role.check()).sent);
    }
    Ok(all)
}
