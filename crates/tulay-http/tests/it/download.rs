//! Files that arrive whole, and those that do not.

use crate::server::{Server, read_request};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tulay_core::Environment;
use tulay_http::{Download, DownloadError, HttpSettings};

async fn fetch(said: &'static str) -> (Result<usize, DownloadError>, Vec<u8>, usize) {
    let server = Server::start(move |mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(said.as_bytes()).await;
    })
    .await;
    let mut settings = HttpSettings::default();
    settings.largest_answer = 8;
    settings.total_timeout = Duration::from_secs(5);
    let mut file = Vec::new();
    let url = server.url("/report.csv?Signature=c2VjcmV0");
    let fetched =
        Download::new(&settings, Environment::Sandbox).unwrap().fetch(&url, &mut file).await;
    if let Err(error) = &fetched {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("Signature") && !shown.contains("127.0.0.1"), "{shown}");
    }
    (fetched, file, server.connections())
}

#[tokio::test]
async fn a_file_arrives_whole() {
    for said in [
        "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n12345678",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n",
    ] {
        let (fetched, file, _) = fetch(said).await;
        assert_eq!((fetched.unwrap(), &file[..]), (8, &b"12345678"[..]), "{said:?}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end() {
    let (fetched, file, _) = fetch("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123456789").await;
    assert!(matches!(fetched, Err(DownloadError::TooLarge(8))), "{fetched:?}");
    assert!(file.is_empty());
    let (fetched, file, _) =
        fetch("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n")
            .await;
    assert!(matches!(fetched, Err(DownloadError::TooLarge(8))), "{fetched:?}");
    assert!(file.len() <= 8);
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_other_status_is_a_file() {
    for (said, status) in [
        ("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n", 302),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("HTTP/1.1 206 Partial Content\r\ncontent-length: 2\r\n\r\nab", 206),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", 403),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 2\r\n\r\nno", 500),
    ] {
        let (fetched, file, connections) = fetch(said).await;
        assert!(matches!(fetched, Err(DownloadError::Status(s)) if s == status), "{fetched:?}");
        assert_eq!((file.len(), connections), (0, 1));
    }
}

#[tokio::test]
async fn what_breaks_off_is_noticed() {
    for said in [
        "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n1234",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n1234\r\n",
        "HTTP/1.1 200",
        "",
    ] {
        let (fetched, ..) = fetch(said).await;
        assert!(matches!(fetched, Err(DownloadError::Broken)), "{said:?} {fetched:?}");
    }
    // If only the end of the connection ends the file, a truncated file goes unnoticed.
    let (fetched, ..) = fetch("HTTP/1.1 200 OK\r\n\r\n1234").await;
    assert!(matches!(fetched, Err(DownloadError::Endless)), "{fetched:?}");
}

#[tokio::test]
async fn the_sandbox_asks_this_machine_and_https() {
    let download = Download::new(&HttpSettings::default(), Environment::Sandbox).unwrap();
    for url in [
        "http://example.com/x",
        "http://user@127.0.0.1/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
    ] {
        let fetched = download.fetch(url, &mut Vec::new()).await;
        assert!(matches!(fetched, Err(DownloadError::Address)), "{url}: {fetched:?}");
    }
}

#[tokio::test]
async fn no_private_address_is_asked_for_a_provider() {
    let server = Server::start(async |_| panic!("nothing may arrive")).await;
    let port = server.address.port();
    for environment in [Environment::Uat, Environment::Production] {
        let download = Download::new(&HttpSettings::default(), environment).unwrap();
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "localhost",
            "LocalHost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "2130706433",
            "127.1",
            "user:pass@127.0.0.1",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:{port}/report.csv?Signature=c2VjcmV0");
                let error = download.fetch(&url, &mut Vec::new()).await.unwrap_err();
                assert!(matches!(error, DownloadError::Address), "{url}: {error:?}");
                assert_eq!(error.to_string(), "the address is no https address on the Internet");
            }
        }
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved_is_not_repeated() {
    let download = Download::new(&HttpSettings::default(), Environment::Production).unwrap();
    let url = "https://planted.invalid/report.csv?Signature=c2VjcmV0";
    let error = download.fetch(url, &mut Vec::new()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(matches!(error, DownloadError::Unreachable | DownloadError::Timeout), "{shown}");
    assert!(!shown.contains("planted") && !shown.contains("Signature"), "{shown}");
}
