//! Reports: a link, which is a secret, and leads nowhere but over TLS.

use crate::support::*;
use tulay_core::*;

async fn report(account: AccountKind, country: Country, url: &str) -> Result<ReportLink> {
    let platform = Platform::says(200, success(&format!(r#"{{"downloadUrl":"{url}"}}"#)));
    let day = "2026-11-19".parse().unwrap();
    let link = regional(&platform).report(account, country, day).await;
    if link.is_ok() {
        let kind = if account == AccountKind::Payout { 1 } else { 2 };
        let sent = platform.sent.lock().unwrap();
        assert_eq!(
            param(&sent[0]),
            format!(
                r#"{{"timestamp":1795140000001,"countryCode":"{country}","transDate":"2026-11-19","transType":{kind}}}"#
            )
        );
    }
    link
}

#[tokio::test]
async fn a_link_is_given_with_the_file_s_name() {
    let url = "https://files.example/x/payment_PH_1795140000000.xlsx?Expires=1&Signature=s";
    for account in [AccountKind::Payout, AccountKind::Collection] {
        let link = report(account, Country::PH, url).await.unwrap();
        assert_eq!(link.url.expose(), url);
        assert_eq!(link.file_name.as_deref(), Some("payment_PH_1795140000000.xlsx"));
        assert!(!format!("{link:?}").contains("Signature"));
    }
    let link = report(AccountKind::Collection, Country::RU, "https://files.example/..?x").await;
    assert_eq!(link.unwrap().file_name, None);
}

#[tokio::test]
async fn a_link_without_tls_is_refused() {
    for url in ["http://files.example/a.xlsx", "file:///etc/passwd", "a.xlsx", ""] {
        let error = report(AccountKind::Payout, Country::PH, url).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Unexpected, Some("downloadUrl")));
    }
    for (account, country) in
        [(AccountKind::Single, Country::PH), (AccountKind::Payout, Country::RU)]
    {
        let error = report(account, country, "https://a.example/b").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
