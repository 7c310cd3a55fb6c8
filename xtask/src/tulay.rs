//! What the command prints, which the generated pages are made of.

use serde::de::DeserializeOwned;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A test beside the command: then the features of its dependencies are those of
/// `cargo test --workspace`, and nothing is built twice.
const BUILD: [&str; 8] =
    ["build", "--quiet", "--locked", "--workspace", "--bin", "tulay", "--test", "names"];

/// What the command prints as JSON with these arguments, and these variables of the environment.
pub(crate) fn json<T: DeserializeOwned>(
    root: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<T, String> {
    let output = |command: &mut Command| {
        let output = command.current_dir(root).output();
        let output = output.map_err(|error| format!("the command cannot be run: {error}"))?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    };
    output(Command::new("cargo").args(BUILD))?;
    let target = target_folder().unwrap_or_else(|| root.join("target"));
    let name = format!("debug/tulay{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(target.join(name));
    let command = command.args(arguments).arg("--json").envs(variables.iter().copied());
    serde_json::from_slice(&output(command)?).map_err(|error| error.to_string())
}

#[expect(clippy::disallowed_methods, reason = "Cargo reads it too")]
fn target_folder() -> Option<PathBuf> {
    std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from)
}
