//! Secrets from files beside the configuration, and from wherever the application says.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};
use tulay_core::{Invalid, Secret, SecretSource, Secrets};
use zeroize::Zeroizing;

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
                let refused = |cause: String| {
                    let expected = format!("a readable text file at {}: {cause}", path.display());
                    Invalid::new("file", expected)
                };
                let bytes = File::open(&path).and_then(read_secret);
                let bytes = bytes.map_err(|cause| refused(cause.to_string()))?;
                Secret::new(text(bytes).map_err(|cause| refused(cause.to_owned()))?)
            }
            SecretSource::Env(name) => {
                let Some(environment) = &self.environment else {
                    return Err(Invalid::unsupported(
                        "env",
                        "this application reads no variables; name a file",
                    ));
                };
                let text = environment(name).ok_or_else(|| {
                    Invalid::new("env", format!("the variable {name} in the environment"))
                })?;
                Secret::new(text)
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

/// The most bytes that a key or another secret may have: 64 KiB.
const MOST: usize = 64 << 10;

/// Reads a key or another secret, of at most 64 KiB, so that no copy of it stays in memory: the
/// buffer never grows, and is wiped when it is dropped.
///
/// # Errors
/// When reading fails, and for more than 64 KiB.
pub fn read_secret(mut source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(vec![0; MOST + 1]);
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if length > MOST {
        let message = "it has more than 64 KiB, and a key has less than 10";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    buffer.truncate(length);
    Ok(buffer)
}

/// The bytes as text, not copied.
fn text(mut bytes: Zeroizing<Vec<u8>>) -> Result<String, &'static str> {
    String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
        let bytes = Zeroizing::new(error.into_bytes());
        match bytes.as_slice() {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "it is UTF-16; save it as UTF-8",
            [0x30, 0x82, ..] => {
                "it is DER, which is no text; convert a private key by `openssl pkey -inform DER \
                 -in FILE -out key.pem`, a public key by the same with -pubin"
            }
            _ => "it is no UTF-8 text",
        }
    })
}
