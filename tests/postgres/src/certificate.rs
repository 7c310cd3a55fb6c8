//! A certificate for `localhost`, signed by itself.

use crate::programs;
use std::{path::Path, process::Command};

/// Writes `server.crt` and `server.key` into a folder.
pub(crate) fn write(folder: &Path) {
    let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    command.args(["-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    command.args(["-addext", "subjectAltName=DNS:localhost"]);
    command.arg("-keyout").arg(&key).arg("-out").arg(&certificate);
    programs::run(&mut command);
    programs::run(Command::new("chmod").arg("600").arg(&key));
    programs::give(&certificate);
    programs::give(&key);
}
