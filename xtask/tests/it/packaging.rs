//! The files that describe how the command is packaged agree.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_hooks_of_pre_commit_install_this_version_of_the_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = |path: &str| -> toml::Table {
        let text = fs::read_to_string(root.join(path)).unwrap();
        text.parse().unwrap()
    };
    let version = env!("CARGO_PKG_VERSION");
    let hooks = &manifest("pyproject.toml")["project"];
    assert_eq!(hooks["version"].as_str(), Some(version));
    let command = &manifest("crates/spec-first/pyproject.toml")["project"]["name"];
    let dependency = format!("{}=={version}", command.as_str().unwrap());
    let dependencies = hooks["dependencies"].as_array().unwrap();
    assert_eq!(dependencies, &[toml::Value::from(dependency)]);
}
