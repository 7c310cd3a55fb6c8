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

#[cfg(feature = "sandbox")]
pub(crate) use text::text_or_input;

pub(crate) fn run(global: &Global, command: &QrCommand) -> Result<Exit, CliError> {
    match command {
        QrCommand::Decode(args) => decode::run(global, args),
        QrCommand::Encode(args) => encode::run(global, args),
        QrCommand::Render(args) => render::run(global, args),
    }
}
