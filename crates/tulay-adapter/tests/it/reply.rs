//! What a reply says, and errors about it.

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use tulay_adapter::{json::Text, reply::Reply};
use tulay_core::{
    Channel, Country, Currency, Echo, Effect, Error, ErrorKind, Found, Lookup, Observation,
    Operation, OrderId, Payout, PayoutStatus, ProviderResponse, Result, Trust,
};

#[derive(Debug, Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

fn reply(text: Option<&str>) -> Reply {
    let mut answer =
        ProviderResponse::new(StatusCode::OK, Trust::Channel, Bytes::from_static(b"body"));
    answer.code = Some("0".into());
    Reply::new("acme", Operation::PayoutFind, answer, text.map(Into::into))
}

fn unreadable(_: Row<'_>) -> Result<Observation<()>> {
    Err(Error::new(Operation::PayoutFind, ErrorKind::Unexpected, "it cannot be read"))
}

#[test]
fn errors_keep_the_answer() {
    let nothing = reply(None);
    let error = nothing.read::<Row<'_>>().unwrap_err();
    assert_eq!(error.to_string(), "acme answered 0: there is no data");
    for error in [
        error,
        nothing.rows::<Row<'_>>().unwrap_err(),
        nothing.only_list::<Row<'_>>().unwrap_err(),
        reply(Some("{}")).read::<Row<'_>>().unwrap_err(),
        reply(Some("{}")).rows::<Row<'_>>().unwrap_err(),
        reply(Some("{}")).only_list::<Row<'_>>().unwrap_err(),
        reply(Some(r#"{"a":[7]}"#)).only_list::<Row<'_>>().unwrap_err(),
        reply(Some(r#"{"id":7}"#)).observe(unreadable).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Unexpected);
        assert_eq!(error.response().map(|answer| &*answer.body), Some(&b"body"[..]), "{error}");
    }
}

#[test]
fn an_observation_keeps_the_answer() {
    let reply = reply(Some(r#"{"id":7}"#));
    let observation = reply.observe(|row: Row<'_>| Ok(Observation::new(row.id.into_string())));
    let observation = observation.unwrap();
    assert_eq!((&*observation.status, observation.response), ("7", Some(reply.response.clone())));
}

#[test]
fn members_and_lists_are_found_by_name_or_alone() {
    let reply = reply(Some(r#"{"balance":125000,"rows":[{"id":1},{"id":2}]}"#));
    assert_eq!(reply.member("balance").as_deref(), Some("125000"));
    assert_eq!(reply.member("Balance"), None);
    assert_eq!(reply.member("rows"), None, "it is no text");
    let rows: Vec<Row<'_>> = reply.only_list().unwrap();
    assert_eq!(rows.iter().map(|row| &*row.id.0).collect::<Vec<_>>(), ["1", "2"]);
    assert!(!format!("{reply:?}").contains("125000"));
}

#[test]
fn several_orders_under_one_id_are_an_error() {
    let reply = reply(Some("[]"));
    assert_eq!(reply.at_most_one([0; 0]).unwrap(), None);
    assert_eq!(reply.at_most_one([7]).unwrap(), Some(7));
    let error = reply.at_most_one([7, 7]).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
    assert!(error.response().is_some());
}

#[test]
fn an_empty_list_is_absent_and_one_row_is_a_reply() {
    assert!(matches!(reply(Some(" [ ]")).only_row(), Ok(Found::Absent(_))));
    let Ok(Found::Found(row)) = reply(Some(r#"[{"id":7}]"#)).only_row() else { panic!("no row") };
    assert_eq!(&*row.read::<Row<'_>>().unwrap().id.0, "7");
    for (text, kind) in [
        (r#"[{"id":7},{"id":7}]"#, ErrorKind::Mismatch),
        ("[7]", ErrorKind::Unexpected),
        ("{}", ErrorKind::Unexpected),
    ] {
        let error = reply(Some(text)).only_row().unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{text}");
        assert!(error.response().is_some());
    }
}

#[test]
fn an_order_is_concluded_and_compared() {
    let id = OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let asked = Lookup::new(id, Country::PH, Currency::PHP, Channel::Bank);
    let read = |named: bool| {
        let reply = reply(Some(r#"{"id":7}"#));
        reply.order(&[Echo::OrderId, Echo::Amount], &asked, |_: Row<'_>| {
            let mut payout = Payout::new(PayoutStatus::Succeeded);
            payout.order_id = named.then(|| asked.order_id.clone());
            Ok(payout)
        })
    };
    assert_eq!(read(true).unwrap().status, PayoutStatus::Pending, "it repeats no amount");
    assert_eq!(read(false).unwrap_err().kind(), ErrorKind::Unrelated);
}
