//! Who earned what.

use serde_json::Number;

use super::achievement::Achievement;
use super::class::{class, debug_without_content};
use super::identity::IdentityObject;
use super::image::Image;
use super::profile::Profile;
use super::result::Result;
use super::text::Text;
use super::timestamp::Timestamp;

class! {
    /// The recipient, the achievement, and how it was earned.
    ///
    /// An `id` or an `identifier` is mandatory; the rules see to it.
    pub struct AchievementSubject {
        types ["AchievementSubject"]
        required {
            ;
            /// What was achieved.
            achievement: Achievement,
        }
        optional {
            /// The recipient: a DID, `urn:uuid:…`, a URL. A VC-JWT repeats it as `sub`.
            id: String,
            /// When the activity began.
            activity_start_date: Timestamp,
            /// When the activity ended.
            activity_end_date: Timestamp,
            /// The credits earned.
            credits_earned: Number,
            /// The recipient's own picture of the badge.
            image: Image,
            /// The number of a licence.
            license_number: Text,
            /// How it was earned, in Markdown.
            narrative: Text,
            /// The recipient's role.
            role: Text,
            /// Who assessed it, if not the issuer.
            source: Profile,
            /// The academic term.
            term: Text,
        }
        many {
            /// Other ways to recognise the recipient; an e-mail address goes here, hashed.
            identifier: IdentityObject,
            /// What was reached.
            result: Result,
        }
    }
}

debug_without_content!(AchievementSubject);
