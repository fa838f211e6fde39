//! The steps of an upload, kept to and not.

use super::{Begun, Files, PNG, attachment, id, post, problem, with_picture};
use crate::world::{Customer, ready_agent, take_offer};
use portico_shared::frame::{Audience, ClientFrame, RefusalCode};
use portico_shared::http::{ProblemCode, StoredFile};
use portico_tests::relay::{Relay, World};
use portico_tests::{client_id, eventually};
use reqwest::Method;
use std::fmt::Write as _;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Bytes that are all different, a picture to who looks at their beginning.
fn picture(size: usize) -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes.extend((0_u32..).flat_map(u32::to_le_bytes).take(size - PNG.len()));
    bytes
}

#[tokio::test]
async fn a_picture_of_more_pixels_than_a_browser_can_draw_is_refused_however_small_its_file_is() {
    let relay = Relay::plain().await;
    let visitor = relay.visitor("desk").await;
    let files = Files::of(&relay, &visitor.token);
    let of_sides = |side: u32| {
        let mut bytes = PNG.to_vec();
        bytes[16..24].copy_from_slice(&[side.to_be_bytes(), side.to_be_bytes()].concat());
        bytes
    };
    files.upload("photo.png", &of_sides(7_000)).await;
    let huge = files.try_upload("huge.png", &of_sides(30_000)).await;
    assert_eq!(huge, Err(ProblemCode::PictureTooLarge));
}

#[tokio::test]
async fn a_file_is_uploaded_posted_and_read_by_the_other_side() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let (customer, files, file) = with_picture(&relay).await;
    let expected = StoredFile {
        media_url: format!("{}/files/{}", relay.origin(), id(&file)),
        mime_type: "image/png".to_owned(),
        size: PNG.len() as u64,
        media_name: "tent.png".to_owned(),
    };
    assert_eq!(file, expected);
    take_offer(&mut ann).await;
    let log = ann.log(&customer.conversation).await;
    let said = log
        .iter()
        .find_map(|item| attachment(&item.event))
        .expect("the picture");
    assert_eq!(
        (&said["mediaUrl"], &said["mimeType"]),
        (&file.media_url.as_str().into(), &"image/png".into())
    );
    assert_eq!(
        (&said["size"], &said["mediaName"]),
        (&PNG.len().into(), &"tent.png".into())
    );
    assert!(said.get("thumbnail").is_none(), "{said}");

    let agent = Files::of(&relay, &relay.sign_in("ann").await);
    for reader in [&agent, &files] {
        let link = reader.link(&file).await.expect("a member of the chat");
        assert!((300..=600).contains(&link.expires_in_seconds), "{link:?}");
        let answer = reader.fetch(&link.url).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"image/png".parse().expect("a value"))
        );
        assert_eq!(answer.bytes().await.expect("bytes"), PNG);
    }

    // And back: what an agent sends reaches the customer.
    let agent = Files::of_agent(&relay, &agent.token, &customer.conversation);
    let reply = agent.upload("plan.pdf", b"%PDF-1.7 a plan").await;
    post(&mut ann, &customer.conversation, "FILE", &reply, Audience::Everyone)
        .await
        .expect("an own file");
    let link = files.link(&reply).await.expect("the customer may read it");
    assert_eq!(
        files.fetch(&link.url).await.bytes().await.expect("bytes"),
        &b"%PDF-1.7 a plan"[..]
    );
}

#[tokio::test]
async fn an_upload_that_was_cut_goes_on_also_after_the_relay_was_killed() {
    let mut relay = Relay::plain().await;
    let customer = Customer::on(&relay, "desk").await;
    let files = Files::of(&relay, &customer.visitor.token);
    let all = picture(1_500_000);
    let begun = files.begin(all.len() as u64, "large.png").await;
    cut(&relay, &begun, 0, &all[..700_000], all.len()).await;
    let kept = eventually("the relay keeps what came", || async {
        let offset = begun.offset().await;
        (offset == 700_000).then_some(offset)
    });
    let kept = usize::try_from(kept.await).expect("a number");
    relay.restart().await;
    assert_eq!(begun.offset().await, kept as u64);
    let answer = begun.send(kept as u64, &all[kept..1_000_000]).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["upload-offset"]),
        (204, &1_000_000.into())
    );
    assert!(files.link(&stored(&begun)).await.is_err(), "half a file is none");
    let answer = begun.send(1_000_000, &all[1_000_000..]).await;
    assert_eq!(answer.status(), 200);
    let file: StoredFile = answer.json().await.expect("a file");
    // Its answer was lost: said again, it is the same.
    assert_eq!(begun.offset().await, all.len() as u64);
    assert_eq!(
        begun
            .send(all.len() as u64, b"")
            .await
            .json::<StoredFile>()
            .await
            .expect("a file"),
        file
    );

    let link = files.link(&file).await.expect("an own file");
    assert!(files.fetch(&link.url).await.bytes().await.expect("bytes") == all);
    let part = files
        .ask(Method::GET, &link.url)
        .header("range", "bytes=524280-524300")
        .send()
        .await;
    let part = part.expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 524280-524300/1500000");
    assert_eq!(part.bytes().await.expect("bytes"), &all[524_280..=524_300]);
    let none = files
        .ask(Method::GET, &link.url)
        .header("range", "bytes=1500000-")
        .send()
        .await;
    assert_eq!(none.expect("an answer").status(), 416);
}

/// A file that is not there yet, by its address.
fn stored(begun: &Begun<'_>) -> StoredFile {
    StoredFile {
        media_url: begun.path.clone(),
        mime_type: String::new(),
        size: 0,
        media_name: String::new(),
    }
}

/// Promises `promised` bytes, sends some and hangs up.
async fn cut(relay: &Relay, begun: &Begun<'_>, offset: usize, bytes: &[u8], promised: usize) {
    let mut head = format!("PATCH {} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\n", begun.path);
    let _ = write!(
        head,
        "authorization: Bearer {}\r\nupload-offset: {offset}\r\n",
        begun.of.token
    );
    let _ = write!(
        head,
        "content-type: application/offset+octet-stream\r\ncontent-length: {promised}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(relay.address).await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("written");
    stream.write_all(bytes).await.expect("written");
    stream.shutdown().await.expect("shut");
}

#[tokio::test]
async fn bytes_go_where_the_file_ends_and_nowhere_else() {
    let relay = Relay::plain().await;
    let customer = Customer::on(&relay, "desk").await;
    let files = Files::of(&relay, &customer.visitor.token);
    let begun = files.begin(PNG.len() as u64, "tent.png").await;
    assert_eq!(begun.send(0, &PNG[..10]).await.status(), 204);
    for offset in [0, 9, 11, PNG.len() as u64, u64::MAX] {
        assert_eq!(
            problem(begun.send(offset, &PNG[..1]).await).await,
            ProblemCode::Offset,
            "{offset}"
        );
    }
    let more = [PNG, b"!"].concat();
    assert_eq!(
        problem(begun.send(10, &more[10..]).await).await,
        ProblemCode::FileTooLarge
    );
    assert_eq!(begun.offset().await, 10);

    let bare = |header: &str, value: &str| {
        let request = files.ask(Method::PATCH, &begun.path).header("upload-offset", "10");
        let request = request.header("content-type", "application/offset+octet-stream");
        let request = request.body("x").build().expect("a request");
        let mut request = request;
        let name: reqwest::header::HeaderName = header.parse().expect("a name");
        request.headers_mut().insert(name, value.parse().expect("a value"));
        reqwest::Client::new().execute(request)
    };
    for (header, value, status) in [
        ("tus-resumable", "0.2.2", 412),
        ("upload-offset", "-1", 400),
        ("upload-offset", "1e1", 400),
        ("content-type", "application/json", 415),
        ("authorization", "Bearer nonsense", 401),
        ("origin", "https://evil.example", 403),
    ] {
        let answer = bare(header, value).await.expect("an answer");
        assert_eq!(answer.status(), status, "{header}: {value}");
    }
    assert_eq!(begun.send(10, &PNG[10..]).await.status(), 200);
}

#[tokio::test]
async fn what_two_send_at_once_is_never_mixed() {
    let relay = Relay::plain().await;
    let customer = Customer::on(&relay, "desk").await;
    let files = Files::of(&relay, &customer.visitor.token);
    let all = picture(1_200_000);
    for _ in 0..3 {
        let begun = files.begin(all.len() as u64, "large.png").await;
        let all_at_once = futures_util::future::join_all((0..4).map(|_| begun.send(0, &all)));
        let answers = all_at_once.await;
        let done = answers.iter().filter(|answer| answer.status() == 200).count();
        assert!(done <= 1, "only one of them was the last to write");
        if done == 0 {
            let at = usize::try_from(begun.offset().await).expect("a number");
            assert_eq!(begun.send(at as u64, &all[at..]).await.status(), 200);
        }
        let file = stored(&begun);
        let link = files.link(&file).await.expect("an own file");
        assert!(files.fetch(&link.url).await.bytes().await.expect("bytes") == all);
    }
}

#[tokio::test]
async fn what_is_not_taken_is_refused_before_it_comes() {
    let relay = Relay::start(World {
        config: "[files]\nat_once = 5\nbytes_per_day = 1000\n[channels.none]\norigins = []\nfiles.max_bytes = 0\n\
                 [channels.small]\norigins = []\nfiles.max_bytes = 10000\n"
            .to_owned(),
        ..World::default()
    })
    .await;
    let visitor = async |channel: &str| Files::of(&relay, &relay.visitor(channel).await.token);
    let files = visitor("small").await;
    for (size, code) in [
        (10_000_000_000, ProblemCode::FileTooLarge),
        (10_001, ProblemCode::FileTooLarge),
        (0, ProblemCode::InvalidBody),
        (1_001, ProblemCode::RateLimited),
    ] {
        let answer = files.announce(size, "x.png", "image/png").await;
        assert_eq!(problem(answer).await, code, "{size}");
    }
    assert_eq!(
        problem(visitor("none").await.announce(1, "x", "").await).await,
        ProblemCode::FileTooLarge
    );
    // As many small ones as there may be, however often one tries.
    let mut begun = 0;
    for _ in 0..50 {
        let answer = files.announce(1, "x.txt", "").await;
        match answer.status().as_u16() {
            201 => begun += 1,
            _ => assert_eq!(problem(answer).await, ProblemCode::TooManyFiles),
        }
    }
    assert_eq!(begun, 5);
    let config = relay.origin() + "/api/channels/small/widget";
    let config: serde_json::Value = reqwest::get(config)
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(config["files"]["max_bytes"], 10_000);
}

#[tokio::test]
async fn one_address_begins_so_many_uploads_and_no_more() {
    let relay = Relay::start(World {
        config: "[files]\nat_once = 1000\n".to_owned(),
        environment: vec![("PORTICO_LIMITS__UPLOADS_PER_MINUTE".to_owned(), "20".to_owned())],
        ..World::default()
    })
    .await;
    let files = Files::of(&relay, &relay.visitor("desk").await.token);
    let mut refused = 0;
    for _ in 0..40 {
        let answer = files.announce(1, "x.txt", "").await;
        if answer.status() != 201 {
            assert!(answer.headers().contains_key("retry-after"));
            assert_eq!(problem(answer).await, ProblemCode::RateLimited);
            refused += 1;
        }
    }
    assert!(refused >= 15, "{refused}");
}

#[tokio::test]
async fn a_file_that_was_deleted_is_gone_and_one_that_was_posted_stays() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    let conversation = customer.conversation.clone();
    let files = Files::of(&relay, &customer.visitor.token);
    let begun = files.begin(PNG.len() as u64, "tent.png").await;
    let file: StoredFile = begun.send(0, PNG).await.json().await.expect("a file");
    let link = files.link(&file).await.expect("an own file");
    assert_eq!(begun.delete().await.status(), 204);
    assert_eq!(begun.delete().await.status(), 404);
    assert_eq!(files.link(&file).await, Err(ProblemCode::FileGone));
    assert_eq!(files.fetch(&link.url).await.status(), 404, "its link is of no use");
    assert_eq!(begun.send(0, PNG).await.status(), 404);
    let refused = post(&mut customer.socket, &conversation, "IMAGE", &file, Audience::Everyone).await;
    assert_eq!(refused.expect_err("it is gone").code, RefusalCode::InvalidBody);

    let begun = files.begin(PNG.len() as u64, "tent.png").await;
    let file: StoredFile = begun.send(0, PNG).await.json().await.expect("a file");
    post(&mut customer.socket, &conversation, "IMAGE", &file, Audience::Everyone)
        .await
        .expect("taken");
    assert_eq!(problem(begun.delete().await).await, ProblemCode::Conflict);
    // A file that is no picture is none in a message either.
    let text = files.upload("notes.txt", b"notes").await;
    let refused = post(&mut customer.socket, &conversation, "IMAGE", &text, Audience::Everyone).await;
    assert!(refused.expect_err("no picture").message.contains("text/plain"));

    // The chat is over, and what was sent in it can still be read by those who were in it.
    let end = ClientFrame::End {
        conversation,
        client_id: client_id(),
    };
    customer.socket.send(&end).await;
    customer
        .socket
        .event("the end", |event| {
            event.name == portico_shared::cim::EventName::ChannelSessionEnded
        })
        .await;
    assert!(files.link(&file).await.is_ok());
    let supervisor = Files::of(&relay, &relay.sign_in("sam").await);
    assert!(supervisor.link(&file).await.is_ok());
}
