//! The embedded simulator, and a configuration that leads to it.

use crate::failure::Failure;
use std::sync::Arc;
use tulay::{Builder, SecretFiles, Tulay};
use tulay_sandbox::{Sandbox, starpay};

/// Simulated providers in this process, reached by HTTP on loopback.
pub(crate) struct Simulator {
    sandbox: Sandbox,
}

impl Simulator {
    pub(crate) async fn start() -> Result<Self, Failure> {
        let sandbox = Sandbox::start().await;
        let sandbox = sandbox.map_err(|e| Failure::could_not_run("sandbox", e.to_string()))?;
        Ok(Self { sandbox })
    }

    pub(crate) const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// The providers of the simulator, read from a configuration like any other.
    pub(crate) fn providers(&self, builder: Builder) -> Result<Tulay, Failure> {
        let invalid = |error| Failure::invalid("sandbox", &error);
        let base_url = self.sandbox.base_url("starpay").map_err(invalid)?;
        let platform_key = self.sandbox.platform_key("starpay").map_err(invalid)?;
        let merchant_id = starpay::DEMO_MERCHANT_ID;
        let configuration = format!(
            r#"namespace = "demo"

[providers.starpay]
adapter = "starpay"
environment = "sandbox"
base_url = "{base_url}"
merchant_id = "{merchant_id}"
private_key = {{ env = "MERCHANT_KEY" }}
platform_key = {{ env = "STARPAY_KEY" }}
"#
        );
        let secrets = SecretFiles::beside("").environment(move |name| match name {
            "MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "STARPAY_KEY" => Some(platform_key.clone()),
            _ => None,
        });
        Ok(builder.secrets(Arc::new(secrets)).read("the embedded simulator", &configuration)?)
    }
}
