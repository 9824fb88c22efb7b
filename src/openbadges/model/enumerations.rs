//! The enumerated vocabularies (OB 3.0 §B.4), extensible by `ext:` values where the standard says so.
//!
//! A value the standard does not know is kept as `Other`, never lost and never an error of reading;
//! the rules find it where it is not an allowed extension.

use std::fmt;

/// Declares one vocabulary: an enum of its values, plus `Other`.
macro_rules! enumeration {
    ($(#[$meta:meta])* $name:ident, extensible: $extensible:literal, {
        $( $variant:ident = $text:literal ),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $variant,
            )+
            /// An extension (`ext:…`), or a value the standard does not have.
            Other(String),
        }

        impl $name {
            /// The values of the standard, as they are written.
            pub const VALUES: &[&str] = &[$( $text ),+];

            /// Whether a credential may hold this text here: one of the standard's values or,
            /// where the vocabulary is extensible, an `ext:` value.
            pub fn allows(text: &str) -> bool {
                Self::VALUES.contains(&text) || ($extensible && is_extension(text))
            }

            /// The value as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $( $text => Self::$variant, )+
                    _ => Self::Other(text),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                text.to_owned().into()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// Whether a text is an extension of a vocabulary: `ext:` and a name of letters, digits, `.`, `-`
/// and `_` that does not begin with `-` (the schemas' pattern would stop there).
fn is_extension(text: &str) -> bool {
    text.strip_prefix("ext:").is_some_and(|name| {
        !name.is_empty()
            && !name.starts_with('-')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
    })
}

enumeration!(
    /// The type of an achievement.
    AchievementType, extensible: true, {
        Achievement = "Achievement",
        ApprenticeshipCertificate = "ApprenticeshipCertificate",
        Assessment = "Assessment",
        Assignment = "Assignment",
        AssociateDegree = "AssociateDegree",
        Award = "Award",
        Badge = "Badge",
        BachelorDegree = "BachelorDegree",
        Certificate = "Certificate",
        CertificateOfCompletion = "CertificateOfCompletion",
        Certification = "Certification",
        CommunityService = "CommunityService",
        Competency = "Competency",
        Course = "Course",
        CoCurricular = "CoCurricular",
        Degree = "Degree",
        Diploma = "Diploma",
        DoctoralDegree = "DoctoralDegree",
        Fieldwork = "Fieldwork",
        GeneralEducationDevelopment = "GeneralEducationDevelopment",
        JourneymanCertificate = "JourneymanCertificate",
        LearningProgram = "LearningProgram",
        License = "License",
        Membership = "Membership",
        ProfessionalDoctorate = "ProfessionalDoctorate",
        QualityAssuranceCredential = "QualityAssuranceCredential",
        MasterCertificate = "MasterCertificate",
        MasterDegree = "MasterDegree",
        MicroCredential = "MicroCredential",
        ResearchDoctorate = "ResearchDoctorate",
        SecondarySchoolDiploma = "SecondarySchoolDiploma",
    }
);

enumeration!(
    /// What an alignment points to.
    AlignmentTargetType, extensible: true, {
        CeasnCompetency = "ceasn:Competency",
        CetermsCredential = "ceterms:Credential",
        CfItem = "CFItem",
        CfRubric = "CFRubric",
        CfRubricCriterion = "CFRubricCriterion",
        CfRubricCriterionLevel = "CFRubricCriterionLevel",
        Ctdl = "CTDL",
    }
);

enumeration!(
    /// The kind of an identifier, of a recipient or of a profile (`IdentifierTypeEnum`).
    IdentifierType, extensible: true, {
        Name = "name",
        SourcedId = "sourcedId",
        SystemId = "systemId",
        ProductId = "productId",
        UserName = "userName",
        AccountId = "accountId",
        EmailAddress = "emailAddress",
        NationalIdentityNumber = "nationalIdentityNumber",
        Isbn = "isbn",
        Issn = "issn",
        LisSourcedId = "lisSourcedId",
        OneRosterSourcedId = "oneRosterSourcedId",
        SisSourcedId = "sisSourcedId",
        LtiContextId = "ltiContextId",
        LtiDeploymentId = "ltiDeploymentId",
        LtiToolId = "ltiToolId",
        LtiPlatformId = "ltiPlatformId",
        LtiUserId = "ltiUserId",
        Identifier = "identifier",
    }
);

enumeration!(
    /// The kind of a result.
    ResultType, extensible: true, {
        GradePointAverage = "GradePointAverage",
        LetterGrade = "LetterGrade",
        Percent = "Percent",
        PerformanceLevel = "PerformanceLevel",
        PredictedScore = "PredictedScore",
        RawScore = "RawScore",
        Result = "Result",
        RubricCriterion = "RubricCriterion",
        RubricCriterionLevel = "RubricCriterionLevel",
        RubricScore = "RubricScore",
        ScaledScore = "ScaledScore",
        Status = "Status",
    }
);

enumeration!(
    /// How far somebody has come; the one closed vocabulary.
    ResultStatusType, extensible: false, {
        Completed = "Completed",
        Enrolled = "Enrolled",
        Failed = "Failed",
        InProgress = "InProgress",
        OnHold = "OnHold",
        Provisional = "Provisional",
        Withdrew = "Withdrew",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabularies_are_complete() {
        assert_eq!(AchievementType::VALUES.len(), 31);
        assert_eq!(AlignmentTargetType::VALUES.len(), 7);
        assert_eq!(IdentifierType::VALUES.len(), 19);
        assert_eq!(ResultType::VALUES.len(), 12);
        assert_eq!(ResultStatusType::VALUES.len(), 7);
    }

    #[test]
    fn each_value_reads_back_and_the_unknown_is_kept() {
        for text in AchievementType::VALUES {
            let value = AchievementType::from((*text).to_owned());
            assert!(!matches!(value, AchievementType::Other(_)), "{text}");
            assert_eq!(value.as_str(), *text);
        }
        let unknown = AchievementType::from("Atelier".to_owned());
        assert_eq!(serde_json::to_value(&unknown).unwrap(), "Atelier");
        assert!(!AchievementType::allows("Atelier"));
    }

    #[test]
    fn extensions_are_allowed_where_the_vocabulary_is_open() {
        for text in ["ext:Fresque", "ext:fresque.v2", "ext:a-b_c"] {
            assert!(AchievementType::allows(text), "{text}");
            assert!(!ResultStatusType::allows(text), "{text}");
        }
        for text in ["ext:", "ext:é", "ext:a b", "ext:-a", "EXT:a", " ext:a"] {
            assert!(!AchievementType::allows(text), "{text}");
        }
    }
}
