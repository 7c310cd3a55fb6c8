//! `tulay review list | show | resolve`: payouts that a person has to look at.

mod file;
mod list;
mod resolve;
mod show;

use crate::{
    args::{Global, ReviewCommand},
    error::CliError,
    exit::Exit,
};
use tulay::Builder;

pub(crate) async fn run(
    global: &Global,
    command: &ReviewCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    match command {
        ReviewCommand::List(args) => list::run(global, args, builder).await,
        ReviewCommand::Show(args) => show::run(global, args, builder).await,
        ReviewCommand::Resolve(args) => resolve::run(global, args, builder).await,
    }
}
