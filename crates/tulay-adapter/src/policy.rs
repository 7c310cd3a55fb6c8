//! Which operations an account may use. Production refuses an operation that is documented only by
//! assumption until the configuration names it in `accept_unverified`.

use tulay_core::{Assumption, Corridor, Country, Environment, Error, Operation, Result};

/// The policy of one account: its environment, what its configuration accepts, and what its adapter
/// assumes.
///
/// ```
/// use tulay_adapter::policy::Policy;
/// use tulay_core::{Assumption, Environment, Operation};
/// const ASSUMPTIONS: &[Assumption] =
///     &[Assumption::new("look-up: path", "/payouts/{id}").operation(Operation::PayoutFind)];
/// let policy = |accepted| Policy::new(Environment::Production, accepted, ASSUMPTIONS);
/// let refused = policy(&[]).allow(&[Operation::Payout, Operation::PayoutFind], None).unwrap_err();
/// assert_eq!(refused.field(), Some("accept_unverified"));
/// assert!(policy(&[Operation::PayoutFind]).allow(&[Operation::PayoutFind], None).is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    environment: Environment,
    accepted: &'a [Operation],
    assumptions: &'static [Assumption],
}

impl<'a> Policy<'a> {
    /// A policy. `accepted` is the configuration's `accept_unverified`.
    #[must_use]
    pub const fn new(
        environment: Environment,
        accepted: &'a [Operation],
        assumptions: &'static [Assumption],
    ) -> Self {
        Self { environment, accepted, assumptions }
    }

    /// Whether an operation may stand on assumptions here: anywhere but in production, and there
    /// once it is accepted by name.
    #[must_use]
    pub fn accepts(&self, operation: Operation) -> bool {
        self.environment != Environment::Production || self.accepted.contains(&operation)
    }

    /// Those of the operations that may not be used yet in a country.
    #[must_use]
    pub fn unaccepted(
        &self,
        operations: &[Operation],
        country: impl Into<Option<Country>>,
    ) -> Vec<Operation> {
        let country = country.into();
        let refused = operations.iter().copied().filter(|op| self.refuses(*op, country));
        refused.collect()
    }

    /// Those of the operations that may be used in a country.
    #[must_use]
    pub fn accepted(
        &self,
        operations: &[Operation],
        country: impl Into<Option<Country>>,
    ) -> Vec<Operation> {
        let country = country.into();
        let accepted = operations.iter().copied().filter(|op| !self.refuses(*op, country));
        accepted.collect()
    }

    /// Lets a corridor offer the operations, where all of them may be used in its country; else
    /// none of them, as what cannot be looked up must not be sent. The corridor lists those that
    /// may not be used yet.
    pub fn offer(&self, corridor: &mut Corridor, operations: &[Operation]) {
        corridor.unaccepted = self.unaccepted(operations, corridor.country);
        if corridor.unaccepted.is_empty() {
            corridor.operations = operations.to_vec();
        }
    }

    /// Refuses a call that needs an operation which may not be used yet in a country; `None`: a
    /// call that belongs to no country. The error is about the first operation.
    ///
    /// # Errors
    /// `Unsupported`, `NotSent`, at `accept_unverified`.
    pub fn allow(
        &self,
        operations: &[Operation],
        country: impl Into<Option<Country>>,
    ) -> Result<()> {
        let country = country.into();
        let refused = operations.iter().find(|operation| self.refuses(**operation, country));
        let (Some(refused), Some(first)) = (refused, operations.first()) else { return Ok(()) };
        let message = format!(
            "{refused} is documented only by assumption; try it with the provider, then name it in \
             accept_unverified to use it in production"
        );
        Err(Error::unsupported(*first, message).with_field("accept_unverified"))
    }

    /// Refuses what is assumed of an operation whose ordinary form is documented.
    ///
    /// # Errors
    /// As [`allow`](Self::allow).
    pub fn allow_assumed(&self, operation: Operation) -> Result<()> {
        if self.accepts(operation) {
            return Ok(());
        }
        let message = "documented only by assumption: name the operation in accept_unverified to use \
                       it in production";
        Err(Error::unsupported(operation, message).with_field("accept_unverified"))
    }

    fn refuses(&self, operation: Operation, country: Option<Country>) -> bool {
        !self.accepts(operation) && stands_on(self.assumptions, operation, country)
    }
}

/// Whether an operation would not be known at all without an assumption, whatever its channel: in a
/// country, or in any country where none is given.
#[must_use]
pub fn stands_on(
    assumptions: &[Assumption],
    operation: Operation,
    country: Option<Country>,
) -> bool {
    assumptions.iter().any(|assumption| {
        let here = match (assumption.country, country) {
            (Some(of), Some(asked)) => of == asked,
            _ => true,
        };
        assumption.operation == Some(operation) && assumption.channel.is_none() && here
    })
}

/// The subjects that a text, such as the adapter's README, does not mention: a test asserts that
/// there are none.
#[must_use]
pub fn unmentioned(assumptions: &[Assumption], text: &str) -> Vec<&'static str> {
    let subjects = assumptions.iter().map(|assumption| assumption.subject);
    subjects.filter(|subject| !text.contains(subject)).collect()
}
