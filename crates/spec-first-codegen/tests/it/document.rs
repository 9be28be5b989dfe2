//! A supported document with several operations, tags and kinds of parameters.

/// Has several operations, so that nothing can assume a single one.
pub(crate) const PETS: &str = include_str!("pets.yaml");

/// Replaces the only occurrence of `find` in the document.
#[track_caller]
pub(crate) fn edited(find: &str, replace: &str) -> String {
    assert_eq!(
        PETS.matches(find).count(),
        1,
        "`{find}` must appear exactly once in the document"
    );
    PETS.replacen(find, replace, 1)
}
