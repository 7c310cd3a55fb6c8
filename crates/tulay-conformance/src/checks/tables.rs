//! Result codes and statuses: each documented one has its documented meaning; others have none.

use crate::{
    any_status::AnyStatus,
    case::Case,
    checks::{faults::named_before, ids::stands_whole},
    fixture::{Call, Fixture, each, each_way},
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
        let creation = fixture.creation(&order)?;
        let spacing = fixture.guarantees(kind)?.payee_spacing;
        let mut unsaid = documented(harness, kind.creates())?;
        unsaid.retain(|code| !matches!(code.proves, Proves::Success | Proves::Duplicate));
        for step in 1..=creation.len() {
            for code in fixture.codes(kind, &creation, step) {
                if code.proves == Proves::Success || code.proves == Proves::Duplicate {
                    continue;
                }
                let response = Move::Say(Case::code(&code.code));
                let script = Script::all(fixture.first(kind)?).at(step, response);
                let call = fixture.create(&order, script)?;
                if call.unsaid {
                    continue;
                }
                unsaid.retain(|row| (&row.code, row.step) != (&code.code, code.step));
                let at = format!("{} in step {step}", code.code);
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!("{at} is taken for success")));
                };
                let spaced = code.proves != Proves::Spacing
                    || (error.kind() == ErrorKind::TooEarly && error.retry_after() == spacing);
                ensure!(spaced, "{at} proves spacing, but is read as {}", shown(&error));
                is_proven(&code, &error)
                    .map_err(|unmet| after_a_draft(unmet, fixture.is_drafted(&creation, step)))?;
                ensure!(call.sent.len() == step, "after {at} another request is sent");
            }
        }
        let unsaid = unsaid.first().map(|code| &code.code);
        ensure!(unsaid.is_none(), "the harness lists {unsaid:?}, but never says it");
        Ok(())
    })
}

/// Why a rejection is not believed where it answers a later step.
fn after_a_draft(unmet: Unmet, drafted: bool) -> Unmet {
    match unmet {
        Unmet::Fails(why) if drafted => Unmet::fails(format!(
            "{why}: it answers a request after the one that made the draft, and a draft that is \
             still there can be confirmed; `Code::ends_draft` says that it is not"
        )),
        unmet => unmet,
    }
}

pub(crate) fn lookup_codes_match_the_documents(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let lookup = fixture.lookup(&fixture.order(kind)?)?;
        let steps = fixture.find_steps(kind, &lookup)?;
        let documented = documented(harness, kind.finds())?;
        for code in documented.iter().filter(|code| code.proves != Proves::Success) {
            let said = Move::Say(Case::code(&code.code));
            let script = Script::all(fixture.first(kind)?).at(steps, said);
            let call = fixture.find(kind, &lookup, script)?;
            // A code may answer one way of looking up, and not the other.
            if call.unsaid && fixture.forgets {
                continue;
            }
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
    each_way(harness, |fixture, kind| {
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
            for step in 1..=steps {
                let said = Move::Say(Case::code(&code));
                let script = Script::all(fixture.first(kind)?).at(step, said);
                let call = fixture.create(&order, script)?;
                if !call.unsaid {
                    proves_nothing(&format!("the unlisted {code:?} in step {step}"), &call)?;
                }
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

/// A response with several codes rejects for the first, and says by another that something else may
/// have happened.
pub(crate) fn every_code_of_a_response_counts(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let order = fixture.order(kind)?;
        let mut said = false;
        let creation = fixture.creation(&order)?;
        for step in 1..=creation.len() {
            let codes = fixture.codes(kind, &creation, step);
            for mixed in mixtures(&codes, Proves::is_rejection) {
                let response = Move::Say(Case::codes(mixed.clone()));
                let script = Script::all(fixture.first(kind)?).at(step, response);
                let call = fixture.create(&order, script)?;
                if !call.unsaid {
                    said = true;
                    proves_nothing(&format!("the codes {mixed:?} in step {step}"), &call)?;
                }
            }
        }
        if let Some(lookup) = fixture.lookup_if_offered(&order)? {
            let codes = harness.codes(kind.finds());
            for mixed in mixtures(&codes, |proves| proves == Proves::Absent) {
                let script = Script::all(Case::codes(mixed.clone()));
                let call = fixture.find(kind, &lookup, script)?;
                if !call.unsaid {
                    said = true;
                    proves_nothing(&format!("look-up, the codes {mixed:?}"), &call)?;
                }
            }
        }
        match said {
            true => Ok(()),
            false => Err(Unmet::not_offered("a response has one code")),
        }
    })
}

/// Codes that prove something together with one that does not, in every order: one of each kind,
/// and one that is not listed.
fn mixtures(codes: &[Code], proves: impl Fn(Proves) -> bool) -> Vec<Vec<String>> {
    let mut others = vec!["ZZ".to_owned()];
    for other in [Proves::Nothing, Proves::Duplicate, Proves::Spacing] {
        others.extend(codes.iter().find(|code| code.proves == other).map(|c| c.code.clone()));
    }
    let proving = codes.iter().filter(|code| proves(code.proves)).map(|code| &code.code);
    let mut all = Vec::new();
    for (one, other) in proving.flat_map(|one| others.iter().map(move |other| (one, other))) {
        for mixed in [vec![one, other], vec![other, one], vec![one, other, one]] {
            all.push(mixed.into_iter().cloned().collect());
        }
    }
    all
}

/// Whether a call is in doubt, and not for its content.
fn proves_nothing<T: std::fmt::Debug>(at: &str, call: &Call<T>) -> Outcome {
    match &call.result {
        Ok(read) => Err(Unmet::fails(format!("{at}: read as {read:?}"))),
        Err(error) => {
            let right = error.effect() == Effect::Unknown && !error.is_permanent();
            ensure!(right, "{at}: read as {}", shown(error));
            Ok(())
        }
    }
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
    each_way(harness, |fixture, kind| {
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
    each_way(harness, |fixture, kind| {
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
