//! What the command prints, which the generated pages are made of.

use serde::de::DeserializeOwned;
use std::{path::Path, process::Command};

/// What the command prints as JSON with these arguments, and these variables of the environment.
pub(crate) fn json<T: DeserializeOwned>(
    root: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<T, String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "tulay-cli", "--"])
        .args(arguments)
        .arg("--json")
        .envs(variables.iter().copied())
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo run cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}
