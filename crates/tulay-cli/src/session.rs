//! The configuration a command runs with, and the line that says whose money it is about.

use crate::{
    args::{Global, PaymentKind},
    error::CliError,
    permissions,
};
use jiff::Timestamp;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tulay::{
    Builder, Environment, Invalid, Provider, ProviderId, SecretFiles, Tulay,
    adapter::{Clock, Secret, SecretSource, Secrets, SystemClock},
    journal::{Actor, Journal, JournalChange, JournalError, JournalEvent, Pause, Reviews, Scope},
};

/// The providers and the journal of a command.
pub(crate) struct Session {
    pub(crate) tulay: Tulay,
    #[cfg(feature = "sandbox")]
    _simulator: Option<crate::simulator::Simulator>,
}

impl Session {
    /// Reads the configuration, or starts the simulator if `--sandbox` is set.
    pub(crate) async fn open(global: &Global, builder: Builder) -> Result<Self, CliError> {
        #[cfg(feature = "sandbox")]
        if global.sandbox() {
            let simulator = crate::simulator::Simulator::start().await?;
            let example = crate::simulator::Configuration::example();
            let configuration = simulator.complete(example, &[])?;
            global.under_way.has_folder(simulator.folder().to_owned());
            let tulay = simulator.open(builder, &configuration).await?;
            return Ok(Self { tulay, _simulator: Some(simulator) });
        }
        Ok(Self {
            tulay: read(global, builder)?,
            #[cfg(feature = "sandbox")]
            _simulator: None,
        })
    }

    /// The same for a command that only asks what the rules say: keys that are not there stay
    /// closed.
    pub(crate) async fn open_for_rules(
        global: &Global,
        builder: Builder,
    ) -> Result<Self, CliError> {
        if global.sandbox() {
            return Self::open(global, builder).await;
        }
        let (tulay, keys_loaded) = read_for_rules(global, builder)?;
        if !keys_loaded {
            global.say("keys were not loaded, as their files are missing; rules need none");
        }
        Ok(Self {
            tulay,
            #[cfg(feature = "sandbox")]
            _simulator: None,
        })
    }

    /// Opens the journal, and prints to standard error what keeps its payouts from being sent.
    pub(crate) async fn open_journal(&self, global: &Global) -> Result<(), CliError> {
        let journal = self.tulay.journal().await?;
        for line in self.hindrances(&journal).await? {
            global.say(&line);
        }
        Ok(())
    }

    /// What keeps payouts from being sent, and the command that ends it: a sentence each.
    pub(crate) async fn hindrances(&self, journal: &Journal) -> Result<Vec<String>, JournalError> {
        let not_whole = match self.tulay.looks_up_from(journal) {
            Some(from) => Some(not_whole(journal, &self.tulay.history().await?, from)),
            None => None,
        };
        let pauses = journal.pauses.iter().map(|pause| self.paused(pause));
        Ok(not_whole.into_iter().chain(pauses).collect())
    }

    /// The reviews of payouts, of refunds, or of both.
    pub(crate) fn reviews(&self, of: Option<PaymentKind>) -> Reviews<'_> {
        let reviews = self.tulay.reviews();
        match of {
            Some(kind) => reviews.of(kind.into()),
            None => reviews,
        }
    }

    /// `sending through starpay is paused by ana: bank holiday; … ends that`.
    pub(crate) fn paused(&self, pause: &Pause) -> String {
        let by = pause.by.as_deref().unwrap_or("the journal");
        let (what, option) = match &pause.scope {
            Scope::All => (String::new(), Some("--all".to_owned())),
            Scope::Operation(operation) => {
                (format!(" of every {operation}"), Some(format!("--operation {operation}")))
            }
            Scope::Account(account) => {
                let mut providers = self.tulay.providers();
                match providers.find(|provider| provider.merchant_account() == account) {
                    Some(provider) => {
                        let id = provider.id();
                        (format!(" through {id}"), Some(format!("--provider {id}")))
                    }
                    None => {
                        let (adapter, account) = (&account.adapter, account.masked());
                        (format!(" through {adapter} (mch {account}), not configured,"), None)
                    }
                }
            }
        };
        let ends = option.map(|it| format!("; `tulay resume {it} --reason TEXT` ends that"));
        format!("sending{what} is paused by {by}: {}{}", pause.why, ends.unwrap_or_default())
    }

    /// Prints the environment, accounts and journal to standard error. Refuses to send in production without
    /// `--production`.
    pub(crate) fn announce(&self, global: &Global, sends: bool) -> Result<(), CliError> {
        let accounts: Vec<String> = self
            .tulay
            .providers()
            .map(|provider| {
                format!("{} (mch {})", provider.id(), provider.merchant_account().masked())
            })
            .collect();
        let whose = match global.sandbox() {
            true => " · embedded simulator".to_owned(),
            false => format!(" · journal {}", self.tulay.journal_url()),
        };
        let environment = self.environment().map_or_else(|| "nothing".into(), |e| e.to_string());
        global.say(&format!("{environment} · {}{whose}", accounts.join(", ")));
        let live = self.environment() == Some(Environment::Production);
        if sends && live && self.tulay.confirms_production() && !global.production {
            let message = "this sends real money; add --production to allow it";
            return Err(CliError::usage("production", message));
        }
        Ok(())
    }

    /// The most serious environment of the providers: one live account makes all of it live.
    pub(crate) fn environment(&self) -> Option<Environment> {
        let weight = |environment: &Environment| match environment {
            Environment::Sandbox => 0,
            Environment::Uat => 1,
            Environment::Production => 2,
        };
        self.tulay.providers().map(|p| p.merchant_account().environment).max_by_key(weight)
    }

    /// The provider of this name, or the first one.
    pub(crate) fn provider(&self, id: Option<&ProviderId>) -> Result<&Arc<dyn Provider>, CliError> {
        let found = match id {
            Some(id) => self.tulay.provider(id),
            None => self.tulay.providers().next(),
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = self.tulay.providers().map(|p| p.id().as_str()).collect();
            let message = match id {
                Some(id) => format!("no provider {id}; configured: {}", names.join(", ")),
                None => "the configuration has no provider".into(),
            };
            CliError::usage("provider", message)
        })
    }
}

/// That a journal may not know every payment, what happens by itself, from when on, and what ends it.
fn not_whole(journal: &Journal, history: &[JournalEvent], from: Timestamp) -> String {
    let doubt = history.iter().rev().find(|event| event.change == JournalChange::Doubted);
    let what = match doubt {
        None => "the journal is new".to_owned(),
        Some(JournalEvent { at, actor: None, .. }) => {
            format!("the database was restored or replaced, which was noticed at {at:.0}")
        }
        Some(JournalEvent { at, actor: Some(by), .. }) => {
            format!("the database was restored, as {by} stated at {at:.0}")
        }
    };
    let known_until = match journal.known_until {
        Some(last) => format!(", and its last event before that is of {last:.0}"),
        None => String::new(),
    };
    let until = match SystemClock::new().now() < from {
        true => format!("nothing is sent until {from:.0}, and then "),
        false => String::new(),
    };
    format!(
        "{what}{known_until}: it may not know every payment of its namespace. By itself, {until}each payout is \
         looked up at every account before it is sent, and what was paid is followed. Submit again, \
         under the same references, what was submitted since the copy; `tulay resume --whole --reason \
         TEXT` states that nothing else was sent, and ends the look-ups"
    )
}

/// The providers of the configuration.
pub(crate) fn read(global: &Global, builder: Builder) -> Result<Tulay, CliError> {
    let file = config_file(global)?;
    let secrets = SecretFiles::beside(&file).environment(environment);
    Ok(builder.secrets(Arc::new(secrets)).load(file)?)
}

/// The providers of the configuration, for reading capabilities and rules. If key files are
/// missing, no keys are loaded, and the second value is `false`.
pub(crate) fn read_for_rules(global: &Global, builder: Builder) -> Result<(Tulay, bool), CliError> {
    let file = config_file(global)?;
    let inner = SecretFiles::beside(&file).environment(environment);
    let secrets = Arc::new(Noting { inner, missed: AtomicBool::new(false) });
    let builder = builder.secrets(Arc::clone(&secrets) as _);
    match builder.clone().load(&file) {
        Ok(tulay) => Ok((tulay, true)),
        Err(_) if secrets.missed.load(Ordering::Relaxed) => {
            Ok((builder.capabilities_only().load(&file)?, false))
        }
        Err(errors) => Err(errors.into()),
    }
}

/// Notes whether any secret was not there.
#[derive(Debug)]
struct Noting {
    inner: SecretFiles,
    missed: AtomicBool,
}

impl Secrets for Noting {
    fn read(&self, source: &SecretSource) -> Result<Secret, Invalid> {
        self.inner.read(source).inspect_err(|_| self.missed.store(true, Ordering::Relaxed))
    }
}

/// The configuration named, or the one in this folder. Without one nothing runs.
pub(crate) fn config_file(global: &Global) -> Result<PathBuf, CliError> {
    found_config(global)?.ok_or_else(|| {
        let folder = std::env::current_dir().unwrap_or_default();
        let message = format!(
            "no tulay.toml in {}; use --config FILE, or --sandbox to use the simulator",
            folder.display()
        );
        CliError::usage("configuration", message).next("tulay init")
    })
}

/// The same, if there is one. The one in this folder must be the user's own: a command that is run
/// in a folder of another user would sign what that user wrote.
pub(crate) fn found_config(global: &Global) -> Result<Option<PathBuf>, CliError> {
    if let Some(file) = &global.config {
        return Ok(Some(file.clone()));
    }
    if let Some(file) = environment("TULAY_CONFIG").filter(|file| !file.is_empty()) {
        return Ok(Some(file.into()));
    }
    let file = PathBuf::from("tulay.toml");
    if !file.is_file() {
        return Ok(None);
    }
    if permissions::is_foreign(&file) {
        let message = "tulay.toml in this folder belongs to another user, so it is not used by \
                       itself; to use it, name it: --config tulay.toml";
        return Err(CliError::usage("configuration", message));
    }
    Ok(Some(file))
}

/// Who runs the command: by option, by TULAY_ACTOR, or as the user of the system.
pub(crate) fn actor(global: &Global) -> Result<Actor, CliError> {
    if let Some(actor) = &global.actor {
        return Ok(actor.clone());
    }
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(environment);
    let actor = Actor::new(user.unwrap_or_else(permissions::user));
    actor.map_err(|invalid| CliError::invalid("actor", &invalid))
}

/// The command is where the environment is read.
#[expect(clippy::disallowed_methods, reason = "the command reads the environment for everyone")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
