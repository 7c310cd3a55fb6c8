//! Cancelling a collection, and changing the status of a static code.

use crate::{
    any_status::AnyStatus,
    case::{Case, Repeats},
    change::Change,
    checks::{
        agreement::{OTHER_ACCOUNTS, by_echo},
        faults::{failing, faults, one_request_each, proves_nothing},
        tables::{NO_STATUS, documented, is_proven},
    },
    fixture::Fixture,
    harness::{Harness, Proves},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Move, Script},
};
use std::sync::Arc;
use tulay_core::{CollectionStatus, Effect, Error, ErrorKind};

pub(crate) fn cancellations_match_the_status(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let change = Change::cancelling(&fixture)?
        .ok_or_else(|| Unmet::not_offered("no collection can be withdrawn"))?;
    let closed = AnyStatus::from(CollectionStatus::Closed);
    for (word, means) in fixture.words(Kind::Collection)? {
        let call = change.make(&fixture, Script::all(Case::order(&word)))?;
        if call.unsaid {
            continue;
        }
        match call.result {
            Ok(seen) => {
                let paid = means == CollectionStatus::Paid.into();
                ensure!(!paid, "{word}: it is paid, and taken for withdrawn");
                ensure!(seen.status == means, "{word} means {means}, but is {}", seen.status);
            }
            Err(error) => {
                ensure!(means != closed, "{word}: it is withdrawn, but read as {}", shown(&error));
                // It is over otherwise: nothing was withdrawn, and that is certain.
                let right = means.is_final()
                    && (error.kind(), error.effect()) == (ErrorKind::State, Effect::Rejected);
                let in_doubt = error.effect() == Effect::Unknown;
                ensure!(right || in_doubt, "{word} is read as {}", shown(&error));
                let paid = means == CollectionStatus::Paid.into();
                ensure!(!paid || right, "{word}: it is paid, but read as {}", shown(&error));
            }
        }
    }
    for word in NO_STATUS {
        let call = change.make(&fixture, Script::all(Case::order(word)))?;
        if let (false, Ok(seen)) = (call.unsaid, call.result) {
            ensure!(!seen.status.is_final(), "the unknown {word} is read as {}", seen.status);
        }
    }
    contradictions(&fixture, &change)
}

pub(crate) fn static_code_changes_match_the_status(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let mut changes = Change::all(&fixture)?;
    changes.retain(|change| change.kind == Kind::StaticCode);
    if changes.is_empty() {
        return Err(Unmet::not_offered("no code can be given another state"));
    }
    for change in changes {
        let what = &change.what;
        for (word, means) in fixture.words(Kind::StaticCode)? {
            let call = change.make(&fixture, Script::all(Case::order(&word)))?;
            if let (false, Ok(seen)) = (call.unsaid, call.result) {
                ensure!(seen.status == means, "{what}: {word} is read as {}", seen.status);
                let ours = seen.order_id.as_ref() == Some(&change.lookup.order_id);
                ensure!(ours, "{what}: it is about another code");
            }
        }
        let made = change.make(&fixture, Script::all(change.carried_out.clone()))?.accepted()?;
        ensure!(made.status == change.target.clone().into(), "{what}: it is {}", made.status);
        for word in NO_STATUS {
            let call = change.make(&fixture, Script::all(Case::order(word)))?;
            if let (false, Ok(seen)) = (call.unsaid, call.result) {
                let is_unknown = seen.status.unknown().is_some();
                ensure!(is_unknown, "{what}: the unknown {word} is read as {}", seen.status);
            }
        }
        contradictions(&fixture, &change)?;
    }
    Ok(())
}

fn contradictions(fixture: &Fixture, change: &Change) -> Outcome {
    for repeats in [Repeats::OtherOrder, Repeats::OtherAmount].into_iter().chain(OTHER_ACCOUNTS) {
        let case = change.carried_out.clone().repeating(repeats);
        let call = change.make(fixture, Script::all(case))?;
        // A code has no amount that an answer could repeat.
        let amountless = change.kind == Kind::StaticCode && repeats == Repeats::OtherAmount;
        if !call.unsaid && !amountless {
            by_echo(repeats)(&format!("{}, {repeats:?}", change.what), call.result.err().as_ref())?;
        }
    }
    Ok(())
}

pub(crate) fn change_codes_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let changes = Change::all(&fixture)?;
    if changes.is_empty() {
        return Err(Unmet::not_offered("nothing that was made can be changed"));
    }
    for change in changes {
        let usual = || Script::all(change.carried_out.clone());
        for code in documented(harness, change.operation)? {
            if code.proves == Proves::Success {
                continue;
            }
            let said = Move::Say(Case::code(&code.code));
            let call = change.make(&fixture, usual().at(1, said))?;
            ensure!(!call.unsaid, "the harness lists {}, but does not say it", code.code);
            let Err(error) = call.result else {
                let (what, code) = (&change.what, &code.code);
                return Err(Unmet::fails(format!("{what}: {code} is taken for success")));
            };
            is_proven(&code, &error)?;
        }
        for unlisted in ["", "ZZ", "98765"] {
            let call = change.make(&fixture, usual().at(1, Move::Say(Case::code(unlisted))))?;
            let effect = call.result.as_ref().err().map(Error::effect);
            ensure!(
                call.unsaid || effect == Some(Effect::Unknown),
                "{}: the unlisted {unlisted:?} has the effect {effect:?}",
                change.what
            );
        }
    }
    Ok(())
}

/// Cancelling a collection and changing the status of a code send one request each. After a fault
/// it is unknown whether the change was made.
pub(crate) fn change_faults_have_the_right_effect(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let changes = Change::all(&fixture)?;
    if changes.is_empty() {
        return Err(Unmet::not_offered("nothing that was made can be changed"));
    }
    for change in changes {
        for fault in faults(&change.carried_out) {
            let at = format!("{}, {}", change.what, fault.what);
            let script = Script::all(change.carried_out.clone()).at(1, fault.makes);
            let call = change.make(&fixture, script)?;
            one_request_each(&at, 1, &call)?;
            let Err(error) = call.result else {
                return Err(Unmet::fails(format!("{at}: taken for success")));
            };
            let expected = if fault.nothing_left { Effect::NotSent } else { Effect::Unknown };
            ensure!(error.effect() == expected, "{at}: read as {}", shown(&error));
        }
        for status in [500_u16, 503] {
            let failing = failing(change.carried_out.clone(), status);
            let script = Script::all(change.carried_out.clone()).at(1, failing);
            proves_nothing(
                &format!("{}, HTTP {status}", change.what),
                &change.make(&fixture, script)?,
            )?;
        }
    }
    Ok(())
}
