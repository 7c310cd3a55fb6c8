//! The embedded simulator, and a configuration that leads to it.

use crate::{error::CliError, keys};
use std::{path::Path, sync::Arc};
use tulay::{Builder, SecretFiles, Tulay, adapter::Transport};
use tulay_sandbox::{Sandbox, SandboxBuilder, regional, starpay};

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
        Self::start_with(Sandbox::builder().notify_through(endpoint)).await
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
"#,
            top = top.text,
            webhook = top.webhook(),
            starpay = url("starpay")?,
            merchant_id = starpay::DEMO_MERCHANT_ID,
            regional = url("regional")?,
            app_id = regional::DEMO_APP_ID,
        );
        let starpay_key = self.sandbox.platform_key("starpay").map_err(invalid)?;
        let regional_key = self.sandbox.platform_key("regional").map_err(invalid)?;
        let secrets = SecretFiles::beside("").environment(move |name| match name {
            "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "STARPAY_KEY" => Some(starpay_key.clone()),
            "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "REGIONAL_KEY" => Some(regional_key.clone()),
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
    fn webhook(&self) -> &'static str {
        if self.text.lines().any(|line| line.trim_start().starts_with("[webhook]")) {
            return "";
        }
        "[webhook]\npublic_url = \"http://127.0.0.1:8300/notify\"\n"
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
