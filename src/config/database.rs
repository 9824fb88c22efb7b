//! Which database, and how to say so without saying its password.

use std::fmt;
use std::path::PathBuf;

use url::Url;
use zeroize::Zeroizing;

use super::ConfigError;

/// A text that may hold a password: wiped when dropped, never shown.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text, for whoever must connect with it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<T: Into<String>> From<T> for SecretText {
    fn from(text: T) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The database this installation keeps its rows in.
#[derive(Debug, Clone)]
pub enum Database {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres {
        /// The whole address, password included.
        address: SecretText,
        /// Host and port, or the folder of the socket: what a message may say.
        host: String,
    },
}

impl Database {
    /// Reads `sqlite:FILE`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// [`ConfigError::Database`]; its text never repeats the address.
    pub fn parse(address: SecretText) -> Result<Self, ConfigError> {
        let refused = |reason: &str| Err(ConfigError::Database(reason.into()));
        let text = address.expose().trim();
        let Some((scheme, rest)) = text.split_once(':') else {
            return refused("it does not say which kind of database");
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() || path.contains(":memory:") || path.contains('?') {
                    return refused("SQLite needs the path of a file, without options");
                }
                Ok(Self::Sqlite(path.into()))
            }
            "postgres" | "postgresql" => {
                let Ok(url) = Url::parse(text) else {
                    return refused("it is not written as a URL is");
                };
                let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
                    return refused("it names no host");
                };
                if url.path().trim_matches('/').is_empty() {
                    return refused("it names no database on that host");
                }
                let host = host.replace("%2F", "/").replace("%2f", "/");
                let host = match url.port() {
                    Some(port) => format!("{host}:{port}"),
                    None => host,
                };
                Ok(Self::Postgres { address, host })
            }
            _ => refused("only SQLite and PostgreSQL are known"),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite file {}", path.display()),
            Self::Postgres { host, .. } => write!(f, "PostgreSQL at {host}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Database, ConfigError> {
        Database::parse(text.into())
    }

    #[test]
    fn each_kind_is_read() {
        for text in ["sqlite:data/x.db", "sqlite://data/x.db"] {
            assert_eq!(read(text).unwrap().to_string(), "SQLite file data/x.db");
        }
        assert_eq!(
            read("sqlite:///x.db").unwrap().to_string(),
            "SQLite file /x.db"
        );
        for scheme in ["postgres", "postgresql"] {
            let database = read(&format!("{scheme}://u:p@db.example:5433/badges")).unwrap();
            assert_eq!(database.to_string(), "PostgreSQL at db.example:5433");
        }
        let socket = read("postgres://u@%2Frun%2Fpg/badges").unwrap();
        assert_eq!(socket.to_string(), "PostgreSQL at /run/pg");
    }

    #[test]
    fn a_password_is_in_no_message() {
        let database = read("postgres://u:hush-hush@db.example/badges").unwrap();
        assert!(!format!("{database} {database:?}").contains("hush"));
        for text in [
            "mysql://u:hush-hush@h/d",
            "postgres://u:hush-hush@h:port/d",
            "hush-hush",
        ] {
            let error = read(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
        }
    }

    #[test]
    fn what_names_no_database_is_refused() {
        for (text, reason) in [
            ("data.db", "which kind"),
            ("mysql://h/d", "only SQLite and PostgreSQL"),
            ("sqlite:", "path of a file"),
            ("sqlite::memory:", "path of a file"),
            ("sqlite:x.db?mode=ro", "without options"),
            ("postgres://h:port/d", "as a URL"),
            ("postgres:///d", "no host"),
            ("postgres://h/", "no database"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
