//! `docs/capabilities.md`: what the built-in adapters can do, as the command itself prints it, so
//! that page, routes and `tulay providers` agree.

use serde::Deserialize;
use std::{fs, path::Path, process::Command};

const PAGE: &str = "docs/capabilities.md";

/// Writes the page.
pub(crate) fn write(root: &Path) -> Result<String, String> {
    let page = page(root)?;
    fs::write(root.join(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))?;
    Ok(format!("{PAGE} is written"))
}

/// That the page is as it would be written now.
pub(crate) fn complaints(root: &Path) -> Result<Vec<String>, String> {
    let there = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    if there == page(root)? {
        return Ok(Vec::new());
    }
    Ok(vec![format!("{PAGE}: the adapters can do something else; cargo xtask capabilities")])
}

/// The page, from what the command says of the simulated accounts, which may do everything.
fn page(root: &Path) -> Result<String, String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "tulay-cli"])
        .args(["--", "--sandbox", "--quiet", "providers", "--json"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo run cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let listing = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    Ok(rendered(&listing))
}

fn rendered(listing: &Listing) -> String {
    let mut page = String::from(HEAD);
    for provider in &listing.providers {
        page.push_str(&format!("\n## {}\n\n{TABLE}", provider.adapter));
        for offer in &provider.operations {
            let place = [&offer.country, &offer.currency, &offer.channel];
            let place = place.map(|part| part.as_deref().unwrap_or("-")).join(" | ");
            page.push_str(&format!(
                "| {} | {place} | {} | {} | {} |\n",
                offer.operation,
                offer.limits(),
                offer
                    .required
                    .as_deref()
                    .filter(|r| !r.is_empty())
                    .map_or("-".into(), |r| r.join(", ")),
                offer.confidence,
            ));
        }
    }
    page
}

const HEAD: &str = "\
# What the built-in adapters can do

Written by `cargo xtask capabilities` from what `tulay providers` says of accounts that may do
everything; `cargo xtask tidy` fails when it is stale. An account of yours may do less: the command
says what, and `tulay route explain` who would carry a payment. What is *assumed* stands on no word of
the provider: production refuses it until `accept_unverified` names it.
";

const TABLE: &str = "\
| operation | country | currency | channel | limits | required | confidence |
|---|---|---|---|---|---|---|
";

#[derive(Deserialize)]
struct Listing {
    providers: Vec<Provider>,
}

#[derive(Deserialize)]
struct Provider {
    adapter: String,
    operations: Vec<Offer>,
}

#[derive(Deserialize)]
struct Offer {
    operation: String,
    country: Option<String>,
    currency: Option<String>,
    channel: Option<String>,
    min: Option<Money>,
    max: Option<Money>,
    required: Option<Vec<String>>,
    confidence: String,
}

#[derive(Deserialize)]
struct Money {
    amount: String,
}

impl Offer {
    fn limits(&self) -> String {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) => format!("{} to {}", min.amount, max.amount),
            (None, Some(max)) => format!("to {}", max.amount),
            (Some(min), None) => format!("from {}", min.amount),
            (None, None) => "-".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_a_row() {
        let listing = r#"{"providers":[{"adapter":"acme","provider":"mine","operations":[
            {"operation":"payout","country":"PH","currency":"PHP","channel":"bank",
             "min":null,"max":{"amount":"50000.00","currency":"PHP"},
             "required":["name","institution"],"confidence":"documented"},
            {"operation":"health","confidence":"assumed"}]}]}"#;
        let page = rendered(&serde_json::from_str(listing).unwrap());
        assert!(page.contains("## acme\n"));
        assert!(page.ends_with(
            "| payout | PH | PHP | bank | to 50000.00 | name, institution | documented |\n\
             | health | - | - | - | - | - | assumed |\n"
        ));
    }
}
