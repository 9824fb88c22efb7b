//! Pictures: of a badge, of a profile, of an earner.

use super::class::class;
use super::text::Text;

class! {
    /// A picture, by URL or inside a `data:` URI; PNG or SVG. A closed class.
    #[derive(Debug)]
    pub struct Image {
        kind "Image"
        required {
            /// Where the picture is: a URL, or a `data:` URI that holds it.
            id: String = Uri;
        }
        optional {
            /// What the picture shows, for those who do not see it.
            caption: Text = Text,
        }
        many {}
    }
}
