//! Which institution a text means: one that it names exactly, or a guess.
//!
//! A name is compared as a whole, without what does not distinguish: capitals, blanks,
//! punctuation, accents, legal forms. A guess compares word by word without the words that all
//! banks share, and allows a slip in each word that is long enough to have one. Where two
//! institutions are as near, there is no guess.

use super::{Directory, Institution};
use crate::{ids::InstitutionId, money::Country};
use std::{collections::HashMap, sync::LazyLock};

/// How a text names an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must tell them apart")]
pub enum NameMatch {
    /// By its id, BIC, name or alias.
    Exact(&'static Institution),
    /// By a name with a slip of the hand.
    Guess(&'static Institution),
    /// By the name of a bank that was merged into it.
    Merged(&'static Institution),
}

impl NameMatch {
    /// The institution.
    #[must_use]
    pub const fn institution(self) -> &'static Institution {
        match self {
            Self::Exact(institution) | Self::Guess(institution) | Self::Merged(institution) => {
                institution
            }
        }
    }

    /// Whether the text names it exactly.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

/// No name is longer; a longer text is another column, or an attempt to take time.
const LONGEST: usize = 100;

/// The most words that a name has.
const MOST_WORDS: usize = 16;

impl Directory {
    /// The institution with this id, or this BIC8.
    #[must_use]
    pub fn get(&self, id: &InstitutionId) -> Option<&'static Institution> {
        INDEXES.get(&self.country)?.ids.get(id.as_str()).copied()
    }

    /// Whether both ids are ids of one institution.
    #[must_use]
    pub fn are_one(&self, one: &InstitutionId, other: &InstitutionId) -> bool {
        self.get(one).zip(self.get(other)).is_some_and(|(one, other)| one.id == other.id)
    }

    /// The institution that goes by this name: its id, BIC, name or an alias. Capitals, blanks,
    /// punctuation, accents and legal forms (`Inc.`, `PT … Tbk`, `Berhad`, `PCL`) do not matter.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static Institution> {
        match self.find(name) {
            Some(NameMatch::Exact(institution)) => Some(institution),
            _ => None,
        }
    }

    /// The institution that a text means, as people write it. A guess needs a person's yes: no
    /// payment follows from it.
    ///
    /// ```
    /// use tulay_core::{Country, Directory, NameMatch};
    /// let directory = Directory::of(Country::ID).unwrap();
    /// let find = |name| directory.find(name).map(|found| (found.is_exact(), found.institution().id));
    /// assert_eq!(find("PT Bank Central Asia Tbk"), Some((true, "CENAIDJA")));
    /// assert_eq!(find("Bank Mandri"), Some((false, "BMRIIDJA")));
    /// assert_eq!(find("BNI Syariah"), Some((false, "BSMDIDJA"))); // merged into it
    /// assert_eq!(find("Bank Ganjil"), None);
    /// ```
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NameMatch> {
        let index = INDEXES.get(&self.country)?;
        let text = name.trim();
        if text.chars().nth(LONGEST).is_some() {
            return None;
        }
        let exact = index.exact(text).map(NameMatch::Exact);
        let merged = || index.merged(text).map(NameMatch::Merged);
        exact.or_else(merged).or_else(|| index.guess(text).map(NameMatch::Guess))
    }
}

/// The text without what does not distinguish one name from another.
fn folded(text: &str) -> String {
    significant(&words(text)).concat()
}

static INDEXES: LazyLock<HashMap<Country, Index>> = LazyLock::new(|| {
    let index = |directory: &Directory| (directory.country, Index::of(directory));
    Directory::all().iter().map(index).collect()
});

/// The names of one country, made ready to be compared.
struct Index {
    country: Country,
    ids: HashMap<&'static str, &'static Institution>,
    exact: HashMap<String, &'static Institution>,
    merged: HashMap<String, &'static Institution>,
    /// The words that distinguish a name.
    words: Vec<(Vec<String>, &'static Institution)>,
}

impl Index {
    fn of(directory: &Directory) -> Self {
        let country = directory.country;
        let mut index = Self {
            country,
            ids: HashMap::new(),
            exact: HashMap::new(),
            merged: HashMap::new(),
            words: Vec::new(),
        };
        for row in directory.institutions {
            for id in [Some(row.id), row.bic].into_iter().flatten() {
                index.ids.entry(id).or_insert(row);
            }
            index.exact.extend(row.names().map(|name| (folded(name), row)));
            index.merged.extend(row.merged.iter().map(|name| (folded(name), row)));
            // A code that is one letter off may be another bank's: codes are not guessed at.
            let named = [&[row.name], row.aliases, row.merged].concat();
            index.words.extend(named.iter().map(|name| (distinguishing(name, country), row)));
        }
        index
    }

    fn exact(&self, text: &str) -> Option<&'static Institution> {
        let whole = |text: &str| self.exact.get(&folded(text)).copied();
        whole(text).or_else(|| self.of_bic11(text)).or_else(|| self.of_parts(text, whole))
    }

    /// A BIC with its branch.
    fn of_bic11(&self, text: &str) -> Option<&'static Institution> {
        let bic8 = text.get(..8).filter(|_| text.len() == 11)?;
        let row = self.exact.get(&bic8.to_lowercase())?;
        let is_bic = row.bic.is_some_and(|bic| bic.eq_ignore_ascii_case(bic8));
        (is_bic && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(row)
    }

    /// `Bank Central Asia (BCA)`, `BTPN / Jenius`: names of one institution side by side. A part
    /// that says the country or the kind of bank does not count.
    fn of_parts(
        &self,
        text: &str,
        named: impl Fn(&str) -> Option<&'static Institution>,
    ) -> Option<&'static Institution> {
        let text = text.replace(" - ", "/").replace(" – ", "/");
        let mut found: Option<&'static Institution> = None;
        for part in text.split(['/', '(', ')', ',', ';']) {
            let says_little = |word: &String| {
                let word = word.as_str();
                FORMS.contains(&word) || KINDS.contains(&word) || is_shared(word, self.country)
            };
            if words(part).iter().all(says_little) {
                continue;
            }
            let row = named(part)?;
            if found.is_some_and(|known| known.id != row.id) {
                return None;
            }
            found = Some(row);
        }
        found
    }

    fn merged(&self, text: &str) -> Option<&'static Institution> {
        let known = |text: &str| {
            let folded = folded(text);
            self.merged.get(&folded).or_else(|| self.exact.get(&folded)).copied()
        };
        known(text).or_else(|| self.of_parts(text, known))
    }

    fn guess(&self, text: &str) -> Option<&'static Institution> {
        let wanted = distinguishing(text, self.country);
        if wanted.is_empty() || wanted.len() > MOST_WORDS {
            return None;
        }
        let mut near: Vec<(usize, &'static Institution)> = Vec::new();
        for (words, row) in &self.words {
            let Some(slips) = slips(&wanted, words) else { continue };
            match near.iter_mut().find(|(_, known)| known.id == row.id) {
                Some((least, _)) => *least = slips.min(*least),
                None => near.push((slips, row)),
            }
        }
        // A name without a slip is nearer than any with one; a slip is no nearer than another.
        let whole: Vec<_> = near.iter().filter(|(slips, _)| *slips == 0).collect();
        match (whole.as_slice(), near.as_slice()) {
            ([(_, row)], _) | ([], [(_, row)]) => Some(row),
            _ => None,
        }
    }
}

/// Forms of companies, and words between words.
const FORMS: [&str; 26] = [
    "ag",
    "and",
    "berhad",
    "bhd",
    "co",
    "company",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "limited",
    "ltd",
    "na",
    "nv",
    "pcl",
    "perseroan",
    "persero",
    "plc",
    "pt",
    "sdn",
    "tbk",
    "the",
    "จำกัด",
    "จํากัด",
    "มหาชน",
    "บมจ",
];

/// Words that most banks or wallets have in their names.
const SHARED: [&str; 10] =
    ["bank", "banking", "bpd", "ewallet", "for", "of", "rural", "thrift", "wallet", "a"];

/// Words that name a kind of bank: alone they distinguish none.
const KINDS: [&str; 16] = [
    "commercial",
    "cooperative",
    "daerah",
    "development",
    "digital",
    "direct",
    "islam",
    "islamic",
    "nasional",
    "national",
    "network",
    "pembangunan",
    "savings",
    "shariah",
    "syariah",
    "universal",
];

/// Abbreviations, and spellings of one word.
const WRITTEN_OUT: [(&str, &str); 9] = [
    ("devt", "development"),
    ("govt", "government"),
    ("intl", "international"),
    ("msia", "malaysia"),
    ("natl", "national"),
    ("phil", "philippine"),
    ("phils", "philippines"),
    ("shariah", "syariah"),
    ("sharia", "syariah"),
];

/// The words of a text in lower case, without accents. The point of an abbreviation belongs to its
/// word: `J.P. Morgan` is two words.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in text.chars() {
        let Some(word) = words.last_mut() else { break };
        match character {
            _ if is_mark(character) => {}
            '\'' | '’' | '`' => {}
            '.' if word.chars().nth(1).is_none() => {}
            _ if character.is_alphanumeric() => word.extend(plain(character)),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        // Thai sets no blank between "bank" and its name.
        if let Some(name) = word.strip_prefix("ธนาคาร").filter(|name| !name.is_empty())
        {
            *word = name.to_owned();
        }
        if let Some((_, whole)) = WRITTEN_OUT.iter().find(|(short, _)| short == word) {
            (*whole).clone_into(word);
        }
    }
    words
}

/// The words without legal forms; all of them where there is nothing else.
fn significant(words: &[String]) -> Vec<&str> {
    let all = words.iter().map(String::as_str);
    let is_public_company = |index: usize| {
        let next = words.get(index.saturating_add(1)).map(String::as_str);
        matches!(next, Some("company" | "co"))
    };
    let left: Vec<&str> = all
        .clone()
        .enumerate()
        .filter(|(index, word)| {
            let of_form = *word == "public" && is_public_company(*index);
            !of_form && !FORMS.contains(word)
        })
        .map(|(_, word)| word)
        .collect();
    if left.is_empty() { all.collect() } else { left }
}

/// The words by which a name differs from those of other banks; none where it has no such word.
fn distinguishing(name: &str, country: Country) -> Vec<String> {
    let words = words(name);
    let all = significant(&words);
    let own: Vec<&str> = all.iter().copied().filter(|word| !is_shared(word, country)).collect();
    let is_kind = !own.is_empty() && own.iter().all(|word| KINDS.contains(word));
    let words = if is_kind { all } else { own };
    words.into_iter().map(str::to_owned).collect()
}

fn is_shared(word: &str, country: Country) -> bool {
    let of_country: &[&str] = match country {
        Country::ID => &["indonesia"],
        Country::MY => &["malaysia", "m"],
        Country::PH => &["philippines", "ph", "pilipinas"],
        Country::TH => &["thailand", "thai"],
        _ => &[],
    };
    SHARED.contains(&word) || of_country.contains(&word)
}

/// How many slips make the words of one name those of another; `None` where a word is another one.
fn slips(wanted: &[String], known: &[String]) -> Option<usize> {
    if wanted.len() != known.len() {
        return None;
    }
    let mut left: Vec<&String> = known.iter().collect();
    let mut all = 0_usize;
    for word in wanted {
        let distances = left.iter().enumerate();
        let distances = distances.filter_map(|(at, other)| Some((slip(word, other)?, at)));
        let (distance, at) = distances.min()?;
        left.swap_remove(at);
        all = all.saturating_add(distance);
    }
    Some(all)
}

/// One edit in a word of four letters or more, two from eight on; never in the first letter. The
/// words of an abbreviation are too short for one.
fn slip(word: &str, known: &str) -> Option<usize> {
    if word == known {
        return Some(0);
    }
    let (length, other) = (word.chars().count(), known.chars().count());
    let allowed = match length.min(other) {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let may_be = length.abs_diff(other) <= allowed && word.chars().next() == known.chars().next();
    let distance = || strsim::osa_distance(word, known);
    may_be.then(distance).filter(|distance| *distance <= allowed)
}

/// Marks that stand above or below a letter: of an accent that is a character of its own, and
/// those of Thai that are no letters.
const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// The letter in lower case and without its accent, for the accents of the region's names.
fn plain(character: char) -> impl Iterator<Item = char> {
    character.to_lowercase().map(|letter| match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{channel::Channel, ids::InstitutionId};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_name_means_two_institutions() {
        for directory in Directory::all() {
            let mut owners: BTreeMap<String, &str> = BTreeMap::new();
            for row in directory.institutions() {
                assert!(row.institution_id().is_some(), "{}", row.id);
                let is_bic8 = |bic: &str| InstitutionId::new(bic).is_ok() && bic.len() == 8;
                assert!(row.bic.is_none_or(is_bic8), "{}", row.id);
                assert!(row.bic.is_some() || row.channel == Channel::Wallet, "{}", row.id);
                assert!(!row.by_mobile || row.channel == Channel::Wallet, "{}", row.id);
                for name in row.names().chain(row.merged.iter().copied()) {
                    let owner = owners.insert(folded(name), row.id);
                    assert!(
                        owner.is_none_or(|id| id == row.id),
                        "{name} is {owner:?} and {}",
                        row.id
                    );
                }
            }
            assert!(owners.len() > 80, "{}", directory.country());
            let of_channel =
                |channel| directory.institutions().iter().filter(move |r| r.channel == channel);
            assert!(of_channel(Channel::Bank).is_sorted_by_key(|row| row.id));
            assert!(of_channel(Channel::Wallet).is_sorted_by_key(|row| row.id));
        }
    }

    fn found(country: Country, text: &str) -> Option<(bool, &'static str)> {
        let found = Directory::of(country)?.find(text)?;
        Some((found.is_exact(), found.institution().id))
    }

    #[test]
    fn legal_forms_and_accents_do_not_count() {
        for (country, text, id) in [
            (Country::PH, "GXCHPHM2XXX", "gcash"),
            (Country::PH, "bnorphmm", "BNORPHMM"),
            (Country::PH, "Asia United Bank Corp.", "AUBKPHMM"),
            (Country::PH, "Bánk of Commerce", "PABIPHMM"),
            (Country::PH, "Ban\u{301}k of Commerce", "PABIPHMM"),
            (Country::PH, "The Bank of Commerce, Inc", "PABIPHMM"),
            (Country::ID, "PT.Bank Mega Tbk.", "MEGAIDJA"),
            (Country::ID, "pt bank muamalat indonesia", "MUABIDJA"),
            (Country::MY, "Public Bank Berhad", "PBBEMYKL"),
            (Country::MY, "JP Morgan", "CHASMYKX"),
            (Country::TH, "Kasikornbank Public Company Limited", "KASITHBK"),
            (Country::TH, "Tisco Bank Public Co., Ltd.", "TFPCTHB1"),
            (Country::TH, "ธนาคารกรุงศรี", "AYUDTHBK"),
            (Country::TH, "ธนาคารทิสโก้ จำกัด (มหาชน)", "TFPCTHB1"),
        ] {
            assert_eq!(found(country, text), Some((true, id)), "{text}");
        }
    }

    #[test]
    fn names_side_by_side_mean_one_institution() {
        for (country, text, id) in [
            (Country::PH, "Metrobank (Metropolitan Bank and Trust Company)", "MBTCPHMM"),
            (Country::PH, "RCBC - Rizal Commercial Banking Corporation", "RCBCPHMM"),
            (Country::PH, "Camalig Bank, Inc. (A Rural Bank)", "RUCAPHM1"),
            (Country::MY, "RHB (Malaysia)", "RHBBMYKL"),
        ] {
            assert_eq!(found(country, text), Some((true, id)), "{text}");
        }
        for text in ["BDO / BPI", "BDO (GCash)", "BPI (Malaysia)", "()", "(Philippines)", "/"] {
            assert_eq!(found(Country::PH, text), None, "{text}");
        }
    }

    #[test]
    fn two_near_names_are_no_guess() {
        for (country, text) in [
            (Country::PH, "Chna Bank"),     // China Bank, Bank of China
            (Country::TH, "Krungtai Bank"), // Krungthai, Krungsri
        ] {
            assert_eq!(found(country, text), None, "{text}");
        }
    }

    #[test]
    fn another_bank_is_no_slip() {
        for (country, text) in [
            (Country::ID, "BDI Syariah"),
            (Country::ID, "Bank Ini"),
            (Country::ID, "Bank Mesra"),
            (Country::ID, "Danamon Syariah"),
            (Country::ID, "CIMB Niaga Syariah"),
            (Country::ID, "Bank Syariah"),
            (Country::ID, "CENAIDJB"),
            (Country::MY, "Affin Hwang Islamic"),
            (Country::MY, "Bank Pertama"),
            (Country::PH, "BPO"),
            (Country::PH, "Rural Bank of Gumaca"),
            (Country::PH, "BOPIPHNM"),
            (Country::PH, "Bank"),
            (Country::PH, "Savings Bank"),
            (Country::PH, "Inc."),
            (Country::TH, "Bank of Bangkok City"),
        ] {
            assert_eq!(found(country, text), None, "{text}");
        }
    }

    #[test]
    fn slips_and_merged_banks_are_guesses() {
        for (country, text, id) in [
            (Country::PH, "Metrobnk", "MBTCPHMM"),
            (Country::PH, "gcahs", "gcash"),
            (Country::PH, "Secuirty Bank", "SETCPHMM"),
            (Country::PH, "BPI Bank", "BOPIPHMM"),
            (Country::PH, "United Coconut Planters Bank", "TLBPPHMM"),
            (Country::ID, "BRI Syariah", "BSMDIDJA"),
            (Country::ID, "Bank Muamlat", "MUABIDJA"),
            (Country::TH, "Krungthia Bank", "KRTHTHBK"),
            (Country::TH, "Thanachart", "TMBKTHBK"),
        ] {
            assert_eq!(found(country, text), Some((false, id)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,120}", end in ".{0,20}") {
            for directory in Directory::all() {
                let _ = directory.find(&text);
                let _ = directory.find(&end);
            }
        }

        #[test]
        fn case_and_punctuation_do_not_change_a_match(row in 0..200_usize, marks in "[ .,-]{0,3}") {
            for directory in Directory::all() {
                let Some(row) = directory.institutions().get(row) else { continue };
                for name in row.names() {
                    let written = format!("{marks}{}{marks}", name.to_uppercase());
                    prop_assert_eq!(
                        directory.named(&written).map(|row| row.id),
                        Some(row.id),
                        "{}", written
                    );
                }
            }
        }
    }
}
