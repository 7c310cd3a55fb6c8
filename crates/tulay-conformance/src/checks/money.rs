//! Amounts settle exactly, or are refused.

use crate::{
    harness::Harness,
    outcome::{Outcome, ensure, shown},
    platform::Script,
    stage::Stage,
};
use std::sync::Arc;
use tulay_core::{Currency, Effect, ErrorKind, Money};

/// Currencies with none, two, three and four decimals, and all of the region.
const CURRENCIES: &[&str] = &[
    "AED", "AUD", "BHD", "BND", "CLF", "CNY", "EUR", "GBP", "HKD", "IDR", "INR", "JPY", "KHR",
    "KRW", "KWD", "LAK", "MMK", "MYR", "PHP", "RUB", "SGD", "THB", "TWD", "USD", "VND",
];

pub(crate) fn amounts_settle_exactly_or_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for corridor in stage.corridors()? {
        for minor in amounts(corridor.min, corridor.max, corridor.step) {
            let mut request = harness.request(&corridor);
            let amount = Money::from_minor(minor, corridor.currency);
            request.amount = amount;
            let payouts = stage.payouts()?;
            let admitted = payouts.capability().admit_payout(&request).is_ok();
            let prepared = payouts.prepare(&request, &stage.order_id(&request)?);
            let order = match prepared {
                Ok(order) => order,
                Err(error) => {
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
            };
            ensure!(admitted, "{amount} does not fit the corridor, but is prepared");
            let call = stage.create(&order, Script::all(stage.pending()))?;
            let paid = call.sent.iter().filter_map(|sent| harness.read(sent).ok()?.pays).next();
            ensure!(paid == Some(amount), "{amount} would be paid as {paid:?}");
        }
    }
    Ok(())
}

pub(crate) fn other_currencies_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let corridors = stage.corridors()?;
    for corridor in &corridors {
        for currency in CURRENCIES.iter().filter_map(|code| Currency::new(code).ok()) {
            let here = (corridor.country, currency, corridor.channel);
            if corridors.iter().any(|c| (c.country, c.currency, c.channel) == here) {
                continue;
            }
            let mut request = harness.request(corridor);
            request.amount = Money::from_minor(request.amount.minor(), currency);
            let refused = stage.payouts()?.prepare(&request, &stage.order_id(&request)?);
            let refused = refused.err().map(|error| (error.kind(), error.effect()));
            ensure!(
                refused == Some((ErrorKind::Unsupported, Effect::NotSent)),
                "{currency} in {} is not offered; expected unsupported, found {refused:?}",
                corridor.country
            );
        }
    }
    Ok(())
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
