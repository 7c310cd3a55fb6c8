//! Keys in the repository are published: each stands in the list of those that no account with real
//! money may use.

use std::{collections::BTreeSet, fs, io, path::Path};

/// Where each file with a key stands, after its fingerprint.
const LIST: &str = "crates/tulay/src/published_keys.txt";

/// Files that are text and may contain a key between its lines.
const TEXTS: &[&str] =
    &["rs", "md", "toml", "json", "snap", "txt", "sh", "yml", "yaml", "csv", "env"];

pub(crate) fn complaints(root: &Path) -> io::Result<Vec<String>> {
    let list = fs::read_to_string(root.join(LIST))?;
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeSet<&str> = lines.filter_map(|line| line.split_whitespace().nth(1)).collect();
    let mut found = BTreeSet::new();
    collect(root, root, &mut found)?;
    let unlisted = found.iter().filter(|file| !listed.contains(file.as_str()));
    let mut complaints: Vec<String> = unlisted
        .map(|file| format!("{file}: a key that anyone has; add its fingerprint to {LIST}"))
        .collect();
    let gone = listed.iter().filter(|file| !root.join(file).is_file());
    complaints.extend(gone.map(|file| format!("{LIST}: {file} is not there")));
    Ok(complaints)
}

/// The files below a folder that contain a key, by their path below the root.
fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = entry.file_name().display().to_string();
        if kind.is_dir() {
            if name != "target" && !name.starts_with('.') && name != "corpus" {
                collect(root, &path, found)?;
            }
            continue;
        }
        let extension =
            path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let has_key = match extension {
            "pem" | "der" | "p8" | "p12" | "pfx" | "key" => true,
            _ if TEXTS.contains(&extension) => {
                has_key(&fs::read_to_string(&path).unwrap_or_default())
            }
            _ => false,
        };
        if has_key {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            found.insert(name);
        }
    }
    Ok(())
}

/// Whether a text contains a key: a line of PEM with base64 after it, or the base64 of a key alone.
/// What is too short for a key that is accepted, or is made up, is none.
fn has_key(text: &str) -> bool {
    const SHORTEST: usize = 300;
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    // Line ends, escaped or not, and the quotes and margins of the texts around them.
    let is_between = |c: char| c.is_whitespace() || "\\\"|".contains(c);
    let starts = text.match_indices("MII").map(|(at, _)| at);
    starts.into_iter().any(|at| {
        let rest = text.get(at..).unwrap_or_default();
        let key = rest.chars().take_while(|c| is_base64(*c) || is_between(*c));
        key.take(2 * SHORTEST).filter(|c| is_base64(*c)).count() >= SHORTEST
            && rest.chars().take(40).all(is_base64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_every_text() {
        let key = format!("MII{}", "AbC+/012".repeat(60));
        let lines = |by: &str| {
            let chunks: Vec<&str> =
                (0..key.len()).step_by(64).map(|at| &key[at..key.len().min(at + 64)]).collect();
            chunks.join(by)
        };
        for text in [
            format!("const KEY: &str = \"{key}\";"),
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", lines("\n")),
            format!("\"-----BEGIN PUBLIC KEY-----\\n{}\\n\"", lines("\\n")),
            format!("\"{}\"", lines("\\\n     ")),
            format!("{{\"key\":\"{key}\"}}"),
        ] {
            assert!(has_key(&text), "{text}");
        }
        for text in [
            "",
            "MII",
            "-----BEGIN PRIVATE KEY-----\\nMIIplanted\\n-----END PRIVATE KEY-----",
            &key[..200],
            &format!("a word MII, and then {}", "many more words ".repeat(60)),
        ] {
            assert!(!has_key(text), "{text}");
        }
    }
}
