//! The pages of the checkout. Every text from outside passes through [`escaped`].

use super::shop::Sale;
use std::fmt::Display;
use tulay::{
    InstitutionId, Money, PaymentInstructions, Reference,
    journal::{CollectionPayment, CollectionRecord, CollectionState, PaymentId, Surprise},
    qr::Symbol,
};

const STYLE: &str = "body{font:1rem sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem}\
    svg,img{width:100%;max-width:20rem}td,th{padding:.2rem .6rem;text-align:left}\
    .paid{color:#060}.failed,.reversed,.warning{color:#900}";

/// Shows each state as it comes, and counts down. Without it, the page loads itself again.
const SCRIPT: &str = "\
const sale = document.getElementById('sale');
const events = new EventSource(location.pathname + '/events');
let shown = sale.innerHTML;
for (const status of ['waiting', 'paid', 'closed', 'failed', 'reversed']) {
  events.addEventListener(status, event => {
    if (event.data !== shown) sale.innerHTML = shown = event.data;
  });
}
setInterval(() => {
  const left = document.getElementById('left');
  if (!left) return;
  const seconds = Math.max(0, Math.floor((new Date(left.dateTime) - Date.now()) / 1000));
  const pad = number => String(number).padStart(2, '0');
  left.textContent = `${Math.floor(seconds / 60)}:${pad(seconds % 60)} left`;
}, 500);
";

/// A text that stands for itself in HTML, in an attribute too.
pub(crate) fn escaped(text: &impl Display) -> String {
    let mut safe = String::new();
    for character in text.to_string().chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}

/// The path of a sale's page. A reference may have any visible character of ASCII.
pub(crate) fn path(sale: &Reference) -> String {
    let segment: String = form_urlencoded::byte_serialize(sale.as_str().as_bytes()).collect();
    format!("/sales/{segment}")
}

/// The page of a sale.
pub(crate) fn of_sale(sale: &Sale) -> String {
    let title = escaped(&sale.collection.reference);
    let reload = r#"<noscript><meta http-equiv="refresh" content="5"></noscript>"#;
    let body = format!(
        "<h1>{title}</h1>\n<div id=\"sale\">{}</div>\n<p><a href=\"/\">All sales</a></p>\n\
         <script>\n{SCRIPT}</script>",
        state(sale)
    );
    document(&title, reload, &body)
}

/// The part of a sale's page that changes.
pub(crate) fn state(sale: &Sale) -> String {
    let Sale { collection, refunds } = sale;
    let status = collection.status;
    let mut html = format!(
        "<p><strong>{}</strong></p>\n<p class=\"{status}\" data-status=\"{status}\">{}</p>\n",
        escaped(&collection.amount),
        words(status)
    );
    if status == CollectionState::Waiting {
        html.push_str(&to_pay(collection));
    }
    if collection.received != collection.amount && !collection.payments.is_empty() {
        html.push_str(&format!("<p>{} received.</p>\n", escaped(&collection.received)));
    }
    for surprise in &collection.surprises {
        html.push_str(&format!("<p class=\"warning\">{}</p>\n", escaped(&surprised(*surprise))));
    }
    for payment in &collection.payments {
        html.push_str(&paid(collection, payment, refunds.len() + 1));
    }
    for refund in refunds {
        let (amount, status) = (escaped(&refund.amount), escaped(&refund.status));
        html.push_str(&format!("<p>Refund of {amount}: {status}</p>\n"));
    }
    html
}

/// The way to pay, and for how long it can be paid.
fn to_pay(sale: &CollectionRecord) -> String {
    let mut html = match &sale.payment_instructions {
        Some(PaymentInstructions::Qr(text)) => match Symbol::new(text.expose()) {
            Ok(symbol) => symbol.to_svg(),
            Err(error) => format!("<p>{}</p>\n", escaped(&error)),
        },
        Some(PaymentInstructions::QrImage { .. }) => {
            format!("<img alt=\"QR code\" src=\"{}/code\">\n", escaped(&path(&sale.reference)))
        }
        Some(PaymentInstructions::Redirect(page)) if page.starts_with("https://") => {
            format!("<p><a href=\"{}\">Open the payment page</a></p>\n", escaped(page))
        }
        Some(PaymentInstructions::VirtualAccount { institution, number, .. }) => {
            let bank = institution.as_ref().map_or("", InstitutionId::as_str);
            let number = escaped(&number.expose());
            format!("<p>Transfer to {} {number}</p>\n", escaped(&bank))
        }
        Some(_) => "<p>This code cannot be shown on a page.</p>\n".to_owned(),
        None => "<p>The code is being made.</p>\n".to_owned(),
    };
    if let Some(expires) = sale.expires {
        let expires = escaped(&expires);
        html.push_str(&format!(
            "<p><time id=\"left\" datetime=\"{expires}\">until {expires}</time></p>\n"
        ));
    }
    html
}

/// A payment, and the form that gives it back.
fn paid(sale: &CollectionRecord, payment: &CollectionPayment, number: usize) -> String {
    let amount = escaped(&payment.amount);
    let at = escaped(&payment.made_at());
    if sale.refundable_payment(&payment.id).is_none() {
        return format!("<p>{amount}, {at}: not here any more</p>\n");
    }
    let id = match &payment.id {
        PaymentId::Provider(id) => id.as_str(),
        PaymentId::Order(_) => "",
    };
    format!(
        "<form method=\"post\" action=\"{}/refund\">{amount}, {at}\n\
         <input type=\"hidden\" name=\"payment\" value=\"{}\">\
         <input type=\"hidden\" name=\"number\" value=\"{number}\">\n\
         <input name=\"amount\" placeholder=\"all of it\" inputmode=\"decimal\" size=\"8\">\n\
         <button>Refund</button></form>\n",
        escaped(&path(&sale.reference)),
        escaped(&id),
    )
}

const fn words(status: CollectionState) -> &'static str {
    match status {
        CollectionState::Waiting => "Waiting for the payment",
        CollectionState::Paid => "Paid",
        CollectionState::Closed => "Closed: it was not paid",
        CollectionState::Failed => "Failed: it cannot be paid",
        CollectionState::Reversed => "Reversed: the provider took the payment back",
    }
}

fn surprised(surprise: Surprise) -> &'static str {
    match surprise {
        Surprise::Late => "A payment came late: the sale was over.",
        Surprise::AfterCancellation => "A payment came after the sale was cancelled.",
        Surprise::Twice => "It was paid twice.",
        Surprise::Short => "Less than the amount was paid.",
        Surprise::Over => "More than the amount was paid.",
        other => other.as_str(),
    }
}

/// The sales of the day, and the form of the next one.
pub(crate) fn of_day(sales: &[CollectionRecord], next: &Reference) -> String {
    let mut rows = String::new();
    for sale in sales {
        let surprises: Vec<_> = sale.surprises.iter().map(|it| surprised(*it)).collect();
        rows.push_str(&format!(
            "<tr><td><a href=\"{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escaped(&path(&sale.reference)),
            escaped(&sale.reference),
            escaped(&sale.amount),
            escaped(&sale.received),
            sale.status,
            escaped(&surprises.join(" ")),
        ));
    }
    let received = sales.iter().map(|sale| sale.received);
    let received = received.reduce(|one, other| Money::checked_add(one, other).unwrap_or(one));
    let received = received.map_or_else(String::new, |sum| format!("<p>{sum} received.</p>\n"));
    let body = format!(
        "<h1>Sales of the day</h1>\n<form method=\"post\" action=\"/sales\">\n\
         <input type=\"hidden\" name=\"reference\" value=\"{}\">\n\
         <p><input name=\"amount\" placeholder=\"350.00\" inputmode=\"decimal\" required></p>\n\
         <p><input name=\"name\" placeholder=\"name\"> <input name=\"email\" placeholder=\"e-mail\"> \
         <input name=\"mobile\" placeholder=\"+639175550160\"></p>\n\
         <button>Sell</button></form>\n\
         <table><tr><th>Sale</th><th>Amount</th><th>Received</th><th>Status</th><th></th></tr>\n\
         {rows}</table>\n{received}",
        escaped(next),
    );
    document("Sales of the day", "", &body)
}

/// Why a request was not carried out.
pub(crate) fn of_failure(why: &str) -> String {
    let body = format!("<h1>Not done</h1>\n<p class=\"warning\">{}</p>", escaped(&why));
    document("Not done", "", &format!("{body}\n<p><a href=\"/\">All sales</a></p>"))
}

fn document(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\n{head}\
         <title>{title}</title><style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )
}
