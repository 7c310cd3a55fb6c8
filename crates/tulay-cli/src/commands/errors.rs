//! `tulay errors`: what each kind of error means, and what may follow.

use crate::{args::Global, error::CliError, exit::Exit, report::Report};
use serde_json::{Value, json};
use tulay::{Effect, ErrorKind, FollowUp};

pub(crate) fn run(global: &Global) -> Result<Exit, CliError> {
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

/// Every kind with each of its effects.
fn cases() -> impl Iterator<Item = (ErrorKind, Effect)> {
    let kinds = ErrorKind::ALL.into_iter();
    kinds.flat_map(|kind| kind.effects().iter().map(move |effect| (kind, *effect)))
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
    [
        kind.as_str().to_owned(),
        kind.meaning().to_owned(),
        effect.to_string(),
        follow_up.retry.to_string(),
        if follow_up.failover { "yes" } else { "no" }.to_owned(),
        follow_up.pay_again.to_string(),
        (Exit::of(kind, effect) as u8).to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{PayAgain, Retry};

    #[test]
    fn page_has_the_row_of_each_case() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
        let page = std::fs::read_to_string(page).unwrap();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        let expected: Vec<String> = cases()
            .map(|(kind, effect)| {
                let [kind, means, effect, retry, failover, pay_again, exit] = cells(kind, effect);
                format!(
                    "| `{kind}` | {means} | `{effect}` | {retry} | {failover} | {pay_again} | {exit} |"
                )
            })
            .collect();
        assert_eq!(rows, expected, "run cargo xtask errors");
    }

    #[test]
    fn exit_status_agrees_with_what_may_follow() {
        for (kind, effect) in cases() {
            let (follow_up, exit) = (FollowUp::of(kind, effect), Exit::of(kind, effect));
            match follow_up.pay_again {
                PayAgain::No => assert_eq!(exit, Exit::InDoubt, "{kind}"),
                PayAgain::AfterLookup => assert_eq!(exit, Exit::Rejected, "{kind}"),
                PayAgain::NotNeeded if exit == Exit::Usage => {
                    assert_eq!(follow_up.retry, Retry::AfterFix, "{kind}");
                }
                PayAgain::NotNeeded => assert_eq!(exit, Exit::CouldNotRun, "{kind}"),
            }
        }
    }
}
