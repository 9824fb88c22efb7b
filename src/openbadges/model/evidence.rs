//! What shows that the achievement was earned.

use super::class::class;
use super::text::Text;

class! {
    /// A piece of evidence: a page, a file, or a story. A credential holds as many as there are.
    pub struct Evidence {
        types ["Evidence"]
        required { ; }
        optional {
            /// The page or file, as a URL or a `data:` URI.
            id: String = Uri,
            /// The story, in Markdown.
            narrative: Text = Text,
            /// Its title.
            name: Text = Text,
            /// What it is.
            description: Text = Text,
            /// What kind of thing it is: photograph, video, text …
            genre: Text = Text,
            /// For whom it is meant.
            audience: Text = Text,
        }
        many {}
    }
}

super::class::debug_without_content!(Evidence);
