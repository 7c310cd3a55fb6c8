//! What the value of each object may be: one table for reading and for writing.

use crate::{ans::is_ans, id::Path, scheme::Scheme};
use core::fmt;

/// The longest value that two digits of length can announce.
pub(crate) const LONGEST: u8 = 99;

/// Form and length of a value (EMVCo MPM 1.0, tables 3.1 to 3.9, and the schemes' own limits).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    form: Form,
    least: u8,
    most: u8,
}

/// The characters that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// "N": digits.
    Digits,
    /// Letters of ASCII.
    Letters,
    /// Capital letters of ASCII.
    Capitals,
    /// "ans": printable ASCII.
    Ans,
    /// "S": everything but control characters.
    Any,
}

/// What a value has that it may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Empty,
    /// It has more characters than `most`.
    TooLong {
        found: usize,
        most: u8,
    },
    /// It has another number of characters than the one allowed.
    Length {
        found: usize,
        exactly: u8,
    },
    /// The character at this byte is not of the form.
    Character {
        at: usize,
        form: Form,
    },
}

impl Rule {
    /// The rule for an object.
    pub(crate) const fn of(scheme: Scheme, path: Path) -> Self {
        match path.sub {
            None => Self::of_root(path.root.number()),
            Some(sub) => Self::of_sub(scheme, path.root.number(), sub.number()),
        }
    }

    const fn of_root(root: u8) -> Self {
        match root {
            0 | 1 | 55 => Self::exactly(Form::Digits, 2),
            2..=25 => Self::up_to(Form::Ans, LONGEST),
            52 => Self::exactly(Form::Digits, 4),
            53 => Self::exactly(Form::Digits, 3),
            54 | 56 => Self::up_to(Form::Ans, 13),
            57 => Self::up_to(Form::Ans, 5),
            58 => Self::exactly(Form::Capitals, 2),
            59 => Self::up_to(Form::Ans, 25),
            60 => Self::up_to(Form::Ans, 15),
            61 => Self::up_to(Form::Ans, 10),
            _ => Self::up_to(Form::Any, LONGEST),
        }
    }

    const fn of_sub(scheme: Scheme, root: u8, sub: u8) -> Self {
        match (scheme, root, sub) {
            (_, 26..=51, 0) => Self::up_to(Form::Ans, 32),
            (Scheme::QrPh, 27 | 28, 1) => Self::up_to(Form::Ans, 11),
            (Scheme::QrPh, 27, 2) => Self::up_to(Form::Ans, 8),
            (Scheme::QrPh, 27 | 28, 3) | (Scheme::QrPh, 27, 5) => Self::up_to(Form::Ans, 25),
            (Scheme::QrPh, 27 | 28, 4) => Self::up_to(Form::Ans, 19),
            (Scheme::QrPh, 28, 5) => Self::up_to(Form::Ans, 3),
            (Scheme::Qris, 26..=45, 1) => Self::up_to(Form::Ans, 19),
            (Scheme::Qris, 26..=45, 2) | (Scheme::Qris, 51, 2) => Self::up_to(Form::Ans, 15),
            (Scheme::Qris, 26..=39 | 41..=45 | 51, 3) => Self::up_to(Form::Ans, 3),
            (Scheme::DuitNow, 26, 1) => Self::up_to(Form::Ans, 6),
            (Scheme::DuitNow, 26, 2) => Self::up_to(Form::Ans, 28),
            (Scheme::DuitNow, 26, 3) => Self::up_to(Form::Ans, 20),
            (Scheme::DuitNow, 26, 4) => Self::up_to(Form::Ans, 15),
            (Scheme::PromptPay, 29, 1..=4) => Self::up_to(Form::Ans, 43),
            (Scheme::PromptPay, 30, 1) => Self::up_to(Form::Digits, 15),
            (Scheme::PromptPay, 30, 2 | 3) => Self::up_to(Form::Ans, 20),
            (Scheme::DuitNow, 62, 90) => Self::up_to(Form::Ans, 20),
            (Scheme::DuitNow, 62, 91) => Self::up_to(Form::Ans, 30),
            (_, 62, 1..=8) => Self::up_to(Form::Ans, 25),
            (_, 62, 9) => Self::up_to(Form::Ans, 3),
            (_, 62, ..50) => Self::up_to(Form::Ans, LONGEST),
            (_, 64, 0) => Self::exactly(Form::Letters, 2),
            (_, 64, 1) => Self::up_to(Form::Any, 25),
            (_, 64, 2) => Self::up_to(Form::Any, 15),
            _ => Self::up_to(Form::Any, LONGEST),
        }
    }

    /// How many characters the value has, or what is wrong with it. The length comes first: beyond
    /// it, the value is not what it was meant to be.
    #[inline]
    pub(crate) fn check(self, value: &str) -> Result<usize, Fault> {
        // Printable ASCII: as many characters as bytes.
        let ans = is_ans(value);
        let found = if ans { value.len() } else { value.chars().count() };
        if found == 0 {
            return Err(Fault::Empty);
        }
        if found > usize::from(self.most) || found < usize::from(self.least) {
            return Err(if self.least == self.most {
                Fault::Length { found, exactly: self.most }
            } else {
                Fault::TooLong { found, most: self.most }
            });
        }
        if ans && matches!(self.form, Form::Ans | Form::Any) {
            return Ok(found);
        }
        match value.char_indices().find(|(_, character)| !self.form.allows(*character)) {
            Some((at, _)) => Err(Fault::Character { at, form: self.form }),
            None => Ok(found),
        }
    }

    const fn exactly(form: Form, length: u8) -> Self {
        Self { form, least: length, most: length }
    }

    const fn up_to(form: Form, most: u8) -> Self {
        Self { form, least: 1, most }
    }
}

impl Form {
    const fn allows(self, character: char) -> bool {
        match self {
            Self::Digits => character.is_ascii_digit(),
            Self::Letters => character.is_ascii_alphabetic(),
            Self::Capitals => character.is_ascii_uppercase(),
            Self::Ans => matches!(character, ' '..='~'),
            Self::Any => !matches!(character, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "a digit",
            Self::Letters => "a letter from A to Z",
            Self::Capitals => "a capital letter from A to Z",
            Self::Ans => "printable ASCII",
            Self::Any => "a printable character",
        })
    }
}
