//! Other users who can read the keys of a configuration, or change what it trusts.

use crate::terminal::quoted;
use std::{
    collections::BTreeSet,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};
use tulay::Tulay;
use tulay_crypto::PublicKey;

const READ_OR_WRITE_BY_OTHERS: u32 = 0o077;
const WRITE_BY_OTHERS: u32 = 0o002;
const WRITE_BY_GROUP: u32 = 0o020;
/// In such a folder, only the owner of a file can replace it.
const STICKY: u32 = 0o1000;

/// A file or folder that other users can reach too far, and the command that changes it.
#[derive(Debug)]
pub(crate) struct TooOpen {
    pub(crate) problem: String,
    pub(crate) fix: String,
}

/// What other users can reach too far of a configuration: its private keys, secrets and journal if
/// they can read them; the file itself, public keys, certificates and the folders of all these if they can
/// change them.
pub(crate) fn too_open(config: &Path, tulay: &Tulay) -> Vec<TooOpen> {
    let beside = config.parent().unwrap_or_else(|| Path::new(""));
    let named = tulay
        .settings()
        .iter()
        .filter(|setting| setting.key == "http.ca_file" || setting.key.ends_with(".file"));
    let files = named.map(|setting| beside.join(setting.text()));
    let files: BTreeSet<PathBuf> = files.chain([config.to_owned()]).collect();
    let journal = tulay.journal_file();
    let folder = |file: &Path| file.parent().map(Path::to_owned);
    let all = files.iter().map(PathBuf::as_path).chain(journal);
    let folders: BTreeSet<PathBuf> = all.filter_map(folder).collect();
    let folders = folders.into_iter().map(|folder| match folder.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => folder,
    });
    let folders = folders.filter_map(|folder| of_folder(&folder));
    let files = files.iter().filter_map(|file| of_file(file, file != config));
    files.chain(journal.and_then(of_journal)).chain(folders).collect()
}

/// Whether a file, or the link to it, belongs to another user than the one who runs the command.
/// The system's administrator is no other user.
pub(crate) fn is_foreign(file: &Path) -> bool {
    let me = rustix::process::geteuid().as_raw();
    let owners = [fs::metadata(file), fs::symlink_metadata(file)];
    owners.into_iter().flatten().any(|metadata| is_other(metadata.uid(), me))
}

/// The user who runs the command, where the environment does not name one.
pub(crate) fn user() -> String {
    format!("user {}", rustix::process::geteuid().as_raw())
}

const fn is_other(owner: u32, me: u32) -> bool {
    owner != me && owner != 0
}

/// A journal has personal data.
fn of_journal(file: &Path) -> Option<TooOpen> {
    let metadata = fs::metadata(file).ok()?;
    let problem = || {
        let (name, mode) = (file.display(), shown(&metadata));
        format!("{name} has personal data, and other users can read it (mode {mode})")
    };
    (metadata.mode() & READ_OR_WRITE_BY_OTHERS != 0)
        .then(|| TooOpen { problem: problem(), fix: chmod("600", file) })
}

fn of_file(file: &Path, may_be_secret: bool) -> Option<TooOpen> {
    let metadata = fs::metadata(file).ok()?;
    let (name, mode) = (file.display(), shown(&metadata));
    let is_secret = || !is_public(&fs::read(file).unwrap_or_default());
    if metadata.mode() & READ_OR_WRITE_BY_OTHERS != 0 && may_be_secret && is_secret() {
        let problem = format!("{name} is secret, and other users can read it (mode {mode})");
        return Some(TooOpen { problem, fix: chmod("600", file) });
    }
    let problem = format!("{name} is trusted, and other users can change it (mode {mode})");
    writable(&metadata).then(|| TooOpen { problem, fix: chmod("go-w", file) })
}

fn of_folder(folder: &Path) -> Option<TooOpen> {
    let metadata = fs::metadata(folder).ok()?;
    if !writable(&metadata) || metadata.mode() & STICKY != 0 {
        return None;
    }
    let (name, mode) = (folder.display(), shown(&metadata));
    let problem = format!("other users can replace the files in the folder {name} (mode {mode})");
    Some(TooOpen { problem, fix: chmod("go-w", folder) })
}

fn chmod(mode: &str, path: &Path) -> String {
    format!("chmod {mode} {}", quoted(&path.display().to_string()))
}

/// Whether other users can write. Many systems give each user a group alone, of the same number.
fn writable(metadata: &Metadata) -> bool {
    let mode = metadata.mode();
    let by_group = mode & WRITE_BY_GROUP != 0 && metadata.gid() != metadata.uid();
    mode & WRITE_BY_OTHERS != 0 || by_group
}

/// Public keys and certificates may be read by anyone.
fn is_public(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let is_certificate = text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY");
    is_certificate || PublicKey::parse(bytes).is_ok()
}

fn shown(metadata: &Metadata) -> String {
    format!("{:04o}", metadata.mode() & 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_and_oneself_are_no_other_users() {
        for (owner, me, foreign) in [
            (0, 0, false),
            (0, 1000, false),
            (1000, 1000, false),
            (1000, 0, true),
            (1001, 1000, true),
        ] {
            assert_eq!(is_other(owner, me), foreign, "{owner} {me}");
        }
    }
}
