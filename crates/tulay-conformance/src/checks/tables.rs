//! Codes and states: every documented one means what the documents say, and no other anything.

use crate::{
    case::Case,
    harness::{Harness, Proves},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Move, Script},
    stage::{Stage, is_final},
};
use std::sync::Arc;
use tulay_core::{Bound, Effect, ErrorKind, Found, Operation, Payout, PayoutStatus};

/// Words no platform has.
const NO_STATUS: [&str; 4] = ["SOMETHING_NEW", "SUCCESSFUL_ALMOST", "FAILURE_PENDING", "0"];

/// Why an order failed, by a code that no platform has.
const FAILURE: &str = "ZZ-9";

pub(crate) fn codes_of_a_payout(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let steps = stage.steps(&order)?;
    let spacing = stage.payouts()?.capability().contract.payee_spacing;
    let documented = harness.codes(Operation::Payout);
    ensure!(!documented.is_empty(), "the harness lists no codes");
    for code in documented {
        if code.proves == Proves::Success || code.proves == Proves::Duplicate {
            continue;
        }
        let mut said = false;
        for step in 1..=steps {
            let script = Script::all(stage.pending()).at(step, Move::Say(Case::code(&code.code)));
            let call = stage.create(&order, script)?;
            if call.unsaid {
                continue;
            }
            said = true;
            let Err(error) = call.result else {
                return Err(Unmet::fails(format!("{} is taken for success", code.code)));
            };
            let read = (error.effect(), error.is_stable());
            let right = match code.proves {
                Proves::Refusal => read == (Effect::Refused, false),
                Proves::StableRefusal => read == (Effect::Refused, true),
                Proves::Spacing => {
                    read == (Effect::Unknown, false)
                        && error.kind() == ErrorKind::Wait
                        && error.wait() == spacing
                }
                _ => read == (Effect::Unknown, false),
            };
            let tabled = error.kind() != ErrorKind::Unexpected || code.proves == Proves::Nothing;
            ensure!(
                right && tabled,
                "{} proves {:?}, but is read as {}",
                code.code,
                code.proves,
                shown(&error)
            );
            ensure!(
                call.sent.len() == step,
                "after {} in step {step} another request is sent",
                code.code
            );
        }
        ensure!(said, "the harness lists {}, but never says it", code.code);
    }
    Ok(())
}

pub(crate) fn codes_of_a_look_up(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let lookup = stage.lookup(&stage.order()?)?;
    let steps = stage.find_steps(&lookup)?;
    let documented = harness.codes(Operation::PayoutFind);
    ensure!(!documented.is_empty(), "the harness lists no codes");
    for code in documented.iter().filter(|code| code.proves != Proves::Success) {
        let said = Move::Say(Case::code(&code.code));
        let call = stage.find(&lookup, Script::all(stage.pending()).at(steps, said))?;
        ensure!(!call.unsaid, "the harness lists {}, but does not say it", code.code);
        let absent = code.proves == Proves::Absent;
        match call.result {
            Ok(Found::Absent(answer)) if absent => {
                ensure!(
                    answer.code.as_deref() == Some(&code.code),
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
    let call =
        stage.find(&lookup, Script::all(stage.pending()).at(steps, Move::Say(Case::absent())))?;
    if !call.unsaid {
        ensure!(
            matches!(call.result, Ok(Found::Absent(_))),
            "\"no such order\" is not read as absent: {:?}",
            call.result
        );
    }
    Ok(())
}

pub(crate) fn unlisted_codes_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let steps = stage.steps(&order)?;
    let lookup = stage.lookup_if_offered(&order)?;
    let documented = harness.codes(Operation::Payout);
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
        let call = stage.create(&order, Script::all(stage.pending()).at(steps, said()))?;
        if !call.unsaid {
            let Err(error) = call.result else {
                return Err(Unmet::fails(format!("the unlisted {code:?} is taken for success")));
            };
            ensure!(
                error.effect() == Effect::Unknown && !error.is_stable(),
                "the unlisted {code:?} is read as {}",
                shown(&error)
            );
        }
        if let Some(lookup) = &lookup {
            let call = stage.find(lookup, Script::all(Case::code(&code)))?;
            ensure!(
                call.unsaid || call.result.is_err(),
                "the unlisted {code:?} is read in a look-up"
            );
        }
    }
    Ok(())
}

pub(crate) fn statuses_of_a_created_payout(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    for (word, means) in harness.statuses() {
        let call = stage.create(&order, Script::all(Case::order(&word)))?;
        if call.unsaid {
            continue;
        }
        let status = call.accepted()?.status;
        // What an answer to a creation leaves out can keep it from being final.
        let cautious = is_final(&means) && status == PayoutStatus::Pending;
        ensure!(status == means || cautious, "{word} means {means}, but is read as {status}");
    }
    Ok(())
}

pub(crate) fn statuses_of_a_look_up(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let lookup = stage.lookup(&stage.order()?)?;
    let bound = &stage.payouts()?.capability().contract.bound;
    for (word, means) in harness.statuses() {
        let call = stage.find(&lookup, Script::all(Case::order(&word)))?;
        let Found::Found(payout) = call.accepted()? else {
            return Err(Unmet::fails(format!("{word} is read as absent")));
        };
        ensure!(
            payout.status == means,
            "{word} means {means}, but is read as {}{}",
            payout.status,
            not_final_because(&means, &payout, bound)
        );
        if means != PayoutStatus::Failed {
            continue;
        }
        ensure!(
            payout.failure.is_some(),
            "{word} tells no reason for the failure, not even that it is unknown"
        );
        let case = Case::order(&word).failing_for(FAILURE);
        let call = stage.find(&lookup, Script::all(case))?;
        if call.unsaid {
            continue;
        }
        let Found::Found(payout) = call.accepted()? else {
            return Err(Unmet::fails(format!("{word} for {FAILURE} is read as absent")));
        };
        let kept = payout.failure.and_then(|failure| failure.code);
        ensure!(
            kept.as_deref() == Some(FAILURE),
            "{word} for the code {FAILURE} is kept with the code {kept:?}"
        );
    }
    Ok(())
}

/// Why an end that a platform tells may be read as none: what the message does not repeat.
pub(crate) fn not_final_because(means: &PayoutStatus, payout: &Payout, bound: &[Bound]) -> String {
    if !is_final(means) || is_final(&payout.status) {
        return String::new();
    }
    let parts = [
        ("the order id", payout.order_id.is_none()),
        ("the amount", payout.amount.is_none()),
        ("the platform's own id", payout.provider_reference.is_none()),
    ];
    let missing: Vec<&str> =
        parts.iter().filter(|(_, missing)| *missing).map(|(part, _)| *part).collect();
    let missing = match &missing[..] {
        [] => return format!(", although nothing is left out that the contract binds: {bound:?}"),
        [one] => format!("not {one}"),
        many => format!("neither {}", many.join(" nor ")),
    };
    format!(": it names {missing}, and the contract says that {bound:?} tell whose it is")
}

pub(crate) fn unknown_statuses_are_not_final(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let lookup = stage.lookup_if_offered(&order)?;
    for word in NO_STATUS {
        let call = stage.create(&order, Script::all(Case::order(word)))?;
        let mut read = Vec::new();
        if !call.unsaid {
            read.extend(call.result.ok().map(|payout| payout.status));
        }
        if let Some(lookup) = &lookup {
            let call = stage.find(lookup, Script::all(Case::order(word)))?;
            if let Ok(Found::Found(payout)) = call.result {
                read.push(payout.status);
            }
        }
        for status in read {
            ensure!(!is_final(&status), "the unknown {word} is read as {status}");
            if let PayoutStatus::Unknown(kept) = &status {
                ensure!(kept == word, "the unknown {word} is kept as {kept}");
            }
        }
    }
    Ok(())
}
