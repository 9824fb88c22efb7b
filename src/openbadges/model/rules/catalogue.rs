//! Every rule: its name, its force, what it tells people.
//!
//! Names are stable: programs and translations hang on them. `{}` stands for what the finding is
//! about (a member, a class). Each rule has a failing twin in `tests/model/twins/`; a test counts.

use crate::openbadges::model::checked::Severity;

/// A rule that a credential can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable dotted name.
    pub name: &'static str,
    /// What follows when it is broken.
    pub force: Force,
    /// What is wrong, in a sentence.
    pub message: &'static str,
    /// What to do, in a sentence.
    pub advice: &'static str,
}

/// What follows when a rule is broken: by what we issue, and by what we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// The standard demands it of everybody: an error on both sides.
    Standard,
    /// Demanded when issuing; met in good badges of others, so a warning when reading.
    Tolerated,
    /// A demand on what we issue alone: nothing to say about others.
    Ours,
}

impl Force {
    /// How much a finding matters when reading; `None` where there is nothing to say.
    pub(super) fn when_reading(self) -> Option<Severity> {
        match self {
            Self::Standard => Some(Severity::Error),
            Self::Tolerated => Some(Severity::Warning),
            Self::Ours => None,
        }
    }
}

macro_rules! rules {
    ($( $(#[$meta:meta])* $rule:ident = $name:literal, $force:ident, $message:literal, $advice:literal; )+) => {
        $(
            $(#[$meta])*
            pub(super) const $rule: Rule =
                Rule { name: $name, force: Force::$force, message: $message, advice: $advice };
        )+

        /// All rules, in the order in which a badge is read.
        pub const ALL: &[Rule] = &[$( $rule ),+];
    };
}

rules! {
    // The document as a whole.
    TOO_MANY = "document.too-many-findings", Standard,
        "There is more to correct than is listed here.",
        "Correct what is listed and check again.";
    OBJECT = "document.object", Standard,
        "A credential is a JSON object.",
        "Give one credential, as an object.";
    NULL = "value.null", Ours,
        "This member is null; JSON-LD drops it and others refuse it.",
        "Leave the member out.";
    EMPTY_ARRAY = "value.empty-array", Ours,
        "This array is empty; JSON-LD drops it and others refuse it.",
        "Leave the member out.";
    CLAIM = "credential.registered-claim", Ours,
        "“{}” is a claim that a JWT computes from the credential.",
        "Leave it out; signing writes it.";
    PROOF = "credential.proof-present", Ours,
        "This credential is already signed.",
        "Give the credential without its proof.";

    // Contexts (§2.1).
    CONTEXT_MEMBER = "context.member", Standard,
        "A context is an absolute URL or an object.",
        "Correct this entry, or take it out.";
    CONTEXT_FIRST = "context.first", Standard,
        "The first context is not that of Verifiable Credentials.",
        "Begin “@context” with https://www.w3.org/ns/credentials/v2.";
    CONTEXT_OPEN_BADGES = "context.open-badges", Standard,
        "The second context is not that of Open Badges 3.0.",
        "Put https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json in second place.";
    CONTEXT_VERSION = "context.version", Ours,
        "The second context is an older one of Open Badges.",
        "Use https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json.";
    CONTEXT_ALIAS = "context.alias", Tolerated,
        "The second context is Open Badges' by an address that is no longer used.",
        "Use https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json.";
    CONTEXT_EXTENSIONS = "context.extensions", Tolerated,
        "A 1EdTech type is used that no context defines, so a proof over it cannot be checked.",
        "Add https://purl.imsglobal.org/spec/ob/v3p0/extensions.json to “@context”.";

    // What every class has in common (§1).
    REQUIRED = "member.required", Standard,
        "“{}” is missing.",
        "Add it; the standard demands it.";
    ARRAY = "member.array", Ours,
        "“{}” is a single value where an array is written.",
        "Write it as an array, also when it holds one value.";
    SINGLE = "member.single", Tolerated,
        "“{}” is an array where there is one value.",
        "Keep one value, without the brackets.";
    KIND = "value.kind", Standard,
        "This is not {}.",
        "Write it as the standard describes it.";
    CLOSED = "class.closed", Standard,
        "{} takes no further members.",
        "Take this member out.";
    TYPE = "class.type", Standard,
        "The type does not say “{}”.",
        "Write the type as the standard names it.";
    TEXT_EMPTY = "text.empty", Ours,
        "This text is empty.",
        "Write it, or leave the member out.";
    TEXT_PLAIN = "text.plain", Ours,
        "This text is an object; no form but the plain text passes both schema and contexts.",
        "Write a plain text, and issue one badge per language.";
    TEXT_HIDDEN = "text.hidden", Tolerated,
        "This text holds a character that nobody sees and that screens obey ({}).",
        "Type the text anew; a copy brings the character along.";
    URI = "uri.absolute", Standard,
        "This is not an absolute URI.",
        "Write it whole, as in https://example.org/badge or urn:uuid:….";
    LINK = "uri.link", Tolerated,
        "This is not a whole web address.",
        "Write it whole, as in https://example.org/.";
    WORD = "vocabulary.word", Standard,
        "The standard does not have this word here.",
        "Choose one of its words or, where it allows it, an extension that begins with “ext:”.";
    LANGUAGE = "language.code", Standard,
        "This is not a language code.",
        "Write it as in fr, br or fr-FR.";
    COUNTRY = "country.code", Tolerated,
        "This is not a country code.",
        "Write the two capital letters of ISO 3166-1, as in FR.";
    JWS = "endorsement.compact-jws", Standard,
        "This is not a compact JWS.",
        "Give the three parts of the signed endorsement, joined by points.";

    // Dates (§2.2).
    INSTANT = "date.instant", Standard,
        "This is not a date and time with its zone.",
        "Write it as in 2026-11-23T10:00:00Z.";
    ZONE = "date.zone", Tolerated,
        "This time does not say in which zone it is.",
        "Write it as in 2026-11-23T10:00:00Z.";
    DATE = "date.day", Standard,
        "This is not a date.",
        "Write it as in 2026-11-23.";
    UTC = "date.utc", Ours,
        "This time is not written in UTC.",
        "Write the same instant with Z, as in 2026-11-23T10:00:00Z.";
    WHOLE_SECONDS = "date.whole-seconds", Ours,
        "This time has a fraction of a second, which a JWT cannot repeat.",
        "Leave the fraction out.";
    ORDER = "date.order", Standard,
        "The credential ends before it begins.",
        "Put “validUntil” after “validFrom”.";
    ACTIVITY_ORDER = "date.activity-order", Tolerated,
        "The activity ends before it begins.",
        "Put “activityEndDate” after “activityStartDate”.";

    // Issuer and recipient (§2.2, §2.5).
    ISSUER_OBJECT = "issuer.object", Tolerated,
        "The issuer is only named by its identifier; validators ask for its profile.",
        "Write an object with id, type and name.";
    ISSUER_NAME = "issuer.name", Ours,
        "The issuer has no name.",
        "Add the name by which people know it.";
    SUBJECT_SINGLE = "subject.single", Standard,
        "A badge has one subject, and this one has a list.",
        "Issue one badge per recipient.";
    RECIPIENT = "subject.recipient", Standard,
        "Nothing says who the recipient is.",
        "Give the subject an id, or at least one identifier.";
    IDENTITY_CLEAR = "identity.clear", Ours,
        "An e-mail address stands here for everybody to read.",
        "Write it as a salted hash, in “identifier”.";
    IDENTITY_HASH = "identity.hash", Standard,
        "This is not a hash of an identifier.",
        "Write sha256$ and the 64 hexadecimal digits.";
    IDENTITY_ALGORITHM = "identity.algorithm", Ours,
        "MD5 no longer hides an address.",
        "Hash it with SHA-256.";
    IDENTITY_SALT = "identity.salt", Ours,
        "The hash has no salt of at least 128 bits, so that the address can be guessed.",
        "Append a random salt of its own to each identifier, and write it in “salt”.";

    // The achievement and its pictures (§1.3, §1.7, §2.4).
    CRITERIA = "achievement.criteria", Tolerated,
        "The criteria have neither a page nor a text.",
        "Write what it takes in “narrative”, or link the page in “id”.";
    IMAGE_FORMAT = "image.format", Tolerated,
        "This is not a PNG or SVG picture.",
        "Give the web address of a PNG or SVG, or a data: URI of type image/png or image/svg+xml.";
    IMAGE_DATA = "image.data", Tolerated,
        "The picture inside this data: URI cannot be read.",
        "Encode the file anew, in base64.";
    IMAGE_SIZE = "image.size", Ours,
        "The picture inside this credential is larger than 1 MiB.",
        "Make it smaller, or give its web address.";

    // Results (§1.7, §1.8).
    DESCRIPTION_UNIQUE = "result-description.unique", Tolerated,
        "Two descriptions have this identifier.",
        "Give each an identifier of its own.";
    DESCRIPTION_LEVEL = "result-description.required-level", Tolerated,
        "The required level is not among the levels of the rubric.",
        "Name one of them by its id.";
    DESCRIPTION_VALUE = "result-description.required-value", Tolerated,
        "The required value is not one that the result may take.",
        "Choose one of “allowedValue”, or one from “valueMin” to “valueMax”.";
    DESCRIPTION_RANGE = "result-description.range", Tolerated,
        "The lowest value is higher than the highest.",
        "Exchange “valueMin” and “valueMax”.";
    RESULT_DESCRIPTION = "result.description", Tolerated,
        "The achievement describes no such result.",
        "Name one of its “resultDescription” by its id.";
    RESULT_STATUS = "result.status", Tolerated,
        "A result of type Status says how far the recipient has come, and this one does not.",
        "Add “status”: Completed, Enrolled, Failed, InProgress, OnHold, Provisional or Withdrew.";
    RESULT_LEVEL = "result.achieved-level", Tolerated,
        "The level reached is not among the levels of the rubric.",
        "Name one of them by its id.";
    RESULT_VALUE = "result.value", Tolerated,
        "The value is not one that the result may take.",
        "Choose one of “allowedValue”, or one from “valueMin” to “valueMax”.";

    // Schema, status, endorsements (§2.3, §2.14, §4.8, §7.1).
    SCHEMA = "schema.open-badges", Tolerated,
        "Schemas are named, but not that of Open Badges.",
        "Add it, with type 1EdTechJsonSchemaValidator2019, or name none.";
    STATUS_ID = "status.id", Tolerated,
        "The entry is named as if it were the whole list.",
        "Add “#” and the index to “id”, or leave it out.";
    STATUS_LIST = "status.list", Standard,
        "Nothing says where the list is.",
        "Write its address in “id”.";
    STATUS_INDEX = "status.index", Standard,
        "The place in the list is not a number written as a text.",
        "Write decimal digits between quotation marks, as in \"94567\".";
    STATUS_SIZE = "status.size", Standard,
        "The size of an entry is not a whole number of bits.",
        "Write a positive number, or leave it out for one bit.";
    STATUS_MESSAGES = "status.messages", Standard,
        "The messages are not as many as the values an entry can take.",
        "Write one message for each value.";
    ENDORSEMENT_JWT = "endorsement.jwt", Ours,
        "Verifiers with an older copy of the context do not know “endorsementJwt” and refuse the proof.",
        "Embed an endorsement with a proof of its own, in “endorsement”.";
    ENDORSEMENT_PROOF = "endorsement.proof", Tolerated,
        "This endorsement is not signed.",
        "Embed it as its issuer signed it.";
    ENDORSEMENT_SUBJECT = "endorsement.subject", Tolerated,
        "This endorsement is about something else than what carries it.",
        "Put it where what it endorses is.";

    // Any credential of the data model (§8.4).
    SUBJECT_EMPTY = "subject.empty", Standard,
        "A subject says nothing.",
        "Say at least one thing of it.";
    NAME = "text.value-object", Standard,
        "This is neither a text nor a text with its language.",
        "Write a text, or an object with @value, @language and @direction alone.";
    RELATED_UNIQUE = "related-resource.unique", Standard,
        "Two related resources have this identifier.",
        "Name each resource once.";
    RELATED_DIGEST = "related-resource.digest", Standard,
        "A related resource has a digest, and this one has none that fits.",
        "Compute “digestSRI” or “digestMultibase” of the resource.";
}
