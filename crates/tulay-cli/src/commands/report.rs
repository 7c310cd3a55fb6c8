//! `tulay report download`

use crate::{
    args::{DownloadArgs, Global, ReportCommand},
    error::CliError,
    exit::{self, Exit},
    report::Report,
    session::Session,
};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    time::Duration,
};
use tempfile::NamedTempFile;
use tulay::{
    Builder, Environment, Provider, ProviderExt,
    adapter::{HttpSettings, Secret},
    readings::{AccountKind, ContentKind, Download},
};

/// How much of a file is looked at, in bytes.
const BEGINNING: u64 = 64 * 1024;

/// For all of a file.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Runs the command. It hears signals itself, so that nothing stays behind when it is interrupted.
pub(crate) async fn run(
    global: &Global,
    command: &ReportCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let ReportCommand::Download(args) = command;
    let signal = exit::signal();
    tokio::select! {
        signal = signal => {
            Err(CliError::interrupted(signal, "interrupted; no file was written"))
        }
        done = download(global, args, builder) => done,
    }
}

async fn download(
    global: &Global,
    args: &DownloadArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    // An existing file is an error before any request is sent.
    if let Some(file) = args.out.as_deref().filter(|file| file.exists()) {
        return Err(is_there(file));
    }
    let provider = provider(&session, args)?;
    let reports = provider.reports();
    let reports = reports.map_err(|error| CliError::call(provider.id(), Exit::Usage, &error))?;
    let account = AccountKind::from(args.account);
    let link = reports.report(account, args.country, args.day).await;
    let link = link.map_err(|error| CliError::call(provider.id(), Exit::CouldNotRun, &error))?;
    let kind = extension(link.file_name.as_deref());
    let file = args.out.clone().unwrap_or_else(|| {
        let (id, country, day) = (provider.id(), args.country, args.day);
        format!("{id}-{}-{country}-{day}.{kind}", account.as_str()).into()
    });
    let environment = provider.merchant_account().environment;
    let http = session.tulay.http_settings();
    let bytes = fetch(environment, http, &link.url, kind, &file, args.largest).await?;
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

/// The extension of the provider's file name, if it is a known one. The rest of the name is not
/// used: it is not signed, and could name a file that another program reads.
fn extension(name: Option<&str>) -> &'static str {
    let extension = name.and_then(|name| Path::new(name).extension()).and_then(|e| e.to_str());
    let known = ["csv", "txt", "xls", "xlsx", "pdf", "zip", "gz"];
    let is_it = |known: &&str| extension.is_some_and(|e| e.eq_ignore_ascii_case(known));
    known.into_iter().find(is_it).unwrap_or("report")
}

fn provider<'s>(session: &'s Session, args: &DownloadArgs) -> Result<&'s dyn Provider, CliError> {
    if args.provider.is_some() {
        return Ok(session.provider(args.provider.as_ref())?.as_ref());
    }
    let able = session.tulay.providers().map(AsRef::as_ref);
    let able: Vec<&dyn Provider> = able.filter(|p| p.roles().reports.is_some()).collect();
    match able.as_slice() {
        [only] => Ok(*only),
        [] => Err(CliError::usage("provider", "no provider here has reports")),
        _ => Err(CliError::usage(
            "provider",
            "several providers have reports; say which: --provider",
        )),
    }
}

/// Fetches into a file of another name in the same folder, which is called as it should be only
/// once it is whole, and which only its owner can read. If anything fails it is gone.
async fn fetch(
    environment: Environment,
    http: &HttpSettings,
    url: &Secret,
    kind: &str,
    file: &Path,
    largest: u32,
) -> Result<usize, CliError> {
    let failed = |message: String| CliError::could_not_run("report", message);
    if file.exists() {
        return Err(is_there(file));
    }
    let mut settings = http.clone();
    settings.total_timeout = PATIENCE;
    settings.largest_answer =
        usize::try_from(largest).unwrap_or(usize::MAX).saturating_mul(1 << 20);
    let download = Download::new(&settings, environment)
        .map_err(|error| failed(CliError::sentence(&error)))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let unwritable = |error: std::io::Error| {
        failed(format!("nothing can be written beside {}: {error}", file.display()))
    };
    let mut whole = NamedTempFile::new_in(folder).map_err(unwritable)?;
    let bytes = download.fetch(url.expose(), whole.as_file_mut()).await;
    let bytes = bytes.map_err(|error| {
        failed(format!("the report could not be fetched: {error}; no file was written"))
    })?;
    let beginning = beginning(whole.as_file_mut()).map_err(unwritable)?;
    if let Some(what) = no_report(kind, &beginning) {
        let message = format!(
            "the provider's link leads to no report: what arrived is {what} ({bytes} bytes); no \
             file was written"
        );
        return Err(failed(message));
    }
    whole.as_file().sync_all().map_err(unwritable)?;
    whole.persist_noclobber(file).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => is_there(file),
        _ => unwritable(error.error),
    })?;
    Ok(bytes)
}

/// The beginning of what was written.
fn beginning(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut beginning = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(BEGINNING).read_to_end(&mut beginning)?;
    Ok(beginning)
}

/// What arrived in a report's place, or `None` for what may be one of this kind: a page to log in,
/// an error in JSON and compressed data are none, whatever the provider calls them.
fn no_report(kind: &str, beginning: &[u8]) -> Option<String> {
    let content = ContentKind::of(beginning);
    let fits = match content {
        ContentKind::Gzip => kind == "gz",
        ContentKind::Zip => ["xlsx", "zip", "report"].contains(&kind),
        ContentKind::Xls => ["xls", "report"].contains(&kind),
        ContentKind::Pdf => ["pdf", "report"].contains(&kind),
        ContentKind::Text | ContentKind::Utf16 => !["gz", "xlsx", "zip", "pdf"].contains(&kind),
        // As some spreadsheets are written.
        ContentKind::Xml => kind == "xls",
        _ => false,
    };
    let hint = match content {
        ContentKind::Html => ", perhaps one to log in at",
        ContentKind::Json | ContentKind::BrokenJson => ", perhaps an error",
        _ => "",
    };
    (!fits).then(|| format!("{content}{hint}"))
}

fn is_there(file: &Path) -> CliError {
    CliError::usage("file", format!("{} exists already; nothing was written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs,
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
    };

    #[test]
    fn only_the_kind_of_a_file_is_the_provider_s_to_say() {
        for (name, kind) in [
            (Some("PH_20261120.CSV"), "csv"),
            (Some("tulay.toml"), "report"),
            (Some("Makefile"), "report"),
            (Some("../x.sh"), "report"),
            (None, "report"),
        ] {
            assert_eq!(extension(name), kind);
        }
    }

    /// Fetches from a server that sends one response, into an empty folder. Returns the names of
    /// the files in the folder afterwards.
    async fn fetched(
        response: &'static str,
        largest: u32,
    ) -> (Result<usize, CliError>, Vec<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/day.csv?Signature=c2VjcmV0", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            assert!(lines.map_while(Result::ok).any(|line| line.is_empty()), "a whole request");
            stream.write_all(response.as_bytes()).unwrap();
        });
        let folder = tempfile::tempdir().unwrap();
        let (url, file) = (Secret::new(url).unwrap(), folder.path().join("day.csv"));
        let fetched =
            fetch(Environment::Sandbox, &HttpSettings::default(), &url, "csv", &file, largest)
                .await;
        server.join().unwrap();
        if let Err(failure) = &fetched {
            let shown = format!("{failure:?}");
            assert!(!shown.contains("Signature") && !shown.contains("127.0.0.1"), "{shown}");
        }
        let left = fs::read_dir(folder.path()).unwrap();
        let left = left.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
        (fetched, left.collect())
    }

    #[tokio::test]
    async fn a_report_is_there_whole_or_not_at_all() {
        let (fetched_now, left) =
            fetched("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\na,b\n", 1).await;
        assert_eq!((fetched_now.unwrap(), left), (4, vec!["a,b\n".to_owned()]));
        for (response, largest) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\na,b\n", 0),
            ("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\na,", 1),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\na,b\n\r\n", 1),
            ("HTTP/1.1 200 OK\r\n\r\na,b\n", 1),
            ("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n", 1),
            ("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", 1),
        ] {
            let (fetched, left) = fetched(response, largest).await;
            assert_eq!(fetched.unwrap_err().exit(), Exit::CouldNotRun, "{response:?}");
            assert_eq!(left, Vec::<String>::new(), "{response:?}");
        }
    }

    #[test]
    fn a_report_is_known_by_its_content() {
        let html = b"\n<!DOCTYPE html><title>Sign in</title>";
        let json = br#"{"code":"AccessDenied","message":"expired"}"#;
        let cut = br#"{"rows":[{"id":1},"#;
        for (name, content, fits) in [
            ("day.csv", &b"mchOrderId,amount\nP1,100\n"[..], true),
            ("day.csv", b"\xef\xbb\xbfmchOrderId,amount\n", true),
            ("day.csv", b"caf\xe9,1\n", true),
            ("day.txt", b"\xff\xfea\x00,\x00", true),
            ("day.report", b"a|b\n", true),
            ("day.xlsx", b"PK\x03\x04", true),
            ("day.zip", b"PK\x03\x04", true),
            ("day.xls", b"\xd0\xcf\x11\xe0", true),
            ("day.xls", b"<?xml version=\"1.0\"?><Workbook/>", true),
            ("day.pdf", b"%PDF-1.7", true),
            ("day.csv.gz", b"\x1f\x8b\x08", true),
            ("day.csv", html, false),
            ("day.xls", html, false),
            ("day.report", html, false),
            ("day.csv", json, false),
            ("day.xlsx", json, false),
            ("day.csv", cut, false),
            ("day.csv", b"<Error><Code>AccessDenied</Code></Error>", false),
            ("day.csv", b"<?xml version=\"1.0\"?><Error/>", false),
            ("day.csv", b"\x1f\x8b\x08", false),
            ("day.csv", b"PK\x03\x04", false),
            ("day.csv", b"", false),
            ("day.csv", b" \r\n", false),
            ("day.csv", b"a\x00b", false),
            ("day.xlsx", b"AccessDenied", false),
            ("day.pdf", b"a,b\n", false),
        ] {
            let what = no_report(extension(Some(name)), content);
            assert_eq!(what.is_none(), fits, "{name} {} {what:?}", content.escape_ascii());
        }
    }

    #[tokio::test]
    async fn what_is_no_report_is_not_written() {
        for (response, what) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>", "an HTML page"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"code\":403}", "JSON"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "empty"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nPK\x03", "binary data"),
        ] {
            let (fetched, left) = fetched(response, 1).await;
            let failure = fetched.unwrap_err();
            assert_eq!(failure.exit(), Exit::CouldNotRun, "{response:?}");
            assert!(format!("{failure:?}").contains(what), "{failure:?}");
            assert_eq!(left, Vec::<String>::new(), "{response:?}");
        }
    }

    #[tokio::test]
    async fn what_is_there_stays_as_it_is_and_only_https_leaves_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("day.csv");
        fs::write(&file, "mine").unwrap();
        let https = Secret::new("https://127.0.0.1:9/day.csv").unwrap();
        let refused =
            fetch(Environment::Sandbox, &HttpSettings::default(), &https, "csv", &file, 1)
                .await
                .unwrap_err();
        assert_eq!(refused.exit(), Exit::Usage);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        let plain = Secret::new("http://127.0.0.1:9/day.csv").unwrap();
        let other = folder.path().join("other.csv");
        for environment in [Environment::Uat, Environment::Production] {
            let refused = fetch(environment, &HttpSettings::default(), &plain, "csv", &other, 1)
                .await
                .unwrap_err();
            assert!(format!("{refused:?}").contains("no https address"), "{refused:?}");
        }
        let elsewhere = Secret::new("http://example.com/day.csv").unwrap();
        assert!(
            fetch(Environment::Sandbox, &HttpSettings::default(), &elsewhere, "csv", &other, 1)
                .await
                .is_err()
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
