//! The support itself, against a real server.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    io::Read as _,
    process::{Command, Stdio},
    time::Duration,
};
use tokio_postgres::{Client, Error, NoTls};
use tulay_tests_postgres::{
    Cluster, Database,
    pgbouncer::Pooler,
    proxy::{Loss, Proxy},
};

#[tokio::test]
async fn committed_rows_outlive_an_immediate_stop() {
    let Some(cluster) = Cluster::with(&[]) else { return };
    let database = cluster.database();
    let client = connect(&database.url()).await.unwrap();
    make_table(&client).await;
    insert(&client, 1).await.unwrap();
    cluster.stop_immediate();
    assert!(insert(&client, 2).await.is_err());
    assert!(connect(&database.url()).await.is_err());
    cluster.start();
    assert_eq!(rows(&database).await, [1]);
}

#[tokio::test]
async fn databases_are_apart() {
    let Some(cluster) = Cluster::shared() else { return };
    let (first, second) = (cluster.database(), cluster.database());
    make_table(&connect(&first.url()).await.unwrap()).await;
    make_table(&connect(&second.url()).await.unwrap()).await;
    assert_ne!(first.name(), second.name());
}

#[tokio::test]
async fn tcp_asks_for_the_password() {
    let Some(cluster) = Cluster::with(&[("listen_addresses", "127.0.0.1")]) else { return };
    let url = cluster.database().tcp_url("127.0.0.1");
    connect(&url).await.unwrap();
    assert!(connect(&url.replace("horse", "mule")).await.is_err());
}

#[tokio::test]
async fn settings_are_in_force() {
    let settings = [("fsync", "off"), ("ssl", "on")];
    let Some(cluster) = Cluster::with(&settings) else { return };
    let client = connect(&cluster.database().url()).await.unwrap();
    for (name, value) in settings {
        let row = client.query_one(&format!("SHOW {name}"), &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), value, "{name}");
    }
    assert!(cluster.certificate().is_file());
}

#[tokio::test]
async fn the_answer_to_a_commit_is_lost() {
    let Some(cluster) = Cluster::shared() else { return };
    for how in [How::Simple, How::Extended, How::AtOnce] {
        let (proxy, database) = (Proxy::start(cluster), cluster.database());
        let url = database.url_at(proxy.folder());
        let client = connect(&url).await.unwrap();
        make_table(&client).await;
        commit(&client, how, 1).await.unwrap();
        proxy.lose(2, Loss::Applied);
        commit(&client, how, 2).await.unwrap();
        assert!(!proxy.has_lost());
        assert!(commit(&client, how, 3).await.unwrap_err().is_closed());
        assert!(proxy.has_lost());
        let client = connect(&url).await.unwrap();
        proxy.lose(1, Loss::NotApplied);
        assert!(commit(&client, how, 4).await.unwrap_err().is_closed());
        let client = connect(&url).await.unwrap();
        commit(&client, how, 5).await.unwrap();
        assert_eq!(proxy.commits(), 5);
        assert_eq!(rows(&database).await, [1, 2, 3, 5]);
    }
}

#[tokio::test]
async fn a_recording_does_the_same_again() {
    let Some(cluster) = Cluster::shared() else { return };
    let (proxy, database) = (Proxy::start(cluster), cluster.database());
    let first = connect(&database.url_at(proxy.folder())).await.unwrap();
    let second = connect(&database.url_at(proxy.folder())).await.unwrap();
    proxy.record();
    make_table(&first).await;
    commit(&second, How::Extended, 1).await.unwrap();
    commit(&first, How::AtOnce, 2).await.unwrap();
    let recording = proxy.recorded();
    assert_eq!((recording.commits(), recording.trips()), (2, 5));
    let other = cluster.database();
    assert!(!recording.replay(cluster, &other).is_zero());
    assert_eq!(rows(&other).await, [1, 2]);
}

#[tokio::test]
async fn transactions_pass_the_pooler() {
    let Some(cluster) = Cluster::shared() else { return };
    let Some(pooler) = Pooler::start(cluster) else { return };
    let database = cluster.database();
    let client = connect(&database.url_at(pooler.folder())).await.unwrap();
    make_table(&client).await;
    commit(&client, How::Extended, 1).await.unwrap();
    assert_eq!(rows(&database).await, [1]);
}

/// A process that is killed leaves neither a server nor a folder: it runs the test below.
#[test]
fn the_server_ends_with_a_killed_process() {
    if Cluster::shared().is_none() {
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_cluster_until_its_process_is_killed", "--nocapture"])
        .env(HANGS, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = child.stdout.take().unwrap();
    while !said.contains(END_OF_FOLDER) {
        let mut bytes = [0; 512];
        let count = output.read(&mut bytes).unwrap();
        assert_ne!(count, 0, "{said}");
        said.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    let folder = said.split("folder ").nth(1).unwrap().split(END_OF_FOLDER).next().unwrap();
    let folder = std::path::Path::new(folder);
    assert!(folder.join("data/postmaster.pid").is_file());
    child.kill().unwrap();
    child.wait().unwrap();
    let began = std::time::Instant::now();
    while folder.exists() {
        assert!(began.elapsed().as_secs() < 20, "{folder:?} is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const HANGS: &str = "TULAY_TEST_HANGS";
const END_OF_FOLDER: &str = " is kept";

#[test]
#[expect(clippy::disallowed_methods, reason = "the test above asks for it")]
fn a_cluster_until_its_process_is_killed() {
    if std::env::var_os(HANGS).is_none() {
        return;
    }
    let cluster = Cluster::shared().unwrap();
    println!("folder {}{END_OF_FOLDER}", cluster.folder().display());
    std::io::stdin().read_to_string(&mut String::new()).unwrap();
}

/// How a client commits.
#[derive(Clone, Copy, Debug)]
enum How {
    /// Each statement as a query.
    Simple,
    /// Parsed, bound, executed.
    Extended,
    /// All statements in one query.
    AtOnce,
}

async fn commit(client: &Client, how: How, number: i32) -> Result<(), Error> {
    let insert = format!("INSERT INTO numbers VALUES ({number})");
    let statements = ["BEGIN", &insert, "COMMIT"];
    match how {
        How::Simple => {
            for statement in statements {
                client.batch_execute(statement).await?;
            }
        }
        How::Extended => {
            for statement in statements {
                client.query_typed(statement, &[]).await?;
            }
        }
        How::AtOnce => client.batch_execute(&statements.join(";")).await?,
    }
    Ok(())
}

async fn connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn make_table(client: &Client) {
    client.batch_execute("CREATE TABLE numbers (number int)").await.unwrap();
}

async fn insert(client: &Client, number: i32) -> Result<(), Error> {
    commit(client, How::Simple, number).await
}

async fn rows(database: &Database<'_>) -> Vec<i32> {
    let client = connect(&database.url()).await.unwrap();
    let rows = client.query("SELECT number FROM numbers ORDER BY 1", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
