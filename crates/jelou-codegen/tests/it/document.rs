//! A document with several operations, tags and kinds of parameters, which the generator handles as it stands.

/// Three operations, so that nothing can assume a single one.
pub(crate) const PETS: &str = include_str!("pets.yaml");

/// The document with one place edited; the place must be there exactly once.
#[track_caller]
pub(crate) fn edited(find: &str, replace: &str) -> String {
    assert_eq!(
        PETS.matches(find).count(),
        1,
        "`{find}` must stand in the document once"
    );
    PETS.replacen(find, replace, 1)
}
