//! The location of the configuration file.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::environment;

const FILE: &str = "config.toml";

/// `config.toml` in the folder set in the environment, or else in `jelou` in the platform's configuration folder:
/// `$XDG_CONFIG_HOME` or `~/.config`, on Windows `%APPDATA%`. `None` if there is no home directory.
pub(super) fn find_path() -> Option<PathBuf> {
    let folder = match environment::read_configuration_folder() {
        Some(folder) => folder,
        None => etcetera::choose_base_strategy()
            .ok()?
            .config_dir()
            .join("jelou"),
    };
    Some(folder.join(FILE))
}
