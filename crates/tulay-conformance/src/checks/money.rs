//! Amounts are sent exactly or refused.

use crate::{
    checks::ids::readings,
    fixture::{Fixture, each},
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    request::Edit,
};
use std::sync::Arc;
use tulay_core::{Currency, Effect, ErrorKind, Money};

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
        Ok(())
    })
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
