//! The end of a server, whatever happens to the process that started it.

use crate::programs;
use std::{
    ffi::OsStr,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Stdio},
};

/// A child that reads a pipe of which only this process holds the other end. The pipe closes when the
/// guard is dropped or the process ends, by SIGKILL too; then the child ends the server.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// Runs the script. It does `read` to wait for the end, and has the arguments as `$1` and so on.
    pub(crate) fn run(script: &str, arguments: &[&OsStr]) -> Self {
        let mut command = programs::command(Path::new("/bin/sh"));
        command.arg("-c").arg(script).arg("guard").args(arguments);
        // A group of its own: an interrupt at the terminal must not end it before its work is done.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // `wait` closes the pipe first.
        let _ = self.0.wait();
    }
}
