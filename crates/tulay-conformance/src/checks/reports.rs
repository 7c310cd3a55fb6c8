//! A day's report: a link that nobody else can read on its way.

use crate::{
    case::Case,
    checks::{
        ids::content,
        roles::{nothing_sent, reading_unsupported},
    },
    harness::Harness,
    outcome::{Outcome, Unmet, ensure},
    platform::Script,
    reading::{DAYS, Reading, ask},
    stage::{Call, Stage},
    world::{ACCOUNTS, COUNTRIES},
};
use jiff::civil::Date;
use std::sync::Arc;
use tulay_core::{AccountKind, Country, Operation, ReportLink};

/// Addresses that are no place for a report.
const UNSAFE: [&str; 7] = [
    "",
    "/reports/2026-11-19.csv",
    "http://files.example/2026-11-19.csv",
    "ftp://files.example/2026-11-19.csv",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
];

pub(crate) fn reports_are_where_it_says(harness: &Arc<dyn Harness>) -> Outcome {
    let url = "https://files.example/2026-11-19.csv?key=planted-7";
    for (account, country) in places(&Stage::new(harness))? {
        // On a stage of its own each, so that only the day can differ.
        let asked = |day| {
            let call = report(&Stage::new(harness), account, country, day, url)?;
            let said: String = call.sent.iter().map(|sent| content(harness, sent)).collect();
            let link = call.accepted()?;
            ensure!(link.url.expose() == url, "another address is told than was answered");
            Ok(said)
        };
        let (first, second) = (asked(DAYS.0)?, asked(DAYS.1)?);
        ensure!(first != second, "another day's report is asked for in the same words");
    }
    Ok(())
}

pub(crate) fn links_that_are_not_safe_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for (account, country) in places(&stage)? {
        for url in UNSAFE {
            let call = report(&stage, account, country, DAYS.0, url)?;
            ensure!(
                call.unsaid || call.result.is_err(),
                "{url:?} is told as the place of a report"
            );
        }
    }
    Ok(())
}

/// Where something is sent, at least one; everywhere else it is refused.
fn places(stage: &Stage) -> Result<Vec<(AccountKind, Country)>, Unmet> {
    if stage.provider.roles().reports.is_none() {
        return Err(Unmet::not_offered("it gives no reports"));
    }
    let mut places = Vec::new();
    for account in ACCOUNTS {
        for country in COUNTRIES {
            let reading = Reading::Report(account, country);
            let call = ask(stage, &reading, Script::all(Case::done()))?;
            if call.sent.is_empty() {
                nothing_sent("a report", &call)?;
                reading_unsupported(&format!("a report of {country}"), &call)?;
            } else {
                places.push((account, country));
            }
        }
    }
    if places.is_empty() {
        return Err(Unmet::fails("the role is there, but nothing is ever sent"));
    }
    Ok(places)
}

fn report(
    stage: &Stage,
    account: AccountKind,
    country: Country,
    day: Date,
    url: &str,
) -> Result<Call<ReportLink>, Unmet> {
    let role = stage.provider.roles().reports;
    let role = role.ok_or_else(|| Unmet::not_offered("it gives no reports"))?;
    let script = Script::all(Case::link(url));
    Ok(stage.call(Operation::Report, None, script, role.report(account, country, day)))
}
