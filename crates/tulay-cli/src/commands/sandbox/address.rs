//! Which running sandbox is meant: the one that the configuration leads to, since another one on this
//! machine may be another person's.

use super::configured::{Account, Configured};
use crate::{
    args::{Global, SandboxAddress},
    error::CliError,
};
use std::collections::BTreeSet;

/// Where `tulay sandbox` listens when nothing else is set.
const DEFAULT: &str = "http://127.0.0.1:8400";

/// The origin of the sandbox that a command controls; it is written to standard error.
pub(crate) fn origin(global: &Global, at: &SandboxAddress) -> Result<String, CliError> {
    let (origin, from) = match at.origin() {
        Some(origin) => (origin, "--at".to_owned()),
        None => match Configured::read(global)? {
            None => (DEFAULT.to_owned(), "no configuration, so the default".to_owned()),
            Some(configured) => {
                let file = configured.file.display();
                (of_configuration(&configured)?, format!("base_url of {file}"))
            }
        },
    };
    global.say(&format!("sandbox at {origin} ({from})"));
    Ok(origin)
}

fn of_configuration(configured: &Configured) -> Result<String, CliError> {
    let file = configured.file.display();
    let origins: BTreeSet<String> = configured.simulated().filter_map(Account::origin).collect();
    let origins: Vec<String> = origins.into_iter().collect();
    match origins.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let message = format!("no provider of {file} is simulated; name a sandbox with --at");
            Err(CliError::usage("at", message))
        }
        several => {
            let several = several.join(" and ");
            let message =
                format!("the providers of {file} are at {several}; name one of them with --at");
            Err(CliError::usage("at", message))
        }
    }
}
