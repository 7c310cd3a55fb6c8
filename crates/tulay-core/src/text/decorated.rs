//! A number as it stands among signs of currencies, quotes and dashes.

use super::number::is_separator;
use crate::{code_words, money::Currency};

const DASHES: [char; 5] = ['-', '−', '–', '—', '－'];

/// A number, and what stands around it.
#[derive(Default)]
pub(super) struct Decorated {
    /// From the first digit to the last, with digits 0-9.
    pub(super) number: String,
    /// The place and character of the first digit or mark of another script.
    pub(super) foreign: Option<(usize, char)>,
    /// Behind `=` or `'`, or in quotes.
    pub(super) guarded: bool,
    pub(super) negative: bool,
    pub(super) plus: bool,
    /// The currency of its sign, code or name.
    pub(super) currency: Option<Currency>,
    /// Whether a dash stands in place of decimals: `1250.-`.
    pub(super) dash: bool,
    /// Whether no digit stands behind the point: `1250.`
    pub(super) bare_point: bool,
}

impl Decorated {
    /// Takes the text apart.
    ///
    /// # Errors
    /// The place of a character that belongs to no number.
    pub(super) fn read(text: &str) -> Result<Self, usize> {
        let characters: Vec<char> = text.chars().collect();
        let is_digit = |c: &char| digit(*c).is_some();
        let first = characters.iter().position(is_digit).ok_or(1_usize)?;
        let last = characters.iter().rposition(is_digit).unwrap_or(first);
        let mut decorated = Self::default();
        let mut front: String = characters.iter().take(first).collect();
        // The point of Rp. is none of the number.
        let is_point = |before: &&str| !before.ends_with(char::is_alphabetic);
        if let Some(before) = front.strip_suffix('.').filter(is_point) {
            decorated.number.push('.');
            front = before.to_owned();
        }
        for (at, &c) in characters.iter().enumerate().take(last + 1).skip(first) {
            let western = digit(c).or_else(|| mark(c)).ok_or(at + 1)?;
            decorated.number.push(western);
            if western != c {
                decorated.foreign = decorated.foreign.or(Some((at + 1, c)));
            }
        }
        let back: String = characters.iter().skip(last + 1).collect();
        let back = decorated.in_place_of_decimals(&back);
        // The first character that is not blank.
        let from = |start: usize| {
            let rest = characters.iter().skip(start);
            start + 1 + rest.take_while(|c| c.is_whitespace()).count()
        };
        decorated.around(&front).ok_or_else(|| from(0))?;
        decorated.around(back).ok_or_else(|| from(last + 1))?;
        Ok(decorated)
    }

    /// Takes a point without decimals, or with a dash in their place, off what follows the number.
    fn in_place_of_decimals<'t>(&mut self, back: &'t str) -> &'t str {
        let Some(behind) = back.strip_prefix(['.', ',']) else { return back };
        match behind.strip_prefix(DASHES) {
            Some(rest) => {
                self.dash = true;
                rest
            }
            None => {
                self.bare_point = true;
                behind
            }
        }
    }

    /// Takes in what stands in front of a number or behind it; `None` where that is no mark of a
    /// number and no currency.
    fn around(&mut self, text: &str) -> Option<()> {
        for token in tokens(text) {
            match token.as_str() {
                "=" | "'" | "‘" | "’" | "\"" | "“" | "”" => self.guarded = true,
                "(" | ")" => self.negative = true,
                "+" => self.plus = true,
                dash if dash.starts_with(DASHES) => self.negative = true,
                word => self.currency = Some(currency(word)?),
            }
        }
        Some(())
    }
}

/// Each mark, and each word between marks and blanks.
fn tokens(text: &str) -> Vec<String> {
    let is_mark = |c: char| DASHES.contains(&c) || "='‘’\"“”()+".contains(c);
    let (mut tokens, mut word) = (Vec::new(), String::new());
    for c in text.chars() {
        if !is_mark(c) && !c.is_whitespace() {
            word.push(c);
            continue;
        }
        tokens.push(std::mem::take(&mut word));
        tokens.extend(is_mark(c).then(|| c.to_string()));
    }
    tokens.push(word);
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// The currency that a sign, code or name stands for.
fn currency(word: &str) -> Option<Currency> {
    let code = code_words::currency_code(word).map(str::to_owned);
    Currency::new(&code.or_else(|| code_words::iso_code(word))?).ok()
}

/// The mark that separates digits as this one does.
fn mark(c: char) -> Option<char> {
    match c {
        '．' | '٫' => Some('.'),
        '，' | '٬' => Some(','),
        c => is_separator(c).then_some(c),
    }
}

/// The digit 0-9 of the same value, for the digits of the region and of spreadsheets there.
pub(super) fn digit(c: char) -> Option<char> {
    const ZEROS: [char; 10] = ['0', '٠', '۰', '०', '๐', '໐', '၀', '០', '꧐', '０'];
    let value = |zero: &char| u32::from(c).checked_sub(u32::from(*zero));
    let value = ZEROS.iter().filter_map(value).find(|value| *value < 10)?;
    char::from_digit(value, 10)
}
