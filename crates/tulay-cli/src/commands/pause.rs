//! `tulay pause` and `tulay resume`: the kill switch, and a person's word that a journal is whole.

use crate::{
    args::{Global, PauseArgs, ResumeArgs, ScopeArgs},
    error::CliError,
    exit::Exit,
    report::Report,
    session::{self, Session},
};
use tulay::{Builder, journal::Scope};

pub(crate) async fn pause(
    global: &Global,
    args: &PauseArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let scope = scope(&session, &args.scope)?;
    session.tulay.pause(scope, &session::actor(global)?, &args.reason).await?;
    print(global, &session).await
}

pub(crate) async fn resume(
    global: &Global,
    args: &ResumeArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let (by, why) = (session::actor(global)?, args.reason.as_str());
    if args.whole {
        session.tulay.confirm_whole(&by, why).await?;
    } else {
        session.tulay.resume(scope(&session, &args.scope)?, &by, why).await?;
    }
    print(global, &session).await
}

fn scope(session: &Session, args: &ScopeArgs) -> Result<Scope, CliError> {
    if let Some(id) = &args.provider {
        let account = session.provider(Some(id))?.merchant_account();
        return Ok(Scope::Account(account.clone()));
    }
    Ok(args.operation.map_or(Scope::All, |operation| Scope::Operation(operation.into())))
}

/// What keeps payouts from being sent now.
pub(super) async fn print(global: &Global, session: &Session) -> Result<Exit, CliError> {
    let journal = session.tulay.journal().await?;
    let lines = session.hindrances(&journal).await?;
    let report = Report::new("tulay.pauses/1", session.environment())
        .member("whole_since", journal.whole_since.map(|since| since.to_string()))
        .member("hindrances", lines.clone());
    let report = match lines.is_empty() {
        true => report.line("the journal is whole, and nothing is paused"),
        false => lines.into_iter().fold(report, Report::line),
    };
    report.print(global.format(), Exit::Done)
}
