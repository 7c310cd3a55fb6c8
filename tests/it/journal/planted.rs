//! Personal data and secrets that arrive with notifications stand in one column, and nowhere else.

use super::Setup;
use rusqlite::{Connection, types::ValueRef};
use std::{
    collections::BTreeSet,
    io,
    path::Path,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;
use tulay::webhook::WebhookRequest;
use tulay_tests::webhooks::{Platform, SECRET, TOKEN};
use tulay_webhook::Receiver;

const PERSON: &str = "Planted Person";
const NUMBER: &str = "639998887776";
/// A part of an address that only the provider knows.
const PART: &str = "planted-part";

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The sample with a payer of its own in every place where it names one.
fn planted(platform: &Platform) -> String {
    let named = platform.sample.replace("Test Payer", PERSON).replace("639170000000", NUMBER);
    let named = named.replace("000000000099", NUMBER).replace("July payout", PERSON);
    named.replace("\"remark\":\"remark\"", &format!("\"remark\":\"{PERSON}\""))
}

/// Genuine ones, one that cannot be read, and those that do not verify.
fn messages(platform: &Platform) -> Vec<WebhookRequest> {
    let text = planted(platform);
    let unreadable = format!("{{\"payer\":\"{PERSON}\",\"number\":\"{NUMBER}\"");
    let genuine = platform.genuine(text.as_bytes());
    let mut forged = genuine.clone();
    forged.headers.clear();
    forged.body = String::from_utf8_lossy(&genuine.body).replace("sign", "sing").into();
    let query = format!("{}?token={PART}", genuine.target);
    let mut elsewhere = genuine.clone();
    elsewhere.target = query.parse().unwrap();
    vec![
        genuine,
        platform.genuine(unreadable.as_bytes()),
        forged,
        elsewhere,
        platform.raw(text.as_bytes()),
    ]
}

#[tokio::test]
async fn personal_data_of_notifications_stands_in_one_column() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let setup = Setup::new().await;
    let tulay = setup.open(&setup.text(&["starpay"])).await;
    let platforms = Platform::all();
    let providers = platforms.iter().map(|platform| Arc::clone(&platform.provider));
    let receiver = Receiver::new(providers, tulay.inbox());
    let mut shown = String::new();
    for message in platforms.iter().flat_map(messages) {
        let response = receiver.receive(&message).await;
        shown += &format!("{message:?} {response:?}");
    }
    // A worker reads again what could not be read, and applies the rest.
    let worker = tulay.worker().start().await.unwrap();
    worker.stop().await.unwrap();
    for open in tulay.reviews().notifications(100).await.unwrap() {
        shown += &format!("{open:?} {}", serde_json::to_string(&open).unwrap());
    }
    let database = setup.folder.path().join("tulay.db");
    drop((receiver, tulay));

    assert_eq!(columns_with(&database, PERSON), ["inbox.body"]);
    assert_eq!(columns_with(&database, NUMBER), ["inbox.body"]);
    for secret in [TOKEN, SECRET, PART] {
        assert_eq!(columns_with(&database, secret), [""; 0], "{secret}");
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("request to the webhook"), "the log is read");
    for text in [PERSON, NUMBER, TOKEN, SECRET, PART] {
        assert!(!log.contains(text), "{text} is logged");
        assert!(!shown.contains(text), "{text} is shown");
    }
}

/// Every column of every table that has a text somewhere.
fn columns_with(database: &Path, wanted: &str) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut found = BTreeSet::new();
    for table in texts(&connection, tables) {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        for column in texts(&connection, &columns) {
            let values = texts(&connection, &format!("SELECT {column} FROM {table}"));
            if values.iter().any(|value| value.contains(wanted)) {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found.into_iter().collect()
}

fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into(),
        _ => String::new(),
    };
    let rows = statement.query_map([], |row| Ok(text(row.get_ref(0)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
