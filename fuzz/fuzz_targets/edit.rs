//! parse → edit → parse: an edited code can be read, says what was set, and keeps all else.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tulay_qr::{Id, Payload, PointOfInitiation, crc16};

fuzz_target!(|input: (&str, &str, &str, bool)| {
    let (body, amount, reference, dynamic) = input;
    let initiation = if dynamic { PointOfInitiation::Dynamic } else { PointOfInitiation::Keep };
    // A right CRC, which a fuzzer does not find by chance.
    let hashed = format!("{body}6304");
    let text = format!("{hashed}{:04X}", crc16(hashed.as_bytes()));
    let Ok(read) = Payload::parse_leniently(&text) else { return };
    let payload = read.payload;

    let same = payload.edit().finish();
    if read.leniencies.is_empty() {
        assert_eq!(same.text, text);
    }
    let Ok(editor) = payload.edit().set_amount(amount, initiation) else { return };
    let editor = editor.clone().set_reference(reference, initiation).unwrap_or(editor);
    let edited = editor.finish().text;
    let again = Payload::parse(&edited).expect("an edited code can be read");
    assert_eq!(again.value(Id::AMOUNT), Some(amount));
    let touched = [Id::POINT_OF_INITIATION, Id::AMOUNT, Id::ADDITIONAL_DATA, Id::CRC];
    for object in again.objects().filter(|object| !touched.contains(&object.id())) {
        let before = payload.value(object.id());
        let reference = object.id().number() == 30;
        let recounted = !read.leniencies.is_empty();
        assert!(before == Some(object.value()) || reference || recounted);
    }
    let cleared = again.edit().clear_amount(PointOfInitiation::Keep).finish().text;
    assert_eq!(Payload::parse(&cleared).expect("so can a cleared one").amount(), None);
});
