//! One JSON object in a file, without personal data or with it: what serde says of a value repeats
//! it, so only places and the names of members are told.

use crate::{failure::Failure, keys};
use serde::de::DeserializeOwned;
use std::path::Path;

/// Reads the object; `code` names what it is in a failure.
pub(crate) fn read<T: DeserializeOwned>(code: &'static str, file: &Path) -> Result<T, Failure> {
    let bytes = keys::read(file)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let said = error.to_string();
        let of_members = ["unknown field `", "missing field `", "duplicate field `"];
        let named = of_members.iter().any(|start| said.starts_with(start));
        let (line, column) = (error.line(), error.column());
        let what = said.split(" at line ").next().filter(|_| named);
        let what = what.map(|what| what.split(", expected").next().unwrap_or(what));
        let message = format!(
            "expected one JSON object whose members are text; line {line}, column {column}: {}",
            what.unwrap_or("it does not fit")
        );
        Failure::usage(code, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{args::WrittenRefund, exit::Exit};

    #[test]
    fn mistakes_are_placed_and_values_are_not_told() {
        for (text, expected) in [
            ("{", "line 1, column 1"),
            (r#"{"reference":"F1","amount":998877.00}"#, "column 36: it does not fit"),
            (r#"{"reference":"F1","name":"998877"}"#, "unknown field `name`"),
            (r#"{"amount":"998877"}"#, "missing field `reference`"),
            (r#"{"reference":"F1","country":"998877"}"#, "it does not fit"),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let failure = read::<WrittenRefund>("refund", file.path()).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage);
            let printed = format!("{failure:?}");
            assert!(printed.contains(expected), "{text}: {printed}");
            assert!(!printed.contains("998877"), "{printed}");
        }
    }
}
