//! The text of a code, as a command is given it.

use crate::{args::CodeArgs, error::CliError, keys};
use std::path::Path;

/// What a code is, printed wherever something else was given.
const EXPECTED: &str = "expected the text of a payment code";

/// The beginnings of files that are no text.
const PICTURES_AND_OTHERS: &[(&[u8], &str)] = &[
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive, or a document of an office program"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x7FELF", "a program"),
    (b"\xFF\xFE", "text in UTF-16; save it as UTF-8"),
    (b"\xFE\xFF", "text in UTF-16; save it as UTF-8"),
    (b"\x30\x82", "DER, which keys and certificates are"),
];

/// The text given, or the one of the file or of standard input.
pub(super) fn of(code: &CodeArgs) -> Result<String, CliError> {
    match (&code.payload, &code.file) {
        (Some(text), _) => text_or_input(text),
        (None, Some(file)) => of_file(file),
        (None, None) => Err(CliError::usage("payload", "give the code's text, or --file FILE")),
    }
}

/// The text itself, or standard input for `-`. A text is never the name of a file: what a scanner
/// reads would choose the file.
pub(crate) fn text_or_input(given: &str) -> Result<String, CliError> {
    if given == "-" { of_file(Path::new("-")) } else { Ok(given.to_owned()) }
}

/// The text of a file, without the line end that files have.
pub(super) fn of_file(path: &Path) -> Result<String, CliError> {
    let bytes = keys::read(path)?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        let kind = PICTURES_AND_OTHERS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
        let kind = kind.map_or("no UTF-8 text", |(_, kind)| kind);
        let mut message = format!("{} is {kind}; {EXPECTED}", path.display());
        if kind.ends_with("picture") {
            message.push_str("; a scanner such as zbarimg reads it from the picture");
        }
        return Err(CliError::usage("payload", message));
    };
    if text.starts_with("%PDF") {
        return Err(CliError::usage(
            "payload",
            format!("{} is a PDF document; {EXPECTED}", path.display()),
        ));
    }
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(text).to_owned())
}

/// Where a text that is no code is the name of a file: how that is read.
pub(super) fn file_of_that_name(code: &CodeArgs) -> Option<String> {
    let name = code.payload.as_deref().filter(|name| *name != "-" && Path::new(name).is_file())?;
    Some(format!("a file has this name; --file {} reads it", crate::terminal::quoted(name)))
}
