//! The base URL of a provider's API, checked against the hosts that the adapter knows.

use tulay_core::{BaseUrl, Environment, Invalid};

/// Reads a base URL and refuses one that does not fit the environment: above all a live host under
/// a test flag. `uat` and `production` list the provider's known hosts in lower case. A simulator
/// stands on this machine.
///
/// # Errors
/// At `base_url`: what was expected there.
///
/// ```
/// use tulay_adapter::hosts::base_url;
/// use tulay_core::Environment::{Production, Sandbox, Uat};
/// let checked = |environment, url| base_url(environment, url, &["test.acme.example"], &["api.acme.example"]);
/// assert!(checked(Uat, "https://test.acme.example").is_ok());
/// assert!(checked(Uat, "https://api.acme.example").is_err()); // live
/// assert!(checked(Production, "https://test.acme.example").is_err());
/// assert!(checked(Sandbox, "http://127.0.0.1:8400/acme").is_ok());
/// assert!(checked(Sandbox, "https://elsewhere.example").is_err());
/// ```
pub fn base_url(
    environment: Environment,
    base_url: &str,
    uat: &[&str],
    production: &[&str],
) -> Result<BaseUrl, Invalid> {
    let url = BaseUrl::new(base_url)?;
    let is_live = production.contains(&url.host());
    let is_uat = uat.contains(&url.host());
    let expected = match environment {
        Environment::Production if is_uat => {
            "another host, found the provider's test system; to use it, write environment = \"uat\""
        }
        Environment::Production => return Ok(url),
        _ if is_live => {
            "another host, found the provider's live system; to use it, write environment = \"production\""
        }
        Environment::Sandbox if is_uat => {
            "another host, found the provider's test system; to use it, write environment = \"uat\""
        }
        Environment::Sandbox if !url.is_loopback() => {
            "a simulator on this machine; for a test system elsewhere, write environment = \"uat\""
        }
        _ => return Ok(url),
    };
    Err(Invalid::new("base_url", expected))
}
