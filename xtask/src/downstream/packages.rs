//! The tarballs that would be published, made and unpacked. Publishes nothing.

use std::path::{Path, PathBuf};
use std::{fs, process::Command};

use cargo_metadata::{Metadata, MetadataCommand, Package};
use tempfile::TempDir;

use crate::process;
use crate::workspace::Workspace;

use super::Error;

/// The packed packages, and a folder outside the workspace to unpack them in, which goes when this is dropped.
pub(super) struct Packages {
    workspace: PathBuf,
    metadata: Metadata,
    folder: TempDir,
}

impl Packages {
    /// Packs the publishable packages of the workspace as they are now.
    pub(super) fn pack(workspace: &Workspace) -> Result<Self, Error> {
        let root = workspace.root().to_owned();
        // From here on nothing is downloaded, so that nothing can be newer than in Cargo.lock.
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

    /// Where tarballs and builds are kept, so that the next run is quick.
    pub(super) fn target_directory(&self) -> PathBuf {
        self.metadata.target_directory.join("downstream").into()
    }

    /// The folder outside the workspace.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The version of `jelou-client`.
    pub(super) fn client_version(&self) -> Result<String, Error> {
        let client = self
            .publishable()
            .find(|package| *package.name == "jelou-client");
        client
            .map(|package| package.version.to_string())
            .ok_or(Error::NoClient)
    }

    /// The section of a manifest that takes every package from where it is unpacked, and not from the registry.
    pub(super) fn patches(&self) -> String {
        let mut text = "\n[patch.crates-io]\n".to_owned();
        for package in self.publishable() {
            let directory = directory_name(package);
            text += &format!("{} = {{ path = \"packages/{directory}\" }}\n", package.name);
        }
        text
    }

    /// Unpacks every package in a folder of the folder `project`.
    ///
    /// There, its path from the project is the same in each run, and cargo does not build it again.
    pub(super) fn unpack(&self, project: &Path) -> Result<(), Error> {
        let folder = project.join("packages");
        fs::create_dir_all(&folder).map_err(failed("make the folder of the packages"))?;
        for package in self.publishable() {
            let tarball = self
                .target_directory()
                .join("package")
                .join(directory_name(package) + ".crate");
            // `m`: as new. Cargo gives everything in a tarball the same date, and would not see what has changed.
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
        // No list of registries: all of them. An empty one: none.
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
        // Without verification: what it would build is built by the downstream crate. Dirty: what is being worked on is what
        // is to be tested.
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

/// The name that `cargo package` gives a tarball, and the folder in it.
fn directory_name(package: &Package) -> String {
    format!("{}-{}", package.name, package.version)
}

pub(super) fn failed(action: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Files { action, source }
}
