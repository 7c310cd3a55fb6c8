//! The files of an adapter: every adapter has the same, and a file for a role exists exactly if the
//! account can have the role.

use std::{collections::BTreeSet, fs, io, path::Path};

/// What every adapter has.
const ALWAYS: &[&str] = &[
    "assumptions",
    "client",
    "codes",
    "config",
    "envelope",
    "lib",
    "map",
    "profile",
    "provider",
    "settings",
    "wire",
];

/// Each role, and the file that holds it. Small roles stand in the file of their order.
const ROLES: &[(&str, &str)] = &[
    ("payouts", "payouts"),
    ("institutions", "institutions"),
    ("collections", "collections"),
    ("collection_cancel", "collections"),
    ("static_codes", "static_codes"),
    ("static_code_payments", "static_codes"),
    ("static_code_control", "static_codes"),
    ("qr_inspection", "inspection"),
    ("refunds", "refunds"),
    ("refund_list", "refunds"),
    ("balances", "balances"),
    ("reports", "reports"),
    ("webhooks", "webhooks"),
    ("health", "provider"),
];

/// How many files an adapter may have beside these, each named after what it holds.
const MORE: usize = 2;

/// What is wrong with the files of an adapter, whose sources are in this folder.
pub(crate) fn complaints(adapter: &str, source: &Path) -> io::Result<Vec<String>> {
    let provider = fs::read_to_string(source.join("provider.rs")).unwrap_or_default();
    let files = files(source)?;
    let roles = roles(&provider);
    let of_roles: BTreeSet<&str> =
        ROLES.iter().filter(|(role, _)| roles.contains(*role)).map(|(_, file)| *file).collect();
    let mut complaints = Vec::new();
    let mut complain = |text: String| complaints.push(format!("crates/{adapter}/src: {text}"));
    let expected: BTreeSet<&str> = ALWAYS.iter().chain(&of_roles).copied().collect();
    for missing in expected.iter().filter(|file| !files.contains(**file)) {
        complain(format!("{missing}.rs is missing"));
    }
    let role_files: BTreeSet<&str> = ROLES.iter().map(|(_, file)| *file).collect();
    for stray in role_files.difference(&expected).filter(|file| files.contains(**file)) {
        complain(format!("{stray}.rs, but provider.rs lists no role of it"));
    }
    let known =
        |file: &&String| expected.contains(file.as_str()) || role_files.contains(file.as_str());
    let more: Vec<&str> = files.iter().filter(|file| !known(file)).map(String::as_str).collect();
    if more.len() > MORE {
        complain(format!("{} are more than {MORE} files of its own", more.join(", ")));
    }
    Ok(complaints)
}

/// The files and folders, without their ending.
fn files(source: &Path) -> io::Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(source)? {
        let path = entry?.path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().unwrap_or_default();
            files.insert(name.to_string_lossy().into_owned());
        }
    }
    files.remove("snapshots");
    Ok(files)
}

/// The roles that a provider lists, in `provider!` or by hand.
fn roles(provider: &str) -> BTreeSet<&'static str> {
    let lines = provider.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let names = |line: &str, role: &str| {
        let by_macro = line.strip_prefix(role).is_some_and(|rest| {
            rest == "," || rest.starts_with(" if ") && rest.contains(" offers ")
        });
        by_macro || line.contains(&format!(".{role}(self)"))
    };
    let listed = |role: &str| lines.clone().any(|line| names(line, role));
    ROLES.iter().map(|(role, _)| *role).filter(|role| listed(role)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDER: &str = "\
provider! {
    Acme {
        payouts,
        collections,
        collection_cancel if collections offers CollectionCancel,
        // refunds,
        health,
    }
}
";

    #[test]
    fn roles_are_read_as_they_are_listed() {
        let expected = BTreeSet::from(["collection_cancel", "collections", "health", "payouts"]);
        assert_eq!(roles(PROVIDER), expected);
        let by_hand = "Roles::none().payouts(self).webhooks(self)";
        assert_eq!(roles(by_hand), BTreeSet::from(["payouts", "webhooks"]));
        assert_eq!(roles("    payouts: Capability,\n    refunds: Capability,\n"), BTreeSet::new());
    }

    #[test]
    fn files_without_role_and_roles_without_file_are_found() {
        let source = std::env::temp_dir().join(format!("tulay-files-{}", std::process::id()));
        fs::create_dir_all(source.join("profile")).unwrap();
        for file in ALWAYS.iter().filter(|file| **file != "profile") {
            fs::write(source.join(format!("{file}.rs")), "").unwrap();
        }
        fs::write(source.join("provider.rs"), PROVIDER).unwrap();
        let write = |file: &str| fs::write(source.join(file), "").unwrap();
        write("payouts.rs");
        let missing = complaints("tulay-acme", &source).unwrap();
        write("collections.rs");
        write("qr.rs");
        write("channels.rs");
        let complete = complaints("tulay-acme", &source).unwrap();
        write("refunds.rs");
        write("manila.rs");
        let stray = complaints("tulay-acme", &source).unwrap();
        fs::remove_dir_all(&source).unwrap();
        assert_eq!(missing, ["crates/tulay-acme/src: collections.rs is missing"]);
        assert_eq!(complete, [""; 0]);
        assert_eq!(
            stray,
            [
                "crates/tulay-acme/src: refunds.rs, but provider.rs lists no role of it",
                "crates/tulay-acme/src: channels, manila, qr are more than 2 files of its own"
            ]
        );
    }
}
