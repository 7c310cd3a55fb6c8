//! One thing that was looked at, and what to do about it.

use serde_json::{Value, json};
use tulay::{Environment, Provider};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Good,
    /// Not wrong, but to be known.
    Note,
    Bad,
}

impl Verdict {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
pub(super) struct Check {
    pub(super) verdict: Verdict,
    pub(super) subject: String,
    /// The problem; where all is well, what was found.
    pub(super) result: String,
    pub(super) fix: Option<String>,
}

impl Check {
    pub(super) fn new(
        verdict: Verdict,
        subject: impl Into<String>,
        result: impl Into<String>,
    ) -> Self {
        Self { verdict, subject: subject.into(), result: result.into(), fix: None }
    }

    pub(super) fn good(subject: impl Into<String>, result: impl Into<String>) -> Self {
        Self::new(Verdict::Good, subject, result)
    }

    pub(super) fn note(subject: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::new(Verdict::Note, subject, problem)
    }

    pub(super) fn bad(subject: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::new(Verdict::Bad, subject, problem)
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// A note that is a problem in production.
    pub(super) fn worse_if(mut self, production: bool) -> Self {
        if production && self.verdict == Verdict::Note {
            self.verdict = Verdict::Bad;
        }
        self
    }

    pub(super) fn to_json(&self) -> Value {
        let (verdict, subject) = (self.verdict.as_str(), &self.subject);
        match self.verdict {
            Verdict::Good => {
                json!({ "verdict": verdict, "subject": subject, "result": self.result })
            }
            Verdict::Note | Verdict::Bad => json!({
                "verdict": verdict, "subject": subject, "problem": self.result, "fix": self.fix,
            }),
        }
    }

    pub(super) fn to_row(&self) -> Vec<String> {
        let fix = self.fix.clone().unwrap_or_default();
        vec![self.verdict.as_str().to_owned(), self.subject.clone(), self.result.clone(), fix]
    }
}

/// What helps where a provider cannot be reached.
pub(super) fn not_reached(provider: &dyn Provider) -> &'static str {
    if provider.merchant_account().environment == Environment::Sandbox {
        "run `tulay sandbox` in this folder, or correct base_url"
    } else {
        "correct base_url, or look at network, proxy and firewall ([http] of the configuration)"
    }
}
