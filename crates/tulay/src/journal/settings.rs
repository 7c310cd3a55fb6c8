//! `[journal]`, `[worker]`, `[limits]` and `[time]` of the file.

use crate::{
    document::Document,
    error::ConfigError,
    journal::{
        database::{Database, Url},
        state,
        times::{Profile, Times},
    },
};
use jiff::SignedDuration;
use serde::{Deserialize, de::Error as _};
use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
};
use toml::Spanned;
use tulay_core::{Namespace, Provider, Secrets};
use tulay_journal::{Limits, record::Policy};

/// The file beside the configuration, where none is named.
const DEFAULT_URL: &str = "sqlite:tulay.db";
const DEFAULT_AT_ONCE: usize = 256;

/// The table `[journal]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JournalTable {
    url: Option<Spanned<Url>>,
    state: Option<Spanned<String>>,
}

/// The table `[worker]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkerTable {
    at_once: Option<NonZeroUsize>,
}

/// The table `[limits]`: for every merchant account, and for those of named providers.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsTable {
    in_flight: Option<NonZeroUsize>,
    per_second: Option<NonZeroU32>,
    #[serde(default)]
    providers: BTreeMap<String, Spanned<AccountLimits>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountLimits {
    in_flight: Option<NonZeroUsize>,
    per_second: Option<NonZeroU32>,
}

/// The table `[time]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeTable {
    lease: Option<Spanned<Length>>,
    longest_call: Option<Spanned<Length>>,
    absence_window: Option<Spanned<Length>>,
    schedule_per_mille: Option<Spanned<u32>>,
}

/// A duration from 50 ms to a day.
#[derive(Clone, Copy)]
struct Length(SignedDuration);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let allowed = SignedDuration::from_millis(50)..=SignedDuration::from_hours(24);
        let read = text.parse::<SignedDuration>().ok().filter(|read| allowed.contains(read));
        let expected = "expected a duration from 50ms to 24h, such as \"10m\"";
        read.map(Self).ok_or_else(|| D::Error::custom(expected))
    }
}

/// The journal of a configuration, and how its payments are worked on.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// As messages name it: without a password.
    pub(crate) url: String,
    pub(crate) database: Database,
    /// The folder of what this machine remembers of its journals; `None`: the user has none.
    pub(crate) state: Option<PathBuf>,
    pub(crate) at_once: usize,
    pub(crate) limits: Limits,
    /// Of providers whose limits differ, by name.
    pub(crate) other_limits: BTreeMap<String, Limits>,
    pub(crate) profile: Profile,
    pub(crate) times: Times,
}

/// One value that is in force for the journal and its worker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InForce {
    /// The key of the configuration, dotted.
    pub key: String,
    /// The value as TOML.
    pub value: String,
}

/// The four tables, as they stand in the file.
pub(crate) struct Tables {
    pub(crate) journal: JournalTable,
    pub(crate) worker: WorkerTable,
    pub(crate) limits: LimitsTable,
    pub(crate) time: TimeTable,
}

impl Tables {
    /// The settings; each mistake has its place. `folder` is that of the file, and `variables` has
    /// those of the environment. `secrets` reads the URL; `None`: no secret is read.
    pub(crate) fn settings<'p>(
        self,
        document: &Document<'_>,
        folder: &Path,
        variables: &dyn Secrets,
        providers: impl Iterator<Item = &'p dyn Provider> + Clone,
        secrets: Option<&dyn Secrets>,
    ) -> Result<Settings, Vec<ConfigError>> {
        let mut errors = Vec::new();
        let default = || (DEFAULT_URL.to_owned(), Database::File(folder.join("tulay.db")));
        let (url, database) = match &self.journal.url {
            None => default(),
            Some(url) => url.get_ref().database(folder, secrets).unwrap_or_else(|message| {
                errors.push(document.error("journal.url".into(), Some(&url.span()), message));
                default()
            }),
        };
        let limits = self.limits.limits(document, &providers, &mut errors);
        let profile = Profile::of(providers);
        let named = self.journal.state.as_ref().map(|named| named.get_ref().as_str());
        if let Some(named) = &self.journal.state
            && (named.get_ref().trim().is_empty() || named.get_ref().contains('\0'))
        {
            let message = "expected the path of a folder away from the database, such as \
                           \"/var/lib/tulay\"";
            errors.push(document.error("journal.state".into(), Some(&named.span()), message));
        }
        // That of a simulated journal stays with its database, wherever the configuration names it.
        let beside = database.file().and_then(Path::parent).filter(|_| named.is_none());
        let state = state::folder(named, profile, beside.unwrap_or(folder), variables);
        let times = self.time.times(document, profile, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let (limits, other_limits) = limits;
        let at_once = self.worker.at_once.map_or(DEFAULT_AT_ONCE, NonZeroUsize::get);
        Ok(Settings { url, database, state, at_once, limits, other_limits, profile, times })
    }
}

impl LimitsTable {
    fn limits<'p>(
        self,
        document: &Document<'_>,
        providers: &(impl Iterator<Item = &'p dyn Provider> + Clone),
        errors: &mut Vec<ConfigError>,
    ) -> (Limits, BTreeMap<String, Limits>) {
        let limits = with(Limits::default(), self.in_flight, self.per_second);
        let mut others = BTreeMap::new();
        for (name, table) in self.providers {
            if providers.clone().all(|provider| provider.id().as_str() != name) {
                let names: Vec<&str> = providers.clone().map(|it| it.id().as_str()).collect();
                let message = format!("expected the name of a provider: {}", names.join(", "));
                let key = format!("limits.providers.{name}");
                errors.push(document.error(key, Some(&table.span()), message));
                continue;
            }
            let table = table.into_inner();
            others.insert(name, with(limits, table.in_flight, table.per_second));
        }
        (limits, others)
    }
}

fn with(limits: Limits, in_flight: Option<NonZeroUsize>, rate: Option<NonZeroU32>) -> Limits {
    let mut limits = limits;
    if let Some(in_flight) = in_flight {
        limits.in_flight = in_flight.get();
    }
    match rate {
        Some(rate) => limits.with_rate(rate),
        None => limits,
    }
}

impl TimeTable {
    fn times(
        self,
        document: &Document<'_>,
        profile: Profile,
        errors: &mut Vec<ConfigError>,
    ) -> Times {
        let default = profile.times();
        let mut length = |key: &str, given: Option<Spanned<Length>>, default: SignedDuration| {
            let Some(given) = given else { return default };
            let Length(read) = *given.get_ref();
            if profile == Profile::Production && read < default {
                let message = format!(
                    "expected at least {default:#}: a shorter time is for configurations whose \
                     accounts are all simulated"
                );
                errors.push(document.error(format!("time.{key}"), Some(&given.span()), message));
            }
            read
        };
        let lease = length("lease", self.lease, default.lease);
        let longest_call = length("longest_call", self.longest_call, default.longest_call);
        let absence_window = length("absence_window", self.absence_window, default.absence_window);
        let per_mille = match self.schedule_per_mille {
            None => default.per_mille,
            Some(given) => {
                let allowed = if profile == Profile::Production { 1000..=1000 } else { 1..=1000 };
                if !allowed.contains(given.get_ref()) {
                    let message = match profile {
                        Profile::Production => {
                            "expected 1000: a faster schedule is for configurations whose accounts \
                             are all simulated"
                        }
                        Profile::Sandbox => "expected a number from 1 to 1000",
                    };
                    let key = "time.schedule_per_mille".to_owned();
                    errors.push(document.error(key, Some(&given.span()), message));
                }
                given.into_inner()
            }
        };
        Times { lease, longest_call, absence_window, per_mille }
    }
}

impl Settings {
    /// The policy of the journal, for what the providers can do.
    pub(crate) fn policy<'p>(
        &self,
        namespace: Namespace,
        providers: impl Iterator<Item = &'p dyn Provider>,
    ) -> Policy {
        let configured = super::accounts::configured(providers, self.profile);
        let mut policy = Policy::production(namespace, configured);
        policy.lease = self.times.lease;
        policy.longest_call = self.times.longest_call;
        policy.absence_window = self.times.absence_window;
        policy.per_mille = self.times.per_mille;
        policy
    }

    /// Keeps the journal in another file. Where every account is simulated, what is remembered of it
    /// ends with its folder.
    pub(crate) fn move_to(&mut self, file: PathBuf) {
        if self.profile == Profile::Sandbox {
            let folder = file.parent().unwrap_or_else(|| Path::new(""));
            self.state = Some(folder.join(state::BESIDE));
        }
        self.url = format!("sqlite:{}", file.display());
        self.database = Database::File(file);
    }

    /// What is in force, the values that the file does not set included.
    pub(crate) fn in_force(&self) -> Vec<InForce> {
        let mut values = Vec::new();
        let mut say = |key: &str, value: String| {
            values.push(InForce { key: key.to_owned(), value });
        };
        say("journal.url", format!("{:?}", self.url));
        if let Some(state) = &self.state {
            say("journal.state", format!("{:?}", state.display().to_string()));
        }
        say("worker.at_once", self.at_once.to_string());
        say("limits.in_flight", self.limits.in_flight.to_string());
        if let Some(rate) = self.limits.per_second {
            say("limits.per_second", rate.to_string());
        }
        let Times { lease, longest_call, absence_window, per_mille } = self.times;
        say("time.lease", format!("\"{lease:#}\""));
        say("time.longest_call", format!("\"{longest_call:#}\""));
        say("time.absence_window", format!("\"{absence_window:#}\""));
        say("time.schedule_per_mille", per_mille.to_string());
        values
    }
}
