//! Transport faults and unusable responses, at each step of each operation, and their effects.

use crate::{
    case::{Ask, Case},
    checks::ids::stands_whole,
    fixture::{Call, Fixture, each, each_way},
    harness::{Harness, Proves},
    order::Order,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Move, Script, Sent},
    reading::{self, Reading},
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use std::{slice, sync::Arc};
use tulay_core::{Effect, Found, Lookup, Operation, ProviderReference, TransportErrorKind};

const MAINTENANCE: &[u8] = b"<html><body>maintenance</body></html>";

pub(crate) fn creation_faults_have_the_right_effect(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let first = fixture.first(kind)?;
        let genuine = fixture.create(&order, Script::all(first.clone()))?.sent;
        for step in 1..=fixture.steps(&order)? {
            let before = genuine.iter().take(step.saturating_sub(1));
            let made = before.into_iter().any(|sent| harness.orders(sent));
            let makes =
                genuine.get(step.saturating_sub(1)).is_some_and(|sent| harness.orders(sent));
            let named = named_before(fixture, &order, step)?;
            let answered = answered(fixture, kind.creates(), order.lookup(), &genuine, step);
            for fault in faults(&fixture.success(kind)?) {
                if fault.is_one_of(&[answered(&first), answered(&fixture.success(kind)?)]) {
                    continue;
                }
                let at = format!("{} in step {step}", fault.what);
                let script = Script::all(first.clone()).at(step, fault.makes);
                let call = fixture.create(&order, script)?;
                one_request_each(&at, step, &call)?;
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!("{at}: taken for success")));
                };
                let effect = error.effect();
                let right = match (made, makes, fault.nothing_left) {
                    (false, _, true) => effect == Effect::NotSent,
                    // Not even a request that could make an order was sent.
                    (false, false, false) => effect != Effect::Rejected,
                    _ => effect == Effect::Unknown,
                };
                let expected = match (made, makes) {
                    (false, _) if fault.nothing_left => "not sent, as nothing was",
                    (false, false) => "anything but refused",
                    (true, _) => "unknown, as an earlier step left an order behind",
                    _ => "unknown, as an order may be there",
                };
                let known = error.provider_reference();
                let with_provider_reference = named.as_ref().map(|named| {
                    format!(
                        ", and known as the {named} that an earlier step named (`Error::with_provider_reference`)"
                    )
                });
                ensure!(
                    right && (named.is_none() || known == named.as_ref()),
                    "{at}: expected {expected}{}; found {}, known as {known:?}",
                    with_provider_reference.unwrap_or_default(),
                    shown(&error)
                );
            }
        }
        Ok(())
    })
}

/// The provider reference, if orders are looked up by it and a response before this step has it.
pub(super) fn named_before(
    fixture: &Fixture,
    order: &Order,
    step: usize,
) -> Result<Option<ProviderReference>, Unmet> {
    let find_by = fixture.guarantees(order.kind)?.find_by;
    let first = fixture.first(order.kind)?;
    let call = fixture.create(order, Script::all(first.clone()))?;
    let sent = call.sent.clone();
    let Some(reference) = call.accepted()?.provider_reference else { return Ok(None) };
    let repeated = (1..step).zip(&sent).any(|(step, sent)| {
        let about = Some(order.lookup());
        let ask = Ask { operation: order.kind.creates(), step, sent, about };
        fixture.harness.answer(&ask, &first).is_some_and(|response| {
            let (parts, body) = response.into_parts();
            let text = format!("{:?} {}", parts.headers, String::from_utf8_lossy(&body));
            stands_whole(&text, reference.as_str())
        })
    });
    let needed = find_by.by_provider_reference();
    Ok(Some(reference).filter(|_| repeated && needed))
}

pub(crate) fn lookup_faults_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let lookup = fixture.lookup(&fixture.order(kind)?)?;
        let first = fixture.first(kind)?;
        let genuine = fixture.find(kind, &lookup, Script::all(first.clone()))?.sent;
        for step in 1..=fixture.find_steps(kind, &lookup)? {
            let answered = answered(fixture, kind.finds(), &lookup, &genuine, step);
            let absent = answered(&Case::absent());
            let mut faults = faults(&fixture.success(kind)?);
            faults.extend(absent.as_ref().map(nearly_absent).unwrap_or_default());
            for fault in faults {
                if fault.is_one_of(&[answered(&first), answered(&fixture.success(kind)?)]) {
                    continue;
                }
                let at = format!("{} in step {step}", fault.what);
                let is_absent = fault.is_one_of(slice::from_ref(&absent));
                let call = fixture.find(
                    kind,
                    &lookup,
                    Script::all(first.clone()).at(step, fault.makes),
                )?;
                one_request_each(&at, step, &call)?;
                if is_absent {
                    let read = matches!(call.result, Ok(Found::Absent(_)));
                    ensure!(read, "{at}: the platform says so of no such order; expected absent");
                } else {
                    proves_nothing(&at, &call)?;
                }
            }
        }
        Ok(())
    })
}

/// What the platform answers in this step.
fn answered<'a>(
    fixture: &'a Fixture,
    operation: Operation,
    about: &'a Lookup,
    genuine: &'a [Sent],
    step: usize,
) -> impl Fn(&Case) -> Option<(u16, Bytes)> + 'a {
    move |case| {
        let sent = genuine.get(step.saturating_sub(1))?;
        let ask = Ask { operation, step, sent, about: Some(about) };
        let response = fixture.harness.answer(&ask, case)?;
        Some((response.status().as_u16(), response.into_body()))
    }
}

/// Responses that a careless reader takes for "no such order": that response with each of its lists
/// missing, or filled with what cannot be read.
fn nearly_absent((_, absent): &(u16, Bytes)) -> Vec<Fault> {
    const INSTEAD: [Option<&str>; 10] = [
        None,
        Some("null"),
        Some("{}"),
        Some("0"),
        Some("\"\""),
        Some("[null]"),
        Some("[[]]"),
        Some("[{}]"),
        Some("[{},{}]"),
        Some("[0]"),
    ];
    let mut faults = Vec::new();
    for instead in INSTEAD {
        for index in 0..otherwise(absent, instead).len() {
            let makes = Move::change(Case::absent(), move |mut response: Answered| {
                if let Some(body) = otherwise(response.body(), instead).into_iter().nth(index) {
                    *response.body_mut() = body;
                }
                response
            });
            let what = instead.unwrap_or("nothing");
            let what = format!("\"no such order\" with {what} as its list");
            faults.push(Fault { what, makes, nothing_left: false, no_answer: false });
        }
    }
    faults
}

/// The body once for each empty list in it, with another text in its place, or without it.
fn otherwise(body: &Bytes, instead: Option<&str>) -> Vec<Bytes> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let other = instead.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let others = with_lists_as(&value, other.as_ref()).into_iter();
    others.map(|other| Bytes::from(other.to_string())).collect()
}

/// The value once for each empty list in it, with another value in its place, or without it.
fn with_lists_as(value: &Value, other: Option<&Value>) -> Vec<Value> {
    match value {
        Value::Array(items) if items.is_empty() => other.cloned().into_iter().collect(),
        Value::Object(members) => {
            let mut all = Vec::new();
            for (name, member) in members {
                let mut changed = members.clone();
                if member.as_array().is_some_and(Vec::is_empty) && other.is_none() {
                    changed.remove(name);
                    all.push(Value::Object(changed));
                    continue;
                }
                all.extend(with_lists_as(member, other).into_iter().map(|member| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), member);
                    Value::Object(changed)
                }));
            }
            all
        }
        _ => Vec::new(),
    }
}

pub(crate) fn query_faults_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let readings = reading::all(&fixture)?;
    if readings.is_empty() {
        return Err(Unmet::not_offered("there are no other readings"));
    }
    let done = |reading: &Reading| -> Result<Option<(u16, Bytes)>, Unmet> {
        let call = reading::ask(&fixture, reading, Script::all(Case::done()))?;
        Ok(call.response.map(|response| (response.status().as_u16(), response.into_body())))
    };
    let done = readings.iter().map(done).collect::<Result<Vec<_>, _>>()?;
    for fault in faults(&Case::done()) {
        for (reading, done) in readings.iter().zip(&done) {
            if fault.is_one_of(slice::from_ref(done)) {
                continue;
            }
            let script = Script::all(Case::done()).at(1, fault.makes.clone());
            let call = reading::ask(&fixture, reading, script)?;
            let at = format!("{}, {}", reading.operation(), fault.what);
            one_request_each(&at, 1, &call)?;
            if reading.operation() != Operation::Health || fault.no_answer {
                proves_nothing(&at, &call)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn server_errors_prove_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    each_way(harness, |fixture, kind| {
        let order = fixture.order(kind)?;
        let steps = fixture.steps(&order)?;
        let lookup = fixture.lookup_if_offered(&order)?;
        let mut cases = vec![fixture.success(kind)?, Case::absent()];
        for code in harness.codes(kind.creates()) {
            if matches!(code.proves, Proves::Rejection | Proves::PermanentRejection) {
                cases.push(Case::code(code.code));
            }
        }
        for status in [500_u16, 502, 503, 504] {
            for case in &cases {
                let failing = failing(case.clone(), status);
                let at = format!("HTTP {status} with {:?}", case.says);
                let script = Script::all(fixture.first(kind)?);
                let call = fixture.create(&order, script.clone().at(steps, failing.clone()))?;
                if !call.unsaid {
                    proves_nothing(&at, &call)?;
                }
                if let Some(lookup) = &lookup {
                    let call = fixture.find(kind, lookup, script.at(1, failing))?;
                    let absent = matches!(call.result, Ok(Found::Absent(_)));
                    ensure!(!absent, "look-up, {at}: read as absent");
                    if !call.unsaid {
                        proves_nothing(&format!("look-up, {at}"), &call)?;
                    }
                }
            }
        }
        Ok(())
    })
}

/// A genuine response with the HTTP status of a failed server.
pub(super) fn failing(case: Case, status: u16) -> Move {
    Move::change(case, move |mut response: Answered| {
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        response
    })
}

type Cut = fn(&Bytes) -> Bytes;

pub(super) struct Fault {
    pub(super) what: String,
    pub(super) makes: Move,
    /// No byte of the request left.
    pub(super) nothing_left: bool,
    /// There was no response, or one of a failed server.
    no_answer: bool,
}

impl Fault {
    /// Whether it is byte for byte one of these responses of the platform, and so no fault.
    fn is_one_of(&self, genuine: &[Option<(u16, Bytes)>]) -> bool {
        let Move::Raw(status, body) = &self.makes else { return false };
        genuine.iter().flatten().any(|(s, b)| (s, b) == (status, body))
    }
}

pub(super) fn faults(genuine: &Case) -> Vec<Fault> {
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
    let bodies: [&[u8]; 12] = [
        b"",
        MAINTENANCE,
        b"null",
        b"{}",
        b"[]",
        b"[null]",
        b"[{}]",
        b"[{},{}]",
        b"0",
        b"\"\"",
        b"\xff\xfe\x00",
        b"{\"code\":",
    ];
    for status in [200_u16, 204, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504] {
        // HTTP 204 has no body.
        for body in bodies.iter().take(if status == 204 { 1 } else { bodies.len() }).copied() {
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
        let makes = Move::change(genuine.clone(), move |mut response: Answered| {
            *response.body_mut() = cut(response.body());
            response
        });
        faults.push(Fault { what: what.to_owned(), makes, nothing_left: false, no_answer: false });
    }
    faults
}

/// An adapter never sends again by itself, and does not go on after a step that failed.
pub(super) fn one_request_each<T>(at: &str, step: usize, call: &Call<T>) -> Outcome {
    let sent = call.sent.len();
    ensure!(sent == step, "{at}: {sent} requests were sent where {step} belong");
    Ok(())
}

pub(super) fn proves_nothing<T>(at: &str, call: &Call<T>) -> Outcome {
    let Err(error) = &call.result else {
        return Err(Unmet::fails(format!("{at}: taken for an answer")));
    };
    ensure!(error.effect() == Effect::Unknown, "{at}: read as {}", shown(error));
    Ok(())
}
