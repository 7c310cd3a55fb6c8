//! Pages of lists, as the libraries have them.

use super::{message::page, rejection::Rejection, request::query};
use http::Uri;

/// The most rows that a page has: an assumption.
const MOST_ROWS: usize = 100;

/// A page of rows, each an id and its text: those after `after_id`, at most `limit` of them.
pub(super) fn listed(
    rows: Vec<(String, String)>,
    uri: &Uri,
    page_rows: usize,
) -> Result<String, Rejection> {
    let limit = match query(uri, "limit") {
        Some(text) => text.parse().ok().filter(|limit| (1..=MOST_ROWS).contains(limit)),
        None => Some(page_rows),
    };
    let limit = limit.ok_or(Rejection::VALIDATION)?;
    let skipped = match query(uri, "after_id") {
        Some(after) => rows.iter().position(|(id, _)| *id == after).map(|place| place + 1),
        None => Some(0),
    };
    let rest = rows.len().saturating_sub(skipped.ok_or(Rejection::VALIDATION)?);
    let on_page: Vec<_> = rows.into_iter().rev().take(rest).rev().take(limit).collect();
    let last = on_page.last().filter(|_| rest > limit).map(|(id, _)| link(uri, id));
    let texts: Vec<String> = on_page.into_iter().map(|(_, text)| text).collect();
    Ok(page(&texts, last.as_deref()))
}

/// The same address after this row.
fn link(uri: &Uri, after: &str) -> String {
    let pairs = uri.query().unwrap_or_default().split('&');
    let mut kept: Vec<&str> = pairs.filter(|pair| !pair.starts_with("after_id=")).collect();
    let next = format!("after_id={after}");
    kept.push(&next);
    format!("{}?{}", uri.path(), kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Result<String, Rejection> {
        let rows = ["a", "b", "c"].map(|id| (id.to_owned(), format!("\"{id}\"")));
        listed(rows.into(), &format!("/r?x=1{query}").parse().unwrap(), 2)
    }

    #[test]
    fn a_page_leads_to_the_next() {
        let first = r#"{"has_more":true,"data":["a","b"],"links":[{"href":"/r?x=1&after_id=b","rel":"next","method":"GET"}]}"#;
        assert_eq!(of("").unwrap(), first);
        assert_eq!(of("&after_id=b").unwrap(), r#"{"has_more":false,"data":["c"]}"#);
        assert_eq!(of("&limit=3").unwrap(), r#"{"has_more":false,"data":["a","b","c"]}"#);
        assert_eq!(of("&after_id=c").unwrap(), r#"{"has_more":false,"data":[]}"#);
        for wrong in ["&limit=0", "&limit=101", "&limit=x", "&after_id=z"] {
            assert_eq!(of(wrong).unwrap_err(), Rejection::VALIDATION, "{wrong}");
        }
    }
}
