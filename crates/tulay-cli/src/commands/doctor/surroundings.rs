//! What surrounds the providers: HTTP settings, permissions of files, addresses.

use super::check::Check;
use crate::{permissions, session::environment};
use std::{path::Path, time::Duration};
use tulay::{
    Environment, Provider, Tulay,
    adapter::{BaseUrl, HttpSettings},
};

/// How requests are sent, and what of the environment is ignored.
pub(super) fn http(settings: &HttpSettings) -> Vec<Check> {
    let proxy = settings.proxy.as_ref().and_then(http::Uri::authority);
    // A password may stand before the host.
    let proxy = proxy.map_or("no proxy".to_owned(), |proxy| {
        let host = proxy.as_str().rsplit('@').next().unwrap_or_default();
        format!("through the proxy {host}")
    });
    let roots = match settings.only_roots {
        Some(_) => "certificates of ca_file alone",
        None => "the system's certificates",
    };
    let result = format!(
        "{proxy}; {roots}; connect within {}, response within {}",
        shown(settings.connect_timeout),
        shown(settings.total_timeout)
    );
    let mut checks = vec![Check::good("http", result)];
    let ignored = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let is_set = |name: &&str| environment(name).is_some_and(|value| !value.is_empty());
    if let Some(name) = ignored.into_iter().find(is_set).filter(|_| settings.proxy.is_none()) {
        let problem = format!("{name} is set, and ignored: a proxy is named in the configuration");
        let fix = format!("to go through it, write [http] proxy = {{ env = \"{name}\" }}");
        checks.push(Check::note("http", problem).fix(fix));
    }
    checks
}

fn shown(duration: Duration) -> String {
    jiff::SignedDuration::try_from(duration).map_or_else(|_| "ever".into(), |d| format!("{d:#}"))
}

/// Other users who can read keys or change what is trusted.
pub(super) fn files(config: &Path, tulay: &Tulay, production: bool) -> Vec<Check> {
    let too_open = permissions::too_open(config, tulay).into_iter();
    let checks = too_open.map(|open| Check::note("files", open.problem).fix(open.fix));
    let mut checks: Vec<Check> = checks.map(|check| check.worse_if(production)).collect();
    if checks.is_empty() && cfg!(unix) {
        checks.push(Check::good("files", "only you can read the keys and change what is trusted"));
    }
    checks
}

/// A provider of real money that is this machine.
pub(super) fn address(provider: &dyn Provider, tulay: &Tulay) -> Option<Check> {
    let host = tulay.host(provider.id())?;
    let is_loopback = BaseUrl::new(&format!("https://{host}")).is_ok_and(|url| url.is_loopback());
    let environment = provider.merchant_account().environment;
    let subject = format!("{}: address", provider.id());
    let problem = format!("{environment} is at {host}, which is this machine and no provider");
    let check = match environment {
        Environment::Sandbox => return None,
        Environment::Production => Check::bad(subject, problem),
        Environment::Uat => Check::note(subject, problem),
    };
    is_loopback.then(|| check.fix("correct base_url, or write environment = \"sandbox\""))
}
