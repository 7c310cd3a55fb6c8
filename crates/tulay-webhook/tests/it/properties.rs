//! Whatever arrives: no panic, and nothing is stored that does not verify.

use crate::support::{GENUINE, Memory, OF_ANOTHER, Server, receiver};
use http::{HeaderValue, Request, Uri};
use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tulay_webhook::{Limits, WebhookService};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn target() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("acme".to_owned()),
        Just("acme-2".to_owned()),
        Just("payout".to_owned()),
        Just("static_code".to_owned()),
        "[ -~]{0,8}",
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| format!("/{}", parts.join("/")))
}

fn header_value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"application/json".to_vec()),
        Just(b"gzip".to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ]
}

fn header() -> impl Strategy<Value = (String, Vec<u8>)> {
    let name = prop_oneof![
        Just("content-type".to_owned()),
        Just("content-encoding".to_owned()),
        Just("content-length".to_owned()),
        "[a-z-]{1,12}",
    ];
    (name, header_value())
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => Just(GENUINE.as_bytes().to_vec()),
        1 => Just(OF_ANOTHER.as_bytes().to_vec()),
        1 => (Just(GENUINE.as_bytes().to_vec()), 0..GENUINE.len(), any::<u8>()).prop_map(
            |(mut bytes, at, byte)| {
                bytes[at] = byte;
                bytes
            }
        ),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest! {
    #[test]
    fn any_request_is_answered(
        method in prop_oneof![5 => Just("POST".to_owned()), 1 => "[A-Z]{1,7}"],
        target in target(),
        headers in prop::collection::vec(header(), 0..3),
        body in content(),
    ) {
        let Ok(target) = target.parse::<Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(&*method).uri(target);
        for (name, value) in &headers {
            let Ok(value) = HeaderValue::from_bytes(value) else { return Ok(()) };
            request = request.header(&**name, value);
        }
        let request = request.body(http_body_util::Full::new(bytes::Bytes::from(body.clone())));
        let Ok(request) = request else { return Ok(()) };
        let inbox = Memory::new();
        let service = WebhookService::new(receiver(&inbox));
        let response = runtime().block_on(service.respond(request));
        let is_stored = response.status() == 200;
        prop_assert_eq!(inbox.bodies(), if is_stored { vec![body.clone()] } else { vec![] });
        if is_stored {
            prop_assert_eq!(method, "POST");
            let verifies = body.starts_with(br#"{"signed":true"#) && body != OF_ANOTHER.as_bytes();
            prop_assert!(verifies);
        }
        let counted: u64 = service.receiver().verdicts().iter().map(|(_, count)| count).sum();
        prop_assert_eq!(counted, 1, "each request has one verdict");
    }

    #[test]
    fn any_bytes_on_a_socket_store_nothing(
        begins_well in any::<bool>(),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let begin = "POST /notify/acme/payout HTTP/1.1\r\nhost: x\r\n";
        let bytes = [if begins_well { begin.as_bytes() } else { b"" }, &bytes].concat();
        let inbox = Memory::new();
        runtime().block_on(async {
            let server = Server::start(inbox.clone(), Limits::default()).await;
            server.send_and_close(&bytes).await;
        });
        prop_assert!(inbox.bodies().is_empty());
    }
}
