//! What the monitoring page knows: asked of the server again and again, as long
//! as the page is open and may ask.

use churn_core::access::Session;
use churn_core::monitoring::Monitoring;
use leptos::prelude::Signal;

use crate::reactive::{Memo, RwSignal};
use crate::server::Trouble;
use crate::view::monitor_tables;
use crate::{access, monitor, page, text};

/// Milliseconds between two questions to the server.
const PAUSE: i32 = 1000;

/// What the page knows; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct Watch {
    /// What the page is to the server; none until that is told.
    pub session: RwSignal<Option<Session>>,
    /// Why a key was not taken, if one was not.
    pub refused: RwSignal<String>,
    /// Counts what was told.
    pub version: RwSignal<usize>,
    /// Whether what was recorded is asked for again and again.
    follows: bool,
    /// What is wrong, if anything is.
    trouble: RwSignal<String>,
    /// Milliseconds to look back; 0 for all.
    pub range: RwSignal<String>,
    /// Name of the deployment; empty for the newest.
    pub deployment: RwSignal<String>,
    /// The newest predictions, as markup. They stay until others are asked for:
    /// nothing moves below the pointer.
    pub recent: RwSignal<String>,
    /// Why an outcome was not taken, if one was not.
    pub not_taken: RwSignal<String>,
}

/// What there is to see.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing yet: the server was asked.
    Waiting,
    /// A field for a key.
    SignIn,
    /// What the server recorded.
    Figures,
}

impl Shown {
    /// What a session lets see.
    pub fn of(session: Option<&Session>) -> Self {
        match session {
            None => Self::Waiting,
            Some(session) if session.may("read") => Self::Figures,
            Some(_) => Self::SignIn,
        }
    }
}

impl Watch {
    /// Nothing is known yet; whether what was recorded is to be asked for.
    pub fn new(follows: bool) -> Self {
        let nothing = || RwSignal::new(String::new());
        Self {
            session: RwSignal::new(None),
            refused: nothing(),
            version: RwSignal::new(0),
            follows,
            trouble: nothing(),
            range: RwSignal::new(String::from("0")),
            deployment: nothing(),
            recent: nothing(),
            not_taken: nothing(),
        }
    }

    /// A text made of what was told.
    pub fn markup(self, make: fn(&Monitoring) -> String) -> Signal<String> {
        let markup = move |_: Option<&String>| {
            self.version.track();
            monitor::with(make).unwrap_or_default()
        };
        Memo::new(markup).signal()
    }

    /// What is wrong, or what is said while nothing is.
    pub fn state(self, usual: &'static str) -> Signal<String> {
        Signal::derive(move || {
            let trouble = self.trouble.get();
            match trouble.is_empty() {
                true => usual.into(),
                false => trouble,
            }
        })
    }

    /// Asks again and again until the page is left.
    pub async fn keep(self) {
        // The signals end with the page.
        while self.look().await.is_some() {
            page::wait(PAUSE).await;
        }
    }

    /// Asks for what the page may ask for; none when the page is gone.
    async fn look(self) -> Option<()> {
        if self.shown()? != Shown::Figures {
            // The server was away, or somebody signs in in another tab.
            let told = access::tell().await;
            self.tell_trouble(told.as_ref().err())?;
            // Not what was so before somebody signed in here.
            if let Ok(session) = told
                && self.shown()? != Shown::Figures
            {
                self.take(session);
            }
        }
        match self.shown()? {
            Shown::Figures => self.refresh().await,
            _ => Some(()),
        }
    }

    /// Asks once; none when the page is gone.
    pub async fn refresh(self) -> Option<()> {
        let query = self.query()?;
        if !self.follows {
            return Some(());
        }
        let told = monitor::refresh(&query).await;
        self.shown()?;
        if told.as_ref().is_err_and(Trouble::is_locked) {
            self.lock(told.as_ref().err());
            return Some(());
        }
        self.tell_trouble(told.as_ref().err())?;
        if told == Ok(true) {
            self.version.set(self.version.get_untracked() + 1);
            if self.recent.get_untracked().is_empty() {
                self.read_recent().await;
            }
        }
        Some(())
    }

    /// Asks for another deployment or range.
    pub async fn look_anew(self) {
        drop(self.recent.try_set(String::new()));
        self.refresh().await;
    }

    /// What is asked for; none when the page is gone.
    fn query(self) -> Option<String> {
        let range = self.range.try_get_untracked()?;
        let deployment = self.deployment.try_get_untracked()?;
        let mut query = String::from("?limit=50");
        if !deployment.is_empty() {
            query += "&deployment=";
            query += &deployment;
        }
        if let Ok(back @ 1..) = range.parse::<i64>() {
            query += "&from_ms=";
            query += &(page::clock_ms() - back).max(0).to_string();
        }
        Some(query)
    }

    /// Asks for the newest predictions.
    pub async fn read_recent(self) {
        let Some(query) = self.query() else { return };
        let markup = monitor::recent(&query).await.map(|recent| {
            monitor::with(|told| monitor_tables::recent(&recent, told)).unwrap_or_default()
        });
        match markup {
            Ok(markup) => drop(self.recent.try_set(markup)),
            Err(trouble) => drop(self.tell_trouble(Some(&trouble))),
        }
    }

    /// Says what became of a customer; whether it was taken.
    pub async fn say(self, uuid: String, left: bool) -> bool {
        let taken = monitor::label(&uuid, left).await;
        let trouble = taken.as_ref().err().map(text::trouble);
        drop(self.not_taken.try_set(trouble.unwrap_or_default()));
        taken.is_ok()
    }

    /// Exchanges a key for a session. One that may not look is of no use here:
    /// its session is ended at once.
    pub async fn sign_in(self, key: String) {
        drop(self.refused.try_set(String::new()));
        let refused = match access::begin(&key).await {
            Ok(session) if session.may("read") => {
                self.take(session);
                self.refresh().await;
                return;
            }
            Ok(session) => {
                let name = session.name.unwrap_or_default();
                let ended = access::end().await.err();
                ended.map_or_else(
                    || text::cannot_read(&name),
                    |trouble| text::trouble(&trouble),
                )
            }
            Err(trouble) => text::trouble(&trouble),
        };
        drop(self.refused.try_set(refused));
    }

    /// Ends the session.
    pub async fn sign_out(self) {
        match access::end().await {
            Ok(_) => self.lock(None),
            Err(trouble) => drop(self.tell_trouble(Some(&trouble))),
        }
    }

    /// Shows no more of what was recorded, and asks for a key.
    pub fn lock(self, why: Option<&Trouble>) {
        // Not again, with another reason.
        if self.shown() != Some(Shown::Figures) {
            return;
        }
        monitor::forget();
        for told in [self.recent, self.not_taken, self.trouble] {
            told.set(String::new());
        }
        self.refused.set(why.map(text::trouble).unwrap_or_default());
        self.session.set(Some(Session::signed_out()));
    }

    fn shown(self) -> Option<Shown> {
        let session = self.session.try_get_untracked()?;
        Some(Shown::of(session.as_ref()))
    }

    /// Takes what the server says that the page is to it.
    fn take(self, session: Session) {
        let known = self.session.try_get_untracked();
        if known.is_some_and(|known| known.as_ref() != Some(&session)) {
            self.session.set(Some(session));
        }
    }

    /// Says what is wrong, or that nothing is; none when the page is gone.
    fn tell_trouble(self, trouble: Option<&Trouble>) -> Option<()> {
        let told = trouble.map(text::trouble).unwrap_or_default();
        if self.trouble.try_get_untracked()? != told {
            self.trouble.set(told);
        }
        Some(())
    }
}
