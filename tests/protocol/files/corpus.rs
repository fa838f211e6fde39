//! What people upload who mean harm, or whose programs do: each is served as what it is and runs nowhere, or is refused.

use super::{Files, PNG};
use crate::world::Customer;
use portico_shared::http::ProblemCode;
use portico_tests::relay::{Relay, World};

/// Types that a channel of these tests takes beside the usual ones, to see how they are served.
const MORE: &str = "[channels.open]\norigins = []\nfiles.types = [\"image/png\", \"image/gif\", \"image/svg+xml\", \"text/html\", \
                    \"text/xml\", \"application/pdf\", \"application/zip\", \"text/plain\", \"application/octet-stream\"]\n";

fn png_and_zip() -> Vec<u8> {
    [PNG, b"PK\x03\x04\x14\0\0\0\x08\0evil.exe"].concat()
}

/// A zip whose one entry says that it unpacks to 4 GiB.
fn bomb() -> Vec<u8> {
    [
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\xff\xff\xff\xff\x01\0\0\0x".as_slice(),
        &[0; 64],
    ]
    .concat()
}

#[tokio::test]
async fn what_a_channel_does_not_take_is_refused_by_its_content() {
    let relay = Relay::plain().await;
    let customer = Customer::on(&relay, "desk").await;
    let files = Files::of(&relay, &customer.visitor.token);
    for (name, bytes) in [
        (
            "tent.png",
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
        ),
        ("tent.png", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("tent.txt", b"\xef\xbb\xbf  <html><body onload=alert(1)>"),
        (
            "tent.txt",
            b"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'/>",
        ),
        ("tent.png", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"),
        ("tent.png", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"),
        ("tent.pdf", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("tent.pdf", b"\0\0\0\0 what is this"),
        ("tent.jpg", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
    ] {
        let refused = files.try_upload(name, bytes).await;
        assert_eq!(
            refused,
            Err(ProblemCode::FileTypeRefused),
            "{name} {}",
            bytes.escape_ascii()
        );
    }
    assert_eq!(
        files.try_upload("bomb.zip", &bomb()).await,
        Err(ProblemCode::FileTypeRefused)
    );
    // Refused ones take no room among those that wait.
    assert!(files.try_upload("tent.png", PNG).await.is_ok());
}

#[tokio::test]
async fn nothing_that_is_served_can_run() {
    let relay = Relay::start(World {
        config: MORE.to_owned(),
        ..World::default()
    })
    .await;
    let files = Files::of(&relay, &relay.visitor("open").await.token);
    let both = png_and_zip();
    let bomb = bomb();
    for (name, bytes, kind, manner) in [
        (
            "a.js",
            &b"GIF89a/*\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;*/=1;alert(1)//"[..],
            "image/gif",
            "inline; filename*=UTF-8''a.js.gif",
        ),
        (
            "a.html",
            b"%PDF-1.7\n<html><script>alert(1)</script>",
            "application/pdf",
            "attachment; filename*=UTF-8''a.html.pdf",
        ),
        ("a.zip", &both, "image/png", "inline; filename*=UTF-8''a.zip.png"),
        (
            "a.png",
            b"<svg onload='alert(1)'/>",
            "image/svg+xml",
            "attachment; filename*=UTF-8''a.png.svg",
        ),
        (
            "a.txt",
            b"<script>alert(1)</script>",
            "text/html",
            "attachment; filename*=UTF-8''a.txt.html",
        ),
        (
            "a.xht",
            b"<?xml version='1.0'?><html/>",
            "text/xml",
            "attachment; filename*=UTF-8''a.xht",
        ),
        (
            "a.bat",
            b"@echo off",
            "text/plain",
            "attachment; filename*=UTF-8''a.bat.txt",
        ),
        (
            "bomb.zip",
            &bomb,
            "application/zip",
            "attachment; filename*=UTF-8''bomb.zip",
        ),
        (
            "a.bin",
            b"\0\x01\x02",
            "application/octet-stream",
            "attachment; filename*=UTF-8''a.bin",
        ),
    ] {
        let file = files.upload(name, bytes).await;
        let link = files.link(&file).await.expect("an own file");
        let answer = files.fetch(&link.url).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(
            (header("content-type").as_str(), header("content-disposition").as_str()),
            (kind, manner)
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        let policy = header("content-security-policy");
        assert!(
            policy.contains("sandbox;") && policy.contains("default-src 'none'"),
            "{policy}"
        );
        assert!(header("cache-control").starts_with("private"));
        // What came is what goes: nothing is unpacked or rewritten.
        assert_eq!(answer.bytes().await.expect("bytes"), bytes);
    }
}

#[tokio::test]
async fn a_name_is_no_place_and_no_trick() {
    let relay = Relay::start(World {
        config: "[files]\nat_once = 100\n".to_owned(),
        ..World::default()
    })
    .await;
    let files = Files::of(&relay, &relay.visitor("desk").await.token);
    let long = "x".repeat(3_000);
    let cut = format!("{}.png", "x".repeat(100));
    for (name, expected) in [
        ("../../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot.ini.png"),
        ("tent\u{202e}gnp.exe", "tentgnp.exe.png"),
        ("\u{2067}tent.png", "tent.png"),
        ("tent\0.png", "tent.png"),
        ("a\r\nset-cookie: x", "aset-cookie x.png"),
        (
            "\u{1f3d5}\u{fe0f} Zelt – テント.png",
            "\u{1f3d5}\u{fe0f} Zelt – テント.png",
        ),
        ("", "file.png"),
        ("...", "file.png"),
        (&long, &cut),
    ] {
        let file = files.upload(name, PNG).await;
        assert_eq!(file.media_name, expected, "{name:?}");
        let link = files.link(&file).await.expect("an own file");
        let answer = files.fetch(&link.url).await;
        let said = answer.headers()["content-disposition"].to_str().expect("ASCII");
        assert!(said.starts_with("inline; filename*=UTF-8''") && !answer.headers().contains_key("set-cookie"));
    }
}
