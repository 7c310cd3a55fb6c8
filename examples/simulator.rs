//! Simulated providers in the process of an example, and a journal that ends with it.

use std::{error::Error, sync::Arc};
use tempfile::TempDir;
use tulay::{SecretFiles, Tulay, journal::Actor};
use tulay_sandbox::{Sandbox, kit::Direction, regional, starpay};

/// The second account of the regional provider in `tulay.toml`.
const SECOND_APP_ID: &str = "9d2f4b6a8c0e41d7b3a5c7e9f1d3b5a7";

pub(crate) struct Simulator {
    pub(crate) sandbox: Sandbox,
    pub(crate) tulay: Tulay,
    /// It is removed when this is dropped.
    #[allow(dead_code, reason = "not every example takes it")]
    pub(crate) folder: TempDir,
}

impl Simulator {
    /// Starts the simulators, and reads a configuration with their addresses and keys in it. `file`
    /// is the name that its mistakes are reported under.
    pub(crate) async fn start(file: &str, text: &str) -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::start().await?;
        let demo_key = regional::DEMO_MERCHANT_PUBLIC_KEY;
        sandbox.register_merchant("regional", SECOND_APP_ID, demo_key)?;
        let folder = tempfile::tempdir()?;
        let text = text
            .replace("http://127.0.0.1:8400/starpay", &sandbox.base_url("starpay")?)
            .replace("http://127.0.0.1:8400/regional", &sandbox.base_url("regional")?);
        let database = folder.path().join("tulay.db");
        // The books of the simulators are as new as the journal.
        let text = format!("{text}\n[journal]\nurl = 'sqlite:{}'\n", database.display());
        let keys = [sandbox.platform_key("starpay")?, sandbox.platform_key("regional")?];
        let secrets = SecretFiles::beside("").environment(move |name| match name {
            "STARPAY_MERCHANT_KEY" => Some(starpay::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "STARPAY_KEY" => Some(keys[0].clone()),
            "REGIONAL_MERCHANT_KEY" => Some(regional::DEMO_MERCHANT_PRIVATE_KEY.to_owned()),
            "REGIONAL_KEY" => Some(keys[1].clone()),
            _ => None,
        });
        let tulay = Tulay::builder().secrets(Arc::new(secrets)).read(file, &text)?;
        tulay.confirm_whole(&Actor::new("the example")?, "the simulators are new").await?;
        Ok(Self { sandbox, tulay, folder })
    }

    /// How often money went out, by the ledger of the simulators.
    #[allow(dead_code, reason = "not every example asks")]
    pub(crate) fn times_paid(&self) -> usize {
        let ledger = self.sandbox.ledger();
        ledger.movements().iter().filter(|it| it.direction == Direction::Out).count()
    }
}
