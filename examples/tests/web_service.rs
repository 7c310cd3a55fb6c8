//! A payout request goes in as JSON, and its result comes out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

struct Service {
    process: Child,
    address: String,
}

impl Service {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_web-service"));
        let mut process = command.arg("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("POST http://").unwrap();
        let address = address.strip_suffix("/payouts").unwrap().to_owned();
        Self { process, address }
    }

    /// The HTTP status and the body.
    fn post(&self, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST /payouts HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn request(reference: &str, account: &str) -> String {
    format!(
        r#"{{"reference":"{reference}","country":"PH","amount":"1250.00","currency":"PHP",
            "institution":"gcash","account":"{account}","given_name":"Ana","family_name":"Reyes"}}"#
    )
}

#[test]
fn requests_and_results_are_json() {
    let service = Service::start();

    // The response to the first is lost on purpose; the look-up finds the payout.
    let (status, body) = service.post(&request("R1", "09175992001"));
    let result: Value = serde_json::from_str(&body).unwrap();
    assert!([200, 202].contains(&status), "{body}");
    assert!(["succeeded", "pending"].contains(&result["status"].as_str().unwrap()), "{body}");
    assert_eq!(result["amount"]["amount"], "1250.00");

    // The same request again is the same payout.
    let (_, again) = service.post(&request("R1", "09175992001"));
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["order_id"], result["order_id"]);
    assert_eq!(again["provider_reference"], result["provider_reference"]);

    let (status, body) = service.post(&request("R 2", "0917 599"));
    assert_eq!(status, 422);
    for part in [r#""effect":"not_sent""#, r#""field":"reference""#, r#""column":"account""#] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(!body.contains("599") && !body.contains("Reyes"), "{body}");
}
