//! Text that was read in another encoding than it was written in.

/// Whether the text, or a run of characters in it, was written in UTF-8 and read as Windows-1252,
/// 1251 or 874 (`JosÃ©`, `РђРЅРЅР°`, `เธชเธก`, in which every letter begins alike), or written in one of the last two and read as
/// Windows-1252 (`ÊÁªÒÂ`).
pub(super) fn is_garbled(text: &str) -> bool {
    let runs = text.split(|c: char| c.is_ascii());
    runs.filter(|run| run.chars().nth(1).is_some()).any(|run| {
        was_utf8(run, windows_1252, |_| true)
            || was_utf8(run, windows_1251, is_cyrillic)
            || was_utf8(run, windows_874, is_thai)
            || run.matches("เธ").count() > 1
            || is_accented_throughout(run)
    })
}

/// Whether a run consists of UTF-8's bytes, each as a character of a code page.
fn was_utf8(run: &str, byte: fn(char) -> Option<u8>, expected: fn(char) -> bool) -> bool {
    let bytes: Option<Vec<u8>> = run.chars().map(byte).collect();
    let read = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    read.is_some_and(|read| read.chars().all(expected))
}

/// No name has four accented letters in a row; Thai or Cyrillic that is read as Windows-1252 has.
fn is_accented_throughout(run: &str) -> bool {
    let accented = |c: char| windows_1252(c).is_some_and(|byte| byte >= 0xA1);
    run.chars().count() >= 4 && run.chars().all(accented)
}

const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4ff}')
}

pub(super) const fn is_thai(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e5b}')
}

/// The byte of a character that is no ASCII.
fn windows_1252(c: char) -> Option<u8> {
    const FROM_80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    in_row(FROM_80, 0x80, c).or_else(|| in_latin_1(c))
}

fn windows_1251(c: char) -> Option<u8> {
    const FROM_80: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\
        \u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї";
    let letter = || u8::try_from(u32::from(c).checked_sub(0x410)?).ok()?.checked_add(0xC0);
    in_row(FROM_80, 0x80, c).or_else(|| matches!(c, 'А'..='я').then(letter).flatten())
}

fn windows_874(c: char) -> Option<u8> {
    const FROM_80: &str = "€\u{81}\u{82}\u{83}\u{84}…\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\
        \u{8d}\u{8e}\u{8f}\u{90}‘’“”•–—\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}\u{a0}";
    let letter = || u8::try_from(u32::from(c).checked_sub(0xE00)?).ok()?.checked_add(0xA0);
    in_row(FROM_80, 0x80, c).or_else(|| is_thai(c).then(letter).flatten())
}

/// The place of a character in a row of a code page.
fn in_row(row: &str, first: u8, c: char) -> Option<u8> {
    let at = row.chars().position(|known| known == c)?;
    u8::try_from(at).ok()?.checked_add(first)
}

fn in_latin_1(c: char) -> Option<u8> {
    u8::try_from(u32::from(c)).ok().filter(|byte| *byte >= 0xA0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as it is read in a code page, where it was written in these bytes.
    fn misread(bytes: &[u8], page: fn(char) -> Option<u8>) -> String {
        let read = |byte: &u8| match byte {
            0..=0x7F => char::from(*byte),
            _ => ('\u{80}'..='\u{2200}').find(|c| page(*c) == Some(*byte)).unwrap(),
        };
        bytes.iter().map(read).collect()
    }

    #[test]
    fn misread_names_are_recognised() {
        for text in ["José", "Peña", "MARÍA", "Ñonito", "สมชาย", "Пётр"] {
            let misread = misread(text.as_bytes(), windows_1252);
            assert!(is_garbled(&misread), "{misread}");
            let twice = self::misread(misread.as_bytes(), windows_1252);
            assert!(is_garbled(&twice), "{twice}");
        }
        for text in ["Пётр Ильич", "АННА", "Юй"] {
            let misread = misread(text.as_bytes(), windows_1251);
            assert!(is_garbled(&misread), "{misread}");
        }
        for text in ["สมชาย ใจดี", "น้ำ"] {
            let misread = misread(text.as_bytes(), windows_874);
            assert!(is_garbled(&misread), "{misread}");
        }
        assert!(is_garbled("เธชเธกเธŠเธฒเธข"));
        for (text, page) in [("สมชาย", windows_874 as fn(_) -> _), ("Пётр", windows_1251)]
        {
            let bytes: Vec<u8> = text.chars().map(|c| page(c).unwrap()).collect();
            let misread = misread(&bytes, windows_1252);
            assert!(is_garbled(&misread), "{misread}");
        }
    }

    #[test]
    fn names_of_the_region_are_not_garbled() {
        for text in [
            "José Peña",
            "Muñoz",
            "Ñáñez",
            "María-José",
            "Siân",
            "Zoë",
            "สมชาย ใจดี",
            "รก",
            "เธอ",
            "ณัฐวุฒิ",
            "Иван Петров",
            "Её",
            "Семён",
            "Nguyễn Văn A",
            "Łukasz",
            "李明",
            "Ana",
            "",
        ] {
            assert!(!is_garbled(text), "{text}");
        }
    }
}
