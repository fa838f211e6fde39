//! Problems, and the words in which an operator is told of them.

use crate::config::from_toml;

/// Problems of the demo with these lines replaced.
fn demo_with(replaced: &str, by: &str) -> String {
    let demo = include_str!("../../../config.demo.toml");
    assert!(demo.contains(replaced), "the demo has no {replaced}");
    from_toml(&demo.replacen(replaced, by, 1)).expect_err(by).to_string()
}

#[test]
fn a_wrong_origin_is_named_with_its_place() {
    assert_eq!(
        demo_with("\"http://127.0.0.1:8081\"", "\"http://x/\""),
        "channels.demo.origins[0]: \"http://x/\": an origin is scheme, host and port, without a path"
    );
    assert_eq!(
        demo_with("\"http://localhost:8081\"", "\"*\""),
        "channels.demo.origins[1]: \"*\": an origin begins with http:// or https://"
    );
}

#[test]
fn a_name_that_leads_nowhere_is_named() {
    assert_eq!(
        demo_with("queue = \"support\"", "queue = \"sales\""),
        "channels.demo.queue: \"sales\": no such queue under queues"
    );
    assert_eq!(
        demo_with("bot = \"demo-bot\"", "bot = \"other\""),
        "channels.demo.bot: \"other\": no such bot under bots"
    );
}

#[test]
fn every_problem_is_found_at_once() {
    let text =
        from_toml("server.public_url = \"https://chat.example/\"\nserver.drain_seconds = 0\nlimits.frames_burst = 0")
            .expect_err("three problems")
            .to_string();
    assert_eq!(
        text.lines()
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect::<Vec<_>>(),
        ["server.public_url", "server.drain_seconds", "limits.frames_burst"]
    );
}

#[test]
fn a_relay_that_listens_everywhere_has_a_name() {
    let error = from_toml("server.listen = \"0.0.0.0:8080\"")
        .expect_err("no name")
        .to_string();
    assert!(
        error.starts_with("server.public_url: \"\": browsers cannot ask for 0.0.0.0:8080"),
        "{error}"
    );
    let named = "server.listen = \"[::]:8080\"\nserver.public_url = \"https://chat.example\"";
    assert!(from_toml(named).is_ok());
}

#[test]
fn a_key_that_cannot_verify_is_refused_without_showing_it() {
    let key = |algorithm: &str, key: &str| {
        let text = format!(
            "{}\n[[channels.demo.keys]]\nkid = \"k1\"\nalgorithm = \"{algorithm}\"\nkey = \"{key}\"\nissuer = \"shop\"\naudience = \"portico\"\n",
            include_str!("../../../config.demo.toml")
        );
        from_toml(&text).expect_err(algorithm).to_string()
    };
    assert_eq!(
        key("HS256", "tooshort"),
        "channels.demo.keys[0].key: a shared secret has at least 32 bytes"
    );
    assert_eq!(
        key("EdDSA", "no pem"),
        "channels.demo.keys[0].key: not a public key in PEM for EdDSA"
    );
    assert_eq!(
        key("ES256", "no pem"),
        "channels.demo.keys[0].key: not a public key in PEM for ES256"
    );
    assert_eq!(
        key("none", "x"),
        "channels.demo.keys[0].algorithm: \"none\": expected one of HS256, EdDSA, ES256"
    );
}

#[test]
fn a_call_has_a_bounded_time() {
    let with = |seconds: u64| {
        from_toml(&format!(
            "[bots.b]\nname = \"B\"\nwebhook = \"http://127.0.0.1:1/\"\nsecret = \"sixteen bytes or more\"\ntimeout_seconds = {seconds}"
        ))
    };
    assert!(with(60).is_ok());
    for seconds in [0, 61] {
        let error = with(seconds).expect_err("out of bounds").to_string();
        assert!(error.starts_with("bots.b.timeout_seconds: "), "{error}");
    }
}

#[test]
fn a_webhook_has_a_secret() {
    let text = from_toml("[bots.b]\nname = \"B\"\nwebhook = \"http://127.0.0.1:1/\"").expect_err("no secret");
    assert!(
        text.to_string().starts_with("bots.b.secret: a webhook needs a secret"),
        "{text}"
    );
}

#[test]
fn a_webhook_is_called_in_secret_or_on_this_machine() {
    let with = |webhook: &str| {
        from_toml(&format!(
            "[bots.b]\nname = \"B\"\nwebhook = \"{webhook}\"\nsecret = \"sixteen bytes or more\""
        ))
    };
    for good in [
        "https://bot.example/x",
        "http://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://localhost:1/",
    ] {
        assert!(with(good).is_ok(), "{good}");
    }
    for bad in [
        "http://bot.example/",
        "http://10.0.0.1/",
        "http://localhost.example/",
        "ftp://localhost/",
    ] {
        let error = with(bad).expect_err(bad).to_string();
        assert!(error.starts_with("bots.b.webhook: "), "{error}");
    }
}

#[test]
fn a_relay_is_called_by_https_or_on_this_machine() {
    let with = |url: &str| from_toml(&format!("server.public_url = \"{url}\""));
    for good in [
        "",
        "https://chat.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost:8080",
    ] {
        assert!(with(good).is_ok(), "{good}");
    }
    for bad in ["http://chat.example", "http://192.168.1.5:8080"] {
        let error = with(bad).expect_err(bad).to_string();
        assert!(
            error.starts_with("server.public_url: ") && error.contains("in clear"),
            "{error}"
        );
    }
}

#[test]
fn two_users_have_two_names() {
    let user = "[[users]]\nusername = \"ann\"\npassword = \"long enough\"\nfirst_name = \"Ann\"\nroles = [\"agent\"]\n";
    let error = from_toml(&format!("{user}{user}")).expect_err("one name for two");
    assert_eq!(
        error.to_string(),
        "users[1].username: \"ann\": another user before has this name"
    );
}

#[test]
fn a_role_has_permissions_that_users_may_have() {
    let of = |text: &str| from_toml(text).err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(of("[roles.trainee]\npermissions = [\"conversations:read\"]"), "");
    for (wrong, key) in [
        (
            "permissions = [\"conversations:start\"]",
            "roles.trainee.permissions[0]",
        ),
        (
            "permissions = [\"files:read\", \"conversations:reed\"]",
            "roles.trainee.permissions[1]",
        ),
        ("", "roles.trainee.permissions"),
    ] {
        let told = of(&format!("[roles.trainee]\n{wrong}"));
        assert!(told.contains(key), "{wrong}: {told}");
    }
    let user =
        "[[users]]\nusername = \"ann\"\npassword = \"long enough\"\nfirst_name = \"Ann\"\nroles = [\"trainee\"]\n";
    assert!(of(user).contains("users[0].roles[0]"), "{}", of(user));
    assert_eq!(of(&format!("{user}[roles.trainee]\npermissions = []")), "");
}

#[test]
fn a_name_is_one_line() {
    let error = |text: &str| from_toml(text).expect_err(text).to_string();
    assert_eq!(
        error("[queues.support]\nname = \"a\\nb\""),
        "queues.support.name: \"a\\nb\": a name is one line of at most 100 characters"
    );
    for key in ["name", "widget.title"] {
        let text = error(&format!("[channels.shop]\norigins = []\n{key} = \"\\u001b[2J\""));
        assert!(text.starts_with(&format!("channels.shop.{key}: ")), "{text}");
    }
    assert!(error("[bots.b]\nname = \"\"").starts_with("bots.b.name: "));
    let user = "[[users]]\nusername = \"ann\"\npassword = \"long enough\"\nroles = [\"agent\"]\n";
    let text = error(&format!(
        "{user}first_name = \"{}\"\nlast_name = \"\\r\"",
        "x".repeat(101)
    ));
    assert!(
        text.contains("users[0].first_name: ") && text.contains("users[0].last_name: "),
        "{text}"
    );
}

#[test]
fn proxies_are_addresses_and_networks_and_not_everybody() {
    let with = |proxy: &str| from_toml(&format!("server.trusted_proxies = [\"{proxy}\"]"));
    for good in ["10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"] {
        assert!(with(good).is_ok(), "{good}");
    }
    let told = |proxy: &str| with(proxy).expect_err(proxy).to_string();
    assert_eq!(
        told("10.0.0.0/33"),
        "server.trusted_proxies[0]: \"10.0.0.0/33\": expected an address or a network, as in 10.0.0.0/8"
    );
    assert!(told("proxy.example").starts_with("server.trusted_proxies[0]: "));
    assert!(told("0.0.0.0/0").contains("every client would be believed"));
}

#[test]
fn a_wrapup_that_agents_cannot_read_is_named() {
    let wrong = "wrapups = [{ category = \"\\u200B\", values = [\"\", \"\\u200B\", \"a\\nb\", \"Solved\"] }]";
    let told = from_toml(wrong).expect_err(wrong).to_string();
    let keys: Vec<_> = told.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        keys,
        [
            "wrapups[0].category",
            "wrapups[0].values[0]",
            "wrapups[0].values[1]",
            "wrapups[0].values[2]"
        ]
    );
}

#[test]
fn each_wrong_value_of_hours_is_named() {
    let hours =
        |text: &str| format!("[channels.shop]\norigins = [\"https://shop.example\"]\n[channels.shop.hours]\n{text}");
    let found = |text: &str| match from_toml(&hours(text)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found("time_zone = \"Europe/Berlin\"\nmonday = [\"09:00-17:00\"]"), "");
    let wrong = found(
        "time_zone = \"Mars/Olympus\"\nmonday = [\"09:00-17:00\", \"9am-5pm\"]\n\
         holidays = [{ date = \"25.12.2026\" }, { date = \"2026-12-24\", open = [\"12:00-12:00\"] }]",
    );
    for named in [
        "channels.shop.hours.time_zone: \"Mars/Olympus\": no such time zone",
        "channels.shop.hours.monday[1]: \"9am-5pm\": hours are written as in 09:00-17:30",
        "channels.shop.hours.holidays[0].date: \"25.12.2026\": a date is written as in 2026-12-25",
        "channels.shop.hours.holidays[1].open[0]: \"12:00-12:00\": it ends when it begins",
    ] {
        assert!(wrong.contains(named), "{named}: {wrong}");
    }
    assert_eq!(wrong.lines().count(), 4, "{wrong}");
    assert!(found("monday = [\"09:00-17:00\"]").contains("hours.time_zone: is missing"));
    assert!(found("time_zone = \"Europe/Berlin\"\nmontag = []").contains("hours.montag: no such key"));
}

#[test]
fn a_voice_note_has_a_longest_length() {
    let demo = include_str!("../../../config.demo.toml");
    let with = |more: &str| from_toml(&format!("{demo}\n{more}"));
    let seconds = |more: &str| with(more).expect(more).channels["demo"].voice_seconds();
    assert_eq!(seconds(""), 120, "as in the example");
    assert_eq!(seconds("[channels.demo.composer]\nvoice_seconds = 600"), 600);
    assert_eq!(
        seconds("[channels.demo.files]\nmax_bytes = 170_000"),
        10,
        "as many as fit into a file"
    );
    assert_eq!(seconds("[channels.demo.files]\nmax_bytes = 0"), 0);
    assert_eq!(
        seconds("[channels.demo.files]\ntypes = [\"audio/mpeg\"]"),
        0,
        "no browser records that"
    );
    let error = with("[channels.demo.composer]\nvoice_seconds = 601").expect_err("too long");
    assert_eq!(
        error.to_string(),
        "channels.demo.composer.voice_seconds: \"601\": no voice note is longer than 600 seconds"
    );
}

#[test]
fn a_label_that_could_not_be_named_or_shown_is_told() {
    let wrong = "labels = [
        { id = \"VIP\", name = \"\\u200B\", color = \"red\" },
        { id = \"vip\", name = \"VIP\", color = \"#B45309\" },
        { id = \"vip\", name = \"The same\", color = \"#b45309\" },
    ]";
    let told = from_toml(wrong).expect_err(wrong).to_string();
    let keys: Vec<_> = told.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        keys,
        ["labels[0].id", "labels[0].name", "labels[0].color", "labels[2].id"]
    );
}

#[test]
fn an_attribute_that_could_not_be_noted_or_shown_is_told() {
    let wrong = "attributes = [
        { key = \"Tea\", label = \"\", type = \"password\" },
        { key = \"plan\", label = \"Plan\", type = \"dropdown\" },
        { key = \"plan\", label = \"Plan\", type = \"date\", options = [\"gold\"] },
    ]";
    let told = from_toml(wrong).expect_err(wrong).to_string();
    let keys: Vec<_> = told.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        keys,
        [
            "attributes[0].key",
            "attributes[0].label",
            "attributes[0].type",
            "attributes[1].options",
            "attributes[2].key",
            "attributes[2].options"
        ]
    );
}

/// Problems of the OpenID provider of the example with this line replaced.
fn oidc_with(replaced: &str, by: &str) -> String {
    let example: String = include_str!("../../../config.default.toml")
        .lines()
        .skip_while(|line| *line != "#~ [oidc]")
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("#~ "))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(from_toml(&example).is_ok(), "the example is good");
    assert!(example.contains(replaced), "{replaced}");
    from_toml(&example.replacen(replaced, by, 1)).expect_err(by).to_string()
}

#[test]
fn a_provider_at_which_nobody_could_sign_in_safely_is_refused() {
    for issuer in [
        "http://id.example",
        "id.example",
        "https://id.example?x=1",
        "https://u:p@id.example",
        "ftp://127.0.0.1",
    ] {
        let error = oidc_with("https://id.example", issuer);
        assert!(error.starts_with("oidc.issuer: "), "{issuer}: {error}");
    }
    assert!(oidc_with("client_id = \"portico\"", "client_id = \"\"").starts_with("oidc.client_id: "));
    assert!(
        oidc_with("role = \"agent\"", "role = \"boss\"").starts_with("oidc.roles[0].role: \"boss\": expected one of ")
    );
    assert!(oidc_with("value = \"portico-leads\"", "value = \"\"").starts_with("oidc.roles[1].value: "));
    assert!(oidc_with("max_tasks = 5", "max_tasks = 0").starts_with("oidc.max_tasks: "));
    assert!(oidc_with("[\"profile\"]", "[\"a b\"]").starts_with("oidc.scopes[0]: "));
}
