//! `docs/messages.md`: the messages that tests pin in snapshots, sorted by exit status and kind.

use crate::errors;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

pub(crate) fn page(root: &Path) -> Result<String, String> {
    let errors = errors::read(root)?;
    let known = Known::new(&errors);
    let mut files = snapshots(&root.join("crates")).map_err(|error| error.to_string())?;
    files.sort();
    let mut messages = Messages::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        collect(&name, &text, &known, &mut messages);
    }
    Ok(rendered(&messages, &errors))
}

/// Messages by exit status and kind.
type Messages = BTreeMap<(String, String), BTreeSet<String>>;

/// The kinds of errors, with the exit status of each effect.
struct Known(BTreeMap<String, BTreeMap<String, String>>);

impl Known {
    fn new(errors: &errors::Errors) -> Self {
        let mut kinds: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for case in &errors.errors {
            let effects = kinds.entry(case.kind.clone()).or_default();
            effects.insert(case.effect.clone(), case.exit.clone());
        }
        Self(kinds)
    }

    /// A line `KIND [FIELD] MESSAGE` of a request that was refused before anything was sent, or
    /// `KIND EFFECT [FIELD] MESSAGE` of a response.
    fn call(&self, line: &str) -> Option<Message> {
        let (kind, rest) = line.split_once(' ')?;
        let effects = self.0.get(kind)?;
        let (effect, rest) = match rest.split_once(' ') {
            Some((effect, rest)) if effects.contains_key(effect) => (effect, rest),
            _ => ("not_sent", rest),
        };
        let (_, text) = rest.strip_prefix('[')?.split_once("] ")?;
        let exit = effects.get(effect).map_or("2", String::as_str);
        Some(Message::new(exit, kind, text))
    }
}

struct Message {
    exit: String,
    kind: String,
    text: String,
}

impl Message {
    fn new(exit: &str, kind: &str, text: &str) -> Self {
        Self { exit: exit.to_owned(), kind: kind.to_owned(), text: text.trim().to_owned() }
    }
}

/// The snapshots below a folder, except those of the conformance suite, which print no message.
fn snapshots(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("tulay-conformance") {
            files.extend(snapshots(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            files.push(path);
        }
    }
    Ok(files)
}

fn collect(name: &str, text: &str, known: &Known, messages: &mut Messages) {
    let content = text.splitn(3, "---\n").nth(2).unwrap_or_default();
    for line in content.lines() {
        let message = printed(line)
            .or_else(|| known.call(line))
            .or_else(|| of_a_file(line))
            .or_else(|| of_a_configuration(name, line));
        if let Some(Message { exit, kind, text }) = message {
            messages.entry((exit, kind)).or_default().insert(without_places(&text));
        }
    }
}

/// A line `exit N KIND: MESSAGE`, as the tests of the command pin what it prints. A command to run
/// next is no message.
fn printed(line: &str) -> Option<Message> {
    let (exit, rest) = line.strip_prefix("exit ")?.split_once(' ')?;
    let (kind, text) = rest.split_once(": ")?;
    let text = text.strip_prefix("tulay: ").unwrap_or(text);
    let is_message = exit.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("next: ");
    is_message.then(|| Message::new(exit, kind, text))
}

/// A message with `N` in place of its line, its column and its counts, so that each sentence is
/// listed once.
fn without_places(text: &str) -> String {
    const BEFORE: [&str; 12] = [
        "line ",
        "column ",
        "columns ",
        "character ",
        "tulay.toml:",
        "tulay.toml:N:",
        "routes.",
        "use.",
        "decimals, found ",
        "it has ",
        "header has ",
        "this has ",
    ];
    const AFTER: [&str; 3] = [" fields, ", " more are ", " others"];
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        shown.push_str(before);
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        let letter = letter_of_column(after);
        let is_place = letter.is_some()
            || BEFORE.iter().any(|before| shown.ends_with(before))
            || AFTER.iter().any(|start| after.starts_with(start));
        shown.push_str(if is_place { "N" } else { number });
        rest = letter.unwrap_or(after);
    }
    shown + rest
}

/// What follows ` (C)`, the letter of a column in a spreadsheet.
fn letter_of_column(text: &str) -> Option<&str> {
    let (letter, rest) = text.strip_prefix(" (")?.split_once(')')?;
    (letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(rest)
}

/// A mistake in a payout file.
fn of_a_file(line: &str) -> Option<Message> {
    let line = line.strip_prefix("tulay: ").unwrap_or(line);
    let text = match line.strip_prefix("unreadable: ") {
        Some(text) => text,
        None => line.strip_prefix("line ").and(Some(line)).filter(|line| line.contains(": "))?,
    };
    Some(Message::new("2", "payout_file", text))
}

/// A mistake in a configuration or a key.
fn of_a_configuration(name: &str, line: &str) -> Option<Message> {
    let text = line.trim();
    let of_key = ["private key ", "public key "].iter().any(|start| text.starts_with(start));
    let of_settings = name.contains("settings") && text.contains(": ");
    let is_one = text.starts_with("tulay.toml:") || of_key || of_settings;
    is_one.then(|| Message::new("2", "configuration", text))
}

fn rendered(messages: &Messages, errors: &errors::Errors) -> String {
    let mut page = String::from(HEAD);
    let mut last = None;
    for ((exit, kind), texts) in messages {
        if last != Some(exit) {
            let status = errors.exit_statuses.iter().find(|status| status.status == *exit);
            let means = status.map_or(String::new(), |status| format!(": {}", status.means));
            page.push_str(&format!("\n## Exit status {exit}{means}\n"));
            last = Some(exit);
        }
        page.push_str(&format!("\n### {kind}\n\n```text\n"));
        for text in texts {
            page.push_str(&format!("{text}\n"));
        }
        page.push_str("```\n");
    }
    page
}

const HEAD: &str = "\
# Messages

Generated by `cargo xtask messages` from the snapshots of the tests; `cargo xtask tidy` fails when it
is stale.
The messages are sorted by the exit status of the command, and by the kind or code of the error.
`N` stands for a line, a column or a count.
A message under *result* stands beside a result; values in it are examples.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(name: &str, text: &str) -> String {
        let errors = r#"{"exit_statuses":[{"status":"2","means":"not valid"}],"errors":[
            {"kind":"limit","means":"","effect":"not_sent","retry":"","failover":"","pay_again":"",
             "exit":"2"},
            {"kind":"limit","means":"","effect":"rejected","retry":"","failover":"","pay_again":"",
             "exit":"5"}]}"#;
        let errors: errors::Errors = serde_json::from_str(errors).unwrap();
        let mut messages = Messages::new();
        collect(name, text, &Known::new(&errors), &mut messages);
        rendered(&messages, &errors).replace(HEAD, "")
    }

    #[test]
    fn messages_are_sorted_by_status_and_kind() {
        let text = "---\nsource: a\n---\nexit 3 mismatch: another amount\nlimit [amount] too much\n\
                    limit rejected [-] acme answered 7: too much\nline 3, column amount: no amount\n\
                    limit [amount] too much\n{\"limit\": 1}\nline 12, column amount: no amount\n";
        assert_eq!(
            page_of("it__a.snap", text),
            "\n## Exit status 2: not valid\n\n### limit\n\n```text\ntoo much\n```\n\n### \
             payout_file\n\n```text\nline N, column amount: no amount\n```\n\n## Exit status \
             3\n\n### mismatch\n\n```text\nanother amount\n```\n\n## Exit status 5\n\n### \
             limit\n\n```text\nacme answered 7: too much\n```\n"
        );
    }

    #[test]
    fn places_and_counts_are_replaced() {
        for (text, shown) in [
            (
                "line 7: the same stands on line 6 and 3 others",
                "line N: the same stands on line N and N others",
            ),
            ("tulay.toml:12:1: routes.0.use.0: a", "tulay.toml:N:N: routes.N.use.N: a"),
            ("columns 3 (C), 10 (J) and 2 more are new", "columns N, N and N more are new"),
            (
                "line 2: 7 fields, where the header has 8: a",
                "line N: N fields, where the header has N: a",
            ),
            ("expected 1 to 64 letters, line 3", "expected 1 to 64 letters, line N"),
        ] {
            assert_eq!(without_places(text), shown);
        }
    }

    #[test]
    fn what_is_no_message_is_left_out() {
        let text = "---\nsource: a\n---\nPOST /a {\"message\":\"x\"}\n  \"amount\": 1,\n\
                    exit 2 file: next: a\n";
        assert_eq!(page_of("it__requests__sent.snap", text), "");
    }
}
