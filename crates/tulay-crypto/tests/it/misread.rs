//! Keys and signatures in a form that they do not have here: each is named with its fix.

use crate::data;
use tulay_crypto::{KeyStage, PrivateKey, PublicKey, Signature};

fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn base64(bytes: &[u8]) -> String {
    Signature::from_bytes(bytes.to_vec()).to_base64()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What may be done to base64, and how it is named.
fn damaged(text: &str, bytes: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    let hexadecimal = hexadecimal(bytes);
    let pairs: Vec<_> =
        hexadecimal.as_bytes().chunks(2).map(|pair| pair.escape_ascii().to_string()).collect();
    let mut damaged: Vec<(Vec<u8>, &str)> = [
        (hexadecimal.clone(), "hexadecimal"),
        (hexadecimal.to_uppercase(), "hexadecimal"),
        (pairs.join(":"), "hexadecimal"),
        (text.replace('+', "-").replace('/', "_"), "URL alphabet"),
        (text.replace('+', "-").replace('/', "_").replace('=', ""), "URL alphabet"),
        (text.replace('+', " "), "plus signs"),
        (text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"), "percent-encoded"),
        (text.replace('+', "%2b"), "percent-encoded"),
        (format!("\"{text}\""), "quotation marks"),
        (format!("'{text}'"), "quotation marks"),
        (format!("{}\\n{}", &text[..64], &text[64..]), "backslash"),
        (base64(text.as_bytes()), "encoded twice"),
        (base64(hexadecimal.as_bytes()), "base64 of hexadecimal"),
        (
            base64(format!("-----BEGIN X-----\n{text}\n-----END X-----\n").as_bytes()),
            "base64 of a PEM",
        ),
    ]
    .map(|(text, said)| (text.into_bytes(), said))
    .into();
    for (mark, order) in [
        (true, u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (true, u16::to_be_bytes),
        (false, u16::to_le_bytes),
        (false, u16::to_be_bytes),
    ] {
        damaged.push((utf16(text, order, mark), "UTF-16"));
    }
    if text.ends_with('=') {
        damaged.push((text.trim_end_matches('=').into(), "without the ="));
    }
    damaged
}

#[test]
fn a_signature_in_another_form_is_named() {
    let signature = data::openssl_signature(2048);
    let text = signature.to_base64();
    assert!(text.contains('+') && text.contains('/') && text.ends_with('='));
    for (source, said) in damaged(&text, signature.as_bytes()) {
        let error = Signature::read(&source).expect_err(said);
        assert!(error.found().contains(said), "{said}: {error}");
        assert!(!error.fix().is_empty());
        let (start, _) = text.split_at(20);
        assert!(!error.to_string().contains(start), "{error}");
    }
    for source in ["", " \n\t", "a sentence.", "{}", "sign=AAAA"] {
        assert!(Signature::read(source.as_bytes()).is_err(), "{source:?}");
    }
    let named = format!("sign={text}");
    assert!(Signature::read(named.as_bytes()).unwrap_err().found().contains("behind a name"));
}

#[test]
fn a_signature_is_read_as_tools_write_it() {
    let signature = data::openssl_signature(2048);
    let text = signature.to_base64();
    let lines = |width: usize, end: &str| {
        let lines = text.as_bytes().chunks(width);
        lines.map(|line| format!("{}{end}", String::from_utf8_lossy(line))).collect::<String>()
    };
    for source in [
        text.clone(),
        format!("{text}\n"),
        format!("\r\n  {text}\t"),
        format!("\u{FEFF}{text}"),
        lines(64, "\n"),
        lines(76, "\r\n"),
        lines(60, "\n    "),
    ] {
        assert_eq!(Signature::read(source.as_bytes()).as_ref(), Ok(&signature), "{source:?}");
    }
    assert_eq!(Signature::read(signature.as_bytes()), Ok(signature));
    // What comes over the wire has one text.
    assert!(Signature::from_base64(&lines(64, "\n")).is_err());
    assert!(Signature::from_base64(&format!("{text}\n")).is_err());
}

#[test]
fn a_key_in_another_form_is_named() {
    let private = (data::text("rsa2048.pkcs8.base64"), data::bytes("rsa2048.pkcs8.der"));
    let public = (data::text("rsa2048.spki.base64"), data::bytes("rsa2048.spki.der"));
    for (text, der) in [private, public] {
        for (source, said) in damaged(text.trim_end(), &der) {
            let private = PrivateKey::parse(&source).map(drop);
            let public = PublicKey::parse(&source).map(drop);
            // Blanks within the base64 of keys are passed over: then it is too short.
            let plus = said == "plus signs" && !text.contains('+');
            for error in [private, public].into_iter().filter_map(Result::err) {
                let kind = error.stage() == KeyStage::Kind;
                let named = error.found().contains(said);
                assert!(plus || kind || named, "{said}: {error}");
                assert!(!error.to_string().contains(&text[40..60]), "{error}");
            }
        }
    }
}

#[test]
fn a_key_of_base64_behind_a_byte_order_mark_is_read() {
    let text = format!("\u{FEFF}{}", data::text("rsa2048.spki.base64"));
    assert_eq!(PublicKey::parse(text.as_bytes()).unwrap(), data::public("rsa2048.spki.pem"));
}
