//! Whether a provider accepts our signature and we verify its answers, found by asking for
//! balances, which moves nothing.

use super::problem::{Finding, Verdict, not_reached};
use crate::error::CliError;
use tulay::{ErrorKind, Provider, Tulay, adapter::Error};

/// One finding for all accounts that answer, and one for each way in which others do not.
pub(super) async fn examine(provider: &dyn Provider, tulay: &Tulay) -> Vec<Finding> {
    let roles = provider.roles();
    let Some(balances) = roles.balances else { return Vec::new() };
    let signed = roles.payouts.is_some_and(|p| p.capability().guarantees.answers_signed);
    let verified = if signed { "both sides verify" } else { "ours is accepted; answers have none" };
    let mut available: Vec<String> = Vec::new();
    let mut failed: Vec<(String, String, Vec<String>)> = Vec::new();
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
                    None => failed.push((why, fix(&error, provider, tulay), vec![place])),
                }
            }
        }
    }
    let subject = || format!("{}: signatures", provider.id());
    let mut findings = Vec::new();
    if !available.is_empty() {
        let finding = format!("{verified}; available: {}", available.join(", "));
        findings.push(Finding::new(Verdict::Good, subject(), finding));
    }
    findings.extend(failed.into_iter().map(|(why, fix, places)| {
        let finding = format!("{}: {why}", places.join(", "));
        Finding::new(Verdict::Bad, subject(), finding).fix(fix)
    }));
    findings
}

/// The fix for an error of a request that moves no money.
fn fix(error: &Error, provider: &dyn Provider, tulay: &Tulay) -> String {
    let key = account_key(provider, tulay);
    match error.kind() {
        ErrorKind::Signature => {
            "platform_key is not the key the provider signs with: get it anew".into()
        }
        ErrorKind::Authentication => {
            format!("upload the merchant's public key to the provider, and check {key}")
        }
        ErrorKind::Unreachable => not_reached(provider).into(),
        ErrorKind::Unavailable => "try again; then look at the network".into(),
        ErrorKind::RateLimited | ErrorKind::TooEarly => "try again later".into(),
        // Adapters say so of a time stamp that was refused.
        ErrorKind::Configuration if error.to_string().contains("clock") => {
            "synchronise this clock: the provider refuses its time stamps".into()
        }
        _ => format!("check {key} and the two keys"),
    }
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
