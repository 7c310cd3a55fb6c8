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
                r#"{{"timestamp":1795140000002,"countryCode":"{country}","transDate":"2026-11-19","transType":{kind}}}"#
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
    for url in ["https://user@files.example/a.xlsx", "http://user:pass@127.0.0.1/a.xlsx"] {
        assert!(report(AccountKind::Payout, Country::PH, url).await.is_err(), "{url}");
    }
    for (account, country) in
        [(AccountKind::Single, Country::PH), (AccountKind::Payout, Country::RU)]
    {
        let error = report(account, country, "https://a.example/b").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn a_link_into_a_private_network_is_refused() {
    for environment in [Environment::Uat, Environment::Production] {
        let mut settings = settings();
        settings.environment = environment;
        settings.base_url = match environment {
            Environment::Uat => "https://globalapi-dev.paycools.com:8902".into(),
            _ => "https://openapi.paycools.com".into(),
        };
        settings.accept_unverified = vec![Operation::Report];
        for url in [
            "http://files.example/a.csv",
            "https://localhost/a.csv",
            "https://10.0.0.9/a.csv",
            "https://172.20.1.1:9000/a.csv",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.3.2/a.csv",
            "https://0.0.0.0/a.csv",
            "https://[::1]/a.csv",
            "https://[::ffff:192.168.0.1]/a.csv",
            "https://user@files.example/a.csv",
        ] {
            let platform = Platform::says(200, success(&format!(r#"{{"downloadUrl":"{url}"}}"#)));
            let regional = regional_with(&platform, settings.clone());
            let day = "2026-11-19".parse().unwrap();
            let error = regional.report(AccountKind::Payout, Country::PH, day).await.unwrap_err();
            assert_eq!((error.kind(), error.field()), (ErrorKind::Unexpected, Some("downloadUrl")));
            assert_eq!(
                error.to_string(),
                "regional's downloadUrl is no https address on the Internet"
            );
        }
    }
}

#[tokio::test]
async fn a_report_of_a_day_that_is_not_over_is_too_early() {
    // It is 10 o'clock of 20 November where the provider is.
    for (day, early) in
        [("2026-11-19", false), ("2026-11-20", true), ("2026-11-21", true), ("2027-01-01", true)]
    {
        let platform = Platform::says(200, success(r#"{"downloadUrl":"https://a.example/b.csv"}"#));
        let regional = regional(&platform);
        let link = regional.report(AccountKind::Payout, Country::PH, day.parse().unwrap()).await;
        assert_eq!(platform.requests(), usize::from(!early), "{day}");
        let Err(error) = link else { continue };
        assert_eq!((error.kind(), error.field()), (ErrorKind::TooEarly, Some("day")), "{day}");
        assert!(error.to_string().contains(day), "{error}");
    }
}

#[tokio::test]
async fn without_an_offset_no_day_is_too_early() {
    let mut settings = settings();
    settings.utc_offset = None;
    for day in ["2026-11-19", "2026-11-20", "2026-11-21"] {
        let platform = Platform::says(200, success(r#"{"downloadUrl":"https://a.example/b.csv"}"#));
        let regional = regional_with(&platform, settings.clone());
        let link = regional.report(AccountKind::Payout, Country::PH, day.parse().unwrap()).await;
        assert!(link.is_ok(), "{day}: {:?}", link.err());
    }
}
