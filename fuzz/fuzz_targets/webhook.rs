//! From the body of a request to the event and the acknowledgement, of each adapter: no panic,
//! nothing stored that does not verify, and a response of the provider's own. The first byte chooses
//! the adapter, and whether the rest is a body or the text of a message that verifies.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tulay_tests::webhooks::Endpoint;

thread_local! {
    static ENDPOINT: Endpoint = Endpoint::default();
}

fuzz_target!(|input: &[u8]| ENDPOINT.with(|endpoint| endpoint.check(input)));
