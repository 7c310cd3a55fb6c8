//! A payment as conditions compare it.

use crate::{institution::other_name, major_amount::MajorAmount, payment::Payment};
use tulay_core::InstitutionId;

/// A payment with everything that each rule would otherwise look up again.
pub(crate) struct PaymentFacts<'a> {
    pub(crate) payment: &'a Payment<'a>,
    /// The amount; `None` where it is not settled yet.
    pub(crate) amount: Option<MajorAmount>,
    /// The other name of the payment's institution.
    other_name: Option<&'static str>,
}

impl<'a> PaymentFacts<'a> {
    pub(crate) fn of(payment: &'a Payment<'a>) -> Self {
        Self {
            payment,
            amount: payment.amount.map(MajorAmount::of),
            other_name: payment.institution.and_then(|id| other_name(payment.country, id)),
        }
    }

    /// Whether the payment's institution is this one, by either of its names.
    pub(crate) fn is_to(&self, institution: &InstitutionId) -> bool {
        self.payment.institution == Some(institution)
            || self.other_name == Some(institution.as_str())
    }
}
