//! State files: what they keep, and which files are rejected.

use std::{error::Error, fs, path::Path};

use jelou_sandbox::{Options, Sandbox, StartError};
use redb::TableDefinition;
use secrecy::ExposeSecret;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    control::{control, get},
    http::{BODY, KEY, PATH, patch, send, start_with},
};

fn options(folder: &TempDir) -> Options {
    Options::default()
        .integration("PROJECT_ID")
        .state_file(folder.path().join("state"))
}

#[tokio::test]
async fn changes_survive_a_restart() {
    let folder = TempDir::new().unwrap();
    let seed = "integrations: {SEEDED: {id: '7', brainId: '8', createdAt: 2020-01-01T00:00:00.5Z}}";
    let sandbox = start_with(options(&folder).seed("seed.yaml", seed)).await;
    assert!(!sandbox.resumed());
    let update =
        r#"{"webhookUrl":"https://a.example","authType":"bearer","authorization":"token"}"#;
    let reply = patch(&sandbox, update).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let before = get(&sandbox, "/state").await;
    sandbox.shutdown().await;

    // The integrations in the options are now ignored.
    let other = Options::default()
        .integration("OTHER")
        .state_file(folder.path().join("state"));
    let sandbox = start_with(other).await;
    assert!(sandbox.resumed());
    let after = get(&sandbox, "/state").await;
    assert_eq!(after["integrations"], before["integrations"]);
    assert_eq!(after["total"], 2);
    let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
    let authorization = integration.authorization().map(ExposeSecret::expose_secret);
    assert_eq!(authorization, Some("token"));
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn conversations_survive_a_restart_and_a_reset_empties_them() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    let call = async |sandbox: &Sandbox, what: &str, user: &str| {
        let body = json!({"botId": "BOT_ID", "userId": user});
        let target = format!("{PATH}/conversations/{what}");
        let reply = send(sandbox, "POST", &target, &[KEY], &body.to_string()).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    };
    let sandbox = start_with(options(&folder)).await;
    call(&sandbox, "start", "A").await;
    call(&sandbox, "close", "A").await;
    let message = json!({"project": "PROJECT_ID", "bot": "BOT_ID", "user": "B", "text": "Hola"});
    let reply = control(&sandbox, "POST", "/messages", &message.to_string()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let before = get(&sandbox, "/state").await["conversations"].clone();
    assert_eq!(before["conversation-1"]["state"], "closed");
    assert_eq!(
        before["conversation-2"]["messages"][0]["content"]["body"],
        "Hola"
    );
    sandbox.shutdown().await;

    let sandbox = start_with(options(&folder)).await;
    assert_eq!(get(&sandbox, "/state").await["conversations"], before);
    call(&sandbox, "start", "A").await;
    call(&sandbox, "close", "B").await;
    sandbox.shutdown().await;

    let sandbox = start_with(options(&folder)).await;
    let after = get(&sandbox, "/state").await["conversations"].clone();
    assert_eq!(after["conversation-2"]["state"], "closed");
    assert_eq!(after["conversation-3"]["roomId"], "G:BOT_ID:A");
    assert_eq!(control(&sandbox, "POST", "/reset", "").await.status, 204);
    sandbox.shutdown().await;
    let sandbox = start_with(options(&folder)).await;
    assert_eq!(get(&sandbox, "/state").await["conversations"], json!(null));
    call(&sandbox, "start", "A").await;
    sandbox.shutdown().await;

    let broken = redb::Database::open(&path).unwrap();
    let transaction = broken.begin_write().unwrap();
    let definition = TableDefinition::<&str, &[u8]>::new("conversations");
    let mut table = transaction.open_table(definition).unwrap();
    table.insert("conversation-1", &b"{}"[..]).unwrap();
    drop(table);
    transaction.commit().unwrap();
    drop(broken);
    assert_eq!(refused(&path).await, "is damaged");
}

/// The integrations of a file from before conversations were kept, which has no table for them.
#[tokio::test]
async fn a_file_of_an_earlier_version_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    let sandbox = start_with(options(&folder)).await;
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
    sandbox.shutdown().await;
    let database = redb::Database::open(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    let definition = TableDefinition::<&str, &[u8]>::new("conversations");
    assert!(transaction.delete_table(definition).unwrap());
    transaction.commit().unwrap();
    drop(database);

    let sandbox = start_with(options(&folder)).await;
    let state = get(&sandbox, "/state").await;
    assert!(state["integrations"]["PROJECT_ID"].is_object(), "{state}");
    assert_eq!(state["conversations"], json!(null));
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}

#[tokio::test]
async fn a_project_without_integration_is_not_found_in_a_file_either() {
    let folder = TempDir::new().unwrap();
    let sandbox = start_with(Options::default().state_file(folder.path().join("state"))).await;
    assert_eq!(patch(&sandbox, BODY).await.status, 404);
    assert!(sandbox.integration("PROJECT_ID").await.unwrap().is_none());
}

#[tokio::test]
async fn every_project_has_an_integration_in_a_file_with_that_option() {
    let folder = TempDir::new().unwrap();
    let every = || {
        Options::default()
            .every_project()
            .state_file(folder.path().join("state"))
    };
    let sandbox = start_with(every()).await;
    assert!(sandbox.integration("ANY").await.unwrap().is_some());
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
    sandbox.shutdown().await;
    let state = get(&start_with(every()).await, "/state").await;
    assert_eq!(state["total"], 1);
}

#[tokio::test]
async fn a_file_is_paginated_replaced_and_reset_like_memory() {
    let folder = TempDir::new().unwrap();
    let sandbox = start_with(options(&folder)).await;
    let seed = json!({"integrations": {"a/ñ": {}, "b": {}, "c": {}}});
    let reply = control(&sandbox, "PUT", "/state?limit=2", &seed.to_string()).await;
    assert_eq!(reply.json()["next"], "b");
    assert_eq!(reply.json()["total"], 3);
    assert!(reply.json()["integrations"]["a/ñ"].is_object());
    let rest = get(&sandbox, "/state?limit=2&after=b").await;
    assert_eq!(rest["next"], json!(null));
    let projects: Vec<_> = rest["integrations"].as_object().unwrap().keys().collect();
    assert_eq!(projects, ["c"]);
    let behind = get(&sandbox, "/state?after=bb").await;
    assert_eq!(behind["integrations"], rest["integrations"]);
    assert_eq!(control(&sandbox, "POST", "/reset", "").await.status, 204);
    sandbox.shutdown().await;
    let state = get(&start_with(options(&folder)).await, "/state").await;
    let projects: Vec<_> = state["integrations"].as_object().unwrap().keys().collect();
    assert_eq!(projects, ["PROJECT_ID"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_updates_are_all_stored() {
    let folder = TempDir::new().unwrap();
    let sandbox = std::sync::Arc::new(start_with(options(&folder).every_project()).await);
    let updates: Vec<_> = (0..50)
        .map(|number| {
            let sandbox = std::sync::Arc::clone(&sandbox);
            tokio::spawn(async move {
                let target = format!("/jelouapi/v1/external-support/P{number}");
                let body = json!({ "webhookUrl": format!("https://a.example/{number}") });
                send(&sandbox, "PATCH", &target, &[KEY], &body.to_string()).await
            })
        })
        .collect();
    for update in updates {
        assert_eq!(update.await.unwrap().status, 200);
    }
    std::sync::Arc::into_inner(sandbox)
        .unwrap()
        .shutdown()
        .await;
    let sandbox = start_with(options(&folder)).await;
    for number in 0..50 {
        let integration = sandbox.integration(&format!("P{number}")).await.unwrap();
        let expected = format!("https://a.example/{number}");
        assert_eq!(integration.unwrap().webhook_url(), expected);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let _sandbox = start_with(options(&folder)).await;
    let metadata = fs::metadata(folder.path().join("state")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// The error for the file, and the kind of its cause.
async fn refused(path: &Path) -> String {
    let error = Sandbox::start(Options::default().state_file(path)).await;
    let error = error.unwrap_err();
    let StartError::State(refused) = &error else {
        panic!("{error:?}");
    };
    let name = format!("the state file `{}` ", path.display());
    let shown = error.to_string();
    let problem = shown
        .strip_prefix(&name)
        .unwrap_or_else(|| panic!("{shown}"));
    assert!(!refused.help.is_empty());
    match error.source() {
        Some(source) => format!("{problem}: {source}"),
        None => problem.to_owned(),
    }
}

/// A `redb` database with these entries in its table `about`.
fn database(path: &Path, about: &[(&str, &str)]) {
    let database = redb::Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    let definition = TableDefinition::<&str, &str>::new("about");
    let mut table = transaction.open_table(definition).unwrap();
    for (name, value) in about {
        table.insert(name, value).unwrap();
    }
    drop(table);
    transaction.commit().unwrap();
}

#[tokio::test]
async fn a_file_in_use_is_rejected_until_the_other_sandbox_stops() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    let sandbox = start_with(options(&folder)).await;
    assert_eq!(refused(&path).await, "is in use by another process");
    sandbox.shutdown().await;
    start_with(options(&folder)).await;
}

#[tokio::test]
async fn a_read_only_file_is_rejected() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    start_with(options(&folder)).await.shutdown().await;
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    assert_eq!(refused(&path).await, "cannot be written");
}

#[tokio::test]
async fn a_file_of_another_program_is_rejected_and_left_unchanged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    for text in ["", "integrations: {}\n", &"long ".repeat(100_000)] {
        fs::write(&path, text).unwrap();
        assert_eq!(refused(&path).await, "is not a state file of the sandbox");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(
        refused(folder.path()).await,
        "is not a state file of the sandbox"
    );
    let path = folder.path().join("other");
    redb::Database::create(&path).unwrap();
    assert_eq!(refused(&path).await, "is not a state file of the sandbox");
    let path = folder.path().join("another");
    database(&path, &[("program", "other"), ("format", "1")]);
    assert_eq!(refused(&path).await, "is not a state file of the sandbox");
}

#[tokio::test]
async fn a_file_of_another_version_is_rejected() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    database(&path, &[("program", "jelou-sandbox"), ("format", "2")]);
    let expected = "has format 2, but this version reads format 1";
    assert_eq!(refused(&path).await, expected);
}

#[tokio::test]
async fn a_file_that_cannot_be_created_is_an_error_with_its_cause() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("missing").join("state");
    let refused = refused(&path).await;
    assert!(refused.starts_with("cannot be opened: "), "{refused}");
    assert!(!folder.path().join("missing").exists());
}

#[tokio::test]
async fn a_truncated_file_is_damaged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    start_with(options(&folder)).await.shutdown().await;
    let whole = fs::read(&path).unwrap();
    for length in [100, 320, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(refused(&path).await, "is damaged", "{length}");
    }
}

#[tokio::test]
async fn a_corrupt_entry_fails_the_request_and_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state");
    start_with(options(&folder)).await.shutdown().await;
    let broken = redb::Database::open(&path).unwrap();
    let transaction = broken.begin_write().unwrap();
    let definition = TableDefinition::<&str, &[u8]>::new("integrations");
    let mut table = transaction.open_table(definition).unwrap();
    table
        .insert("PROJECT_ID", &br#"{"authorization":"CANARY"}"#[..])
        .unwrap();
    drop(table);
    transaction.commit().unwrap();
    drop(broken);

    let sandbox = start_with(options(&folder)).await;
    let reply = patch(&sandbox, BODY).await;
    assert_eq!(reply.status, 500);
    let message = reply.json()["message"][0].as_str().unwrap().to_owned();
    assert!(message.contains("the entry of `PROJECT_ID`"), "{message}");
    assert!(!message.contains("CANARY"), "{message}");
    let reply = control(&sandbox, "GET", "/state", "").await;
    assert_eq!(reply.status, 500, "{reply:?}");
    assert!(sandbox.reset().await.is_err());
}
