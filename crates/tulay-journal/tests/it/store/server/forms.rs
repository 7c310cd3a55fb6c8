//! Databases of an older and of a newer form.

use super::{OnServer, sql, wait};
use crate::store::{
    Database as _, Hand, accepted,
    migration::{NEWER, pay},
    namespace, policy,
};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls};
use tulay_journal::{
    audit::audit,
    store::{Filter, Form, Postgres, ServerError, Store as _},
};
use tulay_tests_postgres::Cluster;

const FORM_2: &str = include_str!("../../../../src/store/postgres/schema.sql");
const ITS_ROW: &str = "INSERT INTO tulay.journal \
    (one, schema, oldest_schema, namespace, lineage, doubted_at) \
    VALUES (1, 2, 2, 'acme-ph', 'a', 1767578400000000)";
/// Brings a database of this form back to form 2, as a worker of that form left it.
const UNDO: &str = "ALTER TABLE tulay.payout DROP COLUMN original CASCADE, \
    DROP COLUMN original_payment CASCADE; \
    DROP INDEX tulay.payout_is_refund; DROP TRIGGER attempt_has_notifications ON tulay.attempt; \
    DROP TRIGGER reference_has_notifications ON tulay.attempt; \
    DROP FUNCTION tulay.attempt_has_notifications, tulay.reference_has_notifications; \
    DROP TABLE tulay.inbox; UPDATE tulay.journal SET schema = 2; \
    DROP INDEX tulay.payout_is_collection; DROP TRIGGER order_is_given_up ON tulay.attempt; \
    DROP FUNCTION tulay.order_is_given_up; ALTER TABLE tulay.attempt DROP COLUMN instructions CASCADE; \
    ALTER TABLE tulay.payout DROP CONSTRAINT payout_operation_check, \
        ADD CONSTRAINT payout_operation_check CHECK (operation IN ('payout', 'refund')); \
    ALTER TABLE tulay.attempt DROP CONSTRAINT attempt_closed_as_check, \
        ADD CONSTRAINT attempt_closed_as_check \
        CHECK (closed_as IN ('unsent', 'rejected', 'failed', 'declared')); \
    DROP TRIGGER payout_stays_ended ON tulay.payout; \
    CREATE TRIGGER payout_stays_ended BEFORE UPDATE OF status ON tulay.payout FOR EACH ROW \
        WHEN (OLD.status IN ('failed', 'cancelled') AND NEW.status IS DISTINCT FROM OLD.status) \
        EXECUTE FUNCTION tulay.refuse('a payment that has ended stays ended'); \
    DROP TRIGGER payout_ends_with_proof ON tulay.payout; \
    CREATE TRIGGER payout_ends_with_proof BEFORE UPDATE OF status ON tulay.payout FOR EACH ROW \
        WHEN (NEW.status IN ('failed', 'cancelled')) \
        EXECUTE FUNCTION tulay.payout_ends_with_proof()";

/// A transaction of a program of form 2: it claims payouts, reads them, and gives them back.
const CLAIM: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ; \
    SELECT FROM tulay.journal FOR SHARE; \
    UPDATE tulay.payout SET owner = 99, lease_until = 0 WHERE next_at IS NOT NULL; \
    SELECT payout_id, prepared, facts FROM tulay.attempt; SELECT * FROM tulay.sending; \
    UPDATE tulay.payout SET owner = NULL, lease_until = NULL WHERE owner = 99; COMMIT";

/// Columns, indexes, constraints, triggers and functions.
const SHAPE: &str = "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type \
        || is_nullable || coalesce(column_default, '') \
    FROM information_schema.columns WHERE table_schema = 'tulay' \
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'tulay' \
    UNION ALL SELECT 'constraint ' || conrelid::regclass || conname || pg_get_constraintdef(oid) \
    FROM pg_constraint WHERE connamespace = 'tulay'::regnamespace \
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger \
    WHERE tgrelid::regclass::text LIKE 'tulay.%' AND NOT tgisinternal \
    UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc \
    WHERE pronamespace = 'tulay'::regnamespace ORDER BY 1";

fn shape(url: &str) -> Vec<String> {
    sql(url, SHAPE).unwrap().into_iter().flatten().collect()
}

fn open(url: &str) -> Result<Postgres, ServerError> {
    wait(Postgres::open_with_time(url.parse().unwrap(), None, policy(), Hand::new()))
}

async fn form(url: &str) -> Form {
    Postgres::form(url.parse().unwrap(), &namespace()).await.unwrap()
}

async fn migrate(url: &str) -> Result<Form, ServerError> {
    Postgres::migrate(url.parse().unwrap(), &namespace()).await
}

#[tokio::test]
async fn form_2_is_refused_until_it_is_migrated() {
    if !OnServer::is_found() {
        return;
    }
    let (old, new) = (Cluster::shared().unwrap().database(), OnServer::new(policy(), &Hand::new()));
    let (url, new) = (old.url(), shape(&new.database.url()));
    assert_eq!(form(&url).await.found, None);
    assert_eq!(migrate(&url).await.unwrap().found, None, "a migration makes no journal");
    sql(&url, &format!("{FORM_2}; {ITS_ROW}")).unwrap();
    let before = shape(&url);
    let error = open(&url).unwrap_err().to_string();
    let words = ": an older version wrote this journal (form 2); run `tulay journal migrate`; its \
                 processes may go on meanwhile";
    assert!(error.ends_with(words), "{error}");
    let found = form(&url).await;
    assert_eq!((found.found, found.is_older(), found.runs_beside()), (Some(2), true, true));
    assert_eq!(shape(&url), before, "nothing is changed");
    assert_eq!(migrate(&url).await.unwrap().found, Some(2));
    assert_eq!(shape(&url), new);
    assert_eq!(migrate(&url).await.unwrap().found, Some(found.current));
    let store = open(&url).unwrap();
    store.confirm_whole("ops", "it is new").await.unwrap();
    pay(&store, "R1").await;
}

#[tokio::test]
async fn journal_of_another_namespace_is_not_migrated() {
    if !OnServer::is_found() {
        return;
    }
    let url = Cluster::shared().unwrap().database().url();
    let row = ITS_ROW.replace("acme-ph", "acme-th");
    sql(&url, &format!("{FORM_2}; {row}")).unwrap();
    let before = shape(&url);
    let error = migrate(&url).await.unwrap_err().to_string();
    assert!(error.contains(": this is the journal of namespace acme-th"), "{error}");
    assert_eq!(shape(&url), before);
}

#[tokio::test]
async fn connected_processes_go_on_while_it_is_migrated() {
    const OPEN: usize = 6;
    if !OnServer::is_found() {
        return;
    }
    let database = OnServer::new(policy(), &Hand::new());
    let (url, new) = (database.database.url(), shape(&database.database.url()));
    let old = Cluster::shared().unwrap().database();
    sql(&old.url(), FORM_2).unwrap();
    let store = database.store().clone();
    store.confirm_whole("ops", "it is new").await.unwrap();
    pay(&store, "R1").await;
    for number in 2..2 + OPEN {
        accepted(&store, &format!("R{number}")).await;
    }
    sql(&url, UNDO).unwrap();
    assert_eq!(shape(&url), shape(&old.url()));
    let (one, other) = (url.clone(), url.clone());
    let migrations = tokio::spawn(async move { tokio::join!(migrate(&one), migrate(&other)) });
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut rounds = 0;
    while !migrations.is_finished() || rounds < 4 {
        // The server ends it where the migration is in its way. A worker repeats it.
        match client.batch_execute(CLAIM).await {
            Ok(()) => rounds += 1,
            Err(_) => client.batch_execute("ROLLBACK").await.unwrap(),
        }
    }
    let (one, other) = migrations.await.unwrap();
    let mut found = [one.unwrap().found, other.unwrap().found];
    found.sort_unstable();
    assert_eq!(found, [Some(2), Some(form(&url).await.current)], "one of them migrates it");
    assert_eq!(shape(&url), new);
    for number in 2..2 + OPEN {
        pay(&store, &format!("R{number}")).await;
    }
    assert_eq!(audit(&store, &policy()).await.unwrap(), []);
}

/// A migration that waits for what a transaction of a worker holds.
async fn waiting(url: &str) -> (Client, JoinHandle<Result<Form, ServerError>>) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let holds = "BEGIN; LOCK TABLE tulay.attempt IN ROW EXCLUSIVE MODE";
    client.batch_execute(holds).await.unwrap();
    let url = url.to_owned();
    let migration = tokio::spawn(async move { migrate(&url).await });
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted \
                 AND relation = 'tulay.attempt'::regclass";
    while client.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(!migration.is_finished());
    }
    (client, migration)
}

fn form_2() -> String {
    let url = Cluster::shared().unwrap().database().url();
    sql(&url, &format!("{FORM_2}; {ITS_ROW}")).unwrap();
    url
}

#[tokio::test]
async fn migration_is_repeated_where_a_worker_is_in_its_way() {
    if !OnServer::is_found() {
        return;
    }
    let url = form_2();
    let migrated = wait(async move {
        let (client, migration) = waiting(&url).await;
        // The worker wants what the migration holds. The server ends one of the two.
        let _ = client.batch_execute("LOCK TABLE tulay.payout IN ROW EXCLUSIVE MODE").await;
        client.batch_execute("COMMIT").await.unwrap();
        migration.await.unwrap()
    });
    assert_eq!(migrated.unwrap().found, Some(2));
}

#[tokio::test]
async fn killed_migration_leaves_the_older_form() {
    if !OnServer::is_found() {
        return;
    }
    let url = form_2();
    let (before, at) = (shape(&url), url.clone());
    let killed = wait(async move {
        let (client, migration) = waiting(&at).await;
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted \
                    AND relation = 'tulay.attempt'::regclass";
        client.query(kill, &[]).await.unwrap();
        migration.await.unwrap()
    });
    assert!(killed.is_err(), "{killed:?}");
    assert_eq!((shape(&url), form(&url).await.found), (before, Some(2)));
    assert_eq!(migrate(&url).await.unwrap().found, Some(2));
    assert!(!form(&url).await.is_older());
}

#[tokio::test]
async fn newer_form_is_worked_on_and_left_as_it_is() {
    if !OnServer::is_found() {
        return;
    }
    let database = OnServer::new(policy(), &Hand::new());
    let url = database.database.url();
    database.store().confirm_whole("ops", "it is new").await.unwrap();
    pay(database.store(), "R1").await;
    for text in NEWER {
        sql(&url, &text.replace("{}", "tulay.")).unwrap();
    }
    let before = shape(&url);
    assert_eq!(migrate(&url).await.unwrap().found, Some(9));
    let store = database.another();
    pay(&store, "R2").await;
    assert_eq!(store.list(Filter::default()).await.unwrap().len(), 2);
    assert_eq!(shape(&url), before);
    let text = "SELECT schema || ' ' || oldest_schema || ' ' || string_agg(tomorrow, ',' ORDER BY id) \
                FROM tulay.journal, tulay.payout GROUP BY schema, oldest_schema";
    assert_eq!(sql(&url, text).unwrap(), [Some("9 3 kept,new".into())]);
    assert!(form(&url).await.is_newer());
}
