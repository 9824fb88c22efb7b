//! A file that goes out to a server, piece by piece: it may be larger than memory.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::os::unix::fs::FileExt as _;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// What is read of a file and sent at once.
const CHUNK: usize = 64 << 10;

/// What a roster is, by its first bytes.
pub(super) fn media_type(mut file: &File) -> io::Result<&'static str> {
    let mut beginning = Vec::new();
    file.rewind()?;
    file.take(64).read_to_end(&mut beginning)?;
    let text = beginning
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(&beginning);
    Ok(if beginning.starts_with(b"PK\x03\x04") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if text.trim_ascii_start().starts_with(b"{") {
        "application/x-ndjson"
    } else {
        "text/csv"
    })
}

/// A file on its way out.
pub(super) type Pieces = ReceiverStream<io::Result<Vec<u8>>>;

/// A file, read on a thread of its own and given away piece by piece. Each piece is read from its place:
/// the thread of a request that was lost may still be reading.
pub(super) fn pieces(file: File, sent: impl Fn(u64) + Send + 'static) -> Pieces {
    let (give, take) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut gone = 0_u64;
        loop {
            let mut piece = vec![0; CHUNK];
            let (length, piece) = match file.read_at(&mut piece, gone) {
                Ok(0) => return,
                Ok(length) => {
                    piece.truncate(length);
                    (length, Ok(piece))
                }
                Err(error) => (0, Err(error)),
            };
            let is_last = piece.is_err();
            // Nobody takes it any more: the request has ended.
            if give.blocking_send(piece).is_err() || is_last {
                return;
            }
            gone = gone.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            sent(gone);
        }
    });
    ReceiverStream::new(take)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tokio_stream::StreamExt as _;

    use super::*;

    #[test]
    fn a_roster_is_told_by_its_first_bytes() {
        let told = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            media_type(&file).unwrap()
        };
        assert_eq!(told(b"Nom;Courriel\n"), "text/csv");
        assert_eq!(told(b""), "text/csv");
        assert_eq!(told(b"\xEF\xBB\xBF {\"email\":1}"), "application/x-ndjson");
        assert!(told(b"PK\x03\x04...").ends_with("spreadsheetml.sheet"));
    }

    #[tokio::test]
    async fn a_file_goes_out_whole_even_where_two_requests_read_it() {
        let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        let mut lost = pieces(file.try_clone().unwrap(), |_| ());
        assert!(lost.next().await.is_some());
        let mut again = pieces(file, |_| ());
        let mut read = Vec::new();
        while let Some(piece) = again.next().await {
            read.extend(piece.unwrap());
        }
        assert!(read == content);
    }
}
