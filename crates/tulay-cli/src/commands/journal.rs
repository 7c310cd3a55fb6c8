//! `tulay journal`

mod audit;
mod backup;
mod history;
mod migrate;
mod status;

use crate::{
    args::{Global, JournalCommand, RestoredArgs},
    error::CliError,
    exit::Exit,
    session::{self, Session},
};
use tulay::Builder;

pub(crate) async fn run(
    global: &Global,
    command: &JournalCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    match command {
        JournalCommand::Status => status::run(global, &session).await,
        JournalCommand::History => history::run(global, &session).await,
        JournalCommand::Audit => audit::run(global, &session).await,
        JournalCommand::Migrate(args) => migrate::run(global, &session, args.check).await,
        JournalCommand::Backup(args) => backup::run(global, &session, &args.file).await,
        JournalCommand::Restored(args) => restored(global, &session, args).await,
    }
}

async fn restored(
    global: &Global,
    session: &Session,
    args: &RestoredArgs,
) -> Result<Exit, CliError> {
    session.tulay.doubt(&session::actor(global)?, &args.reason).await?;
    super::pause::print(global, session).await
}
