//! The step in progress, recorded before it begins, so that the message of an interrupt is correct.

use crate::{error::CliError, exit::Exit};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tulay::Operation;

/// What the command is doing to money right now.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay {
    doing: Arc<Mutex<Doing>>,
    /// A folder that ends with the command.
    folder: Arc<OnceLock<PathBuf>>,
}

#[derive(Debug, Default)]
enum Doing {
    #[default]
    Nothing,
    /// It would send, but has not yet.
    Preparing,
    /// It may have been sent by this command, which asks for it.
    Sending { what: &'static str, next: Option<String> },
    /// A payment is in the journal, or about to be.
    InJournal { operation: Operation, next: Option<String> },
}

impl UnderWay {
    /// From now on something is to be sent.
    pub(crate) fn prepares(&self) {
        self.set(Doing::Preparing);
    }

    /// From now on it may have been sent, such as a `collection`; `next` asks what became of it.
    pub(crate) fn sends(&self, what: &'static str, next: Option<String>) {
        self.set(Doing::Sending { what, next });
    }

    /// From now on the state of a payment is in the journal; `next` shows it.
    pub(crate) fn is_in_journal(&self, operation: Operation, next: Option<String>) {
        self.set(Doing::InJournal { operation, next });
    }

    /// What to say when a signal ends the command here.
    pub(crate) fn interrupted(&self, signal: Exit) -> CliError {
        match &*self.doing.lock().unwrap_or_else(PoisonError::into_inner) {
            Doing::Nothing => CliError::interrupted(signal, "interrupted"),
            Doing::Preparing => CliError::interrupted(signal, "interrupted; nothing was sent"),
            Doing::Sending { what, next } => {
                let message = format!("interrupted; the {what} may have been sent: look it up");
                with_next(CliError::interrupted(signal, &message), next.as_ref())
            }
            Doing::InJournal { operation, next } => {
                let message =
                    format!("interrupted; the state of the {operation} is in the journal");
                with_next(CliError::interrupted(signal, &message), next.as_ref())
            }
        }
    }

    /// This folder ends with the command, also when a signal ends that.
    #[cfg(feature = "sandbox")]
    pub(crate) fn has_folder(&self, folder: PathBuf) {
        let _ = self.folder.set(folder);
    }

    /// Removes the folder that ends with the command.
    pub(crate) fn remove_folder(&self) {
        if let Some(folder) = self.folder.get() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    fn set(&self, doing: Doing) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
    }
}

fn with_next(failure: CliError, next: Option<&String>) -> CliError {
    match next {
        Some(next) => failure.next(next),
        None => failure,
    }
}
