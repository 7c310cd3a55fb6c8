//! `cargo xtask new-adapter NAME [--standalone DIR]`: one new crate. In this repository it joins
//! `tulay`, its command and the pages; in a project of its own no file here is touched.
//!
//! The templates are a whole adapter for a provider that does not exist, Kawayan. What is written
//! is the same under another name: it compiles, and its suite runs and passes, from the first
//! minute; what follows is changing it to the real provider, file by file.

use crate::{files::rust_files, join, pages};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const TEMPLATE: &str = "kawayan";

const HELP: &str = "\
cargo xtask new-adapter NAME [--standalone DIR]

NAME              the provider's, 2 to 20 of a-z, 0-9 and -, such as paynow
--standalone DIR  a project of its own in DIR, with a binary, instead of crates/tulay-NAME,
                  which becomes a built-in adapter

docs/guides/new-adapter.md explains the next steps.";

/// Writes the adapter. Returns what it wrote, and what comes next.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<String, String> {
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return Ok(HELP.to_owned());
    }
    let (name, standalone) = match arguments {
        [name] => (name, None),
        [name, option, folder] if option == "--standalone" => (name, Some(folder)),
        _ => return Err(HELP.to_owned()),
    };
    let names = Names::new(name)?;
    let templates = root.join("xtask/templates");
    // Also in a project of its own: one command cannot know two of a name.
    let taken = [format!("crates/tulay-{name}"), name.clone()];
    if let Some(taken) = taken.iter().find(|folder| root.join(folder).join("Cargo.toml").exists()) {
        return Err(format!("{taken} exists already; nothing was written"));
    }
    if uses(&templates.join("adapter"), &names.camel)? {
        let word = &names.camel;
        return Err(format!("NAME: the code of an adapter uses {word} already; add a word"));
    }
    let (crate_folder, page) = match standalone {
        None => (
            root.join("crates").join(format!("tulay-{name}")),
            root.join(format!("docs/providers/{name}.md")),
        ),
        Some(folder) => {
            let folder = PathBuf::from(folder);
            (folder.clone(), folder.join(format!("docs/{name}.md")))
        }
    };
    let manifest = if standalone.is_some() { "standalone" } else { "workspace" };
    let mut copies = Vec::new();
    for part in ["adapter", manifest] {
        add_copies(&templates.join(part), &crate_folder, &mut copies)?;
    }
    copies.push((templates.join("docs/kawayan.md"), page));
    let shared: &[&str] = match standalone {
        Some(_) => &["rustfmt.toml", "clippy.toml", "Cargo.lock"],
        None => &[],
    };
    let shared = shared.iter().map(|name| (root.join(name), crate_folder.join(name)));
    let shared: Vec<(PathBuf, PathBuf)> = shared.collect();
    let mut targets = copies.iter().chain(&shared).map(|(_, to)| to);
    // Of a link that leads nowhere, too: it would be written through.
    if let Some(taken) = targets.find(|to| to.symlink_metadata().is_ok()) {
        return Err(format!("{} exists already; nothing was written", taken.display()));
    }
    let (lints, profile) = (lints(root)?, profile(root)?);
    let joined =
        if standalone.is_some() { Vec::new() } else { join::joined(root, names.of_join())? };
    let mut files = Vec::new();
    for (from, to) in &copies {
        let text = fs::read_to_string(from).map_err(|error| at(from, &error))?;
        let text = text.replace("LINTS\n", &lints).replace("PROFILE\n", &profile);
        write(&names.put_into(&text, root), to, &mut files)?;
    }
    for (from, to) in &shared {
        let text = fs::read_to_string(from).map_err(|error| at(from, &error))?;
        write(&text, to, &mut files)?;
    }
    if standalone.is_some() {
        lock(&crate_folder, &mut files)?;
    }
    for (file, text) in joined {
        let file = root.join(file);
        fs::write(&file, text).map_err(|error| at(&file, &error))?;
        files.push(file);
    }
    format(root, &files);
    if standalone.is_none() {
        files.extend(generated(root)?);
    }
    Ok(summary(root, &names, &files, standalone.is_some()))
}

/// Adds the crate to `Cargo.lock`, and writes the page of capabilities, which the command prints.
fn generated(root: &Path) -> Result<[PathBuf; 2], String> {
    if !resolved(root) {
        return Err("the adapter is written; run cargo check, then cargo xtask capabilities".into());
    }
    for page in pages::PAGES.iter().filter(|page| page.command == "capabilities") {
        page.write(root)?;
    }
    Ok(["Cargo.lock", "docs/capabilities.md"].map(|file| root.join(file)))
}

/// The forms of a name.
struct Names {
    /// `pay-now`, in configurations.
    plain: String,
    /// `pay_now`, in Rust paths.
    snake: String,
    /// `PayNow`, of types.
    camel: String,
    /// `PAY_NOW`, of variables of the environment.
    shout: String,
}

impl Names {
    fn new(name: &str) -> Result<Self, String> {
        let fits = (2..=20).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('-')
            && !name.contains("--");
        if !fits {
            return Err("NAME: expected 2 to 20 of a-z, 0-9 and -, such as paynow".into());
        }
        let capital = |part: &str| {
            let mut chars = part.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars).collect::<String>()
        };
        Ok(Self {
            plain: name.to_owned(),
            snake: name.replace('-', "_"),
            camel: name.split('-').map(capital).collect(),
            shout: name.replace('-', "_").to_ascii_uppercase(),
        })
    }

    fn of_join(&self) -> join::Names<'_> {
        join::Names { plain: &self.plain, snake: &self.snake, camel: &self.camel }
    }

    /// A template's text under these names.
    fn put_into(&self, text: &str, root: &Path) -> String {
        text.replace("tulay_kawayan", &format!("tulay_{}", self.snake))
            .replace("Kawayan", &self.camel)
            .replace("KAWAYAN", &self.shout)
            .replace(TEMPLATE, &self.plain)
            .replace("TULAY/", &format!("{}/", root.display()))
    }
}

/// The lints of the workspace, as a package has them that is in none.
fn lints(root: &Path) -> Result<String, String> {
    let lints = between("[workspace.lints", "[profile.dev]", root)?;
    Ok(lints.replace("[workspace.lints", "[lints"))
}

/// How the workspace builds what others wrote, without its comments.
fn profile(root: &Path) -> Result<String, String> {
    let profile = between("[profile.dev]", "[profile.release]", root)?;
    let lines =
        profile.lines().filter(|line| !line.starts_with('#') && !line.starts_with("tulay-"));
    let lines: Vec<&str> = lines.map(|line| line.split(" #").next().unwrap_or(line)).collect();
    Ok(format!("{}\n", lines.join("\n").trim_end()))
}

/// A part of the workspace's manifest.
fn between(start: &str, end: &str, root: &Path) -> Result<String, String> {
    let manifest = root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(|error| at(&manifest, &error))?;
    let part = text.find(start).zip(text.find(end)).and_then(|(from, to)| text.get(from..to));
    let part = part.ok_or_else(|| format!("Cargo.toml: expected {start}, and then {end}"))?;
    Ok(format!("{}\n", part.trim_end()))
}

/// Every file of a folder, and where it goes.
fn add_copies(from: &Path, to: &Path, copies: &mut Vec<(PathBuf, PathBuf)>) -> Result<(), String> {
    let mut entries: Vec<PathBuf> = fs::read_dir(from)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|error: io::Error| at(from, &error))?;
    entries.sort();
    for entry in entries {
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() {
            add_copies(&entry, &target, copies)?;
        } else {
            copies.push((entry, target));
        }
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn write(text: &str, to: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    }
    let mut file = fs::File::create_new(to).map_err(|error| at(to, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| at(to, &error))?;
    files.push(to.to_owned());
    Ok(())
}

/// Makes the workspace's lock file the project's own: the versions stay, what is not needed goes.
/// Where that cannot be done without the network, none is left, and cargo writes one.
fn lock(project: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !resolved(project) {
        let lock = project.join("Cargo.lock");
        fs::remove_file(&lock).map_err(|error| at(&lock, &error))?;
        files.retain(|file| *file != lock);
    }
    Ok(())
}

/// Whether the lock file of this folder could be written without the network.
fn resolved(folder: &Path) -> bool {
    // Only this platform's packages are sure to be on this machine.
    let arguments = ["metadata", "--offline", "--format-version", "1", "--filter-platform"];
    crate::graph::host()
        .is_some_and(|host| quietly(Command::new("cargo").args(arguments).arg(host), folder))
}

/// A name of another length breaks lines elsewhere. Without rustfmt, they stay as they are.
fn format(root: &Path, files: &[PathBuf]) {
    let rust = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "rs"));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml"));
    quietly(rustfmt.args(rust), Path::new("."));
}

fn quietly(command: &mut Command, folder: &Path) -> bool {
    let command = command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether the templates use an identifier, other than for the provider.
fn uses(templates: &Path, word: &str) -> Result<bool, String> {
    let files = rust_files(templates).map_err(|error| at(templates, &error))?;
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| at(&file, &error))?;
        let names = |c: char| c.is_alphanumeric() || c == '_';
        if text.split(|c| !names(c)).any(|found| found == word && word != "Kawayan") {
            return Ok(true);
        }
    }
    Ok(false)
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn summary(root: &Path, names: &Names, files: &[PathBuf], standalone: bool) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("{}\n", file.display()));
    }
    let test = match standalone {
        true => "cargo test".to_owned(),
        false => format!("cargo test -p tulay-{}", names.plain),
    };
    let guide = root.join("docs/guides/new-adapter.md");
    text.push_str(&format!(
        "\nIt calls Kawayan, a provider that does not exist, under your name.\n\
         {test}    runs its suite; accept what you changed by INSTA_UPDATE=always\n"
    ));
    if standalone {
        let target = root.join("target");
        text.push_str(&format!(
            "export CARGO_TARGET_DIR={}    before it: what is built there need not be built again\n",
            target.display()
        ));
    }
    text.push_str(&format!("{}    tells what to change, file by file\n", guide.display()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_forms() {
        let names = Names::new("pay-now2").unwrap();
        assert_eq!(names.camel, "PayNow2");
        let text = "use tulay_kawayan::Kawayan; \"kawayan\" KAWAYAN_KEY TULAY/crates";
        assert_eq!(
            names.put_into(text, Path::new("/home")),
            "use tulay_pay_now2::PayNow2; \"pay-now2\" PAY_NOW2_KEY /home/crates"
        );
        for wrong in ["", "a", "Acme", "-a", "a-", "a--b", "../a", "a/b", "1a", "a_b"] {
            assert!(Names::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_a_new_crate_depends_on_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let template = root.join("xtask/templates/workspace/Cargo.toml");
        let template = fs::read_to_string(template).unwrap();
        let (_, dependencies) = template.split_once("[dependencies]").unwrap();
        let names: Vec<&str> = dependencies
            .lines()
            .filter_map(|line| line.split(['.', ' ']).next().filter(|_| line.contains("workspace")))
            .collect();
        assert!(names.len() > 8, "{names:?}");
        for name in names {
            assert!(workspace.contains(&format!("\n{name} = ")), "{name}");
        }
    }

    #[test]
    fn an_existing_adapter_is_not_overwritten() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let nowhere = std::env::temp_dir().join("tulay-new-adapter-nowhere");
        for name in ["starpay", "regional", "core", "tests"] {
            let standalone = [name, "--standalone", nowhere.to_str().unwrap()].map(str::to_owned);
            for arguments in [&standalone[..1], &standalone] {
                let refused = run(root, arguments).unwrap_err();
                assert!(refused.ends_with("exists already; nothing was written"), "{refused}");
            }
        }
        for name in ["provider", "settings", "string"] {
            assert!(run(root, &[name.to_owned()]).unwrap_err().contains("uses"));
        }
        assert!(!nowhere.exists());
    }

    #[test]
    fn a_folder_with_any_of_its_files_is_left_as_it_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let name = format!("tulay-new-adapter-taken-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        for taken in ["README.md", "src/lib.rs", "clippy.toml", "Cargo.lock", "docs/kite.md"] {
            let file = folder.join(taken);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "mine").unwrap();
            let arguments = ["kite", "--standalone", folder.to_str().unwrap()].map(str::to_owned);
            let refused = run(root, &arguments).unwrap_err();
            assert_eq!(refused, format!("{} exists already; nothing was written", file.display()));
            assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
            fs::remove_file(&file).unwrap();
            assert!(rust_files(&folder).unwrap().is_empty() && !folder.join("Cargo.toml").exists());
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn help_is_no_name() {
        for arguments in [&["--help"][..], &["kite", "-h"]] {
            let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
            assert_eq!(run(Path::new("/nowhere"), &arguments), Ok(HELP.to_owned()));
        }
    }
}
