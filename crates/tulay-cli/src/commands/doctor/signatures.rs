//! Whether a provider accepts our signature and we verify its answers, found by asking for
//! balances, which moves nothing.

use super::check::{Check, not_reached};
use crate::error::CliError;
use tulay::{ErrorKind, Provider, Tulay, adapter::Error};

/// One check for all accounts that answer, and one for each way in which others do not.
pub(super) async fn examine(provider: &dyn Provider, tulay: &Tulay) -> Vec<Check> {
    let roles = provider.roles();
    let Some(balances) = roles.balances else { return Vec::new() };
    let signed = roles.payouts.is_some_and(|p| p.capability().guarantees.answers_signed);
    let verified = if signed { "both sides verify" } else { "ours is accepted; answers have none" };
    let mut available: Vec<String> = Vec::new();
    let mut failed: Vec<(String, Cause, Vec<String>)> = Vec::new();
    for (account, country, currency) in balances.accounts() {
        match balances.balance(*account, *country, *currency).await {
            Ok(balance) => {
                available.push(format!("{} ({country}, {})", balance.available, account.as_str()));
            }
            Err(error) => {
                let (why, place) = (CliError::sentence(&error), country.to_string());
                match failed.iter_mut().find(|(other, ..)| *other == why) {
                    Some((.., places)) if places.contains(&place) => {}
                    Some((.., places)) => places.push(place),
                    None => failed.push((why, cause(&error, provider, tulay), vec![place])),
                }
            }
        }
    }
    let subject = |what: &str| format!("{}: {what}", provider.id());
    let mut checks = Vec::new();
    if !available.is_empty() {
        let result = format!("{verified}; available: {}", available.join(", "));
        checks.push(Check::good(subject("signatures"), result));
    }
    checks.extend(failed.into_iter().map(|(why, cause, places)| {
        let problem = format!("{}: {why}{}", places.join(", "), cause.more);
        Check::bad(subject(cause.subject), problem).fix(cause.fix)
    }));
    checks
}

/// What a failed reading is about, more of what is known of it, and its fix.
struct Cause {
    subject: &'static str,
    more: String,
    fix: String,
}

/// The cause of an error of a request that moves no money. Keys are blamed only where the provider
/// or we refused a signature.
fn cause(error: &Error, provider: &dyn Provider, tulay: &Tulay) -> Cause {
    let of = |subject, fix: &str| Cause { subject, more: String::new(), fix: fix.to_owned() };
    if let Some(cause) = not_the_provider(error) {
        return cause;
    }
    let key = account_key(provider, tulay);
    let says = |word: &str| error.to_string().contains(word);
    match error.kind() {
        ErrorKind::Signature => {
            let fix = "get the provider's public key anew from the provider: platform_key is \
                       another one, or the response was changed on its way";
            of("signatures", fix)
        }
        // Adapters say so of an address that is not on the provider's list.
        ErrorKind::Authentication if says("from here") || says("address") => {
            let fix = "give the provider the public address that this machine calls from, for its \
                       list of allowed addresses; the keys were not looked at";
            of("access", fix)
        }
        ErrorKind::Authentication => {
            let fix = format!("upload the merchant's public key to the provider, and check {key}");
            of("signatures", &fix)
        }
        ErrorKind::Unreachable => of("reachable", not_reached(provider)),
        ErrorKind::Unavailable => of("reachable", "try again; then look at the network"),
        ErrorKind::RateLimited | ErrorKind::TooEarly => of("balance", "try again later"),
        // Adapters say so of a time stamp that was refused.
        ErrorKind::Configuration if says("clock") => {
            of("clock", "synchronise this clock: the provider refuses its time stamps")
        }
        ErrorKind::Unsupported | ErrorKind::State => {
            let fix = format!("ask the provider whether balances are open to the account of {key}");
            of("balance", &fix)
        }
        // Signatures verified, or none are used; what is inside is not as documented.
        ErrorKind::Unexpected | ErrorKind::Mismatch | ErrorKind::Unrelated => {
            let field = error.field().map(|field| format!(" (at {field})")).unwrap_or_default();
            let fix = format!(
                "the keys are not the cause: compare the response with the provider's \
                 documentation{field}, and report it"
            );
            of("balance", &fix)
        }
        _ => of("balance", &format!("check {key}")),
    }
}

/// A response that comes from something in between, or from another address.
fn not_the_provider(error: &Error) -> Option<Cause> {
    let response = error.response()?;
    let status = response.status;
    let http = || format!(" (HTTP {})", status.as_u16());
    let of =
        |more: String, fix: &str| Some(Cause { subject: "reachable", more, fix: fix.to_owned() });
    if status.is_redirection() {
        return of(
            format!("{}: the address redirects to another", http()),
            "correct base_url to the address that the provider documents: redirects are not \
             followed, since a signed request goes to one address",
        );
    }
    if status == http::StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        let fix = "put the proxy's address with user and password into a variable, and name it in \
                   [http] proxy";
        return of(format!("{}: the proxy asks for a password", http()), fix);
    }
    let begins = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if response.code.is_none() && begins == Some(&b'<') {
        return of(
            format!("{}: a web page answered, not the provider's API", http()),
            "look at proxy, firewall and the path of base_url; the keys were not looked at",
        );
    }
    if response.code.is_none() && !status.is_success() {
        return of(http(), "look at base_url, proxy and firewall; the keys were not looked at");
    }
    None
}

/// The key of the configuration that names the merchant's account.
fn account_key(provider: &dyn Provider, tulay: &Tulay) -> String {
    let account = provider.merchant_account();
    let (whole, masked) = (account.account.as_str(), account.masked().to_string());
    let table = format!("providers.{}.", provider.id());
    let settings = tulay.settings().iter();
    let is_it = |value: &str| value == whole || value == masked;
    let mut named = settings.filter(|setting| is_it(setting.value.trim_matches('"')));
    let key = named.find_map(|setting| setting.key.strip_prefix(table.as_str()));
    key.unwrap_or("the merchant's id").to_owned()
}
