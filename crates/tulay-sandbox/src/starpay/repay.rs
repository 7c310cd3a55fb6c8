//! Section 6: repayments, static codes, and what payers do with them.

use super::{
    REVERSED_AFTER, Starpay,
    code::Code,
    collection::{Asked, Collection, StaticCode},
    message::Answer,
    order::{State, number},
    performed::Performed,
    request::Request,
    settings::Collision,
    show::{Shown, ref_no},
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, Trouble, World, locked};
use jiff::{
    SignedDuration, Timestamp,
    civil::DateTime,
    tz::{TimeZone, offset},
};
use tulay_core::{Currency, Invalid, Money};

/// How long a code is open when the request does not say.
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(15);

/// What the wake-ups are called that close a collection and take it back; no merchant's id begins
/// so.
const EXPIRY: &str = "!expiry/";
const REVERSAL: &str = "!reversal/";

impl Starpay {
    /// 6.1.
    pub(super) fn repay(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let now = world.now();
        let asked = asked(request, Some(request.amount("trxAmount")?))?;
        request.optional("attach", 92)?;
        moment(request, "timeStart")?;
        let expires = moment(request, "timeExpire")?;
        let expires = expires.unwrap_or_else(|| now.saturating_add(OPEN_FOR).unwrap_or(now));
        if expires <= now {
            return Err(Code::ILLEGAL_PARAMETER);
        }
        if request.required("currency", 3)? != "PHP" {
            return Err(Code::UNSUPPORTED_CURRENCY);
        }
        let collision = self.settings.collision;
        let made = {
            let mut platform = locked(&self.platform);
            let records = platform.records(merchant_id)?;
            if Trigger::of(&asked.device_info).trouble() == Some(Trouble::LoseFirstRequest)
                && records.loses(&asked.message_id)
            {
                return Ok(Performed::NeverArrived);
            }
            platform.collect(merchant_id, asked, now, collision)?
        };
        tracing::info!(order_no = made.number, "collection accepted");
        let subject = format!("{EXPIRY}{merchant_id}/{}", made.message_id);
        world.wake_after(expires.duration_since(now), subject);
        let code_url = Some(made.code.clone());
        Ok(Performed::Ordered(Answer { code_url, ..Answer::of(&made) }, made.trigger().trouble()))
    }

    /// 6.2.
    pub(super) fn repayment(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let original = request.message_id("originalMsgId")?;
        self.read(merchant_id, request)?;
        self.status(merchant_id, world, |made| made.message_id == original)
    }

    /// 6.8.
    pub(super) fn repayment_by_reference(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let ref_no = request.required("refNo", 25)?;
        self.read(merchant_id, request)?;
        self.status(merchant_id, world, |made| made.ref_no == ref_no && !made.walked_in)
    }

    /// 6.9: withdraws what is open. What is final stays as it is, and the answer says so.
    pub(super) fn cancel(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let original = request.message_id("originalMsgId")?;
        self.read(merchant_id, request)?;
        if let Some(closed) = self.close(merchant_id, &original, world) {
            self.notify_collection(&closed, world);
        }
        self.status(merchant_id, world, |made| made.message_id == original)
    }

    /// 6.4.
    pub(super) fn static_code(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let asked = asked(request, None)?;
        let made = locked(&self.platform).static_code(merchant_id, asked, world.now())?;
        Ok(Performed::Answered(Answer {
            order_no: Some(made.number),
            code_url: Some(made.code),
            ..Answer::new(Code::SUCCESS)
        }))
    }

    /// 6.7.
    pub(super) fn static_code_status(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
    ) -> Result<Performed, Code> {
        let original = request.message_id("originalMsgId")?;
        let device_info = request.optional("deviceInfo", 8)?;
        let active = match request.required("status", 16)?.as_str() {
            "ACTIVE" => true,
            "INACTIVE" => false,
            _ => return Err(Code::ILLEGAL_PARAMETER),
        };
        self.read(merchant_id, request)?;
        let mut platform = locked(&self.platform);
        let made = platform.records(merchant_id)?.static_code(&original);
        let made = made.ok_or(Code::NO_REPAYMENT_ORDER)?;
        if device_info.is_some_and(|terminal| terminal != made.device_info) {
            return Err(Code::ORDER_MISMATCH);
        }
        made.active = active;
        Ok(Performed::Answered(Answer {
            original_msg_id: Some(original),
            status: Some(if active { "ACTIVE" } else { "INACTIVE" }),
            ..Answer::new(Code::SUCCESS)
        }))
    }

    /// 6.6.
    pub(super) fn collected(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
    ) -> Result<Performed, Code> {
        self.read(merchant_id, request)?;
        let balance = Some(locked(&self.platform).records(merchant_id)?.collected);
        let currency = Some("PHP");
        Ok(Performed::Answered(Answer { balance, currency, ..Answer::new(Code::SUCCESS) }))
    }

    /// Closes what expired, and takes back what is to be reversed. Whether the subject was about
    /// that.
    pub(super) fn collection_wakes(&self, subject: &str, world: &World) -> bool {
        let expired = subject.strip_prefix(EXPIRY);
        let Some(order) = expired.or_else(|| subject.strip_prefix(REVERSAL)) else { return false };
        let Some((merchant_id, message_id)) = order.split_once('/') else { return true };
        let changed = match expired {
            Some(_) => self.close(merchant_id, message_id, world),
            None => self.reverse(merchant_id, message_id, world),
        };
        if let Some(changed) = changed {
            self.notify_collection(&changed, world);
        }
        true
    }

    /// A payer pays the code that is shown to him: a dynamic one once, a static one as often as he
    /// likes.
    pub(super) fn paid(
        &self,
        code: &str,
        amount: Option<i64>,
        world: &World,
    ) -> Result<Movement, Invalid> {
        let paid = locked(&self.platform).pay(code, amount, world.now())?;
        let moved = movement(&paid, Direction::In);
        world.record(moved.clone());
        if paid.trigger() == Trigger::Reverse {
            let subject = format!("{REVERSAL}{}/{}", paid.merchant_id, paid.message_id);
            world.wake_after(REVERSED_AFTER, subject);
        }
        self.notify_collection(&paid, world);
        Ok(moved)
    }

    fn reverse(&self, merchant_id: &str, message_id: &str, world: &World) -> Option<Collection> {
        let mut platform = locked(&self.platform);
        let made = platform.records(merchant_id).ok()?.reverse(message_id, world.now())?;
        world.record(movement(&made, Direction::Back));
        Some(made)
    }

    fn close(&self, merchant_id: &str, message_id: &str, world: &World) -> Option<Collection> {
        let mut platform = locked(&self.platform);
        let made = platform.records(merchant_id).ok()?.collection(message_id)?;
        if made.state != State::Processing {
            return None;
        }
        (made.state, made.since) = (State::Close, world.now());
        Some(made.clone())
    }

    fn status(
        &self,
        merchant_id: &str,
        world: &World,
        is_meant: impl Fn(&Collection) -> bool,
    ) -> Result<Performed, Code> {
        let mut platform = locked(&self.platform);
        let made =
            platform.records(merchant_id)?.collections().find(|made| is_meant(made)).cloned();
        let made = made
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Code::NO_REPAYMENT_ORDER)?;
        let original_msg_id = Some(made.message_id.clone());
        Ok(Performed::Answered(Answer { original_msg_id, ..Answer::of(&made) }))
    }
}

fn movement(made: &Collection, direction: Direction) -> Movement {
    Movement {
        provider: Starpay::NAME,
        account: made.merchant_id.clone(),
        order_id: made.message_id.clone(),
        provider_reference: made.number.clone(),
        direction,
        money: Money::from_minor(made.amount, Currency::PHP),
        at: made.since,
    }
}

impl Asked {
    pub(super) fn collection(
        self,
        merchant_id: &str,
        amount: i64,
        sequence: u64,
        now: Timestamp,
    ) -> Result<Collection, Code> {
        let (ref_no, code) = self.shown(merchant_id, sequence)?;
        Ok(Collection {
            merchant_id: merchant_id.to_owned(),
            message_id: self.message_id,
            number: number(now, sequence),
            amount,
            state: State::Processing,
            since: now,
            device_info: self.device_info,
            display_name: self.display_name,
            notify_url: self.notify_url,
            ref_no,
            code,
            walked_in: false,
        })
    }

    pub(super) fn static_code(
        self,
        merchant_id: &str,
        sequence: u64,
        now: Timestamp,
    ) -> Result<StaticCode, Code> {
        let (ref_no, code) = self.shown(merchant_id, sequence)?;
        Ok(StaticCode {
            message_id: self.message_id,
            number: number(now, sequence),
            active: true,
            device_info: self.device_info,
            display_name: self.display_name,
            notify_url: self.notify_url,
            ref_no,
            code,
        })
    }

    fn shown(&self, merchant_id: &str, sequence: u64) -> Result<(String, String), Code> {
        let ref_no = ref_no(sequence);
        let shown = Shown {
            merchant_id,
            display_name: self.display_name.as_deref(),
            device_info: &self.device_info,
            ref_no: &ref_no,
            amount: self.amount,
        };
        let code = shown.text().ok_or(Code::ILLEGAL_PARAMETER)?;
        Ok((ref_no, code))
    }
}

impl Collision {
    /// Whether an open collection is in the way of another.
    pub(super) fn between(self, open: &Collection, asked: &Asked) -> bool {
        open.state == State::Processing
            && match self {
                Self::Terminal => open.device_info == asked.device_info,
                Self::Merchant => true,
                Self::Off => false,
            }
    }
}

fn asked(request: &Request<'_>, amount: Option<i64>) -> Result<Asked, Code> {
    Ok(Asked {
        message_id: request.message_id("msgId")?,
        amount,
        device_info: request.required("deviceInfo", 25)?,
        display_name: request.optional("displayName", 25)?,
        notify_url: request.address("notifyUrl")?,
    })
}

/// `yyyyMMddHHmmss` in Manila.
fn moment(request: &Request<'_>, name: &str) -> Result<Option<Timestamp>, Code> {
    let Some(text) = request.optional(name, 14)? else { return Ok(None) };
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Code::ILLEGAL_PARAMETER);
    }
    let civil = DateTime::strptime("%Y%m%d%H%M%S", &text).map_err(|_| Code::ILLEGAL_PARAMETER)?;
    let zoned = civil.to_zoned(TimeZone::fixed(offset(8))).map_err(|_| Code::ILLEGAL_PARAMETER)?;
    Ok(Some(zoned.timestamp()))
}
