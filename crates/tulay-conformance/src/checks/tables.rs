//! Result codes and statuses: each documented one has its documented meaning; others have none.

use crate::{
    any_status::AnyStatus,
    case::Case,
    checks::{faults::named_before, ids::stands_whole},
    fixture::{Fixture, each},
    harness::{Code, Harness, Proves},
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Move, Script},
};
use std::sync::Arc;
use tulay_core::{Echo, Effect, Error, ErrorKind, Found, Operation};

/// Words no platform has.
pub(super) const NO_STATUS: [&str; 4] =
    ["SOMETHING_NEW", "SUCCESSFUL_ALMOST", "FAILURE_PENDING", "0"];

/// Why an order failed, by a code that no platform has.
const FAILURE: &str = "ZZ-9";

pub(crate) fn creation_codes_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let steps = fixture.steps(&order)?;
        let spacing = fixture.guarantees(kind)?.payee_spacing;
        let documented = documented(harness, kind.creates())?;
        for code in documented {
            if code.proves == Proves::Success || code.proves == Proves::Duplicate {
                continue;
            }
            let mut said = false;
            for step in 1..=steps {
                let response = Move::Say(Case::code(&code.code));
                let script = Script::all(fixture.first(kind)?).at(step, response);
                let call = fixture.create(&order, script)?;
                if call.unsaid {
                    continue;
                }
                said = true;
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!("{} is taken for success", code.code)));
                };
                let spaced = code.proves != Proves::Spacing
                    || (error.kind() == ErrorKind::TooEarly && error.retry_after() == spacing);
                ensure!(spaced, "{} proves spacing, but is read as {}", code.code, shown(&error));
                // What an earlier step left behind keeps a rejection of this one from proving anything,
                // unless the documents say that it ends with it.
                let left = step > 1 && error.provider_reference().is_some();
                let cautious =
                    left && (error.effect(), error.is_permanent()) == (Effect::Unknown, false);
                if !cautious {
                    is_proven(&code, &error)?;
                }
                ensure!(
                    call.sent.len() == step,
                    "after {} in step {step} another request is sent",
                    code.code
                );
            }
            ensure!(said, "the harness lists {}, but never says it", code.code);
        }
        Ok(())
    })
}

pub(crate) fn lookup_codes_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let lookup = fixture.lookup(&fixture.order(kind)?)?;
        let steps = fixture.find_steps(kind, &lookup)?;
        let documented = documented(harness, kind.finds())?;
        for code in documented.iter().filter(|code| code.proves != Proves::Success) {
            let said = Move::Say(Case::code(&code.code));
            let script = Script::all(fixture.first(kind)?).at(steps, said);
            let call = fixture.find(kind, &lookup, script)?;
            ensure!(!call.unsaid, "the harness lists {}, but does not say it", code.code);
            let absent = code.proves == Proves::Absent;
            match call.result {
                Ok(Found::Absent(response)) if absent => {
                    ensure!(
                        response.code.as_deref() == Some(&code.code),
                        "the answer that says there is no such order is kept without its code"
                    );
                }
                Ok(found) => {
                    return Err(Unmet::fails(format!(
                        "{} proves {:?}, but is read as {found:?}",
                        code.code, code.proves
                    )));
                }
                Err(error) => ensure!(
                    !absent && error.effect() == Effect::Unknown,
                    "{} proves {:?}, but is read as {}",
                    code.code,
                    code.proves,
                    shown(&error)
                ),
            }
        }
        let script = Script::all(fixture.first(kind)?).at(steps, Move::Say(Case::absent()));
        let call = fixture.find(kind, &lookup, script)?;
        if !call.unsaid {
            ensure!(
                matches!(call.result, Ok(Found::Absent(_))),
                "\"no such order\" is not read as absent: {:?}",
                call.result
            );
        }
        Ok(())
    })
}

pub(crate) fn unlisted_codes_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let steps = fixture.steps(&order)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        let documented = harness.codes(kind.creates());
        let mut unlisted = vec!["".to_owned(), "ZZ".to_owned(), "98765".to_owned()];
        for code in &documented {
            let mut chars = code.code.chars();
            chars.next_back();
            unlisted.extend([format!("{}0", code.code), chars.as_str().to_owned()]);
        }
        unlisted.retain(|code| documented.iter().all(|listed| listed.code != *code));
        unlisted.sort();
        unlisted.dedup();
        for code in unlisted {
            let said = || Move::Say(Case::code(&code));
            let call =
                fixture.create(&order, Script::all(fixture.first(kind)?).at(steps, said()))?;
            if !call.unsaid {
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!(
                        "the unlisted {code:?} is taken for success"
                    )));
                };
                ensure!(
                    error.effect() == Effect::Unknown && !error.is_permanent(),
                    "the unlisted {code:?} is read as {}",
                    shown(&error)
                );
            }
            if let Some(lookup) = &lookup {
                let call = fixture.find(kind, lookup, Script::all(Case::code(&code)))?;
                ensure!(
                    call.unsaid || call.result.is_err(),
                    "the unlisted {code:?} is read in a look-up"
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn creation_statuses_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let echoes = &fixture.guarantees(kind)?.echoes;
        let named = named_before(fixture, &order, fixture.steps(&order)?)?;
        let named = named.filter(|_| echoes.contains(&Echo::ProviderReference));
        for (word, means) in fixture.words(kind)? {
            let call = fixture.create(&order, Script::all(Case::order(&word)))?;
            if call.unsaid {
                continue;
            }
            let body =
                call.response.as_ref().map(|response| String::from_utf8_lossy(response.body()));
            let repeated = body.zip(named.as_ref());
            let repeated =
                repeated.is_some_and(|(body, named)| stands_whole(&body, named.as_str()));
            let seen = call.accepted()?;
            let status = seen.status;
            let others = echoes.iter().all(|part| match part {
                Echo::OrderId => seen.order_id.is_some(),
                Echo::Amount => seen.amount.is_some(),
                _ => true,
            });
            // What an answer to a creation leaves out can keep it from being final.
            let cautious = means.is_final() && status.is_pending() && !(repeated && others);
            ensure!(
                status == means || cautious,
                "{word} means {means}, but is read as {status}{}",
                match repeated {
                    true => ", although the last answer names the order as an earlier step did",
                    false => "",
                }
            );
        }
        Ok(())
    })
}

pub(crate) fn lookup_statuses_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let lookup = fixture.lookup(&fixture.order(kind)?)?;
        let echoes = &fixture.guarantees(kind)?.echoes;
        for (word, means) in fixture.words(kind)? {
            let call = fixture.find(kind, &lookup, Script::all(Case::order(&word)))?;
            let Found::Found(seen) = call.accepted()? else {
                return Err(Unmet::fails(format!("{word} is read as absent")));
            };
            let named =
                [seen.order_id.is_some(), seen.amount.is_some(), seen.provider_reference.is_some()];
            ensure!(
                seen.status == means,
                "{word} means {means}, but is read as {}{}",
                seen.status,
                not_final_because(&means, &seen.status, named, echoes)
            );
            let amounts = seen.amount.as_ref().zip(lookup.amount);
            let exact = amounts
                .is_none_or(|(stated, asked)| stated.in_currency(asked.currency()) == Some(asked));
            ensure!(exact, "{word}: the amount differs from the request's");
            if !means.is_failure() {
                continue;
            }
            ensure!(
                seen.failure.is_some(),
                "{word} has no failure, not even one of unknown reason"
            );
            let case = Case::order(&word).failing_for(FAILURE);
            let call = fixture.find(kind, &lookup, Script::all(case))?;
            if call.unsaid {
                continue;
            }
            let Found::Found(seen) = call.accepted()? else {
                return Err(Unmet::fails(format!("{word} for {FAILURE} is read as absent")));
            };
            let kept = seen.failure.and_then(|failure| failure.code);
            ensure!(
                kept.as_deref() == Some(FAILURE),
                "{word} for the code {FAILURE} is kept with the code {kept:?}"
            );
        }
        Ok(())
    })
}

/// Why a final status may be read as pending: the message does not repeat the order id, the
/// amount or the provider reference.
pub(crate) fn not_final_because(
    means: &AnyStatus,
    read: &AnyStatus,
    named: [bool; 3],
    echoes: &[Echo],
) -> String {
    if !means.is_final() || read.is_final() {
        return String::new();
    }
    let parts = ["the order id", "the amount", "the platform's own id"];
    let missing: Vec<&str> =
        parts.into_iter().zip(named).filter(|(_, named)| !named).map(|(part, _)| part).collect();
    let missing = match &missing[..] {
        [] => {
            return format!(", although nothing is left out that the guarantees bind: {echoes:?}");
        }
        [one] => format!("not {one}"),
        many => format!("neither {}", many.join(" nor ")),
    };
    format!(": it names {missing}, and the guarantees say that {echoes:?} tell whose it is")
}

pub(crate) fn unknown_statuses_are_not_final(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        for word in NO_STATUS {
            let call = fixture.create(&order, Script::all(Case::order(word)))?;
            let mut read = Vec::new();
            if !call.unsaid {
                read.extend(call.result.ok().map(|seen| seen.status));
            }
            if let Some(lookup) = &lookup {
                let call = fixture.find(kind, lookup, Script::all(Case::order(word)))?;
                if let Ok(Found::Found(seen)) = call.result {
                    read.push(seen.status);
                }
            }
            for status in read {
                // That a code can be paid is more than an unknown word says.
                let believed =
                    status.is_final() || (kind == Kind::StaticCode && status.is_success());
                ensure!(!believed, "the unknown {word} is read as {status}");
                if let Some(kept) = status.unknown() {
                    ensure!(kept == word, "the unknown {word} is kept as {kept}");
                }
            }
        }
        Ok(())
    })
}

pub(super) fn documented(
    harness: &Arc<dyn Harness>,
    operation: Operation,
) -> Result<Vec<Code>, Unmet> {
    let documented = harness.codes(operation);
    if documented.is_empty() {
        return Err(Unmet::fails(format!("the harness lists no codes of a {operation}")));
    }
    Ok(documented)
}

/// Whether an error has the effect that its code proves.
pub(super) fn is_proven(code: &Code, error: &Error) -> Outcome {
    let read = (error.effect(), error.is_permanent());
    let right = match code.proves {
        Proves::Rejection => read == (Effect::Rejected, false),
        Proves::PermanentRejection => read == (Effect::Rejected, true),
        _ => read == (Effect::Unknown, false),
    };
    let tabled = error.kind() != ErrorKind::Unexpected || code.proves == Proves::Nothing;
    ensure!(
        right && tabled,
        "{} proves {:?}, but is read as {}",
        code.code,
        code.proves,
        shown(error)
    );
    Ok(())
}
