//! The embedded simulator, and a configuration that leads to it.

use crate::{error::CliError, keys};
use std::{path::Path, sync::Arc};
use tulay::{Builder, SecretFiles, Tulay, adapter::Transport};
use tulay_sandbox::{Sandbox, SandboxBuilder, paymongo, regional, starpay, xendit};

/// The address of notifications, without the provider's name.
const PUBLIC_URL: &str = "http://127.0.0.1:8300/notify";

/// Simulated providers in this process, reached by HTTP on loopback.
pub(crate) struct Simulator {
    sandbox: Sandbox,
}

impl Simulator {
    pub(crate) async fn start() -> Result<Self, CliError> {
        Self::start_with(Sandbox::builder()).await
    }

    /// Starts one whose notifications are handed over here, without a socket.
    pub(crate) async fn start_notifying(endpoint: Arc<dyn Transport>) -> Result<Self, CliError> {
        let simulator = Self::start_with(Sandbox::builder().notify_through(endpoint)).await?;
        // The dashboards of these hold the address.
        for (simulated, account, provider) in [
            (xendit::Xendit::NAME, xendit::DEMO_BUSINESS_ID, "xendit"),
            (xendit::Xendit::NAME, xendit::DEMO_IDR_BUSINESS_ID, "xendit-id"),
            (paymongo::Paymongo::NAME, paymongo::DEMO_ORGANIZATION, "paymongo"),
        ] {
            let url = http::Uri::try_from(format!("{PUBLIC_URL}/{provider}/events"));
            let url = url.map_err(|e| CliError::could_not_run("sandbox", e.to_string()))?;
            let set = simulator.sandbox.notify_at(simulated, account, url);
            set.map_err(|error| CliError::invalid("sandbox", &error))?;
        }
        Ok(simulator)
    }

    async fn start_with(builder: SandboxBuilder) -> Result<Self, CliError> {
        let sandbox = builder.start().await;
        let sandbox = sandbox.map_err(|e| CliError::could_not_run("sandbox", e.to_string()))?;
        Ok(Self { sandbox })
    }

    pub(crate) const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The providers of the simulator, read from a configuration like any other: its top and its
    /// rules are given, and the providers' tables added.
    pub(crate) fn providers(&self, builder: Builder, top: &Top) -> Result<Tulay, CliError> {
        let invalid = |error| CliError::invalid("sandbox", &error);
        let url = |provider| self.sandbox.base_url(provider).map_err(invalid);
        let configuration = format!(
            r#"{top}
{webhook}
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
            top = top.text,
            webhook = top.webhook(),
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
        let starpay_key = self.sandbox.platform_key("starpay").map_err(invalid)?;
        let regional_key = self.sandbox.platform_key("regional").map_err(invalid)?;
        let secrets = SecretFiles::beside("").environment(move |name| match name {
            "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "STARPAY_KEY" => Some(starpay_key.clone()),
            "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "REGIONAL_KEY" => Some(regional_key.clone()),
            "XENDIT_KEY" => Some(xendit::DEMO_SECRET_KEY.to_owned()),
            "XENDIT_TOKEN" => Some(xendit::DEMO_CALLBACK_TOKEN.to_owned()),
            "XENDIT_ID_KEY" => Some(xendit::DEMO_IDR_SECRET_KEY.to_owned()),
            "XENDIT_ID_TOKEN" => Some(xendit::DEMO_IDR_CALLBACK_TOKEN.to_owned()),
            "PAYMONGO_KEY" => Some(paymongo::DEMO_SECRET_KEY.to_owned()),
            "PAYMONGO_SECRET" => Some(paymongo::DEMO_WEBHOOK_SECRET.to_owned()),
            _ => None,
        });
        Ok(builder.secrets(Arc::new(secrets)).read(&top.name, &configuration)?)
    }
}

/// The top of a configuration: namespace and rules.
pub(crate) struct Top {
    name: String,
    text: String,
}

impl Top {
    /// The `[webhook]` table, unless the file has one.
    fn webhook(&self) -> String {
        if self.text.lines().any(|line| line.trim_start().starts_with("[webhook]")) {
            return String::new();
        }
        format!("[webhook]\npublic_url = \"{PUBLIC_URL}\"\n")
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
