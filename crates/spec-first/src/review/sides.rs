//! The two sides of a review: how they are named, and which documents of them belong together.

use std::fs;
use std::path::Path;

use spec_first_document::Document;

use super::Comparison;
use crate::configuration::FILE;
use crate::documents::Tree;
use crate::project::Documents;
use crate::sources::Source;
use crate::{Error, Project};

enum Side<'a> {
    Document(Source),
    /// All documents of a tree.
    Tree(Tree<'a>),
}

pub(super) fn comparisons(
    project: &Project,
    base: Option<&str>,
    head: Option<&str>,
) -> Result<Vec<Comparison>, Error> {
    if base == Some("-") && head == Some("-") {
        return Err(Error::Usage {
            message: "both sides are standard input".to_owned(),
            hint: "read one of them from a file or a revision".to_owned(),
        });
    }
    let old = match base {
        Some(name) => Side::parse(project, name)?,
        None => Side::Tree(merge_base(project)?),
    };
    let new = match head {
        Some(name) => Side::parse(project, name)?,
        None => Side::Tree(Tree::WorkingTree(project)),
    };
    match (old, new) {
        (Side::Document(base), Side::Document(head)) => Ok(vec![Comparison::new(base, head)]),
        (Side::Document(base), Side::Tree(tree)) => {
            let head = same_document(project, &base, &tree)?;
            Ok(vec![Comparison::new(base, head)])
        }
        (Side::Tree(old), Side::Document(head)) => match in_project(project, &head)? {
            Some((new, path)) => {
                let documents = Documents {
                    paths: vec![path],
                    are_listed: true,
                };
                pairs(&old, &new, documents, Extent::One)
            }
            None => {
                let base = same_document(project, &head, &old)?;
                Ok(vec![Comparison::new(base, head)])
            }
        },
        (Side::Tree(old), Side::Tree(new)) => {
            let documents = project.documents(&[&old, &new])?;
            pairs(&old, &new, documents, Extent::All)
        }
    }
}

impl<'a> Side<'a> {
    /// A file, a path in a revision, or a revision.
    fn parse(project: &'a Project, name: &str) -> Result<Self, Error> {
        if name == "-" {
            return Ok(Self::Document(Source::standard_input()?));
        }
        let git = project.git();
        let path = Path::new(name);
        if path.is_file() {
            // Whoever can add a file could otherwise have a change compared with it.
            let revision = name.split_once(':').map_or(name, |(revision, _)| revision);
            if git.commit(revision).is_ok() {
                return Err(Error::Usage {
                    message: format!("`{name}` is both a file and a revision"),
                    hint: format!("name the file as `./{name}`, or rename it"),
                });
            }
            return Ok(Self::Document(match path_in_project(project, path) {
                Some(path) => Source::in_working_tree(project.root(), &path)?,
                None => Source::file(name)?,
            }));
        }
        if let Some((revision, path)) = name.split_once(':')
            && let Ok(commit) = git.commit(revision)
        {
            return Ok(Self::Document(Source::in_commit(
                &git, revision, &commit, path,
            )));
        }
        match git.commit(name) {
            Ok(commit) => Ok(Self::Tree(Tree::Commit {
                git,
                name: name.to_owned(),
                commit,
            })),
            // A folder, or a pipe, which is not read.
            Err(_) if path.exists() => Source::file(name).map(Self::Document),
            Err(error) => Err(match project.git().fetch(name) {
                Some(command) => Error::NoBase {
                    reason: format!("there is no `{name}`"),
                    fetch: Some(command),
                },
                None => error,
            }),
        }
    }
}

/// The path of a file from the folder of the project, if it is one of the documents that the project has listed.
fn path_in_project(project: &Project, file: &Path) -> Option<String> {
    let listed = project.configuration().documents.iter();
    let file = fs::canonicalize(file).ok()?;
    let is_same =
        |path: &&String| fs::canonicalize(project.root().join(path)).is_ok_and(|path| path == file);
    if let Some(path) = listed.clone().find(is_same) {
        return Some(path.clone());
    }
    let path = project.path_of(&file)?;
    let patterns = listed.filter_map(|text| glob::Pattern::new(text).ok());
    let mut patterns = patterns.filter(|pattern| pattern.matches(&path));
    patterns.next().map(|_| path)
}

/// The tree that has a document, and its path there; `None` for standard input, and for a file that the project does not list and
/// git does not track.
fn in_project<'a>(
    project: &'a Project,
    document: &Source,
) -> Result<Option<(Tree<'a>, String)>, Error> {
    let path = document.path();
    if let Some((name, commit)) = document.commit() {
        let tree = Tree::Commit {
            git: project.git(),
            name: name.to_owned(),
            commit: commit.to_owned(),
        };
        return Ok(Some((tree, path.to_owned())));
    }
    let tree = Tree::WorkingTree(project);
    if document.is_of_repository() {
        return Ok(Some((tree, path.to_owned())));
    }
    Ok(match project.path_of(Path::new(path)) {
        Some(path) if project.git().tracks(&path)? => Some((tree, path)),
        _ => None,
    })
}

/// The merge base with the branch that the project compares with.
fn merge_base(project: &Project) -> Result<Tree<'_>, Error> {
    let git = project.git();
    if git.top().is_none() {
        git.check_readable()?;
        return Err(Error::NoBase {
            reason: format!("`{}` is not in a git repository", project.root().display()),
            fetch: None,
        });
    }
    let branch = match &project.configuration().base {
        Some(branch) => branch.clone(),
        None => git.default_branch()?,
    };
    let commit = git.merge_base(&branch).map_err(|error| match error {
        Error::UnknownRevision { name } | Error::Shallow { name }
            if project.configuration().base.is_some() =>
        {
            Error::NoBase {
                reason: format!("`base` in `{FILE}` names `{name}`, which is not a git revision"),
                fetch: git.fetch(&name),
            }
        }
        error => error,
    })?;
    Ok(Tree::Commit {
        git,
        name: branch,
        commit,
    })
}

/// The document of a tree that belongs to one that was named: that at the same path, or the only one.
fn same_document(project: &Project, named: &Source, tree: &Tree<'_>) -> Result<Source, Error> {
    // A file beside the documents of the project is not compared with itself.
    let is_itself = matches!(tree, Tree::WorkingTree(_)) && !named.is_of_repository();
    if !is_itself && tree.has(named.path())? {
        return tree.source(named.path());
    }
    match project.documents(&[tree]) {
        Ok(Documents { mut paths, .. }) => match paths.len() {
            1 => tree.source(&paths.remove(0)),
            _ => Err(Error::SeveralDocuments { candidates: paths }),
        },
        // The configuration may have the name that the only document has now.
        Err(error @ (Error::NoListedDocument { .. } | Error::NothingMatches { .. })) => {
            let is_only = project.configuration().documents.len() == 1;
            match former(tree, &Tree::WorkingTree(project))?.filter(|_| is_only) {
                Some(path) => tree.source(&path),
                None => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

/// The only document of a tree that a newer one lacks.
fn former(old: &Tree<'_>, new: &Tree<'_>) -> Result<Option<String>, Error> {
    let mut former = None;
    for path in old.documents()? {
        let is_there = new.has(&path)? || new.leaves_out(&path)?;
        if !is_there && former.replace(path).is_some() {
            return Ok(None);
        }
    }
    Ok(former)
}

/// Which documents of two trees are compared.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// One that was named.
    One,
    All,
}

/// The documents of two trees, in pairs.
fn pairs(
    old: &Tree<'_>,
    new: &Tree<'_>,
    documents: Documents,
    extent: Extent,
) -> Result<Vec<Comparison>, Error> {
    let Documents { paths, are_listed } = documents;
    let (mut dropped, mut added, mut comparisons) = (Vec::new(), Vec::new(), Vec::new());
    for path in &paths {
        let path = path.clone();
        match (old.has(&path)?, new.has(&path)?) {
            (true, true) => {
                comparisons.push(Comparison::new(old.source(&path)?, new.source(&path)?));
            }
            (true, false) if new.leaves_out(&path)? => return Err(Error::NotCheckedOut { path }),
            (true, false) if are_listed => return Err(new.source(&path)?.missing()),
            (true, false) => dropped.push(path),
            (false, true) => added.push(path),
            (false, false) => return Err(new.source(&path)?.missing()),
        }
    }
    if extent == Extent::All || !added.is_empty() {
        // What is no longer listed is still what clients know.
        for path in old.documents()? {
            if paths.contains(&path) || new.has(&path)? {
                continue;
            }
            if new.leaves_out(&path)? {
                return Err(Error::NotCheckedOut { path });
            }
            dropped.push(path);
        }
        if extent == Extent::One && dropped.len() > 1 {
            dropped.clear();
        }
    }
    if let ([from], [to]) = (&dropped[..], &added[..]) {
        let mut moved = Comparison::new(old.source(from)?, new.source(to)?);
        moved.note = (from != to).then(|| format!("the document moved from `{from}` to `{to}`"));
        comparisons.push(moved);
        return Ok(comparisons);
    }
    for path in dropped {
        let base = old.source(&path)?;
        comparisons.push(Comparison {
            head: new.source(&path)?.lacking(version(&base)?.as_deref()),
            base,
            note: Some("the document was dropped".to_owned()),
        });
    }
    for path in added {
        comparisons.push(Comparison {
            base: old.source(&path)?.lacking(None),
            head: new.source(&path)?,
            note: Some("the document is new".to_owned()),
        });
    }
    Ok(comparisons)
}

/// The version of a document, until which its acknowledgements count even if it is dropped.
fn version(source: &Source) -> Result<Option<String>, Error> {
    let document = Document::parse(source.path(), &source.read()?)?;
    let info = document.root().get("info");
    let version = info.and_then(|info| info.get("version")?.as_str());
    Ok(version.map(str::to_owned))
}

impl Comparison {
    fn new(base: Source, head: Source) -> Self {
        Self {
            base,
            head,
            note: None,
        }
    }
}
