//! What is too large to be held: sent piece by piece as whoever asked takes it, and given up when they do
//! not.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use crate::services::Error;
use crate::services::batches::archive::Archive;

/// How long the next piece may wait to be taken.
const IDLE: Duration = Duration::from_mins(1);

/// Pieces that wait to be taken.
const WAITING: usize = 4;

/// How much of a file is a piece, in bytes.
const PIECE: usize = 64 << 10;

/// What is sent piece by piece.
pub(super) trait Pieces: Send + 'static {
    /// The next one; none after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + Send;
}

impl Pieces for Archive {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.piece().await
    }
}

/// A file, from where it stands; none while it is read from.
impl Pieces for Option<File> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(mut file) = self.take() else {
            return Ok(None);
        };
        let reading = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE);
            let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
            file.by_ref().take(limit).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((file, piece))
        });
        let (file, piece) = reading.await.map_err(Error::internal)??;
        *self = Some(file);
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

/// Sends it as a file of that name; its place is free again when it is sent.
pub(super) fn sent(
    mut pieces: impl Pieces,
    media_type: &'static str,
    name: &str,
    place: OwnedSemaphorePermit,
) -> Response {
    let (give, given) = mpsc::channel::<std::io::Result<Bytes>>(WAITING);
    let whole = Arc::new(AtomicBool::new(false));
    // Whoever takes what is not whole must be told so.
    let mut end = Some(Arc::clone(&whole));
    let end = std::iter::from_fn(move || {
        let is_whole = end.take()?.load(Ordering::Acquire);
        (!is_whole).then(|| Err(std::io::Error::other("the file could not be sent whole")))
    });
    tokio::spawn(async move {
        let _place = place;
        loop {
            match pieces.next().await {
                Ok(Some(piece)) => {
                    let giving = tokio::time::timeout(IDLE, give.send(Ok(piece.into())));
                    if !matches!(giving.await, Ok(Ok(()))) {
                        return;
                    }
                }
                Ok(None) => return whole.store(true, Ordering::Release),
                Err(error) => return tracing::error!(%error, "a file was not sent whole"),
            }
        }
    });
    let pieces = ReceiverStream::new(given).chain(tokio_stream::iter(end));
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
