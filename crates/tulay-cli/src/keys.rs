//! Keys and other files that commands read and write.

use crate::error::CliError;
use std::{
    fs::OpenOptions,
    io::{Read, Write},
    path::{Path, PathBuf},
};
use tulay_crypto::{KeyError, PrivateKey};
use zeroize::Zeroizing;

/// Nothing that a person gives to this command comes near this.
const LARGEST: u64 = 64 << 20;

/// The bytes of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, CliError> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(path);
        file.and_then(|file| file.take(LARGEST).read_to_end(&mut bytes))
    };
    match read {
        Ok(read) if u64::try_from(read).is_ok_and(|read| read >= LARGEST) => {
            let message = format!("{} has more than {} MiB", path.display(), LARGEST >> 20);
            Err(CliError::usage("file", message))
        }
        Ok(_) => Ok(bytes),
        Err(error) => {
            Err(CliError::usage("file", format!("{} cannot be read: {error}", path.display())))
        }
    }
}

/// The bytes of a key, from a file, or from standard input for `-`, without a copy left in memory.
pub(crate) fn read_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, CliError> {
    let read = if path == Path::new("-") {
        tulay::read_secret(std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(tulay::read_secret)
    };
    read.map_err(|error| {
        CliError::usage("key", format!("{} cannot be read: {error}", path.display()))
    })
}

/// Writes new files; where one exists already, nothing is written. Only the owner can read
/// what is secret, and open a folder that is made for it.
pub(crate) fn write_new(files: &[(PathBuf, &str, Visibility)]) -> Result<(), CliError> {
    if let Some((path, ..)) = files.iter().find(|(path, ..)| path.exists()) {
        let message = format!("{} exists already; nothing was written", path.display());
        return Err(CliError::usage("file", message));
    }
    for (path, content, visibility) in files {
        let written = write(path, content, *visibility);
        written.map_err(|error| {
            CliError::could_not_run(
                "file",
                format!("{} cannot be written: {error}", path.display()),
            )
        })?;
    }
    Ok(())
}

/// Writes a file that is not there yet.
pub(crate) fn write_new_bytes(path: &Path, content: &[u8]) -> Result<(), CliError> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| {
        // An incomplete file would block the next attempt.
        file.write_all(content).inspect_err(|_| drop(std::fs::remove_file(path)))
    });
    written.map_err(|error| {
        let message = format!("{} cannot be written: {error}", path.display());
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => CliError::usage("file", message),
            _ => CliError::could_not_run("file", message),
        }
    })
}

/// The users that may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    Owner,
    Everyone,
}

/// A fresh key pair as PEM: the private half, the public half.
pub(crate) fn generate(bits: usize) -> Result<(Zeroizing<String>, PrivateKey), CliError> {
    let key = PrivateKey::generate(bits).map_err(|error| refused(&error))?;
    Ok((key.to_pkcs8_pem(), key))
}

pub(crate) fn refused(error: &KeyError) -> CliError {
    CliError::usage("key", error.to_string())
}

fn write(path: &Path, content: &str, visibility: Visibility) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        if visibility == Visibility::Owner {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        }
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if visibility == Visibility::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)?.write_all(content.as_bytes())
}
