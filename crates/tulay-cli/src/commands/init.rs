//! `tulay init`

use crate::{
    args::{Global, InitArgs},
    error::CliError,
    exit::Exit,
    keys::{self, Visibility},
    report::Report,
};
use std::path::Path;
use tulay::adapter::{MessageIds, RandomMessageIds};
use tulay_sandbox::{regional, starpay};

pub(crate) fn run(global: &Global, args: &InitArgs) -> Result<Exit, CliError> {
    let folder = &args.folder;
    let namespace = namespace(folder);
    let (pem, key) = keys::generate(2048)?;
    let public = key.public_key();
    let configuration = configuration(&namespace);
    keys::write_new(&[
        (folder.join("tulay.toml"), &configuration, Visibility::Everyone),
        (folder.join("keys/merchant.pem"), &pem, Visibility::Owner),
        (folder.join("keys/merchant.pub.pem"), &public.to_spki_pem(), Visibility::Everyone),
        (folder.join("keys/starpay.pub.pem"), starpay::PLATFORM_PUBLIC_KEY, Visibility::Everyone),
        (folder.join("keys/regional.pub.pem"), regional::PLATFORM_PUBLIC_KEY, Visibility::Everyone),
    ])?;
    let tip = "next, in that folder: `tulay sandbox` in one terminal, `tulay doctor` in another";
    Report::new("tulay.init/1", None)
        .member("folder", folder.display().to_string())
        .member("namespace", namespace.as_str())
        .line(format!("{}: tulay.toml and keys/, namespace {namespace}", folder.display()))
        .line("keys/merchant.pem is secret; keys/merchant.pub.pem goes to the provider")
        .line(tip)
        .print(global.format(), Exit::Done)
}

fn configuration(namespace: &str) -> String {
    format!(
        r#"# Part of every order id that is derived from your references. Never change it: with
# another namespace the same reference is another payment.
namespace = "{namespace}"

[providers.starpay]
adapter = "starpay"
environment = "sandbox"             # sandbox | uat | production
base_url = "http://127.0.0.1:8400/starpay"
merchant_id = "{merchant_id}"
private_key = {{ file = "keys/merchant.pem" }}
platform_key = {{ file = "keys/starpay.pub.pem" }}

# Where notifications arrive: each provider is given an address of its own below this one.
[webhook]
public_url = "http://127.0.0.1:8300/notify"

# A second provider, for more countries: take the marks away to use it. The first rule that fits
# decides; `tulay route explain` says who would carry a payout, and why.
#
# [providers.regional]
# adapter = "regional"
# environment = "sandbox"
# base_url = "http://127.0.0.1:8400/regional"
# app_id = "{app_id}"
# countries = ["ID", "MY", "PH", "RU", "TH"]
# private_key = {{ file = "keys/merchant.pem" }}
# platform_key = {{ file = "keys/regional.pub.pem" }}
#
# [[routes]]
# operation = "payout"
# country = "PH"
# use = ["starpay", "regional"]
#
# [[routes]]
# operation = "payout"                # everywhere else
# use = ["regional"]
#
# [[routes]]
# operation = ["collection", "static_code"]
# use = ["regional"]                # it asks who pays; starpay does not, and gives nothing back
"#,
        merchant_id = starpay::DEMO_MERCHANT_ID,
        app_id = regional::DEMO_APP_ID,
    )
}

/// A namespace from the folder's name and a random suffix.
fn namespace(folder: &Path) -> String {
    let absolute = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = absolute.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let allowed: String =
        name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).take(20).collect();
    let name = if allowed.is_empty() { "tulay" } else { &allowed };
    let random: String = RandomMessageIds::new().fresh().chars().rev().take(6).collect();
    format!("{name}-{}", random.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::Namespace;

    #[test]
    fn every_folder_makes_a_namespace() {
        for folder in ["acme", "Acme PH/2026", "ñ", "/", "x-"] {
            let namespace = namespace(Path::new(folder));
            assert!(Namespace::new(namespace.as_str()).is_ok(), "{namespace}");
        }
        assert_ne!(namespace(Path::new("acme")), namespace(Path::new("acme")));
    }
}
