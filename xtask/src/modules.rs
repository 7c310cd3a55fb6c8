//! The modules of one crate, and which file each path in them leads to. Modules inside of a file
//! count as that file.

use crate::{
    files::rust_files,
    tokens::{self, Kind, Token},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The path of a module within its crate; empty for the root.
pub(crate) type Module = Vec<String>;

/// Paths are followed through no more re-exports.
const DEEPEST: usize = 32;

/// Where imports were followed already, and by which paths.
type Seen = BTreeSet<(Module, Vec<String>)>;

/// The modules of one crate.
#[derive(Debug, Default)]
pub(crate) struct Modules(BTreeMap<Module, File>);

#[derive(Debug)]
struct File {
    /// Below `src`.
    name: String,
    imports: Vec<Import>,
    /// Paths outside of `use`.
    paths: Vec<Vec<String>>,
    /// Words outside of `use`.
    words: BTreeSet<String>,
}

/// One name that a `use` brings in.
#[derive(Debug)]
struct Import {
    path: Vec<String>,
    name: String,
    is_public: bool,
}

impl Modules {
    /// Reads the files below `src`, without what only tests have.
    pub(crate) fn read(src: &Path) -> Result<Self, String> {
        let mut modules = Self::default();
        let has_library = src.join("lib.rs").is_file();
        for path in rust_files(src).map_err(|error| error.to_string())? {
            let name = path.strip_prefix(src).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            // The program beside a library only calls it.
            if !(has_library && name == "main.rs") {
                modules.add(&name, &text)?;
            }
        }
        Ok(modules)
    }

    /// Adds a file, by its name below `src`.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        let mut module: Module =
            name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        match module.last().map(String::as_str) {
            Some("tests") => return Ok(()),
            Some("mod" | "lib" | "main") => drop(module.pop()),
            _ => {}
        }
        let tokens = tokens::read(text).map_err(|error| format!("{name}: {error}"))?;
        let file = File::read(name, &tokens::without_tests(&tokens));
        self.0.insert(module, file);
        Ok(())
    }

    /// Which files each file uses.
    pub(crate) fn uses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let of_file = |(module, file): (&Module, &File)| {
            let imports = file.imports.iter().filter(|import| {
                // A module that only passes a name of its own part on does not use it.
                let passed_on = import.is_public && !file.words.contains(&import.name);
                let target =
                    self.targets(module, &import.path, &mut Seen::new()).into_iter().next();
                !passed_on || target.is_some_and(|target| !target.starts_with(module))
            });
            let paths = imports.map(|import| &import.path).chain(&file.paths);
            let targets = paths.flat_map(|path| self.targets(module, path, &mut Seen::new()));
            targets
                .filter(|target| *target != module)
                .filter_map(|target| self.name(target))
                .collect()
        };
        self.0.iter().map(|entry| (entry.1.name.as_str(), of_file(entry))).collect()
    }

    /// The modules that define what a path names; none for other crates. More than one where a name
    /// is imported differently by different features.
    fn targets(&self, from: &[String], path: &[String], seen: &mut Seen) -> Vec<&Module> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        match (first.as_str(), from.split_last()) {
            ("crate", _) => self.within(&[], rest, seen),
            ("self", _) => self.within(from, rest, seen),
            ("super", Some((_, parent))) if rest.first().is_some_and(|next| next == "super") => {
                self.targets(parent, rest, seen)
            }
            ("super", Some((_, parent))) => self.within(parent, rest, seen),
            _ => {
                let imported = |file: &File| file.imports.iter().any(|i| i.name == *first);
                let known =
                    self.child(from, first).is_some() || self.0.get(from).is_some_and(imported);
                if known { self.within(from, path, seen) } else { Vec::new() }
            }
        }
    }

    /// The modules that define what a path names, read from a module on.
    fn within(&self, from: &[String], path: &[String], seen: &mut Seen) -> Vec<&Module> {
        let Some((module, file)) = self.0.get_key_value(from) else { return Vec::new() };
        let Some((first, rest)) = path.split_first() else { return vec![module] };
        if let Some(child) = self.child(module, first) {
            return self.within(child, rest, seen);
        }
        let imports: Vec<&Import> = file.imports.iter().filter(|i| i.name == *first).collect();
        if imports.is_empty() {
            return vec![module];
        }
        if seen.len() == DEEPEST || !seen.insert((module.clone(), path.to_vec())) {
            return Vec::new();
        }
        let imports = imports.into_iter().filter(|import| import.path != path);
        imports
            .flat_map(|import| {
                let path: Vec<String> = import.path.iter().chain(rest).cloned().collect();
                self.targets(module, &path, seen)
            })
            .collect()
    }

    fn name(&self, module: &Module) -> Option<&str> {
        self.0.get(module).map(|file| file.name.as_str())
    }

    fn child(&self, module: &[String], name: &str) -> Option<&Module> {
        let path: Module =
            module.iter().map(String::as_str).chain([name]).map(str::to_owned).collect();
        self.0.get_key_value(&path).map(|(module, _)| module)
    }
}

impl File {
    fn read(name: &str, tokens: &[Token]) -> Self {
        let (mut imports, mut paths, mut words) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut rest = tokens;
        let mut is_public = false;
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            // `use<…>` of a type names what it captures.
            if first.is("use") && !after.first().is_some_and(|token| token.is("<")) {
                rest = add_imports(after, &[], is_public, &mut imports);
            } else if first.is("mod") && after.get(1).is_some_and(|token| token.is(";")) {
                rest = after.get(2..).unwrap_or_default();
            } else if first.kind == Kind::Word {
                let mut path = vec![first.text.clone()];
                while let [colons, next, ..] = rest
                    && colons.is("::")
                    && next.kind == Kind::Word
                {
                    path.push(next.text.clone());
                    rest = rest.get(2..).unwrap_or_default();
                }
                words.insert(first.text.clone());
                if path.len() > 1 {
                    paths.push(path);
                }
            }
            // `pub` or `pub(…)` in front of the next token.
            is_public = first.is("pub")
                || (is_public
                    && ["(", ")", "crate", "super", "in"].iter().any(|part| first.is(part)));
        }
        Self { name: name.to_owned(), imports, paths, words }
    }
}

/// Adds what a tree of `use` brings in, and returns what follows it.
fn add_imports<'t>(
    mut tokens: &'t [Token],
    prefix: &[String],
    is_public: bool,
    imports: &mut Vec<Import>,
) -> &'t [Token] {
    let mut path = prefix.to_vec();
    while let Some((token, rest)) = tokens.split_first() {
        tokens = rest;
        if token.is("{") {
            while let Some(token) = tokens.first() {
                if token.is("}") {
                    return tokens.get(1..).unwrap_or_default();
                }
                tokens = if token.is(",") {
                    tokens.get(1..).unwrap_or_default()
                } else {
                    add_imports(tokens, &path, is_public, imports)
                };
            }
        } else if token.is("*") {
            return tokens;
        } else if token.kind == Kind::Word {
            if !token.is("self") || path.is_empty() {
                path.push(token.text.clone());
            }
            if tokens.first().is_some_and(|token| token.is("::")) {
                continue;
            }
            let mut name = path.last().cloned().unwrap_or_default();
            if let [alias, renamed, ..] = tokens
                && alias.is("as")
            {
                name.clone_from(&renamed.text);
                tokens = tokens.get(2..).unwrap_or_default();
            }
            imports.push(Import { path, name, is_public });
            return tokens;
        }
    }
    tokens
}
