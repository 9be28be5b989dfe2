//! A real browser that shows the page: headless Chromium, driven by chromedriver.
//!
//! The tests are skipped if it is not installed (`apt-get install chromium chromium-driver`). `CHROMIUM` and `CHROMEDRIVER` set
//! the paths of other binaries; if either is set, both are required.

use std::{
    env,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use jelou_sandbox::Sandbox;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// How long something may take to appear. Generous, because a slow machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// One browser at a time: several at once are slower and may run out of memory.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// How the page is displayed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
}

/// The page of a sandbox in a browser.
#[derive(Clone)]
pub(crate) struct Page {
    client: Client,
}

/// A driver process, killed at the end of the test.
struct Driver {
    process: Child,
    port: u16,
    profile: TempDir,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have exited already.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Opens the sandbox's page and runs the test in it. Without a browser, prints a note to stderr and returns `false`.
pub(crate) async fn look<F>(sandbox: &Sandbox, view: View, test: impl FnOnce(Page) -> F) -> bool
where
    F: Future<Output = ()> + Send + 'static,
{
    look_at(sandbox.address(), view, test).await
}

/// Like [`look`], for a test that stops the sandbox itself.
pub(crate) async fn look_at<F>(
    address: SocketAddr,
    view: View,
    test: impl FnOnce(Page) -> F,
) -> bool
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(driver) = find_driver() else {
        eprintln!(
            "skipped: Chromium or its driver is not installed; install both, or set CHROMIUM and CHROMEDRIVER"
        );
        return false;
    };
    let _turn = ONE_AT_A_TIME.lock().await;
    let driver = Driver::start(&driver);
    let client = driver.open(view).await;
    let page = Page {
        client: client.clone(),
    };
    client.goto(&format!("http://{address}/")).await.unwrap();
    page.see(".opblock").await;
    page.see("[data-state=open]").await;
    let outcome = tokio::spawn(test(page)).await;
    // Close it in any case, so that no browser outlives the test.
    client.close().await.unwrap();
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
    true
}

/// Starts the driver, if there is a browser too.
fn find_driver() -> Option<String> {
    let find = |variable: &str, candidates: &[&str]| {
        let named = env::var(variable).ok();
        let answers = |program: &&str| {
            let mut command = Command::new(program);
            command.arg("--version").output().is_ok()
        };
        match &named {
            Some(named) => answers(&named.as_str()).then(|| named.clone()),
            None => candidates.iter().copied().find(answers).map(str::to_owned),
        }
    };
    let chromium = find(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    );
    let driver = find("CHROMEDRIVER", &["chromedriver"]).filter(|_| chromium.is_some());
    let is_required = ["CHROMIUM", "CHROMEDRIVER"]
        .into_iter()
        .any(|variable| env::var_os(variable).is_some());
    assert!(
        driver.is_some() || !is_required,
        "CHROMIUM or CHROMEDRIVER is set, but one of the two programs does not run"
    );
    driver
}

impl Driver {
    fn start(program: &str) -> Self {
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        // Keep reading its output, so that it does not fail when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            port: port.expect("chromedriver prints its port"),
            profile: tempfile::tempdir().unwrap(),
        }
    }

    async fn open(&self, view: View) -> Client {
        let arguments = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            // Moving elements cannot be clicked.
            "--force-prefers-reduced-motion".to_owned(),
            // Nothing may be loaded from other machines.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
            format!(
                "--blink-settings=preferredColorScheme={}",
                u8::from(!view.is_dark)
            ),
            format!("--user-data-dir={}", self.profile.path().display()),
        ];
        let mut options = json!({
            "args": arguments,
            "mobileEmulation": {
                "deviceMetrics": {
                    "width": view.width, "height": 800, "pixelRatio": 1, "touch": false, "mobile": false,
                },
            },
        });
        // The driver finds the usual browsers itself, and requires a path for any other.
        if let Ok(chromium) = env::var("CHROMIUM") {
            options["binary"] = chromium.into();
        }
        let capabilities = json!({ "browserName": "chrome", "goog:chromeOptions": options });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("it is an object");
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap()
    }
}

impl Page {
    /// The first element that matches the selector, waiting until there is one.
    pub(crate) async fn see(&self, selector: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        match wait.for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => {
                let shown = self.run("return document.body.innerText").await;
                panic!("nothing matches `{selector}` ({error}) in: {shown}");
            }
        }
    }

    /// Waits until an element that matches the selector contains this text.
    pub(crate) async fn read(&self, selector: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText).join('\\n')";
        let mut shown = Value::Null;
        let started = tokio::time::Instant::now();
        while started.elapsed() < PATIENCE {
            shown = self.run_with(script, vec![json!(selector)]).await;
            if shown.as_str().is_some_and(|shown| shown.contains(text)) {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("`{selector}` does not show `{text}` but: {shown}");
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.see(selector).await;
        // The driver considers an element under the sticky bar visible.
        let script = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
        self.run_with(script, vec![json!(selector)]).await;
        element.click().await.unwrap();
    }

    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.see(selector).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Sends keys to the focused element.
    pub(crate) async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Presses Tab until an element that matches the selector has the focus.
    pub(crate) async fn tab_to(&self, selector: &str) {
        let script = "return document.activeElement.matches(arguments[0])";
        for _ in 0..100 {
            self.press(&Key::Tab.to_string()).await;
            if self.run_with(script, vec![json!(selector)]).await == json!(true) {
                return;
            }
        }
        panic!("Tab does not reach `{selector}`");
    }

    /// The return value of a script.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.run_with(script, Vec::new()).await
    }

    async fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }
}
