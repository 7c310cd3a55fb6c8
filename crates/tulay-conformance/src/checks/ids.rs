//! Order ids: resending an order makes no second one.

pub(crate) use super::paths::provider_references_cannot_change_a_path;
use crate::{
    case::Case,
    fixture::{Fixture, each},
    harness::{Harness, Proves, Reading},
    order::Order,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Move, Script, Sent},
    request::Edit,
};
use jiff::SignedDuration;
use std::{collections::BTreeSet, sync::Arc};
use tulay_core::{Effect, Environment, ErrorKind, FindBy, Found, OrderId, Prepared, Reference};

pub(crate) fn order_id_is_sent_verbatim(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        for reference in ["R1", "INV-2026-0001", &"r".repeat(64)] {
            let mut request = fixture.request(kind)?;
            let reference =
                Reference::new(reference).map_err(|error| Unmet::fails(error.to_string()))?;
            request.set_reference(reference);
            let order = fixture.order_of(kind, &request)?;
            let id = fixture.order_id(kind, &request)?;
            ensure!(order.lookup().order_id == id, "what is stored names another order id");
            let call = fixture.create(&order, Script::all(fixture.first(kind)?))?;
            let contents = contents(harness, &call.sent)?;
            ensure!(
                contents.iter().any(|content| stands_whole(content, id.as_str())),
                "the order id {id} is not in what is sent: {contents:?}"
            );
        }
        Ok(())
    })
}

pub(crate) fn prepare_is_deterministic(harness: &Arc<dyn Harness>) -> Outcome {
    let two = Fixture::new(harness);
    each(&Fixture::new(harness), |one, kind| {
        for corridor in one.corridors(kind)? {
            let request = one.sample(kind, &corridor)?;
            let prepare = |fixture: &Fixture| Ok(fixture.order_of(kind, &request)?.prepared);
            let first = prepare(one)?;
            one.clock.advance(SignedDuration::from_hours(1));
            ensure!(prepare(one)? == first, "an hour later it is prepared otherwise");
            ensure!(prepare(&two)? == first, "elsewhere it is prepared otherwise");
            ensure!(prepare(one)?.digest() == first.digest(), "the digest differs");
        }
        Ok(())
    })
}

pub(crate) fn resend_has_the_same_content(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        for corridor in fixture.corridors(kind)? {
            let order = fixture.order_of(kind, &fixture.sample(kind, &corridor)?)?;
            let (first, second) = two_sendings(fixture, &order)?;
            let (first, second) = (contents(harness, &first)?, contents(harness, &second)?);
            ensure!(first == second, "first {first:?}, an hour later {second:?}");
        }
        Ok(())
    })
}

pub(crate) fn resend_renews_the_timestamp(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let (first, second) = two_sendings(fixture, &fixture.order(kind)?)?;
        let mut stamped = false;
        for (before, after) in
            readings(harness, &first)?.into_iter().zip(readings(harness, &second)?)
        {
            if let (Some(before), Some(after)) = (before.time_stamp, after.time_stamp) {
                ensure!(before != after, "an hour later the time stamp is still {before}");
                stamped = true;
            }
        }
        if stamped { Ok(()) } else { Err(Unmet::not_offered("requests bear no time stamp")) }
    })
}

pub(crate) fn duplicate_is_not_a_rejection(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let steps = fixture.steps(&order)?;
        let codes = harness.codes(kind.creates());
        let mut seen = false;
        for code in codes.iter().filter(|code| code.proves == Proves::Duplicate) {
            for step in 1..=steps {
                let script = Script::all(fixture.first(kind)?);
                let duplicate = Move::Say(Case::code(&code.code));
                let call = fixture.create(&order, script.at(step, duplicate))?;
                if call.unsaid {
                    continue;
                }
                seen = true;
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!(
                        "{} in step {step} of {steps} is taken for success",
                        code.code
                    )));
                };
                ensure!(
                    (error.kind(), error.effect(), error.is_permanent())
                        == (ErrorKind::Duplicate, Effect::Unknown, false),
                    "{} in step {step} of {steps} is read as {}",
                    code.code,
                    shown(&error)
                );
            }
        }
        if seen { Ok(()) } else { Err(Unmet::not_offered("no code is documented for duplicates")) }
    })
}

pub(crate) fn foreign_prepared_order_is_not_sent(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let order = fixture.order(kind)?;
        let prepared = &order.prepared;
        let other_id = OrderId::parse("PAAAAAAAAAAAAAAAAAAAAAAAAA")
            .map_err(|error| Unmet::fails(error.to_string()))?;
        let change = |change: &dyn Fn(&mut Prepared)| {
            let mut other = prepared.clone();
            change(&mut other);
            other
        };
        let mut others = vec![
            ("account", change(&|o| o.merchant_account.account.push('9'))),
            ("host", change(&|o| o.merchant_account.host.push('9'))),
            ("environment", change(&|o| o.merchant_account.environment = Environment::Production)),
            ("adapter", change(&|o| o.merchant_account.adapter = "another".into())),
            ("form", change(&|o| o.form = o.form.wrapping_add(1))),
            ("order", change(&|o| o.lookup.order_id = other_id.clone())),
        ];
        // What is another kind of order is prepared for another, too.
        for foreign in fixture.kinds()?.into_iter().filter(|other| *other != kind) {
            others.push(("kind of order", fixture.order(foreign)?.prepared));
        }
        for (what, other) in others {
            if other == *prepared {
                continue;
            }
            let other = Order { kind, prepared: other };
            let call = fixture.create(&other, Script::all(fixture.first(kind)?))?;
            ensure!(call.sent.is_empty(), "what was prepared for another {what} is sent");
            let effect = call.result.err().map(|error| error.effect());
            ensure!(effect == Some(Effect::NotSent), "another {what}: the effect is {effect:?}");
        }
        Ok(())
    })
}

pub(crate) fn lookup_identifies_the_order(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let mut lookup = fixture.lookup(&fixture.order(kind)?)?;
        let find_by = fixture.guarantees(kind)?.find_by;
        let call = fixture.find(kind, &lookup, Script::all(fixture.first(kind)?))?;
        let contents = contents(harness, &call.sent)?;
        let names = |text: &str| contents.iter().any(|content| stands_whole(content, text));
        let reference = lookup.provider_reference.as_ref().map(ToString::to_string);
        let original = lookup.original.as_ref().map(ToString::to_string);
        // A refund may be looked up among all of its payment's.
        let by_ours = names(lookup.order_id.as_str()) || original.as_deref().is_some_and(names);
        let by_theirs = reference.as_deref().is_some_and(names);
        let right = match find_by {
            FindBy::OrderId => by_ours,
            FindBy::ProviderReference => by_theirs,
            FindBy::Both => by_ours || by_theirs,
            FindBy::None => contents.is_empty(),
        };
        ensure!(right, "the guarantees say {find_by:?}, but the look-up sends {contents:?}");
        lookup.provider_reference = None;
        let call = fixture.find(kind, &lookup, Script::all(fixture.first(kind)?))?;
        match find_by {
            FindBy::ProviderReference => ensure!(
                call.sent.is_empty() && call.result.is_err(),
                "an order whose id at the platform is not known is looked up all the same"
            ),
            FindBy::OrderId | FindBy::Both => {
                let found = matches!(call.accepted()?, Found::Found(_));
                ensure!(found, "an order whose id at the platform is not known is not found");
            }
            FindBy::None => {}
        }
        Ok(())
    })
}

/// A platform that recognises copies by a key makes a second order for another key, and none for
/// the key of another order.
pub(crate) fn duplicates_are_recognised_by_the_whole_id(harness: &Arc<dyn Harness>) -> Outcome {
    let elsewhere = Fixture::new(harness);
    each(&Fixture::new(harness), |fixture, kind| {
        let request = fixture.request(kind)?;
        let first = fixture.order_of(kind, &request)?;
        let guarantees = fixture.guarantees(kind)?;
        let is_sent_again = guarantees.resend_for.is_some() || guarantees.replays_for.is_some();
        let keys = held_against(fixture, &first, is_sent_again)?;
        if keys.is_empty() {
            return Err(Unmet::not_offered("the platform does not recognise copies"));
        }
        let id = first.lookup().order_id.as_str();
        for key in &keys {
            ensure!(
                is_whole(key, id),
                "copies are recognised by {key:?}, which is too short or a part of the order id \
                 {id}: another order may have the same"
            );
        }
        fixture.clock.advance(SignedDuration::from_hours(1));
        let again = held_against(fixture, &first, is_sent_again)?;
        ensure!(again == keys, "{keys:?} is {again:?} an hour later");
        let order = elsewhere.order_of(kind, &request)?;
        let again = held_against(&elsewhere, &order, is_sent_again)?;
        ensure!(again == keys, "{keys:?} is {again:?} in another process");
        let mut other = request.clone();
        let reference = format!("{}-2", request.reference());
        let reference =
            Reference::new(reference).map_err(|error| Unmet::fails(error.to_string()))?;
        other.set_reference(reference);
        let mut all = vec![keys];
        for order in [
            fixture.attempt_of(kind, &request, 2)?,
            fixture.attempt_of(kind, &request, 3)?,
            fixture.order_of(kind, &other)?,
        ] {
            all.push(held_against(fixture, &order, is_sent_again)?);
        }
        let steps = all.first().map_or(0, Vec::len);
        for step in 0..steps {
            let distinct: BTreeSet<_> = all.iter().filter_map(|keys| keys.get(step)).collect();
            ensure!(
                distinct.len() == all.len(),
                "three attempts and another reference have the keys {all:?}: each needs its own"
            );
        }
        Ok(())
    })
}

/// The texts by which the platform recognises a copy of this order, one for each request that has
/// one. If the order can be sent again, each request needs one.
fn held_against(
    fixture: &Fixture,
    order: &Order,
    is_sent_again: bool,
) -> Result<Vec<String>, Unmet> {
    let mut keys = Vec::new();
    for (step, sent) in (1..).zip(fixture.creation(order)?) {
        if !fixture.harness.orders(&sent) {
            continue;
        }
        let read = readings(&fixture.harness, &[sent])?;
        let key = read.into_iter().find_map(|read| read.held_against);
        ensure!(
            key.is_some() || !is_sent_again,
            "the guarantees allow an order id to be sent again (`resend_for`, `replays_for`), but \
             the harness does not say what the platform recognises a copy of request {step} by \
             (`Reading::held_against`)"
        );
        keys.extend(key);
    }
    Ok(keys)
}

/// Whether a key has the whole order id, or is derived from it and long enough to have no second.
fn is_whole(key: &str, id: &str) -> bool {
    const LONG: usize = 20;
    const PART: usize = 6;
    let (key, id) = (key.to_ascii_lowercase(), id.to_ascii_lowercase());
    let has_part = id
        .as_bytes()
        .windows(PART)
        .any(|part| std::str::from_utf8(part).is_ok_and(|part| key.contains(part)));
    key.contains(&id) || (key.len() >= LONG && !has_part)
}

/// Twice the same order, an hour apart.
fn two_sendings(fixture: &Fixture, order: &Order) -> Result<(Vec<Sent>, Vec<Sent>), Unmet> {
    let first = fixture.create(order, Script::all(fixture.first(order.kind)?))?;
    fixture.clock.advance(SignedDuration::from_hours(1));
    let second = fixture.create(order, Script::all(fixture.first(order.kind)?))?;
    Ok((first.sent, second.sent))
}

/// What was sent, as the platform reads it, which it has to.
pub(crate) fn readings(harness: &Arc<dyn Harness>, sent: &[Sent]) -> Result<Vec<Reading>, Unmet> {
    let read = |sent| {
        let refused = |why| Unmet::fails(format!("the harness cannot read what is sent: {why}"));
        harness.read(sent).map_err(refused)
    };
    sent.iter().map(read).collect()
}

fn contents(harness: &Arc<dyn Harness>, sent: &[Sent]) -> Result<Vec<String>, Unmet> {
    Ok(readings(harness, sent)?.into_iter().map(|reading| reading.content).collect())
}

/// What was sent, as far as the harness can read it at all.
pub(crate) fn content(harness: &Arc<dyn Harness>, sent: &Sent) -> String {
    harness.read(sent).map_or_else(|_| as_text(sent), |reading| reading.content)
}

fn as_text(sent: &Sent) -> String {
    format!("{} {}", sent.uri(), String::from_utf8_lossy(sent.body()))
}

/// Whether the text stands there with nothing grown to it.
pub(crate) fn stands_whole(content: &str, text: &str) -> bool {
    let mut from = 0;
    while let Some(found) = content.get(from..).and_then(|rest| rest.find(text)) {
        let start = from.saturating_add(found);
        let end = start.saturating_add(text.len());
        let before = content.get(..start).and_then(|part| part.chars().next_back());
        let after = content.get(end..).and_then(|part| part.chars().next());
        let grown = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !grown(before) && !grown(after) {
            return true;
        }
        from = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_key_is_not_whole() {
        let id = "PCCT4DQCA7IYPBOIHLLI5GBEMB";
        assert!(is_whole(id, id) && is_whole(&format!("shop-{}", id.to_lowercase()), id));
        assert!(is_whole("6ba7b810-9dad-11d1-80b4-00c04fd430c8", id));
        for cut in ["PCCT4DQC", &id[..25], "00000000-0000-pcct-4dqc-a7iypb000000", "7"] {
            assert!(!is_whole(cut, id), "{cut}");
        }
    }

    #[test]
    fn an_id_with_something_grown_to_it_is_another() {
        assert!(stands_whole("a P1 b", "P1"));
        assert!(stands_whole("xP1 \"P1\"", "P1"));
        assert!(!stands_whole("xP1 P12", "P1"));
        assert!(!stands_whole("P", "P1"));
    }
}
