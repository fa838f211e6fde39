//! Previews of the pages that messages link to, read from a web server on this machine.

use crate::world::{Customer, ready_agent, take_offer, whisper};
use portico_shared::cim::{CimEvent, EventData, EventName, LinkPreview};
use portico_shared::ids::Seq;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use portico_tests::web_page::WebPages;
use portico_tests::{client_id, eventually};

/// A relay whose channel `desk` has previews of these authors' links.
async fn relay(authors: &str) -> Relay {
    Relay::start(World {
        environment: WebPages::environment("desk", authors),
        ..World::default()
    })
    .await
}

/// A customer whom Ann serves.
async fn served(relay: &Relay) -> (Customer, Socket) {
    let mut ann = ready_agent(relay, "ann").await;
    let customer = Customer::on(relay, "desk").await;
    take_offer(&mut ann).await;
    (customer, ann)
}

fn preview_of(event: &CimEvent) -> Option<&LinkPreview> {
    match &event.data {
        EventData::LinkPreview(preview) => Some(preview),
        _ => None,
    }
}

/// The next preview that a socket is told of, and where it stands.
async fn told(socket: &mut Socket) -> (Seq, LinkPreview) {
    let item = socket
        .event("a preview", |event| event.name == EventName::LinkPreview)
        .await;
    let preview = preview_of(&item.event).expect("the data of a preview");
    (item.seq, preview.clone())
}

#[tokio::test]
async fn what_a_page_calls_itself_follows_the_message_that_links_to_it_and_stays() {
    let web = WebPages::start().await;
    let mut relay = relay(r#"["agent"]"#).await;
    let (mut customer, mut ann) = served(&relay).await;
    let at = customer.conversation.clone();
    let said = ann.said(&at, &format!("Look at {}.", web.at("/tent?n=2"))).await;
    let (seq, preview) = told(&mut customer.socket).await;
    let expected = LinkPreview {
        message_id: said.message_id.to_string(),
        url: web.at("/tent?n=2"),
        title: "Page /tent & more".to_owned(),
        description: Some("All about /tent.".to_owned()),
        site_name: Some("Fernweh".to_owned()),
        ..LinkPreview::default()
    };
    assert!(seq > said.seq);
    assert_eq!(preview, expected);
    assert_eq!(
        told(&mut ann).await,
        (seq, expected.clone()),
        "the agent reads the same"
    );
    for header in ["cookie", "referer", "authorization", "origin"] {
        assert_eq!(web.last_header(header), None, "{header}");
    }
    let agent = web.last_header("user-agent").expect("it says who asks");
    assert!(agent.contains("PorticoLinkPreview/"), "{agent}");
    assert_eq!(relay.metric("portico_link_previews_total{outcome=\"read\"}").await, 1.0);

    relay.restart().await;
    let (mut again, _) = Socket::hello(&relay, &customer.visitor.token).await;
    again.join(&at, None).await;
    let log = again.log(&at).await;
    let previews: Vec<_> = log.iter().filter_map(|item| preview_of(&item.event)).collect();
    assert_eq!(previews, [&expected]);
    assert_eq!(web.paths(), ["/tent"], "no picture, and nothing again");
}

#[tokio::test]
async fn only_what_the_channel_wants_is_asked_for() {
    let web = WebPages::start().await;
    let relay = relay(r#"["agent"]"#).await;
    let (mut customer, mut ann) = served(&relay).await;
    let at = customer.conversation.clone();
    customer.says(&web.at("/by-customer")).await;
    whisper(&mut ann, &at, &web.at("/whispered")).await;
    ann.said(&at, &web.at("/by-agent")).await;
    assert_eq!(told(&mut ann).await.1.url, web.at("/by-agent"));
    assert_eq!(web.paths(), ["/by-agent"]);
}

#[tokio::test]
async fn this_machine_is_asked_only_where_the_operator_says_so() {
    let web = WebPages::start().await;
    let mut relay = relay(r#"["agent", "customer"]"#).await;
    relay.sets("PORTICO_LINK_PREVIEWS__NETWORKS", "[]");
    relay.restart().await;
    let (mut customer, _ann) = served(&relay).await;
    customer.says(&web.at("/secret")).await;
    customer.says("http://localhost/").await;
    customer.says("http://169.254.169.254/latest/").await;
    eventually("all are refused", async || {
        let refused = relay.metric("portico_link_previews_total{outcome=\"refused\"}").await;
        (refused == 3.0).then_some(())
    })
    .await;
    assert!(web.paths().is_empty());
    let log = relay.log();
    assert!(!log.contains("/secret") && !log.contains(&web.origin), "{log}");
}

#[tokio::test]
async fn a_page_that_never_comes_delays_no_message() {
    let web = WebPages::start().await;
    let relay = relay(r#"["customer"]"#).await;
    let (mut customer, mut ann) = served(&relay).await;
    for n in 0..12 {
        customer.says(&web.at(&format!("/hangs/{n}"))).await;
    }
    customer.says("still here").await;
    ann.hears("still here").await;
    let mut relay = relay;
    assert!(relay.terminate().await, "a stop waits for no page");
}

#[tokio::test]
async fn an_erased_customer_leaves_no_preview() {
    let web = WebPages::start().await;
    let relay = relay(r#"["customer"]"#).await;
    let (mut customer, mut ann) = served(&relay).await;
    customer.says(&web.at("/CANARY")).await;
    told(&mut ann).await;
    let url = format!("{}/api/customer", relay.origin());
    let erased = reqwest::Client::new()
        .delete(url)
        .bearer_auth(&customer.visitor.token)
        .send()
        .await;
    assert_eq!(erased.expect("an answer").status().as_u16(), 200);
    let folder = relay.database().parent().expect("a folder").to_owned();
    for file in std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|file| file.path())
    {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let is_left = bytes.windows(6).any(|window| window == b"CANARY");
        assert!(!is_left, "{}", file.display());
    }
}

#[tokio::test]
async fn a_post_that_is_sent_again_has_one_preview() {
    let web = WebPages::start().await;
    let relay = relay(r#"["customer"]"#).await;
    let (mut customer, mut ann) = served(&relay).await;
    let (at, id) = (customer.conversation.clone(), client_id());
    for _ in 0..2 {
        customer.socket.say_again(&at, &id, &web.at("/once")).await;
        customer.socket.answer(&id).await.expect("it is taken");
    }
    told(&mut ann).await;
    customer.says(&web.at("/then")).await;
    assert_eq!(told(&mut ann).await.1.url, web.at("/then"));
    assert_eq!(web.paths(), ["/once", "/then"]);
    let names = ann.log(&at).await;
    let count = names.iter().filter(|item| preview_of(&item.event).is_some()).count();
    assert_eq!(count, 2);
}
