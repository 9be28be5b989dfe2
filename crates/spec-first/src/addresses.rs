//! Names files from the top of the repository, as GitHub expects them in annotations and SARIF.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use spec_first_document::Source;
use spec_first_review::{Place, Review};

use crate::Project;
use crate::git::{Git, joined};
use crate::sources::STANDARD_INPUT;

/// Renames files, each of them once.
pub(crate) struct Addresses {
    folder: String,
    /// Each file and the renamed one. The file is kept so that its address, which is the key, is not used again.
    renamed: HashMap<*const Source, [Arc<Source>; 2]>,
}

impl Addresses {
    /// For files that are named from the folder of the project, or from the current one.
    pub(crate) fn new(project: &Project, are_of_project: bool) -> Self {
        let git = match are_of_project {
            true => project.git(),
            false => Git::at(Path::new(".")),
        };
        Self {
            folder: git.prefix().unwrap_or_default(),
            renamed: HashMap::new(),
        }
    }

    pub(crate) fn rename_all(&mut self, review: &mut Review) {
        let changes = review.changes.iter_mut();
        let places = changes.map(|change| [&mut change.base, &mut change.head]);
        let notes = review.notes.iter_mut();
        let places = places.chain(notes.map(|note| [&mut note.base, &mut note.head]));
        for Place { source, .. } in places.flatten().flatten() {
            self.rename(source);
        }
    }

    pub(crate) fn rename(&mut self, source: &mut Arc<Source>) {
        let name = &source.name;
        if self.folder.is_empty() || name == STANDARD_INPUT || Path::new(name).is_absolute() {
            return;
        }
        let known = self.renamed.entry(Arc::as_ptr(source));
        let [_, renamed] = known.or_insert_with(|| {
            let renamed = Source {
                name: joined(&self.folder, name),
                text: source.text.clone(),
            };
            [Arc::clone(source), Arc::new(renamed)]
        });
        *source = Arc::clone(renamed);
    }
}
