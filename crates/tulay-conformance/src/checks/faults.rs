//! What can go wrong on the way, and what it proves: each fault at each step of each operation.

use crate::{
    case::{Ask, Case},
    checks::ids::stands_whole,
    harness::{Harness, Proves},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Move, Script},
    stage::{Call, Stage},
};
use bytes::Bytes;
use http::StatusCode;
use std::sync::Arc;
use tulay_core::{
    Effect, FindBy, Found, Operation, Prepared, ProviderReference, TransportErrorKind,
};

const MAINTENANCE: &[u8] = b"<html><body>maintenance</body></html>";

pub(crate) fn faults_of_a_payout(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let genuine = stage.create(&order, Script::all(stage.pending()))?.sent;
    for step in 1..=stage.steps(&order)? {
        let before = genuine.iter().take(step.saturating_sub(1));
        let made = before.into_iter().any(|sent| harness.orders(sent));
        let makes = genuine.get(step.saturating_sub(1)).is_some_and(|sent| harness.orders(sent));
        let named = named_before(&stage, &order, step)?;
        for fault in faults(&stage.paid()?) {
            let at = format!("{} in step {step}", fault.what);
            let script = Script::all(stage.pending()).at(step, fault.makes);
            let call = stage.create(&order, script)?;
            one_request_each(&at, step, &call)?;
            let Err(error) = call.result else {
                return Err(Unmet::fails(format!("{at}: taken for success")));
            };
            let effect = error.effect();
            let right = match (made, makes, fault.nothing_left) {
                (false, _, true) => effect == Effect::NotSent,
                // Not even a request that could make an order was sent.
                (false, false, false) => effect != Effect::Refused,
                _ => effect == Effect::Unknown,
            };
            ensure!(right, "{at}: read as {}", shown(&error));
            let known = error.provider_reference();
            ensure!(
                named.is_none() || known == named.as_ref(),
                "{at}: an earlier step named the order {named:?}, and nobody can ask for it \
                 otherwise, but the error is known as {known:?}"
            );
        }
    }
    Ok(())
}

/// The platform's own id, if orders are asked for by it, and the steps before this one tell it.
fn named_before(
    stage: &Stage,
    order: &Prepared,
    step: usize,
) -> Result<Option<ProviderReference>, Unmet> {
    let find_by = stage.payouts()?.capability().contract.find_by;
    let call = stage.create(order, Script::all(stage.pending()))?;
    let sent = call.sent.clone();
    let Some(reference) = call.accepted()?.provider_reference else { return Ok(None) };
    let told = (1..step).zip(&sent).any(|(step, sent)| {
        let about = Some(&order.lookup);
        let ask = Ask { operation: Operation::Payout, step, sent, about };
        stage.harness.answer(&ask, &stage.pending()).is_some_and(|answer| {
            let (parts, body) = answer.into_parts();
            let text = format!("{:?} {}", parts.headers, String::from_utf8_lossy(&body));
            stands_whole(&text, reference.as_str())
        })
    });
    let needed = matches!(find_by, FindBy::ProviderReference | FindBy::Both);
    Ok(Some(reference).filter(|_| told && needed))
}

pub(crate) fn faults_of_a_look_up(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let lookup = stage.lookup(&stage.order()?)?;
    for step in 1..=stage.find_steps(&lookup)? {
        for fault in faults(&stage.paid()?) {
            let at = format!("{} in step {step}", fault.what);
            let script = Script::all(stage.pending()).at(step, fault.makes);
            let call = stage.find(&lookup, script)?;
            one_request_each(&at, step, &call)?;
            proves_nothing(&at, &call)?;
        }
    }
    Ok(())
}

pub(crate) fn faults_of_other_readings(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let roles = stage.provider.roles();
    let mut read = false;
    for fault in faults(&Case::done()) {
        let script = Script::all(Case::done()).at(1, fault.makes);
        if let Some(role) = roles.balances {
            for (account, country, currency) in role.accounts().iter().copied() {
                let balance = role.balance(account, country, currency);
                let call = stage.call(Operation::Balance, None, script.clone(), balance);
                let at = format!("balance, {}", fault.what);
                one_request_each(&at, 1, &call)?;
                proves_nothing(&at, &call)?;
                read = true;
            }
        }
        if let Some(role) = roles.institutions {
            let country = stage.request()?.country;
            let list = role.list(country);
            let call = stage.call(Operation::Institutions, None, script.clone(), list);
            let at = format!("institutions, {}", fault.what);
            one_request_each(&at, 1, &call)?;
            proves_nothing(&at, &call)?;
            read = true;
        }
        if let Some(role) = roles.health {
            let call = stage.call(Operation::Health, None, script, role.check());
            let at = format!("health, {}", fault.what);
            one_request_each(&at, 1, &call)?;
            if fault.no_answer {
                proves_nothing(&at, &call)?;
            }
            read = true;
        }
    }
    if read { Ok(()) } else { Err(Unmet::not_offered("there are no other readings")) }
}

pub(crate) fn failing_servers_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let order = stage.order()?;
    let steps = stage.steps(&order)?;
    let lookup = stage.lookup_if_offered(&order)?;
    let mut cases = vec![stage.paid()?, Case::absent()];
    for code in harness.codes(Operation::Payout) {
        if matches!(code.proves, Proves::Refusal | Proves::StableRefusal) {
            cases.push(Case::code(code.code));
        }
    }
    for status in [500_u16, 502, 503, 504] {
        for case in &cases {
            let failing = Move::change(case.clone(), move |mut answer: Answered| {
                *answer.status_mut() =
                    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
                answer
            });
            let at = format!("HTTP {status} with {:?}", case.says);
            let script = Script::all(stage.pending());
            let call = stage.create(&order, script.clone().at(steps, failing.clone()))?;
            if !call.unsaid {
                proves_nothing(&at, &call)?;
            }
            if let Some(lookup) = &lookup {
                let call = stage.find(lookup, script.at(1, failing))?;
                let absent = matches!(call.result, Ok(Found::Absent(_)));
                ensure!(!absent, "look-up, {at}: read as absent");
                if !call.unsaid {
                    proves_nothing(&format!("look-up, {at}"), &call)?;
                }
            }
        }
    }
    Ok(())
}

type Cut = fn(&Bytes) -> Bytes;

struct Fault {
    what: String,
    makes: Move,
    /// No byte of the request left.
    nothing_left: bool,
    /// There was no answer, or one of a server that failed.
    no_answer: bool,
}

fn faults(genuine: &Case) -> Vec<Fault> {
    let fails = |what: &str, kind| Fault {
        what: what.to_owned(),
        makes: Move::Fail(kind),
        nothing_left: kind == TransportErrorKind::NotSent,
        no_answer: true,
    };
    let mut faults = vec![
        fails("no connection", TransportErrorKind::NotSent),
        fails("no answer in time", TransportErrorKind::Timeout),
        fails("a lost answer", TransportErrorKind::Interrupted),
    ];
    let bodies: [&[u8]; 9] =
        [b"", MAINTENANCE, b"null", b"{}", b"[]", b"0", b"\"\"", b"\xff\xfe\x00", b"{\"code\":"];
    for status in [200_u16, 204, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504] {
        for body in bodies {
            faults.push(Fault {
                what: format!("HTTP {status} {:?}", String::from_utf8_lossy(body)),
                makes: Move::Raw(status, Bytes::from_static(body)),
                nothing_left: false,
                no_answer: status >= 500,
            });
        }
    }
    let cuts: [(&str, Cut); 4] = [
        ("half an answer", |body| body.slice(..body.len() / 2)),
        ("all but the last byte", |body| body.slice(..body.len().saturating_sub(1))),
        ("one byte", |body| body.slice(..body.len().min(1))),
        ("two answers in one", |body| Bytes::from([&body[..], &body[..]].concat())),
    ];
    for (what, cut) in cuts {
        let makes = Move::change(genuine.clone(), move |mut answer: Answered| {
            *answer.body_mut() = cut(answer.body());
            answer
        });
        faults.push(Fault { what: what.to_owned(), makes, nothing_left: false, no_answer: false });
    }
    faults
}

/// An adapter never sends again by itself, and does not go on after a step that failed.
fn one_request_each<T>(at: &str, step: usize, call: &Call<T>) -> Outcome {
    let sent = call.sent.len();
    ensure!(sent == step, "{at}: {sent} requests were sent where {step} belong");
    Ok(())
}

fn proves_nothing<T>(at: &str, call: &Call<T>) -> Outcome {
    let Err(error) = &call.result else {
        return Err(Unmet::fails(format!("{at}: taken for an answer")));
    };
    ensure!(error.effect() == Effect::Unknown, "{at}: read as {}", shown(error));
    Ok(())
}
