//! Why a command failed, for people and for programs.

use crate::{
    exit::Exit,
    payout_file::{BadLine, mistake_lines},
    terminal,
};
use tulay::{
    ConfigErrors, Effect, Invalid, ProviderId,
    journal::{JournalError, Refused, StoreError, SubmitError},
    json::{ColumnJson, ErrorJson, LineJson, RequestErrors},
};

/// A failure: one sentence, what it means for the money, and what to run next.
#[derive(Debug)]
pub(crate) struct CliError {
    exit: Exit,
    json: Box<ErrorJson>,
}

impl CliError {
    /// The command could not run; it says nothing about money.
    pub(crate) fn could_not_run(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::CouldNotRun, code, message)
    }

    /// Arguments, configuration or input are not valid.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, code, message)
    }

    /// A signature did not verify.
    pub(crate) fn not_verified(message: impl Into<String>) -> Self {
        Self::unverified("signature", message)
    }

    /// Something did not verify.
    pub(crate) fn unverified(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::NotVerified, code, message)
    }

    /// A value that is not what it must be.
    pub(crate) fn invalid(code: &'static str, invalid: &Invalid) -> Self {
        let mut failure = Self::usage(code, invalid.to_string());
        failure.json.field = Some(invalid.field().to_owned());
        failure
    }

    /// A sentence that begins with its field. Nothing was sent.
    fn of_field(field: &'static str, message: String) -> Self {
        let mut failure = Self::usage(field, message).unsent();
        failure.json.field = Some(field.to_owned());
        failure
    }

    /// A request that was refused member by member.
    pub(crate) fn request(code: &'static str, errors: &RequestErrors) -> Self {
        let ErrorJson { message, field, lines, .. } = ErrorJson::from(errors);
        let mut failure = Self::usage(code, message);
        (failure.json.field, failure.json.lines) = (field, lines);
        failure
    }

    /// A call to this provider failed.
    pub(crate) fn call(provider: &ProviderId, exit: Exit, error: &tulay::CallError) -> Self {
        let sentence = error.under_name(provider.as_str()).to_string();
        let mut failure = Self::new(exit, "provider", with_cause(sentence, error));
        failure.json.provider = Some(provider.clone());
        failure.json.kind = Some(error.kind());
        failure.json.effect = Some(error.effect());
        failure.json.field = error.field().map(str::to_owned);
        if let Some(wait) = error.retry_after() {
            failure.json.message.push_str(&format!("; it can be tried again in {wait:#}"));
        }
        failure
    }

    /// A call that writes failed: how the command ends follows from what it may have done; where
    /// that is unknown, `next` looks it up.
    pub(crate) fn by_effect(
        provider: &ProviderId,
        error: &tulay::CallError,
        next: Option<String>,
    ) -> Self {
        let exit = Exit::of(error.kind(), error.effect());
        let failure = Self::call(provider, exit, error);
        match error.effect() {
            Effect::NotSent | Effect::Rejected => failure,
            Effect::Unknown => next.into_iter().fold(failure, Self::next),
        }
    }

    /// An error and what caused it, in one sentence.
    pub(crate) fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
        with_cause(error.to_string(), error)
    }

    /// Adds that this command sent nothing, which the exit status does not say.
    pub(crate) fn unsent(mut self) -> Self {
        self.json.message.push_str("; nothing was sent now");
        self
    }

    /// Adds that nothing was sent and, where a look-up failed, that this is the reason.
    pub(crate) fn unasked(mut self) -> Self {
        if self.json.kind.is_none() {
            return self.unsent();
        }
        self.json.message.push_str(
            ". Nothing was sent now, because every configured provider must answer first",
        );
        self
    }

    /// Lines of a payout file that cannot be paid, or one payout of a JSON file.
    pub(crate) fn bad_lines(bad: &[BadLine]) -> Self {
        let mut failure = Self::usage("payout_file", mistake_lines(bad).join("\n"));
        let lines = bad.iter().flat_map(|bad| {
            bad.mistakes.iter().map(|mistake| LineJson {
                line: bad.line,
                column: mistake.column.clone().map(ColumnJson::Name),
                message: mistake.message.clone(),
            })
        });
        failure.json.lines = lines.collect();
        if let Some(first) = failure.json.lines.first() {
            if first.line.is_none() {
                failure.json.code = "payout".into();
            }
            failure.json.line = first.line;
            failure.json.field = match &first.column {
                Some(ColumnJson::Name(name)) => Some(name.clone()),
                _ => None,
            };
        }
        failure
    }

    /// A signal stopped the command.
    pub(crate) fn interrupted(signal: Exit, message: &str) -> Self {
        Self::new(signal, "interrupted", message)
    }

    /// Puts the subject in front of the message.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.json.message = format!("{what} {}", self.json.message);
        self
    }

    /// Puts what was done before the message: a later failure does not undo it. `next` looks it up.
    pub(crate) fn after(self, done: &str, next: Option<String>) -> Self {
        next.into_iter().fold(self.about(&format!("{done}, but")), Self::next)
    }

    /// The result could not be written, with the system's words for why, without their number.
    pub(crate) fn unwritten(error: &std::io::Error) -> Self {
        let cause = without_number(&error.to_string());
        Self::could_not_run("output", format!("the result could not be written: {cause}"))
    }

    /// A payment may have been made: nothing may be sent by hand.
    pub(crate) fn in_doubt(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Exit::InDoubt, code, message)
    }

    /// No provider knows such a thing, which does not prove that there is none.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::in_doubt("not_found", message)
    }

    /// Adds a command to run next.
    pub(crate) fn next(mut self, command: impl Into<String>) -> Self {
        self.json.next.push(command.into());
        self
    }

    /// The provider whose call failed; `None` where no call did.
    pub(crate) fn provider(&self) -> Option<&ProviderId> {
        self.json.provider.as_ref()
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.json.message
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes it to standard error: one line of JSON, or text.
    pub(crate) fn print(&self, json: bool) {
        if json || terminal::writes_json() {
            terminal::tell_json(&self.to_json());
            return;
        }
        terminal::tell(&format!("tulay: {}", self.json.message));
        for command in &self.json.next {
            terminal::tell(&format!("  next: {command}"));
        }
    }

    fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.json })
    }

    fn new(exit: Exit, code: &'static str, message: impl Into<String>) -> Self {
        Self { exit, json: Box::new(ErrorJson::new(code, message)) }
    }
}

/// How the sentence of a call that sent nothing ends.
const UNSENT: &str = "; nothing was sent";

/// A sentence, and the first cause of the error: the layers between say only that something failed.
fn with_cause(sentence: String, error: &(dyn std::error::Error + 'static)) -> String {
    let Some(mut cause) = error.source() else { return sentence };
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause = cause.to_string();
    // Some errors print their cause themselves.
    if sentence.ends_with(&cause) {
        return sentence;
    }
    let cause = without_number(&cause);
    match sentence.strip_suffix(UNSENT) {
        Some(start) => format!("{start}: {cause}{UNSENT}"),
        None => format!("{sentence}: {cause}"),
    }
}

/// An error of the system without its number: `Broken pipe (os error 32)` as `broken pipe`.
fn without_number(text: &str) -> String {
    let Some((text, _)) = text.split_once(" (os error") else { return text.to_owned() };
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

impl From<JournalError> for CliError {
    fn from(error: JournalError) -> Self {
        let message = error.to_string();
        match &error {
            JournalError::NotFound { .. } => Self::could_not_run("not_found", message),
            JournalError::WhichOperation(_) => Self::usage("operation", message),
            JournalError::NotNow { reference, status, why } => {
                let message = match why {
                    Refused::NotAllowed if !status.is_final() => {
                        format!("{reference} is {status}: a sending of it may have left")
                    }
                    Refused::NotAllowed => format!("{reference} is {status}"),
                    _ => message,
                };
                let exit = match Exit::of_status(*status) {
                    open @ (Exit::InDoubt | Exit::Accepted) => open,
                    _ => Exit::CouldNotRun,
                };
                Self::new(exit, "not_now", message)
            }
            JournalError::NothingSent { .. } | JournalError::Settled { .. } => {
                Self::could_not_run("not_now", message)
            }
            JournalError::WhichAttempt { .. } => Self::usage("attempt", message),
            JournalError::SentSince { .. } | JournalError::AsOf { .. } => {
                Self::usage("as_of", message)
            }
            JournalError::Invalid(invalid) => Self::invalid("arguments", invalid),
            JournalError::Store(StoreError::NoSuchEvent(_)) => Self::usage("event", message),
            _ if error.is_of_configuration() => Self::usage("journal", message),
            JournalError::Store(StoreError::Closed) => Self::could_not_run(
                "journal",
                "the journal has stopped; check its disk or its server, and run the same command \
                 again: a payment is accepted once",
            ),
            _ => Self::could_not_run("journal", message),
        }
    }
}

impl From<SubmitError> for CliError {
    fn from(error: SubmitError) -> Self {
        let message = error.to_string();
        match error {
            SubmitError::Journal(error) => error.into(),
            SubmitError::Taken { by, field } => {
                // The member of the request that it is about: `beneficiary.mobile` is its mobile.
                let field = match field.split_once('.') {
                    Some(("original", _)) => "original",
                    Some((_, rest)) => rest.split('.').next().unwrap_or(rest),
                    None => field,
                };
                let (reference, operation) = (by.reference, by.operation);
                let message = format!(
                    "{reference} is another {operation}: its {field} differs; submit the first \
                     request unchanged, or another {operation} under a reference of its own"
                );
                let mut failure = Self::usage("reference", message);
                failure.json.field = Some(field.to_owned());
                failure
            }
            SubmitError::Refused(error) => {
                let mut failure = Self::usage("provider", Self::sentence(&error));
                failure.json.kind = Some(error.kind());
                failure.json.effect = Some(error.effect());
                failure.json.field = error.field().map(str::to_owned);
                failure
            }
            SubmitError::NoProvider { .. } => Self::usage("provider", message),
            SubmitError::NoRoute(_) => Self::usage("route", message),
            SubmitError::MoreThanPaid { .. } => Self::of_field("amount", message),
            SubmitError::OtherPaid { .. } => Self::of_field("paid", message),
            _ => Self::usage("payout", message),
        }
    }
}

impl From<ConfigErrors> for CliError {
    fn from(errors: ConfigErrors) -> Self {
        let mut failure = Self::usage("configuration", errors.to_string());
        let lines = errors.errors().iter().map(|error| LineJson {
            line: error.place.and_then(|(line, _)| u64::try_from(line).ok()),
            column: error.place.map(|(_, column)| ColumnJson::Number(column)),
            message: match error.key.is_empty() {
                true => error.message.clone(),
                false => format!("{}: {}", error.key, error.message),
            },
        });
        failure.json.lines = lines.collect();
        failure.json.line = failure.json.lines.first().and_then(|line| line.line);
        let first = errors.errors().first().map(|error| error.key.clone());
        failure.json.field = first.filter(|key| !key.is_empty());
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use tulay::journal::DatabaseError;
    use tulay::{
        ErrorKind, Operation,
        adapter::{Error, ProviderResponse, TransportError, TransportErrorKind, Trust},
    };

    #[test]
    fn a_failed_call_has_the_configured_name() {
        let main = ProviderId::new("main").unwrap();
        let mut answer =
            ProviderResponse::new(http::StatusCode::OK, Trust::Signed, bytes::Bytes::new());
        answer.code = Some("418".into());
        let error = Error::new(Operation::Payout, ErrorKind::Institution, "no such bank")
            .with_response_from("starpay", answer);
        let failure = CliError::call(&main, Exit::Rejected, &error);
        assert_eq!(failure.message(), "main answered 418: no such bank");
        let error = Error::new(Operation::Payout, ErrorKind::State, "it is closed");
        let failure = CliError::call(&main, Exit::Rejected, &error);
        assert_eq!(failure.message(), "main: it is closed");
    }

    #[test]
    fn journals_that_cannot_be_used_exit_2() {
        let path = || PathBuf::from("tulay.db");
        let failed = || DatabaseError::Failed { path: path(), error: StoreError::Full };
        let at = jiff::Timestamp::UNIX_EPOCH;
        for (error, exit, expected) in [
            (DatabaseError::Newer { path: path(), schema: 9 }, Exit::Usage, "a newer version"),
            (DatabaseError::ReadOnly { path: path() }, Exit::Usage, "the file is read-only"),
            (
                DatabaseError::Setting {
                    path: path(),
                    setting: "journal_mode",
                    found: "delete".into(),
                    expected: "wal",
                },
                Exit::Usage,
                "SQLite keeps journal_mode = delete",
            ),
            (
                DatabaseError::Clock { path: path(), now: at, last: at },
                Exit::CouldNotRun,
                "set the clock",
            ),
            (failed(), Exit::CouldNotRun, "free some space"),
        ] {
            let failure = CliError::from(JournalError::NotOpened(error));
            assert_eq!(failure.exit(), exit, "{failure:?}");
            assert!(failure.message().contains(expected), "{}", failure.message());
        }
        let full = CliError::from(JournalError::Store(StoreError::Full));
        assert_eq!(full.exit(), Exit::CouldNotRun);
        assert!(full.message().ends_with("; free some space"), "{}", full.message());
    }

    proptest::proptest! {
        #[test]
        fn every_json_error_is_one_line(text in ".{0,20}[\\n\\r\\u{1b}\\u{9b}\\u{202e}\\u{2028}\"]{0,9}") {
            let failure = CliError::usage("arguments", &*text).next(&*text);
            let line = failure.to_json().to_string();
            let line = terminal::shown_json(&line);
            let error: serde_json::Value = serde_json::from_str(&line).unwrap();
            proptest::prop_assert_eq!(&error["error"]["message"], &text);
            proptest::prop_assert_eq!(terminal::shown(&line), &*line);
            proptest::prop_assert!(!line.contains('\n'));
        }
    }

    #[test]
    fn only_the_first_cause_is_printed() {
        let system = std::io::Error::from_raw_os_error(32);
        let layer = TransportError::new(TransportErrorKind::NotSent, system);
        let transport = TransportError::new(TransportErrorKind::NotSent, layer);
        let error = Error::transport(Operation::Payout, transport);
        let sentence = CliError::sentence(&error);
        assert_eq!(sentence, "the provider could not be reached: broken pipe; nothing was sent");
    }

    #[test]
    fn an_unwritten_result_names_state_and_cause() {
        for (number, expected) in [
            (28, "NOV-1 succeeded, but the result could not be written: no space left on device"),
            (5, "NOV-1 succeeded, but the result could not be written: input/output error"),
        ] {
            let error = CliError::unwritten(&std::io::Error::from_raw_os_error(number));
            assert_eq!(error.after("NOV-1 succeeded", None).message(), expected);
        }
    }
}
