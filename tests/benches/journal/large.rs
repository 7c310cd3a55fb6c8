//! How soon a worker is ready on a large journal, what it takes from memory, and how long lists take.

use crate::{
    lists::lists,
    measure::{Effort, bar, disk, figure, median, title},
    provider::unsigned,
    world::{World, acceptances},
};
use rusqlite::{Connection, params};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

const ENDED: usize = 1_000_000;
const DUE: usize = 100_000;
const AT_ONCE: usize = 256;
const READY_WITHIN: Duration = Duration::from_secs(2);
/// In KiB.
const MEMORY: u64 = 100 * 1000 * 1000 / 1024;

pub(crate) fn run(effort: Effort) {
    let (ended, due) = (effort.scaled(ENDED), effort.scaled(DUE));
    let provider = unsigned();
    let world = World::new(&provider);
    world.accept(&acceptances(2), 1);
    world.pay(1, 1);
    let mut folder = world.close();
    let start = Instant::now();
    fill(&folder.path().join("tulay.db"), ended, due);
    println!("\nfilled in {} s", start.elapsed().as_secs());

    let (mut ready, mut grown, mut of_disk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        of_disk.push(disk(folder.path()));
        // From here on, the highest value counts anew.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = process_memory("VmRSS:");
        let start = Instant::now();
        let world = World::within(folder, &provider);
        let (_, first) = world.pay(AT_ONCE, AT_ONCE);
        ready.push(first.duration_since(start));
        grown.push(process_memory("VmHWM:").saturating_sub(before));
        folder = world.close();
    }
    title(&format!("a worker on {ended} ended and {due} due payouts"), Some(of_disk));
    let (ready, grown) = (median(ready), grown.into_iter().max().unwrap_or(0));
    let text = format!("{} ms", ready.as_millis());
    bar("from opening to the first answer", &text, "less than 2000 ms", ready < READY_WITHIN);
    bar("most memory", &format!("{grown} KiB"), "less than 100 MB", grown < MEMORY);
    let world = World::within(folder, &provider);
    lists(|filter| world.list(filter));
    folder = world.close();
    let size = fs::metadata(folder.path().join("tulay.db")).unwrap().len();
    figure("the file", &format!("{} MB", size / 1_000_000));
}

/// Copies the payout that was paid, and then the one that was not, so many times.
fn fill(database: &Path, ended: usize, due: usize) {
    let connection = Connection::open(database).unwrap();
    let fast = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;";
    connection.execute_batch(fast).unwrap();
    let templates = "CREATE TEMP TABLE payouts AS SELECT * FROM payout; \
                     CREATE TEMP TABLE events AS SELECT * FROM event ORDER BY payout_id, n; \
                     CREATE TEMP TABLE attempts AS SELECT * FROM attempt; \
                     CREATE TEMP TABLE sendings AS SELECT * FROM sending; \
                     CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY);";
    connection.execute_batch(templates).unwrap();
    let paid: i64 = one(&connection, "SELECT payout_id FROM attempts");
    let unpaid: i64 = one(&connection, "SELECT id FROM payouts WHERE status = 'created'");
    copy(&connection, paid, 3, ended);
    copy(&connection, unpaid, 3 + i64::try_from(ended).unwrap(), due);
    let rows: i64 = one(&connection, "SELECT count(*) FROM payout WHERE next_at IS NOT NULL");
    assert_eq!(usize::try_from(rows).unwrap(), due + 2);
}

/// Copies a payout, from this key on.
fn copy(connection: &Connection, template: i64, first: i64, count: usize) {
    const CHUNK: i64 = 50_000;
    let end = first + i64::try_from(count).unwrap();
    for start in (first..end).step_by(usize::try_from(CHUNK).unwrap()) {
        connection.execute_batch("BEGIN; DELETE FROM numbers;").unwrap();
        let numbers = "WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n \
                       WHERE i + 1 < ?2) INSERT INTO numbers SELECT i FROM n";
        connection.execute(numbers, params![start, end.min(start + CHUNK)]).unwrap();
        for text in COPIES {
            connection.execute(text, [template]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
}

/// One that was paid is never due again. The oldest are in review, and few have failed.
const COPIES: [&str; 4] = [
    "INSERT INTO payout (id, operation, namespace, reference, amount, currency, country, request, \
     plan, payee, created_at, version, status, review, next_at, progress) \
     SELECT i, operation, namespace, printf('COPY-%08d', i), amount, currency, country, \
     replace(request, reference, printf('COPY-%08d', i)), plan, randomblob(32), created_at, \
     version, iif(status = 'succeeded' AND i % 90000 = 3, 'failed', status), \
     iif(status = 'succeeded' AND i <= 1000, '[\"slow\"]', NULL), \
     iif(status = 'created', next_at, NULL), progress \
     FROM numbers CROSS JOIN payouts WHERE payouts.id = ?1",
    "INSERT INTO event (payout_id, n, kind, actor, body, at, status) \
     SELECT i, n, kind, actor, body, at, status FROM numbers CROSS JOIN events WHERE payout_id = ?1",
    "INSERT INTO attempt (payout_id, n, account_id, order_id, prepared, digest, guarantees, slot, \
     resend_until, provider_reference, facts) \
     SELECT i, n, account_id, printf('P%025d', i), prepared, digest, guarantees, slot, \
     resend_until, printf('U-%08d', i), facts \
     FROM numbers CROSS JOIN attempts WHERE payout_id = ?1",
    "INSERT INTO sending (payout_id, n, s, at, outcome) \
     SELECT i, n, s, at, outcome FROM numbers CROSS JOIN sendings WHERE payout_id = ?1",
];

fn one(connection: &Connection, text: &str) -> i64 {
    connection.query_row(text, [], |row| row.get(0)).unwrap()
}

/// A value of this process in KiB.
pub(crate) fn process_memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
