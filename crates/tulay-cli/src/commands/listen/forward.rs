//! Notifications, handed on to an application.

use crate::{
    args::Global,
    error::CliError,
    keys::{self, Visibility},
    session::found_config,
};
use bytes::Bytes;
use http::{Request, Uri, header};
use serde_json::json;
use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
};
use tulay::{
    adapter::{Clock, HttpSettings, HttpTransport, SystemClock, Transport},
    json::NotificationJson,
    webhook::SigningSecret,
};
use zeroize::Zeroizing;

/// The file of the secret, in the folder of the configuration: the application is given it once.
const SECRET: &str = ".tulay-state/listen.secret";

/// An application, and the secret that it verifies with.
pub(super) struct Forward {
    url: Uri,
    file: PathBuf,
    secret: SigningSecret,
    transport: HttpTransport,
    clock: SystemClock,
}

impl Forward {
    pub(super) fn to(global: &Global, url: &str, allow_remote: bool) -> Result<Self, CliError> {
        let url = address(url, allow_remote)?;
        let config = found_config(global)?;
        let folder = config.as_deref().and_then(Path::parent).unwrap_or_else(|| Path::new(""));
        let file = folder.join(SECRET);
        let secret = read_or_make(&file)?;
        let transport = HttpTransport::new(&HttpSettings::default());
        let transport = transport
            .map_err(|error| CliError::could_not_run("forward_to", CliError::sentence(&error)))?;
        Ok(Self { url, file, secret, transport, clock: SystemClock::new() })
    }

    /// Sends one notification, once. The result is a sentence.
    pub(super) async fn hand_on(&self, id: &str, notification: &NotificationJson) -> String {
        let now = self.clock.now();
        let event = notification.event();
        let body = json!({ "type": event, "timestamp": now.to_string(), "data": notification });
        let body = Bytes::from(body.to_string());
        let url = &self.url;
        let request = Request::post(url.clone()).header(header::CONTENT_TYPE, "application/json");
        let (headers, mut request) =
            match (self.secret.sign(id, now.as_second(), &body), request.body(body)) {
                (Ok(headers), Ok(request)) => (headers, request),
                _ => return format!("{event} was not handed on: the request cannot be written"),
            };
        request.headers_mut().extend(headers);
        match self.transport.send(request).await {
            Ok(response) if response.status().is_success() => {
                format!("{event} → {url}: {}", response.status().as_u16())
            }
            Ok(response) => {
                let status = response.status().as_u16();
                format!("{event} → {url}: {status}; it is not sent again")
            }
            Err(error) => {
                format!("{event} was not handed on to {url}: {}", CliError::sentence(&error))
            }
        }
    }
}

impl fmt::Display for Forward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, file) = (&self.url, self.file.display());
        write!(f, "handing notifications on to {url}, signed with the secret in {file}")
    }
}

/// An address of this machine, or of another one where that is allowed.
fn address(text: &str, allow_remote: bool) -> Result<Uri, CliError> {
    let expected = "expected an address such as http://127.0.0.1:3000/webhooks";
    let invalid = || CliError::usage("forward_to", expected);
    let url: Uri = text.trim().parse().map_err(|_| invalid())?;
    let authority = url.authority().ok_or_else(invalid)?;
    let is_web = matches!(url.scheme_str(), Some("http" | "https"));
    if !is_web || authority.host().is_empty() || authority.as_str().contains('@') {
        return Err(invalid());
    }
    if !allow_remote && !is_loopback(authority.host()) {
        let message = format!(
            "{} may be another machine; add --allow-remote to hand notifications on to it",
            authority.host()
        );
        return Err(CliError::usage("forward_to", message));
    }
    Ok(url)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// The secret of earlier runs, so that the application keeps verifying.
fn read_or_make(file: &Path) -> Result<SigningSecret, CliError> {
    if file.exists() {
        let text = keys::read_key(file)?;
        let text = std::str::from_utf8(&text).unwrap_or_default();
        return SigningSecret::parse(text).map_err(|error| {
            let message = format!("{}: {error}; remove the file to make a new one", file.display());
            CliError::usage("secret", message)
        });
    }
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *key)
        .map_err(|error| CliError::could_not_run("random", error.to_string()))?;
    let secret =
        SigningSecret::from_key(&key).map_err(|error| CliError::invalid("secret", &error))?;
    keys::write_new(&[(file.to_owned(), secret.expose(), Visibility::Owner)])?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_handed_notifications() {
        for url in [
            "http://127.0.0.1:3000/hook",
            "http://127.8.8.8",
            "http://[::1]:3000/",
            "https://localhost/hook?a=1",
        ] {
            assert!(address(url, false).is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.1/",
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://169.254.169.254/latest",
            "http://0.0.0.0:3000/",
            "http://2130706433/",
        ] {
            let refused = address(url, false).unwrap_err();
            assert!(refused.message().contains("--allow-remote"), "{url}");
            assert!(address(url, true).is_ok(), "{url}");
        }
        for url in ["", "/hook", "127.0.0.1:3000", "ftp://127.0.0.1/", "http://a@127.0.0.1/"] {
            assert!(address(url, true).is_err(), "{url}");
        }
    }
}
