//! Transfers: batches are made, their items settle, a response is given again by its key.

use super::{
    Paymongo,
    business::Performed,
    code::ACQUIRER,
    events::{Event, call_back, mistake},
    rejection::Rejection,
    request::{Fields, body},
    resources::{transfer as shown, wallet_transaction},
    state::{Book, PlatformState},
    transfer::{FirstResponse, Remembered, Transfer, TransferState},
    triggers::Trigger,
    wallets::{has_institution, wallet_id},
};
use crate::kit::{
    Direction, Movement, Reply, Trouble, World, after, answers::json_text, final_after, locked,
    troubled,
};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use tulay_core::{Currency, Money};

/// InstaPay: PHP 50,000.00 (Send money).
const INSTAPAY: std::ops::RangeInclusive<i64> = 1..=5_000_000;

/// PESONet: PHP 10,000,000.00 (Send money). Assumption: between wallets the same.
const OTHERS: std::ops::RangeInclusive<i64> = 1..=1_000_000_000;

const RAILS: [&str; 3] = ["instapay", "pesonet", "paymongo"];

/// Assumption: no document says how many transfers a batch may have.
const MOST: usize = 100;

const RETURNED_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How long a late answer takes, and its request is in progress.
const LATE: SignedDuration = SignedDuration::from_secs(3);

impl Paymongo {
    /// Makes a batch, or gives the first response to its key again, whatever the request is by then
    /// (Money Movement, Best practices).
    pub(super) fn create_batch(
        &self,
        book: &Book,
        request: &Request<Bytes>,
        world: &World,
    ) -> Reply {
        let key = key(request.headers());
        if let Some(answer) = key.and_then(|key| self.claimed(book, key, world)) {
            return answer;
        }
        let (status, text, trouble) = match self.made(book, request, world) {
            Ok(Performed::NeverArrived) => {
                self.remember(book, key, None);
                return Reply::Lost;
            }
            Ok(Performed::Answered(mut batch, trouble)) => {
                mistake(&mut batch, world);
                (StatusCode::OK, json!({ "data": batch }).to_string(), trouble)
            }
            Err(rejection) => (rejection.status, rejection.text(), None),
        };
        let is_kept = status == StatusCode::OK
            || (self.settings.replays_rejections
                && status.is_client_error()
                && status != StatusCode::CONFLICT);
        let is_late = trouble == Some(Trouble::AnswerLate);
        let at = if is_late { after(world.now(), LATE) } else { world.now() };
        let first = is_kept.then(|| FirstResponse { at, status, text: text.clone() });
        self.remember(book, key, first);
        troubled(Reply::Answer(json_text(status, text)), trouble)
    }

    pub(super) fn transfer(&self, book: &Book, id: &str) -> Result<Performed, Rejection> {
        let as_seen = self.settings.transfer_not_found_as_seen;
        let mut platform = locked(&self.platform);
        let transfer = platform.books(book)?.transfers.get(id).ok_or_else(|| {
            let detail = "failed to get transfer: resource not found";
            let code = if as_seen { "not_found" } else { "resource_not_found" };
            Rejection::new(StatusCode::NOT_FOUND, code, detail)
        })?;
        Ok(Performed::answered(shown(transfer, &book.organization, book.is_live)))
    }

    /// A transfer comes to its next state.
    pub(super) fn settled(&self, book: &Book, id: &str, world: &World) {
        let transfer = {
            let mut platform = locked(&self.platform);
            let Ok(books) = platform.books(book) else { return };
            let Some(transfer) = books.transfers.get_mut(id) else { return };
            if !transfer.settle(&mut books.wallet, world.now()) {
                return;
            }
            transfer.clone()
        };
        let direction = match (transfer.state, transfer.trigger) {
            (TransferState::Succeeded, _) => Some(Direction::Out),
            (_, Trigger::Return) => Some(Direction::Back),
            _ => None,
        };
        if let Some(direction) = direction {
            world.record(Movement {
                provider: Self::NAME,
                account: book.organization.clone(),
                order_id: transfer.order_id.clone(),
                provider_reference: transfer.id.clone(),
                direction,
                money: Money::from_minor(transfer.amount, Currency::PHP),
                at: world.now(),
            });
        }
        let state = transfer.state.word();
        tracing::info!(transfer = transfer.id, state, "transfer settled");
        if transfer.state == TransferState::Succeeded && transfer.trigger == Trigger::Return {
            world.wake_after(RETURNED_AFTER, book.subject("transfer", id));
        }
        self.notify_transfer(book, &transfer, world);
    }

    /// Events of transfers are those of public programs; the documents name none.
    fn notify_transfer(&self, book: &Book, transfer: &Transfer, world: &World) {
        let kind = match transfer.state {
            TransferState::Succeeded => "transfer.outward.successful",
            TransferState::Failed => "transfer.outward.failed",
            TransferState::Pending => return,
        };
        let data = wallet_transaction(transfer, &wallet_id(book), book.is_live);
        let order_id = transfer.order_id.clone();
        if let Some(url) = transfer.callback.clone() {
            call_back(order_id.clone(), url, data.clone(), world);
        }
        self.notify(book, Event { kind, order_id, data, poses_as_live: false }, world);
    }

    /// The answer to a key that was used within its time. Any other is claimed, so that of two
    /// requests at once one makes the batch.
    fn claimed(&self, book: &Book, key: &str, world: &World) -> Option<Reply> {
        let now = world.now();
        let mut platform = locked(&self.platform);
        let remembered = &mut platform.books(book).ok()?.remembered;
        let known = remembered.get(key);
        let Some(known) = known.filter(|k| now.duration_since(k.at) < self.settings.replays_for)
        else {
            remembered.insert(key.to_owned(), Remembered { at: now, first: None });
            return None;
        };
        match known.first.as_ref().filter(|first| first.at <= now) {
            Some(first) => Some(Reply::Answer(json_text(first.status, first.text.clone()))),
            None => Rejection::by_status(409).map(|conflict| Reply::Answer(conflict.answer())),
        }
    }

    /// Keeps the first response to a key, or gives the key free.
    fn remember(&self, book: &Book, key: Option<&str>, first: Option<FirstResponse>) {
        let mut platform = locked(&self.platform);
        let (Some(key), Ok(books)) = (key, platform.books(book)) else { return };
        match (books.remembered.get_mut(key), first) {
            (Some(remembered), Some(first)) => remembered.first = Some(first),
            _ => drop(books.remembered.remove(key)),
        }
    }

    /// Makes the transfers of a batch: all of them, or none.
    fn made(
        &self,
        book: &Book,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let body = body(request)?;
        let items = items(&body)?;
        let mut platform = locked(&self.platform);
        let mut transfers = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            transfers.push(asked(&mut platform, book, index, item, world)?);
        }
        for transfer in &transfers {
            if let Trigger::Reject(status) = transfer.trigger
                && let Some(rejection) = Rejection::by_status(status)
            {
                return Err(rejection);
            }
        }
        let trouble = transfers.iter().find_map(|transfer| transfer.trigger.trouble());
        let first = transfers.first().map(|transfer| transfer.order_id.clone()).unwrap_or_default();
        let lost = key(request.headers()).unwrap_or(&first);
        if trouble == Some(Trouble::LoseFirstRequest) && platform.books(book)?.loses(lost) {
            return Ok(Performed::NeverArrived);
        }
        let batch = platform.id("batch_tr");
        let books = platform.books(book)?;
        for transfer in &mut transfers {
            transfer.batch.clone_from(&batch);
            if let Trigger::FailAtOnce(failure) = transfer.trigger {
                (transfer.state, transfer.failure) = (TransferState::Failed, Some(failure));
            }
            books.transfers.insert(transfer.id.clone(), transfer.clone());
        }
        drop(platform);
        for transfer in &transfers {
            tracing::info!(transfer = transfer.id, "transfer accepted");
            if transfer.state == TransferState::Failed {
                self.notify_transfer(book, transfer, world);
            } else {
                let delay = final_after(transfer.trigger.trouble(), world);
                world.wake_after(delay, book.subject("transfer", &transfer.id));
            }
        }
        let transfers: Vec<_> = transfers
            .iter()
            .map(|transfer| shown(transfer, &book.organization, book.is_live))
            .collect();
        Ok(Performed::Answered(json!({ "id": batch, "transfers": transfers }), trouble))
    }
}

fn key(headers: &HeaderMap) -> Option<&str> {
    headers.get("idempotency-key")?.to_str().ok()
}

/// The items of a batch.
fn items(body: &Map<String, Value>) -> Result<Vec<&Map<String, Value>>, Rejection> {
    let items = body.get("transfers").and_then(Value::as_array).filter(|items| !items.is_empty());
    let Some(items) = items else {
        return Err(Rejection::bad("parameter_required", "transfers is required."));
    };
    if items.len() > MOST {
        let detail = format!("transfers cannot have more than {MOST} items.");
        return Err(Rejection::bad("parameter_above_maximum", detail));
    }
    let objects: Option<Vec<_>> = items.iter().map(Value::as_object).collect();
    objects.ok_or_else(|| {
        Rejection::bad("parameter_data_type_invalid", "transfers should be a list of objects.")
    })
}

/// A transfer as it was requested. Assumption: which members are required, and that an error says
/// which item it is about.
fn asked(
    platform: &mut PlatformState,
    book: &Book,
    index: usize,
    item: &Map<String, Value>,
    world: &World,
) -> Result<Transfer, Rejection> {
    let own =
        platform.merchant(book).map(|own| (own.wallet_number.clone(), own.wallet_name.clone()));
    let (number, name) = own.unwrap_or_default();
    let mut fields = Fields::at(item, format!("transfers.{index}."));
    let rail = fields.required_word("provider", &RAILS);
    let range = if rail == "instapay" { &INSTAPAY } else { &OTHERS };
    let amount = fields.required_integer("amount", range);
    fields.required_word("currency", &["PHP"]);
    let source = account(&mut fields, "source_account");
    if source.iter().any(|source| *source != [number.as_str(), name.as_str(), ACQUIRER]) {
        let what = "should be the account of a wallet of yours";
        fields.problem("parameter_invalid", "source_account", what);
    }
    let destination = account(&mut fields, "destination_account").unwrap_or_default();
    let [account_number, _, bic] = &destination;
    if !bic.is_empty() && !has_institution(bic, &rail) {
        let what = "should be the bic of a receiving institution";
        fields.problem("parameter_invalid", "destination_account.bic", what);
    }
    let reference = fields.text("reference_number", 255);
    let purpose = fields.text("purpose", 255);
    let description = fields.text("description", 255);
    let callback = fields.address("callback_url");
    let metadata = fields.metadata();
    let shown = |name| item.get(name).cloned().unwrap_or_default();
    let trigger = Trigger::of_beneficiary(account_number);
    fields.finish()?;
    let id = platform.id("tr");
    Ok(Transfer {
        order_id: reference.clone().unwrap_or_else(|| id.clone()),
        provider_reference: Some(format!("ref-{}", id.trim_start_matches("tr_"))),
        id,
        batch: String::new(),
        source: shown("source_account"),
        destination: shown("destination_account"),
        amount,
        rail,
        reference,
        purpose,
        description,
        callback,
        metadata,
        state: TransferState::Pending,
        failure: None,
        trigger,
        created: world.now(),
        updated: world.now(),
    })
}

/// Number, name and BIC of an account.
fn account(fields: &mut Fields<'_>, name: &str) -> Option<[String; 3]> {
    let Some(mut inner) = fields.object(name) else {
        if fields.value(name).is_none() {
            fields.problem("parameter_required", name, "is required");
        }
        return None;
    };
    let account = ["number", "name", "bic"].map(|name| inner.required_text(name, 140));
    fields.add(inner);
    Some(account)
}
