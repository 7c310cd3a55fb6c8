//! `cargo xtask new-adapter NAME [--standalone DIR]`: one new crate, and no other file touched.
//!
//! The templates are a whole adapter for a provider that does not exist, Kawayan. What is written
//! is the same under another name: it compiles, and its suite runs and passes, from the first
//! minute; what follows is changing it to the real provider, file by file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

const TEMPLATE: &str = "kawayan";

/// Writes the adapter. Returns what it wrote, and what comes next.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<String, String> {
    let (name, standalone) = match arguments {
        [name] => (name, None),
        [name, option, folder] if option == "--standalone" => (name, Some(folder)),
        _ => return Err("cargo xtask new-adapter NAME [--standalone DIR]".into()),
    };
    let names = Names::new(name)?;
    let templates = root.join("xtask/templates");
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
    if crate_folder.join("Cargo.toml").exists() || page.exists() {
        let taken = crate_folder.display();
        return Err(format!("{taken} is there already: nothing was written"));
    }
    let manifest = if standalone.is_some() { "standalone" } else { "workspace" };
    let mut files = Vec::new();
    for part in ["adapter", manifest] {
        copy(&templates.join(part), &crate_folder, &names, root, &mut files)?;
    }
    write(&templates.join("docs/kawayan.md"), &page, &names, root, &mut files)?;
    if standalone.is_some() {
        let lock = crate_folder.join("Cargo.lock");
        fs::copy(root.join("Cargo.lock"), &lock).map_err(|error| at(&lock, &error))?;
        files.push(lock);
    }
    Ok(told(&names, &files, standalone.is_some()))
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

    /// A template's text under these names.
    fn put_into(&self, text: &str, root: &Path) -> String {
        text.replace("tulay_kawayan", &format!("tulay_{}", self.snake))
            .replace("Kawayan", &self.camel)
            .replace("KAWAYAN", &self.shout)
            .replace(TEMPLATE, &self.plain)
            .replace("TULAY/", &format!("{}/", root.display()))
    }
}

fn copy(
    from: &Path,
    to: &Path,
    names: &Names,
    root: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<(), String> {
    let mut entries: Vec<PathBuf> = fs::read_dir(from)
        .and_then(|entries| entries.map(|entry| entry.map(|e| e.path())).collect())
        .map_err(|error: io::Error| at(from, &error))?;
    entries.sort();
    for entry in entries {
        let target = to.join(entry.file_name().unwrap_or_default());
        if entry.is_dir() {
            copy(&entry, &target, names, root, files)?;
        } else {
            write(&entry, &target, names, root, files)?;
        }
    }
    Ok(())
}

fn write(
    from: &Path,
    to: &Path,
    names: &Names,
    root: &Path,
    files: &mut Vec<PathBuf>,
) -> Result<(), String> {
    let text = fs::read_to_string(from).map_err(|error| at(from, &error))?;
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    }
    fs::write(to, names.put_into(&text, root)).map_err(|error| at(to, &error))?;
    files.push(to.to_owned());
    Ok(())
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn told(names: &Names, files: &[PathBuf], standalone: bool) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("{}\n", file.display()));
    }
    let test = match standalone {
        true => "cargo test".to_owned(),
        false => format!("cargo test -p tulay-{}", names.plain),
    };
    text.push_str(&format!(
        "\nIt speaks to Kawayan, a provider that does not exist, under your name.\n\
         {test}    runs its suite; accept what you changed by INSTA_UPDATE=always\n\
         docs/guides/new-adapter.md    tells what to change, file by file\n"
    ));
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
    fn what_is_there_is_not_written_over() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let refused = run(root, &["starpay".to_owned()]).unwrap_err();
        assert!(refused.ends_with("is there already: nothing was written"), "{refused}");
    }
}
