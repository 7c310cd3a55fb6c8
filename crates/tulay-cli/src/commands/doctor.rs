//! `tulay doctor`: the problems of a set-up, each with its fix.

mod check;
mod date;
mod no_such_order;
mod production;
mod signatures;
mod surroundings;

use crate::{
    args::Global,
    error::CliError,
    exit::Exit,
    report::Report,
    session::{Session, config_file},
};
use check::{Check, Verdict, not_reached};
use date::{DateRecorder, Recorded};
use jiff::SignedDuration;
use std::sync::Arc;
use tulay::{
    Builder, Directory, Environment, ErrorKind, Institution, Operation, Provider, Tulay,
    adapter::{Capability, Clock, SystemClock},
};

/// More than this, and signed time stamps are refused by providers that check them.
const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(30);

pub(crate) async fn run(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    let dates = Arc::new(DateRecorder::default());
    let recorded = Arc::clone(&dates);
    let builder = builder.wrap_transport(move |transport| {
        Arc::new(Recorded { transport, dates: Arc::clone(&recorded) })
    });
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let tulay = &session.tulay;
    let is_live = session.environment() == Some(Environment::Production);
    let mut checks = vec![configuration(tulay)];
    if !global.sandbox() {
        let config = config_file(global)?;
        checks.extend(surroundings::files(&config, tulay, is_live || global.production));
    }
    checks.extend(surroundings::http(tulay.http_settings()));
    checks.extend(routes(tulay));
    if global.production {
        checks.extend(production::checks(tulay));
    }
    for provider in tulay.providers() {
        checks.extend(switched_off(provider.as_ref()));
        checks.extend(without_a_name(provider.as_ref()));
        checks.extend(surroundings::address(provider.as_ref(), tulay));
        checks.extend(examine(provider.as_ref(), tulay, &dates).await);
    }
    let all = global.verbose > 0;
    for provider in tulay.providers() {
        checks.extend(no_such_order::checks(provider.as_ref(), tulay, all));
    }
    for provider in tulay.providers() {
        checks.extend(assumptions(provider.as_ref(), tulay, all));
    }
    let bad = checks.iter().filter(|check| check.verdict == Verdict::Bad).count();
    let (good, problems): (Vec<&Check>, Vec<&Check>) =
        checks.iter().partition(|check| check.verdict == Verdict::Good);
    let exit = if bad == 0 { Exit::Done } else { Exit::CouldNotRun };
    Report::new("tulay.doctor/2", session.environment())
        .member("good", good.into_iter().map(Check::to_json).collect::<Vec<_>>())
        .list("problems", problems.into_iter().map(Check::to_json).collect())
        .table(&["", "what", "result", "fix"], checks.iter().map(Check::to_row).collect())
        .line(match bad {
            0 => "no problem that stops a payment".to_owned(),
            1 => "1 problem to fix".to_owned(),
            bad => format!("{bad} problems to fix"),
        })
        .print(global.format(), exit)
}

fn configuration(tulay: &Tulay) -> Check {
    let providers = tulay.providers().count();
    let namespace = tulay.namespace();
    let s = if providers == 1 { "" } else { "s" };
    let result = format!("namespace {namespace}, {providers} provider{s}, keys are read");
    if providers == 0 {
        return Check::bad("configuration", "it names no provider")
            .fix("add a table [providers.NAME]");
    }
    Check::good("configuration", result)
}

/// That the rules fit what the providers can do, or the configuration would not have been read; and
/// what is worth knowing of them besides.
fn routes(tulay: &Tulay) -> Vec<Check> {
    let count = tulay.router().rules().len();
    let mut checks = Vec::new();
    if count > 0 {
        let s = if count == 1 { "" } else { "s" };
        let result = format!("{count} rule{s}, each can be served");
        checks.push(Check::good("routes", result));
    }
    checks.extend(tulay.warnings().iter().map(|warning| {
        let place = Some(&warning.place).filter(|place| !place.is_empty());
        let result = match place {
            Some(place) => format!("{place}: {}", warning.message),
            None => warning.message.clone(),
        };
        Check::note("routes", result).fix(warning.fix.clone())
    }));
    checks
}

/// A role that is there and does nothing: production refuses what is only assumed until that is
/// accepted by name.
fn switched_off(provider: &dyn Provider) -> Option<Check> {
    let corridors = &provider.roles().payouts?.capability().corridors;
    if corridors.iter().any(|corridor| corridor.operations.contains(&Operation::Payout)) {
        return None;
    }
    let mut missing: Vec<Operation> =
        corridors.iter().flat_map(|corridor| corridor.to_accept(Operation::Payout)).collect();
    missing.sort_by_key(|operation| operation.to_string());
    missing.dedup();
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let problem = "switched off: the operations they need are documented only by assumption";
    let check = Check::bad(format!("{}: payouts", provider.id()), problem);
    Some(check.fix(format!(
        "try it against the provider's test system, then name {} in accept_unverified",
        names.join(" and ")
    )))
}

/// Banks and wallets that payouts to are refused, as the provider's name for them is not known.
fn without_a_name(provider: &dyn Provider) -> Vec<Check> {
    let Some(payouts) = provider.roles().payouts else { return Vec::new() };
    let capability = payouts.capability();
    let unnamed = Directory::all().iter().map(|d| (d.country(), without_code(capability, d)));
    let checks = unnamed.filter(|(_, ids)| !ids.is_empty()).map(|(country, ids)| {
        let subject = format!("{}: institutions", provider.id());
        let result = format!("no name is known there for these of {country}: {}", ids.join(", "));
        let fix = format!("ask the provider, then set institutions of {}", provider.id());
        Check::note(subject, result).fix(fix)
    });
    checks.collect()
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
async fn examine(provider: &dyn Provider, tulay: &Tulay, dates: &DateRecorder) -> Vec<Check> {
    let name = |what: &str| format!("{}: {what}", provider.id());
    let mut checks = Vec::new();
    let roles = provider.roles();
    if let Some(health) = roles.health {
        match health.check().await {
            Ok(()) => checks.push(Check::good(name("reachable"), "it answers")),
            // Nothing else can be found out.
            Err(error) => {
                let result = CliError::sentence(&error);
                let fix = not_reached(provider);
                checks.push(Check::bad(name("reachable"), result).fix(fix));
                return checks;
            }
        }
    }
    checks.extend(signatures::examine(provider, tulay).await);
    if let Some(skew) = dates.skew(SystemClock::new().now()) {
        let result = format!("{} s apart from the provider's", skew.as_secs());
        checks.push(if skew.abs() > TOLERATED_SKEW {
            Check::bad(name("clock"), result).fix("synchronise this clock")
        } else {
            Check::good(name("clock"), result)
        });
    }
    checks.extend(institutions(provider).await);
    checks
}

async fn institutions(provider: &dyn Provider) -> Vec<Check> {
    let Some(institutions) = provider.roles().institutions else { return Vec::new() };
    let subject = format!("{}: institutions", provider.id());
    let mut checks = Vec::new();
    for directory in Directory::all() {
        let entries = match institutions.list(directory.country()).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::Unsupported => continue,
            Err(error) => {
                checks.push(Check::note(subject.clone(), error.to_string()));
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
            let result = format!("{} of {}, all known", entries.len(), directory.country());
            checks.push(Check::good(subject.clone(), result));
        }
        if !foreign.is_empty() {
            let result = format!("not in our directory: {}", foreign.join(", "));
            checks.push(Check::note(subject.clone(), result));
        }
        if !missing.is_empty() {
            let result = format!("not listed by the provider: {}", missing.join(", "));
            checks.push(Check::note(subject.clone(), result));
        }
    }
    checks
}

/// What the adapter takes for true, but for the codes that say "no such order", which have checks of
/// their own. In a sandbox nothing depends on it; elsewhere it is to be tried before money is.
fn assumptions(provider: &dyn Provider, tulay: &Tulay, all: bool) -> Vec<Check> {
    let simulated = provider.merchant_account().environment == Environment::Sandbox;
    let assumptions = tulay.assumptions(provider.id());
    let subject = || format!("{}: assumed", provider.id());
    if simulated && !all && !assumptions.is_empty() {
        let problem = format!("{} things the provider's documents do not say", assumptions.len());
        let check = Check::note(subject(), problem);
        return vec![check.fix("`tulay doctor -v` lists them")];
    }
    assumptions
        .iter()
        .filter(|assumption| no_such_order::look_up(assumption).is_none())
        .map(|assumption| {
            let problem = format!("{}: {}", assumption.subject, assumption.assumed);
            let check = Check::note(subject(), problem);
            match assumption.setting {
                Some(setting) if !simulated => {
                    check.fix(format!("try it; if it is otherwise, set {setting}"))
                }
                Some(setting) => check.fix(format!("setting {setting}")),
                None => check,
            }
        })
        .collect()
}
