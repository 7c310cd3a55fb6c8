//! Ids of the platform's own in a path.

use crate::{
    case::Repeats,
    change::Change,
    fixture::{Call, Fixture, each},
    harness::Harness,
    order::{Kind, Order, Seen},
    outcome::{Outcome, Unmet, ensure},
    platform::{Move, Script, Sent},
};
use std::sync::Arc;
use tulay_core::{Effect, FindBy, Found, Lookup, ProviderReference, Request};

/// Ids that lead elsewhere if a path has them as they are.
const ODD: [&str; 6] = ["A7/B8", "A7/../B8", "..", "A7?c=d", "A7#e", "A7%2FB8"];

/// A platform's id may hold anything, and a path made of it may lead anywhere: to another order, or
/// to another operation. It is escaped, or refused.
pub(crate) fn provider_references_cannot_change_a_path(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let mut tried = of_a_draft(fixture, &order)?;
        tried |= of_a_look_up(fixture, &order)?;
        tried |= of_a_refunded_payment(fixture, kind)?;
        for change in Change::all(fixture)?.into_iter().filter(|change| change.kind == kind) {
            let make =
                |change: &Change| change.make(fixture, Script::all(change.carried_out.clone()));
            let Some(usual) = change.lookup.provider_reference.clone() else { continue };
            let genuine = make(&change)?.sent;
            for odd in odd(&usual, &genuine)? {
                tried = true;
                let mut change = change.clone();
                change.lookup.provider_reference = Some(odd.clone());
                leads_astray(&change.what.clone(), &genuine, &make(&change)?, &usual, &odd)?;
            }
        }
        match tried {
            true => Ok(()),
            false => Err(Unmet::not_offered("no path has an id of the platform's own")),
        }
    })
}

/// The response to a step has such an id, and a later step is made of it.
fn of_a_draft(fixture: &Fixture, order: &Order) -> Result<bool, Unmet> {
    let first = fixture.first(order.kind)?;
    let call = fixture.create(order, Script::all(first.clone()))?;
    let genuine = call.sent.clone();
    let Some(usual) = call.accepted()?.provider_reference else { return Ok(false) };
    // A position is counted from 0 and a step from 1: this is the number of the steps before.
    let before = genuine.iter().position(|sent| has(sent, usual.as_str())).unwrap_or_default();
    if before == 0 {
        return Ok(false);
    }
    let mut tried = false;
    for (named, odd) in (1..=before).flat_map(|named| ODD.map(|odd| (named, odd))) {
        let given = Move::Say(first.clone().repeating(Repeats::GivenReference(odd)));
        let call = fixture.create(order, Script::all(first.clone()).at(named, given))?;
        if call.unsaid {
            continue;
        }
        tried = true;
        let at = format!("step {named} of the creation names the order {odd}");
        let odd = ProviderReference::new(odd).map_err(|e| Unmet::fails(e.to_string()))?;
        leads_astray(&at, &genuine, &call, &usual, &odd)?;
        let drafted = fixture.is_drafted(&genuine, named.saturating_add(1));
        if let (true, Err(error)) = (drafted, &call.result) {
            ensure!(error.effect() == Effect::Unknown, "{at}: the effect is {}", error.effect());
        }
    }
    ensure!(
        tried,
        "a request of the creation has the id {usual} in its path: the harness must be able to \
         name another one in a step before (`Repeats::GivenReference`)"
    );
    Ok(true)
}

fn of_a_look_up(fixture: &Fixture, order: &Order) -> Result<bool, Unmet> {
    let kind = order.kind;
    let Some(lookup) = fixture.lookup_if_offered(order)? else { return Ok(false) };
    let find = |lookup: &Lookup| fixture.find(kind, lookup, Script::all(fixture.first(kind)?));
    let genuine = find(&lookup)?.sent;
    // Where an order can be looked up by either id, ours takes the place of an odd one.
    let both = fixture.guarantees(kind)?.find_by == FindBy::Both;
    let mut ours = lookup.clone();
    ours.provider_reference = None;
    let ours = find(&ours)?.sent;
    let is_by_ours =
        |call: &Call<Found<Seen>>| both && call.sent.iter().map(parts).eq(ours.iter().map(parts));
    let mut tried = false;
    if let Some(usual) = &lookup.provider_reference {
        for odd in odd(usual, &genuine)? {
            tried = true;
            let mut other = lookup.clone();
            other.provider_reference = Some(odd.clone());
            let call = find(&other)?;
            if !is_by_ours(&call) {
                leads_astray("a look-up", &genuine, &call, usual, &odd)?;
            }
        }
    }
    if let Some(usual) = &lookup.original {
        for odd in odd(usual, &genuine)? {
            tried = true;
            let mut other = lookup.clone();
            other.original = Some(odd.clone());
            leads_astray("a look-up by the payment", &genuine, &find(&other)?, usual, &odd)?;
        }
    }
    Ok(tried)
}

fn of_a_refunded_payment(fixture: &Fixture, kind: Kind) -> Result<bool, Unmet> {
    let Ok(Request::Refund(sample)) = fixture.request(kind) else { return Ok(false) };
    let Some(usual) = sample.original.provider_reference.clone() else { return Ok(false) };
    let first = || fixture.first(kind).map(Script::all);
    let genuine = fixture.send(kind, &sample.clone().into(), first()?)?.sent;
    let mut tried = false;
    for odd in odd(&usual, &genuine)? {
        tried = true;
        let mut other = sample.clone();
        other.original.provider_reference = Some(odd.clone());
        let call = fixture.send(kind, &other.into(), first()?)?;
        leads_astray("a refund", &genuine, &call, &usual, &odd)?;
    }
    Ok(tried)
}

/// The ids to try, if one of these requests has the usual one in its path or query.
fn odd(usual: &ProviderReference, genuine: &[Sent]) -> Result<Vec<ProviderReference>, Unmet> {
    if !genuine.iter().any(|sent| has(sent, usual.as_str())) {
        return Ok(Vec::new());
    }
    let odd = ODD.into_iter().map(ProviderReference::new);
    odd.collect::<Result<_, _>>().map_err(|error| Unmet::fails(error.to_string()))
}

fn has(sent: &Sent, id: &str) -> bool {
    parts(sent).iter().any(|part| part.contains(id))
}

/// Each request is the genuine one with this id in place of the usual one, or is not sent.
fn leads_astray<T>(
    at: &str,
    genuine: &[Sent],
    call: &Call<T>,
    usual: &ProviderReference,
    odd: &ProviderReference,
) -> Outcome {
    for (genuine, sent) in genuine.iter().zip(&call.sent) {
        let same = |part: &String| part.replace(usual.as_str(), odd.as_str());
        let expected: Vec<String> = parts(genuine).iter().map(same).collect();
        let found = parts(sent);
        // These mean a folder even when they are escaped.
        let relative = found.iter().any(|part| [".", ".."].contains(&part.as_str()));
        ensure!(
            expected == found && !relative,
            "{at}: the id {odd} is sent as {}, which is another path",
            sent.uri()
        );
    }
    let all = call.sent.len() == genuine.len();
    ensure!(all || call.result.is_err(), "{at}: the id {odd} is left out without an error");
    Ok(())
}

/// The parts of path and query, without escapes.
fn parts(sent: &Sent) -> Vec<String> {
    let (path, query) = (sent.uri().path().split('/'), sent.uri().query().unwrap_or_default());
    path.chain(query.split(['&', '='])).map(unescaped).collect()
}

fn unescaped(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_without_escapes() {
        let of = |uri: &str| parts(&http::Request::get(uri).body(bytes::Bytes::new()).unwrap());
        assert_eq!(
            of("https://a.example/b/A7%2FB8/c?d=e%26f"),
            ["", "b", "A7/B8", "c", "d", "e&f"]
        );
        assert_eq!(of("https://a.example/b%2"), ["", "b%2", ""]);
    }
}
