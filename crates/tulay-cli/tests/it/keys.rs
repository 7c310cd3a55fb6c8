use crate::support::Folder;

fn folder() -> Folder {
    let folder = Folder::new();
    let made = folder.run(&["keygen", "--out", "keys/k", "--json"]);
    assert_eq!(made.exit, 0, "{}", made.err);
    assert_eq!(made.json()["key_bits"], 2048);
    folder.write("message", "the exact bytes");
    folder
}

#[test]
fn what_is_signed_verifies_and_what_is_changed_does_not() {
    let folder = folder();
    let signed = folder.run(&["sign", "--key", "keys/k.pem", "message"]);
    assert_eq!((signed.exit, signed.out.len()), (0, 345), "344 characters and a newline");
    let signature = signed.out.trim_end();
    let verify = |signature: &str| {
        folder.run(&["verify", "--key", "keys/k.pub.pem", "--signature", signature, "message"])
    };
    assert_eq!((verify(signature).exit, verify(signature).out.as_str()), (0, "verified\n"));
    folder.write("signature", &signed.out);
    assert_eq!(verify("signature").exit, 0);

    let from_input = folder.run_with(&["sign", "--key", "keys/k.pem", "-"], "the exact bytes");
    assert_eq!(from_input.out, signed.out);

    folder.write("message", "the exact byteS");
    let changed = verify(signature);
    assert_eq!((changed.exit, changed.out.as_str()), (4, ""));
    assert!(changed.err.contains("does not verify"), "{}", changed.err);
    assert_eq!(verify("no-such-file").exit, 2, "it was to be a file");
    assert_eq!(verify(&signature.replace('=', "?")).exit, 4);
    let json = folder.run(&[
        "verify",
        "--json",
        "--key",
        "keys/k.pub.pem",
        "--signature",
        signature,
        "message",
    ]);
    assert_eq!((json.exit, json.json()["verified"].as_bool()), (4, Some(false)));
    assert!(json.json()["reason"].is_string());
}

#[test]
fn json_tells_algorithm_and_size() {
    let signed = folder().run(&["sign", "--json", "--key", "keys/k.pem", "message"]).json();
    assert_eq!(signed["algorithm"], "SHA256withRSA");
    assert_eq!(signed["key_bits"], 2048);
    assert_eq!(signed["signature"].as_str().unwrap().len(), 344);
}

#[test]
fn the_wrong_half_and_no_key_at_all_are_named() {
    let folder = folder();
    let swapped = folder.run(&["sign", "--key", "keys/k.pub.pem", "message"]);
    assert_eq!(swapped.exit, 2);
    assert!(swapped.err.contains("it is a public key"), "{}", swapped.err);
    let swapped = folder.run(&["verify", "--key", "keys/k.pem", "--signature", "AAAA", "message"]);
    assert_eq!(swapped.exit, 2);
    assert!(swapped.err.contains("it is a private key"), "{}", swapped.err);
    assert_eq!(folder.run(&["sign", "--key", "message", "message"]).exit, 2);
    assert_eq!(folder.run(&["sign", "--key", "gone.pem", "message"]).exit, 2);
}

#[test]
fn keygen_overwrites_nothing_and_hides_the_private_half() {
    let folder = folder();
    let before = folder.read("keys/k.pem");
    let again = folder.run(&["keygen", "--out", "keys/k"]);
    assert_eq!(again.exit, 2);
    assert_eq!(folder.read("keys/k.pem"), before);
    assert_eq!(folder.run(&["keygen", "--out", "weak", "--bits", "1024"]).exit, 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(folder.path().join("keys/k.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
