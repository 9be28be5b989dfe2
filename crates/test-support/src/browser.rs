//! A real browser that shows the page of a sandbox: headless Chromium, driven by chromedriver.
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
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// How long something may take to appear. Generous, because a slow machine is not a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// The arguments of Chromium: headless, and without background activity.
pub const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// One browser at a time: several at once are slower and may run out of memory.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// How the page is displayed.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// In pixels.
    pub width: u32,
    /// Whether the browser prefers the dark theme.
    pub is_dark: bool,
}

/// The page of a sandbox in a browser.
#[derive(Clone, Debug)]
pub struct Page {
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

/// Opens the page of the sandbox at this address and runs the test in it. Without a browser, prints a note to stderr and returns
/// `false`.
pub async fn look<F>(address: SocketAddr, view: View, test: impl FnOnce(Page) -> F) -> bool
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

/// Chromium, if it is installed. `CHROMIUM` names another program, which must then run.
pub fn chromium() -> Option<String> {
    find(
        "CHROMIUM",
        &["chromium", "chromium-browser", "google-chrome"],
    )
}

/// The driver, if there is a browser too.
fn find_driver() -> Option<String> {
    let driver = find("CHROMEDRIVER", &["chromedriver"]);
    let is_required = env::var_os("CHROMIUM").is_some();
    assert!(
        driver.is_some() || !is_required,
        "CHROMIUM is set, but there is no chromedriver; set CHROMEDRIVER"
    );
    let browser = chromium();
    let is_required = env::var_os("CHROMEDRIVER").is_some();
    assert!(
        browser.is_some() || !is_required,
        "CHROMEDRIVER is set, but there is no browser; set CHROMIUM"
    );
    driver.filter(|_| browser.is_some())
}

/// The program that the variable names, which must run; if it is not set, the first candidate that runs.
fn find(variable: &str, candidates: &[&str]) -> Option<String> {
    let answers = |program: &str| Command::new(program).arg("--version").output().is_ok();
    match env::var(variable) {
        Ok(named) => {
            assert!(
                answers(&named),
                "{variable} names a program that does not run"
            );
            Some(named)
        }
        Err(_) => {
            let mut candidates = candidates.iter();
            let found = candidates.find(|program| answers(program))?;
            Some((*found).to_owned())
        }
    }
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
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.extend([
            // Moving elements cannot be clicked.
            "--force-prefers-reduced-motion".to_owned(),
            // Nothing may be loaded from other machines.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
            format!(
                "--blink-settings=preferredColorScheme={}",
                u8::from(!view.is_dark)
            ),
            format!("--user-data-dir={}", self.profile.path().display()),
        ]);
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
    pub async fn see(&self, selector: &str) -> Element {
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
    pub async fn read(&self, selector: &str, text: &str) {
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

    /// Clicks the first element that matches the selector.
    pub async fn click(&self, selector: &str) {
        let element = self.see(selector).await;
        // The driver considers an element under the sticky bar visible.
        let script = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
        self.run_with(script, vec![json!(selector)]).await;
        element.click().await.unwrap();
    }

    /// Replaces the text of the first element that matches the selector.
    pub async fn write(&self, selector: &str, text: &str) {
        let element = self.see(selector).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Sends keys to the focused element.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Presses Tab until an element that matches the selector has the focus.
    pub async fn tab_to(&self, selector: &str) {
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
    pub async fn run(&self, script: &str) -> Value {
        self.run_with(script, Vec::new()).await
    }

    async fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }
}
