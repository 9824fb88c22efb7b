//! `@context`: what it holds and in which order (conformance §2.1; checked by text).

use serde_json::Value;

use super::catalogue::{
    CONTEXT_ALIAS, CONTEXT_EXTENSIONS, CONTEXT_FIRST, CONTEXT_MEMBER, CONTEXT_OPEN_BADGES,
    CONTEXT_VERSION,
};
use super::findings::{At, Findings};
use super::values::is_absolute_uri;
use crate::openbadges::model::contexts::{
    CREDENTIALS_V1, CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES, is_alias, is_older_version,
    uses_extensions,
};

/// The contexts of any credential, where it has some. Data model 1.1 is read by all profiles and
/// issued as `Credential` only.
pub(super) fn check(document: &At<'_>, may_be_1_1: bool, findings: &mut Findings) {
    let contexts = document.member("@context");
    if contexts.value.is_null() {
        return;
    }
    for entry in contexts.items() {
        let is_sound = match entry.value {
            Value::String(url) => is_absolute_uri(url),
            Value::Object(_) => true,
            _ => false,
        };
        if !is_sound {
            findings.add(&entry, &CONTEXT_MEMBER);
        }
    }
    let first = contexts.items().next();
    let is_right = match first.and_then(|first| first.text()) {
        Some(CREDENTIALS_V2) => true,
        Some(CREDENTIALS_V1) => may_be_1_1,
        _ => false,
    };
    if !is_right {
        findings.add(&first.unwrap_or(contexts), &CONTEXT_FIRST);
    }
}

/// What a badge's contexts must be besides.
pub(super) fn check_badge(document: &At<'_>, findings: &mut Findings) {
    let contexts = document.member("@context");
    if contexts.value.is_null() {
        return;
    }
    let second = contexts.items().nth(1).unwrap_or(contexts);
    match second.text() {
        Some(OPEN_BADGES) => {}
        Some(url) if is_older_version(url) => findings.add(&second, &CONTEXT_VERSION),
        Some(url) if is_alias(url) => findings.add(&second, &CONTEXT_ALIAS),
        _ => findings.add(&second, &CONTEXT_OPEN_BADGES),
    }
    let has_extensions = contexts
        .items()
        .any(|entry| entry.text() == Some(EXTENSIONS));
    if uses_extensions(document.value) && !has_extensions {
        findings.add(&contexts, &CONTEXT_EXTENSIONS);
    }
}
