//! Secrets from files beside the configuration, and from wherever the application says.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};
use tulay_core::{
    Invalid, Secret, SecretSource, Secrets,
    adapter::{shown_file, shown_variable},
};
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
                let shown = self.folder.join(shown_file(name));
                let refused = |cause: String| {
                    let expected = format!("a readable text file at {}: {cause}", shown.display());
                    Invalid::new("file", expected)
                };
                let bytes = File::open(&path).and_then(read_secret);
                let bytes = bytes.map_err(|cause| refused(cause.to_string()))?;
                let text = text(bytes).map_err(|cause| refused(cause.to_owned()))?;
                let expected = || format!("text in the file {}, which is empty", shown.display());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_whole_up_to_its_limit() {
        for length in [0, 1, 4096, 8192, 8193, MOST] {
            let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
            assert_eq!(*read_secret(bytes.as_slice()).unwrap(), bytes, "{length}");
            // In pieces, as from a pipe.
            let (front, back) = bytes.split_at(length / 3);
            assert_eq!(*read_secret(front.chain(back)).unwrap(), bytes, "{length}");
        }
        for length in [MOST + 1, MOST + 2, 10 * MOST] {
            let error = read_secret(io::repeat(b'x').take(length as u64)).unwrap_err();
            assert!(error.to_string().contains("more than 64 KiB"), "{length}: {error}");
        }
        assert!(read_secret(io::repeat(b'x')).is_err(), "a device without an end");
    }

    #[test]
    fn a_file_that_is_no_text_is_named() {
        let folder = std::env::temp_dir().join(format!("tulay-secrets-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let secrets = SecretFiles { folder: folder.clone(), environment: None };
        for (content, expected) in [
            (&b"\xff\xfeM\0I\0I\0"[..], "UTF-16"),
            (b"\xfe\xff\0M\0I", "UTF-16"),
            (b"\x30\x82\x04\xa2\x02\xff planted", "openssl pkey -inform DER"),
            (b"planted\xff", "no UTF-8 text"),
            (&[b'x'; MOST + 1], "more than 64 KiB"),
        ] {
            std::fs::write(folder.join("key"), content).unwrap();
            let error = secrets.read(&SecretSource::File("key".into())).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("planted"), "{error}");
        }
        let pasted = SecretSource::File("sk_live_planted4eC39HqLyjWDarjt".into());
        let error = secrets.read(&pasted).unwrap_err().to_string();
        assert!(error.contains("***") && !error.contains("planted"), "{error}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
