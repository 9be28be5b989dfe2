//! `x-mock-resource`: which resource an operation works on, where its method and path do not say so.

use crate::{Flaw, contract::place::Place};

const KEY: &str = "x-mock-resource";

/// What the extension says about an operation; its own fields override those of its path item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MockResource {
    /// Whether the operation is answered without state.
    pub(crate) is_off: bool,
    /// The path of the collection, with the names of the parameters of the operation.
    pub(crate) collection: Option<String>,
    /// The member of the resource that identifies it.
    pub(crate) id: Option<String>,
    pub(crate) action: Option<Action>,
}

/// What an operation does with the resources of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    List,
    Read,
    Replace,
    Update,
    Delete,
}

impl Action {
    const NAMED: [(&str, Self); 6] = [
        ("create", Self::Create),
        ("list", Self::List),
        ("read", Self::Read),
        ("replace", Self::Replace),
        ("update", Self::Update),
        ("delete", Self::Delete),
    ];

    /// Whether it answers with resources and changes none.
    pub(crate) fn only_reads(self) -> bool {
        matches!(self, Self::List | Self::Read)
    }
}

impl MockResource {
    pub(super) fn of(item: &Place<'_>, operation: &Place<'_>, flaws: &mut Vec<Flaw>) -> Self {
        let mut read = Self::default();
        for place in [item, operation].into_iter().filter_map(|it| it.get(KEY)) {
            if read.extend(&place).is_none() {
                flaws.push(place.flaw(
                    "this `x-mock-resource` is ignored: it is neither `false` nor a mapping of `collection`, `id` and `action`",
                    "write `false`, or for example `{collection: /pets, id: name, action: list}`; actions are `create`, `list`, `read`, `replace`, `update` and `delete`",
                ));
            }
        }
        read
    }

    /// `None` if the value is invalid.
    fn extend(&mut self, place: &Place<'_>) -> Option<()> {
        let mut extended = self.clone();
        if let Some(is_on) = place.node.as_bool() {
            extended.is_off = !is_on;
        } else if place.node.is_mapping() {
            extended.is_off = false;
            for (key, value) in place.entries() {
                let text = value.node.as_str()?;
                match key {
                    "collection" if text.starts_with('/') => {
                        extended.collection = Some(text.to_owned())
                    }
                    "id" => extended.id = Some(text.to_owned()),
                    "action" => {
                        let mut named = Action::NAMED.iter();
                        extended.action = Some(named.find(|(name, _)| *name == text)?.1);
                    }
                    _ => return None,
                }
            }
        } else {
            return None;
        }
        *self = extended;
        Some(())
    }
}
