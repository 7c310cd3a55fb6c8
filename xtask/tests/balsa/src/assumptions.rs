//! What this adapter takes for true without the provider's word. The README's table says the
//! same for readers; a test holds the two together.

use tulay_core::{Assumption, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("look-up: path", "/payouts/{id}").operation(Operation::PayoutFind),
    Assumption::new("a failed payout stays failed", "seen twice, 10 minutes apart")
        .setting("contract.settle"),
];

/// Whether an operation would not be known at all without an assumption.
pub(crate) fn stands_on(operation: Operation) -> bool {
    ASSUMPTIONS.iter().any(|assumption| assumption.operation == Some(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_assumption() {
        let readme = include_str!("../README.md");
        for assumption in ASSUMPTIONS {
            assert!(readme.contains(assumption.subject), "{}", assumption.subject);
        }
    }
}
