//! `spec-first init`: what a repository needs to be reviewed, written once.

use std::fs;
use std::io;

use crate::configuration::FILE;
use crate::documents::Tree;
use crate::{Error, Project, derived};

const WORKFLOW: &str = ".github/workflows/spec-first.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

/// Where the templates expect the address of this project.
const PLACEHOLDER: &str = "https://github.com/OWNER/spec-first";

/// Writes what is missing, and says on standard error what was done and what comes next; always in order.
pub(crate) fn run(project: &Project) -> Result<bool, Error> {
    let documents = project.documents(&[&Tree::WorkingTree(project)])?.paths;
    let listed: Vec<String> = documents.iter().map(|path| format!("{path:?}")).collect();
    let configuration = include_str!("init/spec-first.toml").replace(
        "documents = []",
        &format!("documents = [{}]", listed.join(", ")),
    );
    let files = [
        (FILE, configuration.as_str()),
        (WORKFLOW, &released(include_str!("init/workflow.yml"))),
        (HOOKS, &released(include_str!("init/pre-commit.yaml"))),
    ];
    let mut written = 0;
    for (path, text) in files {
        written += usize::from(write_missing(project, path, text)?);
    }
    if written > 0 && address() == PLACEHOLDER {
        eprintln!(
            "fill in OWNER in {WORKFLOW} and {HOOKS}: this build of spec-first does not know where it is published"
        );
    }
    if written == 0 {
        eprintln!("everything is there already; nothing was written");
    }
    eprintln!(
        "next:
  spec-first lint       find mistakes in {}
  spec-first review     see what your changes break, compared with the default branch
  git add {FILE} {WORKFLOW} {HOOKS}",
        documents.join(", ")
    );
    Ok(true)
}

/// The address of this project, which the manifest has once it is published.
fn address() -> &'static str {
    match env!("CARGO_PKG_REPOSITORY") {
        "" => PLACEHOLDER,
        address => address,
    }
}

/// A template with the address and the release of this program.
fn released(template: &str) -> String {
    let action = |address: &str| address.replace("https://github.com/", "");
    template
        .replace(PLACEHOLDER, address())
        .replace(&action(PLACEHOLDER), &action(address()))
        .replace("VERSION", concat!("v", env!("CARGO_PKG_VERSION")))
}

/// Writes a file that is not there; returns whether it was written.
fn write_missing(project: &Project, path: &str, text: &str) -> Result<bool, Error> {
    match fs::read_to_string(project.root().join(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            derived::write(project.root(), path, text)?;
            eprintln!("wrote {path}");
            Ok(true)
        }
        Err(error) => Err(Error::file("read", path)(error)),
        Ok(present) => {
            if path == HOOKS && !present.contains("spec-first") {
                let hook: Vec<&str> = text.lines().skip(1).collect();
                eprintln!(
                    "kept {path}; add this below `repos:`\n\n{}\n",
                    hook.join("\n")
                );
            }
            Ok(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::configuration::{Configuration, FILE};

    #[test]
    fn the_configuration_that_is_written_has_every_setting_with_its_default() {
        let text = include_str!("init/spec-first.toml");
        assert_eq!(
            Configuration::parse(FILE, text).unwrap(),
            Configuration::default()
        );
        // A setting without a value is in a comment, with an example.
        let shown: String = text
            .lines()
            .map(|line| line.strip_prefix("#:").unwrap_or(line).to_owned() + "\n")
            .collect();
        let shown = Configuration::parse(FILE, &shown).unwrap();
        assert_ne!(shown.base, None);
        assert_ne!((shown.policy.len(), shown.generate.len()), (0, 0));
        let schema: serde_json::Value =
            serde_json::from_str(&Configuration::json_schema()).unwrap();
        for setting in schema["properties"].as_object().unwrap().keys() {
            assert!(text.contains(setting), "{setting}");
        }
    }
}
