//! How a refund is printed, and what its state means for the money.

use crate::{
    args::Global,
    error::CliError,
    exit::Exit,
    report::Report,
    terminal,
    track::{State, Tracked},
};
use tulay::{Effect, Environment};

/// The table about an order, in a report of the form of this name.
pub(super) fn report(
    form: &'static str,
    environment: Option<Environment>,
    tracked: &Tracked,
) -> Report {
    let amount = tracked.amount.map_or_else(|| "-".into(), |amount| amount.to_string());
    Report::new(form, environment).table(
        &["reference", "provider", "its reference", "amount", "status", "reason"],
        vec![vec![
            tracked.reference.to_string(),
            tracked.provider.to_string(),
            tracked.provider_reference.as_ref().map_or("-", |r| r.as_str()).to_owned(),
            amount,
            tracked.state.as_str().to_owned(),
            tracked.why(),
        ]],
    )
}

/// What the state means for the money, and what to do.
pub(super) fn advice(tracked: &Tracked) -> Option<String> {
    let advice = match tracked.state {
        State::InDoubt if tracked.other_amount => format!(
            "{}. The provider may state the amount less a fee, or the amount was entered \
             differently. Only if this is another refund, choose another reference",
            tracked.why()
        ),
        State::InDoubt => format!(
            "in doubt: the refund may have been refunded. Look it up first. Then the same create is \
             safe to run again if nothing changes: not the request, not the provider ({}), not the \
             configuration. Do not refund under another reference",
            tracked.provider
        ),
        State::Pending => "accepted, not final yet".into(),
        State::Succeeded if tracked.matched.is_some() => {
            let amount = tracked.amount.map_or(String::new(), |amount| format!(" ({amount})"));
            format!("already refunded{amount}; nothing was sent now")
        }
        State::Succeeded => return None,
        State::Failed if tracked.effect == Some(Effect::Rejected) => format!(
            "this attempt refunded nothing; an earlier attempt may have refunded: run `tulay refund \
             get {}`",
            terminal::quoted(tracked.reference.as_str())
        ),
        State::Failed if tracked.matched.is_some() => format!(
            "nothing was sent now; this reference failed permanently{}: to refund again, use a new \
             reference",
            tracked.failure_code()
        ),
        State::Failed => "failed (confirmed twice); to refund again, use a new reference".into(),
    };
    Some(advice)
}

/// Prints the report, with what the state means for the money and the command that asks again.
pub(super) fn print(
    global: &Global,
    report: Report,
    tracked: &Tracked,
    ask: Option<String>,
) -> Result<Exit, CliError> {
    let exit = tracked.state.exit();
    let final_now = matches!(tracked.state, State::Succeeded | State::Failed);
    let next: Vec<String> = ask.clone().into_iter().filter(|_| !final_now).collect();
    let format = global.format();
    // What was done is not undone by a full disk.
    let done = format!("{} {}", tracked.reference, tracked.state.verb());
    let printed = report.member("next", next.clone()).done(done, ask).print(format, exit);
    if !format.is_json() {
        // What may have been paid is printed even with --quiet.
        let quiet = global.quiet && exit != Exit::InDoubt;
        let next = next.iter().map(|command| format!("  next: {command}"));
        let lines = advice(tracked).into_iter().chain(next);
        lines.filter(|_| !quiet).for_each(|line| terminal::tell(&line));
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{
        Channel, Country, Currency, ErrorKind, Failure, Lookup, Money, OrderId, Payout,
        PayoutStatus, ProviderId, Reference, readings::StatedAmount,
    };

    fn pesos(minor: i64) -> Money {
        Money::from_minor(minor, Currency::PHP)
    }

    /// An order of PHP 100.00 that was there before, as the provider states it now.
    fn existing(status: PayoutStatus, stated: i64, code: Option<&str>) -> Tracked {
        let order_id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let mut lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Bank);
        lookup.amount = Some(pesos(10_000));
        let reference = Reference::new("R1").unwrap();
        let mut tracked = Tracked::new(&reference, &ProviderId::new("starpay").unwrap(), &lookup);
        let mut payout = Payout::new(status);
        payout.amount = Some(StatedAmount::known(pesos(stated)));
        payout.failure = code.map(|code| {
            let mut failure = Failure::new(ErrorKind::Beneficiary);
            failure.code = Some(code.to_owned());
            failure
        });
        tracked.was_there(&payout);
        tracked.observe(payout);
        tracked
    }

    /// The same order after `payout get`, or after a sending with this effect.
    fn looked_up(mut tracked: Tracked, effect: Option<Effect>) -> Tracked {
        (tracked.matched, tracked.effect) = (None, effect);
        tracked
    }

    #[test]
    fn final_failure_names_the_next_step() {
        let failed = PayoutStatus::Failed;
        for (tracked, expected) in [
            (
                existing(failed.clone(), 10_000, Some("AC01")),
                "nothing was sent now; this reference failed permanently (AC01): to refund again, use \
                 a new reference",
            ),
            (
                existing(failed.clone(), 10_000, None),
                "nothing was sent now; this reference failed permanently: to refund again, use a new \
                 reference",
            ),
            (
                looked_up(existing(failed.clone(), 10_000, Some("AM04")), None),
                "failed (confirmed twice); to refund again, use a new reference",
            ),
            (
                looked_up(existing(failed, 10_000, None), Some(Effect::Rejected)),
                "this attempt refunded nothing; an earlier attempt may have refunded: run `tulay refund get R1`",
            ),
        ] {
            assert_eq!(advice(&tracked).as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_existing_success_is_not_refunded_again() {
        let tracked = existing(PayoutStatus::Succeeded, 10_000, None);
        assert_eq!(
            advice(&tracked).as_deref(),
            Some("already refunded (PHP 100.00); nothing was sent now")
        );
        assert_eq!(advice(&looked_up(tracked, None)), None);
    }

    #[test]
    fn another_amount_says_first_what_the_provider_knows() {
        for (stated, shown) in [(9_500, "PHP 95.00"), (1_000_000, "PHP 10,000.00")] {
            let tracked = existing(PayoutStatus::Succeeded, stated, None);
            let advice = advice(&tracked).unwrap();
            assert!(
                advice.starts_with(&format!(
                    "starpay states succeeded, {shown}; this request says PHP 100.00; nothing was \
                     sent now. "
                )),
                "{advice}"
            );
            assert!(advice.ends_with("is another refund, choose another reference"), "{advice}");
            assert_eq!(tracked.state.exit(), Exit::InDoubt);
        }
    }
}
