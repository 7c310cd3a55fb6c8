//! `tulay qr`

mod decode;
mod encode;
mod parts;
mod render;
mod text;
mod tree;

use crate::{
    args::{Global, QrCommand},
    exit::Exit,
    failure::Failure,
};

pub(crate) use text::text;

pub(crate) fn run(global: &Global, command: &QrCommand) -> Result<Exit, Failure> {
    match command {
        QrCommand::Decode(args) => decode::run(global, args),
        QrCommand::Encode(args) => encode::run(global, args),
        QrCommand::Render(args) => render::run(global, args),
    }
}
