//! The crate that makes the calls of a generated client.

use std::path::PathBuf;
use std::{fs, io};

use spec_first_codegen::Exercise;
use spec_first_document::Document;

use super::values::Values;
use crate::process;
use crate::workspace::Workspace;

/// The program, which is the same for every document.
const DRIVER: &str = include_str!("../../roundtrip/driver.rs");

/// A crate in a folder below `target`.
pub(super) struct Project {
    folder: PathBuf,
    target: PathBuf,
    package: String,
}

impl Project {
    /// Writes the crate for a document; files that did not change keep their times, so that they are not compiled again.
    pub(super) fn write(
        workspace: &Workspace,
        name: &str,
        client: &str,
        document: &Document,
        exercises: &[Exercise],
    ) -> io::Result<Self> {
        let root = workspace.root();
        let target = root.join("target/roundtrip");
        let is_letter = |letter: char| letter.is_ascii_alphanumeric();
        let package = name.replace(|letter| !is_letter(letter), "-");
        let package = format!("roundtrip-{}", package.to_lowercase());
        let project = Self {
            folder: target.join(&package),
            target: target.join("target"),
            package,
        };
        // Types of our own client, which the document names with `x-rust-type`.
        let own = |text: &str| text.replace("crate::", "::jelou_client::");
        let is_own = client.contains("crate::");
        project.ensure("Cargo.toml", &project.manifest(root, is_own))?;
        // The versions of the workspace, so that nothing is downloaded.
        project.ensure("Cargo.lock", &fs::read_to_string(root.join("Cargo.lock"))?)?;
        project.ensure("src/main.rs", DRIVER)?;
        project.ensure("src/client.rs", &own(client))?;
        project.ensure("src/calls.rs", &calls(document, exercises))?;
        Ok(project)
    }

    /// Compiles the crate and returns its program.
    pub(super) fn build(&self) -> Result<PathBuf, process::Error> {
        let mut cargo = process::cargo();
        cargo.args(["build", "--quiet", "--offline", "--message-format", "short"]);
        cargo.arg("--target-dir");
        process::output(cargo.arg(&self.target).current_dir(&self.folder))?;
        Ok(self.target.join("debug").join(&self.package))
    }

    /// Writes the values that the driver calls the operations with.
    pub(super) fn write_values(&self, values: &[Values]) -> io::Result<PathBuf> {
        let path = self.folder.join("values.json");
        fs::write(&path, serde_json::to_vec(values)?)?;
        Ok(path)
    }

    fn manifest(&self, root: &std::path::Path, is_own: bool) -> String {
        let path = |name: &str| root.join("crates").join(name).display().to_string();
        let runtime = path("spec-first-runtime");
        let own = match is_own {
            true => format!(
                "jelou-client = {{ path = {:?}, default-features = false }}\n",
                path("jelou-client")
            ),
            false => String::new(),
        };
        format!(
            "[package]\nname = {:?}\nedition = \"2024\"\n\n[workspace]\n\n[profile.dev]\ndebug = false\nincremental = false\n\n\
             [dependencies]\nserde = \"1\"\nserde_json = \"1\"\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"net\", \"rt\", \"time\"] }}\n\
             spec-first-runtime = {{ path = {runtime:?}, default-features = false }}\n{own}",
            self.package
        )
    }

    fn ensure(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    }
}

/// The module `calls` of the driver.
fn calls(document: &Document, exercises: &[Exercise]) -> String {
    let credentials = credentials(document);
    let arms: String = (0..exercises.len())
        .map(|index| format!("{index} => begin_{index}(driver, client, values),\n"))
        .collect();
    // Each call is in a separate function; otherwise, all of their values would be on the stack at once.
    let begin: String = (0..exercises.len())
        .map(|index| {
            format!(
                "fn begin_{index}<'a>(driver: &'a Driver, client: &'a Client, values: &'a Values) -> Begun<'a> {{\n\
                 Box::pin(call_{index}(driver, client, values))\n}}\n"
            )
        })
        .collect();
    let functions = exercises.iter().map(|it| it.rust.as_str());
    let functions: Vec<_> = functions
        .map(|rust| rust.replace("crate :: ", "::jelou_client::"))
        .collect();
    format!(
        "use crate::client::{{self, Client, types}};\nuse crate::{{Driver, Failure, Held, Values}};\n\n\
         pub fn credentials() -> spec_first_runtime::Credentials {{\n{credentials}}}\n\n\
         type Begun<'a> = std::pin::Pin<Box<dyn Future<Output = Result<Held, Failure>> + 'a>>;\n\n\
         pub async fn call(index: usize, driver: &Driver, client: &Client, values: &Values) -> Result<Held, Failure> {{\n\
         let begun: Begun<'_> = match index {{\n{arms}_ => return Ok(Held::default()),\n}};\nbegun.await\n}}\n\n{begin}\n{}\n",
        functions.join("\n")
    )
}

/// Credentials for each scheme of the document.
fn credentials(document: &Document) -> String {
    let components = document.root().get("components");
    let schemes = components.map(|components| components.entries_of("securitySchemes"));
    let mut text = "spec_first_runtime::Credentials::none()\n".to_owned();
    for scheme in schemes.unwrap_or_default().iter() {
        let Some(described) = document.resolve(scheme.value) else {
            continue;
        };
        let of = |key| described.str_of(key).map(str::to_lowercase);
        let (kind, http) = (of("type").unwrap_or_default(), of("scheme"));
        let own;
        let credential = match (kind.as_str(), http.as_deref()) {
            ("apikey", _) if described.get("x-signature").is_some() => "signing_secret(\"secret\")",
            ("apikey", _) => "api_key(\"key\")",
            ("http", Some("basic")) => "client(\"id\", \"secret\")",
            ("http", Some("bearer")) | ("oauth2" | "openidconnect", _) => "bearer(\"token\")",
            ("http", Some(scheme)) => {
                own = format!("api_key({:?})", format!("{scheme} key"));
                &own
            }
            _ => continue,
        };
        text.push_str(&format!(
            ".and(spec_first_runtime::Credentials::{credential}.for_scheme({:?}))\n",
            scheme.key
        ));
    }
    text
}
