//! The corridors of a provider, by operation.

use crate::payment::capability;
use tulay_core::{Corridor, Operation, Provider};

/// The operations that are routed.
pub(crate) const ROUTED: [Operation; 3] =
    [Operation::Payout, Operation::Collection, Operation::StaticCode];

/// The corridors of a provider for an operation, those included that are switched off.
pub(crate) fn corridors(
    provider: &dyn Provider,
    operation: Operation,
) -> impl Iterator<Item = &Corridor> {
    capability(provider, operation).into_iter().flat_map(|capability| &capability.corridors)
}
