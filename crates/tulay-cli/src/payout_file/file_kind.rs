//! Files of another kind than the one that was expected, recognised by how they begin.

use super::cells::column_named;

/// What a file is, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileKind {
    /// `an Excel workbook`.
    pub(super) name: &'static str,
    /// What makes a table of it: `save it as CSV UTF-8`.
    pub(super) advice: &'static str,
}

/// The kind of a file that is not text.
pub(super) fn binary(bytes: &[u8]) -> Option<FileKind> {
    let at = |place: usize, mark: &[u8]| bytes.get(place..).is_some_and(|b| b.starts_with(mark));
    if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        return Some(packed(bytes));
    }
    if at(0, b"BM") && at(6, &[0, 0, 0, 0]) {
        return Some(FileKind { name: "an image", advice: OTHER_FILE });
    }
    let marks = BINARY.iter().find(|(place, mark, ..)| at(*place, mark));
    marks.map(|&(_, _, name, advice)| FileKind { name, advice })
}

/// The kind of a text that is not CSV.
#[cfg(feature = "sandbox")]
pub(super) fn not_csv(text: &str) -> Option<FileKind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    markup(text).or_else(|| json(text)).or_else(|| other_text(text))
}

/// What bytes are instead of JSON, and what to do; `None` where they may be JSON.
pub(crate) fn other_than_json(bytes: &[u8]) -> Option<String> {
    if let Some(kind) = binary(bytes) {
        return Some(format!("not JSON: this is {}", kind.name));
    }
    if bytes.contains(&0) {
        return Some("not JSON: this looks like UTF-16; save it as UTF-8".into());
    }
    let kind = not_json(std::str::from_utf8(bytes).ok()?)?;
    Some(format!("not JSON: this looks like {}; {}", kind.name, kind.advice))
}

fn not_json(text: &str) -> Option<FileKind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    markup(text).or_else(|| other_text(text)).or_else(|| {
        let is_csv = [',', ';', '\t', '|'].into_iter().any(|separator| {
            let header = text.lines().next().unwrap_or_default().split(separator);
            header.filter(|name| column_named(name.trim_matches('"')).is_some()).count() > 1
        });
        let csv = FileKind {
            name: "CSV",
            advice: "to try a file against the simulator: `tulay demo --file`",
        };
        (is_csv && !text.starts_with(['{', '['])).then_some(csv)
    })
}

const SAVE: &str = "save it as CSV UTF-8";
const EXPORT: &str = "export the table as CSV UTF-8";
const UNPACK: &str = "unpack it first";
const OTHER_FILE: &str = "choose the payout file";

/// Where a mark stands, the mark, what it is of, and what to do.
const BINARY: &[(usize, &[u8], &str, &str)] = &[
    (0, &[0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook or another older Office file (.xls)", SAVE),
    (0, &[0x09, 0x08, 0x10, 0x00], "an Excel workbook (.xls)", SAVE),
    (0, &[0x1F, 0x8B], "a gzip archive", UNPACK),
    (0, b"BZh", "a bzip2 archive", UNPACK),
    (0, &[0xFD, b'7', b'z', b'X', b'Z'], "an xz archive", UNPACK),
    (0, &[0x28, 0xB5, 0x2F, 0xFD], "a zstd archive", UNPACK),
    (0, &[b'7', b'z', 0xBC, 0xAF], "a 7z archive", UNPACK),
    (0, b"Rar!\x1A", "a RAR archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"%PDF", "a PDF", EXPORT),
    (0, b"SQLite format 3\0", "an SQLite database", EXPORT),
    (4, b"Standard ACE DB", "an Access database", EXPORT),
    (4, b"Standard Jet DB", "an Access database", EXPORT),
    (0, b"PAR1", "a Parquet file", EXPORT),
    (0, b"ARROW1", "a Feather file", EXPORT),
    (0, b"Obj\x01", "an Avro file", EXPORT),
    (0, b"\x89PNG", "an image", OTHER_FILE),
    (0, &[0xFF, 0xD8, 0xFF], "an image", OTHER_FILE),
    (0, b"GIF8", "an image", OTHER_FILE),
    (0, b"II*\0", "an image", OTHER_FILE),
    (0, b"MM\0*", "an image", OTHER_FILE),
    (8, b"WEBP", "an image", OTHER_FILE),
    (4, b"ftyp", "an image or a video", OTHER_FILE),
    (0, b"\x7FELF", "a program", OTHER_FILE),
    (0, &[0x30, 0x82], "a key or certificate (DER)", OTHER_FILE),
];

/// How texts begin, in capitals.
const TEXTS: &[(&str, &str, &str)] = &[
    ("-----BEGIN ", "a key or certificate (PEM)", OTHER_FILE),
    ("{\\RTF", "a Word document (RTF)", EXPORT),
    ("{1:", "a SWIFT message", EXPORT),
    ("ID;PWXL", "a spreadsheet (SYLK)", SAVE),
    ("ID;PSCALC", "a spreadsheet (SYLK)", SAVE),
    ("TABLE\r\n0,1", "a spreadsheet (DIF)", SAVE),
    ("TABLE\n0,1", "a spreadsheet (DIF)", SAVE),
    ("MIME-VERSION:", "an e-mail", "save its attachment"),
    ("INSERT INTO ", "an SQL script", EXPORT),
    ("CREATE TABLE ", "an SQL script", EXPORT),
];

/// The office programs write ZIP archives, too, and name their parts in clear.
fn packed(bytes: &[u8]) -> FileKind {
    let start = bytes.get(..4096).unwrap_or(bytes);
    let holds = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
    let (name, advice) = if holds(b"opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet (.ods)", SAVE)
    } else if holds(b"xl/") || holds(b"[Content_Types].xml") {
        ("an Excel workbook (.xlsx)", SAVE)
    } else {
        ("a ZIP archive or workbook", "unpack it, or save the workbook as CSV UTF-8")
    };
    FileKind { name, advice }
}

fn markup(text: &str) -> Option<FileKind> {
    let rest = text.strip_prefix('<')?;
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
        return None;
    }
    let start: String = text.chars().take(2000).flat_map(char::to_lowercase).collect();
    let holds = |mark: &str| start.contains(mark);
    let (name, advice) = if holds("urn:schemas-microsoft-com:office:spreadsheet") {
        ("an Excel workbook saved as XML", SAVE)
    } else if holds("schemas-microsoft-com:office") {
        (
            "a web page (HTML) that Excel opens as a workbook",
            "open it in Excel and save it as CSV UTF-8",
        )
    } else if ["<!doctype html", "<html", "<head", "<body", "<table", "<div", "<meta", "<style"]
        .into_iter()
        .any(holds)
    {
        ("a web page (HTML)", "open the page in a browser: the download may require a login")
    } else if holds("urn:iso:std:iso:20022") {
        ("an ISO 20022 message (XML)", EXPORT)
    } else {
        ("XML", EXPORT)
    };
    Some(FileKind { name, advice })
}

#[cfg(feature = "sandbox")]
fn json(text: &str) -> Option<FileKind> {
    let inner = text.strip_prefix(['{', '['])?.trim_start();
    if !inner.starts_with(['"', '{', '[', '}', ']']) {
        return None;
    }
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let name = if !is_json(text) && text.lines().next().is_some_and(is_json) {
        "JSON lines"
    } else {
        "JSON"
    };
    let advice = "export the table as CSV UTF-8; `tulay payout create --file` reads \
                  one payout as JSON";
    Some(FileKind { name, advice })
}

fn other_text(text: &str) -> Option<FileKind> {
    let start = |prefix: &str| text.get(..prefix.len()).map(str::to_ascii_uppercase);
    let known = TEXTS.iter().find(|(prefix, ..)| start(prefix).as_deref() == Some(prefix));
    known.map(|&(_, name, advice)| FileKind { name, advice })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_files_are_named() {
        let cases: [(&[u8], &str); 12] = [
            (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "an Excel workbook (.xlsx)"),
            (
                b"PK\x03\x04\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "an OpenDocument spreadsheet (.ods)",
            ),
            (b"PK\x03\x04\x14\0payouts.csv", "a ZIP archive or workbook"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", "an Excel workbook or another older Office file (.xls)"),
            (b"\x1F\x8B\x08\0", "a gzip archive"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"SQLite format 3\0", "an SQLite database"),
            (b"PAR1\x15", "a Parquet file"),
            (b"\x89PNG\r\n\x1A\n", "an image"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "an image"),
            (b"BM\x36\0\x0C\0\0\0\0\0", "an image"),
            (b"\x30\x82\x04\xA4", "a key or certificate (DER)"),
        ];
        for (bytes, name) in cases {
            assert_eq!(binary(bytes).map(|kind| kind.name), Some(name), "{bytes:?}");
        }
        for text in ["", "PK,reference", "BM,reference,country", "reference,country", "GIF,a"] {
            assert_eq!(binary(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_csv_are_named() {
        let cases = [
            ("<!DOCTYPE html>\n<html><body>Log in", "a web page (HTML)"),
            ("\u{feff}  <table border=1><tr><td>reference", "a web page (HTML)"),
            (
                "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>",
                "a web page (HTML) that Excel opens as a workbook",
            ),
            (
                "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "an Excel workbook saved as XML",
            ),
            (
                "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001\">",
                "an ISO 20022 message (XML)",
            ),
            ("<payouts/>", "XML"),
            ("{\"reference\":\"R1\"}", "JSON"),
            ("[\n  {\"reference\":\"R1\"},\n  {\"reference\":\"R2\"}\n]", "JSON"),
            ("{\"reference\":\"R1\"}\n{\"reference\":\"R2\"}\n", "JSON lines"),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "a key or certificate (PEM)"),
            ("{\\rtf1\\ansi", "a Word document (RTF)"),
            ("{1:F01BNORPHMMAXXX}", "a SWIFT message"),
            ("ID;PWXL;N;E\nP;PGeneral", "a spreadsheet (SYLK)"),
            ("insert into payouts values", "an SQL script"),
        ];
        for (text, name) in cases {
            assert_eq!(not_csv(text).map(|kind| kind.name), Some(name), "{text}");
        }
        for text in ["", "<5,a", "[reference],[country]", "{a},b", "id;payee;amount", "reference"] {
            assert_eq!(not_csv(text), None, "{text}");
        }
    }

    #[test]
    fn csv_is_not_json() {
        for text in ["reference,country\n", "\u{feff}Ref;Amount;Bank", "\"account no.\"\tname"] {
            let problem = other_than_json(text.as_bytes()).unwrap();
            assert!(
                problem.starts_with("not JSON: this looks like CSV; to try a file"),
                "{problem}"
            );
        }
        for text in ["", "{\"reference\":", "reference", "[]", "{\"reference\",\"amount\"}"] {
            assert_eq!(other_than_json(text.as_bytes()), None, "{text}");
        }
    }
}
