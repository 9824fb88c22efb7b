//! A badge's place in a status list: `BitstringStatusListEntry` (Bitstring Status List 1.0 §2.1),
//! and what the list says of it (§3.2).

use serde_json::Value;

use super::{MIN_ENTRIES, PublishedList, StatusError, malformed};
use crate::openbadges::model::status::BITSTRING_STATUS_LIST_ENTRY;

/// Entries of more bits are refused: each needs 2^size messages, and 16 bits are 65,536 of them.
const MAX_SIZE: u64 = 16;

/// What a status list is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusPurpose {
    /// The badge is withdrawn for good.
    Revocation,
    /// The badge is withdrawn until further notice.
    Suspension,
    /// A newer version of the badge can be had; this one stays valid.
    Refresh,
    /// The issuer says something about the badge, which stays valid.
    Message,
    /// A purpose somebody else defined.
    Other(String),
}

impl StatusPurpose {
    /// As written in `statusPurpose`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
            Self::Refresh => "refresh",
            Self::Message => "message",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for StatusPurpose {
    fn from(name: &str) -> Self {
        match name {
            "revocation" => Self::Revocation,
            "suspension" => Self::Suspension,
            "refresh" => Self::Refresh,
            "message" => Self::Message,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What one value of an entry means, in its issuer's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusMessage {
    /// The value.
    pub status: u64,
    /// Its meaning.
    pub message: String,
}

/// The place of one badge in one status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// What the entry is about.
    pub purpose: StatusPurpose,
    /// The place, from 0. A number no list reaches is kept as the largest there is.
    pub index: u64,
    /// The URL of the list credential.
    pub list: String,
    /// Bits per entry, 1 to 16.
    pub size: u32,
    /// What the values mean, where the issuer says so.
    pub messages: Vec<StatusMessage>,
}

impl StatusEntry {
    /// Reads an entry, strictly: a member of another type than the standard's is an error, never a
    /// guess.
    ///
    /// # Errors
    /// [`StatusError::MalformedValue`], which names the member.
    pub fn read(entry: &Value) -> Result<Self, StatusError> {
        let text = |member: &str| {
            entry
                .get(member)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| malformed(format!("{member} must be a text")))
        };
        if text("type")? != BITSTRING_STATUS_LIST_ENTRY {
            return Err(malformed("type must be BitstringStatusListEntry"));
        }
        let list = text("statusListCredential")?;
        url::Url::parse(list).map_err(|_| malformed("statusListCredential must be a URL"))?;
        let size = size_of(entry)?;
        Ok(Self {
            purpose: text("statusPurpose")?.into(),
            index: index_of(text("statusListIndex")?)?,
            list: list.to_owned(),
            messages: messages_of(entry, size)?,
            size,
        })
    }
}

/// What a list says of a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusResult {
    /// What the entry is about.
    pub purpose: StatusPurpose,
    /// The value; 0 is the normal state.
    pub value: u64,
    /// What the issuer says this value means.
    pub message: Option<String>,
}

/// What `list` says of the badge that carries `entry`. The caller has verified the list credential.
///
/// # Errors
/// [`StatusError::Verification`] when the list has another purpose, [`StatusError::ListLength`] when
/// it is too short, [`StatusError::Range`] when the badge's place is beyond its end.
pub fn evaluate(entry: &StatusEntry, list: &PublishedList) -> Result<StatusResult, StatusError> {
    // Bitstring Status List 1.0 §3.2, from the step that compares purposes on.
    if !list.purposes.contains(&entry.purpose) {
        return Err(StatusError::Verification(format!(
            "it is not about “{}”",
            entry.purpose.as_str().escape_debug()
        )));
    }
    let entries = list
        .bits
        .bits()
        .checked_div(u64::from(entry.size))
        .unwrap_or(0);
    if entries < MIN_ENTRIES {
        return Err(StatusError::ListLength { entries });
    }
    let value = list
        .bits
        .get(entry.index, entry.size)
        .ok_or_else(|| StatusError::Range {
            index: entry.index.to_string(),
        })?;
    let message = entry
        .messages
        .iter()
        .find(|message| message.status == value);
    Ok(StatusResult {
        purpose: entry.purpose.clone(),
        value,
        message: message.map(|message| message.message.clone()),
    })
}

fn index_of(text: &str) -> Result<u64, StatusError> {
    if text.len() > 100 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed(
            "statusListIndex must be a whole number written as a text",
        ));
    }
    // Only too large a number is left to fail: a place beyond any list, which is a range error
    // later.
    Ok(text.parse().unwrap_or(u64::MAX))
}

fn size_of(entry: &Value) -> Result<u32, StatusError> {
    let Some(size) = entry.get("statusSize") else {
        return Ok(1);
    };
    size.as_u64()
        .filter(|size| (1..=MAX_SIZE).contains(size))
        .and_then(|size| u32::try_from(size).ok())
        .ok_or_else(|| malformed(format!("statusSize must be a number from 1 to {MAX_SIZE}")))
}

fn messages_of(entry: &Value, size: u32) -> Result<Vec<StatusMessage>, StatusError> {
    let wrong = || {
        malformed(
            "statusMessage must give a status such as 0x1 and a message for each possible value",
        )
    };
    let Some(messages) = entry.get("statusMessage") else {
        return if size == 1 {
            Ok(Vec::new())
        } else {
            Err(wrong())
        };
    };
    let messages = messages.as_array().ok_or_else(wrong)?;
    if u64::try_from(messages.len()).ok() != 1_u64.checked_shl(size) {
        return Err(wrong());
    }
    messages
        .iter()
        .map(|message| {
            let status = message.get("status")?.as_str()?.strip_prefix("0x")?;
            let message = message.get("message")?.as_str()?.to_owned();
            Some(StatusMessage {
                status: u64::from_str_radix(status, 16).ok()?,
                message,
            })
        })
        .collect::<Option<_>>()
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::Bitstring;
    use super::*;
    use crate::openbadges::model::CredentialStatus;

    const LIST: &str = "https://badges.example/status/3";

    /// An entry as we issue them.
    fn written(purpose: &str, index: u64) -> Value {
        serde_json::to_value(CredentialStatus::bitstring(LIST, purpose, index)).unwrap()
    }

    fn entry() -> StatusEntry {
        StatusEntry {
            purpose: StatusPurpose::Revocation,
            index: 94_567,
            list: LIST.into(),
            size: 1,
            messages: Vec::new(),
        }
    }

    fn list(set: &[u64]) -> PublishedList {
        let mut bits = Bitstring::new(1).unwrap();
        for index in set {
            bits.set(*index, true).unwrap();
        }
        PublishedList {
            purposes: vec![StatusPurpose::Revocation],
            bits,
            ttl: None,
        }
    }

    fn with(member: &str, value: Value) -> Result<StatusEntry, StatusError> {
        let mut entry = written("revocation", 94_567);
        entry[member] = value;
        StatusEntry::read(&entry)
    }

    #[test]
    fn an_entry_is_written_as_the_standard_shows_it_and_read_back() {
        let expected = json!({
            "id": "https://badges.example/status/3#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": LIST,
        });
        assert_eq!(written("revocation", 94_567), expected);
        assert_eq!(StatusEntry::read(&expected), Ok(entry()));
    }

    #[test]
    fn a_bit_that_is_set_is_this_badges_and_no_others() {
        let value = |set: &[u64]| evaluate(&entry(), &list(set)).unwrap().value;
        assert_eq!(value(&[94_567]), 1);
        assert_eq!(value(&[94_566, 94_568]), 0);
    }

    #[test]
    fn an_entry_of_two_bits_has_four_messages() {
        let messages: Vec<_> = (0..4)
            .map(|status| StatusMessage {
                status,
                message: format!("stage {status}"),
            })
            .collect();
        let purpose = StatusPurpose::Message;
        let entry = StatusEntry {
            purpose: purpose.clone(),
            size: 2,
            messages,
            index: 5,
            ..entry()
        };
        let mut stated = written("message", 5);
        stated["statusSize"] = json!(2);
        stated["statusMessage"] = (0..4)
            .map(|status| json!({"status": format!("{status:#x}"), "message": format!("stage {status}")}))
            .collect();
        assert_eq!(StatusEntry::read(&stated), Ok(entry.clone()));
        let mut bits = Bitstring::new(2 * MIN_ENTRIES).unwrap();
        bits.set(10, true).unwrap();
        let long = PublishedList {
            purposes: vec![purpose.clone()],
            bits,
            ttl: None,
        };
        let result = evaluate(&entry, &long).unwrap();
        assert_eq!(
            (result.value, result.message.as_deref()),
            (2, Some("stage 2"))
        );
        let short = PublishedList {
            purposes: vec![purpose],
            ..list(&[])
        };
        let error = evaluate(&entry, &short);
        assert_eq!(
            error,
            Err(StatusError::ListLength {
                entries: MIN_ENTRIES / 2
            })
        );
    }

    #[test]
    fn a_list_about_something_else_says_nothing() {
        let entry = StatusEntry {
            purpose: StatusPurpose::Suspension,
            ..entry()
        };
        assert!(matches!(
            evaluate(&entry, &list(&[])),
            Err(StatusError::Verification(_))
        ));
    }

    #[test]
    fn a_place_beyond_the_end_is_a_range_error_however_large() {
        for index in ["131072", "99999999999999999999999999"] {
            let entry = with("statusListIndex", index.into()).unwrap();
            assert!(matches!(
                evaluate(&entry, &list(&[])),
                Err(StatusError::Range { .. })
            ));
        }
    }

    #[test]
    fn each_member_of_another_type_is_named() {
        for (member, value) in [
            ("type", json!("StatusList2021Entry")),
            ("type", json!(["BitstringStatusListEntry"])),
            ("statusPurpose", json!(["revocation"])),
            ("statusPurpose", json!("")),
            ("statusListIndex", json!(94567)),
            ("statusListIndex", json!("-1")),
            ("statusListIndex", json!("1.0")),
            ("statusListIndex", json!("0x1")),
            ("statusListCredential", json!("status/3")),
            ("statusListCredential", json!(null)),
            ("statusSize", json!(0)),
            ("statusSize", json!("1")),
            ("statusSize", json!(17)),
            (
                "statusMessage",
                json!([{ "status": "0x0", "message": "one of two" }]),
            ),
            ("statusMessage", json!("valid")),
        ] {
            match with(member, value.clone()) {
                Err(error @ StatusError::MalformedValue(_)) => {
                    assert!(error.to_string().contains(member), "{error}");
                }
                other => panic!("{member}: {value}: {other:?}"),
            }
        }
        let size = with("statusSize", json!(2));
        assert!(
            matches!(size, Err(StatusError::MalformedValue(why)) if why.contains("statusMessage"))
        );
    }

    proptest! {
        #[test]
        fn reading_undoes_writing(index: u64, purpose in "[a-z]{1,12}") {
            let read = StatusEntry::read(&written(&purpose, index)).unwrap();
            prop_assert_eq!((read.purpose.as_str(), read.index), (purpose.as_str(), index));
        }
    }
}
