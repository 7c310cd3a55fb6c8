//! Why, in sentences for people.

use crate::{
    plan::{By, Cause, Excluded, Sender},
    situation::Ended,
};
use tulay_core::Corridor;

/// Who sent the payment there.
pub(crate) fn by(by: &By<'_>) -> String {
    let rule = match by.sender {
        Sender::Rule(rule) => rule,
        Sender::Frozen => return "the payment was accepted for it".into(),
        Sender::NoRules => {
            let order = "providers in the order of the configuration";
            return format!("no rule is for this operation: {order}");
        }
    };
    match (rule.total(), by.drawn) {
        (None, _) => format!("the rule for {rule} names it"),
        (Some(total), true) => {
            format!(
                "the rule for {rule} gives it {} of {total}, and the reference draws",
                by.weight
            )
        }
        (Some(total), false) => {
            format!("the rule for {rule} gives it {} of {total}; a reference would draw", by.weight)
        }
    }
}

/// What the corridor carries.
pub(crate) fn corridor(corridor: &Corridor) -> String {
    let Corridor { country, currency, channel, min, max, .. } = corridor;
    let limits = match (min, max) {
        (Some(min), Some(max)) => format!(", {min} to {max}"),
        (None, Some(max)) => format!(", up to {max}"),
        (Some(min), None) => format!(", from {min}"),
        (None, None) => String::new(),
    };
    format!("it carries {currency} by {channel} in {country}{limits}")
}

/// Why it was left out.
pub(crate) fn excluded(excluded: &Excluded<'_>) -> String {
    match excluded.cause {
        Cause::NotNamed => "no rule sends this payment to it".into(),
        Cause::NotInOrder => "it is not in the order that the payment was accepted with".into(),
        Cause::Misfit(..) => {
            excluded.error().map_or_else(|| "it does not fit".into(), |error| error.to_string())
        }
        Cause::Tried(kind) => format!("it was tried: {}", kind.meaning()),
        Cause::Ended(Ended::Kind(kind), _) => {
            format!("it would be the same there: {}", kind.meaning())
        }
        Cause::Ended(Ended::Attempts, attempts) => {
            format!("there were as many attempts as are allowed, {attempts}")
        }
        Cause::Gone => {
            "the configuration does not have it any more, or with another account".into()
        }
    }
}
