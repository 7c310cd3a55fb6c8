//! The text of a code, as a command is given it.

use crate::{error::CliError, keys};
use std::path::Path;

/// The text given, or the one in the file given, without the line end that files have.
pub(crate) fn text(given: &str) -> Result<String, CliError> {
    let path = Path::new(given);
    if given != "-" && !path.is_file() {
        return Ok(given.to_owned());
    }
    let bytes = keys::read(path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| CliError::usage("payload", "the code is not UTF-8; it has to be text"))?;
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(text).to_owned())
}
