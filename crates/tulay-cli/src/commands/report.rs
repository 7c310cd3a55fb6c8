//! `tulay report download`

use crate::{
    args::{DownloadArgs, Global, ReportCommand},
    exit::{self, Exit},
    failure::Failure,
    report::Report,
    session::Session,
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::NamedTempFile;
use tulay::{
    AccountKind, Builder, Download, Environment, HttpSettings, Provider, ProviderExt, Secret,
};

/// For all of a file.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Runs the command. It hears signals itself, so that nothing stays behind when it is interrupted.
pub(crate) async fn run(
    global: &Global,
    command: &ReportCommand,
    builder: Builder,
) -> Result<Exit, Failure> {
    let ReportCommand::Download(args) = command;
    let signal = exit::signal();
    tokio::select! {
        signal = signal => {
            Err(Failure::interrupted(signal, "interrupted; no file was written"))
        }
        done = download(global, args, builder) => done,
    }
}

async fn download(global: &Global, args: &DownloadArgs, builder: Builder) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    // What would be in the way is told before anything is asked for.
    if let Some(file) = args.out.as_deref().filter(|file| file.exists()) {
        return Err(is_there(file));
    }
    let provider = provider(&session, args)?;
    let reports = provider.reports().map_err(|error| Failure::call(Exit::Usage, &error))?;
    let account = AccountKind::from(args.account);
    let link = reports.report(account, args.country, args.day).await;
    let link = link.map_err(|error| Failure::call(Exit::CouldNotRun, &error))?;
    let file = args.out.clone().unwrap_or_else(|| match &link.file_name {
        Some(name) => PathBuf::from(name),
        None => {
            let (id, country, day) = (provider.id(), args.country, args.day);
            format!("{id}-{}-{country}-{day}.report", account.as_str()).into()
        }
    });
    let environment = provider.merchant_account().environment;
    let bytes = fetch(environment, &link.url, &file, args.largest).await?;
    Report::new("tulay.report/1", Some(environment))
        .member("provider", provider.id().as_str())
        .member("account", account.as_str())
        .member("country", args.country.as_str())
        .member("day", args.day.to_string())
        .member("file", file.display().to_string())
        .member("bytes", bytes)
        .line(format!("{}: {bytes} bytes", file.display()))
        .print(global.format(), Exit::Done)
}

fn provider<'s>(session: &'s Session, args: &DownloadArgs) -> Result<&'s dyn Provider, Failure> {
    if args.provider.is_some() {
        return Ok(session.provider(args.provider.as_ref())?.as_ref());
    }
    let able = session.tulay.providers().map(AsRef::as_ref);
    let able: Vec<&dyn Provider> = able.filter(|p| p.roles().reports.is_some()).collect();
    match able.as_slice() {
        [only] => Ok(*only),
        [] => Err(Failure::usage("provider", "no provider here has reports")),
        _ => {
            Err(Failure::usage("provider", "several providers have reports; say which: --provider"))
        }
    }
}

/// Fetches into a file of another name in the same folder, which is called as it should be only
/// once it is whole, and which only its owner can read. If anything fails it is gone.
async fn fetch(
    environment: Environment,
    url: &Secret,
    file: &Path,
    largest: u32,
) -> Result<usize, Failure> {
    let failed = |message: String| Failure::could_not_run("report", message);
    if environment != Environment::Sandbox && !url.expose().starts_with("https://") {
        return Err(failed("the provider's link is not one of https: it is not followed".into()));
    }
    if file.exists() {
        return Err(is_there(file));
    }
    let mut settings = HttpSettings::default();
    settings.total_timeout = PATIENCE;
    settings.largest_answer =
        usize::try_from(largest).unwrap_or(usize::MAX).saturating_mul(1 << 20);
    let download = Download::new(&settings).map_err(|error| failed(Failure::sentence(&error)))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let unwritable = |error: std::io::Error| {
        failed(format!("nothing can be written beside {}: {error}", file.display()))
    };
    let mut whole = NamedTempFile::new_in(folder).map_err(unwritable)?;
    let bytes = download.fetch(url.expose(), whole.as_file_mut()).await;
    let bytes = bytes.map_err(|error| failed(format!("{error}; no file was written")))?;
    whole.as_file().sync_all().map_err(unwritable)?;
    whole.persist_noclobber(file).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => is_there(file),
        _ => unwritable(error.error),
    })?;
    Ok(bytes)
}

fn is_there(file: &Path) -> Failure {
    Failure::usage("file", format!("{} is there already; nothing was written", file.display()))
}
