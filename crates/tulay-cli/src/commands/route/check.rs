//! `tulay route check`: the rules as they are read, and what is worth knowing of them. A rule that
//! can only be a mistake is refused before, with its line.

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::{Value, json};
use tulay::routing::Rule;

pub(super) fn run(global: &Global, session: &Session) -> Result<Exit, CliError> {
    session.announce(global, false)?;
    let rules = session.tulay.router().rules();
    let warnings = session.tulay.warnings().iter().map(ToString::to_string);
    let warnings: Vec<String> = warnings.collect();
    let values: Vec<Value> = rules.iter().map(to_json).collect();
    let rows = rules.iter().map(|rule| vec![rule.payments(), targets(rule), rule.place.clone()]);
    let mut report = Report::new("tulay.route-check/1", session.environment())
        .list("rules", values)
        .member("warnings", warnings.clone())
        .table(&["payments", "go to", "line"], rows.collect());
    if rules.is_empty() {
        report = report.line("there are no rules: providers in the order of the file");
    }
    let note = |report: Report, warning: &String| report.line(format!("note: {warning}"));
    warnings.iter().fold(report, note).print(global.format(), Exit::Done)
}

fn to_json(rule: &Rule) -> Value {
    let targets = rule.targets.iter().map(|target| match target.weight {
        Some(weight) => json!({ "provider": target.provider, "weight": weight }),
        None => json!({ "provider": target.provider }),
    });
    let targets: Vec<Value> = targets.collect();
    json!({ "payments": rule.payments(), "use": targets, "place": rule.place })
}

fn targets(rule: &Rule) -> String {
    let targets = rule.targets.iter().map(|target| match target.weight {
        Some(weight) => format!("{} ({weight})", target.provider),
        None => target.provider.to_string(),
    });
    let weighs = rule.targets.iter().any(|target| target.weight.is_some());
    targets.collect::<Vec<_>>().join(if weighs { ", " } else { ", then " })
}
