//! Intents and methods: made, attached, looked up.

use super::{
    Paymongo,
    business::Performed,
    code,
    collected::{Intent, IntentState, Method, Shown, ShownState, order_id},
    kind::{ALLOWED, Kind},
    rejection::Rejection,
    request::{Fields, attributes},
    resources::moment,
    state::{Book, PlatformState},
    triggers::Trigger,
};
use crate::kit::{Trouble, World, after, locked};
use bytes::Bytes;
use http::{Request, Uri};
use jiff::SignedDuration;
use serde_json::json;

/// The least and the most of a payment, in centavos. Assumption: the most.
const PAYMENT: std::ops::RangeInclusive<i64> = 2_000..=9_999_999_999;

/// Customizing QR Ph Code Expiry.
const EXPIRY_SECONDS: std::ops::RangeInclusive<i64> = 60..=9_000;

impl Paymongo {
    pub(super) fn create_intent(
        &self,
        book: &Book,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let attributes = attributes(request)?;
        let mut fields = Fields::of(&attributes);
        let amount = fields.required_integer("amount", &PAYMENT);
        fields.required_word("currency", &["PHP"]);
        let allowed = fields.required_words("payment_method_allowed", &ALLOWED);
        let description = fields.text("description", 255);
        let statement_descriptor = fields.text("statement_descriptor", 255);
        let metadata = fields.metadata();
        fields.finish()?;
        let now = world.now();
        let mut platform = locked(&self.platform);
        let id = platform.id("pi");
        let intent = Intent {
            order_id: order_id(&metadata, &id),
            id: id.clone(),
            amount,
            description,
            statement_descriptor,
            metadata,
            allowed,
            state: IntentState::AwaitingMethod,
            created: now,
            updated: now,
            shown: Vec::new(),
            payments: Vec::new(),
        };
        let books = platform.books(book)?;
        let shown = self.view(book, books).intent(&intent);
        books.intents.insert(id, intent);
        Ok(Performed::answered(shown))
    }

    pub(super) fn create_method(
        &self,
        book: &Book,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let attributes = attributes(request)?;
        let mut fields = Fields::of(&attributes);
        let word = fields.required_word("type", &Kind::WORDS);
        let seconds = fields.integer("expiry_seconds", &EXPIRY_SECONDS);
        let phone = billing(&mut fields);
        let metadata = fields.metadata();
        let billing = fields.value("billing").cloned().unwrap_or_default();
        fields.finish()?;
        let Some(kind) = Kind::of(&word) else {
            return Err(Rejection::bad("parameter_invalid", "type is invalid."));
        };
        let trigger = Trigger::of_payer(&phone);
        if let Trigger::Reject(status) = trigger
            && let Some(rejection) = Rejection::by_status(status)
        {
            return Err(rejection);
        }
        // Assumption: other methods than QR Ph have their own time, whatever is asked for.
        let seconds = seconds.filter(|_| kind == Kind::QrPh).map(SignedDuration::from_secs);
        let mut platform = locked(&self.platform);
        let id = platform.id("pm");
        let method = Method {
            id: id.clone(),
            kind,
            billing,
            metadata,
            open_for: seconds.unwrap_or_else(|| kind.open_for()),
            trigger,
            created: world.now(),
        };
        let books = platform.books(book)?;
        let shown = self.view(book, books).method(&method);
        books.methods.insert(id, method);
        Ok(Performed::answered(shown))
    }

    pub(super) fn attach(
        &self,
        book: &Book,
        id: &str,
        request: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Rejection> {
        let attributes = attributes(request)?;
        let mut fields = Fields::of(&attributes);
        let method_id = fields.required_text("payment_method", 255);
        let return_url = fields.address("return_url");
        fields.text("client_key", 255);
        fields.finish()?;
        let mut platform = locked(&self.platform);
        let books = platform.books(book)?;
        let intent =
            books.intents.get(id).ok_or_else(|| Rejection::not_found("payment_intent", id))?;
        let unknown = || Rejection::not_found("payment_method", &method_id);
        let method = books.methods.get(&method_id).cloned().ok_or_else(unknown)?;
        attachable(intent, &method, return_url.as_ref())?;
        let amount = intent.amount;
        let trouble = method.trigger.trouble();
        if trouble == Some(Trouble::LoseFirstRequest) && books.loses(&method_id) {
            return Ok(Performed::NeverArrived);
        }
        let shown = show(&mut platform, method, amount, return_url.as_ref(), world)?;
        let subject = book.subject("expiry", &shown.id);
        let open_for = shown.method.open_for;
        let books = platform.books(book)?;
        let Some(intent) = books.intents.get_mut(id) else {
            return Err(Rejection::not_found("payment_intent", id));
        };
        intent.shown.push(shown);
        (intent.state, intent.updated) = (IntentState::AwaitingAction, world.now());
        let intent = intent.clone();
        let answer = self.view(book, books).intent(&intent);
        drop(platform);
        tracing::info!(intent = id, "method attached");
        world.wake_after(open_for, subject);
        Ok(Performed::Answered(answer, trouble))
    }

    pub(super) fn intent(&self, book: &Book, id: &str) -> Result<Performed, Rejection> {
        let mut platform = locked(&self.platform);
        let books = platform.books(book)?;
        let intent =
            books.intents.get(id).ok_or_else(|| Rejection::not_found("payment_intent", id))?;
        Ok(Performed::answered(self.view(book, books).intent(intent)))
    }

    pub(super) fn payment(&self, book: &Book, id: &str) -> Result<Performed, Rejection> {
        let mut platform = locked(&self.platform);
        let books = platform.books(book)?;
        let payment = books.payments.get(id).ok_or_else(|| Rejection::not_found("payment", id))?;
        Ok(Performed::answered(self.view(book, books).payment(payment)))
    }
}

/// Checks `billing` and returns the phone number.
fn billing(fields: &mut Fields<'_>) -> String {
    let Some(mut billing) = fields.object("billing") else { return String::new() };
    billing.text("name", 255);
    let email = billing.text("email", 255);
    if email.is_some_and(|email| !email.contains('@')) {
        billing.problem("parameter_format_invalid", "email", "format is invalid");
    }
    let phone = billing.text("phone", 255).unwrap_or_default();
    if let Some(mut address) = billing.object("address") {
        for name in ["line1", "line2", "city", "state", "postal_code"] {
            address.text(name, 255);
        }
        let country = address.text("country", 255);
        if country.is_some_and(|country| country.len() != 2) {
            address.problem("parameter_format_invalid", "country", "format is invalid");
        }
        billing.add(address);
    }
    fields.add(billing);
    phone
}

/// Whether a method can be attached. Assumption: the codes of the states, and that one attachment
/// at a time is open.
fn attachable(intent: &Intent, method: &Method, return_url: Option<&Uri>) -> Result<(), Rejection> {
    match intent.state {
        IntentState::AwaitingMethod => {}
        IntentState::AwaitingAction | IntentState::Processing => {
            let detail = "The payment intent has a payment method that is being paid.";
            return Err(Rejection::bad("resource_processing_state", detail));
        }
        IntentState::Succeeded => {
            let detail = "The payment intent has succeeded already.";
            return Err(Rejection::bad("resource_succeeded_state", detail));
        }
    }
    let word = method.kind.word();
    if !intent.allowed.iter().any(|allowed| allowed == word) {
        let detail = format!("The payment intent does not allow {word}.");
        return Err(Rejection::bad("payment_method_not_allowed", detail));
    }
    if return_url.is_none() && method.kind != Kind::QrPh {
        return Err(Rejection::bad("parameter_required", "return_url is required."));
    }
    match method.trigger {
        Trigger::RejectAttach(status) => Rejection::by_status(status).map_or(Ok(()), Err),
        _ => Ok(()),
    }
}

/// What the payer is shown. The form of a code is that of public programs.
fn show(
    platform: &mut PlatformState,
    method: Method,
    amount: i64,
    return_url: Option<&Uri>,
    world: &World,
) -> Result<Shown, Rejection> {
    let expires = after(world.now(), method.open_for);
    let (id, text, next_action) = if method.kind == Kind::QrPh {
        let id = platform.id("code");
        let reference = id.trim_start_matches("code_");
        let drawn =
            code::text(amount, reference).and_then(|text| Some((code::picture(&text)?, text)));
        let (picture, text) = drawn.ok_or_else(|| {
            Rejection::new(
                http::StatusCode::INTERNAL_SERVER_ERROR,
                "internal_server_error",
                "The code could not be made.",
            )
        })?;
        let next_action = json!({
            "type": "consume_qr",
            "code": {
                "id": id,
                "amount": amount,
                "label": "SANDBOX MERCHANT",
                "test_url": format!("https://pay.paymongo.example/qrph/{id}"),
                "image_url": picture,
                "expires_at": moment(expires),
            },
        });
        (id, text, next_action)
    } else {
        let id = platform.id("src");
        let url = format!("https://pay.paymongo.example/sources/{id}");
        let redirect = json!({ "url": url, "return_url": return_url.map(ToString::to_string) });
        (id, url.clone(), json!({ "type": "redirect", "redirect": redirect }))
    };
    Ok(Shown { id, method, text, next_action, expires, state: ShownState::Open })
}
