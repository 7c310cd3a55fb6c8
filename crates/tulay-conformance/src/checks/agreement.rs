//! Answers that contradict what was asked, and answers that leave out what would tell.

use crate::{
    case::{Case, Echo},
    harness::Harness,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    stage::{Stage, is_final},
};
use std::sync::Arc;
use tulay_core::{Bound, Effect, ErrorKind, Found};

pub(crate) fn another_amount_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    contradiction(harness, Echo::OtherAmount, Bound::Amount)
}

pub(crate) fn another_order_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let by_ours = contradiction(harness, Echo::OtherOrder, Bound::OrderId);
    if !stage.payouts()?.capability().contract.bound.contains(&Bound::ProviderReference) {
        return by_ours;
    }
    // The platform's own id stands for ours, which no answer needs to repeat.
    match by_ours {
        Ok(()) | Err(Unmet::NotOffered(_)) => {}
        fails => return fails,
    }
    contradiction(harness, Echo::OtherReference, Bound::ProviderReference)
}

pub(crate) fn another_account_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    contradiction(harness, Echo::OtherAccount, Bound::Account)
}

pub(crate) fn what_is_not_bound_ends_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let lookup = stage.lookup_if_offered(&order)?;
    let bound = stage.payouts()?.capability().contract.bound.clone();
    let left_out: &[Echo] = match bound.contains(&Bound::ProviderReference) {
        true if bound.contains(&Bound::Amount) => &[Echo::NoAmount, Echo::NoReference],
        true => &[Echo::NoReference],
        false => &[Echo::NoAmount, Echo::NoOrder],
    };
    for (word, _) in stage.last_words() {
        // The answer to a creation may name the order by the message that it answers.
        let case = Case::order(&word).echoing(Echo::NoAmount);
        let call = stage.create(&order, Script::all(case))?;
        if let (false, Ok(payout)) = (call.unsaid, call.result) {
            ensure!(
                !is_final(&payout.status),
                "payout: {word} without an amount is {}",
                payout.status
            );
        }
        let Some(lookup) = &lookup else { continue };
        for echo in left_out.iter().copied() {
            let call = stage.find(lookup, Script::all(Case::order(&word).echoing(echo)))?;
            ensure!(
                !(call.unsaid && echo == Echo::NoReference),
                "the contract binds by the platform's own id: the harness must be able to leave \
                 that out of a look-up"
            );
            if let (false, Ok(Found::Found(payout))) = (call.unsaid, call.result) {
                ensure!(
                    !is_final(&payout.status),
                    "look-up: {word} with {echo:?} is {}",
                    payout.status
                );
            }
        }
    }
    Ok(())
}

fn contradiction(harness: &Arc<dyn Harness>, echo: Echo, bound: Bound) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let lookup = stage.lookup_if_offered(&order)?;
    let must_be_told = stage.payouts()?.capability().contract.bound.contains(&bound);
    let mut told = false;
    for (word, _) in harness.statuses() {
        let case = Case::order(&word).echoing(echo);
        // The platform's own id is news in the answer to a creation.
        if bound != Bound::ProviderReference {
            let call = stage.create(&order, Script::all(case.clone()))?;
            if !call.unsaid {
                told = true;
                mismatch(&format!("payout, {word}"), call.result.err().as_ref())?;
            }
        }
        if let Some(lookup) = &lookup {
            let call = stage.find(lookup, Script::all(case))?;
            ensure!(
                !(call.unsaid && must_be_told),
                "the contract binds {bound:?}, but the harness says that look-ups do not repeat it"
            );
            if !call.unsaid {
                told = true;
                mismatch(&format!("look-up, {word}"), call.result.err().as_ref())?;
            }
        }
    }
    if told { Ok(()) } else { Err(Unmet::not_offered(format!("no answer repeats {bound:?}"))) }
}

fn mismatch(at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
    let Some(error) = refused else {
        return Err(Unmet::fails(format!("{at}: an answer about something else is believed")));
    };
    ensure!(
        (error.kind(), error.effect()) == (ErrorKind::Mismatch, Effect::Unknown),
        "{at}: expected mismatch unknown, found {}",
        shown(error)
    );
    Ok(())
}
