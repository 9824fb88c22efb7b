//! What the operator of an installation has to say on its pages: files in the data directory, as they
//! are at this moment.

use std::io::ErrorKind;

use super::{Error, Services};

/// The longest text that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

impl Services {
    /// The operator's own text, from `legal/{name}.{language}.md` in the data directory; `None` where
    /// they wrote none. `name` and `language` are our own words, never a stranger's.
    pub async fn operator_text(&self, name: &str, language: &str) -> Result<Option<String>, Error> {
        let path = self
            .settings
            .data_dir
            .join("legal")
            .join(format!("{name}.{language}.md"));
        let read = move || {
            use std::io::Read as _;
            let mut text = String::new();
            let file = std::fs::File::open(path)?;
            file.take(LONGEST).read_to_string(&mut text)?;
            Ok::<_, std::io::Error>(text)
        };
        match tokio::task::spawn_blocking(read)
            .await
            .map_err(Error::internal)?
        {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::internal(error)),
        }
    }
}
