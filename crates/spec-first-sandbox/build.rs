//! Extracts the files of Swagger UI that the page needs from the archive in a vendored crate.

use std::{env, error::Error, fs, path::PathBuf};

use rawzip::{CompressionMethod, ZipArchive};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

/// The paths in the archive, below its top-level folder, and the names here.
const FILES: [(&str, &str); 3] = [
    ("dist/swagger-ui-bundle.js", "swagger-ui.js.gz"),
    ("dist/swagger-ui.css", "swagger-ui.css.gz"),
    ("LICENSE", "swagger-ui-license.txt.gz"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = extract() {
        println!("cargo::error=cannot extract Swagger UI: {error}");
    }
}

fn extract() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut entries = archive.entries();
    let mut missing = FILES.to_vec();
    while let Some(entry) = entries.next_entry()? {
        let path = entry.file_path().try_normalize()?;
        let Some((_, path)) = path.as_ref().split_once('/') else {
            continue;
        };
        let Some(place) = missing.iter().position(|(file, _)| *file == path) else {
            continue;
        };
        let (_, name) = missing.swap_remove(place);
        if entry.compression_method() != CompressionMethod::DEFLATE {
            return Err(format!("`{path}` is not compressed with DEFLATE").into());
        }
        let size = u32::try_from(entry.uncompressed_size_hint())?;
        let compressed = archive.get_entry(entry.wayfinder())?;
        fs::write(
            folder.join(name),
            gzip(compressed.data(), entry.crc32(), size),
        )?;
    }
    match missing.first() {
        Some((file, _)) => Err(format!("`{file}` is missing").into()),
        None => Ok(()),
    }
}

/// Both formats contain the same DEFLATE data, in different frames (RFC 1952).
fn gzip(compressed: &[u8], crc32: u32, size: u32) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    [&HEAD, compressed, &crc32.to_le_bytes(), &size.to_le_bytes()].concat()
}
