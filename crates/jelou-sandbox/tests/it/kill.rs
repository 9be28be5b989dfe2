//! A process that is killed at any moment loses no update or conversation that it confirmed, and stores none partially.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use jelou_sandbox::{Integration, Options};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

use crate::{control::get, http::start_with};

/// Tells the child process which file to use.
const FILE: &str = "JELOU_SANDBOX_TEST_STATE_FILE";

/// How many processes are killed; increase it for a longer search.
const KILLS: &str = "JELOU_SANDBOX_TEST_KILLS";

const AUTH_TYPES: [&str; 4] = ["bearer", "api_key", "basic", "no_auth"];

/// How many clients send updates concurrently, each for its own project.
const CLIENTS: usize = 4;

fn options(file: &Path) -> Options {
    Options::default().every_project().state_file(file)
}

#[tokio::test]
#[ignore = "the child process that the tests in this file kill"]
async fn serves_until_it_is_killed() {
    let Some(file) = env::var_os(FILE) else {
        return;
    };
    let sandbox = start_with(options(Path::new(&file))).await;
    println!("\nlistens on {}", sandbox.address());
    std::future::pending().await
}

/// The child process; killed on drop.
struct Process(Child);

impl Process {
    fn start(file: &Path) -> Self {
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "kill::serves_until_it_is_killed"])
            .args(["--ignored", "--nocapture"])
            .env(FILE, file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// Waits until it is listening.
    fn address(&mut self) -> SocketAddr {
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listens on ")?.parse().ok());
        address.expect("the process ended before it served")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // `SIGKILL` on Unix. Killing a process that exited on its own fails, which the test notices elsewhere.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// The numbers of the updates to a project.
#[derive(Default)]
struct Updates {
    sent: AtomicU64,
    answered: AtomicU64,
    /// The last user with whom a conversation was started; one for each update.
    user: AtomicU64,
}

/// Sends updates until the process is gone.
async fn update_until_killed(address: SocketAddr, client: usize, updates: Arc<Updates>) {
    loop {
        let number = updates.sent.fetch_add(1, Ordering::SeqCst) + 1;
        if update(address, client, number).await != Some(200) {
            return;
        }
        updates.answered.store(number, Ordering::SeqCst);
        if start_conversation(address, client, number).await != Some(200) {
            return;
        }
        updates.user.store(number, Ordering::SeqCst);
    }
}

async fn start_conversation(address: SocketAddr, client: usize, user: u64) -> Option<u16> {
    let body = json!({"botId": "BOT_ID", "userId": user.to_string()});
    send(address, "POST", client, "/conversations/start", &body).await
}

async fn update(address: SocketAddr, client: usize, number: u64) -> Option<u16> {
    let body = json!({
        "webhookUrl": format!("https://a.example/{number}"),
        "authType": auth_type(number),
        "authorization": format!("token {number}"),
    });
    send(address, "PATCH", client, "", &body).await
}

async fn send(
    address: SocketAddr,
    method: &str,
    client: usize,
    path: &str,
    body: &Value,
) -> Option<u16> {
    let body = body.to_string();
    let request = format!(
        "{method} /jelouapi/v1/external-support/P{client}{path} HTTP/1.1\r\nHost: localhost\r\nx-api-key: key\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.ok()?;
    reply.split(' ').nth(1)?.parse().ok()
}

fn auth_type(number: u64) -> &'static str {
    AUTH_TYPES[usize::try_from(number).unwrap() % AUTH_TYPES.len()]
}

/// The number of the last update that was applied to the integration; 0 if none was.
fn whole_update(integration: &Integration) -> u64 {
    let number = integration.webhook_url().strip_prefix("https://a.example/");
    let Some(number) = number.map(|number| number.parse().unwrap()) else {
        assert_eq!(integration.auth_type(), "no_auth");
        assert!(integration.authorization().is_none());
        return 0;
    };
    assert_eq!(integration.auth_type(), auth_type(number));
    let authorization = integration.authorization().map(ExposeSecret::expose_secret);
    assert_eq!(authorization, Some(format!("token {number}").as_str()));
    number
}

async fn check(file: &Path, updates: &[Arc<Updates>]) {
    let sandbox = start_with(options(file)).await;
    let state = get(&sandbox, "/state").await;
    let conversations = state["conversations"].as_object().cloned();
    let conversations = conversations.unwrap_or_default();
    for (client, updates) in updates.iter().enumerate() {
        let integration = sandbox.integration(&format!("P{client}")).await.unwrap();
        let number = whole_update(&integration.unwrap());
        let answered = updates.answered.load(Ordering::SeqCst);
        let sent = updates.sent.load(Ordering::SeqCst);
        assert!(
            (answered..=sent).contains(&number),
            "P{client} has update {number}; {answered} was answered, {sent} was sent"
        );
        let user = updates.user.load(Ordering::SeqCst);
        let room = format!("G:BOT_ID:{user}");
        let is_kept = |it: &Value| it["roomId"] == room && it["state"] == "active";
        assert!(
            user == 0 || conversations.values().any(is_kept),
            "P{client} has no conversation with {user}: {conversations:?}"
        );
    }
    sandbox.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_confirmed_update_survives_a_kill() {
    let kills = env::var(KILLS).map_or(10, |kills| kills.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state");
    let updates: Vec<Arc<Updates>> = (0..CLIENTS).map(|_| Arc::default()).collect();
    for _ in 0..kills {
        let mut process = Process::start(&file);
        let address = tokio::task::block_in_place(|| process.address());
        let clients: Vec<JoinHandle<()>> = (0..CLIENTS)
            .map(|client| {
                let updates = Arc::clone(&updates[client]);
                tokio::spawn(update_until_killed(address, client, updates))
            })
            .collect();
        let answered = || -> u64 {
            let answered = updates
                .iter()
                .map(|updates| updates.answered.load(Ordering::SeqCst));
            answered.sum()
        };
        let enough = answered() + fastrand::u64(0..100);
        // On a separate thread, so that nothing comes between the response and the kill.
        tokio::task::block_in_place(|| {
            while answered() < enough {
                let gone = clients.iter().all(JoinHandle::is_finished);
                assert!(!gone, "it no longer responds");
                std::thread::yield_now();
            }
            for _ in 0..fastrand::u32(0..5000) {
                std::hint::spin_loop();
            }
            drop(process);
        });
        for client in clients {
            client.await.unwrap();
        }
        check(&file, &updates).await;
    }
    assert!(
        updates
            .iter()
            .any(|updates| updates.answered.load(Ordering::SeqCst) > 0)
    );
}

#[tokio::test]
async fn a_kill_while_the_file_is_created_leaves_no_file_or_a_complete_one() {
    for _ in 0..5 {
        let folder = TempDir::new().unwrap();
        let process = Process::start(&folder.path().join("state"));
        while fs::read_dir(folder.path()).unwrap().next().is_none() {
            std::thread::yield_now();
        }
        for _ in 0..fastrand::u32(0..200_000) {
            std::hint::spin_loop();
        }
        drop(process);
        let untouched = [Arc::default()];
        check(&folder.path().join("state"), &untouched).await;
    }
}
