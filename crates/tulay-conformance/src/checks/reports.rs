//! Daily reports: a link is returned only if it is safe.

use crate::{
    case::Case,
    checks::{
        ids,
        roles::{nothing_sent, reading_unsupported},
    },
    fixture::{Call, Fixture},
    harness::Harness,
    outcome::{Outcome, Unmet, ensure},
    platform::Script,
    reading::{DAYS, Reading, ask},
    world::{ACCOUNTS, COUNTRIES},
};
use jiff::civil::Date;
use std::sync::Arc;
use tulay_core::{AccountKind, Country, Environment, Operation, ReportLink};

/// Addresses that must not be returned as a report's.
const UNSAFE: [&str; 7] = [
    "",
    "/reports/2026-11-19.csv",
    "http://files.example/2026-11-19.csv",
    "ftp://files.example/2026-11-19.csv",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
];

/// Addresses that lead into a private network, or name a user. In the sandbox the platform is on
/// this machine.
const PRIVATE: [&str; 9] = [
    "https://127.0.0.1/2026-11-19.csv",
    "https://localhost/2026-11-19.csv",
    "https://10.0.0.7/2026-11-19.csv",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/2026-11-19.csv",
    "https://[::1]/2026-11-19.csv",
    "https://[::ffff:10.0.0.7]/2026-11-19.csv",
    "https://2130706433/2026-11-19.csv",
    "https://user:key@files.example/2026-11-19.csv",
];

pub(crate) fn report_links_are_returned_unchanged(harness: &Arc<dyn Harness>) -> Outcome {
    let url = "https://files.example/2026-11-19.csv?key=planted-7";
    for (account, country) in places(&Fixture::new(harness))? {
        // On a fixture of its own each, so that only the day can differ.
        let asked = |day| {
            let call = report(&Fixture::new(harness), account, country, day, url)?;
            let content: String =
                call.sent.iter().map(|sent| ids::content(harness, sent)).collect();
            let link = call.accepted()?;
            ensure!(link.url.expose() == url, "the link differs from the one in the response");
            Ok(content)
        };
        // Both days are over: there is no report of today.
        let before = DAYS.0.yesterday().unwrap_or(DAYS.1);
        let (first, second) = (asked(DAYS.0)?, asked(before)?);
        ensure!(first != second, "the requests for two different days are the same");
    }
    Ok(())
}

pub(crate) fn unsafe_report_links_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let simulated = fixture.provider.merchant_account().environment == Environment::Sandbox;
    let private: &[&str] = if simulated { &[] } else { &PRIVATE };
    for (account, country) in places(&fixture)? {
        for url in UNSAFE.iter().chain(private) {
            let call = report(&fixture, account, country, DAYS.0, url)?;
            ensure!(
                call.unsaid || call.result.is_err(),
                "{url:?} is returned as a link to a report"
            );
        }
    }
    Ok(())
}

/// The accounts and countries that a request is sent for, at least one; others are refused.
fn places(fixture: &Fixture) -> Result<Vec<(AccountKind, Country)>, Unmet> {
    if fixture.provider.roles().reports.is_none() {
        return Err(Unmet::not_offered("it gives no reports"));
    }
    let mut places = Vec::new();
    for account in ACCOUNTS {
        for country in COUNTRIES {
            let reading = Reading::Report(account, country);
            let call = ask(fixture, &reading, Script::all(Case::done()))?;
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
    fixture: &Fixture,
    account: AccountKind,
    country: Country,
    day: Date,
    url: &str,
) -> Result<Call<ReportLink>, Unmet> {
    let role = fixture.provider.roles().reports;
    let role = role.ok_or_else(|| Unmet::not_offered("it gives no reports"))?;
    let script = Script::all(Case::link(url));
    Ok(fixture.call(Operation::Report, None, script, role.report(account, country, day)))
}
