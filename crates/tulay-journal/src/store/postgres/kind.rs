//! Calls that are written together.

use super::{process::Process, transaction::Transaction, trouble::Trouble};
use async_trait::async_trait;

/// A kind of calls, of which those that wait together become one transaction.
#[async_trait]
pub(super) trait Kind: Send + Sync + Sized + 'static {
    type Item: Send + Sync + 'static;
    type Answer: Send + 'static;
    /// Writes items in one transaction, and commits it. The answers are in the order of the items.
    async fn run(
        process: &Process,
        transaction: &mut Transaction,
        items: &[&Self::Item],
    ) -> Result<Vec<Self::Answer>, Trouble>;
}
