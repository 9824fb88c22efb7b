//! A file that somebody sends, of whatever size: kept under no name as it arrives, so that nothing is left
//! of it when they stop half-way, and the memory never holds it.
//!
//! Limits are in the time between two pieces and in bytes, not in the time of the whole: a large file on a
//! slow line is welcome.

use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use tokio::time::timeout;
use tokio_stream::StreamExt as _;

use super::problem::Problem;
use super::request::{broken_form, media_type};
use crate::services::Error;

/// How long the next piece may be waited for, and all of them.
const IDLE: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_hours(1);

/// How much is gathered before it is written, in bytes.
const PIECE: usize = 256 << 10;

/// What a form may hold beside its file, in bytes.
const BESIDE: usize = 64 << 10;

/// A form with a file in it, as browsers send it.
pub(super) const FORM: &str = "multipart/form-data";

/// A file that arrived whole.
#[derive(Debug)]
pub(super) struct Uploaded {
    /// The file.
    pub(super) file: File,
    /// How a form calls it.
    pub(super) name: Option<String>,
}

/// A file that is arriving.
struct Arriving {
    /// None while it is written to.
    file: Option<File>,
    gathered: Vec<u8>,
    size: usize,
    limit: usize,
}

/// Receives the body of a request, or the first file of a form, of up to so many bytes.
pub(super) async fn receive(request: Request, limit: usize) -> Result<Uploaded, Problem> {
    if announced(request.headers()).is_some_and(|size| size > limit.saturating_add(BESIDE)) {
        return Err(too_large(limit));
    }
    let is_form = media_type(request.headers()).is_some_and(|kind| kind == FORM);
    let arriving = Arriving::new(limit).await?;
    let receiving = async {
        if is_form {
            arriving.read_form(request).await
        } else {
            arriving.read_body(request).await
        }
    };
    timeout(LONGEST, receiving).await.map_err(|_| stalled())?
}

/// The length that a request says it has.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

impl Arriving {
    async fn new(limit: usize) -> Result<Self, Problem> {
        let made = tokio::task::spawn_blocking(tempfile::tempfile);
        let file = made.await.map_err(Error::internal)?.map_err(Error::from)?;
        Ok(Self {
            file: Some(file),
            gathered: Vec::with_capacity(PIECE),
            size: 0,
            limit,
        })
    }

    async fn read_body(mut self, request: Request) -> Result<Uploaded, Problem> {
        let mut pieces = request.into_body().into_data_stream();
        while let Some(piece) = in_time(pieces.next()).await? {
            self.add(&piece.map_err(|_| broken_off())?).await?;
        }
        self.whole(None).await
    }

    async fn read_form(self, mut request: Request) -> Result<Uploaded, Problem> {
        // What is read of the file is counted below; this bounds what is beside it.
        DefaultBodyLimit::max(self.limit.saturating_add(BESIDE)).apply(&mut request);
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|error| broken_form(error.status()))?;
        while let Some(field) = in_time(form.next_field()).await?.map_err(broken)? {
            if field.file_name().is_some() {
                return self.read_field(field).await;
            }
        }
        Err(Problem::new(
            "malformed",
            "The form holds no file; choose one and send it again.",
        ))
    }

    async fn read_field(mut self, mut field: Field<'_>) -> Result<Uploaded, Problem> {
        let name = field.file_name().map(ToOwned::to_owned);
        while let Some(piece) = in_time(field.chunk()).await?.map_err(broken)? {
            self.add(&piece).await?;
        }
        self.whole(name).await
    }

    async fn add(&mut self, piece: &[u8]) -> Result<(), Problem> {
        self.size = self.size.saturating_add(piece.len());
        if self.size > self.limit {
            return Err(too_large(self.limit));
        }
        self.gathered.extend_from_slice(piece);
        if self.gathered.len() >= PIECE {
            self.write().await?;
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), Problem> {
        let Some(mut file) = self.file.take() else {
            return Err(Error::internal("a file is written twice at once").into());
        };
        let gathered = std::mem::take(&mut self.gathered);
        let writing = tokio::task::spawn_blocking(move || {
            file.write_all(&gathered)?;
            Ok::<_, std::io::Error>((file, gathered))
        });
        let written = writing.await.map_err(Error::internal)?;
        let (file, mut gathered) = written.map_err(Error::from)?;
        gathered.clear();
        (self.file, self.gathered) = (Some(file), gathered);
        Ok(())
    }

    async fn whole(mut self, name: Option<String>) -> Result<Uploaded, Problem> {
        self.write().await?;
        match self.file {
            Some(file) => Ok(Uploaded { file, name }),
            None => Err(Error::internal("a file that arrived is not there").into()),
        }
    }
}

async fn in_time<T>(piece: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(IDLE, piece).await.map_err(|_| stalled())
}

fn stalled() -> Problem {
    let detail = "The file stopped arriving, and nothing of it is kept; send it again.";
    Problem::new("stalled", detail)
}

fn broken_off() -> Problem {
    Problem::new(
        "malformed",
        "The file broke off, and nothing of it is kept; send it again.",
    )
}

fn too_large(limit: usize) -> Problem {
    let detail = format!(
        "The file has more than the {limit} bytes that are read; split it into several files."
    );
    Problem::new("too-large", detail)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::BAD_REQUEST {
        return broken_off();
    }
    broken_form(error.status())
}
