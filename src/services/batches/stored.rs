//! The rows of a part and what became of them, as they are kept in the database: JSON, packed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};

use super::{AwardReport, Counts, Dealt, Fate};
use crate::ids::CredentialId;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::recognition::earlier::Among;
use crate::recognition::entry::{Correction, Place};
use crate::recognition::outcome::{Counted, SetAside};
use crate::services::Error;
use crate::store::{pack, unpack};

/// The most that a part takes in memory, in bytes: the rows of the largest file that is read, at most.
const LARGEST: usize = 512 << 20;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredRow {
    /// Its number in the file.
    #[serde(rename = "n")]
    pub(super) number: u32,
    /// Its cells, as the organiser wrote them.
    #[serde(rename = "c")]
    pub(super) cells: Vec<String>,
    /// What it has to do with an earlier row.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub(super) among: Option<Among>,
    /// Later rows that count on its badge.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) more: Vec<StoredRow>,
}

/// What became of the rows of a part.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct StoredReport {
    awards: Vec<StoredAward>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<StoredCorrection>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    set_aside: Vec<SetAside>,
    /// Rows that count on the badge of a row of another part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) counted: Vec<Counted>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredAward {
    rows: Vec<u32>,
    achievement: String,
    recipient: String,
    #[serde(flatten)]
    fate: StoredFate,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum StoredFate {
    Issued { id: CredentialId },
    WouldIssue,
    AlreadyIssued { id: CredentialId, standing: Word },
    Refused { findings: Vec<StoredFinding> },
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredFinding {
    pointer: String,
    rule: Word,
    is_error: bool,
    message: String,
    advice: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredCorrection {
    row: u32,
    place: Option<Place>,
    value: String,
    rule: Word,
    what: String,
    advice: String,
}

/// A word of our own: a rule's name, a standing. There are few, and each is kept once for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
struct Word(&'static str);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        const MOST: usize = 2_000;
        let word = String::deserialize(deserializer)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(word) = known.get(word.as_str()) {
            return Ok(Self(word));
        }
        if known.len() >= MOST {
            return Err(serde::de::Error::custom("this is no word of ours"));
        }
        let word: &'static str = word.leak();
        known.insert(word);
        Ok(Self(word))
    }
}

impl StoredReport {
    pub(super) fn of(dealt: Dealt, counted: Vec<Counted>) -> Self {
        let finding = |it: Finding| StoredFinding {
            pointer: it.pointer,
            rule: Word(it.rule),
            is_error: it.severity == Severity::Error,
            message: it.message,
            advice: it.advice,
        };
        let award = |it: AwardReport| StoredAward {
            rows: it.rows,
            achievement: it.achievement,
            recipient: it.recipient,
            fate: match it.fate {
                Fate::Issued { id } => StoredFate::Issued { id },
                Fate::WouldIssue => StoredFate::WouldIssue,
                Fate::AlreadyIssued { id, standing } => StoredFate::AlreadyIssued {
                    id,
                    standing: Word(standing),
                },
                Fate::Refused { findings } => StoredFate::Refused {
                    findings: findings.into_iter().map(finding).collect(),
                },
            },
        };
        let correction = |it: Correction| StoredCorrection {
            row: it.row,
            place: it.place,
            value: it.value,
            rule: Word(it.rule),
            what: it.what,
            advice: it.advice,
        };
        Self {
            awards: dealt.awards.into_iter().map(award).collect(),
            corrections: dealt.corrections.into_iter().map(correction).collect(),
            set_aside: dealt.set_aside,
            counted,
        }
    }

    /// What became of the rows, and which of them count on the badge of another part's row.
    pub(super) fn dealt(self) -> (Dealt, Vec<Counted>) {
        let finding = |it: StoredFinding| Finding {
            pointer: it.pointer,
            rule: it.rule.0,
            severity: if it.is_error {
                Severity::Error
            } else {
                Severity::Warning
            },
            message: it.message,
            advice: it.advice,
        };
        let award = |it: StoredAward| AwardReport {
            rows: it.rows,
            achievement: it.achievement,
            recipient: it.recipient,
            fate: match it.fate {
                StoredFate::Issued { id } => Fate::Issued { id },
                StoredFate::WouldIssue => Fate::WouldIssue,
                StoredFate::AlreadyIssued { id, standing } => Fate::AlreadyIssued {
                    id,
                    standing: standing.0,
                },
                StoredFate::Refused { findings } => Fate::Refused {
                    findings: findings.into_iter().map(finding).collect(),
                },
            },
        };
        let correction = |it: StoredCorrection| Correction {
            row: it.row,
            place: it.place,
            value: it.value,
            rule: it.rule.0,
            what: it.what,
            advice: it.advice,
        };
        let dealt = Dealt::of(
            self.awards.into_iter().map(award).collect(),
            self.corrections.into_iter().map(correction).collect(),
            self.set_aside,
        );
        (dealt, self.counted)
    }

    /// Whether a report that is kept names a badge; much faster than reading it.
    pub(super) fn names(packed: &[u8], badge: CredentialId) -> Result<bool, Error> {
        let json = unpack(packed, LARGEST)?;
        let name = badge.to_string();
        Ok(json
            .windows(name.len())
            .any(|window| window == name.as_bytes()))
    }

    /// Forgets all that is said of whoever has this badge; the rows it comes from.
    pub(super) fn forget(&mut self, badge: CredentialId) -> Vec<u32> {
        let is_theirs = |award: &StoredAward| match award.fate {
            StoredFate::Issued { id } | StoredFate::AlreadyIssued { id, .. } => id == badge,
            StoredFate::WouldIssue | StoredFate::Refused { .. } => false,
        };
        let mut rows = Vec::new();
        for award in self.awards.iter_mut().filter(|award| is_theirs(award)) {
            award.recipient.clear();
            rows.extend(&award.rows);
        }
        rows
    }

    /// Forgets what is written in the cells to correct of these rows.
    pub(super) fn forget_values(&mut self, rows: &BTreeSet<u32>) {
        let corrections = self.corrections.iter_mut();
        for correction in corrections.filter(|correction| rows.contains(&correction.row)) {
            correction.value.clear();
        }
    }
}

/// Rows, as they are kept.
pub(super) fn packed<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(value).map_err(Error::internal)?;
    Ok(pack(&json)?)
}

/// The same, read again.
pub(super) fn unpacked<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, Error> {
    let json = unpack(bytes, LARGEST)?;
    serde_json::from_slice(&json).map_err(Error::internal)
}

impl Counts {
    /// Whether something is to be corrected.
    pub fn has_faults(&self) -> bool {
        self.rows_to_correct > 0 || self.refused > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognition::outcome::Reason;

    fn id(number: u8) -> CredentialId {
        CredentialId(uuid::Uuid::from_bytes([number; 16]))
    }

    fn award(rows: &[u32], recipient: &str, fate: Fate) -> AwardReport {
        AwardReport {
            rows: rows.to_vec(),
            achievement: "participant-fresque-climat".into(),
            recipient: recipient.into(),
            fate,
        }
    }

    fn finding(severity: Severity) -> Finding {
        Finding {
            pointer: "/name".into(),
            rule: "award.duplicate",
            severity,
            message: "It was awarded before.".into(),
            advice: "Remove the row.".into(),
        }
    }

    fn correction(row: u32, place: Option<Place>) -> Correction {
        Correction {
            row,
            place,
            value: "enora(at)example.org".into(),
            rule: "email.syntax",
            what: "This is no address.".into(),
            advice: "Write it with an @.".into(),
        }
    }

    /// Everything that can become of rows.
    fn dealt() -> Dealt {
        let place = Place {
            column: "C".into(),
            heading: "Courriel".into(),
        };
        let already = Fate::AlreadyIssued {
            id: id(2),
            standing: "revoked",
        };
        let findings = vec![finding(Severity::Error), finding(Severity::Warning)];
        Dealt::of(
            vec![
                award(&[2, 7], "Enora", Fate::Issued { id: id(1) }),
                award(&[3], "Gwenn", already),
                award(&[4], "Mael", Fate::WouldIssue),
                award(&[5], "Awen", Fate::Refused { findings }),
            ],
            vec![correction(6, Some(place)), correction(8, None)],
            vec![SetAside {
                rows: vec![9, 10],
                reason: Reason::Repeats { first: 2 },
            }],
        )
    }

    fn same(one: &Dealt, other: &Dealt) {
        assert_eq!(one.counts, other.counts);
        assert_eq!(format!("{:?}", one.awards), format!("{:?}", other.awards));
        assert_eq!(one.corrections, other.corrections);
        assert_eq!(one.set_aside, other.set_aside);
    }

    #[test]
    fn what_became_of_rows_reads_back_as_it_was() {
        let counted = vec![Counted { row: 502, first: 2 }];
        let stored = packed(&StoredReport::of(dealt(), counted.clone())).unwrap();
        let (read, counted_then) = unpacked::<StoredReport>(&stored).unwrap().dealt();
        same(&read, &dealt());
        assert_eq!(counted_then, counted);
        let nothing = packed(&StoredReport::default()).unwrap();
        let (read, counted) = unpacked::<StoredReport>(&nothing).unwrap().dealt();
        same(&read, &Dealt::default());
        assert_eq!(counted, []);
    }

    #[test]
    fn rows_read_back_with_what_they_have_to_do_with_others() {
        let row = |number, among, more| StoredRow {
            number,
            cells: vec!["Enora".into(), String::new(), "«;\"\n".into()],
            among,
            more,
        };
        let adds = Some(Among::AddsTo { first: 2 });
        let rows = vec![
            row(2, None, vec![row(502, adds, vec![])]),
            row(3, Some(Among::Repeats { first: 2 }), vec![]),
            row(4, Some(Among::SharesAddress { first: 2 }), vec![]),
        ];
        let stored = packed(&rows).unwrap();
        assert_eq!(unpacked::<Vec<StoredRow>>(&stored).unwrap(), rows);
    }

    #[test]
    fn what_was_altered_is_refused() {
        let whole = packed(&StoredReport::of(dealt(), vec![])).unwrap();
        assert!(unpacked::<StoredReport>(&whole).is_ok());
        for length in 0..whole.len() {
            assert!(
                unpacked::<StoredReport>(&whole[..length]).is_err(),
                "{length}"
            );
        }
        let other = packed(&"no report").unwrap();
        assert!(unpacked::<StoredReport>(&other).is_err());
    }

    #[test]
    fn of_whoever_is_erased_nothing_is_said_and_of_others_all() {
        let mut report = StoredReport::of(dealt(), vec![]);
        assert_eq!(report.forget(id(9)), [0_u32; 0]);
        assert_eq!(report.forget(id(1)), [2, 7]);
        assert_eq!(report.forget(id(2)), [3]);
        report.forget_values(&BTreeSet::from([6]));
        let (read, _) = report.dealt();
        let recipients: Vec<_> = read.awards.iter().map(|it| it.recipient.as_str()).collect();
        assert_eq!(recipients, ["", "", "Mael", "Awen"]);
        let values: Vec<_> = read
            .corrections
            .iter()
            .map(|it| it.value.as_str())
            .collect();
        assert_eq!(values, ["", "enora(at)example.org"]);
        assert_eq!(read.counts, dealt().counts, "what became of them stays");
    }

    #[test]
    fn there_is_something_to_correct_where_a_row_is_wrong_or_refused() {
        assert!(dealt().counts.has_faults());
        assert!(!Counts::default().has_faults());
        let refused = Counts {
            refused: 1,
            ..Counts::default()
        };
        assert!(refused.has_faults());
    }
}
