//! Refunds: of the named payment, and not more than was paid.

use crate::{
    checks::ids::{content, stands_whole},
    fixture::Fixture,
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
};
use std::sync::Arc;
use tulay_core::{Currency, Effect, Money, RefundRequest, Request};

pub(crate) fn refunds_do_not_exceed_the_payment(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for corridor in fixture.corridors(Kind::Refund)? {
        let at = format!("{} by {}", corridor.country, corridor.channel);
        let sample = refund(&fixture, &fixture.sample(Kind::Refund, &corridor)?)?;
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
            is_sent(&fixture, &request.into(), fits, &format!("{at}: {amount} of {paid}"))?;
        }
        // As much in number, of another currency.
        let other = if paid.currency() == Currency::PHP { Currency::THB } else { Currency::PHP };
        let mut request = sample.clone();
        request.paid = Money::from_minor(paid.minor(), other);
        is_sent(&fixture, &request.into(), false, &format!("{at}: of a payment in {other}"))?;
    }
    Ok(())
}

pub(crate) fn refunds_identify_their_payment(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for corridor in fixture.corridors(Kind::Refund)? {
        let at = format!("{} by {}", corridor.country, corridor.channel);
        let sample = refund(&fixture, &fixture.sample(Kind::Refund, &corridor)?)?;
        let request = Request::from(sample.clone());
        let call =
            fixture.send(Kind::Refund, &request, Script::all(fixture.first(Kind::Refund)?))?;
        let said: String = call.sent.iter().map(|sent| content(harness, sent)).collect();
        let theirs = sample.original.provider_reference.as_ref();
        let named = theirs.is_some_and(|theirs| stands_whole(&said, theirs.as_str()))
            || stands_whole(&said, sample.original.order_id.as_str());
        ensure!(named, "{at}: the payment it belongs to is not in what is sent");
        let stored = fixture.order_of(Kind::Refund, &request)?.prepared.lookup;
        ensure!(
            stored.original.as_ref() == theirs,
            "{at}: what is stored to ask again names another payment"
        );
        // Without the platform's name for the payment there must be ours.
        let mut unnamed = sample.clone();
        unnamed.original.provider_reference = None;
        let id = unnamed.original.order_id.clone();
        let call = fixture.send(
            Kind::Refund,
            &unnamed.into(),
            Script::all(fixture.first(Kind::Refund)?),
        )?;
        let said: String = call.sent.iter().map(|sent| content(harness, sent)).collect();
        ensure!(
            call.sent.is_empty() || stands_whole(&said, id.as_str()),
            "{at}: a refund of a payment that is not known is sent"
        );
    }
    Ok(())
}

fn is_sent(fixture: &Fixture, request: &Request, fits: bool, at: &str) -> Outcome {
    let call = fixture.send(Kind::Refund, request, Script::all(fixture.first(Kind::Refund)?))?;
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

fn refund(fixture: &Fixture, request: &Request) -> Result<RefundRequest, Unmet> {
    match request {
        Request::Refund(request) => Ok(request.clone()),
        _ => Err(Unmet::fails(format!("{:?}: the harness gives no refund", fixture.provider.id()))),
    }
}
