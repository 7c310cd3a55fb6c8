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
    assert_eq!(verify("signature").exit, 2, "a text is never the name of a file");
    let by_file = |file: &str| {
        folder.run(&["verify", "--key", "keys/k.pub.pem", "--signature-file", file, "message"])
    };
    assert_eq!(by_file("signature").exit, 0);
    assert_eq!(by_file("gone").exit, 2);

    let from_input = folder.run_with(&["sign", "--key", "keys/k.pem", "-"], "the exact bytes");
    assert_eq!(from_input.out, signed.out);

    folder.write("message", "the exact byteS");
    let changed = verify(signature);
    assert_eq!((changed.exit, changed.out.as_str()), (4, ""));
    assert!(changed.err.contains("does not verify"), "{}", changed.err);
    assert_eq!(verify("no-such-file").exit, 2);
    assert!(verify("no-such-file").err.contains("--signature-file"));
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
fn a_signature_is_read_as_tools_write_it() {
    let folder = folder();
    // Some signatures contain no plus sign.
    let mut signatures = (0..100).map(|number| {
        folder.write("message", number.to_string());
        folder.run(&["sign", "--key", "keys/k.pem", "message"]).out
    });
    let signed = signatures.find(|signed| signed.contains('+')).unwrap();
    let signature = signed.trim_end();
    let raw =
        folder.command(&["sign", "--raw", "--key", "keys/k.pem", "message"]).output().unwrap();
    folder.write("raw", &raw.stdout);
    let verify = |arguments: &[&str], input: &str| {
        let arguments = [&["verify", "--key", "keys/k.pub.pem"], arguments, &["message"]].concat();
        folder.run_with(&arguments, input)
    };
    assert_eq!(verify(&["--signature-file", "raw"], "").exit, 0);
    let wrapped = |width: usize, end: &str| {
        let lines = signature.as_bytes().chunks(width);
        lines.map(|line| format!("{}{end}", std::str::from_utf8(line).unwrap())).collect::<String>()
    };
    for text in [
        wrapped(64, "\n"),
        wrapped(76, "\r\n"),
        wrapped(64, "\n    "),
        format!("  {signature}\t\n\n"),
        format!("\u{FEFF}{signature}"),
    ] {
        assert_eq!(verify(&["--signature", &text], "").exit, 0, "{text:?}");
        assert_eq!(verify(&["--signature-file", "-"], &text).exit, 0, "{text:?}");
        assert_eq!(verify(&["--signature", "-"], &text).exit, 0, "{text:?}");
    }
    let both = folder.run(&["verify", "--key", "keys/k.pub.pem", "--signature", "-", "-"]);
    assert_eq!(both.exit, 2);

    let hexadecimal: String = raw.stdout.iter().map(|byte| format!("{byte:02x}")).collect();
    for (text, expected) in [
        (hexadecimal, "hexadecimal"),
        (signature.replace('=', ""), "without the ="),
        (signature.replace('+', " "), "plus signs"),
        (signature.replace('+', "-").replace('/', "_"), "URL alphabet"),
        (signature.replace('+', "%2B").replace('=', "%3D"), "percent-encoded"),
        (format!("\"{signature}\""), "quotation marks"),
        (format!("-----BEGIN SIGNATURE-----\n{signature}\n-----END SIGNATURE-----"), "PEM"),
        (signature[..300].to_owned(), "cut short"),
    ] {
        let verified = verify(&["--signature", &text], "");
        assert_eq!((verified.exit, verified.out.as_str()), (4, ""), "{expected}: {}", verified.err);
        assert!(verified.err.contains(expected), "{expected}: {}", verified.err);
    }
}

#[test]
fn a_changed_line_end_is_named_where_it_is_the_cause() {
    let folder = folder();
    let verify = |signed: &str, given: &str| {
        let signature = folder.run_with(&["sign", "--key", "keys/k.pem", "-"], signed).out;
        let arguments =
            ["verify", "--key", "keys/k.pub.pem", "--signature", signature.trim_end(), "-"];
        let ended = folder.run_with(&arguments, given);
        assert_eq!((ended.exit, ended.out.as_str()), (4, ""));
        ended.err
    };
    for (signed, given, said) in [
        ("a", "a\n", "without the line feed at their end verify"),
        ("a", "a\r\n", "without the line end (CR LF) at their end verify"),
        ("a\n", "a", "with a line feed at their end verify"),
        ("a\nb\n", "a\r\nb\r\n", "with line ends of LF verify"),
        ("a\r\nb", "a\nb", "with line ends of CR LF verify"),
        ("a", "\u{FEFF}a", "without the byte order mark verify"),
    ] {
        let err = verify(signed, given);
        assert!(err.contains(said), "{signed:?} {given:?}: {err}");
    }
    assert!(!verify("a", "b\n").contains("the same bytes"));
}

#[test]
fn a_key_of_another_size_is_named() {
    let folder = folder();
    assert_eq!(folder.run(&["keygen", "--bits", "3072", "--out", "other"]).exit, 0);
    let signature = folder.run(&["sign", "--key", "other.pem", "message"]).out;
    let arguments = ["verify", "--key", "keys/k.pub.pem", "--signature", &signature, "message"];
    let verified = folder.run(&arguments);
    assert_eq!(verified.exit, 4);
    assert!(verified.err.contains("384 bytes") && verified.err.contains("256 bytes"));
}

#[test]
fn a_file_that_is_too_long_is_no_key() {
    let folder = folder();
    folder.write("long.pem", format!("{}{}", " ".repeat(70_000), folder.read("keys/k.pem")));
    let signed = folder.run(&["sign", "--key", "long.pem", "message"]);
    assert_eq!(signed.exit, 2);
    assert!(signed.err.contains("more than 64 KiB"), "{}", signed.err);
    let by_input = ["sign", "--key", "-", "message"];
    assert_eq!(folder.run_with(&by_input, &folder.read("keys/k.pem")).exit, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn core_dumps_are_off() {
    let folder = Folder::initialised();
    let sandbox = folder.sandbox();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", sandbox.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let values: Vec<_> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"]);
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
