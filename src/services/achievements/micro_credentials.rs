//! The eleven European elements of a micro-credential: asked for at the level R6, and told at any time.

use serde_json::Value;

use super::{Said, kind_of, level_of};
use crate::openbadges::model::Achievement;
use crate::openbadges::model::checked::{Finding, Severity};
use crate::recognition::levels::Level;
use crate::recognition::microcredential::{self, Elements, Incomplete, Report, Status};
use crate::recognition::templates::RecipientKind;
use crate::services::issuers::Issuer;
use crate::services::{Error, Services};

/// Said of an element where none belongs.
const ADVICE: &str = "Publish it at the level R6, or leave this out.";

/// How far a badge is from being a micro-credential.
#[derive(Debug, Clone)]
pub struct Completeness {
    /// Whether it is one, or could be published as one.
    pub complete: bool,
    /// What was looked at: the draft, else the version in force.
    pub draft: bool,
    /// The eleven elements.
    pub report: Report,
    /// What of them can't be read.
    pub findings: Vec<Finding>,
}

impl Services {
    /// The eleven elements of a badge: of its draft where it has one, else of the version in force.
    pub async fn micro_credential(
        &self,
        issuer: Option<&str>,
        slug: &str,
    ) -> Result<Completeness, Error> {
        let (issuer, row, mut tx) = self.class(issuer, slug).await?;
        let said = match tx.draft(row.id).await? {
            Some(draft) => Some(Said::Draft(draft)),
            None => tx.current_version(row.id).await?.map(Said::Version),
        };
        let (draft, document, recipient, level) = match said {
            Some(Said::Draft(it)) => (true, it.document, it.recipient_kind, it.level),
            Some(Said::Version(it)) => (false, it.document, it.recipient_kind, it.level),
            None => return Err(Error::not_found("badge", slug)),
        };
        let mut document: Value = serde_json::from_str(&document).map_err(Error::internal)?;
        let (elements, mut findings) = elements_of(&mut document, Level::R6);
        self.complete(&mut document, row.id, None)?;
        let achievement: Achievement = serde_json::from_value(document)
            .map_err(|error| Error::Refused(format!("this is no Achievement yet: {error}")))?;
        let recipient = kind_of(recipient);
        let report =
            microcredential::assess(&achievement, elements.as_ref(), &issuer.profile, recipient);
        if level_of(&level)? != Level::R6 {
            findings.push(Finding {
                severity: Severity::Warning,
                ..wrong(
                    "",
                    "The badge is not of level R6.",
                    "Publish it at that level.",
                )
            });
        }
        let readable = findings.iter().all(|it| it.severity == Severity::Warning);
        Ok(Completeness {
            complete: readable && report.is_complete(),
            draft,
            report,
            findings,
        })
    }
}

/// Takes the elements out of what is to be published, with what is wrong about them. Only a badge of
/// level R6 has them: elsewhere they would claim what was not checked, and no reader would know the
/// terms.
pub(super) fn elements_of(document: &mut Value, level: Level) -> (Option<Elements>, Vec<Finding>) {
    let Some(members) = document.as_object_mut() else {
        return (None, Vec::new());
    };
    if level == Level::R6 {
        return match microcredential::take(members) {
            Ok(elements) => (elements, Vec::new()),
            Err(findings) => (None, findings),
        };
    }
    let mut findings = Vec::new();
    let is_typed = |kind: &Value| kind == microcredential::TYPE;
    let typed = match members.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_typed),
        Some(one) => is_typed(one),
        None => false,
    };
    if typed {
        let message =
            "Only a badge of level R6 is asked for the European elements this type stands for.";
        findings.push(wrong("/type", message, ADVICE));
    }
    for name in microcredential::MEMBERS {
        if members.contains_key(name) {
            let message = format!(
                "Only a badge of level R6 says this: “{name}” is one of the European elements."
            );
            findings.push(wrong(&format!("/{name}"), message, ADVICE));
        }
    }
    (None, findings)
}

/// An achievement with its European elements.
///
/// # Errors
/// [`Error::Invalid`], with every element that is missing.
pub(super) fn micro_credential(
    achievement: Achievement,
    elements: Option<&Elements>,
    issuer: &Issuer,
    recipient: RecipientKind,
) -> Result<Achievement, Error> {
    microcredential::complete(achievement, elements, &issuer.profile, recipient).map_err(
        |Incomplete(report)| Error::Invalid {
            findings: missing_elements(&report),
        },
    )
}

/// Each missing element, where it would be written.
pub(in crate::services) fn missing_elements(report: &Report) -> Vec<Finding> {
    let finding = |element: &microcredential::Element| {
        let pointer = match element.number {
            2 => "/name",
            6 => "/learningOutcome",
            7 => "/workload",
            8 => "/eqfLevel",
            9 => "/assessmentType",
            10 => "/participation",
            11 => "/qualityAssurance",
            // Of the learner or the issuer, not of the badge.
            _ => "",
        };
        let (number, name) = (element.number, element.name);
        let message = format!("Of the eleven European elements, {number} is missing: {name}.");
        let advice = match &element.status {
            Status::Absent { advice } => advice,
            _ => &"",
        };
        wrong(pointer, message, *advice)
    };
    report.missing().map(finding).collect()
}

fn wrong(pointer: &str, message: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding {
        pointer: pointer.to_owned(),
        rule: "achievement.microcredential",
        severity: Severity::Error,
        message: message.into(),
        advice: advice.into(),
    }
}
