//! One thing that was looked at, and what to do about it.

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

pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) subject: String,
    pub(super) finding: String,
    pub(super) fix: Option<String>,
}

impl Finding {
    pub(super) fn new(
        verdict: Verdict,
        subject: impl Into<String>,
        finding: impl Into<String>,
    ) -> Self {
        Self { verdict, subject: subject.into(), finding: finding.into(), fix: None }
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// What helps where a provider cannot be reached.
pub(super) fn not_reached(provider: &dyn Provider) -> &'static str {
    if provider.merchant_account().environment == Environment::Sandbox {
        "run `tulay sandbox` in this folder, or correct base_url"
    } else {
        "correct base_url, or look at network, proxy and firewall"
    }
}
