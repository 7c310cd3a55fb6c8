//! Payment instructions: there are some, and they ask for this payment alone.

use crate::{
    case::Repeats,
    checks::agreement::mismatch,
    fixture::{Fixture, each, each_way},
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure},
    platform::Script,
};
use std::sync::Arc;
use tulay_core::{Channel, Found, PaymentInstructions};

pub(crate) fn payment_instructions_are_returned(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        is_shown(kind)?;
        for corridor in fixture.corridors(kind)? {
            let at = format!("by {} in {}", corridor.channel, corridor.country);
            let order = fixture.order_of(kind, &fixture.sample(kind, &corridor)?)?;
            let made = fixture.create(&order, Script::all(fixture.first(kind)?))?.accepted()?;
            let Some(shown) = made.payment_instructions else {
                return Err(Unmet::fails(format!("{at}: there is nothing to pay by")));
            };
            ensure!(fits(corridor.channel, &shown), "{at}: what is shown is of another kind");
            let nothing = fixture.first(kind)?.repeating(Repeats::NoShown);
            let call = fixture.create(&order, Script::all(nothing))?;
            if let (false, Ok(seen)) = (call.unsaid, call.result) {
                ensure!(seen.payment_instructions.is_none(), "{at}: what is shown is made up");
            }
        }
        Ok(())
    })
}

pub(crate) fn codes_with_another_amount_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    never_shown(harness, Repeats::OtherShown)
}

pub(crate) fn codes_of_another_payee_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    never_shown(harness, Repeats::OtherPayee)
}

fn never_shown(harness: &Arc<dyn Harness>, repeats: Repeats) -> Outcome {
    each_way(harness, |fixture, kind| {
        is_shown(kind)?;
        let mut tried = false;
        for corridor in fixture.corridors(kind)? {
            let at = format!("by {} in {}", corridor.channel, corridor.country);
            let order = fixture.order_of(kind, &fixture.sample(kind, &corridor)?)?;
            let case = fixture.first(kind)?.repeating(repeats);
            let call = fixture.create(&order, Script::all(case.clone()))?;
            if !call.unsaid {
                tried = true;
                mismatch(&at, call.result.err().as_ref())?;
            }
            if let Some(lookup) = fixture.lookup_if_offered(&order)? {
                let call = fixture.find(kind, &lookup, Script::all(case))?;
                // An answer that shows nothing shows nothing wrong.
                let silent = match &call.result {
                    Ok(Found::Found(seen)) => seen.payment_instructions.is_none(),
                    _ => false,
                };
                if !call.unsaid && !silent {
                    tried = true;
                    mismatch(&format!("look-up, {at}"), call.result.err().as_ref())?;
                }
            }
        }
        if tried { Ok(()) } else { Err(Unmet::not_offered(format!("no answer says {repeats:?}"))) }
    })
}

fn is_shown(kind: Kind) -> Outcome {
    match kind {
        Kind::Collection | Kind::StaticCode => Ok(()),
        Kind::Payout | Kind::Refund => Err(Unmet::not_offered("nothing is shown to a payer")),
    }
}

const fn fits(channel: Channel, shown: &PaymentInstructions) -> bool {
    match channel {
        Channel::Qr => {
            matches!(
                shown,
                PaymentInstructions::Qr(_)
                    | PaymentInstructions::QrImage { .. }
                    | PaymentInstructions::Redirect(_)
            )
        }
        Channel::VirtualAccount => matches!(shown, PaymentInstructions::VirtualAccount { .. }),
        Channel::Redirect => matches!(shown, PaymentInstructions::Redirect(_)),
        Channel::InApp => {
            matches!(shown, PaymentInstructions::WalletCall(_) | PaymentInstructions::Redirect(_))
        }
        _ => true,
    }
}
