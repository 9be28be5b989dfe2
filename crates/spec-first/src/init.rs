//! `spec-first init`: what a repository needs to be reviewed, written once.

use std::path::PathBuf;

use crate::configuration::FILE;
use crate::documents::Tree;
use crate::terminal::tell;
use crate::{Error, Project, derived};

const WORKFLOW: &str = ".github/workflows/spec-first.yml";
const HOOKS: &str = ".pre-commit-config.yaml";

/// Where the templates expect the address of this project.
const PLACEHOLDER: &str = "https://github.com/OWNER/spec-first";

/// Writes what is missing, and says on standard error what was done and what comes next; always in order.
pub(crate) fn run(project: &Project, named: &[PathBuf]) -> Result<bool, Error> {
    let documents = documents(project, named)?;
    let listed = format!("documents = {}", list(&documents));
    let configured = &project.configuration().documents;
    let is_unlisted = match named {
        [] => configured.is_empty() && documents.len() > 1,
        _ => *configured != documents,
    };
    let base = base(project)?;
    let configuration = configuration(address(), &listed, base.as_deref());
    let (workflow, hooks) = (
        released(include_str!("init/workflow.yml")),
        released(include_str!("init/pre-commit.yaml")),
    );
    let (step, hook) = (last_line(&workflow), without_first_line(&hooks));
    let (mut written, mut to_fill_in) = (Vec::new(), Vec::new());
    let files = [
        (FILE, &configuration, None),
        (WORKFLOW, &workflow, Some(("steps:", step))),
        (HOOKS, &hooks, Some(("repos:", hook))),
    ];
    let folder = project.git().prefix().ok();
    let folder = folder.filter(|folder| !folder.is_empty());
    for (path, text, part) in files.into_iter().take(if folder.is_some() { 1 } else { 3 }) {
        let has_address = part.is_some();
        let Some(present) = project.read(path)? else {
            derived::write(project.root(), path, text)?;
            tell(format_args!("wrote {path}"));
            written.push(path);
            to_fill_in.extend(has_address.then_some(path));
            continue;
        };
        match part {
            Some((key, lines)) if !present.contains("spec-first") => {
                tell(format_args!(
                    "kept {path}; add this below `{key}`\n\n{lines}\n"
                ));
                to_fill_in.push("the lines above");
            }
            None if is_unlisted => {
                tell(format_args!("kept {path}; set this in it\n\n{listed}\n"));
            }
            _ => tell(format_args!("kept {path}")),
        }
    }
    if let Some(folder) = &folder {
        tell(format_args!(
            "left out {WORKFLOW} and {HOOKS}, which belong at the top of the repository; in a workflow of yours, use \
             the action with `working-directory: {folder}`"
        ));
    }
    to_fill_in.dedup();
    if !to_fill_in.is_empty() && address() == PLACEHOLDER {
        tell(format_args!(
            "fill in OWNER in {}: this build of spec-first does not know where it is published",
            to_fill_in.join(" and ")
        ));
    }
    if written.is_empty() && folder.is_none() {
        tell("nothing to write: all files exist already");
    }
    tell(format_args!(
        "next:\n  spec-first lint       find mistakes in {}",
        documents.join(", ")
    ));
    if project.git().top().is_none() {
        project.git().check_readable()?;
        tell("  git init              the review compares with what git has");
        return Ok(true);
    }
    tell("  spec-first review     see what your changes break, compared with the default branch");
    if !written.is_empty() {
        tell(format_args!("  git add {}", written.join(" ")));
    }
    Ok(true)
}

/// The documents that are named or, without any, all that the project has.
fn documents(project: &Project, named: &[PathBuf]) -> Result<Vec<String>, Error> {
    let tree = Tree::WorkingTree(project);
    if named.is_empty() {
        return match project.documents(&[&tree]) {
            Ok(documents) => Ok(documents.paths),
            Err(Error::SeveralDocuments { candidates }) => Ok(candidates),
            Err(Error::NoDocuments { place }) => Err(Error::Usage {
                message: Error::NoDocuments { place }.to_string(),
                hint: "name the document, for example `spec-first init api/openapi.yaml`"
                    .to_owned(),
            }),
            Err(error) => Err(error),
        };
    }
    let paths = named.iter().map(|file| {
        let name = file.display();
        let path = project.path_of(file).ok_or_else(|| Error::Usage {
            message: format!("there is no `{name}` in `{}`", project.root().display()),
            hint: "name a file in the folder of the configuration".to_owned(),
        })?;
        if !tree.is_document(&path) {
            return Err(Error::Usage {
                message: format!("`{name}` is not an OpenAPI document"),
                hint: "name a YAML or JSON file with the key `openapi`".to_owned(),
            });
        }
        Ok(path)
    });
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// The branch to write as the base, if the review would not find it: the only one that there is.
fn base(project: &Project) -> Result<Option<String>, Error> {
    let git = project.git();
    if project.configuration().base.is_some() || git.top().is_none() {
        return Ok(None);
    }
    let Err(error) = git.default_branch() else {
        return Ok(None);
    };
    match &git.branches()?[..] {
        // After the first commit, the review finds it.
        [branch] if ["main", "master"].contains(&branch.as_str()) => Ok(None),
        [branch] => Ok(Some(branch.clone())),
        _ => {
            tell(format_args!("warning: {error}; set `base` in {FILE}"));
            Ok(None)
        }
    }
}

/// A list as TOML.
fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    match &texts[..] {
        [] | [_] => format!("[{}]", texts.join(", ")),
        _ => format!("[\n    {},\n]", texts.join(",\n    ")),
    }
}

/// A string of TOML, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The configuration of a project with these documents.
fn configuration(address: &str, documents: &str, base: Option<&str>) -> String {
    let mut text = include_str!("init/spec-first.toml").replace("documents = []", documents);
    if let Some(base) = base {
        text = text.replace(
            "#:base = \"origin/main\"",
            &format!("base = {}", quoted(base)),
        );
    }
    let schema = "crates/spec-first/spec-first.schema.json";
    match address {
        PLACEHOLDER => text,
        address => format!(
            "#:schema {address}/raw/v{}/{schema}\n{text}",
            env!("CARGO_PKG_VERSION")
        ),
    }
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

fn last_line(text: &str) -> &str {
    text.lines().next_back().unwrap_or_default()
}

fn without_first_line(text: &str) -> &str {
    text.split_once('\n')
        .map_or("", |(_, rest)| rest.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Configuration;

    #[test]
    fn a_published_program_names_the_schema_for_editors() {
        let text = configuration("https://github.com/pets/tools", "documents = []", None);
        let first = text.lines().next().unwrap();
        assert!(
            first.starts_with("#:schema https://github.com/pets/tools/raw/v")
                && first.ends_with("/crates/spec-first/spec-first.schema.json"),
            "{first}"
        );
        assert_eq!(
            Configuration::parse(FILE, &text).unwrap(),
            Configuration::default()
        );
    }

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
        let schema = include_str!("../spec-first.schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        for setting in schema["properties"].as_object().unwrap().keys() {
            assert!(text.contains(setting), "{setting}");
        }
    }
}
