//! Generates the client from the document, with the code that `cargo xtask generate` uses.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    generate();
}

#[cfg(feature = "codegen")]
fn generate() {
    let document = jelou_spec::EXTERNAL_SUPPORT;
    let client = match spec_first_codegen::generate(document.name, document.text) {
        Ok(client) => client,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            return;
        }
    };
    let directory = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let path = std::path::Path::new(&directory).join("client.rs");
    if let Err(error) = std::fs::write(&path, client) {
        println!("cargo::error=cannot write `{}`: {error}", path.display());
    }
}
