//! Links the command for Linux at a fixed address: moving its 57,000 addresses at each start costs a millisecond, and 2 MB of
//! memory that no two processes share. Its code is memory-safe; stack, heap and libraries are still placed at random.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let is_gnu = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if is_gnu && !features.split(',').any(|it| it == "crt-static") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
