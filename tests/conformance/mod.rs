//! Published vectors, reproduced to the byte (`vectors/README.md` says where each comes from), and the
//! law behind all of them: a signed credential that was changed never verifies.

mod jose;
mod ob3_signing;
mod tampering;
mod vc_di_eddsa;

use std::fmt::Write as _;

use badgeons::openbadges::json;
use badgeons::openbadges::model::checked::{Checked, Profile, Unsigned};
use badgeons::openbadges::model::rules;
use serde_json::Value;

/// Reads a vector as strictly as a stranger's document.
fn parse(text: &str) -> Value {
    json::parse(text.as_bytes()).unwrap()
}

/// A secured document without its proofs, as it was before it was signed.
fn unsecured(secured: &Value) -> Value {
    let mut document = secured.clone();
    document.as_object_mut().unwrap().shift_remove("proof");
    document
}

fn checked(document: Value, profile: Profile) -> Checked {
    rules::check(Unsigned(document), profile).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
