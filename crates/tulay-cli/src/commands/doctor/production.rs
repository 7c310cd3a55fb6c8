//! `tulay doctor --production`: what a program can check before real money is sent. The list for
//! people is docs/guides/production.md.

use super::check::Check;
use std::time::Duration;
use tulay::{Environment, Tulay, adapter::BaseUrl};

/// A response that takes longer than this is mostly lost; one that is given up earlier leaves a
/// payment in doubt that was about to be answered.
const SENSIBLE_TIMEOUT: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(10)..=Duration::from_secs(120);

pub(super) fn checks(tulay: &Tulay) -> Vec<Check> {
    let mut checks = environments(tulay);
    checks.extend(accepted(tulay));
    checks.push(webhook(tulay));
    checks.push(timeouts(tulay));
    checks.push(confirmation(tulay));
    checks.extend(repeated_namespace(tulay));
    checks
}

fn environments(tulay: &Tulay) -> Vec<Check> {
    let others = tulay.providers().filter_map(|provider| {
        let environment = provider.merchant_account().environment;
        let problem = format!("its environment is {environment}");
        let fix = "keep test accounts in a configuration of their own";
        (environment != Environment::Production)
            .then(|| Check::bad(format!("{}: environment", provider.id()), problem).fix(fix))
    });
    let others: Vec<Check> = others.collect();
    match others.is_empty() {
        true => vec![
            Check::good("environment", "production alone"),
            // Anything else is refused as the configuration is read.
            Check::good("keys", "no key is one of those published with Tulay"),
        ],
        false => others,
    }
}

/// What was accepted without the provider's word.
fn accepted(tulay: &Tulay) -> Vec<Check> {
    let settings = tulay.settings().iter();
    let accepted = settings.filter(|setting| setting.key.ends_with(".accept_unverified"));
    let accepted = accepted.filter(|setting| setting.value != "[]");
    let mut checks: Vec<Check> = accepted
        .map(|setting| {
            let problem = format!("{} is accepted without the provider's word", setting.value);
            Check::note(setting.key.clone(), problem)
                .fix("make sure that each was tried against the provider's test system")
        })
        .collect();
    if checks.is_empty() {
        checks.push(Check::good("accept_unverified", "nothing is accepted by assumption"));
    }
    checks
}

fn webhook(tulay: &Tulay) -> Check {
    let setting = tulay.settings().iter().find(|setting| setting.key == "webhook.public_url");
    let url = setting.and_then(|setting| BaseUrl::new(&setting.text()).ok());
    match url {
        None => Check::bad("webhook", "no address for notifications is configured")
            .fix("set [webhook] public_url; without it only look-ups tell what became of an order"),
        Some(url) if url.is_loopback() => {
            Check::bad("webhook", format!("{url} is this machine: no provider can reach it"))
                .fix("set [webhook] public_url to an https address that the provider can reach")
        }
        Some(url) => Check::good("webhook", url.to_string()),
    }
}

fn timeouts(tulay: &Tulay) -> Check {
    let timeout = tulay.http_settings().total_timeout;
    match SENSIBLE_TIMEOUT.contains(&timeout) {
        true => Check::good("http.timeout", format!("{timeout:?}")),
        false => Check::note("http.timeout", format!("{timeout:?} is unusual for payments"))
            .fix("a time-out from 10s to 2m leaves the fewest payments in doubt"),
    }
}

fn confirmation(tulay: &Tulay) -> Check {
    match tulay.confirms_production() {
        true => Check::good("confirm_production", "a person must add --production to send"),
        false => Check::note("confirm_production", "the command sends without --production")
            .fix("set confirm_production = true where people type commands"),
    }
}

/// A namespace without a random part may be another configuration's too.
fn repeated_namespace(tulay: &Tulay) -> Option<Check> {
    let namespace = tulay.namespace().as_str();
    let is_random = namespace
        .split('-')
        .any(|part| part.len() >= 16 && part.bytes().any(|b| b.is_ascii_digit()));
    let problem = format!("{namespace} may be used by another configuration of the same account");
    let fix = "nothing, if no other is; before the first payment, `tulay init` makes a unique one";
    (!is_random).then(|| Check::note("namespace", problem).fix(fix))
}
