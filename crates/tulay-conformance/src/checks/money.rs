//! Amounts are sent exactly or refused, and read exactly or not at all.

use crate::{
    amount_form::AmountForm,
    case::Repeats,
    checks::{agreement::mismatch, fields::institution, ids::readings},
    fixture::{Call, Fixture, each},
    harness::Harness,
    order::{Kind, Order, Seen},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    post::Post,
    request::Edit,
};
use std::sync::Arc;
use tulay_core::{Corridor, Currency, Effect, ErrorKind, Found, Lookup, Money, StatedAmount};

/// Currencies with none, two, three and four decimals, and all of the region.
const CURRENCIES: &[&str] = &[
    "AED", "AUD", "BHD", "BND", "CLF", "CNY", "EUR", "GBP", "HKD", "IDR", "INR", "JPY", "KHR",
    "KRW", "KWD", "LAK", "MMK", "MYR", "PHP", "RUB", "SGD", "THB", "TWD", "USD", "VND",
];

pub(crate) fn amounts_are_exact_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        if kind == Kind::StaticCode {
            return Err(Unmet::not_offered("the payer chooses the amount"));
        }
        for corridor in fixture.corridors(kind)? {
            let mut request = fixture.sample(kind, &corridor)?;
            let capability = fixture.capability(kind)?;
            for minor in amounts(corridor.min, corridor.max, corridor.step) {
                let amount = Money::from_minor(minor, corridor.currency);
                request.set_amount(amount);
                let admitted = capability.admit_request(&request).is_ok();
                let call = fixture.send(kind, &request, Script::all(fixture.first(kind)?))?;
                if call.sent.is_empty() {
                    let Err(error) = call.result else {
                        return Err(Unmet::fails(format!("{amount}: nothing is sent")));
                    };
                    ensure!(
                        !admitted,
                        "{amount} fits the corridor, but is refused: {}",
                        shown(&error)
                    );
                    ensure!(
                        (error.effect(), error.field()) == (Effect::NotSent, Some("amount")),
                        "{amount} is refused as {}",
                        shown(&error)
                    );
                    continue;
                }
                ensure!(admitted, "{amount} does not fit the corridor, but is sent");
                let moved = readings(harness, &call.sent)?.into_iter().find_map(|read| read.pays);
                ensure!(
                    moved == Some(amount),
                    "{amount} would move as {moved:?}, as the harness reads it (`Reading::paying`)"
                );
            }
        }
        for corridor in fixture.corridors(kind)? {
            institution_limits_hold(fixture, kind, &corridor)?;
        }
        Ok(())
    })
}

/// Where a bank or wallet has limits of its own, an amount beyond them is refused as any other.
/// The sample's account need not fit that bank, so that the rest may be refused for that.
fn institution_limits_hold(fixture: &Fixture, kind: Kind, corridor: &Corridor) -> Outcome {
    for limit in &corridor.institution_limits {
        let mut request = fixture.sample(kind, corridor)?;
        let Some(institution) = institution(&mut request) else { continue };
        *institution = limit.institution.clone();
        for minor in amounts(limit.min, limit.max, corridor.step) {
            let amount = Money::from_minor(minor, corridor.currency);
            request.set_amount(amount);
            if fixture.capability(kind)?.admit_request(&request).is_ok() {
                continue;
            }
            let call = fixture.send(kind, &request, Script::all(fixture.first(kind)?))?;
            let at = format!("{amount} to {}", limit.institution);
            ensure!(call.sent.is_empty(), "{at} does not fit its limits, but is sent");
            let refused = call.result.err();
            let right = refused.as_ref().is_some_and(|error| {
                (error.effect(), error.field()) == (Effect::NotSent, Some("amount"))
            });
            ensure!(right, "{at} is refused as {:?}", refused.as_ref().map(shown));
        }
    }
    Ok(())
}

pub(crate) fn unlisted_currencies_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let corridors = fixture.corridors(kind)?;
        for corridor in &corridors {
            for currency in CURRENCIES.iter().filter_map(|code| Currency::new(code).ok()) {
                let here = (corridor.country, currency, corridor.channel);
                if corridors.iter().any(|c| (c.country, c.currency, c.channel) == here) {
                    continue;
                }
                let mut request = fixture.sample(kind, corridor)?;
                request.set_currency(currency);
                let call = fixture.send(kind, &request, Script::all(fixture.first(kind)?))?;
                ensure!(
                    call.sent.is_empty(),
                    "{currency} in {} is not offered, but sent",
                    corridor.country
                );
                let refused = call.result.err().map(|error| (error.kind(), error.effect()));
                ensure!(
                    refused == Some((ErrorKind::Unsupported, Effect::NotSent)),
                    "{currency} in {} is not offered; expected unsupported, found {refused:?}",
                    corridor.country
                );
            }
        }
        Ok(())
    })
}

/// Amounts that a calculation in floating point reads as one unit less, or cannot hold: for any
/// limits of a corridor there are some. `f32` ends at 2^24, `f64` at 2^53.
const AWKWARD: [i64; 12] = [
    29,
    57,
    115,
    201,
    1_015,
    1_999,
    2_033,
    102_411,
    1_000_021,
    16_777_217,
    9_007_199_254_740_993,
    9_007_199_254_740_995,
];

pub(crate) fn amounts_are_read_exactly(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let mut stated = false;
        for corridor in by_currency(fixture, kind)? {
            for units in AWKWARD {
                // In a code that a payer is shown, an amount has at most 13 characters.
                let shown = kind == Kind::Collection && units > 100_000_000;
                let Some(minor) = units.checked_mul(corridor.step).filter(|_| !shown) else {
                    continue;
                };
                let amount = Money::from_minor(minor, corridor.currency);
                let mut request = fixture.sample(kind, &corridor)?;
                request.set_amount(amount);
                if fixture.capability(kind)?.admit_request(&request).is_ok() {
                    let order = fixture.order_of(kind, &request)?;
                    stated |= answers_state(fixture, &order, amount)?;
                    stated |= notifications_state(fixture, &order, amount)?;
                }
            }
        }
        if stated { Ok(()) } else { Err(Unmet::not_offered("no message states an amount")) }
    })
}

/// Whether answers state the amount, which has to be this one; one more is a mismatch.
fn answers_state(fixture: &Fixture, order: &Order, amount: Money) -> Result<bool, Unmet> {
    let kind = order.kind;
    let created = fixture.create(order, Script::all(fixture.first(kind)?))?.accepted()?;
    let mut stated = exactly("created", created.amount.as_ref(), amount)?;
    let Some(lookup) = fixture.lookup_if_offered(order)? else { return Ok(stated) };
    let paid = fixture.success(kind)?;
    let Found::Found(found) = fixture.find(kind, &lookup, Script::all(paid.clone()))?.accepted()?
    else {
        return Err(Unmet::fails(format!("{amount}: it is not found")));
    };
    stated |= exactly("looked up", found.amount.as_ref(), amount)?;
    let more = paid.repeating(Repeats::OtherAmount);
    let call = fixture.find(kind, &lookup, Script::all(more))?;
    if stated && !call.unsaid {
        let at = format!("looked up, one unit more than {amount}");
        mismatch(&at, call.result.err().as_ref())?;
    }
    Ok(stated)
}

/// The same of notifications.
fn notifications_state(fixture: &Fixture, order: &Order, amount: Money) -> Result<bool, Unmet> {
    let Ok(post) = Post::new(fixture, order.kind, fixture.stored(order)?) else { return Ok(false) };
    let mut stated = false;
    for (repeats, is_exact) in [(Repeats::All, true), (Repeats::OtherAmount, false)] {
        let Some(raw) = post.raw(&post.telling().repeating(repeats)) else { continue };
        let Ok(opened) = post.open(&raw)? else { continue };
        for event in opened.get() {
            let read = post.notice(event)?.and_then(|notice| notice.amount);
            if is_exact {
                stated |= exactly("notified", read.as_ref(), amount)?;
            } else {
                let same = read.and_then(|read| read.in_currency(amount.currency()));
                ensure!(same != Some(amount), "notified, one unit more is read as {amount}");
            }
        }
    }
    Ok(stated)
}

/// Whether an amount is stated; then it is this one.
fn exactly(at: &str, stated: Option<&StatedAmount>, amount: Money) -> Result<bool, Unmet> {
    let Some(stated) = stated else { return Ok(false) };
    let read = stated.in_currency(amount.currency());
    ensure!(read == Some(amount), "{at}: {amount} is read as {stated}");
    Ok(true)
}

pub(crate) fn other_forms_of_amounts_are_not_believed(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let mut written = false;
        for corridor in by_currency(fixture, kind)? {
            let order = fixture.order_of(kind, &fixture.sample(kind, &corridor)?)?;
            let lookup = fixture.lookup_if_offered(&order)?;
            let paid = fixture.success(kind)?;
            for form in AmountForm::OTHERS {
                let case = paid.clone().with_amount_as(form);
                let at = |what: &str| format!("{what}, an amount in the form {form:?}");
                let call = fixture.create(&order, Script::all(case.clone()))?;
                if call.says_else(fixture, kind.creates(), order.lookup(), &paid) {
                    written = true;
                    not_another(&at("created"), form, order.lookup(), &call)?;
                }
                let Some(lookup) = &lookup else { continue };
                let call = fixture.find(kind, lookup, Script::all(case))?;
                if call.says_else(fixture, kind.finds(), lookup, &paid) {
                    written = true;
                    let call = call.found(&at("looked up"))?;
                    not_another(&at("looked up"), form, lookup, &call)?;
                }
            }
            let about = fixture.stored(&order)?;
            if let Ok(post) = Post::new(fixture, kind, about) {
                written |= notified_in_other_forms(&post)?;
            }
        }
        match written {
            true => Ok(()),
            false => Err(Unmet::not_offered(
                "the harness writes no amount in another form (`Case::write_amount`)",
            )),
        }
    })
}

/// An amount in another form is read as the same amount, or not at all.
fn not_another(at: &str, form: AmountForm, asked: &Lookup, call: &Call<Seen>) -> Outcome {
    match &call.result {
        Ok(seen) => is_same(at, form, asked, seen.amount.as_ref()),
        Err(error) => {
            let another = form != AmountForm::MoreDigits && error.kind() == ErrorKind::Mismatch;
            ensure!(!another, "{at} is read as another amount: {}", shown(error));
            ensure!(error.effect() == Effect::Unknown, "{at} is read as {}", shown(error));
            Ok(())
        }
    }
}

fn notified_in_other_forms(post: &Post<'_>) -> Result<bool, Unmet> {
    let mut written = false;
    for form in AmountForm::OTHERS {
        let case = post.telling().with_amount_as(form);
        let Some(raw) = post.unlike_the_telling(&case) else { continue };
        written = true;
        let Ok(opened) = post.open(&raw)? else { continue };
        for event in opened.get() {
            let read = post.notice(event)?.and_then(|notice| notice.amount);
            let at = format!("notified, an amount in the form {form:?}");
            is_same(&at, form, &post.about, read.as_ref())?;
        }
    }
    Ok(written)
}

fn is_same(at: &str, form: AmountForm, asked: &Lookup, read: Option<&StatedAmount>) -> Outcome {
    let Some((stated, asked)) = read.zip(asked.amount) else { return Ok(()) };
    let same = stated.in_currency(asked.currency()) == Some(asked);
    ensure!(same == (form != AmountForm::MoreDigits), "{at} of {asked}: it is read as {stated}");
    Ok(())
}

/// The first corridor of each country and currency: amounts are read alike in the others.
fn by_currency(fixture: &Fixture, kind: Kind) -> Result<Vec<Corridor>, Unmet> {
    if kind == Kind::StaticCode {
        return Err(Unmet::not_offered("the payer chooses the amount"));
    }
    let mut corridors: Vec<Corridor> = Vec::new();
    for corridor in fixture.corridors(kind)? {
        let place = (corridor.country, corridor.currency);
        if corridors.iter().all(|known| (known.country, known.currency) != place) {
            corridors.push(corridor);
        }
    }
    Ok(corridors)
}

/// Edges, and the amounts that floating point is known to get wrong.
fn amounts(min: Option<Money>, max: Option<Money>, step: i64) -> Vec<i64> {
    let mut amounts: Vec<i64> = (-2..=120).collect();
    amounts.extend([895, 1_001, 1_015, 1_999, 10_150, 40_115, 113_500, 4_999_999]);
    amounts.extend([
        9_007_199_254_740_993,
        9_007_199_254_740_995,
        i64::MAX,
        i64::MAX - 1,
        i64::MIN,
    ]);
    for edge in [min, max].into_iter().flatten().map(Money::minor) {
        amounts.extend((-1..=1).map(|by| edge.saturating_add(by)));
        amounts.extend([edge.saturating_sub(step), edge.saturating_add(step)]);
    }
    let stepped: Vec<i64> = amounts.iter().filter_map(|amount| amount.checked_mul(step)).collect();
    amounts.extend(stepped);
    amounts.sort_unstable();
    amounts.dedup();
    amounts
}
