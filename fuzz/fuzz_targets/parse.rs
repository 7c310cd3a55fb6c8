//! Whatever the text: no panic, offsets within it, and what is accepted is given back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tulay_qr::{Content, Payload, SbpLink, inspect, inspect_leniently, lookalike};

fuzz_target!(|text: &str| {
    for seen in [inspect(text), inspect_leniently(text)] {
        for error in &seen.findings.errors {
            let before = text.get(..error.byte_offset).expect("a character begins there, or the end");
            assert_eq!(before.chars().count(), error.offset);
        }
        if let Some(Content::Payload(payload)) = seen.content {
            assert_eq!(payload.to_string(), text);
            // Typed readers see what no check has seen yet.
            let _ = (payload.scheme(), payload.minor_units(), payload.tip(), payload.language());
            let _ = payload.accounts().map(|account| account.guid()).count();
        }
    }
    let strict = Payload::parse(text);
    assert_eq!(strict.is_ok() && strict.unwrap().validate().is_valid(), {
        let seen = inspect(text);
        seen.is_valid() && matches!(seen.content, Some(Content::Payload(_)))
    });
    let _ = (SbpLink::parse(text).map(|link| link.crc_matches()), lookalike(text));
});
