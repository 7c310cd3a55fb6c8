//! What takes nothing from the heap.

use crate::vector;
use allocation_counter::measure;
use tulay_qr::{Draft, Payload, promptpay::Receiver, qrph};

#[test]
fn reading_takes_nothing_from_the_heap() {
    for vector in vector::valid_payloads() {
        let taken = measure(|| {
            let payload = Payload::parse(vector.payload()).unwrap();
            assert!(payload.currency().is_some());
            assert!(payload.accounts().count() > 0);
            let _ = (payload.scheme(), payload.minor_units(), payload.additional().objects());
        });
        assert_eq!(taken.count_total, 0, "{}", vector.name());
    }
}

#[test]
fn refusing_takes_nothing_from_the_heap() {
    for vector in vector::all().iter().filter(|vector| vector.scheme() != "sbp") {
        let taken = measure(|| {
            let _ = Payload::parse(vector.payload());
        });
        assert_eq!(taken.count_total, 0, "{}", vector.name());
    }
}

#[test]
fn checking_a_code_without_findings_takes_nothing_from_the_heap() {
    for vector in vector::valid_payloads() {
        let taken = measure(|| {
            let _ = Payload::parse(vector.payload()).unwrap().validate();
        });
        let warned = !vector.expect()["warnings"].is_null();
        assert_eq!(taken.count_total > 0, warned, "{}", vector.name());
    }
}

#[test]
fn building_into_a_buffer_takes_nothing_from_the_heap() {
    let mut buffer = String::with_capacity(512);
    let taken = measure(|| {
        let receiver = Receiver::mobile("081-234-5678").unwrap();
        let draft = Draft { amount: Some("20.15"), ..Default::default() };
        receiver.write_to(&draft, &mut buffer).unwrap();
        let account = qrph::P2m { acquirer: "GXCHPHM2XXX", ..Default::default() };
        let draft = Draft {
            category_code: Some("5814"),
            merchant_name: Some("SARI SARI"),
            merchant_city: Some("Taguig"),
            ..draft
        };
        account.write_to(&draft, &mut buffer).unwrap();
    });
    assert_eq!(taken.count_total, 0);
}
