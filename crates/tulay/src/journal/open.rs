//! The journal of a configuration, opened when it is first needed.

use super::{
    database::Database, error::JournalError, payment_record::PaymentRecord, planner::RoutePlanner,
    settings::Settings,
};
use jiff::Timestamp;
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::OnceCell;
use tulay_core::{MerchantAccount, Namespace, Operation, Provider, ProviderId, Reference};
use tulay_journal::{
    Applier, Time, Worker,
    record::{Policy, Record},
    store::{Form, Journal, OpenError, Sqlite, Store, StoreError, Witness},
};
use tulay_router::Router;

#[cfg(feature = "postgres")]
use tulay_journal::store::Postgres;

/// A journal that is opened once, by the first call that needs it. Clones share it.
#[derive(Clone)]
pub(crate) struct Opening {
    settings: Settings,
    policy: Policy,
    router: Arc<Router>,
    time: Arc<dyn Time>,
    opened: Arc<OnceCell<Arc<Opened>>>,
}

/// A journal that is open.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) planner: Arc<RoutePlanner>,
    pub(crate) namespace: Namespace,
    pub(crate) policy: Policy,
    pub(crate) time: Arc<dyn Time>,
    /// All workers of the process share its limits, and it wakes them.
    pub(crate) worker: Worker,
}

impl Opening {
    pub(crate) fn new(
        settings: Settings,
        namespace: Namespace,
        router: Arc<Router>,
        time: Arc<dyn Time>,
    ) -> Self {
        let providers = router.providers().iter().map(AsRef::as_ref);
        let policy = settings.policy(namespace, providers);
        Self { settings, policy, router, time, opened: Arc::default() }
    }

    pub(crate) const fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) async fn get(&self) -> Result<&Arc<Opened>, JournalError> {
        self.opened.get_or_try_init(|| self.open()).await
    }

    /// The form of the database. It opens nothing that it would have to make.
    pub(crate) async fn form(&self) -> Result<Form, JournalError> {
        let namespace = self.policy.namespace.clone();
        match self.settings.database.clone() {
            Database::File(file) => {
                let form = tokio::task::spawn_blocking(move || Sqlite::form(file, &namespace));
                Ok(form.await.map_err(|_| StoreError::Closed)??)
            }
            #[cfg(feature = "postgres")]
            Database::Server(url) => {
                Ok(Postgres::form(*url, &namespace).await.map_err(OpenError::from)?)
            }
            Database::NotRead => Err(not_read()),
        }
    }

    /// Brings the database to the form of this version. Returns the form that it had.
    pub(crate) async fn migrate(&self) -> Result<Form, JournalError> {
        #[cfg(feature = "postgres")]
        if let Database::Server(url) = self.settings.database.clone() {
            let migrated = Postgres::migrate(*url, &self.policy.namespace).await;
            return Ok(migrated.map_err(OpenError::from)?);
        }
        let form = self.form().await?;
        if form.is_older() {
            self.get().await?;
        }
        Ok(form)
    }

    async fn open(&self) -> Result<Arc<Opened>, JournalError> {
        self.expect_folder()?;
        let state = self.state().ok_or(JournalError::NoState)?;
        let witness = tokio::task::spawn_blocking(move || Witness::open(state));
        let witness = witness.await.map_err(|_| StoreError::Closed)?.map_err(OpenError::from)?;
        let (is_blank, opened_at) = (witness.is_blank(), self.time.now().as_microsecond());
        let store = self.store(witness).await?;
        if is_blank && store.journal().await?.doubted_at.as_microsecond() < opened_at {
            self.warn_of_blank_state();
        }
        let planner = RoutePlanner::new(Arc::clone(&self.router), self.policy.per_mille);
        let planner = Arc::new(planner);
        Ok(Arc::new(Opened {
            worker: self.worker(Arc::clone(&store), Arc::clone(&planner)),
            store,
            planner,
            namespace: self.policy.namespace.clone(),
            policy: self.policy.clone(),
            time: Arc::clone(&self.time),
        }))
    }

    /// Before the state is kept, as its folder may be in that of the database.
    fn expect_folder(&self) -> Result<(), OpenError> {
        // A file without a folder in its path is in the current one.
        let is_missing = |folder: &Path| !folder.as_os_str().is_empty() && !folder.is_dir();
        match &self.settings.database {
            Database::File(file) if file.parent().is_some_and(is_missing) => {
                Err(OpenError::NoFolder { path: file.clone() })
            }
            _ => Ok(()),
        }
    }

    async fn store(&self, witness: Witness) -> Result<Arc<dyn Store>, JournalError> {
        let (policy, time) = (self.policy.clone(), Arc::clone(&self.time));
        match self.settings.database.clone() {
            Database::File(file) => {
                // Opening blocks for as long as the disk takes.
                let open = move || Sqlite::open(file, Some(witness), policy, time);
                let opened = tokio::task::spawn_blocking(open);
                Ok(Arc::new(opened.await.map_err(|_| StoreError::Closed)??))
            }
            #[cfg(feature = "postgres")]
            Database::Server(url) => {
                let opened = Postgres::open(*url, Some(witness), policy, time).await;
                Ok(Arc::new(opened.map_err(OpenError::from)?))
            }
            Database::NotRead => Err(not_read()),
        }
    }

    /// The folder of what this machine remembers of the journal; `None`: the user has none.
    pub(crate) fn state(&self) -> Option<PathBuf> {
        Some(self.settings.state.as_ref()?.join(self.policy.namespace.as_str()))
    }

    /// When a journal that may not know every payment begins to look payouts up; `None`: it knows
    /// every one.
    pub(crate) fn looks_up_from(&self, journal: &Journal) -> Option<Timestamp> {
        let from = || self.policy.searchable_from(journal.doubted_at, Operation::Payout);
        journal.whole_since.is_none().then(from)
    }

    /// It is said once: from now on something is remembered.
    fn warn_of_blank_state(&self) {
        let folder = self.state().unwrap_or_default();
        tracing::warn!(
            "{}: this machine remembers nothing of the journal, so it does not notice a restore from \
             before now; if the journal is new on this machine, nothing is wrong; if the folder is \
             lost and the database is a restored one, run `tulay journal restored --reason TEXT`",
            folder.display()
        );
    }

    fn worker(&self, store: Arc<dyn Store>, planner: Arc<RoutePlanner>) -> Worker {
        let settings = &self.settings;
        let (time, policy) = (Arc::clone(&self.time), self.policy.clone());
        let worker = Worker::new(store, planner, time, policy, settings.limits);
        let mut worker = worker.at_once(settings.at_once);
        for provider in self.router.providers() {
            if let Some(limits) = settings.other_limits.get(provider.id().as_str()) {
                worker = worker.limit(provider.merchant_account().clone(), *limits);
            }
        }
        worker
    }
}

fn not_read() -> JournalError {
    StoreError::Failed("the URL of the journal was not read, as no secret was".into()).into()
}

impl Opened {
    /// What applies notifications to its payouts.
    pub(crate) fn applier(&self) -> Applier {
        Applier::new(Arc::clone(&self.store), self.policy.clone())
    }

    /// The payment of a reference.
    pub(crate) async fn find(
        &self,
        operation: Operation,
        reference: &Reference,
    ) -> Result<Option<Record>, JournalError> {
        let found = self.store.find(operation, vec![reference.clone()]).await?;
        Ok(found.into_iter().next().flatten())
    }

    pub(crate) fn shown(&self, record: &Record) -> PaymentRecord {
        let mut shown = PaymentRecord::of(record, self.time.now(), |account| self.name(account));
        shown.fix = self.planner.missing(record);
        shown
    }

    /// The provider of an account, whatever its name is.
    pub(crate) fn provider(&self, account: &MerchantAccount) -> Option<&Arc<dyn Provider>> {
        self.planner.router().of_account(account)
    }

    /// The name of an account in the configuration.
    pub(crate) fn name(&self, account: &MerchantAccount) -> Option<ProviderId> {
        self.provider(account).map(|provider| provider.id().clone())
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opening({})", self.settings.url)
    }
}
