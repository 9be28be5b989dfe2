//! Writes the documents to files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::documents;
use crate::Error;

/// Writes `base` and `head` with `operations` operations to `folder`, each as `.yaml` and `.json`.
///
/// # Errors
/// Returns an error if writing fails.
pub fn write(operations: usize, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| failed(error.into()))?;
    for (name, document) in [
        ("base", documents::base(operations)),
        ("head", documents::head(operations)),
    ] {
        let yaml = to_yaml(&document)?;
        let json = serde_json::to_string_pretty(&document).map_err(|error| failed(error.into()))?;
        for (extension, text) in [("yaml", yaml), ("json", json)] {
            let path = folder.join(name).with_extension(extension);
            fs::write(path, text).map_err(|error| failed(error.into()))?;
        }
    }
    Ok(())
}

/// Serializes the document as YAML.
///
/// # Errors
/// Returns an error if it cannot be serialized.
pub fn to_yaml(document: &Value) -> Result<String, Error> {
    serde_saphyr::to_string(document).map_err(|error| failed(error.into()))
}

fn failed(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Setup {
        part: "documents",
        source,
    }
}
