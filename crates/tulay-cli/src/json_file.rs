//! One JSON object in a file: a mistake names its place and member, and no value.

use crate::{error::CliError, keys, payout_file::other_than_json};
use serde::de::DeserializeOwned;
use std::path::Path;
use tulay::json;

/// Reads the object; `code` names what it is in a failure.
pub(crate) fn read<T: DeserializeOwned>(code: &'static str, file: &Path) -> Result<T, CliError> {
    let bytes = keys::read(file)?;
    if let Some(problem) = other_than_json(&bytes) {
        return Err(CliError::usage(code, problem));
    }
    json::from_slice(&bytes).map_err(|errors| {
        CliError::request(code, &errors).about("expected one JSON object whose members are text;")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use tulay::json::RefundRequestJson;

    #[test]
    fn a_mistake_has_a_place_and_shows_no_value() {
        for (text, expected) in [
            ("{", "line 1, column 1"),
            (r#"{"reference":"F1","amount":998877.00}"#, "column 36: it does not fit"),
            (r#"{"reference":"F1","name":"998877"}"#, "unknown field `name`"),
            (r#"{"reference":"F1","998877":"F1"}"#, "unknown field"),
            (r#"{"reference":"F1","reference":"998877"}"#, "duplicate field `reference`"),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let failure = read::<RefundRequestJson>("refund", file.path()).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage);
            let printed = format!("{failure:?}");
            assert!(printed.contains(expected), "{text}: {printed}");
            assert!(!printed.contains("998877"), "{printed}");
        }
    }
}
