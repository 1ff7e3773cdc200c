//! The page under test: what a visitor does with it and sees of it.

use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions, MouseActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::complaint::{Complaint, DebuggingCommand};
use super::host::Host;
use super::site::Site;
use super::truth::Truth;

/// Longest wait for something to show.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(30);

/// The explorer or a failure is shown instead of the loading screen.
const LOADED: &str = "!document.getElementById('status') \
    && !!document.querySelector('tr[data-place], .customer, .model-page, \
        .compare, .data-page, .message:not([hidden], [aria-busy])')";

/// A page in a browser.
pub struct Page {
    client: Client,
    address: String,
    host: Mutex<Host>,
    /// The folder it is served from.
    pub site: Site,
}

impl Page {
    /// The page of a host.
    pub fn new(client: Client, host: Host, site: Site) -> Self {
        Self {
            client,
            address: host.address.clone(),
            host: Mutex::new(host),
            site,
        }
    }

    /// Where the page is served.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Who serves it.
    pub fn host(&self) -> MutexGuard<'_, Host> {
        self.host.lock().expect("the host")
    }

    /// What the page must show.
    pub fn truth(&self) -> Truth {
        Truth::read(self.site.built_folder())
    }

    /// Loads the page anew with a fragment and waits until it is shown.
    pub async fn open(&self, fragment: &str) {
        self.visit(&format!("{}{fragment}", self.address)).await;
    }

    /// Loads an address anew and waits until the page is shown.
    pub async fn visit(&self, address: &str) {
        // Another fragment alone would not load the page.
        self.client.goto("about:blank").await.expect("a blank page");
        self.client.goto(address).await.expect("the page");
        self.until("the page is shown", LOADED).await;
    }

    /// Changes the fragment of the page that is open.
    pub async fn go_to_fragment(&self, fragment: &str) {
        let address = format!("{}{fragment}", self.address);
        self.client.goto(&address).await.expect("the page");
    }

    /// The address that the browser shows.
    pub async fn location(&self) -> String {
        self.read("location.href").await
    }

    /// Goes back in the browser's history.
    pub async fn back(&self) {
        self.client.back().await.expect("a way back");
    }

    /// The value of a JavaScript expression.
    pub async fn read<T: DeserializeOwned>(&self, expression: &str) -> T {
        self.read_with(expression, vec![]).await
    }

    /// The value of a JavaScript expression over `arguments`.
    pub async fn read_with<T: DeserializeOwned>(&self, expression: &str, with: Vec<Value>) -> T {
        self.run(&format!("return {expression}"), with).await
    }

    /// What a JavaScript function gives, by its body, once it is settled. What it
    /// looks at may not be there yet: it is asked again until it gives what it should.
    pub async fn run<T: DeserializeOwned>(&self, body: &str, with: Vec<Value>) -> T {
        let start = Instant::now();
        loop {
            let problem = match self.client.execute(body, with.clone()).await {
                Ok(value) => match serde_json::from_value(value.clone()) {
                    Ok(value) => return value,
                    Err(error) => format!("gives {value}: {error}"),
                },
                Err(error) => error.to_string(),
            };
            let shown = &body[..body.len().min(300)];
            assert!(start.elapsed() < PATIENCE, "{shown}: {problem}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until a JavaScript expression is true.
    pub async fn until(&self, what: &str, expression: &str) {
        comes_to(what, true, async || self.read::<bool>(expression).await).await;
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        self.wait_for(Locator::Css(css)).await
    }

    /// Waits for an element, by XPath.
    pub async fn find_by_path(&self, path: &str) -> Element {
        self.wait_for(Locator::XPath(path)).await
    }

    async fn wait_for(&self, locator: Locator<'_>) -> Element {
        let wait = self.client.wait().at_most(PATIENCE).every(PAUSE);
        let found = wait.for_element(locator).await;
        found.unwrap_or_else(|error| panic!("{locator:?} is not on the page: {error}"))
    }

    /// Clicks a button, link or label with this text.
    pub async fn click_text(&self, text: &str) {
        let path =
            format!("//*[self::button or self::a or self::label][normalize-space()='{text}']");
        let found = self.find_by_path(&path).await;
        found
            .click()
            .await
            .unwrap_or_else(|error| panic!("“{text}” takes no click: {error}"));
    }

    /// The text of an element, as it is shown.
    pub async fn text(&self, css: &str) -> String {
        // The page may put another element in its place meanwhile.
        for _ in 0..10 {
            if let Ok(text) = self.find(css).await.text().await {
                return text;
            }
        }
        self.find(css).await.text().await.expect("a text")
    }

    /// Waits until an element has a text.
    pub async fn shows(&self, css: &str, text: &str) {
        comes_to(&format!("the text of {css}"), text.to_owned(), async || {
            self.text(css).await
        })
        .await;
    }

    /// Presses a key on whatever has the focus.
    pub async fn press(&self, key: impl Into<char>) {
        let value = key.into();
        let keys = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(keys).await.expect("a key");
    }

    /// Presses a key while another one is held.
    pub async fn press_with(&self, held: Key, key: impl Into<char>) {
        let (held, value) = (held.into(), key.into());
        let keys = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        self.client.perform_actions(keys).await.expect("keys");
    }

    /// What has the focus: the start of its tag.
    pub async fn focus(&self) -> String {
        self.read("document.activeElement.outerHTML.split('>')[0]")
            .await
    }

    /// Moves and presses the mouse.
    pub async fn act(&self, actions: MouseActions) {
        self.client.perform_actions(actions).await.expect("a mouse");
    }

    /// Moves the focus on by the keyboard until it is on an element that
    /// matches; gives what was passed.
    pub async fn tab_to(&self, css: &str) -> Vec<String> {
        /// More stops than any page has.
        const STOPS: usize = 150;
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            self.press(Key::Tab).await;
            passed.push(self.focus().await);
            let matches = "document.activeElement.matches(arguments[0])";
            if self.read_with(matches, vec![json!(css)]).await {
                return passed;
            }
        }
        panic!("the keyboard does not reach {css}; it passes {passed:#?}");
    }

    /// Gives the page another size, or another system theme.
    pub async fn emulate(&self, name: &'static str, parameters: Value) {
        self.ask(name, parameters).await;
    }

    /// Pages of paper that the page takes, printed as a visitor would.
    pub async fn printed_pages(&self) -> u32 {
        let paper = json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": false});
        let printed = self.ask("Page.printToPDF", paper).await;
        let pages = r"(atob(arguments[0]).match(/\/Type\s*\/Page\b/g) ?? []).length";
        self.read_with(pages, vec![printed["data"].clone()]).await
    }

    /// What the browser answers to a command of its debugging protocol.
    pub async fn ask(&self, name: &'static str, parameters: Value) -> Value {
        let command = DebuggingCommand { name, parameters };
        let answer = self.client.issue_cmd(command).await;
        answer.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Takes the errors that the browser wrote into its console.
    pub async fn complaints(&self) -> Vec<Complaint> {
        Complaint::take(&self.client).await
    }

    /// Prints what is shown, for a test that failed.
    pub async fn print(&self) {
        const SHOWN: &str = "return location.href + '\\n' + document.body.innerText.slice(0, 300)";
        match self.client.execute(SHOWN, vec![]).await {
            Ok(shown) => println!("the page: {}", shown.as_str().unwrap_or_default()),
            Err(error) => println!("the page cannot be read: {error}"),
        }
    }
}

/// Waits until something has an expected value.
pub async fn comes_to<T: PartialEq + Debug>(what: &str, expected: T, read: impl AsyncFn() -> T) {
    let start = Instant::now();
    loop {
        let found = read().await;
        if found == expected {
            return;
        }
        assert!(
            start.elapsed() < PATIENCE,
            "{what}: expected {expected:?}, found {found:?}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}
