//! Each command of a provider page's table, run with its output in a transcript.

use crate::support::{Folder, RunningSandbox};
use serde_json::Value;
use std::{fs, path::Path};

/// A folder, its simulator, and the transcript: each command with its output.
pub(crate) struct Tour {
    pub(crate) folder: Folder,
    sandbox: RunningSandbox,
    pub(crate) transcript: String,
}

impl Tour {
    /// Begins in a folder that is given the files of `examples/…`.
    pub(crate) fn start(folder: Folder, examples: &str) -> Self {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"));
        for file in fs::read_dir(root.join(examples)).unwrap() {
            let file = file.unwrap();
            folder.write(&file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap());
        }
        let sandbox = folder.sandbox();
        Self { folder, sandbox, transcript: String::new() }
    }

    /// Runs a command of the table, and adds its output to the transcript.
    pub(crate) fn run(&mut self, command: &str, exit: i32) -> Value {
        let mut words: Vec<&str> = command.split(' ').collect();
        if words[0] == "sandbox" {
            words.extend(["--at", &self.sandbox.origin]);
        }
        words.push("--json");
        let ended = self.folder.run(&words);
        assert_eq!(ended.exit, exit, "{command}: {}{}", ended.out, ended.err);
        let answer = if ended.out.is_empty() { ended.error() } else { ended.json() };
        let mut shown = answer.clone();
        changing(&mut shown);
        self.transcript.push_str(&format!("$ tulay {command}\n{shown:#}\n"));
        answer
    }
}

/// Hides what is another at every run: ids that are made of the namespace, times, and the day with
/// which Starpay's order numbers begin.
fn changing(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let hidden =
                    matches!(name.as_str(), "order_id" | "expires" | "at" | "day" | "file" | "now");
                match value {
                    value if hidden && value.is_string() => *value = format!("[{name}]").into(),
                    value => changing(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(changing),
        Value::String(text) if text.len() == 18 && text.bytes().all(|b| b.is_ascii_digit()) => {
            *text = format!("[day]{}", &text[8..]);
        }
        _ => {}
    }
}
