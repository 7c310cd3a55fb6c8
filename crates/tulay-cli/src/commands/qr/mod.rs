//! `tulay qr`

mod decode;
mod encode;
mod parts;
mod read;
mod render;
mod text;
mod tree;

use crate::{
    args::{Global, QrCommand},
    error::CliError,
    exit::Exit,
};

pub(crate) use text::text_or_input;

pub(crate) fn run(global: &Global, command: &QrCommand) -> Result<Exit, CliError> {
    match command {
        QrCommand::Decode(args) => decode::run(global, args),
        QrCommand::Encode(args) => encode::run(global, args),
        QrCommand::Render(args) => render::run(global, args),
    }
}

/// Why a code is not valid, in one sentence; `None` where it is.
fn not_valid(seen: &tulay_qr::Inspection<'_>) -> Option<String> {
    let (first, rest) = seen.findings.errors.split_first()?;
    let what = seen.lookalike.map(|lookalike| format!("it is {lookalike}"));
    let what = what.unwrap_or_else(|| first.to_string());
    let more = match rest.len() {
        0 => String::new(),
        1 => "; and one error more".to_owned(),
        count => format!("; and {count} errors more"),
    };
    Some(format!("the code is not valid: {what}{more}"))
}
