//! JSON pointers (RFC 6901).

use std::fmt::{self, Write};

use percent_encoding::percent_decode_str;

/// A JSON pointer to a value in a document, for example `/paths/~1v1~1pets/get`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses a pointer, or a URI fragment containing one, which starts with `#` and may be percent-encoded
    /// (`#/a%7Bb%7D`).
    ///
    /// Returns `None` if the pointer is not empty and does not start with `/`, or if percent-decoding does not yield
    /// UTF-8.
    pub fn parse(text: &str) -> Option<Self> {
        let pointer = match text.strip_prefix('#') {
            Some(fragment) => percent_decode_str(fragment).decode_utf8().ok()?,
            None => text.into(),
        };
        (pointer.is_empty() || pointer.starts_with('/')).then(|| Self(pointer.into_owned()))
    }

    /// The pointer to the member `key` of this value.
    #[must_use]
    pub fn child(&self, key: impl fmt::Display) -> Self {
        let mut text = String::with_capacity(self.0.len() + 24);
        text.push_str(&self.0);
        text.push('/');
        // Writing to a string cannot fail.
        _ = write!(Escaped(&mut text), "{key}");
        Self(text)
    }

    /// Appends another pointer, for example one that a validator reports relative to this value.
    #[must_use]
    pub fn join(&self, inner: &str) -> Self {
        Self(format!("{}{inner}", self.0))
    }

    /// The pointer to the enclosing value; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// Whether this points to the same value as `other` or to a value inside it.
    pub fn is_at_or_inside(&self, other: &Self) -> bool {
        let rest = self.0.strip_prefix(&other.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The keys and indices from the root, unescaped.
    pub fn segments(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// The last key or index; `None` for the root.
    pub fn last(&self) -> Option<String> {
        let (_, last) = self.0.rsplit_once('/')?;
        Some(unescape(last))
    }

    /// The pointer as text, without a leading `#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A way from the root to a value, of which the pointer is made only when it is needed: a walk passes many values and names few.
#[derive(Clone, Copy, Debug)]
pub struct Path<'p>(Option<(&'p Path<'p>, Step<'p>)>);

#[derive(Clone, Copy, Debug)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

impl<'p> Path<'p> {
    /// The way to the root.
    pub const ROOT: Self = Self(None);

    /// The way to the member `key` of this value.
    #[must_use]
    pub fn key(&'p self, key: &'p str) -> Self {
        Self(Some((self, Step::Key(key))))
    }

    /// The way to the item `index` of this value.
    #[must_use]
    pub fn index(&'p self, index: usize) -> Self {
        Self(Some((self, Step::Index(index))))
    }

    /// The pointer to the value.
    pub fn pointer(&self) -> Pointer {
        match self.0 {
            None => Pointer::root(),
            Some((outer, Step::Key(key))) => outer.pointer().child(key),
            Some((outer, Step::Index(index))) => outer.pointer().child(index),
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

/// Escapes a segment while it is written, without a temporary string: large documents have many pointers.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, key: &str) -> fmt::Result {
        let mut rest = key;
        while let Some(index) = rest.find(['~', '/']) {
            self.0.push_str(&rest[..index]);
            self.0.push_str(match rest.as_bytes()[index] {
                b'~' => "~0",
                _ => "~1",
            });
            rest = &rest[index + 1..];
        }
        self.0.push_str(rest);
        Ok(())
    }
}

fn unescape(segment: &str) -> String {
    match segment.contains('~') {
        true => segment.replace("~1", "/").replace("~0", "~"),
        false => segment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_and_unescapes_slashes_and_tildes() {
        let pointer = Pointer::root().child("paths").child("/v1/a~b");
        assert_eq!(pointer.as_str(), "/paths/~1v1~1a~0b");
        assert_eq!(pointer.last().as_deref(), Some("/v1/a~b"));
        assert_eq!(pointer.parent(), Some(Pointer::root().child("paths")));
    }

    #[test]
    fn invalid_pointers_are_rejected() {
        assert_eq!(Pointer::parse("paths"), None);
        assert_eq!(
            Pointer::parse("#/paths"),
            Some(Pointer::root().child("paths"))
        );
        assert_eq!(Pointer::parse("#"), Some(Pointer::root()));
    }

    #[test]
    fn only_a_fragment_is_percent_decoded() {
        let path = Pointer::root().child("paths").child("/a/{id}");
        assert_eq!(Pointer::parse("#/paths/~1a~1%7Bid%7D"), Some(path));
        assert_eq!(Pointer::parse("/a%7B"), Some(Pointer::root().child("a%7B")));
        assert_eq!(Pointer::parse("#/%FF"), None);
    }
}
