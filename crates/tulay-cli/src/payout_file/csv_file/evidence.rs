//! Which encoding of one byte a character a file has. There are two kinds of evidence. The words
//! must look like words of the language. The countries of their rows, which every encoding spells
//! alike, must write in its letters. Evidence against one encoding is none for another.

use super::{encoding::Encoding, header, options::ReadOptions, separator};

/// What the bytes of a file that is not UTF-8 say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Both kinds of evidence agree on it; the text says on what.
    Proposed(Encoding, &'static str),
    /// The words may be of these, but the countries do not speak for one of them.
    Possible(Vec<Encoding>),
    /// Some lines are UTF-8, and others are not: those may be of these.
    Mixed(Vec<Encoding>),
    /// The words are of none.
    Unknown,
}

pub(super) fn verdict(bytes: &[u8], options: &ReadOptions) -> Verdict {
    let is_foreign = |line: &&[u8]| !line.is_ascii() && std::str::from_utf8(line).is_err();
    if lines(bytes).any(is_utf8) && lines(bytes).any(|line| is_foreign(&line)) {
        let evidence = Evidence::of(lines(bytes).filter(is_foreign).map(|line| (line, None)));
        return Verdict::Mixed(evidence.possible());
    }
    let evidence = Evidence::of(rows(bytes, options).into_iter());
    let possible = evidence.possible();
    match evidence.confirmed(&possible).as_slice() {
        [encoding] => Verdict::Proposed(*encoding, why(*encoding)),
        // Marks such as ’ are alike in all of them.
        _ if evidence.words == 0 => Verdict::Possible(Encoding::ONE_BYTE.to_vec()),
        _ if possible.is_empty() => Verdict::Unknown,
        _ => Verdict::Possible(possible),
    }
}

/// How many words there are, how many of them an encoding explains, and how many of those stand in
/// rows of a country that writes so.
#[derive(Default)]
struct Evidence {
    words: usize,
    /// A Thai word has a vowel or a tone mark.
    has_thai_vowel: bool,
    explained: [usize; Encoding::ONE_BYTE.len()],
    confirmed: [usize; Encoding::ONE_BYTE.len()],
}

impl Evidence {
    fn of<'b>(rows: impl Iterator<Item = (&'b [u8], Option<Letters>)>) -> Self {
        let mut evidence = Self::default();
        for (row, letters) in rows {
            evidence.words += misplaced_marks(row);
            for word in foreign_words(row) {
                evidence.words += 1;
                evidence.has_thai_vowel |= word.iter().any(|byte| is_thai_vowel(*byte));
                let counts = evidence.explained.iter_mut().zip(&mut evidence.confirmed);
                for (encoding, (explained, confirmed)) in Encoding::ONE_BYTE.into_iter().zip(counts)
                {
                    let fits = is_word(encoding, word);
                    *explained += usize::from(fits);
                    *confirmed += usize::from(fits && letters.is_some_and(|l| l.reads(encoding)));
                }
            }
        }
        evidence
    }

    /// The encodings that explain the words; one in ten may be a slip.
    fn possible(&self) -> Vec<Encoding> {
        let mut possible = self.those(&self.explained, |count| count * 10 >= self.words * 9);
        // Chinese text may look like Thai consonants.
        let confirmed = self.those(&self.confirmed, |count| count > 0);
        possible.retain(|encoding| {
            *encoding != Encoding::Windows874 || self.has_thai_vowel || confirmed.contains(encoding)
        });
        possible
    }

    fn confirmed(&self, possible: &[Encoding]) -> Vec<Encoding> {
        let mut confirmed = self.those(&self.confirmed, |confirmed| confirmed * 2 > self.words);
        confirmed.retain(|encoding| possible.contains(encoding));
        confirmed
    }

    fn those(&self, counts: &[usize], enough: impl Fn(usize) -> bool) -> Vec<Encoding> {
        let counts = Encoding::ONE_BYTE.into_iter().zip(counts);
        let those = counts.filter(|(_, count)| self.words > 0 && enough(**count));
        those.map(|(encoding, _)| encoding).collect()
    }
}

/// What the country of a row says of the letters in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    Latin,
    Thai,
    Cyrillic,
}

impl Letters {
    fn of(country: &str) -> Option<Self> {
        match country.trim().to_ascii_uppercase().as_str() {
            "TH" | "THA" | "THAILAND" => Some(Self::Thai),
            "RU" | "RUS" | "RUSSIA" => Some(Self::Cyrillic),
            other => {
                let is_word = !other.is_empty() && other.bytes().all(|b| b.is_ascii_uppercase());
                is_word.then_some(Self::Latin)
            }
        }
    }

    const fn reads(self, encoding: Encoding) -> bool {
        matches!(
            (self, encoding),
            (Self::Latin, Encoding::Windows1252)
                | (Self::Thai, Encoding::Windows874)
                | (Self::Cyrillic, Encoding::Windows1251)
        )
    }
}

const fn why(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Windows874 => "Thai letters in rows of TH",
        Encoding::Windows1251 => "Cyrillic letters in rows of RU",
        _ => "single letters with accents, as in Peña",
    }
}

/// The rows and what their countries say; the whole file, if it is no table.
fn rows<'b>(bytes: &'b [u8], options: &ReadOptions) -> Vec<(&'b [u8], Option<Letters>)> {
    // Every byte stays in its place; ASCII is the same in all of these encodings.
    let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '?' };
    let text: String = bytes.iter().map(ascii).collect();
    let Ok(separator::Start { place: start, separator }) = separator::start(&text) else {
        return vec![(bytes, None)];
    };
    let body = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let set = options.settings.iter().find(|(column, _)| column == "country");
    let (mut cells, mut rows) = (csv::StringRecord::new(), Vec::new());
    let (mut country, mut begin) = (None, start);
    while matches!(reader.read_record(&mut cells), Ok(true)) {
        let end = usize::try_from(reader.position().byte()).map_or(begin, |read| start + read);
        let text = match (set, country) {
            (Some((_, set)), _) => Some(set.as_str()),
            (None, Some(at)) => cells.get(at),
            (None, None) => None,
        };
        rows.push((bytes.get(begin..end).unwrap_or_default(), text.and_then(Letters::of)));
        country = country.or_else(|| header::place_of("country", &cells, options));
        begin = end;
    }
    rows
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Whether a line is UTF-8 beyond ASCII, and that by no accident: what it holds are letters.
fn is_utf8(line: &[u8]) -> bool {
    let is_likely = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '\u{e00}'..='\u{e7f}' | '\u{2000}'..='\u{20cf}' | '\u{feff}')
    };
    std::str::from_utf8(line).is_ok_and(|text| {
        let mut beyond = text.chars().filter(|c| !c.is_ascii()).peekable();
        beyond.peek().is_some() && beyond.all(is_likely)
    })
}

/// What all these encodings have in common: an ellipsis, quotation marks, dashes, a blank.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, 0x85 | 0x91..=0x97 | 0xA0)
}

/// Marks between two small letters, which are letters of another encoding; but for an apostrophe.
fn misplaced_marks(bytes: &[u8]) -> usize {
    let is_misplaced = |part: &&[u8]| {
        matches!(part, [before, mark, after] if is_mark(*mark) && *mark != 0x92
            && before.is_ascii_lowercase() && after.is_ascii_lowercase())
    };
    bytes.windows(3).filter(is_misplaced).count()
}

/// The words with letters beyond ASCII. One such letter alone is a sign or an initial.
fn foreign_words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || (!byte.is_ascii() && !is_mark(byte));
    let words = bytes.split(move |byte| !is_letter(*byte));
    words.filter(|word| word.len() > 1 && !word.is_ascii())
}

fn is_word(encoding: Encoding, word: &[u8]) -> bool {
    match encoding {
        Encoding::Windows874 => is_thai(word),
        Encoding::Windows1251 => is_cyrillic(word),
        Encoding::Windows1252 => is_latin(word),
        Encoding::Utf8 | Encoding::Utf16 => false,
    }
}

const fn is_thai_vowel(byte: u8) -> bool {
    matches!(byte, 0xD0..=0xDA | 0xE0..=0xE5 | 0xE7..=0xEE)
}

/// Thai letters alone, each vowel and tone mark where Thai has them.
fn is_thai(word: &[u8]) -> bool {
    let mut before = Thai::None;
    for byte in word {
        let is = match byte {
            0xA1..=0xCE => Thai::Consonant,
            0xD1 | 0xD4..=0xDA | 0xE7..=0xEE => Thai::Mark,
            0xD0 | 0xD2 | 0xD3 | 0xE5 => Thai::Vowel,
            0xE0..=0xE4 => Thai::LeadingVowel,
            0xCF | 0xDF | 0xE6 | 0xEF..=0xFB => Thai::Sign,
            _ => return false,
        };
        let fits = match (before, is) {
            (Thai::LeadingVowel, is) => is == Thai::Consonant,
            (Thai::Consonant | Thai::Mark, _) | (Thai::Vowel, Thai::Vowel) => true,
            (_, is) => !matches!(is, Thai::Mark | Thai::Vowel),
        };
        if !fits {
            return false;
        }
        before = is;
    }
    before != Thai::LeadingVowel && word.iter().any(|byte| matches!(byte, 0xA1..=0xCE))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Thai {
    None,
    Consonant,
    /// Above or below the letter before.
    Mark,
    Vowel,
    /// In front of its consonant.
    LeadingVowel,
    Sign,
}

/// Cyrillic letters alone, capitals at the beginning or throughout, also in «quotation marks».
fn is_cyrillic(word: &[u8]) -> bool {
    let is_capital = |byte: &u8| matches!(byte, 0xC0..=0xDF | 0xA8);
    let is_small = |byte: &u8| matches!(byte, 0xE0..=0xFF | 0xB8);
    let word = word.strip_prefix(&[0xAB]).unwrap_or(word);
    let word = word.strip_suffix(&[0xBB]).unwrap_or(word);
    match word.split_first() {
        Some((first, rest)) if is_capital(first) => {
            rest.iter().all(is_small) || rest.iter().all(is_capital)
        }
        _ => word.iter().all(is_small),
    }
}

/// Single letters with accents among plain ones, capitals at the beginning or throughout; or a sign
/// behind plain letters, as in Nº and Acme®.
fn is_latin(word: &[u8]) -> bool {
    if let [letters @ .., 0x99 | 0xAA | 0xAE | 0xB0 | 0xBA] = word
        && letters.is_ascii()
    {
        return true;
    }
    let is_small = |byte: u8| matches!(byte, 0xDF..=0xF6 | 0xF8..=0xFF | 0x9A | 0x9C | 0x9E);
    let is_capital =
        |byte: u8| matches!(byte, 0xC0..=0xD6 | 0xD8..=0xDE | 0x8A | 0x8C | 0x8E | 0x9F);
    let is_accented = |byte: &u8| is_capital(*byte) || is_small(*byte);
    let accented = word.iter().filter(|byte| !byte.is_ascii()).count();
    let is_spelt = word.iter().all(|byte| byte.is_ascii_alphabetic() || is_accented(byte));
    let in_a_row = word.windows(3).any(|part| part.iter().all(is_accented));
    let all_capitals = word.iter().all(|byte| byte.is_ascii_uppercase() || is_capital(*byte));
    let capitals_begin = word.iter().skip(1).all(|byte| !is_capital(*byte));
    is_spelt && accented * 2 <= word.len() && !in_a_row && (all_capitals || capitals_begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "reference,country,amount,currency,institution,account,name\n";

    /// The verdict on names, each in a row of its country.
    fn of(encoding: &'static encoding_rs::Encoding, rows: &[(&str, &str)]) -> Verdict {
        let mut bytes = HEADER.as_bytes().to_vec();
        for (country, name) in rows {
            let row = format!("R,{country},1.00,PHP,x,1,{name}\n");
            let (row, _, unmappable) = encoding.encode(&row);
            assert!(!unmappable, "{name}");
            bytes.extend_from_slice(&row);
        }
        verdict(&bytes, &ReadOptions::default())
    }

    fn proposed(verdict: &Verdict) -> Option<Encoding> {
        match verdict {
            Verdict::Proposed(encoding, _) => Some(*encoding),
            _ => None,
        }
    }

    #[test]
    fn words_and_country_together_name_an_encoding() {
        use encoding_rs::{WINDOWS_874, WINDOWS_1251, WINDOWS_1252};
        let thai = ["สมชาย ใจดี", "นางสาวพิมพ์ชนก ศรีสุวรรณ", "บริษัท น้ำตาลไทย จำกัด", "มาลี"];
        for name in thai {
            let verdict = of(WINDOWS_874, &[("PH", "Ana"), ("TH", name)]);
            assert_eq!(proposed(&verdict), Some(Encoding::Windows874), "{name}: {verdict:?}");
        }
        let russian =
            ["Иванов Иван", "СЕМЁНОВА МАРИЯ", "ООО «Ромашка»", "Ли", "Пётр И. Щукин-Ёлкин"];
        for name in russian {
            let verdict = of(WINDOWS_1251, &[("RU", name)]);
            assert_eq!(proposed(&verdict), Some(Encoding::Windows1251), "{name}: {verdict:?}");
        }
        for name in
            ["José Muñoz", "PEÑA NIÑO", "Ángel O’Hara", "Zoë", "Señor Núñez – Éva", "Acme® Nº"]
        {
            let verdict = of(WINDOWS_1252, &[("PH", name), ("MY", "Lim")]);
            assert_eq!(proposed(&verdict), Some(Encoding::Windows1252), "{name}: {verdict:?}");
        }
    }

    #[test]
    fn one_kind_of_evidence_names_candidates() {
        use encoding_rs::{WINDOWS_874, WINDOWS_1251, WINDOWS_1252};
        for (verdict, possible) in [
            (of(WINDOWS_874, &[("PH", "สมชาย ใจดี")]), vec![Encoding::Windows874]),
            (of(WINDOWS_1251, &[("TH", "Иванов Иван")]), vec![Encoding::Windows1251]),
            (of(WINDOWS_1252, &[("TH", "José Muñoz")]), vec![Encoding::Windows1252]),
            (of(WINDOWS_1252, &[("PH", "O’Brien – Hara")]), Encoding::ONE_BYTE.to_vec()),
        ] {
            assert_eq!(verdict, Verdict::Possible(possible));
        }
    }

    #[test]
    fn another_encoding_is_not_named_by_elimination() {
        use encoding_rs::{GBK, IBM866, ISO_8859_5, KOI8_R, MACINTOSH};
        for (encoding, country, name) in [
            (KOI8_R, "RU", "Иванов Иван"),
            (ISO_8859_5, "RU", "Иванов Иван"),
            (IBM866, "RU", "Иванов Иван"),
            (MACINTOSH, "PH", "Ana Peña"),
            (MACINTOSH, "PH", "José Muñoz"),
            (GBK, "MY", "张伟"),
            (GBK, "MY", "陈伟"),
        ] {
            let verdict = of(encoding, &[(country, name)]);
            assert_eq!(proposed(&verdict), None, "{} {name}: {verdict:?}", encoding.name());
        }
        assert_eq!(of(GBK, &[("MY", "陈伟")]), Verdict::Unknown);
        // Code page 850, which DOS programs write.
        let bytes = [HEADER.as_bytes(), b"R,PH,1.00,PHP,x,1,Ana Pe\xA4a\n"].concat();
        assert_eq!(verdict(&bytes, &ReadOptions::default()), Verdict::Unknown);
    }

    #[test]
    fn two_encodings_in_one_file_are_recognised() {
        let thai = encoding_rs::WINDOWS_874.encode("R,TH,1.00,THB,x,1,สมชาย ใจดี\n").0.into_owned();
        let bytes = [HEADER.as_bytes(), "R,PH,1.00,PHP,x,1,Ana Peña\n".as_bytes(), &thai].concat();
        let verdict = verdict(&bytes, &ReadOptions::default());
        assert_eq!(verdict, Verdict::Mixed(vec![Encoding::Windows874]));
    }
}
