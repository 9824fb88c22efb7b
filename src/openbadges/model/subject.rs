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
            achievement: Achievement = Class(Achievement::table),
        }
        optional {
            /// The recipient: a DID, `urn:uuid:…`, a URL. A VC-JWT repeats it as `sub`.
            id: String = Uri,
            /// When the activity began.
            activity_start_date: Timestamp = Moment,
            /// When the activity ended.
            activity_end_date: Timestamp = Moment,
            /// The credits earned.
            credits_earned: Number = Number,
            /// The recipient's own picture of the badge.
            image: Image = Class(Image::table),
            /// The number of a licence.
            license_number: Text = Text,
            /// How it was earned, in Markdown.
            narrative: Text = Text,
            /// The recipient's role.
            role: Text = Text,
            /// Who assessed it, if not the issuer.
            source: Profile = Class(Profile::table),
            /// The academic term.
            term: Text = Text,
        }
        many {
            /// Other ways to recognise the recipient; an e-mail address goes here, hashed.
            identifier: IdentityObject = Class(IdentityObject::table),
            /// What was reached.
            result: Result = Class(Result::table),
        }
    }
}

debug_without_content!(AchievementSubject);
