//! The badges of a batch as files, in one ZIP, which is made as it is taken: neither memory nor disk ever
//! holds it.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::rows::forgotten;
use super::stored::{StoredReport, unpacked};
use super::{AwardReport, Services};
use crate::ids::{BatchId, CredentialId};
use crate::services::Error;
use crate::services::presenting::{Format, Pictures, file_name};
use crate::store::{CredentialState, RowsThat, Standing};

/// How much is gathered before it is handed on, in bytes.
const PIECE: usize = 64 << 10;

/// Pictures and short texts: little is gained by trying hard.
const LEVEL: i64 = 1;

/// A ZIP that is being made.
pub struct Archive {
    services: Services,
    batch: BatchId,
    format: Format,
    /// The part that is next.
    next: i64,
    /// Those of the part before, which are still to be put in.
    awards: VecDeque<AwardReport>,
    pictures: Pictures,
    /// None once it is whole.
    zip: Option<ZipWriter<StreamWriter<Made>>>,
    made: Made,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// What is made of it and not yet taken.
#[derive(Debug, Clone, Default)]
struct Made(Arc<Mutex<Vec<u8>>>);

impl Made {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Services {
    /// The badges of a batch that stand, those that were issued before included, in one ZIP; of a batch
    /// that is on its way, those that are there so far. A badge that has no such form is in it as JSON.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for a dry run; [`Error::Gone`] once the rows are forgotten.
    pub async fn batch_archive(&self, id: &str, format: Format) -> Result<Archive, Error> {
        let mut tx = self.store.glance().await?;
        let row = self.own_batch(&mut tx, id).await?;
        if row.dry_run {
            return Err(Error::Conflict(
                "this batch only told what would happen, so it has no badges; send the file again without dry_run"
                    .into(),
            ));
        }
        if row.reading.is_some() && tx.part_from(row.id, 0, RowsThat::Are).await?.is_none() {
            return Err(forgotten(&row.id));
        }
        let made = Made::default();
        Ok(Archive {
            services: self.clone(),
            batch: row.id,
            format,
            next: 0,
            awards: VecDeque::new(),
            pictures: Pictures::default(),
            zip: Some(ZipWriter::new_stream(made.clone())),
            made,
        })
    }
}

impl Archive {
    /// The next bytes of it; none after the last.
    ///
    /// # Errors
    /// What the database or the keys say; what was taken before is of no use then.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        while self.made.len() < PIECE && self.zip.is_some() {
            match self.badge().await? {
                Some((award, id)) => self.put(&award, id).await?,
                None => self.end()?,
            }
        }
        Ok(Some(self.made.take()).filter(|made| !made.is_empty()))
    }

    /// The next badge that stands.
    async fn badge(&mut self) -> Result<Option<(AwardReport, CredentialId)>, Error> {
        loop {
            while let Some(award) = self.awards.pop_front() {
                let Some(id) = award.fate.id().filter(|_| award.fate.stands()) else {
                    continue;
                };
                let row = self.services.store.glance().await?.credential(id).await?;
                let stands = row.is_some_and(|row| {
                    row.state == CredentialState::Issued && row.standing() == Standing::Good
                });
                if stands {
                    return Ok(Some((award, id)));
                }
            }
            let mut tx = self.services.store.glance().await?;
            let Some(part) = tx.part_from(self.batch, self.next, RowsThat::Are).await? else {
                return Ok(None);
            };
            drop(tx);
            self.next = part.number.saturating_add(1);
            if let Some(report) = part.report {
                let reading = tokio::task::spawn_blocking(move || {
                    Ok::<_, Error>(unpacked::<StoredReport>(&report)?.dealt().0.awards)
                });
                self.awards = reading.await.map_err(Error::internal)??.into();
            }
        }
    }

    async fn put(&mut self, award: &AwardReport, id: CredentialId) -> Result<(), Error> {
        let presented = self
            .services
            .present(id, self.format, &mut self.pictures)
            .await;
        let (bytes, format) = match presented {
            Err(Error::Conflict(_)) if self.format != Format::Json => {
                let json = self.services.present(id, Format::Json, &mut self.pictures);
                (json.await?, Format::Json)
            }
            // It was erased at this moment.
            Err(Error::Gone { .. }) => return Ok(()),
            presented => (presented?, self.format),
        };
        let Some(mut zip) = self.zip.take() else {
            return Ok(());
        };
        let name = file_name(&award.achievement, &award.recipient, id, format);
        // Two badges of one name whose identifiers end alike.
        let other = format!("{}/{id}.{}", award.achievement, format.extension());
        let putting = tokio::task::spawn_blocking(move || {
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(LEVEL));
            if zip.start_file(name, options).is_err() {
                zip.start_file(other, options).map_err(Error::internal)?;
            }
            zip.write_all(&bytes)?;
            Ok::<_, Error>(zip)
        });
        self.zip = Some(putting.await.map_err(Error::internal)??);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.zip.take() {
            Some(zip) => zip.finish().map(drop).map_err(Error::internal),
            None => Ok(()),
        }
    }
}
