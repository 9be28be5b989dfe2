//! Programs from the Python index, in environments under the target directory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use crate::process;
use crate::workspace::{self, failed};

/// An environment that could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "there is no Python that can make virtual environments; install Python 3.10 or later, on Debian `apt-get install python3-venv`"
    )]
    NoPython(#[source] process::Error),

    #[error(transparent)]
    Process(#[from] process::Error),

    #[error(transparent)]
    File(#[from] workspace::Error),
}

/// A Python virtual environment with packages in it.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Installs the packages that `requirements` lists with their versions, unless exactly these are installed.
    pub(crate) fn install(root: &Path, name: &str, requirements: &str) -> Result<Self, Error> {
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let folder = root.join(target).join(name);
        let installed = Self { folder };
        let stamp = installed.folder.join("installed.txt");
        if fs::read_to_string(&stamp).is_ok_and(|text| text == requirements) {
            return Ok(installed);
        }
        // An interrupted run may have left an incomplete environment.
        match fs::remove_dir_all(&installed.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("remove", &installed.folder)(error).into());
            }
            _ => {}
        }
        fs::create_dir_all(&installed.folder).map_err(failed("make", &installed.folder))?;
        let mut python = Command::new("python3");
        python
            .args(["-m", "venv"])
            .arg(installed.folder.join("environment"));
        process::output(&mut python).map_err(Error::NoPython)?;
        let file = installed.folder.join("requirements.txt");
        fs::write(&file, requirements).map_err(failed("write", &file))?;
        let mut pip = Command::new(installed.program("python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
            "--requirement",
        ]);
        process::output(pip.arg(&file))?;
        fs::write(&stamp, requirements).map_err(failed("write", &stamp))?;
        Ok(installed)
    }

    /// The folder around the environment, for files that belong to it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a program in the environment.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let programs = if cfg!(windows) { "Scripts" } else { "bin" };
        self.folder.join("environment").join(programs).join(name)
    }
}
