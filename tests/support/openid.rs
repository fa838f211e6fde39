//! An OpenID provider on this machine, and a browser that signs in there.

use crate::port::Port;
use crate::relay::Relay;
use crate::{eventually, provided};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode, Url};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Proves the relay at the provider.
const SECRET: &str = "what the provider has made for the relay";

/// Redirects after which a browser gives up.
const MOST_REDIRECTS: usize = 10;

/// The provider: the package `oidc-provider`, which insists on PKCE, as a process of its own.
pub struct OpenIdProvider {
    port: Port,
    redirect: String,
    child: Option<Child>,
}

impl OpenIdProvider {
    /// A provider that runs, and a relay whose users sign in there: those of the group `support` as agents, of `leads` as supervisors.
    ///
    /// # Panics
    /// When one of them does not start.
    pub async fn with_relay() -> (Self, Relay) {
        let mut relay = Relay::plain().await;
        let mut provider = Self {
            port: Port::reserve(),
            redirect: format!("{}/api/login/oidc/callback", relay.origin()),
            child: None,
        };
        provider.start().await;
        let config = format!(
            "[oidc]\nname = \"Example\"\nissuer = \"{}\"\nclient_id = \"portico\"\nsecret = \"{SECRET}\"\nroles_claim = \"groups\"\n\
             roles = [{{ value = \"support\", role = \"agent\" }}, {{ value = \"leads\", role = \"supervisor\" }}]\nmax_tasks = 3\n",
            provider.issuer()
        );
        relay.reconfigure(&config).await;
        (provider, relay)
    }

    /// Its issuer.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.port.address())
    }

    /// Starts it, or starts it again with other keys and nothing in its memory.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(&mut self) {
        self.stop();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("openid/provider.js");
        let child = Command::new("node")
            .arg(program)
            .arg(provided("PORTICO_OPENID_PROVIDER"))
            .args([&self.port.address().port().to_string(), &self.redirect, SECRET])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.expect("node starts"));
        let address = format!("{}/.well-known/openid-configuration", self.issuer());
        let client = client();
        eventually("the provider answers", || {
            let answer = client.get(&address).send();
            async {
                answer
                    .await
                    .is_ok_and(|answer| answer.status().is_success())
                    .then_some(())
            }
        })
        .await;
    }

    /// Ends it.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Says what tokens claim of a person from the next sign-in on.
    ///
    /// # Panics
    /// When it does not run.
    pub async fn claims(&self, person: &str, claims: &Value) {
        let address = format!("{}/people/{person}", self.issuer());
        let answer = client().put(address).json(claims).send().await;
        assert_eq!(answer.expect("the provider runs").status(), StatusCode::NO_CONTENT);
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Follows redirects one by one, and keeps cookies as browsers do.
pub struct Surfer {
    client: Client,
    /// By host and port, and by name.
    pub cookies: BTreeMap<String, BTreeMap<String, String>>,
    /// Who signs in at the provider.
    person: String,
}

impl Surfer {
    /// The browser of this person.
    pub fn of(person: &str) -> Self {
        Self {
            client: client(),
            cookies: BTreeMap::new(),
            person: person.to_owned(),
        }
    }

    /// One request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn ask(&mut self, method: Method, url: &Url) -> Response {
        let jar = self.cookies.entry(url.authority().to_owned()).or_default();
        let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.client.request(method, url.clone());
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let answer = request.send().await.expect("an answer");
        for set in answer.headers().get_all(SET_COOKIE) {
            let set = set.to_str().expect("ASCII");
            let (pair, attributes) = set.split_once(';').unwrap_or((set, ""));
            let (name, value) = pair.split_once('=').expect("a name and a value");
            let is_over = value.is_empty() || attributes.contains("Max-Age=0");
            if is_over {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens an address and follows its redirects, up to one that `stop` names and that is not opened. What a person would do at
    /// the provider is done on the way.
    ///
    /// # Panics
    /// When something else than a redirect comes before that.
    pub async fn follow(&mut self, mut url: Url, stop: impl Fn(&Url) -> bool) -> Url {
        for _ in 0..MOST_REDIRECTS {
            if stop(&url) {
                return url;
            }
            if url.path().starts_with("/interaction/") {
                url.query_pairs_mut().append_pair("as", &self.person);
            }
            let answer = self.ask(Method::GET, &url).await;
            let status = answer.status();
            assert!(status.is_redirection(), "{} answers {status}", url.path());
            let location = answer.headers()[LOCATION].to_str().expect("ASCII");
            url = url.join(location).expect("an address");
        }
        panic!("{url}: redirected {MOST_REDIRECTS} times");
    }
}

fn client() -> Client {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client")
}
