# Sourced by `run` and `gates`: installs what a new machine lacks. A machine that has everything downloads nothing.
# shellcheck shell=bash

step() {
    printf '\n== %s (after %d s)\n' "$*" "$SECONDS"
}

install_packages() {
    apt-get update -qq && apt-get install --yes -qq "$@"
}

if ! command -v cargo >/dev/null; then
    # Installs rustup; it then installs the toolchain that rust-toolchain.toml names.
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none
    export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi
# Linters and test tools from the Python index are installed into virtual environments.
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    install_packages python3-venv
fi

# One build profile for all steps: they share what they compile, and need a third of the disk space. `cargo package` builds
# outside the workspace, where the profile in Cargo.toml has no effect.
export CARGO_PROFILE_DEV_DEBUG=line-tables-only CARGO_INCREMENTAL=0
