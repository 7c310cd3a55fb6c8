//! The embedded simulator, its journal, and a configuration that leads to both.

use crate::{error::CliError, keys};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use tulay::{Builder, Environment, Invalid, Provider, SecretFiles, Tulay, journal::Actor};
use tulay_sandbox::{Sandbox, paymongo, regional, starpay, xendit};

/// The address of notifications, without the provider's name.
const PUBLIC_URL: &str = "http://127.0.0.1:8300/notify";

/// Nothing listens there: connections are refused.
const REFUSING: &str = "http://127.0.0.1:1";

/// Simulated providers in this process, reached by HTTP on loopback, and a journal that lasts as long.
pub(crate) struct Simulator {
    sandbox: Sandbox,
    /// Where notifications go.
    public_url: String,
    folder: TempDir,
}

impl Simulator {
    pub(crate) async fn start() -> Result<Self, CliError> {
        let sandbox = Sandbox::builder().start().await;
        let sandbox = sandbox.map_err(|e| CliError::could_not_run("sandbox", e.to_string()))?;
        let folder = tempfile::Builder::new().prefix("tulay-").tempdir();
        let folder = folder.map_err(|e| CliError::could_not_run("folder", e.to_string()))?;
        Ok(Self { sandbox, public_url: PUBLIC_URL.into(), folder })
    }

    /// Starts one whose notifications go to an address of this process.
    pub(crate) async fn start_notifying(public_url: &str) -> Result<Self, CliError> {
        let simulator = Self { public_url: public_url.into(), ..Self::start().await? };
        // The dashboards of these hold the address.
        for (simulated, account, provider) in [
            (xendit::Xendit::NAME, xendit::DEMO_BUSINESS_ID, "xendit"),
            (xendit::Xendit::NAME, xendit::DEMO_IDR_BUSINESS_ID, "xendit-id"),
            (paymongo::Paymongo::NAME, paymongo::DEMO_ORGANIZATION, "paymongo"),
        ] {
            let url = http::Uri::try_from(format!("{public_url}/{provider}/events"));
            let url = url.map_err(|e| CliError::could_not_run("sandbox", e.to_string()))?;
            let set = simulator.sandbox.notify_at(simulated, account, url);
            set.map_err(|error| CliError::invalid("sandbox", &error))?;
        }
        Ok(simulator)
    }

    pub(crate) const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The folder of this run, which is removed at its end.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The journal in a folder of a simulator.
    pub(crate) fn journal(folder: &Path) -> PathBuf {
        folder.join("tulay.db")
    }

    /// The providers of the simulator, read from a configuration that leads to it. The journal is
    /// whole: it began with the simulator.
    pub(crate) async fn open(
        &self,
        builder: Builder,
        configuration: &Configuration,
    ) -> Result<Tulay, CliError> {
        let secrets = self.secrets()?;
        let secrets = SecretFiles::beside("").environment(move |name| {
            let secret = secrets.iter().find(|(known, _)| *known == name);
            secret.map(|(_, secret)| secret.clone())
        });
        let builder = builder.secrets(Arc::new(secrets)).public_url(&self.public_url);
        let builder = builder.journal(Self::journal(self.folder()));
        let tulay = builder.read(&configuration.name, &configuration.text)?;
        if let Some(real) = tulay.providers().find(|it| !is_simulated(it.as_ref())) {
            let message =
                format!("{}: this command pays through simulated providers alone", real.id());
            return Err(CliError::usage("environment", message));
        }
        let actor = Actor::new("simulator").map_err(|error| CliError::invalid("actor", &error))?;
        tulay.confirm_whole(&actor, "the simulator began with its journal").await?;
        Ok(tulay)
    }

    /// Adds the tables of the providers to namespace and rules. Those that are `down` refuse
    /// connections.
    pub(crate) fn complete(
        &self,
        configuration: Configuration,
        down: &[String],
    ) -> Result<Configuration, CliError> {
        for name in down {
            let refused = |error: Invalid| format!("--down {name}: {}", error.problem());
            let known = self.sandbox.base_url(name);
            known.map_err(|error| CliError::usage("down", refused(error)))?;
        }
        let url = |name: &str| match down.iter().any(|down| down == name) {
            true => Ok(format!("{REFUSING}/{name}")),
            false => {
                let url = self.sandbox.base_url(name);
                url.map_err(|error| CliError::invalid("sandbox", &error))
            }
        };
        let webhook = format!("public_url = \"{}\"", self.public_url);
        let Configuration { name, text } = configuration.or_table("webhook", &webhook);
        let text = format!(
            r#"{text}
[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{starpay}"
merchant_id = "{merchant_id}"
private_key = {{ env = "STARPAY_MERCHANT_KEY" }}
platform_key = {{ env = "STARPAY_KEY" }}

[providers.regional]
adapter = "regional"
environment = "sandbox"
base_url = "{regional}"
app_id = "{app_id}"
countries = ["ID", "MY", "PH", "RU", "TH"]
private_key = {{ env = "REGIONAL_MERCHANT_KEY" }}
platform_key = {{ env = "REGIONAL_KEY" }}

[providers.xendit]
adapter = "xendit"
environment = "sandbox"
base_url = "{xendit}"
business_id = "{business_id}"
country = "PH"
secret_key = {{ env = "XENDIT_KEY" }}
callback_token = {{ env = "XENDIT_TOKEN" }}

[providers.xendit-id]
adapter = "xendit"
environment = "sandbox"
base_url = "{xendit}"
business_id = "{business_id_of_id}"
country = "ID"
secret_key = {{ env = "XENDIT_ID_KEY" }}
callback_token = {{ env = "XENDIT_ID_TOKEN" }}

[providers.paymongo]
adapter = "paymongo"
environment = "sandbox"
base_url = "{paymongo}"
organization_id = "{organization_id}"
source_account = {{ number = "{wallet_number}", name = "{wallet_name}" }}
wallet_id = "wallet_SandboxDemoMerchant0001Test"
secret_key = {{ env = "PAYMONGO_KEY" }}
webhook_secret = {{ env = "PAYMONGO_SECRET" }}
"#,
            starpay = url("starpay")?,
            merchant_id = starpay::DEMO_MERCHANT_ID,
            regional = url("regional")?,
            app_id = regional::DEMO_APP_ID,
            xendit = url("xendit")?,
            business_id = xendit::DEMO_BUSINESS_ID,
            business_id_of_id = xendit::DEMO_IDR_BUSINESS_ID,
            paymongo = url("paymongo")?,
            organization_id = paymongo::DEMO_ORGANIZATION,
            wallet_number = paymongo::DEMO_WALLET_NUMBER,
            wallet_name = paymongo::DEMO_WALLET_NAME,
        );
        Ok(Configuration { name, text })
    }

    /// What the configuration names, by the variables that it is read from.
    pub(crate) fn secrets(&self) -> Result<Vec<(&'static str, String)>, CliError> {
        let key = |provider| {
            let key = self.sandbox.platform_key(provider);
            key.map_err(|error| CliError::invalid("sandbox", &error))
        };
        Ok(vec![
            ("STARPAY_MERCHANT_KEY", starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            ("STARPAY_KEY", key("starpay")?),
            ("REGIONAL_MERCHANT_KEY", regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            ("REGIONAL_KEY", key("regional")?),
            ("XENDIT_KEY", xendit::DEMO_SECRET_KEY.to_owned()),
            ("XENDIT_TOKEN", xendit::DEMO_CALLBACK_TOKEN.to_owned()),
            ("XENDIT_ID_KEY", xendit::DEMO_IDR_SECRET_KEY.to_owned()),
            ("XENDIT_ID_TOKEN", xendit::DEMO_IDR_CALLBACK_TOKEN.to_owned()),
            ("PAYMONGO_KEY", paymongo::DEMO_SECRET_KEY.to_owned()),
            ("PAYMONGO_SECRET", paymongo::DEMO_WEBHOOK_SECRET.to_owned()),
        ])
    }
}

fn is_simulated(provider: &dyn Provider) -> bool {
    provider.merchant_account().environment == Environment::Sandbox
}

/// A configuration: its text, and the file that its mistakes are in.
pub(crate) struct Configuration {
    name: String,
    pub(crate) text: String,
}

impl Configuration {
    /// Adds a table, unless the file has one of this name.
    pub(crate) fn or_table(mut self, name: &str, content: &str) -> Self {
        let header = format!("[{name}]");
        if !self.text.lines().any(|line| line.trim_start().starts_with(&header)) {
            self.text.push_str(&format!("\n{header}\n{content}\n"));
        }
        self
    }

    /// The one that comes with the command.
    pub(crate) fn example() -> Self {
        let text = include_str!("../../../examples/demo.toml").to_owned();
        Self { name: "examples/demo.toml".into(), text }
    }

    /// One of the user's own.
    pub(crate) fn read(file: &Path) -> Result<Self, CliError> {
        let bytes = keys::read(file)?;
        let name = file.display().to_string();
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(Self { name, text: text.to_owned() }),
            Err(_) => Err(CliError::usage("configuration", format!("{name}: it is not UTF-8"))),
        }
    }
}
