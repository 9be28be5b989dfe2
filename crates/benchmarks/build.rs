//! Generates the clients that others make of the update, for `bench client` to compare with.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use progenitor::{GenerationSettings, Generator, InterfaceStyle};

const DOCUMENT: &str = "src/client/update.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={DOCUMENT}");
    let document = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&document)?;
    let folder = env::var_os("OUT_DIR").ok_or("`OUT_DIR` is not set")?;
    let folder = Path::new(&folder);
    fs::write(folder.join("progenitor.rs"), tokens.to_string())?;
    if env::var_os("CARGO_FEATURE_OPENAPI_GENERATOR").is_some() {
        openapi_generator(&folder.join("openapi-generator"))?;
    }
    Ok(())
}

/// openapi-generator writes a crate; this makes a module of it.
fn openapi_generator(folder: &Path) -> Result<(), Box<dyn Error>> {
    const MODULE: &str = "crate::client::openapi_generator::generated::";

    println!("cargo:rerun-if-env-changed=OPENAPI_GENERATOR");
    let program = env::var_os("OPENAPI_GENERATOR");
    let output = Command::new(program.unwrap_or_else(|| "openapi-generator-cli".into()))
        .args(["generate", "--generator-name", "rust", "--input-spec"])
        .args([DOCUMENT, "--output"])
        .arg(folder)
        .output()
        .map_err(|error| format!("cannot run openapi-generator: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let source = folder.join("src");
    for folder in ["apis", "models"] {
        for file in fs::read_dir(source.join(folder))? {
            let file = file?.path();
            let text = fs::read_to_string(&file)?.replace("crate::", MODULE);
            fs::write(file, text)?;
        }
    }
    fs::write(source.join("lib.rs"), "pub mod apis;\npub mod models;\n")?;
    Ok(())
}
