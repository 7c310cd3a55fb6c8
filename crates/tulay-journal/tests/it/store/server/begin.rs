//! A transaction whose `BEGIN` fails on a connection that goes on: nothing of it is carried out.

use super::{OnServer, sql};
use crate::store::{Database as _, Hand, acceptance, answer, next, policy};
use jiff::SignedDuration;
use tulay_journal::{
    record::Seen,
    store::{Beat, Claim, Filter, Pause, Resumption, Scope, Store as _},
};
use tulay_tests_postgres::{Cluster, proxy::Proxy};

/// Every row of the journal.
fn rows(url: &str) -> Vec<String> {
    let tables = "SELECT table_name::text FROM information_schema.tables \
                  WHERE table_schema = 'tulay' ORDER BY 1";
    let tables = sql(url, tables).unwrap().into_iter().flatten();
    let read = tables.map(|table| format!("SELECT it::text FROM tulay.{table} AS it ORDER BY 1;"));
    sql(url, &read.collect::<String>()).unwrap().into_iter().flatten().collect()
}

#[tokio::test]
async fn verb_whose_begin_fails_changes_nothing() {
    if !OnServer::is_found() {
        return;
    }
    let (time, proxy) = (Hand::new(), Proxy::start(Cluster::shared().unwrap()));
    let server = OnServer::at(|database| database.url_at(proxy.folder()), policy(), &time);
    let (store, url) = (server.store(), server.database.url());
    // Each verb fails once and changes nothing, and then it changes something.
    macro_rules! verb {
        ($call:expr) => {{
            let before = rows(&url);
            proxy.break_begin();
            let failed = $call.await;
            assert!(failed.is_err(), "{}: {failed:?}", stringify!($call));
            assert_eq!(rows(&url), before, "{}", stringify!($call));
            let done = $call.await.unwrap();
            assert_ne!(rows(&url), before, "{}", stringify!($call));
            done
        }};
    }
    verb!(store.confirm_whole("ops", "it is new"));
    verb!(store.accept(vec![acceptance("R1")]));
    let claimed = verb!(store.claim(Claim::due(1)));
    let (record, lease) = (&claimed.records[0], claimed.records[0].lease.unwrap());
    verb!(store.release(vec![(record.id, lease)]));
    let record = store.claim(Claim::due(1)).await.unwrap().records.remove(0);
    let sent = verb!(store.write(vec![next(&record, 1)])).remove(0).unwrap();
    verb!(store.write(vec![answer(&sent, Seen::Unknown)])).remove(0).unwrap();
    verb!(store.refresh(vec![record.id]));
    verb!(store.pause(vec![Pause::new(Scope::All, None, "a drill")]));
    verb!(store.resume(vec![Resumption::new(Scope::All, "Ana", "it is over")]));
    verb!(store.beat(Beat::new("1.0", claimed.at, 0)));
    verb!(store.subscribe());
    let lease = SignedDuration::from_secs(30);
    let delivery = verb!(store.undelivered(1, lease)).remove(0);
    verb!(store.not_delivered(vec![(delivery.event.id, delivery.lease, lease)]));
    time.pass(lease);
    let delivery = store.undelivered(1, lease).await.unwrap().remove(0);
    verb!(store.delivered(vec![(delivery.event.id, delivery.lease)]));
    verb!(store.doubt("ops", "a drill"));
    verb!(store.leave());
    proxy.break_begin();
    assert!(store.list(Filter::default()).await.is_err(), "a read fails too");
    assert_eq!(store.list(Filter::default()).await.unwrap().len(), 1);
}
