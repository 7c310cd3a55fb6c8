//! Why, in sentences for people.

use crate::candidate::{Candidate, Cause, Choice, Deferred, Excluded, Source};
use std::fmt;
use tulay_core::Corridor;

impl Candidate<'_> {
    /// Why the provider is a candidate, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![chosen(&self.choice), carries(self.corridor)]
    }
}

impl Deferred<'_> {
    /// What the payment would wait for, and why the provider is in the plan, in sentences for
    /// people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = vec![self.reason.to_string(), chosen(&self.choice)];
        reasons.extend(self.corridor.map(carries));
        reasons
    }
}

impl Excluded<'_> {
    /// Why the provider was left out, in sentences for people.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        vec![left_out(&self.cause)]
    }
}

impl fmt::Debug for Excluded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Excluded({}: {})", self.provider, left_out(&self.cause))
    }
}

fn chosen(choice: &Choice<'_>) -> String {
    let Choice { source, weight, drawn } = choice;
    let rule = match source {
        Source::Rule(rule) => rule,
        Source::Sequence(_) => return "it was planned when the payment was accepted".into(),
        Source::Configuration => {
            let order = "providers in the order of the configuration";
            return format!("no rule for this operation: {order}");
        }
    };
    match (rule.total_weight(), drawn) {
        (None, _) => format!("the rule for {rule} names it"),
        (Some(total), true) => {
            format!(
                "the rule for {rule} gives it {weight} of {total}, and the reference selects it"
            )
        }
        (Some(total), false) => {
            format!(
                "the rule for {rule} gives it {weight} of {total}; a reference would select one"
            )
        }
    }
}

fn carries(corridor: &Corridor) -> String {
    let Corridor { country, currency, channel, rail, min, max, .. } = corridor;
    let limits = fmt::from_fn(|f| match (min, max) {
        (Some(min), Some(max)) => write!(f, ", {min} to {max}"),
        (None, Some(max)) => write!(f, ", up to {max}"),
        (Some(min), None) => write!(f, ", from {min}"),
        (None, None) => Ok(()),
    });
    let rail = fmt::from_fn(|f| match rail {
        Some(rail) => write!(f, " ({rail})"),
        None => Ok(()),
    });
    format!("it carries {currency} by {channel}{rail} in {country}{limits}")
}

fn left_out(cause: &Cause) -> String {
    match cause {
        Cause::NotNamed => "no rule sends this payment to it".into(),
        Cause::NotInSequence => "it is not one of the providers planned for this payment".into(),
        Cause::CorridorError(error) => error.to_string(),
        Cause::Tried(kind) => format!("an attempt failed: {}", kind.meaning()),
        Cause::SameElsewhere(kind) => {
            format!("the same error is expected there: {}", kind.meaning())
        }
    }
}
