//! Servers that are not used: one sentence each, and what to do.

use super::{OnServer, sql, wait};
use crate::store::{Database as _, Hand, accepted, policy};
use std::{fs, os::unix::fs::PermissionsExt, sync::OnceLock};
use tulay_journal::store::Postgres;
use tulay_tests_postgres::{Cluster, Database, PASSWORD};

/// Why a URL is not opened, without the name of its host.
fn open(url: &str) -> String {
    let error = try_open(url).unwrap_err();
    assert!(!error.contains(PASSWORD) && !error.contains('\n'), "{error}");
    error.split_once("/test_").map_or(error.clone(), |(_, rest)| format!("/test_{rest}"))
}

fn try_open(url: &str) -> Result<Postgres, String> {
    let opened = wait(Postgres::open_with_time(url.parse().unwrap(), None, policy(), Hand::new()));
    opened.map_err(|error| error.to_string())
}

/// A server with TLS, whose certificate is for `localhost`.
fn secure() -> Option<&'static Cluster> {
    static SECURE: OnceLock<Option<Cluster>> = OnceLock::new();
    let settings = [("listen_addresses", "localhost"), ("ssl", "on")];
    SECURE.get_or_init(|| Cluster::with(&settings)).as_ref()
}

#[tokio::test]
async fn wrong_password_is_not_shown() {
    let Some(cluster) = secure() else { return };
    let url = cluster.database().tcp_url("localhost");
    let error = open(&url.replace(PASSWORD, "wrong-mule"));
    assert!(!error.contains("wrong-mule"), "{error}");
    assert!(
        error.ends_with(
            ": the server refuses user postgres (wrong password); check the user and password in \
             [journal] url, and the server's pg_hba.conf"
        ),
        "{error}"
    );
    let error = open(&url.replace(&format!(":{PASSWORD}"), ""));
    assert!(error.contains("(it asks for a password)"), "{error}");
}

const SELF_SIGNED: &str = "it signed itself, or is not a server's";

#[tokio::test]
async fn certificate_is_checked_as_sslmode_says() {
    let Some(cluster) = secure() else { return };
    let database = cluster.database();
    let root = format!("sslrootcert={}", cluster.certificate().display());
    let at = |host: &str, parameters: &str| format!("{}?{parameters}", database.tcp_url(host));
    for url in [
        at("localhost", &format!("sslmode=verify-full&{root}")),
        at("127.0.0.1", &format!("sslmode=verify-ca&{root}")),
        at("127.0.0.1", &format!("sslmode=require&{root}")),
        at("127.0.0.1", "sslmode=require"),
        at("127.0.0.1", "sslmode=prefer"),
        at("127.0.0.1", "sslmode=allow"),
        at("127.0.0.1", "sslmode=disable"),
    ] {
        try_open(&url).unwrap();
    }
    for (url, why) in [
        (at("127.0.0.1", &format!("sslmode=verify-full&{root}")), "it is for another host"),
        (at("localhost", "sslmode=verify-full"), SELF_SIGNED),
        (at("localhost", "sslmode=verify-ca"), SELF_SIGNED),
    ] {
        let expected = format!(
            "/test_0: the server's certificate is not valid for it ({why}); check the host in \
             [journal] url, and name the authority with sslrootcert"
        );
        assert_eq!(open(&url).replace(database.name(), "test_0"), expected);
    }
    let error = open(&at("localhost", "sslmode=verify-full&sslrootcert=%2Fno%2Fsuch.pem"));
    assert!(error.contains(": the authorities of sslrootcert cannot be read ("), "{error}");
}

#[tokio::test]
async fn server_that_may_lose_a_commit_is_refused() {
    let settings = [("listen_addresses", "localhost"), ("fsync", "off")];
    let Some(cluster) = Cluster::with(&settings) else { return };
    let database = cluster.database();
    let socket = database.url();
    let error = open(&format!("{}?sslmode=require", database.tcp_url("localhost")));
    assert!(error.contains(": the server does not offer TLS, and sslmode asks for it;"), "{error}");
    assert_eq!(
        open(&socket),
        "/test_0: the server has fsync = off and may lose a commit; set fsync = on there"
    );
    sql(&socket, "ALTER SYSTEM SET full_page_writes = off").unwrap();
    sql(&socket, "ALTER SYSTEM SET fsync = on").unwrap();
    cluster.stop_immediate();
    cluster.start();
    let error = open(&socket);
    assert!(error.contains("set full_page_writes = on"), "{error}");
    sql(&socket, "ALTER SYSTEM SET full_page_writes = on").unwrap();
    cluster.stop_immediate();
    // A server that copies another one, though there is none.
    let signal = cluster.folder().join("data/standby.signal");
    fs::write(&signal, "").unwrap();
    fs::set_permissions(&signal, fs::Permissions::from_mode(0o666)).unwrap();
    cluster.start();
    assert_eq!(
        open(&socket),
        "/test_0: the server is a replica and takes no writes; name the primary in [journal] url"
    );
}

fn database() -> Option<Database<'static>> {
    Cluster::shared().map(Cluster::database)
}

#[tokio::test]
async fn session_that_may_lose_a_commit_is_refused() {
    let Some(database) = database() else { return };
    let url = database.url();
    let set = |value| {
        let text = format!("ALTER DATABASE {} SET synchronous_commit = {value}", database.name());
        sql(&url, &text).unwrap();
    };
    for durable in ["remote_apply", "remote_write", "local", "on"] {
        set(durable);
        try_open(&url).unwrap();
    }
    set("off");
    let error = open(&url);
    assert!(error.ends_with("set synchronous_commit = on there"), "{error}");
}

#[tokio::test]
async fn server_that_cannot_be_reached_is_named() {
    assert_eq!(
        open("postgres:///tulay?host=/no/such/folder"),
        "postgres:///no/such/folder/tulay: the server cannot be reached (entity not found); check \
         that it runs, and the host and port in [journal] url"
    );
    let Some(database) = database() else { return };
    let url = database.url().replace(database.name(), "nowhere");
    let error = open(&url);
    assert!(
        error.ends_with("/nowhere: the database does not exist; create it with `createdb`"),
        "{error}"
    );
}

#[tokio::test]
async fn user_without_rights_is_named() {
    let Some(database) = database() else { return };
    let url = database.url();
    sql(&url, "CREATE ROLE mole LOGIN").unwrap();
    let error = open(&url.replace("user=postgres", "user=mole"));
    assert!(
        error.contains(": user mole may not use or make the schema `tulay`; grant it"),
        "{error}"
    );
}

#[tokio::test]
async fn other_journals_are_left_as_they_are() {
    if !OnServer::is_found() {
        return;
    }
    for (change, error) in [
        (
            "UPDATE tulay.journal SET schema = 9, oldest_schema = 9",
            ": a newer version wrote this journal (form 9); use that version",
        ),
        (
            "UPDATE tulay.journal SET schema = 2",
            ": an older version wrote this journal (form 2); run `tulay journal migrate`; its \
             processes may go on meanwhile",
        ),
        (
            "UPDATE tulay.journal SET namespace = 'acme-th'",
            ": this is the journal of namespace acme-th, and the configuration says acme-ph; \
             change one of them",
        ),
        (
            "DROP SCHEMA tulay CASCADE; CREATE SCHEMA tulay; CREATE TABLE tulay.song (title text)",
            ": the schema `tulay` is not a journal; name another database in [journal] url",
        ),
        (
            "DROP TABLE tulay.journal; CREATE TABLE tulay.journal (title text)",
            ": the schema `tulay` is not a journal; name another database in [journal] url",
        ),
    ] {
        let server = OnServer::new(policy(), &Hand::new());
        accepted(server.store(), "R1").await;
        let url = server.database.url();
        sql(&url, change).unwrap();
        let tables = || {
            sql(&url, "SELECT oid::text FROM pg_class WHERE relnamespace = 'tulay'::regnamespace")
        };
        let before = tables().unwrap();
        let found = open(&url);
        assert!(found.ends_with(error), "{found}");
        assert_eq!(tables().unwrap(), before);
    }
}

#[tokio::test]
async fn clocks_that_differ_are_refused() {
    let Some(database) = database() else { return };
    // The clock of this machine is that of the server; the one that is moved by hand is not.
    let url = database.url().parse().unwrap();
    let opened = wait(Postgres::open(url, None, policy(), Hand::new()));
    let error = opened.unwrap_err().to_string();
    let words = ", and this machine's 2026-01-05T02:00:00Z; set the one that is wrong";
    assert!(error.contains(": the server's clock says 2") && error.ends_with(words), "{error}");
    assert!(
        sql(&database.url(), "SELECT nspname FROM pg_namespace WHERE nspname = 'tulay'")
            .unwrap()
            .is_empty()
    );
}
