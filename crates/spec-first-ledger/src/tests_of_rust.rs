//! Finds tests in Rust source text, without running anything.

use std::collections::BTreeMap;

use syn::{Attribute, Item};

/// The tests of a workspace, by `PATH::FUNCTION`.
#[derive(Clone, Debug, Default)]
pub struct TestIndex {
    /// Whether each test runs, that is, is not ignored.
    tests: BTreeMap<String, bool>,
}

impl TestIndex {
    /// Adds the tests in the file `path`, whose text is `source`.
    ///
    /// # Errors
    /// Returns a message with line and column if the text is not valid Rust.
    pub fn add(&mut self, path: &str, source: &str) -> Result<(), String> {
        let file = syn::parse_file(source).map_err(|error| {
            let start = error.span().start();
            format!("{path}:{}:{}: {error}", start.line, start.column + 1)
        })?;
        self.add_items(path, &file.items);
        Ok(())
    }

    /// Whether the test runs; `None` if it does not exist.
    pub fn runs(&self, name: &str) -> Option<bool> {
        self.tests.get(name).copied()
    }

    /// A test with the same function name in another file, for a better message.
    pub fn moved(&self, name: &str) -> Option<&str> {
        let (_, function) = name.rsplit_once("::")?;
        self.tests.keys().map(String::as_str).find(|other| {
            other
                .rsplit_once("::")
                .is_some_and(|(_, name)| name == function)
        })
    }

    fn add_items(&mut self, path: &str, items: &[Item]) {
        for item in items {
            match item {
                Item::Fn(function) if is_test(&function.attrs) => {
                    let runs = !function
                        .attrs
                        .iter()
                        .any(|attribute| attribute.path().is_ident("ignore"));
                    self.tests
                        .insert(format!("{path}::{}", function.sig.ident), runs);
                }
                Item::Mod(module) => {
                    self.add_items(
                        path,
                        module.content.as_ref().map_or(&[][..], |(_, items)| items),
                    );
                }
                _ => {}
            }
        }
    }
}

/// Matches `#[test]` and similar attributes of other crates, such as `#[tokio::test]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute
            .path()
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "test")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_in_modules_and_with_other_attributes() {
        let mut index = TestIndex::default();
        let source = "#[test] fn a() {} #[tokio::test] async fn b() {} mod m { #[test] #[ignore] fn c() {} } fn d() {}";
        index.add("t.rs", source).unwrap();
        assert_eq!(index.runs("t.rs::a"), Some(true));
        assert_eq!(index.runs("t.rs::b"), Some(true));
        assert_eq!(index.runs("t.rs::c"), Some(false));
        assert_eq!(index.runs("t.rs::d"), None);
        assert_eq!(index.moved("u.rs::a"), Some("t.rs::a"));
    }

    #[test]
    fn syntax_errors_have_a_position() {
        let error = TestIndex::default()
            .add("t.rs", "fn a() {\n  }}")
            .unwrap_err();
        assert!(error.starts_with("t.rs:2:4: "), "{error}");
    }
}
