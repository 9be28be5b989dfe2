//! A list of resources: those that a query asks for, and the numbers beside them that count them.

use serde_json::{Map, Value};

use crate::{
    Call,
    contract::shape::{Members, plain},
};

use super::filling::text_of;

/// What the names of totals call the resources.
const COUNTED: [&str; 6] = ["items", "results", "elements", "records", "entries", "hits"];

/// The page that a query asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    limit: Option<usize>,
    number: Option<usize>,
    skipped: usize,
}

impl Page {
    pub(super) fn of(call: Call<'_>) -> Self {
        let number = |names: &[&str]| {
            let mut query = call.query();
            let (_, value) = query.find(|(name, _)| names.contains(&&*plain(name)))?;
            value.parse::<usize>().ok()
        };
        let limit = number(&["limit", "perpage", "pagesize"]);
        let page = number(&["page", "pagenumber"]);
        let before = page.zip(limit);
        let before = before.map(|(page, limit)| page.saturating_sub(1).saturating_mul(limit));
        Self {
            limit,
            number: page,
            skipped: number(&["offset", "skip"]).or(before).unwrap_or_default(),
        }
    }

    /// Keeps the resources on the page.
    pub(super) fn cut(self, found: &mut Vec<Map<String, Value>>) {
        found.drain(..self.skipped.min(found.len()));
        found.truncate(self.limit.unwrap_or(usize::MAX));
    }

    /// The body with the numbers that say how many resources there are and which page this is. `names` are what the resources
    /// are called.
    pub(super) fn count(
        self,
        body: &Value,
        slot: &[String],
        names: &[&str],
        total: usize,
    ) -> Value {
        let mut counted = body.clone();
        let mut level = Some(&mut counted);
        for name in slot {
            let Some(Value::Object(members)) = level else {
                break;
            };
            for (beside, value) in members.iter_mut().filter(|(beside, _)| *beside != name) {
                self.set(beside, value, names, total);
                // Such as `meta` or `pagination`.
                for (member, value) in value.as_object_mut().into_iter().flatten() {
                    self.set(member, value, names, total);
                }
            }
            level = members.get_mut(name);
        }
        counted
    }

    fn set(self, member: &str, value: &mut Value, names: &[&str], total: usize) {
        if let Some(said) = self.says(&plain(member), names, total)
            && value.is_number()
        {
            *value = said.into();
        }
    }

    /// The number in a member with this name.
    fn says(self, member: &str, names: &[&str], total: usize) -> Option<usize> {
        let are_counted = |what: &str| {
            let is_singular = |name: &&str| what.len() >= 3 && plain(name).starts_with(what);
            what.is_empty() || COUNTED.contains(&what) || names.iter().any(is_singular)
        };
        let counts = member.strip_prefix("total").is_some_and(are_counted)
            || member
                .strip_suffix("count")
                .is_some_and(|what| what == "total" || are_counted(what));
        match member {
            "limit" | "perpage" | "pagesize" => self.limit,
            "page" | "pagenumber" | "currentpage" => self.number,
            "offset" | "skip" => Some(self.skipped),
            "totalpages" | "pagecount" | "lastpage" => {
                let limit = self.limit.filter(|limit| *limit > 0);
                Some(limit.map_or(1, |limit| total.div_ceil(limit)))
            }
            _ => counts.then_some(total),
        }
    }
}

/// Keeps the resources whose members have the values that the query asks for.
pub(super) fn filter(call: Call<'_>, found: &mut Vec<Map<String, Value>>, described: &Members<'_>) {
    for (name, _) in call.query() {
        let Some(place) = place_of(name, described) else {
            continue;
        };
        let wanted = call.query().filter(|(given, _)| *given == name);
        let wanted: Vec<&str> = wanted.flat_map(|(_, value)| value.split(',')).collect();
        let is_wanted = |value: &Value| text_of(value).is_some_and(|it| wanted.contains(&&*it));
        found.retain(|resource| {
            let mut place = place.iter();
            let first = place.next().and_then(|name| resource.get(*name));
            match place
                .try_fold(first, |value, name| Some(value?.get(*name)))
                .flatten()
            {
                Some(Value::Array(items)) => items.iter().any(is_wanted),
                value => value.is_some_and(is_wanted),
            }
        });
    }
}

/// Where the member is that a query parameter is about: `name`, `tag` of `tags`, and `filter[name]`, which is in `attributes` in
/// JSON:API.
fn place_of<'a>(parameter: &str, described: &Members<'a>) -> Option<Vec<&'a str>> {
    let inner = parameter.strip_prefix("filter[");
    let inner = inner.and_then(|it| it.strip_suffix(']'));
    let name = inner.unwrap_or(parameter);
    let one = plain(name);
    let is_list_of = |member: &str| {
        ["s", "es", "list"]
            .iter()
            .any(|end| member.strip_suffix(end) == Some(&*one))
    };
    let lists = || {
        let mut members = described.all.iter();
        members.find(|it| is_list_of(&plain(it.name)) && Members::of(&it.schema).items.is_some())
    };
    if let Some(member) = described.get(name).or_else(lists) {
        return Some(vec![member.name]);
    }
    let attributes = described.get("attributes").filter(|_| inner.is_some())?;
    let within = Members::of(&attributes.schema);
    Some(vec![attributes.name, within.get(name)?.name])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_counts_the_resources_or_names_the_page_is_set() {
        let page = Page {
            limit: Some(2),
            number: Some(3),
            skipped: 4,
        };
        let body = json!({
            "pets": [], "petsCount": 9, "count": 9, "totalPrice": 9, "visitCount": 9, "total": "9",
            "meta": {"total_pets": 9, "totalPages": 9, "page": 9, "per_page": 9, "offset": 9},
        });
        let expected = json!({
            "pets": [], "petsCount": 5, "count": 5, "totalPrice": 9, "visitCount": 9, "total": "9",
            "meta": {"total_pets": 5, "totalPages": 3, "page": 3, "per_page": 2, "offset": 4},
        });
        assert_eq!(
            page.count(&body, &["pets".to_owned()], &["pets"], 5),
            expected
        );
        let one = json!({"x": [], "limit": 9, "page": 9, "lastPage": 9});
        let expected = json!({"x": [], "limit": 9, "page": 9, "lastPage": 1});
        let counted = Page::default().count(&one, &["x".to_owned()], &["pets"], 5);
        assert_eq!(counted, expected);
    }
}
