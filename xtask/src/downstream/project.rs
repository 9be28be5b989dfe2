//! The downstream crate: created from its template, with the versions in the workspace's Cargo.lock.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package};

use crate::process;

use super::Error;
use super::crates::Crates;
use crate::packages::{Packages, failed};

/// The line in the template to replace with the dependency.
const PLACEHOLDER: &str = "jelou-client = \"*\"";

/// A downstream crate.
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) dependency: Dependency,
}

/// What a downstream crate uses to send its update.
pub(super) enum Dependency {
    /// `jelou-client` with default features.
    Client,
    /// `jelou-client` with only these features.
    ClientWith(&'static [&'static str]),
    /// Bare reqwest, without `jelou-client`.
    BareReqwest,
}

/// A variant that has been written to disk.
pub(super) struct Project {
    folder: PathBuf,
}

impl Project {
    /// Writes the crate, its lock file, and the packages it depends on.
    pub(super) fn write(packages: &Packages, variant: &Variant) -> Result<Self, Error> {
        let name = variant
            .name
            .replace(|character: char| !character.is_ascii_alphanumeric(), "-");
        let project = Self {
            folder: packages.folder().join(name),
        };
        let template = packages.workspace().join(variant.dependency.template());
        let manifest =
            fs::read_to_string(template.join("Cargo.toml")).map_err(failed("read the template"))?;
        let manifest = variant.dependency.add(&manifest, packages)?;
        let lock = packages.workspace().join("Cargo.lock");
        project.fill(&template, &manifest, &lock)?;
        packages.unpack(&project.folder)?;
        project.check_versions(packages, variant)?;
        Ok(project)
    }

    /// `cargo run` or `cargo build`, without changes to the lock file.
    pub(super) fn build(&self, command: &str, target_directory: &Path) -> Command {
        let mut cargo = self.cargo(command);
        cargo
            .args(["--locked", "--target-dir"])
            .arg(target_directory);
        cargo
    }

    /// The crates in the lock file, and which are compiled for `platform` (by default, this one).
    pub(super) fn crates(&self, platform: Option<&str>) -> Result<Crates, Error> {
        let mut tree = self.cargo("tree");
        tree.args(["--locked", "--edges", "normal,build", "--prefix", "none"]);
        if let Some(platform) = platform {
            tree.args(["--target", platform]);
        }
        Crates::new(&self.metadata(&["--locked"])?, &process::output(&mut tree)?)
    }

    fn fill(&self, template: &Path, manifest: &str, lock: &Path) -> Result<(), Error> {
        let write = || {
            fs::create_dir_all(self.folder.join("src"))?;
            fs::copy(
                template.join("src/main.rs"),
                self.folder.join("src/main.rs"),
            )?;
            fs::write(self.folder.join("Cargo.toml"), manifest)?;
            fs::copy(lock, self.folder.join("Cargo.lock"))
        };
        write().map_err(failed("write the downstream crate"))?;
        Ok(())
    }

    /// Lets cargo remove unused packages from the lock file, and checks that it changes nothing else.
    fn check_versions(&self, packages: &Packages, variant: &Variant) -> Result<(), Error> {
        let workspace = lock_of(packages.workspace(), &["--locked"])?;
        let workspace: BTreeSet<_> = workspace.packages.iter().map(identity).collect();
        let other: Vec<_> = self
            .metadata(&[])?
            .packages
            .iter()
            .filter(|package| {
                *package.name != "downstream" && !workspace.contains(&identity(package))
            })
            .map(|package| format!("{} {}", package.name, package.version))
            .collect();
        if other.is_empty() {
            return Ok(());
        }
        Err(Error::OtherVersions {
            variant: variant.name,
            packages: other.join(", "),
        })
    }

    /// Cargo in the folder of the crate, offline.
    fn cargo(&self, command: &str) -> Command {
        let mut cargo = process::cargo();
        cargo
            .args([command, "--offline", "--quiet"])
            .current_dir(&self.folder);
        cargo
    }

    fn metadata(&self, options: &[&str]) -> Result<Metadata, Error> {
        lock_of(&self.folder, options)
    }
}

impl Dependency {
    /// The folder of the template.
    fn template(&self) -> &'static str {
        match self {
            Self::Client | Self::ClientWith(_) => "xtask/downstream/jelou-client",
            Self::BareReqwest => "xtask/downstream/bare-reqwest",
        }
    }

    /// Adds the dependency and its source to `manifest`.
    fn add(&self, manifest: &str, packages: &Packages) -> Result<String, Error> {
        let version = packages.version("jelou-client")?;
        let dependency = match self {
            Self::BareReqwest => return Ok(manifest.to_owned()),
            Self::Client => format!("jelou-client = \"{version}\""),
            Self::ClientWith(features) => {
                format!(
                    "jelou-client = {{ version = \"{version}\", default-features = false, features = {features:?} }}"
                )
            }
        };
        if manifest.matches(PLACEHOLDER).count() != 1 {
            return Err(Error::Template {
                template: self.template(),
                line: PLACEHOLDER,
            });
        }
        Ok(manifest.replace(PLACEHOLDER, &dependency) + &packages.patches())
    }
}

/// All packages in the lock file of `folder`.
fn lock_of(folder: &Path, options: &[&str]) -> Result<Metadata, Error> {
    // The lock file covers all features, but cargo lists only the packages that the selected features need.
    let options = ["--all-features", "--offline", "--quiet"]
        .iter()
        .chain(options);
    let mut command = MetadataCommand::new();
    command.current_dir(folder);
    command.other_options(options.map(|&option| option.to_owned()).collect::<Vec<_>>());
    Ok(command.exec()?)
}

fn identity(package: &Package) -> (&str, &cargo_metadata::semver::Version) {
    (&package.name, &package.version)
}
