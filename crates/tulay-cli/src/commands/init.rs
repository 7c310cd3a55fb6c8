//! `tulay init`

use crate::{
    args::{Global, InitArgs},
    error::CliError,
    exit::Exit,
    keys::{self, Visibility},
    report::Report,
};
use std::path::Path;
use tulay::{Builder, journal::Actor};
use tulay_sandbox::{paymongo, regional, starpay, xendit};

/// The default of `[journal] url`.
const JOURNAL: &str = "tulay.db";
/// The default of `[journal] state`, where every account is simulated.
const STATE: &str = ".tulay-state";

/// The simulated providers, and what each is called when a file of its key is named.
const PROVIDERS: [(&str, &str); 2] =
    [("starpay", starpay::PLATFORM_PUBLIC_KEY), ("regional", regional::PLATFORM_PUBLIC_KEY)];

pub(crate) async fn run(
    global: &Global,
    args: &InitArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let folder = &args.folder;
    let journal = folder.join(JOURNAL);
    if journal.exists() {
        let message = format!("{} exists already; nothing was written", journal.display());
        return Err(CliError::usage("file", message));
    }
    let namespace = namespace(folder)?;
    let mut key_files = Vec::new();
    for (provider, platform_key) in PROVIDERS {
        let (pem, key) = keys::generate(2048)?;
        let public = key.public_key().to_spki_pem();
        let path = |name: &str| folder.join(format!("keys/{provider}.{name}"));
        key_files.push((path("merchant.pem"), pem));
        key_files.push((path("merchant.pub.pem"), public.into()));
        key_files.push((path("simulator.pub.pem"), platform_key.to_owned().into()));
    }
    for (name, secret) in secrets()? {
        key_files.push((folder.join(format!("keys/{name}")), secret.into()));
    }
    let configuration = configuration(&namespace);
    let mut files = vec![(folder.join("tulay.toml"), &*configuration, Visibility::Everyone)];
    let key_files = key_files.iter();
    files.extend(key_files.map(|(path, key)| (path.clone(), key.as_str(), Visibility::Owner)));
    keys::write_new(&files)?;
    make_journal(builder, &folder.join("tulay.toml")).await?;
    let tip = "next, in that folder: `tulay sandbox` in one terminal, `tulay doctor` in another";
    Report::new("tulay.init/1", None)
        .member("folder", folder.display().to_string())
        .member("namespace", namespace.as_str())
        .line(format!("{}: tulay.toml, {JOURNAL}, {STATE}/ and keys/, namespace {namespace}", folder.display()))
        .line("keys/*.merchant.pem are secret; keys/*.merchant.pub.pem go to the providers of their names")
        .line("keys/*.simulator.* are the simulator's: a provider has a key of its own")
        .line("keys/*.secret stand for the API keys of the providers of their names")
        .line(format!("{JOURNAL} is the journal of the payouts: keep it as long as the namespace"))
        .line(format!("{STATE}/ remembers how far the journal was, and notices when it is restored"))
        .line(tip)
        .print(global.format(), Exit::Done)
}

/// The journal of a namespace that was made with it: nothing was sent before.
async fn make_journal(builder: Builder, configuration: &Path) -> Result<(), CliError> {
    let tulay = builder.capabilities_only().load(configuration)?;
    let by = Actor::new("init").map_err(|error| CliError::invalid("actor", &error))?;
    Ok(tulay.confirm_whole(&by, "the namespace was made with it").await?)
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
private_key = {{ file = "keys/starpay.merchant.pem" }}
platform_key = {{ file = "keys/starpay.simulator.pub.pem" }}

# Where notifications arrive: each provider is given an address of its own below this one.
[webhook]
listen = "127.0.0.1:8300"           # `tulay serve` takes them here
public_url = "http://127.0.0.1:8300/notify"

# A second provider, for more countries: remove the # signs to use it. The first rule that
# matches decides; `tulay route explain` shows which provider is selected for a payout, and why.
#
# [providers.regional]
# adapter = "regional"
# environment = "sandbox"
# base_url = "http://127.0.0.1:8400/regional"
# app_id = "{app_id}"
# countries = ["ID", "MY", "PH", "RU", "TH"]
# private_key = {{ file = "keys/regional.merchant.pem" }}
# platform_key = {{ file = "keys/regional.simulator.pub.pem" }}
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
# use = ["regional"]  # regional requires the payer and makes refunds; starpay does neither
#
# More providers, used in the same way:
#
# [providers.xendit]
# adapter = "xendit"
# environment = "sandbox"
# base_url = "http://127.0.0.1:8400/xendit"
# business_id = "{business_id}"
# country = "PH"                    # one account has one country; another one has a table of its own
# secret_key = {{ file = "keys/xendit.secret" }}
# callback_token = {{ file = "keys/xendit.simulator.token" }}
#
# [providers.paymongo]
# adapter = "paymongo"
# environment = "sandbox"
# base_url = "http://127.0.0.1:8400/paymongo"
# organization_id = "{organization_id}"
# source_account = {{ number = "{wallet_number}", name = "{wallet_name}" }}
# wallet_id = "wallet_SandboxDemoMerchant0001Test"
# secret_key = {{ file = "keys/paymongo.secret" }}
# webhook_secret = {{ file = "keys/paymongo.simulator.secret" }}
"#,
        merchant_id = starpay::DEMO_MERCHANT_ID,
        app_id = regional::DEMO_APP_ID,
        business_id = xendit::DEMO_BUSINESS_ID,
        organization_id = paymongo::DEMO_ORGANIZATION,
        wallet_number = paymongo::DEMO_WALLET_NUMBER,
        wallet_name = paymongo::DEMO_WALLET_NAME,
    )
}

/// The files of API keys, each with a fresh one, and of what the simulator proves itself by.
fn secrets() -> Result<[(&'static str, String); 4], CliError> {
    Ok([
        ("xendit.secret", format!("xnd_development_{}", random()?)),
        ("xendit.simulator.token", xendit::DEMO_CALLBACK_TOKEN.to_owned()),
        ("paymongo.secret", format!("sk_test_{}", random()?)),
        ("paymongo.simulator.secret", paymongo::DEMO_WEBHOOK_SECRET.to_owned()),
    ])
}

/// A namespace from the folder's name and 128 random bits.
fn namespace(folder: &Path) -> Result<String, CliError> {
    let absolute = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = absolute.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let allowed: String =
        name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).take(5).collect();
    let name = if allowed.is_empty() { "tulay" } else { &allowed };
    Ok(format!("{name}-{}", random()?))
}

/// 128 random bits, in base 36.
fn random() -> Result<String, CliError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| CliError::could_not_run("random", error.to_string()))?;
    Ok(in_base_36(u128::from_be_bytes(random)))
}

/// A number in digits and small letters, always as many.
fn in_base_36(mut number: u128) -> String {
    let mut digits = [b'0'; 25];
    for place in digits.iter_mut().rev() {
        let digit = u8::try_from(number % 36).unwrap_or_default();
        *place = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
        number /= 36;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use tulay::Namespace;

    #[test]
    fn every_folder_makes_a_namespace() {
        for folder in ["acme", "Acme PH/2026", "ñ", "/", "x-"] {
            let namespace = namespace(Path::new(folder)).unwrap();
            assert!(Namespace::new(namespace.as_str()).is_ok(), "{namespace}");
        }
        let made = || namespace(Path::new("acme")).unwrap();
        assert_ne!(made(), made());
    }

    #[test]
    fn every_bit_shows_in_a_namespace() {
        let all: BTreeSet<String> = (0..128).map(|bit| in_base_36(1 << bit)).collect();
        assert_eq!(all.len(), 128);
        assert_eq!(in_base_36(35), format!("{}z", "0".repeat(24)));
        assert_eq!(in_base_36(u128::MAX), "f5lxx1zz5pnorynqglhzmsp33");
    }
}
