//! Badges as files that people keep and hand on.

use std::path::{Path, PathBuf};

use super::output;
use super::print::{Page, Printer, Tone, counted};
use crate::services::batches::{AwardReport, Fate};
use crate::services::presenting::{Format, Pictures};
use crate::services::{Services, slug};

/// Writes each badge that stands in each format, as `DIR/BADGE/NAME-xxxxxxxx.png`: the recipient's
/// name, so that the organiser finds it, and the beginning of the badge's identifier.
pub(super) async fn write(
    services: &Services,
    awards: &[AwardReport],
    out: &Path,
    formats: &[Format],
    printer: &Printer,
) -> anyhow::Result<Vec<PathBuf>> {
    let standing: Vec<_> = awards.iter().filter(|award| stands(&award.fate)).collect();
    let bar = printer.progress("Writing files");
    bar.set_length(u64::try_from(standing.len()).unwrap_or(u64::MAX));
    let mut pictures = Pictures::default();
    let mut written = Vec::new();
    for award in standing {
        let Some(id) = award.fate.id() else { continue };
        let name = slug::of_name(&award.recipient).unwrap_or_else(|| "badge".into());
        let short: String = id.to_string().chars().take(8).collect();
        for &format in formats {
            let bytes = services.present(id, format, &mut pictures).await?;
            let file = format!("{name}-{short}.{}", format.extension());
            let path = out.join(&award.achievement).join(file);
            output::file(&path, &bytes)?;
            written.push(path);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(written)
}

/// Says where the files are.
pub(super) fn show(page: &mut Page, out: Option<&Path>, files: &[PathBuf]) {
    if let Some(out) = out {
        page.gap();
        page.line(format_args!(
            "{} in {}",
            counted(files.len(), "file", "files"),
            Tone::Strong.paint(out.display())
        ));
    }
}

fn stands(fate: &Fate) -> bool {
    match fate {
        Fate::Issued { .. } => true,
        Fate::AlreadyIssued { standing, .. } => *standing == "good",
        Fate::WouldIssue | Fate::Refused { .. } => false,
    }
}
