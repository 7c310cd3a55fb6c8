//! Refunds: of the named payment, and not more than was paid.

use crate::{
    case::{Case, Repeats},
    checks::ids::{content, stands_whole},
    fixture::{Call, Fixture},
    harness::Harness,
    order::{Kind, Seen},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::{Answered, Script},
};
use std::sync::Arc;
use tulay_core::{Currency, Effect, Error, ErrorKind, Money, RefundRequest, Request};

pub(crate) fn refunds_do_not_exceed_the_payment(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for corridor in fixture.corridors(Kind::Refund)? {
        let at = format!("{} by {}", corridor.country, corridor.channel);
        let sample = refund(&fixture, &fixture.sample(Kind::Refund, &corridor)?)?;
        let (paid, step) = (sample.paid, corridor.step.max(1));
        let least = corridor.min.map_or(step, Money::minor).max(step);
        for minor in [
            paid.minor(),
            least,
            step,
            paid.minor().saturating_sub(step),
            paid.minor().saturating_add(step),
            paid.minor().saturating_mul(100),
            0,
            paid.minor().saturating_neg(),
        ] {
            let amount = Money::from_minor(minor, paid.currency());
            let mut request = sample.clone();
            request.amount = amount;
            let fits = fixture.capability(Kind::Refund)?.admit_refund(&request).is_ok();
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
        let names = |call: &Call<Seen>, id: &str| {
            call.sent.iter().any(|sent| stands_whole(&content(harness, sent), id))
        };
        let theirs = sample.original.provider_reference.as_ref();
        // Where the payment made on the order has an id of its own, that is refunded.
        let payment = sample.original.payment.as_ref();
        let named = match payment.or(theirs) {
            Some(id) if names(&call, id.as_str()) => true,
            _ => payment.is_none() && names(&call, sample.original.order_id.as_str()),
        };
        ensure!(named, "{at}: the payment it belongs to is not in what is sent");
        let stored = fixture.order_of(Kind::Refund, &request)?.prepared.lookup;
        ensure!(
            (stored.original.as_ref(), stored.payment.as_ref()) == (theirs, payment),
            "{at}: what is stored to ask again names another payment"
        );
        // Without the platform's name for the payment there must be ours.
        let mut unnamed = sample.clone();
        (unnamed.original.provider_reference, unnamed.original.payment) = (None, None);
        let id = unnamed.original.order_id.clone();
        let call = fixture.send(
            Kind::Refund,
            &unnamed.into(),
            Script::all(fixture.first(Kind::Refund)?),
        )?;
        ensure!(
            call.sent.is_empty() || names(&call, id.as_str()),
            "{at}: a refund of a payment that is not known is sent"
        );
    }
    Ok(())
}

pub(crate) fn refunds_of_other_payments_are_not_believed(harness: &Arc<dyn Harness>) -> Outcome {
    let (fixture, kind) = (Fixture::new(harness), Kind::Refund);
    let order = fixture.order(kind)?;
    let lookup = fixture.lookup_if_offered(&order)?;
    let originals = [order.lookup().original.clone(), order.lookup().payment.clone()];
    let mut named = false;
    for (word, _) in fixture.words(kind)? {
        let usual = Case::order(&word);
        let other = Script::all(usual.clone().repeating(Repeats::OtherPayment));
        let created = fixture.create(&order, other.clone())?;
        let mut calls = vec![("created", kind.creates(), order.lookup(), created)];
        if let Some(lookup) = &lookup {
            let call = fixture.find(kind, lookup, other)?;
            if call.says_else(&fixture, kind.finds(), lookup, &usual) {
                calls.push(("looked up", kind.finds(), lookup, call.found(&word)?));
            }
        }
        for (what, operation, about, call) in calls {
            if call.says_else(&fixture, operation, about, &usual) {
                named = true;
                is_contradicted(&format!("{what}, {word}"), call.result.err().as_ref())?;
            }
        }
        // A harness that cannot say it must be of a platform that names no payment.
        let call = fixture.create(&order, Script::all(usual))?;
        let body = call.response.map(Answered::into_body).unwrap_or_default();
        let body = String::from_utf8_lossy(&body);
        let names = originals.iter().flatten().any(|id| stands_whole(&body, id.as_str()));
        ensure!(
            named || !names,
            "the response names the refunded payment, but the harness names no other \
             (`Repeats::OtherPayment`)"
        );
    }
    match named {
        true => Ok(()),
        false => Err(Unmet::not_offered("no response names the refunded payment")),
    }
}

fn is_contradicted(at: &str, refused: Option<&Error>) -> Outcome {
    let Some(error) = refused else {
        return Err(Unmet::fails(format!("{at}: a refund of another payment is believed")));
    };
    let kinds = [ErrorKind::Unrelated, ErrorKind::Mismatch];
    ensure!(
        kinds.contains(&error.kind()) && error.effect() == Effect::Unknown,
        "{at}: a refund of another payment is read as {}",
        shown(error)
    );
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
