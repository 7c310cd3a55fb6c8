//! `tulay doctor`: the problems of a set-up, each with its fix.

mod date;
mod problem;
mod signatures;

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use date::DateRecorder;
use jiff::SignedDuration;
use problem::{Finding, Verdict, not_reached};
use serde_json::json;
use std::sync::Arc;
use tulay::{
    Builder, Directory, Environment, ErrorKind, Institution, Operation, Provider, Tulay,
    adapter::{Capability, Clock, SystemClock},
};

/// More than this, and signed time stamps are refused by providers that check them.
const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(30);

pub(crate) async fn run(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    let dates = Arc::new(DateRecorder::new()?);
    let session = Session::open(global, builder.transport(Arc::clone(&dates) as _)).await?;
    session.announce(global, false)?;
    let mut findings = vec![configuration(&session.tulay)];
    findings.extend(routes(&session.tulay));
    for provider in session.tulay.providers() {
        findings.extend(switched_off(provider.as_ref()));
        findings.extend(without_a_name(provider.as_ref()));
        findings.extend(examine(provider.as_ref(), &session.tulay, &dates).await);
        findings.extend(assumptions(provider.as_ref(), &session.tulay, global.verbose > 0));
    }
    let bad = findings.iter().filter(|finding| finding.verdict == Verdict::Bad).count();
    let values = findings.iter().map(|finding| {
        json!({
            "verdict": finding.verdict.as_str(),
            "subject": finding.subject,
            "finding": finding.finding,
            "fix": finding.fix,
        })
    });
    let table = findings.iter().map(|finding| {
        vec![
            finding.verdict.as_str().to_owned(),
            finding.subject.clone(),
            finding.finding.clone(),
            finding.fix.clone().unwrap_or_default(),
        ]
    });
    let exit = if bad == 0 { Exit::Done } else { Exit::CouldNotRun };
    Report::new("tulay.doctor/1", session.environment())
        .list("findings", values.collect())
        .table(&["", "what", "finding", "fix"], table.collect())
        .line(if bad == 0 { "nothing is wrong".to_owned() } else { format!("{bad} to fix") })
        .print(global.format(), exit)
}

fn configuration(tulay: &Tulay) -> Finding {
    let providers = tulay.providers().count();
    let namespace = tulay.namespace();
    let s = if providers == 1 { "" } else { "s" };
    let finding = format!("namespace {namespace}, {providers} provider{s}, keys are read");
    if providers == 0 {
        return Finding::new(Verdict::Bad, "configuration", "it names no provider")
            .fix("add a table [providers.NAME]");
    }
    Finding::new(Verdict::Good, "configuration", finding)
}

/// That the rules fit what the providers can do, or the configuration would not have been read; and
/// what is worth knowing of them besides.
fn routes(tulay: &Tulay) -> Vec<Finding> {
    let count = tulay.router().rules().len();
    let mut findings = Vec::new();
    if count > 0 {
        let s = if count == 1 { "" } else { "s" };
        let finding = format!("{count} rule{s}, each can be served");
        findings.push(Finding::new(Verdict::Good, "routes", finding));
    }
    findings.extend(tulay.warnings().iter().map(|warning| {
        let place = Some(&warning.place).filter(|place| !place.is_empty());
        let finding = match place {
            Some(place) => format!("{place}: {}", warning.message),
            None => warning.message.clone(),
        };
        Finding::new(Verdict::Note, "routes", finding).fix(warning.fix.clone())
    }));
    findings
}

/// A role that is there and does nothing: production refuses what is only assumed until that is
/// accepted by name.
fn switched_off(provider: &dyn Provider) -> Option<Finding> {
    let corridors = &provider.roles().payouts?.capability().corridors;
    if corridors.iter().any(|corridor| corridor.operations.contains(&Operation::Payout)) {
        return None;
    }
    let mut missing: Vec<Operation> =
        corridors.iter().flat_map(|corridor| corridor.to_accept(Operation::Payout)).collect();
    missing.sort_by_key(|operation| operation.to_string());
    missing.dedup();
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let finding = "switched off: what they need is known only by assumption";
    let finding = Finding::new(Verdict::Bad, format!("{}: payouts", provider.id()), finding);
    Some(finding.fix(format!(
        "try it against the provider's test system, then name {} in accept_unverified",
        names.join(" and ")
    )))
}

/// Banks and wallets that payouts to are refused, as the provider's name for them is not known.
fn without_a_name(provider: &dyn Provider) -> Vec<Finding> {
    let Some(payouts) = provider.roles().payouts else { return Vec::new() };
    let capability = payouts.capability();
    let unnamed = Directory::all().iter().map(|d| (d.country(), without_code(capability, d)));
    let findings = unnamed.filter(|(_, ids)| !ids.is_empty()).map(|(country, ids)| {
        let subject = format!("{}: institutions", provider.id());
        let finding = format!("no name is known there for these of {country}: {}", ids.join(", "));
        let fix = format!("ask the provider, then set institutions.{country}");
        Finding::new(Verdict::Note, subject, finding).fix(fix)
    });
    findings.collect()
}

/// The ids of a country's institutions that the provider has no code for, although it serves the
/// channel.
fn without_code(capability: &Capability, directory: &Directory) -> Vec<&'static str> {
    let country = directory.country();
    let is_served = |row: &&Institution| {
        capability.corridors.iter().any(|corridor| {
            (corridor.country, corridor.channel) == (country, row.channel)
                && corridor.operations.contains(&Operation::Payout)
        })
    };
    let lacks = |row: &&Institution| {
        row.institution_id().is_some_and(|id| capability.lacks_code(country, &id))
    };
    directory.institutions().iter().filter(is_served).filter(lacks).map(|row| row.id).collect()
}

/// Asks what can be asked without moving anything: is it there, does it accept our signature, do
/// we verify its answers, and does it list the banks we know?
async fn examine(provider: &dyn Provider, tulay: &Tulay, dates: &DateRecorder) -> Vec<Finding> {
    let name = |what: &str| format!("{}: {what}", provider.id());
    let mut findings = Vec::new();
    let roles = provider.roles();
    if let Some(health) = roles.health {
        match health.check().await {
            Ok(()) => findings.push(Finding::new(Verdict::Good, name("reachable"), "it answers")),
            // Nothing else can be found out.
            Err(error) => {
                let finding = CliError::sentence(&error);
                let fix = not_reached(provider);
                findings.push(Finding::new(Verdict::Bad, name("reachable"), finding).fix(fix));
                return findings;
            }
        }
    }
    findings.extend(signatures::examine(provider, tulay).await);
    if let Some(skew) = dates.skew(SystemClock::new().now()) {
        let finding = format!("{} s apart from the provider's", skew.as_secs());
        findings.push(if skew.abs() > TOLERATED_SKEW {
            Finding::new(Verdict::Bad, name("clock"), finding).fix("synchronise this clock")
        } else {
            Finding::new(Verdict::Good, name("clock"), finding)
        });
    }
    findings.extend(institutions(provider).await);
    findings
}

async fn institutions(provider: &dyn Provider) -> Vec<Finding> {
    let Some(institutions) = provider.roles().institutions else { return Vec::new() };
    let subject = format!("{}: institutions", provider.id());
    let mut findings = Vec::new();
    for directory in Directory::all() {
        let entries = match institutions.list(directory.country()).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::Unsupported => continue,
            Err(error) => {
                findings.push(Finding::new(Verdict::Note, subject.clone(), error.to_string()));
                continue;
            }
        };
        let foreign: Vec<&str> =
            entries.iter().filter(|e| e.id.is_none()).map(|e| e.name.as_str()).collect();
        let listed = |id: &str| {
            entries.iter().any(|e| e.id.as_ref().is_some_and(|known| known.as_str() == id))
        };
        let missing: Vec<&str> =
            directory.institutions().iter().map(|row| row.id).filter(|id| !listed(id)).collect();
        if foreign.is_empty() && missing.is_empty() {
            let finding = format!("{} of {}, all known", entries.len(), directory.country());
            findings.push(Finding::new(Verdict::Good, subject.clone(), finding));
        }
        if !foreign.is_empty() {
            let finding = format!("not in our directory: {}", foreign.join(", "));
            findings.push(Finding::new(Verdict::Note, subject.clone(), finding));
        }
        if !missing.is_empty() {
            let finding = format!("not listed by the provider: {}", missing.join(", "));
            findings.push(Finding::new(Verdict::Note, subject.clone(), finding));
        }
    }
    findings
}

/// What the adapter takes for true. In a sandbox nothing depends on it; elsewhere it is to be
/// tried before money is.
fn assumptions(provider: &dyn Provider, tulay: &Tulay, all: bool) -> Vec<Finding> {
    let simulated = provider.merchant_account().environment == Environment::Sandbox;
    let assumptions = tulay.assumptions(provider.id());
    let subject = || format!("{}: assumed", provider.id());
    if simulated && !all && !assumptions.is_empty() {
        let finding = format!("{} things the provider's documents do not say", assumptions.len());
        let finding = Finding::new(Verdict::Note, subject(), finding);
        return vec![finding.fix("`tulay doctor -v` lists them")];
    }
    assumptions
        .iter()
        .map(|assumption| {
            let finding = format!("{}: {}", assumption.subject, assumption.assumed);
            let finding = Finding::new(Verdict::Note, subject(), finding);
            match assumption.setting {
                Some(setting) if !simulated => {
                    finding.fix(format!("try it; if it is otherwise, set {setting}"))
                }
                Some(setting) => finding.fix(format!("setting {setting}")),
                None => finding,
            }
        })
        .collect()
}
