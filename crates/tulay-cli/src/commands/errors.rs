//! `tulay errors`: what each kind of error means, and what may follow.

use crate::{args::Global, error::CliError, exit::Exit, report::Report};
use serde_json::{Value, json};
use tulay::{Effect, ErrorKind, FollowUp, Retry};

pub(crate) fn run(global: &Global) -> Result<Exit, CliError> {
    let cases = || {
        let kinds = ErrorKind::ALL.into_iter();
        kinds.flat_map(|kind| kind.effects().iter().map(move |effect| (kind, *effect)))
    };
    let statuses = Exit::TABLE.map(|(status, meaning)| json!({"status": status, "means": meaning}));
    Report::new("tulay.errors/1", None)
        .member("exit_statuses", statuses.to_vec())
        .list("errors", cases().map(|(kind, effect)| to_json(kind, effect)).collect())
        .table(
            &["kind", "means", "effect", "retry", "failover", "pay again", "exit"],
            cases().map(|(kind, effect)| row(kind, effect)).collect(),
        )
        .print(global.format(), Exit::Done)
}

fn to_json(kind: ErrorKind, effect: Effect) -> Value {
    let [kind, means, effect, retry, failover, pay_again, exit] = cells(kind, effect);
    json!({
        "kind": kind,
        "means": means,
        "effect": effect,
        "retry": retry,
        "failover": failover,
        "pay_again": pay_again,
        "exit": exit,
    })
}

fn row(kind: ErrorKind, effect: Effect) -> Vec<String> {
    cells(kind, effect).to_vec()
}

fn cells(kind: ErrorKind, effect: Effect) -> [String; 7] {
    let follow_up = FollowUp::of(kind, effect);
    let retry = match (follow_up.retry, effect) {
        (Retry::Later, _) => "later",
        (Retry::AfterFix, Effect::Rejected) => "no",
        (Retry::AfterFix, _) => "when the cause is removed",
        (Retry::AfterLookup, _) => "only after a look-up that finds no order",
    };
    let pay_again = match (follow_up.pay_again, effect) {
        (false, _) => "no",
        (true, Effect::NotSent) => "not needed",
        (true, _) => "after a look-up that finds no order",
    };
    [
        kind.as_str().to_owned(),
        kind.meaning().to_owned(),
        effect.to_string(),
        retry.to_owned(),
        if follow_up.failover { "yes" } else { "no" }.to_owned(),
        pay_again.to_owned(),
        (Exit::of(kind, effect) as u8).to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_doubt_permits_nothing_but_a_lookup() {
        for kind in ErrorKind::ALL {
            let [.., retry, failover, pay_again, exit] = cells(kind, Effect::Unknown);
            assert_eq!(retry, "only after a look-up that finds no order", "{kind}");
            assert_eq!([failover, pay_again, exit], ["no", "no", "3"], "{kind}");
        }
    }
}
