//! What a person states about a payout.

use jiff::Timestamp;
use std::{fmt, str::FromStr};
use tulay_core::{Invalid, Reference};
use tulay_journal::record::Declaration;

const LONGEST: usize = 1000;

/// What became of a payout, as a person found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resolution {
    /// The money reached the beneficiary.
    Paid,
    /// No order of it exists at the provider, and none can any more: the provider says so in
    /// writing.
    NotExecuted,
    /// It was paid, and the money is back on the account.
    CameBack,
}

impl Resolution {
    /// Every resolution.
    pub const ALL: [Self; 3] = [Self::Paid, Self::NotExecuted, Self::CameBack];

    /// The name in JSON and in files: `not_executed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::NotExecuted => "not_executed",
            Self::CameBack => "came_back",
        }
    }

    pub(super) const fn declaration(self) -> Declaration {
        match self {
            Self::Paid => Declaration::Paid,
            Self::NotExecuted => Declaration::NotExecuted,
            Self::CameBack => Declaration::CameBack,
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Resolution {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or_else(|| Invalid::new("resolution", "paid, not_executed or came_back"))
    }
}

/// A person's statement about a payout, with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub(super) reference: Reference,
    pub(super) resolution: Resolution,
    pub(super) evidence: String,
    pub(super) attempt: Option<u8>,
    pub(super) as_of: Option<Timestamp>,
}

impl Statement {
    /// A statement. The evidence names what it rests on, such as the provider's letter or ticket. It
    /// is kept for ever, and personal data does not belong into it.
    ///
    /// # Errors
    /// When the evidence is empty, longer than 1000 characters, or has control characters.
    pub fn new(
        reference: Reference,
        resolution: Resolution,
        evidence: &str,
    ) -> Result<Self, Invalid> {
        let evidence = evidence.trim();
        let fits = !evidence.is_empty()
            && evidence.chars().count() <= LONGEST
            && !evidence.chars().any(char::is_control);
        if !fits {
            let expected = "a text of 1 to 1000 characters, without line breaks, that names the \
                            provider's letter, ticket or statement";
            return Err(Invalid::new("evidence", expected));
        }
        let evidence = evidence.to_owned();
        Ok(Self { reference, resolution, evidence, attempt: None, as_of: None })
    }

    /// States it of this attempt. Without it, the statement is about the attempt that may have been
    /// paid, or else the last one.
    #[must_use]
    pub const fn of_attempt(mut self, attempt: u8) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// When the provider looked, as the evidence says. Of what was sent later, a letter that nothing
    /// was executed says nothing. It is needed where the payout was sent more than once.
    #[must_use]
    pub const fn as_of(mut self, moment: Timestamp) -> Self {
        self.as_of = Some(moment);
        self
    }

    /// The payout that it is about.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_one_line_of_text() {
        let with = |evidence: &str| {
            let reference = Reference::new("R1").unwrap();
            Statement::new(reference, Resolution::Paid, evidence)
        };
        assert_eq!(with(" letter 7 ").unwrap().evidence, "letter 7");
        assert!(with(&"é".repeat(1000)).is_ok());
        for wrong in ["", "  ", "a\nb", "a\u{1b}[31m", &"x".repeat(1001)] {
            assert_eq!(with(wrong).unwrap_err().field(), "evidence", "{wrong:?}");
        }
    }

    #[test]
    fn resolution_is_its_name() {
        for resolution in Resolution::ALL {
            assert_eq!(resolution.to_string().parse(), Ok(resolution));
        }
        assert!("Paid".parse::<Resolution>().is_err());
    }
}
