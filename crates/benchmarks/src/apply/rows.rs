//! The input files for `apply`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// The webhook URL in every row.
pub(super) const WEBHOOK_URL: &str = "https://my-system.com/webhook/jelou-v2";

/// The project id in this row.
pub(super) fn project(row: u32) -> String {
    format!("PROJECT_{row}")
}

/// The file with `rows` rows, written on first use.
pub(super) fn file(folder: &Path, rows: u32) -> Result<PathBuf, Error> {
    let path = folder.join(format!("{rows}.csv"));
    if !path.exists() {
        write(&path, rows).map_err(unwritten)?;
    }
    Ok(path)
}

/// The file with `rows` rows, each with the name of the variable that holds its key, using `keys` variables in turn.
pub(super) fn file_with_keys(folder: &Path, rows: u32, keys: u32) -> Result<PathBuf, Error> {
    let path = folder.join(format!("{rows}-with-{keys}-keys.csv"));
    let mut text = "projectId,webhookUrl,apiKeyEnv\n".to_owned();
    for row in 0..rows {
        let variable = variable(row % keys);
        text.push_str(&format!("{},{WEBHOOK_URL},{variable}\n", project(row)));
    }
    fs::write(&path, text).map_err(unwritten)?;
    Ok(path)
}

/// The variable for this key.
pub(super) fn variable(key: u32) -> String {
    format!("API_KEY_{key}")
}

fn unwritten(error: io::Error) -> Error {
    Error::Setup {
        part: "rows",
        source: error.into(),
    }
}

fn write(path: &Path, rows: u32) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "projectId,webhookUrl")?;
    for row in 0..rows {
        writeln!(file, "{},{WEBHOOK_URL}", project(row))?;
    }
    file.flush()
}
