//! Where the bytes of files lie: a folder of this machine, or a bucket of S3 or of a service like it.

use async_trait::async_trait;
use axum::body::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig};
use portico_core::config::Config;
use portico_core::files::{BytesError, FileBytes};
use secrecy::ExposeSecret;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest time of one request to a bucket. Whoever uploads waits for it.
const REQUEST_WITHIN: Duration = Duration::from_secs(20);

/// How often a request to a bucket is made again, and within which time.
const RETRIES: usize = 3;
const RETRY_WITHIN: Duration = Duration::from_secs(30);

/// Crashes in the middle of one piece after which what they left is still removed with it.
const MOST_CRASHES: u32 = 1_000;

/// Why there is no place for files.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The folder cannot be made.
    #[error("cannot make the folder of files, {}", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// The bucket or the folder cannot be used.
    #[error("the place of files cannot be used")]
    Store(#[from] Error),
}

/// The place that the configuration names.
pub(crate) fn open(config: &Config) -> Result<Arc<dyn FileBytes>, PlaceError> {
    if config.files.bucket.is_empty() {
        Ok(Arc::new(Folder::open(config.files_folder())?))
    } else {
        Ok(Arc::new(Bucket(bucket(config)?)))
    }
}

/// A folder that the relay alone writes to.
struct Folder {
    path: PathBuf,
    store: LocalFileSystem,
}

impl Folder {
    fn open(path: PathBuf) -> Result<Self, PlaceError> {
        // Others of the machine have no business in it.
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|source| PlaceError::Folder {
            path: path.clone(),
            source,
        })?;
        let store = LocalFileSystem::new_with_prefix(&path)?;
        Ok(Self { path, store })
    }

    /// Removes a file; false if there was none.
    async fn removed(&self, name: &str) -> Result<bool, BytesError> {
        match tokio::fs::remove_file(self.path.join(name)).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Waits until a file and its name are on disk.
    async fn sync(&self, key: &str) -> std::io::Result<()> {
        let file = self.path.join(key);
        let folder = file.parent().unwrap_or(&self.path);
        for path in [&file, folder, &self.path] {
            tokio::fs::File::open(path).await?.sync_all().await?;
        }
        Ok(())
    }
}

#[async_trait]
impl FileBytes for Folder {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BytesError> {
        self.store.put(&Path::from(key), bytes.into()).await.map_err(failed)?;
        self.sync(key).await.map_err(failed)
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Bytes, BytesError> {
        self.store.get_range(&Path::from(key), part).await.map_err(failed)
    }

    async fn remove(&self, key: &str) -> Result<(), BytesError> {
        // What a crash leaves of a file that was being written has a number, which is the first that is free.
        for crash in 1..=MOST_CRASHES {
            if !self.removed(&format!("{key}#{crash}")).await? {
                break;
            }
        }
        self.removed(key).await?;
        Ok(())
    }
}

/// A bucket, which answers a write when it is safe.
struct Bucket(Arc<dyn ObjectStore>);

#[async_trait]
impl FileBytes for Bucket {
    async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BytesError> {
        self.0.put(&Path::from(key), bytes.into()).await.map_err(failed)?;
        Ok(())
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Bytes, BytesError> {
        self.0.get_range(&Path::from(key), part).await.map_err(failed)
    }

    async fn remove(&self, key: &str) -> Result<(), BytesError> {
        match self.0.delete(&Path::from(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

fn bucket(config: &Config) -> Result<Arc<dyn ObjectStore>, Error> {
    let set = &config.files;
    let retry = RetryConfig {
        max_retries: RETRIES,
        retry_timeout: RETRY_WITHIN,
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&set.bucket)
        .with_region(&set.region)
        .with_retry(retry)
        .with_client_options(ClientOptions::new().with_timeout(REQUEST_WITHIN));
    if !set.endpoint.is_empty() {
        // The configuration's check lets http:// pass on this machine alone.
        builder = builder
            .with_endpoint(&set.endpoint)
            .with_allow_http(set.endpoint.starts_with("http://"));
    }
    if !set.access_key_id.is_empty() {
        builder = builder
            .with_access_key_id(&set.access_key_id)
            .with_secret_access_key(set.secret.expose_secret());
    }
    let bucket = builder.build()?;
    Ok(match set.prefix.is_empty() {
        true => Arc::new(bucket),
        false => Arc::new(PrefixStore::new(bucket, set.prefix.as_str())),
    })
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> BytesError {
    BytesError(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_reads_in_part_and_removes() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = format!("[store]\npath = {:?}", folder.path().join("relay.db"));
        let config = crate::config::from_toml(&config).expect("good");
        let place = open(&config).expect("a place");
        place.put("ab/abc-0", Bytes::from_static(b"hello")).await.expect("kept");
        place
            .put("ab/abc-0", Bytes::from_static(b"Hello"))
            .await
            .expect("written over");
        assert_eq!(place.read("ab/abc-0", 1..3).await.expect("there"), "el");
        assert!(place.read("ab/abc-5", 0..1).await.is_err());
        let path = folder.path().join("relay.db-files/ab");
        for crash in 1..=3 {
            std::fs::write(path.join(format!("abc-0#{crash}")), "half").expect("what a crash leaves");
        }
        place.remove("ab/abc-0").await.expect("removed");
        place.remove("ab/abc-0").await.expect("not there");
        assert_eq!(std::fs::read_dir(path).expect("a folder").count(), 0);
    }

    /// A service that answers like S3: enough to see which requests are made.
    #[tokio::test]
    async fn a_bucket_is_asked_for_under_its_prefix_and_signed() {
        use axum::extract::Request;
        use axum::routing::any;
        use std::sync::Mutex;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&seen);
        let service = axum::Router::new().fallback(any(move |request: Request| {
            let signed = request.headers().contains_key("authorization");
            let line = format!("{} {} {signed}", request.method(), request.uri().path());
            note.lock().expect("no panic").push(line);
            std::future::ready((
                [("etag", "\"1\"")],
                "<DeleteResult><Deleted><Key>portico/ab/abc-0</Key></Deleted></DeleteResult>",
            ))
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("bound"));
        #[expect(clippy::disallowed_methods, reason = "ends with the test")]
        tokio::spawn(async move { axum::serve(listener, service).await });
        let config = format!(
            "[files]\nbucket = \"chats\"\nprefix = \"portico\"\nendpoint = \"{endpoint}\"\naccess_key_id = \"a\"\nsecret = \"s\""
        );
        let place = open(&crate::config::from_toml(&config).expect("good")).expect("a place");
        place.put("ab/abc-0", Bytes::from_static(b"hello")).await.expect("kept");
        place.remove("ab/abc-0").await.expect("removed");
        let expected = ["PUT /chats/portico/ab/abc-0 true", "POST /chats true"];
        assert_eq!(*seen.lock().expect("no panic"), expected);
    }
}
