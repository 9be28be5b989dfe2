//! Where the configuration file is.

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::environment;

const FILE: &str = "config.toml";

/// `config.toml` in the folder that the environment names, or in `jelou` in the one of the platform: `$XDG_CONFIG_HOME` or
/// `~/.config`, on Windows `%APPDATA%`. `None` where there is no home.
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
