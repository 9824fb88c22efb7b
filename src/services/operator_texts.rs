//! What the operator of an installation has to say on its pages: files in the data directory, as they
//! are at this moment.

use std::io::ErrorKind;

use super::{Error, Services};

/// The longest text that is read, in bytes.
const LONGEST: u64 = 256 * 1024;

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
            let mut bytes = Vec::new();
            std::fs::File::open(&path)?
                .take(LONGEST)
                .read_to_end(&mut bytes)?;
            if bytes.len() as u64 == LONGEST {
                tracing::warn!(path = %path.display(), "a text is longer than is shown");
            }
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&bytes).into_owned())
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
