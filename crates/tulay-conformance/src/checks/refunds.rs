//! Giving back: of the payment that was named, and not more than was paid.

use crate::{
    checks::ids::{content, stands_whole},
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    stage::Stage,
};
use std::sync::Arc;
use tulay_core::{Currency, Effect, Money, RefundRequest, Request};

pub(crate) fn no_more_is_given_back_than_was_paid(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for corridor in stage.corridors(Kind::Refund)? {
        let at = format!("{} by {}", corridor.country, corridor.channel);
        let sample = refund(&stage, &stage.sample(Kind::Refund, &corridor)?)?;
        let (paid, step) = (sample.paid, corridor.step.max(1));
        for (minor, fits) in [
            (paid.minor(), true),
            (step, true),
            (paid.minor().saturating_sub(step), true),
            (paid.minor().saturating_add(step), false),
            (paid.minor().saturating_mul(100), false),
            (0, false),
            (paid.minor().saturating_neg(), false),
        ] {
            let mut request = sample.clone();
            request.amount = Money::from_minor(minor, paid.currency());
            let amount = request.amount;
            is_sent(&stage, &request.into(), fits, &format!("{at}: {amount} of {paid}"))?;
        }
        // As much in number, of another currency.
        let other = if paid.currency() == Currency::PHP { Currency::THB } else { Currency::PHP };
        let mut request = sample.clone();
        request.paid = Money::from_minor(paid.minor(), other);
        is_sent(&stage, &request.into(), false, &format!("{at}: of a payment in {other}"))?;
    }
    Ok(())
}

pub(crate) fn refunds_name_their_payment(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for corridor in stage.corridors(Kind::Refund)? {
        let at = format!("{} by {}", corridor.country, corridor.channel);
        let sample = refund(&stage, &stage.sample(Kind::Refund, &corridor)?)?;
        let request = Request::from(sample.clone());
        let call = stage.send(Kind::Refund, &request, Script::all(stage.first(Kind::Refund)?))?;
        let said: String = call.sent.iter().map(|sent| content(harness, sent)).collect();
        let theirs = sample.original.provider_reference.as_ref();
        let named = theirs.is_some_and(|theirs| stands_whole(&said, theirs.as_str()))
            || stands_whole(&said, sample.original.order_id.as_str());
        ensure!(named, "{at}: the payment it belongs to is not in what is sent");
        let stored = stage.order_of(Kind::Refund, &request)?.prepared.lookup;
        ensure!(
            stored.original.as_ref() == theirs,
            "{at}: what is stored to ask again names another payment"
        );
        // Without the platform's name for the payment there must be ours.
        let mut unnamed = sample.clone();
        unnamed.original.provider_reference = None;
        let id = unnamed.original.order_id.clone();
        let call =
            stage.send(Kind::Refund, &unnamed.into(), Script::all(stage.first(Kind::Refund)?))?;
        let said: String = call.sent.iter().map(|sent| content(harness, sent)).collect();
        ensure!(
            call.sent.is_empty() || stands_whole(&said, id.as_str()),
            "{at}: a refund of a payment that is not known is sent"
        );
    }
    Ok(())
}

fn is_sent(stage: &Stage, request: &Request, fits: bool, at: &str) -> Outcome {
    let call = stage.send(Kind::Refund, request, Script::all(stage.first(Kind::Refund)?))?;
    let sent = !call.sent.is_empty();
    if fits {
        let why = call.result.err().map(|error| shown(&error));
        ensure!(sent, "{at}: it is refused: {why:?}");
        return Ok(());
    }
    ensure!(!sent, "{at}: it is sent");
    let refused = call.result.err();
    let right = refused
        .as_ref()
        .is_some_and(|error| (error.effect(), error.field()) == (Effect::NotSent, Some("amount")));
    ensure!(right, "{at}: it is refused as {:?}", refused.as_ref().map(shown));
    Ok(())
}

fn refund(stage: &Stage, request: &Request) -> Result<RefundRequest, Unmet> {
    match request {
        Request::Refund(request) => Ok(request.clone()),
        _ => Err(Unmet::fails(format!("{:?}: the harness gives no refund", stage.provider.id()))),
    }
}
