#!/usr/bin/env bash
# Puts `spec-first` into the `PATH` of the following steps.
set -euo pipefail

fail() {
    echo "::error title=spec-first is not installed::$1"
    exit 1
}

programs=$RUNNER_TEMP/spec-first
case $INSTALL in
none)
    exit
    ;;
source)
    # From the folder of the action, to use the toolchain that it names.
    cd "$GITHUB_ACTION_PATH"
    cargo install --locked --quiet --path crates/spec-first --root "$programs"
    echo "$programs/bin" >>"$GITHUB_PATH"
    exit
    ;;
release) ;;
*) fail "\`install\` is \`release\`, \`source\` or \`none\`" ;;
esac

# Linux gets the static program, which does not depend on the image.
case $RUNNER_OS-$RUNNER_ARCH in
Linux-X64) target=x86_64-unknown-linux-musl ;;
Linux-ARM64) target=aarch64-unknown-linux-musl ;;
macOS-X64) target=x86_64-apple-darwin ;;
macOS-ARM64) target=aarch64-apple-darwin ;;
Windows-X64) target=x86_64-pc-windows-msvc ;;
*) fail "releases do not include $RUNNER_OS on $RUNNER_ARCH; use \`install: source\`" ;;
esac
[ -n "$REPOSITORY" ] || fail "an action of the same repository has no release; use \`install: source\`"
command -v gh >/dev/null || fail "the command \`gh\` verifies the attestation, and it is missing; use \`install: source\`"

version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml")
name=spec-first-$version-$target
mkdir -p "$programs"
cd "$programs"
gh release download "v$version" --repo "$REPOSITORY" --clobber --pattern "$name.tar.gz" --pattern "$name.tar.gz.sha256" ||
    fail "$REPOSITORY has no release v$version for $target; use \`install: source\`"
checksum=(sha256sum)
command -v sha256sum >/dev/null || checksum=(shasum -a 256)
"${checksum[@]}" --check "$name.tar.gz.sha256" || fail "$name.tar.gz does not have its checksum"
gh attestation verify "$name.tar.gz" --repo "$REPOSITORY" --source-ref "refs/tags/v$version" \
    --signer-workflow "$REPOSITORY/.github/workflows/release.yml" --deny-self-hosted-runners ||
    fail "$name.tar.gz was not built by the release workflow of $REPOSITORY"
tar -xzf "$name.tar.gz"
echo "$programs/$name" >>"$GITHUB_PATH"
