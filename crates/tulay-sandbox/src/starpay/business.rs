//! One signed request: checked, carried out, answered.

use super::{
    Starpay,
    books::Disbursement,
    code::Code,
    json_answer,
    magic::Magic,
    message::{Answer, envelope},
    order::Payee,
    receivers,
    request::Request,
    scan::Scanned,
};
use crate::kit::{Reply, Shape, World, keys, locked};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use jiff::SignedDuration;
use serde::Serialize;

const SLOW: SignedDuration = SignedDuration::from_mins(10);
const LATE: SignedDuration = SignedDuration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Receivers,
    Disburse,
    DisburseToOwn,
    DisburseToCode(&'static str),
    Query,
    Balance,
    Scan,
    Repay,
    Repayment,
    RepaymentByReference,
    Cancel,
    StaticCode,
    StaticCodeStatus,
    Collected,
}

impl Operation {
    /// Whether it is of section 6.
    const fn collects(self) -> bool {
        matches!(
            self,
            Self::Repay
                | Self::Repayment
                | Self::RepaymentByReference
                | Self::Cancel
                | Self::StaticCode
                | Self::StaticCodeStatus
                | Self::Collected
        )
    }
}

/// Operation, path, `service`. Several services may share a path. But for the first two, 6.1 and
/// 6.2 the services are made up, and so are the paths of 5.7 and 6.6 to 6.9.
const OPERATIONS: [(Operation, &str, &str); 15] = [
    (Operation::DisburseToOwn, "/v1/disburse", "pay.starpay.disburse"),
    (Operation::DisburseToCode("P2M"), "/v1/disburse", "pay.starpay.p2m.disburse"),
    (Operation::DisburseToCode("P2P"), "/v1/disburse", "pay.starpay.p2p.disburse"),
    (Operation::Scan, "/v1/disburse/scanQr", "unified.disburse.scanQr"),
    (Operation::Repay, "/v1/repayment", "pay.starpay.repayment"),
    (Operation::StaticCode, "/v1/repayment", "pay.starpay.repayment.static"),
    (Operation::Repayment, "/v1/repayment/query", "unified.repayment.query"),
    (Operation::RepaymentByReference, "/v1/repayment/query/refNo", "unified.repayment.query.refNo"),
    (Operation::Cancel, "/v1/repayment/cancel", "unified.repayment.cancel"),
    (Operation::StaticCodeStatus, "/v1/repayment/static/status", "unified.repayment.static.status"),
    (Operation::Collected, "/v1/repayment/inquireBalance", "unified.repayment.inquireBalance"),
    (Operation::Receivers, "/v1/disburse/query/receivers", "pay.starpay.instapay.bank.list"),
    (Operation::Disburse, "/v1/disburse", "pay.starpay.instapay.disburse"),
    (Operation::Query, "/v1/disburse/query", "unified.disburse.query"),
    (Operation::Balance, "/v1/disburse/inquireBalance", "unified.disburse.inquireBalance"),
];

/// What a request that was not refused came to.
pub(super) enum Performed {
    Answered(Answer),
    Ordered(Answer, Magic),
    NeverArrived,
}

pub(super) fn has_path(path: &str) -> bool {
    OPERATIONS.iter().any(|(_, known, _)| *known == path)
}

impl Starpay {
    pub(super) fn business(&self, http: &http::Request<Bytes>, world: &World) -> Reply {
        let Some(request) = Request::read(http) else {
            return self.answered(Answer::new(Code::BAD_REQUEST), world);
        };
        let path = http.uri().path();
        let performed = self
            .authenticate(&request)
            .and_then(|merchant_id| self.perform(path, &merchant_id, &request, world));
        let echoing = |answer: Answer| Answer {
            msg_id: request.text("msgId"),
            mch_id: request.text("mchId"),
            ..answer
        };
        match performed {
            Ok(Performed::NeverArrived) => Reply::Lost,
            Ok(Performed::Answered(answer)) => self.answered(echoing(answer), world),
            Ok(Performed::Ordered(answer, magic)) => {
                troubled(self.answered(echoing(answer), world), magic)
            }
            Err(code) => self.answered(echoing(Answer::new(code)), world),
        }
    }

    /// 513, 401, 402: who is asking.
    fn authenticate(&self, request: &Request<'_>) -> Result<String, Code> {
        let merchant_id = request.text("mchId").ok_or(Code::NO_MERCHANT)?;
        let key = locked(&self.books).account(&merchant_id)?.key.clone();
        let signature = request.signature().ok_or(Code::INVALID_SIGNATURE)?;
        if request.is_signed_by(&key, &signature, self.settings.signed_text) {
            Ok(merchant_id)
        } else {
            Err(Code::SIGNATURE_DOES_NOT_VERIFY)
        }
    }

    /// 414 and on: whether it may be done, and doing it.
    fn perform(
        &self,
        path: &str,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let performed =
            self.permitted(path, merchant_id, request).and_then(|operation| match operation {
                Operation::Receivers => self.list_receivers(merchant_id, request, world),
                Operation::Disburse | Operation::DisburseToOwn | Operation::DisburseToCode(_) => {
                    self.disburse(operation, merchant_id, request, world)
                }
                Operation::Scan => self.scan(merchant_id, request),
                Operation::Repay => self.repay(merchant_id, request, world),
                Operation::Repayment => self.repayment(merchant_id, request, world),
                Operation::RepaymentByReference => {
                    self.repayment_by_reference(merchant_id, request, world)
                }
                Operation::Cancel => self.cancel(merchant_id, request, world),
                Operation::StaticCode => self.static_code(merchant_id, request, world),
                Operation::StaticCodeStatus => self.static_code_status(merchant_id, request),
                Operation::Collected => self.collected(merchant_id, request),
                Operation::Query => self.query(merchant_id, request, world),
                Operation::Balance => self.balance(merchant_id, request),
            });
        if performed.is_err()
            && world.faults().burn_ids
            && let Ok(message_id) = request.message_id("msgId")
            && let Ok(account) = locked(&self.books).account(merchant_id)
        {
            account.use_up(&message_id);
        }
        performed
    }

    fn permitted(
        &self,
        path: &str,
        merchant_id: &str,
        request: &Request<'_>,
    ) -> Result<Operation, Code> {
        let merchant = locked(&self.books).account(merchant_id)?.merchant.clone();
        if !merchant.active {
            return Err(Code::MERCHANT_STATUS);
        }
        let service = request.text("service").unwrap_or_default();
        let (operation, ..) = OPERATIONS
            .into_iter()
            .find(|(_, known, of_path)| *known == path && *of_path == service)
            .ok_or(Code::NO_SERVICE)?;
        match operation.collects() {
            true if !merchant.may_collect => Err(Code::NO_REPAYMENT),
            false if !merchant.may_disburse => Err(Code::NO_DISBURSEMENT),
            _ if merchant.closed_services.contains(&service) => Err(Code::NO_PAY_TYPE),
            _ => Ok(operation),
        }
    }

    fn list_receivers(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        self.read(merchant_id, request)?;
        let receivers = Some(receivers::at(world.now(), &self.settings.maintenance));
        Ok(Performed::Answered(Answer { receivers, ..Answer::new(Code::SUCCESS) }))
    }

    fn disburse(
        &self,
        operation: Operation,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let (disbursement, currency) = asked(operation, request)?;
        if currency != "PHP" {
            return Err(Code::UNSUPPORTED_CURRENCY);
        }
        let bank = &disbursement.payee.bank;
        if operation == Operation::Disburse && !receivers::has(bank) {
            return Err(Code::INVALID_BANK);
        }
        let windows = &self.settings.maintenance;
        if windows.iter().any(|window| window.bank == *bank && window.holds(world.now())) {
            return Err(Code::MAINTENANCE);
        }
        let magic = disbursement.magic;
        let order = {
            let mut books = locked(&self.books);
            let account = books.account(merchant_id)?;
            if magic == Magic::LoseFirstRequest && account.loses(&disbursement.message_id) {
                return Ok(Performed::NeverArrived);
            }
            books.accept(merchant_id, disbursement, world.now(), self.settings.payee_interval)?
        };
        tracing::info!(order_no = order.number, "order accepted");
        let settled_after = if magic == Magic::SettleSlowly { SLOW } else { world.settle_delay() };
        world.wake_after(settled_after, format!("{merchant_id}/{}", order.message_id));
        Ok(Performed::Ordered(Answer::about(&order), magic))
    }

    fn query(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let original = request.message_id("originalMsgId")?;
        self.read(merchant_id, request)?;
        let order = locked(&self.books).account(merchant_id)?.order(&original).cloned();
        let order = order
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Code::NO_DISBURSEMENT_ORDER)?;
        let original_msg_id = Some(original);
        Ok(Performed::Answered(Answer { original_msg_id, ..Answer::about(&order) }))
    }

    fn balance(&self, merchant_id: &str, request: &Request<'_>) -> Result<Performed, Code> {
        self.read(merchant_id, request)?;
        let balance = Some(locked(&self.books).account(merchant_id)?.balance);
        let currency = Some("PHP");
        Ok(Performed::Answered(Answer { balance, currency, ..Answer::new(Code::SUCCESS) }))
    }

    /// Lets a reading through that has a message number of its own.
    pub(super) fn read(&self, merchant_id: &str, request: &Request<'_>) -> Result<(), Code> {
        let message_id = request.message_id("msgId")?;
        let mut books = locked(&self.books);
        let account = books.account(merchant_id)?;
        account.fresh(&message_id)?;
        account.use_up(&message_id);
        Ok(())
    }

    fn answered(&self, mut answer: Answer, world: &World) -> Reply {
        tracing::debug!(code = answer.code, "answered");
        if answer.trx_amount.is_some() && world.take_fault(|faults| &mut faults.wrong_amount) {
            answer.trx_amount = answer.trx_amount.map(|amount| amount + 1);
        }
        if answer.trx_amount.is_some() && world.take_fault(|faults| &mut faults.wrong_order) {
            answer.mistake_order();
        }
        let faults = world.faults();
        let signed = answer.is_success() || faults.sign_refusals;
        match self.sealed("response", &answer, signed, faults.answer_shape, world) {
            Some(text) => Reply::Answer(json_answer(StatusCode::OK, text)),
            None => Reply::Lost,
        }
    }

    /// A message in its envelope, signed as it stands there. `None` if it cannot be signed.
    pub(super) fn sealed(
        &self,
        member: &str,
        content: &impl Serialize,
        signed: bool,
        shape: Shape,
        world: &World,
    ) -> Option<String> {
        let text = serde_json::to_string(content).ok()?;
        if !signed {
            return Some(envelope(member, &text, None, shape));
        }
        let mut signature = self.platform_key.sign(&text)?;
        if world.take_fault(|faults| &mut faults.bad_signature)
            && let Some(last) = signature.last_mut()
        {
            *last ^= 1;
        }
        Some(envelope(member, &text, Some(&keys::encoded(&signature)), shape))
    }
}

/// 412: what a disbursement asks for, and its currency.
fn asked(operation: Operation, request: &Request<'_>) -> Result<(Disbursement, String), Code> {
    let message_id = request.message_id("msgId")?;
    let payee = match operation {
        Operation::DisburseToCode(kind) => {
            let scanned = Scanned::read(request)?;
            let amount = request.amount("trxAmount")?;
            if scanned.kind != kind || scanned.amount.is_some_and(|fixed| fixed != amount) {
                return Err(Code::ILLEGAL_PARAMETER);
            }
            scanned.payee
        }
        _ => {
            let account = request.required("acctNo", 34)?;
            request.required("acctName", 140)?;
            for optional in ["acctMiddleName", "acctLastName"] {
                request.optional(optional, 140)?;
            }
            let bank = match operation {
                Operation::DisburseToOwn => "Starpay".to_owned(),
                _ => request.required("receivingBank", 140)?,
            };
            Payee { account, bank }
        }
    };
    request.optional("attach", 92)?;
    let disbursement = Disbursement {
        message_id,
        magic: Magic::of(&payee.account),
        payee,
        amount: request.amount("trxAmount")?,
        notify_url: request.address("notifyUrl")?,
    };
    Ok((disbursement, request.required("currency", 3)?))
}

/// What becomes of the answer to an order that was accepted.
fn troubled(reply: Reply, magic: Magic) -> Reply {
    match (reply, magic) {
        (_, Magic::LoseAnswer) => Reply::Lost,
        (_, Magic::BadGateway) => Reply::Answer(bad_gateway()),
        (Reply::Answer(answer), Magic::HalfAnswer) => Reply::HalfAnswer(answer),
        (Reply::Answer(answer), Magic::AnswerLate) => Reply::Delayed(LATE, answer),
        (reply, _) => reply,
    }
}

fn bad_gateway() -> Response<Bytes> {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let mut answer = Response::new(Bytes::from_static(page.as_bytes()));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    answer
}
