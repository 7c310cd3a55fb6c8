//! One request: who asks, what for, and the answer.

use super::{
    Paymongo,
    events::mistake,
    operation::Operation,
    rejection::Rejection,
    request::secret_key,
    resources::View,
    state::{Book, Books},
};
use crate::kit::{Reply, Trouble, World, answers::json_text, locked, troubled};
use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

/// What a request that was not rejected comes to.
pub(super) enum Performed {
    /// `data` of the answer, and what becomes of the answer.
    Answered(Value, Option<Trouble>),
    /// The request was lost before anything was done.
    NeverArrived,
}

impl Performed {
    pub(super) const fn answered(data: Value) -> Self {
        Self::Answered(data, None)
    }
}

impl Paymongo {
    pub(super) fn business(&self, request: &Request<Bytes>, world: &World) -> Reply {
        let known = Operation::of(request.method(), request.uri().path());
        let asked = secret_key(request.headers())
            .and_then(|key| locked(&self.platform).book(&key))
            .and_then(|book| Ok((book, known.ok_or_else(no_route)?)));
        let performed = match asked {
            Err(rejection) => Err(rejection),
            Ok((book, Operation::CreateBatch)) => return self.create_batch(&book, request, world),
            Ok((book, operation)) => self.perform(&book, operation, request, world),
        };
        match performed {
            Ok(Performed::NeverArrived) => Reply::Lost,
            Ok(Performed::Answered(mut data, trouble)) => {
                mistake(&mut data, world);
                let text = json!({ "data": data }).to_string();
                troubled(Reply::Answer(json_text(StatusCode::OK, text)), trouble)
            }
            Err(rejection) => Reply::Answer(rejection.answer()),
        }
    }

    fn perform(
        &self,
        book: &Book,
        operation: Operation,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let hidden = |what: &str, id: &str| match world.take_fault(|faults| &mut faults.hide_orders)
        {
            true => Err(Rejection::not_found(what, id)),
            false => Ok(()),
        };
        match operation {
            Operation::CreateIntent => self.create_intent(book, request, world),
            Operation::CreateMethod => self.create_method(book, request, world),
            Operation::Attach(id) => self.attach(book, &id, request, world),
            Operation::Intent(id) => {
                hidden("payment_intent", &id).and_then(|()| self.intent(book, &id))
            }
            Operation::Payment(id) => hidden("payment", &id).and_then(|()| self.payment(book, &id)),
            Operation::CreateRefund => self.create_refund(book, request, world),
            Operation::Refund(id) => hidden("refund", &id).and_then(|()| self.refund(book, &id)),
            Operation::Transfer(id) => {
                hidden("transfer", &id).and_then(|()| self.transfer(book, &id))
            }
            Operation::Institutions => Self::institutions(request.uri()),
            Operation::Wallets => self.wallets(book, request.uri()),
            Operation::Wallet(id) => self.wallet_by_id(book, &id),
            Operation::CreateBatch => Err(no_route()),
        }
    }

    /// How the resources of these books are shown.
    pub(super) const fn view<'a>(&self, book: &Book, books: &'a Books) -> View<'a> {
        let repeats_metadata = self.settings.payments_repeat_metadata;
        View { books, is_live: book.is_live, repeats_metadata }
    }
}

/// What a path answers that the API does not have. Assumption: its code.
fn no_route() -> Rejection {
    let detail = "The requested API endpoint does not exist.";
    Rejection::new(StatusCode::NOT_FOUND, "route_not_found", detail)
}
