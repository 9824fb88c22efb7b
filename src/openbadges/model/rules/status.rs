//! Status entries, beyond their table (Bitstring Status List §2.1; conformance §2.14, §7.1).

use serde_json::Value;

use super::catalogue::{
    KIND, REQUIRED, STATUS_ID, STATUS_INDEX, STATUS_LIST, STATUS_MESSAGES, STATUS_SIZE, URI,
};
use super::classes::check_text;
use super::findings::{At, Findings};
use super::values::is_absolute_uri;
use crate::openbadges::model::status::{BITSTRING_STATUS_LIST_ENTRY, REVOCATION_LIST};

/// An entry must say all that its method needs.
pub(super) fn check(at: &At<'_>, findings: &mut Findings) {
    if at.has_type(BITSTRING_STATUS_LIST_ENTRY) {
        check_bitstring(at, findings);
    }
    if at.has_type(REVOCATION_LIST) && at.present("id").is_none() {
        findings.add(&at.member("id"), &STATUS_LIST);
    }
}

fn check_bitstring(at: &At<'_>, findings: &mut Findings) {
    for name in ["statusPurpose", "statusListIndex", "statusListCredential"] {
        if at.present(name).is_none() {
            findings.add_about(&at.member(name), &REQUIRED, name);
        }
    }
    if let Some(purpose) = at.present("statusPurpose")
        && purpose.text().is_none_or(str::is_empty)
    {
        findings.add_about(&purpose, &KIND, "a purpose, as “revocation” is");
    }
    if let Some(index) = at.present("statusListIndex") {
        let is_index = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !index.text().is_some_and(is_index) {
            findings.add(&index, &STATUS_INDEX);
        }
    }
    let list = at.member("statusListCredential");
    if !list.value.is_null() {
        check_text(&list, &URI, is_absolute_uri, findings);
    }
    let id = at.member("id");
    if id.text().is_some() && id.text() == list.text() {
        findings.add(&id, &STATUS_ID);
    }
    check_size(at, findings);
}

fn check_size(at: &At<'_>, findings: &mut Findings) {
    let size = at.member("statusSize");
    let bits = if size.value.is_null() {
        Some(1)
    } else {
        size.value.as_u64()
    };
    let Some(bits) = bits.filter(|bits| *bits > 0) else {
        return findings.add(&size, &STATUS_SIZE);
    };
    let messages = at.member("statusMessage");
    let count = messages.value.as_array().map(Vec::len);
    let wanted = u32::try_from(bits)
        .ok()
        .and_then(|bits| 1_usize.checked_shl(bits));
    let is_right = match (messages.value, count) {
        (Value::Null, _) => bits == 1,
        (_, count) => count.is_some() && count == wanted,
    };
    if !is_right {
        findings.add(&messages, &STATUS_MESSAGES);
    }
}
