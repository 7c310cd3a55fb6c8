//! What a check finds.

use tulay_core::Operation;

/// Something about the rules that their author should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What the finding is about.
    pub location: Location,
    /// Whether it can only be a mistake; a note otherwise.
    pub is_mistake: bool,
    /// What was found.
    pub message: String,
    /// What to change.
    pub fix: String,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// The rule of this index.
    Rule(usize),
    /// A condition of a rule.
    Condition {
        /// The index of the rule.
        rule: usize,
        /// The key of the condition, such as `amount`.
        key: &'static str,
    },
    /// A provider of a rule.
    Target {
        /// The index of the rule.
        rule: usize,
        /// The index in [`Rule::targets`](crate::Rule::targets).
        target: usize,
    },
    /// The provider of this index.
    Provider(usize),
    /// The rules of an operation.
    Operation(Operation),
}

impl Location {
    /// The index of the rule that the finding is about.
    #[must_use]
    pub const fn rule(&self) -> Option<usize> {
        match self {
            Self::Rule(rule) | Self::Condition { rule, .. } | Self::Target { rule, .. } => {
                Some(*rule)
            }
            Self::Provider(_) | Self::Operation(_) => None,
        }
    }
}

pub(super) const fn mistake(location: Location, message: String, fix: String) -> Finding {
    Finding { location, is_mistake: true, message, fix }
}

pub(super) const fn note(location: Location, message: String, fix: String) -> Finding {
    Finding { location, is_mistake: false, message, fix }
}
