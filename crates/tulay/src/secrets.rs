//! Secrets from files beside the configuration, and from wherever the application says.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tulay_core::{Invalid, Secret, SecretSource, Secrets, adapter::shown_variable};

type Environment = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Reads secrets from files. Variables are read only where the application hands over its
/// environment: a library does not look there by itself.
///
/// ```
/// use tulay::SecretFiles;
/// let secrets = SecretFiles::beside("/etc/acme/tulay.toml").environment(|name| {
///     # #[allow(clippy::disallowed_methods)]
///     std::env::var(name).ok()
/// });
/// ```
#[derive(Clone)]
pub struct SecretFiles {
    folder: PathBuf,
    environment: Option<Arc<Environment>>,
}

impl SecretFiles {
    /// Reads files relative to the folder that holds this configuration file.
    #[must_use]
    pub fn beside(configuration: impl AsRef<Path>) -> Self {
        let folder = configuration.as_ref().parent().unwrap_or_else(|| Path::new(""));
        Self { folder: folder.to_owned(), environment: None }
    }

    /// Hands over the environment.
    #[must_use]
    pub fn environment(
        mut self,
        read: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.environment = Some(Arc::new(read));
        self
    }
}

impl Secrets for SecretFiles {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        match source {
            SecretSource::File(name) => {
                let path = self.folder.join(name);
                let text = fs::read_to_string(&path).map_err(|cause| {
                    let expected = format!("a readable text file at {}: {cause}", path.display());
                    Invalid::new("file", expected)
                })?;
                let expected = || format!("text in the file {}, which is empty", path.display());
                Secret::new(text).map_err(|_| Invalid::new("file", expected()))
            }
            SecretSource::Env(name) => {
                let Some(environment) = &self.environment else {
                    return Err(Invalid::unsupported(
                        "env",
                        "this application reads no variables; name a file",
                    ));
                };
                let shown = shown_variable(name);
                let text = environment(name).ok_or_else(|| {
                    Invalid::new("env", format!("the variable {shown} in the environment"))
                })?;
                let expected = format!("text in the variable {shown}, which is empty");
                Secret::new(text).map_err(|_| Invalid::new("env", expected))
            }
            _ => Err(Invalid::new("secret", "a file or a variable")),
        }
        .map_err(|invalid| invalid.with_field("secret"))
    }
}

impl fmt::Debug for SecretFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretFiles({})", self.folder.display())
    }
}
