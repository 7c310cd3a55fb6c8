//! The commands of the README and of every guide, run page by page against the simulator.
//!
//! A page's `sh` blocks run in order, in a folder as `tulay init` makes it. `cargo` commands are
//! left out: `.ci/run` runs those of the README. A first line may end in `# exit 5`. Blocks that are
//! marked `with-second-provider` run with both providers, and those `with-more-providers` with four. What cannot run stands in `text` blocks.

use crate::support::{Folder, RunningSandbox};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

#[test]
fn commands_of_the_guides_run() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let guides = fs::read_dir(root.join("docs/guides")).unwrap();
    let guides = guides.map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = guides.filter(|path| path.extension().unwrap() == "md").collect();
    pages.extend([root.join("README.md"), root.join("docs/operations/README.md")]);
    let mut count = 0;
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let blocks = blocks(&text);
        if blocks.iter().any(|(_, block)| block.contains("tulay ")) {
            count += Page::run(&page, &blocks);
        }
    }
    assert!(count > 30, "{count} commands");
}

/// The README shows what the demo prints. Columns may have another width, and `…` leaves lines out.
#[test]
fn the_readme_shows_the_output_of_the_demo() {
    let readme = include_str!("../../../../README.md");
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let ended = Folder::new().run(&["demo"]);
    let printed: Vec<String> = ended.out.lines().chain(ended.err.lines()).map(plain).collect();
    for line in shown.lines().map(plain).filter(|line| line != "…") {
        assert!(printed.contains(&line), "{line}\n{}", ended.out);
    }
}

/// The blocks of shell commands, each with what stands behind the word `sh`.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("```").skip(1).step_by(2);
    let blocks = parts.filter_map(|part| part.split_once('\n'));
    blocks.filter_map(|(info, block)| Some((info.strip_prefix("sh")?, block))).collect()
}

/// The commands of a block: lines, each with its here-document or continuation.
fn commands(block: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut until: Option<String> = None;
    let mut goes_on = false;
    for line in block.lines() {
        match commands.last_mut() {
            Some(command) if until.is_some() || goes_on => {
                command.push('\n');
                command.push_str(line);
            }
            _ => commands.push(line.to_owned()),
        }
        if until.as_deref() == Some(line) {
            until = None;
        } else if let Some((_, marker)) = line.split_once("<<'") {
            until = marker.split('\'').next().map(str::to_owned);
        }
        goes_on = line.ends_with('\\');
    }
    commands.retain(|command| !command.trim().is_empty());
    commands
}

/// A page whose commands are run, and its simulator.
struct Page {
    folder: Folder,
    sandbox: RunningSandbox,
}

impl Page {
    /// Runs the commands of a page; returns how many.
    fn run(page: &Path, blocks: &[(&str, &str)]) -> usize {
        let folder = Folder::initialised();
        let sandbox = folder.sandbox();
        let mut this = Self { folder, sandbox };
        let (mut count, mut both, mut all) = (0, false, false);
        for (info, block) in blocks {
            if info.contains("with-second-provider") && !both {
                this = this.with(Folder::with_second_provider);
                both = true;
            }
            if info.contains("with-more-providers") && !all {
                this = this.with(Folder::with_more_providers);
                all = true;
            }
            for command in commands(block) {
                let left_out =
                    ["cargo ", "tulay init "].iter().any(|word| command.starts_with(word));
                if !left_out && command != "tulay sandbox" {
                    this.execute(page, &command);
                    count += 1;
                }
            }
        }
        count
    }

    fn with(self, providers: fn(Folder) -> Folder) -> Self {
        let Self { folder, sandbox } = self;
        folder.edit(&sandbox.origin, "http://127.0.0.1:8400");
        let folder = providers(folder);
        drop(sandbox);
        let sandbox = folder.sandbox();
        Self { folder, sandbox }
    }

    fn execute(&self, page: &Path, command: &str) {
        let first = command.lines().next().unwrap();
        let exit = first.split_once("# exit ").map_or(0, |(_, exit)| exit.parse().unwrap());
        let mut script = command.to_owned();
        for control in ["advance", "ledger", "pay", "reset"] {
            let plain = format!("tulay sandbox {control}");
            script = script.replace(&plain, &format!("{plain} --at {}", self.sandbox.origin));
        }
        let program = Path::new(env!("CARGO_BIN_EXE_tulay")).parent().unwrap();
        let script = format!("PATH=\"{}:$PATH\"\n{script}", program.display());
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(self.folder.path())
            .env_remove("TULAY_CONFIG")
            .env_remove("TULAY_LOG")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (out, err) = (&output.stdout, &output.stderr);
        let shown = format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err));
        assert_eq!(output.status.code(), Some(exit), "{}: {command}\n{shown}", page.display());
    }
}
