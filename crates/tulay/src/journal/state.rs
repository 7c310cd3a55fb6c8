//! Where a machine keeps what it remembers of a journal, away from the database.

use super::times::Profile;
use std::path::{Path, PathBuf};
use tulay_core::{SecretSource, Secrets};

/// The folder beside the configuration of a journal that is for trying things out.
pub(super) const BESIDE: &str = ".tulay-state";

/// The folder that holds those of all namespaces. It is the one that is named; else the one that the
/// system gives a service, or one of the user's; `None`: there is none.
///
/// A journal whose accounts are all simulated keeps it beside the configuration, so that nothing is
/// left in the home folder.
pub(super) fn folder(
    named: Option<&str>,
    profile: Profile,
    beside: &Path,
    variables: &dyn Secrets,
) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(beside.join(named));
    }
    if profile == Profile::Sandbox {
        return Some(beside.join(BESIDE));
    }
    let absolute = |name: &str| {
        let value = variables.read(&SecretSource::Env(name.to_owned())).ok()?;
        // systemd separates several by colons.
        let first = value.expose().split(':').next()?.to_owned();
        Some(PathBuf::from(first)).filter(|path| path.is_absolute())
    };
    absolute("STATE_DIRECTORY").or_else(|| {
        let home = || Some(std::env::home_dir()?.join(".local/state"));
        let user = absolute("XDG_STATE_HOME").or_else(home);
        user.filter(|path| path.is_absolute()).map(|path| path.join("tulay"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretFiles;

    #[test]
    fn state_is_away_from_a_database_that_moves_money() {
        let beside = Path::new("/etc/acme");
        let folder = |named, profile, variables: &'static [(&str, &str)]| {
            let variables = SecretFiles::beside("").environment(move |name| {
                let known = variables.iter().find(|(known, _)| *known == name);
                known.map(|(_, value)| (*value).to_owned())
            });
            folder(named, profile, beside, &variables)
        };
        let xdg = ("XDG_STATE_HOME", "/home/ana/.state");
        let of_service = ("STATE_DIRECTORY", "/var/lib/tulay:/var/lib/other");
        let real = Profile::Production;
        for (found, expected) in [
            (folder(None, real, &[xdg]), "/home/ana/.state/tulay"),
            (folder(None, real, &[]), &format!("{}/.local/state/tulay", home())),
            (
                folder(None, real, &[("XDG_STATE_HOME", "")]),
                &format!("{}/.local/state/tulay", home()),
            ),
            (folder(None, real, &[xdg, of_service]), "/var/lib/tulay"),
            (folder(Some("/mnt/a"), real, &[xdg]), "/mnt/a"),
            (folder(Some("a"), real, &[]), "/etc/acme/a"),
            (folder(None, Profile::Sandbox, &[xdg, of_service]), "/etc/acme/.tulay-state"),
        ] {
            assert_eq!(found, Some(expected.into()));
        }
    }

    fn home() -> String {
        std::env::home_dir().unwrap().display().to_string()
    }
}
