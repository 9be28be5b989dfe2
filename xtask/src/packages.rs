//! Packs and unpacks the tarballs that would be published. Publishes nothing.

use std::path::{Path, PathBuf};
use std::{fs, process::Command};

use cargo_metadata::{Metadata, MetadataCommand, Package};
use tempfile::TempDir;

use crate::process;
use crate::workspace::Workspace;

/// Packages that could not be packed or unpacked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the packages of the workspace")]
    Metadata(#[from] cargo_metadata::Error),

    #[error(transparent)]
    Process(#[from] process::Error),

    #[error("cannot {action}")]
    Files {
        action: &'static str,
        source: std::io::Error,
    },

    #[error("the workspace has no package `{0}`")]
    NoPackage(&'static str),
}

/// The packed packages, and a temporary folder outside the workspace to unpack them in.
pub(crate) struct Packages {
    workspace: PathBuf,
    metadata: Metadata,
    folder: TempDir,
}

impl Packages {
    /// Packs the publishable packages in their current state.
    pub(crate) fn pack(workspace: &Workspace) -> Result<Self, Error> {
        let root = workspace.root().to_owned();
        // Fetch now and work offline later, so that no version can be newer than in Cargo.lock.
        process::output(
            process::cargo()
                .args(["fetch", "--locked", "--quiet"])
                .current_dir(&root),
        )?;
        let packages = Self {
            metadata: MetadataCommand::new().no_deps().current_dir(&root).exec()?,
            workspace: root,
            folder: TempDir::with_prefix("downstream-")
                .map_err(failed("make a temporary folder"))?,
        };
        packages.package()?;
        Ok(packages)
    }

    /// Keeps tarballs and builds between runs, to make the next run faster.
    pub(crate) fn target_directory(&self) -> PathBuf {
        self.metadata.target_directory.join("downstream").into()
    }

    /// The folder outside the workspace.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The version of a package.
    pub(crate) fn version(&self, name: &'static str) -> Result<String, Error> {
        let package = self.publishable().find(|package| *package.name == name);
        let package = package.ok_or(Error::NoPackage(name))?;
        Ok(package.version.to_string())
    }

    /// The manifest section that replaces every package in the registry with the unpacked one.
    pub(crate) fn patches(&self) -> String {
        let mut text = "\n[patch.crates-io]\n".to_owned();
        for package in self.publishable() {
            let directory = directory_name(package);
            text += &format!("{} = {{ path = \"packages/{directory}\" }}\n", package.name);
        }
        text
    }

    /// Unpacks every package into a subfolder of `project`.
    ///
    /// Its path relative to the project is the same in every run, so cargo does not rebuild it.
    pub(crate) fn unpack(&self, project: &Path) -> Result<(), Error> {
        let folder = project.join("packages");
        fs::create_dir_all(&folder).map_err(failed("make the folder of the packages"))?;
        for package in self.publishable() {
            let tarball = self
                .target_directory()
                .join("package")
                .join(directory_name(package) + ".crate");
            // `m` sets the current time. Cargo gives all files in a tarball the same time, so a rebuild would miss
            // changes.
            process::output(
                Command::new("tar")
                    .arg("-xzmf")
                    .arg(tarball)
                    .arg("-C")
                    .arg(&folder),
            )?;
        }
        Ok(())
    }

    fn publishable(&self) -> impl Iterator<Item = &Package> {
        // A missing list of registries allows all of them, an empty one none.
        let packages = self.metadata.packages.iter();
        packages.filter(|package| {
            package
                .publish
                .as_ref()
                .is_none_or(|registries| !registries.is_empty())
        })
    }

    fn package(&self) -> Result<(), Error> {
        let mut cargo = process::cargo();
        // The downstream crate builds the packages, so cargo need not verify them. Uncommitted changes are what is
        // being tested.
        cargo.args([
            "package",
            "--no-verify",
            "--allow-dirty",
            "--locked",
            "--offline",
            "--quiet",
        ]);
        for package in self.publishable() {
            cargo.args(["--package", &package.name]);
        }
        cargo.arg("--target-dir").arg(self.target_directory());
        process::output(cargo.current_dir(&self.workspace))?;
        Ok(())
    }
}

/// The name of the tarball that `cargo package` creates, and of the folder in it.
fn directory_name(package: &Package) -> String {
    format!("{}-{}", package.name, package.version)
}

pub(crate) fn failed(action: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Files { action, source }
}
