//! The programs of `docs/embedding.md` that sign a customer's identity: each is run as it stands there, and a relay takes what
//! it prints.

use portico_tests::relay::{Relay, SITE_KEY};
use portico_tests::socket::Socket;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = include_str!("../../docs/embedding.md");

/// The heading above the programs.
const SECTION: &str = "### Signing the token";

/// A language: how its programs are marked in the document, what runs them, and Debian's package of that.
struct Language {
    mark: &'static str,
    file: &'static str,
    run: &'static [&'static str],
    package: &'static str,
}

const LANGUAGES: [Language; 5] = [
    language("js", "recipe.mjs", &["node"], "nodejs"),
    language("python", "recipe.py", &["python3"], "python3"),
    language("php", "recipe.php", &["php"], "php-cli"),
    language("ruby", "recipe.rb", &["ruby"], "ruby"),
    language("go", "recipe.go", &["go", "run"], "golang-go"),
];

const fn language(
    mark: &'static str,
    file: &'static str,
    run: &'static [&'static str],
    package: &'static str,
) -> Language {
    Language {
        mark,
        file,
        run,
        package,
    }
}

#[tokio::test]
async fn each_recipe_for_an_identity_makes_a_token_that_the_relay_takes() {
    let relay = Relay::plain().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut customers = Vec::new();
    for language in &LANGUAGES {
        let token = language.token(folder.path());
        let visitor = relay.session(json!({ "channel": "desk", "identity": token })).await;
        let (_, welcome) = Socket::hello(&relay, &visitor.token).await;
        assert_eq!(welcome.me.name, "Zoë Lenz", "{}", language.mark);
        customers.push(visitor.customer);
    }
    customers.dedup();
    assert_eq!(customers.len(), 1, "all of them name the same customer");
}

#[test]
fn the_document_has_no_program_that_is_not_run() {
    let section = section();
    let marks: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("```").filter(|mark| !mark.is_empty()))
        .collect();
    assert_eq!(marks, LANGUAGES.map(|language| language.mark));
}

fn section() -> &'static str {
    let (_, rest) = DOCUMENT.split_once(SECTION).expect("the section of the programs");
    rest.split("\n## ").next().expect("its text")
}

impl Language {
    /// The program, as it stands in the document.
    fn program(&self) -> &'static str {
        let begin = format!("```{}\n", self.mark);
        let (_, rest) = section().split_once(&begin).expect("a program in this language");
        rest.split("```").next().expect("its lines")
    }

    /// What the program prints.
    fn token(&self, folder: &Path) -> String {
        let file = folder.join(self.file);
        std::fs::write(&file, self.program()).expect("written");
        let mut command = Command::new(self.run[0]);
        command.args(&self.run[1..]).arg(&file);
        // Go keeps what it compiles, and refuses to work without a place for that.
        command
            .env("PORTICO_KEY", SITE_KEY)
            .env("GOCACHE", folder.join("cache"))
            .env("LC_ALL", "C.UTF-8");
        let ran = command.output().unwrap_or_else(|error| {
            panic!(
                "{}: {error}: on Debian, as root: `apt-get install --yes --no-install-recommends {}`",
                self.run[0], self.package
            )
        });
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{}: {said}", self.mark);
        String::from_utf8(ran.stdout).expect("text").trim().to_owned()
    }
}
