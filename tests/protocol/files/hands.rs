//! Never in the wrong hands: each of them reaches for a file.

use super::{Files, PNG, id, post, with_picture};
use crate::world::{Customer, app_key, bots_key, ready_agent, take_offer};
use portico_shared::frame::{Audience, RefusalCode};
use portico_shared::http::{ProblemCode, StoredFile};
use portico_tests::api::now;
use portico_tests::relay::Relay;
use reqwest::Method;

async fn status_of(files: &Files, method: Method, path: &str) -> u16 {
    let answer = files.ask(method, path).header("upload-offset", "0").send().await;
    answer.expect("an answer").status().as_u16()
}

/// Nothing that this one asks tells a file that is there from one that is not.
async fn gets_nothing(files: &Files, file: &StoredFile) {
    let id = id(file);
    let nobodys = "0123456789abcdef0123456789abcdef";
    assert_eq!(files.link(file).await, Err(ProblemCode::FileGone));
    for (method, path) in [
        (Method::GET, "/api/files/"),
        (Method::GET, "/files/"),
        (Method::HEAD, "/api/files/"),
        (Method::DELETE, "/api/files/"),
    ] {
        let there = status_of(files, method.clone(), &format!("{path}{id}")).await;
        let not_there = status_of(files, method.clone(), &format!("{path}{nobodys}")).await;
        assert_eq!((there, not_there), (404, 404), "{method} {path}");
    }
}

#[tokio::test]
async fn a_file_opens_for_those_who_may_see_its_message_and_for_nobody_else() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let (customer, files, file) = with_picture(&relay).await;
    take_offer(&mut ann).await;
    let other = Files::of(&relay, &relay.visitor("desk").await.token);
    let elsewhere = Files::of(&relay, &relay.visitor("shop").await.token);
    let ben = Files::of(&relay, &relay.sign_in("ben").await);
    let bot = Files::of(&relay, &bots_key(&relay, "robot"));
    let app = Files::of(&relay, &app_key(&relay, &["--scope", "activities:write"]));
    for wrong in [&other, &elsewhere, &ben, &bot, &app] {
        gets_nothing(wrong, &file).await;
    }
    // The bare address, and a token that is none.
    assert_eq!(reqwest::get(&file.media_url).await.expect("an answer").status(), 404);
    let nobody = Files::of(&relay, "nonsense");
    assert_eq!(
        status_of(&nobody, Method::GET, &format!("/files/{}", id(&file))).await,
        401
    );
    // The right ones, so that the wrong ones were not refused for something else.
    let [ann, sam] = [relay.sign_in("ann").await, relay.sign_in("sam").await].map(|token| Files::of(&relay, &token));
    for right in [&files, &ann, &sam] {
        assert!(right.link(&file).await.is_ok());
        assert_eq!(
            status_of(right, Method::GET, &format!("/files/{}", id(&file))).await,
            200
        );
    }
    drop(customer);
}

#[tokio::test]
async fn a_file_is_posted_by_who_uploaded_it_in_one_conversation() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let (customer, files, file) = with_picture(&relay).await;
    let offer = take_offer(&mut ann).await;
    let mut other = Customer::on(&relay, "desk").await;
    let unposted = files.upload("second.png", PNG).await;
    let there = other.conversation.clone();
    for file in [&file, &unposted] {
        let stolen = post(&mut other.socket, &there, "IMAGE", file, Audience::Everyone).await;
        assert_eq!(stolen.expect_err("another's file").code, RefusalCode::InvalidBody);
        let stolen = post(&mut ann, &offer.conversation, "IMAGE", file, Audience::Everyone).await;
        assert_eq!(stolen.expect_err("another's file").code, RefusalCode::InvalidBody);
    }
    // An agent cannot carry a file from one conversation into another.
    let theirs = Files::of_agent(&relay, &relay.sign_in("ann").await, &customer.conversation);
    let own = theirs.upload("plan.png", PNG).await;
    post(&mut ann, &customer.conversation, "IMAGE", &own, Audience::Everyone)
        .await
        .expect("an own file");
    take_offer(&mut ann).await;
    let carried = post(&mut ann, &there, "IMAGE", &own, Audience::Everyone).await;
    assert_eq!(
        carried.expect_err("it belongs elsewhere").code,
        RefusalCode::InvalidBody
    );
    // Nor does an agent upload for a conversation that it may not read.
    let ben = Files::of_agent(&relay, &relay.sign_in("ben").await, &customer.conversation);
    assert_eq!(ben.announce(1, "x.png", "").await.status(), 400);
    let nowhere = Files::of(&relay, &relay.sign_in("ann").await);
    assert_eq!(nowhere.announce(1, "x.png", "").await.status(), 400);
    let app = Files::of(&relay, &app_key(&relay, &["--scope", "activities:write"]));
    assert_eq!(app.announce(1, "x.png", "").await.status(), 403);
    // What could be an address of ours and is none.
    for bad in [
        "/files/",
        "/files/../api/me",
        "/files/zz",
        "/files/0123456789abcdef0123456789abcdef?x=1",
    ] {
        let bad = StoredFile {
            media_url: format!("{}{bad}", relay.origin()),
            ..file.clone()
        };
        let refused = post(&mut other.socket, &there, "FILE", &bad, Audience::Everyone).await;
        assert_eq!(refused.expect_err("nothing").code, RefusalCode::InvalidBody);
    }
}

#[tokio::test]
async fn a_file_in_a_whisper_is_for_colleagues_alone() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let agent = Files::of_agent(&relay, &relay.sign_in("ann").await, &customer.conversation);
    let note = agent.upload("note.txt", b"he is lying").await;
    let files = Files::of(&relay, &customer.visitor.token);
    gets_nothing(&files, &note).await;
    post(&mut ann, &customer.conversation, "FILE", &note, Audience::Agents)
        .await
        .expect("a whisper");
    gets_nothing(&files, &note).await;
    let sam = Files::of(&relay, &relay.sign_in("sam").await);
    assert!(sam.link(&note).await.is_ok() && agent.link(&note).await.is_ok());
    // Said aloud as well, it is the customer's too.
    post(&mut ann, &customer.conversation, "FILE", &note, Audience::Everyone)
        .await
        .expect("said aloud");
    assert!(files.link(&note).await.is_ok());
}

#[tokio::test]
async fn a_link_is_good_as_it_was_signed_and_in_its_time() {
    let relay = Relay::plain().await;
    let (_customer, files, file) = with_picture(&relay).await;
    let link = files.link(&file).await.expect("an own file").url;
    assert_eq!(files.fetch(&link).await.status(), 200);
    let (path, query) = link.split_once('?').expect("a query");
    let signature = query.rsplit('=').next().expect("a signature");
    let other = files.upload("other.png", PNG).await;
    for forged in [
        format!("{path}?expires={}&signature={signature}", now() + 3_600),
        format!("{path}?expires={}&signature={signature}", now() - 1),
        format!("{path}?expires={}&signature={signature}", i64::MAX),
        format!("{path}?{}", query.replace(signature, &"0".repeat(64))),
        format!("{path}?{}", query.replace(signature, &signature[..62])),
        format!("{path}?{}", query.replace("signature", "sig")),
        format!("/files/{}?{query}", id(&other)),
        path.to_owned(),
    ] {
        assert_eq!(files.fetch(&forged).await.status(), 404, "{forged}");
    }
    let log = relay.log();
    assert!(
        !log.contains(signature) && !log.contains(&files.token),
        "links are no one else's"
    );
}

/// What one identity reads at a bare address, a browser must not answer another one with.
#[tokio::test]
async fn no_cache_keeps_what_a_token_has_opened_or_a_link_longer_than_it_is_good() {
    let relay = Relay::plain().await;
    let (_customer, files, file) = with_picture(&relay).await;
    let bare = files.ask(Method::GET, &format!("/files/{}", id(&file))).send().await;
    assert_eq!(bare.expect("an answer").headers()["cache-control"], "no-store");
    let link = files.link(&file).await.expect("an own file");
    let answer = files.fetch(&link.url).await;
    let cached = answer.headers()["cache-control"].to_str().expect("text").to_owned();
    let seconds = cached
        .strip_prefix("private, max-age=")
        .and_then(|rest| rest.split(',').next());
    let seconds: u64 = seconds.and_then(|number| number.parse().ok()).expect("seconds");
    assert!(seconds <= link.expires_in_seconds.min(300), "{cached}");
}

/// A file that was uploaded before the customer signed in goes on with the chat.
#[tokio::test]
async fn a_file_of_a_visitor_is_the_customers_that_it_becomes() {
    use portico_tests::api::site_token;
    use serde_json::json;
    let relay = Relay::plain().await;
    let (customer, files, posted) = with_picture(&relay).await;
    let waiting = files.upload("second.png", PNG).await;
    let maja = relay
        .session(
            json!({"channel": "desk", "identity": site_token(&json!({"sub": "c-42", "name": "Maja"})),
            "refresh": customer.visitor.refresh}),
        )
        .await;
    let known = Files::of(&relay, &maja.token);
    assert!(known.link(&posted).await.is_ok() && known.link(&waiting).await.is_ok());
    let before = status_of(&files, Method::GET, &format!("/api/files/{}", id(&posted))).await;
    assert!(matches!(before, 401 | 404), "{before}");
    let (mut socket, _) = portico_tests::socket::Socket::hello(&relay, &maja.token).await;
    post(
        &mut socket,
        &customer.conversation,
        "IMAGE",
        &waiting,
        Audience::Everyone,
    )
    .await
    .expect("its own now");
}
