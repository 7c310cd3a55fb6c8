//! The journal on Postgres: whole payouts by two workers, beside the same statements without them, and
//! over TLS; claims and lists among a million rows; a worker's memory. The server runs on the same
//! machine.

use crate::{
    large::process_memory,
    lists::{RUNS, lists, within},
    measure::{
        Effort, at_least, bar, disk, figure, median, rate, ratio, thousandths, timed, title,
    },
    provider::{Only, policy, unsigned},
    world::{Clocks, acceptances_of, runtime},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::JoinSet};
use tulay::Provider;
use tulay_journal::{
    Limits, Worker,
    store::{Acceptance, Accepted, Claim, Postgres, Store},
};
use tulay_tests_postgres::{Cluster, Database, proxy::Proxy};

const WORKERS: usize = 2;
const IN_FLIGHT: usize = 16;

fn cluster() -> Option<Cluster> {
    Cluster::with(&[("max_wal_size", "4GB")])
}

struct Measured {
    journal: Duration,
    bare: Duration,
    commits: usize,
    trips: usize,
}

pub(crate) fn payouts(effort: Effort) {
    let Some(cluster) = cluster() else { return };
    let count = effort.scaled(2000);
    let mut of_disk = Vec::new();
    let rounds: Vec<Measured> = (0..effort.rounds)
        .map(|_| {
            of_disk.push(disk(&crate::world::temporary()));
            measure(&cluster, count)
        })
        .collect();
    title("whole payouts on Postgres, two workers, 16 in flight each", Some(of_disk));
    let per_second = |times: Vec<Duration>| format!("{}/s", rate(count, median(times)));
    figure("journal", &per_second(rounds.iter().map(|round| round.journal).collect()));
    figure(
        "bare pipelined connection",
        &per_second(rounds.iter().map(|round| round.bare).collect()),
    );
    let commits = median(rounds.iter().map(|round| round.commits).collect());
    let trips = median(rounds.iter().map(|round| round.trips).collect());
    figure("transactions, round trips", &format!("{commits}, {trips}"));
    let ratios = rounds.iter().map(|round| ratio(round.bare, round.journal)).collect();
    at_least("÷ bare pipelined connection, as many transactions", ratios, 600);
}

/// Pays over TCP without and with TLS, one after the other.
pub(crate) fn tls(effort: Effort) {
    let settings = [("max_wal_size", "4GB"), ("listen_addresses", "localhost"), ("ssl", "on")];
    let Some(cluster) = Cluster::with(&settings) else { return };
    let count = effort.scaled(2000);
    let pay = |mode: &str| {
        let url = cluster.database().tcp_url("localhost");
        Machines::open(&format!("{url}?sslmode={mode}")).pay(count)
    };
    let rounds: Vec<_> = (0..effort.rounds).map(|_| (pay("disable"), pay("require"))).collect();
    title("whole payouts on Postgres over TCP, two workers, 16 in flight each", None);
    let per_second = |times: Vec<Duration>| format!("{}/s", rate(count, median(times)));
    figure("without TLS", &per_second(rounds.iter().map(|round| round.0).collect()));
    figure("with TLS", &per_second(rounds.iter().map(|round| round.1).collect()));
    let ratios = median(rounds.iter().map(|(plain, tls)| ratio(*plain, *tls)).collect());
    figure("÷ without TLS", &thousandths(ratios));
}

/// Pays once as it is, and once through a proxy that records the statements. Those are sent to a
/// third database.
fn measure(cluster: &Cluster, count: usize) -> Measured {
    let direct = cluster.database();
    let journal = Machines::open(&direct.url()).pay(count);

    let (recorded, proxy) = (cluster.database(), Proxy::start(cluster));
    let machines = Machines::open(&recorded.url_at(proxy.folder()));
    proxy.record();
    machines.pay(count);
    let recording = proxy.recorded();

    let bare = cluster.database();
    drop(Machines::open(&bare.url()));
    let replayed = recording.replay(cluster, &bare);
    assert_eq!(extent(cluster, &bare), extent(cluster, &recorded), "the rows are the same");
    let (commits, trips) = (recording.commits(), recording.trips());
    Measured { journal, bare: replayed, commits, trips }
}

/// Two processes on one journal.
struct Machines {
    runtime: tokio::runtime::Runtime,
    stores: Vec<Postgres>,
    provider: Arc<dyn Provider>,
    time: Arc<Clocks>,
}

impl Machines {
    fn open(url: &str) -> Self {
        let (runtime, provider, time) = (runtime(), unsigned(), Clocks::new());
        let open = |_| {
            let (policy, time) = (policy(&*provider), time.clone());
            let opened = Postgres::open_with_time(url.parse().unwrap(), None, policy, time);
            runtime.block_on(opened).unwrap()
        };
        let stores: Vec<Postgres> = (0..WORKERS).map(open).collect();
        runtime.block_on(stores[0].confirm_whole("bench", "it is new")).unwrap();
        let machines = Self { runtime, stores, provider, time };
        // The first one adds its account, which others would wait for.
        machines.runtime.block_on(machines.accept(&machines.payouts(0, 1)));
        machines
    }

    fn payouts(&self, first: usize, end: usize) -> Vec<Acceptance> {
        let accounts = vec![self.provider.merchant_account().clone()];
        let payouts = acceptances_of(first..end).into_iter();
        payouts.map(|it| it.with_accounts(accounts.clone())).collect()
    }

    /// Accepts payouts one by one, the first of which is accepted, and pays so many.
    fn pay(&self, count: usize) -> Duration {
        self.pay_more(1, count)
    }

    /// Accepts payouts from this number on, and pays them and, the first time, the one before.
    fn pay_more(&self, first: usize, end: usize) -> Duration {
        let payouts = self.payouts(first, end);
        let count = if first == 1 { end } else { end - first };
        let planner = Arc::new(Only::new(&self.provider, count));
        timed(|| {
            self.runtime.block_on(async {
                self.accept(&payouts).await;
                self.work(&planner).await;
            });
        })
    }

    async fn accept(&self, payouts: &[Acceptance]) {
        let callers = WORKERS * IN_FLIGHT;
        let mut running = JoinSet::new();
        for caller in 0..callers {
            let store = self.stores[caller % WORKERS].clone();
            let share: Vec<_> = payouts.iter().skip(caller).step_by(callers).cloned().collect();
            running.spawn(async move {
                for payout in share {
                    let accepted = store.accept(vec![payout]).await.unwrap().remove(0);
                    assert!(matches!(accepted, Ok(Accepted::New(_))), "{accepted:?}");
                }
            });
        }
        running.join_all().await;
    }

    async fn work(&self, planner: &Arc<Only>) {
        let stop = Arc::new(Semaphore::new(0));
        let mut running = JoinSet::new();
        for store in &self.stores {
            let (store, time) = (Arc::new(store.clone()), self.time.clone());
            let (policy, limits) = (policy(&*self.provider), Limits::in_flight(IN_FLIGHT));
            let worker = Worker::new(store, planner.clone(), time, policy, limits);
            let (worker, stop) = (worker.at_once(IN_FLIGHT), Arc::clone(&stop));
            running.spawn(async move {
                worker.run(async { drop(stop.acquire().await) }).await.unwrap();
            });
        }
        planner.all_answered().await;
        stop.close();
        running.join_all().await;
    }
}

/// The payouts that are paid, the other rows, and how long their texts are.
fn extent(cluster: &Cluster, database: &Database<'_>) -> String {
    psql(
        cluster,
        database,
        "SELECT count(*) FILTER (WHERE status = 'succeeded'), sum(length(request) + length(plan)) \
         FROM tulay.payout; \
         SELECT count(*) FROM tulay.event; \
         SELECT count(*), sum(length(prepared)) FROM tulay.attempt; \
         SELECT count(*), count(outcome) FROM tulay.sending",
    )
}

const ENDED: usize = 900_000;
const DUE: usize = 100_000;
const REVIEWED: usize = 1000;

pub(crate) fn large(effort: Effort) {
    let Some(cluster) = &cluster() else { return };
    let (ended, due) = (effort.scaled(ENDED), effort.scaled(DUE));
    let database = cluster.database();
    let machines = Machines::open(&database.url());
    machines.pay(1);
    machines.runtime.block_on(machines.accept(&machines.payouts(1, 2)));
    let filled = timed(|| fill(cluster, &database, ended, due));
    title(&format!("{ended} ended and {due} due payouts on Postgres"), None);
    figure("filled in", &format!("{} s", filled.as_secs()));
    let (store, runtime) = (&machines.stores[0], &machines.runtime);

    let claim = || {
        let claimed = runtime.block_on(store.claim(Claim::due(100))).unwrap();
        assert_eq!(claimed.records.len(), 100);
    };
    within("a claim of 100", RUNS.min(due / 100), claim, Duration::from_millis(5));
    lists(|filter| runtime.block_on(store.list(filter)).unwrap());
}

const PAID: usize = 100_000;
const STEPS: usize = 10;
/// In KiB: what an allocator keeps varies by so much.
const SLACK: u64 = 8 << 10;

/// What a process takes while its workers pay payout after payout.
pub(crate) fn memory(effort: Effort) {
    let Some(cluster) = &cluster() else { return };
    let machines = Machines::open(&cluster.database().url());
    let step = effort.scaled(PAID / STEPS);
    let resident: Vec<u64> = (0..STEPS)
        .map(|place| {
            let first = place * step;
            machines.pay_more(first.max(1), first + step);
            process_memory("VmRSS:")
        })
        .collect();
    title(&format!("two workers pay {} payouts on Postgres", STEPS * step), None);
    let text = resident.iter().map(|kib| format!("{} ", kib / 1024)).collect::<String>();
    figure("MiB after each tenth", text.trim());
    // The first tenth fills pools and caches.
    let (first, last) = (resident[1], resident[STEPS - 1]);
    let grown = last.saturating_sub(first);
    bar("grown since the second tenth", &format!("{grown} KiB"), "less than 8 MiB", grown < SLACK);
}

/// Copies the payout that was paid, and then the one that was not, so many times. Some of the oldest
/// that ended are in review, and ten have failed.
fn fill(cluster: &Cluster, database: &Database<'_>, ended: usize, due: usize) {
    let reviewed = REVIEWED.min(ended / 2);
    let copies = format!(
        "SET session_replication_role = replica; \
         CREATE TEMP TABLE numbers AS SELECT i, 1 AS template, i <= {reviewed} AS is_in_review, \
         CASE WHEN i % ({ended} / 10) = 0 THEN 'failed' ELSE 'succeeded' END AS status \
         FROM generate_series(3, 2 + {ended}) AS i \
         UNION ALL SELECT i, 2, false, 'created' \
         FROM generate_series(3 + {ended}, 2 + {ended} + {due}) AS i; \
         INSERT INTO tulay.payout (id, operation, namespace, reference, amount, currency, country, \
         request, plan, payee, created_at, version, status, review, next_at, progress) \
         OVERRIDING SYSTEM VALUE \
         SELECT i, operation, namespace, 'COPY-' || i, amount, currency, country, \
         replace(request, reference, 'COPY-' || i), plan, sha256(i::text::bytea), created_at, \
         version, numbers.status, CASE WHEN is_in_review THEN '[\"slow\"]' END, \
         CASE WHEN numbers.status = 'created' THEN next_at END, progress \
         FROM numbers JOIN tulay.payout ON payout.id = template; \
         INSERT INTO tulay.event (payout_id, n, kind, actor, body, at) \
         SELECT i, n, kind, actor, body, at \
         FROM numbers JOIN tulay.event ON event.payout_id = template; \
         INSERT INTO tulay.attempt (payout_id, n, account_id, order_id, prepared, digest, \
         guarantees, slot, resend_until, provider_reference, facts) \
         SELECT i, n, account_id, 'P' || i, prepared, digest, guarantees, slot, resend_until, \
         'U-' || i, facts FROM numbers JOIN tulay.attempt ON attempt.payout_id = template; \
         INSERT INTO tulay.sending (payout_id, n, s, at, outcome) \
         SELECT i, n, s, at, outcome FROM numbers JOIN tulay.sending ON sending.payout_id = template;"
    );
    psql(cluster, database, &copies);
    psql(cluster, database, "VACUUM ANALYZE");
    psql(cluster, database, "CHECKPOINT");
}

fn psql(cluster: &Cluster, database: &Database<'_>, text: &str) -> String {
    let mut command = cluster.command("psql");
    command.args(["--no-psqlrc", "--tuples-only", "--set", "ON_ERROR_STOP=1", "--command", text]);
    let output = command.arg(database.url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
